import type { PoolOptions } from "./options.js";
import { Pool } from "./pool.js";

/** The options of a {@link NullPool}: nothing idles, so nothing is checked, cleaned or recycled. */
export type NullPoolOptions<T> = Omit<
  PoolOptions<T>,
  | "min"
  | "overflow"
  | "idleTimeout"
  | "recycle"
  | "order"
  | "validate"
  | "validateTimeout"
  | "reset"
  | "resetTimeout"
  | "prePing"
  | "prePingIdleMs"
>;

/**
 * Creates a resource for each lease and destroys it at the end of the lease. For use behind an external pooler, or where
 * nothing may stay open. `max` bounds how many are open at once; default `Infinity`. `tryAcquire` never has one.
 *
 * @example
 * ```ts
 * const pool = new NullPool({ create: () => connect(url), destroy: (c) => c.close() });
 * ```
 */
export class NullPool<T> extends Pool<T> {
  constructor(options: NullPoolOptions<T>) {
    const { create, destroy, max = Number.POSITIVE_INFINITY, ...rest } = options;
    const { acquireTimeout, createTimeout, destroyTimeout, maxQueue, trackLeaks, on } = rest;
    super({
      create,
      destroy,
      max: 0,
      overflow: max,
      acquireTimeout,
      createTimeout,
      destroyTimeout,
      maxQueue,
      trackLeaks,
      on,
    });
  }
}
