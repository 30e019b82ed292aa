import { ConnectionLostError, DatabaseError } from "../errors/index.js";
import type { EngineEventHub, ErrorContext } from "./events.js";

/** What is to become of a failure. */
export interface Verdict {
  readonly error: Error;
  /** The connection is lost. */
  readonly disconnected: boolean;
  /** All connections of the pool are. */
  readonly invalidatePool: boolean;
}

/** What is known of a failure, beside what the toolkit makes of it. */
export type Failure = Pick<ErrorContext, "connection" | "sql" | "parameters" | "originalError" | "isPrePing">;

/**
 * Asks the listeners of `handleError` what to make of a failure; each sees what the one before it made. What a listener throws
 * takes the error's place, as what it answers does.
 */
export function judge(events: EngineEventHub, error: Error, failure: Failure): Verdict {
  let verdict: Verdict = {
    error,
    disconnected: error instanceof DatabaseError && error.disconnected,
    invalidatePool: error instanceof ConnectionLostError,
  };
  if (!events.hears("handleError")) return verdict;
  for (const call of events.calls("handleError")) {
    const before = verdict;
    try {
      const reply = call({ ...failure, ...before });
      if (reply === undefined || reply === null) continue;
      verdict = {
        error: reply.error ?? before.error,
        disconnected: reply.disconnected ?? before.disconnected,
        invalidatePool: reply.invalidatePool ?? before.invalidatePool,
      };
    } catch (thrown) {
      verdict = { ...before, error: thrown as Error };
    }
  }
  return verdict;
}
