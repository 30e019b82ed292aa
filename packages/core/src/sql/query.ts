import type { ExecutionOptions } from "../engine/options.js";
import { ArgumentError } from "../errors/index.js";
import { integer } from "../types/numbers.js";
import { NULL_TYPE } from "../types/others.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode, Node } from "../visit/node.js";
import { Annotation, type AnnotationPlace } from "./annotation.js";
import { BindParameter } from "./bind.js";
import { Cte, type QueryColumns, Subquery } from "./derived.js";
import { BOOLEAN, Unary } from "./elements.js";
import { Expression, type ExpressionNode, type Predicate } from "./expression.js";
import { ANONYMOUS, type FromClause } from "./from-clause.js";
import { operations } from "./late.js";
import { type FetchMode, type ModifierParts, type Modifiers, NO_MODIFIERS } from "./modifiers.js";
import { type Order, toOrderElement } from "./order.js";
import type { Item, Queryable, row, Source, tup } from "./protocols.js";
import { ResultName } from "./result-name.js";
import type { Named, NameOf, Tup, Val } from "./rows.js";
import type { SyntaxExtension } from "./syntax-extension.js";
import type { TextFragment } from "./text.js";

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

/** What is known of a result column. */
export interface ColumnDescription {
  /** The key in the row; undefined for an expression that has no name. */
  readonly name: string | undefined;
  readonly type: ValueType<unknown, unknown>;
  readonly expression: ExpressionNode;
}

/** How a common table expression is made. */
export interface CteOptions {
  /** It refers to itself, in the part that `union` or `unionAll` adds. */
  readonly recursive?: boolean;
  /** It is written in the WITH of the query that refers to it instead of that of the whole statement. */
  readonly nesting?: boolean;
  /** `MATERIALIZED` (true) or `NOT MATERIALIZED` (false): PostgreSQL and SQLite; others refuse it. */
  readonly materialized?: boolean;
}

/** How {@link Query.fetch} counts. */
export interface FetchOptions {
  /** The count is a percentage of all rows, rounded up. */
  readonly percent?: boolean;
  /** Also the rows that tie with the last one in ORDER BY. */
  readonly withTies?: boolean;
}

/** The row-limiting part of a query. `LIMIT n OFFSET m`, `FETCH FIRST n ROWS ONLY`, `TOP n`: as the database says it. */
function rowCount(name: "limit" | "offset" | "fetch", value: number | bigint | ExpressionNode): ExpressionNode {
  if (value instanceof Expression) return value as ExpressionNode;
  if (
    (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) &&
    !(typeof value === "bigint" && value >= 0n)
  ) {
    throw new ArgumentError(`${name}() takes a whole number from 0, not ${String(value)}.`, { code: "BAD_ROW_COUNT" });
  }
  // No rows at all is a structure of its own: SQL Server cannot fetch none behind an OFFSET.
  const none = name !== "offset" && Number(value) === 0;
  return new BindParameter(Number(value), COUNT, name, false, false, none);
}

