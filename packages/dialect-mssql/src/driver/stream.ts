import type { DriverStream } from "@acme/core/dialect";
import type { Connection } from "tedious";
import type { RowListener, Running } from "./request.js";

type Row = readonly unknown[];

/** Rows in batches. The server is held back while nobody takes them. */
export class MssqlStream implements DriverStream, RowListener {
  private names: readonly string[] = [];
  private readonly batchSize: number;
  private readonly connection: Connection;
  private readonly start: (listener: RowListener) => Running;
  private rows: Row[] = [];
  private running: Running | undefined = undefined;
  private finished = false;
  private failure: { readonly error: unknown } | undefined = undefined;
  private wake: (() => void) | undefined = undefined;

  constructor(connection: Connection, batchSize: number, start: (listener: RowListener) => Running) {
    this.connection = connection;
    this.batchSize = batchSize;
    this.start = start;
  }

  get columns(): readonly string[] {
    return this.names;
  }

  /** For {@link send}: the columns are known. */
  setColumns(names: readonly string[]): void {
    this.names = names;
  }

  /** For {@link send}: a row has come. */
  row(values: unknown[]): void {
    this.rows.push(values);
    if (this.rows.length < this.batchSize) return;
    this.running?.request.pause();
    this.wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Row[], void, undefined> {
    this.begin();
    try {
      for (;;) {
        if (!this.finished && this.rows.length < this.batchSize) await this.more();
        if (this.failure) throw this.failure.error;
        const batch = this.rows;
        this.rows = [];
        if (batch.length > 0) yield batch;
        if (this.finished && this.rows.length === 0) return;
        this.running?.request.resume();
      }
    } finally {
      await this.end();
    }
  }
}
