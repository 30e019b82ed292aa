import {
  type AnyType,
  type Conversion,
  DataError,
  type DateTime,
  type Numeric,
  plainDecimal,
  STANDARD_TYPES,
  type TypeRule,
  type TypeRules,
} from "@acme/core/dialect";
import { SqliteJsonb } from "./jsonb.js";

/** SQLite stores any value in any column: what does not fit the column's type is found when it is read. */
function misfit(type: AnyType, value: unknown): DataError {
  const shown = typeof value === "bigint" ? `${value}n` : JSON.stringify(value)?.slice(0, 60);
  return new DataError(`A column of type ${type} holds ${shown}, which is no value of that type.`, {
    code: "STORED_VALUE_MISFIT",
    remedy: "Declare the column with the type of what it holds, or correct the row.",
  });
}

/** Integers go as bigint: better-sqlite3 sends every number as REAL, which would make `5 / 2` a fraction and `1 || 'x'` `1.0x`. */
const integer: Omit<TypeRule, "ddl"> = {
  cast: "INTEGER",
  bind: () => (value) => BigInt(value as number),
  result: (type) => (value) => {
    if (typeof value === "number" && value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER) return value;
    if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
    throw misfit(type, value);
  },
};

const bigInteger: Omit<TypeRule, "ddl"> = {
  cast: "INTEGER",
  result: (type) => (value) => {
    if (typeof value === "bigint") return value;
    if (Number.isSafeInteger(value)) return BigInt(value as number);
    throw misfit(type, value);
  },
};

/** NaN has no place in SQLite: it would be stored as NULL. */
const float: Omit<TypeRule, "ddl"> = {
  cast: "REAL",
  bind: (type) => (value) => {
    if (Number.isNaN(value))
      throw new DataError(`${type} cannot take NaN: SQLite would store NULL.`, { code: "VALUE_REFUSED" });
    return value;
  },
  result: (type) => (value) => {
    if (typeof value === "number") return value;
    if (typeof value === "bigint") return Number(value);
    throw misfit(type, value);
  },
  literal: (value) => realLiteral(value as number),
};

/** A number as a REAL literal: `5.0`, so that it does not divide as an integer. */
function realLiteral(value: number): string {
  if (Number.isNaN(value))
    throw new DataError("NaN cannot be written as a literal: SQLite has none.", { code: "VALUE_REFUSED" });
  if (!Number.isFinite(value)) return value > 0 ? "9e999" : "-9e999";
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

const MAX_DIGITS = 15;

/** A decimal as the number that SQLite stores it as; one with more digits than a REAL keeps is refused. */
function decimalToNumber(type: AnyType): Conversion {
  return (value) => {
    const text = value as string;
    if (text.length > MAX_DIGITS) {
      const digits = text.replace(/^-?0*\.?0*|\./g, "").replace(/0+$/, "");
      if (digits.length > MAX_DIGITS)
        throw (type as Numeric<unknown>).refuse(value, `SQLite keeps ${MAX_DIGITS} significant digits`);
    }
    return Number(text);
  };
}

/** A stored number as a decimal with the column's scale, free of the noise behind the 15th digit. */
function numberToDecimal(type: AnyType): Conversion {
  const { scale } = type as Numeric<unknown>;
  return (value) => {
    if (typeof value === "bigint") return padScale(String(value), scale);
    if (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)) return padScale(value, scale);
    if (typeof value !== "number") throw misfit(type, value);
    const text = String(value);
    // Fifteen digits and a point at most: nothing to clean.
    if (text.length <= MAX_DIGITS + 1 && !text.includes("e")) return padScale(text, scale);
    return padScale(plainDecimal(String(Number(value.toPrecision(MAX_DIGITS)))), scale);
  };
}

function padScale(text: string, scale: number | undefined): string {
  if (scale === undefined || scale === 0) return text;
  const point = text.indexOf(".");
  return point === -1 ? `${text}.${"0".repeat(scale)}` : text.padEnd(point + 1 + scale, "0");
}

const boolean: Omit<TypeRule, "ddl"> = {
  cast: "NUMERIC",
  bind: () => (value) => (value ? 1n : 0n),
  result: (type) => (value) => {
    if (value === 1 || value === 1n) return true;
    if (value === 0 || value === 0n) return false;
    throw misfit(type, value);
  },
};

