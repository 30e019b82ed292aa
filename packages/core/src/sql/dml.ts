import type { ExecutionOptions } from "../engine/options.js";
import { ArgumentError, NoSuchColumnError } from "../errors/index.js";
import { Node } from "../visit/node.js";
import { toExpression, toFrom } from "./coerce.js";
import type { Column } from "./column.js";
import { Cte } from "./derived.js";
import { BOOLEAN } from "./elements.js";
import type { ExpressionNode } from "./expression.js";
import { ANONYMOUS, type FromClause } from "./from-clause.js";
import { ItemGroup } from "./item-group.js";
import { operations } from "./late.js";
import { type ModifierParts, type Modifiers, NO_MODIFIERS } from "./modifiers.js";
import type { Bool, row, Source, Typed, tup } from "./protocols.js";
import { RowVersion } from "./row-version.js";

/** A row of plain values and expressions by column key. */
export type ValueRow = Readonly<Record<string, unknown>>;

/** No nodes: what clauses that were not given hold. */
export const NONE: readonly never[] = [];

/** What INSERT, UPDATE, DELETE and MERGE have in common. `R` and `P` are the rows of RETURNING. */
export abstract class Dml<out R, out P> extends Node {
  declare readonly [row]: R;
  declare readonly [tup]: P;
  abstract readonly table: FromClause;
  abstract readonly returningItems: readonly Node[];
  /** Options that few statements have; undefined when there are none. */
  abstract readonly modifiers: Modifiers | undefined;

  /** The expressions of RETURNING in order, groups spread. */
  get resultItems(): readonly ExpressionNode[] {
    return this.returningItems.flatMap((item) =>
      item instanceof ItemGroup ? item.expressions : [item as ExpressionNode],
    );
  }

  /**
   * The statement as a common table expression whose rows are those of RETURNING. PostgreSQL only.
   *
   * @example
   * ```ts
   * const gone = delete_(logs).where(logs.c.level.lt(2)).returning(logs.c.id, logs.c.text).cte("gone");
   * insert(archive).fromSelect(["id", "text"], select(gone.c.id, gone.c.text))
   * ```
   * SQL: `WITH gone(id, text) AS (DELETE FROM logs WHERE logs.level < 2 RETURNING logs.id, logs.text) INSERT INTO archive ...`
   */
  cte<const A extends string = "anon">(name?: A): Cte<A, R> {
    return new Cte<A, R>(this.standalone(), name ?? (ANONYMOUS as A), false);
  }

  private modify(changes: Partial<ModifierParts>): this {
    return this.copyWith({
      modifiers: (this.modifiers ?? NO_MODIFIERS).copyWith(changes as Record<string, unknown>),
    });
  }

  /**
   * Values for parameters that would be given at execution: `update(t).set({ n: bindparam("n") }).params({ n: 5 })`. Nothing is compiled anew; what
   * is given at execution goes first.
   */
  params(values: Readonly<Record<string, unknown>>): this {
    return this.modify({ parameters: { ...this.modifiers?.parameters, ...values } });
  }

  /** Options for each execution of the statement; what is given at an execution goes first. */
  executionOptions(options: ExecutionOptions): this {
    return this.modify({ executionOptions: { ...this.modifiers?.executionOptions, ...options } });
  }

  /** The statement with all of its values in it, so that it can stand in another one. */
  protected standalone(): this {
    return this;
  }

  override toString(): string {
    return operations.print(this);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.constructor.name} { ${this.toString()} }`;
  }
}

/** Refuses keys that the table does not have. */
export function checkKeys(table: FromClause, given: ValueRow): void {
  for (const key of Object.keys(given)) if (!Object.hasOwn(table.c, key)) throw unknownKey(table, key);
}

/** The error for a key that the table does not have. */
export function unknownKey(table: FromClause, key: string): NoSuchColumnError {
  return new NoSuchColumnError(`"${table.name}" has no column "${key}".`, {
    code: "UNKNOWN_COLUMN",
    remedy: `It has: ${table.columns.map((column) => column.key).join(", ")}.`,
  });
}

/** The column of a key. */
export function columnOf(table: FromClause, key: string): Column {
  if (!Object.hasOwn(table.c, key)) throw unknownKey(table, key);
  return (table.c as Readonly<Record<string, Column>>)[key] as Column;
}

/** Keys, and the expression for each. */
export interface Assignments {
  readonly keys: readonly string[];
  readonly cells: readonly ExpressionNode[];
}

/** Values by key as expressions of their columns' types; `undefined` counts as not given. */
export function assignmentsOf(table: FromClause, values: ValueRow): Assignments {
  const keys: string[] = [];
  const cells: ExpressionNode[] = [];
  for (const [key, value] of Object.entries(values)) {
    const column = columnOf(table, key);
    if (value === undefined) continue;
    keys.push(key);
    cells.push(toExpression(value, column.type, column.name));
  }
  return { keys, cells };
}

/** Conditions as expressions. */
export function conditionsOf(conditions: readonly (Typed<Bool> | undefined)[]): readonly ExpressionNode[] {
  return conditions.flatMap((condition) => (condition === undefined ? [] : [toExpression(condition, BOOLEAN)]));
}

/** One condition `column = value` for each value that is given. */
export function equalities(table: FromClause, values: ValueRow): readonly ExpressionNode[] {
  const found: ExpressionNode[] = [];
  for (const [key, value] of Object.entries(values)) {
    const column = columnOf(table, key);
    if (value !== undefined) found.push(operations.compare("eq", column, value));
  }
  return found;
}

/** FROM items that a statement names beside its table. */
export function sourcesOf(sources: readonly Source<string>[]): readonly FromClause[] {
  return sources.map((source) => {
    const from = toFrom(source);
    if (!(from instanceof RowVersion)) return from;
    throw new ArgumentError(`"${from.name}" is the row that the statement changes, no FROM item.`, {
      code: "NOT_A_FROM",
    });
  });
}
