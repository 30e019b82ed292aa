import { describe, expect, test } from "vitest";
import type { ColumnRow } from "./catalog.js";
import { mssql } from "./index.js";
import { typeOfColumn, typeText } from "./reflect-types.js";

const row = (type: string, more: Partial<ColumnRow> = {}): ColumnRow =>
  ({ type, max_length: 0, precision: 0, scale: 0, ...more }) as ColumnRow;

/** The type as the catalog says it, and the type that is made of it as DDL. */
function both(type: string, more: Partial<ColumnRow> = {}): readonly [string, string] {
  const given = row(type, more);
  return [typeText(given), mssql({ version: 17 }).typeName(typeOfColumn(given, []))];
}

// https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-columns-transact-sql: lengths are in bytes.
describe("types from the catalog", () => {
  test("[MS26] a column's type is made again as it was", () => {
    const same = [
      both("tinyint"),
      both("money"),
      both("smallmoney"),
      both("real"),
      both("datetime"),
      both("smalldatetime"),
      both("varchar", { max_length: 20 }),
      both("varchar", { max_length: -1 }),
      both("char", { max_length: 2 }),
      both("nchar", { max_length: 4 }),
      both("nvarchar", { max_length: 100 }),
      both("nvarchar", { max_length: -1 }),
      both("text"),
      both("ntext"),
      both("image"),
      both("binary", { max_length: 16 }),
      both("varbinary", { max_length: 16 }),
      both("numeric", { precision: 10, scale: 2 }),
      both("datetime2", { scale: 7 }),
      both("datetimeoffset", { scale: 3 }),
      both("sql_variant"),
      both("xml"),
      both("hierarchyid"),
      both("json"),
      both("geography"),
    ];
    expect(same.map(([, ddl]) => ddl.toLowerCase())).toEqual(same.map(([said]) => said));
    expect(both("timestamp")[1]).toBe("ROWVERSION");
    expect(both("float")[1]).toBe("FLOAT(53)");
  });
});
