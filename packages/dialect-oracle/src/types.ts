import {
  type AnyType,
  baseType,
  CompileError,
  type Conversion,
  DataError,
  type DateTime,
  type Dialect,
  dateTimeName,
  daySecondText,
  type Enumeration,
  hex,
  type LargeBinary,
  type Numeric,
  STANDARD_TYPES,
  sized,
  type Text,
  type TimeType,
  type TypeRule,
  type TypeRules,
} from "@acme/core/dialect";
import { DoubleBind, NationalText } from "./driver-values.js";

/** Who asks which type a variant stands for. */
export const ORACLE = { name: "oracle" } as const;
/** The text of dates on their way to and from the database. */
export const DATE_FORMAT = "YYYY-MM-DD";
/** The text of times on their way to the database: the rule below always writes six decimals. */
export const TIMESTAMP_FORMAT = "YYYY-MM-DD HH24:MI:SS.FF6";
/** The longest RAW that a table can have without the extended string sizes. */
const MAX_RAW = 2000;

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

/** NUMBER keeps no trailing zeros; the column's scale says how many there were. */
function toDecimal(type: AnyType): Conversion {
  const { scale } = type as Numeric<unknown>;
  return (value) => {
    const text = String(value).replace(/^(-?)\./, "$10.");
    if (scale === undefined || scale <= 0) return text;
    const fraction = text.split(".")[1] ?? "";
    if (fraction.length >= scale) return text;
    return `${fraction === "" ? `${text.replace(/\.$/, "")}.` : text}${"0".repeat(scale - fraction.length)}`;
  };
}

const toDouble: Conversion = (value) => (value instanceof DoubleBind ? value.value : Number(value));
const toBoolean: Conversion = (value) => value === true || value === 1 || value === "1";
/** A Date of the driver's stands for the wall-clock time in UTC. */
const toDateText: Conversion = (value) =>
  value instanceof Date ? value.toISOString().slice(0, 10) : String(value).slice(0, 10);
const toBytes: Conversion = (value) => new Uint8Array(value as Uint8Array);
const doubleBind: Conversion = (value) => new DoubleBind(value as number);

function doubleLiteral(value: unknown): string {
  const number = value as number;
  if (Number.isNaN(number)) return "BINARY_DOUBLE_NAN";
  if (!Number.isFinite(number)) return number > 0 ? "BINARY_DOUBLE_INFINITY" : "-BINARY_DOUBLE_INFINITY";
  return `${number}d`;
}

/** Six decimals, so that one format serves all values. */
const toMicroseconds: Conversion = (value) => {
  const [wall = "", fraction = ""] = String(value).split(".");
  return `${wall}.${fraction.padEnd(6, "0")}`;
};

/** A time is stored as text of one width, so that texts sort and compare as times do. */
function paddedTime(type: AnyType): Conversion {
  const { precision } = type as TimeType;
  return (value) => {
    const [wall = "", fraction = ""] = String(value).split(".");
    return precision === 0 && fraction === "" ? wall : `${wall}.${fraction.padEnd(precision, "0")}`;
  };
}

function varchar(type: AnyType): string {
  const { length } = type as Text;
  if (length !== undefined) return `VARCHAR2(${length} CHAR)`;
  throw new CompileError("oracle needs a length for a column of type string.", {
    code: "LENGTH_MISSING",
    remedy: "Write string(200), or text() for a CLOB.",
  });
}

