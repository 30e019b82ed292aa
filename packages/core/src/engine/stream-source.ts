import type { DriverConnection, DriverStream, ExecuteOptions } from "../dialect/driver.js";
import { ArgumentError, ResourceClosedError } from "../errors/index.js";
import type { Channel, Request, Watch, Watched } from "./channel.js";
import { traceOpen } from "./diagnostics.js";
import type { Prepared } from "./executor.js";
import type { StreamOptions } from "./options.js";
import type { RowReader } from "./row-reader.js";
import { cancelledError } from "./wrap-error.js";

type Rows = readonly (readonly unknown[])[];

const BATCH_SIZE = 500;
/** Batches that grow. */
const FIRST_BATCH = 5;
const LARGEST_BATCH = 1000;

/** Where the rows of a {@link RowStream} come from. */
export interface RowSource {
  /** Makes rows of the driver's arrays; known once the first batch has come. */
  readonly reader: RowReader<unknown, readonly unknown[]>;
  /** Whether there is nothing more to come. */
  readonly ended: boolean;
  /** Says that a reader begins. Throws ResourceClosedError the second time: the rows of a stream come once. */
  begin(batchSize: number | undefined): void;
  /** The next rows; undefined after the last. */
  next(): Promise<Rows | undefined>;
  /** Ends the stream early. */
  close(): Promise<void>;
}

/** What happens when a stream opens. */
export interface StreamOpening {
  /** What is executed. */
  prepare(): Prepared;
  /** The BEGIN to wait for; undefined without one. */
  begun(): Promise<void> | undefined;
}

/** The driver's stream behind a {@link RowStream}: it holds the connection's turn from the first row asked for to the end. */
export class StreamSource implements RowSource {
  private readonly channel: Channel;
  private readonly how: StreamOpening;
  private options: StreamOptions;
  private batches: AsyncIterator<Rows> | undefined = undefined;
  private request: Request | undefined = undefined;
  private watch: Watch | undefined = undefined;
  /** What a listener threw: it reaches the caller as it is. */
  private thrown: { readonly error: unknown } | undefined = undefined;
  private read: (() => RowReader<unknown, readonly unknown[]>) | undefined = undefined;
  private passTurn: (() => void) | undefined = undefined;
  private finishTrace: ((rowCount: number, error: unknown) => void) | undefined = undefined;
  private rowCount = 0;
  private size = BATCH_SIZE;
  private state: "new" | "open" | "ended" = "new";
  /** It was closed before its end: who goes on reading must not take that for the end. */
  private cut = false;

  constructor(channel: Channel, how: StreamOpening, options: StreamOptions) {
    this.channel = channel;
    this.how = how;
    this.options = options;
  }

  get ended(): boolean {
    return this.state === "ended";
  }

  get reader(): RowReader<unknown, readonly unknown[]> {
    return (this.read as () => RowReader<unknown, readonly unknown[]>)();
  }

  begin(batchSize: number | undefined): void {
    if (this.state !== "new") {
      throw new ResourceClosedError("The stream was read already.", {
        code: "STREAM_CONSUMED",
        remedy: "Call stream() again.",
      });
    }
    const given = this.options.batchSize;
    const size = given === "growing" ? FIRST_BATCH : (given ?? batchSize ?? BATCH_SIZE);
    if (!Number.isInteger(size) || size < 1)
      throw new ArgumentError(`A batch has at least one row, not ${size}.`, { code: "BAD_SIZE" });
    const prepared = this.how.prepare();
    this.options = prepared.options;
    this.state = "open";
    this.channel.streaming = this;
    this.open(prepared, size);
  }

  private openStream(driver: DriverConnection, options: ExecuteOptions): DriverStream {
    const { channel } = this;
    const request = this.request as Request;
    if (!channel.events.observesExecution) return driver.stream(request.sql, request.parameters, this.sized(options));
    let watched: Watched;
    try {
      watched = channel.watch(request, options, this.options);
    } catch (error) {
      this.thrown = { error };
      throw error;
    }
    const { execution, how, watch } = watched;
    this.request = execution;
    this.watch = watch;
    this.finishTrace = traceOpen(channel.traceOf(execution));
    return driver.stream(execution.sql, execution.parameters, this.sized(how));
  }

