export { ArrayType } from "./array.js";
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
export { ExactType, exact } from "./exact.js";
export {
  type DurationParts,
  Interval,
  type IntervalForms,
  type IntervalInput,
  interval,
} from "./interval.js";
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
export {
  BooleanType,
  boolean,
  Json,
  type JsonCodec,
  json,
  jsonNull,
  LargeBinary,
  largeBinary,
  NullType,
} from "./others.js";
export type { Temporal, TemporalObject } from "./temporal.js";
export {
  Enumeration,
  type EnumerationOptions,
  enumeration,
  string,
  Text,
  type TextOptions,
  text as textType,
  Uuid,
  uuid,
} from "./texts.js";
export type { DateForms, DateTimeForms, DateTimeInput, DateTimeOptions, TimeForms } from "./times.js";
export { DateTime, DateType, date, dateTime, TimeType, time } from "./times.js";
export {
  type Conversion,
  type Conversions,
  type JsType,
  type TypeHost,
  type TypeNameUse,
  ValueType,
} from "./value-type.js";
export { VariantType } from "./variant.js";
