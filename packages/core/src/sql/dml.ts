import { ArgumentError, NoSuchColumnError } from "../errors/index.js";
import { internPair } from "../visit/intern.js";
import { declareNode, Node } from "../visit/node.js";
import { toExpression, toFrom, toItem } from "./coerce.js";
import type { Column } from "./column.js";
import { Cte, type QueryColumns } from "./derived.js";
import { BOOLEAN } from "./elements.js";
import { Expression, type ExpressionNode } from "./expression.js";
import { ANONYMOUS, type FromClause } from "./from-clause.js";
import { ItemGroup } from "./item-group.js";
import { operations } from "./late.js";
import type { Bool, Item, row, Source, Typed, tup, Writable } from "./protocols.js";
import type { Items, Named, Tup } from "./rows.js";

/** A row of plain values and expressions by column key. */
export type ValueRow = Readonly<Record<string, unknown>>;

/** What INSERT, UPDATE and DELETE have in common. `R` and `P` are the rows of RETURNING. */
export abstract class Dml<out R, out P> extends Node {
  declare readonly [row]: R;
  declare readonly [tup]: P;
  abstract readonly table: FromClause;
  abstract readonly returningItems: readonly Node[];

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

function checkKeys(table: FromClause, given: ValueRow): void {
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(table.c, key)) {
      throw new NoSuchColumnError(`"${table.name}" has no column "${key}".`, {
        code: "UNKNOWN_COLUMN",
        remedy: `It has: ${table.columns.map((column) => column.key).join(", ")}.`,
      });
    }
  }
}

/**
 * The keys that any of the rows gives, in the order of the table's columns, and whether all values are plain. One pass: with
 * many rows, looking at them costs as much as converting them.
 */
function survey(
  table: FromClause,
  rows: readonly ValueRow[],
): { readonly keys: readonly string[]; readonly plain: boolean } {
  const given = new Set<string>();
  let plain = true;
  for (const item of rows) {
    for (const key in item) {
      const value = item[key];
      if (!given.has(key)) {
        if (!Object.hasOwn(table.c, key)) checkKeys(table, { [key]: value });
        if (value !== undefined) given.add(key);
      }
      if (typeof value === "object" && value instanceof Expression) plain = false;
    }
  }
  return { keys: given.size === 0 ? [] : Object.keys(table.c).filter((key) => given.has(key)), plain };
}

/**
 * INSERT. Rows of plain values stay what they are: they are no part of the statement's structure, and the engine sends
 * them in batches. Rows with SQL expressions in them become `VALUES` written out.
 */
export class Insert<in out I, out R = never, out P = readonly unknown[]> extends Dml<R, P> {
  readonly table: FromClause;
  /** The column keys that values are given for, in table order. */
  readonly keys: readonly string[];
  /** Rows of plain values; empty when `cells` or `query` is used. */
  readonly rows: readonly ValueRow[];
  /** Row after row, one expression for each of `keys`: used when any value is an expression. */
  readonly cells: readonly ExpressionNode[];
  readonly query: Node | undefined;
  readonly returningItems: readonly Node[];

  constructor(
    table: FromClause,
    keys: readonly string[] = [],
    rows: readonly ValueRow[] = [],
    cells: readonly ExpressionNode[] = [],
    query: Node | undefined = undefined,
    returningItems: readonly Node[] = [],
  ) {
    super();
    this.table = table;
    this.keys = keys;
    this.rows = rows;
    this.cells = cells;
    this.query = query;
    this.returningItems = returningItems;
  }

  static {
    declareNode(Insert, "insert", {
      table: "node",
      keys: "atoms",
      rows: "value",
      cells: "nodes",
      query: "node",
      returningItems: "nodes",
    });
  }

  protected override standalone(): this {
    if (this.rows.length === 0) return this;
    return this.copyWith({ rows: [], cells: this.cellsOf(this.keys, this.rows) });
  }

