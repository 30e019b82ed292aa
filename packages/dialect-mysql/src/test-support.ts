import { randomUUID } from "node:crypto";
import { loadMysql2, type NativeConnection } from "./mysql2.js";

/** A database of its own for a test file. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes an empty database on the server of a URL. */
export async function provision(serverUrl: string): Promise<TestDatabase> {
  const name = `acme_${randomUUID().replaceAll("-", "").slice(0, 12)}`;
  await admin(serverUrl, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: String(url), drop: () => admin(serverUrl, `DROP DATABASE ${name}`) };
}

/** Executes one statement on a connection of its own. */
export async function admin(serverUrl: string, statement: string): Promise<void> {
  const { hostname, port, username, password } = new URL(serverUrl);
  const { createConnection } = await loadMysql2();
  const native: NativeConnection = createConnection({
    host: hostname,
    port: port === "" ? undefined : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  });
  native.on("error", () => undefined);
  try {
    await new Promise<void>((resolve, reject) =>
      native.query({ sql: statement }, (error) => (error ? reject(error) : resolve())),
    );
  } finally {
    native.destroy();
  }
}
