import { DataError } from "@acme/core/dialect";
import type { Request } from "tedious";
import { TypedValue } from "../typed-value.js";
import type { Tedious } from "./driver.js";

type DataType = Parameters<Request["addParameter"]>[1];
type Options = Parameters<Request["addParameter"]>[3];

/** A parameter as the driver takes it. */
export interface Parameter {
  readonly type: DataType;
  readonly value: unknown;
  readonly options?: Options | undefined;
}

/** Up to so many characters (bytes) a text (binary) is sent with a length, always the same, so that one plan serves all values. */
const MAX_NVARCHAR = 4000;
const MAX_VARCHAR = 8000;
const MAX_VARBINARY = 8000;
const MAX_INT = 2 ** 31 - 1;
/** The driver makes a JavaScript number of a decimal: so many digits survive. */
const EXACT_DIGITS = 15;

/** Adds the parameters `@p1`, `@p2` ... to a request. */
export function addParameters(driver: Tedious, request: Request, values: readonly unknown[]): void {
  values.forEach((value, i) => {
    const { type, value: sent, options } = parameterOf(driver, value);
    request.addParameter(`p${i + 1}`, type, sent, options);
  });
}

/** How the driver sends a value. */
export function parameterOf(driver: Tedious, value: unknown): Parameter {
  const { TYPES } = driver;
  if (value instanceof TypedValue) return typedParameter(driver, value);
  if (value instanceof Uint8Array) return binary(driver, value);
  if (value instanceof Date) return { type: TYPES.DateTime2, value, options: { scale: 7 } };
  switch (typeof value) {
    case "string":
      return text(driver, value);
    case "boolean":
      return { type: TYPES.Bit, value };
    case "bigint":
      // Older releases of the driver make a number of it; the server makes a bigint of text.
      return Number.isSafeInteger(Number(value))
        ? { type: TYPES.BigInt, value: Number(value) }
        : text(driver, String(value));
    case "number":
      if (!Number.isInteger(value)) return { type: TYPES.Float, value };
      return Math.abs(value) <= MAX_INT ? { type: TYPES.Int, value } : { type: TYPES.BigInt, value };
    default:
      if (value === null || value === undefined)
        return { type: TYPES.NVarChar, value: null, options: { length: MAX_NVARCHAR } };
      throw new DataError(`The driver cannot send ${Object.prototype.toString.call(value)}.`, { code: "NOT_A_VALUE" });
  }
}

function text({ TYPES }: Tedious, value: string): Parameter {
  return {
    type: TYPES.NVarChar,
    value,
    options: { length: value.length > MAX_NVARCHAR ? Number.POSITIVE_INFINITY : MAX_NVARCHAR },
  };
}

function binary({ TYPES }: Tedious, value: Uint8Array): Parameter {
  const length = value.byteLength > MAX_VARBINARY ? Number.POSITIVE_INFINITY : MAX_VARBINARY;
  return {
    type: TYPES.VarBinary,
    value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
    options: { length },
  };
}

function typedParameter(driver: Tedious, { kind, value }: TypedValue): Parameter {
  const { TYPES } = driver;
  const written = String(value);
  switch (kind) {
    case "double":
      return { type: TYPES.Float, value };
    case "decimal":
      return decimal(driver, written);
    case "date":
      return { type: TYPES.Date, value: new Date(`${written}T00:00:00Z`) };
    case "time":
      return { type: TYPES.Time, value: fineDate(`1970-01-01 ${written}`), options: { scale: 7 } };
    case "dateTime":
      // DATETIME2 in UTC also serves DATETIMEOFFSET, whose driver type would add the offset of this machine.
      return { type: TYPES.DateTime2, value: fineDate(written), options: { scale: 7 } };
    case "datetime":
      return { type: TYPES.DateTime, value: fineDate(written) };
    case "smalldatetime":
      return { type: TYPES.SmallDateTime, value: fineDate(written) };
    case "varchar":
      return {
        type: TYPES.VarChar,
        value: written,
        options: { length: written.length > MAX_VARCHAR ? Number.POSITIVE_INFINITY : MAX_VARCHAR },
      };
  }
}

/** A decimal that the driver's arithmetic keeps is sent as one; the server makes the others of text. */
function decimal(driver: Tedious, written: string): Parameter {
  const match = /^-?(\d+)(?:\.(\d+))?$/.exec(written);
  const [, whole = "", fraction = ""] = match ?? [];
  const digits = whole.replace(/^0+/, "").length + fraction.length;
  if (match === null || digits > EXACT_DIGITS) return text(driver, written);
  return {
    type: driver.TYPES.Decimal,
    value: Number(written),
    options: { precision: digits <= 9 ? 9 : 19, scale: fraction.length },
  };
}

/** A `Date` that carries what is finer than a millisecond in the way the driver writes it: in seconds. */
function fineDate(written: string): Date {
  const [wall = "", fraction = ""] = written.split(".");
  const digits = fraction.padEnd(7, "0");
  const date = new Date(`${wall.replace(" ", "T")}.${digits.slice(0, 3)}Z`);
  const beyond = Number(digits.slice(3, 7));
  return beyond === 0 ? date : Object.assign(date, { nanosecondDelta: beyond / 1e7 });
}
