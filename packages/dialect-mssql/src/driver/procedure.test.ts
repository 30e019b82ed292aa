import { bigInteger, dateTime, inOutParameter, numeric, outParameter, string } from "@acme/core";
import { describe, expect, test } from "vitest";
import "../index.js";
import { scripted } from "./test-server.js";

describe("stored procedures against a scripted server", () => {
  test("several result sets come in order, those without rows too", async () => {
    await using server = await scripted();
    await using connection = await server.engine.connect();
    server.answer(() => ({
      results: [
        { columns: [["a", "int"]], rows: [[1], [2]] },
        { rowCount: 5 },
        { columns: [["big", "bigint"]], rows: [] },
        { columns: [["word", "nvarchar"]], rows: [["last"]] },
      ],
    }));
    const { results } = await connection.callProcedure("month report", [5, "it's", null], { schema: "app" });
    expect(results.map((result) => result.all())).toEqual([[{ a: 1 }, { a: 2 }], [], [{ word: "last" }]]);
    expect(results[1]?.keys).toEqual(["big"]);
    const [asked] = server.asked();
    expect(asked?.sql).toBe("EXEC app.[month report] @p1, @p2, @p3");
    expect(asked?.parameters.map(({ value }) => value)).toEqual([5n, "it's", null]);
  });

  // https://learn.microsoft.com/sql/t-sql/language-elements/execute-transact-sql: OUTPUT beside the variable.
  test("values come out through variables, each of its type, decimals with all digits", async () => {
    await using server = await scripted();
    await using connection = await server.engine.connect();
    server.answer(() => ({
      results: [
        { columns: [["r", "nvarchar"]], rows: [["a row"]] },
        {
          columns: [
            ["", "bigint"],
            ["", "nvarchar"],
            ["", "datetime2(3)"],
            ["", "nvarchar"],
          ],
          rows: [["9007199254740993", "12345678901234567890.50", "2024-02-29 12:00:00.500", null]],
        },
      ],
    }));
    const { results, outputs } = await connection.callProcedure("next_of", [
      inOutParameter("n", bigInteger(), 9007199254740993n),
      outParameter("price", numeric(30, 2)),
      7,
      outParameter("moment", dateTime()),
      outParameter("nothing", string(5)),
    ]);
    expect(results.map((result) => result.all())).toEqual([[{ r: "a row" }]]);
    expect(outputs).toEqual({
      n: 9007199254740993n,
      price: "12345678901234567890.50",
      moment: new Date("2024-02-29T12:00:00.500Z"),
      nothing: null,
    });
    const [asked] = server.asked();
    expect(asked?.way).toBe("sql");
    expect(asked?.sql).toBe(
      "DECLARE @out1 BIGINT = @p1, @out2 NUMERIC(30, 2), @out3 DATETIME2(3), @out4 NVARCHAR(5); " +
        "EXEC next_of @out1 OUTPUT, @out2 OUTPUT, @p2, @out3 OUTPUT, @out4 OUTPUT; " +
        "SELECT @out1, CONVERT(NVARCHAR(50), @out2, 2), @out3, @out4",
    );
    expect(asked?.parameters.map(({ value }) => value)).toEqual(["9007199254740993", 7n]);
  });

  test("its errors are the toolkit's", async () => {
    await using server = await scripted();
    await using connection = await server.engine.connect();
    server.answer(() => ({ error: { number: 2812, message: "Could not find stored procedure 'nowhere'." } }));
    await expect(connection.callProcedure("nowhere", [])).rejects.toMatchObject({ name: "ProgrammingError" });
  });
});
