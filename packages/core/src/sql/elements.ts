import { boolean, NULL_TYPE } from "../types/others.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode, type Node } from "../visit/node.js";
import { Expression, type ExpressionNode } from "./expression.js";
import type { OperatorName } from "./operators.js";
import type { Bool } from "./protocols.js";

export const BOOLEAN: ValueType<unknown, unknown> = boolean();

/** Two operands and an operator. */
export class Binary extends Expression<unknown> {
  readonly left: ExpressionNode;
  readonly operator: OperatorName;
  readonly right: ExpressionNode;
  readonly type: ValueType<unknown, unknown>;

  constructor(left: ExpressionNode, operator: OperatorName, right: ExpressionNode, type: ValueType<unknown, unknown>) {
    super();
    this.left = left;
    this.operator = operator;
    this.right = right;
    this.type = type;
  }

  static {
    declareNode(Binary, "binary", { left: "node", operator: "atom", right: "node", type: "type" });
  }
}

/** One operand and an operator in front of it: NOT, minus, EXISTS. */
export class Unary extends Expression<unknown> {
  readonly operator: OperatorName;
  readonly operand: Node;
  readonly type: ValueType<unknown, unknown>;

  constructor(operator: OperatorName, operand: Node, type: ValueType<unknown, unknown>) {
    super();
    this.operator = operator;
    this.operand = operand;
    this.type = type;
  }

  static {
    declareNode(Unary, "unary", { operator: "atom", operand: "node", type: "type" });
  }
}

/** Conditions joined by AND or OR; two at least. */
export class Connective extends Expression<Bool> {
  readonly operator: "and" | "or";
  readonly terms: readonly ExpressionNode[];

  constructor(operator: "and" | "or", terms: readonly ExpressionNode[]) {
    super();
    this.operator = operator;
    this.terms = terms;
  }

  static {
    declareNode(Connective, "connective", { operator: "atom", terms: "nodes" });
  }

  get type(): ValueType<unknown, unknown> {
    return BOOLEAN;
  }
}

/** `x BETWEEN low AND high`. */
export class Between extends Expression<Bool> {
  readonly operand: ExpressionNode;
  readonly low: ExpressionNode;
  readonly high: ExpressionNode;
  readonly negated: boolean;
  /** The ends may come in either order. */
  readonly symmetric: boolean;

  constructor(
    operand: ExpressionNode,
    low: ExpressionNode,
    high: ExpressionNode,
    negated: boolean,
    symmetric: boolean = false,
  ) {
    super();
    this.operand = operand;
    this.low = low;
    this.high = high;
    this.negated = negated;
    this.symmetric = symmetric;
  }

  static {
    declareNode(Between, "between", { operand: "node", low: "node", high: "node", negated: "atom", symmetric: "atom" });
  }

  get type(): ValueType<unknown, unknown> {
    return BOOLEAN;
  }
}

/** `x LIKE pattern ESCAPE c`, plain or case-insensitive. */
export class Like extends Expression<Bool> {
  readonly left: ExpressionNode;
  readonly pattern: ExpressionNode;
  readonly escape: string | undefined;
  readonly ignoreCase: boolean;
  readonly negated: boolean;

  constructor(
    left: ExpressionNode,
    pattern: ExpressionNode,
    escape: string | undefined,
    ignoreCase: boolean,
    negated: boolean,
  ) {
    super();
    this.left = left;
    this.pattern = pattern;
    this.escape = escape;
    this.ignoreCase = ignoreCase;
    this.negated = negated;
  }

  static {
    declareNode(Like, "like", { left: "node", pattern: "node", escape: "atom", ignoreCase: "atom", negated: "atom" });
  }

  get type(): ValueType<unknown, unknown> {
    return BOOLEAN;
  }
}

/** `x IN (...)`: the right side is an expanding bind parameter or a query. */
export class Membership extends Expression<Bool> {
  readonly left: ExpressionNode;
  readonly right: Node;
  readonly negated: boolean;

  constructor(left: ExpressionNode, right: Node, negated: boolean) {
    super();
    this.left = left;
    this.right = right;
    this.negated = negated;
  }

  static {
    declareNode(Membership, "membership", { left: "node", right: "node", negated: "atom" });
  }

  get type(): ValueType<unknown, unknown> {
    return BOOLEAN;
  }
}

/** NULL, TRUE or FALSE as a keyword. */
export class Constant<out T = unknown> extends Expression<T> {
  readonly value: null | boolean;

  constructor(value: null | boolean) {
    super();
    this.value = value;
  }

  static {
    declareNode(Constant, "constant", { value: "atom" });
  }

  get type(): ValueType<unknown, unknown> {
    return this.value === null ? NULL_TYPE : BOOLEAN;
  }
}

/** SQL NULL. */
export const NULL: Constant<null> = new Constant<null>(null);
/** SQL TRUE. */
export const TRUE: Constant<Bool> = new Constant<Bool>(true);
/** SQL FALSE. */
export const FALSE: Constant<Bool> = new Constant<Bool>(false);

/** `x AS name` in a select list; the bare name in ORDER BY and GROUP BY where the database allows it. */
export class Label extends Expression<unknown> {
  readonly operand: ExpressionNode;
  readonly name: string;

  constructor(operand: ExpressionNode, name: string) {
    super();
    this.operand = operand;
    this.name = name;
  }

  static {
    declareNode(Label, "label", { operand: "node", name: "atom" });
  }

  get type(): ValueType<unknown, unknown> {
    return this.operand.type;
  }

  override get resultName(): string {
    return this.name;
  }
}

/** `CAST(x AS type)` */
export class Cast extends Expression<unknown> {
  readonly operand: ExpressionNode;
  readonly type: ValueType<unknown, unknown>;
  /** NULL where the value cannot be converted, instead of an error. */
  readonly safe: boolean;

  constructor(operand: ExpressionNode, type: ValueType<unknown, unknown>, safe: boolean = false) {
    super();
    this.operand = operand;
    this.type = type;
    this.safe = safe;
  }

  static {
    declareNode(Cast, "cast", { operand: "node", type: "type", safe: "atom" });
  }

  override get resultName(): string | undefined {
    return this.operand.resultName;
  }
}

/** `CASE [subject] WHEN a THEN b ... ELSE c END`: `whens` and `thens` have equal lengths. */
export class Case extends Expression<unknown> {
  readonly subject: ExpressionNode | undefined;
  readonly whens: readonly ExpressionNode[];
  readonly thens: readonly ExpressionNode[];
  readonly otherwise: ExpressionNode | undefined;
  readonly type: ValueType<unknown, unknown>;

  constructor(
    subject: ExpressionNode | undefined,
    whens: readonly ExpressionNode[],
    thens: readonly ExpressionNode[],
    otherwise: ExpressionNode | undefined,
    type: ValueType<unknown, unknown>,
  ) {
    super();
    this.subject = subject;
    this.whens = whens;
    this.thens = thens;
    this.otherwise = otherwise;
    this.type = type;
  }

  static {
    declareNode(Case, "case", { subject: "node", whens: "nodes", thens: "nodes", otherwise: "node", type: "type" });
  }
}

/** `(a, b)`: a row value, for IN and comparison. */
export class Tuple extends Expression<readonly unknown[]> {
  readonly elements: readonly ExpressionNode[];

  constructor(elements: readonly ExpressionNode[]) {
    super();
    this.elements = elements;
  }

  static {
    declareNode(Tuple, "tuple", { elements: "nodes" });
  }

  get type(): ValueType<unknown, unknown> {
    return NULL_TYPE;
  }
}
