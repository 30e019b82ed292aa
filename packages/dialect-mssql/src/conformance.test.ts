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
  optOut: { arrays: "SQL Server has no arrays" },
});
