import { ArgumentError, type ConnectOptions } from "@acme/core/dialect";

type Kind = "text" | "number" | "boolean" | "any";

/** Options that are oracledb's own and handed on. */
const PASSED: Readonly<Record<string, Kind>> = {
  accessToken: "any",
  accessTokenConfig: "any",
  appContext: "any",
  configDir: "text",
  connectTimeout: "number",
  connectionIdPrefix: "text",
  driverName: "text",
  edition: "text",
  events: "boolean",
  expireTime: "number",
  externalAuth: "boolean",
  httpsProxy: "text",
  httpsProxyPort: "number",
  machine: "text",
  networkCompression: "boolean",
  networkCompressionThreshold: "number",
  newPassword: "text",
  osUser: "text",
  privilege: "number",
  program: "text",
  retryCount: "number",
  retryDelay: "number",
  sdu: "number",
  shardingKey: "any",
  sslAllowWeakDNMatch: "boolean",
  sslServerCertDN: "text",
  sslServerDNMatch: "boolean",
  stmtCacheSize: "number",
  superShardingKey: "any",
  terminal: "text",
  transportConnectTimeout: "number",
  useSNI: "boolean",
  walletContent: "text",
  walletLocation: "text",
  walletPassword: "text",
};

/** Options that this adapter adds. */
const OWN = ["connectString", "protocol", "sid"];

const DEFAULT_PORT = 1521;
/** The port of listeners that speak TLS, by convention. */
const DEFAULT_TLS_PORT = 2484;

/** What `getConnection` of the driver is given. */
export type Configuration = Readonly<Record<string, unknown>> & { readonly connectString: string };

/**
 * The driver's configuration. Options come from the URL as text, or as values from the engine's options. Throws ArgumentError for an
 * option that is unknown or whose value cannot be read.
 */
export function configurationOf(options: ConnectOptions): Configuration {
  const { username, password, options: given = {} } = options;
  return {
    ...passed(given),
    ...(username === undefined ? {} : { user: username }),
    ...(password === undefined ? {} : { password }),
    connectString: connectString(options, given),
  };
}

function passed(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(PASSED, name) ? PASSED[name] : undefined;
    if (kind !== undefined) found[name] = read(name, value, kind);
    else if (!OWN.includes(name))
      throw new ArgumentError(
        `The connect option "${name}" is unknown. There are: ${[...Object.keys(PASSED), ...OWN].sort().join(", ")}.`,
        { code: "UNKNOWN_OPTION" },
      );
  }
  return found;
}

function read(name: string, value: unknown, kind: Kind): unknown {
  if (kind === "any") return value;
  if (kind === "text" && typeof value === "string") return value;
  if (kind === "number" && value !== "" && Number.isFinite(Number(value))) return Number(value);
  if (kind === "boolean" && /^(true|false)$/.test(String(value))) return String(value) === "true";
  throw new ArgumentError(`The connect option "${name}" takes a ${kind}, not ${JSON.stringify(value)}.`, {
    code: "BAD_OPTION",
  });
}

/**
 * Where the database is, in this order: a connect string that is given, an instance by its SID, an alias of tnsnames.ora (a database
 * without host and port), else host, port and service name in the Easy Connect form.
 */
function connectString({ host, port, database }: ConnectOptions, given: Readonly<Record<string, unknown>>): string {
  const { connectString: written, sid } = given;
  if (written !== undefined) return read("connectString", written, "text") as string;
  const protocol = protocolOf(given.protocol);
  if (sid !== undefined) {
    const where = `(PROTOCOL=${protocol})(HOST=${plain("host", host ?? "localhost")})(PORT=${portOf(port, protocol)})`;
    return `(DESCRIPTION=(ADDRESS=${where})(CONNECT_DATA=(SID=${plain("sid", sid)})))`;
  }
  if (host === undefined && port === undefined && database !== undefined) return database;
  const server = host?.includes(":") ? `[${host}]` : plain("host", host ?? "localhost");
  const service = database === undefined ? "" : `/${plain("service name", database)}`;
  return `${protocol === "TCPS" ? "tcps://" : ""}${server}:${portOf(port, protocol)}${service}`;
}

function protocolOf(given: unknown): "TCP" | "TCPS" {
  const name = String(given ?? "tcp").toUpperCase();
  if (name === "TCP" || name === "TCPS") return name;
  throw new ArgumentError(`The connect option "protocol" is tcp or tcps, not ${JSON.stringify(given)}.`, {
    code: "BAD_OPTION",
  });
}

const portOf = (port: number | undefined, protocol: "TCP" | "TCPS"): number =>
  port ?? (protocol === "TCPS" ? DEFAULT_TLS_PORT : DEFAULT_PORT);

/** A part of a connect string: nothing in it can be read as more than the part. A service name may have its `:pooled` behind it. */
function plain(what: string, value: unknown): string {
  if (typeof value === "string" && /^[\w.$#*-]+(?::\w+)?$/.test(value)) return value;
  throw new ArgumentError(`${JSON.stringify(value)} is no ${what}.`, {
    code: "BAD_OPTION",
    remedy: "Give the whole connect string as the option connectString.",
  });
}
