import { type DriverStream, type ExecuteOptions, promised, StatementTimeoutError } from "@acme/core/dialect";
import { patiently } from "./lock-wait.js";
import { narrow, type Prepared, type Row } from "./prepared.js";

const NO_COLUMNS: readonly string[] = [];

/** The rows of one execution, read from SQLite while they are asked for. */
export class RowBatches implements DriverStream, AsyncIterator<readonly Row[]> {
  private readonly prepared: Prepared;
  private readonly parameters: Row;
  private readonly options: ExecuteOptions & { readonly batchSize: number };
  private readonly busyTimeout: number;
  private readonly exact: boolean;
  private readonly deadline: number;
  private rows: Iterator<unknown> | undefined = undefined;

  constructor(
    prepared: Prepared,
    parameters: Row,
    options: ExecuteOptions & { readonly batchSize: number },
    busyTimeout: number,
  ) {
    this.prepared = prepared;
    this.parameters = parameters;
    this.options = options;
    this.busyTimeout = busyTimeout;
    this.exact = options.bigintRows !== false;
    this.deadline = options.timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + options.timeout;
  }

  get columns(): readonly string[] {
    return this.prepared.reader ? this.prepared.statement.columns().map((column) => column.name) : NO_COLUMNS;
  }

  next(): Promise<IteratorResult<readonly Row[]>> {
    return promised(() => patiently(() => this.nextBatch(), this.busyTimeout, this.options));
  }

  return(): Promise<IteratorResult<readonly Row[]>> {
    this.rows?.return?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private nextBatch(): IteratorResult<readonly Row[]> {
    const batch: Row[] = [];
    let step = this.rows === undefined ? this.firstStep() : this.rows.next();
    while (!step.done) {
      if (this.deadline < performance.now()) {
        this.rows?.return?.();
        throw new StatementTimeoutError("Reading the rows took longer than allowed.", {
          remedy: "Allow more time, or read less.",
        });
      }
      const row = step.value as unknown[];
      if (this.exact) narrow(row);
      batch.push(row);
      if (batch.length === this.options.batchSize) break;
      step = (this.rows as Iterator<unknown>).next();
    }
    return batch.length === 0 ? { done: true, value: undefined } : { done: false, value: batch };
  }

  /** It is the first step that meets a lock: nothing is kept of it then, so that it can be taken again. */
  private firstStep(): IteratorResult<unknown> {
    const { prepared, parameters } = this;
    prepared.read(this.exact);
    const rows = prepared.reader ? prepared.statement.iterate(parameters) : this.runOnly();
    const step = rows.next();
    this.rows = rows;
    return step;
  }

  /** What returns no rows (an INSERT) is executed all the same. */
  private runOnly(): Iterator<unknown> {
    this.prepared.statement.run(this.parameters);
    return [].values();
  }
}
