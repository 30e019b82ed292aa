/** W1: build a select with three joins and produce SQL and parameters; no database is asked. */

import { canonicalJoined } from "../data/canonical.js";
import type { Workload } from "./workload.js";
import { everyDatabase } from "./workload.js";

/** The statement's text differs from peer to peer; its rows must not. */
const outcome: Workload["outcome"] = async (peer) => canonicalJoined((await peer.joined?.()) ?? []);

export const compile: Workload = {
  id: "w1",
  title: "compile only, 3-join select, as execution compiles it",
  databases: everyDatabase,
  marks: {
    sqlite: { kind: "microseconds", atMost: 5, source: "issue" },
    postgresql: { kind: "microseconds", atMost: 10, source: "reference" },
  },
  operation: ({ compile: build }) => build && { run: () => build() },
  outcome,
};

export const compileUncached: Workload = {
  id: "w1c",
  title: "compile only, 3-join select, no compiled cache (peers that have one)",
  databases: everyDatabase,
  marks: {
    sqlite: { kind: "microseconds", atMost: 30, source: "issue" },
    postgresql: { kind: "microseconds", atMost: 40, source: "reference" },
  },
  // Raw has no cache to switch off: its constant is the reference here too.
  operation: ({ compileUncached: uncached, compile: build, isRaw }) => {
    const chosen = uncached ?? (isRaw ? build : undefined);
    return chosen && { run: () => chosen() };
  },
  outcome,
};
