import type { ValueType } from "../types/value-type.js";
import type { Node } from "../visit/node.js";
import type { Affixes } from "./affix.js";
import type { OperatorOptions } from "./custom-operator.js";
import type { ExpressionNode } from "./expression.js";
import type { FromClause } from "./from-clause.js";
import type { OperatorName } from "./operators.js";
import type { AffixOptions, LikeOptions, RegexpOptions, WindowOptions } from "./options.js";
import type { Order } from "./order.js";
import type { Window } from "./window.js";

/**
 * The operations behind Expression's fluent methods. They make nodes whose classes extend Expression, so Expression cannot
 * import them: `operate.ts` fills this record when it loads.
 */
export interface Operations {
  compare(op: OperatorName, left: ExpressionNode, right: unknown): ExpressionNode;
  arithmetic(op: OperatorName, left: ExpressionNode, right: unknown): ExpressionNode;
  membership(op: "in" | "notIn", left: ExpressionNode, right: unknown): ExpressionNode;
  trueDivision(left: ExpressionNode, right: unknown): ExpressionNode;
  floorDivision(left: ExpressionNode, right: unknown): ExpressionNode;
  power(left: ExpressionNode, right: unknown): ExpressionNode;
  between(
    op: "between" | "notBetween",
    left: ExpressionNode,
    low: unknown,
    high: unknown,
    symmetric: boolean,
  ): ExpressionNode;
  like(op: OperatorName, left: ExpressionNode, pattern: unknown, options: LikeOptions): ExpressionNode;
  affix(left: ExpressionNode, text: unknown, affixes: Affixes, options: AffixOptions): ExpressionNode;
  regexpMatch(operand: ExpressionNode, pattern: unknown, options: RegexpOptions, negated: boolean): ExpressionNode;
  regexpReplace(
    operand: ExpressionNode,
    pattern: unknown,
    replacement: unknown,
    options: RegexpOptions,
  ): ExpressionNode;
  match(operand: ExpressionNode, query: unknown): ExpressionNode;
  bitNot(operand: ExpressionNode): ExpressionNode;
  collate(operand: ExpressionNode, collation: string, schema: string | undefined): ExpressionNode;
  grouped(operand: ExpressionNode): ExpressionNode;
  typeCoerce(operand: ExpressionNode, type: ValueType<unknown, unknown>): ExpressionNode;
  connect(op: "and" | "or", terms: readonly unknown[]): ExpressionNode;
  negate(operand: ExpressionNode): ExpressionNode;
  minus(operand: ExpressionNode): ExpressionNode;
  label(operand: ExpressionNode, name: string): ExpressionNode;
  cast(operand: ExpressionNode, type: ValueType<unknown, unknown>, safe: boolean): ExpressionNode;
  custom(left: ExpressionNode, symbol: string, right: unknown, options: OperatorOptions): ExpressionNode;
  item(operand: ExpressionNode, key: unknown): ExpressionNode;
  slice(operand: ExpressionNode, from: unknown, to: unknown): ExpressionNode;
  order(operand: ExpressionNode, descending: boolean | undefined, nulls: "first" | "last" | undefined): Order;
  over(operand: ExpressionNode, window: WindowOptions | Window): ExpressionNode;
  print(node: unknown): string;
  /** The FROM items of a select: of its columns and conditions, or all as they will be written. */
  froms(select: Node, which: "columns" | "final"): readonly FromClause[];
  /** The select list without columns that others make superfluous. */
  reduceColumns(select: Node): readonly Node[];
}

/** Filled by `operate.ts`, and by the compiler room where compiling is needed for it. */
export const operations: Operations = {} as Operations;
