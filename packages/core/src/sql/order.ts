import { declareNode, Node } from "../visit/node.js";
import { toExpression } from "./coerce.js";
import { operations } from "./late.js";

/** One element of ORDER BY: an expression with a direction and a place for NULLs. */
export class Order extends Node {
  readonly operand: Node;
  /** Undefined: no direction is written, which means ascending. */
  readonly descending: boolean | undefined;
  readonly nulls: "first" | "last" | undefined;

  constructor(operand: Node, descending: boolean | undefined, nulls: "first" | "last" | undefined) {
    super();
    this.operand = operand;
    this.descending = descending;
    this.nulls = nulls;
  }

  static {
    declareNode(Order, "order", { operand: "node", descending: "atom", nulls: "atom" });
  }

  /** NULLs before all values. SQL: `... NULLS FIRST`, or a CASE in front where the database has no such clause. */
  nullsFirst(): Order {
    return new Order(this.operand, this.descending, "first");
  }

  /** NULLs after all values. SQL: `... NULLS LAST`, or a CASE in front where the database has no such clause. */
  nullsLast(): Order {
    return new Order(this.operand, this.descending, "last");
  }

  override toString(): string {
    return operations.print(this);
  }
}

/** An element of ORDER BY: an order, or an expression in its default direction. */
export function toOrderElement(element: unknown): Node {
  return element instanceof Order ? element : toExpression(element);
}
