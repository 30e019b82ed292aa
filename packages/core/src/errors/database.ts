import { AcmeError, type ErrorDetails } from "./base.js";
import { showParameters } from "./show.js";

/** What an error that came from the database carries beside the code. */
export interface DatabaseErrorDetails extends ErrorDetails {
  /** The SQL text that was being executed. */
  readonly statement?: string;
  /** Its parameters as they were sent; absent when the engine hides parameters. */
  readonly parameters?: readonly unknown[];
  /** The database's own error code: SQLSTATE, errno or a driver's name, as text. */
  readonly nativeCode?: string;
  /** The name of the violated constraint, where the database tells it. */
  readonly constraint?: string;
  /** True when the connection can no longer be used. */
  readonly disconnected?: boolean;
}

/**
 * The database or its driver reported an error. The class says what kind, the same on every database; `cause` is the
 * driver's own error, `statement` and `parameters` say what was executed.
 */
export class DatabaseError extends AcmeError {
  static override readonly defaultCode: string = "DATABASE_ERROR";
  readonly statement: string | undefined;
  readonly parameters: readonly unknown[] | undefined;
  readonly nativeCode: string | undefined;
  readonly constraint: string | undefined;
  readonly disconnected: boolean;

  constructor(message: string, details: DatabaseErrorDetails = {}) {
    const lines: string[] = [];
    if (details.statement !== undefined) lines.push(`[SQL: ${details.statement}]`);
    if (details.parameters !== undefined && details.parameters.length > 0) {
      lines.push(`[parameters: ${showParameters(details.parameters)}]`);
    }
    super(message, details, lines);
    this.statement = details.statement;
    this.parameters = details.parameters;
    this.nativeCode = details.nativeCode;
    this.constraint = details.constraint;
    this.disconnected = details.disconnected ?? false;
  }
}

/** The driver was misused or failed before the database was asked. */
export class InterfaceError extends DatabaseError {
  static override readonly defaultCode: string = "INTERFACE_ERROR";
}

/** Something about the database's operation: it cannot be reached, is busy, was shut down, ran out of space. */
export class OperationalError extends DatabaseError {
  static override readonly defaultCode: string = "OPERATIONAL_ERROR";
}

/**
 * The connection broke, or was closed by the server. The pool has already dropped it. When that happened during a COMMIT the code
 * is `COMMIT_OUTCOME_UNKNOWN`: the transaction may have been committed; with any other code it was not. (A statement outside of a
 * transaction commits by itself: of one that writes nobody knows either.)
 */
export class ConnectionLostError extends OperationalError {
  static override readonly defaultCode: string = "CONNECTION_LOST";
}

/** No connection could be made: wrong host, port, password or database. */
export class ConnectError extends OperationalError {
  static override readonly defaultCode: string = "CONNECT_FAILED";
}

/** The pool had no free connection in time. */
export class PoolTimeoutError extends OperationalError {
  static override readonly defaultCode: string = "POOL_TIMEOUT";
}

/** A deadlock was found and this transaction was chosen to die. Repeating the transaction may succeed. */
export class DeadlockError extends OperationalError {
  static override readonly defaultCode: string = "DEADLOCK";
}

/** The transaction could not be serialized with others. Repeating the transaction may succeed. */
export class SerializationError extends OperationalError {
  static override readonly defaultCode: string = "SERIALIZATION_FAILURE";
}

/** A lock was not granted in time (`SQLITE_BUSY`, lock_timeout, innodb_lock_wait_timeout). */
export class LockTimeoutError extends OperationalError {
  static override readonly defaultCode: string = "LOCK_TIMEOUT";
}

/** The statement took longer than it was allowed to. */
export class StatementTimeoutError extends OperationalError {
  static override readonly defaultCode: string = "STATEMENT_TIMEOUT";
}

/** The caller's AbortSignal fired; `cause` is the signal's reason. */
export class CancelledError extends OperationalError {
  static override readonly defaultCode: string = "CANCELLED";
}

/** A constraint of the database was violated. */
export class IntegrityError extends DatabaseError {
  static override readonly defaultCode: string = "INTEGRITY_ERROR";
}

/** A unique or primary key constraint was violated. */
export class UniqueViolationError extends IntegrityError {
  static override readonly defaultCode: string = "UNIQUE_VIOLATION";
}

/** A foreign key constraint was violated. */
export class ForeignKeyViolationError extends IntegrityError {
  static override readonly defaultCode: string = "FOREIGN_KEY_VIOLATION";
}

/** NULL was given to a NOT NULL column. */
export class NotNullViolationError extends IntegrityError {
  static override readonly defaultCode: string = "NOT_NULL_VIOLATION";
}

/** A check constraint was violated. */
export class CheckViolationError extends IntegrityError {
  static override readonly defaultCode: string = "CHECK_VIOLATION";
}

/** A value does not fit: out of range, wrong form, division by zero. Thrown by the database or by a type's conversion. */
export class DataError extends DatabaseError {
  static override readonly defaultCode: string = "DATA_ERROR";
}

/** The SQL is wrong: syntax, unknown table or column, wrong number of parameters, missing privilege. */
export class ProgrammingError extends DatabaseError {
  static override readonly defaultCode: string = "PROGRAMMING_ERROR";
}

/** The database met an error inside itself. */
export class InternalError extends DatabaseError {
  static override readonly defaultCode: string = "INTERNAL_ERROR";
}

/** The database or driver does not support what was asked. */
export class NotSupportedError extends DatabaseError {
  static override readonly defaultCode: string = "NOT_SUPPORTED";
}
