import { CompileError } from "../errors/index.js";
import type { Column } from "../sql/column.js";
import { type ConflictClause, OnConflict, Upsert } from "../sql/conflict.js";
import { columnOf } from "../sql/dml.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { Insert } from "../sql/insert.js";
import { proposedRow, RowVersion } from "../sql/row-version.js";
import type { Node } from "../visit/node.js";
import type { DmlColumns } from "./dml-columns.js";
import type { MadeValue } from "./made-value.js";
import { QueryCompiler } from "./query-compiler.js";
import { otherUniqueKeys } from "./unique-keys.js";

/** Any INSERT. */
export type AnyInsert = Insert<never, unknown, unknown>;

/** Writes assignments, and what an INSERT does about rows that are there already. */
export abstract class ConflictCompiler extends QueryCompiler {
  /** `a = b` in SET. */
  protected assignment(column: Column, value: string): string {
    return `${this.dialect.quote(column.name)} = ${value}`;
  }

  /** The assignments of SET, with the on-update values of the columns that it leaves out. */
  protected assignments(columns: DmlColumns, keys: readonly string[], cells: readonly ExpressionNode[]): string[] {
    const given = columns.named(keys).map((column, i) => this.assignment(column, this.value(cells[i] as Node)));
    const added = columns
      .updateDefaults(keys)
      .map(({ column, expression, make }) =>
        this.assignment(column, expression ? this.value(expression) : this.madeSlot(column, make)),
      );
    return [...given, ...added];
  }

  protected madeValue(node: MadeValue): string {
    return this.madeSlot(node.column, node.make);
  }

  protected override column(node: Column): string {
    return node.from instanceof RowVersion ? this.versionColumn(node, node.from) : super.column(node);
  }

  /** A column of a row in one of its states. */
  protected versionColumn(node: Column, row: RowVersion): string {
    if (row.version !== "proposed" && !this.dialect.flags.rowVersions)
      throw this.unsupported(`${row.version} rows in RETURNING`);
    return `${this.dialect.quote(row.name)}.${this.dialect.quote(node.name)}`;
  }

  /** What stands behind the rows or the query of an INSERT. */
  protected conflictClause(node: AnyInsert, columns: DmlColumns): string {
    if (node.conflicts.length === 0) return "";
    const proposed = proposedRow(node.table);
    if (node.table.name === proposed.name) {
      throw new CompileError(`A table named "${proposed.name}" cannot be told from the row that an upsert proposes.`, {
        code: "NAME_CLASH",
        remedy: "Insert into an alias of it.",
      });
    }
    const outside = this.enclosing;
    this.enclosing = [node.table, proposed];
    const text = this.conflictText(node, columns);
    this.enclosing = outside;
    return text;
  }

  /** The clauses for existing rows; dialects without ON CONFLICT write them otherwise. */
  protected conflictText(node: AnyInsert, columns: DmlColumns): string {
    const { upsert, conflictClauses } = this.dialect.flags;
    if (upsert !== "onConflict") throw this.unsupported(namesOf(node.conflicts));
    if (node.conflicts.length > 1 && conflictClauses === "one") throw this.unsupported("several ON CONFLICT clauses");
    return node.conflicts.map((clause) => this.onConflict(node, this.asOnConflict(node, clause), columns)).join("");
  }

  private asOnConflict(node: AnyInsert, clause: ConflictClause): OnConflict {
    if (clause instanceof OnConflict) return clause;
    if (!(clause instanceof Upsert)) throw this.unsupported(nameOf(clause));
    const { by, keys, cells, criteria } = clause.resolved(node.table, node.keys);
    otherUniqueKeys(node.table, by);
    return new OnConflict(
      by.map((key) => columnOf(node.table, key)),
      [],
      undefined,
      keys,
      cells,
      criteria,
    );
  }

  /** ` ON CONFLICT (a) DO UPDATE SET b = excluded.b WHERE c` */
  protected onConflict(_node: AnyInsert, clause: OnConflict, columns: DmlColumns): string {
    const target = this.conflictTarget(clause);
    if (clause.keys.length === 0) return ` ON CONFLICT${target} DO NOTHING`;
    const sets = this.assignments(columns, clause.keys, clause.cells).join(", ");
    const where = clause.criteria.length > 0 ? ` WHERE ${this.conjunction(clause.criteria)}` : "";
    return ` ON CONFLICT${target} DO UPDATE SET ${sets}${where}`;
  }

  /** The columns of a target stand alone: it is a description of an index. */
  private conflictTarget({ target, targetCriteria, constraint }: OnConflict): string {
    if (constraint !== undefined) return this.conflictConstraint(constraint);
    if (target.length === 0) return "";
    const qualified = this.unqualified;
    this.unqualified = true;
    const elements = target.map((item) => {
      const text = this.value(item);
      return item.kind === "column" || item.kind === "function" ? text : `(${text})`;
    });
    const where = targetCriteria.length > 0 ? ` WHERE ${this.conjunction(targetCriteria)}` : "";
    this.unqualified = qualified;
    return ` (${elements.join(", ")})${where}`;
  }

  protected conflictConstraint(name: string): string {
    return ` ON CONSTRAINT ${this.dialect.quote(name)}`;
  }
}

/** What clauses are called in an error. */
export function namesOf(clauses: readonly ConflictClause[]): string {
  return [...new Set(clauses.map(nameOf))].join(" with ");
}

function nameOf(clause: ConflictClause): string {
  switch (clause.kind) {
    case "onConflict":
      return "ON CONFLICT";
    case "onDuplicateKey":
      return "ON DUPLICATE KEY UPDATE";
    default:
      return "upsert";
  }
}
