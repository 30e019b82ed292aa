import { createEngine, type Engine, type ReflectedColumn, type ReflectedTable, sql } from "@acme/core/dialect";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import "./index.js";
import { mariadb as mariadbDialect } from "./index.js";
import { checksOf, columnOf, foreignKeysOf, withoutParentheses } from "./reflect-parts.js";
import { typeOfColumn } from "./reflect-types.js";
import { admin, provision, type TestDatabase } from "./test-support.js";

const { mariadb } = inject("databases");
const serverUrl = mariadb.available ? mariadb.url : "";

describe.skipIf(!mariadb.available)("[mariadb] reflection", () => {
  let database: TestDatabase;
  let other: TestDatabase;
  let engine: Engine;
  let otherName: string;

  beforeAll(async () => {
    database = await provision(serverUrl);
    other = await provision(serverUrl);
    otherName = new URL(other.url).pathname.slice(1);
    await admin(serverUrl, `CREATE TABLE ${otherName}.elsewhere (id INT PRIMARY KEY)`);
    engine = createEngine(database.url);
    await using conn = await engine.connect();
    for (const statement of SCHEMA(otherName)) await conn.execute(sql.text(statement.replaceAll(":", "\\:")));
  });

  afterAll(async () => {
    await engine?.dispose();
    await database?.drop();
    await other?.drop();
  });

  /** The reflector's own answer, with the questions that it asked. */
  const reflect = async (
    names: readonly string[] | undefined,
    schema?: string,
  ): Promise<{ tables: readonly ReflectedTable[]; asked: string[] }> => {
    await using conn = await engine.connect();
    const asked: string[] = [];
    const query = async (
      text: string,
      parameters: readonly unknown[] = [],
    ): Promise<readonly Readonly<Record<string, unknown>>[]> => {
      asked.push(text);
      return (await conn.executeDriverSql(text, parameters)).all();
    };
    return { tables: await mariadbDialect().reflector.tables({ query }, schema, names), asked };
  };
  const one = async (name: string): Promise<ReflectedTable> => (await reflect([name])).tables[0] as ReflectedTable;
  const column = async (table: string, name: string): Promise<ReflectedColumn> =>
    (await one(table)).columns.find((each) => each.name === name) as ReflectedColumn;

  test("[REFL2] names of schemas, tables and views", async () => {
    await using conn = await engine.connect();
    const query = async (
      text: string,
      parameters: readonly unknown[] = [],
    ): Promise<readonly Readonly<Record<string, unknown>>[]> => (await conn.executeDriverSql(text, parameters)).all();
    const { reflector } = mariadbDialect();
    expect(await reflector.schemaNames({ query })).toEqual(expect.arrayContaining([otherName]));
    expect(await reflector.schemaNames({ query })).not.toContain("information_schema");
    expect(await reflector.defaultSchema({ query })).toBe(new URL(database.url).pathname.slice(1));
    expect(await reflector.tableNames({ query }, undefined)).toEqual(["Case", "case", "child", "everything", "parent"]);
    expect(await reflector.tableNames({ query }, otherName)).toEqual(["elsewhere"]);
    expect(await reflector.viewNames({ query }, undefined)).toEqual(["grown"]);
  });

  test("[REFL11] all tables take as many questions as one", async () => {
    const all = await reflect(undefined);
    expect(all.tables.map(({ name }) => name)).toEqual(["Case", "case", "child", "everything", "parent"]);
    expect(all.asked).toHaveLength(6);
    expect((await reflect(["child"])).asked).toHaveLength(6);
  });

  test("names differ by case where they do on the server; unknown ones are left out", async () => {
    expect((await reflect(["case", "nope"])).tables.map(({ name }) => name)).toEqual(["case"]);
    expect((await reflect([])).tables).toEqual([]);
    expect((await reflect(["elsewhere"], otherName)).tables).toMatchObject([{ name: "elsewhere", schema: otherName }]);
  });

  test("[REFL6][MY26] types", async () => {
    const { columns } = await one("everything");
    expect(columns.map(({ name, type, typeText }) => [name, String(type), typeText])).toEqual([
      ["a_tiny", "TINYINT", "tinyint(4)"],
      ["a_bool", "boolean", "tinyint(1)"],
      ["a_utiny", "TINYINT UNSIGNED", "tinyint(3) unsigned"],
      ["a_small", "smallInteger", "smallint(6)"],
      ["a_usmall", "SMALLINT UNSIGNED", "smallint(5) unsigned"],
      ["a_medium", "MEDIUMINT", "mediumint(9)"],
      ["an_int", "integer", "int(11)"],
      ["a_uint", "INT UNSIGNED", "int(10) unsigned"],
      ["a_big", "bigInteger", "bigint(20)"],
      ["a_ubig", "BIGINT UNSIGNED", "bigint(20) unsigned"],
      ["a_decimal", "numeric(10, 2)", "decimal(10,2)"],
      ["a_float", "float", "float"],
      ["a_double", "double", "double"],
      ["a_bit", "boolean", "bit(1)"],
      ["bits", "BIT(8)", "bit(8)"],
      ["a_char", "string(5)", "char(5)"],
      ["a_varchar", "string(50)", "varchar(50)"],
      ["a_text", "text", "text"],
      ["a_longtext", "text", "longtext"],
      ["a_binary", "largeBinary(4)", "binary(4)"],
      ["a_varbinary", "largeBinary(8)", "varbinary(8)"],
      ["a_blob", "largeBinary", "blob"],
      ["an_enum", "enumeration(a, it's, x,y, (z))", "enum('a','it''s','x,y','(z)')"],
      ["a_set", "SET(a,bcd)", "set('a','bcd')"],
      ["a_date", "date", "date"],
      ["a_time", "time(6)", "time(6)"],
      ["a_datetime", "dateTime", "datetime(3)"],
      ["a_stamp", "dateTime with time zone", "timestamp"],
      ["a_year", "YEAR", "year(4)"],
      ["a_json", "json", "longtext"],
      ["a_uuid", "uuid", "uuid"],
      ["an_inet", "INET6", "inet6"],
      ["a_point", "null", "point"],
    ]);
  });

  test("[REFL6][MY30] defaults, generated keys, computed columns, comments", async () => {
    const { columns, comment } = await one("parent");
    expect(comment).toBe('the "parent"');
    const seen = Object.fromEntries(
      columns.map((each) => [
        each.name,
        { nullable: each.nullable, default: each.default, autoincrement: each.autoincrement },
      ]),
    );
    expect(seen).toEqual({
      id: { nullable: false, default: undefined, autoincrement: true },
      name: { nullable: false, default: "'it''s'", autoincrement: false },
      size: { nullable: true, default: "5", autoincrement: false },
      price: { nullable: true, default: "1.50", autoincrement: false },
      changed: { nullable: true, default: "current_timestamp(3) ON UPDATE current_timestamp(3)", autoincrement: false },
      sum: { nullable: true, default: "(1 + 2)", autoincrement: false },
      doubled: { nullable: true, default: undefined, autoincrement: false },
      shown: { nullable: true, default: undefined, autoincrement: false },
      nothing: { nullable: true, default: undefined, autoincrement: false },
    });
    expect((await column("parent", "doubled")).computed).toEqual({ sqltext: "`size` * 2", persisted: true });
    expect((await column("parent", "shown")).computed).toEqual({ sqltext: "`size` + 1", persisted: false });
    expect((await column("parent", "name")).comment).toBe("C:\\x's");
  });

  test("[REFL7][REFL8] keys, indexes and checks", async () => {
    const parent = await one("parent");
    expect(parent.primaryKey).toEqual({ name: undefined, columns: ["id"] });
    expect(parent.uniqueConstraints).toEqual([{ name: "uq_parent", columns: ["name", "size"] }]);
    expect(parent.indexes).toEqual([
      {
        name: "ix_desc",
        unique: false,
        columns: ["size", "price"],
        expressions: ["size", "price DESC"],
        where: undefined,
      },
      { name: "ix_prefix", unique: true, columns: ["name"], expressions: ["name(3)"], where: undefined },
    ]);
    expect(parent.checks).toEqual([{ name: "ck_size", sqltext: "`size` > 0 and `name` <> ')'" }]);
    expect((await one("everything")).checks).toEqual([]);
  });

  test("[REFL7] foreign keys, with what they do; the index that the server makes for one is not reported", async () => {
    const child = await one("child");
    expect(child.foreignKeys).toEqual([
      {
        name: "fk_away",
        columns: ["away"],
        targetSchema: otherName,
        targetTable: "elsewhere",
        targetColumns: ["id"],
        onDelete: "no action",
        onUpdate: undefined,
      },
      {
        name: "fk_pair",
        columns: ["parent_name", "parent_size"],
        targetSchema: undefined,
        targetTable: "parent",
        targetColumns: ["name", "size"],
        onDelete: "cascade",
        onUpdate: "set null",
      },
    ]);
    expect(child.indexes).toEqual([]);
  });

  test("a view has columns and no comment", async () => {
    const view = await one("grown");
    expect([view.kind, view.comment, view.columns.map(({ name }) => name), view.primaryKey]).toEqual([
      "view",
      undefined,
      ["id", "n"],
      undefined,
    ]);
  });
});

