import {
  type Bool,
  bigInteger,
  boolean,
  type Conversion,
  type Decimal,
  date,
  dateTime,
  defineOperator,
  Expression,
  type ExpressionNode,
  FunctionCall,
  integer,
  literal,
  numeric,
  type Predicate,
  type Typed,
  type TypeHost,
  type ValueType,
} from "@acme/core/dialect";
import { PostgresType } from "./postgres-type.js";
import { Range } from "./range.js";
import { parseRange, parseRanges, rangeText } from "./range-text.js";

/** How the bounds of a range travel: as values of their own type would. */
function boundText(element: ValueType<unknown, unknown>, host: TypeHost): (bound: unknown) => string {
  const { bind } = host.conversions(element);
  return (bound) => String(bind === undefined ? bound : bind(bound));
}

function boundReader<T>(element: ValueType<unknown, unknown>, host: TypeHost): (text: string) => T {
  const { result } = host.conversions(element);
  return (text) => (result === undefined ? text : result(text)) as T;
}

/** Ranges of one type of values. Made by {@link range} and its like. */
export class RangeType<T, I = T> extends PostgresType<Range<T>, Range<I>> {
  readonly name: string;
  readonly sqlName: string;
  /** The type of the bounds. */
  readonly element: ValueType<T, I>;

  constructor(sqlName: string, element: ValueType<T, I>) {
    super([sqlName, element.shape]);
    this.name = sqlName;
    this.sqlName = sqlName;
    this.element = element;
  }

  override toDatabase(host: TypeHost): Conversion {
    const write = boundText(this.element, host);
    return (value) => {
      if (!(value instanceof Range)) throw this.refuse(value, "it is not a Range");
      return rangeText(value, write);
    };
  }

  override fromDatabase(host: TypeHost): Conversion {
    const read = boundReader<T>(this.element, host);
    return (value) => parseRange(String(value), read);
  }
}

/** Sets of ranges of one type of values. Made by {@link multirange}. */
export class MultirangeType<T, I = T> extends PostgresType<readonly Range<T>[], readonly Range<I>[]> {
  readonly name: string;
  readonly sqlName: string;
  readonly element: ValueType<T, I>;

  constructor(sqlName: string, element: ValueType<T, I>) {
    super([sqlName, element.shape]);
    this.name = sqlName;
    this.sqlName = sqlName;
    this.element = element;
  }

  override toDatabase(host: TypeHost): Conversion {
    const write = boundText(this.element, host);
    return (value) => {
      if (!Array.isArray(value) || !value.every((item) => item instanceof Range))
        throw this.refuse(value, "it is not an array of Ranges");
      return `{${value.map((item: Range<unknown>) => rangeText(item, write)).join(",")}}`;
    };
  }

  override fromDatabase(host: TypeHost): Conversion {
    const read = boundReader<T>(this.element, host);
    return (value) => parseRanges(String(value), read);
  }
}

/** Ranges of whole numbers. DDL: `INT4RANGE`. */
export const int4range = (): RangeType<number> => new RangeType("int4range", integer());
/** Ranges of 64-bit whole numbers. DDL: `INT8RANGE`. */
export const int8range = (): RangeType<bigint, bigint | number> => new RangeType("int8range", bigInteger());
/** Ranges of exact decimals. DDL: `NUMRANGE`. */
export const numrange = (): RangeType<Decimal, Decimal | number | bigint> => new RangeType("numrange", numeric());
/** Ranges of days. DDL: `DATERANGE`. */
export const daterange = (): RangeType<string> => new RangeType("daterange", date()) as RangeType<string>;
/** Ranges of dates with times. DDL: `TSRANGE`. */
export const tsrange = (): RangeType<Date> => new RangeType("tsrange", dateTime()) as RangeType<Date>;
/** Ranges of instants. DDL: `TSTZRANGE`. */
export const tstzrange = (): RangeType<Date> =>
  new RangeType("tstzrange", dateTime({ timezone: true })) as RangeType<Date>;

/**
 * The set type of a range type (PostgreSQL 14 and newer): an array of Ranges, which the database merges and sorts.
 *
 * @example
 * ```ts
 * open: multirange(tstzrange())
 * ```
 * DDL: `open TSTZMULTIRANGE NOT NULL`
 */
export function multirange<T, I>(of: RangeType<T, I>): MultirangeType<T, I> {
  return new MultirangeType(of.sqlName.replace(/range$/, "multirange"), of.element);
}

/** A range, a set of ranges, or an expression of either: what the operators take. */
export type RangeOperand<T> = Range<T> | readonly Range<T>[] | RangeExpression<T>;
/** An expression whose value is a range or a set of ranges. */
export type RangeExpression<T> = Typed<Range<T> | readonly Range<T>[] | null>;

const comparison = (symbol: string) => defineOperator<Bool>(symbol, { isComparison: true, returns: boolean() });
const operators = {
  contains: comparison("@>"),
  containedBy: comparison("<@"),
  overlaps: comparison("&&"),
  strictlyLeft: comparison("<<"),
  strictlyRight: comparison(">>"),
  notRightOf: comparison("&<"),
  notLeftOf: comparison("&>"),
  adjacent: comparison("-|-"),
};

