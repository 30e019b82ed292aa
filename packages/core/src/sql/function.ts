import type { ValueType } from "../types/value-type.js";
import { declareNode, type Node } from "../visit/node.js";
import type { Column } from "./column.js";
import { Expression, type ExpressionNode } from "./expression.js";
import { operations } from "./late.js";
import { Order, toOrderElement } from "./order.js";
import type { Bool, Item, Typed, t } from "./protocols.js";
import { CompositeField, TableFunction, type TableFunctionOptions } from "./table-function.js";

/** A call of a SQL function. Dialects may render a function of a given name differently. */
export class FunctionCall<
  out T = unknown,
  out S extends string = never,
  out N extends string = never,
> extends Expression<T, S, N> {
  readonly name: string;
  readonly args: readonly ExpressionNode[];
  readonly type: ValueType<unknown, unknown>;
  readonly isDistinct: boolean;
  readonly condition: ExpressionNode | undefined;
  /** The order in which an aggregate takes its values. */
  readonly order: readonly Node[];
  /** WITHIN GROUP: the order of the set that the aggregate is of. */
  readonly within: readonly Node[];

  constructor(
    name: string,
    args: readonly ExpressionNode[],
    type: ValueType<unknown, unknown>,
    isDistinct = false,
    condition?: ExpressionNode,
    order: readonly Node[] = [],
    within: readonly Node[] = [],
  ) {
    super();
    this.name = name;
    this.args = args;
    this.type = type;
    this.isDistinct = isDistinct;
    this.condition = condition;
    this.order = order;
    this.within = within;
  }

  static {
    declareNode(FunctionCall, "function", {
      name: "atom",
      args: "nodes",
      type: "type",
      isDistinct: "atom",
      condition: "node",
      order: "nodes",
      within: "nodes",
    });
  }

  override get resultName(): string {
    return this.name.slice(this.name.lastIndexOf(".") + 1);
  }

  /** `count(DISTINCT x)` */
  distinct(): FunctionCall<T, S, N> {
    return this.copyWith({ isDistinct: true });
  }

  /**
   * Aggregates only the rows for which the conditions hold: `sum(x) FILTER (WHERE condition)`, or a CASE inside the aggregate
   * where the database has no FILTER.
   */
  filter(...conditions: Typed<Bool>[]): FunctionCall<T, S, N> {
    return this.copyWith({
      condition: operations.connect("and", [...(this.condition ? [this.condition] : []), ...conditions]),
    });
  }

  /**
   * The order in which an aggregate takes its values: `array_agg(x ORDER BY y)`.
   *
   * @throws CompileError where the database has no order in this aggregate.
   */
  orderBy(...elements: (Order | Item)[]): FunctionCall<T, S, N> {
    return this.copyWith({ order: [...this.order, ...elements.map(toOrderElement)] });
  }

  /**
   * Makes an ordered-set aggregate: `percentile_cont(0.5) WITHIN GROUP (ORDER BY x)`. What has no type of its own (`mode`,
   * `percentile_disc`) has that of the first element.
   *
   * @example
   * ```ts
   * func.percentileCont(0.5).withinGroup(people.c.age)
   * ```
   * SQL: `percentile_cont($1) WITHIN GROUP (ORDER BY people.age)`
   *
   * @throws CompileError on SQLite and MySQL; SQL Server and MariaDB have it as a window function only.
   */
  withinGroup<E extends Order | Item>(order: E, ...others: (Order | Item)[]): FunctionCall<WithinGroup<T, E>, S, N> {
    const within = [order, ...others].map(toOrderElement);
    const first = within[0] as Node & { readonly operand?: ExpressionNode };
    const expression = (first instanceof Order ? first.operand : first) as ExpressionNode;
    const type = this.type.name === "null" ? expression.type : this.type;
    return this.copyWith({ within, type }) as unknown as FunctionCall<WithinGroup<T, E>, S, N>;
  }

  /**
   * The function as a FROM item with these columns. It may read FROM items on its left.
   *
   * @example
   * ```ts
   * const e = func("json_each", docs.c.body).tableValued("e", { key: string(), value: string() });
   * select(docs.c.id, e.c.key)
   * ```
   * SQL: `SELECT docs.id, e.key FROM docs, json_each(docs.body) AS e`, with the columns' names behind the alias where the database
   * takes them (PostgreSQL: `AS e (key, value)`), `CROSS APPLY` on SQL Server, `TABLE(...)` on Oracle. MySQL and MariaDB have no
   * functions in FROM and refuse it.
   */
  tableValued<
    const A extends string,
    const D extends { readonly [key: string]: ValueType<unknown, unknown> },
    const O extends string = never,
  >(
    name: A,
    columns: D,
    options: TableFunctionOptions & { readonly ordinality?: O } = {},
  ): TableFunction<A, { [K in keyof D]: D[K] extends Typed<infer U> ? U | null : never } & { [K in O]: number }> {
    return new TableFunction(
      this as ExpressionNode,
      name,
      Object.keys(columns),
      Object.values(columns),
      options.ordinality,
      options.withTypes,
      options.joinsImplicitly,
    );
  }

  /**
   * The function in FROM as the one column that it gives.
   *
   * @example
   * ```ts
   * select(func("unnest", tags).columnValued("tag", string()))
   * ```
   * SQL: `SELECT tag FROM unnest(tags) AS tag`. PostgreSQL only.
   */
  columnValued<const A extends string, U>(name: A, type: ValueType<U, unknown>): Column<U | null, A, A> {
    const from = new TableFunction<A, Record<A, U | null>>(
      this as ExpressionNode,
      name,
      [name],
      [type],
      undefined,
      false,
      true,
      true,
    );
    return (from.c as Readonly<Record<string, unknown>>)[name] as Column<U | null, A, A>;
  }

  /** One field of a composite value that the function gives: `(f(x)).name`. PostgreSQL only. */
  field<const F extends string, U>(name: F, type: ValueType<U, unknown>): CompositeField<U | null, S, F> {
    return new CompositeField<U | null, S, F>(this as ExpressionNode, name, type);
  }

  /** Gives the result a value type, for a function that the toolkit does not know: `func("my_fn", x).returns(integer())`. */
  returns<U>(type: ValueType<U, unknown>): FunctionCall<U | null, S, N> {
    return this.copyWith({ type }) as unknown as FunctionCall<U | null, S, N>;
  }
}

/** The type of an ordered-set aggregate: its own, or that of what it orders. */
type WithinGroup<T, E> = unknown extends T ? (E extends Item ? E[typeof t] | null : unknown) : T;

/** Anything that the function namespace takes as an argument: an expression or a plain value. */
export type FunctionArgument =
  | Item
  | Typed<unknown>
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Uint8Array
  | undefined;
