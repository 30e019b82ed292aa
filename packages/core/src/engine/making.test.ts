import { describe, expect, test } from "vitest";
import type { ConnectOptions } from "../dialect/driver.js";
import {
  createEngine,
  type EngineOptions,
  engineFromConfig,
  integer,
  MetaData,
  mockEngine,
  parseUrl,
  registerDialect,
  registerEnginePlugin,
  string,
  Table,
} from "../index.js";
import { FakeDialect, FakeDriver, fakeEngine } from "./test-driver.js";

registerDialect("making", () => new FakeDialect());

describe("an engine of settings", () => {
  const driver = new FakeDriver(true);
  const make = (config: Record<string, string | undefined>, prefix = "DB_", more: EngineOptions = {}) =>
    engineFromConfig(config, { prefix, driver, ...more });

  test("[ENG11] reads options from the environment, numbers and flags from their texts", async () => {
    const engine = make({
      PATH: "/bin",
      DB_URL: "making://app:secret@host/shop",
      DB_NAME: "shop",
      DB_ISOLATION_LEVEL: "repeatable read",
      DB_POOL_MAX: "3",
      DB_POOL_PRE_PING: "on",
      DB_PAGE_ROWS: "50",
      DB_TIMEOUT: "",
    });
    expect([engine.name, engine.url?.database]).toEqual(["shop", "shop"]);
    expect(engine.executionOptions).toMatchObject({ isolationLevel: "REPEATABLE READ", pageRows: 50 });
    expect(engine.executionOptions.timeout).toBeUndefined();
    await using conn = await engine.connect();
    expect(engine.poolStatus()).toMatchObject({ max: 3, used: 1 });
    expect(conn.closed).toBe(false);
  });

  test("[ENG11] takes names with dots, and options that are no text go first", () => {
    const engine = make({ "db.url": "making://one", "db.echo": "debug", other: "x" }, "db.", { url: "making://two" });
    expect(engine.url?.host).toBe("two");
  });

  test("refuses what it does not know, and values that cannot be read", () => {
    const url = "making://x";
    expect(() => make({ DB_URL: url, DB_POOLSIZE: "3" })).toThrow(expect.objectContaining({ code: "UNKNOWN_OPTION" }));
    expect(() => make({ DB_URL: url, DB_POOL_MAX: "many" })).toThrow('DB_POOL_MAX is a whole number, not "many"');
    expect(() => make({ DB_URL: url, DB_HIDE_PARAMETERS: "perhaps" })).toThrow("true or false");
  });
});

describe("plugins", () => {
  const driver = () => new FakeDriver(true);

  test("[ENG14] change options and see the engine, by option and by name in the URL, which does not reach the driver", async () => {
    const seen: string[] = [];
    registerEnginePlugin("tagging", () => ({
      configure: (options) => ({ ...options, name: `${options.name} tagged` }),
      engineCreated: (engine) => seen.push(`url: ${engine.name}`),
    }));
    const fake = driver();
    const engine = createEngine("making://host/db?plugin=tagging&x=1", {
      driver: fake,
      name: "mine",
      plugins: [{ configure: () => undefined, engineCreated: (made) => seen.push(`option: ${made.name}`) }],
    });
    expect(engine.name).toBe("mine tagged");
    expect(seen).toEqual(["url: mine tagged", "option: mine tagged"]);
    await using _conn = await engine.connect();
    expect(fake.connectOptions[0]?.options).toEqual({ x: "1" });
  });

  test("that nobody registered are refused by name", () => {
    expect(() => createEngine("making://host/db?plugin=nobody", { driver: driver() })).toThrow(
      expect.objectContaining({ code: "NO_SUCH_PLUGIN" }),
    );
  });
});

describe("a mock engine", () => {
  const metadata = new MetaData();
  new Table("things", metadata, { id: integer().primaryKey(), name: string(9).index() });

  test("[ENG12] hands over the text of DDL", async () => {
    const script: string[] = [];
    const mock = mockEngine("making", (sql) => script.push(sql));
    await metadata.createAll(mock, { checkFirst: false });
    await metadata.dropAll(mock, { checkFirst: false });
    expect(script.map((sql) => sql.replace(/\s+/g, " ").slice(0, 12))).toEqual([
      "CREATE TABLE",
      "CREATE INDEX",
      "DROP TABLE t",
    ]);
  });

  test("has no database to ask", async () => {
    class Asking extends FakeDialect {
      override readonly reflector = { tableNames: (c: { query(sql: string): unknown }) => c.query("ASK") } as never;
    }
    await expect(metadata.createAll(mockEngine(new Asking(), () => undefined))).rejects.toMatchObject({
      code: "MOCK_ENGINE",
    });
  });
});

describe("a URL", () => {
  test("[ENG5] changes single options and stays as it is", () => {
    const url = parseUrl("making://h/d?a=1&b=2&b=3");
    const changed = url.updateQuery({ a: undefined, c: ["x", "y"] });
    expect(changed.render()).toBe("making://h/d?b=2&b=3&c=x&c=y");
    expect(url.render()).toBe("making://h/d?a=1&b=2&b=3");
  });
});

describe("connecting", () => {
  test("[ENG19] takes a fresh token for each new connection from a listener", async () => {
    const { engine, driver } = fakeEngine({ synchronous: true, connection: { username: "app", host: "db" } });
    let token = 0;
    engine.on("doConnect", async ({ options }): Promise<{ options: ConnectOptions }> => {
      token += 1;
      return { options: { ...options, password: `token ${token}` } };
    });
    await using _one = await engine.connect();
    await using _two = await engine.connect();
    expect(driver.connectOptions).toEqual([
      expect.objectContaining({ username: "app", host: "db", password: "token 1" }),
      expect.objectContaining({ username: "app", host: "db", password: "token 2" }),
    ]);
  });

  test("[ENG1] [ENG2] happens with the first use, which also tells the server's version, once", async () => {
    const { engine, driver } = fakeEngine({ synchronous: true });
    expect(driver.log).toEqual([]);
    let asked = 0;
    Object.defineProperty(driver, "version", {
      get() {
        asked += 1;
        return { product: "Fake", version: [2, 0] };
      },
    });
    await using _one = await engine.connect();
    await using _two = await engine.connect();
    expect([driver.connections.length, asked]).toEqual([2, 1]);
  });

  test("[ENG57] gives the driver's own connection to who asks for it", async () => {
    const { engine, driver } = fakeEngine({ synchronous: true });
    await using conn = await engine.connect();
    expect(conn.driverConnection).toBe(driver.connections[0]);
    expect(conn.driverConnection.native).toBe(driver.connections[0]?.native);
  });
});
