import type { Lease } from "@acme/pool";
import type { Driver, DriverConnection, DriverResult, ExecuteOptions, MaybePromise } from "../dialect/driver.js";
import { OperationalError, ResourceClosedError } from "../errors/index.js";
import type { Node } from "../visit/node.js";
import type { Connection } from "./connection.js";
import { isTraced, traced, traces } from "./diagnostics.js";
import {
  type Compilation,
  EngineEventHub,
  type ExecutionEvent,
  type StatementEvent,
  type TransactionEvent,
  type TransactionEventName,
  type TwoPhaseEvent,
  type TwoPhaseEventName,
} from "./events.js";
import { judge } from "./failures.js";
import { isPromise } from "./maybe.js";
import type { ExecutionOptions } from "./options.js";
import type { ExecuteTrace, TraceTarget } from "./trace-messages.js";
import { Turns } from "./turns.js";
import { cancelledError, wrapError } from "./wrap-error.js";

/** What is asked of the driver, as errors and listeners see it. */
export interface Request {
  readonly statement: Node | undefined;
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly batch: number | undefined;
  readonly cached: boolean;
  readonly compilation?: Compilation | undefined;
  /** It is a COMMIT, sent while the connection was thought to live: if that is lost now, nobody knows what came of it. */
  readonly commits?: boolean | undefined;
}

/** What a channel needs of its engine. */
export interface ChannelHost {
  readonly events: EngineEventHub;
  readonly hideParameters: boolean;
  readonly driver: Driver;
  /** What messages on diagnostics channels say of the database. */
  readonly traceTarget: TraceTarget;
  /** Milliseconds that a ROLLBACK may take before the connection is given up. */
  readonly rollbackTimeout: number;
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
  /** The listeners: the engine's, until the connection gets some of its own. */
  events: EngineEventHub;
  private readonly host: ChannelHost;
  private readonly connection: Connection;
  private readonly lease: Lease<DriverConnection>;
  private readonly open: DriverConnection;
  private lostBy: unknown = undefined;
  private released = false;
  private detached = false;

  constructor(host: ChannelHost, connection: Connection, lease: Lease<DriverConnection>) {
    this.host = host;
    this.events = host.events;
    this.connection = connection;
    this.lease = lease;
    this.open = lease.resource;
  }

  /** Whether the connection broke or was invalidated. */
  get lost(): boolean {
    return this.lostBy !== undefined;
  }

