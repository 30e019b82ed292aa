import { ArgumentError } from "../errors/index.js";

/** The values of a row in the elements of an order. */
export type Position = readonly unknown[];

/** Values that JSON has not, in an object of one key that says which they are. */
function tagged(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number")
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { f: Object.is(value, -0) ? "-0" : String(value) };
  if (typeof value === "bigint") return { i: String(value) };
  if (value instanceof Date) return { d: value.toISOString() };
  if (value instanceof Uint8Array) return { b: toBase64(String.fromCharCode(...value)) };
  throw new ArgumentError(`A value of type ${typeof value} cannot stand in a cursor.`, {
    code: "BAD_CURSOR_VALUE",
    remedy: "Order by columns whose values are texts, numbers, bigints, booleans, Dates or bytes.",
  });
}

function untagged(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { f, i, d, b } = value as Readonly<Record<string, unknown>>;
  if (typeof f === "string") return f === "-0" ? -0 : Number(f);
  if (typeof i === "string" && /^-?\d+$/.test(i)) return BigInt(i);
  if (typeof d === "string" && !Number.isNaN(Date.parse(d))) return new Date(d);
  if (typeof b === "string") return Uint8Array.from(fromBase64(b), (character) => character.charCodeAt(0));
  throw new TypeError("not a value of a cursor");
}

function toBase64(binary: string): string {
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64(text: string): string {
  return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
}

/** A position as text: JSON in base64url, with the order that it belongs to. */
export function writeCursor(order: readonly string[], position: Position): string {
  const json = JSON.stringify([order.join(), ...position.map(tagged)]);
  return toBase64(Array.from(new TextEncoder().encode(json), (byte) => String.fromCharCode(byte)).join(""));
}

/** The position that a text stands for. One that was made for another order, or by nobody, is refused. */
export function readCursor(order: readonly string[], text: string): Position {
  try {
    const bytes = Uint8Array.from(fromBase64(text), (character) => character.charCodeAt(0));
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (Array.isArray(parsed) && parsed[0] === order.join() && parsed.length === order.length + 1)
      return parsed.slice(1).map(untagged);
  } catch {
    // Refused below, as one that can be read but means something else.
  }
  throw new ArgumentError("This is no cursor of these pages.", {
    code: "BAD_CURSOR",
    remedy: "Give what cursor() of the same pages made; begin with first() when it is out of date.",
  });
}
