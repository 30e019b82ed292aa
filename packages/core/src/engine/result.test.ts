import { describe, expect, expectTypeOf, test } from "vitest";
import {
  allowCodeGeneration,
  decorate,
  func,
  InvalidRequestError,
  integer,
  MetaData,
  MultipleResultsFound,
  NoResultFound,
  NoSuchColumnError,
  select,
  sql,
  string,
  Table,
  update,
} from "../index.js";
import type { Connection } from "./connection.js";
import { fakeEngine } from "./test-driver.js";

const metadata = new MetaData();
const upper = decorate<string, string, string>(string(), {
  name: "upper",
  toDatabase: (text) => text.toLowerCase(),
  fromDatabase: (text) => text.toUpperCase(),
});
const users = new Table("users", metadata, { id: integer().primaryKey(), name: upper, nick: string(20).nullable() });
const posts = new Table("posts", metadata, { id: integer().primaryKey(), title: string(50) });

const three = [
  [1, "alice", null],
  [2, "bob", "b"],
  [3, "carol", null],
];

async function connected(rows: readonly (readonly unknown[])[], columns: readonly string[] = []): Promise<Connection> {
  const { engine } = fakeEngine({ synchronous: true, script: () => ({ rows, columns }) });
  return engine.connect();
}

const everyone = select(users.c.id, users.c.name, users.c.nick);

describe("readers of a result", () => {
  test("[RES1] a result is looped over, as often as one likes", async () => {
    const result = await (await connected(three)).execute(everyone);
    const names: string[] = [];
    for (const row of result) names.push(row.name);
    for (const row of result) names.push(row.name);
    expect(names).toEqual(["ALICE", "BOB", "CAROL", "ALICE", "BOB", "CAROL"]);
  });

  test("[RES2] all() gives plain objects", async () => {
    const rows = await (await connected(three)).execute(everyone).all();
    expectTypeOf(rows).toEqualTypeOf<{ id: number; name: string; nick: string | null }[]>();
    expect(rows).toStrictEqual([
      { id: 1, name: "ALICE", nick: null },
      { id: 2, name: "BOB", nick: "b" },
      { id: 3, name: "CAROL", nick: null },
    ]);
    expect(Object.getPrototypeOf(rows[0])).toBe(Object.prototype);
  });

  test("[RES3] one() and oneOrNone() are strict, first() is not", async () => {
    const none = await (await connected([])).execute(everyone);
    const one = await (await connected(three.slice(1, 2))).execute(everyone);
    const many = await (await connected(three)).execute(everyone);
    const bob = { id: 2, name: "BOB", nick: "b" };
    expect([none.first(), one.first(), many.first()?.id]).toEqual([undefined, bob, 1]);
    expect([none.oneOrNone(), one.oneOrNone(), one.one()]).toEqual([undefined, bob, bob]);
    expect(() => none.one()).toThrow(NoResultFound);
    expect(() => many.one()).toThrow(MultipleResultsFound);
    expect(() => many.oneOrNone()).toThrow(/One row was expected, the result has 3/);
  });

  test("[RES4] scalar() tells no row from NULL, scalarOne() is strict", async () => {
    const nick = select(users.c.nick);
    const none = await (await connected([])).execute(nick);
    const one = await (await connected([[null]])).execute(nick);
    const many = await (await connected([["b"], ["c"]])).execute(nick);
    expect([none.scalar(), one.scalar(), many.scalar()]).toEqual([undefined, null, "b"]);
    expect([none.scalarOneOrNone(), one.scalarOneOrNone(), one.scalarOne()]).toEqual([undefined, null, null]);
    expect(() => none.scalarOne()).toThrow(NoResultFound);
    expect(() => many.scalarOne()).toThrow(MultipleResultsFound);
    expect(() => many.scalarOneOrNone()).toThrow(MultipleResultsFound);
    expectTypeOf(one.scalar()).toEqualTypeOf<string | null | undefined>();
  });

  test("[RES5] scalars() gives the values of one column", async () => {
    const result = await (await connected(three)).execute(everyone);
    expect(result.scalars()).toEqual([1, 2, 3]);
    expect(result.scalars(1)).toEqual(["ALICE", "BOB", "CAROL"]);
    expectTypeOf(result.scalars()).toEqualTypeOf<number[]>();
    expectTypeOf(result.scalars(2)).toEqualTypeOf<(string | null)[]>();
    expect(() => result.scalars(3 as 2)).toThrow(InvalidRequestError);
  });

  test("[RES11] tuples() gives the values in the order of the select list", async () => {
    const tuples = await (await connected(three)).execute(everyone).tuples();
    expectTypeOf(tuples).toEqualTypeOf<[number, string, string | null][]>();
    expect(tuples[1]).toEqual([2, "BOB", "b"]);
  });

  test("[RES8] partitions() gives lists of rows", async () => {
    const result = await (await connected(three)).execute(everyone);
    expect([...result.partitions(2)].map((rows) => rows.map((row) => row.id))).toEqual([[1, 2], [3]]);
    expect(() => [...result.partitions(0)]).toThrow(/from 1, not 0/);
  });

  test("[RES12] keys names the columns", async () => {
    const result = await (await connected([])).execute(select(users.c.id, func.count().label("n"), users.c.id.add(1)));
    expect(result.keys).toEqual(["id", "n", undefined]);
  });

  test("[RES21] rowCount says how many rows were changed", async () => {
    const { engine } = fakeEngine({ script: () => ({ rowCount: 7 }) });
    const result = await (await engine.connect()).execute(update(users).set({ nick: "x" }));
    expect(result.rowCount).toBe(7);
  });

  test("[RES27] reading rows of a statement that returns none is an error that says so", async () => {
    const conn = await connected([]);
    const result = await conn.execute(update(users).set({ nick: "x" }));
    expect(result.returnsRows).toBe(false);
    expect(result.keys).toEqual([]);
    expect(() => result.all()).toThrow(/returns no rows.*returning/);
    await expect(conn.execute(update(users).set({ nick: "x" })).first()).rejects.toMatchObject({
      code: "NO_ROWS_RETURNED",
    });
    expect((await conn.execute(everyone)).returnsRows).toBe(true);
  });
});

