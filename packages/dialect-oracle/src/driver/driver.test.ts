import * as type from "@acme/core";
import {
  createEngine,
  type Engine,
  ForeignKeyViolationError,
  insert,
  MetaData,
  NotSupportedError,
  StatementTimeoutError,
  select,
  sql,
  Table,
  UniqueViolationError,
  update,
} from "@acme/core";
import oracledb from "oracledb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import "../index.js";
import { type OracleAnswer, OracleServer } from "@acme/testkit/testing";
import { SESSION_SETTINGS } from "./driver.js";

const things = new Table("things", new MetaData(), {
  id: type.integer().primaryKey(),
  big: type.bigInteger().nullable(),
  price: type.numeric(38, 10).nullable(),
  ratio: type.double().nullable(),
  open: type.boolean().nullable(),
  name: type.string(50).nullable(),
  token: type.uuid().nullable(),
  day: type.date().nullable(),
  hour: type.time().nullable(),
  seen: type.dateTime({ as: "string" }).nullable(),
  made: type.dateTime({ timezone: true }).nullable(),
  photo: type.largeBinary().nullable(),
  body: type.text().nullable(),
});

const ZONE = "SELECT DBTIMEZONE FROM DUAL";
const zone: OracleAnswer = { columns: [{ name: "DBTIMEZONE", type: "VARCHAR2" }], rows: [["+00:00"]] };
const ID = { name: "ID", type: "NUMBER", precision: 10, scale: 0 } as const;

let server: OracleServer;
let engine: Engine;

beforeEach(async () => {
  server = await OracleServer.start();
  engine = createEngine(`oracle://scott:tiger@127.0.0.1:${server.port}/scripted`);
  answer(() => ({}));
});

afterEach(async () => {
  await engine.dispose();
  await server.close();
});

/** Sets the script; what the driver and its adapter ask for a new session is answered in any case. */
function answer(script: OracleServer["script"]): void {
  server.script = (request) => (request.sql === ZONE ? zone : request.sql === SESSION_SETTINGS ? {} : script(request));
}

/** What was asked, without what a new session asks; `*` marks a statement that commits itself. */
function asked(): readonly string[] {
  return server.requests
    .filter((request) => request.sql !== ZONE && request.sql !== SESSION_SETTINGS)
    .map((request) => `${request.sql}${request.commits ? "*" : ""}`);
}

