import { CancelledError, StatementTimeoutError } from "@acme/core/dialect";

/** What may end a statement early. */
export interface Limits {
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
}

/** How a statement of a connection is stopped. */
export interface Stoppable {
  /** Asks the server, over a connection of its own, to stop the statement. */
  killQuery(): Promise<void>;
  /** Sends nothing of meaning: it takes the blow of a kill that came when the statement was over. */
  absorbKill(): Promise<void>;
  /** Closes the connection: what is left when the server cannot be asked. */
  destroy(): void;
  /** Milliseconds of silence that the server is allowed after it was asked; then the connection is closed. */
  readonly cancelTimeout: number;
  /** How many bytes have come from the server; undefined while it is kept from sending. */
  readonly received: number | undefined;
}

/** Milliseconds between two kills of a statement that is still there: it doubles from the first to the second. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1000;

/**
 * Watches a statement under way and has it killed when its signal fires or its time is over.
 *
 * KILL QUERY is about a connection, not about a statement: one that arrives between the preparing and the execution of a
 * statement is lost, and one that arrives late hits whatever comes next. So it is repeated until the statement is over; the
 * connection is not given back before it has been answered; and unless the statement was seen dying of it, something harmless
 * is sent after it.
 */
export class Interruption {
  private readonly target: Stoppable;
  private readonly limits: Limits;
  private readonly timer: ReturnType<typeof setTimeout> | undefined;
  private killing: Promise<void> | undefined = undefined;
  private cause: "signal" | "timeout" | undefined = undefined;
  private over = false;
  private grace: ReturnType<typeof setTimeout> | undefined = undefined;
  private cutOff = false;
  private received: number | undefined = undefined;
  private skipPause: () => void = () => undefined;

  /** Begins to watch. Throws CancelledError when the signal has fired already: then nothing must be sent. */
  constructor(target: Stoppable, limits: Limits) {
    const { signal, timeout } = limits;
    this.target = target;
    this.limits = limits;
    if (signal?.aborted) throw this.error();
    this.timer = timeout === undefined ? undefined : setTimeout(() => this.fire("timeout"), timeout);
    signal?.addEventListener("abort", this.aborted);
  }

  /** Whether there is anything to watch for. */
  static needed({ signal, timeout }: Limits): boolean {
    return signal !== undefined || timeout !== undefined;
  }

  /** Why the statement was killed; undefined while it has not been. */
  get fired(): "signal" | "timeout" | undefined {
    return this.cause;
  }

  /** Whether the server did not react, which has cost the connection. */
  get cut(): boolean {
    return this.cutOff;
  }

  private readonly aborted = (): void => this.fire("signal");

  /** Has the statement killed, once. */
  fire(cause: "signal" | "timeout"): void {
    if (this.killing !== undefined || this.over) return;
    this.cause = cause;
    this.received = this.target.received;
    this.grace = setTimeout(() => this.overdue(), this.target.cancelTimeout);
    this.killing = this.kill().catch(() => this.cutOffNow());
  }

  /** What was on its way before the server was asked has to be read, however long that takes: only silence counts. */
  private overdue(): void {
    const { received } = this.target;
    const silent = received === this.received && received !== undefined;
    this.received = received;
    if (silent) this.cutOffNow();
    else if (!this.over) this.grace?.refresh();
  }

  private cutOffNow(): void {
    if (this.over) return;
    this.cutOff = true;
    this.target.destroy();
  }

  private async kill(): Promise<void> {
    for (let pause = FIRST_PAUSE; !this.over; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      await this.target.killQuery();
      if (!this.over) await this.pause(pause);
    }
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.skipPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** The statement is over. `died` says that the kill was what ended it. */
  async end(died: boolean): Promise<void> {
    this.over = true;
    clearTimeout(this.timer);
    clearTimeout(this.grace);
    this.limits.signal?.removeEventListener("abort", this.aborted);
    if (this.killing === undefined) return;
    this.skipPause();
    // Whoever asks the server may still be waiting for it; a connection that was closed has no next statement to protect.
    if (this.cutOff) return;
    await this.killing;
    if (!died) await this.target.absorbKill();
  }

  /** The error for a query that the kill cut short although the server calls it a success: SLEEP() returns, rows may lack. */
  error(): Error {
    const disconnected = this.cutOff;
    const silent = disconnected
      ? " The server did not react to being asked to stop it, so the connection was cut."
      : "";
    if (this.cause === "timeout") {
      return new StatementTimeoutError(`The statement took longer than ${this.limits.timeout} ms.${silent}`, {
        disconnected,
      });
    }
    return new CancelledError(`The execution was cancelled by its AbortSignal.${silent}`, {
      cause: this.limits.signal?.reason,
      disconnected,
    });
  }
}

/** ER_QUERY_INTERRUPTED */
const INTERRUPTED = 1317;

/** Whether an error is that of a statement which KILL QUERY has ended. */
export function isInterrupted(error: unknown): boolean {
  return (error as { readonly errno?: unknown } | undefined)?.errno === INTERRUPTED;
}
