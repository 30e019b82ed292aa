import { createEngine } from "@acme/core";
import { conformance, provisionDatabase } from "@acme/testkit";
import { inject } from "vitest";
import "./index.js";

const { mssql } = inject("databases");

conformance({
  name: "mssql",
  unavailable: mssql.available ? undefined : mssql.reason,
  provision: () => provisionDatabase(mssql.available ? mssql.url : ""),
  createEngine: (url, options) => createEngine(url, options),
  optOut: {
    deferrableTransactions: "DEFERRABLE is PostgreSQL's",
    readOnlyTransactions: "SQL Server has no read-only transactions",
    quotedJsonKeys: "keys of SQL Server's JSON paths know no escapes",
    arrays: "SQL Server has no arrays",
    keyLocks: "SQL Server has no hint for weaker row locks",
    nestedCtes: "SQL Server has WITH in front of statements only",
    dmlInCtes: "SQL Server has queries only in WITH",
    materializedCtes: "SQL Server has no MATERIALIZED",
    searchAndCycle: "SQL Server has neither",
    bitShifts: "SQL Server shifts without the sign, and since 2022 only",
    windowFrames: "SQL Server has neither GROUPS nor EXCLUDE",
    orderedSets: "WITHIN GROUP is a window function on SQL Server",
    regexp: "SQL Server has regular expressions since 2025",
    regexpReplace: "SQL Server has regular expressions since 2025",
  },
});
