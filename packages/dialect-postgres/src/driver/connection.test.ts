import { describe, expect, inject, it } from "vitest";
import { pgDriver } from "../driver.js";
import { ownDatabase } from "../test-support.js";

const { postgresql } = inject("databases");

describe.skipIf(!postgresql.available)("[postgresql] a driver connection", () => {
  const database = ownDatabase();

  it("[PG1] executes with parameters and gives arrays, column names and counts", async () => {
    const connection = await database.connect();
    const first = await connection.execute("SELECT $1::int AS a, 'x' AS b, null AS a", [5], {});
    expect(first).toEqual({ columns: ["a", "b", "a"], rows: [[5, "x", null]], rowCount: 1 });
    expect(await connection.execute("CREATE TABLE counted (id int)", [], {})).toEqual({
      columns: [],
      rows: [],
      rowCount: -1,
    });
    expect(await connection.execute("INSERT INTO counted SELECT generate_series(1, 5)", [], {})).toMatchObject({
      rowCount: 5,
    });
    expect(await connection.execute("UPDATE counted SET id = -id WHERE id > $1", [3], {})).toMatchObject({
      rowCount: 2,
    });
    expect(await connection.execute("DELETE FROM counted WHERE id = 99", [], {})).toMatchObject({
      rowCount: 0,
      rows: [],
    });
    expect(await connection.execute("", [], {})).toEqual({ columns: [], rows: [], rowCount: -1 });
  });

  it("reads undeclared columns by the types that the server tells", async () => {
    const connection = await database.connect({ options: "-c TimeZone=Asia/Kolkata" });
    const sql = `SELECT 1::int2, 2::int4, 3::int8, 9007199254740993::int8, 1.5::float8, '1.50'::numeric, true, '\\x00ff'::bytea,
      '{"a": [1]}'::jsonb, '"5"'::json, '2024-02-29'::date, '2024-02-29 13:00'::timestamp, '2024-02-29 13:00+00'::timestamptz,
      '10:00'::time, '6f9619ff-8b86-4d11-b42d-00cf4fc964ff'::uuid, '{1,NULL,3}'::int[], '{a,"b,c"}'::text[], '1.2.3.4'::inet,
      'infinity'::timestamp`;
    const instant = new Date("2024-02-29T13:00:00Z");
    const expected = [
      1,
      2,
      3,
      9007199254740993n,
      1.5,
      "1.50",
      true,
      new Uint8Array([0, 255]),
      { a: [1] },
      "5",
      "2024-02-29",
      instant,
      instant,
      "10:00:00",
      "6f9619ff-8b86-4d11-b42d-00cf4fc964ff",
      [1, null, 3],
      ["a", "b,c"],
      "1.2.3.4",
      "infinity",
    ];
    expect((await connection.execute(sql, [], {})).rows).toEqual([expected]);
    expect((await connection.execute(sql, [], { prepare: true })).rows).toEqual([expected]);
  });

  it("hands declared columns over as text, for their type rules", async () => {
    const connection = await database.connect();
    const names: Readonly<Record<string, string>> = { t: "dateTime", n: "integer", d: "json" };
    const columnType = (_index: number, name: string): string | undefined => names[name];
    const { rows } = await connection.execute(
      `SELECT timestamp '2024-02-29 13:00:00.123456' AS t, 5 AS n, '"5"'::jsonb AS d, 6 AS other`,
      [],
      { columnType },
    );
    expect(rows).toEqual([["2024-02-29 13:00:00.123456", "5", '"5"', 6]]);
  });

  it("executes scripts of several statements in one transaction, and answers with the last", async () => {
    const connection = await database.connect();
    const { rows } = await connection.execute(
      "CREATE TABLE script (id int); INSERT INTO script VALUES (1), (2); SELECT count(*) FROM script",
      [],
      {},
    );
    expect(rows).toEqual([[2]]);
    await expect(connection.execute("INSERT INTO script VALUES (3); SELECT 1 / 0", [], {})).rejects.toMatchObject({
      code: "22012",
    });
    expect((await connection.execute("SELECT count(*) FROM script", [], {})).rows).toEqual([[2]]);
    await expect(connection.execute("SELECT $1::int; SELECT 2", [1], {})).rejects.toMatchObject({ code: "42601" });
  });

  it("executes many sets in order without waiting, and all or none", async () => {
    const connection = await database.connect();
    await connection.execute("CREATE TABLE many (id int PRIMARY KEY, v text)", [], {});
    const sets = Array.from({ length: 5000 }, (_, i) => [i, `v${i}`]);
    const { rows, rowCount, columns } = await connection.executeMany(
      "INSERT INTO many VALUES ($1, $2) RETURNING id",
      sets,
      { returnsRows: true },
    );
    expect(rowCount).toBe(5000);
    expect(columns).toEqual(["id"]);
    expect(rows.map(([id]) => id)).toEqual(sets.map(([id]) => id));
    const late = [...Array.from({ length: 3000 }, (_, i) => [10_000 + i, "x"]), [17, "a key that is there"]];
    await expect(connection.executeMany("INSERT INTO many VALUES ($1, $2)", late, {})).rejects.toMatchObject({
      code: "23505",
    });
    const early = [
      [20_000, "x"],
      [17, "a key that is there"],
      ...Array.from({ length: 3000 }, (_, i) => [30_000 + i, "x"]),
    ];
    await expect(connection.executeMany("INSERT INTO many VALUES ($1, $2)", early, {})).rejects.toMatchObject({
      code: "23505",
    });
    expect((await connection.execute("SELECT count(*) FROM many", [], {})).rows).toEqual([[5000]]);
    expect(await connection.executeMany("INSERT INTO many VALUES ($1, $2)", [], {})).toMatchObject({ rowCount: 0 });
  });

  it("takes as many parameters as the protocol counts", async () => {
    const connection = await database.connect();
    const numbers = Array.from({ length: 65_535 }, (_, i) => i);
    const { rows } = await connection.execute(
      `SELECT count(*) FROM (VALUES ${numbers.map((i) => `($${i + 1}::int)`).join(", ")}) AS v(n)`,
      numbers,
      {},
    );
    expect(rows).toEqual([[65_535]]);
  });

  it("sends nothing when a value cannot be sent", async () => {
    const connection = await database.connect();
    await connection.execute("CREATE TABLE nul (v text)", [], {});
    await expect(connection.execute("INSERT INTO nul VALUES ($1)", ["a\0b"], {})).rejects.toMatchObject({
      code: "NUL_CHARACTER",
    });
    await expect(connection.executeMany("INSERT INTO nul VALUES ($1)", [["good"], ["a\0b"]], {})).rejects.toMatchObject(
      { code: "NUL_CHARACTER" },
    );
    await expect(connection.execute("SELECT 1\0; DROP TABLE nul", [], {})).rejects.toMatchObject({
      code: "NUL_CHARACTER",
    });
    expect((await connection.execute("SELECT count(*) FROM nul", [], {})).rows).toEqual([[0]]);
  });

  it("refuses COPY FROM STDIN, which would wait for ever", async () => {
    const connection = await database.connect();
    await connection.execute("CREATE TABLE copied (id int)", [], {});
    await expect(connection.execute("COPY copied FROM STDIN", [], {})).rejects.toMatchObject({
      message: expect.stringContaining("copyFrom()"),
    });
    expect(await connection.ping()).toBe(true);
  });

  it("[ENG44] knows the server's version without asking", async () => {
    const connection = await database.connect();
    const { product, version } = connection.serverVersion();
    expect(product).toBe("PostgreSQL");
    const { rows } = await connection.execute("SELECT current_setting('server_version_num')::int / 10000", [], {});
    expect(version[0]).toBe(rows[0]?.[0]);
  });

  it("sets the application name, the search path and time limits as the URL says", async () => {
    const connection = await database.connect({
      application_name: "shop test",
      search_path: "app, public",
      statement_timeout: 1234,
    });
    const { rows } = await connection.execute(
      "SELECT current_setting('application_name'), current_setting('search_path'), current_setting('statement_timeout')",
      [],
      {},
    );
    expect(rows).toEqual([["shop test", "app, public", "1234ms"]]);
  });

  it("encrypts as sslmode says, where the server can", async () => {
    const plain = await database.connect({ sslmode: "disable" });
    const serverHasTls = (await plain.execute("SHOW ssl", [], {})).rows[0]?.[0] === "on";
    const inUse = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    expect((await plain.execute(inUse, [], {})).rows).toEqual([[false]]);
    const preferred = await database.connect({ sslmode: "prefer" });
    expect((await preferred.execute(inUse, [], {})).rows).toEqual([[serverHasTls]]);
    const required = database.connect({ sslmode: "require" });
    if (serverHasTls) expect((await (await required).execute(inUse, [], {})).rows).toEqual([[true]]);
    else await expect(required).rejects.toThrow(/SSL/);
  });

  it("brings back the forms that it reads, where the server has others", async () => {
    const connection = await database.connect({ options: "-c DateStyle=German -c bytea_output=escape" });
    const { rows } = await connection.execute(
      "SELECT date '2024-02-29', timestamp '2024-02-29 13:00', '\\x00ff41'::bytea",
      [],
      {},
    );
    expect(rows).toEqual([["2024-02-29", new Date("2024-02-29T13:00:00Z"), new Uint8Array([0, 255, 65])]]);
  });

  it("[POOL13] answers a ping while the server lives, and knows without asking when it was closed", async () => {
    const connection = await database.connect();
    expect(await connection.ping()).toBe(true);
    await connection.close();
    await connection.close();
    expect(await connection.ping()).toBe(false);
    await expect(connection.execute("SELECT 1", [], {})).rejects.toMatchObject({ code: "CONNECTION_ENDED" });
  });

  it("refuses a second statement while a stream is open, instead of waiting for ever", async () => {
    const connection = await database.connect();
    for await (const _rows of connection.stream("SELECT generate_series(1, 100)", [], { batchSize: 10 })) {
      await expect(connection.execute("SELECT 1", [], {})).rejects.toMatchObject({ code: "CONNECTION_BUSY" });
      break;
    }
    expect((await connection.execute("SELECT 1", [], {})).rows).toEqual([[1]]);
  });

  it("names what is wrong when no connection can be made", async () => {
    const refused = { ...database.options, port: 1 };
    const unknown = { ...database.options, database: "acme_no_such_database" };
    for (const [options, nativeCode] of [
      [refused, "ECONNREFUSED"],
      [unknown, "3D000"],
    ] as const) {
      const error: unknown = await Promise.resolve(pgDriver.connect(options)).catch((reason: unknown) => reason);
      expect(pgDriver.classify(error)).toMatchObject({ kind: "connect", nativeCode, disconnected: true });
    }
  });
});
