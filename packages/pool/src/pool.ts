import { Circulation } from "./circulation.js";
import { EventHub, type PoolEventName, type PoolListener } from "./events.js";
import { captureSite } from "./leaks.js";
import type { Lease } from "./lease.js";
import type { PoolOptions } from "./options.js";
import { aborted, closeTimedOut, forcedToClose } from "./refusals.js";
import { type PoolSettings, resolveOptions } from "./settings.js";
import type { PoolStatus } from "./status.js";
import { within } from "./timing.js";

/** How one `acquire` waits. */
export interface AcquireOptions {
  /** Ends the wait with {@link PoolAbortedError} (`POOL_ABORTED`). */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds to wait at most; with 0 or less only what needs no waiting is lent. Default: the pool's
   * `acquireTimeout`.
   */
  readonly timeout?: number | undefined;
}

/** How a pool closes. */
export interface CloseOptions {
  /** Wait until all that is lent out has come back. Default true. */
  readonly wait?: boolean | undefined;
  /** Milliseconds to wait at most. Default: the pool's `acquireTimeout`. */
  readonly timeout?: number | undefined;
  /**
   * When the time is over (with `wait: false`: at once), destroys what is still lent out, under the hands of those who hold it,
   * instead of rejecting. For a process that must end. Default false.
   */
  readonly force?: boolean | undefined;
}

/**
 * Lends a bounded number of resources, such as database connections, to many callers.
 *
 * **Two ways to borrow.** `acquire` waits its turn. `tryAcquire` hands out an idle resource synchronously, without a
 * promise, or returns `undefined` where something has to be waited for; an embedded database that answers
 * synchronously borrows and returns in well under a microsecond:
 *
 * ```ts
 * const lease = pool.tryAcquire() ?? (await pool.acquire({ signal }));
 * try { ... } finally { const resetting = lease.release(); if (resetting) await resetting; }
 * ```
 *
 * **Fairness.** Who waits longest is served first. A resource that comes back goes straight to the first waiter, and
 * `tryAcquire` returns `undefined` while anybody waits: nobody overtakes the queue.
 *
 * **What stands below.** tarn creates, counts, destroys and drains the resources; for tarn each one is in use from its
 * creation to its destruction. Idling, lending and waiting happen above it, which is what makes the synchronous way
 * possible.
 *
 * **Resources are opened on demand.** A new pool is empty. Nothing that the pool does in the background keeps the
 * process alive; an `acquire` that waits does.
 *
 * @example
 * ```ts
 * const pool = new Pool({ create: () => open("app.db"), destroy: (db) => db.close(), max: 5 });
 * const rows = await pool.use((db) => db.query("SELECT 1"));
 * await using lease = await pool.acquire();
 * await pool.close();
 * ```
 */
export class Pool<T> {
  readonly #options: PoolOptions<T>;
  readonly #settings: PoolSettings<T>;
  readonly #events = new EventHub<T>();
  readonly #circulation: Circulation<T>;

  /** Throws {@link PoolUsageError} (`POOL_BAD_OPTION`) for options that make no sense. */
  constructor(options: PoolOptions<T>) {
    this.#options = options;
    this.#settings = resolveOptions(options);
    this.#circulation = new Circulation(this.#settings, this.#events);
    const { connect, checkout, checkin, reset, invalidate, softInvalidate, detach, close, error } = options.on ?? {};
    if (connect) this.on("connect", connect);
    if (checkout) this.on("checkout", checkout);
    if (checkin) this.on("checkin", checkin);
    if (reset) this.on("reset", reset);
    if (invalidate) this.on("invalidate", invalidate);
    if (softInvalidate) this.on("softInvalidate", softInvalidate);
    if (detach) this.on("detach", detach);
    if (close) this.on("close", close);
    if (error) this.on("error", error);
  }

  /**
   * Lends an idle resource at once, without a promise. `undefined` when there is none, when it must be validated first,
   * when others wait, or when the pool is closed: then `acquire` is the way.
   *
   * @example
   * ```ts
   * using lease = pool.tryAcquire() ?? (await pool.acquire());
   * ```
   */
  tryAcquire(): Lease<T> | undefined {
    return this.#circulation.tryLend(this.#settings.trackLeaks ? captureSite(this.tryAcquire) : undefined);
  }

