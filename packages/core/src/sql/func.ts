import { bigInteger, double, integer, Numeric, numeric } from "../types/numbers.js";
import { NULL_TYPE } from "../types/others.js";
import { string } from "../types/texts.js";
import { date, dateTime } from "../types/times.js";
import type { ValueType } from "../types/value-type.js";
import { toExpression } from "./coerce.js";
import type { ExpressionNode } from "./expression.js";
import { type FunctionArgument, FunctionCall } from "./function.js";
import type { Decimal, Item, NN, OpS, OpT, s, Typed, t } from "./protocols.js";

const INTEGER = integer();
const STRING = string();
const NUMERIC = numeric();
const DOUBLE = double();
const BIG = bigInteger();
const NOW = dateTime({ timezone: true });
const TODAY = date();

/** What `sum` gives: bigints sum to decimals on most databases, so integers stay integers and the rest is exact. */
type SumOf<T> = T extends bigint ? bigint : T;
type AvgOf<T> = T extends Decimal ? Decimal : number;

/** The functions that every supported database has, with their types. All others are reached by name: {@link func}. */
export interface KnownFunctions {
  /** `count(*)`, or `count(x)`: rows in which x is not NULL. */
  count(of?: Item): FunctionCall<number, never, "count">;
  /** The sum, NULL over no rows. Of bigints a `bigint`, of numerics exact. */
  sum<E extends Item>(of: E): FunctionCall<SumOf<NN<E[typeof t]>> | null, never, "sum">;
  /** The mean, NULL over no rows: exact text for numerics, a number otherwise. */
  avg<E extends Item>(of: E): FunctionCall<AvgOf<NN<E[typeof t]>> | null, never, "avg">;
  /** The greatest value, NULL over no rows. */
  max<E extends Item>(of: E): FunctionCall<E[typeof t] | null, never, "max">;
  /** The least value, NULL over no rows. */
  min<E extends Item>(of: E): FunctionCall<E[typeof t] | null, never, "min">;
  /** The first argument that is not NULL. */
  coalesce<A extends Item, B>(first: A, second: B): FunctionCall<NN<A[typeof t]> | OpT<B>, OpS<B>, "coalesce">;
  /** NULL if both are equal, else the first. */
  nullif<A extends Item>(
    first: A,
    second: OpT<A> | Typed<OpT<A>>,
  ): FunctionCall<A[typeof t] | null, A[typeof s], "nullif">;
  lower<A extends Typed<string | null>>(of: A): FunctionCall<OpT<A>, OpS<A>, "lower">;
  upper<A extends Typed<string | null>>(of: A): FunctionCall<OpT<A>, OpS<A>, "upper">;
  trim<A extends Typed<string | null>>(of: A): FunctionCall<OpT<A>, OpS<A>, "trim">;
  /** The number of characters. */
  charLength<A extends Typed<string | null>>(of: A): FunctionCall<number | (null & OpT<A>), OpS<A>, "char_length">;
  /** `substring(text, start, length)`; positions count from 1. */
  substring<A extends Typed<string | null>>(
    of: A,
    start: number,
    length?: number,
  ): FunctionCall<OpT<A>, OpS<A>, "substring">;
  replace<A extends Typed<string | null>>(of: A, from: string, to: string): FunctionCall<OpT<A>, OpS<A>, "replace">;
  abs<A extends Item>(of: A): FunctionCall<A[typeof t], A[typeof s], "abs">;
  round<A extends Item>(of: A, digits?: number): FunctionCall<A[typeof t], A[typeof s], "round">;
  /** The time of the statement or transaction as an instant. `CURRENT_TIMESTAMP`. */
  now(): FunctionCall<Date, never, "now">;
  /** `CURRENT_DATE`. */
  currentDate(): FunctionCall<string, never, "current_date">;
  /** `CURRENT_TIMESTAMP`. */
  currentTimestamp(): FunctionCall<Date, never, "current_timestamp">;
  /** Window: the number of the row in its partition. */
  rowNumber(): FunctionCall<number, never, "row_number">;
  rank(): FunctionCall<number, never, "rank">;
  denseRank(): FunctionCall<number, never, "dense_rank">;
  lag<E extends Item>(of: E, offset?: number): FunctionCall<E[typeof t] | null, never, "lag">;
  lead<E extends Item>(of: E, offset?: number): FunctionCall<E[typeof t] | null, never, "lead">;
  firstValue<E extends Item>(of: E): FunctionCall<E[typeof t] | null, never, "first_value">;
  lastValue<E extends Item>(of: E): FunctionCall<E[typeof t] | null, never, "last_value">;
}

