import { describe, expect, expectTypeOf, test } from "vitest";
import {
  decorate,
  func,
  insert,
  integer,
  MetaData,
  NoSuchColumnError,
  numeric,
  ResourceClosedError,
  type Result,
  rowKey,
  select,
  string,
  Table,
  update,
} from "../index.js";
import type { Connection } from "./connection.js";
import { fakeEngine } from "./test-driver.js";

const upper = decorate<string, string, string>(string(), {
  name: "upper",
  toDatabase: (text) => text.toLowerCase(),
  fromDatabase: (text) => text.toUpperCase(),
});
const metadata = new MetaData();
const users = new Table("users", metadata, { id: integer().primaryKey(), name: upper, nick: string(20).nullable() });
const posts = new Table("posts", metadata, { id: integer().primaryKey(), title: string(50) });
const pairs = new Table("pairs", metadata, { a: integer().primaryKey(), b: integer().primaryKey(), c: integer() });

const everyone = select(users.c.id, users.c.name, users.c.nick);
const three = [
  [1, "alice", null],
  [2, "bob", "b"],
  [3, "carol", null],
];

async function connected(rows: readonly (readonly unknown[])[], rowCount?: number): Promise<Connection> {
  const { engine } = fakeEngine({ script: () => ({ rows, ...(rowCount === undefined ? {} : { rowCount }) }) });
  return engine.connect();
}

describe("columns()", () => {
  test("[RES7] slices and reorders by name, place and column object, with exact types", async () => {
    const result = await (await connected(three)).execute(everyone);
    const byName = result.columns("nick", "id");
    expectTypeOf(byName.all()).toEqualTypeOf<{ nick: string | null; id: number }[]>();
    expectTypeOf(byName.tuples()).toEqualTypeOf<[string | null, number][]>();
    expect(byName.all()[1]).toStrictEqual({ nick: "b", id: 2 });
    expect(byName.keys).toEqual(["nick", "id"]);
    const byPlace = result.columns(1, 0);
    expectTypeOf(byPlace.tuples()).toEqualTypeOf<[string, number][]>();
    expect(byPlace.tuples()).toEqual([
      ["ALICE", 1],
      ["BOB", 2],
      ["CAROL", 3],
    ]);
    const byColumn = result.columns(users.c.name);
    expectTypeOf(byColumn.all()).toEqualTypeOf<{ name: string }[]>();
    expect(byColumn.scalars()).toEqual(["ALICE", "BOB", "CAROL"]);
    expect(byColumn.mappings()[0]?.get(users.c.name)).toBe("ALICE");
    expect(() => byColumn.mappings()[0]?.get(users.c.id)).toThrow(/was left out by columns/);
    // The whole result is as it was.
    expect(result.keys).toEqual(["id", "name", "nick"]);
  });

  test("[RES7] of an execution; columns of one name are told apart by their objects", async () => {
    const conn = await connected([[1, 2]]);
    const both = select(users.c.id, posts.c.id).crossJoin(posts);
    expect(await conn.execute(both).columns(posts.c.id).all()).toEqual([{ id: 2 }]);
    await expect(conn.execute(both).columns("id").all()).rejects.toThrow(/two columns named "id"/);
  });

  test("refuses what is not there", async () => {
    const result = await (await connected(three)).execute(everyone);
    expect(() => result.columns(3)).toThrow(NoSuchColumnError);
    expect(() => result.columns(posts.c.title)).toThrow(NoSuchColumnError);
    // @ts-expect-error: the row has no such name
    expect(() => result.columns("title")).toThrow(NoSuchColumnError);
  });
});