function fetchMode({ percent, withTies }: FetchOptions): FetchMode | undefined {
  if (percent) return withTies ? "percentTies" : "percent";
  return withTies ? "ties" : undefined;
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

  /** The result columns: names, types and expressions, in order. */
  get columnDescriptions(): readonly ColumnDescription[] {
    return this.resultItems.map((expression) => ({
      name: expression.resultName,
      type: expression.type,
      expression,
    }));
  }

  /** The columns that the query has as a FROM item, by name. */
  get exportedColumns(): Subquery<"anon", Named<C, N, L>>["c"] {
    return this.subquery().c;
  }

  /** Clauses and options that few queries have; undefined when there are none. */
  abstract readonly modifiers: Modifiers | undefined;

  /** A copy with some clauses changed. */
  protected abstract with(changes: {
    readonly order?: readonly Node[];
    readonly limitTo?: ExpressionNode;
    readonly offsetBy?: ExpressionNode;
    readonly modifiers?: Modifiers;
  }): this;

  /** A copy with some modifiers changed. */
  protected modify(changes: Partial<ModifierParts>): this {
    return this.with({ modifiers: (this.modifiers ?? NO_MODIFIERS).copyWith(changes as Record<string, unknown>) });
  }

  private annotate(place: AnnotationPlace, text: Node, dialects: readonly string[]): this {
    return this.modify({
      annotations: [...(this.modifiers?.annotations ?? []), new Annotation(place, text, dialects)],
    });
  }

  /**
   * Adds elements to ORDER BY: expressions, orders, or names of result columns. `null` takes away what was there.
   *
   * @example
   * ```ts
   * select(users.c.age, func.count().label("n")).groupBy(users.c.age).orderBy(desc("n"), users.c.age)
   * ```
   * SQL: `... ORDER BY n DESC, users.age`
   */
  orderBy(...elements: (Order | Item | NameOf<C[number]> | null)[]): this {
    let order = this.order;
    for (const element of elements as readonly unknown[]) {
      if (element === null) order = [];
      else order = [...order, typeof element === "string" ? new ResultName(element) : toOrderElement(element)];
    }
    return this.with({ order });
  }

  /** At most so many rows. */
  limit(count: number | bigint | Expression<number>): this {
    const limited = this.with({ limitTo: rowCount("limit", count) });
    return this.modifiers?.fetchMode === undefined ? limited : limited.modify({ fetchMode: undefined });
  }

  /**
   * At most so many rows, or so many percent of them, with or without the rows that tie with the last one.
   *
   * @example
   * ```ts
   * select(players.c.name).orderBy(players.c.score.desc()).fetch(3, { withTies: true })
   * ```
   * SQL: `FETCH FIRST 3 ROWS WITH TIES`, `TOP (3) WITH TIES` on SQL Server; where the database has neither, ranks are counted by
   * window functions in a subquery.
   */
  fetch(count: number | bigint | Expression<number>, options: FetchOptions = {}): this {
    const mode = fetchMode(options);
    const limited = this.with({ limitTo: rowCount("fetch", count) });
    return mode === undefined && limited.modifiers === undefined ? limited : limited.modify({ fetchMode: mode });
  }

  /** The rows from position `start` to before `end`, counted from 0, as in `Array.slice`. SQL: `LIMIT end - start OFFSET start` */
  slice(start: number, end?: number): this {
    if (end !== undefined && end < start) {
      throw new ArgumentError(`slice() ends at ${end}, before it begins at ${start}.`, { code: "BAD_ROW_COUNT" });
    }
    const from = start === 0 ? this : this.offset(start);
    return end === undefined ? from : from.limit(end - start);
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

  /**
   * Rows that both queries give, as often as the one that gives it less often. Where the database has no `INTERSECT ALL`,
   * equal rows are numbered by a window function and compared with their numbers.
   */
  intersectAll(...others: Queryable<Tup<C, N, L>>[]): CompoundSelect<C, N, L> {
    return this.combine("intersectAll", others);
  }

  /** Rows of this query, each as many times less as the others give it. Emulated as {@link intersectAll} is. */
  exceptAll(...others: Queryable<Tup<C, N, L>>[]): CompoundSelect<C, N, L> {
    return this.combine("exceptAll", others);
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
    return new CompoundSelect<C, N, L>(op, queries, [], undefined, undefined, undefined);
  }

  /** The query as a FROM item: `(SELECT ...) AS name`. Without a name the compiler finds one: `anon_1`. */
  subquery<const A extends string = "anon">(name?: A): Subquery<A, Named<C, N, L>> {
    return new Subquery<A, Named<C, N, L>>(this, name ?? (ANONYMOUS as A));
  }

  /** As {@link subquery}, allowed to refer to FROM items on its left. SQL: `LATERAL (...)`, `CROSS APPLY` on SQL Server. */
  lateral<const A extends string = "anon">(name?: A): Subquery<A, Named<C, N, L>> {
    return new Subquery<A, Named<C, N, L>>(this, name ?? (ANONYMOUS as A), true);
  }

  /** The query as a common table expression: `WITH name AS (...)`. Without a name the compiler finds one. */
  cte<const A extends string = "anon">(name?: A, options: CteOptions = {}): Cte<A, Named<C, N, L>, Tup<C, N, L>> {
    return new Cte<A, Named<C, N, L>, Tup<C, N, L>>(
      this,
      name ?? (ANONYMOUS as A),
      options.recursive ?? false,
      undefined,
      true,
      options.nesting ?? false,
      options.materialized,
    );
  }

  /**
   * Puts common table expressions into WITH that the query does not refer to, such as a data-changing one.
   *
   * @example
   * ```ts
   * select(users.c.id).addCte(delete_(logs).returning(logs.c.id).cte("gone"))
   * ```
   * SQL: `WITH gone AS (DELETE FROM logs RETURNING logs.id) SELECT users.id FROM users`
   */
  addCte(...ctes: Source<string>[]): this {
    for (const cte of ctes) {
      if (!(cte instanceof Cte))
        throw new ArgumentError("addCte() takes CTEs: query.cte(name).", { code: "NOT_A_CTE" });
    }
    return this.modify({ ctes: [...(this.modifiers?.ctes ?? []), ...(ctes as unknown as readonly FromClause[])] });
  }

  /**
   * Text behind SELECT, for some dialects (by name) or for all.
   *
   * @example
   * ```ts
   * select(users.c.id).prefixWith(sql`SQL_NO_CACHE`, "mysql", "mariadb")
   * ```
   * SQL: `SELECT SQL_NO_CACHE users.id FROM users`
   */
  prefixWith(text: TextFragment, ...dialects: string[]): this {
    return this.annotate("prefix", text as Node, dialects);
  }

  /** Text at the end of the query, for some dialects (by name) or for all. */
  suffixWith(text: TextFragment, ...dialects: string[]): this {
    return this.annotate("suffix", text as Node, dialects);
  }

  /**
   * A hint to the optimizer, for some dialects (by name) or for all. SQL: `SELECT /*+ hint *\/` on MySQL, MariaDB and Oracle,
   * `OPTION (hint)` on SQL Server. PostgreSQL and SQLite have none and refuse one that is meant for them.
   */
  withStatementHint(text: TextFragment, ...dialects: string[]): this {
    return this.annotate("statementHint", text as Node, dialects);
  }

  /** Adds a clause that the toolkit does not have: see {@link SyntaxExtension}. */
  ext(extension: SyntaxExtension): this {
    return this.modify({ extensions: [...(this.modifiers?.extensions ?? []), extension] });
  }

  /**
   * Values for parameters that would be given at execution: `byId.params({ id: 5 })`. Nothing is compiled anew; what is given
   * at execution goes first.
   */
  params(values: Readonly<Record<string, unknown>>): this {
    return this.modify({ parameters: { ...this.modifiers?.parameters, ...values } });
  }

  /** Options for each execution of the query; what is given at an execution goes first. */
  executionOptions(options: ExecutionOptions): this {
    return this.modify({ executionOptions: { ...this.modifiers?.executionOptions, ...options } });
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

/** `EXISTS (query)`: whether the query gives any row. The same as `query.exists()`. */
export function exists(query: Queryable<readonly unknown[]>): Predicate {
  return new Unary("exists", query as unknown as Node, BOOLEAN) as ExpressionNode as Predicate;
}

/** The set operations. */
export type SetOperator = "union" | "unionAll" | "intersect" | "intersectAll" | "except" | "exceptAll";

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
  readonly modifiers: Modifiers | undefined;

  constructor(
    op: SetOperator,
    queries: readonly QueryColumns[],
    order: readonly Node[],
    limitTo: ExpressionNode | undefined,
    offsetBy: ExpressionNode | undefined,
    modifiers?: Modifiers,
  ) {
    super();
    this.op = op;
    this.queries = queries;
    this.order = order;
    this.limitTo = limitTo;
    this.offsetBy = offsetBy;
    this.modifiers = modifiers;
  }

  static {
    declareNode(CompoundSelect, "compound", {
      op: "atom",
      queries: "nodes",
      order: "nodes",
      limitTo: "node",
      offsetBy: "node",
      modifiers: "node",
    });
  }

  protected override with(changes: Readonly<Record<string, unknown>>): this {
    return this.copyWith(changes);
  }

  get resultItems(): readonly ExpressionNode[] {
    return this.queries[0]?.resultItems ?? [];
  }
}
