import { createEngine, type Engine, exact, insert, inspect, MetaData, select, Table } from "@acme/core/dialect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jsonb, SqliteJsonb, sqlite } from "./index.js";

let engine: Engine;

beforeAll(() => {
  engine = createEngine("sqlite://");
});
afterAll(() => engine.dispose());

const columns = {
  blob: exact.blob(),
  boolean: exact.boolean(),
  char: exact.char(3),
  date: exact.date(),
  datetime: exact.datetime(),
  decimal: exact.decimal(10, 2),
  float: exact.float(),
  integer: exact.integer(),
  json: exact.json<unknown>(),
  jsonb: jsonb<unknown>(),
  numeric: exact.numeric(6, 1),
  real: exact.real(),
  smallint: exact.smallint(),
  text: exact.text(),
  time: exact.time(),
  timestamp: exact.timestamp(),
  varchar: exact.varchar(20),
};
const t = new Table("exact_types", new MetaData(), columns);

const NAMES: Readonly<Record<keyof typeof columns, string>> = {
  blob: "BLOB",
  boolean: "BOOLEAN",
  char: "CHAR(3)",
  date: "DATE",
  datetime: "DATETIME",
  decimal: "DECIMAL(10, 2)",
  float: "FLOAT",
  integer: "INTEGER",
  json: "JSON",
  jsonb: "JSONB",
  numeric: "NUMERIC(6, 1)",
  real: "REAL",
  smallint: "SMALLINT",
  text: "TEXT",
  time: "TIME",
  timestamp: "TIMESTAMP",
  varchar: "VARCHAR(20)",
};

describe("[sqlite] types by their names", () => {
  test("[LT21] are written in CREATE TABLE as they are, keep their values, and are found by reflection", async () => {
    await using conn = await engine.connect();
    for (const key of Object.keys(columns) as (keyof typeof columns)[])
      expect(sqlite().typeName(columns[key])).toBe(NAMES[key]);
    await t.create(conn);
    const row = {
      blob: new Uint8Array([0, 255]),
      boolean: true,
      char: "añ😀",
      date: "2024-02-29",
      datetime: new Date("2024-02-29T13:00:00Z"),
      decimal: "12.50" as const,
      float: 0.1,
      integer: -5,
      json: { a: [1, null] },
      jsonb: { a: [1, null] },
      numeric: "1.0" as const,
      real: 1e300,
      smallint: 7,
      text: "it's",
      time: "23:59:59",
      timestamp: new Date("2024-02-29T13:00:00.123Z"),
      varchar: "",
    };
    await conn.execute(insert(t).values(row));
    expect(await conn.execute(select(...t.columns)).one()).toEqual(row);
    const reflected = await (await inspect(conn)).getColumns("exact_types");
    expect(Object.fromEntries(reflected.map(({ name, type }) => [name, String(type)]))).toMatchInlineSnapshot(`
      {
        "blob": "largeBinary",
        "boolean": "boolean",
        "char": "string(3)",
        "date": "date",
        "datetime": "dateTime",
        "decimal": "numeric(10, 2)",
        "float": "float",
        "integer": "integer",
        "json": "json",
        "jsonb": "json",
        "numeric": "numeric(6, 1)",
        "real": "double",
        "smallint": "smallInteger",
        "text": "text",
        "time": "time(6)",
        "timestamp": "dateTime with time zone",
        "varchar": "string(20)",
      }
    `);
    expect(reflected.find(({ name }) => name === "jsonb")?.type).toBeInstanceOf(SqliteJsonb);
  });
});
