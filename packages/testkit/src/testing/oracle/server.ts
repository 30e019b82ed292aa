import type { Socket } from "node:net";
import { type Cancellable, ScriptedServer } from "../scripted-server.js";
import { Login } from "./login.js";
import {
  dataTypes,
  describe,
  implicitResults,
  lobData,
  NO_DATA_FOUND,
  outcome,
  outputs,
  protocol,
  returned,
  rowData,
  rowHeader,
  type ServerColumn,
  type ServerError,
  status,
} from "./messages.js";
import { TtcReader, TtcWriter } from "./ttc.js";
import { readValue, ServerLob, type ServerType, typeOfCode } from "./values.js";

/** What a client has asked for. */
export interface OracleRequest extends Cancellable {
  readonly sql: string;
  /** The types of all parameters, those that are filled included. */
  readonly types: readonly ServerType[];
  /** The values of the parameters; one list for each execution. */
  readonly sets: readonly (readonly unknown[])[];
  /** The statement commits itself. */
  readonly commits: boolean;
}

/** What the script answers. */
export interface OracleAnswer {
  readonly columns?: readonly ServerColumn[];
  readonly rows?: readonly (readonly unknown[])[];
  readonly rowCount?: number;
  /** For each execution, for each returned column, the values of the changed rows. */
  readonly returned?: readonly (readonly (readonly unknown[])[])[];
  readonly error?: ServerError;
  /** For a PL/SQL block: for each parameter its value when it comes out; of a cursor its result. Undefined for one that does not. */
  readonly outputs?: readonly unknown[];
  /** For a PL/SQL block: the result sets that it returns beside its parameters. */
  readonly results?: readonly OracleResult[];
}

/** The rows of a cursor. */
export interface OracleResult {
  readonly columns: readonly ServerColumn[];
  readonly rows: readonly (readonly unknown[])[];
}

type Script = (request: OracleRequest) => OracleAnswer | Promise<OracleAnswer>;

/**
 * A server of Oracle's protocol (TNS 317, TTC) that answers from a script: enough of it for the thin driver's login, queries
 * with fetches, DML with RETURNING, array executions, errors, commit, rollback, ping and break. It takes the user `scott` with the
 * password `tiger`. COMMIT and ROLLBACK stand among the requests. The protocol is not published; its needed parts are those
 * that the driver speaks.
 */
export class OracleServer extends ScriptedServer<OracleRequest, OracleAnswer> {
  static start(): Promise<OracleServer> {
    return new OracleServer((socket, answer) => new Session(socket, answer), {}).listen();
  }
}

const CONNECT = 1;
const ACCEPT = 2;
const DATA = 6;
const MARKER = 12;
const PACKET = 8192;
const HEADER = 10;
const BREAK = 1;
const RESET = 2;
const END_OF_FILE = 0x40;
const READ_LOB = 2;
/** The form of a character set: that of the database is 1. */
const NATIONAL = 2;
/** Connect data beyond this length come in a packet of their own. */
const MAX_CONNECT_DATA = 230;

/** A statement that the server keeps for the client. */
interface Cursor {
  readonly id: number;
  readonly sql: string;
  types: readonly ServerType[];
  columns: readonly ServerColumn[];
  /** The types that the client wants: LOBs as what is in them. */
  defined: readonly ServerType[];
  rows: readonly (readonly unknown[])[];
  position: number;
}

/** One connection. */
class Session {
  private readonly socket: Socket;
  private readonly answer: Script;
  private readonly login = new Login();
  private readonly cursors = new Map<number, Cursor>();
  private readonly lobs = new Map<number, ServerLob>();
  private received = Buffer.alloc(0);
  private nextCursor = 1;
  private accepted = false;
  private awaitsConnectData = false;
  private parts: Buffer[] = [];
  private working: Promise<void> = Promise.resolve();
  private cancel: () => void = () => undefined;
  private broken = false;

  constructor(socket: Socket, answer: Script) {
    this.socket = socket;
    this.answer = answer;
    socket.on("data", (data) => this.receive(data as Buffer));
  }

  // ---- packets --------------------------------------------------------------------------------------------------------