describe("oracledb against a scripted server", () => {
  test("connecting: the login is refused, or there is nobody", async () => {
    const wrong = createEngine(`oracle://scott:wrong@127.0.0.1:${server.port}/scripted`);
    await expect(wrong.connect()).rejects.toThrow(/ORA-01017/);
    await expect(wrong.connect()).rejects.toMatchObject({ code: "CONNECT_FAILED", nativeCode: "ORA-01017" });
    await wrong.dispose();
    const { port } = server;
    await server.close();
    const nobody = createEngine(`oracle://scott:tiger@127.0.0.1:${port}/scripted`);
    await expect(nobody.connect()).rejects.toMatchObject({ name: "ConnectError" });
    await nobody.dispose();
    server = await OracleServer.start();
  });

  test("a new session gets its formats, and UTC for its time zone; the dialect is that of the server's release", async () => {
    await using connection = await engine.connect();
    expect(server.requests.map((request) => request.sql)).toContain(SESSION_SETTINGS);
    expect(connection.dialect).toMatchObject({ name: "oracle", version: 19 });
  });

  test("[TYP20][ORA11] every kind of value arrives with all its digits; the generated key comes back", async () => {
    const row = {
      big: 9007199254740993n,
      price: "1234567890123456789.0123456789",
      ratio: Number.NEGATIVE_INFINITY,
      open: true,
      name: "né",
      token: "6f9619ff-8b86-4d11-b42d-00cf4fc964ff",
      day: "2024-02-29",
      hour: "23:59:59.5",
      seen: "2024-02-29T23:59:59.123456",
      made: new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4)),
      photo: new Uint8Array([1, 255]),
      body: "x".repeat(5000),
    } as const;
    answer(() => ({ rowCount: 1, returned: [[["7"]]] }));
    await using connection = await engine.connect();
    const result = await connection.execute(insert(things).values(row));
    expect(result.insertedPrimaryKey).toEqual({ id: 7 });
    expect(result.rowCount).toBe(1);
    const sent = server.requests.at(-1);
    expect(sent?.sql).toBe(
      "INSERT INTO things (big, price, ratio, open, name, token, day, hour, seen, made, photo, body) VALUES (:1, TO_NUMBER(:2), :3, :4, :5, :6, " +
        "TO_DATE(:7, 'YYYY-MM-DD'), :8, TO_TIMESTAMP(:9, 'YYYY-MM-DD HH24:MI:SS.FF6'), " +
        "FROM_TZ(TO_TIMESTAMP(:10, 'YYYY-MM-DD HH24:MI:SS.FF6'), '+00:00'), :11, :12) RETURNING things.id INTO :13",
    );
    const text = "VARCHAR2";
    expect(sent?.types).toEqual([
      "NUMBER",
      text,
      "BINARY_DOUBLE",
      "NUMBER",
      text,
      text,
      text,
      text,
      text,
      text,
      "RAW",
      text,
      "NUMBER",
    ]);
    expect(sent?.sets).toEqual([
      [
        "9007199254740993",
        row.price,
        Number.NEGATIVE_INFINITY,
        "1",
        "né",
        row.token,
        "2024-02-29",
        "23:59:59.500000",
        "2024-02-29 23:59:59.123456",
        "2024-02-29 01:02:03.004000",
        new Uint8Array([1, 255]),
        row.body,
      ],
    ]);
  });

  test("[TYP20][ORA13] rows lose nothing: decimals, microseconds, the contents of LOBs", async () => {
    const columns = [
      ID,
      { name: "BIG", type: "NUMBER", precision: 19, scale: 0 },
      { name: "PRICE", type: "NUMBER", precision: 38, scale: 10 },
      { name: "RATIO", type: "BINARY_DOUBLE" },
      { name: "OPEN", type: "NUMBER", precision: 1, scale: 0 },
      ...["NAME", "TOKEN", "D", "HOUR", "S", "M"].map((name) => ({ name, type: "VARCHAR2" }) as const),
      { name: "PHOTO", type: "BLOB" },
      { name: "BODY", type: "CLOB" },
    ] as const;
    const values = [
      "1",
      "9007199254740993",
      "-1234567890123456789.01",
      0.1,
      "1",
      "né",
      "6f9619ff-8b86-4d11-b42d-00cf4fc964ff",
    ];
    const times = ["0001-01-01", "23:59:59.500000", "2024-02-29 23:59:59.123456", "2024-02-29 01:02:03.004"];
    const long = "y".repeat(40_000);
    answer(() => ({
      columns,
      rows: [
        [...values, ...times, new Uint8Array([1, 255]), long],
        ["2", ...new Array(12).fill(null)],
      ],
    }));
    await using connection = await engine.connect();
    const [first, second] = await connection.execute(type.selectAll(things)).all();
    expect(server.requests.at(-1)?.sql).toContain(
      "TO_CHAR(things.seen, 'YYYY-MM-DD HH24:MI:SS.FF6'), TO_CHAR(SYS_EXTRACT_UTC(things.made), 'YYYY-MM-DD HH24:MI:SS.FF3')",
    );
    expect(first).toEqual({
      id: 1,
      big: 9007199254740993n,
      price: "-1234567890123456789.0100000000",
      ratio: 0.1,
      open: true,
      name: "né",
      token: "6f9619ff-8b86-4d11-b42d-00cf4fc964ff",
      day: "0001-01-01",
      hour: "23:59:59.5",
      seen: "2024-02-29T23:59:59.123456",
      made: new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4)),
      photo: new Uint8Array([1, 255]),
      body: long,
    });
    expect(second).toMatchObject({ id: 2, big: null, price: null, made: null, photo: null, body: null });
  });

  test("[ORA6][ORA14] of text nothing is known: names are folded, numbers exact, wall-clock times read as UTC", async () => {
    const columns = [
      { name: "USER_ID", type: "NUMBER" },
      { name: "lastName", type: "VARCHAR2" },
      { name: "BIG", type: "NUMBER" },
      { name: "RATIO", type: "NUMBER" },
      { name: "LONG_ONE", type: "NUMBER" },
      { name: "D", type: "DATE" },
      { name: "T", type: "TIMESTAMP" },
      { name: "Z", type: "TIMESTAMP WITH TIME ZONE" },
      { name: "R", type: "RAW" },
    ] as const;
    const row = [
      "5",
      "x",
      "9007199254740993",
      "-.5",
      "0.12345678901234567",
      "2024-02-29 13:00:00",
      "2024-02-29 13:00:00.5",
      "2024-02-29 13:00:00.004",
      new Uint8Array([7]),
    ];
    answer(() => ({ columns, rows: [row] }));
    await using connection = await engine.connect();
    expect(await connection.execute(sql`SELECT * FROM t WHERE a = ${1}`).one()).toEqual({
      user_id: 5,
      lastName: "x",
      big: 9007199254740993n,
      ratio: -0.5,
      long_one: "0.12345678901234567",
      d: new Date(Date.UTC(2024, 1, 29, 13)),
      t: new Date(Date.UTC(2024, 1, 29, 13, 0, 0, 500)),
      z: new Date(Date.UTC(2024, 1, 29, 13, 0, 0, 4)),
      r: new Uint8Array([7]),
    });
  });

  test("[ORA11] RETURNING of LOBs reads what is in them, of one row and of many", async () => {
    const long = "é".repeat(5000);
    answer(({ sets }) => ({
      rowCount: sets.length,
      returned: sets.map((_, i) => [
        [String(i + 1)],
        [i === 0 ? long : null],
        [i === 0 ? new Uint8Array([1, 255]) : null],
      ]),
    }));
    await using connection = await engine.connect();
    const one = insert(things).values({ name: "a" }).returning(things.c.id, things.c.body, things.c.photo);
    expect(await connection.execute(one).one()).toEqual({ id: 1, body: long, photo: new Uint8Array([1, 255]) });
    const rows = [{ name: "a" }, { name: "b" }];
    const many = insert(things).valuesList(rows).returning(things.c.id, things.c.body, things.c.photo);
    expect(await connection.execute(many).all()).toEqual([
      { id: 1, body: long, photo: new Uint8Array([1, 255]) },
      { id: 2, body: null, photo: null },
    ]);
    const sent = server.requests.findLast(({ sql }) => sql.startsWith("INSERT"));
    expect(sent?.types).toEqual(["VARCHAR2", "NUMBER", "CLOB", "BLOB"]);
  });

  test("connecting: by a function of one's own, with options as an object", async () => {
    const given: unknown[] = [];
    const own = createEngine({
      dialect: "oracle",
      connection: {
        host: "127.0.0.1",
        port: server.port,
        username: "scott",
        password: "tiger",
        database: "scripted",
        options: { stmtCacheSize: 5 },
        connect: (config) => {
          given.push(config);
          return oracledb.getConnection(config);
        },
      },
    });
    await using connection = await own.connect();
    expect(given).toEqual([
      { user: "scott", password: "tiger", connectString: `127.0.0.1:${server.port}/scripted`, stmtCacheSize: 5 },
    ]);
    expect((connection.driverConnection.native as oracledb.Connection).stmtCacheSize).toBe(5);
    answer(() => ({ columns: [ID], rows: [["1"]] }));
    expect(await connection.execute(select(things.c.id)).scalar()).toBe(1);
    await connection.close();
    await own.dispose();
  });

  test("errors of the server are the toolkit's, with the constraint's name", async () => {
    await using connection = await engine.connect();
    answer(() => ({ error: { number: 1, message: "ORA-00001: unique constraint (SCOTT.PK_THINGS) violated" } }));
    const failing = connection.execute(insert(things).values({ id: 1 }));
    await expect(failing).rejects.toBeInstanceOf(UniqueViolationError);
    await expect(failing).rejects.toMatchObject({ constraint: "pk_things", nativeCode: "ORA-00001" });
    answer(() => ({
      error: { number: 2291, message: "ORA-02291: integrity constraint (SCOTT.FK) violated - parent key not found" },
    }));
    await expect(connection.execute(insert(things).values({ id: 1 }))).rejects.toBeInstanceOf(ForeignKeyViolationError);
  });

  test("[ORA4] outside of a transaction a statement commits itself; levels and savepoints", async () => {
    await using connection = await engine.connect();
    await connection.execute(sql`UPDATE t SET a = ${1}`);
    const transaction = await connection.begin({ isolationLevel: "SERIALIZABLE" });
    await connection.execute(sql`UPDATE t SET a = ${2}`);
    const savepoint = await connection.beginNested();
    await savepoint.rollback();
    await transaction.commit();
    expect(asked().map((text) => text.replace(/ \w+_\d+$/, " name"))).toEqual([
      "UPDATE t SET a = :1*",
      "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
      "UPDATE t SET a = :1",
      "SAVEPOINT name",
      "ROLLBACK TO SAVEPOINT name",
      "COMMIT",
    ]);
    await expect(connection.begin({ isolationLevel: "REPEATABLE READ" })).rejects.toBeInstanceOf(NotSupportedError);
  });

  test("[DML2][ORA11] many rows are one call, and what they return comes in their order", async () => {
    await using connection = await engine.connect();
    answer(() => ({ rowCount: 3 }));
    const many = await connection.execute(
      insert(things).values({ name: "a", price: 1 }, { name: "long one" }, { ratio: 2 }),
    );
    expect(many.rowCount).toBe(3);
    expect(server.requests.at(-2)).toMatchObject({
      sql: "INSERT INTO things (price, ratio, name) VALUES (TO_NUMBER(:1), :2, :3)",
      types: ["VARCHAR2", "BINARY_DOUBLE", "VARCHAR2"],
      sets: [
        ["1", null, "a"],
        [null, null, "long one"],
        [null, 2, null],
      ],
    });
    answer((request) =>
      request.sets.length > 0
        ? {
            rowCount: 2,
            returned: [
              [["10"], ["A"]],
              [["11"], ["B"]],
            ],
          }
        : {},
    );
    const returned = await connection
      .execute(insert(things).values({ name: "a" }, { name: "b" }).returning(things.c.id, things.c.name))
      .tuples();
    expect([...returned]).toEqual([
      [10, "A"],
      [11, "B"],
    ]);
  });

  test("[DML21] an UPDATE returns all rows that it changed", async () => {
    await using connection = await engine.connect();
    answer(() => ({
      rowCount: 2,
      returned: [
        [
          ["1", "2"],
          ["10.5", null],
        ],
      ],
    }));
    const rows = await connection
      .execute(update(things).set({ name: "x" }).returning(things.c.id, things.c.price))
      .all();
    expect(rows).toEqual([
      { id: 1, price: "10.5000000000" },
      { id: 2, price: null },
    ]);
  });

  test("a failed batch outside of a transaction leaves nothing behind", async () => {
    const raw = await rawConnection();
    answer((request) =>
      request.sql.startsWith("INSERT") ? { error: { number: 1400, message: "ORA-01400: cannot insert NULL" } } : {},
    );
    await expect(raw.executeMany("INSERT INTO t VALUES (:1)", [[1], [null]], {})).rejects.toMatchObject({
      errorNum: 1400,
    });
    expect(asked().at(-1)).toBe("ROLLBACK");
    await raw.close();
  });

  test("[ENG60] a stream gives rows in batches; ending it early closes the cursor", async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => [String(i)]);
    answer(() => ({ columns: [ID], rows }));
    await using connection = await engine.connect();
    let count = 0;
    for await (const row of await connection.stream(select(things.c.id))) count += row.id >= 0 ? 1 : 0;
    expect(count).toBe(2500);
    for await (const row of await connection.stream(select(things.c.id))) if (row.id === 3) break;
    expect(await connection.execute(select(things.c.id)).scalars()).toHaveLength(2500);
  });

  test("a signal and a time limit break the call off", async () => {
    let cancellations = 0;
    answer(async (request) => {
      await request.cancelled;
      cancellations += 1;
      return {};
    });
    await using connection = await engine.connect();
    const controller = new AbortController();
    const waiting = connection.execute(select(things.c.id), undefined, { signal: controller.signal }).all();
    setTimeout(() => controller.abort(), 20);
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(connection.execute(select(things.c.id), undefined, { timeout: 20 }).all()).rejects.toBeInstanceOf(
      StatementTimeoutError,
    );
    expect(cancellations).toBe(2);
    answer(() => ({ columns: [ID], rows: [["1"]] }));
    expect(await connection.execute(select(things.c.id)).scalar()).toBe(1);
  });

  test("a connection that is cut while it idles knows it", async () => {
    const raw = await rawConnection();
    expect(raw.broken).toBe(false);
    server.cut();
    await expect.poll(() => raw.broken).toBe(true);
  });

  test("a connection that is cut is lost", async () => {
    await using connection = await engine.connect();
    answer(() => {
      server.cut();
      return {};
    });
    await expect(connection.execute(select(things.c.id)).all()).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      disconnected: true,
    });
  });
});

/** A connection of the driver's adapter, without an engine around it. */
async function rawConnection() {
  const driver = engine.dialect.drivers.oracledb;
  if (driver === undefined) throw new RangeError("the dialect has no driver");
  return driver.connect({
    host: "127.0.0.1",
    port: server.port,
    username: "scott",
    password: "tiger",
    database: "scripted",
  });
}
