import { schemaToken } from "../compile/schema-token.js";
import type { Dialect } from "../dialect/dialect.js";
import { type AnyType, baseType, literalText } from "../dialect/type-rules.js";
import { CompileError } from "../errors/index.js";
import {
  CheckConstraint,
  type Constraint,
  type DialectOption,
  ForeignKeyConstraint,
  type Index,
} from "../schema/constraint.js";
import { nameOf, requiredNameOf, wantsGivenName } from "../schema/naming.js";
import { type AnyTable, factsOf } from "../schema/table.js";
import { BindParameter } from "../sql/bind.js";
import { Column } from "../sql/column.js";
import { Membership } from "../sql/elements.js";
import { Expression, type ExpressionNode } from "../sql/expression.js";
import { Order } from "../sql/order.js";
import {
  type ComputedOptions,
  DATABASE_DEFAULT,
  type IdentityOptions,
  type ReferenceOptions,
  type ReferentialAction,
} from "../types/column-def.js";
import { Enumeration } from "../types/texts.js";
import type { Node } from "../visit/node.js";
import {
  type AddConstraint,
  type CreateIndex,
  CreateIndex as CreateIndexStatement,
  type CreateSchema,
  type CreateTable,
  type DdlStatement,
  type DdlText,
  type DropConstraint,
  type DropIndex,
  type DropSchema,
  type DropTable,
  SetColumnComment,
  SetTableComment,
} from "./statements.js";

const ACTIONS: Readonly<Record<ReferentialAction, string>> = {
  cascade: "CASCADE",
  "set null": "SET NULL",
  "set default": "SET DEFAULT",
  restrict: "RESTRICT",
  "no action": "NO ACTION",
};

/** What IF EXISTS and IF NOT EXISTS can be said of. */
export type DdlSubject = "table" | "index" | "schema" | "constraint";

/**
 * Writes DDL for one dialect. The base class writes standard SQL; a dialect extends it, overrides the methods whose text
 * differs, and returns its class from `createDdlCompiler()`.
 *
 * Expressions in DDL (defaults, checks, computed columns, indexes) are written with literals for values and with columns
 * by name alone.
 */
export class DDLCompiler {
  readonly dialect: Dialect;
  /** Schemas are chosen at execution: tokens stand for them. */
  translatesSchemas = false;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  /** Writes one DDL statement. */
  process(node: Node): string {
    switch (node.kind) {
      case "ddlCreateTable":
        return this.createTable(node as CreateTable);
      case "ddlDropTable":
        return this.dropTable(node as DropTable);
      case "ddlCreateIndex":
        return this.createIndex(node as CreateIndex);
      case "ddlDropIndex":
        return this.dropIndex(node as DropIndex);
      case "ddlAddConstraint":
        return this.addConstraint(node as AddConstraint);
      case "ddlDropConstraint":
        return this.dropConstraint(node as DropConstraint);
      case "ddlSetTableComment":
        return this.setTableComment((node as SetTableComment).table);
      case "ddlSetColumnComment":
        return this.setColumnComment((node as SetColumnComment).column);
      case "ddlCreateSchema":
        return this.createSchema(node as CreateSchema);
      case "ddlDropSchema":
        return this.dropSchema(node as DropSchema);
      case "ddlText":
        return (node as DdlText).text;
      default:
        throw new CompileError(
          `${this.dialect.name} does not know how to compile a DDL statement of kind "${node.kind}".`,
          {
            code: "UNKNOWN_NODE",
            remedy: `Register it with compiles(${node.constructor.name}, "${this.dialect.name}", ...).`,
          },
        );
    }
  }

  // ---- what belongs to a table when all tables are created or dropped ---------------------------------------------------

  /** Statements in front of a table's CREATE TABLE: types, sequences. */
  beforeCreate(_table: AnyTable): readonly DdlStatement[] {
    return [];
  }

  /** Statements behind a table's CREATE TABLE: its indexes, and comments where these are statements. */
  afterCreate(table: AnyTable): readonly DdlStatement[] {
    return [...table.indexes.map((index) => new CreateIndexStatement(index)), ...this.commentStatements(table)];
  }

  /** Statements in front of all DROP TABLEs. `circular` is true when foreign keys form a circle that cannot be taken away before. */
  beforeDrop(_tables: readonly AnyTable[], _circular: boolean): readonly DdlStatement[] {
    return [];
  }

  /** Statements behind a table's DROP TABLE: types, sequences. */
  afterDrop(_table: AnyTable): readonly DdlStatement[] {
    return [];
  }

