import { ArgumentError } from "../errors/index.js";
import type { ValueType } from "../types/value-type.js";
import { Node } from "../visit/node.js";
import type { Affixes } from "./affix.js";
import type { OperatorOptions } from "./custom-operator.js";
import { operations } from "./late.js";
import type { AffixOptions, BetweenOptions, LikeOptions, RegexpOptions, WindowOptions } from "./options.js";
import type { Order } from "./order.js";
import type {
  Arithmetic,
  Bool,
  ItemOf,
  NN,
  NumberOperand,
  n,
  Operand,
  OpS,
  OpT,
  Queryable,
  Quotient,
  s,
  Typed,
  t,
} from "./protocols.js";
import type { Window } from "./window.js";

const STARTS: Affixes = { before: "", after: "%", ignoreCase: false };
const ENDS: Affixes = { before: "%", after: "", ignoreCase: false };
const CONTAINS: Affixes = { before: "%", after: "%", ignoreCase: false };
const ISTARTS: Affixes = { ...STARTS, ignoreCase: true };
const IENDS: Affixes = { ...ENDS, ignoreCase: true };
const ICONTAINS: Affixes = { ...CONTAINS, ignoreCase: true };

/** A truth value: what comparisons give and WHERE takes. */
export type Predicate = Expression<Bool>;

/** Any expression at all: what nodes hold and the compiler walks. */
export type ExpressionNode = Expression<unknown, string, string>;

/**
 * A SQL expression. `T` is the type of its value, `S` the names of the FROM items that it reads (so that an outer join
 * can make it nullable), `N` its own name in a select list.
 *
 * Expressions are values: each method returns a new expression. The right-hand side of an operator is another expression
 * or a plain value, which becomes a bind parameter.
 */
export abstract class Expression<out T, out S extends string = never, out N extends string = never> extends Node {
  declare readonly [t]: T;
  declare readonly [s]: S;
  declare readonly [n]: N;

  /** The value type: how the value is bound, read and declared. */
  abstract readonly type: ValueType<unknown, unknown>;

  /** The name under which a result row knows the expression; undefined for one that needs a label. */
  get resultName(): string | undefined {
    return undefined;
  }

  /** `=`. With null: `IS NULL`. */
  eq(other: Operand<T>): Predicate {
    return operations.compare("eq", this, other) as Predicate;
  }

  /** `!=`. With null: `IS NOT NULL`. */
  ne(other: Operand<T>): Predicate {
    return operations.compare("ne", this, other) as Predicate;
  }

  /** `<` */
  lt(other: Operand<T>): Predicate {
    return operations.compare("lt", this, other) as Predicate;
  }

  /** `<=` */
  le(other: Operand<T>): Predicate {
    return operations.compare("le", this, other) as Predicate;
  }

  /** `>` */
  gt(other: Operand<T>): Predicate {
    return operations.compare("gt", this, other) as Predicate;
  }

  /** `>=` */
  ge(other: Operand<T>): Predicate {
    return operations.compare("ge", this, other) as Predicate;
  }

  /** `IS NULL` */
  isNull(): Predicate {
    return operations.compare("is", this, null) as Predicate;
  }

  /** `IS NOT NULL` */
  isNotNull(): Predicate {
    return operations.compare("isNot", this, null) as Predicate;
  }

  /** Unequal, where NULL is a value like others: `IS DISTINCT FROM`, `IS NOT` on SQLite, `NOT (a <=> b)` on MySQL. */
  isDistinctFrom(other: Operand<T>): Predicate {
    return operations.compare("isDistinctFrom", this, other) as Predicate;
  }

  /** Equal, where NULL is a value like others: `IS NOT DISTINCT FROM`, `IS` on SQLite, `<=>` on MySQL. */
  isNotDistinctFrom(other: Operand<T>): Predicate {
    return operations.compare("isNotDistinctFrom", this, other) as Predicate;
  }

  /**
   * One of a list, or of the rows of a query. The list is one parameter whatever its length; an empty list gives a
   * predicate that is never true.
   *
   * @example
   * ```ts
   * users.c.id.in([1, 2, 3])                              // users.id IN (?, ?, ?)
   * users.c.id.in(select(posts.c.authorId))               // users.id IN (SELECT posts.author_id FROM posts)
   * ```
   */
  in(other: readonly NN<T>[] | Queryable<readonly [NN<T> | null]>): Predicate {
    return operations.membership("in", this, other) as Predicate;
  }

  /** None of a list, or of the rows of a query. An empty list gives a predicate that is always true. */
  notIn(other: readonly NN<T>[] | Queryable<readonly [NN<T> | null]>): Predicate {
    return operations.membership("notIn", this, other) as Predicate;
  }

