import { ArgumentError, type ConnectOptions } from "@acme/core/dialect";
import { type Host, hostsOf, type SessionTarget, targetOf } from "./hosts.js";

/** What the options of a connection come to. */
export interface Settings {
  /** For `new pg.Client()`. */
  readonly client: Readonly<Record<string, unknown>>;
  /** Where to connect, in the order of trying; what is undefined is left to pg. */
  readonly hosts: readonly Host[];
  readonly target: SessionTarget;
  /** TLS is tried, and done without where the server has none. */
  readonly sslIfPossible: boolean;
  /** How many named statements a session keeps; 0 prepares nothing. */
  readonly preparedStatements: number;
  /** Milliseconds that the server may take to react to a request to cancel, or to a good-bye. */
  readonly cancelTimeout: number;
  /** Milliseconds without a byte from the server after which an awaited answer is given up; 0 waits for ever. */
  readonly socketTimeout: number;
}

const KNOWN = [
  "application_name",
  "cancelTimeout",
  "client",
  "connect_timeout",
  "host",
  "idle_in_transaction_session_timeout",
  "lock_timeout",
  "options",
  "port",
  "prepare",
  "preparedStatements",
  "search_path",
  "socketTimeout",
  "ssl",
  "sslcert",
  "sslkey",
  "sslmode",
  "sslrootcert",
  "statement_timeout",
  "target_session_attrs",
] as const;

type Options = Readonly<Record<string, unknown>>;

/** Seconds, as in libpq: `connect_timeout` of the URL. */
const CONNECT_TIMEOUT = 30;
const PREPARED_STATEMENTS = 256;
const CANCEL_TIMEOUT = 5000;
/** A peer that has vanished is found out while the connection idles, not only when somebody waits for it. */
const KEEPALIVE_DELAY = 30_000;

/**
 * Reads connect options: the URL's parts, and from its query string or `connectOptions`:
 *
 * - `sslmode` (disable, prefer, require, verify-ca, verify-full; no-verify as require) with `sslrootcert`, `sslcert`, `sslkey`
 *   (file names); or `ssl`: true, false, or Node's TLS options
 * - `application_name`; `search_path` (`app,public`); `options` (`-c name=value`, handed to the server)
 * - `connect_timeout` in seconds, default 30; `statement_timeout`, `lock_timeout`,
 *   `idle_in_transaction_session_timeout` in milliseconds, kept by the server
 * - `prepare`: false for poolers that give each transaction another session; `preparedStatements`: how many a session
 *   keeps, default 256
 * - `cancelTimeout`: milliseconds that the server may take to react to a request to cancel before the connection is cut,
 *   default 5000
 * - `socketTimeout`: milliseconds without a byte from the server after which an awaited answer is given up and the connection
 *   is lost. It must be longer than the longest statement. Default 0: wait for ever
 * - `host` (a directory for Unix sockets) and `port`, where the URL has none; several of them (`host=a:5432&host=b:5433`,
 *   `host=a,b&port=5432,5433`) are tried in order until one can be reached and is what `target_session_attrs` asks for: `any`
 *   (default), `read-write`, `read-only`, `primary`, `standby`, `prefer-standby`
 * - `client`: anything else that `new pg.Client()` takes
 *
 * Throws ArgumentError (`UNKNOWN_OPTION`, `BAD_OPTION`).
 */
export async function readOptions(given: ConnectOptions): Promise<Settings> {
  const options = given.options ?? {};
  checkKnown(options, KNOWN, "PostgreSQL connections");
  const { ssl, sslIfPossible } = await sslOf(options);
  const client = {
    user: given.username,
    password: given.password,
    database: given.database,
    application_name: text(options, "application_name"),
    options: startupOptions(options),
    connectionTimeoutMillis: (number(options, "connect_timeout") ?? CONNECT_TIMEOUT) * 1000,
    statement_timeout: number(options, "statement_timeout"),
    lock_timeout: number(options, "lock_timeout"),
    idle_in_transaction_session_timeout: number(options, "idle_in_transaction_session_timeout"),
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_DELAY,
    ssl,
    ...(options.client as Options | undefined),
  };
  return {
    client: defined(client),
    hosts: hostsOf(given),
    target: targetOf(options.target_session_attrs),
    sslIfPossible,
    preparedStatements: preparedOf(options),
    cancelTimeout: number(options, "cancelTimeout") ?? CANCEL_TIMEOUT,
    socketTimeout: number(options, "socketTimeout") ?? 0,
  };
}

