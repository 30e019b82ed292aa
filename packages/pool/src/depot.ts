import { Pool as TarnPool } from "tarn";
import type { Slot } from "./slot.js";
import { LONGEST_DELAY } from "./timing.js";

/** What the depot asks of the pool above it. */
interface DepotHooks<T> {
  /** Makes one resource; bounds its own time. */
  readonly create: () => Promise<Slot<T>>;
  /** Ends one resource; never rejects. */
  readonly destroy: (slot: Slot<T>) => Promise<void>;
  readonly destroyTimedOut: (slot: Slot<T>) => void;
  /** The reaper's turn. */
  readonly tick: () => void;
}

interface DepotSettings {
  readonly limit: number;
  readonly destroyTimeout: number;
  /** Milliseconds between two turns of the reaper; undefined for no reaper. */
  readonly tickEvery: number | undefined;
}

/** A creation that failed, as tarn keeps it until it is fetched. */
class Failure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/**
 * tarn, reduced to what it is good at and freed of what stood in the way. It creates resources within a bound, keeps
 * the ledger of those that exist, destroys them under a time limit, ticks the reaper, and drains everything at the end.
 *
 * It does not lend: for tarn a resource is in use from its creation to its destruction, and idling, waiting and lending
 * happen above it, in `Circulation`. (tarn's own acquire makes a dozen promises and two timers each time.)
 *
 * What the subclass changes, all through members that tarn declares:
 * - A failed creation is a value, not a rejection: tarn would reject whoever is first in its queue, the same one twice
 *   when two creations fail in one turn, and would then retry on a timer.
 * - `retire` destroys one given resource now; tarn itself destroys only after a failed validation, an idle timeout, and
 *   at the end.
 * - The reaper's timer does not keep the process alive, and calls the pool above.
 */
export class Depot<T> extends TarnPool<Slot<T> | Failure> {
  readonly #tick: () => void;
  readonly #reaps: boolean;

  constructor(settings: DepotSettings, hooks: DepotHooks<T>) {
    super({
      create: () => hooks.create().catch((error: unknown) => new Failure(error)),
      destroy: (made: Slot<T> | Failure) => (made instanceof Failure ? undefined : hooks.destroy(made)),
      min: 0,
      max: Math.min(settings.limit, Number.MAX_SAFE_INTEGER),
      // Creation bounds its own time and waiting is done above: these three never fire.
      acquireTimeoutMillis: LONGEST_DELAY,
      createTimeoutMillis: LONGEST_DELAY,
      idleTimeoutMillis: LONGEST_DELAY,
      destroyTimeoutMillis: Math.min(Math.ceil(settings.destroyTimeout), LONGEST_DELAY),
      reapIntervalMillis: settings.tickEvery ?? LONGEST_DELAY,
    });
    this.#tick = hooks.tick;
    this.#reaps = settings.tickEvery !== undefined;
    this.on("destroyFail", (_id, made) => {
      if (!(made instanceof Failure)) hooks.destroyTimedOut(made);
    });
  }

  /** Creates a resource; rejects with what `create` threw. At most `limit` may be open or asked for at once. */
  async open(): Promise<Slot<T>> {
    const made = await this.acquire().promise;
    if (!(made instanceof Failure)) return made;
    this.#strike(made);
    throw made.error;
  }

  /** Everything that is open. */
  get opened(): readonly Slot<T>[] {
    return this.used.map((entry) => entry.resource).filter((made): made is Slot<T> => !(made instanceof Failure));
  }

  /** Destroys a resource now. Its place is free at once, not only when `destroy` is through. */
  retire(slot: Slot<T>): void {
    this.#strike(slot);
    void this._destroy(slot);
  }

  /** Forgets a resource without destroying it. */
  letGo(slot: Slot<T>): void {
    this.#strike(slot);
  }

  /** Fulfils when every `destroy` that has begun is through, or has run out of time. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.pendingDestroys.map((pending) => pending.promise));
  }

  /** Takes an entry out of tarn's ledger. */
  #strike(made: Slot<T> | Failure): void {
    const at = this.used.findIndex((entry) => entry.resource === made);
    for (const entry of this.used.splice(at, at < 0 ? 0 : 1)) entry.settle();
  }

  /** tarn calls this by its reaper's timer. */
  override check(): void {
    this.#tick();
    super.check();
  }

  override _startReaping(): void {
    if (!this.#reaps) return;
    super._startReaping();
    this.interval?.unref();
  }
}
