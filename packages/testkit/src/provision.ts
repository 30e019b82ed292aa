import { createEngine, type Engine, parseUrl } from "@acme/core";
import type { ProvisionedDatabase } from "./target.js";

/** How a server makes room for one test file, and takes it away again. */
interface Room {
  readonly create: (name: string) => readonly string[];
  readonly drop: (name: string) => readonly string[];
  /** What changes in the URL. */
  readonly url: (
    name: string,
  ) => { readonly database: string } | { readonly username: string; readonly password: string };
}

const DATABASE: Room = {
  create: (name) => [`CREATE DATABASE ${name}`],
  drop: (name) => [`DROP DATABASE ${name}`],
  url: (name) => ({ database: name }),
};

/** A password for a user that lives as long as a test file. */
const PASSWORD = "Acme_test_1";

const ROOMS: Readonly<Record<string, Room>> = {
  // Connections that were left behind would keep the database alive.
  postgresql: { ...DATABASE, drop: (name) => [`DROP DATABASE ${name} WITH (FORCE)`] },
  mssql: {
    ...DATABASE,
    drop: (name) => [`ALTER DATABASE ${name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE`, `DROP DATABASE ${name}`],
  },
  // In Oracle a user is a schema.
  oracle: {
    create: (name) => [
      `CREATE USER ${name} IDENTIFIED BY "${PASSWORD}" QUOTA UNLIMITED ON USERS`,
      `GRANT CREATE SESSION, CREATE TABLE, CREATE SEQUENCE, CREATE VIEW TO ${name}`,
    ],
    drop: (name) => [`DROP USER ${name} CASCADE`],
    url: (name) => ({ username: name, password: PASSWORD }),
  },
};

/**
 * Makes a database of its own (a user on Oracle) on the server that a URL names, for one test file; `drop` removes it. The
 * dialect must have been imported.
 *
 * @example
 * ```ts
 * const database = await provisionDatabase("postgresql://postgres@127.0.0.1:5432/postgres");
 * const engine = createEngine(database.url);
 * // ...
 * await engine.dispose();
 * await database.drop();
 * ```
 */
export async function provisionDatabase(serverUrl: string): Promise<ProvisionedDatabase> {
  const name = `acme_test_${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`;
  const url = parseUrl(serverUrl);
  const room = await onServer(serverUrl, async (engine) => {
    const found = ROOMS[engine.dialect.name] ?? DATABASE;
    await run(engine, found.create(name));
    return found;
  });
  return {
    url: url.with(room.url(name)).render({ hidePassword: false }),
    drop: () => onServer(serverUrl, (engine) => run(engine, room.drop(name))),
  };
}

async function onServer<T>(url: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  await using engine = createEngine(url, { pool: { max: 1 } });
  return await work(engine);
}

async function run(engine: Engine, statements: readonly string[]): Promise<void> {
  await using connection = await engine.connect();
  for (const statement of statements) await connection.executeDriverSql(statement);
}
