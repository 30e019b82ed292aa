import {
  type AnyTable,
  type AnyType,
  baseType,
  CheckConstraint,
  Column,
  CompileError,
  type Constraint,
  type CreateSchema,
  DDLCompiler,
  type DdlSubject,
  type Dialect,
  type DialectOption,
  type DropConstraint,
  type DropIndex,
  ForeignKeyConstraint,
  factsOf,
  type IdentityOptions,
  type Index,
  type Node,
  type ReferenceOptions,
  type ReferentialAction,
  requiredNameOf,
  Text,
} from "@acme/core/dialect";
import { defaultText } from "./ddl-default.js";
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

/** Writes DDL for MySQL and MariaDB. */
export class MySQLDdlCompiler extends DDLCompiler {
  private readonly traits: Traits;

  constructor(dialect: Dialect, traits: Traits) {
    super(dialect);
    this.traits = traits;
  }

  // ---- columns --------------------------------------------------------------------------------------------------------

  protected override columnType(column: Column): string {
    const type = baseType(column.type as AnyType, this.dialect);
    if (type instanceof Text && type.name === "string" && type.length === undefined) {
      const name = `${column.from.name}.${column.name}`;
      throw new CompileError(`The string column "${name}" needs a length on ${this.dialect.name}.`, {
        code: "LENGTH_NEEDED",
        remedy: "Write string(255), or text() for text of any length.",
      });
    }
    return super.columnType(column);
  }

  protected override autoincrementClause(_column: Column): string {
    return "AUTO_INCREMENT";
  }

  /** Where an identity begins is an option of the table; see {@link tableOptions}. */
  protected override identityClause(_column: Column, options: IdentityOptions): string {
    if (options.always) throw this.unsupported("GENERATED ALWAYS AS IDENTITY");
    if ((options.increment ?? 1) !== 1) throw this.unsupported("increment of its own for one column");
    return "AUTO_INCREMENT";
  }

  protected override defaultClause(column: Column): string {
    const text = defaultText(column, this.dialect, (node) => this.expression(node));
    return text === undefined ? "" : `DEFAULT ${text}`;
  }

  /** MariaDB has no NOT NULL on computed columns. */
  protected override nullability(column: Column): string {
    return this.traits.flavour === "mariadb" && factsOf(column).options.computed ? "" : super.nullability(column);
  }

  protected override enumerationsAreText(): boolean {
    return false;
  }

  // ---- tables ---------------------------------------------------------------------------------------------------------

  /** Without a word about it text is UTF-8: a MariaDB as its makers ship it has latin1. */
  protected override tableOptions(table: AnyTable): string {
    const given = this.optionsOf(table);
    const start = table.columns
      .map((column) => factsOf(column).options.identity?.start)
      .find((each) => each !== undefined);
    const options = {
      ...(given.charset === undefined && given.collate === undefined ? { charset: "utf8mb4" } : {}),
      ...(start === undefined ? {} : { autoIncrement: this.integer(start) }),
      ...given,
    };
    const written = Object.entries(options).map(
      ([name, value]) => ` ${TABLE_OPTIONS[name]}=${optionValue(name, value)}`,
    );
    return written.join("") + (table.comment === undefined ? "" : ` ${this.inlineComment(table.comment)}`);
  }

  /** MariaDB takes the options for MySQL as well; its own go before them. */
  private optionsOf(table: AnyTable): Readonly<Record<string, DialectOption>> {
    const { mysql = {}, mariadb = {} } = table.dialectOptions;
    const given = this.traits.flavour === "mariadb" ? { ...mysql, ...mariadb } : mysql;
    return this.dialectOptions(table, "table", Object.keys(TABLE_OPTIONS), given);
  }

  protected override ifNotExists(asked: boolean | undefined, subject: DdlSubject): string {
    if (asked) this.needsClause(subject, "IF NOT EXISTS");
    return super.ifNotExists(asked, subject);
  }

