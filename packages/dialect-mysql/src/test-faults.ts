import { createEngine } from "@acme/core";
import type { FaultTarget } from "@acme/testkit";
import "./index.js";

/** What MariaDB and MySQL have in common. */
const SERVER: NonNullable<FaultTarget["server"]> = {
  sessionId: "SELECT CONNECTION_ID()",
  sessions: "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()",
  executing: (id) =>
    `SELECT COUNT(*) FROM information_schema.processlist WHERE id = ${id} AND command IN ('Query', 'Execute')`,
  kill: (id) => `KILL CONNECTION ${id}`,
  sleep: (seconds) => `SELECT SLEEP(${seconds})`,
  shortLockTimeout: "SET SESSION innodb_lock_wait_timeout = 1",
  limitedUser: (name, password, limit) => [
    `CREATE USER ${name} IDENTIFIED BY '${password}' WITH MAX_USER_CONNECTIONS ${limit}`,
    `GRANT ALL ON *.* TO ${name}`,
  ],
  dropUser: (name) => [`DROP USER ${name}`],
};

const COMMON = {
  createEngine: (url, options) => createEngine(url, options),
  server: SERVER,
  impatient: { cancelTimeout: 500, socketTimeout: 2000 },
} satisfies Omit<FaultTarget, "provision" | "name">;

/** What the fault suite and the soak must know of MariaDB. */
export const mariadbFaults = {
  ...COMMON,
  name: "mariadb",
  serializationLevel: "REPEATABLE READ",
  prepareSerialization: async (connection) => {
    await connection.executeDriverSql("SET SESSION innodb_snapshot_isolation = ON");
  },
} satisfies Omit<FaultTarget, "provision">;

/** What the fault suite must know of MySQL. */
export const mysqlFaults = {
  ...COMMON,
  name: "mysql",
  optOut: {
    restarts: "MySQL is reached by URL or container only",
    serializationFailures: "MySQL lets a transaction change rows that it has not seen",
  },
} satisfies Omit<FaultTarget, "provision">;
