import {
  bigInteger,
  createEngine,
  dateTime,
  type Engine,
  func,
  inOutParameter,
  integer,
  json,
  literal,
  numeric,
  outParameter,
  string,
} from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import "./index.js";
import { ownDatabase } from "./test-support.js";

const { postgresql } = inject("databases");

describe.skipIf(!postgresql.available)("[postgresql] stored procedures", () => {
  const database = ownDatabase();
  let engine: Engine;

  beforeAll(async () => {
    engine = createEngine(database.url);
    await using conn = await engine.connect();
    for (const text of [
      'CREATE SCHEMA "Own"',
      "CREATE TABLE log (line TEXT)",
      "CREATE PROCEDURE note(line TEXT) LANGUAGE SQL AS $$ INSERT INTO log VALUES (line) $$",
      `CREATE PROCEDURE "Own".shapes(INOUT n BIGINT, OUT price NUMERIC, OUT moment TIMESTAMPTZ, OUT doc JSONB, OUT nothing TEXT)
       LANGUAGE plpgsql AS $$ BEGIN
         n := n + 1; price := 1.50; moment := '2024-02-29 12:00:00.5+02'; doc := '{"a": [1]}'; nothing := NULL;
       END $$`,
      "CREATE PROCEDURE fail() LANGUAGE plpgsql AS $$ BEGIN RAISE unique_violation USING MESSAGE = 'no'; END $$",
    ]) {
      await conn.executeDriverSql(text);
    }
  });
  afterAll(() => engine.dispose());

  it("[ENG70] are called with values, whose types the procedure decides", async () => {
    await using conn = await engine.connect();
    const { results, outputs } = await conn.callProcedure("note", ["it's"]);
    expect(results).toEqual([]);
    expect(outputs).toEqual({});
    await conn.callProcedure(["public", "note"], [literal("typed", string(20))]);
    expect(await conn.executeDriverSql("SELECT line FROM log ORDER BY line").scalars()).toEqual(["it's", "typed"]);
  });

  it("[ENG71] give values through OUT and INOUT arguments, each of its type", async () => {
    await using conn = await engine.connect();
    const { outputs } = await conn.callProcedure(
      "shapes",
      [
        inOutParameter("n", bigInteger(), 9007199254740993n),
        outParameter("price", numeric(10, 2)),
        outParameter("moment", dateTime({ timezone: true })),
        outParameter("doc", json()),
        outParameter("nothing", string()),
      ],
      { schema: "Own" },
    );
    expect(outputs).toEqual({
      n: 9007199254740994n,
      price: "1.50",
      moment: new Date("2024-02-29T10:00:00.500Z"),
      doc: { a: [1] },
      nothing: null,
    });
    const exact: bigint | null = outputs.n;
    expect(exact).toBe(9007199254740994n);
    // @ts-expect-error an output that was not declared
    expect(outputs.other).toBeUndefined();
  });

  it("[ENG70] are part of the transaction that is open", async () => {
    await using conn = await engine.connect();
    await using transaction = await conn.begin();
    await conn.callProcedure("note", ["undone"]);
    await transaction.rollback();
    expect(await conn.executeDriverSql("SELECT line FROM log WHERE line = 'undone'").scalars()).toEqual([]);
  });

  it("fail with the error class of what went wrong, which shows the call", async () => {
    await using conn = await engine.connect();
    await expect(conn.callProcedure("fail", [])).rejects.toMatchObject({
      name: "UniqueViolationError",
      statement: "CALL fail()",
    });
    await expect(conn.callProcedure("nowhere", [1])).rejects.toMatchObject({
      name: "ProgrammingError",
      parameters: [1],
    });
    await expect(conn.callProcedure("note", [func.now()])).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
    const undeclared = conn.callProcedure("shapes", [1, 2, null, null, outParameter("x", integer())], {
      schema: "Own",
    });
    await expect(undeclared).rejects.toMatchObject({ name: "ProgrammingError" });
  });

  it("end with their time limit", async () => {
    await using conn = await engine.connect();
    await conn.executeDriverSql("CREATE PROCEDURE slow() LANGUAGE SQL AS $$ SELECT pg_sleep(30) $$");
    await expect(conn.callProcedure("slow", [], { timeout: 50 })).rejects.toMatchObject({
      name: "StatementTimeoutError",
    });
    await conn.callProcedure("note", ["afterwards"]);
  });

  it("are seen by listeners", async () => {
    await using own = createEngine(database.url);
    const seen: string[] = [];
    own.on("afterExecute", ({ execution }) => seen.push(`${execution.sql} ${JSON.stringify(execution.parameters)}`));
    await using conn = await own.connect();
    await conn.callProcedure("note", ["x"]);
    expect(seen).toEqual(['CALL note(?) ["x"]']);
  });
});