  /** What the driver is told, with the size of the batch at the time when it asks. */
  private sized(options: ExecuteOptions): ExecuteOptions & { readonly batchSize: number } {
    const size = (): number => this.size;
    return {
      ...options,
      get batchSize() {
        return size();
      },
    };
  }

  private open({ statement, plan, sql, parameters }: Prepared, batchSize: number): void {
    const { signal, timeout } = this.options;
    this.size = batchSize;
    this.request = { statement, sql, parameters, batch: undefined, cached: plan.used, compilation: plan.compilation };
    const begun = this.how.begun();
    const turn = begun === undefined ? this.takeTurn() : begun.then(() => this.takeTurn());
    const started = turn.then(() => {
      const { driver } = this.channel;
      const stream = this.openStream(driver, { ...plan.driverOptions, signal, timeout });
      this.read = () => plan.readerOfNames(stream.columns) as RowReader<unknown, readonly unknown[]>;
      plan.used = true;
      return stream[Symbol.asyncIterator]();
    });
    this.batches = {
      next: () => started.then((batches) => batches.next()),
      return: () => started.then((batches) => batches.return?.() ?? { done: true, value: undefined }),
    };
  }

  /** Fulfils when the connection is free; it stays taken until `passTurn` is called. */
  private takeTurn(): Promise<void> {
    return new Promise((resolve) => {
      const held = new Promise<void>((pass) => {
        this.passTurn = pass;
      });
      void this.channel.turns.run(() => {
        resolve();
        return held;
      });
    });
  }

  async next(): Promise<Rows | undefined> {
    if (this.cut) throw cutError();
    if (this.state !== "open") return undefined;
    const { signal } = this.options;
    let step: IteratorResult<Rows>;
    try {
      if (signal?.aborted) throw cancelledError(signal, {});
      step = await (this.batches as AsyncIterator<Rows>).next();
    } catch (cause) {
      const error =
        this.thrown?.error === cause && this.thrown !== undefined
          ? cause
          : this.channel.failed(cause, this.request as Request, this.options);
      await this.abort(error);
      throw error;
    }
    if (step.done) {
      this.end();
      return undefined;
    }
    this.rowCount += step.value.length;
    if (this.options.batchSize === "growing") this.size = Math.min(this.size * 2, LARGEST_BATCH);
    return step.value;
  }

  async close(): Promise<void> {
    if (this.state === "new") this.state = "ended";
    if (this.state === "ended") return;
    this.cut = true;
    try {
      await this.batches?.return?.();
    } catch (cause) {
      throw this.channel.failed(cause, this.request as Request, this.options);
    } finally {
      this.end();
    }
  }

  /** Ends the stream because of an error, which is what the caller hears of. */
  private async abort(error: unknown): Promise<void> {
    const { watch, finishTrace } = this;
    this.watch = undefined;
    this.finishTrace = undefined;
    try {
      await this.close();
    } catch {
      // The cursor of a failed stream may be gone already.
    }
    finishTrace?.(this.rowCount, error);
    watch?.failed(error);
  }

  private end(): void {
    if (this.state === "ended") return;
    this.state = "ended";
    this.channel.streaming = undefined;
    // The connection is free before listeners hear of it: one that throws must not keep it.
    this.passTurn?.();
    this.finishTrace?.(this.rowCount, undefined);
    this.watch?.succeeded(this.rowCount, []);
  }
}

/** The error of who reads on after a stream was closed: by its user, or with its transaction or connection. */
export function cutError(): ResourceClosedError {
  return new ResourceClosedError("The stream was closed before its end.", {
    code: "STREAM_CLOSED",
    remedy: "Read it to its end before it, its transaction or its connection is closed.",
  });
}
