import { describe, expect, test } from "vitest";
import { and, case_, func, insert, literal, type Node, or, param, select, sql, string, update } from "../index.js";
import { posts, users } from "../sql/test-schema.js";
import { flattenBinds } from "./binds.js";
import { makeReaders } from "./readers.js";
import { iterate } from "./walk.js";

const { id, name, age } = users.c;
const recent = select(posts.c.authorId, func.count().label("n"))
  .where(posts.c.id.gt(9))
  .groupBy(posts.c.authorId)
  .subquery("recent");

const STATEMENTS: readonly Node[] = [
  select(id, name.label("x"), literal(5))
    .where(and(age.gt(1), or(name.like("a%", { escape: "/" }), id.in([1, 2]))))
    .orderBy(age.desc())
    .limit(3),
  select(recent.c.n, case_([[age.between(1, 2), "a"]], "b").label("kind")).join(recent, recent.c.authorId.eq(id)),
  select(
    func
      .sum(age)
      .over({ partitionBy: name, orderBy: id, rows: [-1, 0] })
      .label("s"),
  ),
  sql`SELECT ${id} FROM ${users} WHERE ${name} = ${"x"} AND ${age} > ${param("least", string())}`.columns({
    id: string(),
  }),
  insert(posts)
    .values({ authorId: id.add(1), title: "a" })
    .returning(posts.c.id),
  update(users)
    .set({ name: "x", age: age.add(1) })
    .where(id.eq(1)),
];

describe("readers of node classes", () => {
  test.each(STATEMENTS.map((node) => [String(node), node] as const))(
    "[CMP1] generated and looped read the same: %s",
    (_sql, statement) => {
      for (const node of iterate(statement)) {
        const generated = makeReaders(node.declaration, true);
        const looped = makeReaders(node.declaration, false);
        expect(looped.shape(node), node.kind).toBe(generated.shape(node));
        expect(flattenBinds(looped.binds(node)), node.kind).toEqual(flattenBinds(generated.binds(node)));
      }
      expect(flattenBinds(makeReaders(statement.declaration, false).binds(statement)).length).toBe(
        flattenBinds(statement.binds).length,
      );
    },
  );
});