  private receive(data: Buffer): void {
    this.received = Buffer.concat([this.received, data]);
    while (this.received.length >= 8) {
      const length = this.accepted ? this.received.readUInt32BE(0) : this.received.readUInt16BE(0);
      if (this.received.length < length) return;
      const packet = Buffer.from(this.received.subarray(0, length));
      this.received = this.received.subarray(length);
      this.take(packet);
    }
  }

  private take(packet: Buffer): void {
    switch (packet[4]) {
      case CONNECT:
        this.awaitsConnectData = packet.readUInt16BE(24) > MAX_CONNECT_DATA;
        if (!this.awaitsConnectData) this.accept();
        return;
      case MARKER:
        this.marker(packet.readUInt8(HEADER));
        return;
      default:
        this.data(packet);
    }
  }

  private data(packet: Buffer): void {
    if (this.awaitsConnectData) {
      this.awaitsConnectData = false;
      this.accept();
      return;
    }
    if ((packet.readUInt16BE(8) & END_OF_FILE) !== 0) {
      this.socket.end();
      return;
    }
    this.parts.push(packet.subarray(HEADER));
    // A full packet is followed by another one of the same message.
    if (packet.length >= PACKET) return;
    const message = Buffer.concat(this.parts);
    this.parts = [];
    this.working = this.working
      .then(() => this.handle(new TtcReader(message)))
      .catch(() => {
        this.socket.destroy();
      });
  }

  private accept(): void {
    const packet = Buffer.alloc(45);
    packet.writeUInt16BE(45, 0);
    packet[4] = ACCEPT;
    packet.writeUInt16BE(317, 8);
    packet.writeUInt16BE(PACKET, 12);
    packet.writeUInt16BE(PACKET, 14);
    packet.writeUInt16BE(1, 16);
    packet.writeUInt16BE(45, 20);
    packet.writeUInt16BE(0x0808, 22);
    packet.writeUInt32BE(PACKET, 32);
    packet.writeUInt32BE(2_097_152, 36);
    this.socket.write(packet);
    this.accepted = true;
  }

  /** The client breaks a call off: it is told so, resets the connection, and gets the error of the call. */
  private marker(kind: number): void {
    if (kind !== RESET) {
      this.broken = true;
      this.cancel();
      this.sendMarker(BREAK);
      return;
    }
    this.sendMarker(RESET);
    this.send(
      outcome(new TtcWriter(), 0, 0, {
        number: 1013,
        message: "ORA-01013: user requested cancel of current operation",
      }),
    );
  }

  private sendMarker(kind: number): void {
    this.socket.write(Buffer.from([0, 0, 0, 11, MARKER, 0, 0, 0, 1, 0, kind]));
  }

  private send(message: TtcWriter): void {
    const { bytes } = message;
    const room = PACKET - HEADER;
    for (let at = 0; at === 0 || at < bytes.length; at += room) {
      const part = bytes.subarray(at, at + room);
      const header = Buffer.alloc(HEADER);
      header.writeUInt32BE(part.length + HEADER, 0);
      header[4] = DATA;
      this.socket.write(Buffer.concat([header, part]));
    }
  }

  // ---- messages -------------------------------------------------------------------------------------------------------

  private async handle(reader: TtcReader): Promise<void> {
    let type = reader.u8();
    // Cursors to be closed come along with the next call.
    for (; type === 17; type = reader.u8()) this.piggyback(reader);
    if (type === 1) return this.send(protocol());
    if (type === 2) return this.send(dataTypes());
    const call = reader.u8();
    reader.u8();
    switch (call) {
      case 118:
        return this.send(this.login.challenge(reader).raw(status().bytes));
      case 115:
        return this.send(this.welcome(reader));
      case 94:
        return this.execute(reader);
      case 4:
      case 78:
        return this.executeAgain(reader);
      case 5:
        return this.fetch(reader);
      case 14:
      case 15:
        return this.word(call === 14 ? "COMMIT" : "ROLLBACK");
      case 96:
        return this.readLob(reader);
      case 9:
      case 147:
        return this.send(status());
      default:
        throw new RangeError(`the scripted server does not know the call ${call}`);
    }
  }

