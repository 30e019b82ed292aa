import type { ErrorClassification, ErrorKind } from "@acme/core/dialect";

/**
 * Kinds of failure by the server's error number, where the number says more than the SQLSTATE behind it. MySQL and MariaDB share
 * the numbers up to 1900.
 */
const BY_NUMBER: Readonly<Record<number, ErrorKind>> = {
  1005: "programming", // cannot create a table (its foreign key is wrong)
  1007: "programming", // database exists
  1008: "programming", // database does not exist
  1020: "serialization", // the row has changed since the snapshot (innodb_snapshot_isolation)
  1022: "unique",
  1025: "programming", // error on rename: a foreign key is in the way
  1030: "internal", // error of the storage engine
  1040: "connect", // too many connections
  1045: "connect", // access denied
  1046: "programming", // no database selected
  1048: "notNull",
  1049: "programming", // unknown database (in a statement; a connection attempt is a ConnectError anyway)
  1053: "connectionLost", // the server shuts down
  1062: "unique",
  1093: "notSupported", // the changed table is read in a subquery
  1105: "internal",
  1129: "connect", // host is blocked
  1130: "connect", // host is not allowed
  1152: "connectionLost",
  1169: "unique",
  1178: "notSupported", // the storage engine cannot
  1184: "connectionLost",
  1193: "programming", // unknown system variable
  1203: "connect", // the user has too many connections
  1205: "lockTimeout",
  1210: "programming", // incorrect arguments
  1213: "deadlock",
  1215: "programming", // cannot add a foreign key
  1216: "foreignKey",
  1217: "foreignKey",
  1235: "notSupported", // not yet
  1243: "programming", // unknown prepared statement
  1263: "notNull",
  1264: "data",
  1265: "data", // truncated
  1267: "programming", // mix of collations
  1271: "programming",
  1288: "programming", // not updatable
  1292: "data",
  1295: "notSupported", // not as a prepared statement
  1300: "data",
  1317: "cancelled",
  1356: "programming", // the view refers to what is not there
  1364: "notNull", // no value and no default
  1366: "data",
  1367: "data",
  1390: "programming", // too many placeholders
  1406: "data",
  1411: "data",
  1416: "data",
  1441: "data",
  1451: "foreignKey",
  1452: "foreignKey",
  1525: "data",
  1553: "programming", // a foreign key needs the index
  1557: "unique",
  1586: "unique",
  1690: "data",
  1698: "connect", // access denied without password
  1761: "unique", // a cascade would violate a key
  1762: "unique",
  1792: "programming", // changes in a read-only transaction
  1822: "programming", // foreign key without index
  1824: "programming", // foreign key to no table
  1927: "connectionLost", // killed (MariaDB)
  1969: "statementTimeout", // max_statement_time (MariaDB)
  2006: "connectionLost",
  2013: "connectionLost",
  3024: "statementTimeout", // MAX_EXECUTION_TIME (MySQL)
  3572: "lockTimeout", // NOWAIT (MySQL)
  3730: "foreignKey", // DROP TABLE of a referenced table (MySQL; MariaDB says 1451)
  3780: "programming", // foreign key between different types
  3819: "check", // MySQL
};

/** The check of MariaDB; MySQL uses its number for something else, in another SQLSTATE. */
const MARIADB_CHECK = 4025;

/** Kinds by the class of the SQLSTATE: its first two characters. */
const BY_CLASS: Readonly<Record<string, ErrorKind>> = {
  "08": "connectionLost",
  "0A": "notSupported",
  "21": "programming",
  "22": "data",
  "23": "integrity",
  "25": "programming",
  "28": "connect",
  "40": "serialization",
  "42": "programming",
  XA: "operational",
};

/** Kinds by the code of an error that no server sent. */
const BY_CODE: Readonly<Record<string, ErrorKind>> = {
  AUTH_SWITCH_PLUGIN_ERROR: "connect",
  EAI_AGAIN: "connect",
  ECONNREFUSED: "connect",
  EHOSTUNREACH: "connect",
  ENETUNREACH: "connect",
  ENOENT: "connect",
  ENOTFOUND: "connect",
  HANDSHAKE_NO_SSL_SUPPORT: "connect",
  HANDSHAKE_SSL_ERROR: "connect",
  ECONNABORTED: "connectionLost",
  ECONNRESET: "connectionLost",
  EPIPE: "connectionLost",
  ETIMEDOUT: "connectionLost",
  PROTOCOL_CONNECTION_LOST: "connectionLost",
};

interface NativeError {
  readonly errno?: unknown;
  readonly code?: unknown;
  readonly sqlState?: unknown;
  readonly fatal?: unknown;
  readonly message?: unknown;
}

/** Says what kind of failure an error of mysql2 is. */
export function classify(error: unknown): ErrorClassification {
  const { errno, code, sqlState, fatal, message } = (error ?? {}) as NativeError;
  const fromServer = typeof sqlState === "string" && typeof errno === "number";
  const found = fromServer ? kindOf(errno, sqlState) : fallback(code, fatal === true, error);
  // After a fatal error mysql2 uses the connection no more, whatever the server said.
  const kind = fatal === true && found !== "connect" ? "connectionLost" : found;
  return {
    kind,
    nativeCode: fromServer ? String(errno) : typeof code === "string" ? code : undefined,
    constraint: fromServer && typeof message === "string" ? constraintOf(kind, message) : undefined,
    disconnected: kind === "connectionLost" || fatal === true,
  };
}

function kindOf(errno: number, sqlState: string): ErrorKind {
  if (errno === MARIADB_CHECK && sqlState === "23000") return "check";
  return BY_NUMBER[errno] ?? BY_CLASS[sqlState.slice(0, 2)] ?? "operational";
}

function fallback(code: unknown, fatal: boolean, error: unknown): ErrorKind {
  if (typeof code === "string" && Object.hasOwn(BY_CODE, code)) return BY_CODE[code] as ErrorKind;
  if (fatal) return "connectionLost";
  return error instanceof TypeError || error instanceof RangeError ? "interface" : "operational";
}

/** The constraint's name, where the message tells it. MySQL writes the table in front of the key: `'users.uq_name'`. */
function constraintOf(kind: ErrorKind, message: string): string | undefined {
  switch (kind) {
    case "unique":
      return /for key '(?:[^'.]*\.)?(.+)'$/.exec(message)?.[1];
    case "foreignKey":
      return /CONSTRAINT `((?:[^`]|``)+)`/.exec(message)?.[1]?.replaceAll("``", "`");
    case "check":
      return /^(?:Check constraint '(.+)' is violated|CONSTRAINT `((?:[^`]|``)+)` failed)/
        .exec(message)
        ?.slice(1)
        .find(Boolean);
    default:
      return undefined;
  }
}
