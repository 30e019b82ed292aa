import {
  CheckViolationError,
  ConnectError,
  ConnectionLostError,
  check,
  createEngine,
  type DatabaseError,
  DataError,
  DeadlockError,
  type Engine,
  ForeignKeyViolationError,
  insert,
  integer,
  LockTimeoutError,
  MetaData,
  NotNullViolationError,
  NotSupportedError,
  ProgrammingError,
  select,
  sql,
  string,
  Table,
  UniqueViolationError,
  update,
} from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { classify } from "./classify.js";
import "./index.js";
import { admin, provision, type TestDatabase } from "./test-support.js";

const { mariadb } = inject("databases");
const serverUrl = mariadb.available ? mariadb.url : "";

const metadata = new MetaData();
const parents = new Table(
  "parents",
  metadata,
  { id: integer().primaryKey(), name: string(10).unique("uq_parents_name"), size: integer() },
  {
    constraints: (c) => [check(c.size.gt(0), { name: "ck_size" })],
  },
);
const children = new Table("children", metadata, {
  id: integer().primaryKey(),
  parentId: integer().references(() => parents.c.id, { name: "fk_parent" }),
});

describe.skipIf(!mariadb.available)("[mariadb] errors are the toolkit's, with the server's number", () => {
  let database: TestDatabase;
  let engine: Engine;

  beforeAll(async () => {
    database = await provision(serverUrl);
    engine = createEngine(database.url);
    await metadata.createAll(engine);
    await engine.begin((conn) =>
      conn.execute(insert(parents).values({ id: 1, name: "one", size: 1 }, { id: 2, name: "two", size: 1 })),
    );
  });

  afterAll(async () => {
    await engine?.dispose();
    await database?.drop();
  });

  const failureOf = async (
    statement: Parameters<Awaited<ReturnType<Engine["connect"]>>["execute"]>[0],
  ): Promise<DatabaseError> => {
    await using conn = await engine.connect();
    return conn.execute(statement).then(
      () => expect.unreachable("the statement succeeded"),
      (error: unknown) => error as DatabaseError,
    );
  };

  test("constraints, with their names", async () => {
    const row = { name: "x", size: 1 };
    const expected = [
      [insert(parents).values({ ...row, id: 1 }), UniqueViolationError, "1062", "PRIMARY"],
      [insert(parents).values({ ...row, name: "one" }), UniqueViolationError, "1062", "uq_parents_name"],
      [insert(parents).values({ ...row, size: 0 }), CheckViolationError, "4025", "ck_size"],
      [insert(children).values({ parentId: 99 }), ForeignKeyViolationError, "1452", "fk_parent"],
      [sql`INSERT INTO parents (name, size) VALUES (${"y"}, ${null})`, NotNullViolationError, "1048", undefined],
      [sql`INSERT INTO parents (name) VALUES (${"y"})`, NotNullViolationError, "1364", undefined],
    ] as const;
    for (const [statement, errorClass, nativeCode, constraint] of expected) {
      const error = await failureOf(statement as Parameters<typeof failureOf>[0]);
      expect(error).toBeInstanceOf(errorClass);
      expect([error.nativeCode, error.constraint, error.disconnected]).toEqual([nativeCode, constraint, false]);
      expect(error.statement).toContain("INSERT INTO");
    }
    await engine.begin((conn) => conn.execute(insert(children).values({ id: 1, parentId: 1 })));
    expect(await failureOf(sql`DELETE FROM parents WHERE id = ${1}`)).toMatchObject({
      code: "FOREIGN_KEY_VIOLATION",
      nativeCode: "1451",
      constraint: "fk_parent",
    });
  });

  test("values that do not fit are refused, not changed to fit", async () => {
    const expected = [
      [sql`INSERT INTO parents (name, size) VALUES (${"x".repeat(11)}, ${1})`, "1406"],
      [sql`INSERT INTO parents (name, size) VALUES (${"x"}, ${2 ** 31})`, "1264"],
      [sql`INSERT INTO parents (name, size) VALUES (${"x"}, ${"many"})`, "1366"],
      [sql`INSERT INTO parents (name, size) VALUES (${"x"}, 1 / ${0})`, "1365"],
      [sql`SELECT ${9223372036854775807n} + 1`, "1690"],
    ] as const;
    for (const [statement, nativeCode] of expected) {
      const error = await failureOf(statement);
      expect(error).toBeInstanceOf(DataError);
      expect(error.nativeCode).toBe(nativeCode);
    }
    expect(await failureOf(insert(parents).values({ name: 5 as never, size: 1 }))).toBeInstanceOf(DataError);
  });

  test("wrong SQL", async () => {
    const expected = [
      [sql`SELEC 1`, "1064"],
      [sql`SELECT * FROM nope`, "1146"],
      [sql`SELECT nope FROM parents`, "1054"],
      [sql`SELECT nope(${1})`, "1305"],
      [sql`CREATE TABLE parents (id INT)`, "1050"],
      [sql`DROP TABLE nope`, "1051"],
      [sql`INSERT INTO parents (id, name) VALUES (${1})`, "1136"],
      [sql`SELECT (SELECT id FROM parents) = ${1}`, "1242"],
      [sql`USE no_such_database`, "1049"],
    ] as const;
    for (const [statement, nativeCode] of expected) {
      const error = await failureOf(statement);
      expect(error).toBeInstanceOf(ProgrammingError);
      expect(error.nativeCode).toBe(nativeCode);
    }
    expect(await failureOf(sql`SELECT 1 WHERE 1 IN (SELECT 1 LIMIT 1)`)).toBeInstanceOf(NotSupportedError);
  });

  test("a deadlock chooses one transaction, and repeating it succeeds", async () => {
    const touch = (id: number): ReturnType<typeof update> =>
      update(parents).set({ size: 2 }).where(parents.c.id.eq(id)) as never;
    const meet = (): (() => Promise<void>) => {
      let waiting = 2;
      let open: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      return () => {
        waiting -= 1;
        if (waiting === 0) open();
        return gate;
      };
    };
    const both = meet();
    const crossing = (first: number, second: number): Promise<unknown> =>
      engine.begin(async (conn) => {
        await conn.execute(touch(first));
        await both();
        await conn.execute(touch(second));
      });
    const outcomes = await Promise.allSettled([crossing(1, 2), crossing(2, 1)]);
    const failed = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(failed).toHaveLength(1);
    expect(failed[0]?.reason).toBeInstanceOf(DeadlockError);
    expect(failed[0]?.reason).toMatchObject({ nativeCode: "1213" });
    await engine.begin((conn) => conn.execute(touch(1)));
  });

  test("a lock that is not granted in time, or not at once", async () => {
    await using holder = await engine.connect();
    const transaction = await holder.begin();
    await holder.execute(update(parents).set({ size: 3 }).where(parents.c.id.eq(1)));
    const waiting = engine.begin(async (conn) => {
      await conn.execute(sql`SET innodb_lock_wait_timeout = 1`);
      await conn.execute(update(parents).set({ size: 4 }).where(parents.c.id.eq(1)));
    });
    await expect(waiting).rejects.toBeInstanceOf(LockTimeoutError);
    const atOnce = engine.begin((conn) =>
      conn.execute(select(parents.c.id).where(parents.c.id.eq(1)).forUpdate({ nowait: true })),
    );
    await expect(atOnce).rejects.toBeInstanceOf(LockTimeoutError);
    const free = await engine.begin((conn) =>
      conn.execute(select(parents.c.id).orderBy(parents.c.id).forUpdate({ skipLocked: true })).scalars(),
    );
    expect(free).toEqual([2]);
    await transaction.rollback();
  });

  test("[ENG77] a connection that the server has closed is taken out of the pool", async () => {
    const own = createEngine(database.url, { pool: { max: 1 } });
    const id = async (): Promise<unknown> => {
      await using conn = await own.connect();
      return conn.execute(sql`SELECT CONNECTION_ID()`).scalar();
    };
    const first = await id();
    const failing = own.begin(async (conn) => {
      await admin(serverUrl, `KILL ${first}`);
      await conn.execute(sql`SELECT 1`);
    });
    await expect(failing).rejects.toBeInstanceOf(ConnectionLostError);
    expect(await id()).not.toBe(first);
    await own.dispose();
  });

  test("failing to connect says where, and not with which password", async () => {
    const url = new URL(database.url);
    url.username = "nobody";
    url.password = "s3cret";
    const refused = createEngine(url.href);
    const error = await refused.connect().then(
      () => undefined,
      (failure: unknown) => failure as ConnectError,
    );
    expect(error).toBeInstanceOf(ConnectError);
    expect(String(error)).toContain("nobody:***@");
    expect(String(error)).not.toContain("s3cret");
    await refused.dispose();
  });
});

