import type { ConnectOptions, Driver } from "@acme/core/dialect";
import { classify, markConnectFailure } from "./driver/classify.js";
import { PostgresConnection } from "./driver/connection.js";
import { readEmbeddedOptions, readOptions, type Settings } from "./driver/options.js";
import { checkIsJavaScript, loadPg, type PgClient, type PgModule } from "./driver/pg.js";
import { loadPGlite, type PGlite, PGliteClient } from "./driver/pglite.js";

async function open(pg: PgModule | undefined, client: PgClient, settings: Settings): Promise<PostgresConnection> {
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
 * For the options of a connection see `driver/options.ts`. `connect` gives a client of pg that is not connected yet.
 *
 * @example
 * ```ts
 * createEngine("postgresql://app:secret@db/shop?sslmode=verify-full");
 * createEngine("postgresql://", { connection: { connect: (config) => new pg.Client({ ...config, stream: tunnel }) } });
 * ```
 */
export const pgDriver: Driver = {
  name: "pg",
  async connect(options: ConnectOptions): Promise<PostgresConnection> {
    const settings = await readOptions(options);
    const pg = await loadPg();
    if (options.connect !== undefined) return open(pg, (await options.connect(settings.client)) as PgClient, settings);
    try {
      return await open(pg, new pg.Client(settings.client), settings);
    } catch (error) {
      if (!settings.sslIfPossible || !NO_TLS.test(String((error as Error).message))) throw error;
      return open(pg, new pg.Client({ ...settings.client, ssl: false }), settings);
    }
  },
  classify,
};

/**
 * The adapter of `@electric-sql/pglite`: PostgreSQL in this process, as WebAssembly. It has one session, which all callers of an
 * engine share, one after another. A statement that runs blocks the event loop and cannot be cancelled. Data for COPY are collected
 * in memory.
 *
 * The database of the URL is a folder (`postgresql+pglite:///data`), or what else PGlite takes for one; without it the database
 * is in memory. The option `client` goes to PGlite, `connect` gives an instance of the caller's.
 *
 * @example
 * ```ts
 * createEngine("postgresql+pglite://");
 * createEngine("postgresql+pglite://", { connection: { options: { client: { extensions: { vector } } } } });
 * createEngine("postgresql+pglite://", { connection: { connect: () => PGlite.create("./data") } });
 * ```
 */
export const pgliteDriver: Driver = {
  name: "pglite",
  poolDefaults: { max: 1, single: true },
  async connect(options: ConnectOptions): Promise<PostgresConnection> {
    const settings = readEmbeddedOptions(options);
    const { PGlite, protocol } = await loadPGlite();
    const instance =
      (await options.connect?.({ dataDir: settings.dataDir, ...settings.client })) ??
      (await PGlite.create(settings.dataDir, settings.client));
    return open(undefined, new PGliteClient(instance as PGlite, protocol), settings);
  },
  classify,
};
