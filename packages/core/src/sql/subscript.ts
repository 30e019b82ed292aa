import { ArgumentError } from "../errors/index.js";
import { NULL_TYPE } from "../types/others.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode } from "../visit/node.js";
import { Expression, type ExpressionNode } from "./expression.js";

/** `operand[index]`, or `operand[from:to]`: an element or a slice of an array. */
export class Subscript extends Expression<unknown> {
  readonly operand: ExpressionNode;
  /** The index, or the beginning of a slice. */
  readonly from: ExpressionNode | undefined;
  /** The end of a slice, included. */
  readonly to: ExpressionNode | undefined;
  readonly isSlice: boolean;
  readonly type: ValueType<unknown, unknown>;

  constructor(
    operand: ExpressionNode,
    from: ExpressionNode | undefined,
    to: ExpressionNode | undefined,
    isSlice: boolean,
    type: ValueType<unknown, unknown>,
  ) {
    super();
    this.operand = operand;
    this.from = from;
    this.to = to;
    this.isSlice = isSlice;
    this.type = type;
  }

  static {
    declareNode(Subscript, "subscript", { operand: "node", from: "node", to: "node", isSlice: "atom", type: "type" });
  }
}

/** What a key picks out of a value of some type: a node that the compilers know. */
export type SubscriptRule = (operand: ExpressionNode, key: unknown) => ExpressionNode;

const rules = new Map<string, SubscriptRule>();

/**
 * Says what `getItem(key)` makes of values of a type, by the type's `name`: the path into a JSON document, the value of a key of
 * an hstore. A type without a rule has no items.
 */
export function subscriptRule(typeName: string, rule: SubscriptRule): void {
  rules.set(typeName, rule);
}

/** The item of a value under a key, by the rule of the value's type. */
export function itemOf(operand: ExpressionNode, key: unknown): ExpressionNode {
  const rule = rules.get(operand.type.name);
  if (rule) return rule(operand, key);
  throw new ArgumentError(`Values of the type ${operand.type} have no items.`, {
    code: "NO_ITEMS",
    remedy: "getItem() takes an array or a document; say the type of an unknown expression with cast() or returns().",
  });
}

/** The type of an array's elements; that of an unknown value where the type does not say it. */
export function elementType(type: ValueType<unknown, unknown>): ValueType<unknown, unknown> {
  return (type as { readonly element?: ValueType<unknown, unknown> }).element ?? NULL_TYPE;
}
