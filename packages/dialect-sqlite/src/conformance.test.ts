import { createEngine } from "@acme/core";
import { Temporal } from "temporal-polyfill";
import "temporal-polyfill/global";
import { conformance, temporalRoads } from "@acme/testkit";
import "./index.js";

for (const url of ["sqlite://", "sqlite+node://"]) {
  conformance({
    name: "sqlite",
    driver: url === "sqlite://" ? undefined : "node:sqlite",
    provision: async () => ({ url, drop: async () => {} }),
    chapters: [temporalRoads(Temporal)],
    createEngine: (place, options) => createEngine(place, options),
    optOut: {
      deferrableTransactions: "DEFERRABLE is PostgreSQL's",
      arrays: "SQLite has no arrays",
      twoSchemas: "SQLite's schemas are attached files",
      lateral: "SQLite has no LATERAL",
      dmlInCtes: "SQLite has queries only in WITH",
      searchAndCycle: "SQLite has neither",
      rollup: "SQLite has none",
      cube: "SQLite has none",
      orderedSets: "SQLite has no WITHIN GROUP",
      regexpReplace: "SQLite has no regexp_replace",
      quantified: "SQLite has neither ANY nor ALL",
      rowLocks: "SQLite locks the whole database",
      exactNumerics: "SQLite keeps decimals as 64-bit floats: 15 digits are exact, more are refused",
      stringLength: "SQLite ignores the length of VARCHAR",
      integerRange: "SQLite's integers have 64 bits",
    },
  });
}
