import { createEngine } from "@acme/core";
import { type FaultTarget, faults, provisionDatabase } from "@acme/testkit";
import { inject } from "vitest";
import { startOwnMariadb } from "../../../scripts/test-databases/own-mariadb.js";
import "./index.js";

const databases = inject("databases");

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

for (const name of ["mariadb", "mysql"] as const) {
  const found = databases[name];
  faults({
    name,
    unavailable: found.available ? undefined : found.reason,
    provision: () => provisionDatabase(found.available ? found.url : ""),
    createEngine: (url, options) => createEngine(url, options),
    server: SERVER,
    impatient: { cancelTimeout: 300, socketTimeout: 500 },
    ...(name === "mariadb"
      ? {
          ownServer: startOwnMariadb,
          serializationLevel: "REPEATABLE READ",
          prepareSerialization: async (connection) => {
            await connection.executeDriverSql("SET SESSION innodb_snapshot_isolation = ON");
          },
        }
      : {
          optOut: {
            restarts: "MySQL is reached by URL or container only",
            serializationFailures: "MySQL lets a transaction change rows that it has not seen",
          },
        }),
  });
}
