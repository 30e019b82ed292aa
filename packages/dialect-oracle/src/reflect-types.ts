import {
  type AnyType,
  bigInteger,
  boolean,
  dateTime,
  double,
  float,
  integer,
  interval,
  json,
  largeBinary,
  numeric,
  smallInteger,
  string,
  text,
} from "@acme/core/dialect";
import type { ColumnRow } from "./catalog.js";
import { bfile } from "./native/bfile.js";
import { blobJson, nativeJson, xmlType } from "./native/documents.js";
import { binaryFloat } from "./native/numbers.js";
import { rowid, urowid } from "./native/rowid.js";
import { char, long, nchar, nclob, nvarchar2 } from "./native/texts.js";
import { dateWithTime, intervalDayToSecond, intervalYearToMonth, timestampLocal } from "./native/times.js";
import { vector } from "./native/vector.js";
import { NativeType } from "./native-type.js";

/** A portable type that is one of Oracle's own here, so that the table can be made on another database too. */
const own = (portable: AnyType, native: AnyType): AnyType => portable.variant("oracle", native);

/** The types of the data dictionary that need no sizes. */
const PLAIN: Readonly<Record<string, () => AnyType>> = {
  CLOB: text,
  NCLOB: () => own(text(), nclob()),
  LONG: () => own(text(), long()),
  BLOB: () => largeBinary(),
  BFILE: bfile,
  FLOAT: double,
  BINARY_DOUBLE: double,
  BINARY_FLOAT: () => own(float(), binaryFloat()),
  BOOLEAN: boolean,
  JSON: () => own(json(), nativeJson()),
  XMLTYPE: () => own(text(), xmlType()),
  VECTOR: () => vector(),
  ROWID: rowid,
  // A DATE has a time of day, which a type for dates would cut off.
  DATE: () => own(dateTime({ precision: 0 }), dateWithTime()),
};

/** The value type of a column. What a check says of it makes truth values of numbers and JSON of text. */
export function typeOfColumn(row: ColumnRow, checks: readonly string[]): AnyType {
  const { data_type: written } = row;
  if (/LOB$/.test(written) && checks.some((check) => /\bIS JSON\b/i.test(check)))
    return written === "BLOB" ? own(json(), blobJson()) : json();
  if (written === "NUMBER") return numberType(row, checks);
  if (/^N?(VAR)?CHAR2?$/.test(written)) return characterType(written, row.char_length ?? undefined);
  if (written === "RAW") return largeBinary(row.data_length ?? undefined);
  if (written === "UROWID") return urowid(row.data_length ?? undefined);
  const sizes = [...written.matchAll(/\((\d+)\)/g)].map((match) => Number(match[1]));
  const [first = 0, second = 0] = sizes;
  switch (written.replace(/\(\d+\)/g, "")) {
    case "TIMESTAMP":
      return dateTime({ precision: first });
    case "TIMESTAMP WITH TIME ZONE":
      return dateTime({ precision: first, timezone: true });
    case "TIMESTAMP WITH LOCAL TIME ZONE":
      return own(dateTime({ precision: first, timezone: true }), timestampLocal({ precision: first }));
    case "INTERVAL YEAR TO MONTH":
      return intervalYearToMonth(first);
    case "INTERVAL DAY TO SECOND":
      return own(interval(), intervalDayToSecond({ days: first, decimals: second }));
    default: {
      const plain = Object.hasOwn(PLAIN, written) ? PLAIN[written] : undefined;
      return plain === undefined ? new NativeType(written) : plain();
    }
  }
}

function characterType(written: string, length: number | undefined): AnyType {
  if (length === undefined || written === "VARCHAR2") return string(length);
  if (written === "NVARCHAR2") return own(string(length), nvarchar2(length));
  return own(string(length), written === "NCHAR" ? nchar(length) : char(length));
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
