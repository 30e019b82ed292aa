import { describe, expect, test } from "vitest";
import type { DialectFlags } from "../dialect/flags.js";
import {
  delete_,
  func,
  insert,
  integer,
  literal,
  MetaData,
  param,
  select,
  sql,
  string,
  Table,
  UniqueViolationError,
  update,
} from "../index.js";
import { FakeError, fakeEngine, type Script } from "./test-driver.js";

const metadata = new MetaData();
let serial = 0;
const users = new Table("users", metadata, {
  id: integer().primaryKey(),
  name: string(50),
  tag: string(50).default(() => `tag${++serial}`),
});
const plain = new Table("plain", metadata, { id: integer().primaryKey(), a: integer(), b: integer().nullable() });

const rowsOf = (count: number, from = 0) => Array.from({ length: count }, (_, i) => ({ a: from + i }));

describe.each([true, false])("many rows, with a driver that answers at once: %s", (synchronous) => {
  const open = async (flags: Partial<DialectFlags> = {}, script?: Script) => {
    const { engine, driver } = fakeEngine({ synchronous, flags });
    const conn = await engine.connect();
    driver.log.length = 0;
    driver.executeOptions.length = 0;
    if (script !== undefined) driver.script = script;
    return { conn, driver };
  };
  /** The log with the number of placeholders in place of the SQL text. */
  const shortLog = (log: readonly string[]) =>
    log.map((line) =>
      line.startsWith("execute") ? `${line.split(" ")[0]} ${(line.match(/\?/g) ?? []).length}` : line,
    );

  test("that fit into one statement are one statement, without a transaction", async () => {
    const { conn, driver } = await open({}, () => ({ rowCount: 3 }));
    const result = await conn.execute(insert(plain).values({ a: 1 }, { a: 2, b: 5 }, { a: 3 }));
    expect(driver.log).toEqual(["execute INSERT INTO plain (a, b) VALUES (?, ?), (?, ?), (?, ?) [1,null,2,5,3,null]"]);
    expect(result.rowCount).toBe(3);
    expect(result.insertedPrimaryKey).toBeUndefined();
  });

  test("[ENG36] go in pages with one text each, all or nothing, their rows in the order of the input", async () => {
    let next = 0;
    const { conn, driver } = await open({ insertReturningOrder: "input" }, (word, text, values) => {
      if (!word.startsWith("execute")) return undefined;
      const count = word === "executeMany" ? values.length * 100 : (text.match(/\(\?\)/g) ?? []).length;
      return { rows: Array.from({ length: count }, () => [next++]), rowCount: count };
    });
    const result = await conn.execute(insert(plain).valuesList(rowsOf(255)).returning(plain.c.id));
    expect(shortLog(driver.log)).toEqual(["begin", "executeMany 100", "execute 55", "commit"]);
    expect(driver.log[1]).toContain(`[[0,1,2,`);
    expect(driver.log[1]).toContain(`,99],[100,101,`);
    expect(result.rowCount).toBe(255);
    expect(result.scalars()).toEqual(Array.from({ length: 255 }, (_, i) => i));
    // The odd rest is not worth keeping prepared.
    expect(driver.executeOptions.map(({ prepare }) => prepare)).toEqual([true, false]);
  });

  test("[ENG65] have pages as large as the dialect's limit of parameters allows", async () => {
    const { conn, driver } = await open({ maxParameters: 7 });
    await conn.execute(insert(plain).valuesList([{ a: 1, b: 1 }, ...rowsOf(6)]));
    expect(driver.log).toEqual([
      "begin",
      "executeMany INSERT INTO plain (a, b) VALUES (?, ?), (?, ?), (?, ?) [[1,1,0,null,1,null],[2,null,3,null,4,null]]",
      "execute INSERT INTO plain (a, b) VALUES (?, ?) [5,null]",
      "commit",
    ]);
  });

  test("go row by row where the database wants it so", async () => {
    const { conn, driver } = await open({ insertMany: "executeMany" }, (word) =>
      word === "executeMany" ? { rowCount: 2 } : undefined,
    );
    const result = await conn.execute(insert(plain).valuesList(rowsOf(2)));
    expect(driver.log).toEqual(["begin", "executeMany INSERT INTO plain (a) VALUES (?) [[0],[1]]", "commit"]);
    expect(result.rowCount).toBe(2);
  });

  test("go row by row where they are wanted back and the database promises no order", async () => {
    const { conn, driver } = await open({ insertReturningOrder: "arbitrary" }, (word) =>
      word === "executeMany" ? { rows: [[7], [3]], rowCount: 2 } : undefined,
    );
    const result = await conn.execute(insert(plain).valuesList(rowsOf(2)).returning(plain.c.id));
    expect(driver.log).toEqual([
      "begin",
      "executeMany INSERT INTO plain (a) VALUES (?) RETURNING plain.id [[0],[1]]",
      "commit",
    ]);
    expect(result.scalars()).toEqual([7, 3]);
  });

  test("of 10,000 are handed over some thousands at a time", async () => {
    const { conn, driver } = await open();
    await conn.execute(insert(plain).valuesList(rowsOf(10_000)));
    expect(shortLog(driver.log)).toEqual(["begin", "executeMany 100", "executeMany 100", "commit"]);
  });

  test("get the defaults that the table makes, one for each row that gives none", async () => {
    serial = 0;
    const { conn, driver } = await open();
    await conn.execute(insert(users).values({ name: "a" }, { name: "b", tag: "own" }, { name: "c" }));
    expect(driver.log).toEqual([
      'execute INSERT INTO users (name, tag) VALUES (?, ?), (?, ?), (?, ?) ["a","tag1","b","own","c","tag2"]',
    ]);
  });

  test("are rolled back together when one of them fails", async () => {
    const { conn, driver } = await open({ maxParameters: 1 }, (word) => {
      if (word === "executeMany") throw new FakeError("unique");
      return undefined;
    });
    await expect(conn.execute(insert(plain).valuesList(rowsOf(3)))).rejects.toThrow(UniqueViolationError);
    expect(shortLog(driver.log)).toEqual(["begin", "executeMany 1", "rollback"]);
  });

  test("with a value that its type refuses leave nothing behind", async () => {
    const { conn, driver } = await open({ maxParameters: 1 });
    await expect(conn.execute(insert(plain).valuesList([...rowsOf(80), { a: "x" as never }]))).rejects.toMatchObject({
      code: "VALUE_REFUSED",
    });
    expect(driver.log.at(0)).toBe("begin");
    expect(driver.log.at(-1)).toBe("rollback");
  });

  test("inside a transaction get a savepoint, unless the caller says that all will be rolled back", async () => {
    const { conn, driver } = await open({ maxParameters: 1 });
    const tx = await conn.begin();
    await conn.execute(insert(plain).valuesList(rowsOf(2)));
    await conn.execute(insert(plain).valuesList(rowsOf(2)), undefined, { atomic: false });
    await tx.commit();
    expect(shortLog(driver.log)).toEqual([
      "begin",
      "savepoint acme_1",
      "executeMany 1",
      "release acme_1",
      "executeMany 1",
      "commit",
    ]);
  });

  test("a failing batch inside a transaction is undone to its savepoint", async () => {
    const { conn, driver } = await open({ maxParameters: 1 }, (word) => {
      if (word === "executeMany") throw new FakeError("unique");
      return undefined;
    });
    const tx = await conn.begin();
    await expect(conn.execute(insert(plain).valuesList(rowsOf(2)))).rejects.toThrow(UniqueViolationError);
    await tx.commit();
    expect(shortLog(driver.log)).toEqual([
      "begin",
      "savepoint acme_1",
      "executeMany 1",
      "rollback to acme_1",
      "release acme_1",
      "commit",
    ]);
  });

  test("keep the connection to themselves: nothing gets in between", async () => {
    const { conn, driver } = await open({ maxParameters: 1 });
    const batch = conn.execute(insert(plain).valuesList(rowsOf(2)));
    const other = conn.execute(sql`A`);
    await Promise.all([batch, other]);
    expect(shortLog(driver.log)).toEqual(["begin", "executeMany 1", "commit", "execute 0"]);
  });

  test("may come as parameters of an INSERT without values", async () => {
    const { conn, driver } = await open();
    await conn.execute(insert(plain), [{ a: 1 }, { a: 2 }]);
    await conn.execute(insert(plain), { a: 3 });
    expect(driver.log).toEqual([
      "execute INSERT INTO plain (a) VALUES (?), (?) [1,2]",
      "execute INSERT INTO plain (a) VALUES (?) [3]",
    ]);
    expect((await conn.execute(insert(plain), [])).rowCount).toBe(0);
    expect(driver.log).toHaveLength(2);
  });

  test("are read from objects of any class, own columns only", async () => {
    class Entity {
      a = 1;
      readonly other = "x";
      get b(): number {
        return 2;
      }
    }
    const { Insert } = await import("../index.js");
    const { conn, driver } = await open();
    await conn.execute(new Insert(plain, ["a", "b"], [new Entity(), new Entity()] as never, [], undefined, []));
    expect(driver.log).toEqual(["execute INSERT INTO plain (a, b) VALUES (?, ?), (?, ?) [1,2,1,2]"]);
  });

  describe("many sets of parameters", () => {
    test("[ENG45] execute a statement once for each", async () => {
      const { conn, driver } = await open({}, (word) => (word === "executeMany" ? { rowCount: 2 } : undefined));
      const stmt = update(plain)
        .set({ b: param("value", integer()) })
        .where(plain.c.id.eq(param("id", integer())));
      const result = await conn.execute(stmt, [
        { id: 1, value: 10 },
        { id: 2, value: 20 },
      ]);
      expect(driver.log).toEqual([
        "begin",
        "executeMany UPDATE plain SET b = ? WHERE plain.id = ? [[10,1],[20,2]]",
        "commit",
      ]);
      expect(result.rowCount).toBe(2);
    });

    test("of one set are an ordinary execution; of none nothing", async () => {
      const { conn, driver } = await open({}, () => ({ rowCount: 1 }));
      const stmt = delete_(plain).where(plain.c.id.eq(param("id", integer())));
      expect((await conn.execute(stmt, [{ id: 1 }])).rowCount).toBe(1);
      expect((await conn.execute(stmt, [])).rowCount).toBe(0);
      expect(driver.log).toEqual(["execute DELETE FROM plain WHERE plain.id = ? [1]"]);
    });

    test("with lists of other lengths are other texts, in order", async () => {
      const { conn, driver } = await open();
      const stmt = delete_(plain).where(plain.c.id.in(param("ids", integer(), { expanding: true }) as never));
      await conn.execute(stmt, [{ ids: [1, 2] }, { ids: [3, 4] }, { ids: [5] }]);
      expect(driver.log).toEqual([
        "begin",
        "executeMany DELETE FROM plain WHERE plain.id IN (?, ?) [[1,2],[3,4]]",
        "execute DELETE FROM plain WHERE plain.id IN (?) [5]",
        "commit",
      ]);
    });
  });
});

