import type { Column } from "../sql/column.js";
import { Expression } from "../sql/expression.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode } from "../visit/node.js";

/** A value that a column's default makes anew for each execution. The compiler puts it into queries that fill a table. */
export class MadeValue extends Expression<unknown> {
  readonly column: Column;
  readonly make: () => unknown;

  constructor(column: Column, make: () => unknown) {
    super();
    this.column = column;
    this.make = make;
  }

  static {
    declareNode(MadeValue, "madeValue", { column: "data", make: "data" });
  }

  get type(): ValueType<unknown, unknown> {
    return this.column.type;
  }
}
