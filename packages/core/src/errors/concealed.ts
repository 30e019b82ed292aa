import { type DatabaseErrorDetails, DataError } from "./database.js";

/** What an error says where values must not be shown. */
const concealedMessages = new WeakMap<DataError, string>();

/**
 * The error for a value. Its message shows the value; where an engine hides parameters, {@link conceal} makes the error with the
 * other message of it.
 */
export function valueError(message: string, withoutValue: string, details: DatabaseErrorDetails): DataError {
  const error = new DataError(message, details);
  concealedMessages.set(error, withoutValue);
  return error;
}

/** The same failure of the same value, said of a place: `Column "age": integer cannot take "x" ...`. */
export function placedValueError(place: string, error: DataError): DataError {
  const placed = new DataError(`${place}: ${error.message}`, { code: error.code, cause: error });
  const withoutValue = concealedMessages.get(error);
  if (withoutValue !== undefined) concealedMessages.set(placed, `${place}: ${withoutValue}`);
  return placed;
}

/** An error without the value in it; other errors as they are. Its cause, which shows the value, is left out. */
export function conceal(error: unknown): unknown {
  const message = error instanceof DataError ? concealedMessages.get(error) : undefined;
  if (message === undefined) return error;
  const { code, remedy } = error as DataError;
  return new DataError(message, { code, ...(remedy === undefined ? {} : { remedy }) });
}