  /** Cursors that are closed (105), or of which no more rows are wanted (120). */
  private piggyback(reader: TtcReader): void {
    const call = reader.u8();
    if (call !== 105 && call !== 120) throw new RangeError(`the scripted server does not know the piggyback ${call}`);
    reader.skip("bb");
    for (let count = reader.number(); count > 0; count--) {
      const id = reader.number();
      if (call === 105) this.cursors.delete(id);
    }
  }

  private welcome(reader: TtcReader): TtcWriter {
    const facts = this.login.answer(reader);
    if (facts !== undefined) return facts.raw(status().bytes);
    return outcome(new TtcWriter(), 0, 0, {
      number: 1017,
      message: "ORA-01017: invalid username/password; logon denied",
    });
  }

  private async word(sql: string): Promise<void> {
    const { error } = await this.ask({ sql, types: [], sets: [], commits: false });
    this.send(error === undefined ? status() : outcome(new TtcWriter(), 0, 0, error));
  }

  private async ask(request: Omit<OracleRequest, "cancelled">): Promise<OracleAnswer> {
    const cancelled = new Promise<void>((resolve) => {
      this.cancel = resolve;
    });
    return this.answer({ ...request, cancelled });
  }

  private async execute(reader: TtcReader): Promise<void> {
    const options = reader.number();
    const id = reader.number();
    reader.skip("bnbnbbb");
    const rows = reader.number();
    reader.skip("nb");
    const binds = reader.number();
    reader.skip("bbbbb");
    const defines = reader.u8() === 1;
    const defined = reader.number();
    reader.skip("nbbbnbnnbnbbnbnbbn");
    const cursor = this.cursorOf(id, reader);
    reader.skip("nnnnnnnnnnnn");
    if (defines) cursor.defined = this.readTypes(reader, defined);
    else if (binds > 0) cursor.types = this.readTypes(reader, binds);
    // A cursor of a PL/SQL block has its rows already.
    if (defines || cursor.sql === "") return this.sendRows(cursor, rows, false);
    return this.run(cursor, this.readSets(reader, cursor), (options & 0x100) !== 0, (options & 0x40) === 0 ? 0 : rows);
  }

  /** A text makes a new cursor; its number alone means the one that is there. Either way a number follows. */
  private cursorOf(id: number, reader: TtcReader): Cursor {
    const known = this.cursors.get(id);
    const sql = known === undefined ? String(reader.sized()) : known.sql;
    reader.number();
    if (known !== undefined) return known;
    const made: Cursor = { id: this.nextCursor, sql, types: [], columns: [], defined: [], rows: [], position: 0 };
    this.nextCursor += 1;
    this.cursors.set(made.id, made);
    return made;
  }

  /** The one operation on LOBs that is known: reading all of one. */
  private readLob(reader: TtcReader): void {
    reader.skip("b");
    const length = reader.number();
    reader.skip("bnnnbbb");
    const operation = reader.number();
    if (operation !== READ_LOB)
      throw new RangeError(`the scripted server does not know the operation ${operation} on LOBs`);
    reader.skip("bbnnb");
    reader.take(6);
    const lob = this.lobs.get(ServerLob.idOf(reader.take(length)));
    if (lob === undefined) throw new RangeError("the LOB is unknown");
    this.send(lobData(lob));
  }

  /** A value on its way out: of a LOB the client gets a locator. */
  private out(type: ServerType | undefined, value: unknown): unknown {
    if (type === "CURSOR") return this.opened(value as OracleResult);
    if ((type !== "CLOB" && type !== "BLOB") || value === null || value === undefined) return value;
    const lob = new ServerLob(this.lobs.size + 1, value);
    this.lobs.set(this.lobs.size + 1, lob);
    return lob;
  }

  /** A cursor that a PL/SQL block gives. */
  private opened({ columns, rows }: OracleResult): Cursor {
    const defined = columns.map(({ type }) => type);
    const cursor: Cursor = { id: this.nextCursor, sql: "", types: [], columns, defined, rows, position: 0 };
    this.nextCursor += 1;
    this.cursors.set(cursor.id, cursor);
    return cursor;
  }

