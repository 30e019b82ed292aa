import { BaseExchange, type ExchangeHost, rowCountOf } from "./exchange.js";
import type { Wire } from "./pg.js";
import type { BatchSource, Rows } from "./portal-exchange.js";
import type { Settle, StatementRequest } from "./statement-exchange.js";

/** Whether a text is COPY TO STDOUT. */
export function isCopyOut(text: string): boolean {
  return /^\s*copy\b[\s\S]*\bto\s+stdout\b/i.test(text);
}

const COPY_COLUMNS = ["copy"];

/**
 * Reads what COPY TO STDOUT sends, each message as a row of one column. The socket is paused while a batch waits to be read. The
 * server cannot be told to stop in the protocol: a reader who leaves early has it cancelled.
 */
export class CopyOutExchange extends BaseExchange implements BatchSource {
  readonly columns: readonly string[] = COPY_COLUMNS;
  private readonly request: StatementRequest;
  private readonly batchSize: number;
  private readonly cancel: () => Promise<void>;
  private rows: (readonly unknown[])[] = [];
  private paused = false;
  private left = false;
  private isEnded = false;
  private refusal: { readonly error: unknown } | undefined = undefined;
  private wake: (() => void) | undefined = undefined;

  constructor(host: ExchangeHost, request: StatementRequest, batchSize: number, cancel: () => Promise<void>) {
    super(host, request.before);
    this.request = request;
    this.batchSize = batchSize;
    this.cancel = cancel;
  }

  get ended(): boolean {
    return this.isEnded;
  }

  async next(): Promise<Rows | undefined> {
    if (this.rows.length < this.batchSize) this.pause(false);
    while (!this.isEnded && this.rows.length < this.batchSize) await this.change();
    if (this.refusal !== undefined) throw this.refusal.error;
    if (this.rows.length === 0) return undefined;
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  async close(): Promise<void> {
    if (this.isEnded) return;
    this.left = true;
    this.rows = [];
    this.pause(false);
    await this.cancel();
    while (!this.isEnded) await this.change();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private changed(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }

  private pause(on: boolean): void {
    if (this.paused === on) return;
    this.paused = on;
    const stream = this.wire?.stream;
    if (on) stream?.pause?.();
    else stream?.resume?.();
  }

  protected override write(wire: Wire): void {
    wire.parse({ name: "", text: this.request.text });
    wire.bind({ portal: "", statement: "", values: [] });
    wire.execute({});
    this.sync(wire);
  }

  override handleCopyData({ chunk }: { readonly chunk: Uint8Array }): void {
    if (this.left) return;
    // pg reads into a buffer that it uses again.
    this.rows.push([new Uint8Array(chunk)]);
    if (this.rows.length < this.batchSize) return;
    this.pause(true);
    this.changed();
  }

  protected override described(): void {
    // COPY describes no rows.
  }

  protected override row(): void {
    // COPY sends its data otherwise.
  }

  protected override completed(): void {
    // The Sync was sent behind it.
  }

  protected override succeed(): void {
    this.finish();
  }

  protected override fail(error: unknown): void {
    if (!this.left) this.refusal = { error };
    this.finish();
  }

  private finish(): void {
    this.pause(false);
    this.isEnded = true;
    this.changed();
  }
}

/** Sends data for COPY FROM STDIN as fast as the server takes them. */
export class CopyInExchange extends BaseExchange {
  private readonly text: string;
  private readonly chunks: AsyncIterable<Uint8Array>;
  private readonly settle: Settle<number>;
  private rowCount = 0;
  private stopped = false;
  /** What the source of the data threw. */
  private thrown: { readonly error: unknown } | undefined = undefined;

  constructor(host: ExchangeHost, text: string, chunks: AsyncIterable<Uint8Array>, settle: Settle<number>) {
    super(host, []);
    this.text = text;
    this.chunks = chunks;
    this.settle = settle;
  }

  protected override write(wire: Wire): void {
    this.needsNoSync();
    wire.query(this.text);
  }

  override handleCopyInResponse(wire: Wire): void {
    void this.send(wire);
  }

  private async send(wire: Wire): Promise<void> {
    try {
      for await (const chunk of this.chunks) {
        if (this.stopped) return;
        wire.sendCopyFromChunk(chunk);
        if (wire.stream.writableNeedDrain) await drained(wire.stream, () => this.stopped);
      }
      if (!this.stopped) wire.endCopyFrom();
    } catch (error) {
      this.thrown = { error };
      if (!this.stopped) wire.sendCopyFail("the source of the data failed");
    }
  }

  protected override described(): void {
    // COPY describes no rows.
  }

  protected override row(): void {
    // COPY FROM gives no rows.
  }

  protected override completed(tag: string): void {
    this.rowCount = rowCountOf(tag);
  }

  protected override succeed(): void {
    this.stopped = true;
    this.settle.resolve(this.rowCount);
  }

  protected override fail(error: unknown): void {
    this.stopped = true;
    this.settle.reject(this.thrown === undefined ? error : this.thrown.error);
  }
}

/** Waits until the socket has room, or nobody wants to send any more. */
async function drained(stream: Wire["stream"], stopped: () => boolean): Promise<void> {
  while (stream.writableNeedDrain && !stopped()) {
    await new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, 1000);
      stream.once?.("drain", () => {
        clearTimeout(limit);
        resolve();
      });
    });
  }
}
