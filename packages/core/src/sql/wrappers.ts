import type { ValueType } from "../types/value-type.js";
import { declareNode, type Node } from "../visit/node.js";
import { Expression, type ExpressionNode } from "./expression.js";

/** `x COLLATE name`: a text that is compared and sorted by the rules of a collation. */
export class Collate extends Expression<unknown> {
  readonly operand: ExpressionNode;
  readonly collation: string;
  readonly schema: string | undefined;

  constructor(operand: ExpressionNode, collation: string, schema: string | undefined) {
    super();
    this.operand = operand;
    this.collation = collation;
    this.schema = schema;
  }

  static {
    declareNode(Collate, "collate", { operand: "node", collation: "atom", schema: "atom" });
  }

  get type(): ValueType<unknown, unknown> {
    return this.operand.type;
  }

  override get resultName(): string | undefined {
    return this.operand.resultName;
  }
}

/** An expression in parentheses that its author asked for. */
export class Grouping extends Expression<unknown> {
  readonly operand: ExpressionNode;

  constructor(operand: ExpressionNode) {
    super();
    this.operand = operand;
  }

  static {
    declareNode(Grouping, "grouping", { operand: "node" });
  }

  get type(): ValueType<unknown, unknown> {
    return this.operand.type;
  }

  override get resultName(): string | undefined {
    return this.operand.resultName;
  }
}

/** An expression that is read and compared as another type, without a CAST in the SQL. */
export class TypeCoerce extends Expression<unknown> {
  readonly operand: ExpressionNode;
  readonly type: ValueType<unknown, unknown>;

  constructor(operand: ExpressionNode, type: ValueType<unknown, unknown>) {
    super();
    this.operand = operand;
    this.type = type;
  }

  static {
    declareNode(TypeCoerce, "typeCoerce", { operand: "node", type: "type" });
  }

  override get resultName(): string | undefined {
    return this.operand.resultName;
  }
}

/** `ANY (...)` or `ALL (...)` on the right of a comparison: over the rows of a query, or the elements of an array. */
export class Quantified extends Expression<unknown> {
  readonly quantifier: "any" | "all";
  readonly operand: Node;
  readonly type: ValueType<unknown, unknown>;

  constructor(quantifier: "any" | "all", operand: Node, type: ValueType<unknown, unknown>) {
    super();
    this.quantifier = quantifier;
    this.operand = operand;
    this.type = type;
  }

  static {
    declareNode(Quantified, "quantified", { quantifier: "atom", operand: "node", type: "type" });
  }
}
