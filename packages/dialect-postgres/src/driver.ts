import { ConnectError, type ConnectOptions, type Driver } from "@acme/core/dialect";
import { classify, markConnectFailure } from "./driver/classify.js";
import { PostgresConnection } from "./driver/connection.js";
import { type Host, type SessionTarget, targetQuestion } from "./driver/hosts.js";
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
    if (options.connect !== undefined)
      return open(pg, (await options.connect({ ...settings.client, ...settings.hosts[0] })) as PgClient, settings);
    return openFirst(pg, settings);
  },
  classify,
};

/** Connects to the first server that can be reached and is what was asked for. */
async function openFirst(pg: PgModule, settings: Settings): Promise<PostgresConnection> {
  const { hosts, target } = settings;
  // Any server will do in the second round of prefer-standby.
  const rounds = target === "prefer-standby" ? ["standby" as const, "any" as const] : [target];
  let failure: unknown;
  for (const round of rounds) {
    for (const host of hosts) {
      try {
        const connection = await openOn(pg, host, settings);
        if (await isTarget(connection, round)) return connection;
        failure = new ConnectError(`No server is what target_session_attrs asks for: ${target}.`, {
          code: "WRONG_SERVER",
        });
        await connection.close();
      } catch (error) {
        failure = error;
        // A server that answers, and refuses the login, would be right: another one is no substitute.
        if (hosts.length === 1 || refusesLogin(error)) throw error;
      }
    }
  }
  throw failure;
}

async function openOn(pg: PgModule, host: Host, settings: Settings): Promise<PostgresConnection> {
  const client = { ...settings.client, ...host };
  try {
    return await open(pg, new pg.Client(client), settings);
  } catch (error) {
    if (!settings.sslIfPossible || !NO_TLS.test(String((error as Error).message))) throw error;
    return open(pg, new pg.Client({ ...client, ssl: false }), settings);
  }
}

async function isTarget(connection: PostgresConnection, target: SessionTarget): Promise<boolean> {
  const question = targetQuestion(target);
  if (question === undefined) return true;
  return (await connection.execute(question, [], { returnsRows: true })).rows[0]?.[0] === true;
}

function refusesLogin(error: unknown): boolean {
  return String((error as { readonly code?: unknown }).code).startsWith("28");
}

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
