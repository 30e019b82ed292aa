import { ArgumentError } from "../errors/index.js";
import { NULL_TYPE } from "../types/others.js";
import type { ValueType } from "../types/value-type.js";
import type { Node } from "../visit/node.js";
import { BindParameter, ParameterDefault } from "./bind.js";
import { toExpression, typeOfValue } from "./coerce.js";
import { CustomOperator, checkedSymbol, type OperatorOptions, precedenceOf } from "./custom-operator.js";
import { BOOLEAN, Case, type Constant, FALSE, NULL, TRUE, Tuple, Unary } from "./elements.js";
import type { Expression, ExpressionNode, Predicate } from "./expression.js";
import { operations } from "./late.js";
import type { Bool, Item, n, Operand, OpS, OpT, Queryable, s, Typed, t } from "./protocols.js";
import { elementType } from "./subscript.js";
import { Quantified } from "./wrappers.js";

/** All conditions hold. Without conditions: true. `and(a, b)` is `a AND b`. */
export function and(...conditions: Typed<Bool>[]): Predicate {
  return operations.connect("and", conditions) as Predicate;
}

/** One of the conditions holds. Without conditions: false. `or(a, b)` is `a OR b`. */
export function or(...conditions: Typed<Bool>[]): Predicate {
  return operations.connect("or", conditions) as Predicate;
}

/** The opposite of a condition: `a != b` for `a = b`, `NOT (...)` otherwise. */
export function not(condition: Typed<Bool>): Predicate {
  return operations.negate(toExpression(condition, BOOLEAN)) as Predicate;
}

/** The type of the values that a query or an array gives to a quantified comparison. */
type QuantifiedOf<Q> =
  Q extends Queryable<readonly [infer U]> ? U : Q extends Typed<readonly (infer U)[] | null> ? U : never;

function quantified(quantifier: "any" | "all", of: unknown): ExpressionNode {
  const query = of as { readonly kind?: string; readonly resultItems?: readonly ExpressionNode[] };
  if (query.kind === "select" || query.kind === "compound")
    return new Quantified(quantifier, of as Node, query.resultItems?.[0]?.type ?? NULL_TYPE);
  const array = toExpression(of);
  return new Quantified(quantifier, array, elementType(array.type));
}

/**
 * On the right of a comparison: it holds for at least one row of a query, or one element of an array.
 *
 * @example
 * ```ts
 * users.c.age.gt(any_(select(limits.c.age)))      // users.age > ANY (SELECT limits.age FROM limits)
 * literal("sql").eq(any_(posts.c.tags))           // 'sql' = ANY (posts.tags)
 * ```
 * On SQLite, which has no ANY, `eq(any_(query))` is `IN`; other comparisons are refused, as arrays are on all but PostgreSQL.
 */
export function any_<Q extends Queryable<readonly [unknown]> | Typed<readonly unknown[] | null>>(
  of: Q,
): Typed<QuantifiedOf<Q>> {
  return quantified("any", of) as ExpressionNode as Expression<QuantifiedOf<Q>>;
}

/** On the right of a comparison: it holds for all rows of a query, or all elements of an array. See {@link any_}. */
export function all_<Q extends Queryable<readonly [unknown]> | Typed<readonly unknown[] | null>>(
  of: Q,
): Typed<QuantifiedOf<Q>> {
  return quantified("all", of) as ExpressionNode as Expression<QuantifiedOf<Q>>;
}

/**
 * `DISTINCT x`, as the argument of an aggregate.
 *
 * @example
 * ```ts
 * func.count(distinct(users.c.name))     // count(DISTINCT users.name)
 * ```
 */
export function distinct<E extends Item>(of: E): Expression<E[typeof t], E[typeof s], E[typeof n]> {
  const operand = toExpression(of);
  return new Unary("distinct", operand, operand.type) as ExpressionNode as Expression<
    E[typeof t],
    E[typeof s],
    E[typeof n]
  >;
}

