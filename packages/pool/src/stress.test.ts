import { expect, it } from "vitest";
import { type Lease, Pool, PoolError } from "./index.js";
import { type Thing, turns, workshop } from "./test-support.js";

/** A small generator of numbers from 0 to below 1, so that a failing run can be repeated by its seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "whatever callers and functions do, nothing is lost, shared or destroyed twice (seed %i)",
  async (seed) => {
    const random = numbers(seed);
    const shop = workshop();
    const maybe = async (chance: number, what: string): Promise<void> => {
      if (random() < 0.5) await turns(1);
      if (random() < chance) throw new RangeError(what);
    };
    const limit = 4;
    const open = new Set<number>();
    const inUse = new Set<number>();
    const destroyedTwice: number[] = [];
    const refusals = new Set<string>();
    const pool = new Pool<Thing>({
      create: async () => {
        await maybe(0.1, "create");
        const thing = shop.options.create();
        open.add(thing.id);
        return thing;
      },
      destroy: async (thing) => {
        // An assertion in here would be the pool's to handle, and never reach the test.
        if (!open.delete(thing.id)) destroyedTwice.push(thing.id);
        shop.options.destroy(thing);
        await maybe(0.1, "destroy");
      },
      validate: async () => {
        await maybe(0.05, "validate");
        return random() > 0.1;
      },
      reset: (): unknown => (random() < 0.5 ? undefined : maybe(0.1, "reset")),
      max: 3,
      overflow: 1,
      maxQueue: 40,
      prePing: seed % 2 === 0,
      order: seed % 3 === 0 ? "fifo" : "lifo",
      trackLeaks: seed % 4 === 0,
      on: { error: () => undefined },
    });

    const caller = async (): Promise<void> => {
      await turns(Math.floor(random() * 20));
      const controller = new AbortController();
      if (random() < 0.2) setImmediate(() => controller.abort());
      let lease: Lease<Thing>;
      try {
        lease = pool.tryAcquire() ?? (await pool.acquire({ signal: controller.signal }));
      } catch (error) {
        if (!(error instanceof PoolError)) throw error;
        refusals.add(error.code);
        return;
      }
      const { id } = lease.resource;
      expect(inUse.has(id)).toBe(false);
      expect(open.has(id)).toBe(true);
      inUse.add(id);
      expect(inUse.size).toBeLessThanOrEqual(limit);
      await turns(Math.floor(random() * 3));
      inUse.delete(id);
      const fate = random();
      if (fate < 0.1) lease.invalidate(new RangeError("broken"));
      else if (fate < 0.15) lease.invalidate(undefined, { soft: true });
      else if (fate < 0.18) pool.invalidateAll();
      await lease.release();
      expect(pool.status().size + pool.status().creating).toBeLessThanOrEqual(limit);
    };

    await Promise.all(Array.from({ length: 400 }, caller));
    await turns(20);
    const status = pool.status();
    expect(status).toMatchObject({ used: 0, pending: 0, creating: 0 });
    expect(status.size).toBe(open.size);
    expect(refusals).toContain("POOL_ABORTED");
    expect(refusals).toContain("POOL_CREATE_FAILED");
    await pool.close();
    expect(destroyedTwice).toEqual([]);
    expect(open.size).toBe(0);
    expect(shop.destroyed).toHaveLength(shop.made.length);
  },
);
