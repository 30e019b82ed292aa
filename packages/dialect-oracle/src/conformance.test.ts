import { createEngine } from "@acme/core";
import { conformance, provisionDatabase } from "@acme/testkit";
import { inject } from "vitest";
import "./index.js";

const { oracle } = inject("databases");

conformance({
  name: "oracle",
  unavailable: oracle.available ? undefined : oracle.reason,
  provision: () => provisionDatabase(oracle.available ? oracle.url : ""),
  createEngine: (url, options) => createEngine(url, options),
  optOut: {
    deferrableTransactions: "DEFERRABLE is PostgreSQL's",
    quotedJsonKeys: "keys of Oracle's JSON paths know no escapes",
    arrays: "arrays in Oracle are collection types with names of their own",
    sharedLocks: "Oracle has no FOR SHARE",
    keyLocks: "Oracle has no weaker row locks",
    dmlInCtes: "Oracle has queries only in WITH",
    materializedCtes: "Oracle has no MATERIALIZED",
    upsertReturning: "MERGE of Oracle has no RETURNING",
    twoSchemas: "a schema of Oracle is a user",
    bitShifts: "Oracle has no bit shifts",
    windowFrames: "without a named version, the SQL of Oracle 19 is written; GROUPS and EXCLUDE came with 21",
    emptyStringIsNotNull: "an empty string is NULL in Oracle",
    quotesInNames: "a name in Oracle cannot hold a double quote",
  },
});
