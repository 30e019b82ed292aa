import { checkSize } from "./result.js";
import { RowMapping } from "./row-mapping.js";
import type { RowReader } from "./row-reader.js";
import type { RowSource } from "./stream-source.js";

type Rows = readonly (readonly unknown[])[];
type AnyReader = RowReader<unknown, readonly unknown[]>;

/**
 * Rows that come while they are read; see {@link Connection.stream}. It is read once, by `for await` over itself or over one of its
 * views. Leaving the loop, by `break`, `return` or an error, releases the cursor.
 */
export class RowStream<out R, out P extends readonly unknown[] = readonly unknown[]>
  implements AsyncIterable<R>, AsyncDisposable
{
  private readonly source: RowSource;
  private batchSize: number | undefined = undefined;
  private fetching: AsyncIterableIterator<R> | undefined = undefined;

  /** See {@link Connection.stream}. */
  constructor(source: RowSource) {
    this.source = source;
  }

  /** Whether all was read, or `close` was called. */
  get closed(): boolean {
    return this.source.ended;
  }

  /**
   * How many rows are fetched at a time, where the options of `stream` do not say it.
   *
   * @example
   * ```ts
   * for await (const row of conn.stream(stmt).yieldPer(1000)) await send(row);
   * ```
   */
  yieldPer(size: number): this {
    checkSize(size, "yieldPer");
    this.batchSize = size;
    return this;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<R> {
    return this.iterate((reader) => reader.object as (row: readonly unknown[]) => R);
  }

  /**
   * The next rows, `count` of them or what there is; an empty list after the last. Between two calls the stream stays open:
   * read it to its end, or close it.
   *
   * @example
   * ```ts
   * await using stream = conn.stream(stmt);
   * for (let rows = await stream.fetch(50); rows.length > 0; rows = await stream.fetch(50)) show(rows);
   * ```
   */
  async fetch(count = 1): Promise<R[]> {
    checkSize(count, "fetch");
    this.fetching ??= this[Symbol.asyncIterator]();
    const rows: R[] = [];
    while (rows.length < count) {
      const step = await this.fetching.next();
      if (step.done) break;
      rows.push(step.value);
    }
    return rows;
  }

  /** The rest of the rows, in memory. */
  async all(): Promise<R[]> {
    const rows: R[] = [];
    const iterator = this.fetching ?? this[Symbol.asyncIterator]();
    for await (const row of iterator) rows.push(row);
    return rows;
  }

  /** The first row, and ends the stream; undefined when there is none. */
  async first(): Promise<R | undefined> {
    for await (const row of this) return row;
    return undefined;
  }

  /** The rows for reading by column object: `row.get(users.c.id)`. */
  mappings(): AsyncIterableIterator<RowMapping> {
    return this.iterate((reader) => (row) => new RowMapping(reader, row));
  }

  /** The rows as tuples. */
  tuples(): AsyncIterableIterator<P> {
    return this.iterate((reader) => reader.tuple as (row: readonly unknown[]) => P);
  }

  /** The values of one column: of the first, or of the one at `index`. */
  scalars<const I extends number = 0>(index?: I): AsyncIterableIterator<P[I]> {
    return this.iterate((reader) => reader.scalar(index ?? 0) as (row: readonly unknown[]) => P[I]);
  }

  /** The rows in lists of `size`; the last one may be shorter. One turn of the event loop a list, instead of one a row. */
  async *partitions(size: number): AsyncGenerator<R[], void> {
    checkSize(size);
    const { source } = this;
    source.begin(this.batchSize ?? size);
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

  private iterate<T>(readWith: (reader: AnyReader) => (row: readonly unknown[]) => T): AsyncIterableIterator<T> {
    return new RowIterator(this.source, readWith, this.batchSize);
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
  private readonly source: RowSource;
  private readonly readWith: (reader: AnyReader) => (row: readonly unknown[]) => T;
  private readonly batchSize: number | undefined;
  private make: ((row: readonly unknown[]) => T) | undefined = undefined;
  private rows: Rows = [];
  private at = 0;
  private begun = false;
  private fetching: Promise<unknown> | undefined = undefined;

  constructor(
    source: RowSource,
    readWith: (reader: AnyReader) => (row: readonly unknown[]) => T,
    batchSize: number | undefined,
  ) {
    this.source = source;
    this.readWith = readWith;
    this.batchSize = batchSize;
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
    this.source.begin(this.batchSize);
    this.begun = true;
  }
}
