/** What a workload is: an operation per peer, a check of its result, and the marks that ours has to reach. */

import type { Admin } from "../data/admin.js";
import type { Database, NewContact } from "../data/schema.js";
import type { MaybePromise, Peer } from "../peers/peer.js";

/** What the harness lends to a workload. */
export interface Context {
  readonly database: Database;
  readonly admin: Admin;
  /** The 10,000 rows that the insert workloads write. */
  readonly rows: readonly NewContact[];
}

/** One repetition. With `prepare`, every repetition is prepared anew and timed as a block of its own. */
export interface Operation {
  /** Not timed. */
  prepare?(): MaybePromise<unknown>;
  /** Timed. `n` counts the repetitions. */
  run(n: number): MaybePromise<unknown>;
  /** The time in milliseconds that each part of the repetitions took, where single answers are of interest; it grows. */
  readonly latencies?: number[];
}

/**
 * What ours has to reach. `ratio`: times the raw driver. `microseconds`: CPU time per operation. `more-ms`: wall time
 * over the raw driver's. Marks of the source `issue` were set for this project, those of `reference` are judgements
 * that followed from measuring the peers.
 */
export interface Mark {
  readonly kind: "ratio" | "microseconds" | "more-ms";
  readonly atMost: number;
  readonly source: "issue" | "reference";
}

export interface Workload {
  readonly id: string;
  readonly title: string;
  readonly databases: readonly Database[];
  readonly marks: Partial<Record<Database, Mark>>;
  /** For a workload with latencies: the slowest hundredth, to that of raw. */
  readonly tailMark?: Mark;
  /** `undefined` when the peer does not do this. */
  operation(peer: Peer, context: Context): Operation | undefined;
  /** The canonical text of what one operation did; for raw and for the peer it has to be the same. Not timed. */
  outcome(peer: Peer, operation: Operation, context: Context): Promise<string>;
}

/** What Core alone does is measured on all of them. */
export const everyDatabase: readonly Database[] = ["sqlite", "postgresql", "mariadb"];

/** What needs entities. */
export const entityDatabases: readonly Database[] = ["sqlite", "postgresql"];

export function issue(atMost: number): Mark {
  return { kind: "ratio", atMost, source: "issue" };
}

export function reference(atMost: number): Mark {
  return { kind: "ratio", atMost, source: "reference" };
}
