import { DriverMissingError, InterfaceError } from "@acme/core/dialect";
import type { Exchange, PgClient, Wire, WireMessage } from "./pg.js";

/** The parts of the package `@electric-sql/pglite`, from 0.3 on, that the adapter uses. */
export interface PGliteModule {
  readonly PGlite: { create(dataDir: string | undefined, options: Readonly<Record<string, unknown>>): Promise<PGlite> };
  readonly protocol: {
    readonly serialize: Serialize;
    readonly Parser: new () => { parse(data: Uint8Array, each: (message: Message) => void): void };
  };
}

/** An instance of PGlite: PostgreSQL, compiled to WebAssembly, with one session. */
export interface PGlite {
  execProtocolRaw(message: Uint8Array, options: { readonly syncToFs: boolean }): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Makes messages of the protocol. */
interface Serialize {
  query(text: string): Uint8Array;
  parse(message: { readonly name: string; readonly text: string }): Uint8Array;
  bind(message: {
    readonly portal: string;
    readonly statement: string;
    readonly values: readonly unknown[];
  }): Uint8Array;
  describe(message: { readonly type: "P" | "S"; readonly name: string }): Uint8Array;
  execute(message: { readonly portal?: string; readonly rows?: number }): Uint8Array;
  close(message: { readonly type: "P" | "S"; readonly name: string }): Uint8Array;
  sync(): Uint8Array;
  flush(): Uint8Array;
  copyData(chunk: Uint8Array): Uint8Array;
  copyDone(): Uint8Array;
  copyFail(message: string): Uint8Array;
}

type Message = WireMessage & { readonly name: string } & Parameters<Exchange["handleRowDescription"]>[0] &
  Parameters<Exchange["handleDataRow"]>[0] &
  Parameters<Exchange["handleCommandComplete"]>[0] & { readonly chunk: Uint8Array };

/** Loads the package. `load` is another way to it, for tests. */
export async function loadPGlite(
  load: () => Promise<unknown> = () => import("@electric-sql/pglite"),
): Promise<PGliteModule> {
  try {
    return (await load()) as PGliteModule;
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new DriverMissingError('The package "@electric-sql/pglite" is not installed.', {
      remedy: "Run `npm install @electric-sql/pglite`.",
      cause,
    });
  }
}

const COPY_IN = /\bcopy\b[\s\S]*\bfrom\s+stdin\b/i;

/**
 * Gives PGlite the face of a `pg` client: what would go over a network is collected, and handed over when the server is to
 * answer. So everything that the adapter of pg does (pipelines, portals, prepared statements) works here too.
 */
export class PGliteClient implements PgClient, Wire {
  readonly pglite: PGlite;
  readonly connection: Wire = this;
  readonly stream: Wire["stream"];
  readonly host = "";
  readonly port = 0;
  readonly ssl = false;
  readonly processID = 0;
  readonly secretKey = 0;
  private readonly serialize: Serialize;
  private readonly parser: InstanceType<PGliteModule["protocol"]["Parser"]>;
  private readonly listeners = new Map<string, ((message: never) => void)[]>();
  private readonly waiting: Exchange[] = [];
  private active: Exchange | undefined = undefined;
  private idle = true;
  private outgoing: Uint8Array[] = [];
  private working = false;
  private ended = false;
  /** Data of COPY is collected, for the server cannot wait in the middle of it. */
  private copying = false;
  /** A text among the outgoing messages looks like COPY FROM STDIN. */
  private mayCopy = false;

  constructor(pglite: PGlite, { serialize, Parser }: PGliteModule["protocol"]) {
    this.pglite = pglite;
    this.serialize = serialize;
    this.parser = new Parser();
    this.stream = { destroy: (error) => this.fail(error ?? ended()) };
  }

  /** Tells what a server tells at login. */
  async connect(): Promise<void> {
    const text = `SELECT name, setting FROM pg_settings WHERE name IN ('server_version', 'DateStyle', 'standard_conforming_strings')`;
    const answer = await this.pglite.execProtocolRaw(this.serialize.query(text), { syncToFs: false });
    this.parser.parse(answer, ({ name, fields }) => {
      if (name !== "dataRow") return;
      const [parameterName, parameterValue] = fields as unknown as [string, string];
      this.emit("parameterStatus", { parameterName, parameterValue });
    });
  }

  // ---- the client -------------------------------------------------------------------------------------------------------

  /** An exchange, as of pg's client; a text by the simple protocol, as of its wire. */
  query(given: Exchange | string): void {
    if (typeof given === "string") this.script(given);
    else if (this.ended) queueMicrotask(() => given.handleError(ended()));
    else this.waiting.push(given);
    this.next();
  }

  private next(): void {
    if (!this.idle || this.ended) return;
    const exchange = this.waiting.shift();
    if (exchange === undefined) return;
    this.active = exchange;
    this.idle = false;
    exchange.submit(this);
  }

  async end(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    await this.pglite.close();
    this.emit("end", undefined);
  }

