import {
  type AnyTable,
  type AnyType,
  baseType,
  BindParameter,
  type Column,
  CompileError,
  type Constraint,
  type CreateSchema,
  DATABASE_DEFAULT,
  DateTime,
  DDLCompiler,
  type DdlSubject,
  type Dialect,
  type DropConstraint,
  type DropIndex,
  type ExpressionNode,
  factsOf,
  ForeignKeyConstraint,
  FunctionCall,
  type IdentityOptions,
  type Index,
  CheckConstraint,
  literalText,
  type Node,
  type ReferenceOptions,
  type ReferentialAction,
  requiredNameOf,
  Text,
  TextFragment,
  Column as ColumnNode,
} from "@acme/core/dialect";
import type { Traits } from "./flags.js";
import { atLeast } from "./version.js";

/** Table options and how they are written: `dialectOptions: { mysql: { engine: "InnoDB" } }`. */
const TABLE_OPTIONS: Readonly<Record<string, string>> = {
  engine: "ENGINE",
  charset: "DEFAULT CHARSET",
  collate: "COLLATE",
  rowFormat: "ROW_FORMAT",
  autoIncrement: "AUTO_INCREMENT",
};

/** Types of columns that can have a DEFAULT on MySQL only as an expression in parentheses. */
const LONG_TYPES: ReadonlySet<string> = new Set(["text", "largeBinary", "json"]);

/** Text behind DEFAULT that both servers take as it is; all else is an expression and stands in parentheses. */
const PLAIN_DEFAULT = /^\s*(?:[-+]?[\d.]|'|[xb]'|_utf8mb4|null\b|true\b|false\b|current_timestamp\b|now\(|localtime|\()/i;

/** Writes DDL for MySQL and MariaDB. */
export class MySQLDdlCompiler extends DDLCompiler {
  private readonly traits: Traits;

  constructor(dialect: Dialect, traits: Traits) {
    super(dialect);
    this.traits = traits;
  }

  private get maria(): boolean {
    return this.traits.flavour === "mariadb";
  }

  // ---- columns --------------------------------------------------------------------------------------------------------

  protected override columnType(column: Column): string {
    const type = baseType(column.type as AnyType);
    if (type instanceof Text && type.name === "string" && type.length === undefined) {
      throw new CompileError(`The string column "${column.from.name}.${column.name}" needs a length on ${this.dialect.name}.`, {
        code: "LENGTH_NEEDED",
        remedy: "Write string(255), or text() for text of any length.",
      });
    }
    return super.columnType(column);
  }

  protected override autoincrementClause(_column: Column): string {
    return "AUTO_INCREMENT";
  }

  /** `START WITH` is an option of the table; see {@link tableOptions}. */
  protected override identityClause(_column: Column, options: IdentityOptions): string {
    if (options.always) throw this.unsupported("GENERATED ALWAYS AS IDENTITY");
    if (options.increment !== undefined && options.increment !== 1) throw this.unsupported("INCREMENT BY of one column");
    return "AUTO_INCREMENT";
  }

  protected override defaultClause(column: Column): string {
    const { serverDefault } = factsOf(column).options;
    if (serverDefault === undefined || serverDefault === DATABASE_DEFAULT) return "";
    const type = baseType(column.type as AnyType);
    if (isNow(serverDefault) && type instanceof DateTime) return `DEFAULT CURRENT_TIMESTAMP${type.precision === 0 ? "" : `(${type.precision})`}`;
    const text = isNode(serverDefault) ? this.expression(serverDefault) : literalText(this.dialect, serverDefault, column.type as AnyType);
    return `DEFAULT ${isPlain(serverDefault, text) && !LONG_TYPES.has(type.name) ? text : inParentheses(text)}`;
  }

  /** MariaDB has no NOT NULL on computed columns. */
  protected override nullability(column: Column): string {
    return this.maria && factsOf(column).options.computed ? "" : super.nullability(column);
  }

  protected override enumerationsAreText(): boolean {
    return false;
  }

  // ---- tables ---------------------------------------------------------------------------------------------------------

  /** Options of the table. Without a word about it text is UTF-8: a MariaDB as its makers ship it has latin1. */
  protected override tableOptions(table: AnyTable): string {
    const given = this.optionsOf(table);
    const start = table.columns.map((column) => factsOf(column).options.identity?.start).find((each) => each !== undefined);
    const options = {
      ...(given.charset === undefined && given.collate === undefined ? { charset: "utf8mb4" } : {}),
      ...(start === undefined ? {} : { autoIncrement: start }),
      ...given,
    };
    const written = Object.entries(options).map(([name, value]) => ` ${TABLE_OPTIONS[name]}=${this.optionValue(name, value)}`);
    const comment = table.comment === undefined ? "" : ` ${this.inlineComment(table.comment)}`;
    return written.join("") + comment;
  }

  /** MariaDB takes the options for MySQL as well; its own go before them. */
  private optionsOf(table: AnyTable): Readonly<Record<string, string | number | boolean>> {
    const { mysql = {}, mariadb = {} } = table.dialectOptions;
    const given = this.maria ? { ...mysql, ...mariadb } : mysql;
    const unknown = Object.keys(given).find((name) => !Object.hasOwn(TABLE_OPTIONS, name));
    if (unknown === undefined) return given;
    throw new CompileError(`${this.dialect.name} has no table option "${unknown}" (of "${table.fullName}").`, {
      code: "UNKNOWN_TABLE_OPTION",
      remedy: `It has: ${Object.keys(TABLE_OPTIONS).join(", ")}.`,
    });
  }

  private optionValue(name: string, value: string | number | boolean): string {
    if (/^\w+$/.test(String(value))) return String(value);
    throw new CompileError(`The table option "${name}" cannot be ${JSON.stringify(value)}.`, { code: "BAD_TABLE_OPTION" });
  }

  protected override ifNotExists(asked: boolean | undefined, subject: DdlSubject): string {
    this.checkClause_(asked, subject, "IF NOT EXISTS");
    return super.ifNotExists(asked, subject);
  }

  protected override ifExists(asked: boolean | undefined, subject: DdlSubject): string {
    this.checkClause_(asked, subject, "IF EXISTS");
    return super.ifExists(asked, subject);
  }
}
