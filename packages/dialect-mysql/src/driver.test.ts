import { ConnectionLostError, parseUrl } from "@acme/core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import type { MySQLConnection } from "./connection.js";
import { mysql2Driver } from "./index.js";
import { admin, provision, type TestDatabase } from "./test-support.js";

const { mariadb } = inject("databases");
const serverUrl = mariadb.available ? mariadb.url : "";
let database: TestDatabase;
const open: MySQLConnection[] = [];

/** A connection that is closed after the test file. */
async function connect(options: Readonly<Record<string, unknown>> = {}): Promise<MySQLConnection> {
  const given = parseUrl(database.url).connectOptions;
  const connection = (await mysql2Driver.connect({ ...given, options })) as MySQLConnection;
  open.push(connection);
  return connection;
}

const rows = async (
  connection: MySQLConnection,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<readonly (readonly unknown[])[]> => (await connection.execute(sql, parameters, {})).rows;

/** How many statements the server has prepared for a connection. */
const prepared = async (connection: MySQLConnection): Promise<number> =>
  Number((await rows(connection, "SHOW SESSION STATUS LIKE 'Prepared_stmt_count'"))[0]?.[1]);

describe.skipIf(!mariadb.available)("[mariadb] the mysql2 adapter", () => {
  let db: MySQLConnection;

  beforeAll(async () => {
    database = await provision(serverUrl);
    db = await connect();
    await db.execute("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, n INT, v VARCHAR(20))", [], {
      prepare: false,
    });
  });

  beforeEach(async () => {
    await db.execute("DELETE FROM t", [], { prepare: false });
  });

  afterAll(async () => {
    await Promise.all(open.map((connection) => connection.close()));
    await database?.drop();
  });

  test("[MY5][MY6] a session begins with UTF-8, UTC and strict mode", async () => {
    const [[names, zone, mode] = []] = await rows(db, "SELECT @@character_set_client, @@time_zone, @@sql_mode");
    expect([names, zone]).toEqual(["utf8mb4", "+00:00"]);
    expect(mode).toContain("STRICT_TRANS_TABLES");
    await expect(db.execute("INSERT INTO t (v) VALUES (?)", ["x".repeat(21)], {})).rejects.toThrow("Data too long");
  });

  test("the sql_mode can be set, or left as the server has it", async () => {
    const mode = async (sqlMode: unknown): Promise<unknown> =>
      (await rows(await connect({ sqlMode }), "SELECT @@sql_mode"))[0]?.[0];
    expect(await mode("ANSI_QUOTES,STRICT_ALL_TABLES")).toBe("ANSI_QUOTES,STRICT_ALL_TABLES");
    expect(await mode("")).toBe("");
    expect(await mode(false)).toBe((await rows(db, "SELECT @@global.sql_mode"))[0]?.[0]);
  });

  test("[MY2] says product and version", async () => {
    const { product, version } = await db.serverVersion();
    expect(product).toBe("MariaDB");
    expect(version[0]).toBeGreaterThanOrEqual(10);
  });

  test("[MY12] gives columns, rows, counts and the generated key", async () => {
    const first = await db.execute("INSERT INTO t (n, v) VALUES (?, ?)", [1, "a"], { prepare: true });
    expect(first).toMatchObject({ rows: [], columns: [], rowCount: 1 });
    const id = first.lastInsertId as number;
    expect((await db.execute("INSERT INTO t (n) VALUES (?)", [2], { prepare: true })).lastInsertId).toBe(id + 1);
    const read = await db.execute("SELECT n, v, n AS n FROM t ORDER BY id", [], { prepare: true });
    expect(read.columns).toEqual(["n", "v", "n"]);
    expect(read.rows).toEqual([
      [1, "a", 1],
      [2, null, 2],
    ]);
    expect(read.rowCount).toBe(2);
  });

  test("a generated key beyond 2^53 is exact", async () => {
    await db.execute(
      "CREATE TABLE large (id BIGINT AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = 9007199254740993",
      [],
      { prepare: false },
    );
    expect((await db.execute("INSERT INTO large () VALUES ()", [], {})).lastInsertId).toBe(9007199254740993n);
  });

  test("[MY9] the count of an UPDATE is of the rows that matched, changed or not", async () => {
    await db.execute("INSERT INTO t (n) VALUES (1), (1), (2)", [], {});
    expect((await db.execute("UPDATE t SET n = 1 WHERE n = ?", [1], {})).rowCount).toBe(2);
  });

  test("[MY12] rows of RETURNING come in the order of the input", async () => {
    const sql = "INSERT INTO t (n) VALUES (?), (?) RETURNING n, id";
    const result = await db.executeMany(
      sql,
      [
        [30, 10],
        [20, 40],
      ],
      { returnsRows: true },
    );
    expect(result.rows.map(([n]) => n)).toEqual([30, 10, 20, 40]);
    const ids = result.rows.map(([, id]) => id as number);
    expect([...ids].sort((a, b) => a - b)).toEqual(ids);
    expect(result.rowCount).toBe(4);
  });

  test("executeMany sums counts and stops at the first failure", async () => {
    await db.executeMany(
      "INSERT INTO t (id, n) VALUES (?, ?)",
      [
        [1, 1],
        [2, 1],
        [3, 2],
      ],
      {},
    );
    expect(
      (
        await db.executeMany(
          "UPDATE t SET v = ? WHERE n = ?",
          [
            ["a", 1],
            ["b", 2],
            ["c", 9],
          ],
          {},
        )
      ).rowCount,
    ).toBe(3);
    await expect(db.executeMany("INSERT INTO t (id) VALUES (?)", [[7], [1], [8]], {})).rejects.toThrow(
      "Duplicate entry '1'",
    );
    expect(await rows(db, "SELECT id FROM t ORDER BY id")).toEqual([[1], [2], [3], [7]]);
  });

  test("a prepared statement is kept by its text, and not kept when that is asked", async () => {
    const fresh = await connect();
    await fresh.execute("SELECT ? + 1", [1], { prepare: true });
    await fresh.execute("SELECT ? + 1", [2], { prepare: true });
    expect(await prepared(fresh)).toBe(await prepared(fresh));
    const before = await prepared(fresh);
    await fresh.execute("SELECT ? + 2", [1], { prepare: false });
    await fresh.executeMany("DELETE FROM t WHERE id = ?", [[1], [2]], { prepare: false });
    await expect(fresh.execute("SELECT ? + nope", [1], { prepare: false })).rejects.toThrow("Unknown column");
    expect(await prepared(fresh)).toBe(before);
  });

  test("the oldest prepared statements go when there are too many", async () => {
    const fresh = await connect({ maxPreparedStatements: 5 });
    const before = await prepared(fresh);
    for (let i = 0; i < 20; i++) await fresh.execute(`SELECT ? + ${i}`, [1], { prepare: true });
    expect((await prepared(fresh)) - before).toBe(5);
    expect((await fresh.execute("SELECT ? + 0", [41], { prepare: true })).rows).toEqual([[41]]);
  });

  test("a wrong number of values is refused, for which the driver alone would send garbage", async () => {
    await expect(db.execute("SELECT ?", [1, 2], {})).rejects.toThrow(
      "The statement has 1 placeholders but was given 2 values.",
    );
    await expect(db.execute("SELECT ? + ?", [1], {})).rejects.toMatchObject({ code: "PARAMETER_COUNT" });
    await expect(db.execute("SELECT ?", [1, 2], {})).rejects.toMatchObject({ code: "PARAMETER_COUNT" });
    expect(await rows(db, "SELECT ?", [1])).toEqual([[1]]);
  });

  test("text without parameters that cannot be prepared is sent as it is, question marks and all", async () => {
    expect(await rows(db, "SHOW TABLES LIKE 't'")).toEqual([["t"]]);
    expect(await rows(db, "SELECT 'why?'")).toEqual([["why?"]]);
    await db.execute("CREATE PROCEDURE two() BEGIN SELECT 1 AS a; SELECT 2 AS b; END", [], { prepare: false });
    const called = await db.execute("CALL two()", [], {});
    expect([called.columns, called.rows]).toEqual([["a"], [[1]]]);
  });

  test("several statements in one text are refused", async () => {
    await expect(db.execute("SELECT 1; DROP TABLE t", [], {})).rejects.toMatchObject({ errno: 1064 });
  });

  describe("transactions", () => {
    test("[MY4] begin, savepoints, commit, rollback", async () => {
      await db.begin({});
      await db.execute("INSERT INTO t (n) VALUES (1)", [], {});
      await db.savepoint("a`b");
      await db.execute("INSERT INTO t (n) VALUES (2)", [], {});
      await db.rollbackToSavepoint("a`b");
      await db.savepoint("second");
      await db.execute("INSERT INTO t (n) VALUES (3)", [], {});
      await db.releaseSavepoint("second");
      await db.commit();
      expect(await rows(db, "SELECT n FROM t ORDER BY n")).toEqual([[1], [3]]);
      await db.begin({});
      await db.execute("DELETE FROM t", [], {});
      await db.rollback();
      expect(await rows(db, "SELECT count(*) FROM t")).toEqual([[2]]);
    });

    test("a read-only transaction refuses changes", async () => {
      await db.begin({ readOnly: true });
      await expect(db.execute("INSERT INTO t (n) VALUES (1)", [], {})).rejects.toMatchObject({ errno: 1792 });
      await db.rollback();
    });

    test("[MY4] the level of one transaction, and of all that follow until the connection goes back", async () => {
      const other = await connect();
      const sees = async (): Promise<unknown> => (await rows(db, "SELECT count(*) FROM t"))[0]?.[0];
      await db.begin({ isolationLevel: "READ COMMITTED" });
      expect(await sees()).toBe(0);
      await other.execute("INSERT INTO t (n) VALUES (1)", [], {});
      expect(await sees()).toBe(1);
      await db.commit();
      await db.begin({});
      expect(await sees()).toBe(1);
      await other.execute("INSERT INTO t (n) VALUES (2)", [], {});
      expect(await sees()).toBe(1);
      await db.commit();

      const level = async (): Promise<unknown> => (await rows(db, "SELECT @@tx_isolation"))[0]?.[0];
      await db.setIsolationLevel("SERIALIZABLE");
      await db.setIsolationLevel("READ UNCOMMITTED");
      expect(await level()).toBe("READ-UNCOMMITTED");
      await db.reset();
      expect(await level()).toBe("REPEATABLE-READ");
      await expect(db.begin({ isolationLevel: "SNAPSHOT" })).rejects.toThrow(
        "MySQL and MariaDB have no isolation level SNAPSHOT. They have: READ UNCOMMITTED,",
      );
    });

    test("[POOL17] reset rolls back what is open, also what began as text, and asks nothing when nothing is", async () => {
      expect(db.reset()).toBeUndefined();
      await db.begin({});
      await db.execute("INSERT INTO t (n) VALUES (1)", [], {});
      await db.reset();
      await db.execute("BEGIN", [], {});
      await db.execute("INSERT INTO t (n) VALUES (2)", [], { prepare: true });
      await db.reset();
      await db.execute("SET autocommit = 0", [], {});
      await db.execute("INSERT INTO t (n) VALUES (3)", [], { prepare: true });
      await db.reset();
      expect(await rows(db, "SELECT count(*) FROM t")).toEqual([[0]]);
      expect(await rows(db, "SELECT @@autocommit")).toEqual([[1]]);
      expect(db.reset()).toBeUndefined();
    });
  });

  describe("streams", () => {
    const numbers = "SELECT seq, concat('row ', seq) FROM seq_1_to_10000 WHERE seq > ?";

    test("[MY8] rows come in batches, in order, with their columns", async () => {
      const stream = db.stream(numbers, [0], { batchSize: 1000 });
      const sizes: number[] = [];
      let next = 1;
      for await (const batch of stream) {
        sizes.push(batch.length);
        for (const [n, text] of batch) {
          expect([n, text]).toEqual([next, `row ${next}`]);
          next += 1;
        }
      }
      expect(stream.columns).toEqual(["seq", "concat('row ', seq)"]);
      expect(sizes).toEqual(new Array(10).fill(1000));
    });

    test("a slow reader holds the server back instead of filling memory", async () => {
      const wide = "SELECT repeat('x', 10000) FROM seq_1_to_20000 WHERE seq > ?";
      const connection = await connect();
      let taken = 0;
      for await (const batch of connection.stream(wide, [0], { batchSize: 100 })) {
        taken += batch.length;
        if (taken > 500) break;
        await new Promise((resolve) => setTimeout(resolve, 5));
        const { bytesRead } = (connection.native as unknown as { stream: { bytesRead: number } }).stream;
        // 200 MB are there to be sent; what has come is what was taken, and what fits into the buffers on the way.
        expect(bytesRead).toBeLessThan(30_000_000);
      }
      expect(taken).toBe(600);
    });

    test("text without parameters streams too, and a statement without rows gives none", async () => {
      const taken: unknown[] = [];
      for await (const batch of db.stream("SHOW TABLES LIKE 't'", [], { batchSize: 2, prepare: false }))
        taken.push(...batch);
      expect(taken).toEqual([["t"]]);
      for await (const batch of db.stream("INSERT INTO t (n) VALUES (?)", [5], { batchSize: 2 })) taken.push(batch);
      expect(taken).toEqual([["t"]]);
      expect(await rows(db, "SELECT n FROM t")).toEqual([[5]]);
    });

    test("leaving early frees the connection at once, even when very much is left", async () => {
      const endless = "SELECT a.seq FROM seq_1_to_1000000 AS a, seq_1_to_1000000 AS b WHERE a.seq > ?";
      for await (const batch of db.stream(endless, [0], { batchSize: 10 })) {
        expect(batch.length).toBe(10);
        break;
      }
      expect(await rows(db, "SELECT 1")).toEqual([[1]]);
      for await (const batch of db.stream(numbers, [9990], { batchSize: 3 })) {
        expect(batch.length).toBe(3);
        break;
      }
      expect(await rows(db, "SELECT 2")).toEqual([[2]]);
    });

    test("an error comes out of the loop, at the beginning or on the way", async () => {
      const read = async (sql: string, parameters: readonly unknown[]): Promise<number> => {
        let count = 0;
        for await (const batch of db.stream(sql, parameters, { batchSize: 10 })) count += batch.length;
        return count;
      };
      await expect(read("SELECT nope FROM t WHERE n = ?", [1])).rejects.toMatchObject({ errno: 1054 });
      await expect(read("SELECT ?", [1, 2])).rejects.toMatchObject({ code: "PARAMETER_COUNT" });
      await expect(read("SELECT ?", [Symbol("s")])).rejects.toMatchObject({ code: "BAD_PARAMETER" });
      const halfway =
        "SELECT CASE WHEN seq < 500 THEN seq ELSE (SELECT a.seq FROM seq_1_to_2 AS a) END FROM seq_1_to_1000 WHERE seq > ?";
      await expect(read(halfway, [0])).rejects.toMatchObject({ errno: 1242 });
      expect(await read(numbers, [9000])).toBe(1000);
    });

    test("a lost connection ends the loop", async () => {
      const doomed = await connect();
      const loop = async (): Promise<void> => {
        let first = true;
        for await (const _batch of doomed.stream("SELECT seq, sleep(0.001) FROM seq_1_to_100000 WHERE seq > ?", [0], {
          batchSize: 1,
        })) {
          if (first) await admin(serverUrl, `KILL ${doomed.native.threadId}`);
          first = false;
        }
      };
      const error = await loop().then(
        () => undefined,
        (failure: unknown) => failure,
      );
      expect(mysql2Driver.classify(error)).toMatchObject({ kind: "connectionLost", disconnected: true });
    });
  });

  describe("stopping a statement", () => {
    test("an AbortSignal kills the statement on the server, and the connection goes on", async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      const slow = db.execute("SELECT sleep(?)", [30], { signal: controller.signal });
      const error = await slow.then(
        () => undefined,
        (failure: unknown) => failure,
      );
      expect(mysql2Driver.classify(error).kind).toBe("cancelled");
      expect(await rows(db, "SELECT 1")).toEqual([[1]]);
    });

    test("a timeout does the same", async () => {
      const slow = db.execute("SELECT count(*) FROM seq_1_to_1000000 AS a, seq_1_to_1000000 AS b", [], {
        timeout: 50,
        prepare: true,
      });
      await expect(slow).rejects.toMatchObject({ errno: 1317 });
      expect((await db.execute("SELECT sleep(0)", [], { timeout: 10_000 })).rows).toEqual([[0]]);
    });

    test("a signal that has fired sends nothing", async () => {
      const signal = AbortSignal.abort();
      await expect(db.execute("INSERT INTO t (n) VALUES (1)", [], { signal })).rejects.toMatchObject({
        code: "CANCELLED",
      });
      await expect(
        db.stream("INSERT INTO t (n) VALUES (1)", [], { signal, batchSize: 1 })[Symbol.asyncIterator]().next(),
      ).rejects.toMatchObject({ code: "CANCELLED" });
      expect(await rows(db, "SELECT count(*) FROM t")).toEqual([[0]]);
    });

    test("a kill that comes too late hits nothing, whenever it comes", async () => {
      for (let i = 0; i < 40; i++) {
        const controller = new AbortController();
        const timer = setTimeout(() => controller.abort(), i / 10);
        const error = await db
          .execute("SELECT sleep(0.002)", [], { signal: controller.signal, prepare: true })
          .then(() => undefined, String);
        expect(error ?? "").toMatch(/^$|interrupted|CancelledError/);
        clearTimeout(timer);
        expect(await rows(db, "SELECT ?", [i])).toEqual([[i]]);
      }
    });

    test("a stream is stopped as well", async () => {
      const controller = new AbortController();
      const loop = async (): Promise<void> => {
        for await (const _batch of db.stream(
          "SELECT a.seq FROM seq_1_to_1000000 AS a, seq_1_to_1000000 AS b WHERE a.seq > ?",
          [0],
          { batchSize: 100, signal: controller.signal },
        )) {
          controller.abort();
        }
      };
      await expect(loop()).rejects.toMatchObject({ errno: 1317 });
      expect(await rows(db, "SELECT 1")).toEqual([[1]]);
    });
  });

  describe("lost connections", () => {
    const kindOf = async (work: Promise<unknown>): Promise<unknown> => {
      const error = await work.then(
        () => undefined,
        (failure: unknown) => failure,
      );
      return mysql2Driver.classify(error);
    };

    test("[ENG77] a connection killed while idle does not end the process; the next statement says that it is lost", async () => {
      const doomed = await connect();
      await admin(serverUrl, `KILL ${doomed.native.threadId}`);
      await expect.poll(() => doomed.broken).toBe(true);
      expect(await kindOf(doomed.execute("SELECT 1", [], {}))).toMatchObject({
        kind: "connectionLost",
        disconnected: true,
      });
      expect(await kindOf(doomed.ping())).toMatchObject({ kind: "connectionLost" });
      expect(await kindOf(Promise.resolve(doomed.begin({})))).toMatchObject({ kind: "connectionLost" });
      await doomed.close();
    });

    test("[ENG77] a connection killed in a statement rejects it", async () => {
      const doomed = await connect();
      const slow = kindOf(doomed.execute("SELECT sleep(?)", [30], {}));
      await new Promise((resolve) => setTimeout(resolve, 50));
      await admin(serverUrl, `KILL ${doomed.native.threadId}`);
      expect(await slow).toMatchObject({ disconnected: true, kind: "connectionLost" });
      expect(doomed.broken).toBe(true);
      await doomed.close();
    });

    test("a closed connection refuses work, and closing it again is nothing", async () => {
      const closed = await connect();
      await closed.close();
      await closed.close();
      await expect(closed.execute("SELECT 1", [], {})).rejects.toBeInstanceOf(ConnectionLostError);
    });

    test("closing does not wait for a stream that is half read, nor for a statement under way", async () => {
      const streaming = await connect();
      const loop = async (): Promise<void> => {
        let batches = 0;
        for await (const _batch of streaming.stream("SELECT seq FROM seq_1_to_1000000 WHERE seq > ?", [0], {
          batchSize: 1,
        })) {
          batches += 1;
          if (batches === 1) await streaming.close();
          expect(batches).toBe(1);
        }
      };
      await expect(loop()).rejects.toBeInstanceOf(ConnectionLostError);

      const busy = await connect();
      const slow = busy.execute("SELECT sleep(?)", [30], {});
      const failing = expect(slow).rejects.toBeInstanceOf(ConnectionLostError);
      await busy.close();
      await failing;
    });

    test("[POOL13] ping is true while the server is there", async () => {
      expect(await db.ping()).toBe(true);
    });
  });

  describe("failing to connect", () => {
    const attempt = (changes: Readonly<Record<string, unknown>>): Promise<unknown> =>
      Promise.resolve(mysql2Driver.connect({ ...parseUrl(database.url).connectOptions, ...changes })).then(
        () => undefined,
        (failure: unknown) => mysql2Driver.classify(failure),
      );

    test("nobody listens, no such host, no such user, no such database", async () => {
      expect(await attempt({ port: 1 })).toMatchObject({ kind: "connect", nativeCode: "ECONNREFUSED" });
      expect(await attempt({ host: "no-such-host.invalid" })).toMatchObject({ kind: "connect" });
      expect(await attempt({ username: "nobody", password: "wrong" })).toMatchObject({ kind: "connect" });
      expect(await attempt({ database: "no_such_database" })).toMatchObject({ nativeCode: "1049" });
    });

    test("a server that demands no TLS is refused when TLS is asked for", async () => {
      expect(await attempt({ options: { ssl: "no-verify" } })).toMatchObject({ kind: "connect" });
    });
  });
});
