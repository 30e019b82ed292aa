import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ArgumentError,
  CheckViolationError,
  ConnectError,
  type Connection,
  createEngine,
  DataError,
  DriverMissingError,
  type Engine,
  type EngineOptions,
  ForeignKeyViolationError,
  IntegrityError,
  InterfaceError,
  LockTimeoutError,
  NotNullViolationError,
  NotSupportedError,
  OperationalError,
  PoolTimeoutError,
  ProgrammingError,
  SerializationError,
  StatementTimeoutError,
  sql,
  UniqueViolationError,
} from "@acme/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SqliteDialect } from "./dialect.js";
import { betterSqlite3, nodeSqlite } from "./driver.js";
import "./index.js";
import { loadNodeSqlite } from "./node-sqlite.js";

const folder = mkdtempSync(join(tmpdir(), "acme-sqlite-"));
const open: Engine[] = [];
let files = 0;

/** Which driver the tests of a block use. */
let driver = "better-sqlite3";

/** An engine on a database of its own, in memory or in a file. */
function engineOn(database: string, options: EngineOptions = {}): Engine {
  const engine = createEngine({
    dialect: new SqliteDialect(),
    driver,
    connection: { database, ...options.connection },
    ...withoutConnection(options),
  });
  open.push(engine);
  return engine;
}

function withoutConnection({ connection: _connection, ...rest }: EngineOptions): EngineOptions {
  return rest;
}

