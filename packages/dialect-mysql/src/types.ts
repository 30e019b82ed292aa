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
  sized,
  type Text,
  type TimeType,
  type TypeRules,
} from "@acme/core/dialect";
import { DecimalValue } from "./decimal.js";
import type { Traits } from "./flags.js";
import { hexText } from "./literals.js";

/** The largest DECIMAL that both servers have: 35 digits in front of the point and 30 behind it. */
const MAX_SCALE = 30;
const WIDEST_DECIMAL = `DECIMAL(65, ${MAX_SCALE})`;
/** VARBINARY holds no more bytes than a row: 65,535. */
const MAX_VARBINARY = 65_535;

/** How values of each type travel on a product and version. */
export function typeRules(traits: Traits): TypeRules {
  const uuid = traits.uuidType ? "UUID" : "CHAR(36)";
  return {
    integer: { ddl: "INTEGER", cast: "SIGNED", result: readInteger },
    smallInteger: { ddl: "SMALLINT", cast: "SIGNED", result: readInteger },
    bigInteger: { ddl: "BIGINT", cast: "SIGNED", result: () => readBigInteger },
    // Microseconds: TIME ends at 838 hours.
    interval: { ddl: "BIGINT", cast: "SIGNED", result: () => readBigInteger },
    numeric: {
      ddl: decimalName,
      bind: () => (value) => new DecimalValue(value as string),
      result: readNumeric,
      literal: String,
    },
    // FLOAT is 32 bits wide here, and the text protocol prints 6 digits of it: core's float() has 64 bits.
    float: { ddl: "DOUBLE", bind: bindDouble, result: () => readDouble, literal: doubleLiteral },
    double: { ddl: "DOUBLE", bind: bindDouble, result: () => readDouble, literal: doubleLiteral },
    boolean: { ddl: "BOOLEAN", cast: "SIGNED", result: () => readBoolean },
    string: { ddl: varchar, cast: (type) => sized("CHAR", (type as Text).length) },
    text: { ddl: "LONGTEXT", cast: "CHAR" },
    uuid: { ddl: uuid, cast: uuid },
    enumeration: { ddl: (type, dialect) => enumName(type as Enumeration<string>, dialect), cast: "CHAR" },
    date: { ddl: "DATE" },
    time: { ddl: (type) => sized("TIME", (type as TimeType).precision) },
    dateTime: { ddl: (type) => sized("DATETIME", (type as DateTime<unknown>).precision), result: readDateTime },
    largeBinary: {
      ddl: binaryName,
      cast: "BINARY",
      result: () => readBytes,
      literal: (value) => `X'${hex(value as Uint8Array)}'`,
    },
    json: { ddl: "JSON", cast: traits.jsonType ? "JSON" : "CHAR" },
  };
}

/** A DECIMAL without sizes is a DECIMAL(10, 0) here, which drops what stands behind the point: the widest one is written. */
function decimalName(type: AnyType): string {
  const { precision, scale } = type as Numeric<unknown>;
  return precision === undefined ? WIDEST_DECIMAL : sized("DECIMAL", precision, scale);
}

function varchar(type: AnyType, dialect: Dialect): string {
  const { length } = type as Text;
  if (length !== undefined) return `VARCHAR(${length})`;
  throw new CompileError(`A string column needs a length on ${dialect.name}.`, {
    code: "LENGTH_NEEDED",
    remedy: "Write string(255), or text() for text of any length.",
  });
}

function binaryName(type: AnyType): string {
  const { length } = type as LargeBinary;
  return length === undefined || length > MAX_VARBINARY ? "LONGBLOB" : `VARBINARY(${length})`;
}

/** The list of an ENUM takes hexadecimal literals, but no character set in front of them. */
function enumName(type: Enumeration<string>, dialect: Dialect): string {
  const values = type.values.map((value) =>
    value.includes("\\") ? `x'${hexText(value)}'` : dialect.quoteString(value),
  );
  return `ENUM(${values.join(", ")})`;
}

