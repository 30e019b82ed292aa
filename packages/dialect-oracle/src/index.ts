/**
 * `@acme/dialect-oracle`: Oracle Database on the driver oracledb. Importing it registers the dialect for engine URLs that begin with
 * `oracle:`.
 */
import { registerDialect } from "@acme/core/dialect";
import { OracleDialect } from "./dialect.js";

export { OracleDialect, type OracleOptions, oracle } from "./dialect.js";
export { Bfile, bfile } from "./native/bfile.js";
export { blobJson, nativeJson, OracleJsonType, XmlType, xmlType } from "./native/documents.js";
export { BinaryFloat, binaryFloat, floatNumber, number, OracleNumber } from "./native/numbers.js";
export { OracleType, type OracleTypeFacts } from "./native/oracle-type.js";
export { RefCursor, refCursor } from "./native/ref-cursor.js";
export { Rowid, RowidColumn, rowid, rowidOf, urowid } from "./native/rowid.js";
export {
  char,
  FixedText,
  type LengthOptions,
  long,
  National,
  nchar,
  nclob,
  nvarchar2,
  raw,
  varchar2,
} from "./native/texts.js";
export {
  DateWithTime,
  dateWithTime,
  intervalDayToSecond,
  intervalYearToMonth,
  TimestampZoned,
  timestampLocal,
  timestampZoned,
  YearToMonth,
} from "./native/times.js";
export { Vector, type VectorFormat, vector } from "./native/vector.js";
export { NativeType, nativeType } from "./native-type.js";

registerDialect("oracle", () => new OracleDialect());
