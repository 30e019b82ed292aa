import type { DriverResult } from "@acme/core/dialect";
import type { Field, Header } from "./mysql2.js";

type Row = unknown[];

/** The protocol's numbers of column types. */
const LONGLONG = 8;
const BIT = 16;
/** TINYBLOB, MEDIUMBLOB, LONGBLOB, BLOB, VARCHAR and CHAR: bytes when the character set is binary, text otherwise. */
const STRINGS: ReadonlySet<number> = new Set([249, 250, 251, 252, 253, 254]);
const BINARY_CHARSET = 63;

/** SERVER_STATUS_IN_TRANS and SERVER_STATUS_AUTOCOMMIT of the protocol. */
const IN_TRANSACTION = 1;
const AUTOCOMMIT = 2;

/** Whether the server says that something is to be rolled back before the connection can serve somebody else. */
export function isDirty(serverStatus: number): boolean {
  return (serverStatus & IN_TRANSACTION) !== 0 || (serverStatus & AUTOCOMMIT) === 0;
}

const NO_ROWS: readonly Row[] = [];
const NO_COLUMNS: readonly string[] = [];

/** What came back for one statement. Its column names are read when somebody asks. */
export class Reply implements DriverResult {
  readonly rows: readonly Row[];
  readonly rowCount: number;
  readonly lastInsertId: number | bigint | undefined;
  /** Whether rows came back, or could have. */
  readonly hasRows: boolean;
  /** The state of the session behind the statement; undefined where mysql2 does not tell. */
  readonly serverStatus: number | undefined;
  private readonly fields: readonly Field[] | undefined;

  constructor(rows: readonly Row[] | undefined, fields: readonly Field[] | undefined, header: Header | undefined) {
    this.rows = rows ?? NO_ROWS;
    this.fields = fields;
    this.hasRows = fields !== undefined;
    this.rowCount = fields === undefined ? Number(header?.affectedRows ?? -1) : this.rows.length;
    this.lastInsertId = header === undefined || fields !== undefined ? undefined : generatedKey(header.insertId);
    this.serverStatus = header?.serverStatus;
  }

  get columns(): readonly string[] {
    return this.fields === undefined ? NO_COLUMNS : this.fields.map((field) => field.name);
  }
}

/** 0 means that no key was generated. */
function generatedKey(insertId: number | string): number | bigint | undefined {
  if (insertId === 0) return undefined;
  return typeof insertId === "number" ? insertId : BigInt(insertId);
}

/** Makes one reply of mysql2's arguments. CALL gives several results: the first with rows counts. */
export function replyOf(rows: unknown, fields: unknown, options: { readonly bigints: boolean }): Reply {
  if (!Array.isArray(fields)) return new Reply(undefined, undefined, rows as Header);
  const several = fields.length > 0 && (fields[0] === undefined || Array.isArray(fields[0]));
  if (!several) return withRows(rows as Row[], fields as Field[], undefined, options);
  const results = rows as readonly (Row[] | Header)[];
  const first = fields.findIndex((each) => each !== undefined);
  const header = results.findLast((each): each is Header => !Array.isArray(each));
  return first === -1
    ? new Reply(undefined, undefined, header)
    : withRows(results[first] as Row[], fields[first] as Field[], header, options);
}

/** All replies to a CALL: one for each result set, and in the end one without rows. */
export function repliesOf(rows: unknown, fields: unknown, options: { readonly bigints: boolean }): readonly Reply[] {
  if (!Array.isArray(fields)) return [new Reply(undefined, undefined, rows as Header)];
  return fields.map((each: Field[] | undefined, i) => {
    const part = (rows as readonly unknown[])[i];
    return each === undefined
      ? new Reply(undefined, undefined, part as Header)
      : withRows(part as Row[], each, undefined, options);
  });
}

function withRows(
  rows: Row[],
  fields: Field[],
  header: Header | undefined,
  options: { readonly bigints: boolean },
): Reply {
  settle(rows, fields, options);
  return new Reply(rows, fields, header);
}

/**
 * Brings values to the form that the contract promises, in place and only in the columns that need it: integers beyond 2^53
 * as bigint (mysql2 gives text), bytes as plain Uint8Arrays of their own memory (mysql2 gives Buffers that are windows on
 * what came from the network).
 */
export function settle(rows: readonly Row[], fields: readonly Field[], options: { readonly bigints: boolean }): void {
  fields.forEach(({ columnType, characterSet }, i) => {
    if (columnType === LONGLONG) {
      if (options.bigints) for (const row of rows) if (typeof row[i] === "string") row[i] = BigInt(row[i]);
    } else if (columnType === BIT || (characterSet === BINARY_CHARSET && STRINGS.has(columnType))) {
      for (const row of rows) if (row[i] instanceof Uint8Array) row[i] = new Uint8Array(row[i]);
    }
  });
}
