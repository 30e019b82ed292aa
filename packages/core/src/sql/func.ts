import { ArgumentError } from "../errors/index.js";
import { bigInteger, double, integer, Numeric, numeric } from "../types/numbers.js";
import { NULL_TYPE } from "../types/others.js";
import { string } from "../types/texts.js";
import { date, dateTime, time } from "../types/times.js";
import type { ValueType } from "../types/value-type.js";
import { BindParameter } from "./bind.js";
import { toExpression } from "./coerce.js";
import { Unary } from "./elements.js";
import type { Expression, ExpressionNode } from "./expression.js";
import { type FunctionArgument, FunctionCall } from "./function.js";
import { operations } from "./late.js";
import type { Decimal, Item, NN, Operand, OpS, OpT, s, Typed, t } from "./protocols.js";

const INTEGER = integer();
const STRING = string();
const NUMERIC = numeric();
const DOUBLE = double();
const BIG = bigInteger();
const NOW = dateTime({ timezone: true });
const TODAY = date();
const TIME = time();
const WALL_CLOCK = dateTime();

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
  /** The greatest of its arguments; NULL if one of them is. */
  greatest<A extends Item, R extends readonly Operand<A[typeof t]>[]>(
    first: A,
    ...others: R
  ): FunctionCall<A[typeof t] | (null & OpT<R[number]>), A[typeof s], "greatest">;
  /** The least of its arguments; NULL if one of them is. */
  least<A extends Item, R extends readonly Operand<A[typeof t]>[]>(
    first: A,
    ...others: R
  ): FunctionCall<A[typeof t] | (null & OpT<R[number]>), A[typeof s], "least">;
  /** Texts put together, NULL if one of them is: `||`, `concat(a, b)` on MySQL, `+` on SQL Server. */
  concat<A extends readonly (Typed<string | null> | string)[]>(
    ...parts: A
  ): Expression<string | (null & OpT<A[number]>), OpS<A[number]>>;
  lower<A extends Typed<string | null>>(of: A): FunctionCall<OpT<A>, OpS<A>, "lower">;
  upper<A extends Typed<string | null>>(of: A): FunctionCall<OpT<A>, OpS<A>, "upper">;
  trim<A extends Typed<string | null>>(of: A): FunctionCall<OpT<A>, OpS<A>, "trim">;
  /** Without blanks on the left. */
  ltrim<A extends Typed<string | null>>(of: A): FunctionCall<OpT<A>, OpS<A>, "ltrim">;
  /** Without blanks on the right. */
  rtrim<A extends Typed<string | null>>(of: A): FunctionCall<OpT<A>, OpS<A>, "rtrim">;
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
  /** The least whole number that is not smaller. */
  ceil<A extends Item>(of: A): FunctionCall<A[typeof t], A[typeof s], "ceil">;
  /** The greatest whole number that is not greater. */
  floor<A extends Item>(of: A): FunctionCall<A[typeof t], A[typeof s], "floor">;
  /** -1, 0 or 1. */
  sign<A extends Item>(of: A): FunctionCall<number | (null & A[typeof t]), A[typeof s], "sign">;
  sqrt<A extends Item>(of: A): FunctionCall<number | (null & A[typeof t]), A[typeof s], "sqrt">;
  exp<A extends Item>(of: A): FunctionCall<number | (null & A[typeof t]), A[typeof s], "exp">;
  /** The natural logarithm. */
  ln<A extends Item>(of: A): FunctionCall<number | (null & A[typeof t]), A[typeof s], "ln">;
  /** The logarithm to the base 10. */
  log10<A extends Item>(of: A): FunctionCall<number | (null & A[typeof t]), A[typeof s], "log10">;
  /** `base` to the power of `exponent`, in floating point. */
  power<A extends Item>(
    base: A,
    exponent: number | Item,
  ): FunctionCall<number | (null & A[typeof t]), A[typeof s], "power">;
  /** A number from 0 to below 1, another one for each row. */
  random(): FunctionCall<number, never, "random">;
  /** The time of the statement or transaction as an instant. `CURRENT_TIMESTAMP`. */
  now(): FunctionCall<Date, never, "now">;
  /** `CURRENT_DATE`. */
  currentDate(): FunctionCall<string, never, "current_date">;
  /** `CURRENT_TIMESTAMP`. */
  currentTimestamp(): FunctionCall<Date, never, "current_timestamp">;
  /** `CURRENT_TIME`. */
  currentTime(): FunctionCall<string, never, "current_time">;
  /** The wall-clock time, in the session's time zone. `LOCALTIMESTAMP`. */
  localTimestamp(): FunctionCall<Date, never, "localtimestamp">;
  /** `CURRENT_USER`. */
  currentUser(): FunctionCall<string, never, "current_user">;
  /** `SESSION_USER`. */
  sessionUser(): FunctionCall<string, never, "session_user">;
  /**
   * The texts of a group in one, with a separator between them, NULLs left out; in an order by {@link FunctionCall.orderBy}:
   * `string_agg(x, ', ' ORDER BY y)`, `group_concat` on SQLite and MySQL, `LISTAGG` on Oracle.
   *
   * MySQL would cut the result at `group_concat_max_len`: our connections set it to 4 GiB.
   */
  aggregateStrings<E extends Typed<string | null>>(
    of: E,
    separator: string,
  ): FunctionCall<string | null, never, "aggregate_strings">;
  /** The values of a group in an array, NULLs included. PostgreSQL. */
  arrayAgg<E extends Item>(of: E): FunctionCall<readonly E[typeof t][] | null, never, "array_agg">;
  /** The most frequent value: `func.mode().withinGroup(x)`. PostgreSQL and Oracle. */
  mode(): FunctionCall<unknown, never, "mode">;
  /** The value at a fraction of the ordered set, interpolated: `func.percentileCont(0.5).withinGroup(x)` is the median. */
  percentileCont(fraction: number): FunctionCall<number | null, never, "percentile_cont">;
  /** The first value at or behind a fraction of the ordered set: `func.percentileDisc(0.5).withinGroup(x)`. */
  percentileDisc(fraction: number): FunctionCall<unknown, never, "percentile_disc">;
  /** Window: the number of the row in its partition. */
  rowNumber(): FunctionCall<number, never, "row_number">;
  rank(): FunctionCall<number, never, "rank">;
  denseRank(): FunctionCall<number, never, "dense_rank">;
  /** Window: the rank as a fraction from 0 to 1. */
  percentRank(): FunctionCall<number, never, "percent_rank">;
  /** Window: the share of rows up to this one and its peers. */
  cumeDist(): FunctionCall<number, never, "cume_dist">;
  /** Window: the number of the bucket, of so many of equal size. */
  ntile(buckets: number): FunctionCall<number, never, "ntile">;
  /** Window: the value of the n-th row of the frame. */
  nthValue<E extends Item>(of: E, position: number): FunctionCall<E[typeof t] | null, never, "nth_value">;
  lag<E extends Item>(of: E, offset?: number): FunctionCall<E[typeof t] | null, never, "lag">;
  lead<E extends Item>(of: E, offset?: number): FunctionCall<E[typeof t] | null, never, "lead">;
  firstValue<E extends Item>(of: E): FunctionCall<E[typeof t] | null, never, "first_value">;
  lastValue<E extends Item>(of: E): FunctionCall<E[typeof t] | null, never, "last_value">;
}

