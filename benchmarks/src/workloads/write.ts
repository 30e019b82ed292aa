/** W6 to W9: bulk insert, and flushes of 10,000 new, changed and deleted entities. */

import type { Workload } from "./workload.js";
import { entityDatabases, everyDatabase, issue, reference } from "./workload.js";

export const bulkInsert: Workload = {
  id: "w6",
  title: "bulk insert 10,000",
  databases: everyDatabase,
  marks: { sqlite: issue(0.8), postgresql: issue(0.7), mariadb: issue(0.7) },
  operation: ({ bulkInsert: insert }, { admin, rows }) =>
    insert && { prepare: () => admin.empty(), run: () => insert(rows) },
  outcome: async (_peer, operation, { admin }) => {
    await operation.prepare?.();
    await operation.run(0);
    return admin.contents();
  },
};

export const flushInsert: Workload = {
  id: "w7",
  title: "flush 10,000 new entities",
  databases: entityDatabases,
  marks: { sqlite: issue(4), postgresql: reference(0.8) },
  operation: ({ flushInsert: insert }, { admin, rows }) =>
    insert && { prepare: () => admin.empty(), run: () => insert(rows) },
  outcome: async (_peer, operation, { admin }) => {
    await operation.prepare?.();
    const inserted = (await operation.run(0)) as readonly { readonly id: number }[];
    // The generated keys, on the entities and in the order in which these were given.
    return `${JSON.stringify(inserted.map((entity) => entity.id))}\n${await admin.contents()}`;
  },
};

export const flushUpdate: Workload = {
  id: "w8",
  title: "load 10,000 entities, change each, flush",
  databases: entityDatabases,
  marks: { sqlite: issue(5), postgresql: reference(1.5) },
  operation: ({ flushUpdate: update }, { admin }) => update && { prepare: () => admin.fill(), run: () => update() },
  outcome: async (_peer, operation, { admin }) => {
    await operation.prepare?.();
    await operation.run(0);
    return admin.contents();
  },
};

export const flushDelete: Workload = {
  id: "w9",
  title: "flush 10,000 deletes of loaded entities",
  databases: entityDatabases,
  marks: { sqlite: issue(3), postgresql: reference(1.2) },
  operation: ({ flushDelete: remove }, { admin }) => {
    if (remove === undefined) return undefined;
    let loaded: unknown;
    return {
      prepare: async () => {
        await admin.fill();
        loaded = await remove.load();
      },
      run: () => remove.flush(loaded),
    };
  },
  outcome: async (_peer, operation, { admin }) => {
    await operation.prepare?.();
    const before = await admin.contents();
    await operation.run(0);
    return `${before}\n${await admin.contents()}`;
  },
};
