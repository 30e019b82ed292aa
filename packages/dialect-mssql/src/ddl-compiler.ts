import {
  type AnyTable,
  type AnyType,
  baseType,
  Column,
  type ComputedOptions,
  type Constraint,
  DDLCompiler,
  type DdlSubject,
  type Dialect,
  factsOf,
  type IdentityOptions,
  type Index,
  type Node,
  Order,
  type ReferenceOptions,
  type ReferentialAction,
} from "@acme/core/dialect";

import { checkClustered, clustering, flag, INDEX_OPTIONS, names, TABLE_OPTIONS } from "./ddl-options.js";
import { NativeJson } from "./native/documents.js";
import { isElsewhere, schemaParts } from "./schema-path.js";

type CreateTable = Parameters<DDLCompiler["createTable"]>[0];
type CreateIndex = Parameters<DDLCompiler["createIndex"]>[0];
type CreateSchema = Parameters<DDLCompiler["createSchema"]>[0];

/** Writes DDL for SQL Server. */
export class MssqlDdlCompiler extends DDLCompiler {
  private readonly modern: boolean;

  constructor(dialect: Dialect, modern: boolean) {
    super(dialect);
    this.modern = modern;
  }

  /** CREATE has no IF NOT EXISTS: the catalog is asked in front of it. */
  protected override ifNotExists(_asked: boolean | undefined, _subject: DdlSubject): string {
    return "";
  }

  protected override cascade(asked: boolean | undefined, subject: DdlSubject): string {
    if (asked)
      throw this.unsupported(
        `CASCADE when a ${subject} is dropped`,
        "Drop what depends on it first; metadata.dropAll() does it in order.",
      );
    return "";
  }

  protected override createTable(node: CreateTable): string {
    const text = super.createTable(node);
    return node.options.ifNotExists ? `IF OBJECT_ID(${this.objectName(node.table)}, N'U') IS NULL ${text}` : text;
  }

  /** A table's name as a text. */
  private objectName(table: AnyTable): string {
    return this.dialect.quoteString(this.tableName(table));
  }

  protected override tableOptions(table: AnyTable): string {
    this.dialectOptions(table, "table", TABLE_OPTIONS);
    checkClustered(table);
    return "";
  }

  protected override primaryKeyClause(constraint: Constraint): string {
    return `PRIMARY KEY ${this.clustered(constraint)}${this.columnList(constraint.columns)}`;
  }

  protected override uniqueClause(constraint: Constraint): string {
    return `UNIQUE ${this.clustered(constraint)}${this.columnList(constraint.columns)}`;
  }

  private clustered(constraint: Constraint): string {
    return clustering(constraint.table as AnyTable, constraint);
  }

  /** A computed column has neither type nor nullability of its own. */
  protected override columnSpec(column: Column): string {
    const { computed } = factsOf(column).options;
    if (computed === undefined) return super.columnSpec(column);
    return `${this.dialect.quote(column.name)} ${this.computedClause(column, this.sqlText(computed.sqltext), computed.options)}`;
  }

  protected override computedClause(_column: Column, text: string, options: ComputedOptions): string {
    return `AS (${text})${options.persisted ? " PERSISTED" : ""}`;
  }

  /** Said in both cases: what is left out depends on the session's settings. */
  protected override nullability(column: Column): string {
    return column.nullable ? "NULL" : "NOT NULL";
  }

  protected override autoincrementClause(column: Column): string {
    return this.identityClause(column, {});
  }

  protected override identityClause(_column: Column, { start, increment }: IdentityOptions): string {
    if (start === undefined && increment === undefined) return "IDENTITY";
    return `IDENTITY(${this.integer(start ?? 1)}, ${this.integer(increment ?? 1)})`;
  }

  /**
   * JSON is text that a check guards. Before SQL Server 2022 ISJSON knows objects and arrays only: any value is JSON when it makes
   * an array.
   */
  protected override typeChecks(table: AnyTable): readonly string[] {
    const own = table.columns.flatMap((column) => {
      const type = baseType(column.type as AnyType, this.dialect);
      if (type.name !== "json" || type instanceof NativeJson) return [];
      const name = this.dialect.quote(column.name);
      return [`CHECK (${this.modern ? `ISJSON(${name}, VALUE)` : `ISJSON(N'[' + ${name} + N']')`} = 1)`];
    });
    return [...super.typeChecks(table), ...own];
  }

  /** There is no RESTRICT; NO ACTION fails as early. */
  protected override referentialAction(action: ReferentialAction, event: "delete" | "update"): string {
    return super.referentialAction(action === "restrict" ? "no action" : action, event);
  }

  protected override deferrability(options: ReferenceOptions): string {
    if (options.deferrable || options.initially === "deferred") throw this.unsupported("deferrable constraints");
    return "";
  }

  protected override createIndex(node: CreateIndex): string {
    const { index, options } = node;
    if (options.concurrently) throw this.unsupported("CREATE INDEX CONCURRENTLY");
    const text = this.indexText(index);
    if (!options.ifNotExists) return text;
    const name = this.dialect.quoteString(this.plainIndexName(index));
    return `IF NOT EXISTS (SELECT 1 FROM ${this.catalogOf(index.table)}sys.indexes WHERE name = ${name} AND object_id = OBJECT_ID(${this.objectName(index.table)})) ${text}`;
  }

