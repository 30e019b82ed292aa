import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { NullPool, Pool, type PoolError, StaticPool } from "@acme/pool";
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  type ConnectionHooks,
  type ConnectionPool,
  type Engine,
  InterfaceError,
  PoolTimeoutError,
  ResourceClosedError,
  sql,
} from "../index.js";
import { fakeEngine } from "./test-driver.js";

const failure = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a pool of one's own", () => {
  test("[POOL7] is made by a function, from any class of pool", async () => {
    let made: ConnectionPool | undefined;
    const { engine, driver } = fakeEngine({
      pool: (connections) => {
        made = new NullPool({ ...connections, max: 3 });
        return made;
      },
    });
    expect(made).toBeUndefined();
    await engine.begin(async () => undefined);
    await engine.begin(async () => undefined);
    expect(driver.log.filter((line) => line === "connect")).toHaveLength(2);
    expect(engine.poolStatus()).toEqual(made?.status());
    expect(engine.poolStatus().limit).toBe(3);
    await engine.dispose();
    await expect(engine.connect()).rejects.toThrow(ResourceClosedError);
  });

  test("[POOL7] may be an instance that is shared with code which knows no engine", async () => {
    let shared: StaticPool<unknown> | undefined;
    const { engine, driver } = fakeEngine({
      pool: (connections) => {
        const pool = new StaticPool(connections);
        shared = pool as StaticPool<unknown>;
        return pool;
      },
    });
    await (await engine.connect()).close();
    expect(await shared?.use((connection) => connection)).toBe(driver.connections[0]);
    await using conn = await engine.connect();
    expect(conn.driverConnection).toBe(driver.connections[0]);
    expect(driver.connections).toHaveLength(1);
  });

  test("may be no pool of ours at all", async () => {
    const seen: string[] = [];
    const own = ({ create }: ConnectionHooks): ConnectionPool => ({
      tryAcquire: () => undefined,
      acquire: async () => {
        const resource = await create();
        return {
          resource,
          ended: false,
          release: () => void seen.push("release"),
          invalidate: () => void seen.push("invalidate"),
          [Symbol.dispose]: () => undefined,
          [Symbol.asyncDispose]: async () => undefined,
        } as Awaited<ReturnType<ConnectionPool["acquire"]>>;
      },
      invalidateAll: () => undefined,
      close: async () => void seen.push("close"),
      status: () => ({ size: 1, idle: 0, used: 1, pending: 0, creating: 0, overflow: 0, max: 1, limit: 1 }),
    });
    const { engine } = fakeEngine({ pool: own });
    await engine.begin(async () => undefined);
    await engine.dispose();
    expect(seen).toEqual(["release", "close"]);
  });

  test("that cannot be made says why, in an error of the toolkit", async () => {
    const cause = new RangeError("no pool today");
    const { engine } = fakeEngine({
      pool: () => {
        throw cause;
      },
    });
    const error = await failure(engine.connect());
    expect(error).toBeInstanceOf(InterfaceError);
    expect(error).toMatchObject({ cause });
  });
});

describe("what happens to a connection that comes back", () => {
  const leftOpen = async (engine: Engine): Promise<void> => {
    await using conn = await engine.connect();
    await conn.driverConnection.begin({});
    await conn.execute(sql`SELECT 1`);
  };

  test("[POOL17] it is rolled back, unless something else is asked for", async () => {
    const { engine, driver } = fakeEngine();
    await leftOpen(engine);
    expect(driver.log.at(-1)).toBe("rollback");
  });

  test("[POOL17] it is committed where that is asked for, and then cleaned", async () => {
    const { engine, driver } = fakeEngine({ pool: { resetOnReturn: "commit" } });
    await leftOpen(engine);
    expect(driver.log.slice(-1)).toEqual(["commit"]);
  });

  test("[POOL17] it is left as it is where that is asked for", async () => {
    const { engine, driver } = fakeEngine({ pool: { resetOnReturn: false } });
    await leftOpen(engine);
    expect(driver.log.at(-1)).toMatch(/^execute/);
  });

  test("a way that does not exist is refused", async () => {
    const { engine } = fakeEngine({ pool: { resetOnReturn: "discard" as "commit" } });
    const error = await failure(engine.connect());
    expect(error).toBeInstanceOf(ArgumentError);
    expect(String(error)).toMatch(/discard.*"rollback", "commit" or false/);
  });
});