function bindDouble(type: AnyType): Conversion {
  return (value) => {
    if (Number.isFinite(value)) return value;
    throw type.refuse(value, "MySQL and MariaDB have no NaN and no infinity");
  };
}

/** With an exponent: a number literal without one is a DECIMAL, whose division keeps four more digits and no more. */
function doubleLiteral(value: unknown, type: AnyType): string {
  const text = String(bindDouble(type)(value));
  return text.includes("e") ? text : `${text}e0`;
}

/** Integers come as numbers; sums come as DECIMAL, which the driver gives as text; beyond 2^53 there are bigints. */
function readInteger(type: AnyType): Conversion {
  return (value) => {
    if (typeof value === "number") return value;
    const number = Number(value);
    if (Number.isInteger(number) && !Number.isSafeInteger(number)) {
      throw new DataError(`The value ${String(value)} of type ${type} does not fit a number exactly.`, {
        code: "INTEGER_TOO_LARGE",
        remedy: "Use bigInteger() for the column, or cast the expression to it.",
      });
    }
    return number;
  };
}

function readBigInteger(value: unknown): unknown {
  if (typeof value === "bigint") return value;
  const text = String(value);
  if (/^-?\d+(\.0+)?$/.test(text)) return BigInt(text.replace(/\..*/, ""));
  throw new DataError(`The value ${text} is not a whole number, so it cannot be read as a bigint.`, {
    code: "NOT_AN_INTEGER",
    remedy: "MySQL and MariaDB divide integers to a fraction: cast the expression to numeric().",
  });
}

/** A column made without precision has 30 decimals, most of them zeros that nobody wrote. */
function readNumeric(type: AnyType): Conversion {
  const free = (type as Numeric<unknown>).precision === undefined;
  return (value) => {
    const text = typeof value === "string" ? value : String(value);
    return free && text.length > MAX_SCALE && text.at(-1 - MAX_SCALE) === "." ? text.replace(/\.?0+$/, "") : text;
  };
}

function readDouble(value: unknown): unknown {
  return typeof value === "number" ? value : Number(value);
}

/** TINYINT(1) comes as a number, BIT(1) as bytes. */
function readBoolean(value: unknown): unknown {
  if (typeof value === "number") return value !== 0;
  if (typeof value === "boolean") return value;
  return value instanceof Uint8Array ? value.some((byte) => byte !== 0) : Number(value) !== 0;
}

/**
 * Date-times come as text in UTC. Reading the digits takes a third of the time of having Date read the text, which counts when
 * ten thousand rows come. Tables filled without strict mode may hold `0000-00-00`, which is no date at all.
 */
function readDateTime(type: AnyType): Conversion | undefined {
  if (type.args[2] !== "date") return undefined;
  return (value) => {
    if (typeof value !== "string" || value.length < 19) return value;
    const year = digits(value, 0) * 100 + digits(value, 2);
    const month = digits(value, 5);
    const day = digits(value, 8);
    if (month === 0 || day === 0) throw zeroDate(value);
    // Date.UTC takes a year below 100 for one of the twentieth century.
    if (year < 100) return value;
    return new Date(
      Date.UTC(year, month - 1, day, digits(value, 11), digits(value, 14), digits(value, 17), milliseconds(value)),
    );
  };
}

/** Two digits of a text as a number. */
function digits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

function milliseconds(text: string): number {
  return text.length > 20 ? Number(text.slice(20, 23).padEnd(3, "0")) : 0;
}

function zeroDate(value: string): DataError {
  return new DataError(`The date-time "${value}" is no point in time.`, {
    code: "ZERO_DATE",
    remedy: 'Read the column with dateTime({ as: "string" }), or correct the row.',
  });
}

function readBytes(value: unknown): unknown {
  return typeof value === "string" ? new TextEncoder().encode(value) : value;
}
