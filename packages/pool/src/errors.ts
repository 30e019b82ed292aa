import type { PoolStatus } from "./status.js";

/** The stable identifiers of everything that can go wrong in a pool. */
export type PoolErrorCode =
  | "POOL_TIMEOUT"
  | "POOL_CLOSED"
  | "POOL_CLOSE_TIMEOUT"
  | "POOL_ABORTED"
  | "POOL_QUEUE_FULL"
  | "POOL_CREATE_FAILED"
  | "POOL_DESTROY_FAILED"
  | "POOL_RESET_FAILED"
  | "POOL_VALIDATE_FAILED"
  | "POOL_LISTENER_FAILED"
  | "POOL_LEASE_ENDED"
  | "POOL_LEAK"
  | "POOL_BAD_OPTION";

/** What a pool error carries beside its message. */
export interface PoolErrorDetails {
  readonly code: PoolErrorCode;
  /** One sentence that says what to do about it; it is appended to the message. */
  readonly remedy: string;
  /** The error that led to this one: what `create` threw, or the reason of an `AbortSignal`. */
  readonly cause?: unknown;
}

/**
 * The root of all errors of this package.
 *
 * @example
 * ```ts
 * try {
 *   await pool.use(work);
 * } catch (error) {
 *   if (error instanceof PoolError && error.code === "POOL_TIMEOUT") return busy();
 *   throw error;
 * }
 * ```
 */
export class PoolError extends Error {
  /** A stable identifier of what went wrong; never changes between releases, so that programs may test it. */
  readonly code: PoolErrorCode;
  /** What to do about it. */
  readonly remedy: string;

  constructor(message: string, details: PoolErrorDetails) {
    super(`${message} ${details.remedy}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.remedy = details.remedy;
  }
}

/** No resource became free in time (`POOL_TIMEOUT`), or a closing pool did not get all back (`POOL_CLOSE_TIMEOUT`). */
export class PoolTimeoutError extends PoolError {
  /** The counts of the pool at the moment of the timeout. */
  readonly status: PoolStatus;
  /** Who holds resources, for how long, and where he checked them out; undefined without `trackLeaks`. */
  readonly holders: string | undefined;

  constructor(
    message: string,
    details: PoolErrorDetails & { readonly status: PoolStatus; readonly holders?: string | undefined },
  ) {
    super(message, details);
    this.status = details.status;
    this.holders = details.holders;
  }
}

/** The pool was closed before or during the wait for a resource (`POOL_CLOSED`). */
export class PoolClosedError extends PoolError {}

/** The `AbortSignal` given to `acquire` fired (`POOL_ABORTED`); `cause` is the signal's reason. */
export class PoolAbortedError extends PoolError {}

/** More callers would wait than `maxQueue` allows (`POOL_QUEUE_FULL`). */
export class PoolQueueFullError extends PoolError {
  /** The counts of the pool at the moment of the refusal. */
  readonly status: PoolStatus;

  constructor(message: string, details: PoolErrorDetails & { readonly status: PoolStatus }) {
    super(message, details);
    this.status = details.status;
  }
}

/** `create` (or a `connect` listener) threw, or took longer than `createTimeout` (`POOL_CREATE_FAILED`). */
export class PoolCreateError extends PoolError {}

/**
 * One of the functions given to the pool misbehaved: `destroy`, `reset`, `validate` or a listener. The resource that
 * was concerned has been dropped, no caller is affected: the pool tells it by an event only.
 */
export class PoolHookError extends PoolError {}

/** The pool or a lease was used wrongly (`POOL_BAD_OPTION`, `POOL_LEASE_ENDED`), or a lease was lost (`POOL_LEAK`). */
export class PoolUsageError extends PoolError {}
