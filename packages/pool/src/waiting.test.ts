import { describe, expect, it } from "vitest";
import { Pool, PoolAbortedError, PoolQueueFullError, PoolTimeoutError } from "./index.js";
import { deferred, rejection, turns, workshop } from "./test-support.js";

describe("fairness", () => {
  it("64 callers share 3 resources: all are served, in the order in which they came, none shares with another", async () => {
    const shop = workshop();
    const pool = new Pool({ ...shop.options, max: 3 });
    const served: number[] = [];
    const inUse = new Set<number>();
    let most = 0;
    await Promise.all(
      Array.from({ length: 64 }, async (_, caller) => {
        const lease = await pool.acquire();
        const { id } = lease.resource;
        served.push(caller);
        expect(inUse.has(id)).toBe(false);
        inUse.add(id);
        most = Math.max(most, inUse.size);
        await turns(1 + (caller % 3));
        inUse.delete(id);
        await lease.release();
      }),
    );
    expect(served).toEqual(Array.from({ length: 64 }, (_, caller) => caller));
    expect(most).toBe(3);
    expect(shop.made).toHaveLength(3);
    expect(pool.status()).toMatchObject({ size: 3, idle: 3, pending: 0 });
    await pool.close();
  });

  it("a caller who comes while others wait goes to the end of the queue", async () => {
    const pool = new Pool({ ...workshop().options, max: 1 });
    const held = await pool.acquire();
    const order: string[] = [];
    const first = pool.acquire().then((lease) => {
      order.push("first");
      lease.release();
    });
    held.release();
    const late = pool.acquire().then((lease) => {
      order.push("late");
      lease.release();
    });
    await Promise.all([first, late]);
    expect(order).toEqual(["first", "late"]);
    await pool.close();
  });

  it("a resource that comes back goes to a waiter at once, though another is being created for him", async () => {
    const gate = deferred<void>();
    let made = 0;
    const create = async (): Promise<number> => {
      made++;
      if (made === 2) await gate.promise;
      return made;
    };
    const pool = new Pool({ create, destroy: () => undefined, max: 2 });
    const held = await pool.acquire();
    const waiting = pool.acquire();
    expect(pool.status().creating).toBe(1);
    held.release();
    expect((await waiting).resource).toBe(1);
    gate.resolve();
    await turns();
    expect(pool.status()).toMatchObject({ size: 2, idle: 1, used: 1, pending: 0 });
    (await waiting).release();
    await pool.close();
  });
});

describe("acquire timeout", () => {
  it("[POOL10] says how the pool stands and what to do, and leaves no trace of the waiter", async () => {
    const pool = new Pool({ ...workshop().options, max: 2, acquireTimeout: 20 });
    const leases = [await pool.acquire(), await pool.acquire()];
    const error = await rejection(pool.acquire());
    expect(error).toBeInstanceOf(PoolTimeoutError);
    expect(error).toMatchObject({ code: "POOL_TIMEOUT", status: { size: 2, used: 2, idle: 0, pending: 1, limit: 2 } });
    expect(String(error)).toContain(
      "No resource became free within 20 ms: 2 of at most 2 open (2 used, 0 idle), 0 being created, 1 waiting.",
    );
    expect(String(error)).toContain("Release each lease");
    expect(String(error)).toContain("trackLeaks: true");
    expect(pool.status().pending).toBe(0);
    for (const lease of leases) lease.release();
    expect(pool.status()).toMatchObject({ idle: 2, used: 0 });
    await pool.close();
  });

  it("one acquire may wait less than the others", async () => {
    const pool = new Pool({ ...workshop().options, max: 1, acquireTimeout: Number.POSITIVE_INFINITY });
    const held = await pool.acquire();
    const patient = pool.acquire();
    expect(await rejection(pool.acquire({ timeout: 5 }))).toMatchObject({ code: "POOL_TIMEOUT" });
    held.release();
    (await patient).release();
    await pool.close();
  });

  it("names a slow create as the cause, and keeps the resource that arrives too late for its caller", async () => {
    const gate = deferred<string>();
    const pool = new Pool({
      create: () => gate.promise,
      destroy: () => undefined,
      acquireTimeout: 10,
      createTimeout: 9_000,
    });
    const error = await rejection(pool.acquire());
    expect(String(error)).toContain("`create` is slower than that");
    gate.resolve("late");
    await turns();
    expect(pool.tryAcquire()?.resource).toBe("late");
    await pool.close({ wait: false });
  });
});

