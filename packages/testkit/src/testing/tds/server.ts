import type { Socket } from "node:net";
import { type Cancellable, ScriptedServer } from "../scripted-server.js";
import { Reader, u8, unsigned } from "./bytes.js";
import {
  ATTENTION,
  change,
  end,
  errorToken,
  loginTokens,
  resultTokens,
  returnValue,
  type ServerError,
  type ServerResult,
} from "./tokens.js";
import { readParameter, type ServerParameter } from "./values.js";

/** What a client has asked for. */
export interface TdsRequest extends Cancellable {
  /**
   * `batch`: text alone. `sql`: text with parameters, by sp_executesql. `prepare`, `execute`, `unprepare`: by sp_prepare and its
   * kin. `transaction`: BEGIN, COMMIT, ROLLBACK, SAVE. `reset`: the batch by which the driver asks for sp_reset_connection.
   */
  readonly way: "batch" | "sql" | "prepare" | "execute" | "unprepare" | "transaction" | "reset";
  readonly sql: string;
  readonly parameters: readonly ServerParameter[];
}

/** What the script answers. */
export interface TdsAnswer {
  readonly results?: readonly ServerResult[];
  readonly error?: ServerError;
}

type Script = (request: TdsRequest) => TdsAnswer | Promise<TdsAnswer>;

/**
 * A TDS 7.4 server that answers from a script: enough of the protocol for the driver's login, batches, sp_executesql, results,
 * errors, transactions and cancellation. It takes the user `sa` with the password `secret`. The requests of the initial
 * session are not noted.
 *
 * Protocol: https://learn.microsoft.com/openspecs/windows_protocols/ms-tds
 */
export class TdsServer extends ScriptedServer<TdsRequest, TdsAnswer> {
  static start(): Promise<TdsServer> {
    return new TdsServer((socket, answer) => new Session(socket, answer), {}).listen();
  }
}

const BATCH = 0x01;
const RPC = 0x03;
const ANSWER = 0x04;
const CANCEL = 0x06;
const TRANSACTION = 0x0e;
const LOGIN = 0x10;
const PRELOGIN = 0x12;
/** A client that cancels a message before all of it is sent says so in the status of the last packet. */
const IGNORE = 0x02;
const IGNORED = -1;
/** The session is brought back to its beginning before the message is executed. */
const RESET = 0x08;
const PACKET_BODY = 4088;

/** One connection. */
class Session {
  private readonly socket: Socket;
  private readonly answer: Script;
  private received = Buffer.alloc(0);
  private parts: Buffer[] = [];
  private working: Promise<void> = Promise.resolve();
  private resets = false;
  /** The texts of prepared statements by their handles. */
  private readonly prepared = new Map<number, string>();
  private transaction = 0n;
  private transactions = 0n;
  private cancel: () => void = () => undefined;

  constructor(socket: Socket, answer: Script) {
    this.socket = socket;
    this.answer = answer;
    socket.on("data", (data) => this.receive(data as Buffer));
  }

  private receive(data: Buffer): void {
    this.received = Buffer.concat([this.received, data]);
    while (this.received.length >= 8) {
      const length = this.received.readUInt16BE(2);
      if (this.received.length < length) return;
      const packet = this.received.subarray(0, length);
      this.received = this.received.subarray(length);
      this.parts.push(Buffer.from(packet.subarray(8)));
      if (packet.readUInt8(1) % 2 === 0) continue;
      const message = Buffer.concat(this.parts);
      this.parts = [];
      this.resets = (packet.readUInt8(1) & RESET) !== 0;
      this.take(packet.readUInt8(1) & IGNORE ? IGNORED : (packet[0] as number), message);
    }
  }

  private take(type: number, message: Buffer): void {
    if (type === CANCEL) this.cancel();
    this.working = this.working
      .then(() => this.handle(type, message))
      .catch(() => {
        this.socket.destroy();
      });
  }

  private send(body: Buffer): void {
    for (let at = 0; at === 0 || at < body.length; at += PACKET_BODY) {
      const part = body.subarray(at, at + PACKET_BODY);
      const header = Buffer.from([ANSWER, at + PACKET_BODY >= body.length ? 1 : 0, 0, 0, 0, 0, 1, 0]);
      header.writeUInt16BE(part.length + 8, 2);
      this.socket.write(Buffer.concat([header, part]));
    }
  }

  private async handle(type: number, message: Buffer): Promise<void> {
    const reader = new Reader(message);
    switch (type) {
      case PRELOGIN:
        return this.send(prelogin());
      case LOGIN:
        return this.send(login(message));
      case CANCEL:
        return this.send(ATTENTION);
      case IGNORED:
        return this.send(end(false, false));
      case BATCH:
        reader.skipHeaders();
        return this.run({
          way: this.resets ? "reset" : "batch",
          sql: reader.rest().toString("utf16le"),
          parameters: [],
        });
      case RPC:
        reader.skipHeaders();
        return this.procedureCall(reader);
      case TRANSACTION:
        reader.skipHeaders();
        return this.transactionRequest(reader);
      default:
        throw new RangeError(`the scripted server does not know messages of type ${type}`);
    }
  }