const SCHEMA = (other: string): readonly string[] => [
  `CREATE TABLE parent (
    id BIGINT AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(20) NOT NULL DEFAULT 'it''s' COMMENT 'C:\\\\x''s',
    size INT DEFAULT 5,
    price DECIMAL(10,2) DEFAULT 1.50,
    changed DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
    sum INT DEFAULT (1 + 2),
    doubled INT AS (size * 2) STORED,
    shown INT AS (size + 1) VIRTUAL,
    nothing VARCHAR(5) DEFAULT NULL,
    CONSTRAINT uq_parent UNIQUE (name, size),
    UNIQUE KEY ix_prefix (name(3)),
    KEY ix_desc (size, price DESC),
    CONSTRAINT ck_size CHECK (size > 0 AND name <> ')')
  ) COMMENT 'the "parent"'`,
  `CREATE TABLE child (
    id INT PRIMARY KEY, parent_name VARCHAR(20), parent_size INT, away INT,
    CONSTRAINT fk_pair FOREIGN KEY (parent_name, parent_size) REFERENCES parent (name, size) ON DELETE CASCADE ON UPDATE SET NULL,
    CONSTRAINT fk_away FOREIGN KEY (away) REFERENCES ${other}.elsewhere (id) ON DELETE NO ACTION
  )`,
  `CREATE TABLE everything (
    a_tiny TINYINT, a_bool BOOLEAN, a_utiny TINYINT UNSIGNED, a_small SMALLINT, a_usmall SMALLINT UNSIGNED, a_medium MEDIUMINT,
    an_int INT, a_uint INT UNSIGNED, a_big BIGINT, a_ubig BIGINT UNSIGNED, a_decimal DECIMAL(10,2), a_float FLOAT, a_double DOUBLE,
    a_bit BIT(1), bits BIT(8), a_char CHAR(5), a_varchar VARCHAR(50), a_text TEXT, a_longtext LONGTEXT, a_binary BINARY(4),
    a_varbinary VARBINARY(8), a_blob BLOB, an_enum ENUM('a','it''s','x,y','(z)'), a_set SET('a','bcd'), a_date DATE, a_time TIME(6),
    a_datetime DATETIME(3), a_stamp TIMESTAMP NULL, a_year YEAR, a_json JSON, a_uuid UUID, an_inet INET6, a_point POINT
  )`,
  "CREATE TABLE `case` (id INT)",
  "CREATE TABLE `Case` (id INT)",
  "CREATE SEQUENCE numbers",
  "CREATE VIEW grown AS SELECT id, size + 1 AS n FROM parent",
];

