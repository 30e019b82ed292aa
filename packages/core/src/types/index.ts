export type {
  ColumnOptions,
  ComputedOptions,
  flags,
  IdentityOptions,
  Lazy,
  Reference,
  ReferenceOptions,
  ReferentialAction,
} from "./column-def.js";
export { ColumnDef } from "./column-def.js";
export { DecoratedType, type Decoration, decorate } from "./decorator.js";
export type { NumericForms } from "./numbers.js";
export {
  BigInteger,
  bigInteger,
  double,
  Float,
  float,
  Integer,
  integer,
  Numeric,
  numeric,
  smallInteger,
} from "./numbers.js";
export { BooleanType, boolean, Json, json, LargeBinary, largeBinary, NullType } from "./others.js";
export { Enumeration, enumeration, string, Text, text as textType, Uuid, uuid } from "./texts.js";
export type { DateTimeForms, DateTimeOptions } from "./times.js";
export { DateTime, DateType, date, dateTime, TimeType, time } from "./times.js";
export { type Conversion, type Conversions, type TypeHost, type TypeNameUse, ValueType } from "./value-type.js";
export { VariantType } from "./variant.js";
