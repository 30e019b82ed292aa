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
  numeric,
  smallInteger,
  string,
  text,
  time,
  uuid,
} from "@acme/core/dialect";
import type { ColumnRow } from "./catalog.js";
import { NativeType } from "./native-type.js";

/** Lengths are kept in bytes; -1 is `max`. */
const MAX = -1;

const PLAIN: Readonly<Record<string, (row: ColumnRow) => AnyType>> = {
  tinyint: smallInteger,
  smallint: smallInteger,
  int: integer,
  bigint: bigInteger,
  bit: boolean,
  real: float,
  float: double,
  money: () => numeric(19, 4),
  smallmoney: () => numeric(10, 4),
  numeric: (row) => numeric(row.precision, row.scale),
  decimal: (row) => numeric(row.precision, row.scale),
  date: () => date(),
  time: (row) => time({ precision: row.scale }),
  datetime: () => dateTime(),
  smalldatetime: () => dateTime({ precision: 0 }),
  datetime2: (row) => dateTime({ precision: row.scale }),
  datetimeoffset: (row) => dateTime({ timezone: true, precision: row.scale }),
  uniqueidentifier: uuid,
  nvarchar: (row) => textType(row, 2),
  nchar: (row) => textType(row, 2),
  varchar: (row) => textType(row, 1),
  char: (row) => textType(row, 1),
  sysname: () => string(128),
  text: () => text(),
  ntext: () => text(),
  image: () => largeBinary(),
  varbinary: (row) => largeBinary(row.max_length === MAX ? undefined : row.max_length),
  binary: (row) => largeBinary(row.max_length),
};

function textType({ max_length: bytes }: ColumnRow, bytesPerCharacter: number): AnyType {
  return bytes === MAX ? text() : string(bytes / bytesPerCharacter);
}

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
