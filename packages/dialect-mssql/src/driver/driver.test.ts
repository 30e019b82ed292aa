import * as type from "@acme/core";
import {
  createEngine,
  type Engine,
  ForeignKeyViolationError,
  insert,
  MetaData,
  StatementTimeoutError,
  select,
  sql,
  Table,
  UniqueViolationError,
} from "@acme/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import "../index.js";
import { type TdsResult, TdsServer } from "@acme/testkit/testing";

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
});

const VERSION = "SERVERPROPERTY('ProductVersion')";
const versionRow: TdsResult = { columns: [["", "nvarchar"]], rows: [["14.0.3456.2"]] };

let server: TdsServer;
let engine: Engine;

beforeEach(async () => {
  server = await TdsServer.start();
  engine = createEngine(`mssql://sa:secret@127.0.0.1:${server.port}/shop?encrypt=false`);
  answer(() => ({}));
});

afterEach(async () => {
  await engine.dispose();
  await server.close();
});

/** Sets the script; the question for the version is answered in any case. */
function answer(script: TdsServer["script"]): void {
  server.script = (request) => (request.sql.includes(VERSION) ? { results: [versionRow] } : script(request));
}

/** What was asked, without the question for the version. */
function asked(): readonly (readonly [way: string, sql: string])[] {
  return server.requests
    .filter((request) => !request.sql.includes(VERSION))
    .map(({ way, sql: text }) => [way, text] as const);
}

