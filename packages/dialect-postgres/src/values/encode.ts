import { DataError } from "@acme/core/dialect";
import { arrayLiteral } from "./arrays.js";
import { fromDate } from "./timestamps.js";

function text(value: string): string {
  if (value.includes("\0")) {
    throw new DataError("PostgreSQL stores no text with a NUL character (\\u0000).", {
      code: "NUL_CHARACTER",
      remedy: "Store it as bytes, or take the character out.",
    });
  }
  // Half of a surrogate pair has no UTF-8 form: it would silently become U+FFFD. (The method is newer than the `lib` in use.)
  if (!(value as string & { isWellFormed(): boolean }).isWellFormed()) {
    throw new DataError("A text with half of a surrogate pair has no UTF-8 form and cannot be stored.", {
      code: "MALFORMED_TEXT",
      remedy: "Repair it with toWellFormed(), or store it as bytes.",
    });
  }
  return value;
}

function element(value: unknown): string | null {
  const encoded = encode(value);
  return encoded instanceof Uint8Array ? `\\x${Buffer.from(encoded).toString("hex")}` : encoded;
}

/**
 * A parameter as it goes over the wire: text, or bytes. Takes driver values (see `types.ts`) and, for parameters of which
 * no type is known, also a `Date`, an array (an array literal), and other objects (as JSON).
 */
export function encode(value: unknown): string | Uint8Array | null {
  switch (typeof value) {
    case "string":
      return text(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "undefined":
      return null;
    case "object":
      break;
    default:
      throw new DataError(`A ${typeof value} cannot be sent to the database.`, { code: "VALUE_REFUSED" });
  }
  if (value === null) return null;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof Date) return fromDate(value);
  if (Array.isArray(value)) return arrayLiteral(value, element);
  return text(JSON.stringify(value));
}
