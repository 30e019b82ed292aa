import type { ValueType } from "../types/value-type.js";
import type { OperatorOptions } from "./custom-operator.js";
import type { ExpressionNode } from "./expression.js";
import type { OperatorName } from "./operators.js";
import type { LikeOptions, WindowOptions } from "./options.js";
import type { Order } from "./order.js";

/**
 * The operations behind Expression's fluent methods. They make nodes whose classes extend Expression, so Expression cannot
 * import them: `operate.ts` fills this record when it loads.
 */
export interface Operations {
  compare(op: OperatorName, left: ExpressionNode, right: unknown): ExpressionNode;
  arithmetic(op: OperatorName, left: ExpressionNode, right: unknown): ExpressionNode;
  membership(op: "in" | "notIn", left: ExpressionNode, right: unknown): ExpressionNode;
  between(op: "between" | "notBetween", left: ExpressionNode, low: unknown, high: unknown): ExpressionNode;
  like(op: OperatorName, left: ExpressionNode, pattern: unknown, options: LikeOptions): ExpressionNode;
  affix(left: ExpressionNode, before: string, text: string, after: string, ignoreCase: boolean): ExpressionNode;
  connect(op: "and" | "or", terms: readonly unknown[]): ExpressionNode;
  negate(operand: ExpressionNode): ExpressionNode;
  minus(operand: ExpressionNode): ExpressionNode;
  label(operand: ExpressionNode, name: string): ExpressionNode;
  cast(operand: ExpressionNode, type: ValueType<unknown, unknown>): ExpressionNode;
  custom(left: ExpressionNode, symbol: string, right: unknown, options: OperatorOptions): ExpressionNode;
  item(operand: ExpressionNode, key: unknown): ExpressionNode;
  slice(operand: ExpressionNode, from: unknown, to: unknown): ExpressionNode;
  order(operand: ExpressionNode, descending: boolean | undefined, nulls: "first" | "last" | undefined): Order;
  over(operand: ExpressionNode, window: WindowOptions): ExpressionNode;
  print(node: unknown): string;
}

/** Filled by `operate.ts`. */
export const operations: Operations = {} as Operations;
