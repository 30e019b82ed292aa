import type { Exchange, Wire, WireField } from "./pg.js";

/** The session that an exchange belongs to: it sees every ReadyForQuery, also those that pg does not pass on. */
export interface ExchangeHost {
  /** The server reported an error: the exchange is over with the next ReadyForQuery. */
  awaitReady(exchange: BaseExchange): void;
  /** A statement of this tag was executed. */
  executed(tag: string): void;
}

/** Messages to the server and what becomes of the answers: the frame of all exchanges. */
export abstract class BaseExchange implements Exchange {
  protected readonly host: ExchangeHost;
  /** Statements in front, whose answers nobody wants: BEGIN, SAVEPOINT. */
  private readonly before: readonly string[];
  private unanswered: number;
  protected wire: Wire | undefined = undefined;
  private synced = false;
  private failure: unknown = undefined;
  private failed = false;

  constructor(host: ExchangeHost, before: readonly string[]) {
    this.host = host;
    this.before = before;
    this.unanswered = before.length;
  }

  /** Writes the messages of the exchange; `sync` ends it. */
  protected abstract write(wire: Wire): void;
  /** The exchange ended well. */
  protected abstract succeed(): void;
  /** It failed. */
  protected abstract fail(error: unknown): void;
  /** The server described the rows of the statement. */
  protected abstract described(fields: readonly WireField[]): void;
  protected abstract row(values: (string | null)[]): void;
  /** A statement is done. */
  protected abstract completed(tag: string, wire: Wire): void;

  submit(wire: Wire): null {
    this.wire = wire;
    this.corked(wire, () => {
      for (const text of this.before) {
        wire.parse({ name: "", text });
        wire.bind({ portal: "", statement: "", values: [] });
        wire.execute({});
      }
      this.write(wire);
    });
    return null;
  }

  /** Sends what `write` writes in one packet. */
  protected corked(wire: Wire, write: () => void): void {
    wire.stream.cork?.();
    try {
      write();
    } finally {
      wire.stream.uncork?.();
    }
  }

  /** Ends the exchange: the server answers with ReadyForQuery. */
  protected sync(wire: Wire): void {
    if (this.synced) return;
    this.synced = true;
    wire.sync();
  }

  /** For the simple protocol, whose one message is its own Sync. */
  protected needsNoSync(): void {
    this.synced = true;
  }

  handleRowDescription({ fields }: { readonly fields: readonly WireField[] }): void {
    this.described(fields);
  }

  handleDataRow({ fields }: { readonly fields: (string | null)[] }): void {
    if (this.failed) return;
    try {
      this.row(fields);
    } catch (error) {
      // The server goes on sending: the error is told when it is done.
      this.failed = true;
      this.failure = error;
    }
  }

  handleCommandComplete({ text }: { readonly text: string }, wire: Wire): void {
    if (this.unanswered > 0) {
      this.unanswered -= 1;
      return;
    }
    this.host.executed(text);
    this.completed(text, wire);
  }

  handleEmptyQuery(wire: Wire): void {
    this.completed("", wire);
  }

  handlePortalSuspended(_wire: Wire): void {
    // Only exchanges that ask for a number of rows are told.
  }

  handleCopyInResponse(wire: Wire): void {
    wire.sendCopyFail("COPY FROM STDIN needs data: use copyFrom() or copyFromBytes()");
  }

  handleCopyData(_message: { readonly chunk: Uint8Array }): void {
    // COPY TO STDOUT without a reader (see `copy-exchange.ts`): the rows go by.
  }

  handleError(error: Error): void {
    if (!this.failed) {
      this.failed = true;
      this.failure = error;
    }
    const { severity } = error as { readonly severity?: string };
    if (severity === undefined || severity === "FATAL" || severity === "PANIC") {
      this.fail(this.failure);
      return;
    }
    this.host.awaitReady(this);
    if (this.wire !== undefined) this.sync(this.wire);
  }

  handleReadyForQuery(): void {
    this.end();
  }

  /** The server is ready for the next exchange. */
  end(): void {
    if (this.failed) this.fail(this.failure);
    else this.succeed();
  }
}

/** The number of rows in a command tag: `SELECT 5`, `INSERT 0 1`; -1 for statements that count none. */
export function rowCountOf(tag: string): number {
  const count = Number(tag.slice(tag.lastIndexOf(" ") + 1));
  return tag === "" || Number.isNaN(count) ? -1 : count;
}

/** Nothing but a Sync: the cheapest question to which a living server has an answer. */
export class Ping extends BaseExchange {
  private readonly settle: (alive: boolean) => void;

  constructor(host: ExchangeHost, settle: (alive: boolean) => void) {
    super(host, []);
    this.settle = settle;
  }

  protected override write(wire: Wire): void {
    this.sync(wire);
  }

  protected override succeed(): void {
    this.settle(true);
  }

  protected override fail(): void {
    this.settle(false);
  }

  protected override described(): void {
    // A Sync gives no rows.
  }

  protected override row(): void {
    // A Sync gives no rows.
  }

  protected override completed(): void {
    // A Sync completes no statement.
  }
}