describe("unique()", () => {
  test("[RES10] gives each row once, at its first place, in every form of reading", async () => {
    const conn = await connected([
      [1, "a", null],
      [2, "b", "x"],
      [1, "a", null],
      [2, "b", null],
    ]);
    const result = (await conn.execute(everyone)).unique();
    expect(result.tuples()).toEqual([
      [1, "A", null],
      [2, "B", "x"],
      [2, "B", null],
    ]);
    expect(result.scalars()).toEqual([1, 2, 2]);
    expect(await conn.execute(everyone).columns("id").unique().scalars()).toEqual([1, 2]);
    expect(result.unique().all()).toHaveLength(3);
  });

  test("[RES10] by what a strategy answers", async () => {
    const conn = await connected(three);
    const rows = await conn
      .execute(everyone)
      .unique((row) => row.nick)
      .all();
    expect(rows.map((row) => row.id)).toEqual([1, 2]);
  });

  test("tells texts from numbers, NULL from the text, and compares dates, bytes and JSON by value", () => {
    const same = (a: unknown, b: unknown): boolean => rowKey(a) === rowKey(b);
    expect(same([1], ["1"])).toBe(false);
    expect(same([null], ["null"])).toBe(false);
    expect(same([1], [1n])).toBe(false);
    expect(same(["a,b"], ["a", "b"])).toBe(false);
    expect(same([true], ["true"])).toBe(false);
    expect(same(new Date(5), new Date(5))).toBe(true);
    expect(same(new Uint8Array([1, 2]), new Uint8Array([1, 2]))).toBe(true);
    expect(same({ a: 1, b: [2n] }, { b: [2n], a: 1 })).toBe(true);
    expect(same({ a: 1 }, { a: 2 })).toBe(false);
    class Entity {}
    const entity = new Entity();
    expect(same([entity], [entity])).toBe(true);
    expect(same([new Entity()], [new Entity()])).toBe(false);
    expect(same(undefined, null)).toBe(false);
  });
});

describe("freeze()", () => {
  test("[RES13] keeps a result that can be replayed and that nobody can change", async () => {
    const driverRows = [
      [1, "alice", null],
      [2, "bob", "b"],
    ];
    const frozen = await (await connected(driverRows)).execute(everyone).freeze();
    (driverRows[0] as unknown[])[0] = 99;
    frozen.result().close();
    const first = frozen.result();
    const second = frozen.result();
    expectTypeOf(first.all()).toEqualTypeOf<{ id: number; name: string; nick: string | null }[]>();
    expect(first.all()).toEqual(second.all());
    expect(first.scalars()).toEqual([1, 2]);
    expect(() => {
      (first.rawRows[0] as unknown[])[0] = 5;
    }).toThrow(TypeError);
    expect(frozen.keys).toEqual(["id", "name", "nick"]);
    expect(second.mappings()[1]?.get(users.c.name)).toBe("BOB");
  });

  test("[RES13] withNewRows replays other rows, whose values are not converted again", async () => {
    const frozen = await (await connected(three)).execute(everyone).freeze();
    const other = frozen.withNewRows([[7, "MiXed", null]]).result();
    expect(other.one()).toStrictEqual({ id: 7, name: "MiXed", nick: null });
    expect(other.mappings()[0]?.get(users.c.name)).toBe("MiXed");
    expect(() => frozen.withNewRows([[7, "x"] as never])).toThrow(/3 values was expected, not of 2/);
  });
});

describe("merge()", () => {
  const run = async (rows: readonly (readonly unknown[])[], rowCount?: number): Promise<Result<object>> =>
    (await connected(rows, rowCount)).execute(everyone);

  test("[RES14] puts the rows of several results one after another, of several engines too", async () => {
    const [first, second, third] = [await run(three.slice(0, 2)), await run([]), await run(three.slice(2))];
    const merged = first.merge(second, third);
    expect(merged.scalars()).toEqual([1, 2, 3]);
    expect(merged.columns(1).scalars()).toEqual(["ALICE", "BOB", "CAROL"]);
    expect(merged.rowCount).toBe(3);
    expect(merged.mappings()[2]?.get(users.c.name)).toBe("CAROL");
    expect(merged.all()[2]).toStrictEqual({ id: 3, name: "CAROL", nick: null });
  });

  test("[RES14] of rows that need different conversions converts each by its own", async () => {
    const exact = (await connected([["1.50"]])).execute(select(func.max(users.c.id).cast(numeric(10, 2)).label("n")));
    const plain = (await connected([[3]])).execute(select(func.max(users.c.id).label("n")));
    const merged = ((await exact) as Result<unknown>).merge((await plain) as Result<unknown>);
    expect(merged.tuples().flat()).toEqual([...(await exact).tuples().flat(), 3]);
  });

  test("of results with other columns is refused; an unknown count stays unknown", async () => {
    const first = await run(three, -1);
    const other: Result<object> = await (await connected([[1]])).execute(select(posts.c.id));
    expect(() => first.merge(other)).toThrow(/do not have the same columns/);
    expect(first.merge(await run(three)).rowCount).toBe(-1);
  });
});

