import { describe, expect, it } from "vitest";
import { Pool, PoolUsageError } from "./index.js";
import { at, deferred, rejection, take, turns, workshop } from "./test-support.js";

describe("lending", () => {
  it("[POOL24] a pool lends whatever its create function makes, without an engine around it", async () => {
    const shop = workshop();
    const pool = new Pool(shop.options);
    const lease = await pool.acquire();
    expect(lease.resource).toBe(shop.made[0]);
    await pool.close({ wait: false });
    lease.release();
  });

  it("[POOL2] create may answer by a promise", async () => {
    const pool = new Pool({ create: async () => "connected", destroy: () => undefined });
    expect(await pool.use((text) => text)).toBe("connected");
    await pool.close();
  });

  it("a new pool is empty, and opens resources only on demand", async () => {
    const shop = workshop();
    const pool = new Pool({ ...shop.options, min: 2 });
    await turns();
    expect(shop.made).toHaveLength(0);
    expect(pool.tryAcquire()).toBeUndefined();
    await pool.close();
  });

  it("falsy resources are resources", async () => {
    const pool = new Pool<number>({ create: () => 0, destroy: () => undefined });
    expect(await pool.use((n) => n)).toBe(0);
    expect(pool.tryAcquire()?.resource).toBe(0);
    await pool.close({ wait: false });
  });

  it("a returned resource is lent again instead of a new one being made", async () => {
    const shop = workshop();
    const pool = new Pool(shop.options);
    for (let i = 0; i < 10; i++) (await pool.acquire()).release();
    expect(shop.made).toHaveLength(1);
    await pool.close();
  });

  it("acquire hands an idle resource out within the same turn of the event loop", async () => {
    const pool = new Pool(workshop().options);
    (await pool.acquire()).release();
    let got = false;
    void pool.acquire().then(() => {
      got = true;
    });
    await Promise.resolve();
    expect(got).toBe(true);
    await pool.close({ wait: false });
  });

  it("[POOL1] no more than max and overflow are open at once, and only max are kept", async () => {
    const shop = workshop();
    const pool = new Pool({ ...shop.options, max: 2, overflow: 3 });
    const leases = await Promise.all(Array.from({ length: 5 }, () => pool.acquire()));
    expect(pool.status()).toMatchObject({ size: 5, used: 5, overflow: 3 });
    const sixth = pool.acquire();
    await turns();
    expect(shop.made).toHaveLength(5);
    for (const lease of leases) lease.release();
    (await sixth).release();
    await turns();
    expect(pool.status()).toMatchObject({ size: 2, idle: 2, overflow: 0 });
    expect(shop.destroyed).toHaveLength(3);
    await pool.close();
  });

  it("[POOL9] max Infinity bounds nothing", async () => {
    const shop = workshop();
    const pool = new Pool({ ...shop.options, max: Number.POSITIVE_INFINITY });
    const leases = await Promise.all(Array.from({ length: 100 }, () => pool.acquire()));
    expect(new Set(leases.map((lease) => lease.resource.id)).size).toBe(100);
    for (const lease of leases) lease.release();
    expect(pool.status()).toMatchObject({ size: 100, idle: 100 });
    await pool.close();
    expect(shop.destroyed).toHaveLength(100);
  });

  it("[POOL22] status counts what is open, idle, lent, wanted and being created", async () => {
    const gate = deferred<string>();
    const pool = new Pool({ create: () => gate.promise, destroy: () => undefined, max: 1, overflow: 1 });
    expect(pool.status()).toEqual({
      size: 0,
      idle: 0,
      used: 0,
      pending: 0,
      creating: 0,
      overflow: 0,
      max: 1,
      limit: 2,
    });
    const waiting = [pool.acquire(), pool.acquire(), pool.acquire()];
    expect(pool.status()).toMatchObject({ size: 0, used: 0, pending: 3, creating: 2 });
    gate.resolve("open");
    const first = await at(waiting, 0);
    const second = await at(waiting, 1);
    expect(pool.status()).toMatchObject({ size: 2, used: 2, idle: 0, pending: 1, creating: 0, overflow: 1 });
    first.release();
    (await at(waiting, 2)).release();
    expect(pool.status()).toMatchObject({ size: 2, used: 1, idle: 1, pending: 0 });
    second.release();
    await turns();
    expect(pool.status()).toMatchObject({ size: 1, used: 0, idle: 1, overflow: 0 });
    await pool.close();
    expect(pool.status()).toMatchObject({ size: 0, idle: 0 });
  });
});