describe("classification of errors by number, SQLSTATE and code", () => {
  const server = (errno: number, sqlState: string, message = ""): object =>
    Object.assign(new Error(message), { errno, sqlState });

  test("MySQL's own numbers and messages", () => {
    expect(classify(server(1062, "23000", "Duplicate entry 'one' for key 'parents.uq_parents_name'"))).toMatchObject({
      kind: "unique",
      constraint: "uq_parents_name",
    });
    expect(classify(server(3819, "HY000", "Check constraint 'ck_size' is violated."))).toMatchObject({
      kind: "check",
      constraint: "ck_size",
    });
    expect(classify(server(3024, "HY000"))).toMatchObject({ kind: "statementTimeout" });
    expect(classify(server(3572, "HY000"))).toMatchObject({ kind: "lockTimeout" });
    expect(
      classify(
        server(3730, "HY000", "Cannot drop table 'p' referenced by a foreign key constraint 'fk' on table 'c'."),
      ),
    ).toMatchObject({ kind: "foreignKey" });
  });

  test("MariaDB's check shares its number with another error of MySQL", () => {
    expect(classify(server(4025, "23000", "CONSTRAINT `ck_size` failed for `db`.`parents`"))).toMatchObject({
      kind: "check",
      constraint: "ck_size",
    });
    expect(classify(server(4025, "HY000"))).toMatchObject({ kind: "operational" });
  });

  test("an unknown number is judged by its SQLSTATE", () => {
    expect(
      [
        server(9, "22001"),
        server(9, "23000"),
        server(9, "42000"),
        server(9, "08S01"),
        server(9, "40001"),
        server(9, "HY000"),
      ].map((error) => classify(error).kind),
    ).toEqual(["data", "integrity", "programming", "connectionLost", "serialization", "operational"]);
  });

  test("errors that no server sent", () => {
    const local = (code: string, fatal = false): object => Object.assign(new Error(code), { code, fatal });
    expect(classify(local("ECONNREFUSED", true))).toMatchObject({
      kind: "connect",
      nativeCode: "ECONNREFUSED",
      disconnected: true,
    });
    expect(classify(local("PROTOCOL_CONNECTION_LOST", true))).toMatchObject({
      kind: "connectionLost",
      disconnected: true,
    });
    expect(classify(local("ECONNRESET"))).toMatchObject({ kind: "connectionLost" });
    expect(
      classify(Object.assign(new Error("Can't add new command when connection is in closed state"), { fatal: true })),
    ).toMatchObject({ kind: "connectionLost" });
    expect(classify(server(1927, "70100"))).toMatchObject({ kind: "connectionLost", disconnected: true });
    expect(classify(new TypeError("Bind parameters must not contain undefined"))).toMatchObject({ kind: "interface" });
    expect(classify(undefined)).toMatchObject({ kind: "operational" });
  });
});
