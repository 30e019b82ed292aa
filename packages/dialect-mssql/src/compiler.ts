import {
  type AnyDml,
  type AnyInsert,
  type AnyMerge,
  type Column,
  type DeleteParts,
  DmlColumns,
  type ExpressionNode,
  type FromClause,
  factsOf,
  ItemGroup,
  type Node,
  type RowTexts,
  type RowVersion,
  type UpdateParts,
} from "@acme/core/dialect";
import { MssqlQueryCompiler } from "./query-compiler.js";

/** What is asked of the table of an INSERT. */
type TargetTable = FromClause & {
  readonly autoincrementColumn?: Column | undefined;
  readonly dialectOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** Writes statements for Microsoft SQL Server: on the layers of expressions and of queries INSERT, UPDATE, DELETE and MERGE. */
export class MssqlCompiler extends MssqlQueryCompiler {
  /** Text around the whole statement. */
  private before = "";
  private after = "";

  /**
   * A value for an IDENTITY column is taken only while IDENTITY_INSERT is on. The statement is executed by sp_executesql, after
   * which the server itself takes such settings back, also when the INSERT fails.
   */
  protected override insert(node: AnyInsert): string {
    this.inserted = node.query;
    this.inValues = node.query === undefined;
    const text = super.insert(node);
    this.inValues = false;
    const returns = node.returningItems.length > 0;
    if (this.merges(node)) this.after = `;${this.after}`;
    if (givesIdentity(node.table, node.keys)) this.takeIdentity(node.table);
    if (this.rowTemplate !== undefined) this.rowTemplate = this.rowTexts(node, this.rowTemplate, returns);
    return text;
  }

  /**
   * OUTPUT gives rows in no particular order, and VALUES does not say in which order identities are given out. INSERT ...
   * SELECT ... ORDER BY does (https://support.microsoft.com/kb/273586): rows are numbered, selected in the order of their
   * numbers, and the engine sorts what comes back by the generated key.
   */
  private rowTexts(node: AnyInsert, { before, row, after }: RowTexts, returns: boolean): RowTexts | undefined {
    const around = { before: this.before + before, row, after: after + this.after };
    if (!returns) return around;
    if (this.merges(node)) return undefined;
    const columns = new DmlColumns(node.table);
    const defaults = columns.insertDefaults(node.keys);
    // NEXT VALUE FOR cannot stand in a derived table, and what else a default may hold is not known.
    if (defaults.some((entry) => entry.expression !== undefined)) return undefined;
    const names = [...columns.named(node.keys), ...defaults.map((entry) => entry.column)]
      .map((column) => this.dialect.quote(column.name))
      .join(", ");
    return {
      before: `${around.before.slice(0, -"VALUES ".length)}SELECT ${names} FROM (VALUES `,
      row: row.slice(0, -1),
      after: `) AS acme_rows (${names}, acme_row) ORDER BY acme_row${around.after}`,
      numbered: true,
    };
  }

  private takeIdentity(table: FromClause): void {
    const name = this.fromName(table);
    this.before = `SET IDENTITY_INSERT ${name} ON; `;
    this.after = `${this.after === "" ? ";" : this.after} SET IDENTITY_INSERT ${name} OFF`;
  }

  private merges(node: AnyInsert): boolean {
    return node.conflicts.length > 0;
  }

  /**
   * Without HOLDLOCK two sessions could both find no row and insert: https://learn.microsoft.com/sql/t-sql/statements/merge-transact-sql
   */
  protected override upsertTarget(table: FromClause): string {
    return `${this.from(table)} WITH (HOLDLOCK)`;
  }

  /** MERGE ends with a semicolon, or is error 10713. */
  protected override merge(node: AnyMerge): string {
    const text = super.merge(node);
    this.after = ";";
    const inserted = node.whens.flatMap((when) => (when.action === "insert" ? when.keys : []));
    if (givesIdentity(node.table, inserted)) this.takeIdentity(node.table);
    return text;
  }

  /** One branch for new rows; for others two, of which the first has a condition and one deletes while the other updates. */
  protected override checkMerge(node: AnyMerge): void {
    super.checkMerge(node);
    for (const match of ["matched", "notMatched", "notMatchedBySource"] as const) {
      const [first, second, third] = node.whens.filter((when) => when.match === match);
      if (second === undefined) continue;
      if (match === "notMatched") throw this.unsupported("second WHEN NOT MATCHED in MERGE");
      if (third !== undefined || first?.criteria.length === 0 || first?.action === second.action)
        throw this.unsupported(
          "such branches in MERGE: two at most, the first with a condition, one UPDATE and one DELETE",
        );
    }
  }

  protected override versionColumn(node: Column, row: RowVersion): string {
    if (row.version === "proposed") return super.versionColumn(node, row);
    return `${row.version === "old" ? "deleted" : "inserted"}.${this.dialect.quote(node.name)}`;
  }

  /** The table stands in FROM, too: https://learn.microsoft.com/sql/t-sql/queries/update-transact-sql */
  protected override updateText(parts: UpdateParts): string {
    const { node, sources } = parts;
    if (sources.length === 0 && node.table.kind !== "alias") return super.updateText(parts);
    return super.updateText({ ...parts, table: this.fromName(node.table), sources: [node.table, ...sources] });
  }

  /** `DELETE FROM t FROM t, a WHERE b` */
  protected override deleteText(parts: DeleteParts): string {
    const { node, sources, output, where } = parts;
    if (sources.length === 0 && node.table.kind !== "alias") return super.deleteText(parts);
    const from = this.fromClause([node.table, ...sources]);
    return `DELETE FROM ${this.fromName(node.table)}${output} ${from}${where === "" ? "" : ` WHERE ${where}`}`;
  }

  protected override withClause(statement: Node, text: string): string {
    return this.before + super.withClause(statement, text) + this.after;
  }

  protected override insertReturning(_node: AnyInsert, _columns: DmlColumns): string {
    return "";
  }

  protected override insertDefaults(node: AnyInsert, into: string, _returning: string): string {
    return `${into}${this.outputClause(node, new DmlColumns(node.table))} DEFAULT VALUES`;
  }

  protected override returningClause(_items: readonly Node[]): string {
    return "";
  }

  /** ` OUTPUT inserted.id`: what RETURNING is elsewhere. */
  protected override outputClause(node: AnyDml, columns: DmlColumns): string {
    const items = node.kind === "insert" ? this.insertReturningItems(node as AnyInsert, columns) : node.returningItems;
    if (items.length === 0) return "";
    if (hasTriggers(node.table)) return this.withoutOutput(node);
    const inValues = this.inValues;
    this.inValues = false;
    this.output = { table: node.table, row: outputRow(node) };
    const expressions = items.flatMap((item) =>
      item instanceof ItemGroup ? item.expressions : [item as ExpressionNode],
    );
    const text = this.whileReading(true, () =>
      expressions.map((item) => this.selectItem(item, { nested: false })).join(", "),
    );
    this.output = undefined;
    this.inValues = inValues;
    return ` OUTPUT ${text}`;
  }

  /** OUTPUT without INTO is refused on tables with triggers: a generated key is asked for in a second statement. */
  private withoutOutput(node: AnyDml): string {
    if (node.returningItems.length > 0) {
      throw this.unsupported("OUTPUT (RETURNING) on tables with triggers", "Select the rows in a second statement.");
    }
    const [key, second] = node.kind === "insert" && this.merges(node as AnyInsert) ? [] : (this.implicitItems ?? []);
    if (key !== undefined && second === undefined && key === (node.table as TargetTable).autoincrementColumn)
      this.after = "; SET NOCOUNT ON; SELECT CAST(SCOPE_IDENTITY() AS BIGINT)";
    else this.implicitItems = undefined;
    return "";
  }
}

/**
 * Which row a column in OUTPUT is of. In a MERGE it is the one that was inserted or updated, or the one that was deleted:
 * https://learn.microsoft.com/sql/t-sql/queries/output-clause-transact-sql
 */
function outputRow(node: AnyDml): "inserted" | "deleted" | "either" {
  if (node.kind !== "merge") return node.kind === "delete" ? "deleted" : "inserted";
  const { whens } = node as unknown as AnyMerge;
  if (!whens.some(({ action }) => action === "delete")) return "inserted";
  return whens.every(({ action }) => action === "delete") ? "deleted" : "either";
}

/** Whether a statement gives a value for a column that the database numbers. */
function givesIdentity(table: FromClause, keys: readonly string[]): boolean {
  const { autoincrementColumn } = table as TargetTable;
  return table.columns.some(
    (column) =>
      keys.includes(column.key) && (column === autoincrementColumn || factsOf(column).options?.identity !== undefined),
  );
}

function hasTriggers(table: FromClause): boolean {
  return (table as TargetTable).dialectOptions?.mssql?.triggers === true;
}