  /**
   * `BETWEEN low AND high`, both ends included. With `{ symmetric: true }` the ends may come in either order: `BETWEEN SYMMETRIC`
   * on PostgreSQL, `(x BETWEEN a AND b OR x BETWEEN b AND a)` elsewhere.
   */
  between(low: Operand<T>, high: Operand<T>, options: BetweenOptions = {}): Predicate {
    return operations.between("between", this, low, high, options.symmetric ?? false) as Predicate;
  }

  /** `NOT BETWEEN low AND high` */
  notBetween(low: Operand<T>, high: Operand<T>, options: BetweenOptions = {}): Predicate {
    return operations.between("notBetween", this, low, high, options.symmetric ?? false) as Predicate;
  }

  /** `LIKE`: `%` stands for any text, `_` for one character. Upper and lower case as the database has it. */
  like(this: Typed<string | null>, pattern: Operand<string>, options: LikeOptions = {}): Predicate {
    return operations.like("like", this as ExpressionNode, pattern, options) as Predicate;
  }

  /** `NOT LIKE` */
  notLike(this: Typed<string | null>, pattern: Operand<string>, options: LikeOptions = {}): Predicate {
    return operations.like("notLike", this as ExpressionNode, pattern, options) as Predicate;
  }

  /** LIKE that ignores case: `ILIKE` on PostgreSQL, `lower(a) LIKE lower(b)` elsewhere. */
  ilike(this: Typed<string | null>, pattern: Operand<string>, options: LikeOptions = {}): Predicate {
    return operations.like("ilike", this as ExpressionNode, pattern, options) as Predicate;
  }

  /** The opposite of {@link ilike}. */
  notIlike(this: Typed<string | null>, pattern: Operand<string>, options: LikeOptions = {}): Predicate {
    return operations.like("notIlike", this as ExpressionNode, pattern, options) as Predicate;
  }

  /**
   * Begins with a text. `%` and `_` in it are taken literally, in a value as in an expression, unless `autoescape` is off.
   *
   * @example
   * ```ts
   * users.c.name.startsWith("50%")                              // users.name LIKE '50/%%' ESCAPE '/'
   * users.c.name.startsWith("a_", { autoescape: false })        // users.name LIKE 'a_%'
   * users.c.name.startsWith("50%", { escape: "!" })             // users.name LIKE '50!%%' ESCAPE '!'
   * ```
   */
  startsWith(this: Typed<string | null>, text: Operand<string>, options: AffixOptions = {}): Predicate {
    return operations.affix(this as ExpressionNode, text, STARTS, options) as Predicate;
  }

  /** Ends with a text; see {@link startsWith}. */
  endsWith(this: Typed<string | null>, text: Operand<string>, options: AffixOptions = {}): Predicate {
    return operations.affix(this as ExpressionNode, text, ENDS, options) as Predicate;
  }

  /** Contains a text; see {@link startsWith}. */
  contains(this: Typed<string | null>, text: Operand<string>, options: AffixOptions = {}): Predicate {
    return operations.affix(this as ExpressionNode, text, CONTAINS, options) as Predicate;
  }

  /** {@link startsWith} that ignores case. */
  istartsWith(this: Typed<string | null>, text: Operand<string>, options: AffixOptions = {}): Predicate {
    return operations.affix(this as ExpressionNode, text, ISTARTS, options) as Predicate;
  }

  /** {@link endsWith} that ignores case. */
  iendsWith(this: Typed<string | null>, text: Operand<string>, options: AffixOptions = {}): Predicate {
    return operations.affix(this as ExpressionNode, text, IENDS, options) as Predicate;
  }

  /** {@link contains} that ignores case. */
  icontains(this: Typed<string | null>, text: Operand<string>, options: AffixOptions = {}): Predicate {
    return operations.affix(this as ExpressionNode, text, ICONTAINS, options) as Predicate;
  }

  /**
   * A regular expression is found in the text. Case matters unless `ignoreCase` is set, on every database; the syntax of the
   * pattern is the database's: `~` on PostgreSQL, `REGEXP` on MariaDB and SQLite (JavaScript's syntax, by our adapter),
   * `REGEXP_LIKE` on MySQL, Oracle and SQL Server 2025.
   *
   * @example
   * ```ts
   * users.c.name.regexpMatch("^a.*e$", { ignoreCase: true })
   * ```
   * SQL: `users.name ~* $1`
   *
   * @throws CompileError on SQL Server before 2025.
   */
  regexpMatch(this: Typed<string | null>, pattern: Operand<string>, options: RegexpOptions = {}): Predicate {
    return operations.regexpMatch(this as ExpressionNode, pattern, options, false) as Predicate;
  }