  private cellsOf(keys: readonly string[], rows: readonly ValueRow[]): readonly ExpressionNode[] {
    const columns = this.table.c as Readonly<Record<string, Column>>;
    return rows.flatMap((item) =>
      keys.map((key) => toExpression(item[key] ?? null, (columns[key] as Column).type, (columns[key] as Column).name)),
    );
  }

  /** Whether there is one row or many decides how generated keys come back, so it is part of the structure. */
  protected override computeShape(): number {
    return internPair(super.computeShape(), Math.min(this.rows.length, 2));
  }

  /**
   * The rows to insert: one or many. Columns left out get their defaults. Many rows are sent in batches.
   *
   * @example
   * ```ts
   * insert(users).values({ name: "alice" })
   * insert(users).values({ name: "alice" }, { name: "bob" })
   * ```
   * SQL: `INSERT INTO users (name) VALUES (:name)`
   */
  values(...rows: I[]): Insert<I, R, P> {
    return this.valuesOf(rows as readonly ValueRow[]) as Insert<I, R, P>;
  }

  /** As {@link values}, for an array that is too long to spread. */
  valuesList(rows: readonly I[]): Insert<I, R, P> {
    return this.valuesOf(rows as readonly ValueRow[]) as Insert<I, R, P>;
  }

  private valuesOf(added: readonly ValueRow[]): Insert<I, R, P> {
    if (this.query) throw new ArgumentError("An INSERT takes rows or a query, not both.", { code: "VALUES_AND_QUERY" });
    if (added.length === 0) {
      throw new ArgumentError(`An INSERT into "${this.table.name}" was given no rows.`, {
        code: "NO_ROWS",
        remedy: "Leave it out when there is nothing to insert; values({}) inserts a row of defaults.",
      });
    }
    const rows = this.rows.length === 0 ? added : [...this.rows, ...added];
    const { keys, plain } = survey(this.table, rows);
    if (this.cells.length === 0 && plain) {
      return new Insert(this.table, keys, rows, [], undefined, this.returningItems);
    }
    if (this.cells.length > 0)
      throw new ArgumentError("Give all rows of an INSERT with expressions in one call of values().");
    const cells = this.cellsOf(keys, rows);
    return new Insert(this.table, keys, [], cells, undefined, this.returningItems);
  }

  /**
   * `INSERT INTO t (a, b) SELECT ...`: columns by key, then a query with as many.
   */
  fromSelect(keys: readonly (keyof I & string)[], query: QueryColumns): Insert<I, R, P> {
    if (this.rows.length > 0 || this.cells.length > 0) {
      throw new ArgumentError("An INSERT takes rows or a query, not both.", { code: "VALUES_AND_QUERY" });
    }
    for (const key of keys) checkKeys(this.table, { [key]: null });
    if (keys.length !== query.resultItems.length) {
      throw new ArgumentError(`INSERT names ${keys.length} columns, the query has ${query.resultItems.length}.`, {
        code: "COLUMN_COUNT",
      });
    }
    return new Insert(this.table, keys, [], [], query, this.returningItems);
  }

  /**
   * Rows back from the INSERT. SQL: `RETURNING`, `OUTPUT inserted.` on SQL Server. MySQL has none and refuses it.
   */
  returning<const C extends readonly Item[]>(
    ...items: C
  ): Insert<I, Named<Items<C>, never, unknown>, Tup<Items<C>, never, unknown>> {
    return new Insert(this.table, this.keys, this.rows, this.cells, this.query, items.map(toItem));
  }
}

/** UPDATE. */
export class Update<in out I, out R = never, out P = readonly unknown[]> extends Dml<R, P> {
  readonly table: FromClause;
  readonly keys: readonly string[];
  /** One expression for each of `keys`. */
  readonly cells: readonly ExpressionNode[];
  readonly criteria: readonly ExpressionNode[];
  readonly returningItems: readonly Node[];

