import {
  type AnyType,
  bigInteger,
  boolean,
  date,
  dateTime,
  double,
  enumeration,
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
import { mysqlTypes as my } from "./native/index.js";

/** A type as the server writes it, taken apart: `decimal(10,2) unsigned`. */
interface TypeParts {
  readonly name: string;
  /** The numbers in parentheses. */
  readonly sizes: readonly number[];
  readonly unsigned: boolean;
  /** The list of an ENUM or SET. */
  readonly values: readonly string[];
}

/**
 * The value type of a column type. `isJson` says that the column is MariaDB's JSON, which the server writes as `longtext`.
 * What has no value type (GEOMETRY, VECTOR) is read as the driver gives it.
 */
export function typeOfColumn(columnType: string, isJson: boolean): AnyType {
  if (isJson) return json();
  const parts = takeApart(columnType);
  const make = Object.hasOwn(TYPES, parts.name) ? TYPES[parts.name] : undefined;
  return make === undefined ? new NullType() : make(parts);
}

const TYPES: Readonly<Record<string, (parts: TypeParts) => AnyType>> = {
  // TINYINT(1) is what BOOLEAN is called afterwards.
  tinyint: ({ sizes, unsigned }) =>
    sizes[0] === 1 && !unsigned ? boolean() : unsigned ? my.tinyint({ unsigned }) : my.tinyint(),
  smallint: ({ unsigned }) => (unsigned ? my.smallint({ unsigned }) : smallInteger()),
  mediumint: ({ unsigned }) => my.mediumint({ unsigned }),
  int: ({ unsigned }) => (unsigned ? my.int({ unsigned }) : integer()),
  bigint: ({ unsigned }) => (unsigned ? my.bigint({ unsigned }) : bigInteger()),
  year: () => my.year(),
  decimal: ({ sizes }) => numeric(sizes[0], sizes[1]),
  float: () => float(),
  double: () => double(),
  bit: ({ sizes }) => (sizes[0] === 1 ? boolean() : my.bit(sizes[0])),
  char: ({ sizes }) => string(sizes[0]),
  varchar: ({ sizes }) => string(sizes[0]),
  tinytext: () => text(),
  text: () => text(),
  mediumtext: () => text(),
  longtext: () => text(),
  binary: ({ sizes }) => largeBinary(sizes[0]),
  varbinary: ({ sizes }) => largeBinary(sizes[0]),
  tinyblob: () => largeBinary(),
  blob: () => largeBinary(),
  mediumblob: () => largeBinary(),
  longblob: () => largeBinary(),
  enum: ({ values }) => enumeration(values),
  set: ({ values }) => my.set(values),
  date: () => date(),
  time: ({ sizes }) => time({ precision: sizes[0] ?? 0 }),
  datetime: ({ sizes }) => dateTime({ precision: sizes[0] ?? 0 }),
  // The server keeps a TIMESTAMP as UTC: an instant.
  timestamp: ({ sizes }) => dateTime({ precision: sizes[0] ?? 0, timezone: true }),
  json: () => json(),
  uuid: () => uuid(),
  inet4: () => my.inet4(),
  inet6: () => my.inet6(),
};

function takeApart(columnType: string): TypeParts {
  const [, name = "", inside = "", rest = ""] = /^(\w+)(?:\((.*)\))?(.*)$/s.exec(columnType) ?? [];
  const isList = name === "enum" || name === "set";
  return {
    name: name.toLowerCase(),
    sizes: isList || inside === "" ? [] : inside.split(",").map(Number),
    unsigned: /\bunsigned\b/i.test(rest),
    values: isList ? listed(inside) : [],
  };
}

/** The values of `'a','it''s'`. The server doubles quotes, and writes some characters with a backslash. */
function listed(inside: string): string[] {
  return [...inside.matchAll(/'((?:[^']|'')*)'/g)].map(([, value = ""]) => value.replaceAll("''", "'"));
}
