import { createEngine } from "@acme/core";
import { Temporal } from "temporal-polyfill";
import "temporal-polyfill/global";
import { conformance, type OptOuts, temporalRoads } from "@acme/testkit";
import { inject } from "vitest";
import "./index.js";
import { mariadbRoads, nativeRoads } from "./native/test-roads.js";
import { provision } from "./test-support.js";

const databases = inject("databases");

/** What neither product has. */
const NEITHER: OptOuts = {
  arrays: "neither MySQL nor MariaDB has arrays",
  keyLocks: "neither MySQL nor MariaDB has weaker row locks",
  dmlInCtes: "neither MySQL nor MariaDB has anything but queries in WITH",
  materializedCtes: "neither MySQL nor MariaDB has MATERIALIZED",
  searchAndCycle: "neither MySQL nor MariaDB has SEARCH; MariaDB's CYCLE leaves rows out instead of marking them",
  cube: "neither MySQL nor MariaDB has CUBE and GROUPING SETS",
  windowFrames: "neither MySQL nor MariaDB has GROUPS or EXCLUDE",
  orderedSets: "MySQL has no WITHIN GROUP; on MariaDB it is a window function",
  fullJoin: "neither MySQL nor MariaDB has FULL JOIN",
  updateReturning: "MySQL has no RETURNING; MariaDB has it on UPDATE from version 13.0 on",
};

for (const name of ["mariadb", "mysql"] as const) {
  const found = databases[name];
  conformance({
    name,
    unavailable: found.available ? undefined : found.reason,
    provision: () => provision(found.available ? found.url : ""),
    chapters: [temporalRoads(Temporal), nativeRoads, ...(name === "mariadb" ? [mariadbRoads] : [])],
    createEngine: (url, options) => createEngine(url, options),
    sessionModes: {
      NO_BACKSLASH_ESCAPES: ["SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')"],
      ANSI_QUOTES: ["SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')"],
      "ANSI_QUOTES, PIPES_AS_CONCAT and IGNORE_SPACE (ANSI)": ["SET SESSION sql_mode = 'ANSI'"],
    },
    optOut:
      name === "mariadb"
        ? {
            deferrableTransactions: "DEFERRABLE is PostgreSQL's",
            ...NEITHER,
            lateral: "MariaDB has no LATERAL",
            lockOf: "MariaDB locks the rows of all tables",
          }
        : {
            ...NEITHER,
            jsonAggOrder: "MySQL has no ORDER BY inside JSON_ARRAYAGG",
            insertReturning: "MySQL has no RETURNING",
            upsertReturning: "MySQL has no RETURNING",
            deleteReturning: "MySQL has no RETURNING",
          },
  });
}
