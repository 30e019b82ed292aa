import type { PgClient } from "./pg.js";

/** The part of a socket that tells of silence. */
interface TimedSocket {
  setTimeout(milliseconds: number, silent: () => void): unknown;
}

/**
 * Gives a session up from which nothing has come for too long although an answer is awaited: what the network has swallowed is
 * never answered, and no request to cancel gets through either. An idle session may be silent.
 */
export class Silence {
  private awaited = 0;

  /** `cut` ends the session with the error. */
  constructor(client: PgClient, limit: number, cut: (error: Error) => void) {
    const socket = client.connection.stream as unknown as TimedSocket;
    // Whatever is sent or received sets the socket's clock back; so does the sending of a statement after a pause.
    socket.setTimeout(limit, () => {
      if (this.awaited > 0) cut(new SilentSessionError(limit));
    });
  }

  /** An answer that is waited for. */
  async during<T>(answer: Promise<T>): Promise<T> {
    this.awaited += 1;
    try {
      return await answer;
    } finally {
      this.awaited -= 1;
    }
  }
}

/** Nothing came from the server: counts as a lost connection. */
class SilentSessionError extends Error {
  readonly code = "ETIMEDOUT";

  constructor(limit: number) {
    super(`Nothing came from the server for ${limit} ms (socketTimeout), so the connection was cut`);
    this.name = "SilentSessionError";
  }
}
