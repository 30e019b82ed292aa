import type { Bind } from "./context.js";
import { Session, type SessionOptions } from "./session.js";

/** Makes sessions of one kind; see {@link sessionmaker}. */
export interface SessionMaker {
  /** A new session. */
  (options?: SessionOptions): Session;
  /** Runs a function with a new session, commits, and closes it; rolls back when it throws. */
  transaction<T>(work: (session: Session) => T | PromiseLike<T>): Promise<T>;
}

/**
 * A factory of sessions for one engine with common options.
 *
 * @example
 * ```ts
 * const makeSession = sessionmaker(engine, { isolationLevel: "SERIALIZABLE" });
 * await using session = makeSession();
 * await makeSession.transaction(async (session) => session.add(new User({ name: "alice" })));
 * ```
 */
export function sessionmaker(bind: Bind, options: SessionOptions = {}): SessionMaker {
  const make = (more: SessionOptions = {}): Session => new Session(bind, { ...options, ...more });
  const transaction = async <T>(work: (session: Session) => T | PromiseLike<T>): Promise<T> => {
    await using session = make();
    return await session.transaction(work);
  };
  return Object.assign(make, { transaction });
}
