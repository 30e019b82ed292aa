import { insert, integer, MetaData, select, Table } from "@acme/core";
import { describe, expect, test } from "vitest";
import {
  dateTimeOffset,
  datetime,
  hierarchyid,
  money,
  rowversion,
  smallDatetime,
  sqlVariant,
  varchar,
  vector,
} from "../index.js";
import { scripted } from "./test-server.js";

const things = new Table("things", new MetaData(), {
  id: integer().primaryKey({ autoincrement: false }),
  code: varchar(20),
  long: varchar("max"),
  at: datetime(),
  minute: smallDatetime(),
  written: dateTimeOffset(),
  price: money(),
  place: hierarchyid(),
  any: sqlVariant(),
  nearby: vector(2),
});

describe("native types on the wire", () => {
  test("[MS19] are sent with their types", async () => {
    await using server = await scripted({ version: "17.0.1000.7", edition: 3 });
    await using connection = await server.engine.connect();
    await connection.execute(
      insert(things).values({
        id: 1,
        code: "it's",
        long: "x".repeat(9000),
        at: new Date("2024-02-29T13:00:00.123Z"),
        minute: new Date("2024-02-29T13:59:00Z"),
        written: "2024-02-29T13:00:00+01:00",
        price: "12.5",
        place: "/1/2/",
        any: new Date("2024-02-29T13:00:00Z"),
        nearby: [1, 0.5],
      }),
    );
    expect(server.asked()[0]?.parameters.map(({ type, value }) => [type, value])).toEqual([
      ["int", 1n],
      ["varchar(8000)", "it's"],
      ["varchar(max)", "x".repeat(9000)],
      ["datetime", "2024-02-29T13:00:00.123"],
      ["smalldatetime", "2024-02-29T13:59:00.000"],
      ["nvarchar(4000)", "2024-02-29T13:00:00+01:00"],
      ["decimal(9, 1)", "12.5"],
      ["nvarchar(4000)", "/1/2/"],
      ["datetime2(7)", "2024-02-29 13:00:00.0000000"],
      ["nvarchar(4000)", "[1,0.5]"],
    ]);
  });

  test("[MS19] are read as what they are", async () => {
    const t = new Table("t", new MetaData(), {
      price: money(),
      written: dateTimeOffset(),
      version: rowversion({ as: "bigint" }),
      nearby: vector(2),
    });
    await using server = await scripted({ version: "17.0.1000.7", edition: 3 });
    await using connection = await server.engine.connect();
    server.answer(() => ({
      results: [
        {
          columns: [
            ["", "nvarchar"],
            ["", "nvarchar"],
            ["version", "varbinary"],
            ["", "nvarchar(max)"],
          ],
          rows: [
            [
              "922337203685477.5807",
              "2024-02-29 13:00:00.0000001 -05:30",
              Buffer.from([0, 0, 0, 0, 0, 0, 7, 209]),
              "[1.0000000e+000,5.0000000e-001]",
            ],
          ],
        },
      ],
    }));
    expect(await connection.execute(select(t.c.price, t.c.written, t.c.version, t.c.nearby)).one()).toEqual({
      price: "922337203685477.5807",
      written: "2024-02-29T13:00:00.0000001-05:30",
      version: 2001n,
      nearby: [1, 0.5],
    });
    expect(server.asked()[0]?.sql).toBe(
      "SELECT CONVERT(NVARCHAR(50), t.price, 2), CAST(t.written AS NVARCHAR(40)), t.version, CAST(t.nearby AS NVARCHAR(max)) FROM t",
    );
  });
});
