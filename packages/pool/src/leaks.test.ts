import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { type Lease, Pool, type PoolError } from "./index.js";
import { rejection, type Thing, turns, workshop } from "./test-support.js";

async function forgetfulFunction(pool: Pool<Thing>): Promise<Lease<Thing>> {
  return pool.acquire();
}

function synchronousForgetfulFunction(pool: Pool<Thing>): Lease<Thing> | undefined {
  return pool.tryAcquire();
}

function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new TypeError("this engine cannot collect garbage on demand");
  return () => collect();
}

describe("trackLeaks", () => {
  it("names in the timeout error where the resources were checked out, also those who had to wait", async () => {
    const pool = new Pool({ ...workshop().options, max: 1, trackLeaks: true, acquireTimeout: 10 });
    const first = await pool.acquire();
    const second = forgetfulFunction(pool);
    first.release();
    await second;
    const error = String(await rejection(pool.acquire()));
    expect(error).toMatch(/Held for \d+ ms, checked out:\n +at .*forgetfulFunction.*leaks\.test\.ts/);
    expect(error).not.toContain("trackLeaks: true");
    expect(error.match(/Held for/g)).toHaveLength(1);
    (await second).release();
    synchronousForgetfulFunction(pool);
    expect(String(await rejection(pool.acquire()))).toContain("synchronousForgetfulFunction");
    await pool.close({ wait: false, force: true });
  });

  it("names at most five, and no longer those who gave theirs back", async () => {
    const pool = new Pool({ ...workshop().options, max: 8, trackLeaks: true, acquireTimeout: 10 });
    const leases = await Promise.all(Array.from({ length: 8 }, () => pool.acquire()));
    const error = String(await rejection(pool.acquire()));
    expect(error.match(/Held for/g)).toHaveLength(5);
    expect(error).toContain("... and 3 more.");
    leases[0]?.release();
    leases[1]?.invalidate();
    pool.tryAcquire()?.release();
    (await pool.acquire()).release();
    await turns();
    const taken = await Promise.all([pool.acquire(), pool.acquire()]);
    expect(String(await rejection(pool.acquire()))).toContain("... and 3 more.");
    for (const lease of [...leases, ...taken]) lease.release();
    await pool.close();
  });

  it("[POOL19] a lease that is garbage-collected unreleased is told, and its place becomes free", async () => {
    const collect = garbageCollector();
    const shop = workshop();
    const told: PoolError[] = [];
    const pool = new Pool({
      ...shop.options,
      max: 1,
      trackLeaks: true,
      acquireTimeout: 10_000,
      on: { error: ({ error }) => told.push(error) },
    });
    await (async () => {
      await forgetfulFunction(pool);
    })();
    const waiting = pool.acquire();
    for (let i = 0; i < 200 && told.length === 0; i++) {
      collect();
      await turns(1);
    }
    expect(told).toMatchObject([{ code: "POOL_LEAK" }]);
    expect(String(told[0])).toContain("forgetfulFunction");
    expect((await waiting).resource.id).toBe(2);
    expect(shop.destroyed).toEqual([1]);
    (await waiting).release();
    await pool.close();
  });

  it("[POOL19] a lease that was released is no leak, though its resource is lent out again when it is collected", async () => {
    const collect = garbageCollector();
    const told: PoolError[] = [];
    const options = { ...workshop().options, max: 1, trackLeaks: true };
    const pool = new Pool({ ...options, on: { error: ({ error }) => told.push(error) } });
    const returned = await (async () => {
      const lease = await forgetfulFunction(pool);
      lease.release();
      return new WeakRef(lease);
    })();
    const holder = await pool.acquire();
    for (let i = 0; i < 200 && returned.deref() !== undefined; i++) {
      await turns(1);
      collect();
    }
    expect(returned.deref()).toBeUndefined();
    await turns(20);
    expect(told).toEqual([]);
    expect(holder.resource.destroyed).toBe(false);
    holder.release();
    await pool.close();
  });
});
