import type { ErrorClassification, ErrorKind } from "@acme/core/dialect";

/** Errors of connection attempts: whatever they say, no connection was made. */
const connectFailures = new WeakSet<object>();

/** Remembers that an error came from a connection attempt. */
export function markConnectFailure(error: unknown): void {
  if (typeof error === "object" && error !== null) connectFailures.add(error);
}

/** By SQLSTATE: the most specific entry counts, five characters before two. */
const KINDS: Readonly<Record<string, ErrorKind>> = {
  "08": "connectionLost",
  "08P01": "programming",
  "0A": "notSupported",
  "21": "programming",
  "22": "data",
  "23": "integrity",
  "23001": "foreignKey",
  "23502": "notNull",
  "23503": "foreignKey",
  "23505": "unique",
  "23514": "check",
  "25P03": "connectionLost",
  "25P04": "connectionLost",
  "26": "programming",
  "28": "connect",
  "34": "programming",
  "3D": "programming",
  "3F": "programming",
  "40": "serialization",
  "40003": "operational",
  "40P01": "deadlock",
  "42": "programming",
  "44": "integrity",
  "53300": "connect",
  "55P03": "lockTimeout",
  "57014": "cancelled",
  "57P01": "connectionLost",
  "57P02": "connectionLost",
  "57P03": "connect",
  "57P04": "connectionLost",
  "57P05": "connectionLost",
  F0: "internal",
  XX: "internal",
};

interface ServerError {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly routine?: string;
  readonly constraint?: string;
}

/** Whether the server sent it: errors of sockets have codes too (`EPIPE`), but no severity. */
function isServerError(error: unknown): error is ServerError {
  return (
    typeof (error as Partial<ServerError> | null)?.severity === "string" &&
    typeof (error as Partial<ServerError>).code === "string"
  );
}

/** The table of a prepared statement was altered, so that its columns are others now. */
export function isStalePlan(error: unknown): boolean {
  return isServerError(error) && error.code === "0A000" && error.routine === "RevalidateCachedQuery";
}

/** The session does not have the prepared statement: it was deallocated, or a pooler gave another session. */
export function isUnknownStatement(error: unknown): boolean {
  return isServerError(error) && error.code === "26000";
}

const NETWORK = /^(E(CONN|HOST|NET|AI_|PIPE|TIMEDOUT|NOTFOUND|PROTO)|ENOTFOUND|EAI_AGAIN|ERR_(SSL|TLS|SOCKET|STREAM))/;
/** What pg says without a code when the connection ends or is refused further use. */
const CONNECTION_ENDED = /^(Connection terminated|Client (has encountered|was closed)|The client is closed)/;

/** What kind of failure an error of pg is: by SQLSTATE, or by what Node says of the network. */
export function classify(error: unknown): ErrorClassification {
  const connecting = typeof error === "object" && error !== null && connectFailures.has(error);
  if (isServerError(error)) return classifyServerError(error, connecting);
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const nativeCode = typeof code === "string" ? code : undefined;
  if (connecting) return { kind: "connect", nativeCode, disconnected: true };
  if (
    (nativeCode !== undefined && NETWORK.test(nativeCode)) ||
    (typeof message === "string" && CONNECTION_ENDED.test(message))
  ) {
    return { kind: "connectionLost", nativeCode, disconnected: true };
  }
  return { kind: "interface", nativeCode };
}

function classifyServerError(error: ServerError, connecting: boolean): ErrorClassification {
  const { code, constraint } = error;
  const fatal = /^(FATAL|PANIC)$/.test(error.severity);
  const kind = connecting ? "connect" : serverKind(error);
  const disconnected = connecting || fatal || kind === "connectionLost";
  return constraint === undefined
    ? { kind, nativeCode: code, disconnected }
    : { kind, nativeCode: code, constraint, disconnected };
}

function serverKind({ code, message }: ServerError): ErrorKind {
  // The server ends a statement for its own limit with the code of a request to cancel.
  if (code === "57014" && /statement timeout/.test(message)) return "statementTimeout";
  return KINDS[code] ?? KINDS[code.slice(0, 2)] ?? "operational";
}
