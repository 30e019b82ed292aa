import { describe, expect, test } from "vitest";
import {
  and,
  BindParameter,
  Column,
  childrenOf,
  equals,
  func,
  insert,
  iterate,
  literal,
  type Node,
  replace,
  select,
  sql,
  update,
} from "../index.js";
import { posts, reviews, users } from "../sql/test-schema.js";

const { id, name, age } = users.c;
const stmt = select(id, func.lower(name).label("small"))
  .where(and(age.gt(18), name.like("a%")))
  .orderBy(name.desc());

describe("iterating", () => {
  test("[CMP9] iterate visits parents before children, in the order of the text, and does not enter tables", () => {
    expect([...iterate(age.gt(18).and(name.eq("x")))].map((node) => node.kind)).toEqual([
      "connective",
      "binary",
      "column",
      "bind",
      "binary",
      "column",
      "bind",
    ]);
    const columns = [...iterate(stmt)].filter((node) => node instanceof Column);
    expect(columns.map(String)).toEqual(["users.id", "users.name", "users.age", "users.name", "users.name"]);
    expect([...iterate(stmt)].some((node) => node.kind === "table")).toBe(false);
  });

  test("[CMP9] iterate enters subqueries, CTEs, joins and the rows of INSERT with expressions", () => {
    const titles = select(posts.c.title).where(posts.c.authorId.eq(7)).subquery("titles");
    const kinds = (node: Node): Set<string> => new Set([...iterate(node)].map((part) => part.kind));
    expect(kinds(select(titles.c.title).selectFrom(titles))).toContain("select");
    expect(kinds(select(id).join(posts, posts.c.authorId.eq(id)))).toContain("joinClause");
    expect(kinds(insert(posts).values({ authorId: id.add(1), title: "x" }))).toContain("binary");
    expect(childrenOf(literal(1) as BindParameter)).toEqual([]);
  });
});

describe("iterating over derived FROM items", () => {
  test("[CMP9] iterate walks a subquery that only columns point to, once", () => {
    const titles = select(posts.c.id, posts.c.title).where(posts.c.authorId.eq(7)).subquery("titles");
    const kinds = (node: Node): readonly string[] => [...iterate(node)].map((part) => part.kind);
    const implicit = kinds(select(titles.c.id, titles.c.title).where(titles.c.id.gt(1)));
    expect(implicit.filter((kind) => kind === "subquery")).toHaveLength(1);
    expect(implicit.filter((kind) => kind === "bind")).toHaveLength(2);
    const explicit = kinds(select(id).join(titles, titles.c.id.eq(id)).where(titles.c.title.eq("x")));
    expect(explicit.filter((kind) => kind === "subquery")).toHaveLength(1);
    expect(kinds(select(posts.alias("p").c.id))).toEqual(["select", "column", "alias", "table"]);
  });
});

