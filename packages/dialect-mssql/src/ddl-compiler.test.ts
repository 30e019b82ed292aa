import {
  boolean,
  CreateIndex,
  CreateSchema,
  CreateTable,
  check,
  createStatements,
  DropIndex,
  DropTable,
  dateTime,
  enumeration,
  func,
  index,
  integer,
  json,
  MetaData,
  numeric,
  SetTableComment,
  string,
  Table,
  unique,
} from "@acme/core";
import type { DialectOption, Index } from "@acme/core/dialect";
import { describe, expect, test } from "vitest";
import { mssql } from "./index.js";

const write = (statement: Parameters<ReturnType<typeof mssql>["compile"]>[0], version = 14): string =>
  mssql({ version }).compile(statement).sql;

function accounts(options: { readonly comment?: string } = {}) {
  return new Table(
    "accounts",
    new MetaData(),
    {
      id: integer().primaryKey(),
      email: string(100).unique(),
      total: numeric(10, 2).serverDefault("0"),
      open: boolean().serverDefault(true),
      made: dateTime({ timezone: true }).serverDefault(func.now()),
      kind: enumeration(["a", "it's"]),
      settings: json().nullable(),
      twice: integer().computed("total * 2", { persisted: true }),
    },
    {
      schema: "app",
      ...options,
      constraints: (c) => [
        check(c.open, { name: "is_open" }),
        unique([c.email, c.kind], { name: "uq_two" }),
        index([c.email, c.total.desc()], { where: c.total.gt("0") }),
      ],
    },
  );
}

