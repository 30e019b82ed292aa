import { describe, expect, it, vi } from "vitest";
import { Pool, PoolCreateError, PoolError, PoolHookError } from "./index.js";
import { deferred, rejection, type Thing, turns, workshop } from "./test-support.js";

describe("create", () => {
  it("a failure reaches the waiting caller with its cause", async () => {
    const cause = new RangeError("password authentication failed");
    const pool = new Pool({ create: () => Promise.reject(cause), destroy: () => undefined });
    const error = await rejection(pool.acquire());
    expect(error).toBeInstanceOf(PoolCreateError);
    expect(error).toMatchObject({ code: "POOL_CREATE_FAILED", cause });
    expect(String(error)).toContain("could not create a resource: password authentication failed.");
    expect(pool.status()).toMatchObject({ size: 0, creating: 0, pending: 0 });
    await pool.close();
  });

  it("a synchronous throw is a failure like any other", async () => {
    const cause = new RangeError("no");
    const create = (): string => {
      throw cause;
    };
    const pool = new Pool({ create, destroy: () => undefined });
    expect(await rejection(pool.acquire())).toMatchObject({ code: "POOL_CREATE_FAILED", cause });
    await pool.close();
  });

  it("each waiter has his own attempt, one failure per caller and no retry behind the scenes", async () => {
    let attempts = 0;
    const create = async (): Promise<number> => {
      attempts++;
      throw new RangeError(`attempt ${attempts}`);
    };
    const pool = new Pool({ create, destroy: () => undefined, max: 2 });
    const errors = await Promise.all(Array.from({ length: 5 }, () => rejection(pool.acquire())));
    await turns();
    expect(attempts).toBe(5);
    expect(errors.map((error) => (error instanceof PoolError ? error.code : error))).toEqual(
      Array.from({ length: 5 }, () => "POOL_CREATE_FAILED"),
    );
    expect(pool.status()).toMatchObject({ size: 0, creating: 0, pending: 0 });
    await pool.close();
  });

  it("works again after a failure", async () => {
    let attempts = 0;
    const create = async (): Promise<number> => {
      if (++attempts === 1) throw new RangeError("not yet");
      return attempts;
    };
    const pool = new Pool({ create, destroy: () => undefined, max: 1 });
    const [first, second] = await Promise.allSettled([pool.acquire(), pool.acquire()]);
    expect(first.status).toBe("rejected");
    expect(second.status === "fulfilled" ? second.value.resource : 0).toBe(2);
    await pool.close({ wait: false });
  });

  it("what takes longer than createTimeout fails, and is destroyed when it arrives after all", async () => {
    const gate = deferred<string>();
    const destroy = vi.fn();
    const pool = new Pool({ create: () => gate.promise, destroy, createTimeout: 5 });
    const error = await rejection(pool.acquire());
    expect(error).toMatchObject({ code: "POOL_CREATE_FAILED" });
    expect(String(error)).toContain("did not answer within 5 ms");
    gate.resolve("late");
    await turns();
    expect(destroy).toHaveBeenCalledWith("late");
    expect(pool.status().size).toBe(0);
    await pool.close();
  });

  it("a failure that nobody waits for any more is told by the error event", async () => {
    const gate = deferred<string>();
    const told: PoolError[] = [];
    const pool = new Pool({
      create: () => gate.promise,
      destroy: () => undefined,
      on: { error: ({ error }) => told.push(error) },
    });
    expect(await rejection(pool.acquire({ timeout: 5 }))).toMatchObject({ code: "POOL_TIMEOUT" });
    gate.reject(new RangeError("refused"));
    await turns();
    expect(told).toMatchObject([{ code: "POOL_CREATE_FAILED" }]);
    await pool.close();
  });
});