  private async run(request: Omit<TdsRequest, "cancelled">): Promise<void> {
    const inProcedure = request.way !== "batch" && request.way !== "reset";
    // The driver sets up its session by a batch of SET statements.
    const setup = request.way === "batch" && /^set (ansi_nulls|textsize|xact_abort)/i.test(request.sql.trim());
    const cancelled = new Promise<void>((resolve) => {
      this.cancel = resolve;
    });
    const { results = [], error } = setup ? {} : await this.answer({ ...request, cancelled });
    const handle = request.way === "prepare" && error === undefined ? this.keep(request.sql) : [];
    const tokens = results.map((result) => resultTokens(result, inProcedure));
    if (error !== undefined) tokens.push(errorToken(error));
    this.send(Buffer.concat([...tokens, ...handle, end(inProcedure, error !== undefined)]));
  }

  /** Keeps a prepared statement; gives the token with its handle. */
  private keep(sql: string): readonly Buffer[] {
    const handle = this.prepared.size + 1;
    this.prepared.set(handle, sql);
    return [returnValue("handle", handle)];
  }

  private async procedureCall(reader: Reader): Promise<void> {
    const { procedure, parameters } = readCall(reader);
    const textOf = (given: ServerParameter | undefined): string =>
      this.prepared.get(Number(given?.value)) ?? `unknown handle ${String(given?.value)}`;
    switch (procedure) {
      case SP_EXECUTESQL:
        return this.run({ way: "sql", sql: String(parameters[0]?.value), parameters: parameters.slice(2) });
      case SP_PREPARE:
        // The declarations of the parameters stand where values will.
        return this.run({ way: "prepare", sql: String(parameters[2]?.value), parameters: parameters.slice(1, 2) });
      case SP_EXECUTE:
        return this.run({ way: "execute", sql: textOf(parameters[0]), parameters: parameters.slice(1) });
      case SP_UNPREPARE:
        return this.run({ way: "unprepare", sql: textOf(parameters[0]), parameters: [] });
      default:
        throw new RangeError(`the scripted server does not know the procedure ${procedure}`);
    }
  }

  private async transactionRequest(reader: Reader): Promise<void> {
    const kind = reader.u16();
    const level = kind === 5 ? reader.u8() : 0;
    const name = reader.left > 0 ? reader.take(reader.u8()).toString("utf16le") : "";
    const words: Readonly<Record<number, string>> = {
      5: `BEGIN ${level}`,
      7: "COMMIT",
      8: `ROLLBACK ${name}`,
      9: `SAVE ${name}`,
    };
    const { error } = await this.answer({
      way: "transaction",
      sql: (words[kind] as string).trim(),
      parameters: [],
      cancelled: new Promise(() => undefined),
    });
    if (error !== undefined) return this.send(Buffer.concat([errorToken(error), end(false, true)]));
    const before = Buffer.concat([u8(8), unsigned(this.transaction, 8)]);
    const ends = kind === 7 || (kind === 8 && name === "");
    if (kind === 5) {
      this.transactions += 1n;
      this.transaction = this.transactions;
    } else if (ends) this.transaction = 0n;
    const now = Buffer.concat([u8(8), unsigned(this.transaction, 8)]);
    const changes = kind === 5 ? [change(8, now, u8(0))] : ends ? [change(kind === 7 ? 9 : 10, u8(0), before)] : [];
    this.send(Buffer.concat([...changes, end(false, false)]));
  }
}

/** The options that the server offers: its version, no encryption, no multiple results. */
function prelogin(): Buffer {
  const options: readonly (readonly [number, Buffer])[] = [
    [0, Buffer.from([16, 0, 0x10, 0, 0, 0])],
    [1, Buffer.from([2])],
    [2, Buffer.from([0])],
    [3, Buffer.alloc(0)],
    [4, Buffer.from([0])],
  ];
  let offset = options.length * 5 + 1;
  const heads = options.map(([code, data]) => {
    const head = Buffer.from([code, 0, 0, 0, 0]);
    head.writeUInt16BE(offset, 1);
    head.writeUInt16BE(data.length, 3);
    offset += data.length;
    return head;
  });
  return Buffer.concat([...heads, u8(0xff), ...options.map(([, data]) => data)]);
}

function login(message: Buffer): Buffer {
  const field = (at: number): Buffer => {
    const offset = message.readUInt16LE(at);
    return message.subarray(offset, offset + message.readUInt16LE(at + 2) * 2);
  };
  const user = field(40).toString("utf16le");
  const hidden = Buffer.from(field(44)).map((byte) => ((byte ^ 0xa5) << 4) | ((byte ^ 0xa5) >> 4));
  const password = Buffer.from(hidden).toString("utf16le");
  if (user === "sa" && password === "secret") return loginTokens(field(68).toString("utf16le") || "master");
  return Buffer.concat([
    errorToken({ number: 18456, message: `Login failed for user '${user}'.`, severity: 14 }),
    end(false, true),
  ]);
}

const SP_EXECUTESQL = 10;
const SP_PREPARE = 11;
const SP_EXECUTE = 12;
const SP_UNPREPARE = 15;

/** A remote procedure call of one of the procedures that have numbers. */
function readCall(reader: Reader): { readonly procedure: number; readonly parameters: readonly ServerParameter[] } {
  const length = reader.u16();
  if (length !== 0xffff) throw new RangeError(`the scripted server does not know the procedure ${reader.text(length)}`);
  const procedure = reader.u16();
  reader.u16();
  const parameters: ServerParameter[] = [];
  while (reader.left > 0) parameters.push(readParameter(reader));
  return { procedure, parameters };
}