  private commentStatements(table: AnyTable): readonly DdlStatement[] {
    if (this.dialect.flags.comments !== "statement") return [];
    const ofTable = table.comment === undefined ? [] : [new SetTableComment(table)];
    const commented = table.columns.filter((column) => factsOf(column).options.comment !== undefined);
    return [...ofTable, ...commented.map((column) => new SetColumnComment(column))];
  }

  // ---- names and expressions --------------------------------------------------------------------------------------------

  /** A table's name, with its schema. */
  tableName(table: { readonly name: string; readonly schema: string | undefined }): string {
    return this.schemaPrefix(table.schema) + this.dialect.quote(table.name);
  }

  /** A schema's name with the dot behind it, or what stands for it; nothing without a schema. */
  protected schemaPrefix(schema: string | undefined): string {
    if (this.translatesSchemas) return schemaToken(schema);
    return schema === undefined ? "" : `${this.schemaName(schema)}.`;
  }

  /** A schema's name; refused where the database has no schemas. */
  protected schemaName(schema: string): string {
    if (!this.dialect.flags.schemas) throw this.unsupported("schemas");
    return this.dialect.schemaName(schema);
  }

  /** An expression with literals for values. */
  protected expression(node: Node): string {
    return this.dialect.createCompiler().inlineExpression(node);
  }

  /** As {@link expression}, where a condition stands. */
  protected condition(node: Node): string {
    return this.dialect.createCompiler().inlineExpression(node, { condition: true });
  }

  /** A literal or expression that may be given as SQL text. */
  protected sqlText(given: unknown): string {
    return typeof given === "string" ? given : this.expression(given as Node);
  }

  /** A list of columns in parentheses. */
  protected columnList(columns: readonly Column[]): string {
    return `(${columns.map((column) => this.dialect.quote(column.name)).join(", ")})`;
  }

  /** The error for a construct that the dialect does not have. */
  unsupported(construct: string, remedy?: string): CompileError {
    const message = `${this.dialect.name} has no ${construct}.`;
    return new CompileError(message, remedy === undefined ? { code: "UNSUPPORTED" } : { code: "UNSUPPORTED", remedy });
  }

  /** `IF NOT EXISTS ` or nothing. Override it where some things have no such clause. */
  protected ifNotExists(asked: boolean | undefined, _subject: DdlSubject): string {
    return asked ? "IF NOT EXISTS " : "";
  }

  /** `IF EXISTS ` or nothing. */
  protected ifExists(asked: boolean | undefined, _subject: DdlSubject): string {
    return asked ? "IF EXISTS " : "";
  }

  /** ` CASCADE` or nothing. */
  protected cascade(asked: boolean | undefined, _subject: DdlSubject): string {
    return asked ? " CASCADE" : "";
  }

  // ---- tables -----------------------------------------------------------------------------------------------------------

  protected createTable(node: CreateTable): string {
    const { table, options } = node;
    if (table.columns.length === 0) {
      throw new CompileError(`The table "${table.fullName}" has no columns.`, { code: "NO_COLUMNS" });
    }
    const parts = [
      ...table.columns.map((column) => this.columnSpec(column)),
      ...this.tableConstraints(table, options.without ?? []),
    ];
    const name = `${this.ifNotExists(options.ifNotExists, "table")}${this.tableName(table)}`;
    return `CREATE TABLE ${name} (\n  ${parts.join(",\n  ")}\n)${this.tableOptions(table)}`;
  }

  protected dropTable(node: DropTable): string {
    const { ifExists, cascade } = node.options;
    return `DROP TABLE ${this.ifExists(ifExists, "table")}${this.tableName(node.table)}${this.cascade(cascade, "table")}`;
  }

  /** What stands behind the closing parenthesis: the table's `dialectOptions`, its comment where it is written there. */
  protected tableOptions(table: AnyTable): string {
    this.dialectOptions(table, "table", []);
    return this.dialect.flags.comments === "inline" && table.comment !== undefined
      ? ` ${this.inlineComment(table.comment)}`
      : "";
  }

