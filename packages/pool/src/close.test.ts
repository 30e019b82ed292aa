import { afterEach, describe, expect, it, vi } from "vitest";
import { NullPool, Pool, PoolClosedError, PoolTimeoutError, StaticPool } from "./index.js";
import { deferred, rejection, type Thing, turns, workshop } from "./test-support.js";

/** Counts the timers made from now on that keep the process alive; the test runner's own do not count. */
function liveTimers(): () => number {
  const spies = [vi.spyOn(globalThis, "setTimeout"), vi.spyOn(globalThis, "setInterval")];
  type Timer = NodeJS.Timeout & { readonly _destroyed: boolean };
  const made = (): Timer[] => spies.flatMap((spy) => spy.mock.results.map(({ value }) => value as Timer));
  return () => made().filter((timer) => !timer._destroyed && timer.hasRef()).length;
}

describe("close", () => {
  it("destroys what idles, waits for what is lent out, and refuses those who wait and those who come later", async () => {
    const shop = workshop();
    const pool = new Pool({ ...shop.options, max: 2 });
    const used = await pool.acquire();
    const other = await pool.acquire();
    const queued = [rejection(pool.acquire()), rejection(pool.acquire())];
    let closed = false;
    const closing = pool.close().then(() => {
      closed = true;
    });
    expect(pool.closed).toBe(true);
    for (const error of await Promise.all(queued)) expect(error).toBeInstanceOf(PoolClosedError);
    expect(await rejection(pool.acquire())).toMatchObject({ code: "POOL_CLOSED" });
    expect(await rejection(pool.use(() => undefined))).toMatchObject({ code: "POOL_CLOSED" });
    other.release();
    await turns();
    expect(shop.destroyed).toEqual([2]);
    expect(closed).toBe(false);
    used.release();
    await closing;
    expect(shop.destroyed).toEqual([2, 1]);
    expect(pool.status()).toMatchObject({ size: 0, used: 0, idle: 0, pending: 0 });
  });

  it("waits until an asynchronous destroy is through", async () => {
    let ended = false;
    const destroy = async (): Promise<void> => {
      await turns();
      ended = true;
    };
    const pool = new Pool({ create: () => ({}), destroy });
    (await pool.acquire()).release();
    await pool.close();
    expect(ended).toBe(true);
  });

  it("with force lets those who work finish in time, and takes the resource away from those who do not", async () => {
    const shop = workshop();
    const lost: unknown[] = [];
    const pool = new Pool({ ...shop.options, on: { invalidate: ({ error }) => lost.push(error) } });
    const quick = await pool.acquire();
    const stuck = await pool.acquire();
    const closing = pool.close({ timeout: 30, force: true });
    quick.release();
    await closing;
    expect(shop.destroyed).toEqual([1, 2]);
    expect(lost).toMatchObject([{ code: "POOL_CLOSED" }]);
    expect(pool.status()).toMatchObject({ size: 0, used: 0 });
    // Its holder does not know yet; what he does about it does no harm.
    stuck.release();
    stuck.invalidate();
    await pool.close();
    expect(shop.destroyed).toEqual([1, 2]);
    expect(pool.status()).toMatchObject({ size: 0, used: 0 });
  });

  it("with force and without wait ends everything at once", async () => {
    const shop = workshop();
    const pool = new Pool(shop.options);
    const used = await pool.acquire();
    await pool.close({ wait: false, force: true });
    expect(shop.destroyed).toEqual([1]);
    used[Symbol.dispose]();
    expect(shop.destroyed).toEqual([1]);
  });

  it("[POOL23] a closed pool is recreated with its options, its listeners and its class's behaviour, and without its resources", async () => {
    const shop = workshop();
    const seen: number[] = [];
    const options = {
      ...shop.options,
      max: 1,
      on: { connect: ({ resource }: { resource: Thing }) => seen.push(resource.id) },
    };
    for (const pool of [new Pool(options), new StaticPool(options), new NullPool(options)]) {
      const before = await pool.acquire();
      await pool.close({ wait: false });
      const next = pool.recreate();
      expect(next.closed).toBe(false);
      expect(next.status().limit).toBe(1);
      const after = await next.acquire();
      expect(after.resource.id).toBe(before.resource.id + 1);
      before.release();
      after.release();
      await next.close();
      await pool.close();
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    expect(shop.destroyed).toHaveLength(6);
  });

  it("[POOL23] with wait false waits for the idle ones only; a lent one is destroyed when it comes back", async () => {
    const shop = workshop();
    const pool = new Pool(shop.options);
    const used = await pool.acquire();
    const idle = await pool.acquire();
    idle.release();
    await pool.close({ wait: false });
    expect(shop.destroyed).toEqual([2]);
    expect(used.resource.id).toBe(1);
    used.release();
    await pool.close();
    expect(shop.destroyed).toEqual([2, 1]);
  });

  it("says who is missing when leases stay out, and destroys them when they come back", async () => {
    const shop = workshop();
    const pool = new Pool({ ...shop.options, trackLeaks: true });
    const lease = await pool.acquire();
    (await pool.acquire()).release();
    const error = await rejection(pool.close({ timeout: 5 }));
    expect(error).toBeInstanceOf(PoolTimeoutError);
    expect(error).toMatchObject({ code: "POOL_CLOSE_TIMEOUT", status: { used: 1 } });
    expect(String(error)).toContain("close.test.ts");
    expect(String(error).match(/Held for/g)).toHaveLength(1);
    lease.release();
    await pool.close();
    expect(shop.destroyed).toEqual([2, 1]);
  });

  it("may be called by many, and on a pool that was never used", async () => {
    const pool = new Pool(workshop().options);
    await Promise.all([pool.close(), pool.close(), pool.close({ wait: false })]);
    await pool.close();
    expect(pool.closed).toBe(true);
  });

  it("destroys a resource whose creation ends after the close", async () => {
    const gate = deferred<string>();
    const destroyed: string[] = [];
    const pool = new Pool({ create: () => gate.promise, destroy: (text) => destroyed.push(text) });
    const refused = rejection(pool.acquire());
    const closing = pool.close();
    expect(await refused).toMatchObject({ code: "POOL_CLOSED" });
    gate.resolve("late");
    await closing;
    expect(destroyed).toEqual(["late"]);
  });

  it("a creation that fails after the close is nobody's problem", async () => {
    const gate = deferred<string>();
    const told: unknown[] = [];
    const pool = new Pool({ create: () => gate.promise, destroy: () => undefined, on: { error: (e) => told.push(e) } });
    const refused = rejection(pool.acquire());
    const closing = pool.close();
    await refused;
    gate.reject(new RangeError("gone"));
    await closing;
    await turns();
    expect(told).toEqual([]);
  });

  it("a resource that is being reset or validated at the close is destroyed afterwards", async () => {
    const shop = workshop();
    const gate = deferred<boolean>();
    const pool = new Pool({
      ...shop.options,
      max: 2,
      prePing: true,
      validate: () => gate.promise,
      reset: (thing) => (thing.id === 2 ? gate.promise : undefined),
    });
    const first = await pool.acquire();
    const second = await pool.acquire();
    first.release();
    const refused = rejection(pool.acquire());
    const resetting = second.release();
    const closing = pool.close();
    gate.resolve(true);
    await Promise.all([refused, resetting, closing]);
    expect(shop.destroyed.toSorted()).toEqual([1, 2]);
  });
});

describe("timers", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("an idle pool keeps no process alive, and a closed one has none at all", async () => {
    const timers = liveTimers();
    const pool = new Pool({ ...workshop().options, max: 2, prePing: true, validate: async () => true });
    const leases = await Promise.all([pool.acquire(), pool.acquire()]);
    const waiting = pool.acquire();
    expect(timers()).toBe(1);
    for (const lease of leases) lease.release();
    (await waiting).release();
    await turns();
    expect(pool.status()).toMatchObject({ size: 2, idle: 2 });
    expect(timers()).toBe(0);
    await pool.close();
    expect(timers()).toBe(0);
  });

  it("no timer is left when every creation fails", async () => {
    const timers = liveTimers();
    const pool = new Pool({ create: () => Promise.reject(new RangeError("down")), destroy: () => undefined });
    await Promise.all(Array.from({ length: 20 }, () => rejection(pool.acquire())));
    await turns();
    expect(timers()).toBe(0);
    await pool.close();
  });
});
