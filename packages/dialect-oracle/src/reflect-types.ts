import {
  type AnyType,
  bigInteger,
  boolean,
  dateTime,
  double,
  float,
  integer,
  json,
  largeBinary,
  numeric,
  smallInteger,
  string,
  text,
} from "@acme/core/dialect";
import type { ColumnRow } from "./catalog.js";
import { NativeType } from "./native-type.js";

/** The types of the data dictionary that need no sizes. */
const PLAIN: Readonly<Record<string, () => AnyType>> = {
  CLOB: text,
  NCLOB: text,
  LONG: text,
  BLOB: () => largeBinary(),
  FLOAT: double,
  BINARY_DOUBLE: double,
  BINARY_FLOAT: float,
  BOOLEAN: boolean,
  JSON: () => json(),
  // A DATE has a time of day, which a type for dates would cut off.
  DATE: () => dateTime({ precision: 0 }),
};

/** The value type of a column. What a check says of it makes truth values of numbers and JSON of text. */
export function typeOfColumn(row: ColumnRow, checks: readonly string[]): AnyType {
  const { data_type: written } = row;
  if (/CLOB$/.test(written) && checks.some((check) => /\bIS JSON\b/i.test(check))) return json();
  if (written === "NUMBER") return numberType(row, checks);
  if (/^N?(VAR)?CHAR2?$/.test(written)) return string(row.char_length ?? undefined);
  if (written === "RAW") return largeBinary(row.data_length ?? undefined);
  const timestamp = /^TIMESTAMP\((\d)\)( WITH TIME ZONE| WITH LOCAL TIME ZONE)?$/.exec(written);
  if (timestamp) return dateTime({ precision: Number(timestamp[1]), timezone: timestamp[2] !== undefined });
  const plain = Object.hasOwn(PLAIN, written) ? PLAIN[written] : undefined;
  return plain === undefined ? new NativeType(written) : plain();
}

function numberType({ data_precision: precision, data_scale: scale }: ColumnRow, checks: readonly string[]): AnyType {
  if (scale === null) return numeric(precision ?? undefined);
  if (scale !== 0) return numeric(precision ?? 38, scale);
  if (precision === 1 && checks.some((check) => /\bIN\s*\(\s*0\s*,\s*1\s*\)/i.test(check))) return boolean();
  if (precision !== null && precision <= 5) return smallInteger();
  if (precision !== null && precision <= 10) return integer();
  return precision === null || precision <= 19 ? bigInteger() : numeric(precision, 0);
}

/** The type as SQL: `VARCHAR2(50 CHAR)`, `NUMBER(10,2)`. */
export function typeText(row: ColumnRow): string {
  const { data_type: written, data_precision: precision, data_scale: scale } = row;
  if (written === "NUMBER")
    return precision === null
      ? scale === 0
        ? "INTEGER"
        : written
      : `${written}(${precision}${scale ? `,${scale}` : ""})`;
  if (/^N?(VAR)?CHAR2?$/.test(written))
    return `${written}(${row.char_length}${written.startsWith("N") ? "" : " CHAR"})`;
  return written === "RAW" ? `RAW(${row.data_length})` : written;
}
