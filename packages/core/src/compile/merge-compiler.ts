import { CompileError } from "../errors/index.js";
import type { Column } from "../sql/column.js";
import { Upsert } from "../sql/conflict.js";
import { columnOf } from "../sql/dml.js";
import { Binary, BOOLEAN } from "../sql/elements.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { FromClause } from "../sql/from-clause.js";
import type { MergeWhen } from "../sql/merge.js";
import { proposedRow, RowVersion } from "../sql/row-version.js";
import type { Node } from "../visit/node.js";
import { iterate } from "../visit/walk.js";
import { namesOf } from "./conflict-compiler.js";
import { DmlColumns } from "./dml-columns.js";
import { type AnyInsert, type AnyMerge, DmlCompiler } from "./dml-compiler.js";
import { otherUniqueKeys } from "./unique-keys.js";

/** What stands around and between rows that are the source of a MERGE. */
export interface SourceText {
  readonly open: string;
  readonly row: (cells: readonly string[]) => string;
  readonly between: string;
  readonly close: string;
}

const MATCHES = {
  matched: "WHEN MATCHED",
  notMatched: "WHEN NOT MATCHED",
  notMatchedBySource: "WHEN NOT MATCHED BY SOURCE",
} as const;

/** Writes MERGE, and upserts by MERGE. */
export abstract class MergeCompiler extends DmlCompiler {
  protected merge(node: AnyMerge): string {
    const { flags } = this.dialect;
    if (!flags.merge) throw this.unsupported("MERGE", "See insert(...).upsert(...) for single rows.");
    if (node.whens.length === 0) {
      throw new CompileError(`The MERGE into "${node.table.name}" does nothing.`, {
        code: "EMPTY_MERGE",
        remedy: "Add whenMatched() or whenNotMatched().",
      });
    }
    if (node.returningItems.length > 0 && !flags.mergeReturning) throw this.unsupported("MERGE ... RETURNING");
    this.checkMerge(node);
    const columns = new DmlColumns(node.table);
    const outside = this.enclosing;
    this.enclosing = [node.table, ...node.source.parts];
    const head = `MERGE INTO ${this.from(node.table)} USING ${this.from(node.source)} ON ${this.mergeCondition([node.on])}`;
    const whens = node.whens.map((when) => this.mergeWhen(when, columns));
    const output = this.outputClause(node, columns);
    this.enclosing = outside;
    const returning = node.returningItems.length > 0 ? this.returningClause(node.returningItems) : "";
    return [head, ...whens].join(" ") + output + returning;
  }

  /** Refuses branches that the database cannot have beside each other. */
  protected checkMerge(node: AnyMerge): void {
    const { mergeBySource, mergeDoNothing } = this.dialect.flags;
    for (const { match, action } of node.whens) {
      if (match === "notMatchedBySource" && !mergeBySource)
        throw this.unsupported("WHEN NOT MATCHED BY SOURCE in MERGE");
      if (action === "nothing" && !mergeDoNothing) throw this.unsupported("DO NOTHING in MERGE");
    }
  }

  protected mergeCondition(conditions: readonly ExpressionNode[]): string {
    return this.conjunction(conditions);
  }

  /** `WHEN MATCHED AND a THEN UPDATE SET b = c` */
  protected mergeWhen(when: MergeWhen, columns: DmlColumns): string {
    const condition = when.criteria.length > 0 ? ` AND ${this.branchCondition(when.criteria)}` : "";
    return `${MATCHES[when.match]}${condition} THEN ${this.mergeAction(when, columns)}`;
  }

  private branchCondition(criteria: readonly ExpressionNode[]): string {
    const text = this.conjunction(criteria);
    return criteria.some((condition) => condition.kind === "connective") && criteria.length === 1 ? `(${text})` : text;
  }

  protected mergeAction({ action, keys, cells }: MergeWhen, columns: DmlColumns): string {
    switch (action) {
      case "update":
        return `UPDATE SET ${this.assignments(columns, keys, cells).join(", ")}`;
      case "delete":
        return "DELETE";
      case "nothing":
        return "DO NOTHING";
      case "insert": {
        const extra = columns.insertDefaults(keys);
        const names = [...columns.named(keys), ...extra.map((entry) => entry.column)];
        const values = [
          ...cells.map((cell) => this.value(cell)),
          ...extra.map(({ column, expression, make }) =>
            expression ? this.value(expression) : this.madeSlot(column, make),
          ),
        ];
        return `INSERT (${this.names(names)}) VALUES (${values.join(", ")})`;
      }
    }
  }

