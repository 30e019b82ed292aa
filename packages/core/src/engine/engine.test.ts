import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect/dialect.js";
import {
  ArgumentError,
  CancelledError,
  ConnectError,
  copyTree,
  createEngine,
  DriverMissingError,
  integer,
  MetaData,
  PoolTimeoutError,
  ResourceClosedError,
  registerDialect,
  select,
  sql,
  string,
  Table,
} from "../index.js";
import { FakeDialect, FakeDriver, FakeError, fakeEngine } from "./test-driver.js";

const users = new Table("users", new MetaData(), { id: integer().primaryKey(), name: string(50) });

describe("createEngine", () => {
  test("[ENG1] [ENG2] connects at the first use, not before", async () => {
    const { engine, driver } = fakeEngine();
    expect(driver.log).toEqual([]);
    expect(engine.poolStatus()).toEqual({
      size: 0,
      idle: 0,
      used: 0,
      pending: 0,
      creating: 0,
      overflow: 0,
      max: 10,
      limit: 10,
    });
    await using _conn = await engine.connect();
    expect(driver.log).toEqual(["connect"]);
  });

  test("[ENG43] tells what it is", () => {
    registerDialect("fakedb", () => new FakeDialect());
    const engine = createEngine("fakedb://app:s3cret@db/shop", { driver: new FakeDriver(true), name: "shop" });
    expect([engine.dialect.name, engine.driver.name, engine.url?.database, engine.name]).toEqual([
      "fake",
      "fake",
      "shop",
      "shop",
    ]);
    expect(String(engine)).toBe("Engine(fakedb://app:***@db/shop)");
  });

  test("[ENG16] [ENG18] takes a driver of one's own", async () => {
    const { engine, driver } = fakeEngine();
    await using conn = await engine.connect();
    expect(conn.driverConnection).toBe(driver.connections[0]);
  });

  test("[ENG17] gives the driver what the URL and the options say, the options first", async () => {
    const driver = new FakeDriver(true);
    const engine = createEngine("fakedb://app@db:99/shop?ssl=1&a=url", {
      dialect: new FakeDialect(),
      driver,
      connection: { host: "other", options: { a: "option", b: 2 } },
    });
    await (await engine.connect()).close();
    expect(driver.connectOptions).toEqual([
      {
        host: "other",
        port: 99,
        username: "app",
        password: undefined,
        database: "shop",
        options: { ssl: "1", a: "option", b: 2 },
      },
    ]);
  });

  test("chooses one of the dialect's drivers by the URL, and the first without", () => {
    const [first, second] = [new FakeDriver(true), new FakeDriver(true)];
    registerDialect("twodrivers", () => Object.assign(new FakeDialect(), { drivers: { first, second } }));
    expect(createEngine("twodrivers://").driver).toBe(first);
    expect(createEngine("twodrivers+second://").driver).toBe(second);
    expect(createEngine("twodrivers://", { driver: "second" }).driver).toBe(second);
    expect(() => createEngine("twodrivers+third://")).toThrow(/no driver "third".*has: first, second/);
  });

  test("refuses what makes no sense", () => {
    expect(() => createEngine({})).toThrow(/needs a URL or a dialect/);
    expect(() => createEngine({ dialect: new Dialect() })).toThrow(DriverMissingError);
    expect(() => fakeEngine({ compiledCache: -1 })).toThrow(ArgumentError);
    expect(() => createEngine("no url")).toThrow(ArgumentError);
  });
});