/** A function that the toolkit does not know: any arguments, a value of unknown type until `.returns(type)` says it. */
type OpenFunction = { call(...args: FunctionArgument[]): FunctionCall<unknown, string, string> }["call"];

/** The function namespace: known functions typed, every other one open. */
export interface Functions extends KnownFunctions {
  /** Any function by its SQL name, schema included: `func("app.distance", a, b).returns(double())`. */
  (name: string, ...args: FunctionArgument[]): FunctionCall<unknown>;
  readonly [name: string]: OpenFunction;
}

type Resolve = (args: readonly ExpressionNode[]) => ValueType<unknown, unknown>;

const first: Resolve = ([arg]) => arg?.type ?? NULL_TYPE;
const is =
  (type: ValueType<unknown, unknown>): Resolve =>
  () =>
    type;
const sumType: Resolve = ([arg]) => {
  const type = arg?.type ?? NULL_TYPE;
  // A sum has more digits than its terms but no more decimals.
  if (type instanceof Numeric) return new Numeric(undefined, type.scale, type.form);
  return type.name === "bigInteger" ? BIG : type;
};
const avgType: Resolve = ([arg]) => (arg?.type.name === "numeric" && arg.type.args[2] !== "number" ? NUMERIC : DOUBLE);
const firstTyped: Resolve = (args) => args.find((arg) => arg.type.name !== "null")?.type ?? NULL_TYPE;

/** SQL name and result type of the known functions. */
const KNOWN: Readonly<Record<keyof KnownFunctions, readonly [string, Resolve]>> = {
  count: ["count", is(INTEGER)],
  sum: ["sum", sumType],
  avg: ["avg", avgType],
  max: ["max", first],
  min: ["min", first],
  coalesce: ["coalesce", firstTyped],
  nullif: ["nullif", first],
  lower: ["lower", is(STRING)],
  upper: ["upper", is(STRING)],
  trim: ["trim", is(STRING)],
  charLength: ["char_length", is(INTEGER)],
  substring: ["substring", is(STRING)],
  replace: ["replace", is(STRING)],
  abs: ["abs", first],
  round: ["round", first],
  now: ["now", is(NOW)],
  currentDate: ["current_date", is(TODAY)],
  currentTimestamp: ["current_timestamp", is(NOW)],
  rowNumber: ["row_number", is(INTEGER)],
  rank: ["rank", is(INTEGER)],
  denseRank: ["dense_rank", is(INTEGER)],
  lag: ["lag", first],
  lead: ["lead", first],
  firstValue: ["first_value", first],
  lastValue: ["last_value", first],
};

/** Functions whose plain arguments take the type of the first one: `coalesce(price, 0)`. */
const TYPED_BY_FIRST = new Set(["coalesce", "nullif"]);

function call(name: string, resolve: Resolve, args: readonly unknown[]): FunctionCall<unknown> {
  const made: ExpressionNode[] = [];
  for (const arg of args) {
    if (arg === undefined) continue;
    made.push(toExpression(arg, TYPED_BY_FIRST.has(name) ? made[0]?.type : undefined, name));
  }
  return new FunctionCall(name, made, resolve(made));
}

/**
 * SQL functions. Those that every database has are typed; any other is called by its SQL name.
 *
 * @example
 * ```ts
 * func.count()                                              // count(*)
 * func.coalesce(users.c.nick, users.c.name)                 // coalesce(users.nick, users.name)
 * func("levenshtein", a, b).returns(integer())              // levenshtein(a, b)
 * ```
 */
export const func: Functions = new Proxy(
  ((name: string, ...args: unknown[]) => call(name, is(NULL_TYPE), args)) as unknown as Functions,
  {
    get(_target, name) {
      if (typeof name === "symbol") return undefined;
      const cached = namespace.get(name);
      if (cached) return cached;
      const [sqlName, resolve] = Object.hasOwn(KNOWN, name)
        ? (KNOWN[name as keyof KnownFunctions] as readonly [string, Resolve])
        : ([name, is(NULL_TYPE)] as const);
      const made = (...args: unknown[]): FunctionCall<unknown> => call(sqlName, resolve, args);
      namespace.set(name, made);
      return made;
    },
  },
);

/** The functions asked for so far: a name is looked up once. */
const namespace = new Map<string, unknown>();