/** A function that the toolkit does not know: any arguments, a value of unknown type until `.returns(type)` says it. */
type OpenCall = { call(...args: FunctionArgument[]): FunctionCall<unknown, string, string> }["call"];
/** What stands behind a package's name: a function of it, or a package in it. */
export type OpenFunction = OpenCall & { readonly [name: string]: OpenFunction };

/** The function namespace: known functions typed, every other one open. */
export type Functions = KnownFunctions & {
  /** Any function by its SQL name, schema included: `func("app.distance", a, b).returns(double())`. */
  (name: string, ...args: FunctionArgument[]): FunctionCall<unknown>;
  readonly [name: string]: OpenFunction;
};

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
  greatest: ["greatest", firstTyped],
  least: ["least", firstTyped],
  concat: ["concat", is(STRING)],
  ltrim: ["ltrim", is(STRING)],
  rtrim: ["rtrim", is(STRING)],
  ceil: ["ceil", first],
  floor: ["floor", first],
  sign: ["sign", is(INTEGER)],
  sqrt: ["sqrt", is(DOUBLE)],
  exp: ["exp", is(DOUBLE)],
  ln: ["ln", is(DOUBLE)],
  log10: ["log10", is(DOUBLE)],
  power: ["power", is(DOUBLE)],
  random: ["random", is(DOUBLE)],
  currentTime: ["current_time", is(TIME)],
  localTimestamp: ["localtimestamp", is(WALL_CLOCK)],
  currentUser: ["current_user", is(STRING)],
  sessionUser: ["session_user", is(STRING)],
  aggregateStrings: ["aggregate_strings", is(STRING)],
  arrayAgg: ["array_agg", is(NULL_TYPE)],
  mode: ["mode", is(NULL_TYPE)],
  percentileCont: ["percentile_cont", is(DOUBLE)],
  percentileDisc: ["percentile_disc", is(NULL_TYPE)],
  percentRank: ["percent_rank", is(DOUBLE)],
  cumeDist: ["cume_dist", is(DOUBLE)],
  ntile: ["ntile", is(INTEGER)],
  nthValue: ["nth_value", first],
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
const TYPED_BY_FIRST = new Set(["coalesce", "nullif", "greatest", "least"]);
/** Functions whose numbers are positions and sizes: constants in the text, as some databases want them. */
const CONSTANT_ARGUMENTS = new Set(["ntile", "nth_value", "percentile_cont", "percentile_disc", "aggregate_strings"]);