  /**
   * Lends a resource: an idle one, a new one while there is room, or the next one that comes back.
   *
   * Rejects with {@link PoolTimeoutError} (`POOL_TIMEOUT`), {@link PoolAbortedError} (`POOL_ABORTED`),
   * {@link PoolQueueFullError} (`POOL_QUEUE_FULL`), {@link PoolCreateError} (`POOL_CREATE_FAILED`, `cause` is what
   * `create` threw) or {@link PoolClosedError} (`POOL_CLOSED`).
   *
   * @example
   * ```ts
   * await using lease = await pool.acquire({ signal: AbortSignal.timeout(2_000) });
   * await lease.resource.query("SELECT 1");
   * ```
   */
  acquire(options?: AcquireOptions): Promise<Lease<T>> {
    const signal = options?.signal;
    if (signal?.aborted === true) return Promise.reject(aborted(signal.reason));
    const site = this.#settings.trackLeaks ? captureSite(this.acquire) : undefined;
    const lease = this.#circulation.tryLend(site);
    if (lease !== undefined) return Promise.resolve(lease);
    return this.#circulation.lend({ timeout: options?.timeout ?? this.#settings.acquireTimeout, signal, site });
  }

  /**
   * Runs `work` with a resource and gives it back afterwards, whatever happens. The outcome is that of `work`.
   *
   * @example
   * ```ts
   * const count = await pool.use((db) => db.count("users"));
   * await pool.use(async (db, lease) => {
   *   try { await db.ping(); } catch (error) { lease.invalidate(error); }
   * });
   * ```
   */
  async use<R>(work: (resource: T, lease: Lease<T>) => R | PromiseLike<R>, options?: AcquireOptions): Promise<R> {
    const lease = await this.acquire(options);
    try {
      return await work(lease.resource, lease);
    } finally {
      await lease.release();
    }
  }

  /** The counts of this moment. */
  status(): PoolStatus {
    return this.#circulation.status();
  }

  /** True from the first call of `close`. */
  get closed(): boolean {
    return this.#circulation.closed;
  }

  /**
   * Ends the present generation: what idles is destroyed now, what is lent out (or being created) when it comes back.
   * The pool stays usable and opens new resources; use it when the other side was restarted.
   *
   * @example
   * ```ts
   * catch (error) { if (isDisconnect(error)) pool.invalidateAll(error); throw error; }
   * ```
   */
  invalidateAll(error?: unknown): void {
    this.#circulation.dropAll(error);
  }

  /**
   * Ends the pool. Callers that wait are refused (`POOL_CLOSED`), idle resources are destroyed, lent ones when they come
   * back. Fulfils when all are destroyed; with `wait: false` when the idle ones are. Closing again waits again.
   *
   * Rejects with {@link PoolTimeoutError} (`POOL_CLOSE_TIMEOUT`) when leases stay out too long; the pool is closed
   * nevertheless. With `force: true` it destroys them instead.
   *
   * @example
   * ```ts
   * await pool.close();                                 // graceful
   * await pool.close({ wait: false });                  // do not wait for those who still work
   * await pool.close({ timeout: 10_000, force: true }); // let them finish, but not for ever
   * ```
   */
  async close(options?: CloseOptions): Promise<void> {
    const { wait = true, force = false, timeout = this.#settings.acquireTimeout } = options ?? {};
    const circulation = this.#circulation;
    const drained = circulation.close();
    const late = () => closeTimedOut(timeout, this.status(), circulation.holders());
    if (!wait) {
      if (force) circulation.dropLent(forcedToClose());
      return circulation.settled();
    }
    if (!force) return within(drained, timeout, late);
    try {
      await within(drained, timeout, late);
    } catch {
      circulation.dropLent(forcedToClose());
      await circulation.settled();
    }
  }

  /**
   * A new, empty pool with the options of this one, listeners of the option `on` included: the way on after `close`.
   *
   * @example
   * ```ts
   * await pool.close();
   * pool = pool.recreate();
   * ```
   */
  recreate(): Pool<T> {
    return new Pool(this.#options);
  }

  /** `await using pool = new Pool(...)`: closes at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Listens to an event; the returned function stops it. A listener that throws harms nobody (it becomes an `error`
   * event), except `connect` and `reset`, whose listeners are awaited and may refuse the resource.
   *
   * @example
   * ```ts
   * const stop = pool.on("connect", async ({ resource }) => { await resource.query("SET TIME ZONE 'UTC'"); });
   * pool.on("invalidate", ({ error }) => log.warn("connection dropped", error));
   * ```
   */
  on<K extends PoolEventName>(event: K, listener: PoolListener<T, K>): () => void {
    return this.#events.on(event, listener);
  }
}
