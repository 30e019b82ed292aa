import type { Lease } from "@acme/pool";
import type { Driver, DriverConnection, DriverResult, ExecuteOptions, MaybePromise } from "../dialect/driver.js";
import { type AcmeError, ConnectionLostError, DatabaseError, ResourceClosedError } from "../errors/index.js";
import type { Node } from "../visit/node.js";
import type { Connection } from "./connection.js";
import type { EngineEventHub, ExecutionEvent, TransactionEvent } from "./events.js";
import { isPromise } from "./maybe.js";
import type { ExecutionOptions } from "./options.js";
import { Turns } from "./turns.js";
import { cancelledError, wrapError } from "./wrap-error.js";

/** What is asked of the driver, as errors and listeners see it. */
export interface Request {
  readonly statement: Node | undefined;
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly batch: number | undefined;
  readonly cached: boolean;
}

/** What a channel needs of its engine. */
export interface ChannelHost {
  readonly events: EngineEventHub;
  readonly hideParameters: boolean;
  readonly driver: Driver;
  /** The server is gone: no pooled connection can be trusted. */
  serverLost(error: unknown): void;
}

/**
 * The way of a Connection to its driver: one call at a time, errors made the toolkit's, listeners told, a broken connection
 * taken out of the pool.
 */
export class Channel {
  readonly turns = new Turns();
  /** The stream that is being read: until it ends nothing else can be executed. */
  streaming: { close(): Promise<void> } | undefined = undefined;
  private readonly host: ChannelHost;
  private readonly connection: Connection;
  private readonly lease: Lease<DriverConnection>;
  private readonly open: DriverConnection;
  private lostBy: unknown = undefined;
  private released = false;

  constructor(host: ChannelHost, connection: Connection, lease: Lease<DriverConnection>) {
    this.host = host;
    this.connection = connection;
    this.lease = lease;
    this.open = lease.resource;
  }

  /** Whether anybody listens to executions. */
  get observesExecution(): boolean {
    return this.host.events.observesExecution;
  }

  /** Whether the connection broke or was invalidated. */
  get lost(): boolean {
    return this.lostBy !== undefined;
  }

  /** The driver's connection. Throws ResourceClosedError when it was given back or is lost. */
  get driver(): DriverConnection {
    if (this.lostBy !== undefined) {
      throw new ResourceClosedError("The connection was lost, and with it its transaction.", {
        code: "CONNECTION_INVALIDATED",
        remedy: "Get a new connection from the engine and repeat the whole transaction.",
        cause: this.lostBy,
      });
    }
    if (this.released) throw closedError();
    return this.open;
  }

  /** Calls the driver for a statement. */
  ask(
    request: Request,
    options: ExecutionOptions | undefined,
    call: (driver: DriverConnection) => MaybePromise<DriverResult>,
  ): MaybePromise<DriverResult> {
    const { driver } = this;
    const signal = options?.signal;
    if (signal?.aborted) throw cancelledError(signal, { ...this.context(request, options) });
    if (this.host.events.observesExecution) return this.askObserved(request, options, () => call(driver));
    let answer: MaybePromise<DriverResult>;
    try {
      answer = call(driver);
    } catch (error) {
      throw this.failed(error, request, options);
    }
    if (!isPromise(answer)) return answer;
    return answer.then(undefined, (error: unknown) => {
      throw this.failed(error, request, options);
    });
  }

  /** Whether nothing is under way and nobody listens, so that {@link askAtOnce} may be used. */
  get undisturbed(): boolean {
    return !this.turns.busy && !this.host.events.observesExecution;
  }

  /** As {@link ask}, without options and without making anything that only queues, listeners and errors need. */
  askAtOnce(
    statement: Node,
    sql: string,
    parameters: readonly unknown[],
    options: ExecuteOptions,
  ): MaybePromise<DriverResult> {
    const { driver } = this;
    let answer: MaybePromise<DriverResult>;
    try {
      answer = driver.execute(sql, parameters, options);
    } catch (error) {
      throw this.failed(error, { statement, sql, parameters, batch: undefined, cached: true }, undefined);
    }
    if (!isPromise(answer)) return answer;
    return answer.then(undefined, (error: unknown) => {
      throw this.failed(error, { statement, sql, parameters, batch: undefined, cached: true }, undefined);
    });
  }

