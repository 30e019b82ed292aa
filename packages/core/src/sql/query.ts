import { ArgumentError } from "../errors/index.js";
import { integer } from "../types/numbers.js";
import { NULL_TYPE } from "../types/others.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode, Node } from "../visit/node.js";
import { BindParameter } from "./bind.js";
import { Cte, type QueryColumns, Subquery } from "./derived.js";
import { BOOLEAN, Unary } from "./elements.js";
import { Expression, type ExpressionNode, type Predicate } from "./expression.js";
import { operations } from "./late.js";
import { toOrderElement } from "./operate.js";
import type { Order } from "./order.js";
import type { Item, Queryable, row, tup } from "./protocols.js";
import type { Named, NameOf, Tup, Val } from "./rows.js";

const COUNT = integer();

/** A query as one value: `(SELECT ...)`. NULL when it gives no row. */
export class ScalarSubquery<out T = unknown> extends Expression<T> {
  readonly query: QueryColumns;

  constructor(query: QueryColumns) {
    super();
    this.query = query;
  }

  static {
    declareNode(ScalarSubquery, "scalarSubquery", { query: "node" });
  }

  get type(): ValueType<unknown, unknown> {
    return this.query.resultItems[0]?.type ?? NULL_TYPE;
  }
}

/** Which rows of a query to lock. */
export interface LockOptions {
  /** Fail at once when a row is locked. */
  readonly nowait?: boolean;
  /** Leave locked rows out. */
  readonly skipLocked?: boolean;
  /** A shared lock. */
  readonly share?: boolean;
}

/** The row-limiting part of a query. `LIMIT n OFFSET m`, `FETCH FIRST n ROWS ONLY`, `TOP n`: as the database says it. */
function rowCount(name: string, value: number | bigint | ExpressionNode): ExpressionNode {
  if (value instanceof Expression) return value as ExpressionNode;
  if (
    (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) &&
    !(typeof value === "bigint" && value >= 0n)
  ) {
    throw new ArgumentError(`${name}() takes a whole number from 0, not ${String(value)}.`, { code: "BAD_ROW_COUNT" });
  }
  return new BindParameter(Number(value), COUNT, name);
}

/**
 * What SELECT and set operations have in common: they give rows, can be ordered, limited, united, and wrapped.
 *
 * `C` is the select list, `N` the names of the FROM items that an outer join can make NULL, `L` what is known to be loaded.
 */
export abstract class Query<C extends readonly unknown[], N extends string = never, L = unknown> extends Node {
  // Written out instead of Named<C, N, L>: hovers and errors then show the plain object.
  declare readonly [row]: { [X in C[number] as NameOf<X>]: Val<X, N, L> };
  declare readonly [tup]: Tup<C, N, L>;

  /** The expressions of the result columns in order, groups spread. */
  abstract readonly resultItems: readonly ExpressionNode[];
  abstract readonly order: readonly Node[];
  abstract readonly limitTo: ExpressionNode | undefined;
  abstract readonly offsetBy: ExpressionNode | undefined;

  /** A copy with some clauses changed. */
  protected abstract with(changes: {
    readonly order?: readonly Node[];
    readonly limitTo?: ExpressionNode;
    readonly offsetBy?: ExpressionNode;
  }): this;

  /** Adds elements to ORDER BY. */
  orderBy(...elements: (Order | Item)[]): this {
    return this.with({ order: [...this.order, ...elements.map(toOrderElement)] });
  }

  /** At most so many rows. */
  limit(count: number | bigint | Expression<number>): this {
    return this.with({ limitTo: rowCount("limit", count) });
  }

  /** Leaves out so many rows at the beginning. */
  offset(count: number | bigint | Expression<number>): this {
    return this.with({ offsetBy: rowCount("offset", count) });
  }

  /** Rows of either query, without duplicates. Columns match by position. */
  union(...others: Queryable<Tup<C, N, L>>[]): CompoundSelect<C, N, L> {
    return this.combine("union", others);
  }

