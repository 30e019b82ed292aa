import {
  type AnyTable,
  type AnyType,
  baseType,
  type Column,
  type Constraint,
  DDLCompiler,
  type DdlStatement,
  type DdlSubject,
  DdlText,
  type ExpressionNode,
  type ForeignKeyConstraint,
  type IdentityOptions,
  type Index,
  nameOf,
  requiredNameOf,
} from "@acme/core/dialect";
import { strictName } from "./types.js";

/** The table options of SQLite, in `dialectOptions.sqlite`. */
export interface SqliteTableOptions {
  /** `STRICT`: values must be of the column's type. */
  readonly strict?: boolean;
  /** `WITHOUT ROWID`: the table is stored in its primary key. */
  readonly withoutRowid?: boolean;
  /** `AUTOINCREMENT`: a generated key is never used again, not even after its row was deleted. */
  readonly autoincrement?: boolean;
}

/** Writes DDL for SQLite. */
export class SqliteDdlCompiler extends DDLCompiler {
  private optionsOf(table: AnyTable): SqliteTableOptions {
    return this.dialectOptions(table, "table", ["strict", "withoutRowid", "autoincrement"]);
  }

  protected override tableOptions(table: AnyTable): string {
    const { strict, withoutRowid } = this.optionsOf(table);
    const words = [strict ? "STRICT" : "", withoutRowid ? "WITHOUT ROWID" : ""].filter((word) => word !== "");
    return words.length === 0 ? "" : ` ${words.join(", ")}`;
  }

  /** Only a column whose type is INTEGER to the letter is the rowid, for which SQLite makes values. */
  protected override columnType(column: Column): string {
    if (this.isRowid(column)) return "INTEGER";
    if (this.optionsOf(column.from as AnyTable).strict)
      return strictName(baseType(column.type as AnyType, this.dialect));
    return super.columnType(column);
  }

  /** Whether the column is the table's rowid under another name. */
  private isRowid(column: Column): boolean {
    const table = column.from as AnyTable;
    return table.autoincrementColumn === column && !this.optionsOf(table).withoutRowid;
  }

  protected override autoincrementClause(column: Column): string {
    return this.rowidClause(column);
  }

  private rowidClause(column: Column): string {
    if (!this.isRowid(column)) return "";
    const table = column.from as AnyTable;
    const prefix = this.constraintPrefix(nameOf(table.primaryKey, this.dialect));
    return `${prefix}PRIMARY KEY${this.optionsOf(table).autoincrement ? " AUTOINCREMENT" : ""}`;
  }

  /** The rowid is all that SQLite has for generated keys. */
  protected override identityClause(column: Column, options: IdentityOptions): string {
    const { start, increment, always } = options;
    if (!this.isRowid(column) || always || (start ?? 1) !== 1 || (increment ?? 1) !== 1) {
      throw this.unsupported("IDENTITY columns", "An integer primary key alone generates its values.");
    }
    return this.rowidClause(column);
  }

  /** The primary key of a rowid table stands behind its column. */
  override constraint(constraint: Constraint): string {
    const [column] = constraint.columns;
    return constraint.conventionKey === "pk" && column && this.isRowid(column) ? "" : super.constraint(constraint);
  }

  /** Anything but a literal stands in parentheses. */
  protected override defaultExpression(expression: ExpressionNode): string {
    return `(${this.expression(expression)})`;
  }

  /** A foreign key cannot leave its database, so its target is never qualified. */
  protected override foreignKeyClause(constraint: ForeignKeyConstraint): string {
    const target = constraint.targetTable as AnyTable;
    if (target.schema !== constraint.table.schema) throw this.unsupported("foreign keys between attached databases");
    const qualified = `REFERENCES ${this.tableName(target)} `;
    return super
      .foreignKeyClause(constraint)
      .replace(qualified, () => `REFERENCES ${this.dialect.quote(target.name)} `);
  }

  /** An index is qualified by its own database, the table is not. */
  protected override indexName(index: Index): string {
    const name = this.dialect.quote(requiredNameOf(index, this.dialect));
    return this.schemaPrefix(index.table.schema) + name;
  }

  protected override indexedTable(index: Index): string {
    return this.dialect.quote(index.table.name);
  }

  protected override indexNulls(nulls: "first" | "last" | undefined): string {
    if (nulls !== undefined) throw this.unsupported("NULLS FIRST or NULLS LAST in an index");
    return "";
  }

  protected override cascade(asked: boolean | undefined, subject: DdlSubject): string {
    if (asked) throw this.unsupported(`DROP ${subject.toUpperCase()} ... CASCADE`);
    return "";
  }

  protected override createSchema(): string {
    throw this.unsupported("CREATE SCHEMA", "ATTACH a database under the schema's name.");
  }

  protected override dropSchema(): string {
    throw this.unsupported("DROP SCHEMA", "DETACH the database.");
  }

  /** Dropping a table deletes its rows, to which a table that is yet to be dropped may refer. */
  override beforeDrop(_tables: readonly AnyTable[], circular: boolean): readonly DdlStatement[] {
    return circular ? [new DdlText("PRAGMA defer_foreign_keys = ON")] : [];
  }
}
