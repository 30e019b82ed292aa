import { toExpression } from "../sql/coerce.js";
import { CustomOperator, checkedSymbol, type OperatorOptions, precedenceOf } from "../sql/custom-operator.js";
import { BOOLEAN } from "../sql/elements.js";
import type { Expression, ExpressionNode } from "../sql/expression.js";
import { NULL_TYPE } from "../types/others.js";
import { declareNode } from "../visit/node.js";
import type { SQLCompiler } from "./compiler.js";
import { compiles } from "./custom.js";

/** An operator as a function of its operands: expressions, or values that are bound. */
export type OperatorFunction<U> = (left: unknown, right: unknown) => Expression<U, string>;

/** How dialects write an operator, by dialect name; `default` stands for those that are not named. */
export type OperatorRendering = (left: string, right: string, compiler: SQLCompiler) => string;

/** What {@link defineOperator} is told. */
export interface OperatorDefinition<U> extends OperatorOptions<U> {
  /**
   * How databases write the operator that have no such sign. The operands come as SQL text, with the parentheses that they need
   * beside an operator; the whole gets those that it needs by the precedence.
   */
  readonly dialects?: Readonly<Record<string, OperatorRendering>>;
}

/**
 * Makes an operator of one's own: infix, typed, and written by each dialect in its own way.
 *
 * @example
 * ```ts
 * const distance = defineOperator("<->", {
 *   returns: double(),
 *   dialects: { oracle: (a, b) => `VECTOR_DISTANCE(${a}, ${b}, EUCLIDEAN)` },
 * });
 * select(items.c.id).orderBy(distance(items.c.embedding, literal([1, 2, 3], vector(3))));
 * ```
 * SQL: `SELECT items.id FROM items ORDER BY items.embedding <-> $1`
 */
export function defineOperator<U = unknown>(
  symbol: string,
  definition: OperatorDefinition<U> = {},
): OperatorFunction<U> {
  const { isComparison = false, returns, dialects = {} } = definition;
  checkedSymbol(symbol);
  const precedence = precedenceOf(definition.precedence);

  // A class of its own, so that compilers and keys tell it from other operators of the same sign.
  class DefinedOperator extends CustomOperator {
    static {
      declareNode(DefinedOperator, "customOperator", {
        left: "node",
        symbol: "atom",
        right: "node",
        precedence: "atom",
        isComparison: "atom",
        type: "type",
      });
    }
  }
  for (const [dialect, render] of Object.entries(dialects)) {
    compiles(DefinedOperator, dialect, ({ left, right, binding }, compiler) =>
      render(
        compiler.operand(left as ExpressionNode, binding, "left"),
        compiler.operand(right as ExpressionNode, binding, "right"),
        compiler,
      ),
    );
  }

  return (left, right) => {
    const first = toExpression(left);
    const second = toExpression(right, typeof right === "object" ? first.type : undefined);
    const type = returns ?? (isComparison ? BOOLEAN : (first.type ?? NULL_TYPE));
    return new DefinedOperator(first, symbol, second, precedence, isComparison, type) as ExpressionNode as Expression<
      U,
      string
    >;
  };
}
