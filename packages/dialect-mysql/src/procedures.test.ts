import {
  bigInteger,
  boolean,
  createEngine,
  dateTime,
  type Engine,
  inOutParameter,
  integer,
  numeric,
  outParameter,
  string,
} from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import "./index.js";
import { provision, type TestDatabase } from "./test-support.js";

const { mariadb } = inject("databases");

describe.skipIf(!mariadb.available)("[mariadb] stored procedures", () => {
  let database: TestDatabase;
  let engine: Engine;

  beforeAll(async () => {
    database = await provision(mariadb.available ? mariadb.url : "");
    engine = createEngine(database.url);
    await using conn = await engine.connect();
    for (const text of [
      "CREATE TABLE log (line VARCHAR(50) PRIMARY KEY)",
      "CREATE PROCEDURE note(IN p VARCHAR(50)) INSERT INTO log VALUES (p)",
      `CREATE PROCEDURE several(IN n INT) BEGIN
         SELECT n AS a, 'x' AS b UNION ALL SELECT n + 1, 'y';
         UPDATE log SET line = line;
         SELECT 9007199254740993 AS big WHERE n < 0;
         SELECT 'last' AS word;
       END`,
      `CREATE PROCEDURE \`odd name\`(INOUT n BIGINT, OUT price DECIMAL(30, 2), OUT moment DATETIME(3), OUT yes BOOLEAN,
         OUT nothing VARCHAR(5), IN factor INT)
       BEGIN
         SELECT 'a row' AS r;
         SET n = n + factor, price = 12345678901234567890.50, moment = '2024-02-29 12:00:00.5', yes = TRUE, nothing = NULL;
       END`,
    ]) {
      await conn.executeDriverSql(text);
    }
  });
  afterAll(async () => {
    await engine.dispose();
    await database.drop();
  });

  test("[ENG70] give several result sets, those without rows too", async () => {
    await using conn = await engine.connect();
    const { results } = await conn.callProcedure("several", [5]);
    expect(results.map((result) => result.all())).toEqual([
      [
        { a: 5, b: "x" },
        { a: 6, b: "y" },
      ],
      [],
      [{ word: "last" }],
    ]);
    expect(results[1]?.keys).toEqual(["big"]);
  });

  test("[ENG70] without result sets do their work, in the open transaction", async () => {
    await using conn = await engine.connect();
    expect((await conn.callProcedure("note", ["it's"])).results).toEqual([]);
    await using transaction = await conn.begin();
    await conn.callProcedure("note", ["undone"]);
    await transaction.rollback();
    expect(await conn.executeDriverSql("SELECT line FROM log").scalars()).toEqual(["it's"]);
    await expect(conn.callProcedure("note", ["it's"])).rejects.toMatchObject({ name: "UniqueViolationError" });
  });

  test("[ENG71] give values through OUT and INOUT arguments beside their rows, each of its type", async () => {
    await using conn = await engine.connect();
    const { results, outputs } = await conn.callProcedure("odd name", [
      inOutParameter("n", bigInteger(), 9007199254740993n),
      outParameter("price", numeric(30, 2)),
      outParameter("moment", dateTime({ timezone: true })),
      outParameter("yes", boolean()),
      outParameter("nothing", string(5)),
      7,
    ]);
    expect(results.map((result) => result.all())).toEqual([[{ r: "a row" }]]);
    expect(outputs).toEqual({
      n: 9007199254741000n,
      price: "12345678901234567890.50",
      moment: new Date("2024-02-29T12:00:00.500Z"),
      yes: true,
      nothing: null,
    });
  });

  test("do not exist by wrong names or with wrong arguments", async () => {
    await using conn = await engine.connect();
    await expect(conn.callProcedure("nowhere", [])).rejects.toMatchObject({ name: "ProgrammingError" });
    await expect(conn.callProcedure("note", [outParameter("x", integer()), 2])).rejects.toMatchObject({
      name: "ProgrammingError",
    });
  });
});
