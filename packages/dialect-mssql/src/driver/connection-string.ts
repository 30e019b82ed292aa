import { ArgumentError, type ConnectOptions } from "@acme/core/dialect";

/** What a connection string says, by the names of this toolkit and of tedious. */
export interface StringSettings {
  readonly place: Pick<ConnectOptions, "host" | "port" | "username" | "password" | "database">;
  readonly options: Readonly<Record<string, unknown>>;
}

type Take = (value: string, settings: Mutable) => void;
interface Mutable {
  place: { host?: string; port?: number; username?: string; password?: string; database?: string };
  options: Record<string, unknown>;
}

const YES = /^(true|yes|mandatory|1)$/i;
const NO = /^(false|no|optional|0)$/i;

function truth(key: string, value: string): boolean {
  if (YES.test(value)) return true;
  if (NO.test(value)) return false;
  throw bad(`"${key}" of the connection string cannot be "${value}".`);
}

const option =
  (name: string, read: (value: string) => unknown = (value) => value): Take =>
  (value, { options }) => {
    options[name] = read(value);
  };
const isTrue = (name: string): Take => option(name, (value) => truth(name, value));

/** `tcp:host,1433` or `host\instance` */
const server: Take = (value, { place, options }) => {
  const [, address = "", instance, port] = /^(?:tcp:)?([^,\\]+)(?:\\([^,]+))?(?:,(\d+))?$/i.exec(value.trim()) ?? [];
  if (address === "") throw bad(`The connection string has the server "${value}".`);
  place.host = address === "." || address === "(local)" ? "localhost" : address;
  if (port !== undefined) place.port = Number(port);
  else if (instance !== undefined) options.instanceName = instance;
};

const placed =
  (name: "database" | "username" | "password"): Take =>
  (value, { place }) => {
    place[name] = value;
  };
const database = placed("database");
const username = placed("username");
const password = placed("password");
/** Seconds there, milliseconds here. */
const connectTimeout = option("connectTimeout", (value) => Number(value) * 1000);
const appName = option("appName");
const workstationId = option("workstationId");

const AUTHENTICATION: Readonly<Record<string, string>> = {
  sqlpassword: "default",
  activedirectorypassword: "azure-active-directory-password",
  activedirectorydefault: "azure-active-directory-default",
  activedirectorymanagedidentity: "azure-active-directory-msi-vm",
  activedirectorymsi: "azure-active-directory-msi-vm",
  activedirectoryserviceprincipal: "azure-active-directory-service-principal-secret",
};

/** Keys of ADO.NET and of ODBC, without blanks and in lower case. */
const KEYS: Readonly<Record<string, Take>> = {
  server,
  datasource: server,
  address: server,
  addr: server,
  networkaddress: server,
  database,
  initialcatalog: database,
  userid: username,
  user: username,
  uid: username,
  password,
  pwd: password,
  encrypt: option("encrypt", (value) => (/^strict$/i.test(value) ? "strict" : truth("encrypt", value))),
  trustservercertificate: isTrue("trustServerCertificate"),
  hostnameincertificate: option("serverName"),
  connecttimeout: connectTimeout,
  connectiontimeout: connectTimeout,
  timeout: connectTimeout,
  applicationname: appName,
  app: appName,
  workstationid: workstationId,
  wsid: workstationId,
  packetsize: option("packetSize", Number),
  multisubnetfailover: isTrue("multiSubnetFailover"),
  applicationintent: option("readOnlyIntent", (value) => /^readonly$/i.test(value)),
  authentication: option("authentication", (value) => {
    const type = AUTHENTICATION[plain(value)];
    if (type === undefined) throw bad(`The connection string has the authentication "${value}".`);
    return type;
  }),
  // Of no meaning to tedious: there is one driver, it pools nothing, and it has one result at a time.
  driver: () => undefined,
  persistsecurityinfo: () => undefined,
  multipleactiveresultsets: () => undefined,
  pooling: () => undefined,
};

/**
 * Reads a connection string as the Azure portal, ADO.NET and ODBC have it:
 * `Server=tcp:shop.database.windows.net,1433;Initial Catalog=shop;User ID=sa;Password={a;b};Encrypt=True;`. A key that
 * is given twice is refused.
 *
 * Keys: https://learn.microsoft.com/dotnet/api/microsoft.data.sqlclient.sqlconnection.connectionstring
 */
export function readConnectionString(text: string): StringSettings {
  const settings: Mutable = { place: {}, options: {} };
  const taken = new Set<Take>();
  for (const [key, value] of pairsOf(text)) {
    const take = Object.hasOwn(KEYS, plain(key)) ? KEYS[plain(key)] : undefined;
    if (take === undefined) throw bad(`The connection string has the key "${key}", which is unknown.`);
    if (taken.has(take)) throw bad(`The connection string says "${key}" twice.`);
    taken.add(take);
    take(value, settings);
  }
  return settings;
}

const plain = (key: string): string => key.replaceAll(/\s/g, "").toLowerCase();

const PAIR =
  /\s*([^=;]+?)\s*=\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|\{((?:[^}]|\}\})*)\}|([^;"'{][^;]*?|))\s*(?:;|$)/y;

function* pairsOf(text: string): Generator<readonly [key: string, value: string]> {
  const rest = text.replace(/[;\s]+$/, "");
  let at = 0;
  while (at < rest.length) {
    PAIR.lastIndex = at;
    const match = PAIR.exec(rest);
    // What cannot be read may hold a password: it is not shown.
    if (match === null) throw bad(`The connection string cannot be read from its character ${at + 1} on.`);
    at = PAIR.lastIndex;
    const [, key = "", double, single, braced, bare = ""] = match;
    yield [
      key,
      double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? braced?.replaceAll("}}", "}") ?? bare,
    ];
  }
}

function bad(message: string): ArgumentError {
  return new ArgumentError(message, {
    code: "BAD_CONNECTION_STRING",
    remedy: "Write `Server=host,1433;Database=shop;User ID=sa;Password=...`, or give connect options.",
  });
}