describe("connecting", () => {
  test("[ENG2] [ENG44] the first connection tells the server's version, and the dialect adapts", async () => {
    class Versioned extends FakeDialect {
      readonly version: readonly number[];
      constructor(version: readonly number[] = []) {
        super();
        this.version = version;
      }
      override forServer({ version }: { readonly version: readonly number[] }): Dialect {
        return new Versioned(version);
      }
    }
    const { engine, driver } = fakeEngine({ dialect: new Versioned() });
    driver.version = { product: "Fake", version: [9, 1] };
    let asked = 0;
    const connect = driver.connect.bind(driver);
    driver.connect = async (options) => {
      const connection = await connect(options);
      const serverVersion = connection.serverVersion.bind(connection);
      connection.serverVersion = () => {
        asked += 1;
        return serverVersion();
      };
      return connection;
    };
    const [a, b] = await Promise.all([engine.connect(), engine.connect()]);
    expect((engine.dialect as Versioned).version).toEqual([9, 1]);
    expect(a.dialect).toBe(engine.dialect);
    expect(b.dialect).toBe(engine.dialect);
    expect(asked).toBe(1);
  });

  test("[ENG38] a connection goes back to the pool and comes again", async () => {
    const { engine, driver } = fakeEngine();
    for (let i = 0; i < 3; i++) {
      await using conn = await engine.connect();
      await conn.execute(sql`A`);
    }
    expect(driver.log).toEqual(["connect", "execute A", "execute A", "execute A"]);
  });

  test("[ENG20] listeners of `connect` prepare each new connection, and are awaited", async () => {
    const { engine, driver } = fakeEngine();
    engine.on("connect", async ({ connection }) => {
      await connection.execute("SET a = 1", [], {});
      await connection.execute("SET b = 2", [], {});
    });
    const [a, b] = [await engine.connect(), await engine.connect()];
    await a.execute(sql`A`);
    await Promise.all([a.close(), b.close()]);
    await (await engine.connect()).close();
    expect(driver.log).toEqual([
      "connect",
      "execute SET a = 1",
      "execute SET b = 2",
      "connect",
      "execute SET a = 1",
      "execute SET b = 2",
      "execute A",
    ]);
  });

  test("a connection that cannot be prepared is closed, and the next attempt begins anew", async () => {
    const { engine, driver } = fakeEngine();
    const stop = engine.on("connect", () => {
      throw new FakeError("programming", "no such setting");
    });
    await expect(engine.connect()).rejects.toThrow(/Cannot connect to fake: no such setting/);
    expect(driver.connections[0]?.closed).toBe(true);
    stop();
    await (await engine.connect()).close();
  });

  test("[ENG22] the engine's isolation level is set on each connection and for each transaction", async () => {
    const { engine, driver } = fakeEngine({ isolationLevel: "REPEATABLE READ" });
    await engine.begin(async () => undefined);
    expect(driver.log).toEqual(["connect", "isolation level REPEATABLE READ", "begin REPEATABLE READ", "commit"]);
  });

  test("a server that cannot be reached is a ConnectError with the driver's error as its cause", async () => {
    const { engine, driver } = fakeEngine();
    const cause = new FakeError("operational", "ECONNREFUSED");
    driver.script = () => {
      throw cause;
    };
    await expect(engine.connect()).rejects.toMatchObject({ name: "ConnectError", cause });
    await expect(engine.begin(async () => undefined)).rejects.toThrow(ConnectError);
    driver.script = () => undefined;
    await (await engine.connect()).close();
  });

  test("[ENG41] dispose() closes what idles, waits for the rest, and ends the engine", async () => {
    const { engine, driver } = fakeEngine();
    const [idle, used] = [await engine.connect(), await engine.connect()];
    await idle.close();
    const disposed = engine.dispose();
    await used.execute(sql`A`);
    expect(driver.connections.map((each) => each.closed)).toEqual([true, false]);
    await used.close();
    await disposed;
    expect(driver.connections.map((each) => each.closed)).toEqual([true, true]);
    await expect(engine.connect()).rejects.toThrow(ResourceClosedError);
    await expect(engine.connect()).rejects.toMatchObject({ code: "ENGINE_DISPOSED" });
    await engine.dispose();
  });

  test("an engine that was never used can be disposed, also by its scope", async () => {
    const { engine } = fakeEngine();
    {
      await using _scope = engine;
    }
    await expect(engine.connect()).rejects.toThrow(ResourceClosedError);
  });

  test("dispose() says when connections stay out", async () => {
    const { engine } = fakeEngine();
    const conn = await engine.connect();
    await expect(engine.dispose({ timeout: 10 })).rejects.toThrow(/did not get all connections back.*await using/);
    await conn.close();
  });
});

