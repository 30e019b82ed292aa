import type { ExecuteOptions } from "@acme/core/dialect";

/** What can be interrupted. */
export interface Interruptible {
  /** Asks the server to stop; fulfils when it has heard. */
  cancel(): Promise<void>;
  /** Cuts the connection. */
  destroy(error: Error): void;
}

/** How long the server may take to react to a request to cancel, in milliseconds; then the connection is cut. */
const GRACE = 5000;

/**
 * Lets a signal and a time limit end an execution: the server is asked to cancel, and the execution then fails by the
 * server's own answer, so that the connection stays usable. Only a server that does not react costs the connection.
 */
export async function interruptible<T>(
  answer: Promise<T>,
  options: ExecuteOptions,
  connection: Interruptible,
): Promise<T> {
  const { signal, timeout } = options;
  let cancelling: Promise<void> | undefined;
  let grace: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    if (cancelling !== undefined) return;
    cancelling = connection.cancel();
    grace = setTimeout(() => connection.destroy(new ServerSilentError()), GRACE);
  };
  const limit = timeout === undefined ? undefined : setTimeout(interrupt, timeout);
  signal?.addEventListener("abort", interrupt);
  try {
    return await answer;
  } finally {
    clearTimeout(limit);
    clearTimeout(grace);
    signal?.removeEventListener("abort", interrupt);
    // A request that is still on its way would hit the next statement of the session.
    await cancelling;
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
