import {
  type AnyType,
  type ArrayType,
  baseType,
  type Conversion,
  DataError,
  type DateTime,
  dateTimeName,
  hex,
  type Numeric,
  STANDARD_TYPES,
  sized,
  type TypeHost,
  type TypeRules,
} from "@acme/core/dialect";
import { parseArray } from "./values/arrays.js";
import { toBytes } from "./values/bytes.js";
import { encode } from "./values/encode.js";
import { toMicroseconds } from "./values/intervals.js";
import { beyondCalendar, toCanonical, toDate } from "./values/timestamps.js";

/** Who asks which type a variant stands for. */
export const POSTGRESQL = { name: "postgresql" } as const;

/** A number, from the text of any numeric type. One that JavaScript would round is refused. */
const toNumber: Conversion = (value) => {
  const number = Number(value);
  return number <= Number.MAX_SAFE_INTEGER && number >= Number.MIN_SAFE_INTEGER ? number : exactly(value, number);
};

function exactly(value: unknown, number: number): number {
  if (!Number.isInteger(number)) return number;
  throw new DataError(`The database gave ${value}, which a JavaScript number would round.`, {
    code: "NUMBER_OUT_OF_RANGE",
    remedy: "Read the expression as bigInteger() or numeric(): give it the type with cast() or returns().",
  });
}

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

const toDouble: Conversion = (value) => Number(value);
const toBoolean: Conversion = (value) => value === "t" || value === true;
const toText: Conversion = (value) => (typeof value === "string" ? value : String(value));
const toUint8Array: Conversion = (value) => (typeof value === "string" ? toBytes(value) : value);

function toDateTime(type: AnyType): Conversion {
  if (type.args[2] !== "date") return (value) => (typeof value === "string" ? toCanonical(value) : value);
  return (value) => {
    if (typeof value !== "string") return value;
    const date = toDate(value);
    if (date === undefined) throw beyondCalendar(value);
    return date;
  };
}

function doubleLiteral(value: unknown): string {
  return Number.isFinite(value) ? String(value) : `'${value}'::double precision`;
}

/**
 * The value types on PostgreSQL.
 *
 * - json is `JSONB`, not `JSON`: it has equality, so that DISTINCT, GROUP BY, UNION and comparison work, and indexes. It keeps
 *   the value, not the text: the order of an object's keys is the database's. It refuses the character `\u0000`.
 * - float and double are `DOUBLE PRECISION`: 64 bits, as JavaScript's numbers.
 * - enumeration is `VARCHAR(n)` with a check; columns of a native enum type are reflected as such.
 * - dateTime with time zone is sent with `+00` and read with whatever offset the session's time zone gives it.
 *
 * Results come as raw text where the statement declares a type (see `ExecuteOptions.columnType`), else in the form of
 * `values/decode.ts`; every rule takes both.
 */
export const POSTGRES_TYPES: TypeRules = {
  ...STANDARD_TYPES,
  integer: { ddl: "INTEGER", result: () => toNumber },
  smallInteger: { ddl: "SMALLINT", result: () => toNumber },
  bigInteger: { ddl: "BIGINT", result: () => toBigInt },
  numeric: {
    ddl: (type) => sized("NUMERIC", (type as Numeric<unknown>).precision, (type as Numeric<unknown>).scale),
    literal: (value) => String(value),
    result: () => toText,
  },
  float: { ddl: "DOUBLE PRECISION", result: () => toDouble, literal: doubleLiteral },
  double: { ddl: "DOUBLE PRECISION", result: () => toDouble, literal: doubleLiteral },
  boolean: { ddl: "BOOLEAN", result: () => toBoolean },
  dateTime: {
    ddl: (type) => dateTimeName("TIMESTAMP", type as DateTime<unknown>),
    bind: (type) => ((type as DateTime<unknown>).timezone ? (value) => `${value}+00` : undefined),
    result: toDateTime,
  },
  largeBinary: {
    ddl: "BYTEA",
    result: () => toUint8Array,
    literal: (value, _type, dialect) => `${dialect.quoteString(`\\x${hex(value as Uint8Array)}`)}::bytea`,
  },
  interval: {
    ddl: "INTERVAL",
    bind: () => (value) => `${value} microseconds`,
    result: () => toMicroseconds,
    literal: (value) => `INTERVAL '${value} microseconds'`,
  },
  array: {
    ddl: (type, dialect) => arrayName(type, dialect.typeName((type as ArrayType<unknown>).leaf)),
    result: () => (value) => (typeof value === "string" ? parseArray(value, (text) => text) : value),
    literal: (value, _type, dialect) => dialect.quoteString(encode(value) as string),
  },
  json: { ddl: "JSONB", literal: (value, _type, dialect) => dialect.quoteString(value as string) },
};

/** The types that the rules above read from raw text. Of any other the driver's own reading is taken. */
export const READ_BY_RULE: ReadonlySet<string> = new Set([
  ...Object.keys(POSTGRES_TYPES),
  // Types of PostgreSQL alone, which read their own text.
  ..."int4range int8range numrange daterange tsrange tstzrange".split(" "),
  ..."int4multirange int8multirange nummultirange datemultirange tsmultirange tstzmultirange".split(" "),
  ..."hstore money oid vector citext inet cidr macaddr macaddr8 varbit regclass regconfig xml jsonText jsonpath tsvector tsquery".split(
    " ",
  ),
]);

function arrayName(type: AnyType, element: string): string {
  return `${element}${"[]".repeat((type as ArrayType<unknown>).dimensions)}`;
}

/** Names of types in casts of bind parameters: without lengths, for a cast to `VARCHAR(3)` would cut the value silently. */
const CAST_NAMES: Readonly<Record<string, string>> = {
  integer: "INTEGER",
  smallInteger: "SMALLINT",
  bigInteger: "BIGINT",
  numeric: "NUMERIC",
  float: "DOUBLE PRECISION",
  double: "DOUBLE PRECISION",
  boolean: "BOOLEAN",
  string: "TEXT",
  text: "TEXT",
  enumeration: "TEXT",
  uuid: "UUID",
  date: "DATE",
  time: "TIME",
  interval: "INTERVAL",
  largeBinary: "BYTEA",
  json: "JSONB",
};

/** The type that a bind parameter is cast to; undefined when nothing is known of it. */
export function castName(type: AnyType, dialect: TypeHost): string | undefined {
  const base = baseType(type, dialect);
  const own = base.ddl(dialect, "cast");
  if (own !== undefined) return own;
  if (base.name === "array") {
    const { leaf } = base as ArrayType<unknown>;
    // An array of VARCHAR is not compared with an array of TEXT.
    const element = baseType(leaf, dialect);
    const isText = /^(string|enumeration)$/.test(element.name) && element.ddl(dialect, "cast") === undefined;
    return arrayName(base, isText ? "VARCHAR" : (castName(leaf, dialect) ?? dialect.typeName(leaf, "cast")));
  }
  if (base.name === "dateTime") return (base as DateTime<unknown>).timezone ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
  return Object.hasOwn(CAST_NAMES, base.name) ? CAST_NAMES[base.name] : undefined;
}
