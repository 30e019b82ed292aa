/** W2 and W10: one row by primary key, alone and 64 at a time. */

import { canonicalCustomer } from "../data/canonical.js";
import { pointIds } from "../data/generate.js";
import type { Customer } from "../data/schema.js";
import type { MaybePromise } from "../peers/peer.js";
import type { Operation, Workload } from "./workload.js";
import { entityDatabases, everyDatabase, issue } from "./workload.js";

type ById = (id: number) => MaybePromise<Customer | undefined | null>;

const idOf = (n: number): number => pointIds[n & (pointIds.length - 1)] ?? 1;

const one = (find: ById | undefined): Operation | undefined => find && { run: (n) => find(idOf(n)) };

/** Several ids, and one that is not there. */
function outcomeOf(choose: (peer: Parameters<Workload["outcome"]>[0]) => ById | undefined): Workload["outcome"] {
  return async (peer) => {
    const find = choose(peer);
    const found: string[] = [];
    if (find) for (const id of [1, 10_000, idOf(7), 1, -1]) found.push(canonicalCustomer(await find(id)));
    return found.join("\n");
  };
}

export const pointSelect: Workload = {
  id: "w2",
  title: "point select, ad hoc",
  databases: everyDatabase,
  marks: { sqlite: issue(4), postgresql: issue(1.1), mariadb: issue(1.1) },
  operation: (peer) => one(peer.pointSelect),
  outcome: outcomeOf((peer) => peer.pointSelect),
};

export const pointSelectPrepared: Workload = {
  id: "w2p",
  title: "point select, statement built once",
  databases: everyDatabase,
  marks: { sqlite: issue(1.3), postgresql: issue(1.1), mariadb: issue(1.1) },
  operation: (peer) => one(peer.pointSelectPrepared),
  outcome: outcomeOf((peer) => peer.pointSelectPrepared),
};

export const pointEntity: Workload = {
  id: "w2e",
  title: "one entity by key, fresh session",
  databases: entityDatabases,
  marks: {},
  operation: (peer) => one(peer.pointEntity),
  outcome: outcomeOf((peer) => peer.pointEntity),
};

const width = 64;

export const concurrent: Workload = {
  id: "w10",
  title: "64 concurrent point selects, pool of 10",
  databases: ["postgresql", "mariadb"],
  // A throughput of at least 0.95 of raw's.
  marks: { postgresql: issue(1.05), mariadb: issue(1.05) },
  tailMark: issue(1.2),
  operation: ({ pointSelect: find }) => {
    if (find === undefined) return undefined;
    const latencies: number[] = [];
    const timed = async (id: number): Promise<Customer | undefined | null> => {
      const since = performance.now();
      const found = await find(id);
      latencies.push(performance.now() - since);
      return found;
    };
    return { latencies, run: (n) => Promise.all(Array.from({ length: width }, (_, i) => timed(idOf(n * width + i)))) };
  },
  outcome: async (_peer, operation) =>
    ((await operation.run(3)) as (Customer | undefined)[]).map(canonicalCustomer).join("\n"),
};