  protected override ifExists(asked: boolean | undefined, subject: DdlSubject): string {
    if (asked) this.needsClause(subject, "IF EXISTS");
    return super.ifExists(asked, subject);
  }

  private needsClause(subject: DdlSubject, clause: string): void {
    if ((subject === "index" || subject === "constraint") && !this.traits.ifExistsClauses) {
      throw this.unsupported(`${clause} for indexes and constraints`);
    }
  }

  /** DROP TABLE takes the word CASCADE and does nothing about it; dropping a schema drops what is in it anyway. */
  protected override cascade(asked: boolean | undefined, subject: DdlSubject): string {
    if (asked && subject !== "schema")
      throw this.unsupported(
        `DROP ${subject.toUpperCase()} ... CASCADE`,
        "Drop what refers to it first; dropAll() does.",
      );
    return "";
  }

  // ---- constraints ----------------------------------------------------------------------------------------------------

  protected override referentialAction(action: ReferentialAction, event: "delete" | "update"): string {
    if (action === "set default") throw this.unsupported("SET DEFAULT in a foreign key");
    return super.referentialAction(action, event);
  }

  protected override deferrability(options: ReferenceOptions): string {
    if (options.deferrable || options.initially === "deferred") throw this.unsupported("deferrable constraints");
    return "";
  }

  protected override dropConstraint(node: DropConstraint): string {
    if (node.constraint.conventionKey === "pk")
      return `ALTER TABLE ${this.tableName(node.constraint.table)} DROP PRIMARY KEY`;
    return super.dropConstraint(node);
  }

  /** `DROP CONSTRAINT` serves all kinds since MySQL 8.0.19. */
  protected override dropConstraintWord(constraint: Constraint): string {
    if (this.traits.flavour === "mariadb" || atLeast(this.traits.version, 8, 0, 19)) return "CONSTRAINT";
    if (constraint instanceof ForeignKeyConstraint) return "FOREIGN KEY";
    return constraint instanceof CheckConstraint ? "CHECK" : "INDEX";
  }

  // ---- indexes --------------------------------------------------------------------------------------------------------

  /** An index belongs to its table: its name has no schema. */
  protected override indexName(index: Index, _use: "create" | "drop"): string {
    return this.dialect.quote(requiredNameOf(index, this.dialect));
  }

  protected override indexOperand(operand: Node): string {
    if (!(operand instanceof Column) && this.traits.flavour === "mariadb") {
      throw this.unsupported("indexes over expressions", "Add a computed column and index that.");
    }
    return super.indexOperand(operand);
  }

  protected override indexWhere(index: Index): string {
    if (index.where !== undefined) throw this.unsupported("partial indexes");
    return "";
  }

  protected override dropIndex(node: DropIndex): string {
    return `${super.dropIndex(node)} ON ${this.indexedTable(node.index)}`;
  }

  // ---- comments and schemas ---------------------------------------------------------------------------------------------

  /** COMMENT takes no other form of literal, so a backslash is doubled, which is right in every sql_mode but NO_BACKSLASH_ESCAPES. */
  protected override inlineComment(text: string): string {
    return `COMMENT '${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
  }

  protected override setTableComment(table: AnyTable): string {
    return `ALTER TABLE ${this.tableName(table)} ${this.inlineComment(table.comment ?? "")}`;
  }

  /** A column's comment is changed by saying the whole column again. */
  protected override setColumnComment(column: Column): string {
    return `ALTER TABLE ${this.tableName(column.from as AnyTable)} MODIFY COLUMN ${this.columnSpec(column)}`;
  }

  protected override createSchema(node: CreateSchema): string {
    return `${super.createSchema(node)} DEFAULT CHARACTER SET utf8mb4`;
  }
}

function optionValue(name: string, value: DialectOption): string {
  if (/^\w+$/.test(String(value))) return String(value);
  throw new CompileError(`The table option "${name}" cannot be ${JSON.stringify(value)}.`, {
    code: "BAD_TABLE_OPTION",
  });
}
