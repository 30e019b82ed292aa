import {
  PoolAbortedError,
  PoolClosedError,
  PoolCreateError,
  type PoolError,
  PoolQueueFullError,
  PoolTimeoutError,
  PoolUsageError,
} from "./errors.js";
import { describeStatus, type PoolStatus } from "./status.js";

const TRACK = "Set `trackLeaks: true` to see in this message who holds the resources.";

/** `acquire` waited in vain. `holders` is the leak tracker's text, undefined when leaks are not tracked. */
export function acquireTimedOut(ms: number, status: PoolStatus, holders: string | undefined): PoolTimeoutError {
  const where = `No resource became free within ${ms} ms: ${describeStatus(status)}.`;
  const remedy =
    status.used === 0 && status.creating > 0
      ? "`create` is slower than that: check that the other side can be reached, or raise `acquireTimeout`."
      : "Release each lease as soon as its work is done (`await using`, or `pool.use`), never acquire a second one while " +
        "holding the first, or raise `max`, `overflow` or `acquireTimeout`.";
  return new PoolTimeoutError(where, {
    code: "POOL_TIMEOUT",
    remedy: `${remedy}${holders === undefined ? ` ${TRACK}` : holders}`,
    status,
    holders,
  });
}

export function closeTimedOut(ms: number, status: PoolStatus, holders: string | undefined): PoolTimeoutError {
  return new PoolTimeoutError(`The pool did not get all resources back within ${ms} ms: ${describeStatus(status)}.`, {
    code: "POOL_CLOSE_TIMEOUT",
    remedy:
      "The rest is destroyed when it comes back. Release every lease before `close`, or close with `wait: false`." +
      (holders === undefined ? ` ${TRACK}` : holders),
    status,
    holders,
  });
}

/** The reason that listeners of `invalidate` hear when `close` loses its patience. */
export function forcedToClose(): PoolClosedError {
  return new PoolClosedError("The pool was closed by force while this resource was lent out.", {
    code: "POOL_CLOSED",
    remedy: "Finish the work before the pool closes, or give `close` more time.",
  });
}

export function queueFull(maxQueue: number, status: PoolStatus): PoolQueueFullError {
  return new PoolQueueFullError(`The pool's queue is full (\`maxQueue\` is ${maxQueue}): ${describeStatus(status)}.`, {
    code: "POOL_QUEUE_FULL",
    remedy: "Send less at once, try again later, or raise `max`, `overflow` or `maxQueue`.",
    status,
  });
}

export function closed(): PoolClosedError {
  return new PoolClosedError("The pool is closed.", {
    code: "POOL_CLOSED",
    remedy: "Make a new Pool, or close it only after the last acquire.",
  });
}

export function aborted(reason: unknown): PoolAbortedError {
  return new PoolAbortedError("The wait for a resource was aborted by its signal.", {
    code: "POOL_ABORTED",
    remedy: "`cause` holds the reason that was given to the AbortController.",
    cause: reason,
  });
}

/** What the waiting caller gets when `create` failed with `error`. */
export function createFailed(error: unknown): PoolError {
  if (error instanceof PoolCreateError) return error;
  const said = error instanceof Error ? error.message : String(error);
  return new PoolCreateError(`The pool could not create a resource: ${said}${/[.!?]$/.test(said) ? "" : "."}`, {
    code: "POOL_CREATE_FAILED",
    remedy: "`cause` holds the error that `create` or a `connect` listener threw.",
    cause: error,
  });
}

export function leaked(stack: string): PoolUsageError {
  return new PoolUsageError("A lease was garbage-collected without having been released; its resource is destroyed.", {
    code: "POOL_LEAK",
    remedy: `Release each lease (\`await using\`, or \`pool.use\`). It was checked out:\n${stack}`,
  });
}
