import { PoolUsageError } from "./errors.js";
import type { Slot } from "./slot.js";

/** How a lease is invalidated. */
export interface InvalidateOptions {
  /** Keep using the resource until it is released, and destroy it only then. Default false: it is destroyed now. */
  readonly soft?: boolean | undefined;
}

/**
 * The right to use one resource until it is given back. A lease ends once, by `release` or `invalidate`; ending it
 * again does nothing, because by then the resource may belong to another caller. For the same reason reading
 * `resource` from an ended lease throws.
 *
 * @example
 * ```ts
 * await using lease = await pool.acquire(); // released at the end of the block
 * await lease.resource.query("SELECT 1");
 * ```
 */
export interface Lease<T> {
  /** The resource. Throws {@link PoolUsageError} (`POOL_LEASE_ENDED`) after the end of the lease. */
  readonly resource: T;
  /** True after `release` or `invalidate`. */
  readonly ended: boolean;
  /**
   * Gives the resource back. `undefined` says that it is done; a promise appears only where `reset` returned one, and
   * fulfils when the reset is over. It never rejects: a resource that cannot be reset is destroyed.
   */
  release(): Promise<void> | undefined;
  /**
   * Tells that the resource is broken: it is destroyed and never handed out again. `error` goes to the listeners of
   * `invalidate`.
   *
   * @example
   * ```ts
   * try { await lease.resource.query(sql); }
   * catch (error) { if (isDisconnect(error)) lease.invalidate(error); throw error; }
   * ```
   */
  invalidate(error?: unknown, options?: InvalidateOptions): void;
  /**
   * Takes the resource out of the pool, which forgets it and may open another in its place. The lease ends; ending the resource
   * is up to the caller. Throws {@link PoolUsageError} (`POOL_LEASE_ENDED`) after the end of the lease.
   *
   * @example
   * ```ts
   * const listener = (await pool.acquire()).detach(); // kept for the life of the process
   * ```
   */
  detach(): T;
  /** `using lease = ...`: releases without waiting for an asynchronous reset. */
  [Symbol.dispose](): void;
  /** `await using lease = ...`: releases and waits for the reset. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where leases give their resources back. */
export interface LeaseDesk<T> {
  giveBack(slot: Slot<T>): Promise<void> | undefined;
  drop(slot: Slot<T>, error: unknown): void;
  dropLater(slot: Slot<T>, error: unknown): void;
  letGo(slot: Slot<T>): void;
}

const DONE: Promise<void> = Promise.resolve();

export class PoolLease<T> implements Lease<T> {
  readonly #desk: LeaseDesk<T>;
  #slot: Slot<T> | undefined;

  constructor(desk: LeaseDesk<T>, slot: Slot<T>) {
    this.#desk = desk;
    this.#slot = slot;
  }

  get resource(): T {
    if (this.#slot !== undefined) return this.#slot.resource;
    throw new PoolUsageError("This lease has ended: its resource may already belong to another caller.", {
      code: "POOL_LEASE_ENDED",
      remedy: "Acquire a new lease, or release this one later.",
    });
  }

  get ended(): boolean {
    return this.#slot === undefined;
  }

  release(): Promise<void> | undefined {
    const slot = this.#slot;
    if (slot === undefined) return undefined;
    this.#slot = undefined;
    return this.#desk.giveBack(slot);
  }

  invalidate(error?: unknown, options?: InvalidateOptions): void {
    const slot = this.#slot;
    if (slot === undefined) return;
    if (options?.soft === true) {
      this.#desk.dropLater(slot, error);
    } else {
      this.#slot = undefined;
      this.#desk.drop(slot, error);
    }
  }

  detach(): T {
    const { resource } = this;
    const slot = this.#slot as Slot<T>;
    this.#slot = undefined;
    this.#desk.letGo(slot);
    return resource;
  }

  [Symbol.dispose](): void {
    this.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release() ?? DONE;
  }
}
