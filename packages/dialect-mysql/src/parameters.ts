import { InterfaceError } from "@acme/core/dialect";
import { DecimalValue } from "./decimal.js";
import type { Mysql2 } from "./mysql2.js";

/**
 * From so many parameters on, whole numbers are sent as floating point numbers, which is exact to 2^53: mysql2 takes 3 to 4
 * microseconds to encode a typed parameter and 0.07 for a number. Such statements are pages of INSERT and long IN lists,
 * which compare and assign; arithmetic with parameters, where the type of a number matters, has a few.
 */
const MANY = 64;
const INT32 = 2 ** 31;
const INT64 = 2n ** 63n;

/**
 * Driver values as mysql2 takes them. The type decides how the server computes: `price * ?` is exact with a DECIMAL and
 * floating point with text, `LIMIT ?` takes an integer and no DOUBLE. mysql2 by itself makes a DOUBLE of every number and
 * text of every bigint.
 */
export function encode(values: readonly unknown[], sql: string, mysql2: Mysql2): unknown[] {
  const { TypedParameter } = mysql2;
  const many = values.length > MANY;
  const stored = many && /^\s*(insert|replace)\b/i.test(sql);
  return values.map((value) => {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        if (many || !Number.isSafeInteger(value)) return value;
        return value >= -INT32 && value < INT32 ? TypedParameter.LONG(value) : TypedParameter.LONGLONG(value);
      case "bigint":
        if (stored || value >= 2n * INT64 || value < -INT64) return value.toString();
        return value < INT64 ? TypedParameter.LONGLONG(value) : TypedParameter.LONGLONG.unsigned(value);
      default:
        return encodeObject(value, stored, mysql2);
    }
  });
}

function encodeObject(value: unknown, stored: boolean, mysql2: Mysql2): unknown {
  if (value === null) return null;
  // Text is assigned to a DECIMAL column as exactly as a DECIMAL is.
  if (value instanceof DecimalValue) return stored ? value.text : mysql2.TypedParameter.NEWDECIMAL(value.text);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  // mysql2 would write a Date as local time.
  if (value instanceof Date && !Number.isNaN(value.getTime()))
    return value.toISOString().replace("T", " ").replace("Z", "");
  throw new InterfaceError(`A value of type ${typeof value} cannot be sent to the server: ${String(value)}.`, {
    code: "BAD_PARAMETER",
    remedy: "Give the parameter a value type that converts it.",
  });
}