  /**
   * The text with every match of a regular expression replaced. In the replacement, `\\1` stands for the first group.
   *
   * @example
   * ```ts
   * users.c.name.regexpReplace("[aeiou]", "*")
   * ```
   * SQL: `regexp_replace(users.name, $1, $2, 'g')`
   *
   * @throws CompileError on SQLite, and on SQL Server before 2025.
   */
  regexpReplace(
    this: Typed<string | null>,
    pattern: Operand<string>,
    replacement: Operand<string>,
    options: RegexpOptions = {},
  ): Expression<T, S> {
    return operations.regexpReplace(this as ExpressionNode, pattern, replacement, options) as Expression<T, S>;
  }

  /**
   * Full-text search, in the database's own query language: `x @@ plainto_tsquery(q)` on PostgreSQL, `MATCH (x) AGAINST (q IN
   * BOOLEAN MODE)` on MySQL, `x MATCH q` on SQLite (FTS5), `CONTAINS(x, q)` on Oracle and SQL Server.
   */
  match(this: Typed<string | null>, query: Operand<string>): Predicate {
    return operations.match(this as ExpressionNode, query) as Predicate;
  }

  /** Compared and sorted by the rules of a collation: `x COLLATE "de_DE"`; of a schema's: `COLLATE app."de"`. */
  collate(
    this: Typed<string | null>,
    collation: string,
    options: { readonly schema?: string } = {},
  ): Expression<T, S, N> {
    return operations.collate(this as ExpressionNode, collation, options.schema) as Expression<T, S, N>;
  }

  /**
   * `+`. Integers, big integers and decimals can be mixed: the result is the widest of them, exact where one side is. Floating
   * point numbers and big integers cannot, without a cast.
   */
  add<R extends NumberOperand<T>>(other: R): Expression<Arithmetic<T, R>, S | OpS<R>> {
    return operations.arithmetic("add", this, other) as Expression<Arithmetic<T, R>, S | OpS<R>>;
  }

  /** `-`; see {@link add}. */
  sub<R extends NumberOperand<T>>(other: R): Expression<Arithmetic<T, R>, S | OpS<R>> {
    return operations.arithmetic("sub", this, other) as Expression<Arithmetic<T, R>, S | OpS<R>>;
  }

  /** `*`; see {@link add}. */
  mul<R extends NumberOperand<T>>(other: R): Expression<Arithmetic<T, R>, S | OpS<R>> {
    return operations.arithmetic("mul", this, other) as Expression<Arithmetic<T, R>, S | OpS<R>>;
  }

  /**
   * Division. Two integers divide as integers on every database, cut off towards zero (`7 / 2` is 3, `-7 / 2` is -3): `/`, `DIV` on
   * MySQL, `TRUNC(a / b)` on Oracle. Other numbers keep their fraction; see {@link trueDiv} and {@link floorDiv}.
   *
   * Division by zero is an error on PostgreSQL, Oracle and SQL Server, and NULL on SQLite and MySQL.
   */
  div<R extends NumberOperand<T>>(other: R): Expression<Arithmetic<T, R>, S | OpS<R>> {
    return operations.arithmetic("div", this, other) as Expression<Arithmetic<T, R>, S | OpS<R>>;
  }

  /** Division that keeps the fraction, of integers too: `7 / 2` is 3.5. Integers become floating point, decimals stay exact. */
  trueDiv<R extends NumberOperand<T>>(other: R): Expression<Quotient<T, R>, S | OpS<R>> {
    return operations.trueDivision(this, other) as Expression<Quotient<T, R>, S | OpS<R>>;
  }

  /** Division rounded down: `7 / 2` is 3, `-7 / 2` is -4, on every database and exactly for 64-bit integers. */
  floorDiv<R extends NumberOperand<T>>(other: R): Expression<Arithmetic<T, R>, S | OpS<R>> {
    return operations.floorDivision(this, other) as Expression<Arithmetic<T, R>, S | OpS<R>>;
  }

  /** The remainder of a division, with the sign of the left side: `%`, `MOD(a, b)` on Oracle. */
  mod<R extends NumberOperand<T>>(other: R): Expression<Arithmetic<T, R>, S | OpS<R>> {
    return operations.arithmetic("mod", this, other) as Expression<Arithmetic<T, R>, S | OpS<R>>;
  }

