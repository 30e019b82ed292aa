import { CompileError } from "../errors/index.js";
import type { Column } from "../sql/column.js";
import type { Delete } from "../sql/delete.js";
import { Subquery } from "../sql/derived.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { FromClause } from "../sql/from-clause.js";
import type { Merge } from "../sql/merge.js";
import { Select, select } from "../sql/select.js";
import type { Update } from "../sql/update.js";
import type { Node } from "../visit/node.js";
import { type AnyInsert, ConflictCompiler } from "./conflict-compiler.js";
import { type DefaultedColumn, DmlColumns } from "./dml-columns.js";
import { otherFroms, spokenFroms } from "./dml-froms.js";
import type { SelectNode } from "./froms.js";
import { MadeValue } from "./made-value.js";
import { expressionsOf } from "./node-traits.js";

export type { AnyInsert } from "./conflict-compiler.js";
/** Any UPDATE. */
export type AnyUpdate = Update<never, unknown, unknown>;
/** Any DELETE. */
export type AnyDelete = Delete<unknown, unknown, never>;
/** Any MERGE. */
export type AnyMerge = Merge<never, unknown, unknown>;
/** Any statement that changes rows. */
export type AnyDml = AnyInsert | AnyUpdate | AnyDelete | AnyMerge;

/** The texts of a multi-row INSERT; see {@link RowTemplate}. */
export interface RowTexts {
  readonly before: string;
  readonly row: string;
  readonly after: string;
  readonly numbered?: boolean | undefined;
}

/** Where WITH goes in an INSERT on databases that want it behind the column list; removed when unused. */
export const CTE_PLACE = "\u0001";

/** The parts of an UPDATE as text. */
export interface UpdateParts {
  readonly node: AnyUpdate;
  /** `users` */
  readonly table: string;
  /** The columns that are set, with their values. */
  readonly sets: readonly { readonly column: Column; readonly value: string }[];
  /** `tags[1] = $1` */
  readonly partSets: readonly string[];
  /** What SET and WHERE speak of beside the table. */
  readonly sources: readonly FromClause[];
  /** The condition; empty without one. */
  readonly where: string;
  /** ` OUTPUT ...` of SQL Server. */
  readonly output: string;
}

/** The parts of a DELETE as text. */
export interface DeleteParts {
  readonly node: AnyDelete;
  readonly table: string;
  readonly sources: readonly FromClause[];
  readonly where: string;
  readonly output: string;
}

/** Writes INSERT, UPDATE and DELETE. */
export abstract class DmlCompiler extends ConflictCompiler {
  /** The parts of a multi-row INSERT, set by {@link insert}. */
  protected rowTemplate: RowTexts | undefined = undefined;

  /** Result columns that the dialect adds to an INSERT to learn generated keys. */
  protected implicitItems: readonly Node[] | undefined = undefined;

  /** The statement being written stands in WITH: its result columns are named, since somebody refers to them. */
  private insideCte = false;

  /** An INSERT on a database that writes an upsert as MERGE. */
  protected abstract mergeUpsert(node: AnyInsert, columns: DmlColumns): string;

  /** A data-changing statement in WITH: what is noted about the whole statement stays as it is. */
  protected override cteQuery(query: Node): string {
    if (!isDml(query)) return super.cteQuery(query);
    const { dmlInCtes, mergeReturning } = this.dialect.flags;
    if (!dmlInCtes || (query.kind === "merge" && !mergeReturning))
      throw this.unsupported(`${query.kind.toUpperCase()} in WITH`);
    const { rowTemplate, implicitItems, insideCte } = this;
    this.insideCte = true;
    const text = this.process(query).replace(CTE_PLACE, "");
    Object.assign(this, { rowTemplate, implicitItems, insideCte });
    return text;
  }

  // ---- INSERT -------------------------------------------------------------------------------------------------------

  protected insert(node: AnyInsert): string {
    const columns = new DmlColumns(node.table);
    if (node.conflicts.length > 0 && this.dialect.flags.upsert === "merge") return this.mergeUpsert(node, columns);
    const after = this.conflictClause(node, columns) + this.insertReturning(node, columns);
    const into = `INSERT INTO ${this.from(node.table)}`;
    if (node.query) {
      const { names, query } = this.queryWithDefaults(node, node.query, columns);
      const text = this.insertedQuery(node, this.query(query, { nested: true }), names);
      return `${into} (${this.names(names)})${this.outputClause(node, columns)} ${CTE_PLACE}${text}${after}`;
    }
    const { names, row, rows } = this.insertedRows(node, columns);
    if (names.length === 0) return this.insertDefaults(node, into, after);
    const before = `${into} (${this.names(names)})${this.outputClause(node, columns)} VALUES `;
    if (row === undefined) return before + this.cellRows(rows) + after;
    this.rowTemplate = { before, row: `(${row.join(", ")})`, after };
    return `${before}(${row.join(", ")})${after}`;
  }

