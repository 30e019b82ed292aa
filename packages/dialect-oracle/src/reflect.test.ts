import { BooleanType, Json, Numeric } from "@acme/core";
import { type AnyType, Dialect, type ReflectionConnection } from "@acme/core/dialect";
import { describe, expect, test } from "vitest";
import { oracle } from "./index.js";
import { OracleReflector } from "./reflect.js";
import { typeOfColumn } from "./reflect-types.js";

/** The data dictionary's rows for two tables, found by a word of the query. */
const DICTIONARY: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  SYS_CONTEXT: [{ name: "SCOTT" }],
  "FROM all_tab_comments": [
    { table_name: "ITEMS", table_type: "TABLE", comments: "things" },
    { table_name: "CHEAP", table_type: "VIEW", comments: null },
  ],
  "FROM all_tab_cols": [
    column("ID", "NUMBER", {
      data_precision: 10,
      data_scale: 0,
      identity_column: "YES",
      data_default: '"SCOTT"."ISEQ$$_1".nextval',
    }),
    column("lastName", "VARCHAR2", { char_length: 50, data_default: "'x' " }),
    column("PRICE", "NUMBER", { data_precision: 10, data_scale: 2, nullable: "Y" }),
    column("OPEN", "NUMBER", { data_precision: 1, data_scale: 0 }),
    column("DOC", "CLOB", {}),
    column("AT", "TIMESTAMP(6) WITH TIME ZONE", {}),
    column("DAY", "DATE", {}),
    column("TWICE", "NUMBER", { virtual_column: "YES", data_default: '"PRICE"*2' }),
    { ...column("N", "NUMBER", {}), table_name: "CHEAP" },
  ],
  "FROM all_col_comments": [{ table_name: "ITEMS", column_name: "PRICE", comments: "in euros" }],
  "FROM all_constraints c\nLEFT": [
    constraint("PK_ITEMS", "P", "ID", { index_name: "PK_ITEMS" }),
    constraint("SYS_C1", "C", "lastName", { search_condition_vc: '"lastName" IS NOT NULL' }),
    constraint("SYS_C2", "C", "OPEN", { search_condition_vc: "open IN (0, 1)" }),
    constraint("SYS_C3", "C", "DOC", { search_condition_vc: "doc IS JSON" }),
    constraint("POSITIVE", "C", "PRICE", { search_condition_vc: "price > 0" }),
    constraint("FK_ITEMS", "R", "ID", { r_owner: "STORE", r_constraint_name: "PK_PARTS", delete_rule: "CASCADE" }),
    constraint("UQ", "U", "lastName", { index_name: "UQ" }),
    constraint("UQ", "U", "PRICE", { index_name: "UQ" }),
  ],
  "k.owner, k.constraint_name, k.table_name": [
    { owner: "STORE", constraint_name: "PK_PARTS", table_name: "PARTS", column_name: "ID" },
  ],
  "FROM all_indexes": [
    indexColumn("PK_ITEMS", "UNIQUE", "ID", 1, "ASC"),
    indexColumn("IX_PRICE", "NONUNIQUE", "SYS_NC00009$", 1, "DESC"),
    indexColumn("IX_PRICE", "NONUNIQUE", "SYS_NC00010$", 2, "ASC"),
  ],
  "FROM all_ind_expressions": [
    { index_name: "IX_PRICE", column_position: 1, column_expression: '"PRICE"' },
    { index_name: "IX_PRICE", column_position: 2, column_expression: 'LOWER("lastName")' },
  ],
};

function column(column_name: string, data_type: string, more: object): Readonly<Record<string, unknown>> {
  const nothing = { data_length: 22, char_length: 0, data_precision: null, data_scale: null, data_default: null };
  return {
    table_name: "ITEMS",
    column_name,
    data_type,
    ...nothing,
    nullable: "N",
    virtual_column: "NO",
    identity_column: "NO",
    ...more,
  };
}

function constraint(
  constraint_name: string,
  constraint_type: string,
  column_name: string,
  more: object,
): Readonly<Record<string, unknown>> {
  const nothing = {
    search_condition_vc: null,
    delete_rule: null,
    r_owner: null,
    r_constraint_name: null,
    index_name: null,
  };
  return { table_name: "ITEMS", constraint_name, constraint_type, column_name, ...nothing, ...more };
}

function indexColumn(
  index_name: string,
  uniqueness: string,
  column_name: string,
  column_position: number,
  descend: string,
): Readonly<Record<string, unknown>> {
  return { table_name: "ITEMS", index_name, uniqueness, column_name, column_position, descend };
}

/** A connection that answers from {@link DICTIONARY} and notes what it was asked. */
function dictionary(): ReflectionConnection & { readonly asked: (readonly unknown[])[] } {
  const asked: (readonly unknown[])[] = [];
  return {
    asked,
    query: async (sql, parameters = []) => {
      asked.push([sql, ...parameters]);
      const key = Object.keys(DICTIONARY).find((word) => sql.includes(word));
      return key === undefined ? [] : (DICTIONARY[key] as readonly Readonly<Record<string, unknown>>[]);
    },
  };
}

