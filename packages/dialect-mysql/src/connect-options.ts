import { isIP } from "node:net";
import { ArgumentError, type ConnectOptions } from "@acme/core/dialect";

type Kind = "text" | "number" | "boolean" | "any";

/** Options that are mysql2's own and handed on. What else mysql2 has, the adapter decides. */
const PASSED: Readonly<Record<string, Kind>> = {
  authPlugins: "any",
  authSwitchHandler: "any",
  compress: "boolean",
  connectAttributes: "any",
  connectTimeout: "number",
  debug: "any",
  disableEval: "boolean",
  enableCleartextPlugin: "boolean",
  enableKeepAlive: "boolean",
  insecureAuth: "boolean",
  keepAliveInitialDelay: "number",
  localAddress: "text",
  maxPreparedStatements: "number",
  password2: "text",
  password3: "text",
  passwordSha1: "any",
  socketPath: "text",
  stream: "any",
};

/** Options that this adapter adds. */
const OWN = ["cancelTimeout", "localInfile", "socketTimeout", "sqlMode", "ssl"];

const CANCEL_TIMEOUT = 5000;
/** A peer that has vanished is found out while the connection idles, not only when somebody waits for it. */
const KEEPALIVE_DELAY = 30_000;

/**
 * Prepared statements kept by one connection. The server counts those of all its clients, and refuses more than 16,382 in
 * all by default (max_prepared_stmt_count); mysql2's own default is 16,000 for each connection.
 */
const MAX_PREPARED = 256;

/** How a connection is opened: mysql2's configuration, and what is said to the server first. */
export interface Settings {
  readonly config: Readonly<Record<string, unknown>>;
  readonly setup: string;
  /** Whether LOAD DATA LOCAL may be used. */
  readonly localInfile: boolean;
  /** Milliseconds that the server may take to react to a KILL, or to a good-bye. */
  readonly cancelTimeout: number;
  /** Milliseconds without a byte from the server after which an awaited answer is given up; 0 waits for ever. */
  readonly socketTimeout: number;
}

/**
 * Settings from connect options. Options come from the URL as text, or as values from the engine's options. Throws
 * ArgumentError for an option that is unknown or whose value cannot be read.
 */
export function settingsOf(options: ConnectOptions): Settings {
  const { host, port, username, password, database, options: given = {} } = options;
  const localInfile = given.localInfile !== undefined && read("localInfile", given.localInfile, "boolean") === true;
  const config: Record<string, unknown> = {
    maxPreparedStatements: MAX_PREPARED,
    keepAliveInitialDelay: KEEPALIVE_DELAY,
    ...passed(given),
    host,
    port,
    user: username,
    password,
    database,
    rowsAsArray: true,
    // Integers beyond 2^53, dates and JSON come as text: the value types read them, nothing is rounded or shifted before.
    supportBigNumbers: true,
    bigNumberStrings: false,
    dateStrings: true,
    jsonStrings: true,
    decimalNumbers: false,
    timezone: "Z",
    multipleStatements: false,
    namedPlaceholders: false,
    // The count of an UPDATE is of the rows that matched. The server must not be able to ask for files unless that was
    // switched on (even then the adapter opens none), nor function names be reserved.
    flags: ["FOUND_ROWS", localInfile ? "LOCAL_FILES" : "-LOCAL_FILES", "-IGNORE_SPACE"],
  };
  const ssl = sslOf(given.ssl, host);
  if (ssl !== undefined) config.ssl = ssl;
  return {
    config,
    setup: setupOf(given.sqlMode),
    localInfile,
    cancelTimeout: milliseconds(given, "cancelTimeout", CANCEL_TIMEOUT),
    socketTimeout: milliseconds(given, "socketTimeout", 0),
  };
}

function milliseconds(given: Readonly<Record<string, unknown>>, name: string, fallback: number): number {
  const value = given[name];
  return value === undefined ? fallback : (read(name, value, "number") as number);
}

