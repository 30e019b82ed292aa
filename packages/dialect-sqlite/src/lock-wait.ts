import { CancelledError, type ExecuteOptions, type MaybePromise, StatementTimeoutError } from "@acme/core/dialect";
import { resultCode } from "./classify.js";

/** Milliseconds between two attempts; the last one is repeated. */
const PAUSES = [1, 2, 5, 10, 15, 20, 25, 50, 100];

type Limits = Pick<ExecuteOptions, "signal" | "timeout">;

/**
 * Does work that needs a lock of the database file. While another connection holds it, the work is tried again for at most
 * `busyTimeout` milliseconds.
 *
 * SQLite could wait by itself, but it would block the event loop: if it is this process that holds the lock, it could never
 * give it back. Work that gets its lock is answered at once.
 */
export function patiently<T>(work: () => T, busyTimeout: number, limits: Limits = {}): MaybePromise<T> {
  try {
    return work();
  } catch (error) {
    return afterLock(error, work, busyTimeout, limits);
  }
}

/** Goes on after a failed attempt: waits when it met a lock, throws the error when it did not. */
export function afterLock<T>(error: unknown, work: () => T, busyTimeout: number, limits: Limits): Promise<T> {
  if (busyTimeout === 0 || !isBusy(error)) throw error;
  return tryAgain(work, busyTimeout, limits, error);
}

async function tryAgain<T>(
  work: () => T,
  busyTimeout: number,
  { signal, timeout }: Limits,
  first: unknown,
): Promise<T> {
  const start = performance.now();
  let busy = first;
  for (let attempt = 0; ; attempt++) {
    const waited = performance.now() - start;
    if (timeout !== undefined && waited >= timeout) {
      throw new StatementTimeoutError("The database was locked for longer than the statement was allowed to take.", {
        cause: busy,
      });
    }
    if (waited >= busyTimeout) throw busy;
    const left = Math.min(busyTimeout, timeout ?? busyTimeout) - waited;
    await pause(Math.min(PAUSES[attempt] ?? 100, left));
    if (signal?.aborted)
      throw new CancelledError("The wait for the database's lock was cancelled by its AbortSignal.", {
        cause: signal.reason,
      });
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      busy = error;
    }
  }
}

/** Whether waiting can help. Against `SQLITE_BUSY_SNAPSHOT` only repeating the transaction does. */
function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === "SQLITE_BUSY" || code === "SQLITE_BUSY_RECOVERY";
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
