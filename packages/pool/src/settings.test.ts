import { describe, expect, it } from "vitest";
import { NullPool, Pool, type PoolOptions, PoolUsageError } from "./index.js";

/** Answers after the shortest timers have fired. */
async function later<V>(value: V): Promise<V> {
  await new Promise<void>((resolve) => setTimeout(resolve, 15));
  return value;
}

const base = { create: () => 1, destroy: () => undefined };

describe("options", () => {
  const bad: [string, Partial<PoolOptions<number>>][] = [
    ["max", { max: -1 }],
    ["max", { max: 1.5 }],
    ["max", { max: Number.NaN }],
    ["max", { max: 0 }],
    ["min", { min: -1 }],
    ["min", { min: 3, max: 2 }],
    ["overflow", { overflow: -1 }],
    ["acquireTimeout", { acquireTimeout: 0 }],
    ["createTimeout", { createTimeout: -5 }],
    ["destroyTimeout", { destroyTimeout: Number.NaN }],
    ["validateTimeout", { validateTimeout: 0 }],
    ["resetTimeout", { resetTimeout: 0 }],
    ["idleTimeout", { idleTimeout: 0 }],
    ["recycle", { recycle: 0 }],
    ["maxQueue", { maxQueue: -1 }],
    ["prePingIdleMs", { prePingIdleMs: -1, validate: () => true }],
    ["validate", { prePing: true }],
    ["validate", { prePingIdleMs: 10 }],
  ];

  it.each(bad)("a senseless %s is refused with its name and what would be right: %o", (name, options) => {
    let error: unknown;
    try {
      new Pool({ ...base, ...options });
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(PoolUsageError);
    expect(error).toMatchObject({ code: "POOL_BAD_OPTION" });
    expect(String(error)).toMatch(new RegExp(`Pool option \`${name}\` is .+\\. Give .+\\.`));
  });

  it("Infinity means no limit, and times beyond what timers can take do not fire at once", async () => {
    const forever = Number.POSITIVE_INFINITY;
    for (const time of [forever, 1e12]) {
      let created = 0;
      const pool = new Pool({
        ...base,
        create: () => later(++created),
        validate: () => later(true),
        reset: () => later(undefined),
        prePing: true,
        acquireTimeout: time,
        createTimeout: time,
        resetTimeout: time,
        destroyTimeout: time,
        idleTimeout: time,
        recycle: time,
        maxQueue: forever,
        max: 1,
      });
      const lease = await pool.acquire();
      const waiting = pool.acquire();
      await lease.release();
      await (await waiting).release();
      expect(pool.status()).toMatchObject({ size: 1, idle: 1 });
      expect(created).toBe(1);
      await pool.close();
    }
  });

  it("a NullPool needs at least one place", () => {
    expect(() => new NullPool({ ...base, max: 0 })).toThrow(PoolUsageError);
  });
});