  on(event: string, listener: (message: never) => void): this {
    const found = this.listeners.get(event);
    if (found === undefined) this.listeners.set(event, [listener]);
    else found.push(listener);
    return this;
  }

  removeListener(event: string, listener: (message: never) => void): this {
    this.listeners.set(
      event,
      (this.listeners.get(event) ?? []).filter((other) => other !== listener),
    );
    return this;
  }

  private emit(event: string, message: unknown): void {
    for (const listener of this.listeners.get(event) ?? []) listener(message as never);
  }

  private fail(error: Error): void {
    if (this.ended) return;
    this.ended = true;
    const { active } = this;
    this.active = undefined;
    active?.handleError(error);
    for (const exchange of this.waiting.splice(0)) exchange.handleError(error);
    this.emit("error", error);
  }

  // ---- the wire ---------------------------------------------------------------------------------------------------------

  parse(message: { readonly name: string; readonly text: string }): void {
    this.mayCopy ||= COPY_IN.test(message.text);
    this.outgoing.push(this.serialize.parse(message));
  }

  bind(message: Parameters<Wire["bind"]>[0]): void {
    this.outgoing.push(this.serialize.bind(message));
  }

  describe(message: Parameters<Wire["describe"]>[0]): void {
    this.outgoing.push(this.serialize.describe(message));
  }

  execute(message: Parameters<Wire["execute"]>[0]): void {
    this.outgoing.push(this.serialize.execute(message));
  }

  close(message: Parameters<Wire["close"]>[0]): void {
    this.outgoing.push(this.serialize.close(message));
  }

  sync(): void {
    this.refuseCopy();
    this.outgoing.push(this.serialize.sync());
    this.send();
  }

  flush(): void {
    this.refuseCopy();
    this.outgoing.push(this.serialize.flush());
    this.send();
  }

  private script(text: string): void {
    this.outgoing.push(this.serialize.query(text));
    this.mayCopy = COPY_IN.test(text);
    this.copying = this.mayCopy && /^\s*copy\b/i.test(text);
    if (this.copying) {
      queueMicrotask(() => this.active?.handleCopyInResponse(this));
      return;
    }
    this.refuseCopy();
    this.send();
  }

  /**
   * A server that wants data for COPY and finds none in what it was handed ends for good, so a refusal lies there. It is ignored
   * where nothing is copied.
   */
  private refuseCopy(): void {
    if (this.mayCopy) this.outgoing.push(this.serialize.copyFail("COPY FROM STDIN needs a stream: use copyFrom()"));
    this.mayCopy = false;
  }

  sendCopyFromChunk(chunk: Uint8Array): void {
    this.outgoing.push(this.serialize.copyData(chunk));
  }

  endCopyFrom(): void {
    this.outgoing.push(this.serialize.copyDone());
    this.mayCopy = false;
    this.send();
  }

  sendCopyFail(message: string): void {
    this.outgoing.push(this.serialize.copyFail(message));
    this.mayCopy = false;
    this.send();
  }

  requestSsl(): void {
    // There is no network to encrypt.
  }

  cancel(): void {
    // The server runs on this thread: whoever could ask it to stop waits for it.
  }

  private send(): void {
    this.copying = false;
    if (this.working) return;
    this.working = true;
    this.work().catch((error: unknown) => {
      this.fail(new InterfaceError("PGlite has failed.", { code: "PGLITE_FAILED", disconnected: true, cause: error }));
    });
  }

  private async work(): Promise<void> {
    while (this.outgoing.length > 0 && !this.copying) {
      const message = Buffer.concat(this.outgoing);
      this.outgoing = [];
      const answer = await this.pglite.execProtocolRaw(message, { syncToFs: true });
      this.parser.parse(answer, (each) => this.dispatch(each));
    }
    this.working = false;
  }

  /** As pg's client does it: after an error the exchange is not told of ReadyForQuery. */
  private dispatch(message: Message): void {
    // An error of a statement is no error of the client, which has listeners under the same name.
    if (message.name !== "error") this.emit(message.name, message);
    const { active } = this;
    switch (message.name) {
      case "rowDescription":
        active?.handleRowDescription(message);
        break;
      case "dataRow":
        active?.handleDataRow(message);
        break;
      case "commandComplete":
        active?.handleCommandComplete(message, this);
        break;
      case "emptyQuery":
        active?.handleEmptyQuery(this);
        break;
      case "portalSuspended":
        active?.handlePortalSuspended(this);
        break;
      case "copyData":
        active?.handleCopyData(message);
        break;
      case "error":
        this.active = undefined;
        active?.handleError(message as unknown as Error);
        break;
      case "readyForQuery":
        this.active = undefined;
        this.idle = true;
        active?.handleReadyForQuery(this);
        this.next();
        break;
    }
  }
}

function ended(): InterfaceError {
  return new InterfaceError("The connection has ended.", { code: "CONNECTION_ENDED", disconnected: true });
}