function oneSided<U>(
  left: ExpressionNode | undefined,
  operator: string,
  right: ExpressionNode | undefined,
  options: OperatorOptions<U>,
): Expression<U, string> {
  const { isComparison = false, returns = isComparison ? BOOLEAN : (left ?? (right as ExpressionNode)).type } = options;
  const precedence = precedenceOf(options.precedence);
  return new CustomOperator(
    left,
    checkedSymbol(operator),
    right,
    precedence,
    isComparison,
    returns,
  ) as ExpressionNode as Expression<U, string>;
}

/**
 * An operator in front of its operand that the toolkit does not know.
 *
 * @example
 * ```ts
 * prefixOp("|/", points.c.area, { returns: double() })
 * ```
 * SQL: `|/ points.area`
 */
export function prefixOp<A, U = OpT<A>>(
  operator: string,
  operand: A,
  options: OperatorOptions<U> = {},
): Expression<U, OpS<A>> {
  return oneSided(undefined, operator, toExpression(operand), options) as Expression<U, OpS<A>>;
}

/**
 * An operator behind its operand that the toolkit does not know.
 *
 * @example
 * ```ts
 * postfixOp(docs.c.body, "IS JSON", { isComparison: true, returns: boolean() })
 * ```
 * SQL: `docs.body IS JSON`
 */
export function postfixOp<A, U = OpT<A>>(
  operand: A,
  operator: string,
  options: OperatorOptions<U> = {},
): Expression<U, OpS<A>> {
  return oneSided(toExpression(operand), operator, undefined, options) as Expression<U, OpS<A>>;
}

/** SQL NULL as an expression of any type. */
export function null_(): Expression<null> {
  return NULL;
}

/** SQL TRUE; `1` where the database has no such keyword. */
export function true_(): Predicate {
  return TRUE;
}

/** SQL FALSE; `0` where the database has no such keyword. */
export function false_(): Predicate {
  return FALSE;
}

/** The TypeScript type of a literal, widened: the expression `literal(5)` is a number, not a 5. */
type Widen<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends bigint
      ? bigint
      : T extends boolean
        ? boolean
        : T;

/**
 * A value as an expression: a bind parameter. Its type comes from the value, or is given. With `inline` the value is written
 * into the SQL text instead, escaped by its type for the dialect, and is then part of the statement's structure: for the few
 * places where a database takes no parameter, or where the plan should depend on the value.
 *
 * @example
 * ```ts
 * select(literal("x").label("kind"))                             // SELECT ? AS kind
 * literal("12.50", numeric(10, 2))
 * users.c.kind.eq(literal("it's", string(), { inline: true }))   // users.kind = 'it''s'
 * ```
 */
export function literal<T>(
  value: T,
  type?: ValueType<Widen<T>, unknown>,
  options: { readonly inline?: boolean } = {},
): Expression<Widen<T>> {
  if (value === null) return NULL as Constant<unknown> as Constant<Widen<T>>;
  const bound = new BindParameter<Widen<T>>(value, type ?? typeOfValue(value), "param");
  return options.inline ? bound.inlined() : bound;
}

/**
 * A parameter whose value is given at execution.
 *
 * @example
 * ```ts
 * const byId = select(users.c.name).where(users.c.id.eq(param("id", integer())));
 * await conn.execute(byId, { id: 5 }).scalar();
 *
 * const since = param("since", dateTime({ timezone: true }), { value: () => new Date(Date.now() - 86_400_000) });
 * await conn.execute(select(users.c.id).where(users.c.createdAt.gt(since)));      // the last day, unless told otherwise
 * ```
 *
 * With `literalExecute` the value stands in the text of each execution.
 * ```ts
 * const recent = select(t.c.id).where(t.c.kind.eq(param("kind", string(), { literalExecute: true })));
 * await conn.execute(recent, { kind: "it's" });                                    // ... WHERE t.kind = 'it''s'
 * ```
 * @throws ArgumentError at execution if no value is given and there is no default.
 */
export function param<T>(name: string, type: ValueType<T, unknown>, options: ParameterOptions<T> = {}): Expression<T> {
  const { value, expanding = false, literalExecute = false } = options;
  const make = typeof value === "function" ? (value as () => unknown) : () => value;
  return new BindParameter<T>(
    value === undefined ? undefined : new ParameterDefault(make),
    type,
    name,
    expanding,
    true,
    literalExecute,
  );
}