function passed(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(PASSED, name) ? PASSED[name] : undefined;
    if (kind !== undefined) found[name] = read(name, value, kind);
    else if (!OWN.includes(name)) throw unknownOption(name);
  }
  return found;
}

function read(name: string, value: unknown, kind: Kind): unknown {
  if (kind === "any") return value;
  if (kind === "text" && typeof value === "string") return value;
  if (kind === "number" && Number.isFinite(Number(value)) && value !== "") return Number(value);
  if (kind === "boolean" && /^(true|false|1|0)$/.test(String(value)))
    return value === true || value === "true" || value === "1";
  throw new ArgumentError(`The connect option "${name}" takes a ${kind}, not ${JSON.stringify(value)}.`, {
    code: "BAD_OPTION",
  });
}

function unknownOption(name: string): ArgumentError {
  if (name === "multipleStatements") {
    return new ArgumentError(
      "Several statements in one text are not allowed: they turn any injection into any statement.",
      {
        code: "BAD_OPTION",
        remedy: "Execute them one by one.",
      },
    );
  }
  return new ArgumentError(`The connect option "${name}" is unknown.`, {
    code: "BAD_OPTION",
    remedy: `There are: ${[...Object.keys(PASSED), ...OWN].sort().join(", ")}.`,
  });
}

/**
 * `true` (certificates are checked), `"no-verify"`, the name of one of mysql2's profiles, or mysql2's own object. For a host that is
 * given by its IP address mysql2 would compare the certificate's name with `localhost`, which says nothing: that is refused.
 */
function sslOf(given: unknown, host: string | undefined): unknown {
  const ssl = sslAsGiven(given);
  const checksName = (ssl as { readonly verifyIdentity?: unknown } | undefined)?.verifyIdentity === true;
  if (!checksName || host === undefined || isIP(host) === 0) return ssl;
  throw new ArgumentError(`The name in the server's certificate cannot be checked for the IP address ${host}.`, {
    code: "TLS_IDENTITY",
    remedy: "Connect by the server's name, or give `ssl: { ca }`, which asks for a trusted certificate of any name.",
  });
}

function sslAsGiven(given: unknown): unknown {
  if (given === undefined || given === false || given === "false" || given === "0") return undefined;
  if (given === true || given === "true" || given === "1") return { verifyIdentity: true };
  return given === "no-verify" ? { rejectUnauthorized: false } : given;
}

const STRICT = `CASE WHEN FIND_IN_SET('STRICT_TRANS_TABLES', @@sql_mode) OR FIND_IN_SET('STRICT_ALL_TABLES', @@sql_mode)
  THEN @@sql_mode ELSE CONCAT_WS(',', NULLIF(@@sql_mode, ''), 'STRICT_TRANS_TABLES') END`;

/**
 * The statement that every session begins with, in one round trip: text is UTF-8, instants are UTC, a value that does not
 * fit is refused instead of cut to what fits, and so are aggregated texts and JSON not cut.
 */
function setupOf(sqlMode: unknown): string {
  const parts = ["NAMES utf8mb4", "time_zone = '+00:00'", "group_concat_max_len = 4294967295"];
  if (sqlMode === undefined) parts.push(`sql_mode = ${STRICT}`);
  else if (sqlMode !== false && sqlMode !== "false") parts.push(`sql_mode = '${checkedMode(sqlMode)}'`);
  return `SET ${parts.join(", ")}`;
}

function checkedMode(sqlMode: unknown): string {
  if (typeof sqlMode === "string" && /^[A-Z_0-9,]*$/i.test(sqlMode)) return sqlMode;
  throw new ArgumentError(`The connect option "sqlMode" cannot be ${JSON.stringify(sqlMode)}.`, {
    code: "BAD_OPTION",
    remedy:
      'Give names with commas between them, such as "ANSI_QUOTES,STRICT_ALL_TABLES", or false to leave the server\'s.',
  });
}
