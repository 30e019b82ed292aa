import {
  type AnyType,
  bigInteger,
  boolean,
  date,
  dateTime,
  double,
  exact,
  integer,
  json,
  largeBinary,
  numeric,
  smallInteger,
  string,
  text,
  time,
  uuid,
} from "@acme/core/dialect";
import type { ColumnRow } from "./catalog.js";
import {
  binary,
  char,
  datetime,
  hierarchyid,
  image,
  legacyText,
  money,
  nativeJson,
  nchar,
  ntext,
  rowversion,
  smallDatetime,
  smallMoney,
  sqlVariant,
  tinyint,
  varchar,
  xml,
} from "./native/index.js";
import { NativeType } from "./native-type.js";

/** Lengths are kept in bytes; -1 is `max`. */
const MAX = -1;

const PLAIN: Readonly<Record<string, (row: ColumnRow) => AnyType>> = {
  tinyint,
  smallint: smallInteger,
  int: integer,
  bigint: bigInteger,
  bit: boolean,
  real: () => exact.real(),
  float: double,
  money,
  smallmoney: smallMoney,
  numeric: (row) => numeric(row.precision, row.scale),
  decimal: (row) => numeric(row.precision, row.scale),
  date: () => date(),
  time: (row) => time({ precision: row.scale }),
  datetime: () => datetime(),
  smalldatetime: () => smallDatetime(),
  datetime2: (row) => dateTime({ precision: row.scale }),
  datetimeoffset: (row) => dateTime({ timezone: true, precision: row.scale }),
  uniqueidentifier: uuid,
  nvarchar: ({ max_length: bytes }) => (bytes === MAX ? text() : string(bytes / 2)),
  nchar: (row) => nchar(row.max_length / 2),
  varchar: ({ max_length: bytes }) => varchar(bytes === MAX ? "max" : bytes),
  char: (row) => char(row.max_length),
  sysname: () => string(128),
  text: () => legacyText(),
  ntext: () => ntext(),
  image,
  varbinary: (row) => largeBinary(row.max_length === MAX ? undefined : row.max_length),
  binary: (row) => binary(row.max_length),
  // The name of ROWVERSION in the catalog.
  timestamp: () => rowversion(),
  sql_variant: () => sqlVariant(),
  xml,
  hierarchyid,
  json: () => nativeJson(),
};

/** The value type of a column. A check by ISJSON makes JSON of text. */
export function typeOfColumn(row: ColumnRow, checks: readonly string[]): AnyType {
  if (row.type === "nvarchar" && checks.some((check) => /\bisjson\s*\(/i.test(check))) return json();
  const known = Object.hasOwn(PLAIN, row.type) ? PLAIN[row.type] : undefined;
  return known === undefined ? new NativeType(row.type) : known(row);
}

/** The type as SQL: `nvarchar(50)`, `numeric(10, 2)`. */
export function typeText(row: ColumnRow): string {
  const { type, max_length: bytes } = row;
  if (/^(n?(var)?char|(var)?binary)$/.test(type)) {
    return `${type}(${bytes === MAX ? "max" : type.startsWith("n") ? bytes / 2 : bytes})`;
  }
  if (type === "numeric" || type === "decimal") return `${type}(${row.precision}, ${row.scale})`;
  return /^(time|datetime2|datetimeoffset)$/.test(type) ? `${type}(${row.scale})` : type;
}