/** Options of {@link param}. */
export interface ParameterOptions<T> {
  /**
   * The value is written into the SQL text at each execution, escaped by its type for the dialect, instead of being sent beside
   * it: for places where a database takes no parameter, or where its plan should depend on the value. The statement is compiled
   * once all the same. Default: false.
   */
  readonly literalExecute?: boolean | undefined;
  /** The value is a list, for `IN`. Default: false. */
  readonly expanding?: boolean | undefined;
  /** The value where none is given at execution; a function is called at each execution. Default: the value must be given. */
  readonly value?: T | readonly T[] | null | (() => T | readonly T[] | null) | undefined;
}

/**
 * `CASE subject WHEN value THEN result ... ELSE otherwise END`. Without `otherwise` the result may be NULL. A Map serves as well as
 * pairs.
 *
 * @example
 * ```ts
 * caseOf(users.c.role, [["a", "admin"], ["u", "user"]], "guest")
 * ```
 * SQL: `CASE users.role WHEN ? THEN ? WHEN ? THEN ? ELSE ? END`
 */
export function caseOf<K extends Item, T, E = null>(
  subject: K,
  branches: Iterable<readonly [Operand<K[typeof t]>, T]>,
  otherwise?: E,
): Expression<Widen<OpT<T>> | Widen<OpT<E>>, K[typeof s] | OpS<T> | OpS<E>> {
  const operand = toExpression(subject);
  const pairs = [...branches];
  const whens = pairs.map(([when]) => toExpression(when, operand.type));
  return makeCase(
    operand,
    whens,
    pairs.map(([, then]) => then),
    otherwise,
  ) as Expression<Widen<OpT<T>> | Widen<OpT<E>>, K[typeof s] | OpS<T> | OpS<E>>;
}

/** The type of a CASE is that of its first result of which a type is known: plain numbers beside it take it. */
function makeCase(
  subject: ExpressionNode | undefined,
  whens: readonly ExpressionNode[],
  results: readonly unknown[],
  otherwise: unknown,
): Case {
  if (whens.length === 0) throw new ArgumentError("CASE needs at least one WHEN.", { code: "EMPTY_CASE" });
  const thens = results.map((then) => toExpression(then));
  const last = otherwise === undefined || otherwise === null ? undefined : toExpression(otherwise);
  const typed = [...thens, ...(last ? [last] : [])].find((value) => value.type.name !== "null") ?? thens[0];
  return new Case(subject, whens, thens, last, (typed as ExpressionNode).type);
}

/**
 * `CASE WHEN condition THEN value ... ELSE otherwise END`. Without `otherwise` the result may be NULL.
 *
 * @example
 * ```ts
 * case_([[users.c.age.lt(18), "minor"]], "adult")
 * ```
 * SQL: `CASE WHEN users.age < ? THEN ? ELSE ? END`
 */
export function case_<T, E = null>(
  branches: readonly (readonly [Typed<Bool>, T])[],
  otherwise?: E,
): Expression<Widen<OpT<T>> | Widen<OpT<E>>, OpS<T> | OpS<E>> {
  const whens = branches.map(([when]) => toExpression(when, BOOLEAN));
  return makeCase(
    undefined,
    whens,
    branches.map(([, then]) => then),
    otherwise,
  ) as Expression<Widen<OpT<T>> | Widen<OpT<E>>, OpS<T> | OpS<E>>;
}

/** A row value: `tuple(a, b).in([[1, 2], [3, 4]])` is `(a, b) IN ((?, ?), (?, ?))`. */
export function tuple<const A extends readonly Typed<unknown>[]>(
  ...elements: A
): Expression<{ readonly [K in keyof A]: OpT<A[K]> }> {
  return new Tuple(elements.map((element) => toExpression(element))) as ExpressionNode as Expression<{
    readonly [K in keyof A]: OpT<A[K]>;
  }>;
}
