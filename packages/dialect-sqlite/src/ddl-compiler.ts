import { type AnyTable, type Column, DDLCompiler, type ExpressionNode, type IdentityOptions } from "@acme/core/dialect";

/** Writes DDL for SQLite. */
export class SqliteDdlCompiler extends DDLCompiler {
  /** Only a column declared INTEGER is the rowid, which SQLite counts up itself; it holds 64 bits. */
  protected override columnType(column: Column): string {
    return this.isAutoincrement(column) ? "INTEGER" : super.columnType(column);
  }

  protected override identityClause(_column: Column, _options: IdentityOptions): string {
    throw this.unsupported("identity columns", "Use integer().primaryKey(): SQLite counts it up.");
  }

  /** Anything but a literal stands in parentheses. */
  protected override defaultExpression(expression: ExpressionNode): string {
    return `(${super.defaultExpression(expression)})`;
  }

  protected override tableOptions(table: AnyTable): string {
    const { strict, withoutRowid } = this.dialectOptions(table, ["strict", "withoutRowid"]);
    const words = [...(withoutRowid ? ["WITHOUT ROWID"] : []), ...(strict ? ["STRICT"] : [])];
    return words.length === 0 ? "" : ` ${words.join(", ")}`;
  }
}
