/** What a peer is: one file that opens the benchmark database and offers those workloads that it can do. */

import type { Customer, Database, NewContact, Order, OrderLine } from "../data/schema.js";
import type { JoinedRow } from "../data/statement.js";

/** The database that a worker process measures against. */
export type Target =
  | { readonly database: "sqlite"; readonly file: string }
  | { readonly database: "postgresql" | "mariadb"; readonly url: string; readonly poolSize: number };

/** Peers may answer synchronously: then the harness awaits nothing, and the peer pays for no turn of the event loop. */
export type MaybePromise<T> = T | PromiseLike<T>;

export interface CompiledText {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export interface GraphOrder extends Order {
  lines: Iterable<OrderLine>;
}

export interface GraphCustomer extends Customer {
  orders: Iterable<GraphOrder>;
}

/** Deleting loaded entities: loading is not timed, so it is a step of its own. */
export interface FlushDelete {
  load(): MaybePromise<unknown>;
  flush(loaded: unknown): MaybePromise<unknown>;
}

/**
 * An open peer. A workload that the peer has no way to do is left out, and shows as a dash in the tables.
 *
 * Each method is the way that the peer's own documentation teaches for the job, with its documented fast settings, and
 * never more work shared between calls than its users get.
 */
export interface Peer {
  /** Only the raw driver: the reference of every ratio. */
  readonly isRaw?: true;
  /** W1: build the statement of `data/statement.ts` and produce SQL and parameters, as execution would. */
  compile?(): CompiledText;
  /** W1 again, with no cache of compiled statements; only where `compile` uses one. */
  compileUncached?(): CompiledText;
  /** Executes the statement of `compile`, so that its rows can be checked. Not timed. */
  joined?(): MaybePromise<readonly JoinedRow[]>;
  /** W2: one row of `customer` by primary key, the statement built anew. */
  pointSelect?(id: number): MaybePromise<Customer | undefined | null>;
  /** W2p: the same with the peer's prepared form, or with a statement built once. */
  pointSelectPrepared?(id: number): MaybePromise<Customer | undefined | null>;
  /** W2e: one entity by primary key in a fresh session. */
  pointEntity?(id: number): MaybePromise<Customer | undefined | null>;
  /** W3: all 10,000 rows of `customer`, 8 columns, as plain objects. */
  rows?(): MaybePromise<readonly Customer[]>;
  /** W4: the same as entities, in a fresh session. */
  entities?(): MaybePromise<readonly Customer[]>;
  /** W5: customers with id <= `graphParents`, their orders, and these orders' lines, nested. */
  graph?(): MaybePromise<readonly GraphCustomer[]>;
  /** W6: inserts the rows into `contact` in one transaction; nothing is read back. */
  bulkInsert?(rows: readonly NewContact[]): MaybePromise<unknown>;
  /** W7: new entities of `contact`, one flush in one transaction; the generated ids are on what is returned, in order. */
  flushInsert?(rows: readonly NewContact[]): MaybePromise<readonly { readonly id: number }[]>;
  /** W8: loads every `contact`, adds 1 to each credit, one flush in one transaction. */
  flushUpdate?(): MaybePromise<unknown>;
  /** W9: deletes every loaded `contact` in one flush in one transaction. */
  readonly flushDelete?: FlushDelete;
  close(): MaybePromise<unknown>;
}

/** What each peer's file exports as `peer`. */
export interface PeerDefinition {
  /** Packages whose versions are printed with the tables. */
  readonly packages: readonly string[];
  /** The databases that its file is written for; left out: SQLite and PostgreSQL. */
  readonly databases?: readonly Database[];
  /** Opens the database and sets up the models. This is part of what the start workload (W11) times. */
  open(target: Target): Promise<Peer>;
}