  /** The options of a table or an index for this dialect; refuses those that it does not know. */
  protected dialectOptions(
    subject: AnyTable | Index,
    kind: "table" | "index",
    known: readonly string[],
    given: Readonly<Record<string, DialectOption>> = subject.dialectOptions[this.dialect.name] ?? {},
  ): Readonly<Record<string, DialectOption>> {
    const unknown = Object.keys(given).find((name) => !known.includes(name));
    if (unknown === undefined) return given;
    const table = "table" in subject ? subject.table : subject;
    throw new CompileError(`${this.dialect.name} has no ${kind} option "${unknown}" (of "${table.fullName}").`, {
      code: kind === "table" ? "UNKNOWN_TABLE_OPTION" : "UNKNOWN_INDEX_OPTION",
      remedy: known.length === 0 ? "It has none." : `It has: ${known.join(", ")}.`,
    });
  }

  /** The constraints of a table in the order in which they are written. */
  protected tableConstraints(table: AnyTable, without: readonly Constraint[]): readonly string[] {
    const written = table.constraints.filter((constraint) => !without.includes(constraint));
    return [...written.map((constraint) => this.constraint(constraint)), ...this.typeChecks(table)].filter(
      (text) => text !== "",
    );
  }

  // ---- columns ----------------------------------------------------------------------------------------------------------

  /** A column: name, type, and what is said about it. Override it where the order differs. */
  protected columnSpec(column: Column): string {
    const { options } = factsOf(column);
    const parts = [this.dialect.quote(column.name), this.columnType(column)];
    if (options.computed)
      parts.push(this.computedClause(column, this.sqlText(options.computed.sqltext), options.computed.options));
    else if (options.identity) parts.push(this.identityClause(column, options.identity));
    else parts.push(this.defaultClause(column));
    parts.push(this.nullability(column));
    if (this.isAutoincrement(column)) parts.push(this.autoincrementClause(column));
    if (this.dialect.flags.comments === "inline" && options.comment !== undefined)
      parts.push(this.inlineComment(options.comment));
    return parts.filter((part) => part !== "").join(" ");
  }

  /** The type's name; some databases have types of their own for generated keys (`SERIAL`). */
  protected columnType(column: Column): string {
    return this.dialect.typeName(column.type as AnyType);
  }

  /** Whether the database makes the column's value when an INSERT gives none, without `identity` being asked for. */
  protected isAutoincrement(column: Column): boolean {
    return factsOf(column).options.identity === undefined && (column.from as AnyTable).autoincrementColumn === column;
  }

  /** What makes a column generate keys: `AUTO_INCREMENT`, `IDENTITY`. Standard SQL's INTEGER has nothing of the kind. */
  protected autoincrementClause(_column: Column): string {
    return "";
  }

  /** `GENERATED BY DEFAULT AS IDENTITY (START WITH 1 INCREMENT BY 1)` */
  protected identityClause(_column: Column, options: IdentityOptions): string {
    const sizes = [
      options.start === undefined ? "" : `START WITH ${this.integer(options.start)}`,
      options.increment === undefined ? "" : `INCREMENT BY ${this.integer(options.increment)}`,
    ].filter((part) => part !== "");
    const text = `GENERATED ${options.always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`;
    return sizes.length === 0 ? text : `${text} (${sizes.join(" ")})`;
  }

  /** A whole number in DDL. */
  protected integer(value: number): string {
    if (Number.isSafeInteger(value)) return String(value);
    throw new CompileError(`${value} is not a whole number.`, { code: "NOT_AN_INTEGER" });
  }

  /** `GENERATED ALWAYS AS (expression) STORED` */
  protected computedClause(_column: Column, text: string, options: ComputedOptions): string {
    const kind = options.persisted === undefined ? "" : options.persisted ? " STORED" : " VIRTUAL";
    return `GENERATED ALWAYS AS (${text})${kind}`;
  }

  /** `DEFAULT value` or nothing. */
  protected defaultClause(column: Column): string {
    const { serverDefault } = factsOf(column).options;
    if (serverDefault === undefined || serverDefault === DATABASE_DEFAULT) return "";
    if (serverDefault instanceof Expression)
      return `DEFAULT ${this.defaultExpression(serverDefault as ExpressionNode)}`;
    return `DEFAULT ${literalText(this.dialect, serverDefault, column.type as AnyType)}`;
  }

  /** An expression behind DEFAULT; some databases want it in parentheses. */
  protected defaultExpression(expression: ExpressionNode): string {
    return this.expression(expression);
  }

  /** `NOT NULL` or nothing. */
  protected nullability(column: Column): string {
    return column.nullable ? "" : "NOT NULL";
  }

  // ---- constraints ------------------------------------------------------------------------------------------------------