  /** `power(a, b)`, computed in floating point on every database. */
  pow<R extends NumberOperand<T>>(other: R): Expression<number | (null & (T | OpT<R>)), S | OpS<R>> {
    return operations.power(this, other) as Expression<number | (null & (T | OpT<R>)), S | OpS<R>>;
  }

  /** `-x` */
  neg(): Expression<T, S> {
    return operations.minus(this) as Expression<T, S>;
  }

  /** Bits that both have: `&`, `BITAND(a, b)` on Oracle. Integers are signed on every database. */
  bitAnd<R extends Operand<T>>(
    this: Typed<number | bigint | null>,
    other: R,
  ): Expression<Arithmetic<T, R>, S | OpS<R>> {
    return operations.arithmetic("bitAnd", this as ExpressionNode, other) as Expression<Arithmetic<T, R>, S | OpS<R>>;
  }

  /** Bits that one of both has: `|`, `a + b - BITAND(a, b)` on Oracle. */
  bitOr<R extends Operand<T>>(this: Typed<number | bigint | null>, other: R): Expression<Arithmetic<T, R>, S | OpS<R>> {
    return operations.arithmetic("bitOr", this as ExpressionNode, other) as Expression<Arithmetic<T, R>, S | OpS<R>>;
  }

  /** Bits that exactly one of both has: `^`, `#` on PostgreSQL, `(a | b) - (a & b)` on SQLite. */
  bitXor<R extends Operand<T>>(
    this: Typed<number | bigint | null>,
    other: R,
  ): Expression<Arithmetic<T, R>, S | OpS<R>> {
    return operations.arithmetic("bitXor", this as ExpressionNode, other) as Expression<Arithmetic<T, R>, S | OpS<R>>;
  }

  /** `<<`. Bits that leave the width of the integer are lost. Refused on Oracle and SQL Server. */
  shiftLeft<R extends Operand<T>>(
    this: Typed<number | bigint | null>,
    other: R,
  ): Expression<Arithmetic<T, R>, S | OpS<R>> {
    return operations.arithmetic("shiftLeft", this as ExpressionNode, other) as Expression<
      Arithmetic<T, R>,
      S | OpS<R>
    >;
  }

  /** `>>`; the sign stays. Refused on Oracle and SQL Server. */
  shiftRight<R extends Operand<T>>(
    this: Typed<number | bigint | null>,
    other: R,
  ): Expression<Arithmetic<T, R>, S | OpS<R>> {
    return operations.arithmetic("shiftRight", this as ExpressionNode, other) as Expression<
      Arithmetic<T, R>,
      S | OpS<R>
    >;
  }

  /** All bits the other way round: `~x`, `-1 - x` on Oracle. */
  bitNot(this: Typed<number | bigint | null>): Expression<T, S> {
    return operations.bitNot(this as ExpressionNode) as Expression<T, S>;
  }

  /** Concatenation: `||`, `concat(a, b)` on MySQL, `+` on SQL Server. */
  concat<R extends Operand<T>>(this: Typed<string | null>, other: R): Expression<T | (null & OpT<R>), S | OpS<R>> {
    return operations.arithmetic("concat", this as ExpressionNode, other) as Expression<
      T | (null & OpT<R>),
      S | OpS<R>
    >;
  }

  /** `AND` with further conditions. */
  and(this: Typed<Bool>, ...others: Typed<Bool>[]): Predicate {
    return operations.connect("and", [this, ...others]) as Predicate;
  }

  /** `OR` with further conditions. */
  or(this: Typed<Bool>, ...others: Typed<Bool>[]): Predicate {
    return operations.connect("or", [this, ...others]) as Predicate;
  }

  /** The opposite: `a != b` for `a = b`, `NOT (...)` otherwise. */
  not(this: Typed<Bool>): Predicate {
    return operations.negate(this as ExpressionNode) as Predicate;
  }

  /** Gives the expression a name in the result: `AS name`. */
  label<const L extends string>(name: L): Expression<T, S, L> {
    return operations.label(this, name) as Expression<T, S, L>;
  }

  /** `CAST(x AS type)` */
  cast<U>(type: ValueType<U, unknown>): Expression<U | (null & T), S> {
    return operations.cast(this, type, false) as Expression<U | (null & T), S>;
  }

  /**
   * A cast that gives NULL where the value cannot be converted: `TRY_CAST` on SQL Server, `CAST(... DEFAULT NULL ON CONVERSION
   * ERROR)` on Oracle.
   *
   * @throws CompileError on the other databases, which have nothing of the kind.
   */
  tryCast<U>(type: ValueType<U, unknown>): Expression<U | null, S> {
    return operations.cast(this, type, true) as Expression<U | null, S>;
  }

