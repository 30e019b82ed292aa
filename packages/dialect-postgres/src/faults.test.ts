import { faults, provisionDatabase } from "@acme/testkit";
import { inject } from "vitest";
import { startEmbeddedPostgres } from "../../../scripts/test-databases/embedded-postgres.js";
import { postgresFaults } from "./test-faults.js";

const { postgresql } = inject("databases");

faults({
  ...postgresFaults,
  unavailable: postgresql.available ? undefined : postgresql.reason,
  provision: () => provisionDatabase(postgresql.available ? postgresql.url : ""),
  ownServer: startEmbeddedPostgres,
});