  private askObserved(
    request: Request,
    options: ExecutionOptions | undefined,
    call: () => MaybePromise<DriverResult>,
  ): MaybePromise<DriverResult> {
    const watch = this.watch(request);
    const fail = (cause: unknown): never => {
      const error = this.failed(cause, request, options);
      watch.failed(error);
      throw error;
    };
    const succeed = (answer: DriverResult): DriverResult => {
      watch.succeeded(answer.rowCount, answer.rows);
      return answer;
    };
    let answer: MaybePromise<DriverResult>;
    try {
      answer = call();
    } catch (error) {
      return fail(error);
    }
    return isPromise(answer) ? answer.then(succeed, fail) : succeed(answer);
  }

  /** Tells listeners of a call that begins, and gives the means to tell how it ended. */
  watch(request: Request): Watch {
    const { events } = this.host;
    const execution: ExecutionEvent = { ...request, connection: this.connection };
    events.emit("beforeExecute", execution);
    const start = performance.now();
    return {
      succeeded: (rowCount, rows) =>
        events.emit("afterExecute", { execution, durationMs: performance.now() - start, rowCount, rows }),
      failed: (error) => events.emit("error", { execution, durationMs: performance.now() - start, error }),
    };
  }

  /** Tells listeners of a transaction's beginning or end. */
  announce(name: "begin" | "commit" | "rollback", event: Omit<TransactionEvent, "connection">): void {
    this.host.events.emit(name, { ...event, connection: this.connection });
  }

  /** Calls the driver for BEGIN, COMMIT, ROLLBACK and their like. `word` stands for the SQL text in errors. */
  control(word: string, call: (driver: DriverConnection) => MaybePromise<void>): MaybePromise<void> {
    const { driver } = this;
    const request: Request = { statement: undefined, sql: word, parameters: [], batch: undefined, cached: true };
    try {
      const answer = call(driver);
      if (!isPromise(answer)) return undefined;
      return answer.then(undefined, (error: unknown) => {
        throw this.failed(error, request, undefined);
      });
    } catch (error) {
      throw this.failed(error, request, undefined);
    }
  }

  /** Makes the toolkit's error of a driver's, and gives a broken connection up. */
  failed(cause: unknown, request: Request, options: ExecutionOptions | undefined): AcmeError {
    const { driver } = this.host;
    const error = wrapError(cause, (given) => driver.classify(given), this.context(request, options));
    if (error instanceof DatabaseError && error.disconnected) {
      this.invalidate(error);
      if (error instanceof ConnectionLostError) this.host.serverLost(error);
    }
    return error;
  }

  /** Gives the connection up: it is closed and never used again. */
  invalidate(error: unknown): void {
    if (this.lostBy !== undefined || this.released) return;
    this.lostBy = error;
    this.lease.invalidate(error);
  }

  /** Gives the connection back to the pool. */
  release(): MaybePromise<void> {
    if (this.released) return undefined;
    this.released = true;
    return this.lease.release();
  }

  private context(request: Request, options: ExecutionOptions | undefined): Parameters<typeof wrapError>[2] {
    const { sql, parameters } = request;
    return {
      sql,
      parameters,
      hideParameters: this.host.hideParameters,
      signal: options?.signal,
      timeout: options?.timeout,
    };
  }
}

/** How a call of the driver that listeners know of has ended. */
export interface Watch {
  succeeded(rowCount: number, rows: readonly (readonly unknown[])[]): void;
  failed(error: unknown): void;
}

/** The error of whoever uses a connection after its end. */
export function closedError(): ResourceClosedError {
  return new ResourceClosedError("The connection is closed.", {
    remedy:
      "Await everything that uses it before it is closed, or before the function given to engine.begin() returns.",
  });
}