/** A plain value beside a range: a range takes the range's type, anything else that of its bounds. */
function beside(value: unknown, other: unknown): unknown {
  if (value instanceof Expression) return value;
  const { type } = other as ExpressionNode;
  const ofRange = type instanceof RangeType || type instanceof MultirangeType ? type : undefined;
  if (ofRange === undefined) return value;
  if (value instanceof Range) {
    const single =
      ofRange instanceof RangeType ? ofRange : new RangeType(ofRange.sqlName.replace("multi", ""), ofRange.element);
    return literal<unknown>(value, single);
  }
  if (Array.isArray(value)) {
    const many = ofRange instanceof MultirangeType ? ofRange : multirange(ofRange);
    return literal<unknown>(value, many);
  }
  // Without a cast the server would take the parameter for a range.
  return literal<unknown>(value, ofRange.element).cast(ofRange.element);
}

function compare(name: keyof typeof operators, left: unknown, right: unknown): Predicate {
  const first = left instanceof Expression ? left : beside(left, right);
  return operators[name](first, beside(right, first)) as Predicate;
}

function bound<T>(name: string, of: RangeExpression<T>): FunctionCall<T | null> {
  const { type } = of as unknown as ExpressionNode;
  const element = (type as Partial<RangeType<T>>).element as ValueType<T, unknown>;
  return new FunctionCall<T | null>(name, [of as unknown as ExpressionNode], element);
}

/**
 * The operators and functions of ranges and sets of ranges, typed by what they are ranges of.
 *
 * @example
 * ```ts
 * select(bookings.c.id).where(range.overlaps(bookings.c.during, new Range(from, to)))
 * ```
 * SQL: `SELECT bookings.id FROM bookings WHERE bookings.during && $1`
 */
export const range = {
  /** `a @> b`: every value of b, or the single value b, lies in a. */
  contains: <T>(a: RangeExpression<T>, b: RangeOperand<T> | T | Typed<T | null>): Predicate =>
    compare("contains", a, b),
  /** `a <@ b`: every value of a, or the single value a, lies in b. */
  containedBy: <T>(a: RangeExpression<T> | Typed<T | null>, b: RangeOperand<T>): Predicate =>
    compare("containedBy", a, b),
  /** `a && b`: some value lies in both. */
  overlaps: <T>(a: RangeExpression<T>, b: RangeOperand<T>): Predicate => compare("overlaps", a, b),
  /** `a << b`: every value of a is less than every value of b. */
  strictlyLeftOf: <T>(a: RangeExpression<T>, b: RangeOperand<T>): Predicate => compare("strictlyLeft", a, b),
  /** `a >> b`: every value of a is greater than every value of b. */
  strictlyRightOf: <T>(a: RangeExpression<T>, b: RangeOperand<T>): Predicate => compare("strictlyRight", a, b),
  /** `a &< b`: a does not extend to the right of b. */
  notExtendRightOf: <T>(a: RangeExpression<T>, b: RangeOperand<T>): Predicate => compare("notRightOf", a, b),
  /** `a &> b`: a does not extend to the left of b. */
  notExtendLeftOf: <T>(a: RangeExpression<T>, b: RangeOperand<T>): Predicate => compare("notLeftOf", a, b),
  /** `a -|- b`: a and b touch without sharing a value. */
  adjacentTo: <T>(a: RangeExpression<T>, b: RangeOperand<T>): Predicate => compare("adjacent", a, b),
  /** `a + b`: the values of either. An error of the database where the result would have a gap (sets of ranges have none). */
  union: <R>(a: Typed<R>, b: NonNullable<R> | Typed<R>): Expression<R> => combine("+", a, b),
  /** `a * b`: the values of both. */
  intersection: <R>(a: Typed<R>, b: NonNullable<R> | Typed<R>): Expression<R> => combine("*", a, b),
  /** `a - b`: the values of a that are not in b. */
  difference: <R>(a: Typed<R>, b: NonNullable<R> | Typed<R>): Expression<R> => combine("-", a, b),
  /** `lower(a)`: the lower bound; NULL where it is infinite or the range is empty. */
  lower: <T>(of: RangeExpression<T>): FunctionCall<T | null> => bound("lower", of),
  /** `upper(a)`: the upper bound; NULL where it is infinite or the range is empty. */
  upper: <T>(of: RangeExpression<T>): FunctionCall<T | null> => bound("upper", of),
  /** `isempty(a)` */
  isEmpty: (of: RangeExpression<unknown>): Predicate =>
    new FunctionCall<Bool>("isempty", [of as unknown as ExpressionNode], boolean()) as unknown as Predicate,
};

function combine<R>(symbol: string, a: Typed<R>, b: unknown): Expression<R> {
  const left = a as unknown as ExpressionNode;
  return left.op(symbol, beside(b, left), { returns: left.type as ValueType<R, unknown> }) as unknown as Expression<R>;
}