describe("validate", () => {
  it("[POOL12] a resource that fails the ping is replaced without the caller noticing", async () => {
    const shop = workshop();
    const pool = new Pool({ ...shop.options, prePing: true, validate: async (thing) => thing.healthy });
    (await pool.acquire()).release();
    const [first] = shop.made;
    if (first) first.healthy = false;
    expect(await pool.use((thing) => thing.id)).toBe(2);
    expect(shop.destroyed).toEqual([1]);
    await pool.close();
  });

  it("[POOL12] a ping that throws counts as broken, and its error goes to the invalidate event", async () => {
    const shop = workshop();
    const cause = new RangeError("ECONNRESET");
    const seen: unknown[] = [];
    const validate = (): boolean => {
      throw cause;
    };
    const pool = new Pool({
      ...shop.options,
      prePing: true,
      validate,
      on: { invalidate: ({ error }) => seen.push(error) },
    });
    (await pool.acquire()).release();
    expect(await pool.use((thing) => thing.id)).toBe(2);
    expect(seen).toEqual([cause]);
    await pool.close();
  });

  it("a validate that never approves costs one attempt per idle resource, then a new one is made and lent", async () => {
    const shop = workshop();
    const validate = vi.fn(() => false);
    const pool = new Pool({ ...shop.options, max: 3, prePing: true, validate });
    const leases = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
    for (const lease of leases) lease.release();
    expect((await pool.acquire()).resource.id).toBe(4);
    expect(validate).toHaveBeenCalledTimes(3);
    expect(shop.destroyed).toHaveLength(3);
    await pool.close({ wait: false });
  });

  it("new resources are not validated, and idle ones only when somebody wants them", async () => {
    const validate = vi.fn(() => true);
    const pool = new Pool({ ...workshop().options, prePing: true, validate });
    (await pool.acquire()).release();
    expect(validate).not.toHaveBeenCalled();
    (await pool.acquire()).release();
    expect(validate).toHaveBeenCalledTimes(1);
    await pool.close();
  });

  it("without prePing nothing is validated", async () => {
    const validate = vi.fn(() => false);
    const pool = new Pool({ ...workshop().options, validate });
    (await pool.acquire()).release();
    expect(await pool.use((thing) => thing.id)).toBe(1);
    expect(validate).not.toHaveBeenCalled();
    await pool.close();
  });

  it("prePingIdleMs spares resources that were in use a moment ago", async () => {
    vi.useFakeTimers();
    try {
      const validate = vi.fn(() => true);
      const pool = new Pool({ ...workshop().options, prePingIdleMs: 1_000, validate });
      (await pool.acquire()).release();
      vi.advanceTimersByTime(999);
      expect(pool.tryAcquire()?.release()).toBeUndefined();
      expect(validate).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1_000);
      expect(pool.tryAcquire()).toBeUndefined();
      (await pool.acquire()).release();
      expect(validate).toHaveBeenCalledTimes(1);
      await pool.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it("a validate that never answers counts as broken after validateTimeout", async () => {
    const shop = workshop();
    const seen: unknown[] = [];
    const pool = new Pool({
      ...shop.options,
      prePing: true,
      validate: () => new Promise<boolean>(() => undefined),
      validateTimeout: 5,
      on: { invalidate: ({ error }) => seen.push(error) },
    });
    (await pool.acquire()).release();
    expect(await pool.use((thing) => thing.id)).toBe(2);
    expect(seen).toMatchObject([{ code: "POOL_VALIDATE_FAILED" }]);
    await pool.close();
  });

  it("a caller who gives up during the ping leaves the resource to the next", async () => {
    const gates = [deferred<boolean>(), deferred<boolean>()];
    let asked = 0;
    const validate = (): Promise<boolean> => gates[asked++]?.promise ?? Promise.resolve(true);
    const pool = new Pool({ ...workshop().options, max: 1, prePing: true, validate });
    (await pool.acquire()).release();
    const controller = new AbortController();
    const aborted = rejection(pool.acquire({ signal: controller.signal }));
    controller.abort();
    await aborted;
    const next = pool.acquire();
    gates[0]?.resolve(true);
    expect((await next).resource.id).toBe(1);
    expect(asked).toBe(1);
    (await next).release();
    expect(pool.status()).toMatchObject({ size: 1, idle: 1 });
    await pool.close();
  });
});

describe("reset", () => {
  it("cleans each resource that comes back before the next caller gets it", async () => {
    const events: string[] = [];
    const reset = async (thing: Thing): Promise<void> => {
      await turns();
      events.push(`reset ${thing.id}`);
    };
    const pool = new Pool({ ...workshop().options, max: 1, reset });
    const first = await pool.acquire();
    const second = pool.acquire().then((lease) => {
      events.push(`lent ${lease.resource.id}`);
      return lease;
    });
    const resetting = first.release();
    expect(resetting).toBeInstanceOf(Promise);
    expect(pool.status()).toMatchObject({ used: 1, idle: 0 });
    await resetting;
    await (await second).release();
    expect(events).toEqual(["reset 1", "lent 1", "reset 1"]);
    await pool.close();
  });

  it.each([
    ["throws", () => failNow()],
    ["rejects", () => Promise.reject(new RangeError("reset"))],
  ])("a reset that %s drops the resource and frees its place, and release does not reject", async (_how, reset) => {
    const shop = workshop();
    const seen: unknown[] = [];
    const pool = new Pool({ ...shop.options, max: 1, reset, on: { invalidate: ({ error }) => seen.push(error) } });
    const lease = await pool.acquire();
    const waiting = pool.acquire();
    await lease.release();
    expect((await waiting).resource.id).toBe(2);
    expect(shop.destroyed).toEqual([1]);
    expect(seen).toMatchObject([{ message: "reset" }]);
    (await waiting).invalidate();
    await pool.close();
  });

  it("a reset that never ends costs the resource after resetTimeout", async () => {
    const shop = workshop();
    const reset = (): Promise<void> => new Promise(() => undefined);
    const pool = new Pool({ ...shop.options, max: 1, reset, resetTimeout: 5 });
    await (await pool.acquire()).release();
    expect(pool.status().size).toBe(0);
    await pool.close();
    expect(shop.destroyed).toEqual([1]);
  });
});

function failNow(): never {
  throw new RangeError("reset");
}

describe("destroy", () => {
  it.each([
    ["throws", () => failNow()],
    ["rejects", () => Promise.reject(new RangeError("reset"))],
  ])("a destroy that %s frees the place nevertheless and is told by the error event", async (_how, destroy) => {
    const told: PoolError[] = [];
    const pool = new Pool({
      create: () => ({}),
      destroy,
      max: 1,
      overflow: 1,
      on: { error: ({ error }) => told.push(error) },
    });
    const leases = await Promise.all([pool.acquire(), pool.acquire()]);
    for (const lease of leases) lease.release();
    await turns();
    expect(pool.status()).toMatchObject({ size: 1, idle: 1 });
    expect(told).toHaveLength(1);
    expect(told[0]).toBeInstanceOf(PoolHookError);
    expect(told[0]).toMatchObject({ code: "POOL_DESTROY_FAILED", cause: { message: "reset" } });
    await pool.close();
    expect(told).toHaveLength(2);
  });

  it("a broken resource may fail to end without being told twice", async () => {
    const told: PoolError[] = [];
    const pool = new Pool({
      create: () => ({}),
      destroy: () => failNow(),
      on: { error: ({ error }) => told.push(error) },
    });
    (await pool.acquire()).invalidate(new RangeError("connection lost"));
    await pool.close();
    expect(told).toEqual([]);
  });

  it("a destroy that never ends holds up neither the pool nor its close", async () => {
    const told: PoolError[] = [];
    const pool = new Pool({
      create: () => ({}),
      destroy: () => new Promise<void>(() => undefined),
      destroyTimeout: 5,
      on: { error: ({ error }) => told.push(error) },
    });
    (await pool.acquire()).release();
    await pool.close();
    expect(told).toMatchObject([{ code: "POOL_DESTROY_FAILED" }]);
    expect(String(told[0])).toContain("did not end within 5 ms");
  });
});
