import type { ArrayType } from "../types/array.js";
import { daySecondText } from "../types/interval.js";
import type { Numeric } from "../types/numbers.js";
import type { LargeBinary } from "../types/others.js";
import type { Enumeration, Text } from "../types/texts.js";
import type { DateTime, TimeType } from "../types/times.js";
import type { AnyType, TypeRules } from "./type-rules.js";

/** Type names of standard SQL: what the default dialect prints, and where dialects start from. */
export const STANDARD_TYPES: TypeRules = {
  integer: { ddl: "INTEGER" },
  smallInteger: { ddl: "SMALLINT" },
  bigInteger: { ddl: "BIGINT" },
  numeric: {
    ddl: (type) => sized("NUMERIC", (type as Numeric<unknown>).precision, (type as Numeric<unknown>).scale),
    literal: (value) => String(value),
  },
  float: { ddl: "FLOAT" },
  double: { ddl: "DOUBLE PRECISION" },
  boolean: { ddl: "BOOLEAN" },
  string: { ddl: (type) => sized("VARCHAR", (type as Text).length) },
  text: { ddl: "TEXT" },
  uuid: { ddl: "UUID" },
  enumeration: { ddl: (type) => sized("VARCHAR", (type as Enumeration<string>).length) },
  date: { ddl: "DATE" },
  time: { ddl: (type) => sized("TIME", (type as TimeType).precision) },
  dateTime: { ddl: (type) => dateTimeName("TIMESTAMP", type as DateTime<unknown>) },
  largeBinary: {
    ddl: (type) => sized("BLOB", (type as LargeBinary).length),
    literal: (value) => `X'${hex(value as Uint8Array)}'`,
  },
  json: { ddl: "JSON" },
  interval: {
    ddl: "INTERVAL DAY TO SECOND(6)",
    literal: (value) => `INTERVAL '${daySecondText(value as bigint)}' DAY TO SECOND(6)`,
  },
  array: { ddl: (type, dialect) => `${dialect.typeName((type as ArrayType<unknown>).leaf)}${brackets(type)}` },
};

/** `[][]` */
function brackets(type: AnyType): string {
  return "[]".repeat((type as ArrayType<unknown>).dimensions);
}

/** `NUMERIC(10, 2)`; undefined sizes are left out. */
export function sized(name: string, ...sizes: readonly (number | undefined)[]): string {
  const given = sizes.filter((size) => size !== undefined);
  return given.length === 0 ? name : `${name}(${given.join(", ")})`;
}

/** `TIMESTAMP(3) WITH TIME ZONE` */
export function dateTimeName(name: string, type: DateTime<unknown>): string {
  return `${sized(name, type.precision)}${type.timezone ? " WITH TIME ZONE" : ""}`;
}

/** Bytes in hexadecimal. */
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}
