import { TtcWriter } from "./ttc.js";
import { type ServerLob, type ServerType, TYPE_CODES, writeValue } from "./values.js";

/** A result column as the server describes it. */
export interface ServerColumn {
  readonly name: string;
  readonly type: ServerType;
  readonly precision?: number;
  readonly scale?: number;
}

/** An error as Oracle reports it. */
export interface ServerError {
  readonly number: number;
  readonly message: string;
}

export const NO_DATA_FOUND = 1403;
const UTF8 = 873;
const UTF16 = 2000;
const UNKNOWN_SCALE = 0x81;
/** The version of the fields in messages: 19c. */
const FIELD_VERSION = 12;
const SIZES: Partial<Readonly<Record<ServerType, number>>> = {
  NUMBER: 22,
  DATE: 7,
  TIMESTAMP: 11,
  "TIMESTAMP WITH TIME ZONE": 13,
  BINARY_DOUBLE: 8,
};

/** What is negotiated before the login: character sets and the version of the protocol. */
export function protocol(): TtcWriter {
  const description = Buffer.alloc(11);
  description.writeUInt16BE(UTF16, 9);
  const compiled = Buffer.alloc(40);
  compiled[7] = FIELD_VERSION;
  const runtime = Buffer.alloc(7);
  runtime[6] = 4;
  return new TtcWriter()
    .u8(1, 6, 0)
    .raw(Buffer.from("Scripted Oracle\0"))
    .u8(UTF8 & 0xff, UTF8 >> 8, 1, 0, 0, 0, description.length)
    .raw(description)
    .sized(compiled)
    .sized(runtime);
}

export function dataTypes(): TtcWriter {
  return new TtcWriter().u8(2, 0, 0);
}

/** The end of a call without more to say. */
export function status(): TtcWriter {
  return new TtcWriter().u8(9).number(0, 0);
}

/** The end of a call with its outcome: an error, or a count of rows. */
export function outcome(writer: TtcWriter, cursor: number, rowCount: number, error?: ServerError): TtcWriter {
  const number = error?.number ?? 0;
  writer.u8(4).number(0, 0, rowCount, number, 0, 0, cursor, 0).u8(0, 0, 0, 0, 0, 0);
  // The row's address, then the operating system's and the statement's errors, and errors of batches: none of all.
  writer.number(0, 0).u8(0).number(0, 0, 0).u8(0, 0).number(0, 0, 0, 0, 0, 0, number, rowCount);
  return error === undefined ? writer : writer.sized(Buffer.from(`${error.message}\n`));
}

export function describe(writer: TtcWriter, columns: readonly ServerColumn[]): void {
  writer.u8(16, 0);
  describeColumns(writer, columns);
}

function describeColumns(writer: TtcWriter, columns: readonly ServerColumn[]): void {
  writer.number(100, columns.length).u8(0);
  columns.forEach((column, i) => {
    const size = SIZES[column.type] ?? 4000;
    const text = column.type === "VARCHAR2" || column.type === "CLOB";
    const scale = column.scale ?? (column.type === "NUMBER" ? UNKNOWN_SCALE : 0);
    writer.u8(TYPE_CODES[column.type], 0, column.precision ?? 0, scale).number(size, 0, 0, 0, 0, text ? UTF8 : 0);
    writer
      .u8(text ? 1 : 0)
      .number(size, 0)
      .u8(1, 0)
      .text(column.name)
      .number(0, 0, i + 1, 0);
  });
  writer.number(0, 0, 0, 0, 0, 0);
}

/** What stands in front of rows. */
export function rowHeader(writer: TtcWriter): void {
  writer.u8(6, 0).number(0, 0, 0, 0, 0, 0);
}

export function rowData(writer: TtcWriter, types: readonly ServerType[], row: readonly unknown[]): void {
  writer.u8(7);
  types.forEach((type, i) => {
    writeValue(writer, type, row[i]);
    // Long values say how long they are, and a return code.
    if (type.startsWith("LONG")) writer.number(0, 0);
  });
}

/** What RETURNING ... INTO filled: for each parameter the values of all changed rows. */
export function returned(
  writer: TtcWriter,
  types: readonly ServerType[],
  values: readonly (readonly unknown[])[],
): void {
  writer.u8(7);
  types.forEach((type, i) => {
    const list = values[i] ?? [];
    writer.number(list.length);
    for (const value of list) {
      writeValue(writer, type, value);
      writer.number(0);
    }
  });
}

/** What is in a LOB; the locator comes back with it. */
export function lobData({ locator, content, length }: ServerLob): TtcWriter {
  return new TtcWriter().u8(14).sized(content).u8(8).raw(locator).number(length).raw(status().bytes);
}

/** A result set that the client fetches by the number of its cursor. */
export interface OpenCursor {
  readonly id: number;
  readonly columns: readonly ServerColumn[];
}

const IN = 32;
const OUT = 16;

/** What the parameters of a PL/SQL block have become: which come out, and their values. Undefined is one that only goes in. */
export function outputs(writer: TtcWriter, types: readonly ServerType[], values: readonly unknown[]): void {
  writer.u8(11, 0).number(types.length, 0, 0, 0, 0, 0);
  writer.u8(...types.map((_, i) => (values[i] === undefined ? IN : OUT)));
  writer.u8(7);
  types.forEach((type, i) => {
    const value = values[i];
    if (value === undefined) return;
    if (type === "CURSOR") cursor(writer, value as OpenCursor);
    else writeValue(writer, type, value);
    writer.number(0);
  });
}

function cursor(writer: TtcWriter, { id, columns }: OpenCursor): void {
  writer.u8(1);
  describeColumns(writer, columns);
  writer.number(id);
}

/** Result sets of DBMS_SQL.RETURN_RESULT. */
export function implicitResults(writer: TtcWriter, cursors: readonly OpenCursor[]): void {
  writer.u8(27).number(cursors.length);
  for (const { id, columns } of cursors) {
    writer.u8(0);
    describeColumns(writer, columns);
    writer.number(id);
  }
}
