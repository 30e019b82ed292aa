import { afterEach, describe, expect, it, vi } from "vitest";
import { Pool, type PoolError } from "./index.js";
import { rejection, turns, workshop } from "./test-support.js";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("events", () => {
  it("tell the life of a resource in order", async () => {
    const seen: string[] = [];
    const pool = new Pool(workshop().options);
    for (const name of ["connect", "checkout", "checkin", "invalidate", "close"] as const) {
      pool.on(name, ({ resource }) => seen.push(`${name} ${resource.id}`));
    }
    (await pool.acquire()).release();
    pool.tryAcquire()?.release();
    pool.tryAcquire()?.invalidate();
    (await pool.acquire()).release();
    await pool.close();
    expect(seen).toEqual([
      "connect 1",
      "checkout 1",
      "checkin 1",
      "checkout 1",
      "checkin 1",
      "checkout 1",
      "invalidate 1",
      "close 1",
      "connect 2",
      "checkout 2",
      "checkin 2",
      "close 2",
    ]);
  });

  it("[POOL18] listeners of reset clean a returned resource after the pool's own reset, and may refuse it", async () => {
    const shop = workshop();
    const seen: string[] = [];
    const pool = new Pool({
      ...shop.options,
      max: 1,
      reset: (thing) => {
        seen.push(`own ${thing.id}`);
      },
      on: {
        reset: async ({ resource }) => {
          await turns(1);
          seen.push(`listener ${resource.id}`);
          if (!resource.healthy) throw new RangeError("cannot be cleaned");
        },
        checkin: ({ resource }) => seen.push(`checkin ${resource.id}`),
        invalidate: ({ error }) => seen.push(String(error)),
      },
    });
    const first = await pool.acquire();
    const cleaned = first.release();
    expect(pool.status()).toMatchObject({ idle: 0, used: 1 });
    await cleaned;
    const again = await pool.acquire();
    expect(again.resource.id).toBe(1);
    again.resource.healthy = false;
    await again.release();
    expect(seen).toEqual(["own 1", "listener 1", "checkin 1", "own 1", "listener 1", "RangeError: cannot be cleaned"]);
    expect(shop.destroyed).toEqual([1]);
    await pool.close();
  });

  it("listeners of reset that answer at once cost no promise", async () => {
    const seen: number[] = [];
    const pool = new Pool({ ...workshop().options, on: { reset: ({ resource }) => void seen.push(resource.id) } });
    expect((await pool.acquire()).release()).toBeUndefined();
    expect(seen).toEqual([1]);
    expect(pool.tryAcquire()?.release()).toBeUndefined();
    const order: string[] = [];
    pool.on("reset", async () => {
      await turns(1);
      order.push("slow");
    });
    pool.on("reset", () => void order.push("behind it"));
    await pool.tryAcquire()?.release();
    expect(order).toEqual(["slow", "behind it"]);
    await pool.close();
  });

  it("[POOL18] a reset that the pool's own part fails reaches no listener, nor does the end of a closed pool", async () => {
    const listener = vi.fn();
    const reset = (): void => {
      throw new RangeError("no");
    };
    const pool = new Pool({ ...workshop().options, reset, on: { reset: listener } });
    await (await pool.acquire()).release();
    const lease = await pool.acquire();
    await pool.close({ wait: false });
    await lease.release();
    expect(listener).not.toHaveBeenCalled();
  });

  it("[POOL26] listeners may be given when the pool is made", async () => {
    const seen: string[] = [];
    const pool = new Pool({
      ...workshop().options,
      on: {
        connect: () => seen.push("connect"),
        checkout: () => seen.push("checkout"),
        checkin: () => seen.push("checkin"),
        invalidate: () => seen.push("invalidate"),
        close: () => seen.push("close"),
      },
    });
    (await pool.acquire()).release();
    pool.invalidateAll();
    await pool.close();
    expect(seen).toEqual(["connect", "checkout", "checkin", "invalidate", "close"]);
  });

  it("the function that on returns stops that listener alone, though the same function was added twice", async () => {
    const pool = new Pool(workshop().options);
    const listener = vi.fn();
    const stop = pool.on("checkout", listener);
    pool.on("checkout", listener);
    stop();
    stop();
    (await pool.acquire()).release();
    expect(listener).toHaveBeenCalledTimes(1);
    await pool.close();
  });

  it("connect listeners are awaited, one after the other, before the resource is lent", async () => {
    const seen: string[] = [];
    const pool = new Pool({ ...workshop().options, on: { checkout: () => seen.push("checkout") } });
    pool.on("connect", async () => {
      await turns();
      seen.push("first");
    });
    pool.on("connect", () => seen.push("second"));
    (await pool.acquire()).release();
    expect(seen).toEqual(["first", "second", "checkout"]);
    await pool.close();
  });

  it("a connect listener that throws refuses the resource", async () => {
    const shop = workshop();
    const cause = new RangeError("wrong server version");
    const pool = new Pool({ ...shop.options, on: { connect: () => Promise.reject(cause) } });
    expect(await rejection(pool.acquire())).toMatchObject({ code: "POOL_CREATE_FAILED", cause });
    expect(shop.destroyed).toEqual([1]);
    expect(pool.status().size).toBe(0);
    await pool.close();
  });

  it("a listener that throws or rejects harms neither caller nor other listeners, and is told by the error event", async () => {
    const told: PoolError[] = [];
    const other = vi.fn();
    const pool = new Pool({ ...workshop().options, on: { error: ({ error }) => told.push(error) } });
    pool.on("checkout", () => {
      throw new RangeError("listener");
    });
    pool.on("checkout", () => Promise.reject(new RangeError("later")));
    pool.on("checkout", other);
    (await pool.acquire()).release();
    await turns();
    expect(other).toHaveBeenCalledTimes(1);
    expect(told).toMatchObject([
      { code: "POOL_LISTENER_FAILED", cause: { message: "listener" } },
      { code: "POOL_LISTENER_FAILED", cause: { message: "later" } },
    ]);
    await pool.close();
  });

  it("an error that nobody listens to becomes a process warning", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const pool = new Pool({ create: () => ({}), destroy: () => Promise.reject(new RangeError("no")) });
    (await pool.acquire()).release();
    await pool.close();
    expect(warned.mock.calls).toMatchObject([[{ code: "POOL_DESTROY_FAILED" }]]);
  });

  it("an error listener that throws becomes a process warning", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const error = (): void => {
      throw new RangeError("listener");
    };
    const pool = new Pool({ create: () => ({}), destroy: () => Promise.reject(new RangeError("no")), on: { error } });
    (await pool.acquire()).release();
    await pool.close();
    expect(warned.mock.calls).toMatchObject([[{ code: "POOL_LISTENER_FAILED" }]]);
  });
});
