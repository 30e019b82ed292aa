import { createConnection } from "node:net";
import type { DatabaseName } from "./databases.js";

/** What a successful login tells: which of the databases it is (MySQL and MariaDB share a protocol), and its version. */
export interface Login {
  readonly name: DatabaseName;
  readonly version: string;
}

type LogIn = (url: URL, timeoutMs: number) => Promise<Login>;

/** The value of an unknown row's only field. */
const onlyField = (row: unknown): string => String(Object.values(row as object)[0]);

async function postgresql(url: URL, timeoutMs: number): Promise<Login> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: timeoutMs });
  // A server that goes away while the connection idles reports here; the login itself rejects on its own.
  client.on("error", () => {});
  await client.connect();
  try {
    const { rows } = await client.query("SHOW server_version");
    return { name: "postgresql", version: onlyField(rows[0]).split(" ")[0] ?? "" };
  } finally {
    await client.end();
  }
}

async function mysql(url: URL, timeoutMs: number): Promise<Login> {
  const { createConnection: connect } = await import("mysql2/promise");
  const connection = await connect({ uri: url.href.replace(/^mariadb:/, "mysql:"), connectTimeout: timeoutMs });
  try {
    const [rows] = await connection.query("SELECT VERSION()");
    const version = onlyField((rows as unknown[])[0]);
    return { name: /mariadb/i.test(version) ? "mariadb" : "mysql", version: version.split("-")[0] ?? version };
  } finally {
    await connection.end();
  }
}

async function oracle(url: URL, timeoutMs: number): Promise<Login> {
  const { default: oracledb } = await import("oracledb");
  const connection = await oracledb.getConnection({
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    connectString: `${url.hostname}:${url.port || 1521}/${url.searchParams.get("service_name") ?? url.pathname.slice(1)}`,
    transportConnectTimeout: timeoutMs / 1000,
  } as Parameters<typeof oracledb.getConnection>[0]);
  try {
    return { name: "oracle", version: connection.oracleServerVersionString };
  } finally {
    await connection.close();
  }
}

async function mssql(url: URL, timeoutMs: number): Promise<Login> {
  const { Connection, Request } = await import("tedious");
  const connection = new Connection({
    server: url.hostname,
    authentication: {
      type: "default",
      options: { userName: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
    },
    options: {
      port: Number(url.port || 1433),
      database: url.pathname.slice(1) || "master",
      connectTimeout: timeoutMs,
      encrypt: url.searchParams.get("encrypt") !== "false",
      trustServerCertificate: true,
    },
  });
  try {
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
    const version = await new Promise<string>((resolve, reject) => {
      const request = new Request("SELECT CAST(SERVERPROPERTY('ProductVersion') AS varchar(40))", (error) => {
        if (error) reject(error);
      });
      request.on("row", (columns: { value: unknown }[]) => resolve(String(columns[0]?.value)));
      connection.execSql(request);
    });
    return { name: "mssql", version };
  } finally {
    connection.close();
  }
}

const logins: Readonly<Record<string, LogIn>> = {
  "postgresql:": postgresql,
  "postgres:": postgresql,
  "mysql:": mysql,
  "mariadb:": mysql,
  "oracle:": oracle,
  "mssql:": mssql,
};

/** Logs in with the real driver and asks for the version. A `dialect+driver:` scheme is read as `dialect:`. */
export async function logIn(url: string, timeoutMs = 3000): Promise<Login> {
  const parsed = new URL(url.replace(/^(\w+)\+\w+:/, "$1:"));
  const login = logins[parsed.protocol];
  if (!login) throw new Error(`no driver for the scheme "${parsed.protocol}"`);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs + 500);
  });
  try {
    return await Promise.race([login(parsed, timeoutMs), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether something listens on a local port; tells "no server" from "a server that refuses the login" without a driver. */
export function listens(port: number, timeoutMs = 500): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port, timeout: timeoutMs });
    const done = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", done(true)).once("error", done(false)).once("timeout", done(false));
  });
}