describe("tedious against a scripted server", () => {
  test("connecting: the login is refused, or there is nobody", async () => {
    const wrong = createEngine(`mssql://sa:wrong@127.0.0.1:${server.port}/shop?encrypt=false`);
    await expect(wrong.connect()).rejects.toThrow("Login failed for user 'sa'.");
    await expect(wrong.connect()).rejects.toMatchObject({ code: "CONNECT_FAILED" });
    await wrong.dispose();
    const { port } = server;
    await server.close();
    const nobody = createEngine(`mssql://sa:secret@127.0.0.1:${port}/shop?encrypt=false`);
    await expect(nobody.connect()).rejects.toMatchObject({ name: "ConnectError" });
    await nobody.dispose();
    server = await TdsServer.start();
  });

  test("[TYP20] every kind of value arrives with its type and all its digits", async () => {
    const row = {
      big: 9007199254740993n,
      price: "1234567890123456789.0123456789",
      ratio: 5,
      open: true,
      name: "né",
      token: "6f9619ff-8b86-4d11-b42d-00cf4fc964ff",
      day: "2024-02-29",
      hour: "23:59:59.123456",
      seen: "2024-02-29T23:59:59.123456",
      made: new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4)),
      photo: new Uint8Array([1, 255]),
    } as const;
    answer(() => ({ results: [{ columns: [["id", "int"]], rows: [[7]] }] }));
    await using connection = await engine.connect();
    const result = await connection.execute(insert(things).values(row));
    expect(result.insertedPrimaryKey).toEqual({ id: 7 });
    expect(result.rowCount).toBe(1);
    const sent = server.requests.at(-1);
    expect(sent?.sql).toMatch(
      /^INSERT INTO things \(.*\) OUTPUT inserted\.id VALUES \(@p1, CAST\(@p2 AS NUMERIC\(38, 10\)\), @p3/,
    );
    expect(sent?.parameters).toEqual([
      { name: "@p1", type: "nvarchar(4000)", value: "9007199254740993" },
      { name: "@p2", type: "nvarchar(4000)", value: "1234567890123456789.0123456789" },
      { name: "@p3", type: "float", value: 5 },
      { name: "@p4", type: "bit", value: true },
      { name: "@p5", type: "nvarchar(4000)", value: "né" },
      { name: "@p6", type: "nvarchar(4000)", value: "6f9619ff-8b86-4d11-b42d-00cf4fc964ff" },
      { name: "@p7", type: "date", value: "2024-02-29" },
      { name: "@p8", type: "time(7)", value: "23:59:59.1234560" },
      { name: "@p9", type: "datetime2(7)", value: "2024-02-29 23:59:59.1234560" },
      { name: "@p10", type: "datetime2(7)", value: "2024-02-29 01:02:03.0040000" },
      { name: "@p11", type: "varbinary(8000)", value: new Uint8Array([1, 255]) },
    ]);
  });

  test("decimals of up to 15 digits are sent as decimals, numbers as integers or floating point, NULL as text", async () => {
    await using connection = await engine.connect();
    const { price, id, ratio, name } = things.c;
    await connection
      .execute(
        select(id).where(
          price.gt("-123456.789"),
          price.lt("1.5"),
          id.in([1, 2 ** 40]),
          ratio.ne(1.5),
          name.eq(type.param("given", type.string())),
        ),
        { given: null } as never,
      )
      .all();
    expect(server.requests.at(-1)?.parameters.map(({ type: name, value }) => [name, value])).toEqual([
      ["decimal(9, 3)", "-123456.789"],
      ["decimal(9, 1)", "1.5"],
      ["int", 1n],
      ["bigint", 1099511627776n],
      ["float", 1.5],
      ["nvarchar(4000)", null],
    ]);
    const long = "x".repeat(5000);
    await connection.execute(select(id).where(name.eq(long))).all();
    expect(server.requests.at(-1)?.parameters).toEqual([{ name: "@p1", type: "nvarchar(max)", value: long }]);
  });

  test("[TYP20] rows lose nothing: 64 bits, decimals, microseconds, bytes", async () => {
    const columns: TdsResult["columns"] = [
      ["id", "int"],
      ["big", "bigint"],
      ["", "nvarchar"],
      ["ratio", "float"],
      ["open", "bit"],
      ["name", "nvarchar(max)"],
      ["token", "uniqueidentifier"],
      ["day", "date"],
      ["hour", "time(7)"],
      ["seen", "datetime2(7)"],
      ["made", "datetimeoffset(3)"],
      ["photo", "varbinary"],
    ];
    const values = [
      1,
      "9007199254740993",
      "1234567890123456789.0123456789",
      0.1,
      true,
      "né",
      "6F9619FF-8B86-4D11-B42D-00CF4FC964FF",
    ];
    const times = [
      "0001-01-01",
      "23:59:59.1234560",
      "2024-02-29 23:59:59.1234560",
      "2024-02-29 01:02:03.004",
      Buffer.from([1, 255]),
    ];
    answer(() => ({
      results: [
        {
          columns,
          rows: [
            [...values, ...times],
            [2, ...new Array(11).fill(null)],
          ],
        },
      ],
    }));
    await using connection = await engine.connect();
    const [first, second] = await connection.execute(type.selectAll(things)).all();
    expect(server.requests.at(-1)?.sql).toContain("CONVERT(NVARCHAR(50), things.price, 2)");
    expect(first).toEqual({
      id: 1,
      big: 9007199254740993n,
      price: "1234567890123456789.0123456789",
      ratio: 0.1,
      open: true,
      name: "né",
      token: "6f9619ff-8b86-4d11-b42d-00cf4fc964ff",
      day: "0001-01-01",
      hour: "23:59:59.123456",
      seen: "2024-02-29T23:59:59.123456",
      made: new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4)),
      photo: new Uint8Array([1, 255]),
    });
    expect(second).toMatchObject({ id: 2, big: null, price: null, made: null });
  });

  test("of text nothing is known: decimals come as text, and one that the driver would round is refused", async () => {
    const columns: TdsResult["columns"] = [
      ["a", "numeric(10,2)"],
      ["b", "money"],
      ["c", "bigint"],
      ["d", "datetime2(3)"],
    ];
    answer(() => ({ results: [{ columns, rows: [["-12.50", "922.5", "5", "2024-02-29 01:02:03.004"]] }] }));
    await using connection = await engine.connect();
    const row = await connection.execute(sql`SELECT * FROM t WHERE a > ${1}`).one();
    expect(row).toEqual({ a: "-12.50", b: "922.5000", c: 5, d: new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4)) });
    answer(() => ({ results: [{ columns: [["a", "numeric(38,10)"]], rows: [["1234567890123456789.0123456789"]] }] }));
    await expect(connection.execute(sql`SELECT a FROM t`).all()).rejects.toMatchObject({ code: "INEXACT_DECIMAL" });
    answer(() => ({ results: [{ columns: [["a", "int"]], rows: [[1]] }] }));
    expect(await connection.execute(sql`SELECT a FROM t`).all()).toEqual([{ a: 1 }]);
  });

  test("errors of the server are the toolkit's, with the constraint's name", async () => {
    await using connection = await engine.connect();
    answer(() => ({
      error: {
        number: 2627,
        message: "Violation of PRIMARY KEY constraint 'pk_things'. Cannot insert duplicate key.",
        severity: 14,
      },
    }));
    const failing = connection.execute(insert(things).values({ id: 1 }));
    await expect(failing).rejects.toBeInstanceOf(UniqueViolationError);
    await expect(failing).rejects.toMatchObject({ constraint: "pk_things", nativeCode: "2627" });
    answer(() => ({
      error: { number: 547, message: 'The INSERT statement conflicted with the FOREIGN KEY constraint "fk".' },
    }));
    await expect(connection.execute(insert(things).values({ id: 1 }))).rejects.toBeInstanceOf(ForeignKeyViolationError);
  });

  test("[MS5][MS13] transactions with a level, savepoints, rollback", async () => {
    await using connection = await engine.connect({ isolationLevel: "SNAPSHOT" });
    const transaction = await connection.begin();
    await connection.execute(sql`UPDATE t SET a = ${1}`);
    const savepoint = await connection.beginNested();
    await savepoint.rollback();
    await transaction.commit();
    const words = asked().map(([way, text]) => (way === "transaction" ? text.replace(/\s\w+$/, " name") : way));
    expect(words).toEqual(["BEGIN name", "sql", "SAVE name", "ROLLBACK name", "COMMIT"]);
    expect(asked()[0]).toEqual(["transaction", "BEGIN 5"]);
  });

  test("what a transaction cannot be is refused", async () => {
    const raw = await rawConnection();
    await expect(Promise.resolve().then(() => raw.begin({ readOnly: true }))).rejects.toThrow(
      "SQL Server has no read-only transactions.",
    );
    await raw.begin({});
    answer((request) =>
      request.sql === "ROLLBACK" ? { error: { number: 3903, message: "no corresponding BEGIN TRANSACTION" } } : {},
    );
    await raw.rollback();
    await raw.close();
  });

  test("[MS6] statements with parameters or plans go by sp_executesql, DDL and scripts as batches", async () => {
    await using connection = await engine.connect();
    await connection.execute(insert(things).values({ id: 1, name: "x" }));
    await connection.execute(sql`SET LANGUAGE us_english`);
    await connection.execute(new type.CreateTable(new Table("made", new MetaData(), { id: type.integer() })));
    expect(asked()).toEqual([
      [
        "sql",
        "SET IDENTITY_INSERT things ON; INSERT INTO things (id, name) VALUES (@p1, @p2); SET IDENTITY_INSERT things OFF",
      ],
      ["batch", "SET LANGUAGE us_english"],
      ["batch", "CREATE TABLE made (\n  id INT NOT NULL\n)"],
    ]);
  });

  test("many rows are one statement; with OUTPUT they come back in the order of the input", async () => {
    await using connection = await engine.connect();
    answer(() => ({ results: [{ rowCount: 2 }] }));
    expect((await connection.execute(insert(things).values({ name: "a" }, { name: "b" }))).rowCount).toBe(2);
    expect(server.requests.at(-1)?.sql).toBe("INSERT INTO things (name) VALUES (@p1), (@p2)");
    // The server gives the rows in an order of its own.
    const columns: [string, "nvarchar" | "int"][] = [
      ["name", "nvarchar"],
      ["id", "int"],
    ];
    answer(() => ({
      results: [
        {
          columns,
          rows: [
            ["b", 11],
            ["a", 10],
          ],
        },
      ],
    }));
    const returned = await connection
      .execute(insert(things).values({ name: "a" }, { name: "b" }).returning(things.c.name))
      .scalars();
    expect([...returned]).toEqual(["a", "b"]);
    expect(server.requests.at(-1)?.sql).toBe(
      "INSERT INTO things (name) OUTPUT inserted.name, inserted.id SELECT name FROM (VALUES (@p1, 0), (@p2, 1)) AS acme_rows (name, acme_row) ORDER BY acme_row",
    );
  });

  test("[ENG60] a stream gives rows in batches; ending it early cancels the statement", async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => [i]);
    answer(() => ({ results: [{ columns: [["id", "int"]], rows }] }));
    await using connection = await engine.connect();
    let count = 0;
    for await (const row of await connection.stream(select(things.c.id))) count += row.id >= 0 ? 1 : 0;
    expect(count).toBe(2500);
    for await (const row of await connection.stream(select(things.c.id))) if (row.id === 3) break;
    expect(await connection.execute(select(things.c.id)).scalars()).toHaveLength(2500);
  });

  test("a signal and a time limit cancel the statement on the server", async () => {
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
    answer(() => ({ results: [{ columns: [["id", "int"]], rows: [[1]] }] }));
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
  const driver = engine.dialect.drivers.tedious;
  if (driver === undefined) throw new RangeError("the dialect has no driver");
  return driver.connect({
    host: "127.0.0.1",
    port: server.port,
    username: "sa",
    password: "secret",
    options: { encrypt: "false" },
  });
}
