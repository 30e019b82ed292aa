import { DriverMissingError, InterfaceError } from "@acme/core/dialect";

/** The parts of the `pg` package that the adapter uses, stable through its version 8. */
export interface PgModule {
  readonly Client: new (config: Readonly<Record<string, unknown>>) => PgClient;
  readonly Connection: new (config: Readonly<Record<string, unknown>>) => Wire;
}

/** A `pg` client. */
export interface PgClient {
  readonly connection: Wire;
  readonly host: string;
  readonly port: number;
  readonly ssl: unknown;
  readonly processID: number;
  readonly secretKey: number;
  connect(): Promise<unknown>;
  query(exchange: Exchange): unknown;
  end(): Promise<void>;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "end", listener: () => void): unknown;
}

/** `pg`'s protocol connection: writes messages, tells those that come in as events. */
export interface Wire {
  readonly stream: {
    readonly writableNeedDrain?: boolean;
    cork?(): void;
    uncork?(): void;
    pause?(): unknown;
    resume?(): unknown;
    once?(event: "drain", listener: () => void): unknown;
    destroy(error?: Error): unknown;
  };
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
  query(text: string): void;
  parse(message: { readonly name: string; readonly text: string }): void;
  bind(message: { readonly portal: string; readonly statement: string; readonly values: readonly unknown[] }): void;
  describe(message: { readonly type: "P" | "S"; readonly name: string }): void;
  execute(message: { readonly portal?: string; readonly rows?: number }): void;
  close(message: { readonly type: "P" | "S"; readonly name: string }): void;
  sync(): void;
  flush(): void;
  end(): void;
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
  on(event: string, listener: (message: WireMessage) => void): unknown;
}

/** What the adapter reads of incoming messages. */
export interface WireMessage {
  /** ReadyForQuery: `I` idle, `T` in a transaction, `E` in a failed transaction. */
  readonly status?: TransactionStatus;
  readonly parameterName?: string;
  readonly parameterValue?: string;
}

/** The state of the session as the server tells it. */
export type TransactionStatus = "I" | "T" | "E";

/** A column of a result, as the server describes it. */
export interface WireField {
  readonly name: string;
  readonly dataTypeID: number;
}

/**
 * What `client.query()` takes besides texts: an object that writes its own messages and is handed the answers. The way of
 * pg-cursor and pg-copy-streams. It must end in exactly one Sync, for its ReadyForQuery makes the client go on.
 */
export interface Exchange {
  submit(wire: Wire): Error | null;
  handleRowDescription(message: { readonly fields: readonly WireField[] }): void;
  handleDataRow(message: { readonly fields: (string | null)[] }): void;
  handleCommandComplete(message: { readonly text: string }, wire: Wire): void;
  handleEmptyQuery(wire: Wire): void;
  handlePortalSuspended(wire: Wire): void;
  handleCopyInResponse(wire: Wire): void;
  handleCopyData(message: { readonly chunk: Uint8Array }): void;
  /** An ErrorResponse (then ReadyForQuery follows, of which the exchange is not told), or the end of the connection. */
  handleError(error: Error): void;
  handleReadyForQuery(wire: Wire): void;
}

/** Loads the `pg` package. `load` is another way to it, for tests. */
export async function loadPg(load: () => Promise<unknown> = () => import("pg")): Promise<PgModule> {
  let found: { readonly default?: unknown };
  try {
    found = (await load()) as { readonly default?: unknown };
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new DriverMissingError('PostgreSQL is reached through the package "pg", which is not installed.', {
      remedy: "Run `npm install pg`.",
      cause,
    });
  }
  return (found.default ?? found) as PgModule;
}

/** pg-native speaks the protocol inside libpq, where nobody can reach it. */
export function checkIsJavaScript(client: PgClient): void {
  if (typeof (client.connection as Wire | undefined)?.parse === "function") return;
  throw new InterfaceError("The native bindings of pg (pg-native) are not supported.", {
    code: "PG_NATIVE",
    remedy: "Unset NODE_PG_FORCE_NATIVE.",
  });
}
