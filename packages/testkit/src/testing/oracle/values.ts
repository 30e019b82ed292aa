import type { TtcReader, TtcWriter } from "./ttc.js";

const LOB_CHUNK = 8132;
/** Lengths beyond stand for something else. */
const MAX_SHORT = 252;

/** The types that the scripted server gives and takes. */
export type ServerType =
  | "VARCHAR2"
  | "NUMBER"
  | "NVARCHAR2"
  | "DATE"
  | "RAW"
  | "TIMESTAMP"
  | "TIMESTAMP WITH TIME ZONE"
  | "BINARY_DOUBLE"
  | "BOOLEAN"
  | "CLOB"
  | "CURSOR"
  | "BLOB"
  | "LONG"
  | "LONG RAW";

/** Numbers of the types in the protocol. */
export const TYPE_CODES: Readonly<Record<ServerType, number>> = {
  VARCHAR2: 1,
  // As VARCHAR2, in the national character set.
  NVARCHAR2: 1,
  NUMBER: 2,
  LONG: 8,
  DATE: 12,
  RAW: 23,
  "LONG RAW": 24,
  BINARY_DOUBLE: 101,
  BOOLEAN: 252,
  CURSOR: 102,
  CLOB: 112,
  BLOB: 113,
  TIMESTAMP: 180,
  "TIMESTAMP WITH TIME ZONE": 181,
};

export function typeOfCode(code: number): ServerType {
  const found = Object.entries(TYPE_CODES).find(([, each]) => each === code);
  if (found === undefined) throw new RangeError(`the scripted server does not know the type ${code}`);
  return found[0] as ServerType;
}

/** A LOB that the server keeps: the client is given its locator, and reads it in a call of its own. */
export class ServerLob {
  readonly locator: Buffer;
  readonly content: Buffer;
  /** In characters of UTF-16, or bytes. */
  readonly length: number;

  constructor(id: number, value: unknown) {
    this.locator = Buffer.alloc(40);
    this.locator.writeUInt32BE(id, 36);
    this.content = value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value));
    this.length = value instanceof Uint8Array ? value.length : String(value).length;
  }

  static idOf(locator: Buffer): number {
    return locator.readUInt32BE(36);
  }
}

/** Bytes of a value: numbers and times as text, `YYYY-MM-DD HH:MM:SS[.ffffff]`. */
export function writeValue(writer: TtcWriter, type: ServerType, value: unknown): void {
  if (value === null || value === undefined) {
    writer.sized(undefined);
    return;
  }
  if (value instanceof ServerLob) writer.number(value.locator.length, value.length, LOB_CHUNK).sized(value.locator);
  else if (type === "BOOLEAN") writer.sized(Buffer.from([1, value === true ? 1 : 0]));
  else if (type === "NVARCHAR2") writer.sized(Buffer.from(String(value), "utf16le").swap16());
  else if (type === "NUMBER") writer.sized(numberBytes(String(value)));
  else if (type === "BINARY_DOUBLE") writer.sized(doubleBytes(Number(value)));
  else if (type === "DATE" || type.startsWith("TIMESTAMP")) writer.sized(timeBytes(type, String(value)));
  else writer.sized(value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value)));
}

/** A value that the client sent: numbers as text, bytes as such. */
export function readValue(reader: TtcReader, type: ServerType): unknown {
  if (type === "BOOLEAN") return readBoolean(reader);
  const bytes = reader.sized();
  if (bytes === undefined || type === "CURSOR") return null;
  if (type === "NVARCHAR2") return Buffer.from(bytes).swap16().toString("utf16le");
  if (type === "NUMBER") return numberText(bytes);
  if (type === "BINARY_DOUBLE") return doubleOf(bytes);
  return type === "RAW" || type === "LONG RAW" ? new Uint8Array(bytes) : bytes.toString();
}

/** NULL is an escape and a byte. */
function readBoolean(reader: TtcReader): boolean | null {
  const length = reader.u8();
  if (length > MAX_SHORT) {
    reader.u8();
    return null;
  }
  return reader.take(length).at(-1) === 1;
}

/** A decimal in base 100: a byte for sign and exponent, then a byte for every two digits. */
function numberBytes(text: string): Buffer {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d*)(?:\.(\d+))?$/.exec(text) ?? [];
  const evenWhole = whole.length % 2 === 0 ? whole : `0${whole}`;
  const evenFraction = fraction.length % 2 === 0 ? fraction : `${fraction}0`;
  let pairs = (evenWhole + evenFraction).match(/../g)?.map(Number) ?? [];
  let exponent = evenWhole.length / 2;
  while (pairs[0] === 0) {
    pairs = pairs.slice(1);
    exponent -= 1;
  }
  while (pairs.at(-1) === 0) pairs = pairs.slice(0, -1);
  if (pairs.length === 0) return Buffer.from([0x80]);
  if (sign === "") return Buffer.from([exponent + 192, ...pairs.map((pair) => pair + 1)]);
  return Buffer.from([
    (exponent + 192) ^ 0xff,
    ...pairs.map((pair) => 101 - pair),
    ...(pairs.length < 20 ? [102] : []),
  ]);
}

function numberText(bytes: Buffer): string {
  const [first = 0x80, ...rest] = bytes;
  if (bytes.length === 1) return "0";
  const positive = first >= 0x80;
  const exponent = (positive ? first : first ^ 0xff) - 192;
  const stored = !positive && rest.at(-1) === 102 ? rest.slice(0, -1) : rest;
  const digits = stored.map((digit) => String(positive ? digit - 1 : 101 - digit).padStart(2, "0")).join("");
  const point = exponent * 2;
  const whole = point <= 0 ? "0" : digits.slice(0, point).padEnd(point, "0");
  const fraction = point < 0 ? "0".repeat(-point) + digits : digits.slice(point);
  const plain = `${whole.replace(/^0+(?=\d)/, "")}${fraction.replace(/0+$/, "") === "" ? "" : `.${fraction.replace(/0+$/, "")}`}`;
  return positive ? plain : `-${plain}`;
}

/** Doubles are changed so that their bytes sort as they do. */
function doubleBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return (bytes.readUInt8(0) & 0x80) === 0
    ? Buffer.from(bytes.map((byte, i) => (i === 0 ? byte | 0x80 : byte)))
    : Buffer.from(bytes.map((byte) => byte ^ 0xff));
}

function doubleOf(stored: Buffer): number {
  const positive = (stored.readUInt8(0) & 0x80) !== 0;
  return Buffer.from(stored.map((byte, i) => (positive ? (i === 0 ? byte & 0x7f : byte) : byte ^ 0xff))).readDoubleBE();
}

function timeBytes(type: ServerType, text: string): Buffer {
  const [, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (
    /^(\d+)-(\d+)-(\d+) (\d+):(\d+):(\d+)/.exec(text) ?? []
  ).map(Number);
  const wall = Buffer.from([
    Math.floor(year / 100) + 100,
    (year % 100) + 100,
    month,
    day,
    hour + 1,
    minute + 1,
    second + 1,
  ]);
  if (type === "DATE") return wall;
  const nanoseconds = Buffer.alloc(4);
  nanoseconds.writeUInt32BE(Number((/\.(\d+)$/.exec(text)?.[1] ?? "").padEnd(9, "0")));
  const zone = type === "TIMESTAMP" ? [] : [20, 60];
  return Buffer.concat([wall, nanoseconds, Buffer.from(zone)]);
}
