import type { ExecuteOptions } from "@acme/core/dialect";

/** What can be interrupted. */
export interface Interruptible {
  /** Asks the server to stop; fulfils when it has heard. */
  cancel(): Promise<void>;
  /** Cuts the connection. */
  destroy(error: Error): void;
  /** How long the server may take to react to requests to cancel, in milliseconds; then the connection is cut. */
  readonly cancelTimeout: number;
}

/** Milliseconds between two requests for a statement that is still there: it doubles from the first to the second. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1000;

/**
 * Lets a signal and a time limit end an execution: the server is asked to cancel, and the execution then fails by the
 * server's own answer, so that the connection stays usable. Only a server that does not react costs the connection.
 *
 * A request to cancel is about a session, not about a statement: the server forgets one that overtakes the statement it was
 * meant for. So it is repeated until the statement is over.
 */
export async function interruptible<T>(
  answer: Promise<T>,
  options: ExecuteOptions,
  connection: Interruptible,
): Promise<T> {
  const { signal, timeout } = options;
  let cancelling: Promise<void> | undefined;
  let grace: NodeJS.Timeout | undefined;
  let over = false;
  let cut = false;
  let skipPause = (): void => undefined;
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      skipPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const cancel = async (): Promise<void> => {
    for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
      await connection.cancel();
      if (over) return;
      await pause(wait);
      if (over) return;
    }
  };
  const interrupt = (): void => {
    if (cancelling !== undefined) return;
    cancelling = cancel();
    grace = setTimeout(() => {
      cut = true;
      connection.destroy(new ServerSilentError());
    }, connection.cancelTimeout);
  };
  const limit = timeout === undefined ? undefined : setTimeout(interrupt, timeout);
  signal?.addEventListener("abort", interrupt);
  try {
    return await answer;
  } finally {
    over = true;
    clearTimeout(limit);
    clearTimeout(grace);
    signal?.removeEventListener("abort", interrupt);
    skipPause();
    // A request that is still on its way would hit the next statement of the session; a session that was cut has none.
    if (!cut) await cancelling;
  }
}

/** The server did not end a statement that it was asked to cancel. Counts as a cancelled statement on a lost connection. */
class ServerSilentError extends Error {
  readonly code = "57014";
  readonly severity = "FATAL";

  constructor() {
    super("The server did not react to the request to cancel the statement, so the connection was cut");
    this.name = "ServerSilentError";
  }
}
