import { ArgumentError, type ConnectOptions } from "@acme/core/dialect";
import type { ConnectionAuthentication, ConnectionConfiguration, ConnectionOptions } from "tedious";
import { readConnectionString } from "./connection-string.js";

const DEFAULT_PORT = 1433;

/** What cannot be chosen: instants are UTC, UUIDs are written in lower case. */
const FIXED = {
  useUTC: true,
  lowerCaseGuids: true,
  useColumnNames: false,
  rowCollectionOnRequestCompletion: false,
} as const;

/** Options of this adapter, and parts of `authentication` that a URL gives one by one. */
const OWN = ["authentication", "connectionString", "resetConnection"];
const CREDENTIALS = ["clientId", "clientSecret", "tenantId", "token", "domain", "credential"];

/** What each way to log in needs of user, password and credentials. */
const WAYS: Readonly<Record<string, readonly string[]>> = {
  default: ["userName", "password"],
  ntlm: ["userName", "password", "domain"],
  "azure-active-directory-password": ["userName", "password", "clientId", "tenantId"],
  "azure-active-directory-access-token": ["token"],
  "azure-active-directory-default": ["clientId"],
  "azure-active-directory-msi-vm": ["clientId"],
  "azure-active-directory-msi-app-service": ["clientId"],
  "azure-active-directory-service-principal-secret": ["clientId", "clientSecret", "tenantId"],
  "token-credential": ["credential"],
};

/** The values of a URL's query are text: `true` and numbers are what they look like. */
function fromUrl(value: unknown): unknown {
  if (value === "true" || value === "false") return value === "true";
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
}

/** How a connection is opened, and what the adapter does with it. */
export interface Settings {
  readonly config: ConnectionConfiguration;
  /** Whether a connection is brought back by sp_reset_connection whenever it returns to the pool. */
  readonly resetConnection: boolean;
}

/**
 * Settings from connect options. Options of the URL (`encrypt`, `trustServerCertificate`, `instanceName`, `appName` ...) are those of
 * tedious. Statements have no time limit unless `requestTimeout` or the execution says so.
 */
export function settingsOf(given: ConnectOptions): Settings {
  const text = given.options?.connectionString;
  if (text === undefined) return { config: configuration(given), resetConnection: resets(given) };
  const { place, options } = readConnectionString(String(text));
  const { connectionString: _, ...others } = given.options ?? {};
  return settingsOf({ ...given, ...place, options: { ...options, ...others } });
}

function resets({ options }: ConnectOptions): boolean {
  const value = fromUrl(options?.resetConnection ?? false);
  if (typeof value === "boolean") return value;
  throw new ArgumentError('The connect option "resetConnection" takes true or false.', { code: "BAD_OPTION" });
}

function configuration(options: ConnectOptions): ConnectionConfiguration {
  const rest = Object.entries(options.options ?? {}).filter(([name]) => ![...OWN, ...CREDENTIALS].includes(name));
  const given = Object.fromEntries(rest.map(([name, value]) => [name, fromUrl(value)])) as ConnectionOptions;
  const place: ConnectionOptions = given.instanceName === undefined ? { port: options.port ?? DEFAULT_PORT } : {};
  return {
    server: options.host ?? "localhost",
    authentication: authenticationOf(options),
    options: {
      requestTimeout: 0,
      ...place,
      ...(options.database === undefined ? {} : { database: options.database }),
      ...given,
      ...FIXED,
    },
  };
}

/** `authentication` is tedious' own object, or the name of a way to log in, whose parts stand beside it. */
function authenticationOf({ username, password, options = {} }: ConnectOptions): ConnectionAuthentication {
  const { authentication } = options;
  if (typeof authentication === "object" && authentication !== null) return authentication as ConnectionAuthentication;
  const type = authentication ?? (options.token === undefined ? "default" : "azure-active-directory-access-token");
  const needed = typeof type === "string" && Object.hasOwn(WAYS, type) ? WAYS[type] : undefined;
  if (needed === undefined) {
    throw new ArgumentError(`There is no way "${String(type)}" to log in.`, {
      code: "BAD_OPTION",
      remedy: `There are: ${Object.keys(WAYS).join(", ")}.`,
    });
  }
  const known: Readonly<Record<string, unknown>> = { ...options, userName: username, password };
  const parts = needed.filter((name) => known[name] !== undefined).map((name) => [name, known[name]]);
  return { type, options: Object.fromEntries(parts) } as ConnectionAuthentication;
}
