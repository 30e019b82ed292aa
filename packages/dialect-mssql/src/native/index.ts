export {
  binary,
  image,
  MssqlBinary,
  Rowversion,
  type RowversionForms,
  rowversion,
  varbinary,
} from "./binary.js";
export {
  hierarchyid,
  MssqlTextForm,
  MssqlVector,
  NativeJson,
  nativeJson,
  SqlVariant,
  type SqlVariantValue,
  sqlVariant,
  vector,
  vectorDistance,
  xml,
} from "./documents.js";
export { MssqlType } from "./mssql-type.js";
export { MssqlMoney, money, smallMoney, TinyInt, tinyint } from "./numbers.js";
export {
  DateTimeOffset,
  dateTimeOffset,
  datetime,
  LegacyDateTime,
  smallDatetime,
} from "./temporal.js";
export {
  char,
  legacyText,
  type MssqlLength,
  MssqlText,
  type MssqlTextOptions,
  nchar,
  ntext,
  nvarchar,
  varchar,
} from "./texts.js";
