import { longText, shortText, u8, u16, u32, unsigned } from "./bytes.js";
import { COLLATION, type ServerType, typeInfo, valueBytes } from "./values.js";

/** One result of a statement: rows, or a number of changed rows, or neither (SET). */
export interface ServerResult {
  readonly columns?: readonly (readonly [name: string, type: ServerType])[];
  readonly rows?: readonly (readonly unknown[])[];
  readonly rowCount?: number;
}

/** An error as SQL Server reports it. */
export interface ServerError {
  readonly number: number;
  readonly message: string;
  readonly severity?: number;
}

const DONE_MORE = 0x01;
const DONE_ERROR = 0x02;
const DONE_COUNT = 0x10;
const DONE_ATTENTION = 0x20;
const NO_METADATA_FLAGS = Buffer.from([0, 0, 0, 0, 1, 0]);

/** The end of a statement: DONE in a batch, DONEINPROC in a procedure. */
function statementEnd(inProcedure: boolean, count: number | undefined): Buffer {
  const status = DONE_MORE | (count === undefined ? 0 : DONE_COUNT);
  return done(inProcedure ? 0xff : 0xfd, status, count ?? 0);
}

function done(token: number, status: number, count: number): Buffer {
  return Buffer.concat([u8(token), u16(status), u16(0xc1), unsigned(BigInt(count), 8)]);
}

/** The end of an answer. */
export function end(inProcedure: boolean, failed: boolean): Buffer {
  const status = failed ? DONE_ERROR : 0;
  if (!inProcedure) return done(0xfd, status, 0);
  const returnStatus = Buffer.concat([u8(0x79), u32(0)]);
  return Buffer.concat([returnStatus, done(0xfe, status, 0)]);
}

/** The answer to a cancellation. */
export const ATTENTION: Buffer = done(0xfd, DONE_ATTENTION, 0);

export function resultTokens({ columns, rows = [], rowCount }: ServerResult, inProcedure: boolean): Buffer {
  if (columns === undefined) return statementEnd(inProcedure, rowCount);
  const metadata = columns.map(([name, type]) => Buffer.concat([NO_METADATA_FLAGS, typeInfo(type), shortText(name)]));
  const values = rows.map((row) =>
    Buffer.concat([u8(0xd1), ...columns.map(([, type], i) => valueBytes(type, row[i] ?? null))]),
  );
  return Buffer.concat([
    u8(0x81),
    u16(columns.length),
    ...metadata,
    ...values,
    statementEnd(inProcedure, rowCount ?? rows.length),
  ]);
}

/** A value that a procedure gives back: here the handle of a prepared statement. */
export function returnValue(name: string, value: number): Buffer {
  const type: ServerType = "int";
  const head = [u8(0xac), u16(0), shortText(name), u8(1), u32(0), u16(1)];
  return Buffer.concat([...head, typeInfo(type), valueBytes(type, value)]);
}

export function errorToken({ number, message, severity = 16 }: ServerError): Buffer {
  const body = Buffer.concat([
    u32(number),
    u8(1),
    u8(severity),
    longText(message),
    shortText("scripted"),
    shortText(""),
    u32(1),
  ]);
  return Buffer.concat([u8(0xaa), u16(body.length), body]);
}

/** A change of the connection's state that the client is to know: database, transaction. */
export function change(type: number, now: Buffer, before: Buffer): Buffer {
  const body = Buffer.concat([u8(type), now, before]);
  return Buffer.concat([u8(0xe3), u16(body.length), body]);
}

/** The answer to a login that succeeded. */
export function loginTokens(database: string): Buffer {
  const name = "Scripted SQL Server";
  const body = Buffer.concat([u8(1), Buffer.from([0x74, 0, 0, 4]), shortText(name), Buffer.from([16, 0, 0, 0])]);
  return Buffer.concat([
    change(1, shortText(database), shortText("")),
    change(7, Buffer.concat([u8(COLLATION.length), COLLATION]), u8(0)),
    u8(0xad),
    u16(body.length),
    body,
    end(false, false),
  ]);
}
