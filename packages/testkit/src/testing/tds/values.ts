import { fromUnsigned, type Reader, u8, u16, u32, ucs2, unsigned } from "./bytes.js";

/** The types that the scripted server gives and takes, by their names in T-SQL. */
export type ServerType =
  | "int"
  | "bigint"
  | "bit"
  | "float"
  | "nvarchar"
  | "nvarchar(max)"
  | "varbinary"
  | "uniqueidentifier"
  | "date"
  | `numeric(${number},${number})`
  | `time(${number})`
  | `datetime2(${number})`
  | `datetimeoffset(${number})`
  | "money";

/** SQL_Latin1_General_CP1_CI_AS */
export const COLLATION: Buffer = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);
const DAY_ZERO = new Date("0001-01-01T00:00:00Z").getTime();
const DAY = 86_400_000;

const scaleOf = (type: string): number => Number(/(\d+)\)$/.exec(type)?.[1]);
const secondsWidth = (scale: number): number => (scale <= 2 ? 3 : scale <= 4 ? 4 : 5);

/** TYPE_INFO of a result column. */
export function typeInfo(type: ServerType): Buffer {
  switch (type) {
    case "int":
      return Buffer.from([0x26, 4]);
    case "bigint":
      return Buffer.from([0x26, 8]);
    case "bit":
      return Buffer.from([0x68, 1]);
    case "float":
      return Buffer.from([0x6d, 8]);
    case "money":
      return Buffer.from([0x6e, 8]);
    case "date":
      return Buffer.from([0x28]);
    case "uniqueidentifier":
      return Buffer.from([0x24, 16]);
    case "nvarchar":
      return Buffer.concat([u8(0xe7), u16(8000), COLLATION]);
    case "nvarchar(max)":
      return Buffer.concat([u8(0xe7), u16(0xffff), COLLATION]);
    case "varbinary":
      return Buffer.concat([u8(0xa5), u16(8000)]);
    default:
      break;
  }
  const [, precision = "0"] = /\((\d+)/.exec(type) ?? [];
  if (type.startsWith("numeric")) return Buffer.from([0x6c, 17, Number(precision), scaleOf(type)]);
  if (type.startsWith("time")) return Buffer.from([0x29, scaleOf(type)]);
  return Buffer.from([type.startsWith("datetime2") ? 0x2a : 0x2b, scaleOf(type)]);
}

/** A value as text, number, boolean or bytes, as the wire has it. Times are `HH:MM:SS.ffffff`, date-times `YYYY-MM-DD HH:MM:SS.ffffff`. */
export function valueBytes(type: ServerType, value: unknown): Buffer {
  if (value === null) return nullBytes(type);
  const text = String(value);
  switch (type) {
    case "int":
      return Buffer.concat([u8(4), unsigned(BigInt.asUintN(32, BigInt(text)), 4)]);
    case "bigint":
      return Buffer.concat([u8(8), unsigned(BigInt.asUintN(64, BigInt(text)), 8)]);
    case "bit":
      return Buffer.from([1, value ? 1 : 0]);
    case "float": {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(Number(value));
      return Buffer.concat([u8(8), bytes]);
    }
    case "money": {
      const scaled = BigInt.asUintN(64, scaledInteger(text, 4));
      return Buffer.concat([u8(8), unsigned(scaled >> 32n, 4), unsigned(scaled & 0xffffffffn, 4)]);
    }
    case "date":
      return Buffer.concat([u8(3), days(text)]);
    case "uniqueidentifier":
      return Buffer.concat([u8(16), guidBytes(text)]);
    case "nvarchar": {
      const bytes = ucs2(text);
      return Buffer.concat([u16(bytes.length), bytes]);
    }
    case "nvarchar(max)": {
      const bytes = ucs2(text);
      const unknownLength = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
      return Buffer.concat([unknownLength, ...(bytes.length > 0 ? [u32(bytes.length), bytes] : []), u32(0)]);
    }
    case "varbinary": {
      const bytes = Buffer.from(value as Uint8Array);
      return Buffer.concat([u16(bytes.length), bytes]);
    }
    default:
      break;
  }
  const scale = scaleOf(type);
  if (type.startsWith("numeric")) {
    const scaled = scaledInteger(text, scale);
    return Buffer.concat([u8(17), u8(scaled < 0n ? 0 : 1), unsigned(scaled < 0n ? -scaled : scaled, 16)]);
  }
  if (type.startsWith("time")) return Buffer.concat([u8(secondsWidth(scale)), secondsOf(text, scale)]);
  const [date = "", time = ""] = text.split(" ");
  const body = Buffer.concat([secondsOf(time, scale), days(date)]);
  return type.startsWith("datetime2")
    ? Buffer.concat([u8(body.length), body])
    : Buffer.concat([u8(body.length + 2), body, u16(0)]);
}

function nullBytes(type: ServerType): Buffer {
  if (type === "nvarchar" || type === "varbinary") return u16(0xffff);
  return type === "nvarchar(max)" ? Buffer.alloc(8, 0xff) : u8(0);
}

function scaledInteger(text: string, scale: number): bigint {
  const [, sign = "", whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return BigInt(`${sign}${whole}${fraction.padEnd(scale, "0")}`);
}

function days(date: string): Buffer {
  return unsigned(BigInt((new Date(`${date}T00:00:00Z`).getTime() - DAY_ZERO) / DAY), 3);
}

function secondsOf(time: string, scale: number): Buffer {
  const [wall = "", fraction = ""] = time.split(".");
  const [hours = 0, minutes = 0, seconds = 0] = wall.split(":").map(Number);
  const units =
    BigInt((hours * 60 + minutes) * 60 + seconds) * 10n ** BigInt(scale) +
    BigInt(fraction.padEnd(scale, "0").slice(0, scale) || "0");
  return unsigned(units, secondsWidth(scale));
}

/** The first three groups of a GUID stand in reverse. */
function guidBytes(text: string): Buffer {
  const [a = "", b = "", c = "", d = "", e = ""] = text.split("-");
  const reversed = [a, b, c].map((group) => Buffer.from(group, "hex").reverse());
  return Buffer.concat([...reversed, Buffer.from(d + e, "hex")]);
}

/** A parameter as the client has declared and sent it; values are text, numbers, booleans or bytes. */
export interface ServerParameter {
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
}

/** Reads one parameter of a remote procedure call. */
export function readParameter(reader: Reader): ServerParameter {
  const name = reader.text(reader.u8());
  reader.u8();
  const { type, value } = typedValue(reader);
  return { name, type, value };
}

function typedValue(reader: Reader): { readonly type: string; readonly value: unknown } {
  const code = reader.u8();
  switch (code) {
    case 0x26: {
      const type = reader.u8() === 8 ? "bigint" : "int";
      const bytes = reader.take(reader.u8());
      return { type, value: bytes.length === 0 ? null : BigInt.asIntN(bytes.length * 8, fromUnsigned(bytes)) };
    }
    case 0x68: {
      reader.u8();
      const bytes = reader.take(reader.u8());
      return { type: "bit", value: bytes.length === 0 ? null : bytes[0] === 1 };
    }
    case 0x6d: {
      reader.u8();
      const bytes = reader.take(reader.u8());
      return { type: "float", value: bytes.length === 0 ? null : bytes.readDoubleLE() };
    }
    case 0x6a:
    case 0x6c:
      return decimal(reader);
    case 0xe7:
      return variable(reader, "nvarchar", 2, (bytes) => bytes.toString("utf16le"));
    case 0xa7:
      return variable(reader, "varchar", 1, (bytes) => bytes.toString("latin1"));
    case 0xa5:
      return variable(reader, "varbinary", 1, (bytes) => new Uint8Array(bytes));
    case 0x28: {
      const bytes = reader.take(reader.u8());
      return { type: "date", value: bytes.length === 0 ? null : dateText(bytes) };
    }
    case 0x29:
    case 0x2a:
      return time(reader, code === 0x2a);
    case 0x6f:
      return dateTime(reader);
    default:
      throw new RangeError(`the scripted server does not know the type 0x${code.toString(16)}`);
  }
}

function decimal(reader: Reader): { readonly type: string; readonly value: unknown } {
  reader.u8();
  const precision = reader.u8();
  const scale = reader.u8();
  const bytes = reader.take(reader.u8());
  const type = `decimal(${precision}, ${scale})`;
  if (bytes.length === 0) return { type, value: null };
  const digits = fromUnsigned(bytes.subarray(1))
    .toString()
    .padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return { type, value: `${bytes[0] === 1 ? "" : "-"}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ""}` };
}

function variable(
  reader: Reader,
  name: string,
  unit: number,
  decode: (bytes: Buffer) => unknown,
): { readonly type: string; readonly value: unknown } {
  const length = reader.u16();
  if (name !== "varbinary") reader.take(5);
  if (length === 0xffff) {
    const bytes = reader.chunks();
    return { type: `${name}(max)`, value: bytes === undefined ? null : decode(bytes) };
  }
  const size = reader.u16();
  return { type: `${name}(${length / unit})`, value: size === 0xffff ? null : decode(reader.take(size)) };
}

function dateText(bytes: Buffer): string {
  return new Date(DAY_ZERO + Number(fromUnsigned(bytes)) * DAY).toISOString().slice(0, 10);
}

function time(reader: Reader, withDate: boolean): { readonly type: string; readonly value: unknown } {
  const scale = reader.u8();
  const type = `${withDate ? "datetime2" : "time"}(${scale})`;
  const bytes = reader.take(reader.u8());
  if (bytes.length === 0) return { type, value: null };
  const width = secondsWidth(scale);
  const units = fromUnsigned(bytes.subarray(0, width));
  const seconds = Number(units / 10n ** BigInt(scale));
  const fraction = (units % 10n ** BigInt(scale)).toString().padStart(scale, "0");
  const wall = `${new Date(seconds * 1000).toISOString().slice(11, 19)}.${fraction}`;
  return { type, value: withDate ? `${dateText(bytes.subarray(width))} ${wall}` : wall };
}

/** DATETIME in 300ths of a second, SMALLDATETIME in minutes. */
function dateTime(reader: Reader): { readonly type: string; readonly value: unknown } {
  const type = reader.u8() === 4 ? "smalldatetime" : "datetime";
  const bytes = reader.take(reader.u8());
  if (bytes.length === 0) return { type, value: null };
  const [days, milliseconds] =
    bytes.length === 4
      ? [bytes.readUInt16LE(0), bytes.readUInt16LE(2) * 60_000]
      : [bytes.readInt32LE(0), Math.round((bytes.readUInt32LE(4) * 10) / 3)];
  return { type, value: new Date(Date.UTC(1900, 0, 1) + days * DAY + milliseconds).toISOString().slice(0, 23) };
}
