/** What the command asks its worker processes, and what they answer. */

import type { Target } from "../peers/peer.js";
import type { PeerName } from "../peers/registry.js";
import type { Comparison, Effort } from "./measure.js";

export interface TimingJob {
  readonly workload: string;
  readonly peer: PeerName;
  readonly target: Target;
  readonly effort: Effort;
}

export interface MemoryJob {
  readonly workload: string;
  readonly peer: PeerName;
  readonly target: Target;
}

/** Entity: the first row through the ORM. Row: through whatever the peer has for a single row. */
export interface StartJob {
  readonly peer: PeerName;
  readonly target: Target;
  readonly first: "row" | "entity";
}

export interface Memory {
  /** The process's peak, in bytes: code, driver and SQLite's cache included. */
  readonly peakRss: number;
  /** The JavaScript heap's peak over that before the operation, in bytes. */
  readonly peakHeap: number;
  /** What the operation's result still holds after a garbage collection, in bytes. */
  readonly heldHeap: number;
}

export interface Start {
  /** From spawning the process to its first row, in milliseconds. */
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly rss: number;
}

export type Answer<T> =
  | { readonly status: "measured"; readonly value: T }
  | { readonly status: "absent" }
  | { readonly status: "failed"; readonly reason: string };

export type TimingAnswer = Answer<Comparison>;
export type MemoryAnswer = Answer<Memory>;