  constructor(
    table: FromClause,
    keys: readonly string[] = [],
    cells: readonly ExpressionNode[] = [],
    criteria: readonly ExpressionNode[] = [],
    returningItems: readonly Node[] = [],
  ) {
    super();
    this.table = table;
    this.keys = keys;
    this.cells = cells;
    this.criteria = criteria;
    this.returningItems = returningItems;
  }

  static {
    declareNode(Update, "update", {
      table: "node",
      keys: "atoms",
      cells: "nodes",
      criteria: "nodes",
      returningItems: "nodes",
    });
  }

  /**
   * The values to set: literals, null, or expressions.
   *
   * @example
   * ```ts
   * update(users).set({ name: "Alice", visits: users.c.visits.add(1) }).where(users.c.id.eq(1))
   * ```
   * SQL: `UPDATE users SET name=:name, visits=users.visits + :visits_1 WHERE users.id = :id_1`
   */
  set(values: Partial<I>): Update<I, R, P> {
    const given = values as ValueRow;
    checkKeys(this.table, given);
    const columns = this.table.c as Readonly<Record<string, Column>>;
    const merged = new Map(this.keys.map((key, i) => [key, this.cells[i] as ExpressionNode]));
    for (const [key, value] of Object.entries(given)) {
      if (value === undefined) continue;
      const column = columns[key] as Column;
      merged.set(key, toExpression(value, column.type, column.name));
    }
    return new Update(this.table, [...merged.keys()], [...merged.values()], this.criteria, this.returningItems);
  }

  /** Which rows; without it all of them. */
  where(...conditions: Typed<Bool>[]): Update<I, R, P> {
    const criteria = [...this.criteria, ...conditions.map((condition) => toExpression(condition, BOOLEAN))];
    return new Update(this.table, this.keys, this.cells, criteria, this.returningItems);
  }

  /** The changed rows back. */
  returning<const C extends readonly Item[]>(
    ...items: C
  ): Update<I, Named<Items<C>, never, unknown>, Tup<Items<C>, never, unknown>> {
    return new Update(this.table, this.keys, this.cells, this.criteria, items.map(toItem));
  }
}

/** DELETE. */
export class Delete<out R = never, out P = readonly unknown[]> extends Dml<R, P> {
  readonly table: FromClause;
  readonly criteria: readonly ExpressionNode[];
  readonly returningItems: readonly Node[];

  constructor(table: FromClause, criteria: readonly ExpressionNode[] = [], returningItems: readonly Node[] = []) {
    super();
    this.table = table;
    this.criteria = criteria;
    this.returningItems = returningItems;
  }

  static {
    declareNode(Delete, "delete", { table: "node", criteria: "nodes", returningItems: "nodes" });
  }

  /** Which rows; without it all of them. */
  where(...conditions: Typed<Bool>[]): Delete<R, P> {
    return new Delete(
      this.table,
      [...this.criteria, ...conditions.map((condition) => toExpression(condition, BOOLEAN))],
      this.returningItems,
    );
  }

  /** The deleted rows back. */
  returning<const C extends readonly Item[]>(
    ...items: C
  ): Delete<Named<Items<C>, never, unknown>, Tup<Items<C>, never, unknown>> {
    return new Delete(this.table, this.criteria, items.map(toItem));
  }
}

/** Begins an INSERT: `insert(users).values({ name: "alice" })`. */
export function insert<I>(table: Writable<I>): Insert<I> {
  return new Insert<I>(toFrom(table));
}

/** Begins an UPDATE: `update(users).set({ name: "Alice" }).where(users.c.id.eq(1))`. */
export function update<I>(table: Writable<I>): Update<I> {
  return new Update<I>(toFrom(table));
}

/** Begins a DELETE: `delete_(users).where(users.c.id.eq(1))`. */
export function delete_(table: Source<string>): Delete {
  return new Delete(toFrom(table));
}
