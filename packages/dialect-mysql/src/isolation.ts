import { type IsolationLevel, NotSupportedError } from "@acme/core/dialect";

/** The isolation levels of MySQL and MariaDB. */
export const ISOLATION_LEVELS: readonly IsolationLevel[] = [
  "READ UNCOMMITTED",
  "READ COMMITTED",
  "REPEATABLE READ",
  "SERIALIZABLE",
];

/** Refuses an isolation level that MySQL and MariaDB do not have. */
export function checkedLevel(level: IsolationLevel): IsolationLevel {
  if (ISOLATION_LEVELS.includes(level)) return level;
  throw new NotSupportedError(`MySQL and MariaDB have no isolation level ${level}.`, {
    remedy: `They have: ${ISOLATION_LEVELS.join(", ")}.`,
  });
}
