import type { ConnectOptions } from "@acme/core/dialect";
import type { ConnectionAuthentication, ConnectionConfiguration, ConnectionOptions } from "tedious";

const DEFAULT_PORT = 1433;

/** What cannot be chosen: instants are UTC, UUIDs are written in lower case. */
const FIXED = {
  useUTC: true,
  lowerCaseGuids: true,
  useColumnNames: false,
  rowCollectionOnRequestCompletion: false,
} as const;

/** The values of a URL's query are text: `true` and numbers are what they look like. */
function fromUrl(value: unknown): unknown {
  if (value === "true" || value === "false") return value === "true";
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
}

/**
 * The driver's configuration. Options of the URL (`encrypt`, `trustServerCertificate`, `instanceName`, `appName` ...) are those of
 * tedious; `authentication` is its object for other ways to log in. Statements have no time limit unless `requestTimeout` or the
 * execution says so.
 */
export function configuration(options: ConnectOptions): ConnectionConfiguration {
  const { authentication, ...rest } = options.options ?? {};
  const given = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, fromUrl(value)]),
  ) as ConnectionOptions;
  const place: ConnectionOptions = given.instanceName === undefined ? { port: options.port ?? DEFAULT_PORT } : {};
  return {
    server: options.host ?? "localhost",
    authentication: (authentication as ConnectionAuthentication | undefined) ?? {
      type: "default",
      options: { userName: options.username, password: options.password },
    },
    options: {
      requestTimeout: 0,
      ...place,
      ...(options.database === undefined ? {} : { database: options.database }),
      ...given,
      ...FIXED,
    },
  };
}
