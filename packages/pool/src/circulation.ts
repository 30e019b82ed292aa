import { Depot } from "./depot.js";
import type { EventHub } from "./events.js";
import { Hooks } from "./hooks.js";
import { type CheckoutSite, LeakTracker } from "./leaks.js";
import { type Lease, type LeaseDesk, PoolLease } from "./lease.js";
import { aborted, acquireTimedOut, closed, createFailed, leaked, queueFull } from "./refusals.js";
import type { PoolSettings } from "./settings.js";
import type { Slot } from "./slot.js";
import type { PoolStatus } from "./status.js";
import { type Waiter, WaitQueue } from "./wait-queue.js";

/** How a caller waits. */
interface LendRequest {
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  readonly site: CheckoutSite | undefined;
}

/**
 * Moves resources between the idle list, the callers and the depot (tarn) below.
 *
 * Invariants: nobody waits while a usable resource idles; who waits longest is served first; `#open + #creating` never
 * exceeds the limit; an open resource is idle, lent, being validated or being reset, and leaves only through `#retire`.
 */
export class Circulation<T> implements LeaseDesk<T> {
  readonly #settings: PoolSettings<T>;
  readonly #events: EventHub<T>;
  readonly #hooks: Hooks<T>;
  readonly #depot: Depot<T>;
  readonly #leaks: LeakTracker<T> | undefined;
  readonly #waiters = new WaitQueue<Lease<T>>();
  /** In the order of their return. */
  readonly #idle: Slot<T>[] = [];
  /** Turns of the reaper after which an idle resource goes. */
  readonly #idleTicks: number;
  #tick = 0;
  #open = 0;
  #creating = 0;
  #validating = 0;
  #generation = 0;
  #generationEndedBy: unknown = undefined;
  #drained: Promise<void> | undefined;

