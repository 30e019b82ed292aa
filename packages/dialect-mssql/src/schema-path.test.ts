import {
  CreateIndex,
  CreateSchema,
  CreateTable,
  index,
  insert,
  integer,
  MetaData,
  type Node,
  SetTableComment,
  select,
  Table,
} from "@acme/core";
import { describe, expect, test } from "vitest";
import { mssql } from "./index.js";
import { isElsewhere, schemaParts } from "./schema-path.js";

const orders = (schema: string) =>
  new Table(
    "order",
    new MetaData(),
    { id: integer().primaryKey(), v: integer() },
    { schema, comment: "c", constraints: (c) => [index(c.v, { name: "ix" })] },
  );
const write = (statement: Node): string => mssql().compile(statement as never).sql;

// Names: https://learn.microsoft.com/sql/t-sql/language-elements/transact-sql-syntax-conventions-transact-sql
describe("schemas of several parts", () => {
  test("parts are told by dots outside of brackets", () => {
    expect(["dbo", "crm.dbo", "[crm.old].dbo", "[a]]b].[c]", "[x"].map(schemaParts)).toEqual([
      ["dbo"],
      ["crm", "dbo"],
      ["crm.old", "dbo"],
      ["a]b", "c"],
      ["[x"],
    ]);
    expect([undefined, "dbo", "[a.b]", "crm.dbo"].map(isElsewhere)).toEqual([false, false, false, true]);
  });

  test("[MS15] a database and a schema, each quoted by itself", () => {
    const t = orders("Crm.dbo");
    expect(write(select(t.c.v))).toBe("SELECT [Crm].dbo.[order].v FROM [Crm].dbo.[order]");
    expect(write(select(orders("[my.crm].dbo").c.v))).toBe("SELECT [my.crm].dbo.[order].v FROM [my.crm].dbo.[order]");
    expect(write(insert(t).values({ id: 1, v: 1 }))).toBe(
      "SET IDENTITY_INSERT [Crm].dbo.[order] ON; INSERT INTO [Crm].dbo.[order] (id, v) VALUES (@p1, @p2); SET IDENTITY_INSERT [Crm].dbo.[order] OFF",
    );
    expect(write(new CreateTable(t, { ifNotExists: true }))).toMatch(
      /^IF OBJECT_ID\(N'\[Crm\]\.dbo\.\[order\]', N'U'\) IS NULL CREATE TABLE \[Crm\]\.dbo\.\[order\] \(/,
    );
    expect(write(new CreateIndex(t.indexes[0] as never, { ifNotExists: true }))).toBe(
      "IF NOT EXISTS (SELECT 1 FROM [Crm].sys.indexes WHERE name = N'ix' AND object_id = OBJECT_ID(N'[Crm].dbo.[order]')) CREATE INDEX ix ON [Crm].dbo.[order] (v)",
    );
  });

  test("what has no place for a database is refused", () => {
    expect(() => write(select(orders("srv.crm.dbo").c.v))).toThrow("has more parts than a database and a schema");
    expect(() => write(new CreateSchema("crm.shop"))).toThrow("mssql has no CREATE SCHEMA in another database.");
    expect(() => write(new SetTableComment(orders("crm.dbo")))).toThrow("mssql has no comments on tables of another");
    expect(() => write(select(orders(".dbo").c.v))).toThrow("An identifier cannot be empty.");
    expect(write(new CreateSchema("[a.b]"))).toBe("CREATE SCHEMA [a.b]");
  });
});
