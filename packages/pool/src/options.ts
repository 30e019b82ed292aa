import type { PoolListeners } from "./events.js";

/** Which idle resource is handed out first: the one that came back last, or the one that idles longest. */
export type PoolOrder = "lifo" | "fifo";

/**
 * How a {@link Pool} makes, checks and keeps its resources. All times are milliseconds; `Infinity` means no limit.
 *
 * @example
 * ```ts
 * const options: PoolOptions<Client> = {
 *   create: async () => { const client = new Client(); await client.connect(); return client; },
 *   destroy: (client) => client.end(),
 *   validate: (client) => client.query("SELECT 1").then(() => true),
 *   reset: (client) => client.query("ROLLBACK"),
 *   max: 5, overflow: 10, recycle: 3_600_000, prePing: true,
 * };
 * ```
 */
export interface PoolOptions<T> {
  /** Makes a resource. May answer at once or by a promise. What it throws reaches the waiting caller as `cause`. */
  readonly create: () => T | PromiseLike<T>;
  /** Ends a resource. A returned promise is awaited; what it throws is told by the `error` event. */
  readonly destroy: (resource: T) => unknown;
  /** Says whether an idle resource still works; `false` or a throw drops it. Asked when `prePing` says so. */
  readonly validate?: ((resource: T) => boolean | PromiseLike<boolean>) | undefined;
  /** Cleans a resource that comes back. A returned promise is awaited; a throw drops the resource. */
  readonly reset?: ((resource: T) => unknown) | undefined;
  /** How many resources stay open however long they idle. They are opened on demand, not in advance. Default 0. */
  readonly min?: number | undefined;
  /** How many resources are kept. `Infinity` for no bound; 0 keeps none (then `overflow` says how many may be open). Default 10. */
  readonly max?: number | undefined;
  /** How many more may be open at peaks; they are destroyed when they come back and `max` others idle. Default 0. */
  readonly overflow?: number | undefined;
  /** How long `acquire` waits for a resource. Default 30,000. */
  readonly acquireTimeout?: number | undefined;
  /** How long `create` may take. A resource that arrives later is destroyed. Default: `acquireTimeout`. */
  readonly createTimeout?: number | undefined;
  /** How long `validate` may take before the resource counts as broken. Default 5,000. */
  readonly validateTimeout?: number | undefined;
  /** How long `reset` may take before the resource counts as broken. Default 30,000. */
  readonly resetTimeout?: number | undefined;
  /** How long the pool watches over one `destroy`, and waits for it when it closes. Default 5,000. */
  readonly destroyTimeout?: number | undefined;
  /** A resource that idles longer is destroyed, down to `min`. Default 30,000. */
  readonly idleTimeout?: number | undefined;
  /** A resource older than this is replaced at its next checkout. Default `Infinity`. */
  readonly recycle?: number | undefined;
  /** Whether an idle resource is validated before each checkout. Default: whether `prePingIdleMs` is given. */
  readonly prePing?: boolean | undefined;
  /** Validate only what has been idle at least this long. Default 0: always, when `prePing` is on. */
  readonly prePingIdleMs?: number | undefined;
  /** `"lifo"` lets surplus resources idle out, `"fifo"` uses all evenly. Default `"lifo"`. */
  readonly order?: PoolOrder | undefined;
  /** How many callers may wait. 0 refuses at once when all resources are in use. Default `Infinity`. */
  readonly maxQueue?: number | undefined;
  /**
   * Remembers where each resource was checked out: the timeout error then names the holders, and a lease that was
   * garbage-collected without being released is reported and its resource destroyed. Costs some microseconds per
   * checkout. Default false.
   */
  readonly trackLeaks?: boolean | undefined;
  /** Listeners that are there from the start; see {@link Pool.on}. */
  readonly on?: PoolListeners<T> | undefined;
}
