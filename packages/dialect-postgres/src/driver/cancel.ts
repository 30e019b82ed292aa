import type { PgClient, PgModule } from "./pg.js";

/** How long the server may take to be reached, in milliseconds. */
const LIMIT = 5000;

/**
 * Asks the server to cancel what a session is executing: a CancelRequest on a connection of its own, which needs no login and
 * which poolers understand (they do not understand `pg_cancel_backend`, as the session's number is theirs). Fulfils when the
 * server has closed that connection, which it does after it has passed the request on, or cannot be reached; never rejects.
 */
export function cancelRequest(pg: PgModule, client: PgClient): Promise<void> {
  const { host, port, ssl, processID, secretKey } = client;
  return new Promise((resolve) => {
    const wire = new pg.Connection({ ssl });
    const request = (): void => wire.cancel(processID, secretKey);
    wire.on("connect", ssl ? () => wire.requestSsl() : request);
    wire.on("sslconnect", request);
    const limit = setTimeout(() => wire.stream.destroy(), LIMIT);
    const done = (): void => {
      clearTimeout(limit);
      resolve();
    };
    wire.on("error", done);
    wire.on("end", done);
    if (host.startsWith("/")) wire.connect(`${host}/.s.PGSQL.${port}`);
    else wire.connect(port, host);
  });
}