describe("the pool", () => {
  test("[POOL8] has the dialect's size unless told otherwise", async () => {
    const small = fakeEngine({ dialect: new FakeDialect({}, 3) }).engine;
    await (await small.connect()).close();
    expect(small.poolStatus().limit).toBe(3);
    const told = fakeEngine({ dialect: new FakeDialect({}, 3), pool: { max: 4, overflow: 2 } }).engine;
    await (await told.connect()).close();
    expect(told.poolStatus()).toMatchObject({ max: 4, limit: 6 });
  });

  test("keeps one connection for good where the dialect wants a single one", async () => {
    class Memory extends FakeDialect {
      override poolDefaults() {
        return { max: 1, single: true };
      }
    }
    const { engine, driver } = fakeEngine({ dialect: new Memory(), pool: { idleTimeout: 1, max: 5 } });
    expect(engine.poolStatus().limit).toBe(1);
    await (await engine.connect()).close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await (await engine.connect()).close();
    expect(driver.connections).toHaveLength(1);
    expect(engine.poolStatus().limit).toBe(1);
  });

  test("[POOL3] pool: false opens a connection for each use", async () => {
    const { engine, driver } = fakeEngine({ pool: false });
    expect(engine.poolStatus().max).toBe(0);
    await engine.begin(async () => undefined);
    await engine.begin(async () => undefined);
    expect(driver.log.filter((line) => line === "connect")).toHaveLength(2);
  });

  test("pings before lending when told to", async () => {
    const { engine, driver } = fakeEngine({ pool: { prePing: true } });
    await (await engine.connect()).close();
    await (await engine.connect()).close();
    expect(driver.log).toEqual(["connect", "ping"]);
  });

  test("does not lend a connection of which the driver has heard that it is gone", async () => {
    const { engine, driver } = fakeEngine();
    const [a, b] = [await engine.connect(), await engine.connect()];
    await Promise.all([a.close(), b.close()]);
    for (const connection of driver.connections) connection.broken = true;
    await using conn = await engine.connect();
    expect(conn.driverConnection).toBe(driver.connections[2]);
    expect(driver.connections.map((each) => each.closed)).toEqual([true, true, false]);
  });

  test("[POOL10] a connection that waits for itself is told so, instead of waiting for ever", async () => {
    const { engine } = fakeEngine({ pool: { max: 1, acquireTimeout: 20 } });
    const error = await engine.begin(() => engine.begin(async () => undefined)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PoolTimeoutError);
    expect((error as Error).message).toMatch(/1 of at most 1 in use, 0 waiting|1 waiting/);
    expect((error as PoolTimeoutError).remedy).toMatch(/the caller itself.*`conn`/);
    expect(engine.poolStatus()).toMatchObject({ idle: 1, used: 0 });
  });

  test("an exhausted pool of several says what to do", async () => {
    const { engine } = fakeEngine({ pool: { max: 2 } });
    const held = [await engine.connect(), await engine.connect()];
    const error = await engine.connect({ acquireTimeout: 5 }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "POOL_TIMEOUT", remedy: expect.stringContaining("pool.max") });
    await Promise.all(held.map((conn) => conn.close()));
  });

  test("waiting for a connection can be cancelled", async () => {
    const { engine } = fakeEngine({ pool: { max: 1 } });
    await using _held = await engine.connect();
    const controller = new AbortController();
    const waiting = engine.connect({ signal: controller.signal });
    controller.abort(new RangeError("enough"));
    await expect(waiting).rejects.toThrow(CancelledError);
    await expect(engine.begin(async () => undefined, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  });
});

describe("compiled statements", () => {
  class Counting extends FakeDialect {
    compiled = 0;
    override compile(...[statement, options]: Parameters<Dialect["compile"]>) {
      this.compiled += 1;
      return super.compile(statement, options);
    }
  }
  const named = (name: string) => select(users.c.id).where(users.c.name.eq(name));
  const run = async (options: Parameters<typeof fakeEngine>[0], ...statements: ReturnType<typeof named>[]) => {
    const dialect = new Counting();
    const { engine } = fakeEngine({ dialect, ...options });
    await using conn = await engine.connect();
    for (const statement of statements) await conn.execute(statement);
    return { dialect, engine };
  };

  test("[ENG32, CMP2] are found again by their structure, whatever their values", async () => {
    const once = named("a");
    const { dialect } = await run({}, once, once, named("a"), named("b"));
    expect(dialect.compiled).toBe(1);
  });

  test("[ENG32] are not kept with compiledCache: 0", async () => {
    const once = named("a");
    const { dialect } = await run({ compiledCache: 0 }, once, once);
    expect(dialect.compiled).toBe(2);
  });

  test("[ENG32, CMP2] are dropped when there are too many, those used longest ago first", async () => {
    const many = Array.from({ length: 10 }, (_, i) => select(users.c.id.add(users.c.id).label(`x${i}`)));
    const { dialect } = await run(
      { compiledCache: 4 },
      ...(many as never[]),
      ...(many.slice(-4) as never[]),
      ...(many.slice(0, 1) as never[]),
    );
    expect(dialect.compiled).toBe(11);
  });

  test("[ENG42] are forgotten on demand", async () => {
    const { dialect, engine } = await run({}, named("a"));
    engine.clearCompiledCache();
    await using conn = await engine.connect();
    await conn.execute(named("a"));
    expect(dialect.compiled).toBe(2);
  });

  test("[EVT5] transformStatement sees every statement and says what is executed", async () => {
    const seen: string[] = [];
    const { engine, driver } = fakeEngine({
      transformStatement: (statement) => {
        seen.push(statement.kind);
        return copyTree(statement);
      },
    });
    await using conn = await engine.connect();
    await conn.execute(named("a"));
    for await (const _row of conn.stream(named("b")));
    expect(seen).toEqual(["select", "select"]);
    expect(driver.log[1]).toBe('execute SELECT users.id FROM users WHERE users.name = ? ["a"]');
  });
});
