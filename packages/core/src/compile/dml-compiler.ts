import { CompileError } from "../errors/index.js";
import type { Column } from "../sql/column.js";
import type { Delete, Insert, Update } from "../sql/dml.js";
import type { Node } from "../visit/node.js";
import { DmlColumns } from "./dml-columns.js";
import { expressionsOf } from "./node-traits.js";
import { QueryCompiler } from "./query-compiler.js";

/** Any INSERT. */
export type AnyInsert = Insert<never, unknown, unknown>;
/** Any UPDATE. */
export type AnyUpdate = Update<never, unknown, unknown>;
/** Any DELETE. */
export type AnyDelete = Delete<unknown, unknown>;

/** The texts of a multi-row INSERT; see {@link RowTemplate}. */
export interface RowTexts {
  readonly before: string;
  readonly row: string;
  readonly after: string;
  readonly numbered?: boolean | undefined;
}

/** Where WITH goes in an INSERT on databases that want it behind the column list; removed when unused. */
export const CTE_PLACE = "\u0001";

/** Writes INSERT, UPDATE and DELETE. */
export abstract class DmlCompiler extends QueryCompiler {
  /** The parts of a multi-row INSERT, set by {@link insert}. */
  protected rowTemplate: RowTexts | undefined = undefined;

  /** Result columns that the dialect adds to an INSERT to learn generated keys. */
  protected implicitItems: readonly Node[] | undefined = undefined;

  /** A data-changing statement in WITH: what is noted about the whole statement stays as it is. */
  protected override cteQuery(query: Node): string {
    if (query.kind !== "insert" && query.kind !== "update" && query.kind !== "delete") return super.cteQuery(query);
    if (!this.dialect.flags.dmlInCtes) throw this.unsupported(`${query.kind.toUpperCase()} in WITH`);
    const { rowTemplate, implicitItems, insideCte } = this;
    this.insideCte = true;
    const text = this.process(query).replace(CTE_PLACE, "");
    Object.assign(this, { rowTemplate, implicitItems, insideCte });
    return text;
  }

  /** The statement being written stands in WITH: its result columns are named, since somebody refers to them. */
  private insideCte = false;

  protected insert(node: AnyInsert): string {
    const columns = new DmlColumns(node.table);
    const returning = this.insertReturning(node, columns);
    const into = `INSERT INTO ${this.from(node.table)}`;
    if (node.query) {
      const names = columns.named(node.keys);
      return `${into} (${names.map((column) => this.dialect.quote(column.name)).join(", ")})${this.outputClause(node, columns)} ${CTE_PLACE}${this.query(node.query, { nested: true })}${returning}`;
    }
    const extra = columns.insertDefaults(node.keys);
    const names = [...columns.named(node.keys), ...extra.map((entry) => entry.column)];
    if (names.length === 0) return this.insertDefaults(node, into, returning);
    const defaults = extra.map((entry) =>
      entry.expression ? this.value(entry.expression) : this.rowSlot(entry.column, entry.make),
    );
    const before = `${into} (${names.map((column) => this.dialect.quote(column.name)).join(", ")})${this.outputClause(node, columns)} VALUES `;
    if (node.cells.length > 0) return before + this.cellRows(node, defaults) + returning;
    const cells = columns.named(node.keys).map((column) => this.rowSlot(column, columns.fallback(column)));
    const row = `(${[...cells, ...defaults].join(", ")})`;
    this.rowTemplate = { before, row, after: returning };
    return before + row + returning;
  }

  private cellRows(node: AnyInsert, defaults: readonly string[]): string {
    const width = node.keys.length;
    const rows: string[] = [];
    for (let at = 0; at < node.cells.length; at += width) {
      const cells = node.cells.slice(at, at + width).map((cell) => this.value(cell));
      rows.push(`(${[...cells, ...defaults].join(", ")})`);
    }
    if (rows.length > 1 && this.dialect.flags.insertMany !== "multiRow" && !this.multiRowValues())
      throw this.unsupported("INSERT of several rows with expressions");
    return rows.join(", ");
  }

  /** Whether `VALUES (..), (..)` can be written. */
  protected multiRowValues(): boolean {
    return true;
  }

  /** An INSERT that names no column. */
  protected insertDefaults(_node: AnyInsert, into: string, returning: string): string {
    if (!this.dialect.flags.defaultValues) throw this.unsupported("INSERT without columns");
    return `${into} DEFAULT VALUES${returning}`;
  }

  /** RETURNING of an INSERT, asked for or added to learn the generated key. */
  protected insertReturning(node: AnyInsert, columns: DmlColumns): string {
    const items = this.insertReturningItems(node, columns);
    if (items.length === 0) return "";
    if (!this.dialect.flags.insertReturning) throw this.unsupported("INSERT ... RETURNING");
    return this.returningClause(items);
  }

  /** The items of RETURNING: the statement's own, or the primary key of a single row where the dialect fetches it so. */
  protected insertReturningItems(node: AnyInsert, columns: DmlColumns): readonly Node[] {
    if (node.returningItems.length > 0) return node.returningItems;
    const single =
      node.rows.length === 1 || (node.rows.length === 0 && !node.query && node.cells.length <= node.keys.length);
    if (!this.dialect.flags.implicitReturning || !single || this.insideCte) return [];
    const key = columns.primaryKey;
    if (key.length === 0 || key.every((column) => node.keys.includes(column.key))) return [];
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
  protected outputClause(_node: AnyInsert | AnyUpdate | AnyDelete, _columns: DmlColumns): string {
    return "";
  }

  protected update(node: AnyUpdate): string {
    const columns = new DmlColumns(node.table);
    const outside = this.enclosing;
    this.enclosing = [node.table];
    const sets = columns
      .named(node.keys)
      .map((column, i) => this.assignment(column, this.value(node.cells[i] as Node)));
    for (const entry of columns.updateDefaults(node.keys)) {
      sets.push(
        this.assignment(
          entry.column,
          entry.expression ? this.value(entry.expression) : this.rowSlot(entry.column, entry.make),
        ),
      );
    }
    if (sets.length === 0)
      throw new CompileError(`The UPDATE of "${node.table.name}" sets nothing.`, {
        code: "EMPTY_UPDATE",
        remedy: "Give values with set().",
      });
    const where = node.criteria.length > 0 ? ` WHERE ${this.conjunction(node.criteria)}` : "";
    this.enclosing = outside;
    const text = `UPDATE ${this.from(node.table)} SET ${sets.join(", ")}${this.outputClause(node, columns)}${where}`;
    if (node.returningItems.length === 0) return text;
    if (!this.dialect.flags.updateReturning) throw this.unsupported("UPDATE ... RETURNING");
    return text + this.returningClause(node.returningItems);
  }

  private assignment(column: Column, value: string): string {
    return `${this.dialect.quote(column.name)} = ${value}`;
  }

  protected delete(node: AnyDelete): string {
    const outside = this.enclosing;
    this.enclosing = [node.table];
    const where = node.criteria.length > 0 ? ` WHERE ${this.conjunction(node.criteria)}` : "";
    this.enclosing = outside;
    const text = `DELETE FROM ${this.from(node.table)}${this.outputClause(node, new DmlColumns(node.table))}${where}`;
    if (node.returningItems.length === 0) return text;
    if (!this.dialect.flags.deleteReturning) throw this.unsupported("DELETE ... RETURNING");
    return text + this.returningClause(node.returningItems);
  }
}
