import { insert, integer, MetaData, string, Table } from "@acme/core";
import type { TdsRequest } from "@acme/testkit/testing";
import { describe, expect, test } from "vitest";
import "../index.js";
import { scripted } from "./test-server.js";

const one = new Table("one", new MetaData(), { id: integer().primaryKey(), a: integer() });
const three = new Table("three", new MetaData(), {
  id: integer().primaryKey(),
  a: integer(),
  b: integer(),
  c: string(9),
});

/** The rows of each INSERT that was executed, by its parameters. */
function pageSizes(asked: readonly Omit<TdsRequest, "cancelled">[], width: number): readonly number[] {
  return asked
    .filter(({ way }) => way === "sql" || way === "execute")
    .map(({ parameters }) => parameters.length / width);
}

describe("INSERTs of many rows", () => {
  // 1,000 rows: https://learn.microsoft.com/sql/t-sql/queries/table-value-constructor-transact-sql
  // 2,100 parameters: https://learn.microsoft.com/sql/sql-server/maximum-capacity-specifications-for-sql-server
  test("[MS8] are split by the limits of 1,000 rows and 2,100 parameters", async () => {
    await using server = await scripted();
    await using connection = await server.engine.connect();
    server.answer(({ parameters }) => ({ results: [{ rowCount: parameters.length }] }));
    const rows = Array.from({ length: 2500 }, (_, i) => ({ a: i }));
    await connection.execute(insert(one).valuesList(rows), undefined, { pageRows: 5000 });
    expect(pageSizes(server.asked(), 1)).toEqual([1000, 1000, 500]);
    const before = server.asked().length;
    const wide = Array.from({ length: 1500 }, (_, i) => ({ a: i, b: i, c: "x" }));
    await connection.execute(insert(three).valuesList(wide), undefined, { pageRows: 5000 });
    expect(pageSizes(server.asked().slice(before), 3)).toEqual([699, 699, 102]);
  });

  test("[MS8] with OUTPUT give the rows in the order of the input, page by page", async () => {
    await using server = await scripted();
    await using connection = await server.engine.connect();
    let next = 1;
    // The server gives the rows of a page backwards, and other sessions take every second key.
    server.answer(({ way, parameters }) => {
      if (way !== "sql" && way !== "execute") return {};
      const given = parameters.map(({ value }) => {
        const row = [Number(value), next, next];
        next += 2;
        return row;
      });
      return {
        results: [
          {
            columns: [
              ["a", "int"],
              ["id", "int"],
              ["id", "int"],
            ],
            rows: given.reverse(),
          },
        ],
      };
    });
    const rows = Array.from({ length: 250 }, (_, i) => ({ a: i * 7 }));
    const returned = await connection.execute(insert(one).valuesList(rows).returning(one.c.a, one.c.id)).all();
    expect(returned).toEqual(rows.map(({ a }, i) => ({ a, id: 2 * i + 1 })));
    expect(pageSizes(server.asked(), 1)).toEqual([100, 100, 50]);
  });
});
