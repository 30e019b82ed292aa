import { createEngine, type Engine, insert, integer, MetaData, select, selectAll, Table } from "@acme/core";
import { type OracleAnswer, OracleServer } from "@acme/testkit/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SESSION_SETTINGS } from "../driver/driver.js";
import {
  binaryFloat,
  char,
  dateWithTime,
  intervalYearToMonth,
  nativeJson,
  number,
  nvarchar2,
  raw,
  rowidOf,
  timestampZoned,
  vector,
} from "../index.js";

const things = new Table("things", new MetaData(), {
  id: integer().primaryKey(),
  code: char(4).nullable(),
  label: nvarchar2(20).nullable(),
  amount: number(5, 2).nullable(),
  ratio: binaryFloat().nullable(),
  hash: raw(4000).nullable(),
  at: dateWithTime().nullable(),
  zoned: timestampZoned().nullable(),
  age: intervalYearToMonth().nullable(),
  doc: nativeJson<{ a: number }>().nullable(),
  place: vector(2).nullable(),
});

const ZONE = "SELECT DBTIMEZONE FROM DUAL";
const zone: OracleAnswer = { columns: [{ name: "DBTIMEZONE", type: "VARCHAR2" }], rows: [["+00:00"]] };
const row = {
  code: "ab",
  label: "né😀",
  amount: "12.5" as const,
  ratio: 0.1,
  hash: new Uint8Array([1, 255]),
  at: new Date(Date.UTC(2024, 1, 29, 12, 30, 15)),
  zoned: "2024-02-29T13:00:00.5+02:00",
  age: 14,
  doc: { a: 1 },
  place: [1, -0.5],
};

let server: OracleServer;
let engine: Engine;

beforeEach(async () => {
  server = await OracleServer.start();
  engine = createEngine(`oracle://scott:tiger@127.0.0.1:${server.port}/scripted`);
});
afterEach(async () => {
  await engine.dispose();
  await server.close();
});

function answer(made: OracleAnswer): void {
  server.script = ({ sql }) => (sql === ZONE ? zone : sql === SESSION_SETTINGS ? {} : made);
}

describe("native types of oracledb against a scripted server", () => {
  test("[ORA24] values are sent in the form in which Oracle reads them, one row or many", async () => {
    const sent = [
      "ab  ",
      "né😀",
      "12.5",
      Math.fround(0.1),
      new Uint8Array([1, 255]),
      "2024-02-29 12:30:15.000000",
      "2024-02-29T13:00:00.500000000+02:00",
      "+1-2",
      '{"a":1}',
      "[1,-0.5]",
    ];
    const types = ["VARCHAR2", "NVARCHAR2", "VARCHAR2", "BINARY_DOUBLE", "RAW", ...new Array(5).fill("VARCHAR2")];
    answer({ rowCount: 1, returned: [[["7"]]] });
    await using connection = await engine.connect();
    await connection.execute(insert(things).values(row));
    const one = server.requests.findLast(({ sql }) => sql.startsWith("INSERT"));
    expect(one?.sql).toBe(
      "INSERT INTO things (code, label, amount, ratio, hash, at, zoned, age, doc, place) VALUES (:1, :2, TO_NUMBER(:3), :4, :5, " +
        "CAST(TO_TIMESTAMP(:6, 'YYYY-MM-DD HH24:MI:SS.FF6') AS DATE), TO_TIMESTAMP_TZ(:7, 'YYYY-MM-DD\"T\"HH24:MI:SS.FF9TZH:TZM'), " +
        "TO_YMINTERVAL(:8), JSON(:9), TO_VECTOR(:10)) RETURNING things.id INTO :11",
    );
    expect(one?.sets).toEqual([sent]);
    expect(one?.types.slice(0, 10)).toEqual(types);
    answer({ rowCount: 2 });
    await connection.execute(insert(things).valuesList([{ id: 1, ...row }, { id: 2 }]));
    const many = server.requests.findLast(({ sql }) => sql.startsWith("INSERT"));
    expect(many?.types).toEqual(["NUMBER", ...types]);
    expect(many?.sets).toEqual([
      ["1", ...sent],
      ["2", ...new Array(10).fill(null)],
    ]);
  });

  test("[ORA24] results are read back to what went in", async () => {
    const text = (name: string) => ({ name, type: "VARCHAR2" }) as const;
    answer({
      columns: [
        { name: "ID", type: "NUMBER", precision: 10, scale: 0 },
        text("CODE"),
        text("LABEL"),
        { name: "AMOUNT", type: "NUMBER", precision: 5, scale: 2 },
        { name: "RATIO", type: "BINARY_DOUBLE" },
        { name: "HASH", type: "RAW" },
        ...["AT", "ZONED", "AGE"].map(text),
        { name: "DOC", type: "CLOB" },
        { name: "PLACE", type: "CLOB" },
      ],
      rows: [
        [
          "7",
          "ab  ",
          "né😀",
          "12.5",
          Math.fround(0.1),
          new Uint8Array([1, 255]),
          "2024-02-29 12:30:15",
          "2024-02-29T13:00:00.500000000+02:00",
          "+01-02",
          '{"a":1}',
          "[1.0E+000,-5.0E-001]",
        ],
        ["8", ...new Array(10).fill(null)],
      ],
    });
    await using connection = await engine.connect();
    const [first, second] = await connection.execute(selectAll(things)).all();
    expect(first).toEqual({ id: 7, ...row, amount: "12.50", ratio: Math.fround(0.1) });
    expect(second).toEqual({ id: 8, ...Object.fromEntries(Object.keys(row).map((key) => [key, null])) });
  });

  test("[ORA30] a ROWID comes as text", async () => {
    answer({ columns: [{ name: "ROWID", type: "VARCHAR2" }], rows: [["AAAR3sAAEAAAACXAAA"]] });
    await using connection = await engine.connect();
    expect(await connection.execute(select(rowidOf(things))).all()).toEqual([{ rowid: "AAAR3sAAEAAAACXAAA" }]);
  });
});