  protected names(columns: readonly Column[]): string {
    return columns.map((column) => this.dialect.quote(column.name)).join(", ");
  }

  /** The columns of an INSERT of rows with their values as text: one row that is repeated, or all rows written out. */
  protected insertedRows(
    node: AnyInsert,
    columns: DmlColumns,
  ): { readonly names: readonly Column[]; readonly row?: readonly string[]; readonly rows: readonly string[][] } {
    const extra = columns.insertDefaults(node.keys);
    const given = columns.named(node.keys);
    const names = [...given, ...extra.map((entry) => entry.column)];
    const defaults = extra.map((entry) =>
      entry.expression ? this.value(entry.expression) : this.rowSlot(entry.column, entry.make),
    );
    if (node.cells.length === 0) {
      const cells = given.map((column) => this.rowSlot(column, columns.fallback(column)));
      return { names, row: [...cells, ...defaults], rows: [] };
    }
    const rows: string[][] = [];
    for (let at = 0; at < node.cells.length; at += node.keys.length) {
      rows.push([...node.cells.slice(at, at + node.keys.length).map((cell) => this.value(cell)), ...defaults]);
    }
    return { names, rows };
  }

  private cellRows(rows: readonly (readonly string[])[]): string {
    if (rows.length > 1 && this.dialect.flags.insertMany !== "multiRow" && !this.multiRowValues())
      throw this.unsupported("INSERT of several rows with expressions");
    return rows.map((row) => `(${row.join(", ")})`).join(", ");
  }

  /** The columns that a query fills, and the query with the toolkit's defaults for others. */
  protected queryWithDefaults(
    node: AnyInsert,
    query: Node,
    columns: DmlColumns,
  ): { readonly names: readonly Column[]; readonly query: Node } {
    const given = columns.named(node.keys);
    const extra = node.withoutDefaults ? [] : columns.insertDefaults(node.keys);
    if (extra.length === 0) return { names: given, query };
    const values = extra.map(defaultOf);
    const names = [...given, ...extra.map((entry) => entry.column)];
    if (query instanceof Select && !query.isDistinct)
      return { names, query: query.copyWith({ items: [...query.items, ...values] }) };
    const from = new Subquery(query as SelectNode, "anon_1");
    return { names, query: select(...from.columns, ...values) };
  }

  /** The query of an INSERT; some databases need something around it. */
  protected insertedQuery(_node: AnyInsert, text: string, _names: readonly Column[]): string {
    return text;
  }

  /** Whether `VALUES (..), (..)` can be written. */
  protected multiRowValues(): boolean {
    return true;
  }

  /** An INSERT that names no column. */
  protected insertDefaults(_node: AnyInsert, into: string, after: string): string {
    if (!this.dialect.flags.defaultValues) throw this.unsupported("INSERT without columns");
    return `${into} DEFAULT VALUES${after}`;
  }

  /** RETURNING of an INSERT, asked for or added to learn the generated key. */
  protected insertReturning(node: AnyInsert, columns: DmlColumns): string {
    const items = this.insertReturningItems(node, columns);
    if (items.length === 0) return "";
    if (!this.insertReturns(node)) throw this.unsupported("INSERT ... RETURNING");
    return this.returningClause(items);
  }

  /** Whether an INSERT gives rows back: one that is written as MERGE does where MERGE does. */
  private insertReturns(node: AnyInsert): boolean {
    const { insertReturning, mergeReturning, upsert } = this.dialect.flags;
    return node.conflicts.length > 0 && upsert === "merge" ? mergeReturning : insertReturning;
  }

  /**
   * The items of RETURNING: the statement's own, or the primary key of a single row where the dialect fetches it so. An upsert
   * always asks for it: what the driver tells of generated keys is of another row if this one was there.
   */
  protected insertReturningItems(node: AnyInsert, columns: DmlColumns): readonly Node[] {
    if (node.returningItems.length > 0 || this.insideCte) return node.returningItems;
    const upsert = node.conflicts.length > 0;
    const wanted = upsert ? this.insertReturns(node) : this.dialect.flags.implicitReturning;
    if (!wanted || !node.isSingle) return [];
    const key = columns.primaryKey;
    if (key.length === 0 || (!upsert && key.every((column) => node.keys.includes(column.key)))) return [];
    this.implicitItems = key;
    return key;
  }

  /** ` RETURNING a, b`; written where the dialect wants it. */
  protected returningClause(items: readonly Node[]): string {
    const outside = this.enclosing;
    const text = items
      .flatMap(expressionsOf)
      .map((item) => this.selectItem(item, { nested: this.insideCte }))
      .join(", ");
    this.enclosing = outside;
    return ` RETURNING ${text}`;
  }

  /** What stands between the column list and VALUES: `OUTPUT inserted.id` on SQL Server. */
  protected outputClause(_node: AnyDml, _columns: DmlColumns): string {
    return "";
  }

