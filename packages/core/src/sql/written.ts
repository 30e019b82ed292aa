import type { ValueType } from "../types/value-type.js";
import { declareNode } from "../visit/node.js";
import { Expression } from "./expression.js";

/**
 * SQL that the compiler has already written: stands for a placeholder, a literal or a result expression while what its type
 * puts around it is written. It occurs in no statement.
 */
export class Written extends Expression<unknown> {
  readonly text: string;
  readonly type: ValueType<unknown, unknown>;

  constructor(text: string, type: ValueType<unknown, unknown>) {
    super();
    this.text = text;
    this.type = type;
  }

  static {
    declareNode(Written, "written", { text: "atom", type: "type" });
  }
}
