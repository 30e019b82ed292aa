import { parseArray } from "./arrays.js";
import { toBytes } from "./bytes.js";
import { toDate } from "./timestamps.js";

/** Reads the text form of a value; not called for NULL. */
export type Decoder = (text: string) => unknown;

const json: Decoder = (text) => JSON.parse(text);
const bool: Decoder = (text) => text === "t";
const same: Decoder = (text) => text;
const int8: Decoder = (text) => {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
};
const date: Decoder = (text) => toDate(text) ?? text;

/** By the object id of the type. What is not here stays text: exact, and what `psql` shows. */
const SCALARS: Readonly<Record<number, Decoder>> = {
  16: bool,
  17: toBytes,
  20: int8,
  21: Number,
  23: Number,
  26: Number,
  114: json,
  700: Number,
  701: Number,
  1114: date,
  1184: date,
  3802: json,
};

/** Array types and the types of their elements. */
const ARRAYS: Readonly<Record<number, number>> = {
  199: 114,
  1000: 16,
  1001: 17,
  1003: 19,
  1005: 21,
  1007: 23,
  1009: 25,
  1014: 1042,
  1015: 1043,
  1016: 20,
  1021: 700,
  1022: 701,
  1028: 26,
  1115: 1114,
  1182: 1082,
  1183: 1083,
  1185: 1184,
  1231: 1700,
  2951: 2950,
  3807: 3802,
};

/**
 * How a column is read whose value type no statement declares, by the object id of its PostgreSQL type; undefined means as
 * text. int2, int4, oid, float4, float8: number; int8: number where it is a safe integer, bigint beyond (as
 * every dialect's driver reads integers that nobody declared); boolean; bytea: Uint8Array; json, jsonb: the parsed value;
 * timestamp and timestamptz: Date (microseconds are cut: declare the column `dateTime({ as: "string" })` to have them; what
 * no Date can hold, `infinity`, stays text); arrays of these: arrays. Everything else, numeric and date among it, is text.
 */
export function decoderOf(oid: number): Decoder | undefined {
  const scalar = SCALARS[oid];
  if (scalar !== undefined) return scalar;
  const element = ARRAYS[oid];
  if (element === undefined) return undefined;
  const decode = SCALARS[element] ?? same;
  return (text) => parseArray(text, decode);
}
