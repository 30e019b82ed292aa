import type { ValueType } from "../types/value-type.js";
import { declareNode } from "../visit/node.js";
import { BOOLEAN } from "./elements.js";
import { Expression, type ExpressionNode } from "./expression.js";
import type { Bool } from "./protocols.js";

/** A regular expression found in a text, anywhere in it. */
export class RegexpMatch extends Expression<Bool> {
  readonly operand: ExpressionNode;
  readonly pattern: ExpressionNode;
  readonly ignoreCase: boolean;
  /** Flags as the database has them, beside the one for case. */
  readonly flags: string;
  readonly negated: boolean;

  constructor(operand: ExpressionNode, pattern: ExpressionNode, ignoreCase: boolean, flags: string, negated: boolean) {
    super();
    this.operand = operand;
    this.pattern = pattern;
    this.ignoreCase = ignoreCase;
    this.flags = flags;
    this.negated = negated;
  }

  static {
    declareNode(RegexpMatch, "regexpMatch", {
      operand: "node",
      pattern: "node",
      ignoreCase: "atom",
      flags: "atom",
      negated: "atom",
    });
  }

  get type(): ValueType<unknown, unknown> {
    return BOOLEAN;
  }
}

/** A text with all matches of a regular expression replaced. */
export class RegexpReplace extends Expression<unknown> {
  readonly operand: ExpressionNode;
  readonly pattern: ExpressionNode;
  readonly replacement: ExpressionNode;
  readonly ignoreCase: boolean;
  readonly flags: string;

  constructor(
    operand: ExpressionNode,
    pattern: ExpressionNode,
    replacement: ExpressionNode,
    ignoreCase: boolean,
    flags: string,
  ) {
    super();
    this.operand = operand;
    this.pattern = pattern;
    this.replacement = replacement;
    this.ignoreCase = ignoreCase;
    this.flags = flags;
  }

  static {
    declareNode(RegexpReplace, "regexpReplace", {
      operand: "node",
      pattern: "node",
      replacement: "node",
      ignoreCase: "atom",
      flags: "atom",
    });
  }

  get type(): ValueType<unknown, unknown> {
    return this.operand.type;
  }
}

/** A full-text search: MATCH, `@@`, CONTAINS. */
export class Match extends Expression<Bool> {
  readonly operand: ExpressionNode;
  readonly query: ExpressionNode;
  readonly negated: boolean;

  constructor(operand: ExpressionNode, query: ExpressionNode, negated: boolean) {
    super();
    this.operand = operand;
    this.query = query;
    this.negated = negated;
  }

  static {
    declareNode(Match, "match", { operand: "node", query: "node", negated: "atom" });
  }

  get type(): ValueType<unknown, unknown> {
    return BOOLEAN;
  }
}