describe("abort", () => {
  it("a signal that has fired refuses the acquire at once, even with a resource idle", async () => {
    const pool = new Pool(workshop().options);
    (await pool.acquire()).release();
    const reason = new RangeError("too late");
    const error = await rejection(pool.acquire({ signal: AbortSignal.abort(reason) }));
    expect(error).toBeInstanceOf(PoolAbortedError);
    expect(error).toMatchObject({ code: "POOL_ABORTED", cause: reason });
    await pool.close();
  });

  it("an abort in the queue takes only that caller out; the next one is served", async () => {
    const pool = new Pool({ ...workshop().options, max: 1 });
    const held = await pool.acquire();
    const controller = new AbortController();
    const aborted = rejection(pool.acquire({ signal: controller.signal }));
    const next = pool.acquire();
    const last = pool.acquire();
    controller.abort();
    expect(await aborted).toMatchObject({ code: "POOL_ABORTED" });
    expect(pool.status().pending).toBe(2);
    held.release();
    (await next).release();
    (await last).release();
    expect(pool.status()).toMatchObject({ pending: 0, idle: 1 });
    await pool.close();
  });

  it("an abort after the resource was lent changes nothing", async () => {
    const pool = new Pool({ ...workshop().options, max: 1 });
    const controller = new AbortController();
    const lease = await pool.acquire({ signal: controller.signal });
    controller.abort();
    expect(lease.ended).toBe(false);
    lease.release();
    expect(pool.status().idle).toBe(1);
    await pool.close();
  });

  it("an abort between the hand-over and its arrival does not lose the resource", async () => {
    const pool = new Pool({ ...workshop().options, max: 1 });
    const held = await pool.acquire();
    const controller = new AbortController();
    const waiting = pool.acquire({ signal: controller.signal });
    held.release();
    controller.abort();
    (await waiting).release();
    expect(pool.status()).toMatchObject({ used: 0, idle: 1 });
    await pool.close();
  });

  it("a checkout listener that aborts the signal of the caller does not lose the resource", async () => {
    const controller = new AbortController();
    const pool = new Pool({ ...workshop().options, max: 1, on: { checkout: () => controller.abort() } });
    const lease = await pool.acquire({ signal: controller.signal });
    lease.release();
    expect(pool.status()).toMatchObject({ used: 0, idle: 1 });
    await pool.close();
  });

  it("an abort during create leaves the new resource to whoever comes next", async () => {
    const gate = deferred<string>();
    let made = 0;
    const create = (): Promise<string> => {
      made++;
      return gate.promise;
    };
    const pool = new Pool({ create, destroy: () => undefined, max: 1 });
    const controller = new AbortController();
    const aborted = rejection(pool.acquire({ signal: controller.signal }));
    controller.abort();
    expect(await aborted).toMatchObject({ code: "POOL_ABORTED" });
    const next = pool.acquire();
    gate.resolve("open");
    expect((await next).resource).toBe("open");
    expect(made).toBe(1);
    await pool.close({ wait: false });
  });
});

describe("maxQueue", () => {
  it("refuses at once the caller who would be one too many", async () => {
    const pool = new Pool({ ...workshop().options, max: 1, maxQueue: 2 });
    const held = await pool.acquire();
    const waiting = [pool.acquire(), pool.acquire()];
    const error = await rejection(pool.acquire());
    expect(error).toBeInstanceOf(PoolQueueFullError);
    expect(error).toMatchObject({ code: "POOL_QUEUE_FULL", status: { pending: 2, used: 1 } });
    expect(String(error)).toContain("`maxQueue` is 2");
    held.release();
    for (const lease of waiting) (await lease).release();
    await pool.close();
  });

  it("does not count those whom a resource being created will serve", async () => {
    const pool = new Pool({ ...workshop().options, max: 3, maxQueue: 0 });
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => pool.acquire()));
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
      "rejected",
    ]);
    await pool.close({ wait: false });
  });

  it("counts only those who must wait for somebody else's resource to come back", async () => {
    const gate = deferred<string>();
    const pool = new Pool({ create: () => gate.promise, destroy: () => undefined, max: 1, maxQueue: 1 });
    const served = pool.acquire();
    const waiting = pool.acquire();
    expect(await rejection(pool.acquire())).toMatchObject({ code: "POOL_QUEUE_FULL" });
    gate.resolve("open");
    (await served).release();
    (await waiting).release();
    await pool.close();
  });

  it("[POOL6] max 1 and maxQueue 0 assert that nobody checks out twice", async () => {
    const pool = new Pool({ ...workshop().options, max: 1, maxQueue: 0 });
    const lease = await pool.acquire();
    expect(await rejection(pool.acquire())).toMatchObject({ code: "POOL_QUEUE_FULL" });
    lease.release();
    (await pool.acquire()).release();
    await pool.close();
  });
});
