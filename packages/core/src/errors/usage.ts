import { AcmeError } from "./base.js";

/** A function was called with an argument that it cannot take. */
export class ArgumentError extends AcmeError {
  static override readonly defaultCode: string = "BAD_ARGUMENT";
}

/** A statement cannot be said in the given dialect, or not at all. Names the construct and the dialect. */
export class CompileError extends AcmeError {
  static override readonly defaultCode: string = "NOT_COMPILABLE";
}

/** The toolkit was asked for something that its present state does not allow. */
export class InvalidRequestError extends AcmeError {
  static override readonly defaultCode: string = "INVALID_REQUEST";
}

/** A connection, result, session or transaction was used after its end. */
export class ResourceClosedError extends InvalidRequestError {
  static override readonly defaultCode: string = "RESOURCE_CLOSED";
}

/** Two joined tables have no foreign key between them, so ON cannot be inferred. */
export class NoForeignKeysError extends InvalidRequestError {
  static override readonly defaultCode: string = "NO_FOREIGN_KEYS";
}

/** Two joined tables have several foreign keys between them, so ON cannot be inferred. */
export class AmbiguousForeignKeysError extends InvalidRequestError {
  static override readonly defaultCode: string = "AMBIGUOUS_FOREIGN_KEYS";
}

/** A table, view or schema was looked for in a database (or MetaData) that does not have it. */
export class NoSuchTableError extends InvalidRequestError {
  static override readonly defaultCode: string = "NO_SUCH_TABLE";
}

/** A column was looked for in a table or row that does not have it. */
export class NoSuchColumnError extends InvalidRequestError {
  static override readonly defaultCode: string = "NO_SUCH_COLUMN";
}

/** `one()` met no row. */
export class NoResultFound extends InvalidRequestError {
  static override readonly defaultCode: string = "NO_RESULT";
}

/** `one()` or `oneOrNone()` met more than one row. */
export class MultipleResultsFound extends InvalidRequestError {
  static override readonly defaultCode: string = "MULTIPLE_RESULTS";
}

/** Tables depend on each other in a circle that cannot be broken. */
export class CircularDependencyError extends AcmeError {
  static override readonly defaultCode: string = "CIRCULAR_DEPENDENCY";
}

/** `createEngine` met a URL whose dialect is not registered. The message names the package to install. */
export class NoSuchDialectError extends ArgumentError {
  static override readonly defaultCode: string = "NO_SUCH_DIALECT";
}

/** The npm package of the driver is not installed. The message holds the install command. */
export class DriverMissingError extends ArgumentError {
  static override readonly defaultCode: string = "DRIVER_MISSING";
}
