import type { PoolOptions } from "./options.js";
import { Pool } from "./pool.js";

/** The options of a {@link StaticPool}: those of a pool without what decides how many there are and how long they live. */
export type StaticPoolOptions<T> = Omit<
  PoolOptions<T>,
  "min" | "max" | "overflow" | "idleTimeout" | "recycle" | "order"
>;

/**
 * A pool of exactly one resource, lent to one caller at a time and kept until it is invalidated or the pool is closed.
 * For what exists only as long as its one resource does: an in-memory database.
 *
 * @example
 * ```ts
 * const pool = new StaticPool({ create: () => openDatabase(":memory:"), destroy: (db) => db.close() });
 * ```
 */
export class StaticPool<T> extends Pool<T> {
  constructor(options: StaticPoolOptions<T>) {
    const forever = Number.POSITIVE_INFINITY;
    super({ ...options, min: 1, max: 1, overflow: 0, idleTimeout: forever, recycle: forever });
  }
}