describe("what MySQL says differently in information_schema", () => {
  const column = (extra: Readonly<Record<string, unknown>>): ReflectedColumn =>
    columnOf(
      {
        name: "c",
        type: "varchar(20)",
        data_type: "varchar",
        nullable: "YES",
        default_text: null,
        extra: "",
        comment: "",
        computed: "",
        ...extra,
      },
      [],
      "mysql",
    );

  test("defaults are bare values, expressions are marked", () => {
    expect(column({ default_text: "it's" }).default).toBe("'it''s'");
    expect(column({ default_text: "NULL" }).default).toBe("'NULL'");
    expect(column({ default_text: null }).default).toBeUndefined();
    expect(column({ type: "int", data_type: "int", default_text: "5" }).default).toBe("5");
    expect(column({ default_text: "uuid()", extra: "DEFAULT_GENERATED" }).default).toBe("(uuid())");
    expect(
      column({
        data_type: "datetime",
        default_text: "CURRENT_TIMESTAMP(3)",
        extra: "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3)",
      }).default,
    ).toBe("CURRENT_TIMESTAMP(3) ON UPDATE current_timestamp(3)");
  });

  test("expressions stand in parentheses, with their quotes escaped", () => {
    expect(column({ computed: "concat(`a`,_utf8mb4\\'x\\')", extra: "STORED GENERATED" }).computed).toEqual({
      sqltext: "concat(`a`,_utf8mb4'x')",
      persisted: true,
    });
    expect(checksOf([{ name: "ck", clause: "((`a` > 0) and (`b` <> _utf8mb4\\')\\'))" }], "mysql")).toEqual([
      { name: "ck", sqltext: "(`a` > 0) and (`b` <> _utf8mb4')')" },
    ]);
    expect(["(a)", "(a) + (b)", "(')')", "a", "(a"].map(withoutParentheses)).toEqual([
      "a",
      "(a) + (b)",
      "')'",
      "a",
      "(a",
    ]);
  });

  test("NO ACTION is what nobody said", () => {
    const row = {
      name: "fk",
      column_name: "a",
      target_schema: "s",
      target_table: "t",
      target_column: "id",
      on_delete: "NO ACTION",
      on_update: "RESTRICT",
    };
    expect(foreignKeysOf([row], "s", "mysql")[0]).toMatchObject({
      onDelete: undefined,
      onUpdate: "restrict",
      targetSchema: undefined,
    });
  });

  test("types without a display width, and its own JSON", () => {
    expect(
      [
        typeOfColumn("int", false),
        typeOfColumn("tinyint(1)", false),
        typeOfColumn("json", false),
        typeOfColumn("vector(3)", false),
      ].map(String),
    ).toEqual(["integer", "boolean", "json", "null"]);
  });
});
