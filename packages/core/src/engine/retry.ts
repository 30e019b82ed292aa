import {
  CancelledError,
  DatabaseError,
  DeadlockError,
  InvalidRequestError,
  SerializationError,
} from "../errors/index.js";

/** How a transaction is repeated. */
export interface RetryOptions {
  /** How often the function is called at most. Default 5. */
  readonly attempts?: number | undefined;
  /** Milliseconds before the second attempt, at most; it doubles with each one. Default 20. */
  readonly delay?: number | undefined;
  /** Milliseconds between two attempts, at most. Default 2,000. */
  readonly maxDelay?: number | undefined;
  /** Which errors are worth another attempt. Default: {@link isRetryable}. */
  readonly when?: ((error: unknown) => boolean) | undefined;
  /** Told before each wait. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
}

/** An attempt that failed and will be repeated. */
export interface RetryEvent {
  readonly error: unknown;
  /** Which attempt it was, from 1. */
  readonly attempt: number;
  /** Milliseconds until the next one. */
  readonly delayMs: number;
}

/** One attempt, as it tells where it is. */
export interface Attempt {
  /** COMMIT was sent: if it failed because the connection was lost, nobody knows whether it happened. */
  committing: boolean;
  /** The function ended the transaction itself: repeating it would do twice what it committed. */
  endedInside: boolean;
}

/** Whether the database gave a transaction up that would succeed when it is repeated: a deadlock, a serialization failure. */
export function isRetryable(error: unknown): boolean {
  return error instanceof DeadlockError || error instanceof SerializationError;
}

/**
 * Calls a function until it succeeds, fails for good, or has been called often enough; the last error is thrown. Between two
 * calls there is a wait of random length ("full jitter"), so that two transactions that met do not meet again.
 */
export async function withRetry<T>(
  retry: boolean | RetryOptions | undefined,
  signal: AbortSignal | undefined,
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const { attempts = 5, delay = 20, maxDelay = 2000, when = isRetryable, onRetry } = settings(retry);
  for (let number = 1; ; number++) {
    const attempt: Attempt = { committing: false, endedInside: false };
    try {
      return await work(attempt);
    } catch (error) {
      if (number >= attempts || !when(error) || isUnsafe(error, attempt)) throw error;
      const delayMs = Math.random() * Math.min(maxDelay, delay * 2 ** (number - 1));
      onRetry?.({ error, attempt: number, delayMs });
      await pause(delayMs, signal);
    }
  }
}

function settings(retry: boolean | RetryOptions | undefined): RetryOptions {
  if (retry === undefined || retry === false) return { attempts: 1 };
  if (retry === true) return {};
  const { attempts = 5 } = retry;
  if (Number.isInteger(attempts) && attempts > 0) return retry;
  throw new InvalidRequestError(`A transaction is attempted a whole number of times from 1, not ${attempts}.`, {
    code: "BAD_ATTEMPTS",
  });
}

/** Whether repeating could do something twice, whatever the caller thinks of the error. */
function isUnsafe(error: unknown, { committing, endedInside }: Attempt): boolean {
  if (error instanceof CancelledError || endedInside) return true;
  return committing && !(error instanceof DatabaseError && !error.disconnected);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => {
      clearTimeout(timer);
      const message = "The wait before repeating a transaction was cancelled by its AbortSignal.";
      reject(new CancelledError(message, { cause: signal?.reason }));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", cancel);
      resolve();
    }, ms);
    if (signal?.aborted) cancel();
    else signal?.addEventListener("abort", cancel, { once: true });
  });
}