describe("reflection from the data dictionary", () => {
  test("[ORA29][ORA6] columns with their types, defaults and comments, by the toolkit's names", async () => {
    const [items] = await new OracleReflector().tables(dictionary(), undefined, ["items", "cheap"]);
    expect(items).toMatchObject({ name: "items", schema: undefined, kind: "table", comment: "things" });
    expect(
      items?.columns.map(({ name, typeText, nullable, default: text, autoincrement }) => [
        name,
        typeText,
        nullable,
        text,
        autoincrement,
      ]),
    ).toEqual([
      ["id", "NUMBER(10)", false, undefined, true],
      ["lastName", "VARCHAR2(50 CHAR)", false, "'x'", false],
      ["price", "NUMBER(10,2)", true, undefined, false],
      ["open", "NUMBER(1)", false, undefined, false],
      ["doc", "CLOB", false, undefined, false],
      ["at", "TIMESTAMP(6) WITH TIME ZONE", false, undefined, false],
      ["day", "DATE", false, undefined, false],
      ["twice", "NUMBER", false, undefined, false],
    ]);
    const types = items?.columns.map(({ type }) => type) ?? [];
    expect(types.map((type) => type.name)).toEqual([
      "integer",
      "string",
      "numeric",
      "boolean",
      "json",
      "dateTime",
      "dateTime",
      "numeric",
    ]);
    expect(types[2]).toBeInstanceOf(Numeric);
    expect(types[3]).toBeInstanceOf(BooleanType);
    expect(types[4]).toBeInstanceOf(Json);
    expect(types[5]).toMatchObject({ timezone: true, precision: 6 });
    // A DATE of Oracle's has a time of day.
    expect(oracle().typeName(types[6] as AnyType)).toBe("DATE");
    expect(items?.columns[2]?.comment).toBe("in euros");
    expect(items?.columns[7]?.computed).toEqual({ sqltext: '"PRICE"*2', persisted: false });
  });

  test("[ORA29] a type that is Oracle's own is made again as it is, and portably elsewhere", () => {
    const written = (data_type: string, more: object = {}, checks: readonly string[] = []): readonly string[] => {
      const type = typeOfColumn(column("X", data_type, more) as never, checks);
      const name = (dialect: Dialect): string => {
        try {
          return dialect.typeName(type);
        } catch {
          return "none";
        }
      };
      return [name(oracle({ version: 23 })), name(new Dialect())];
    };
    expect(written("CHAR", { char_length: 3 })).toEqual(["CHAR(3 CHAR)", "VARCHAR(3)"]);
    expect(written("VARCHAR2", { char_length: 3 })).toEqual(["VARCHAR2(3 CHAR)", "VARCHAR(3)"]);
    expect(written("NCHAR", { char_length: 3 })).toEqual(["NCHAR(3)", "VARCHAR(3)"]);
    expect(written("NVARCHAR2", { char_length: 3 })).toEqual(["NVARCHAR2(3)", "VARCHAR(3)"]);
    expect(written("NCLOB")).toEqual(["NCLOB", "TEXT"]);
    expect(written("RAW", { data_length: 16 })[0]).toBe("RAW(16)");
    expect(written("BLOB", {}, ["doc IS JSON"])[0]).toBe("BLOB");
    expect(written("BINARY_FLOAT")[0]).toBe("BINARY_FLOAT");
    expect(written("TIMESTAMP(6)")[0]).toBe("TIMESTAMP(6)");
    expect(written("TIMESTAMP(6) WITH LOCAL TIME ZONE")[0]).toBe("TIMESTAMP(6) WITH LOCAL TIME ZONE");
    expect(written("INTERVAL DAY(2) TO SECOND(6)")[0]).toBe("INTERVAL DAY(2) TO SECOND(6)");
    expect(written("INTERVAL YEAR(4) TO MONTH")).toEqual(["INTERVAL YEAR(4) TO MONTH", "none"]);
    expect(written("UROWID", { data_length: 4000 })).toEqual(["UROWID(4000)", "none"]);
    for (const name of ["JSON", "XMLTYPE"]) expect(written(name)[0]).toBe(name);
    for (const name of ["VECTOR", "ROWID", "BFILE", "SDO_GEOMETRY"]) expect(written(name)).toEqual([name, "none"]);
  });

  test("[ORA29] keys, checks and indexes; what only says NOT NULL or the type is left out", async () => {
    const [items, cheap] = await new OracleReflector().tables(dictionary(), undefined, ["items", "cheap"]);
    expect(items?.primaryKey).toEqual({ name: "pk_items", columns: ["id"] });
    expect(items?.uniqueConstraints).toEqual([{ name: "uq", columns: ["lastName", "price"] }]);
    expect(items?.foreignKeys).toEqual([
      {
        name: "fk_items",
        columns: ["id"],
        targetSchema: "store",
        targetTable: "parts",
        targetColumns: ["id"],
        onDelete: "cascade",
        onUpdate: undefined,
      },
    ]);
    expect(items?.checks).toEqual([{ name: "positive", sqltext: "price > 0" }]);
    expect(items?.indexes).toEqual([
      {
        name: "ix_price",
        unique: false,
        columns: ["price", undefined],
        expressions: ["price DESC", 'LOWER("lastName")'],
        where: undefined,
      },
    ]);
    expect(cheap).toMatchObject({ name: "cheap", kind: "view", primaryKey: undefined, indexes: [] });
  });

  test("[ORA29] names are asked for in upper case, in a bounded number of queries", async () => {
    const connection = dictionary();
    await new OracleReflector().tables(connection, "store", ["items", "lastName"]);
    expect(connection.asked).toHaveLength(8);
    expect(connection.asked[1]).toEqual([
      "SELECT table_name, table_type, comments FROM all_tab_comments WHERE owner = :1 AND table_name IN (:2, :3) ORDER BY table_name",
      "STORE",
      "ITEMS",
      "lastName",
    ]);
  });
});
