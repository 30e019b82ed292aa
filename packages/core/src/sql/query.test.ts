import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect/dialect.js";
import {
  ArgumentError,
  CompileError,
  compiles,
  declareNode,
  exists,
  func,
  integer,
  join,
  literal,
  rollup,
  SyntaxExtension,
  select,
  string,
  values,
} from "../index.js";
import { lonely, posts, users } from "./test-schema.js";

const dialect = new Dialect();
const say = (statement: { compile(options: { dialect: Dialect }): { sql: string } }): string =>
  statement.compile({ dialect }).sql;

describe("queries", () => {
  test("[SEL13] say what they are made of", () => {
    const stmt = select(users.c.id.label("userId"), posts.c.title, func.count())
      .join(posts)
      .where(users.c.age.gt(3), users.c.active);
    expect(stmt.columnDescriptions.map(({ name, type }) => [name, type.name])).toEqual([
      ["userId", "integer"],
      ["title", "string"],
      ["count", "integer"],
    ]);
    expect(stmt.resultItems[1]).toBe(posts.c.title);
    expect(Object.keys(stmt.exportedColumns)).toEqual(["userId", "title", "count"]);
    expect(stmt.exportedColumns.userId.type.name).toBe("integer");
    expect(stmt.columnsClauseFroms).toEqual([users, posts]);
    expect(stmt.finalFroms.map(({ name }) => name)).toEqual(["users JOIN posts"]);
    expect(String(stmt.whereClause)).toBe("users.age > :age_1 AND users.active");
    expect(select(users.c.id).whereClause).toBeUndefined();
    expect(select(posts.c.title).selectFrom(users).finalFroms).toEqual([users, posts]);
    const both = select(users.c.id, users.c.name).union(select(posts.c.id, posts.c.title));
    expect(both.columnDescriptions.map(({ name }) => name)).toEqual(["id", "name"]);
    expect(Object.keys(both.exportedColumns)).toEqual(["id", "name"]);
  });

  test("[SEL14] correlation over three levels, kept away, and for what is named only", () => {
    const deep = select(lonely.c.id).where(lonely.c.id.eq(users.c.id));
    const middle = select(posts.c.id).where(exists(deep));
    const outer = (inner: typeof middle) => say(select(users.c.name).where(exists(inner)));
    expect(outer(middle)).toContain("FROM lonely WHERE lonely.id = users.id");
    expect(outer(select(posts.c.id).where(exists(deep.correlate())))).toContain(
      "FROM lonely, users WHERE lonely.id = users.id",
    );
    expect(outer(select(posts.c.id).where(exists(deep.correlate(posts))))).toContain("FROM lonely, users WHERE");
    expect(outer(select(posts.c.id).where(exists(deep.correlateExcept(lonely))))).toContain("FROM lonely WHERE");
    const newest = select(func.max(users.c.id)).selectFrom(users);
    expect(say(select(users.c.name).where(users.c.id.eq(newest.scalar())))).toContain(
      "(SELECT max(users.id) FROM users)",
    );
    expect(say(select(users.c.name, newest.correlate(users).scalar().label("same")))).toBe(
      "SELECT users.name, (SELECT max(users.id)) AS same FROM users",
    );
  });

  test("[SEL29] a join on the right side of a join finds its conditions inside and outside", () => {
    const p = posts.alias("p");
    expect(say(select(users.c.id).outerJoin(join(posts, lonely, lonely.c.id.eq(posts.c.id))))).toBe(
      "SELECT users.id FROM users LEFT OUTER JOIN (posts JOIN lonely ON lonely.id = posts.id) ON users.id = posts.author_id",
    );
    expect(
      say(
        select(users.c.id, p.c.id.label("pid")).join(
          join(p, lonely, lonely.c.id.eq(p.c.id)),
          p.c.authorId.eq(users.c.id),
        ),
      ),
    ).toBe(
      "SELECT users.id, p.id AS pid FROM users JOIN (posts AS p JOIN lonely ON lonely.id = p.id) ON p.author_id = users.id",
    );
  });

  test("bad arguments are refused where they are given", () => {
    expect(() => select(users.c.id).slice(5, 3)).toThrow("slice() ends at 3, before it begins at 5.");
    expect(() => select(users.c.id).forUpdate({ nowait: true, skipLocked: true })).toThrow(ArgumentError);
    expect(() => select(users.c.id).distinctOn()).toThrow("distinctOn() needs an expression.");
    expect(() => select(users.c.id).addCte(users)).toThrow("addCte() takes CTEs");
    expect(() => rollup()).toThrow("Grouping needs something to group by.");
    expect(() => values({}, [])).toThrow("values() needs columns.");
    expect(() => values({ a: integer() }, [{ a: 1, b: 2 } as { a: number }])).toThrow('The values have no column "b".');
    expect(() => values({ a: integer(), b: string() }, [{ a: 1 } as { a: number; b: string }])).toThrow(
      'A row of values has nothing for "b".',
    );
    expect(() => say(select(users.c.id).orderBy("nope" as "id"))).toThrow('The query has no result column "nope".');
    expect(() => say(select(literal(1).label("x")).fetch(1, { withTies: true }))).toThrow("WITH TIES needs ORDER BY");
  });
});

describe("clauses of one's own on set operations", () => {
  class Clause extends SyntaxExtension {
    readonly point: "afterWhere" | "afterOrderBy" | "end";

    constructor(point: "afterWhere" | "afterOrderBy" | "end") {
      super();
      this.point = point;
    }

    static {
      declareNode(Clause, "testClause", { point: "atom" });
      compiles(Clause, "default", () => "CLAUSE");
    }
  }
  const both = select(users.c.id).union(select(posts.c.id));

  test("stand in the places that a set operation has", () => {
    expect(say(both.limit(1).ext(new Clause("afterOrderBy")))).toContain("FROM posts CLAUSE LIMIT");
    expect(say(both.ext(new Clause("end")))).toMatch(/FROM posts CLAUSE$/);
  });

  test("are refused in a place that it has not, instead of being left out", () => {
    const misplaced = both.ext(new Clause("afterWhere"));
    expect(() => say(misplaced)).toThrow(CompileError);
    expect(() => say(misplaced)).toThrow('A set operation has no place "afterWhere" for the clause "testClause".');
  });
});