describe("replacing", () => {
  test("[CMP9] replace without a replacement gives the very same tree", () => {
    expect(replace(stmt, () => undefined)).toBe(stmt);
  });

  test("[CMP9] replace copies only what lies above a replacement and shares the rest", () => {
    const changed = replace(stmt, (node) =>
      node instanceof BindParameter && node.value === 18 ? new BindParameter(21, node.type, node.hint) : undefined,
    );
    expect(changed).not.toBe(stmt);
    expect(changed.items).toBe(stmt.items);
    expect(changed.order).toBe(stmt.order);
    expect(changed.criteria[0]).not.toBe(stmt.criteria[0]);
    expect(childrenOf(changed.criteria[0]!)[1]).toBe(childrenOf(stmt.criteria[0]!)[1]);
    expect(String(changed)).toBe(String(stmt));
    expect(equals(changed, stmt)).toBe(false);
    expect([...iterate(stmt)].some((node) => node instanceof BindParameter && node.value === 21)).toBe(false);
  });

  test("[CMP9] replace does not look below what it put in", () => {
    const seen: string[] = [];
    const changed = replace(select(age.gt(1)).where(age.gt(1)), (node) => {
      seen.push(node.kind);
      return node.kind === "binary" ? name.eq("x") : undefined;
    });
    expect(seen).not.toContain("bind");
    expect(String(changed)).toBe("SELECT users.name = :name_1 FROM users WHERE users.name = :name_2");
  });

  test("[CMP9] replacing a table moves its columns along, and foreign keys are still found", () => {
    const u = users.alias("u");
    const joined = replace(select(posts.c.title, name).join(users), (node) => (node === users ? u : undefined));
    expect(String(joined)).toBe("SELECT posts.title, u.name FROM posts JOIN users AS u ON posts.author_id = u.id");
    const moved = replace(select(name).where(age.gt(1)), (node) => (node === users ? u : undefined));
    expect(String(moved)).toBe("SELECT u.name FROM users AS u WHERE u.age > :age_1");
    expect((moved.items[0] as Column).origin).toBe(name);
  });

  test("[CMP9] a node that occurs twice is replaced once, so that a bind parameter used twice stays one", () => {
    const shared = literal(18);
    const twice = select(id).where(age.gt(shared), id.lt(shared));
    expect(String(twice)).toBe("SELECT users.id FROM users WHERE users.age > :param_1 AND users.id < :param_1");
    let asked = 0;
    const changed = replace(twice, (node) => {
      if (!(node instanceof BindParameter)) return undefined;
      asked += 1;
      return new BindParameter(21, node.type, node.hint);
    });
    expect(asked).toBe(1);
    expect(String(changed)).toBe(String(twice));
  });

  test("[CMP9] replace works in DML, set operations and text fragments", () => {
    const toReviews = (node: Node): Node | undefined => (node === posts ? reviews : undefined);
    const swap = (node: Node): string => String(replace(node, toReviews));
    expect(swap(update(posts).set({ id: posts.c.id.add(1) }))).toBe("UPDATE reviews SET id = reviews.id + :id_1");
    expect(swap(select(posts.c.id).union(select(id)))).toBe(
      "SELECT reviews.id FROM reviews UNION SELECT users.id FROM users",
    );
    expect(swap(sql`SELECT ${posts.c.id} FROM ${posts}`)).toBe("SELECT reviews.id FROM reviews");
  });
});

describe("equality", () => {
  test("[CMP12] equals compares structure and values; sameShape the structure alone", () => {
    expect(equals(age.gt(1), age.gt(1))).toBe(true);
    expect(equals(age.gt(1), age.gt(2))).toBe(false);
    expect(equals(age.gt(1), age.ge(1))).toBe(false);
    const born = (day: string): Node => select(id).where(users.c.createdAt.gt(new Date(day)));
    expect(equals(born("2024-01-01"), born("2024-01-01"))).toBe(true);
    expect(equals(born("2024-01-01"), born("2024-01-02"))).toBe(false);
    expect(equals(literal({ a: [1, { b: 2 }] }), literal({ a: [1, { b: 2 }] }))).toBe(true);
    expect(equals(literal({ a: [1, { b: 2 }] }), literal({ a: [1, { b: 3 }] }))).toBe(false);
    expect(equals(literal(new Uint8Array([1, 2])), literal(new Uint8Array([1, 3])))).toBe(false);
  });

  test("[CMP12] equals sees the plain rows of an INSERT, which are no part of its structure", () => {
    const row = (title: string): Node => insert(posts).values({ authorId: 1, title });
    expect(equals(row("a"), row("a"))).toBe(true);
    expect(equals(row("a"), row("b"))).toBe(false);
  });

  test("[CMP12] equals sees values in a subquery that only a column points to", () => {
    const of = (value: number): Node => select(posts.c.id).where(posts.c.id.gt(value)).subquery("s").c.id;
    expect(equals(of(1), of(1))).toBe(true);
    expect(equals(of(1), of(2))).toBe(false);
  });
});
