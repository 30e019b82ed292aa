import { checkSize } from "./result.js";
import type { RowReader } from "./row-reader.js";
import type { StreamSource } from "./stream-source.js";

type Rows = readonly (readonly unknown[])[];
type AnyReader = RowReader<unknown, readonly unknown[]>;

/**
 * Rows that come while they are read; see {@link Connection.stream}. It is read once, by `for await` over itself or over one of its
 * views. Leaving the loop, by `break`, `return` or an error, releases the cursor.
 */
export class RowStream<out R, out P extends readonly unknown[] = readonly unknown[]>
  implements AsyncIterable<R>, AsyncDisposable
{
  private readonly source: StreamSource;

  /** See {@link Connection.stream}. */
  constructor(source: StreamSource) {
    this.source = source;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<R> {
    return new RowIterator(this.source, (reader) => reader.object as (row: readonly unknown[]) => R);
  }

  /** The rows as tuples. */
  tuples(): AsyncIterableIterator<P> {
    return new RowIterator(this.source, (reader) => reader.tuple as (row: readonly unknown[]) => P);
  }

  /** The values of one column: of the first, or of the one at `index`. */
  scalars<const I extends number = 0>(index?: I): AsyncIterableIterator<P[I]> {
    return new RowIterator(this.source, (reader) => reader.scalar(index ?? 0) as (row: readonly unknown[]) => P[I]);
  }

  /** The rows in lists of `size`; the last one may be shorter. One turn of the event loop a list, instead of one a row. */
  async *partitions(size: number): AsyncGenerator<R[], void> {
    checkSize(size);
    const { source } = this;
    source.begin(size);
    try {
      let waiting: R[] = [];
      for (let rows = await source.next(); rows !== undefined; rows = await source.next()) {
        const make = source.reader.object as (row: readonly unknown[]) => R;
        for (const row of rows) {
          waiting.push(make(row));
          if (waiting.length < size) continue;
          yield waiting;
          waiting = [];
        }
      }
      if (waiting.length > 0) yield waiting;
    } finally {
      await source.close();
    }
  }

  /** Releases the cursor. Nothing happens when all was read. */
  close(): Promise<void> {
    return this.source.close();
  }

  /** `await using rows = conn.stream(...)`: releases the cursor at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Gives the rows of a batch one by one: the promise of a row is fulfilled when it is made, only batches are waited for. */
class RowIterator<T> implements AsyncIterableIterator<T> {
  private readonly source: StreamSource;
  private readonly readWith: (reader: AnyReader) => (row: readonly unknown[]) => T;
  private make: ((row: readonly unknown[]) => T) | undefined = undefined;
  private rows: Rows = [];
  private at = 0;
  private begun = false;
  private fetching: Promise<unknown> | undefined = undefined;

  constructor(source: StreamSource, readWith: (reader: AnyReader) => (row: readonly unknown[]) => T) {
    this.source = source;
    this.readWith = readWith;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.fetching !== undefined) return this.fetching.then(() => this.next());
    const row = this.rows[this.at];
    if (row === undefined || this.make === undefined) return this.fetch();
    this.at += 1;
    try {
      return Promise.resolve({ done: false, value: this.make(row) });
    } catch (error) {
      return this.source.close().then(() => Promise.reject(error));
    }
  }

  async return(): Promise<IteratorResult<T>> {
    if (this.begun) await this.source.close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private fetch(): Promise<IteratorResult<T>> {
    const fetched = this.nextBatch();
    this.fetching = fetched.then(
      () => undefined,
      () => undefined,
    );
    return fetched.then((more) => (more ? this.next() : { done: true, value: undefined }));
  }

  private async nextBatch(): Promise<boolean> {
    try {
      this.beginOnce();
      for (;;) {
        const rows = await this.source.next();
        if (rows === undefined) return false;
        if (rows.length === 0) continue;
        this.make ??= this.readWith(this.source.reader);
        this.rows = rows;
        this.at = 0;
        return true;
      }
    } catch (error) {
      // A row that cannot be read (two columns of one name) must not leave the cursor open. But the stream of another reader
      // goes on.
      if (this.begun) await this.source.close();
      throw error;
    } finally {
      this.fetching = undefined;
    }
  }

  private beginOnce(): void {
    if (this.begun) return;
    this.source.begin(undefined);
    this.begun = true;
  }
}