  /** Rows of both queries. */
  unionAll(...others: Queryable<Tup<C, N, L>>[]): CompoundSelect<C, N, L> {
    return this.combine("unionAll", others);
  }

  /** Rows that both queries give, without duplicates. */
  intersect(...others: Queryable<Tup<C, N, L>>[]): CompoundSelect<C, N, L> {
    return this.combine("intersect", others);
  }

  /** Rows of this query that the others do not give, without duplicates. */
  except(...others: Queryable<Tup<C, N, L>>[]): CompoundSelect<C, N, L> {
    return this.combine("except", others);
  }

  private combine(op: SetOperator, others: readonly unknown[]): CompoundSelect<C, N, L> {
    const queries = [this, ...others] as readonly QueryColumns[];
    const width = this.resultItems.length;
    for (const query of queries) {
      if (query.resultItems.length !== width) {
        throw new ArgumentError(`The queries of a ${op} have ${width} and ${query.resultItems.length} columns.`, {
          code: "COLUMN_COUNT",
          remedy: "Select the same number of columns in each.",
        });
      }
    }
    return new CompoundSelect<C, N, L>(op, queries, [], undefined, undefined);
  }

  /** The query as a FROM item: `(SELECT ...) AS name`. */
  subquery<const A extends string>(name: A): Subquery<A, Named<C, N, L>> {
    return new Subquery<A, Named<C, N, L>>(this, name);
  }

  /** As {@link subquery}, allowed to refer to FROM items on its left. SQL: `LATERAL (...)`, `CROSS APPLY` on SQL Server. */
  lateral<const A extends string>(name: A): Subquery<A, Named<C, N, L>> {
    return new Subquery<A, Named<C, N, L>>(this, name, true);
  }

  /** The query as a common table expression: `WITH name AS (...)`. */
  cte<const A extends string>(
    name: A,
    options: { readonly recursive?: boolean } = {},
  ): Cte<A, Named<C, N, L>, Tup<C, N, L>> {
    return new Cte<A, Named<C, N, L>, Tup<C, N, L>>(this, name, options.recursive ?? false);
  }

  /** The query as one value. NULL when there is no row, so its type is nullable. */
  scalar(): ScalarSubquery<Val<C[0], N, L> | null> {
    if (this.resultItems.length !== 1) {
      throw new ArgumentError(`A scalar subquery has one column, not ${this.resultItems.length}.`, {
        code: "COLUMN_COUNT",
      });
    }
    return new ScalarSubquery(this);
  }

  /** `EXISTS (SELECT ...)` */
  exists(): Predicate {
    return new Unary("exists", this, BOOLEAN) as ExpressionNode as Predicate;
  }

  override toString(): string {
    return operations.print(this);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.constructor.name} { ${this.toString()} }`;
  }
}

/** The set operations. */
export type SetOperator = "union" | "unionAll" | "intersect" | "except";

/** Queries combined by a set operation. */
export class CompoundSelect<C extends readonly unknown[], N extends string = never, L = unknown> extends Query<
  C,
  N,
  L
> {
  readonly op: SetOperator;
  readonly queries: readonly QueryColumns[];
  readonly order: readonly Node[];
  readonly limitTo: ExpressionNode | undefined;
  readonly offsetBy: ExpressionNode | undefined;

  constructor(
    op: SetOperator,
    queries: readonly QueryColumns[],
    order: readonly Node[],
    limitTo: ExpressionNode | undefined,
    offsetBy: ExpressionNode | undefined,
  ) {
    super();
    this.op = op;
    this.queries = queries;
    this.order = order;
    this.limitTo = limitTo;
    this.offsetBy = offsetBy;
  }

  static {
    declareNode(CompoundSelect, "compound", {
      op: "atom",
      queries: "nodes",
      order: "nodes",
      limitTo: "node",
      offsetBy: "node",
    });
  }

  protected override with(changes: Readonly<Record<string, unknown>>): this {
    return this.copyWith(changes);
  }

  get resultItems(): readonly ExpressionNode[] {
    return this.queries[0]?.resultItems ?? [];
  }
}
