import {
  type AnyType,
  bigInteger,
  boolean,
  date,
  dateTime,
  double,
  float,
  integer,
  json,
  largeBinary,
  NullType,
  numeric,
  smallInteger,
  string,
  text,
  time,
  uuid,
} from "@acme/core/dialect";
import { jsonb } from "../jsonb.js";

type Make = (first: number | undefined, second: number | undefined) => AnyType;

const int: Make = () => integer();
const chars: Make = (length) => string(length);
const decimal: Make = (precision, scale) => numeric(precision, scale);
const bytes: Make = (length) => largeBinary(length);
const instant: Make = () => dateTime({ timezone: true });

/** The type names that people write, and what is meant by them. */
const NAMED: Readonly<Record<string, Make>> = {
  INT: int,
  INTEGER: int,
  MEDIUMINT: int,
  INT4: int,
  TINYINT: () => smallInteger(),
  SMALLINT: () => smallInteger(),
  INT2: () => smallInteger(),
  BIGINT: () => bigInteger(),
  INT8: () => bigInteger(),
  "UNSIGNED BIG INT": () => bigInteger(),
  BOOLEAN: () => boolean(),
  BOOL: () => boolean(),
  NUMERIC: decimal,
  DECIMAL: decimal,
  REAL: () => double(),
  DOUBLE: () => double(),
  "DOUBLE PRECISION": () => double(),
  FLOAT: () => float(),
  VARCHAR: chars,
  NVARCHAR: chars,
  CHAR: chars,
  NCHAR: chars,
  CHARACTER: chars,
  "VARYING CHARACTER": chars,
  "CHARACTER VARYING": chars,
  "NATIVE CHARACTER": chars,
  TEXT: () => text(),
  CLOB: () => text(),
  UUID: () => uuid(),
  DATE: () => date(),
  TIME: () => time(),
  DATETIME: () => dateTime(),
  TIMESTAMP: instant,
  TIMESTAMPTZ: instant,
  "TIMESTAMP WITH TIME ZONE": instant,
  BLOB: bytes,
  BINARY: bytes,
  VARBINARY: bytes,
  JSON: () => json(),
  JSONB: () => jsonb(),
};

/**
 * The value type behind a column's declared type. A name that nobody knows is read by SQLite's own rules of affinity, and
 * where these leave open what is stored (NUMERIC takes texts as well), values pass as they are.
 */
export function typeOfText(declared: string): AnyType {
  const match = /^([^(]*)(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?/.exec(declared.trim());
  const name = (match?.[1] ?? "").trim().replace(/\s+/g, " ").toUpperCase();
  const make = Object.hasOwn(NAMED, name) ? NAMED[name] : byAffinity(name);
  if (make === undefined) return new NullType();
  return make(sizeOf(match?.[2]), sizeOf(match?.[3]));
}

function sizeOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

function byAffinity(name: string): Make | undefined {
  if (name.includes("INT")) return int;
  if (/CHAR|CLOB|TEXT/.test(name)) return () => text();
  if (name.includes("BLOB")) return bytes;
  return /REAL|FLOA|DOUB/.test(name) ? () => double() : undefined;
}