function newFile(): string {
  files += 1;
  return join(folder, `test${files}.db`);
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.dispose()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(["better-sqlite3", "node"])("[sqlite] the adapter of %s", (name) => {
  beforeAll(() => {
    driver = name;
  });
  let conn: Connection;
  beforeEach(async () => {
    conn = await engineOn(":memory:").connect();
    for (const text of [
      "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, age INTEGER CONSTRAINT grown_up CHECK (age > 17))",
      "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id))",
      "CREATE TABLE strict_one (n INTEGER) STRICT",
      "CREATE TABLE city (name TEXT)",
      "CREATE UNIQUE INDEX lower_name ON city (lower(name))",
      "INSERT INTO city VALUES ('Rome')",
      "INSERT INTO parent (id, name, age) VALUES (1, 'alice', 30), (2, 'bob', 40)",
    ]) {
      await conn.executeDriverSql(text);
    }
  });
  afterEach(() => conn.close());

  const failing = (text: string, ...parameters: unknown[]) =>
    conn.executeDriverSql(text, parameters).catch((error: unknown) => error);

  test.each([
    ["INSERT INTO parent (id, name) VALUES (1, 'x')", UniqueViolationError, "SQLITE_CONSTRAINT_PRIMARYKEY", undefined],
    ["INSERT INTO parent (name) VALUES ('alice')", UniqueViolationError, "SQLITE_CONSTRAINT_UNIQUE", undefined],
    ["INSERT INTO city (name) VALUES ('ROME')", UniqueViolationError, "SQLITE_CONSTRAINT_UNIQUE", "lower_name"],
    ["INSERT INTO child (parent_id) VALUES (99)", ForeignKeyViolationError, "SQLITE_CONSTRAINT_FOREIGNKEY", undefined],
    ["INSERT INTO parent (name) VALUES (NULL)", NotNullViolationError, "SQLITE_CONSTRAINT_NOTNULL", undefined],
    ["INSERT INTO parent (name, age) VALUES ('kid', 5)", CheckViolationError, "SQLITE_CONSTRAINT_CHECK", "grown_up"],
  ])("[ENG72] %s is its kind of integrity error", async (text, errorClass, nativeCode, constraint) => {
    const error = await failing(text);
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toBeInstanceOf(IntegrityError);
    expect(error).toMatchObject({ nativeCode, constraint, statement: text, disconnected: false });
  });

  test.each([
    ["SELEC 1", ProgrammingError],
    ["SELECT * FROM nowhere", ProgrammingError],
    ["SELECT nothing FROM parent", ProgrammingError],
    ["SELECT ?", ProgrammingError],
    ["SELECT 1; SELECT 2", ProgrammingError],
    ["INSERT INTO strict_one VALUES ('x')", DataError],
    ["SELECT json('{')", DataError],
    ["SELECT abs(-9223372036854775808)", DataError],
    ["INSERT INTO parent (id, name) VALUES ('x', 'y')", DataError],
  ])("%s is an error of its class", async (text, errorClass) => {
    expect(await failing(text)).toBeInstanceOf(errorClass);
  });

  test("stored procedures are refused: SQLite has none", async () => {
    await expect(conn.callProcedure("p", [1])).rejects.toThrow(/sqlite has no stored procedures/);
    expect(await conn.executeDriverSql("SELECT 1").scalar()).toBe(1);
  });

  test("too many values are a programming error, a value of no SQL type is a data error", async () => {
    expect(await failing("SELECT ?", 1, 2)).toBeInstanceOf(ProgrammingError);
    expect(await failing("SELECT ?", Symbol("x"))).toBeInstanceOf(DataError);
    expect(await failing("SELECT ?", [1])).toBeInstanceOf(DataError);
  });

  test("an error of a trigger is an integrity error", async () => {
    await conn.executeDriverSql(
      "CREATE TRIGGER no_bob BEFORE DELETE ON parent BEGIN SELECT RAISE(ABORT, 'bob stays'); END",
    );
    expect(await failing("DELETE FROM parent")).toMatchObject({
      code: "INTEGRITY_ERROR",
      message: expect.stringContaining("bob stays"),
    });
  });

  test("an error leaves the connection usable", async () => {
    await failing("SELEC 1");
    expect((await conn.executeDriverSql("SELECT count(*) AS n FROM parent").all())[0]).toEqual({ n: 2 });
  });

  test("integers of text statements are exact: numbers where a number can be, bigint beyond", async () => {
    const row = await conn
      .executeDriverSql(
        "SELECT 9007199254740991 AS a, 9007199254740993 AS b, -9223372036854775808 AS c, 1.5 AS d, 7 AS e",
      )
      .first();
    expect(row).toEqual({ a: 9007199254740991, b: 9007199254740993n, c: -9223372036854775808n, d: 1.5, e: 7 });
  });

  test("a generated key beyond 2^53 is exact", async () => {
    await conn.executeDriverSql("INSERT INTO child (id) VALUES (?)", [9007199254740993n]);
    expect((await conn.executeDriverSql("INSERT INTO child DEFAULT VALUES")).lastInsertId).toBe(9007199254740994n);
    expect((await conn.executeDriverSql("INSERT INTO parent (name) VALUES ('carol')")).lastInsertId).toBe(3);
  });

  test("an INSERT that inserts nothing reports no key", async () => {
    const result = await conn.executeDriverSql("INSERT INTO parent (name) VALUES ('alice') ON CONFLICT DO NOTHING");
    expect([result.rowCount, result.lastInsertId]).toEqual([0, undefined]);
  });

  test("changes are counted, queries count their rows, DDL counts nothing", async () => {
    const counts: number[] = [];
    for (const text of [
      "UPDATE parent SET age = 50",
      "SELECT * FROM parent",
      "CREATE TABLE other (id INTEGER)",
      "UPDATE parent SET age = 51 WHERE id = 1 RETURNING id",
    ]) {
      counts.push((await conn.executeDriverSql(text)).rowCount);
    }
    expect(counts).toEqual([2, 2, 0, 1]);
  });

  test("prepared statements are kept, and follow changes of the schema", async () => {
    const all = sql`SELECT * FROM parent WHERE id = ${1}`;
    expect(await conn.execute(all).one()).toEqual({ id: 1, name: "alice", age: 30 });
    await conn.executeDriverSql("ALTER TABLE parent ADD COLUMN extra TEXT DEFAULT 'x'");
    expect(await conn.execute(all).one()).toEqual({ id: 1, name: "alice", age: 30, extra: "x" });
    await conn.executeDriverSql("ALTER TABLE parent RENAME COLUMN extra TO more");
    expect(await conn.execute(all).one()).toEqual({ id: 1, name: "alice", age: 30, more: "x" });
    await conn.executeDriverSql("DROP TABLE child");
    await conn.executeDriverSql("DROP TABLE parent");
    await expect(conn.execute(all).one()).rejects.toThrow(ProgrammingError);
  });

  test("[LT4] foreign keys are enforced unless told otherwise", async () => {
    await using lax = await engineOn(":memory:", { connection: { options: { foreignKeys: false } } }).connect();
    expect(await conn.executeDriverSql("PRAGMA foreign_keys").scalar()).toBe(1);
    expect(await lax.executeDriverSql("PRAGMA foreign_keys").scalar()).toBe(0);
  });

  test("[LT5, ENG50] savepoints nest, and undo what is theirs", async () => {
    const names = () => conn.executeDriverSql("SELECT name FROM parent ORDER BY id").scalars();
    await conn.transaction(async () => {
      await conn.executeDriverSql("INSERT INTO parent (name) VALUES ('outer')");
      await conn
        .transaction(async () => {
          await conn.executeDriverSql("INSERT INTO parent (name) VALUES ('inner')");
          await conn.transaction(() => conn.executeDriverSql("INSERT INTO parent (name) VALUES ('innermost')"));
          expect(await names()).toEqual(["alice", "bob", "outer", "inner", "innermost"]);
          throw new RangeError("no");
        })
        .catch(() => undefined);
    });
    expect(await names()).toEqual(["alice", "bob", "outer"]);
  });

  test("a COMMIT that deferred foreign keys refuse rolls back, and the connection is free again", async () => {
    await conn.executeDriverSql(
      "CREATE TABLE late (parent_id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
    );
    const outcome = conn.transaction(() => conn.executeDriverSql("INSERT INTO late VALUES (99)"));
    await expect(outcome).rejects.toThrow(ForeignKeyViolationError);
    expect(await conn.executeDriverSql("SELECT count(*) FROM late").scalar()).toBe(0);
    await conn.transaction(() => conn.executeDriverSql("INSERT INTO late VALUES (1)"));
    expect(await conn.executeDriverSql("SELECT count(*) FROM late").scalar()).toBe(1);
  });

  test("a read-only transaction refuses to write, and the next one does not", async () => {
    const writing = () => conn.executeDriverSql("INSERT INTO parent (name) VALUES ('carol')");
    await expect(conn.transaction(writing, { readOnly: true })).rejects.toMatchObject({
      nativeCode: "SQLITE_READONLY",
    });
    await conn.transaction(writing);
  });

  test("[LT6] isolation levels that SQLite has are taken, others are refused by name", async () => {
    await conn.transaction(async () => undefined, { isolationLevel: "SERIALIZABLE" });
    await conn.transaction(
      async () => {
        expect(await conn.executeDriverSql("PRAGMA read_uncommitted").scalar()).toBe(1);
      },
      { isolationLevel: "READ UNCOMMITTED" },
    );
    expect(await conn.executeDriverSql("PRAGMA read_uncommitted").scalar()).toBe(0);
    await expect(conn.begin({ isolationLevel: "REPEATABLE READ" })).rejects.toThrow(
      /no isolation level REPEATABLE READ.*READ UNCOMMITTED, SERIALIZABLE/,
    );
    await expect(conn.begin({ deferrable: true })).rejects.toThrow(NotSupportedError);
    expect(conn.inTransaction).toBe(false);
  });

  describe("streams", () => {
    const numbers = sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i, i + 9007199254740000 AS big FROM n`;

    test("[ENG61] read rows while they are asked for", async () => {
      let sum = 0;
      for await (const row of conn.stream(numbers, undefined, { batchSize: 7 })) sum += row.i as number;
      expect(sum).toBe((5000 * 5001) / 2);
    });

    test("read integers exactly", async () => {
      const big: unknown[] = [];
      for await (const value of conn.stream(numbers).scalars(1)) big.push(value);
      expect([big[0], big[990], big[991], big[992]]).toEqual([
        9007199254740001,
        9007199254740991,
        9007199254740992n,
        9007199254740993n,
      ]);
    });

    test("that are left early leave the connection free", async () => {
      for await (const row of conn.stream(numbers)) if (row.i === 3) break;
      await conn.executeDriverSql("INSERT INTO parent (name) VALUES ('carol')");
      for await (const row of conn.stream(numbers)) if (row.i === 3) break;
    });

    test("end when they take longer than allowed", async () => {
      const slow = async () => {
        for await (const rows of conn.stream(numbers, undefined, { timeout: 1, batchSize: 1 }).partitions(1)) {
          if (rows.length > 0) await new Promise((resolve) => setTimeout(resolve, 2));
        }
      };
      await expect(slow()).rejects.toThrow(StatementTimeoutError);
      await conn.executeDriverSql("INSERT INTO parent (name) VALUES ('carol')");
    });

    test("of a statement without rows execute it", async () => {
      for await (const row of conn.stream(sql`UPDATE parent SET age = 77`)) expect(row).toBeUndefined();
      expect(await conn.executeDriverSql("SELECT DISTINCT age FROM parent").scalars()).toEqual([77]);
    });

    test("of wrong SQL fail with its error", async () => {
      await expect(conn.stream(sql`SELECT * FROM nowhere`).scalars().next()).rejects.toThrow(ProgrammingError);
    });
  });
});

describe.each(["better-sqlite3", "node"])("[sqlite] %s brings to SQLite", (name) => {
  beforeAll(() => {
    driver = name;
  });
  const scalar = async (text: string, ...values: unknown[]) => {
    await using conn = await engineOn(":memory:").connect();
    const [row] = await conn.executeDriverSql(text, values).tuples();
    return row?.[0];
  };

  test("[LT8] the operator REGEXP, which finds a pattern of JavaScript anywhere in the text", async () => {
    expect(await scalar("SELECT ? REGEXP ?", "grün", "^gr.n$")).toBe(1);
    expect(await scalar("SELECT ? REGEXP ?", "grün", "^r")).toBe(0);
    expect(await scalar("SELECT NULL REGEXP ?", "x")).toBeNull();
    expect(await scalar("SELECT ? REGEXP NULL", "x")).toBeNull();
    expect(await scalar("SELECT 12 REGEXP '^1'")).toBe(1);
    expect(
      await scalar(
        "SELECT group_concat(v) FROM (SELECT 'ab' AS v, 'a' AS p UNION ALL SELECT 'cd', 'x' UNION ALL SELECT 'ef', 'f$') WHERE v REGEXP p",
      ),
    ).toBe("ab,ef");
    await expect(scalar("SELECT 'x' REGEXP '('")).rejects.toThrow(/Invalid regular expression/);
  });

  test("[LT8] floor(), which rounds down", async () => {
    expect(await scalar("SELECT floor(-1.5)")).toBe(-2);
  });

  test("[ENG18] a database that the caller has opened", async () => {
    const file = newFile();
    let opened = 0;
    const connect = async () => {
      opened += 1;
      if (name === "node") return new (await import("node:sqlite")).DatabaseSync(file);
      return new (await import("better-sqlite3")).default(file);
    };
    const engine = engineOn("", { connection: { connect } });
    await using conn = await engine.connect();
    await conn.executeDriverSql("CREATE TABLE t (id INTEGER PRIMARY KEY, up REFERENCES t)");
    await expect(conn.executeDriverSql("INSERT INTO t VALUES (1, 9)")).rejects.toBeInstanceOf(ForeignKeyViolationError);
    expect(opened).toBe(1);
    expect(existsSync(file)).toBe(true);
  });
});

describe("[sqlite] the driver is chosen in the URL", () => {
  const versionOf = async (url: string) => {
    const engine = createEngine(url);
    open.push(engine);
    await using conn = await engine.connect();
    return [engine.driver.name, await conn.executeDriverSql("SELECT 1").scalar()];
  };

  test("[LT1] better-sqlite3 unless another is named", async () => {
    expect(await versionOf("sqlite://")).toEqual(["better-sqlite3", 1]);
    expect(await versionOf("sqlite+better-sqlite3://")).toEqual(["better-sqlite3", 1]);
  });

  test("[LT1] node:sqlite, which is part of Node.js", async () => {
    expect(await versionOf("sqlite+node://")).toEqual(["node:sqlite", 1]);
  });
});

describe("[sqlite] URIs of files", () => {
  test("[LT3] node:sqlite takes them: one database in memory for all connections of a pool", async () => {
    const name = `shared${newFile().replaceAll(/\W/g, "")}`;
    const engine = createEngine(`sqlite+node:///file:${name}?mode=memory&cache=shared`);
    open.push(engine);
    await using one = await engine.connect();
    await using two = await engine.connect();
    await one.executeDriverSql("CREATE TABLE t (id INTEGER)");
    await one.executeDriverSql("INSERT INTO t VALUES (7)");
    expect(await two.executeDriverSql("SELECT id FROM t").scalar()).toBe(7);
    expect(engine.poolStatus().size).toBe(2);
  });

  test("[LT3] a mode of the URI is kept: a file that must be there is not made", async () => {
    const file = newFile();
    const engine = createEngine(`sqlite+node:///file:${file}?mode=rw`);
    open.push(engine);
    await expect(engine.connect()).rejects.toBeInstanceOf(ConnectError);
    expect(existsSync(file)).toBe(false);
  });

  test("[LT3] what a driver would ignore is refused", async () => {
    await expect(createEngine("sqlite:///file:x?mode=memory").connect()).rejects.toThrow(
      /better-sqlite3 takes no URIs/,
    );
    await expect(createEngine("sqlite:///x.db?mode=ro").connect()).rejects.toThrow(/no option "mode"/);
    await expect(createEngine("sqlite+node:///x.db?nativeBinding=y").connect()).rejects.toThrow(
      /no option "nativeBinding"/,
    );
  });
});

describe.each(["better-sqlite3", "node"])("[sqlite] databases in files, by %s", (name) => {
  beforeAll(() => {
    driver = name;
  });

  test("transactions of one process on several connections wait for each other's lock without blocking the event loop", async () => {
    const engine = engineOn(newFile(), { pool: { max: 4 } });
    await engine.begin((conn) => conn.executeDriverSql("CREATE TABLE t (a INTEGER)"));
    const work = (n: number) =>
      engine.begin(async (conn) => {
        await conn.executeDriverSql("INSERT INTO t VALUES (?)", [n]);
        await new Promise((resolve) => setTimeout(resolve, 5));
      });
    await Promise.all([1, 2, 3, 4].map(work));
    await using conn = await engine.connect();
    expect(await conn.executeDriverSql("SELECT count(*) FROM t").scalar()).toBe(4);
    expect(engine.poolStatus().size).toBeGreaterThan(1);
  });

  test("a statement, a batch and a stream wait for the lock of another connection too", async () => {
    const file = newFile();
    const [first, second] = [engineOn(file), engineOn(file)];
    await using holder = await first.connect();
    await using waiter = await second.connect();
    await holder.executeDriverSql("CREATE TABLE t (a INTEGER)");
    // SQLite looks for a table it does not know yet in the file, which it cannot read while that is locked.
    await waiter.executeDriverSql("SELECT * FROM t");
    const whileLocked = async <T>(work: () => PromiseLike<T>): Promise<T> => {
      await holder.executeDriverSql("BEGIN EXCLUSIVE");
      const outcome = work();
      await new Promise((resolve) => setTimeout(resolve, 10));
      await holder.executeDriverSql("COMMIT");
      return outcome;
    };
    expect((await whileLocked(() => waiter.executeDriverSql("INSERT INTO t VALUES (1)"))).rowCount).toBe(1);
    const insert = waiter.driverConnection.executeMany("INSERT INTO t VALUES (?)", [[2], [3]], {});
    expect(await insert).toMatchObject({ rowCount: 2 });
    expect(
      await whileLocked(async () =>
        waiter.driverConnection.executeMany("INSERT INTO t VALUES (?) RETURNING a", [[4], [5]], {}),
      ),
    ).toMatchObject({ rows: [[4], [5]] });
    expect(
      await whileLocked(async () => waiter.driverConnection.executeMany("INSERT INTO t VALUES (?)", [[6], [7]], {})),
    ).toMatchObject({ rowCount: 2 });
    expect((await whileLocked(() => waiter.stream(sql`SELECT a FROM t ORDER BY a`).scalars().next())).value).toBe(1);
  });

  test("the wait for a lock ends with the statement's time limit, and by its signal", async () => {
    const file = newFile();
    await using holder = await engineOn(file).connect();
    await using waiter = await engineOn(file).connect();
    await holder.executeDriverSql("CREATE TABLE t (a INTEGER)");
    await using _tx = await holder.begin();
    await expect(waiter.executeDriverSql("INSERT INTO t VALUES (1)", [], { timeout: 20 })).rejects.toThrow(
      StatementTimeoutError,
    );
    const controller = new AbortController();
    const waiting = waiter.executeDriverSql("INSERT INTO t VALUES (1)", [], { signal: controller.signal });
    controller.abort(new RangeError("enough"));
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED", cause: { message: "enough" } });
  });

  test("a read-only transaction that cannot begin leaves the connection able to write", async () => {
    const file = newFile();
    await using holder = await engineOn(file).connect();
    await using other = await engineOn(file, {
      connection: { options: { busyTimeout: 0, transaction: "exclusive" } },
    }).connect();
    await holder.executeDriverSql("CREATE TABLE t (a INTEGER)");
    await holder.executeDriverSql("BEGIN EXCLUSIVE");
    await expect(other.begin({ isolationLevel: "READ UNCOMMITTED" })).rejects.toThrow(LockTimeoutError);
    await holder.executeDriverSql("COMMIT");
    expect(await other.executeDriverSql("PRAGMA read_uncommitted").scalar()).toBe(0);
  });

  test("a second writer waits for the lock and gives up with a lock timeout", async () => {
    const file = newFile();
    const [first, second] = [engineOn(file), engineOn(file, { connection: { options: { busyTimeout: 20 } } })];
    await using holder = await first.connect();
    await holder.executeDriverSql("CREATE TABLE t (a INTEGER)");
    const tx = await holder.begin();
    const error = await second
      .begin((conn) => conn.executeDriverSql("INSERT INTO t VALUES (1)"))
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(LockTimeoutError);
    expect(error).toMatchObject({ nativeCode: "SQLITE_BUSY", statement: "BEGIN" });
    await tx.rollback();
    await second.begin((conn) => conn.executeDriverSql("INSERT INTO t VALUES (1)"));
  });

  test("[LT5] a deferred transaction that has read what another has changed since is a serialization failure", async () => {
    const file = newFile();
    const options = {
      connection: { options: { transaction: "deferred", busyTimeout: 0, pragma: "journal_mode=WAL" } },
    };
    const [first, second] = [engineOn(file, options), engineOn(file, options)];
    await using reader = await first.connect();
    await reader.executeDriverSql("CREATE TABLE t (a INTEGER)");
    const outcome = reader.transaction(async () => {
      await reader.executeDriverSql("SELECT * FROM t").all();
      await second.begin((conn) => conn.executeDriverSql("INSERT INTO t VALUES (1)"));
      await reader.executeDriverSql("INSERT INTO t VALUES (2)");
    });
    await expect(outcome).rejects.toThrow(SerializationError);
  });

  test("a read-only file is not written to, and can be read in a transaction", async () => {
    const file = newFile();
    await engineOn(file).begin((conn) => conn.executeDriverSql("CREATE TABLE t (a INTEGER)"));
    const readonly = engineOn(file, { connection: { options: { readonly: true } } });
    expect(await readonly.begin((conn) => conn.executeDriverSql("SELECT count(*) FROM t").scalar())).toBe(0);
    await expect(readonly.begin((conn) => conn.executeDriverSql("INSERT INTO t VALUES (1)"))).rejects.toThrow(
      OperationalError,
    );
  });

  test.each([
    ["a folder that does not exist", () => join(folder, "nowhere", "x.db"), {}],
    ["a folder", () => folder, {}],
    ["a missing file that must exist", () => newFile(), { fileMustExist: true }],
  ])("%s is a ConnectError", async (_what, file, options) => {
    await expect(engineOn(file(), { connection: { options } }).connect()).rejects.toThrow(ConnectError);
  });

  test("a file that is no database is an error when it is first read", async () => {
    const file = newFile();
    const { writeFileSync } = await import("node:fs");
    writeFileSync(file, "this is a text file, and a long one, so that SQLite reads a header from it".repeat(20));
    await expect(engineOn(file).begin((conn) => conn.executeDriverSql("SELECT 1"))).rejects.toMatchObject({
      nativeCode: "SQLITE_NOTADB",
    });
  });

  test("the URL's options reach SQLite", async () => {
    const engine = createEngine(
      `sqlite:///${newFile()}?pragma=journal_mode=WAL&pragma=synchronous=OFF&busyTimeout=1000&foreignKeys=off`,
      { dialect: new SqliteDialect() },
    );
    open.push(engine);
    await using conn = await engine.connect();
    const values: unknown[] = [];
    for (const name of ["journal_mode", "synchronous", "foreign_keys"])
      values.push(await conn.executeDriverSql(`PRAGMA ${name}`).scalar());
    expect(values).toEqual(["wal", 0, 0]);
  });

  test.each([
    [{ nonsense: 1 }, /no option "nonsense".*It has: readonly/],
    [{ busyTimeout: "soon" }, /"busyTimeout" is a whole number/],
    [{ readonly: "maybe" }, /"readonly" is true or false/],
    [{ transaction: "lazy" }, /"transaction" cannot be "lazy".*immediate, deferred, exclusive/],
    [{ pragma: "journal_mode=WAL; DROP TABLE t" }, /is no pragma/],
  ])("the options %j are refused", async (options, message) => {
    await expect(engineOn(":memory:", { connection: { options } }).connect()).rejects.toThrow(message);
  });

  test("a URL with two slashes is refused with the right way to write it", async () => {
    const engine = createEngine("sqlite://app.db", { dialect: new SqliteDialect() });
    await expect(engine.connect()).rejects.toThrow(ArgumentError);
    await expect(engine.connect()).rejects.toThrow(/sqlite:\/\/\/file\.db \(three slashes\)/);
  });
});

describe("[sqlite] the engine's pool", () => {
  test("[LT2, POOL4] a database in memory is one connection that lives as long as the engine", async () => {
    const engine = engineOn(":memory:", { pool: { idleTimeout: 1 } });
    await engine.begin((conn) => conn.executeDriverSql("CREATE TABLE t (a INTEGER)"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await engine.begin((conn) => conn.executeDriverSql("SELECT count(*) FROM t").scalar())).toBe(0);
    expect(engine.poolStatus().limit).toBe(1);
  });

  test("asking for a second connection while holding the first ends with an explanation", async () => {
    const engine = engineOn(newFile(), { pool: { max: 1, acquireTimeout: 20 } });
    const outcome = engine.begin(() => engine.begin(async () => undefined));
    await expect(outcome).rejects.toThrow(PoolTimeoutError);
    await expect(outcome).rejects.toThrow(/one connection.*the caller itself/);
  });

  test("tells SQLite's version", async () => {
    await using conn = await engineOn(":memory:").connect();
    const { product, version } = await conn.driverConnection.serverVersion();
    expect(product).toBe("SQLite");
    expect(version[0]).toBe(3);
    expect(version).toHaveLength(3);
  });

  test("a connection answers a ping until it is closed", async () => {
    const engine = engineOn(":memory:");
    const connection = await betterSqlite3().connect({});
    expect(await connection.ping()).toBe(true);
    await connection.close();
    expect(await connection.ping()).toBe(false);
    expect(engine.driver.classify(errorOf(() => connection.execute("SELECT 1", [], {})))).toMatchObject({
      kind: "connectionLost",
      disconnected: true,
    });
  });
});

describe("the package of the driver", () => {
  let missing: Error;
  beforeAll(() => {
    missing = Object.assign(new TypeError("Cannot find package 'better-sqlite3'"), { code: "ERR_MODULE_NOT_FOUND" });
  });

  test("that is not installed is an error with the line that installs it", async () => {
    const engine = createEngine({ dialect: new SqliteDialect(), driver: betterSqlite3(() => Promise.reject(missing)) });
    const error = await engine.connect().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DriverMissingError);
    expect(error).toMatchObject({
      code: "DRIVER_MISSING",
      cause: missing,
      remedy: expect.stringContaining("npm install better-sqlite3"),
    });
  });

  test("that this Node.js does not have, or has in an old form, is an error that names the version", async () => {
    const unknown = Object.assign(new TypeError("No such built-in module: node:sqlite"), {
      code: "ERR_UNKNOWN_BUILTIN_MODULE",
    });
    const old = class {
      prepare(): object {
        return { sourceSQL: "" };
      }
      close(): void {}
    };
    for (const load of [() => Promise.reject(unknown), () => Promise.resolve({ DatabaseSync: old })]) {
      const engine = createEngine({ dialect: new SqliteDialect(), driver: nodeSqlite(() => loadNodeSqlite(load)) });
      const error = await engine.connect().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(DriverMissingError);
      expect(error).toMatchObject({ code: "DRIVER_TOO_OLD", remedy: expect.stringContaining("22.16") });
    }
  });

  test("that cannot be loaded is a ConnectError with its reason", async () => {
    const engine = createEngine({
      dialect: new SqliteDialect(),
      driver: betterSqlite3(() => Promise.reject(new TypeError("invalid ELF header"))),
    });
    await expect(engine.connect()).rejects.toThrow(/Cannot connect to sqlite: invalid ELF header/);
    expect(new SqliteDialect().drivers["better-sqlite3"]?.classify(new TypeError("who knows"))).toMatchObject({
      kind: "interface",
    });
    expect(InterfaceError.defaultCode).toBe("INTERFACE_ERROR");
  });
});

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new TypeError("nothing was thrown");
}
