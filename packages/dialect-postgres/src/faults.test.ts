import { createEngine } from "@acme/core";
import { faults, provisionDatabase } from "@acme/testkit";
import { inject } from "vitest";
import { startEmbeddedPostgres } from "../../../scripts/test-databases/embedded-postgres.js";
import "./index.js";

const { postgresql } = inject("databases");
const serverUrl = postgresql.available ? postgresql.url : "";

faults({
  name: "postgresql",
  unavailable: postgresql.available ? undefined : postgresql.reason,
  provision: () => provisionDatabase(serverUrl),
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
  ownServer: startEmbeddedPostgres,
  impatient: { cancelTimeout: 300, socketTimeout: 500 },
  serializationLevel: "REPEATABLE READ",
});
