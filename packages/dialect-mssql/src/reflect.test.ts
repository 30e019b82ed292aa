import type { ReflectionConnection } from "@acme/core/dialect";
import { describe, expect, test } from "vitest";
import { bare, MssqlReflector } from "./reflect.js";

/** The catalog's rows for a table and a view, found by a word of the query. */
const CATALOG: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  "SCHEMA_NAME()": [{ name: "dbo" }],
  "sys.foreign_keys": [
    {
      table_name: "items",
      key_name: "fk",
      column_name: "a",
      target_schema: "store",
      target_table: "parts",
      target_column: "x",
      on_delete: "CASCADE",
      on_update: "NO_ACTION",
    },
    {
      table_name: "items",
      key_name: "fk",
      column_name: "b",
      target_schema: "store",
      target_table: "parts",
      target_column: "y",
      on_delete: "CASCADE",
      on_update: "NO_ACTION",
    },
  ],
  "sys.check_constraints": [
    { table_name: "items", check_name: "positive", definition: "([price]>(0))", column_name: "price" },
    { table_name: "items", check_name: "ck_doc", definition: "(isjson([doc])=(1))", column_name: "doc" },
  ],
  "sys.index_columns": [
    key("pk_items", "id", { is_primary_key: true }),
    key("uq", "name", { is_unique_constraint: true }),
    key("ix", "name", { filter_definition: "([price]>(0))" }),
    key("ix", "price", { filter_definition: "([price]>(0))", is_descending_key: true }),
  ],
  "sys.columns c": [
    column("id", "int", { is_identity: true }),
    column("name", "nvarchar", { max_length: 100, default_text: "(N'x')", comment: "the name" }),
    column("price", "numeric", { precision: 10, scale: 2, is_nullable: true }),
    column("doc", "nvarchar", { max_length: -1 }),
    column("at", "datetimeoffset", { scale: 7, default_text: "(sysutcdatetime())" }),
    column("photo", "varbinary", { max_length: -1 }),
    column("twice", "numeric", { precision: 21, scale: 2, computed_text: "([price]*(2))", is_persisted: true }),
    column("where", "geography", {}),
  ],
  "sys.extended_properties": [
    { table_name: "items", type: "U ", comment: "things" },
    { table_name: "cheap", type: "V ", comment: null },
  ],
};

function column(column_name: string, type: string, more: object): Readonly<Record<string, unknown>> {
  const sizes = { max_length: 4, precision: 10, scale: 0 };
  const nothing = { default_text: null, computed_text: null, is_persisted: null, comment: null };
  return {
    table_name: "items",
    column_name,
    type,
    ...sizes,
    is_nullable: false,
    is_identity: false,
    ...nothing,
    ...more,
  };
}

function key(index_name: string, column_name: string, more: object): Readonly<Record<string, unknown>> {
  const plain = {
    is_unique: false,
    is_primary_key: false,
    is_unique_constraint: false,
    filter_definition: null,
    is_descending_key: false,
  };
  return { table_name: "items", index_name, column_name, ...plain, ...more };
}

function catalog(): ReflectionConnection & { readonly asked: (readonly unknown[])[] } {
  const asked: (readonly unknown[])[] = [];
  return {
    asked,
    query: async (sql, parameters = []) => {
      asked.push([sql, ...parameters]);
      const word = Object.keys(CATALOG).find((each) => sql.includes(each));
      return word === undefined ? [] : (CATALOG[word] as readonly Readonly<Record<string, unknown>>[]);
    },
  };
}

describe("reflection from the catalog", () => {
  test("[MS26] columns with their types, defaults and comments", async () => {
    const [items, cheap] = await new MssqlReflector().tables(catalog(), undefined, ["items", "cheap"]);
    expect(items).toMatchObject({ name: "items", schema: undefined, kind: "table", comment: "things" });
    expect(
      items?.columns.map(({ name, type, typeText, nullable, default: text, autoincrement }) => [
        name,
        type.name,
        typeText,
        nullable,
        text,
        autoincrement,
      ]),
    ).toEqual([
      ["id", "integer", "int", false, undefined, true],
      ["name", "string", "nvarchar(50)", false, "N'x'", false],
      ["price", "numeric", "numeric(10, 2)", true, undefined, false],
      ["doc", "json", "nvarchar(max)", false, undefined, false],
      ["at", "dateTime", "datetimeoffset(7)", false, "sysutcdatetime()", false],
      ["photo", "largeBinary", "varbinary(max)", false, undefined, false],
      ["twice", "numeric", "numeric(21, 2)", false, undefined, false],
      ["where", "native", "geography", false, undefined, false],
    ]);
    expect(items?.columns[1]?.comment).toBe("the name");
    expect(items?.columns[6]?.computed).toEqual({ sqltext: "[price]*(2)", persisted: true });
    expect(cheap).toMatchObject({ name: "cheap", kind: "view", primaryKey: undefined });
  });

  test("[MS26] keys, checks and indexes", async () => {
    const [items] = await new MssqlReflector().tables(catalog(), undefined, ["items"]);
    expect(items?.primaryKey).toEqual({ name: "pk_items", columns: ["id"] });
    expect(items?.uniqueConstraints).toEqual([{ name: "uq", columns: ["name"] }]);
    expect(items?.foreignKeys).toEqual([
      {
        name: "fk",
        columns: ["a", "b"],
        targetSchema: "store",
        targetTable: "parts",
        targetColumns: ["x", "y"],
        onDelete: "cascade",
        onUpdate: undefined,
      },
    ]);
    // What ISJSON checks is said by the column's type.
    expect(items?.checks).toEqual([{ name: "positive", sqltext: "[price]>(0)" }]);
    expect(items?.indexes).toEqual([
      {
        name: "ix",
        unique: false,
        columns: ["name", "price"],
        expressions: ["name", "price DESC"],
        where: "[price]>(0)",
      },
    ]);
  });

  test("[MS26] a bounded number of queries; the schema and the names are parameters", async () => {
    const connection = catalog();
    await new MssqlReflector().tables(connection, "store", ["items", "cheap"]);
    expect(connection.asked).toHaveLength(6);
    expect(connection.asked[1]?.slice(1)).toEqual(["store", "items", "cheap"]);
    expect(connection.asked[1]?.[0]).toContain("AND o.name IN (@p2, @p3)");
  });

  test("definitions lose the parentheses around all of them, and only those", () => {
    expect(["((0))", "(getdate())", "('a)')", "([a]>(0) AND ([b]>(1)))", "(a) OR (b)", "N'it''s ('"].map(bare)).toEqual(
      ["0", "getdate()", "'a)'", "[a]>(0) AND ([b]>(1))", "(a) OR (b)", "N'it''s ('"],
    );
  });
});