/** How connections of PGlite are made: `client` is handed to it (extensions and their like). Throws as {@link readOptions}. */
export function readEmbeddedOptions(given: ConnectOptions): Settings & { readonly dataDir: string | undefined } {
  const options = given.options ?? {};
  checkKnown(options, ["client", "prepare", "preparedStatements"], "Connections of PGlite");
  if (given.host !== undefined) {
    throw new ArgumentError(`PGlite runs in this process, so that "${given.host}" cannot be its host.`, {
      code: "BAD_OPTION",
      remedy: "Write postgresql+pglite:///folder (three slashes) for a relative path, four for an absolute one.",
    });
  }
  return {
    client: { ...(options.client as Options | undefined) },
    dataDir: given.database === "" ? undefined : given.database,
    hosts: [],
    target: "any",
    sslIfPossible: false,
    preparedStatements: preparedOf(options),
    cancelTimeout: 0,
    socketTimeout: 0,
  };
}

function checkKnown(options: Options, known: readonly string[], what: string): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new ArgumentError(`${what} have no option "${name}".`, {
      code: "UNKNOWN_OPTION",
      remedy: `There are: ${known.join(", ")}.`,
    });
  }
}

function preparedOf(options: Options): number {
  return flag(options, "prepare") ? (number(options, "preparedStatements") ?? PREPARED_STATEMENTS) : 0;
}

/** pg takes an option that is there and undefined for a value. */
function defined(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function bad(name: string, value: unknown, expected: string): ArgumentError {
  return new ArgumentError(`The connection option "${name}" is ${expected}, not ${JSON.stringify(value)}.`, {
    code: "BAD_OPTION",
  });
}

function text(options: Options, name: string): string | undefined {
  const value = options[name];
  if (value === undefined || typeof value === "string") return value;
  throw bad(name, value, "a text");
}

function number(options: Options, name: string): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof found === "number" && Number.isInteger(found) && found >= 0) return found;
  throw bad(name, value, "a whole number");
}

/** On unless it says no. */
function flag(options: Options, name: string): boolean {
  const value = options[name];
  if (value === undefined || value === true || value === "true" || value === "1") return true;
  if (value === false || value === "false" || value === "0") return false;
  throw bad(name, value, "true or false");
}

/** Settings that the session begins with: they need no statement, and hold behind every pooler that lets them through. */
function startupOptions(options: Options): string | undefined {
  const searchPath = text(options, "search_path");
  const parts = [
    text(options, "options"),
    searchPath === undefined ? undefined : `-c search_path=${searchPath.replace(/[\\\s]/g, "\\$&")}`,
  ];
  const found = parts.filter((part) => part !== undefined);
  return found.length === 0 ? undefined : found.join(" ");
}

const SSL_MODES = ["disable", "prefer", "require", "no-verify", "verify-ca", "verify-full"];

async function sslOf(options: Options): Promise<{ readonly ssl: unknown; readonly sslIfPossible: boolean }> {
  const { ssl } = options;
  const mode = text(options, "sslmode") ?? (typeof ssl === "string" ? modeOf(ssl) : undefined);
  if (mode === undefined) return { ssl, sslIfPossible: false };
  if (!SSL_MODES.includes(mode)) throw bad("sslmode", mode, `one of ${SSL_MODES.join(", ")}`);
  if (mode === "disable") return { ssl: false, sslIfPossible: false };
  const files = {
    ca: await file(options, "sslrootcert"),
    cert: await file(options, "sslcert"),
    key: await file(options, "sslkey"),
  };
  // verify-ca trusts the certificate for whatever host; below it, libpq encrypts without asking who answers.
  const trust =
    mode === "verify-full"
      ? {}
      : mode === "verify-ca"
        ? { checkServerIdentity: () => undefined }
        : { rejectUnauthorized: false };
  return {
    ssl: defined({ ...files, ...trust, ...(typeof ssl === "object" ? ssl : undefined) }),
    sslIfPossible: mode === "prefer",
  };
}

/** `?ssl=true` in a URL: encrypted, and the certificate is checked. */
function modeOf(ssl: string): string {
  if (ssl === "true" || ssl === "1") return "verify-full";
  if (ssl === "false" || ssl === "0") return "disable";
  throw bad("ssl", ssl, "true or false");
}

async function file(options: Options, name: string): Promise<string | undefined> {
  const path = text(options, name);
  if (path === undefined) return undefined;
  const { readFile } = await import("node:fs/promises");
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new ArgumentError(`The file of the connection option "${name}" cannot be read: ${path}.`, {
      code: "BAD_OPTION",
      cause,
    });
  }
}
