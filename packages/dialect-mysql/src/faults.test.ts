import { faults, provisionDatabase } from "@acme/testkit";
import { inject } from "vitest";
import { startOwnMariadb } from "../../../scripts/test-databases/own-mariadb.js";
import { mariadbFaults, mysqlFaults } from "./test-faults.js";

const { mariadb, mysql } = inject("databases");

faults({
  ...mariadbFaults,
  unavailable: mariadb.available ? undefined : mariadb.reason,
  provision: () => provisionDatabase(mariadb.available ? mariadb.url : ""),
  ownServer: startOwnMariadb,
});

faults({
  ...mysqlFaults,
  unavailable: mysql.available ? undefined : mysql.reason,
  provision: () => provisionDatabase(mysql.available ? mysql.url : ""),
});