describe("limits", () => {
  test("a full queue refuses at once, and says so", async () => {
    const { engine } = fakeEngine({ pool: { max: 1, maxQueue: 0 } });
    await using _held = await engine.connect();
    const error = await failure(engine.connect());
    expect(error).toBeInstanceOf(PoolTimeoutError);
    expect(error).toMatchObject({ code: "POOL_QUEUE_FULL" });
    expect(String(error)).toMatch(/Too many callers wait.*1 of at most 1 in use, 0 waiting.*maxQueue/);
  });

  test("[POOL10] with trackLeaks the timeout names the line that forgot to close", async () => {
    const { engine } = fakeEngine({ pool: { max: 2, trackLeaks: true } });
    async function forgetful(): Promise<void> {
      await engine.connect();
    }
    await forgetful();
    await forgetful();
    const error = String(await failure(engine.connect({ acquireTimeout: 5 })));
    expect(error.match(/Held for \d+ ms, checked out:[\s\S]*?forgetful.*pooling\.test\.ts/g)).toHaveLength(2);
    // What is taken away by force is no leak any more.
    await engine.dispose({ wait: false, force: true });
  });

  test("a server that lets a connection attempt hang is told apart from connections that are not given back", async () => {
    const { engine } = fakeEngine({
      pool: ({ destroy }) => new Pool({ create: () => new Promise(() => undefined), destroy }),
    });
    const error = String(await failure(engine.connect({ acquireTimeout: 5 })));
    expect(error).toMatch(/1 being opened.*server can be reached/);
  });

  test("without it the timeout says how to find out", async () => {
    const { engine } = fakeEngine({ pool: { max: 1 } });
    await using _held = await engine.connect();
    expect(String(await failure(engine.connect({ acquireTimeout: 5 })))).toContain("pool.trackLeaks");
  });

  test("[POOL19] a connection that is garbage-collected unclosed is told and its place is free again", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const warnings: PoolError[] = [];
    const hear = (warning: Error): void => {
      // Those of other tests are told as well.
      if (warning.message.includes("neverClosed")) warnings.push(warning as PoolError);
    };
    process.on("warning", hear);
    try {
      const { engine, driver } = fakeEngine({ pool: { max: 1, trackLeaks: true, acquireTimeout: 10_000 } });
      await (async function neverClosed() {
        await engine.connect();
      })();
      const waiting = engine.connect();
      for (let i = 0; i < 400 && warnings.length === 0; i++) {
        collect();
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(warnings).toMatchObject([{ code: "POOL_LEAK" }]);
      await using conn = await waiting;
      expect(conn.driverConnection).toBe(driver.connections[1]);
    } finally {
      process.off("warning", hear);
    }
  });
});

describe("dispose", () => {
  test("[POOL23] with force takes connections away from those who hold them for too long", async () => {
    const { engine, driver } = fakeEngine();
    const held = await engine.connect();
    await engine.dispose({ timeout: 10, force: true });
    expect(driver.connections[0]?.closed).toBe(true);
    expect(engine.poolStatus()).toMatchObject({ size: 0 });
    await held.close();
    expect(driver.log.filter((line) => line === "close")).toHaveLength(1);
  });

  test("[POOL23] that does not wait closes what idles, and the rest when it comes back", async () => {
    const { engine, driver } = fakeEngine();
    const [idle, held] = [await engine.connect(), await engine.connect()];
    await idle.close();
    await engine.dispose({ wait: false });
    expect(driver.connections.map(({ closed }) => closed)).toEqual([true, false]);
    await held.execute(sql`SELECT 1`);
    await held.close();
    expect(driver.connections.map(({ closed }) => closed)).toEqual([true, true]);
  });
});
