import { type ArrayType, arrayOf } from "./array.js";
import { DecoratedType } from "./decorator.js";
import { bigInteger, double, float, integer, type NumericForms, numeric, smallInteger } from "./numbers.js";
import { boolean, json, largeBinary } from "./others.js";
import { string, text, uuid } from "./texts.js";
import { type DateTimeForms, date, dateTime, time } from "./times.js";
import type { JsType, ValueType } from "./value-type.js";

/** A type whose name in SQL is the same on every database: whether the database has it is the author's business. */
export class ExactType<T, I = T> extends DecoratedType<T, I, unknown> {
  /** `VARCHAR(50)` */
  readonly sqlName: string;

  constructor(impl: ValueType<T, I>, sqlName: string) {
    super(impl as ValueType<unknown, unknown>, { name: sqlName, toDatabase: same, fromDatabase: same as never }, [
      sqlName,
    ]);
    this.sqlName = sqlName;
  }

  protected override computeShape(): number {
    return this.withPart(super.computeShape(), this.impl);
  }

  override ddl(): string {
    return this.sqlName;
  }

  override get jsType(): JsType {
    return this.impl.jsType;
  }
}

const same = (value: unknown): unknown => value;

function sizes(name: string, ...given: readonly (number | undefined)[]): string {
  const known = given.filter((size) => size !== undefined);
  return known.length === 0 ? name : `${name}(${known.join(", ")})`;
}

const exactly = <T, I>(impl: ValueType<T, I>, name: string): ExactType<T, I> => new ExactType<T, I>(impl, name);

type Numbers = { readonly as?: keyof NumericForms };

/**
 * Types by their SQL name, written in CREATE TABLE and CAST as they are here on every database: for those who know what theirs
 * has. Values travel as those of the portable type next to each. (SQLAlchemy's upper-case types.)
 *
 * @example
 * ```ts
 * code: exact.char(2)            // CHAR(2)
 * notes: exact.clob()            // CLOB
 * name: string(50).variant("mssql", exact.varchar(50))
 * ```
 */
export const exact = {
  /** `CHAR(n)`. Databases fill it up with spaces, and some hand these over. */
  char: (length?: number): ExactType<string> => exactly(string(length), sizes("CHAR", length)),
  varchar: (length?: number): ExactType<string> => exactly(string(length), sizes("VARCHAR", length)),
  nchar: (length?: number): ExactType<string> => exactly(string(length), sizes("NCHAR", length)),
  nvarchar: (length?: number): ExactType<string> => exactly(string(length), sizes("NVARCHAR", length)),
  text: (): ExactType<string> => exactly(text(), "TEXT"),
  clob: (): ExactType<string> => exactly(text(), "CLOB"),
  smallint: (): ExactType<number> => exactly(smallInteger(), "SMALLINT"),
  int: (): ExactType<number> => exactly(integer(), "INT"),
  integer: (): ExactType<number> => exactly(integer(), "INTEGER"),
  bigint: (): ExactType<bigint, bigint | number> => exactly(bigInteger(), "BIGINT"),
  /** `NUMERIC(p, s)`, read as exact text, or as a number with `{ as: "number" }`. */
  numeric: <const A extends keyof NumericForms = "string">(
    precision?: number,
    scale?: number,
    options: Numbers & { readonly as?: A } = {},
  ) => exactly(numeric<A>(precision, scale, options), sizes("NUMERIC", precision, scale)),
  decimal: <const A extends keyof NumericForms = "string">(
    precision?: number,
    scale?: number,
    options: Numbers & { readonly as?: A } = {},
  ) => exactly(numeric<A>(precision, scale, options), sizes("DECIMAL", precision, scale)),
  float: (precision?: number): ExactType<number> => exactly(float(), sizes("FLOAT", precision)),
  real: (): ExactType<number> => exactly(float(), "REAL"),
  double: (): ExactType<number> => exactly(double(), "DOUBLE"),
  doublePrecision: (): ExactType<number> => exactly(double(), "DOUBLE PRECISION"),
  boolean: (): ExactType<boolean> => exactly(boolean(), "BOOLEAN"),
  date: () => exactly(date(), "DATE"),
  time: (precision?: number) => exactly(time({ precision: precision ?? 0 }), sizes("TIME", precision)),
  /** `DATETIME`, a wall-clock time. */
  datetime: <const A extends keyof DateTimeForms = "date">(precision?: number, options: { readonly as?: A } = {}) =>
    exactly(dateTime<A>({ ...options, precision: precision ?? 0 }), sizes("DATETIME", precision)),
  /** `TIMESTAMP`, or `TIMESTAMP WITH TIME ZONE` with `{ timezone: true }`. Six decimals unless told otherwise. */
  timestamp: <const A extends keyof DateTimeForms = "date", const Z extends boolean = false>(
    precision?: number,
    options: { readonly as?: A; readonly timezone?: Z } = {},
  ) =>
    exactly(
      dateTime<A, Z>({ ...options, precision: precision ?? 6 }),
      `${sizes("TIMESTAMP", precision)}${options.timezone ? " WITH TIME ZONE" : ""}`,
    ),
  binary: (length?: number): ExactType<Uint8Array> => exactly(largeBinary(length), sizes("BINARY", length)),
  varbinary: (length?: number): ExactType<Uint8Array> => exactly(largeBinary(length), sizes("VARBINARY", length)),
  blob: (): ExactType<Uint8Array> => exactly(largeBinary(), "BLOB"),
  json: <T = unknown>(): ExactType<T> => exactly(json<T>() as ValueType<T>, "JSON"),
  uuid: (): ExactType<string> => exactly(uuid(), "UUID"),
  /** An array of an exact type: `VARCHAR(50)[]`. */
  array: <const E extends ValueType<unknown, unknown>>(element: E): ReturnType<typeof arrayOf<E>> =>
    arrayOf(element) as ArrayType<never> as ReturnType<typeof arrayOf<E>>,
} as const;
