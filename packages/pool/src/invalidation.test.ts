import { describe, expect, it, vi } from "vitest";
import { Pool } from "./index.js";
import { deferred, take, turns, workshop } from "./test-support.js";

describe("invalidating one resource", () => {
  it("[POOL15] hard: it is destroyed now, never lent again, and its place is free", async () => {
    const shop = workshop();
    const seen: unknown[] = [];
    const pool = new Pool({ ...shop.options, max: 1, on: { invalidate: ({ error }) => seen.push(error) } });
    const lease = await pool.acquire();
    const waiting = pool.acquire();
    const reason = new RangeError("connection lost");
    lease.invalidate(reason);
    expect(lease.ended).toBe(true);
    expect((await waiting).resource.id).toBe(2);
    expect(shop.destroyed).toEqual([1]);
    expect(seen).toEqual([reason]);
    (await waiting).release();
    await pool.close();
    expect(shop.destroyed).toEqual([1, 2]);
  });

  it("[POOL15] soft: the caller may go on, and the resource is destroyed on its return", async () => {
    const shop = workshop();
    const resets = vi.fn();
    const pool = new Pool({ ...shop.options, max: 1, reset: resets });
    const lease = await pool.acquire();
    lease.invalidate("worn", { soft: true });
    expect(lease.resource.id).toBe(1);
    await turns();
    expect(shop.destroyed).toEqual([]);
    lease.release();
    expect(resets).not.toHaveBeenCalled();
    expect((await pool.acquire()).resource.id).toBe(2);
    expect(shop.destroyed).toEqual([1]);
    await pool.close({ wait: false });
  });
});

describe("invalidating the generation", () => {
  it("[POOL16] idle resources are destroyed now, lent ones on return, and all that follow are new", async () => {
    const shop = workshop();
    const dropped: number[] = [];
    const pool = new Pool({ ...shop.options, max: 3, on: { invalidate: ({ resource }) => dropped.push(resource.id) } });
    const a = await pool.acquire();
    const b = await pool.acquire();
    const c = await pool.acquire();
    a.release();
    pool.invalidateAll(new RangeError("server restarted"));
    await turns();
    expect(shop.destroyed).toEqual([1]);
    expect(pool.status()).toMatchObject({ size: 2, used: 2, idle: 0 });
    b.release();
    c.release();
    await turns();
    expect(shop.destroyed).toEqual([1, 2, 3]);
    expect(dropped).toEqual([1, 2, 3]);
    expect(await pool.use((thing) => thing.id)).toBe(4);
    expect(await pool.use((thing) => thing.id)).toBe(4);
    await pool.close();
  });

  it("[POOL16] a waiter gets a new resource, not the old one that comes back", async () => {
    const shop = workshop();
    const pool = new Pool({ ...shop.options, max: 1 });
    const old = await pool.acquire();
    const waiting = pool.acquire();
    pool.invalidateAll();
    old.release();
    expect((await waiting).resource.id).toBe(2);
    expect(shop.destroyed).toEqual([1]);
    (await waiting).release();
    await pool.close();
  });

  it("a resource whose creation began before counts as old", async () => {
    const gate = deferred<void>();
    const shop = workshop();
    const create = async () => {
      const thing = shop.options.create();
      await gate.promise;
      return thing;
    };
    const pool = new Pool({ ...shop.options, create });
    const waiting = pool.acquire();
    await turns();
    pool.invalidateAll();
    gate.resolve();
    expect((await waiting).resource.id).toBe(2);
    expect(shop.destroyed).toEqual([1]);
    await pool.close({ wait: false });
  });
});

describe("recycle", () => {
  it("[POOL14] replaces a resource older than recycle at its next checkout, on both ways", async () => {
    vi.useFakeTimers();
    try {
      const shop = workshop();
      const pool = new Pool({ ...shop.options, recycle: 1_000, idleTimeout: Number.POSITIVE_INFINITY });
      (await pool.acquire()).release();
      vi.advanceTimersByTime(1_000);
      expect((await pool.acquire()).release()).toBeUndefined();
      expect(shop.made).toHaveLength(1);
      vi.advanceTimersByTime(1);
      expect(pool.tryAcquire()).toBeUndefined();
      (await pool.acquire()).release();
      expect(shop.made).toHaveLength(2);
      vi.advanceTimersByTime(1_001);
      expect((await pool.acquire()).resource.id).toBe(3);
      await vi.advanceTimersByTimeAsync(0);
      expect(shop.destroyed).toEqual([1, 2]);
      await pool.close({ wait: false });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("idle timeout", () => {
  it("destroys what idles too long, oldest first, down to min", async () => {
    vi.useFakeTimers();
    try {
      const shop = workshop();
      const pool = new Pool({ ...shop.options, min: 1, max: 3, idleTimeout: 10_000 });
      const leases = await take(pool, 3);
      leases[0]?.release();
      await vi.advanceTimersByTimeAsync(9_000);
      leases[1]?.release();
      expect(shop.destroyed).toEqual([]);
      await vi.advanceTimersByTimeAsync(3_000);
      expect(shop.destroyed).toEqual([1]);
      leases[2]?.release();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(shop.destroyed).toEqual([1, 2]);
      expect(pool.status()).toMatchObject({ size: 1, idle: 1 });
      await pool.close({ wait: false });
    } finally {
      vi.useRealTimers();
    }
  });

  it("may be much shorter than a second", async () => {
    vi.useFakeTimers();
    try {
      const shop = workshop();
      const pool = new Pool({ ...shop.options, idleTimeout: 100 });
      (await pool.acquire()).release();
      await vi.advanceTimersByTimeAsync(99);
      expect(shop.destroyed).toEqual([]);
      await vi.advanceTimersByTimeAsync(101);
      expect(shop.destroyed).toEqual([1]);
      await pool.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it("Infinity starts no timer", async () => {
    vi.useFakeTimers();
    try {
      const pool = new Pool({ ...workshop().options, idleTimeout: Number.POSITIVE_INFINITY });
      (await pool.acquire()).release();
      expect(vi.getTimerCount()).toBe(0);
      await pool.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it("a resource in steady use does not idle out", async () => {
    vi.useFakeTimers();
    try {
      const shop = workshop();
      const pool = new Pool({ ...shop.options, idleTimeout: 2_000 });
      (await pool.acquire()).release();
      for (let i = 0; i < 20; i++) {
        await vi.advanceTimersByTimeAsync(1_000);
        pool.tryAcquire()?.release();
      }
      expect(shop.destroyed).toEqual([]);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(shop.destroyed).toEqual([1]);
      expect(await pool.use((thing) => thing.id)).toBe(2);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(shop.destroyed).toEqual([1, 2]);
      await pool.close({ wait: false });
    } finally {
      vi.useRealTimers();
    }
  });
});