  private readTypes(reader: TtcReader, count: number): readonly ServerType[] {
    return Array.from({ length: count }, () => {
      const type = typeOfCode(reader.u8());
      reader.skip("bbbnnn");
      if (reader.number() > 0) reader.sized();
      reader.skip("nn");
      const national = reader.u8() === NATIONAL;
      reader.skip("nn");
      return national && type === "VARCHAR2" ? "NVARCHAR2" : type;
    });
  }

  /** The parameters of RETURNING ... INTO have types but no values. */
  private readSets(reader: TtcReader, cursor: Cursor): readonly (readonly unknown[])[] {
    const given = cursor.types.slice(0, cursor.types.length - returningCount(cursor.sql));
    const sets: unknown[][] = [];
    while (reader.left > 0 && reader.peek() === 7) {
      reader.u8();
      sets.push(given.map((type) => readValue(reader, type)));
    }
    return sets;
  }

  private async executeAgain(reader: TtcReader): Promise<void> {
    const cursor = this.cursors.get(reader.number());
    const rows = reader.number();
    reader.number();
    const flags = reader.number();
    if (cursor === undefined) throw new RangeError("the cursor is closed");
    return this.run(cursor, this.readSets(reader, cursor), (flags & 1) !== 0, rows);
  }

  private async run(
    cursor: Cursor,
    sets: readonly (readonly unknown[])[],
    commits: boolean,
    rows: number,
  ): Promise<void> {
    this.broken = false;
    const answer = await this.ask({ sql: cursor.sql, types: cursor.types, sets, commits });
    if (this.broken) return;
    if (answer.error !== undefined) return this.send(outcome(new TtcWriter(), 0, 0, answer.error));
    if (answer.columns !== undefined) {
      cursor.columns = answer.columns;
      cursor.defined = answer.columns.map(({ type }) => type);
      cursor.rows = answer.rows ?? [];
      cursor.position = 0;
      return this.sendRows(cursor, rows, true);
    }
    const writer = new TtcWriter();
    if (answer.outputs !== undefined)
      outputs(
        writer,
        cursor.types,
        answer.outputs.map((value, i) => this.out(cursor.types[i], value)),
      );
    if (answer.results !== undefined)
      implicitResults(
        writer,
        answer.results.map((result) => this.opened(result)),
      );
    const outTypes = cursor.types.slice(cursor.types.length - returningCount(cursor.sql));
    for (const values of answer.returned ?? [])
      returned(
        writer,
        outTypes,
        values.map((list, i) => list.map((value) => this.out(outTypes[i], value))),
      );
    this.send(outcome(writer, cursor.id, answer.rowCount ?? 0));
  }

  private fetch(reader: TtcReader): void {
    const cursor = this.cursors.get(reader.number());
    if (cursor === undefined) throw new RangeError("the cursor is closed");
    this.sendRows(cursor, reader.number(), false);
  }

  private sendRows(cursor: Cursor, count: number, describes: boolean): void {
    const writer = new TtcWriter();
    if (describes) describe(writer, cursor.columns);
    rowHeader(writer);
    // LOBs are described first: the client says how it wants them.
    const lobs = cursor.defined.some((type) => type === "CLOB" || type === "BLOB");
    const end = lobs ? 0 : Math.min(cursor.rows.length, cursor.position + count);
    for (; cursor.position < end; cursor.position++)
      rowData(writer, cursor.defined, cursor.rows[cursor.position] as readonly unknown[]);
    const more = lobs || cursor.position < cursor.rows.length;
    this.send(
      outcome(
        writer,
        cursor.id,
        cursor.position,
        more ? undefined : { number: NO_DATA_FOUND, message: "ORA-01403: no data found" },
      ),
    );
  }
}

/** How many parameters a statement has behind RETURNING ... INTO. */
function returningCount(sql: string): number {
  return /\bRETURNING\b[\s\S]*\bINTO\b([^)]*)$/i.exec(sql)?.[1]?.split(",").length ?? 0;
}
