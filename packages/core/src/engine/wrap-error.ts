import type { ErrorClassification, ErrorKind } from "../dialect/driver.js";
import {
  AcmeError,
  CancelledError,
  CheckViolationError,
  ConnectError,
  ConnectionLostError,
  type DatabaseError,
  type DatabaseErrorDetails,
  DataError,
  DeadlockError,
  ForeignKeyViolationError,
  IntegrityError,
  InterfaceError,
  InternalError,
  LockTimeoutError,
  NotNullViolationError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
  SerializationError,
  StatementTimeoutError,
  UniqueViolationError,
} from "../errors/index.js";

type DatabaseErrorClass = new (message: string, details: DatabaseErrorDetails) => DatabaseError;

/** The class of each kind of failure, and what to do about it where that can be said without knowing the program. */
const KINDS: Readonly<Record<ErrorKind, readonly [errorClass: DatabaseErrorClass, remedy?: string]>> = {
  unique: [UniqueViolationError, "A row with the same key is already there: choose another value, or update that row."],
  foreignKey: [
    ForeignKeyViolationError,
    "Insert the row that is referred to first, or delete the rows that refer to this one.",
  ],
  notNull: [NotNullViolationError, "Give the column a value, or make it nullable()."],
  check: [CheckViolationError, "Give values that the check constraint allows."],
  integrity: [IntegrityError],
  deadlock: [DeadlockError, "The transaction was rolled back: repeat it."],
  serialization: [SerializationError, "The transaction was rolled back: repeat it."],
  lockTimeout: [LockTimeoutError, "Another transaction holds the lock: try again, and keep transactions short."],
  statementTimeout: [StatementTimeoutError, "Allow more time, or make the statement cheaper."],
  cancelled: [CancelledError],
  connectionLost: [ConnectionLostError, "Get a new connection from the engine and repeat the whole transaction."],
  connect: [
    ConnectError,
    "Check that the server is up and that host, port, database, user name and password are right.",
  ],
  data: [DataError, "Give a value that fits the column's type."],
  programming: [ProgrammingError],
  notSupported: [NotSupportedError],
  operational: [OperationalError],
  internal: [InternalError],
  interface: [InterfaceError],
};

/** The server may have heard the COMMIT and its answer been lost: to repeat the transaction could do it twice. */
const COMMIT_UNKNOWN = {
  code: "COMMIT_OUTCOME_UNKNOWN",
  remedy:
    "Whether the transaction was committed is not known: look for what it should have written before you repeat it.",
} as const;

/** What was being done when the driver failed. */
export interface FailureContext {
  readonly sql?: string | undefined;
  readonly parameters?: readonly unknown[] | undefined;
  readonly hideParameters?: boolean | undefined;
  /** The caller's signal: a statement that it ended counts as cancelled, whatever the database calls it. */
  readonly signal?: AbortSignal | undefined;
  /** The caller's time limit: a cancelled statement that had one counts as timed out. */
  readonly timeout?: number | undefined;
  /** It was the COMMIT of a transaction. */
  readonly commits?: boolean | undefined;
}

/**
 * Makes an error of the toolkit from a driver's error. The toolkit's own errors (a value that its type refused) pass as they
 * are.
 */
export function wrapError(
  cause: unknown,
  classify: (error: unknown) => ErrorClassification,
  context: FailureContext,
): AcmeError {
  if (cause instanceof AcmeError) {
    if (!context.commits || !(cause instanceof ConnectionLostError)) return cause;
    return new ConnectionLostError("The connection was lost during COMMIT.", {
      ...statementOf(context),
      ...COMMIT_UNKNOWN,
      disconnected: true,
      cause,
    });
  }
  const found = classify(cause);
  const interrupted = found.kind === "cancelled" || found.kind === "statementTimeout";
  if (interrupted && context.signal?.aborted)
    return cancelledError(context.signal, { ...context, disconnected: found.disconnected });
  const kind = interrupted && context.timeout !== undefined ? "statementTimeout" : found.kind;
  const [ErrorClass, remedy] = KINDS[kind];
  const disconnected = (found.disconnected ?? false) || kind === "connectionLost";
  return new ErrorClass(messageOf(cause), {
    ...statementOf(context),
    ...(remedy === undefined ? {} : { remedy }),
    ...(disconnected && context.commits ? COMMIT_UNKNOWN : {}),
    ...(found.nativeCode === undefined ? {} : { nativeCode: found.nativeCode }),
    ...(found.constraint === undefined ? {} : { constraint: found.constraint }),
    disconnected,
    cause,
  });
}

/** The error of an execution that the caller's signal ended. */
export function cancelledError(
  signal: AbortSignal,
  context: FailureContext & { readonly disconnected?: boolean | undefined },
): CancelledError {
  return new CancelledError("The execution was cancelled by its AbortSignal.", {
    ...statementOf(context),
    disconnected: context.disconnected ?? false,
    cause: signal.reason,
  });
}

/** The error of a connection attempt, which names the place but not the password. */
export function connectError(
  cause: unknown,
  classify: (error: unknown) => ErrorClassification,
  place: string,
): AcmeError {
  if (cause instanceof AcmeError) return cause;
  const found = classify(cause);
  return new ConnectError(`Cannot connect to ${place}: ${messageOf(cause)}`, {
    remedy: KINDS.connect[1] as string,
    ...(found.nativeCode === undefined ? {} : { nativeCode: found.nativeCode }),
    disconnected: true,
    cause,
  });
}

function statementOf(context: FailureContext): Pick<DatabaseErrorDetails, "statement" | "parameters"> {
  if (context.sql === undefined) return {};
  if (context.hideParameters || context.parameters === undefined) return { statement: context.sql };
  return { statement: context.sql, parameters: context.parameters };
}

/** The driver's message as a sentence. */
function messageOf(cause: unknown): string {
  // Node.js gives an AggregateError without a message when a host name has several addresses and none answers.
  const inner = cause instanceof AggregateError && cause.message === "" ? (cause.errors[0] as unknown) : cause;
  const text = (inner instanceof Error ? inner.message : String(inner)).trim() || "The driver failed without a message";
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
