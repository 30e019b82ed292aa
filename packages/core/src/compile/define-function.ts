import { ArgumentError } from "../errors/index.js";
import { toExpression } from "../sql/coerce.js";
import type { ExpressionNode } from "../sql/expression.js";
import { registerFunction } from "../sql/func.js";
import { FunctionCall } from "../sql/function.js";
import type { Operand, OpS } from "../sql/protocols.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode } from "../visit/node.js";
import { compiles } from "./custom.js";

type ArgumentTypes = readonly ValueType<unknown, unknown>[];
/** What a function takes whose parameters have these types. */
type ArgumentsOf<A extends ArgumentTypes> = {
  readonly [K in keyof A]: A[K] extends ValueType<infer T, unknown> ? Operand<T> : never;
};

/** What {@link defineFunction} is told. */
export interface FunctionDefinition<A extends ArgumentTypes, U> {
  /** The value types of the parameters: plain values are bound as these. */
  readonly args: A;
  /** The value type of the result. */
  readonly returns: ValueType<U, unknown>;
  /** How databases write the call that do not call it by its name; the arguments come as SQL text. */
  readonly dialects?: Readonly<Record<string, string | ((...args: string[]) => string)>>;
  /** Makes the function a member of `func` under this name. */
  readonly register?: string;
}

/** A function with typed arguments; its result may be NULL. */
export type DefinedFunction<A extends ArgumentTypes, U> = <const P extends ArgumentsOf<A>>(
  ...args: P
) => FunctionCall<U | null, OpS<P[number]>>;

/**
 * Gives a function of the database types, and a way for each dialect to write it.
 *
 * @example
 * ```ts
 * const levenshtein = defineFunction("levenshtein", {
 *   args: [string(), string()],
 *   returns: integer(),
 *   dialects: { oracle: "UTL_MATCH.EDIT_DISTANCE", mssql: (a, b) => `dbo.lev(${a}, ${b})` },
 * });
 * select(users.c.id).where(levenshtein(users.c.name, "alice").lt(3));
 * ```
 * SQL: `SELECT users.id FROM users WHERE levenshtein(users.name, $1) < $2`
 *
 * With `register: "levenshtein"` it is `func.levenshtein` as well; the types of that come by declaration merging:
 * ```ts
 * declare module "@acme/core" { interface KnownFunctions { levenshtein: typeof levenshtein } }
 * ```
 *
 * @throws ArgumentError for a call with another number of arguments.
 */
export function defineFunction<const A extends ArgumentTypes, U>(
  name: string,
  { args: types, returns, dialects = {}, register }: FunctionDefinition<A, U>,
): DefinedFunction<A, U> {
  // A class of its own, so that compilers and keys tell it from other functions of the same name.
  class DefinedCall extends FunctionCall<U | null> {
    static {
      declareNode(DefinedCall, "function", {
        name: "atom",
        args: "nodes",
        type: "type",
        isDistinct: "atom",
        condition: "node",
        order: "nodes",
        within: "nodes",
      });
    }
  }
  for (const [dialect, rule] of Object.entries(dialects)) {
    compiles(DefinedCall, dialect, (node, compiler) => {
      if (typeof rule === "function") return rule(...node.args.map((arg) => compiler.value(arg)));
      const { args, type, isDistinct, condition, order, within } = node;
      return compiler.process(new FunctionCall(rule, args, type, isDistinct, condition, order, within));
    });
  }

  const make = (...args: unknown[]): FunctionCall<U | null> => {
    if (args.length !== types.length)
      throw new ArgumentError(`${name}() takes ${types.length} arguments, not ${args.length}.`, {
        code: "WRONG_ARGUMENT_COUNT",
      });
    return new DefinedCall(
      name,
      args.map((arg, i) => toExpression(arg, types[i], name)),
      returns,
    );
  };
  if (register !== undefined) registerFunction(register, make as (...args: unknown[]) => ExpressionNode);
  return make as unknown as DefinedFunction<A, U>;
}