function call(name: string, resolve: Resolve, args: readonly unknown[]): FunctionCall<unknown> {
  const made: ExpressionNode[] = [];
  let isDistinct = false;
  for (const arg of args) {
    if (arg === undefined) continue;
    const typedBy = TYPED_BY_FIRST.has(name) ? made[0]?.type : undefined;
    const node = toExpression(arg, typedBy, name);
    const marked = made.length === 0 && node instanceof Unary && node.operator === "distinct";
    if (marked) isDistinct = true;
    const constant = CONSTANT_ARGUMENTS.has(name) && node instanceof BindParameter;
    made.push(marked ? (node.operand as ExpressionNode) : constant ? node.inlined() : node);
  }
  return new FunctionCall(name, made, resolve(made), isDistinct);
}

function several(name: string, args: readonly unknown[]): readonly unknown[] {
  if (args.length > 1) return args;
  throw new ArgumentError(`${name}() takes two arguments at least.`, { code: "TOO_FEW_ARGUMENTS" });
}

/** Known functions that are more than a call by name. */
const MADE: Readonly<Partial<Record<keyof KnownFunctions, (...args: unknown[]) => ExpressionNode>>> = {
  concat: (...args) => {
    const [head, ...rest] = several("concat", args).map((part) => toExpression(part, STRING, "concat"));
    return rest.reduce((left, right) => operations.arithmetic("concat", left, right), head as ExpressionNode);
  },
  power: (base, exponent) => operations.power(toExpression(base), exponent),
  greatest: (...args) => call("greatest", firstTyped, several("greatest", args)),
  least: (...args) => call("least", firstTyped, several("least", args)),
};

/** Functions that were registered by {@link registerFunction}. */
const registered = new Map<string, (...args: unknown[]) => ExpressionNode>();

/** Makes a function part of `func`: what `defineFunction({ register })` does. */
export function registerFunction(identifier: string, make: (...args: unknown[]) => ExpressionNode): void {
  registered.set(identifier, make);
  namespace.delete(identifier);
}

/** A function that is called, or the package of the functions that are asked of it. */
function callable(path: string, make: (...args: unknown[]) => ExpressionNode): unknown {
  return new Proxy(make, {
    get(_target, name) {
      if (typeof name === "symbol" || name === "then") return undefined;
      return member(`${path}.${name}`);
    },
  });
}

function member(path: string): unknown {
  const cached = namespace.get(path);
  if (cached !== undefined) return cached;
  const special = registered.get(path) ?? (Object.hasOwn(MADE, path) ? MADE[path as keyof KnownFunctions] : undefined);
  const [sqlName, resolve] = Object.hasOwn(KNOWN, path)
    ? (KNOWN[path as keyof KnownFunctions] as readonly [string, Resolve])
    : ([path, is(NULL_TYPE)] as const);
  const made = callable(path, special ?? ((...args) => call(sqlName, resolve, args) as ExpressionNode));
  namespace.set(path, made);
  return made;
}

/**
 * SQL functions. Those that every database has are typed; any other is called by its SQL name.
 *
 * @example
 * ```ts
 * func.count()                                              // count(*)
 * func.coalesce(users.c.nick, users.c.name)                 // coalesce(users.nick, users.name)
 * func("levenshtein", a, b).returns(integer())              // levenshtein(a, b)
 * func("app.geo.distance", a, b)                            // app.geo.distance(a, b)
 * ```
 * `func.levenshtein(a, b)` and `func.app.geo.distance(a, b)` say the same; where TypeScript's `noUncheckedIndexedAccess` is on, it
 * takes such a property for possibly missing, and the form with a name in a string is the one to use. {@link defineFunction} gives
 * a function types.
 */
export const func: Functions = new Proxy(
  ((name: string, ...args: unknown[]) => call(name, is(NULL_TYPE), args)) as unknown as Functions,
  {
    get(_target, name) {
      return typeof name === "symbol" ? undefined : member(name);
    },
  },
);

/** The functions asked for so far: a name is looked up once. */
const namespace = new Map<string, unknown>();