  // ---- upserts ------------------------------------------------------------------------------------------------------

  protected override mergeUpsert(node: AnyInsert, columns: DmlColumns): string {
    const [clause, second] = node.conflicts;
    if (!(clause instanceof Upsert) || second !== undefined)
      throw this.unsupported(namesOf(node.conflicts), "Use upsert() or ignoreExisting().");
    const upsert = clause.resolved(node.table, node.keys);
    otherUniqueKeys(node.table, upsert.by);
    if (node.query) {
      const { names, query } = this.queryWithDefaults(node, node.query, columns);
      const text = this.query(query, { nested: true });
      return this.mergeHead(node) + this.querySource(text, names) + this.upsertBranches(node, upsert, columns, names);
    }
    const { names, row, rows } = this.insertedRows(node, columns);
    const source = this.rowSource(names);
    const before = this.mergeHead(node) + source.open;
    const after = source.close + this.upsertBranches(node, upsert, columns, names);
    if (row === undefined) return before + rows.map(source.row).join(source.between) + after;
    this.rowTemplate = { before, row: source.row(row), after };
    return before + source.row(row) + after;
  }

  private mergeHead(node: AnyInsert): string {
    return `MERGE INTO ${this.upsertTarget(node.table)} USING `;
  }

  /** The table of an upsert, with what makes it safe beside others. */
  protected upsertTarget(table: FromClause): string {
    return this.from(table);
  }

  /** Rows as the source of a MERGE, named as the row that is proposed. */
  protected rowSource(names: readonly Column[]): SourceText {
    return {
      open: "(VALUES ",
      row: (cells) => `(${cells.join(", ")})`,
      between: ", ",
      close: `) AS excluded (${this.names(names)})`,
    };
  }

  /** A query as the source of a MERGE. */
  protected querySource(text: string, names: readonly Column[]): string {
    return `(${text}) AS excluded (${this.names(names)})`;
  }

  private upsertBranches(node: AnyInsert, upsert: Upsert, columns: DmlColumns, names: readonly Column[]): string {
    const { table } = node;
    const incoming = proposedRow(table);
    this.checkProposed(upsert, names);
    const outside = this.enclosing;
    this.enclosing = [table, incoming];
    const on = upsert.by.map((key) => new Binary(columnOf(table, key), "eq", columnOf(incoming, key), BOOLEAN));
    const parts = [` ON ${this.mergeCondition(on)}`];
    if (upsert.keys.length > 0) parts.push(this.upsertUpdate(upsert, columns));
    const values = names.map((column) => this.value(columnOf(incoming, column.key)));
    parts.push(`WHEN NOT MATCHED THEN INSERT (${this.names(names)}) VALUES (${values.join(", ")})`);
    const output = this.outputClause(node, columns);
    this.enclosing = outside;
    return parts.join(" ") + output + this.insertReturning(node, columns);
  }

  protected upsertUpdate({ keys, cells, criteria }: Upsert, columns: DmlColumns): string {
    const condition = criteria.length > 0 ? ` AND ${this.branchCondition(criteria)}` : "";
    return `WHEN MATCHED${condition} THEN UPDATE SET ${this.assignments(columns, keys, cells).join(", ")}`;
  }

  /** The source has the columns that are given, and no others. */
  private checkProposed(upsert: Upsert, names: readonly Column[]): void {
    const given = new Set(names.map((column) => column.key));
    const used: Node[] = [...upsert.cells, ...upsert.criteria].flatMap((node) => [...iterate(node)]);
    const read = used.flatMap((node) => {
      const { from, key } = node as Node & Partial<Pick<Column, "from" | "key">>;
      return node.kind === "column" && from instanceof RowVersion ? [key as string] : [];
    });
    const missing = [...upsert.by, ...read].find((key) => !given.has(key));
    if (missing === undefined) return;
    throw new CompileError(`The upsert reads "${missing}" of the new rows, which do not give it.`, {
      code: "MISSING_VALUE",
      remedy: "Give it in values().",
    });
  }
}
