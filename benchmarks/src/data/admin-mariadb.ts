/** The harness's own connection to MariaDB: what `admin.ts` is for the other two. */

import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import type { Admin } from "./admin.js";
import { canonicalCustomers } from "./canonical.js";
import { type Customer, ddl } from "./schema.js";

const page = 2000;

/** Creates and fills a database of the given name; the URL of the new database. */
export async function createMariadbDatabase(
  serverUrl: string,
  name: string,
  tables: Readonly<Record<string, () => Iterable<object>>>,
): Promise<string> {
  await onServer(serverUrl, (server) => server.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await onServer(url.href, async (server) => {
    for (const statement of ddl("mariadb")) await server.query(statement);
    await server.query("SET unique_checks = 0, foreign_key_checks = 0");
    for (const [table, generate] of Object.entries(tables)) await fill(server, table, [...generate()]);
    await server.query(`ANALYZE TABLE ${Object.keys(tables).join(", ")}`);
  });
  return url.href;
}

async function fill(server: Connection, table: string, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const marks = `(${columns.map(() => "?").join(", ")})`;
  for (let at = 0; at < rows.length; at += page) {
    const some = rows.slice(at, at + page);
    const values = some.flatMap((row) =>
      Object.entries(row).map(([column, value]) => (column === "created_at" ? new Date(value as string) : value)),
    );
    await server.query(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${some.map(() => marks).join(", ")}`,
      values,
    );
  }
}

export async function dropMariadbDatabase(serverUrl: string, name: string): Promise<void> {
  await onServer(serverUrl, (server) => server.query(`DROP DATABASE IF EXISTS ${name}`));
}

async function onServer(url: string, work: (server: Connection) => Promise<unknown>): Promise<void> {
  const server = await createConnection({ uri: url, timezone: "Z" });
  try {
    await work(server);
  } finally {
    await server.end();
  }
}

export async function openMariadbAdmin(url: string): Promise<Admin> {
  const server = await createConnection({ uri: url, timezone: "Z" });
  const empty = async (): Promise<void> => void (await server.query("TRUNCATE contact"));
  return {
    empty,
    fill: async () => {
      await empty();
      await server.query("INSERT INTO contact SELECT * FROM customer");
    },
    contents: async () =>
      canonicalCustomers((await server.query<(RowDataPacket & Customer)[]>("SELECT * FROM contact"))[0]),
    close: () => server.end(),
  };
}
