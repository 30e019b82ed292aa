import type { ConnectOptions, Driver } from "@acme/core/dialect";
import { classify, markConnectFailure } from "./driver/classify.js";
import { PostgresConnection } from "./driver/connection.js";
import { readOptions, type Settings } from "./driver/options.js";
import { checkIsJavaScript, loadPg, type PgModule } from "./driver/pg.js";

async function open(pg: PgModule, settings: Settings): Promise<PostgresConnection> {
  const client = new pg.Client(settings.client);
  checkIsJavaScript(client);
  const connection = new PostgresConnection(pg, client, settings);
  try {
    await client.connect();
    await connection.setUp();
    return connection;
  } catch (error) {
    markConnectFailure(error);
    await connection.close().catch(() => undefined);
    throw error;
  }
}

/** pg does not fall back by itself. */
const NO_TLS = /does not support SSL/;

/**
 * The adapter of the npm package `pg`, version 8. It writes the messages of the protocol itself (pg's interface for cursors),
 * because pg's own queries cannot be sent behind one another nor read in batches.
 *
 * For the options of a connection see `driver/options.ts`.
 */
export const pgDriver: Driver = {
  name: "pg",
  async connect(options: ConnectOptions): Promise<PostgresConnection> {
    const settings = await readOptions(options);
    const pg = await loadPg();
    try {
      return await open(pg, settings);
    } catch (error) {
      if (!settings.sslIfPossible || !NO_TLS.test(String((error as Error).message))) throw error;
      return open(pg, { ...settings, client: { ...settings.client, ssl: false } });
    }
  },
  classify,
};
