import type { DriverStream, ExecuteOptions } from "@acme/core/dialect";
import { Interruption, isInterrupted, type Stoppable } from "./interruption.js";
import type { Command, Field } from "./mysql2.js";
import { settle } from "./reply.js";
import type { Message, Session } from "./session.js";

type Row = unknown[];

/**
 * After so many milliseconds a stream that was left early is killed; until then what is still on its way is read and thrown
 * away, which for a small rest is cheaper than a connection of its own for KILL.
 */
const DRAIN_MS = 50;

/** Rows in batches, as fast as the reader takes them: the socket is paused while a batch waits to be read. */
export class RowStream implements DriverStream {
  columns: readonly string[] = [];
  private readonly session: Session;
  private readonly target: Stoppable;
  private readonly message: Message;
  private readonly options: ExecuteOptions & { readonly batchSize: number };
  private rows: Row[] = [];
  private fields: readonly Field[] = [];
  private ended = false;
  private paused = false;
  private failure: Error | undefined = undefined;
  /** Wakes the reader. */
  private wake: (() => void) | undefined = undefined;

  constructor(
    session: Session,
    target: Stoppable,
    message: Message,
    options: ExecuteOptions & { readonly batchSize: number },
  ) {
    this.session = session;
    this.target = target;
    this.message = message;
    this.options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly (readonly unknown[])[], void> {
    const interruption = new Interruption(this.target, this.options);
    try {
      this.session.listen(
        this.message,
        (command) => this.hear(command),
        (error) => this.fail(error),
      );
      for (;;) {
        const batch = await this.nextBatch();
        if (batch === undefined) break;
        yield batch;
      }
      if (interruption.fired !== undefined && (this.failure === undefined || interruption.cut))
        this.failure = interruption.error();
      if (this.failure !== undefined) throw this.failure;
    } finally {
      await this.release(interruption);
    }
  }

  private hear(command: Command): void {
    command.on("fields", (fields) => {
      this.fields = fields ?? [];
      this.columns = this.fields.map((field) => field.name);
    });
    command.on("result", (row) => {
      // A statement without rows gives its header here.
      if (!Array.isArray(row)) return;
      this.rows.push(row as Row);
      if (this.rows.length >= this.options.batchSize && !this.paused) this.pause();
    });
    command.on("error", (error) => this.fail(error));
    command.on("end", () => {
      this.ended = true;
      this.wake?.();
    });
  }

  private pause(): void {
    this.paused = true;
    this.session.pause();
    this.wake?.();
  }

  private resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.session.resume();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.ended = true;
    this.wake?.();
  }

  private async nextBatch(): Promise<readonly Row[] | undefined> {
    if (!this.ended && !this.paused) await this.woken();
    // Rows that came before an error are read before it is told; from a lost connection nothing more is.
    const broken = this.failure !== undefined && this.session.lost !== undefined;
    if (this.rows.length === 0 || broken) return undefined;
    const batch = this.rows;
    this.rows = [];
    settle(batch, this.fields, { bigints: this.options.bigintRows !== false });
    // What was held back comes now, at once as far as it has arrived.
    this.resume();
    return batch;
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }

  /** Leaves the connection fit for the next statement. */
  private async release(interruption: Interruption): Promise<void> {
    if (!this.ended) {
      const timer = setTimeout(() => interruption.fire("signal"), DRAIN_MS);
      while (!this.ended) {
        this.rows = [];
        this.resume();
        if (!this.ended && !this.paused) await this.woken();
      }
      clearTimeout(timer);
    }
    this.rows = [];
    this.session.heard();
    await interruption.end(isInterrupted(this.failure));
    if (this.options.prepare === false && this.message.values !== undefined) this.session.unprepare(this.message.sql);
  }
}