  /** Whether it was taken out of the pool. */
  get isDetached(): boolean {
    return this.detached;
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

  /** The listeners of this connection alone. */
  ownEvents(): EngineEventHub {
    if (this.events === this.host.events) this.events = new EngineEventHub(this.host.events);
    return this.events;
  }

  /** Calls the driver for a statement: `execute`, or `executeMany` for a batch. */
  ask(request: Request, how: ExecuteOptions, options: ExecutionOptions | undefined): MaybePromise<DriverResult> {
    const { driver } = this;
    const signal = options?.signal;
    if (signal?.aborted) throw cancelledError(signal, { ...this.context(request, options) });
    if (this.events.observesExecution) return this.askObserved(driver, request, how, options);
    let answer: MaybePromise<DriverResult>;
    try {
      answer = callDriver(driver, request, how);
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
    return !this.turns.busy && !this.events.observesExecution;
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
    driver: DriverConnection,
    request: Request,
    told: ExecuteOptions,
    options: ExecutionOptions | undefined,
  ): MaybePromise<DriverResult> {
    const { execution, how, watch } = this.watch(request, told, options);
    const fail = (cause: unknown): never => {
      const error = this.failed(cause, execution, options);
      watch.failed(error);
      throw error;
    };
    const succeed = (answer: DriverResult): DriverResult => {
      watch.succeeded(answer.rowCount, answer.rows);
      return answer;
    };
    const attempt = (): MaybePromise<DriverResult> => {
      let answer: MaybePromise<DriverResult>;
      try {
        answer = this.replaced(driver, execution, how) ?? callDriver(driver, execution, how);
      } catch (error) {
        return fail(error);
      }
      return isPromise(answer) ? answer.then(succeed, fail) : succeed(answer);
    };
    if (!isTraced("execute")) return attempt();
    return traced(traces.execute, this.traceOf(execution), attempt, (answer, message) => {
      message.rowCount = answer.rowCount;
    });
  }

  /** Calls the driver for something whose answer is no result alone; `summary` says what listeners hear of it. */
  async askFor<T>(
    request: Request,
    told: ExecuteOptions,
    options: ExecutionOptions | undefined,
    call: (driver: DriverConnection, how: ExecuteOptions) => MaybePromise<T>,
    summary: (answer: T) => Pick<DriverResult, "rowCount" | "rows">,
  ): Promise<T> {
    const { driver } = this;
    if (options?.signal?.aborted) throw cancelledError(options.signal, { ...this.context(request, options) });
    const { execution, how, watch } = this.watch(request, told, options);
    let answer: T;
    try {
      answer = await call(driver, how);
    } catch (cause) {
      const error = this.failed(cause, execution, options);
      watch.failed(error);
      throw error;
    }
    const { rowCount, rows } = summary(answer);
    watch.succeeded(rowCount, rows);
    return answer;
  }

  /** What a listener answers in the driver's place. */
  private replaced(
    driverConnection: DriverConnection,
    execution: ExecutionEvent,
    options: ExecuteOptions,
  ): MaybePromise<DriverResult> | undefined {
    const name = execution.batch === undefined ? "doExecute" : "doExecuteMany";
    if (!this.events.hears(name)) return undefined;
    for (const call of this.events.calls(name)) {
      const reply = call({ execution, driverConnection, options });
      if (reply) return reply.result;
    }
    return undefined;
  }

  /**
   * Tells listeners of a call that begins, lets them rewrite it, and gives the means to tell how it ended. What a listener throws
   * is thrown as it is: the driver was not called.
   */
  watch(request: Request, told: ExecuteOptions, options: ExecutionOptions | undefined): Watched {
    const { events } = this;
    let execution: ExecutionEvent = { ...request, connection: this.connection, options };
    let how = told;
    for (const call of events.calls("beforeExecute")) {
      const reply = call(execution);
      if (!reply) continue;
      const { sql = execution.sql, parameters = execution.parameters, prepare } = reply;
      if (sql !== execution.sql || parameters !== execution.parameters) execution = { ...execution, sql, parameters };
      if (prepare !== undefined) how = { ...how, prepare };
    }
    const start = performance.now();
    return {
      execution,
      how,
      watch: {
        succeeded: (rowCount, rows) =>
          events.emit("afterExecute", { execution, durationMs: performance.now() - start, rowCount, rows }),
        failed: (error) => events.emit("error", { execution, durationMs: performance.now() - start, error }),
      },
    };
  }

  /** What the listeners of `beforeStatement` make of a statement. */
  rewritten(
    statement: Node,
    parameters: StatementEvent["parameters"],
    options: ExecutionOptions | undefined,
  ): StatementEvent {
    let event: StatementEvent = { connection: this.connection, statement, parameters, options };
    for (const call of this.events.calls("beforeStatement")) {
      const reply = call(event);
      if (reply) event = { ...event, ...reply };
    }
    return event;
  }

  /** The message of an execution on the diagnostics channel. */
  traceOf({ statement, sql, parameters, batch, cached }: Request): ExecuteTrace {
    const { hideParameters, traceTarget } = this.host;
    return {
      target: traceTarget,
      sql,
      parameters: hideParameters ? undefined : parameters,
      batch,
      cached,
      kind: statement?.kind,
    };
  }

  /** Tells listeners of a transaction's beginning or end. */
  announce(name: TransactionEventName, event: Omit<TransactionEvent, "connection">): void {
    if (this.events.hears(name)) this.events.emit(name, { ...event, connection: this.connection });
  }

  /** Tells listeners of a step of a two-phase transaction. */
  announceTwoPhase(name: TwoPhaseEventName, event: Omit<TwoPhaseEvent, "connection">): void {
    if (this.events.hears(name)) this.events.emit(name, { ...event, connection: this.connection });
  }

  /** Calls the driver for BEGIN, COMMIT, ROLLBACK and their like. `word` stands for the SQL text in errors. */
  control<T>(word: string, call: (driver: DriverConnection) => MaybePromise<T>): MaybePromise<T> {
    const { driver } = this;
    if (!isTraced("transaction")) return this.controlNow(driver, word, call);
    const message = { target: this.host.traceTarget, operation: word };
    return traced(traces.transaction, message, () => this.controlNow(driver, word, call));
  }

  private controlNow<T>(
    driver: DriverConnection,
    word: string,
    call: (driver: DriverConnection) => MaybePromise<T>,
  ): MaybePromise<T> {
    const commits = word === "COMMIT" && driver.broken !== true;
    const request: Request = {
      statement: undefined,
      sql: word,
      parameters: [],
      batch: undefined,
      cached: true,
      commits,
    };
    try {
      const answer = call(driver);
      if (!isPromise(answer)) return answer;
      return answer.then(undefined, (error: unknown) => {
        throw this.failed(error, request, undefined);
      });
    } catch (error) {
      throw this.failed(error, request, undefined);
    }
  }

  /**
   * Calls the driver for ROLLBACK. A server that does not answer in time costs the connection, and with it the transaction is gone
   * all the same: whoever rolls back because something failed must not wait for ever to say so.
   */
  rollback(): MaybePromise<void> {
    const answer = this.control("ROLLBACK", (driver) => driver.rollback());
    const limit = this.host.rollbackTimeout;
    if (!isPromise(answer) || limit > LONGEST_DELAY) return answer;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.invalidate(rollbackTimedOut(limit));
        resolve();
      }, limit);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  /** Makes the toolkit's error of a driver's, asks the listeners of `handleError`, and gives a broken connection up. */
  failed(cause: unknown, request: Request, options: ExecutionOptions | undefined): Error {
    const { driver } = this.host;
    const wrapped = wrapError(cause, (given) => driver.classify(given), this.context(request, options));
    const { error, disconnected, invalidatePool } = judge(this.events, wrapped, {
      connection: this.connection,
      sql: request.sql,
      parameters: this.host.hideParameters ? undefined : request.parameters,
      originalError: cause,
      isPrePing: false,
    });
    if (disconnected) {
      this.invalidate(error);
      if (invalidatePool) this.host.serverLost(error);
    }
    return error;
  }

  /** Gives the connection up: it is closed and never used again; `soft`ly when it is given back. */
  invalidate(error: unknown, soft = false): void {
    if (this.lostBy !== undefined || this.released) return;
    if (!soft) this.lostBy = error;
    if (!this.detached) this.lease.invalidate(error, { soft });
    else if (!soft) void this.closeDetached().then(undefined, () => undefined);
  }

  /** Takes the connection out of the pool. */
  detach(): void {
    if (this.detached) return;
    void this.driver;
    this.lease.detach();
    this.detached = true;
  }

  private async closeDetached(): Promise<void> {
    const { open } = this;
    try {
      this.events.emit("closeDetached", { connection: open });
    } finally {
      await open.close();
    }
  }

  /** Gives the connection back to the pool. */
  release(): MaybePromise<void> {
    if (this.released) return undefined;
    this.released = true;
    if (this.detached) return this.lost ? undefined : this.closeDetached();
    return this.lease.release();
  }

  private context(request: Request, options: ExecutionOptions | undefined): Parameters<typeof wrapError>[2] {
    const { sql, parameters, commits } = request;
    return {
      commits,
      sql,
      parameters,
      hideParameters: this.host.hideParameters,
      signal: options?.signal,
      timeout: options?.timeout,
    };
  }
}

/** A call of the driver as the listeners want it. */
export interface Watched {
  readonly execution: ExecutionEvent;
  readonly how: ExecuteOptions;
  readonly watch: Watch;
}

/** How a call of the driver that listeners know of has ended. */
export interface Watch {
  succeeded(rowCount: number, rows: readonly (readonly unknown[])[]): void;
  failed(error: unknown): void;
}

/** The longest delay that timers can take; a longer one would fire at once. */
const LONGEST_DELAY = 2_147_483_647;

function rollbackTimedOut(ms: number): OperationalError {
  return new OperationalError(`The server did not answer a ROLLBACK within ${ms} ms, so the connection was given up.`, {
    code: "ROLLBACK_TIMEOUT",
    remedy: "The server rolls back by itself when it hears of it. If it was only slow, raise pool.resetTimeout.",
    disconnected: true,
  });
}

/** The error of whoever uses a connection after its end. */
export function closedError(): ResourceClosedError {
  return new ResourceClosedError("The connection is closed.", {
    remedy:
      "Await everything that uses it before it is closed, or before the function given to engine.begin() returns.",
  });
}

function callDriver(
  driver: DriverConnection,
  { sql, parameters, batch }: Request,
  how: ExecuteOptions,
): MaybePromise<DriverResult> {
  if (batch === undefined) return driver.execute(sql, parameters, how);
  return driver.executeMany(sql, parameters as readonly (readonly unknown[])[], how);
}