  /** A constraint of CREATE TABLE. An empty text leaves it out. */
  constraint(constraint: Constraint): string {
    return this.constraintPrefix(nameOf(constraint, this.dialect)) + this.constraintBody(constraint);
  }

  protected constraintPrefix(name: string | undefined): string {
    return name === undefined ? "" : `CONSTRAINT ${this.dialect.quote(name)} `;
  }

  protected constraintBody(constraint: Constraint): string {
    if (constraint instanceof ForeignKeyConstraint) return this.foreignKeyClause(constraint);
    if (constraint instanceof CheckConstraint) return this.checkClause(constraint);
    return constraint.conventionKey === "pk" ? this.primaryKeyClause(constraint) : this.uniqueClause(constraint);
  }

  protected primaryKeyClause(constraint: Constraint): string {
    return `PRIMARY KEY ${this.columnList(constraint.columns)}`;
  }

  protected uniqueClause(constraint: Constraint): string {
    return `UNIQUE ${this.columnList(constraint.columns)}`;
  }

  protected checkClause(constraint: CheckConstraint): string {
    return `CHECK (${this.condition(constraint.condition)})`;
  }

  protected foreignKeyClause(constraint: ForeignKeyConstraint): string {
    const target = this.tableName(constraint.targetTable as AnyTable);
    const { onDelete, onUpdate } = constraint.options;
    const parts = [
      `FOREIGN KEY ${this.columnList(constraint.columns)} REFERENCES ${target} ${this.columnList(constraint.targets)}`,
      onDelete === undefined ? "" : `ON DELETE ${this.referentialAction(onDelete, "delete")}`,
      onUpdate === undefined ? "" : `ON UPDATE ${this.referentialAction(onUpdate, "update")}`,
      this.deferrability(constraint.options),
    ];
    return parts.filter((part) => part !== "").join(" ");
  }

  /** What ON DELETE or ON UPDATE does. Override it to refuse what the database does not have. */
  protected referentialAction(action: ReferentialAction, _event: "delete" | "update"): string {
    const text = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (text !== undefined) return text;
    throw new CompileError(`A foreign key cannot do "${String(action).slice(0, 40)}".`, {
      code: "BAD_REFERENTIAL_ACTION",
      remedy: `It can: ${Object.keys(ACTIONS).join(", ")}.`,
    });
  }

  /** `DEFERRABLE INITIALLY DEFERRED` or nothing. */
  protected deferrability(options: ReferenceOptions): string {
    const { deferrable, initially } = options;
    const parts = [
      deferrable === undefined ? "" : deferrable ? "DEFERRABLE" : "NOT DEFERRABLE",
      initially === undefined ? "" : `INITIALLY ${initially === "deferred" ? "DEFERRED" : "IMMEDIATE"}`,
    ];
    return parts.filter((part) => part !== "").join(" ");
  }

  /** The checks that stand in for types which the database does not have: enumerations stored as text. */
  protected typeChecks(table: AnyTable): readonly string[] {
    if (!this.enumerationsAreText()) return [];
    return table.columns.flatMap((column) => {
      const type = baseType(column.type as AnyType, this.dialect);
      return type instanceof Enumeration && type.check
        ? [this.constraint(this.enumerationCheck(table, column, type))]
        : [];
    });
  }

  /** Whether enumerations are stored as text, so that a CHECK must guard them. */
  protected enumerationsAreText(): boolean {
    return true;
  }

  private enumerationCheck(table: AnyTable, column: Column, type: Enumeration<string>): CheckConstraint {
    const partly = wantsGivenName(table.metadata.namingConvention.ck);
    const values = new BindParameter(type.values, type, column.name, true);
    const check = new CheckConstraint(
      new Membership(column, values, false),
      type.typeName ?? (partly ? column.name : undefined),
      [column],
    );
    check.attach(table);
    return check;
  }

  protected addConstraint(node: AddConstraint): string {
    const { constraint } = node;
    if (!this.dialect.flags.alterConstraints) throw this.unsupported("ALTER TABLE ... ADD CONSTRAINT");
    const name = this.constraintPrefix(requiredNameOf(constraint, this.dialect));
    return `ALTER TABLE ${this.tableName(constraint.table)} ADD ${name}${this.constraintBody(constraint)}`;
  }

