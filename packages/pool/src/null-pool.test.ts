import { describe, expect, it } from "vitest";
import { NullPool } from "./index.js";
import { turns, workshop } from "./test-support.js";

describe("NullPool", () => {
  it("[POOL3] makes a resource for each lease and destroys it at its end", async () => {
    const shop = workshop();
    const pool = new NullPool(shop.options);
    (await pool.acquire()).release();
    expect(pool.status()).toMatchObject({ size: 0, idle: 0, used: 0 });
    expect(pool.tryAcquire()).toBeUndefined();
    expect(await pool.use((thing) => thing.id)).toBe(2);
    await turns();
    expect(shop.destroyed).toEqual([1, 2]);
    await pool.close();
  });

  it("opens as many at once as are asked for", async () => {
    const shop = workshop();
    const pool = new NullPool(shop.options);
    const leases = await Promise.all(Array.from({ length: 50 }, () => pool.acquire()));
    expect(new Set(leases.map((lease) => lease.resource.id)).size).toBe(50);
    for (const lease of leases) lease.release();
    await pool.close();
    expect(shop.destroyed).toHaveLength(50);
  });

  it("with max, lets the others wait, and gives each a resource of his own", async () => {
    const shop = workshop();
    const pool = new NullPool({ ...shop.options, max: 2 });
    let open = 0;
    const ids = await Promise.all(
      Array.from({ length: 6 }, () =>
        pool.use(async (thing) => {
          expect(++open).toBeLessThanOrEqual(2);
          await turns(1);
          open--;
          return thing.id;
        }),
      ),
    );
    expect(ids.toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
    await pool.close();
    expect(shop.destroyed).toHaveLength(6);
  });
});