/** Drops zeros at the end of a fraction: equal times must be equal texts. */
function trimFraction(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

const DATE_AND_MIDNIGHT = /^(\d{4}-\d\d-\d\d)(?:[ T]00:00(?::00(?:\.0+)?)?Z?)?$/;

const date: TypeRule = {
  ddl: "DATE",
  result: (type) => (value) => {
    const match = typeof value === "string" ? DATE_AND_MIDNIGHT.exec(value) : null;
    if (match === null) throw misfit(type, value);
    return match[1];
  },
};

const time: TypeRule = {
  ddl: "TIME",
  bind: () => (value) => trimFraction(value as string),
  result: (type) => (value) => {
    if (typeof value !== "string" || !/^\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(value)) throw misfit(type, value);
    return value;
  },
};

const WALL = /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?$/;
const WITH_OFFSET = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?([+-]\d\d:?\d\d)$/;

const dateTime: TypeRule = {
  ddl: (type) => ((type as DateTime<unknown>).timezone ? "TIMESTAMP" : "DATETIME"),
  bind: () => (value) => trimFraction(value as string),
  result: (type) => (value) => {
    if (typeof value === "string") {
      if (WALL.test(value)) return value;
      const match = WITH_OFFSET.exec(value);
      if (match) return new Date(`${match[1]}T${match[2]}${match[3]}`).toISOString();
    }
    throw misfit(type, value);
  },
};

/** A plain Uint8Array over the Buffer's bytes. */
const largeBinary: Omit<TypeRule, "ddl"> = {
  cast: "BLOB",
  result: (type) => (value) => {
    if (value instanceof Uint8Array) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    throw misfit(type, value);
  },
};

/** There are no arrays here. */
const { array: _array, ...PORTABLE_TYPES } = STANDARD_TYPES;

/**
 * How values travel to SQLite. It knows five kinds of value (INTEGER, REAL, TEXT, BLOB, NULL) and stores any in any column, so
 * names in DDL are for people and for reflection.
 */
export const SQLITE_TYPES: TypeRules = {
  ...PORTABLE_TYPES,
  // Microseconds.
  interval: { ...bigInteger, ddl: "BIGINT" },
  integer: { ...integer, ddl: "INTEGER" },
  smallInteger: { ...integer, ddl: "SMALLINT" },
  bigInteger: { ...bigInteger, ddl: "BIGINT" },
  numeric: {
    ...(STANDARD_TYPES.numeric as TypeRule),
    cast: "NUMERIC",
    bind: decimalToNumber,
    result: numberToDecimal,
  },
  float: { ...float, ddl: "FLOAT" },
  double: { ...float, ddl: "REAL" },
  boolean: { ...boolean, ddl: "BOOLEAN" },
  string: { ...(STANDARD_TYPES.string as TypeRule), cast: "TEXT" },
  text: { ddl: "TEXT" },
  uuid: { ddl: "CHAR(36)", cast: "TEXT" },
  enumeration: { ...(STANDARD_TYPES.enumeration as TypeRule), cast: "TEXT" },
  date,
  time,
  dateTime,
  largeBinary: { ...(STANDARD_TYPES.largeBinary as TypeRule), ...largeBinary, ddl: "BLOB" },
  json: {
    ddl: "JSON",
    // A document that is a number is stored as one.
    result: () => (value) => (typeof value === "bigint" ? Number(value) : value),
  },
};

/** The type's name in a STRICT table, which knows these few alone. */
export function strictName(type: AnyType): "INTEGER" | "REAL" | "TEXT" | "BLOB" | "ANY" {
  if (type instanceof SqliteJsonb) return "BLOB";
  switch (type.name) {
    case "integer":
    case "smallInteger":
    case "bigInteger":
    case "interval":
    case "boolean":
      return "INTEGER";
    case "numeric":
    case "float":
    case "double":
      return "REAL";
    case "largeBinary":
      return "BLOB";
    case "string":
    case "text":
    case "uuid":
    case "enumeration":
    case "date":
    case "time":
    case "dateTime":
    case "json":
      return "TEXT";
    default:
      return "ANY";
  }
}