describe("the key of an inserted row", () => {
  const open = async (flags: Partial<DialectFlags>, script: Script) => {
    const { engine, driver } = fakeEngine({ synchronous: true, flags });
    const conn = await engine.connect();
    driver.script = script;
    return { conn, driver };
  };
  const keyed = new Table("keyed", new MetaData(), {
    code: string(5).primaryKey(),
    part: string(9)
      .default(() => "made")
      .primaryKey(),
    note: string(9).nullable(),
  });

  test("[RES22] [RES23] is the one that the driver reports", async () => {
    const { conn } = await open({}, () => ({ rowCount: 1, lastInsertId: 42 }));
    const result = await conn.execute(insert(plain).values({ a: 1 }));
    expect(result.insertedPrimaryKey).toEqual({ id: 42 });
    expect(result.lastInsertId).toBe(42);
  });

  test("[RES22] is fetched by an added RETURNING where the dialect wants it so, without becoming a row", async () => {
    const { conn, driver } = await open({ implicitReturning: true }, () => ({ rows: [[43]], rowCount: 1 }));
    const result = await conn.execute(insert(plain).values({ a: 1 }));
    expect(driver.log.at(-1)).toBe("execute INSERT INTO plain (a) VALUES (?) RETURNING plain.id [1]");
    expect([result.insertedPrimaryKey, result.returnsRows, result.rawRows]).toEqual([{ id: 43 }, false, []]);
  });

  test("is the one that was given, or that a default has made", async () => {
    const { conn } = await open({}, () => ({ rowCount: 1, lastInsertId: 99 }));
    expect((await conn.execute(insert(keyed).values({ code: "x" }))).insertedPrimaryKey).toEqual({
      code: "x",
      part: "made",
    });
    expect((await conn.execute(insert(plain).values({ id: 7, a: 1 }))).insertedPrimaryKey).toEqual({ id: 7 });
    expect((await conn.execute(insert(plain).values({ id: 8, a: func.abs(literal(-1)) }))).insertedPrimaryKey).toEqual({
      id: 8,
    });
  });

  test("is the one among the rows of RETURNING", async () => {
    const { conn } = await open({}, () => ({ rows: [[5, 44]], rowCount: 1 }));
    const result = await conn.execute(insert(plain).values({ a: 5 }).returning(plain.c.a, plain.c.id));
    expect(result.insertedPrimaryKey).toEqual({ id: 44 });
    expect(result.all()).toEqual([{ a: 5, id: 44 }]);
  });

  test("is undefined where it is not known, and for what inserts nothing", async () => {
    const { conn } = await open({}, () => ({ rowCount: 1 }));
    expect((await conn.execute(insert(plain).values({ a: 1 }))).insertedPrimaryKey).toBeUndefined();
    expect(
      (await conn.execute(insert(keyed).values({ code: func.lower(literal("X")) }))).insertedPrimaryKey,
    ).toBeUndefined();
    expect((await conn.execute(insert(plain).fromSelect(["a"], select(plain.c.a)))).insertedPrimaryKey).toBeUndefined();
    expect((await conn.execute(update(plain).set({ a: 1 }))).insertedPrimaryKey).toBeUndefined();
  });
});
