import { ArgumentError } from "../errors/index.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode } from "../visit/node.js";
import { Expression, type ExpressionNode } from "./expression.js";
import { OPERATORS, type Operator } from "./operators.js";

/** How strongly a custom operator binds: as one of these, or a number between them. */
export const PRECEDENCE = {
  or: OPERATORS.or.precedence,
  and: OPERATORS.and.precedence,
  not: OPERATORS.not.precedence,
  comparison: OPERATORS.eq.precedence,
  concatenation: OPERATORS.concat.precedence,
  addition: OPERATORS.add.precedence,
  multiplication: OPERATORS.mul.precedence,
  sign: OPERATORS.neg.precedence,
} as const satisfies Readonly<Record<string, number>>;

/** What is said of a custom operator. */
export interface OperatorOptions<U = unknown> {
  /**
   * How strongly it binds against others. Default: unknown, so that it stands in parentheses beside every operator but AND, OR
   * and NOT, and so do its own operands.
   */
  readonly precedence?: keyof typeof PRECEDENCE | number | undefined;
  /** The value type of the result. Default: that of the left operand; boolean for a comparison. */
  readonly returns?: ValueType<U, unknown> | undefined;
  /** The operator gives a truth value: it can stand in WHERE on every database. Default: false. */
  readonly isComparison?: boolean | undefined;
}

/**
 * An operator that the toolkit does not know: infix with two operands, prefix without a left one, postfix without a right
 * one. Dialects may render a subclass in their own way: see {@link defineOperator}.
 */
export class CustomOperator extends Expression<unknown> {
  readonly left: ExpressionNode | undefined;
  readonly symbol: string;
  readonly right: ExpressionNode | undefined;
  /** Undefined: unknown, so that it stands apart from other operators. */
  readonly precedence: number | undefined;
  readonly isComparison: boolean;
  readonly type: ValueType<unknown, unknown>;

  constructor(
    left: ExpressionNode | undefined,
    symbol: string,
    right: ExpressionNode | undefined,
    precedence: number | undefined,
    isComparison: boolean,
    type: ValueType<unknown, unknown>,
  ) {
    super();
    this.left = left;
    this.symbol = symbol;
    this.right = right;
    this.precedence = precedence;
    this.isComparison = isComparison;
    this.type = type;
  }

  static {
    declareNode(CustomOperator, "customOperator", {
      left: "node",
      symbol: "atom",
      right: "node",
      precedence: "atom",
      isComparison: "atom",
      type: "type",
    });
  }

  /** What is known of the operator, for parentheses. */
  get binding(): Operator {
    return {
      sql: checkedSymbol(this.symbol),
      precedence: this.precedence ?? PRECEDENCE.concatenation,
      apart: this.precedence === undefined,
      gives: this.isComparison ? "boolean" : "left",
    };
  }
}

/** The number of a precedence. */
export function precedenceOf(precedence: OperatorOptions["precedence"]): number | undefined {
  return typeof precedence === "string" ? PRECEDENCE[precedence] : precedence;
}

const SIGNS = /^[-+*/<>=~!@#%^&|`?:.]+$/;
const WORDS = /^[A-Za-z_]\w*(?: [A-Za-z_]\w*)*$/;
/** PostgreSQL's way to say the schema of an operator. */
const QUALIFIED = /^OPERATOR\((?:[A-Za-z_]\w*\.)*[-+*/<>=~!@#%^&|`?]+\)$/i;

/** An operator is signs or words: nothing that could end the expression, begin a comment or open a quote. */
export function checkedSymbol(symbol: string): string {
  const known = SIGNS.test(symbol) || WORDS.test(symbol) || QUALIFIED.test(symbol);
  if (known && !symbol.includes("--") && !symbol.includes("/*") && !symbol.includes("*/")) return symbol;
  throw new ArgumentError(`"${symbol}" cannot be an operator.`, {
    code: "BAD_OPERATOR",
    remedy:
      "An operator is signs (<->), words (SOUNDS LIKE) or OPERATOR(schema.sign); use the sql template for other text.",
  });
}
