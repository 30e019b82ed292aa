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
import {
  bit,
  cidr,
  citext,
  daterange,
  hstore,
  inet,
  int4range,
  int8range,
  jsonpath,
  macaddr,
  macaddr8,
  money,
  multirange,
  numrange,
  oid,
  regclass,
  tsquery,
  tsrange,
  tstzrange,
  tsvector,
  varbit,
  xml,
} from "./native/index.js";
import { NativeEnumeration, NativeType } from "./native-type.js";

const PLAIN: Readonly<Record<string, () => AnyType>> = {
  smallint: smallInteger,
  integer,
  bigint: bigInteger,
  real: float,
  "double precision": double,
  boolean,
  text,
  citext,
  uuid,
  date,
  bytea: () => largeBinary(),
  json: () => json(),
  jsonb: () => json(),
  inet,
  cidr,
  macaddr,
  macaddr8,
  money,
  oid,
  regclass,
  xml,
  hstore,
  jsonpath,
  tsvector,
  tsquery,
  int4range,
  int8range,
  numrange,
  daterange,
  tsrange,
  tstzrange,
  int4multirange: () => multirange(int4range()),
  int8multirange: () => multirange(int8range()),
  nummultirange: () => multirange(numrange()),
  datemultirange: () => multirange(daterange()),
  tsmultirange: () => multirange(tsrange()),
  tstzmultirange: () => multirange(tstzrange()),
};

/** `name(1,2) rest`, as `format_type` writes a type. */
const SIZED = /^([a-z ]+?)(?:\((\d+)(?:,(-?\d+))?\))?( with(?:out)? time zone)?$/;

/**
 * The value type for a PostgreSQL type as `format_type` writes it. A type that the toolkit has no type for becomes a
 * {@link NativeType}, which keeps its name and passes values as the driver gives them.
 *
 * `timestamp` without precision keeps microseconds, of which a `Date` shows milliseconds.
 */
export function typeFromText(written: string): AnyType {
  const plain = Object.hasOwn(PLAIN, written) ? PLAIN[written] : undefined;
  if (plain !== undefined) return plain();
  const match = SIZED.exec(written);
  if (match === null) return new NativeType(written);
  const [, name, first, second, zone] = match;
  const size = first === undefined ? undefined : Number(first);
  const scale = second === undefined ? undefined : Number(second);
  if ((name === "character varying" || name === "character") && zone === undefined) return string(size);
  if (name === "bit" && zone === undefined) return bit(size);
  if (name === "bit varying" && zone === undefined) return varbit(size);
  if (name === "numeric" && (scale ?? 0) >= 0) return numeric(size, scale);
  if (name === "timestamp" && zone !== undefined)
    return dateTime({ timezone: zone === " with time zone", precision: size ?? 6 });
  if (name === "time" && zone === " without time zone") return time({ precision: size ?? 6 });
  return new NativeType(written);
}

/** What the catalog says of a column's type. */
export interface CatalogType {
  /** As `format_type` writes it: `character varying(50)`, `app.mood`. */
  readonly type: string;
  /** For a domain: the type that it stands on. */
  readonly base_type: string | null;
  /** For an enum: its labels in order. */
  readonly labels: readonly string[] | null;
}

/** The value type of a column: of a domain, that of its base type; of an enum, an enumeration. */
export function typeFromCatalog({ type, base_type, labels }: CatalogType): AnyType {
  if (labels !== null) return new NativeEnumeration(labels, type);
  return typeFromText(base_type ?? type);
}