  /**
   * `CREATE UNIQUE CLUSTERED INDEX`, `INCLUDE (a)`, `COLUMNSTORE`:
   * https://learn.microsoft.com/sql/t-sql/statements/create-index-transact-sql
   */
  private indexText(index: Index): string {
    const { include, ...given } = this.dialectOptions(index, "index", INDEX_OPTIONS);
    const clustered = flag("clustered", given.clustered);
    const columnstore = flag("columnstore", given.columnstore);
    const included = include === undefined ? [] : names("include", include);
    if (clustered && index.where !== undefined) throw this.unsupported("condition (WHERE) on a clustered index");
    if (clustered && included.length > 0)
      throw this.unsupported("INCLUDE on a clustered index", "It holds all columns.");
    if (columnstore) this.checkColumnstore(index, clustered, included);
    const kind = `${clustered ? "CLUSTERED " : ""}${columnstore ? "COLUMNSTORE " : ""}`;
    const elements = index.elements.map((element) => this.indexElement(element)).join(", ");
    const beside = included.map((name) =>
      this.dialect.quote(index.table.columns.find((column) => column.key === name)?.name ?? name),
    );
    return [
      `CREATE ${index.unique ? "UNIQUE " : ""}${kind}INDEX ${this.indexName(index, "create")} ON ${this.indexedTable(index)}`,
      elements === "" ? "" : ` (${elements})`,
      beside.length === 0 ? "" : ` INCLUDE (${beside.join(", ")})`,
      this.indexWhere(index),
    ].join("");
  }

  /** https://learn.microsoft.com/sql/t-sql/statements/create-columnstore-index-transact-sql */
  private checkColumnstore(index: Index, clustered: boolean, included: readonly string[]): void {
    if (index.unique) throw this.unsupported("UNIQUE on a columnstore index");
    if (included.length > 0) throw this.unsupported("INCLUDE on a columnstore index", "Name the columns as its own.");
    if (clustered && index.elements.length > 0)
      throw this.unsupported("columns in a clustered columnstore index", "It holds all: index([], { name, ... }).");
    if (index.elements.some((element) => element instanceof Order && element.descending !== undefined))
      throw this.unsupported("ASC or DESC in a columnstore index");
  }

  /** The database in front of `sys`, where the table is in another one. */
  private catalogOf({ schema }: AnyTable): string {
    const parts = schema === undefined ? [] : schemaParts(schema).slice(0, -1);
    return parts.map((part) => `${this.dialect.quote(part)}.`).join("");
  }

  private plainIndexName(index: Index): string {
    return this.indexName(index, "create").replace(/^\[(.*)\]$/, (_text, name: string) => name.replaceAll("]]", "]"));
  }

  /** Indexes belong to their table, not to a schema. */
  protected override indexName(index: Index, _use: "create" | "drop"): string {
    return super.indexName(index, "create");
  }

  protected override dropIndex(node: Parameters<DDLCompiler["dropIndex"]>[0]): string {
    return `${super.dropIndex(node)} ON ${this.tableName(node.index.table)}`;
  }

  protected override indexOperand(operand: Node): string {
    if (operand instanceof Column) return super.indexOperand(operand);
    throw this.unsupported("indexes over expressions", "Add a computed column and index it.");
  }

  protected override createSchema(node: CreateSchema): string {
    if (isElsewhere(node.name))
      throw this.unsupported("CREATE SCHEMA in another database", "Connect to that database.");
    const text = super.createSchema(node);
    // CREATE SCHEMA must be alone in its batch.
    return node.options.ifNotExists
      ? `IF SCHEMA_ID(${this.dialect.quoteString(node.name)}) IS NULL EXEC(${this.dialect.quoteString(text)})`
      : text;
  }

  // ---- comments: extended properties named MS_Description ---------------------------------------------------------------

  protected override setTableComment(table: AnyTable): string {
    return this.comment(table, undefined, table.comment);
  }

  protected override setColumnComment(column: Column): string {
    return this.comment(column.from as AnyTable, column.name, factsOf(column).options.comment);
  }

  private comment(table: AnyTable, column: string | undefined, text: string | undefined): string {
    if (this.translatesSchemas) throw this.unsupported("comments on tables whose schema is chosen at execution");
    if (isElsewhere(table.schema)) throw this.unsupported("comments on tables of another database");
    const say = (name: string): string => this.dialect.quoteString(name);
    const schema = table.schema === undefined ? "SCHEMA_NAME()" : say(schemaParts(table.schema).join());
    const below = column === undefined ? "" : `, @level2type = N'COLUMN', @level2name = ${say(column)}`;
    const place = `@level0type = N'SCHEMA', @level0name = @schema, @level1type = N'TABLE', @level1name = ${say(table.name)}${below}`;
    const asked = column === undefined ? "NULL, NULL" : `N'COLUMN', ${say(column)}`;
    const there = `EXISTS (SELECT 1 FROM sys.fn_listextendedproperty(N'MS_Description', N'SCHEMA', @schema, N'TABLE', ${say(table.name)}, ${asked}))`;
    const run = (procedure: string, value: string): string =>
      `EXEC sys.${procedure} @name = N'MS_Description', ${value}${place}`;
    const drop = `IF ${there} ${run("sp_dropextendedproperty", "")}`;
    const value = text === undefined ? "" : `@value = ${say(text)}, `;
    const set = `IF ${there} ${run("sp_updateextendedproperty", value)} ELSE ${run("sp_addextendedproperty", value)}`;
    return `DECLARE @schema sysname = ${schema}; ${text === undefined ? drop : set}`;
  }
}
