import { CompileError } from "../errors/index.js";
import type { Column } from "../sql/column.js";
import { Expression, type ExpressionNode } from "../sql/expression.js";
import type { FromClause } from "../sql/from-clause.js";
import type { ColumnOptions } from "../types/column-def.js";

/** A column that gets a value although the statement names none: from an expression, or from a function called once a row. */
export interface DefaultedColumn {
  readonly column: Column;
  readonly expression: ExpressionNode | undefined;
  readonly make: (() => unknown) | undefined;
}

/** What INSERT and UPDATE need to know of a table's columns: names, defaults, generated ones. */
export class DmlColumns {
  private readonly table: FromClause;

  constructor(table: FromClause) {
    this.table = table;
  }

  /** The columns of some keys; refuses those that the database computes. */
  named(keys: readonly string[]): readonly Column[] {
    const columns = this.table.c as Readonly<Record<string, Column>>;
    return keys.map((key) => {
      const column = columns[key] as Column;
      if (optionsOf(column).computed) {
        throw new CompileError(
          `"${this.table.name}.${column.name}" is computed by the database and cannot be given a value.`,
          { code: "COMPUTED_COLUMN" },
        );
      }
      return column;
    });
  }

  /** The primary key. */
  get primaryKey(): readonly Column[] {
    return this.table.columns.filter((column) => column.primaryKey);
  }

  /** The columns with a default of the toolkit's that an INSERT leaves out. */
  insertDefaults(keys: readonly string[]): readonly DefaultedColumn[] {
    return this.defaulted(keys, "default");
  }

  /** The columns with an on-update value that an UPDATE leaves out. */
  updateDefaults(keys: readonly string[]): readonly DefaultedColumn[] {
    return this.defaulted(keys, "onUpdate");
  }

  /** What makes a value for a row that leaves a column out while others give it. */
  fallback(column: Column): (() => unknown) | undefined {
    const given = optionsOf(column).default;
    return given === undefined || given instanceof Expression ? undefined : maker(given);
  }

  private defaulted(keys: readonly string[], option: "default" | "onUpdate"): readonly DefaultedColumn[] {
    const given = new Set(keys);
    const found: DefaultedColumn[] = [];
    for (const column of this.table.columns) {
      const value = optionsOf(column)[option];
      if (value === undefined || given.has(column.key)) continue;
      if (value instanceof Expression) found.push({ column, expression: value as ExpressionNode, make: undefined });
      else found.push({ column, expression: undefined, make: maker(value) });
    }
    return found;
  }
}

function maker(value: unknown): () => unknown {
  return typeof value === "function" ? (value as () => unknown) : () => value;
}

function optionsOf(column: Column): ColumnOptions {
  return (column.facts as { readonly options?: ColumnOptions }).options ?? {};
}
