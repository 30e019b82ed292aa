import { createEngine } from "@acme/core";
import type { FaultTarget } from "@acme/testkit";
import "./index.js";

/** What the fault suite and the soak must know of PostgreSQL. */
export const postgresFaults = {
  name: "postgresql",
  createEngine: (url, options) => createEngine(url, options),
  server: {
    sessionId: "SELECT pg_backend_pid()",
    sessions:
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
    executing: (id) => `SELECT count(*) FROM pg_stat_activity WHERE pid = ${id} AND state = 'active'`,
    kill: (id) => `SELECT pg_terminate_backend(${id}, 10000)`,
    sleep: (seconds) => `SELECT pg_sleep(${seconds})`,
    shortLockTimeout: "SET lock_timeout = 100",
    limitedUser: (name, password, limit) => [
      `CREATE ROLE ${name} LOGIN PASSWORD '${password}' CONNECTION LIMIT ${limit}`,
    ],
    dropUser: (name) => [`DROP ROLE ${name}`],
  },
  impatient: { cancelTimeout: 500, socketTimeout: 2000 },
  serializationLevel: "REPEATABLE READ",
} satisfies Omit<FaultTarget, "provision">;