/** `UNISTR('caf\\00e9')` of a text in the national character set: N'...' would pass through that of the database. */
function textLiteral(value: unknown, _type: AnyType, dialect: Dialect): string {
  if (!(value instanceof NationalText)) return dialect.quoteString(String(value));
  const { text } = value;
  if (/^[ -[\]-~]*$/.test(text)) return `N${dialect.quoteString(text)}`;
  const escaped = text.replace(/[^ -[\]-~]/g, (unit) => `\\${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `UNISTR(${dialect.quoteString(escaped)})`;
}

const DOUBLE_RULE: TypeRule = {
  ddl: "BINARY_DOUBLE",
  bind: () => doubleBind,
  result: () => toDouble,
  literal: doubleLiteral,
};

/** Text that a CHECK guards: what Oracle has no type for. */
const TEXT_RULES: TypeRules = {
  string: {
    literal: textLiteral,
    ddl: varchar,
    cast: (type) => `VARCHAR2(${(type as Text).length ?? 4000}${(type as Text).length === undefined ? "" : " CHAR"})`,
  },
  text: { ddl: "CLOB", literal: textLiteral },
  uuid: { ddl: "CHAR(36)" },
  enumeration: { ddl: (type) => `VARCHAR2(${(type as Enumeration<string>).length} CHAR)` },
  json: { ddl: "CLOB" },
};

/** Date-only columns are DATE at midnight. All times travel as text with explicit formats, so that no session's NLS settings matter. */
const TIME_RULES: TypeRules = {
  date: { ddl: "DATE", result: () => toDateText, literal: (value) => `DATE '${value}'` },
  time: { ddl: (type) => `VARCHAR2(${timeWidth(type as TimeType)})`, bind: paddedTime },
  dateTime: {
    ddl: (type) => dateTimeName("TIMESTAMP", type as DateTime<unknown>),
    bind: () => toMicroseconds,
    literal: (value, type) => `TIMESTAMP '${value}${(type as DateTime<unknown>).timezone ? " +00:00" : ""}'`,
  },
};

function timeWidth({ precision }: TimeType): number {
  return precision === 0 ? 8 : 9 + precision;
}

/** Before 23ai a truth value is a NUMBER(1). */
const BOOLEAN_NUMBER: TypeRule = { ddl: "NUMBER(1)", bind: () => (value) => (value ? 1 : 0), result: () => toBoolean };
const BOOLEAN_TYPE: TypeRule = { ddl: "BOOLEAN", result: () => toBoolean };

/** `+000000001 02:03:04.500000`: what TO_CHAR makes of an INTERVAL DAY TO SECOND. */
const fromDaySecond: Conversion = (value) => {
  const match = /^([+-])?(\d+) (\d+):(\d+):(\d+)(?:\.(\d+))?$/.exec(String(value).trim());
  if (match === null) {
    throw new DataError(`The database gave ${value}, which is not an interval of days and seconds.`, {
      code: "NOT_AN_INTERVAL",
    });
  }
  const [, sign, days, hours, minutes, seconds, fraction = ""] = match;
  const whole =
    ((BigInt(days ?? 0) * 24n + BigInt(hours ?? 0)) * 60n + BigInt(minutes ?? 0)) * 60n + BigInt(seconds ?? 0);
  const length = whole * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, "0"));
  return sign === "-" ? -length : length;
};

/** There are no arrays without a named collection type. */
const { array: _array, ...PORTABLE_TYPES } = STANDARD_TYPES;

/**
 * The value types on Oracle. Numbers are fetched as text and bound as text or NUMBER, so that no digit is lost; an empty
 * string is NULL to Oracle, so `""` reads back as null.
 */
export function oracleTypes(booleans: boolean): TypeRules {
  return {
    ...PORTABLE_TYPES,
    interval: {
      ddl: "INTERVAL DAY(9) TO SECOND(6)",
      bind: () => (value) => daySecondText(value as bigint),
      result: () => fromDaySecond,
      literal: (value) => `INTERVAL '${daySecondText(value as bigint)}' DAY(9) TO SECOND(6)`,
    },
    ...TEXT_RULES,
    ...TIME_RULES,
    integer: { ddl: "NUMBER(10)", result: () => toInteger },
    smallInteger: { ddl: "NUMBER(5)", result: () => toInteger },
    bigInteger: { ddl: "NUMBER(19)", result: () => toBigInt },
    numeric: {
      ddl: (type) => sized("NUMBER", (type as Numeric<unknown>).precision, (type as Numeric<unknown>).scale),
      result: toDecimal,
      literal: (value) => String(value),
    },
    float: DOUBLE_RULE,
    double: DOUBLE_RULE,
    boolean: booleans ? BOOLEAN_TYPE : BOOLEAN_NUMBER,
    largeBinary: {
      ddl: (type) => (isRaw(type) ? `RAW(${(type as LargeBinary).length})` : "BLOB"),
      result: () => toBytes,
      literal: (value) => `HEXTORAW('${hex(value as Uint8Array).toUpperCase()}')`,
    },
  };
}

/** Whether bytes of a type are stored as RAW; else as BLOB. */
export function isRaw(type: AnyType): boolean {
  const base = baseType(type, ORACLE) as LargeBinary;
  return base.name === "largeBinary" && base.length !== undefined && base.length <= MAX_RAW;
}

/** Whether values of a type are CLOBs, which have no `=`. */
export function isClob(type: AnyType): boolean {
  const { name } = baseType(type, ORACLE);
  return name === "text" || name === "json";
}
