import { Constant, FALSE } from "../sql/elements.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { BeyondPosition } from "../sql/keyset.js";
import { operations } from "../sql/late.js";
import type { Order } from "../sql/order.js";

const isNull = (expression: ExpressionNode): ExpressionNode => operations.compare("is", expression, null);

/**
 * The condition of rows behind a position, in three-valued logic that never gives unknown for a row that is behind it:
 * behind in the first element, or equal in it and behind in the rest. `nullsSortHigh` is the place of NULL where an element
 * does not say it.
 */
export function positionCondition(node: BeyondPosition, nullsSortHigh: boolean): ExpressionNode {
  let rest: ExpressionNode = FALSE;
  for (let i = node.order.length - 1; i >= 0; i--) {
    const { operand, descending, nulls } = node.order[i] as Order;
    const expression = operand as ExpressionNode;
    const value = node.position[i] as ExpressionNode;
    const nullsLast = nulls === undefined ? nullsSortHigh === !descending : nulls === "last";
    const known = !(value instanceof Constant);
    const behind: ExpressionNode[] = [];
    if (known) behind.push(operations.compare(descending ? "lt" : "gt", expression, value));
    if (node.nullable[i]) {
      if (known && nullsLast) behind.push(isNull(expression));
      if (!known && !nullsLast) behind.push(operations.compare("isNot", expression, null));
    }
    const same = known ? operations.compare("eq", expression, value) : isNull(expression);
    if (rest !== FALSE) behind.push(operations.connect("and", [same, rest]));
    rest = behind.length === 0 ? FALSE : operations.connect("or", behind);
  }
  return rest;
}
