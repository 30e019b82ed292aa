import {
  type AnyType,
  CompileError,
  type Conversion,
  DataError,
  type DateTime,
  type Dialect,
  type Enumeration,
  hex,
  type LargeBinary,
  type Numeric,
  plainDecimal,
  STANDARD_TYPES,
  sized,
  type Text,
  type TimeType,
  type TypeRule,
  type TypeRules,
} from "@acme/core/dialect";
import { LegacyDateTime } from "./native/temporal.js";
import { plainValue, TypedValue } from "./typed-value.js";

/** The longest NVARCHAR with a length. */
const MAX_NVARCHAR = 4000;
/** The longest VARBINARY with a length. */
const MAX_VARBINARY = 8000;
/** Decimals of a second that TIME and DATETIME2 can keep. */
const MAX_FRACTION = 7;

const toInteger: Conversion = (value) => {
  const number = typeof value === "number" ? value : Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new DataError(`The database gave ${value}, which a JavaScript number would round.`, {
    code: "NUMBER_OUT_OF_RANGE",
    remedy: "Read the expression as bigInteger(), double() or numeric(): give it the type with cast() or returns().",
  });
};

const toBigInt: Conversion = (value) => {
  if (typeof value === "bigint") return value;
  try {
    return BigInt(value as string | number);
  } catch {
    throw new DataError(`The database gave ${value}, which is not a whole number.`, {
      code: "NOT_A_WHOLE_NUMBER",
      remedy: "Read the expression as numeric(): give it the type with cast() or returns().",
    });
  }
};

const toDecimal: Conversion = (value) => plainDecimal(String(plainValue(value)).trim());
const toDouble: Conversion = (value) => Number(plainValue(value));
const toBoolean: Conversion = (value) => value === true || value === 1;
const toBytes: Conversion = (value) => new Uint8Array(value as Uint8Array);
const toDateText: Conversion = (value) =>
  (value instanceof Date ? value.toISOString() : String(plainValue(value))).slice(0, 10);
const toTimeText: Conversion = (value) => (value instanceof Date ? timeOf(value) : plainValue(value));

/** A `Date` of the driver's carries what is finer than a millisecond, in seconds, beside it. */
interface FineDate extends Date {
  readonly nanosecondsDelta?: number;
}

/** The decimals of a second of a driver's `Date`: seven digits. */
function fraction(date: FineDate): string {
  const beyond = Math.round((date.nanosecondsDelta ?? 0) * 10 ** MAX_FRACTION);
  return String(date.getUTCMilliseconds()).padStart(3, "0") + String(beyond).padStart(4, "0");
}

/** The time of day of a driver's `Date`: `23:59:59.1234567`. */
export function timeOf(date: Date): string {
  return `${date.toISOString().slice(11, 19)}.${fraction(date)}`;
}

/** Text where a `Date` would lose digits; the `Date` itself otherwise. */
const toInstant: Conversion = (value) => {
  if (!(value instanceof Date)) return plainValue(value);
  const fine = value as FineDate;
  return fine.nanosecondsDelta ? `${fine.toISOString().slice(0, 10)} ${timeOf(fine)}` : value;
};

const typed =
  (kind: TypedValue["kind"]): (() => Conversion) =>
  () =>
  (value) =>
    new TypedValue(kind, value as string | number);

/** DATETIME beside a parameter of DATETIME2 would be compared with digits that it does not have. */
function dateTimeKind(type: AnyType): TypedValue["kind"] {
  if (!(type instanceof LegacyDateTime)) return "dateTime";
  return type.sqlName === "DATETIME" ? "datetime" : "smalldatetime";
}

const finite: Conversion = (value) => {
  if (Number.isFinite(value)) return new TypedValue("double", value as number);
  throw new DataError(`mssql has no ${value} among its floating point numbers.`, {
    code: "NOT_FINITE",
    remedy: "Store NULL instead.",
  });
};

function nvarchar(length: number | undefined): string {
  return `NVARCHAR(${length === undefined || length > MAX_NVARCHAR ? "max" : length})`;
}