describe("columns of one name", () => {
  const both = select(users.c.id, posts.c.id).crossJoin(posts);

  test("[RES20] reading by name is refused instead of losing a value", async () => {
    const result = await (await connected([[1, 2]])).execute(both);
    expect(() => result.all()).toThrow(/two columns named "id".*label/);
    expect(() => result.first()).toThrow(InvalidRequestError);
    expect(() => [...result]).toThrow(InvalidRequestError);
    expect(result.tuples()).toEqual([[1, 2]]);
  });

  test("[RES6] [RES18] mappings() reads by column object, and by name where it is clear", async () => {
    const [row] = await (await connected([[1, 2, "alice"]]))
      .execute(select(users.c.id, posts.c.id, users.c.name.label("author")).crossJoin(posts))
      .mappings();
    expect(row?.get(users.c.id)).toBe(1);
    expect(row?.get(posts.c.id)).toBe(2);
    expect(row?.get(users.c.name)).toBe("ALICE");
    expect(row?.get("author")).toBe("ALICE");
    expect(row?.has(users.c.id)).toBe(true);
    expect(row?.has(posts.c.title)).toBe(false);
    expect(() => row?.get("id")).toThrow(/two columns named "id"/);
    expect(() => row?.get(posts.c.title)).toThrow(NoSuchColumnError);
    expect(() => row?.get("titel")).toThrow(/no column "titel".*It has: id, id, author/);
    expectTypeOf(row?.get(users.c.name)).toEqualTypeOf<string | undefined>();
  });
});

describe("columns of text", () => {
  test("[RES28] are matched to their types by name, in whatever order the database gives them", async () => {
    const conn = await connected([["x", "alice", 5]], ["extra", "NAME", "id"]);
    const row = await conn.execute(sql`SELECT * FROM users`.columns({ id: integer(), name: upper })).first();
    expect(row).toEqual({ extra: "x", name: "ALICE", id: 5 });
  });

  test("that were declared and do not come are an error that lists those that do", async () => {
    const conn = await connected([[1]], ["ident"]);
    await expect(conn.execute(sql`SELECT 1 AS ident`.columns({ id: integer() })).all()).rejects.toThrow(
      /declares "id".*gives: ident/,
    );
  });

  test("may be others at the next execution", async () => {
    let columns = ["a"];
    const { engine } = fakeEngine({ script: () => ({ columns, rows: [columns.map(() => 1)] }) });
    const conn = await engine.connect();
    const stmt = sql`SELECT * FROM t`;
    expect(await conn.execute(stmt).all()).toEqual([{ a: 1 }]);
    columns = ["a", "b"];
    expect(await conn.execute(stmt).all()).toEqual([{ a: 1, b: 1 }]);
  });
});

test("rows are the same where code cannot be generated", async () => {
  allowCodeGeneration(false);
  try {
    const [row] = await (await connected(three))
      .execute(select(users.c.nick, users.c.name, users.c.id.label("__proto__")))
      .all();
    expect(Object.entries(row as object)).toEqual([
      ["nick", 1],
      ["name", "ALICE"],
      ["__proto__", null],
    ]);
  } finally {
    allowCodeGeneration(true);
  }
});
