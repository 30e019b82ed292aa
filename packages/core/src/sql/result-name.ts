import { declareNode, Node } from "../visit/node.js";
import { toExpression } from "./coerce.js";
import { Order } from "./order.js";
import type { Item } from "./protocols.js";

/** A result column by its name, in ORDER BY and GROUP BY: `orderBy("total")`. */
export class ResultName extends Node {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  static {
    declareNode(ResultName, "resultName", { name: "atom" });
  }
}

/** An element of ORDER BY or GROUP BY: an expression, or a result column by name. */
export function toElement(element: unknown): Node {
  return typeof element === "string" ? new ResultName(element) : toExpression(element);
}

/** Ascending order of an expression, or of a result column by name: `orderBy(asc("total"))`. SQL: `total ASC` */
export function asc(of: Item | string): Order {
  return new Order(toElement(of), false, undefined);
}

/** Descending order of an expression, or of a result column by name: `orderBy(desc("total"))`. SQL: `total DESC` */
export function desc(of: Item | string): Order {
  return new Order(toElement(of), true, undefined);
}