function column(type: AnyType): string {
  const { length } = type as Text;
  if (length !== undefined) return nvarchar(length);
  throw new CompileError("mssql needs a length for a column of type string.", {
    code: "LENGTH_MISSING",
    remedy: "Write string(200), or text() for NVARCHAR(max).",
  });
}

/** Without a precision SQL Server would take NUMERIC(18, 0) and round every fraction away. */
function numericName(type: AnyType): string {
  const { precision, scale } = type as Numeric<unknown>;
  if (precision !== undefined) return sized("NUMERIC", precision, scale);
  throw new CompileError("mssql needs a precision and a scale for numeric(): without them it keeps no decimals.", {
    code: "PRECISION_MISSING",
    remedy: "Write numeric(19, 4), for example.",
  });
}

function dateTimeType(type: AnyType): string {
  const { timezone, precision } = type as DateTime<unknown>;
  return sized(timezone ? "DATETIMEOFFSET" : "DATETIME2", Math.min(precision, MAX_FRACTION));
}

function timeType(type: AnyType): string {
  return sized("TIME", Math.min((type as TimeType).precision, MAX_FRACTION));
}

function literalOf(name: (type: AnyType) => string): NonNullable<TypeRule["literal"]> {
  return (value, type) => `CAST('${String(value).replace(" ", "T")}' AS ${name(type)})`;
}

function dateTimeLiteral(value: unknown, type: AnyType): string {
  const zone = (type as DateTime<unknown>).timezone ? "+00:00" : "";
  return `CAST('${String(value).replace(" ", "T")}${zone}' AS ${dateTimeType(type)})`;
}

const DOUBLE_RULE: TypeRule = {
  ddl: "FLOAT(53)",
  bind: () => finite,
  result: () => toDouble,
  literal: (value) => Number(value).toExponential(),
};
const text = (value: unknown, _type: AnyType, dialect: Dialect): string => dialect.quoteString(String(value));

/** There are no arrays here. */
const { array: _array, ...PORTABLE_TYPES } = STANDARD_TYPES;

/**
 * The value types on SQL Server. Text is Unicode (`NVARCHAR`). Instants are `DATETIMEOFFSET`, sent and read as UTC.
 *
 * The driver reads decimals as JavaScript numbers, which keep 15 digits: the compiler has them converted to text in the outermost
 * select list, so that none is lost.
 */
export const MSSQL_TYPES: TypeRules = {
  ...PORTABLE_TYPES,
  // Microseconds: there is no type for a length of time.
  interval: { ddl: "BIGINT", result: () => toBigInt, literal: (value) => String(value) },
  integer: { ddl: "INT", result: () => toInteger },
  smallInteger: { ddl: "SMALLINT", result: () => toInteger },
  bigInteger: { ddl: "BIGINT", result: () => toBigInt },
  numeric: { ddl: numericName, bind: typed("decimal"), result: () => toDecimal, literal: (value) => String(value) },
  float: DOUBLE_RULE,
  double: DOUBLE_RULE,
  boolean: { ddl: "BIT", result: () => toBoolean, literal: (value) => (value ? "1" : "0") },
  string: { ddl: column, cast: (type) => nvarchar((type as Text).length), literal: text },
  text: { ddl: "NVARCHAR(max)", literal: text },
  uuid: { ddl: "UNIQUEIDENTIFIER", result: () => (value) => String(value).toLowerCase() },
  enumeration: { ddl: (type) => nvarchar((type as Enumeration<string>).length), literal: text },
  date: { ddl: "DATE", bind: typed("date"), result: () => toDateText, literal: literalOf(() => "DATE") },
  time: { ddl: timeType, bind: typed("time"), result: () => toTimeText, literal: literalOf(timeType) },
  dateTime: {
    ddl: dateTimeType,
    bind: (type) => typed(dateTimeKind(type))(),
    result: () => toInstant,
    literal: dateTimeLiteral,
  },
  largeBinary: {
    ddl: (type) => {
      const { length } = type as LargeBinary;
      return `VARBINARY(${length === undefined || length > MAX_VARBINARY ? "max" : length})`;
    },
    cast: "VARBINARY(max)",
    result: () => toBytes,
    literal: (value) => `0x${hex(value as Uint8Array).toUpperCase()}`,
  },
  json: { ddl: "NVARCHAR(max)", literal: text },
};
