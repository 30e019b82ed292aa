import type { Lease } from "./lease.js";
import type { Slot } from "./slot.js";

/** Where a resource was asked for. The engine formats `stack` only when it is read. */
export interface CheckoutSite {
  stack?: string;
}

interface Checkout {
  readonly since: number;
  readonly site: CheckoutSite;
}

const MAX_NAMED = 5;

/** Remembers the present point of the program, without the frames above and including `entry`. */
export function captureSite(entry: (...args: never[]) => unknown): CheckoutSite {
  const site: CheckoutSite = {};
  Error.captureStackTrace(site, entry);
  return site;
}

function frames(site: CheckoutSite): string {
  return (site.stack ?? "").split("\n").slice(1).join("\n");
}

/** Knows who holds each resource, and hears when a lease was garbage-collected without having been released. */
export class LeakTracker<T> {
  readonly #checkouts = new Map<Slot<T>, Checkout>();
  readonly #registry: FinalizationRegistry<Slot<T>>;

  /** `lost` gets the resource of a collected lease, and the stack of its checkout. */
  constructor(lost: (slot: Slot<T>, stack: string) => void) {
    this.#registry = new FinalizationRegistry((slot) => {
      const checkout = this.#checkouts.get(slot);
      if (checkout !== undefined) lost(slot, frames(checkout.site));
    });
  }

  started(slot: Slot<T>, lease: Lease<T>, site: CheckoutSite): void {
    this.#checkouts.set(slot, { since: performance.now(), site });
    this.#registry.register(lease, slot, slot);
  }

  ended(slot: Slot<T>): void {
    this.#checkouts.delete(slot);
    this.#registry.unregister(slot);
  }

  /** The holders in words, those who hold longest first; empty when nothing is lent out. */
  describe(): string {
    const now = performance.now();
    const checkouts = [...this.#checkouts.values()];
    const named = checkouts
      .slice(0, MAX_NAMED)
      .map(({ since, site }) => `\nHeld for ${Math.round(now - since)} ms, checked out:\n${frames(site)}`);
    return named.join("") + (checkouts.length > MAX_NAMED ? `\n... and ${checkouts.length - MAX_NAMED} more.` : "");
  }
}