describe("DDL as text", () => {
  test("[DDL1][MS6][MS22][MS24] CREATE TABLE: IDENTITY, computed columns without a type, nullability always said", () => {
    expect(write(new CreateTable(accounts()))).toBe(`CREATE TABLE app.accounts (
  id INT NOT NULL IDENTITY,
  email NVARCHAR(100) NOT NULL,
  total NUMERIC(10, 2) DEFAULT 0 NOT NULL,
  [open] BIT DEFAULT 1 NOT NULL,
  made DATETIMEOFFSET(3) DEFAULT SYSUTCDATETIME() NOT NULL,
  kind NVARCHAR(4) NOT NULL,
  settings NVARCHAR(max) NULL,
  twice AS (total * 2) PERSISTED,
  PRIMARY KEY (id),
  UNIQUE (email),
  CONSTRAINT is_open CHECK ([open] = 1),
  CONSTRAINT uq_two UNIQUE (email, kind),
  CHECK (kind IN (N'a', N'it''s')),
  CHECK (ISJSON(N'[' + settings + N']') = 1)
)`);
  });

  // ISJSON takes a second argument from SQL Server 2022 on; without it, a JSON text or number alone is not JSON:
  // https://learn.microsoft.com/sql/t-sql/functions/isjson-transact-sql
  test("JSON columns of SQL Server 2022 are checked by ISJSON(x, VALUE)", () => {
    const table = new Table("t", new MetaData(), { doc: json() });
    expect(write(new CreateTable(table), 16)).toContain("CHECK (ISJSON(doc, VALUE) = 1)");
  });

  test("filtered indexes; IF NOT EXISTS asks the catalog", () => {
    const [statement] = createStatements([accounts()], mssql()).slice(1);
    expect(write(statement as never)).toBe(
      "CREATE INDEX ix_accounts_email_total ON app.accounts (email, total DESC) WHERE total > 0",
    );
    const [ix] = accounts().indexes;
    expect(write(new CreateIndex(ix as never, { ifNotExists: true }))).toBe(
      "IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE name = N'ix_accounts_email_total' AND object_id = OBJECT_ID(N'app.accounts')) " +
        "CREATE INDEX ix_accounts_email_total ON app.accounts (email, total DESC) WHERE total > 0",
    );
    expect(write(new DropIndex(ix as never, { ifExists: true }))).toBe(
      "DROP INDEX IF EXISTS ix_accounts_email_total ON app.accounts",
    );
    expect(write(new CreateTable(accounts(), { ifNotExists: true }))).toMatch(
      /^IF OBJECT_ID\(N'app\.accounts', N'U'\) IS NULL CREATE TABLE app\.accounts \(/,
    );
    expect(write(new CreateSchema("shop", { ifNotExists: true }))).toBe(
      "IF SCHEMA_ID(N'shop') IS NULL EXEC(N'CREATE SCHEMA shop')",
    );
  });

  test("[MS23] comments are extended properties", () => {
    const place = "@level0type = N'SCHEMA', @level0name = @schema, @level1type = N'TABLE', @level1name = N'accounts'";
    const there =
      "EXISTS (SELECT 1 FROM sys.fn_listextendedproperty(N'MS_Description', N'SCHEMA', @schema, N'TABLE', N'accounts', NULL, NULL))";
    expect(write(new SetTableComment(accounts({ comment: "the bank's" })))).toBe(
      `DECLARE @schema sysname = N'app'; IF ${there} EXEC sys.sp_updateextendedproperty @name = N'MS_Description', @value = N'the bank''s', ${place} ` +
        `ELSE EXEC sys.sp_addextendedproperty @name = N'MS_Description', @value = N'the bank''s', ${place}`,
    );
    expect(write(new SetTableComment(accounts()))).toBe(
      `DECLARE @schema sysname = N'app'; IF ${there} EXEC sys.sp_dropextendedproperty @name = N'MS_Description', ${place}`,
    );
  });

  test("RESTRICT is NO ACTION; deferrable keys are refused", () => {
    const metadata = new MetaData();
    const parents = new Table("parents", metadata, { id: integer().primaryKey().identity({ start: 5 }) });
    const child = (name: string, options: object) =>
      new CreateTable(new Table(name, metadata, { p: integer().references(() => parents.c.id, options) }));
    expect(write(new CreateTable(parents))).toContain("id INT IDENTITY(5, 1) NOT NULL");
    expect(write(child("a", { onDelete: "restrict", onUpdate: "cascade" }))).toContain(
      "FOREIGN KEY (p) REFERENCES parents (id) ON DELETE NO ACTION ON UPDATE CASCADE",
    );
    expect(() => write(child("b", { deferrable: true }))).toThrow("mssql has no deferrable constraints.");
  });

  test("what SQL Server does not have is refused", () => {
    const table = (columns: ConstructorParameters<typeof Table>[2]) =>
      new CreateTable(new Table("t", new MetaData(), columns));
    expect(() => write(table({ s: string() }))).toThrow("mssql needs a length");
    expect(() => write(table({ n: numeric() }))).toThrow("mssql needs a precision and a scale");
    expect(() => write(new DropTable(accounts(), { cascade: true }))).toThrow(
      "mssql has no CASCADE when a table is dropped.",
    );
    const byExpression = new Table(
      "e",
      new MetaData(),
      { a: string(9) },
      { constraints: (c) => [index(func.lower(c.a), { name: "i" })] },
    );
    expect(() => write(new CreateIndex(byExpression.indexes[0] as never))).toThrow(
      "mssql has no indexes over expressions.",
    );
    const unknown = new Table("u", new MetaData(), { a: integer() }, { dialectOptions: { mssql: { heap: true } } });
    expect(() => write(new CreateTable(unknown))).toThrow(
      'mssql has no table option "heap" (of "u"). It has: triggers, clustered.',
    );
  });

  // https://learn.microsoft.com/sql/t-sql/statements/create-index-transact-sql
  test("[MS21] indexes: CLUSTERED, INCLUDE, WHERE", () => {
    const table = sales((c) => [
      index(c.day, { name: "by_day", dialectOptions: { mssql: { clustered: true } } }),
      index(c.item, { name: "by_item", unique: true, dialectOptions: { mssql: { include: ["netTotal", "day"] } } }),
    ]);
    expect(table.indexes.map((each) => write(new CreateIndex(each)))).toEqual([
      "CREATE CLUSTERED INDEX by_day ON sales (day)",
      "CREATE UNIQUE INDEX by_item ON sales (item) INCLUDE (net_total, day)",
    ]);
    expect(write(new CreateTable(table))).toContain("PRIMARY KEY NONCLUSTERED (id)");
    const filtered = new Table(
      "t",
      new MetaData(),
      { a: integer() },
      {
        constraints: (c) => [
          index([c.a], { name: "f", where: c.a.gt(0), dialectOptions: { mssql: { include: "a" } } }),
        ],
      },
    );
    expect(write(new CreateIndex(filtered.indexes[0] as never))).toBe(
      "CREATE INDEX f ON t (a) INCLUDE (a) WHERE a > 0",
    );
  });

  // https://learn.microsoft.com/sql/t-sql/statements/create-columnstore-index-transact-sql
  test("[MS21] columnstore indexes", () => {
    const options = { columnstore: true } as const;
    const table = sales((c) => [
      index([c.item, c.netTotal], { name: "cs", dialectOptions: { mssql: options } }),
      index([], { name: "cci", dialectOptions: { mssql: { ...options, clustered: true } } }),
    ]);
    expect(table.indexes.map((each) => write(new CreateIndex(each)))).toEqual([
      "CREATE COLUMNSTORE INDEX cs ON sales (item, net_total)",
      "CREATE CLUSTERED COLUMNSTORE INDEX cci ON sales",
    ]);
  });

  test("[MS21] primary keys and unique constraints that are clustered or not", () => {
    const keys = (clustered: false | string | readonly string[]) =>
      write(new CreateTable(sales(() => [], { clustered }))).match(/(PRIMARY|UNIQUE).*\)/g);
    expect(keys(["item", "day"])).toEqual(["PRIMARY KEY NONCLUSTERED (id)", "UNIQUE CLUSTERED (item, day)"]);
    expect(keys("id")).toEqual(["PRIMARY KEY CLUSTERED (id)", "UNIQUE (item, day)"]);
    expect(keys(false)).toEqual(["PRIMARY KEY NONCLUSTERED (id)", "UNIQUE (item, day)"]);
    expect(() => keys("item")).toThrow('The option "clustered" cannot be "item".');
  });

  test("[MS21] options of indexes that do not go together are refused", () => {
    const refused = (options: object, more: object = {}) => {
      const table = sales((c) => [index(c.day, { name: "i", ...more, dialectOptions: { mssql: options as never } })]);
      return () => write(new CreateIndex(table.indexes[0] as never));
    };
    const store = { columnstore: true };
    expect(refused({ clustered: true, include: "item" })).toThrow("no INCLUDE on a clustered index");
    expect(refused({ ...store, include: "item" })).toThrow("no INCLUDE on a columnstore index");
    expect(refused(store, { unique: true })).toThrow("no UNIQUE on a columnstore index");
    expect(refused({ ...store, clustered: true })).toThrow("no columns in a clustered columnstore index");
    expect(refused({ clustered: "yes" })).toThrow('The option "clustered" cannot be "yes".');
    expect(refused({ include: 5 })).toThrow('The option "include" cannot be 5.');
    expect(refused({ fill: 5 })).toThrow('mssql has no index option "fill"');
  });
});

function columns() {
  return { id: integer().primaryKey(), item: integer(), day: integer(), netTotal: integer().named("net_total") };
}

/** A table with indexes. */
function sales(
  indexes: (c: Table<"sales", { id: number; item: number; day: number; netTotal: number }>["c"]) => readonly Index[],
  options: Readonly<Record<string, DialectOption>> = {},
) {
  return new Table("sales", new MetaData(), columns(), {
    dialectOptions: { mssql: options },
    constraints: (c) => [unique([c.item, c.day]), ...indexes(c)],
  });
}
