import type { DriverStream } from "@acme/core/dialect";
import type { RowListener, Running } from "./request.js";

type Row = readonly unknown[];

/** Rows in batches. The server is held back while nobody takes them. */
export class MssqlStream implements DriverStream {
  columns: readonly string[] = [];
  private readonly options: { readonly batchSize: number };
  private readonly start: (listener: RowListener) => Running;
  private readonly cancel: () => void;

  constructor(options: { readonly batchSize: number }, start: (listener: RowListener) => Running, cancel: () => void) {
    this.options = options;
    this.start = start;
    this.cancel = cancel;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Row[], void, undefined> {
    let rows: Row[] = [];
    let finished = false;
    let failure: { readonly error: unknown } | undefined;
    let wake: (() => void) | undefined;
    const notify = (): void => {
      wake?.();
      wake = undefined;
    };
    const running = this.start({
      columns: (names) => {
        this.columns = names;
      },
      row: (values) => {
        rows.push(values);
        if (rows.length < this.options.batchSize) return;
        running.request.pause();
        notify();
      },
    });
    const ended = running.done.then(
      () => undefined,
      (error: unknown) => {
        failure = { error };
      },
    );
    void ended.then(() => {
      finished = true;
      notify();
    });
    try {
      for (;;) {
        if (!finished && rows.length < this.options.batchSize) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        if (failure) throw failure.error;
        const batch = rows;
        rows = [];
        if (batch.length > 0) yield batch;
        if (finished && rows.length === 0) return;
        running.request.resume();
      }
    } finally {
      if (!finished) {
        running.request.resume();
        this.cancel();
        await ended;
      }
    }
  }
}
