import type { ValueType } from "../types/value-type.js";
import { declareNode, type Node } from "../visit/node.js";
import type { Column } from "./column.js";
import { Expression, type ExpressionNode } from "./expression.js";
import type { FrameBound } from "./options.js";
import type { Bool, Item, Typed } from "./protocols.js";
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

  constructor(
    name: string,
    args: readonly ExpressionNode[],
    type: ValueType<unknown, unknown>,
    isDistinct = false,
    condition?: ExpressionNode,
  ) {
    super();
    this.name = name;
    this.args = args;
    this.type = type;
    this.isDistinct = isDistinct;
    this.condition = condition;
  }

  static {
    declareNode(FunctionCall, "function", {
      name: "atom",
      args: "nodes",
      type: "type",
      isDistinct: "atom",
      condition: "node",
    });
  }

  override get resultName(): string {
    return this.name.slice(this.name.lastIndexOf(".") + 1);
  }

  /** `count(DISTINCT x)` */
  distinct(): FunctionCall<T, S, N> {
    return new FunctionCall(this.name, this.args, this.type, true, this.condition);
  }

  /** `sum(x) FILTER (WHERE condition)`, or a CASE inside the aggregate where the database has no FILTER. */
  filter(condition: Typed<Bool>): FunctionCall<T, S, N> {
    return new FunctionCall(this.name, this.args, this.type, this.isDistinct, condition as ExpressionNode);
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

  /** Gives the result a value type, for a function that the toolkit does not know: `func["my_fn"](x).returns(integer())`. */
  returns<U>(type: ValueType<U, unknown>): FunctionCall<U | null, S, N> {
    return new FunctionCall<U | null, S, N>(this.name, this.args, type, this.isDistinct, this.condition);
  }
}

/** `f(x) OVER (PARTITION BY ... ORDER BY ... ROWS BETWEEN ...)` */
export class Over extends Expression<unknown> {
  readonly operand: ExpressionNode;
  readonly partitionBy: readonly ExpressionNode[];
  readonly orderBy: readonly Node[];
  readonly frame: "rows" | "range" | undefined;
  readonly frameStart: FrameBound | undefined;
  readonly frameEnd: FrameBound | undefined;

  constructor(
    operand: ExpressionNode,
    partitionBy: readonly ExpressionNode[],
    orderBy: readonly Node[],
    frame?: "rows" | "range",
    frameStart?: FrameBound,
    frameEnd?: FrameBound,
  ) {
    super();
    this.operand = operand;
    this.partitionBy = partitionBy;
    this.orderBy = orderBy;
    this.frame = frame;
    this.frameStart = frameStart;
    this.frameEnd = frameEnd;
  }

  static {
    declareNode(Over, "over", {
      operand: "node",
      partitionBy: "nodes",
      orderBy: "nodes",
      frame: "atom",
      frameStart: "atom",
      frameEnd: "atom",
    });
  }

  get type(): ValueType<unknown, unknown> {
    return this.operand.type;
  }

  override get resultName(): string | undefined {
    return this.operand.resultName;
  }
}

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
