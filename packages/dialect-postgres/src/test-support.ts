import { randomBytes } from "node:crypto";
import type { ConnectOptions } from "@acme/core/dialect";
import { afterAll, beforeAll, inject } from "vitest";
import type { PostgresConnection } from "./driver/connection.js";
import { pgDriver } from "./driver.js";

/** A database of the test file's own: made before its tests, dropped after them. */
export interface TestDatabase {
  /** How to connect to it; known when the tests run. */
  readonly options: ConnectOptions;
  readonly url: string;
  /** A connection that is closed after the tests. */
  connect(options?: Readonly<Record<string, unknown>>): Promise<PostgresConnection>;
}

function optionsOf(url: string): ConnectOptions {
  const { hostname, port, username, password, pathname } = new URL(url);
  const login = {
    username: decodeURIComponent(username),
    ...(password === "" ? {} : { password: decodeURIComponent(password) }),
  };
  return { host: hostname, port: Number(port || 5432), database: pathname.slice(1), ...login };
}

/** Call it in a describe block that is skipped where there is no PostgreSQL. */
export function ownDatabase(): TestDatabase {
  const name = `acme_pg_${randomBytes(5).toString("hex")}`;
  const open: PostgresConnection[] = [];
  let admin: PostgresConnection;
  let server: ConnectOptions;
  let url = "";

  beforeAll(async () => {
    const found = inject("databases").postgresql;
    if (!found.available) throw new Error(found.reason);
    server = optionsOf(found.url);
    const own = new URL(found.url);
    own.pathname = `/${name}`;
    url = own.href;
    admin = (await pgDriver.connect(server)) as PostgresConnection;
    await admin.execute(`CREATE DATABASE ${name}`, [], {});
  });

  afterAll(async () => {
    await Promise.all(open.map((connection) => connection.close()));
    await admin.execute(`DROP DATABASE ${name} WITH (FORCE)`, [], {});
    await admin.close();
  });

  return {
    get options() {
      return { ...server, database: name };
    },
    get url() {
      return url;
    },
    async connect(options) {
      const connection = (await pgDriver.connect({
        ...server,
        database: name,
        ...(options && { options }),
      })) as PostgresConnection;
      open.push(connection);
      return connection;
    },
  };
}