describe("tryAcquire", () => {
  it("lends an idle resource without a promise, and release gives it back without one", async () => {
    const shop = workshop();
    const pool = new Pool({ ...shop.options, reset: (thing) => thing.resets++ });
    (await pool.acquire()).release();
    const lease = pool.tryAcquire();
    expect(lease?.resource.id).toBe(1);
    expect(lease?.release()).toBeUndefined();
    expect(pool.status().idle).toBe(1);
    expect(shop.made[0]?.resets).toBe(2);
    await pool.close();
  });

  it("has nothing when all are lent out", async () => {
    const pool = new Pool({ ...workshop().options, max: 1 });
    const lease = await pool.acquire();
    expect(pool.tryAcquire()).toBeUndefined();
    lease.release();
    await pool.close();
  });

  it("does not overtake those who wait", async () => {
    const gate = deferred<boolean>();
    const pool = new Pool({ ...workshop().options, max: 1, prePing: true, validate: () => gate.promise });
    (await pool.acquire()).release();
    const waiting = pool.acquire();
    expect(pool.tryAcquire()).toBeUndefined();
    gate.resolve(true);
    (await waiting).release();
    await pool.close();
  });

  it("leaves a resource alone that must be validated first", async () => {
    let asked = 0;
    const pool = new Pool({ ...workshop().options, prePing: true, validate: () => ++asked > 0 });
    (await pool.acquire()).release();
    expect(pool.tryAcquire()).toBeUndefined();
    expect(asked).toBe(0);
    expect(pool.status().idle).toBe(1);
    await pool.close();
  });

  it("has nothing once the pool is closed", async () => {
    const pool = new Pool(workshop().options);
    (await pool.acquire()).release();
    await pool.close();
    expect(pool.tryAcquire()).toBeUndefined();
  });
});

describe("order", () => {
  async function takenAfterReturning(order: "lifo" | "fifo" | undefined): Promise<number[]> {
    const pool = new Pool({ ...workshop().options, max: 3, order });
    for (const lease of await take(pool, 3)) lease.release();
    const again = [pool.tryAcquire(), pool.tryAcquire(), pool.tryAcquire()];
    await pool.close({ wait: false });
    return again.map((lease) => lease?.resource.id ?? 0);
  }

  it("[POOL11] lifo, the default, lends what came back last", async () => {
    expect(await takenAfterReturning("lifo")).toEqual([3, 2, 1]);
    expect(await takenAfterReturning(undefined)).toEqual([3, 2, 1]);
  });

  it("[POOL11] fifo lends what idles longest", async () => {
    expect(await takenAfterReturning("fifo")).toEqual([1, 2, 3]);
  });
});

describe("use", () => {
  it("gives the resource back and returns what the work returns", async () => {
    const pool = new Pool({ ...workshop().options, max: 1 });
    expect(await pool.use(async (thing) => thing.id + 41)).toBe(42);
    expect(pool.status()).toMatchObject({ used: 0, idle: 1 });
    await pool.close();
  });

  it("gives the resource back when the work throws, and throws the same", async () => {
    const pool = new Pool({ ...workshop().options, max: 1 });
    const failure = new RangeError("work");
    expect(
      await rejection(
        pool.use(() => {
          throw failure;
        }),
      ),
    ).toBe(failure);
    expect(pool.status()).toMatchObject({ used: 0, idle: 1 });
    await pool.close();
  });

  it("lets the work invalidate its lease", async () => {
    const shop = workshop();
    const pool = new Pool(shop.options);
    await pool.use((_thing, lease) => lease.invalidate());
    expect(pool.status().size).toBe(0);
    await pool.close();
    expect(shop.destroyed).toEqual([1]);
  });

  it("waits for an asynchronous reset", async () => {
    let clean = false;
    const reset = async (): Promise<void> => {
      await turns();
      clean = true;
    };
    const pool = new Pool({ ...workshop().options, reset });
    await pool.use(() => undefined);
    expect(clean).toBe(true);
    await pool.close();
  });
});

describe("explicit resource management", () => {
  it("using and await using end the lease at the end of the block, await using pool closes it", async () => {
    const shop = workshop();
    {
      await using pool = new Pool({ ...shop.options, max: 1 });
      {
        await using lease = await pool.acquire();
        expect(lease.resource.id).toBe(1);
        expect(pool.status().used).toBe(1);
      }
      expect(pool.status().used).toBe(0);
      {
        using lease = pool.tryAcquire();
        expect(lease?.ended).toBe(false);
        expect(pool.status().used).toBe(1);
      }
      expect(pool.status().used).toBe(0);
    }
    expect(shop.destroyed).toEqual([1]);
  });
});

describe("the end of a lease", () => {
  it("releasing twice does nothing, even when somebody else holds the resource by then", async () => {
    const pool = new Pool({ ...workshop().options, max: 1 });
    const first = await pool.acquire();
    first.release();
    const second = pool.tryAcquire();
    expect(first.release()).toBeUndefined();
    first.invalidate();
    first.invalidate(undefined, { soft: true });
    expect(pool.status()).toMatchObject({ used: 1, idle: 0 });
    expect(second?.ended).toBe(false);
    second?.release();
    expect(pool.status()).toMatchObject({ size: 1, idle: 1 });
    await pool.close();
  });

  it("the resource of an ended lease cannot be read", async () => {
    const pool = new Pool(workshop().options);
    const lease = await pool.acquire();
    expect(lease.ended).toBe(false);
    lease.release();
    expect(lease.ended).toBe(true);
    let error: unknown;
    try {
      lease.resource;
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(PoolUsageError);
    expect(error).toMatchObject({ code: "POOL_LEASE_ENDED", name: "PoolUsageError" });
    await pool.close();
  });
});
