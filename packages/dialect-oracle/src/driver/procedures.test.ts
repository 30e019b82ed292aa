import {
  bigInteger,
  boolean,
  createEngine,
  date,
  dateTime,
  double,
  type Engine,
  inOutParameter,
  integer,
  interval,
  largeBinary,
  literal,
  numeric,
  outParameter,
  string,
} from "@acme/core";
import { type OracleAnswer, OracleServer } from "@acme/testkit/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { refCursor } from "../index.js";
import { SESSION_SETTINGS } from "./driver.js";

const ZONE = "SELECT DBTIMEZONE FROM DUAL";
const zone: OracleAnswer = { columns: [{ name: "DBTIMEZONE", type: "VARCHAR2" }], rows: [["+00:00"]] };
const ORDERS = {
  columns: [
    { name: "ID", type: "NUMBER", precision: 10, scale: 0 },
    { name: "TOTAL", type: "NUMBER" },
    { name: "Note", type: "VARCHAR2" },
  ],
  rows: [
    ["1", "9007199254740993", "é"],
    ["2", "0.5", null],
  ],
} as const;

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

describe("stored procedures of oracledb against a scripted server", () => {
  test("[ENG70] a call is a PL/SQL block, which commits itself outside of a transaction", async () => {
    answer({});
    await using conn = await engine.connect();
    const { results, outputs } = await conn.callProcedure(["log", "Note"], ["it's", 5, null, literal("x", string(9))]);
    expect([results, outputs]).toEqual([[], {}]);
    expect(server.requests.at(-1)).toMatchObject({
      sql: 'BEGIN log."Note"(:1, :2, :3, :4); END;',
      sets: [["it's", "5", null, "x"]],
      commits: true,
    });
    await using transaction = await conn.begin();
    await conn.callProcedure("note", []);
    expect(server.requests.at(-1)).toMatchObject({ sql: "BEGIN note(); END;", commits: false });
    await transaction.rollback();
  });

  test("[ENG71] OUT and IN OUT arguments come out with all their digits, whatever the session's settings", async () => {
    answer({
      outputs: [
        undefined,
        undefined,
        "7",
        "x2",
        0.25,
        "1",
        "9007199254740993",
        "-12345678901234567890.5",
        "2024-02-29",
        "2024-02-29 12:00:00.500000",
        "+000000001 02:03:04.500000000",
      ],
    });
    await using conn = await engine.connect();
    const { outputs } = await conn.callProcedure("shapes", [
      "in",
      outParameter("n", integer()),
      inOutParameter("text", string(), "x"),
      outParameter("ratio", double()),
      outParameter("open", boolean()),
      inOutParameter("big", bigInteger(), 9007199254740992n),
      outParameter("price", numeric(38, 1)),
      outParameter("day", date()),
      outParameter("at", dateTime({ timezone: true })),
      outParameter("lasts", interval()),
    ]);
    expect(outputs).toEqual({
      n: 7,
      text: "x2",
      ratio: 0.25,
      open: true,
      big: 9007199254740993n,
      price: "-12345678901234567890.5",
      day: "2024-02-29",
      at: new Date(Date.UTC(2024, 1, 29, 12, 0, 0, 500)),
      lasts: "P1DT2H3M4.5S",
    });
    const exact: bigint | null = outputs.big;
    expect(exact).toBe(9007199254740993n);
    const sent = server.requests.at(-1);
    expect(sent?.sql).toBe(
      "DECLARE out_6 NUMBER; out_7 NUMBER; out_8 DATE; out_9 TIMESTAMP(9) WITH TIME ZONE; out_10 INTERVAL DAY(9) TO SECOND(9); " +
        "BEGIN out_6 := TO_NUMBER(:1); shapes(:2, :3, :4, :5, :6, out_6, out_7, out_8, out_9, out_10); " +
        ":7 := TO_CHAR(out_6, 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,'''); :8 := TO_CHAR(out_7, 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,'''); " +
        ":9 := TO_CHAR(out_8, 'YYYY-MM-DD'); :10 := TO_CHAR(SYS_EXTRACT_UTC(out_9), 'YYYY-MM-DD HH24:MI:SS.FF6'); :11 := TO_CHAR(out_10); END;",
    );
    expect(sent?.sets).toEqual([["9007199254740992", "in", null, "x", null, null, null, null, null, null, null]]);
  });

  test("[ENG71] bytes, and what the procedure leaves NULL", async () => {
    answer({ outputs: [new Uint8Array([1, 255]), null] });
    await using conn = await engine.connect();
    const { outputs } = await conn.callProcedure("bytes", [
      outParameter("hash", largeBinary(16)),
      outParameter("nothing", string()),
    ]);
    expect(outputs).toEqual({ hash: new Uint8Array([1, 255]), nothing: null });
  });

  test("[ENG71] cursors that come out, and those that are returned implicitly, are result sets", async () => {
    answer({ outputs: [undefined, ORDERS], results: [{ columns: ORDERS.columns.slice(0, 1), rows: [["8"]] }] });
    await using conn = await engine.connect();
    const { results, outputs } = await conn.callProcedure("list_orders", [5, outParameter("orders", refCursor())]);
    expect(server.requests.at(-1)).toMatchObject({
      sql: "BEGIN list_orders(:1, :2); END;",
      types: ["NUMBER", "CURSOR"],
    });
    expect(outputs.orders).toBe(0);
    expect(await results[outputs.orders ?? 0]?.all()).toEqual([
      { id: 1, total: 9007199254740993n, Note: "é" },
      { id: 2, total: 0.5, Note: null },
    ]);
    expect(await results[1]?.all()).toEqual([{ id: 8 }]);
  });

  test("[ENG70] an error in the procedure is the toolkit's, and the connection goes on", async () => {
    answer({ error: { number: 20_001, message: "ORA-20001: no" } });
    await using conn = await engine.connect();
    await expect(conn.callProcedure("fail", [])).rejects.toMatchObject({ nativeCode: "ORA-20001" });
    answer({ outputs: ["3"] });
    expect((await conn.callProcedure("next", [outParameter("n", integer())])).outputs).toEqual({ n: 3 });
  });
});
