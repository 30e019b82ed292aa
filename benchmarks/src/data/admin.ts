/** The harness's own connection: creates and fills the database, resets `contact` between operations, reads it back. */

import Sqlite from "better-sqlite3";
import pg from "pg";
import type { Target } from "../peers/peer.js";
import { canonicalCustomers } from "./canonical.js";
import { customers, employees, orderLines, orders, products } from "./generate.js";
import type { Customer, Database } from "./schema.js";
import { ddl, sqlitePragmas } from "./schema.js";

/** What happens to the table `contact` outside the timed parts. */
export interface Admin {
  /** No rows, and generated keys start at 1 again. */
  empty(): Promise<void>;
  /** The 10,000 rows of `customer`. */
  fill(): Promise<void>;
  /** All rows, in canonical form. */
  contents(): Promise<string>;
  close(): Promise<void>;
}

/** The tables and their rows, in the order in which they are filled. */
export const tables = { employee: employees, product: products, customer: customers, orders, order_line: orderLines };

/** Columns and rows of a table; booleans as integers where the database has none. */
function* tuples(rows: Iterable<object>, database: Database): Generator<unknown[]> {
  for (const row of rows) {
    yield Object.values(row).map((v) => (typeof v === "boolean" && database === "sqlite" ? Number(v) : v));
  }
}

function columnsOf(rows: Iterable<object>): string[] {
  for (const row of rows) return Object.keys(row);
  return [];
}

/** Creates the SQLite file that every worker process gets a copy of. */
export function createSqliteFile(file: string): void {
  const db = new Sqlite(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = OFF");
  for (const statement of ddl("sqlite")) db.exec(statement);
  db.transaction(() => {
    for (const [name, generate] of Object.entries(tables)) {
      const columns = columnsOf(generate());
      const marks = columns.map(() => "?").join(", ");
      const insert = db.prepare(`INSERT INTO ${name} (${columns.join(", ")}) VALUES (${marks})`);
      for (const row of tuples(generate(), "sqlite")) insert.run(...row);
    }
  })();
  db.exec("ANALYZE");
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.close();
}

/** Creates and fills a PostgreSQL database of the given name; the URL of the new database. */
export async function createPostgresqlDatabase(serverUrl: string, name: string): Promise<string> {
  await onServer(serverUrl, async (client) => {
    await client.query(`CREATE DATABASE ${name}`);
    await client.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    await client.query(`ALTER DATABASE ${name} SET jit = off`);
  });
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await onServer(url.href, async (client) => {
    for (const statement of ddl("postgresql")) await client.query(statement);
    for (const [table, generate] of Object.entries(tables)) {
      const columns = columnsOf(generate()).join(", ");
      const all = JSON.stringify([...generate()]);
      await client.query(
        `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1)`,
        [all],
      );
    }
    await client.query("VACUUM ANALYZE");
  });
  return url.href;
}

export async function dropPostgresqlDatabase(serverUrl: string, name: string): Promise<void> {
  await onServer(serverUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
}

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

const copy = "INSERT INTO contact SELECT * FROM customer";

export async function openAdmin(target: Target): Promise<Admin> {
  if (target.database === "sqlite") {
    const db = new Sqlite(target.file);
    for (const pragma of sqlitePragmas) db.pragma(pragma);
    const all = db.prepare<[], Customer>("SELECT * FROM contact");
    return {
      empty: async () => void db.exec("DELETE FROM contact"),
      fill: async () => void db.exec(`BEGIN; DELETE FROM contact; ${copy}; COMMIT`),
      contents: async () => canonicalCustomers(all.all()),
      close: async () => void db.close(),
    };
  }
  if (target.database === "mariadb") return (await import("./admin-mariadb.js")).openMariadbAdmin(target.url);
  const client = new pg.Client({ connectionString: target.url });
  await client.connect();
  return {
    empty: async () => void (await client.query("TRUNCATE contact RESTART IDENTITY")),
    fill: async () => void (await client.query(`TRUNCATE contact RESTART IDENTITY; ${copy}`)),
    contents: async () => canonicalCustomers((await client.query<Customer>("SELECT * FROM contact")).rows),
    close: () => client.end(),
  };
}
