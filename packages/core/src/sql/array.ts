import { ArrayType, arrayOf } from "../types/array.js";
import { NULL_TYPE } from "../types/others.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode } from "../visit/node.js";
import { toExpression } from "./coerce.js";
import { BOOLEAN } from "./elements.js";
import { Expression, type ExpressionNode, type Predicate } from "./expression.js";
import { FunctionCall } from "./function.js";
import { operations } from "./late.js";
import type { Lit, NN, Typed } from "./protocols.js";
import { Quantified } from "./wrappers.js";

/** An operator of two arrays: `@>`, `<@`, `&&`, `||`. */
export class ArrayOperator extends Expression<unknown> {
  readonly left: ExpressionNode;
  readonly symbol: string;
  readonly right: ExpressionNode;
  readonly type: ValueType<unknown, unknown>;

  constructor(left: ExpressionNode, symbol: string, right: ExpressionNode, type: ValueType<unknown, unknown>) {
    super();
    this.left = left;
    this.symbol = symbol;
    this.right = right;
    this.type = type;
  }

  static {
    declareNode(ArrayOperator, "arrayOperator", { left: "node", symbol: "atom", right: "node", type: "type" });
  }
}

type ArrayOperand<A> = A extends Typed<infer T> ? NN<T> | Typed<NN<T> | null> : never;
type Element<A> = A extends Typed<infer T> ? (NN<T> extends readonly (infer X)[] ? NN<X> : never) : never;
type Compared = "eq" | "ne" | "lt" | "le" | "gt" | "ge";

function pair(left: unknown, symbol: string, right: unknown, type?: ValueType<unknown, unknown>): ExpressionNode {
  const first = toExpression(left);
  return new ArrayOperator(first, symbol, toExpression(right, first.type), type ?? first.type);
}

function compared(quantifier: "any" | "all", array: unknown, value: unknown, operator: Compared): ExpressionNode {
  const items = toExpression(array);
  const element = items.type instanceof ArrayType ? items.type.leaf : NULL_TYPE;
  // `array op value` is asked with the operands the other way round.
  const elements = new Quantified(quantifier, items, element);
  return operations.compare(FLIPPED[operator], toExpression(value, element), elements);
}

const FLIPPED: Readonly<Record<Compared, Compared>> = { eq: "eq", ne: "ne", lt: "gt", le: "ge", gt: "lt", ge: "le" };

/** The array type, and what can be asked of arrays. Elements and slices: `tags.getItem(1)`, `tags.slice(1, 2)`. */
export interface ArrayFactory {
  /** See {@link arrayOf}. */
  <const E extends ValueType<unknown, unknown>>(element: E): ReturnType<typeof arrayOf<E>>;
  /** `a @> b`: every element of b is one of a. */
  contains<A extends Typed<readonly unknown[] | null>>(array: A, other: ArrayOperand<A>): Predicate;
  /** `a <@ b`: every element of a is one of b. */
  containedBy<A extends Typed<readonly unknown[] | null>>(array: A, other: ArrayOperand<A>): Predicate;
  /** `a && b`: the two have an element in common. */
  overlaps<A extends Typed<readonly unknown[] | null>>(array: A, other: ArrayOperand<A>): Predicate;
  /** `a || b`: the elements of both. */
  concat<A extends Typed<readonly unknown[] | null>>(
    array: A,
    other: ArrayOperand<A>,
  ): Expression<A extends Typed<infer T> ? T : never>;
  /** Whether one element compares with a value, by `eq` unless told otherwise: `value = ANY (array)`. */
  any<A extends Typed<readonly unknown[] | null>>(
    array: A,
    value: Lit<Element<A>> | Typed<Element<A> | null>,
    operator?: Compared,
  ): Predicate;
  /** Whether every element does. */
  all<A extends Typed<readonly unknown[] | null>>(
    array: A,
    value: Lit<Element<A>> | Typed<Element<A> | null>,
    operator?: Compared,
  ): Predicate;
  /** `array_agg(x)`: the values of the group's rows as an array. */
  agg<T>(of: Typed<T>): FunctionCall<readonly T[] | null, never, "array_agg">;
}

/**
 * An array of values of one type, where the database has arrays, and what can be asked of one.
 *
 * @example
 * ```ts
 * tags: array(string(50))
 * select(posts.c.id).where(array.contains(posts.c.tags, ["sql"]))
 * ```
 * SQL on PostgreSQL: `tags VARCHAR(50)[]`, `posts.tags @> $1`
 */
export const array: ArrayFactory = Object.assign(
  <const E extends ValueType<unknown, unknown>>(element: E): ReturnType<typeof arrayOf<E>> => arrayOf<E>(element),
  {
    contains: (left: unknown, right: unknown) => pair(left, "@>", right, BOOLEAN) as Predicate,
    containedBy: (left: unknown, right: unknown) => pair(left, "<@", right, BOOLEAN) as Predicate,
    overlaps: (left: unknown, right: unknown) => pair(left, "&&", right, BOOLEAN) as Predicate,
    concat: (left: unknown, right: unknown) => pair(left, "||", right) as Expression<never>,
    any: (items: unknown, value: unknown, operator: Compared = "eq") =>
      compared("any", items, value, operator) as Predicate,
    all: (items: unknown, value: unknown, operator: Compared = "eq") =>
      compared("all", items, value, operator) as Predicate,
    agg: <T>(of: Typed<T>) => {
      const operand = toExpression(of);
      return new FunctionCall<readonly T[] | null, never, "array_agg">("array_agg", [operand], arrayOf(operand.type));
    },
  },
) as ArrayFactory;