  /** Says the type of the value to the toolkit, for binding, operators and reading, without a CAST in the SQL. */
  typeCoerce<U>(type: ValueType<U, unknown>): Expression<U | (null & T), S, N> {
    return operations.typeCoerce(this, type) as Expression<U | (null & T), S, N>;
  }

  /** The expression in parentheses. They are never needed: the compiler puts what precedence asks for. */
  grouped(): Expression<T, S, N> {
    return operations.grouped(this) as Expression<T, S, N>;
  }

  /**
   * Any operator that the toolkit does not know. The value is that of the left operand unless `returns` says its type; it
   * stands in parentheses beside other operators unless `precedence` says how strongly it binds.
   *
   * @example
   * ```ts
   * items.c.embedding.op("<->", [1, 2, 3], { returns: double() })
   * users.c.flags.op("&", 4, { precedence: "multiplication" }).eq(4)
   * ```
   * SQL: `items.embedding <-> ?`, `users.flags & ? = ?`
   *
   * @throws ArgumentError if the operator is anything but signs, words or `OPERATOR(schema.sign)`.
   */
  op<R, U = T>(operator: string, other: R, options: OperatorOptions<U> = {}): Expression<U, S | OpS<R>> {
    return operations.custom(this, operator, other, options) as Expression<U, S | OpS<R>>;
  }

  /**
   * As {@link op}, for an operator that gives a truth value.
   *
   * @example
   * ```ts
   * docs.c.tags.boolOp("@>", ["sql"])
   * ```
   * SQL: `docs.tags @> ?`
   */
  boolOp(operator: string, other: unknown, options: Pick<OperatorOptions, "precedence"> = {}): Predicate {
    return operations.custom(this, operator, other, { ...options, isComparison: true }) as Predicate;
  }

  /**
   * An element of an array, the value under a key of a document: whatever the type of the expression calls its items.
   *
   * @example
   * ```ts
   * posts.c.tags.getItem(1)
   * ```
   * SQL: `posts.tags[1]`; arrays count from 1.
   *
   * @throws ArgumentError if values of the type have no items.
   */
  getItem<const K>(key: K): Expression<ItemOf<NN<T>, K>, S> {
    return operations.item(this, key) as Expression<ItemOf<NN<T>, K>, S>;
  }

  /**
   * A slice of an array, both ends included; an end left out is that of the array.
   *
   * @example
   * ```ts
   * posts.c.tags.slice(1, 3)
   * ```
   * SQL: `posts.tags[1:3]`
   */
  slice(this: Typed<readonly unknown[] | null>, from?: Operand<number>, to?: Operand<number>): Expression<T, S> {
    return operations.slice(this as ExpressionNode, from, to) as Expression<T, S>;
  }

  /** Ascending order. */
  asc(): Order {
    return operations.order(this, false, undefined);
  }

  /** Descending order. */
  desc(): Order {
    return operations.order(this, true, undefined);
  }

  /** NULLs before all values, in the order given by default. */
  nullsFirst(): Order {
    return operations.order(this, undefined, "first");
  }

  /** NULLs after all values. */
  nullsLast(): Order {
    return operations.order(this, undefined, "last");
  }

  /**
   * Makes a window function of a function.
   *
   * @example
   * ```ts
   * func.rowNumber().over({ partitionBy: tracks.c.genreId, orderBy: tracks.c.plays.desc() })
   * ```
   * SQL: `row_number() OVER (PARTITION BY tracks.genre_id ORDER BY tracks.plays DESC)`; a window with a name is made by
   * {@link window}.
   */
  over(window: WindowOptions | Window = {}): Expression<T, S> {
    return operations.over(this, window) as Expression<T, S>;
  }

  /** The SQL of the expression in the default dialect, with named parameters. */
  override toString(): string {
    return operations.print(this);
  }

  /**
   * In JavaScript's own arithmetic and comparisons (`users.c.age > 5`, `a + b`, `a == 5`) an expression is no value: these throw and
   * say which method is meant. Text (`String(x)`, a template) is its SQL. In `if (x)` an expression is true, as every object is,
   * which no object can change.
   */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new ArgumentError(
      "An expression has no value in JavaScript: it cannot be added to or compared with anything by an operator.",
      {
        code: "NOT_A_JAVASCRIPT_VALUE",
        remedy: "Use its methods: gt(5) for > 5, eq(5) for == 5, add(1) for + 1; and String(x) for its SQL.",
      },
    );
  }

  /** Node's `inspect` prints the SQL. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.constructor.name} { ${this.toString()} }`;
  }
}
