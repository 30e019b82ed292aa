import { type Connection, type ExecutionOptions, LockTimeoutError } from "@acme/core/dialect";

/** How an advisory lock is taken. */
export interface AdvisoryLockOptions extends Pick<ExecutionOptions, "signal" | "timeout"> {
  /** Others may hold it too, if they share it as well. Default false. */
  readonly shared?: boolean | undefined;
  /** False does not wait: a LockTimeoutError when somebody else has it. Default true. */
  readonly wait?: boolean | undefined;
}

/**
 * Does work under an advisory lock: a lock on a name or number that has nothing to do with tables, which one session of the
 * database holds at a time. It is released when the work ends, whatever happens. In a transaction that has failed it is
 * released by the rollback or with the connection.
 *
 * @example
 * ```ts
 * await withAdvisoryLock(conn, "migrations", () => migrate(conn));
 * await withAdvisoryLock(conn, 42n, work, { wait: false });       // LockTimeoutError when somebody else is at it
 * ```
 * SQL: `SELECT pg_advisory_lock(hashtextextended($1, 0))`
 */
export async function withAdvisoryLock<T>(
  connection: Connection,
  key: string | number | bigint,
  work: () => T | PromiseLike<T>,
  options: AdvisoryLockOptions = {},
): Promise<T> {
  const { shared = false, wait = true, signal, timeout } = options;
  const call = (name: string): string =>
    `SELECT pg_${name}${shared ? "_shared" : ""}(${typeof key === "string" ? "hashtextextended($1, 0)" : "$1::bigint"})`;
  const got = await connection.executeDriverSql(call(wait ? "advisory_lock" : "try_advisory_lock"), [key], {
    signal,
    timeout,
  });
  if (!wait && got.tuples()[0]?.[0] !== true) {
    throw new LockTimeoutError(`Another session holds the advisory lock ${JSON.stringify(String(key))}.`, {
      remedy: "Try again later, or wait for it.",
    });
  }
  let failed = true;
  try {
    const value = await work();
    failed = false;
    return value;
  } finally {
    const release = connection.executeDriverSql(call("advisory_unlock"), [key]);
    // Where the transaction has failed nothing can be executed, and a session that is given back must not keep the lock.
    if (failed) await release.then(undefined, () => connection.invalidate(undefined, { soft: true }));
    else await release;
  }
}
