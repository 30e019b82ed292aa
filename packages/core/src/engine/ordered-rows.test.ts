import { describe, expect, test } from "vitest";
import type { DialectFlags } from "../dialect/flags.js";
import { insert, integer, MetaData, OperationalError, string, Table } from "../index.js";
import { FakeDialect, fakeEngine, type Script } from "./test-driver.js";

const metadata = new MetaData();
const plain = new Table("plain", metadata, { id: integer().primaryKey(), a: integer() });
const down = new Table("down", metadata, { id: integer().identity({ increment: -1 }).primaryKey(), a: integer() });
const texts = new Table("texts", metadata, { code: string(5).primaryKey(), a: integer() });

const rows = [{ a: 10 }, { a: 20 }, { a: 30 }];

async function open(flags: Partial<DialectFlags>, script: Script) {
  const { engine, driver } = fakeEngine({ synchronous: true, flags });
  const conn = await engine.connect();
  driver.log.length = 0;
  driver.script = script;
  return { conn, driver };
}

describe("rows of RETURNING where the database gives them in an order of its own", () => {
  test("[DML10] are sorted by the key that the database counted up, which is not shown", async () => {
    const { conn, driver } = await open({ insertReturningOrder: "keys" }, () => ({
      rows: [
        [30, 7],
        [10, 5],
        [20, 6],
      ],
    }));
    const result = await conn.execute(insert(plain).valuesList(rows).returning(plain.c.a));
    expect(driver.log).toEqual([
      "execute INSERT INTO plain (a) VALUES (?), (?), (?) RETURNING plain.a, plain.id [10,20,30]",
    ]);
    expect(result.all()).toEqual(rows);
    expect(result.rawRows).toEqual([[10], [20], [30]]);
  });

  test("[DML11] are found by the keys that the input gives", async () => {
    const { conn, driver } = await open({ insertReturningOrder: "arbitrary" }, () => ({
      rows: [
        [30, 3],
        [10, 1],
        [20, 2],
      ],
    }));
    const given = rows.map((row, i) => ({ ...row, id: i + 1 }));
    expect(await conn.execute(insert(plain).valuesList(given).returning(plain.c.a)).all()).toEqual(rows);
    expect(driver.log).toHaveLength(1);
  });

  test("may have keys with gaps, but not keys that were drawn at random", async () => {
    let keys = [2, 5, 9];
    const { conn } = await open({ insertReturningOrder: "keys" }, () => ({ rows: keys.map((key, i) => [i, key]) }));
    const statement = insert(plain).valuesList(rows).returning(plain.c.a);
    expect(await conn.execute(statement).scalars()).toEqual([0, 1, 2]);
    keys = [77, 5, 9];
    const failed = conn.execute(statement);
    await expect(failed).rejects.toThrow(OperationalError);
    await expect(failed).rejects.toMatchObject({ code: "KEYS_OUT_OF_ORDER" });
  });

  test("are refused when they come back with other keys than they were sent with", async () => {
    const { conn } = await open({ insertReturningOrder: "keys" }, () => ({
      rows: [
        [1, 8],
        [2, 9],
      ],
    }));
    const failed = conn.execute(insert(plain).values({ id: 1, a: 1 }, { id: 2, a: 2 }).returning(plain.c.a));
    await expect(failed).rejects.toMatchObject({ code: "ROWS_UNMATCHED" });
  });

  test("are fetched one by one where nothing tells their order", async () => {
    const { conn, driver } = await open({ insertReturningOrder: "keys" }, () => ({ rows: [[1], [2]] }));
    await conn.execute(insert(down).values({ a: 1 }, { a: 2 }).returning(down.c.a));
    await conn.execute(insert(plain).values({ id: 7, a: 1 }, { a: 2 }).returning(plain.c.a));
    await conn.execute(insert(texts).values({ code: "x", a: 1 }, { code: "y", a: 2 }).returning(texts.c.a));
    expect(driver.log.filter((line) => line.startsWith("execute"))).toEqual([
      "executeMany INSERT INTO down (a) VALUES (?) RETURNING down.a [[1],[2]]",
      "executeMany INSERT INTO plain (id, a) VALUES (?, ?) RETURNING plain.a [[7,1],[null,2]]",
      'executeMany INSERT INTO texts (code, a) VALUES (?, ?) RETURNING texts.a [["x",1],["y",2]]',
    ]);
  });
});

describe("the keys of many rows", () => {
  class CountingDialect extends FakeDialect {
    override readonly generatedKeyStep = "STEP";
  }
  const counting = async (script: Script, keyStep = true) => {
    const flags = { insertReturning: false };
    const dialect = keyStep ? new CountingDialect(flags) : new FakeDialect(flags);
    const { engine, driver } = fakeEngine({ synchronous: true, dialect });
    const conn = await engine.connect();
    driver.log.length = 0;
    driver.script = script;
    return { conn, driver };
  };
  const asked = { insertedKeys: true } as const;

  test("[RES22] follow the first one by the distance that the database tells", async () => {
    const { conn, driver } = await counting((_, sql) => (sql === "STEP" ? { rows: [[2]] } : { lastInsertId: 101 }));
    const result = await conn.execute(insert(plain).valuesList(rows), undefined, asked);
    expect(result.insertedPrimaryKeyRows).toEqual([{ id: 101 }, { id: 103 }, { id: 105 }]);
    expect(driver.log).toEqual(["execute STEP", "execute INSERT INTO plain (a) VALUES (?), (?), (?) [10,20,30]"]);
  });

  test("are told page by page", async () => {
    let next = 1;
    const { conn } = await counting((word, sql) => {
      if (word !== "execute") return undefined;
      if (sql === "STEP") return { rows: [[1]] };
      const first = next;
      next += (sql.match(/\(\?\)/g) ?? []).length + 100;
      return { lastInsertId: first };
    });
    const result = await conn.execute(insert(plain).valuesList(rows), undefined, { ...asked, pageRows: 2 });
    expect(result.insertedPrimaryKeyRows).toEqual([{ id: 1 }, { id: 2 }, { id: 103 }]);
  });

  test("are those that the input gives; one that is missing there is not guessed", async () => {
    const { conn } = await counting(() => ({ lastInsertId: 9 }));
    const given = await conn.execute(insert(plain).values({ id: 4, a: 1 }, { id: 2, a: 2 }), undefined, asked);
    expect(given.insertedPrimaryKeyRows).toEqual([{ id: 4 }, { id: 2 }]);
    const mixed = await conn.execute(insert(plain).values({ id: 4, a: 1 }, { a: 2 }), undefined, asked);
    expect(mixed.insertedPrimaryKeyRows).toEqual([{ id: 4 }, undefined]);
  });

  test("are unknown where the database promises nothing of them", async () => {
    const { conn } = await counting(() => ({ lastInsertId: 9 }), false);
    const result = await conn.execute(insert(plain).valuesList(rows), undefined, asked);
    expect(result.insertedPrimaryKeyRows).toEqual([undefined, undefined, undefined]);
  });
});
