import { describe, expect, it, vi } from "vitest";
import { StaticPool } from "./index.js";
import { turns, workshop } from "./test-support.js";

describe("StaticPool", () => {
  it("[POOL4] lends one and the same resource to all, one after the other", async () => {
    const shop = workshop();
    const pool = new StaticPool(shop.options);
    let inUse = 0;
    const ids = await Promise.all(
      Array.from({ length: 20 }, () =>
        pool.use(async (thing) => {
          expect(++inUse).toBe(1);
          await turns(1);
          inUse--;
          return thing.id;
        }),
      ),
    );
    expect(new Set(ids)).toEqual(new Set([1]));
    expect(shop.made).toHaveLength(1);
    await pool.close();
    expect(shop.destroyed).toEqual([1]);
  });

  it("[POOL4] keeps it however long it idles and however old it is, also when given a common pool's options", async () => {
    vi.useFakeTimers();
    try {
      const shop = workshop();
      const common = { ...shop.options, max: 10, idleTimeout: 1_000, recycle: 1_000, min: 0 };
      const pool = new StaticPool(common);
      (await pool.acquire()).release();
      await vi.advanceTimersByTimeAsync(10 * 86_400_000);
      expect(pool.tryAcquire()?.resource.id).toBe(1);
      await pool.close({ wait: false });
    } finally {
      vi.useRealTimers();
    }
  });

  it("makes another one only when it was invalidated", async () => {
    const shop = workshop();
    const pool = new StaticPool(shop.options);
    (await pool.acquire()).invalidate();
    expect(await pool.use((thing) => thing.id)).toBe(2);
    pool.invalidateAll();
    expect(await pool.use((thing) => thing.id)).toBe(3);
    await pool.close();
    expect(shop.destroyed).toEqual([1, 2, 3]);
  });
});