  // ---- UPDATE and DELETE --------------------------------------------------------------------------------------------

  protected update(node: AnyUpdate): string {
    const columns = new DmlColumns(node.table);
    const defaults = columns.updateDefaults(node.keys);
    if (node.keys.length + node.parts.length + defaults.length === 0) {
      throw new CompileError(`The UPDATE of "${node.table.name}" sets nothing.`, {
        code: "EMPTY_UPDATE",
        remedy: "Give values with set().",
      });
    }
    const added = defaults.flatMap(({ expression }) => expression ?? []);
    const sources = otherFroms(node.table, node.sources, [
      ...node.cells,
      ...node.partValues,
      ...node.criteria,
      ...added,
    ]);
    this.checkReturning(node, sources, this.dialect.flags.updateReturning);
    const outside = this.enclosing;
    this.enclosing = [node.table, ...sources.flatMap((from) => from.parts)];
    const sets = columns.named(node.keys).map((column, i) => ({ column, value: this.value(node.cells[i] as Node) }));
    for (const { column, expression, make } of defaults)
      sets.push({ column, value: expression ? this.value(expression) : this.rowSlot(column, make) });
    const partSets = node.parts.map(
      (part, i) => `${this.partTarget(part)} = ${this.value(node.partValues[i] as Node)}`,
    );
    const where = node.criteria.length > 0 ? this.conjunction(node.criteria) : "";
    const table = this.from(node.table);
    const output = this.outputClause(node, columns);
    const text = this.updateText({ node, table, sets, partSets, sources, where, output });
    this.enclosing = outside;
    return node.returningItems.length === 0 ? text : text + this.returningClause(node.returningItems);
  }

  /** The left side of an assignment to a part of a column. */
  protected partTarget(part: ExpressionNode): string {
    if (part.kind !== "subscript") throw this.unsupported("assignment to such a part of a column");
    const qualified = this.unqualified;
    this.unqualified = true;
    const text = this.process(part);
    this.unqualified = qualified;
    return text;
  }

  /** `UPDATE t SET a = b FROM c WHERE d` */
  protected updateText({ table, sets, partSets, sources, where, output }: UpdateParts): string {
    const list = [...sets.map(({ column, value }) => this.assignment(column, value)), ...partSets].join(", ");
    const from = sources.length === 0 ? "" : ` ${this.fromClause(sources)}`;
    return `UPDATE ${table} SET ${list}${output}${from}${clause("WHERE", where)}`;
  }

  protected delete(node: AnyDelete): string {
    const sources = otherFroms(node.table, node.sources, node.criteria);
    this.checkReturning(node, sources, this.dialect.flags.deleteReturning);
    const outside = this.enclosing;
    this.enclosing = [node.table, ...sources.flatMap((from) => from.parts)];
    const where = node.criteria.length > 0 ? this.conjunction(node.criteria) : "";
    const output = this.outputClause(node, new DmlColumns(node.table));
    const text = this.deleteText({ node, table: this.from(node.table), sources, where, output });
    this.enclosing = outside;
    return node.returningItems.length === 0 ? text : text + this.returningClause(node.returningItems);
  }

  /** `DELETE FROM t USING a WHERE b` */
  protected deleteText({ table, sources, where, output }: DeleteParts): string {
    const using = sources.length === 0 ? "" : ` USING ${sources.map((from) => this.from(from)).join(", ")}`;
    return `DELETE FROM ${table}${using}${output}${clause("WHERE", where)}`;
  }

  /** A DELETE with other FROM items on databases that have none there: rows for which there is a match. */
  protected deleteWhereExists({ table, sources, where }: DeleteParts): string {
    return `DELETE FROM ${table} WHERE EXISTS (SELECT 1 ${this.fromClause(sources)}${clause("WHERE", where)})`;
  }

  /** Refuses RETURNING where the database has none, or none of other FROM items. */
  private checkReturning(node: AnyUpdate | AnyDelete, sources: readonly FromClause[], has: boolean): void {
    if (node.returningItems.length === 0) return;
    const name = node.kind.toUpperCase();
    if (!has) throw this.unsupported(`${name} ... RETURNING`);
    if (sources.length === 0) return;
    const foreign = spokenFroms(node.returningItems).some((from) => from.shape !== node.table.shape);
    if (foreign && !this.dialect.flags.returningSources)
      throw this.unsupported(`RETURNING of other tables' columns in ${name}`);
  }
}

function defaultOf({ column, expression, make }: DefaultedColumn): ExpressionNode {
  return expression ?? new MadeValue(column, make as () => unknown);
}

/** A clause, or nothing where it is empty. */
function clause(word: string, text: string): string {
  return text === "" ? "" : ` ${word} ${text}`;
}

function isDml(node: Node): node is AnyDml {
  return node.kind === "insert" || node.kind === "update" || node.kind === "delete" || node.kind === "merge";
}
