import type { AcquireOptions, CloseOptions, Lease, PoolError, PoolStatus } from "@acme/pool";
import type { DriverConnection } from "../dialect/driver.js";
import {
  AcmeError,
  ArgumentError,
  CancelledError,
  ConnectError,
  InterfaceError,
  OperationalError,
  PoolTimeoutError,
  ResourceClosedError,
} from "../errors/index.js";
import type { ConnectionHooks, ConnectionPool, EnginePoolOptions, PoolFactory } from "./options.js";

/** How the connections of an engine are made, and how many there may be. */
export interface PoolPlan extends ConnectionHooks {
  /** False: a connection for each use. */
  readonly options: EnginePoolOptions | PoolFactory | false;
  /** One connection that lives as long as the engine. */
  readonly single: boolean;
}

/**
 * The pool of an engine. The package behind it is loaded with the first connection, so that programs which only compile
 * statements (in a browser, on an edge runtime) never meet it.
 */
export class Pooling {
  private readonly plan: PoolPlan;
  private pool: ConnectionPool | undefined = undefined;
  private loading: Promise<ConnectionPool> | undefined = undefined;
  private disposed = false;

  constructor(plan: PoolPlan) {
    this.plan = plan;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.disposed;
  }

  /** An idle connection, at once. */
  tryAcquire(): Lease<DriverConnection> | undefined {
    for (;;) {
      const lease = this.pool?.tryAcquire();
      if (lease === undefined || !isBroken(lease)) return lease;
    }
  }

  /** A connection: an idle one, a new one, or the next that comes back. */
  async acquire(options: AcquireOptions): Promise<Lease<DriverConnection>> {
    if (this.disposed) throw disposedError();
    try {
      const pool = await this.load();
      for (;;) {
        const lease = await pool.acquire(options);
        if (!isBroken(lease)) return lease;
      }
    } catch (error) {
      throw translated(error as PoolError);
    }
  }

  /** Drops all connections, idle ones now, lent ones when they come back. */
  invalidateAll(error: unknown): void {
    this.pool?.invalidateAll(error);
  }

  /** Closes the pool. */
  async close(options: CloseOptions): Promise<void> {
    this.disposed = true;
    try {
      const pool = await this.loading;
      await pool?.close(options);
    } catch (error) {
      throw translated(error as PoolError);
    }
  }

  /** The counts of this moment. */
  status(): PoolStatus {
    return this.pool?.status() ?? { size: 0, idle: 0, used: 0, pending: 0, creating: 0, overflow: 0, ...this.bounds() };
  }

  private bounds(): Pick<PoolStatus, "max" | "limit"> {
    const { options, single } = this.plan;
    if (options === false || typeof options === "function") return { max: 0, limit: Number.POSITIVE_INFINITY };
    const max = single ? 1 : (options.max ?? 10);
    return { max, limit: single ? 1 : max + (options.overflow ?? 0) };
  }

  private load(): Promise<ConnectionPool> {
    this.loading ??= this.make().then((pool) => {
      this.pool = pool;
      return pool;
    });
    return this.loading;
  }

  private async make(): Promise<ConnectionPool> {
    const { options, single, ...hooks } = this.plan;
    if (typeof options === "function") return options(hooks);
    const { NullPool, Pool, StaticPool } = await import("@acme/pool");
    if (options === false) return new NullPool(hooks);
    const { resetOnReturn, ...sizes } = options;
    const all = { ...sizes, ...hooks, reset: resetOf(hooks.reset, resetOnReturn) };
    return single ? new StaticPool(all) : new Pool(all);
  }
}

/** What is done with a connection that comes back. */
function resetOf(
  reset: ConnectionHooks["reset"],
  how: EnginePoolOptions["resetOnReturn"] = "rollback",
): ConnectionHooks["reset"] {
  if (how === "rollback") return reset;
  if (how === false) return undefined;
  if (how !== "commit") {
    throw new ArgumentError(`A connection cannot be reset by ${String(how)}.`, {
      code: "BAD_OPTION",
      remedy: 'pool.resetOnReturn is "rollback", "commit" or false.',
    });
  }
  return async (connection) => {
    await connection.commit();
    await reset?.(connection);
  };
}

/** Whether the driver has heard meanwhile that a connection is gone; the pool drops it then. */
function isBroken(lease: Lease<DriverConnection>): boolean {
  if (lease.resource.broken !== true) return false;
  lease.invalidate();
  return true;
}

/** The toolkit's error for a pool's. */
function translated(error: PoolError | AcmeError): AcmeError {
  if (error instanceof AcmeError) return error;
  switch (error.code) {
    case "POOL_CREATE_FAILED":
      if (error.cause instanceof AcmeError) return error.cause;
      return new ConnectError(error.message, { cause: error });
    case "POOL_TIMEOUT":
    case "POOL_QUEUE_FULL":
    case "POOL_CLOSE_TIMEOUT":
      return exhausted(error as Exhaustion);
    case "POOL_ABORTED":
      return new CancelledError("The wait for a connection was cancelled by its AbortSignal.", { cause: error.cause });
    case "POOL_CLOSED":
      return disposedError();
    case undefined:
      return new InterfaceError("The pool failed.", { cause: error });
    default:
      return new OperationalError(error.message, { code: error.code, cause: error });
  }
}

type Exhaustion = PoolError & { readonly status: PoolStatus; readonly holders?: string | undefined };

function exhausted(error: Exhaustion): PoolTimeoutError {
  const { status } = error;
  const holders = error.holders ?? " Set pool.trackLeaks to see here who holds the connections.";
  const counts = `${status.used} of at most ${status.limit} in use, ${status.pending} waiting`;
  if (error.code === "POOL_TIMEOUT" && status.used === 0 && status.creating > 0) {
    return new PoolTimeoutError(`No connection could be opened in time (${status.creating} being opened).`, {
      code: error.code,
      remedy: "Check that the server can be reached, or raise pool.acquireTimeout.",
      cause: error,
    });
  }
  if (error.code === "POOL_CLOSE_TIMEOUT") {
    return new PoolTimeoutError(`The engine did not get all connections back (${counts}).`, {
      code: error.code,
      remedy: `Close every connection (await using) before dispose(), or dispose with \`force: true\`.${holders}`,
      cause: error,
    });
  }
  if (error.code === "POOL_QUEUE_FULL") {
    return new PoolTimeoutError(`Too many callers wait for a connection already (${counts}).`, {
      code: error.code,
      remedy: "Send less at once, try again later, or raise pool.maxQueue or pool.max.",
      cause: error,
    });
  }
  const remedy =
    status.limit === 1
      ? "The engine has one connection, and whoever holds it has not closed it. Most often it is the caller itself: inside engine.begin() or while a connection is open, work with that connection (`conn`) instead of calling engine.connect() or engine.begin() again."
      : "Close every connection as soon as its work is done (await using, engine.begin), do not ask for a second one while holding the first, or raise pool.max.";
  return new PoolTimeoutError(`No connection became free in time (${counts}).`, {
    code: error.code,
    remedy: `${remedy}${holders}`,
    cause: error,
  });
}

function disposedError(): ResourceClosedError {
  return new ResourceClosedError("The engine was disposed.", {
    code: "ENGINE_DISPOSED",
    remedy: "Create a new one, or dispose it only after the last use.",
  });
}
