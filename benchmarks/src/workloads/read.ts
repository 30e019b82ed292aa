/** W3 to W5: many rows, many entities, a graph. */

import { canonicalCustomers, canonicalGraph } from "../data/canonical.js";
import type { Customer } from "../data/schema.js";
import type { GraphCustomer } from "../peers/peer.js";
import type { Workload } from "./workload.js";
import { entityDatabases, everyDatabase, issue, reference } from "./workload.js";

export const rows: Workload = {
  id: "w3",
  title: "10,000 rows x 8 columns",
  databases: everyDatabase,
  marks: { sqlite: issue(1.1), postgresql: issue(1.05), mariadb: issue(1.05) },
  operation: ({ rows: load }) => load && { run: () => load() },
  outcome: async (_peer, operation) => canonicalCustomers((await operation.run(0)) as Customer[]),
};

export const entities: Workload = {
  id: "w4",
  title: "10,000 entities",
  databases: entityDatabases,
  marks: { sqlite: issue(3), postgresql: reference(1.5) },
  operation: ({ entities: load }) => load && { run: () => load() },
  outcome: async (_peer, operation) => canonicalCustomers((await operation.run(0)) as Customer[]),
};

export const graph: Workload = {
  id: "w5",
  title: "eager 1-n-n graph: 1,000 / 5,000 / 15,000",
  databases: entityDatabases,
  marks: { sqlite: reference(2.5), postgresql: reference(1.4) },
  operation: ({ graph: load }) => load && { run: () => load() },
  outcome: async (_peer, operation) => canonicalGraph((await operation.run(0)) as GraphCustomer[]),
};