  protected dropConstraint(node: DropConstraint): string {
    const { constraint, options } = node;
    if (!this.dialect.flags.alterConstraints) throw this.unsupported("ALTER TABLE ... DROP CONSTRAINT");
    const name = this.dialect.quote(options.name ?? requiredNameOf(constraint, this.dialect));
    const text = `${this.dropConstraintWord(constraint)} ${this.ifExists(options.ifExists, "constraint")}${name}`;
    return `ALTER TABLE ${this.tableName(constraint.table)} DROP ${text}${this.cascade(options.cascade, "constraint")}`;
  }

  /** `CONSTRAINT`; older MySQLs want `FOREIGN KEY` and `INDEX` here. */
  protected dropConstraintWord(_constraint: Constraint): string {
    return "CONSTRAINT";
  }

  // ---- indexes ----------------------------------------------------------------------------------------------------------

  protected createIndex(node: CreateIndex): string {
    const { index, options } = node;
    this.dialectOptions(index, "index", []);
    if (options.concurrently) throw this.unsupported("CREATE INDEX CONCURRENTLY");
    const word = index.unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX";
    const name = `${this.ifNotExists(options.ifNotExists, "index")}${this.indexName(index, "create")}`;
    const elements = index.elements.map((element) => this.indexElement(element)).join(", ");
    return `${word} ${name} ON ${this.indexedTable(index)} (${elements})${this.indexWhere(index)}`;
  }

  /** The index's name where it is created (in the table's schema everywhere, so without it) or dropped (with it). */
  protected indexName(index: Index, use: "create" | "drop"): string {
    const name = this.dialect.quote(requiredNameOf(index, this.dialect));
    return use === "create" ? name : this.schemaPrefix(index.table.schema) + name;
  }

  /** The table behind ON. */
  protected indexedTable(index: Index): string {
    return this.tableName(index.table);
  }

  /** A column, or an expression in parentheses, with its direction. */
  protected indexElement(element: Node): string {
    if (!(element instanceof Order)) return this.indexOperand(element);
    const direction = element.descending === undefined ? "" : element.descending ? " DESC" : " ASC";
    return `${this.indexOperand(element.operand)}${direction}${this.indexNulls(element.nulls)}`;
  }

  protected indexOperand(operand: Node): string {
    return operand instanceof Column ? this.dialect.quote(operand.name) : `(${this.expression(operand)})`;
  }

  /** ` NULLS FIRST` in an index, or a refusal. */
  protected indexNulls(nulls: "first" | "last" | undefined): string {
    if (nulls === undefined) return "";
    if (!this.dialect.flags.nullsOrdering) throw this.unsupported("NULLS FIRST or NULLS LAST in an index");
    return ` NULLS ${nulls.toUpperCase()}`;
  }

  /** ` WHERE condition` of a partial index, or a refusal. */
  protected indexWhere(index: Index): string {
    return index.where === undefined ? "" : ` WHERE ${this.condition(index.where)}`;
  }

  protected dropIndex(node: DropIndex): string {
    if (node.options.concurrently) throw this.unsupported("DROP INDEX CONCURRENTLY");
    return `DROP INDEX ${this.ifExists(node.options.ifExists, "index")}${this.indexName(node.index, "drop")}`;
  }

  // ---- comments and schemas -----------------------------------------------------------------------------------------------

  /** `COMMENT '...'` inside CREATE TABLE, where `flags.comments` is `"inline"`. */
  protected inlineComment(text: string): string {
    return `COMMENT ${this.dialect.quoteString(text)}`;
  }

  protected setTableComment(table: AnyTable): string {
    if (this.dialect.flags.comments === "none") throw this.unsupported("comments");
    return `COMMENT ON TABLE ${this.tableName(table)} IS ${this.commentText(table.comment)}`;
  }

  protected setColumnComment(column: Column): string {
    if (this.dialect.flags.comments === "none") throw this.unsupported("comments");
    const name = `${this.tableName(column.from as AnyTable)}.${this.dialect.quote(column.name)}`;
    return `COMMENT ON COLUMN ${name} IS ${this.commentText(factsOf(column).options.comment)}`;
  }

  protected commentText(comment: string | undefined): string {
    return comment === undefined ? "NULL" : this.dialect.quoteString(comment);
  }

  protected createSchema(node: CreateSchema): string {
    return `CREATE SCHEMA ${this.ifNotExists(node.options.ifNotExists, "schema")}${this.schemaName(node.name)}`;
  }

  protected dropSchema(node: DropSchema): string {
    const { ifExists, cascade } = node.options;
    return `DROP SCHEMA ${this.ifExists(ifExists, "schema")}${this.schemaName(node.name)}${this.cascade(cascade, "schema")}`;
  }
}