  constructor(settings: PoolSettings<T>, events: EventHub<T>) {
    this.#settings = settings;
    this.#events = events;
    this.#hooks = new Hooks(settings, events);
    const tickEvery = reaperInterval(settings.idleTimeout);
    this.#idleTicks = tickEvery === undefined ? Number.POSITIVE_INFINITY : Math.ceil(settings.idleTimeout / tickEvery);
    this.#depot = new Depot<T>(
      { limit: settings.limit, destroyTimeout: settings.destroyTimeout, tickEvery },
      {
        create: () => this.#hooks.create(this.#generation),
        destroy: (slot) => this.#hooks.destroy(slot),
        destroyTimedOut: (slot) => this.#hooks.destroyTimedOut(slot),
        tick: () => this.#reap(),
      },
    );
    if (settings.trackLeaks) this.#leaks = new LeakTracker((slot, stack) => this.#lost(slot, stack));
  }

  get closed(): boolean {
    return this.#drained !== undefined;
  }

  /** The synchronous path: an idle resource that needs no validation, when nobody waits. */
  tryLend(site: CheckoutSite | undefined): Lease<T> | undefined {
    if (this.#waiters.size > 0) return undefined;
    const slot = this.#takeReady();
    if (slot === undefined) return undefined;
    const lease = this.#lease(slot, site);
    this.#lent(slot);
    return lease;
  }

  /** Queues up for a resource. Whoever calls has tried `tryLend` before. */
  lend(request: LendRequest): Promise<Lease<T>> {
    if (this.closed) return Promise.reject(closed());
    const { maxQueue, limit } = this.#settings;
    const { timeout, signal, site } = request;
    const soonServed = this.#validating + this.#creating;
    const canServe = this.#idle.length > 0 || this.#open + this.#creating < limit;
    if (!canServe && this.#waiters.size - soonServed >= maxQueue) {
      return Promise.reject(queueFull(maxQueue, this.status()));
    }
    const timedOut = (): Error => acquireTimedOut(timeout, this.status(), this.holders());
    const served = this.#waiters.join({ timeout, signal, site, timedOut, aborted });
    this.#serveWaiters();
    return served;
  }

  giveBack(slot: Slot<T>): Promise<void> | undefined {
    this.#leaks?.ended(slot);
    if (slot.gone) return undefined;
    const willStay = this.#isCurrent(slot) && this.#settings.max > 0 && !this.closed;
    const resetting = willStay ? this.#hooks.reset(slot) : undefined;
    if (resetting !== undefined) return resetting.then(() => this.#accept(slot));
    this.#accept(slot);
    return undefined;
  }

  drop(slot: Slot<T>, error: unknown): void {
    this.#leaks?.ended(slot);
    if (slot.gone) return;
    slot.doom(error);
    this.#discard(slot, error);
    this.#serveWaiters();
  }

  dropLater(slot: Slot<T>, error: unknown): void {
    if (slot.doomed) return;
    slot.doom(error);
    if (this.#events.hears("softInvalidate")) this.#events.emit("softInvalidate", { resource: slot.resource, error });
  }

  letGo(slot: Slot<T>): void {
    this.#leaks?.ended(slot);
    this.#open--;
    this.#depot.letGo(slot);
    if (this.#events.hears("detach")) this.#events.emit("detach", { resource: slot.resource });
    this.#serveWaiters();
  }

  dropAll(error: unknown): void {
    this.#generation++;
    this.#generationEndedBy = error;
    for (const slot of this.#idle.splice(0)) {
      slot.doom(error);
      this.#discard(slot, error);
    }
  }

  /** Ends the pool; fulfils when everything has come back and is destroyed. */
  close(): Promise<void> {
    if (this.#drained === undefined) {
      for (const slot of this.#idle.splice(0)) this.#retire(slot);
      this.#drained = this.#depot.destroy().then(() => undefined);
      this.#waiters.rejectAll(closed);
    }
    return this.#drained;
  }

  /** Destroys what is still lent out, under the hands of those who hold it. */
  dropLent(error: unknown): void {
    for (const slot of this.#depot.opened) {
      this.#leaks?.ended(slot);
      this.#discard(slot, error);
    }
  }

  /** Fulfils when what is being destroyed now is destroyed. */
  settled(): Promise<void> {
    return this.#depot.settled();
  }

  status(): PoolStatus {
    const { max, limit } = this.#settings;
    const size = this.#open;
    const idle = this.#idle.length;
    const pending = this.#waiters.size;
    const overflow = Math.max(0, size - max);
    return { size, idle, used: size - idle, pending, creating: this.#creating, overflow, max, limit };
  }

  /** Who holds resources, in words; undefined when leaks are not tracked. */
  holders(): string | undefined {
    return this.#leaks?.describe();
  }

  #lease(slot: Slot<T>, site: CheckoutSite | undefined): Lease<T> {
    const lease = new PoolLease(this, slot);
    if (site !== undefined) this.#leaks?.started(slot, lease, site);
    return lease;
  }

  #lent(slot: Slot<T>): void {
    if (this.#events.hears("checkout")) this.#events.emit("checkout", { resource: slot.resource });
  }

  /** Takes the next idle resource off the list unless it must be validated; drops those that are too old on the way. */
  #takeReady(): Slot<T> | undefined {
    const { recycle, fifo } = this.#settings;
    for (;;) {
      const slot = fifo ? this.#idle[0] : this.#idle[this.#idle.length - 1];
      if (slot === undefined) return undefined;
      const tooOld = recycle !== Number.POSITIVE_INFINITY && performance.now() - slot.createdAt > recycle;
      if (!tooOld && this.#needsValidation(slot)) return undefined;
      this.#takeIdle();
      if (!tooOld) return slot;
      this.#retire(slot);
    }
  }

  #takeIdle(): Slot<T> | undefined {
    return this.#settings.fifo ? this.#idle.shift() : this.#idle.pop();
  }

  #needsValidation(slot: Slot<T>): boolean {
    const { pingAfter } = this.#settings;
    if (pingAfter === Number.POSITIVE_INFINITY) return false;
    return pingAfter === 0 || performance.now() - slot.parkedAt >= pingAfter;
  }

  /** Serves those who wait as far as resources reach: idle ones first, then validated ones, then new ones. */
  #serveWaiters(): void {
    for (;;) {
      const waiter = this.#waiters.first;
      if (waiter === undefined) return;
      const ready = this.#takeReady();
      if (ready !== undefined) {
        this.#serve(waiter, ready);
        continue;
      }
      const unserved = this.#waiters.size - this.#validating;
      const unsure = unserved > 0 ? this.#takeIdle() : undefined;
      if (unsure !== undefined) this.#validate(unsure);
      else if (unserved > this.#creating && this.#open + this.#creating < this.#settings.limit) this.#create();
      else return;
    }
  }

  #serve(waiter: Waiter<Lease<T>>, slot: Slot<T>): void {
    // The waiter leaves the queue before listeners run: one of them might abort its signal, and the lease be lost.
    waiter.resolve(this.#lease(slot, waiter.site));
    this.#lent(slot);
  }

  #validate(slot: Slot<T>): void {
    this.#validating++;
    void this.#hooks.validate(slot).then(() => {
      this.#validating--;
      this.#arrive(slot);
    });
  }

  #create(): void {
    this.#creating++;
    this.#depot.open().then(
      (slot) => {
        this.#creating--;
        this.#open++;
        this.#arrive(slot);
      },
      (error: unknown) => {
        this.#creating--;
        this.#createFailed(error);
      },
    );
  }

  #createFailed(error: unknown): void {
    // A pool that closes meanwhile has already refused everybody.
    if (this.closed) return;
    const waiter = this.#waiters.first;
    if (waiter === undefined) this.#events.report(createFailed(error));
    else waiter.reject(createFailed(error));
    this.#serveWaiters();
  }

  /** A resource comes fresh from `create` or `validate`: it goes to who waits longest, without being validated again. */
  #arrive(slot: Slot<T>): void {
    if (this.#leaves(slot)) return;
    const waiter = this.#waiters.first;
    if (waiter === undefined) this.#park(slot);
    else this.#serve(waiter, slot);
  }

  /** A resource comes back from a caller. */
  #accept(slot: Slot<T>): void {
    if (this.#leaves(slot)) return;
    if (this.#events.hears("checkin")) this.#events.emit("checkin", { resource: slot.resource });
    this.#park(slot);
    this.#serveWaiters();
  }

  /** Lets a resource go that has no future here; says whether it has none. */
  #leaves(slot: Slot<T>): boolean {
    if (this.closed) {
      this.#retire(slot);
      return true;
    }
    if (this.#isCurrent(slot)) return false;
    this.#discard(slot, slot.doomed ? slot.doomedBy : this.#generationEndedBy);
    this.#serveWaiters();
    return true;
  }

  #isCurrent(slot: Slot<T>): boolean {
    return !slot.doomed && slot.generation === this.#generation;
  }

  #park(slot: Slot<T>): void {
    if (this.#idle.length >= this.#settings.max) {
      this.#retire(slot);
      return;
    }
    slot.parkedTick = this.#tick;
    const { pingAfter } = this.#settings;
    if (pingAfter > 0 && pingAfter !== Number.POSITIVE_INFINITY) slot.parkedAt = performance.now();
    this.#idle.push(slot);
  }

  #reap(): void {
    this.#tick++;
    for (;;) {
      const slot = this.#idle[0];
      if (slot === undefined || this.#open <= this.#settings.min) return;
      if (this.#tick - slot.parkedTick <= this.#idleTicks) return;
      this.#idle.shift();
      this.#retire(slot);
    }
  }

  #discard(slot: Slot<T>, error: unknown): void {
    slot.doom(error);
    if (this.#events.hears("invalidate")) this.#events.emit("invalidate", { resource: slot.resource, error });
    this.#retire(slot);
  }

  #retire(slot: Slot<T>): void {
    if (slot.gone) return;
    slot.gone = true;
    this.#open--;
    this.#depot.retire(slot);
  }

  #lost(slot: Slot<T>, stack: string): void {
    const error = leaked(stack);
    this.#events.report(error);
    this.drop(slot, error);
  }
}

/** Often enough to be punctual, seldom enough to cost nothing; no reaper when nothing idles out. */
function reaperInterval(idleTimeout: number): number | undefined {
  if (idleTimeout === Number.POSITIVE_INFINITY) return undefined;
  return Math.min(1_000, Math.max(10, Math.ceil(idleTimeout / 4)));
}