describe("close()", () => {
  test("[RES15] lets the rows go; the result says that it is closed", async () => {
    const conn = await connected(three);
    const result = await conn.execute(everyone);
    expect(result.closed).toBe(false);
    result.close();
    result.close();
    expect(result.closed).toBe(true);
    expect(() => result.all()).toThrow(ResourceClosedError);
    expect(() => [...result]).toThrow(ResourceClosedError);
    expect(result.rawRows).toEqual([]);
    let kept: typeof result;
    {
      using scoped = await conn.execute(everyone);
      expect(scoped.first()?.id).toBe(1);
      kept = scoped;
    }
    expect(kept.closed).toBe(true);
  });
});

describe("one row in all its forms", () => {
  test("[RES17] is read by place, slice and name, as a mapping, and tells its fields", async () => {
    const result = await (await connected(three)).execute(everyone);
    const [tuple] = result.tuples();
    expect([tuple?.[1], tuple?.slice(1), tuple?.at(-1)]).toEqual(["ALICE", ["ALICE", null], null]);
    const [id, name] = tuple as [number, string, string | null];
    expect([id, name]).toEqual([1, "ALICE"]);
    const row = result.first();
    expect([row?.id, row?.name, row?.nick]).toEqual([1, "ALICE", null]);
    expect(result.keys).toEqual(["id", "name", "nick"]);
    const [mapping] = result.mappings();
    expect(mapping?.size).toBe(3);
    expect([...(mapping ?? [])]).toEqual([
      ["id", 1],
      ["name", "ALICE"],
      ["nick", null],
    ]);
    expect(mapping?.toObject()).toStrictEqual(row);
    expect(mapping?.toTuple()).toEqual(tuple);
    expect(JSON.stringify(mapping)).toBe('{"id":1,"name":"ALICE","nick":null}');
  });

  test("[RES19] rows compare, go into sets and through serialisation, and mappings cannot be changed", async () => {
    const conn = await connected(three);
    const again = await conn.execute(everyone).mappings();
    const [alice, bob] = await conn.execute(everyone).mappings();
    expect([alice?.equals(again[0] as never), alice?.equals(bob as never)]).toEqual([true, false]);
    expect(new Set([...again, alice, bob].map((row) => row?.key)).size).toBe(3);
    const rows = await conn.execute(everyone).all();
    const seen = new Set(rows.map(rowKey));
    expect([seen.has(rowKey(structuredClone(rows[1]))), seen.has(rowKey({ id: 9 }))]).toEqual([true, false]);
    expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
    expect(() => {
      (alice as unknown as { values: unknown }).values = [];
    }).toThrow(TypeError);
  });
});

describe("the keys of inserted rows", () => {
  test("[RES22] insertedPrimaryKeyRows gives them in the order of the input", async () => {
    const { engine } = fakeEngine({
      script: () => ({ rowCount: 1, lastInsertId: 5 }),
    });
    const conn = await engine.connect();
    const many = await conn.execute(insert(pairs).values({ a: 1, b: 2, c: 0 }, { a: 3, b: 4, c: 0 }));
    expect(many.insertedPrimaryKeyRows).toEqual([
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ]);
    expect(many.insertedPrimaryKey).toBeUndefined();
    const single = await conn.execute(insert(users).values({ name: "a" }));
    expect([single.insertedPrimaryKey, single.insertedPrimaryKeyRows]).toEqual([{ id: 5 }, [{ id: 5 }]]);
    const generated = await conn.execute(insert(users).values({ name: "a" }, { id: 7, name: "b" }));
    expect(generated.insertedPrimaryKeyRows).toEqual([undefined, { id: 7 }]);
    expect((await conn.execute(update(users).set({ nick: null }))).insertedPrimaryKeyRows).toEqual([]);
  });
});
