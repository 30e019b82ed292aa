import { afterEach, describe, expect, test } from "vitest";
import type { DriverConnection } from "../dialect/driver.js";
import {
  ConnectError,
  ConnectionLostError,
  Engine,
  insert,
  integer,
  MetaData,
  select,
  sql,
  string,
  Table,
  UniqueViolationError,
} from "../index.js";
import { FakeDriver, FakeError, fakeEngine } from "./test-driver.js";

const users = new Table("users", new MetaData(), { id: integer().primaryKey(), name: string(50) });

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

describe("doConnect", () => {
  test("[ENG19] [EVT12] gives a fresh token to each connection", async () => {
    const { engine, driver } = fakeEngine({ connection: { host: "db", password: "old" } });
    let turn = 0;
    engine.on("doConnect", async ({ options }) => {
      await Promise.resolve();
      turn += 1;
      return { options: { ...options, password: `token ${turn}` } };
    });
    const [a, b] = [await engine.connect(), await engine.connect()];
    await Promise.all([a.close(), b.close()]);
    expect(driver.connectOptions.map(({ host, password }) => [host, password])).toEqual([
      ["db", "token 1"],
      ["db", "token 2"],
    ]);
  });

  test("[EVT12] may open the connection itself; the driver is not asked", async () => {
    const { engine, driver } = fakeEngine();
    const other = new FakeDriver(false);
    engine.on("doConnect", async () => ({ connection: await other.connect({ host: "elsewhere" }) }));
    await using conn = await engine.connect();
    await conn.execute(sql`A`);
    expect(driver.log).toEqual([]);
    expect(other.log).toEqual(["connect", "execute A"]);
  });

  test("each listener sees the options of the one before", async () => {
    const { engine, driver } = fakeEngine({ connection: { host: "a" } });
    engine.on("doConnect", ({ options }) => ({ options: { ...options, port: 1 } }));
    engine.on("doConnect", () => undefined);
    engine.on("doConnect", ({ options }) => ({ options: { ...options, port: (options.port ?? 0) + 1 } }));
    await (await engine.connect()).close();
    expect(driver.connectOptions).toEqual([expect.objectContaining({ host: "a", port: 2 })]);
  });

  test("[EVT14] that throws fails the attempt and leaves nothing behind", async () => {
    const { engine, driver } = fakeEngine();
    engine.on(
      "doConnect",
      () => {
        throw new RangeError("no token");
      },
      { once: true },
    );
    await expect(engine.connect()).rejects.toThrow(ConnectError);
    expect(driver.log).toEqual([]);
    expect(engine.poolStatus()).toMatchObject({ size: 0, used: 0, pending: 0, creating: 0 });
    await (await engine.connect()).close();
  });
});

describe("doExecute and doExecuteMany", () => {
  test("[EVT12] take the place of the driver's calls", async () => {
    const { engine, driver } = fakeEngine({ flags: { insertMany: "executeMany" } });
    engine.on("doExecute", ({ execution }) =>
      execution.sql.startsWith("SELECT") ? { result: { columns: ["id"], rows: [[7]], rowCount: 1 } } : undefined,
    );
    engine.on("doExecuteMany", ({ execution }) => ({
      result: Promise.resolve({ columns: [], rows: [], rowCount: (execution.batch ?? 0) * 10 }),
    }));
    await using conn = await engine.connect();
    expect(await conn.execute(select(users.c.id)).scalar()).toBe(7);
    expect((await conn.execute(insert(users).values({ name: "a" }, { name: "b" }))).rowCount).toBe(20);
    await conn.execute(sql`A`);
    expect(driver.log).toEqual(["connect", "begin", "commit", "execute A"]);
  });

  test("may call the driver themselves, and what they throw is an error of the execution", async () => {
    const { engine } = fakeEngine({ script: () => ({ rows: [[1]] }) });
    engine.on("doExecute", ({ execution, driverConnection, options }) => {
      if (execution.sql === "A") throw new FakeError("unique");
      return { result: driverConnection.execute(execution.sql, execution.parameters, options) };
    });
    await using conn = await engine.connect();
    expect(await conn.execute(select(users.c.id)).scalar()).toBe(1);
    await expect(conn.execute(sql`A`)).rejects.toThrow(UniqueViolationError);
  });
});

describe("beforeExecute", () => {
  test("[EVT6] rewrites text and values, of batches and streams too; later events tell what was sent", async () => {
    const { engine, driver } = fakeEngine({ flags: { insertMany: "executeMany" } });
    const told: unknown[] = [];
    engine.on("beforeExecute", ({ sql: text, parameters }) => ({
      sql: `/* a */ ${text}`,
      parameters: parameters.map((value) => (value === "secret" ? "***" : value)),
    }));
    engine.on("beforeExecute", ({ sql: text }) => ({ sql: `${text} /* b */`, prepare: false }));
    engine.on("afterExecute", ({ execution, durationMs }) => told.push(execution.sql, durationMs >= 0));
    await using conn = await engine.connect();
    await conn.execute(sql`A ${"secret"}`);
    await conn.execute(insert(users).values({ name: "x" }, { name: "y" }));
    for await (const _row of conn.stream(sql`B ${"secret"}`));
    expect(driver.log).toEqual([
      "connect",
      'execute /* a */ A ? /* b */ ["***"]',
      "begin",
      'executeMany /* a */ INSERT INTO users (name) VALUES (?) /* b */ [["x"],["y"]]',
      "commit",
      "stream /* a */ B ? /* b */ by 500",
      "cursor closed",
    ]);
    expect(driver.executeOptions.map(({ prepare }) => prepare)).toEqual([false, false]);
    expect(told).toEqual([
      "/* a */ A ? /* b */",
      true,
      "/* a */ INSERT INTO users (name) VALUES (?) /* b */",
      true,
      "/* a */ B ? /* b */",
      true,
    ]);
  });

  test("does not change the compiled statement: the next execution starts from the original", async () => {
    const { engine, driver } = fakeEngine();
    const stop = engine.on("beforeExecute", ({ sql: text }) => ({ sql: `${text} X` }));
    const statement = select(users.c.id);
    await using conn = await engine.connect();
    await conn.execute(statement);
    stop();
    await conn.execute(statement);
    expect(driver.log.slice(1)).toEqual(["execute SELECT users.id FROM users X", "execute SELECT users.id FROM users"]);
  });
});

describe("beforeStatement and afterStatement", () => {
  test("[EVT5] see and change constructs and parameters before they are compiled", async () => {
    const { engine, driver } = fakeEngine({ script: () => ({ rows: [[1]] }) });
    const heard: unknown[] = [];
    const mine = select(users.c.id).where(users.c.name.eq("me"));
    engine.on("beforeStatement", ({ statement, parameters }) => {
      heard.push(statement, parameters);
      return statement === everyone ? { statement: mine } : undefined;
    });
    engine.on("afterStatement", ({ statement, result }) => heard.push(statement, result.rawRows));
    const everyone = select(users.c.id);
    await using conn = await engine.connect();
    await conn.execute(everyone, { a: 1 });
    expect(heard).toEqual([everyone, { a: 1 }, mine, [[1]]]);
    for await (const _row of conn.stream(everyone));
    expect(driver.log.slice(1)).toEqual([
      'execute SELECT users.id FROM users WHERE users.name = ? ["me"]',
      "stream SELECT users.id FROM users WHERE users.name = ? by 500",
      "cursor closed",
    ]);
  });
});

describe("handleError", () => {
  test("[EVT11] translates errors; each listener sees what the one before made of it", async () => {
    const { engine, driver } = fakeEngine();
    class Taken extends Error {}
    engine.on("handleError", ({ error }) =>
      error instanceof UniqueViolationError ? { error: new Taken("name", { cause: error }) } : undefined,
    );
    const seen: unknown[] = [];
    engine.on("handleError", ({ error, originalError, sql: text, parameters, connection, isPrePing }) => {
      seen.push(error, originalError, text, parameters, connection, isPrePing);
    });
    await using conn = await engine.connect();
    const original = new FakeError("unique");
    driver.script = (word) => {
      if (word === "execute") throw original;
      return undefined;
    };
    await expect(conn.execute(sql`A ${1}`)).rejects.toThrow(Taken);
    expect(seen).toEqual([expect.any(Taken), original, "A ?", [1], conn, false]);
    expect(conn.invalidated).toBe(false);
  });

  test("[EVT11] says that a connection is lost, or that it is not, and what becomes of the pool", async () => {
    const { engine, driver } = fakeEngine();
    const idle = await engine.connect();
    const conn = await engine.connect();
    await idle.close();
    driver.script = (_word, text) => {
      if (text === "GONE") throw new FakeError("operational", "server shutting down");
      if (text === "LOST") throw new FakeError("connectionLost");
      return undefined;
    };
    const stop = engine.on("handleError", () => ({ disconnected: true, invalidatePool: false }));
    await expect(conn.execute(sql`GONE`)).rejects.toThrow("server shutting down");
    expect(conn.invalidated).toBe(true);
    expect(driver.connections.map((each) => each.closed)).toEqual([false, true]);
    await conn.close();
    stop();
    await using next = await engine.connect();
    next.on("handleError", () => ({ disconnected: false }));
    await expect(next.execute(sql`LOST`)).rejects.toThrow(ConnectionLostError);
    expect(next.invalidated).toBe(false);
    await next.execute(sql`A`);
  });

  test("[EVT11] hears of connection attempts, transactions and pings that fail", async () => {
    const { engine, driver } = fakeEngine({ pool: { prePing: true } });
    const heard: unknown[] = [];
    engine.on("handleError", ({ sql: text, isPrePing, connection }) => {
      heard.push([text, isPrePing, connection === undefined]);
    });
    driver.script = (word) => {
      if (word !== "isolation level") throw new FakeError("operational");
      return undefined;
    };
    await expect(engine.connect()).rejects.toThrow(ConnectError);
    driver.script = () => undefined;
    const conn = await engine.connect();
    driver.script = (word) => {
      if (word === "begin") throw new FakeError("operational");
      return undefined;
    };
    await expect(conn.begin()).rejects.toThrow();
    await conn.close();
    const [open] = driver.connections as unknown as { ping: () => boolean }[];
    (open as { ping: () => boolean }).ping = () => {
      throw new FakeError("connectionLost");
    };
    await (await engine.connect()).close();
    expect(heard).toEqual([
      [undefined, false, true],
      ["BEGIN", false, false],
      [undefined, true, true],
    ]);
  });

  test("what it throws takes the error's place", async () => {
    const { engine, driver } = fakeEngine();
    engine.on("handleError", () => {
      throw new RangeError("mine");
    });
    await using conn = await engine.connect();
    driver.script = () => {
      throw new FakeError("unique");
    };
    await expect(conn.execute(sql`A`)).rejects.toThrow("mine");
  });
});

describe("where listeners are added", () => {
  test("[EVT4] to all engines, to one, to a connection; they are called in this order", async () => {
    const first = fakeEngine().engine;
    const second = fakeEngine().engine;
    const heard: string[] = [];
    stops.push(
      Engine.on("beforeExecute", ({ sql: text }) => {
        heard.push(`all ${text}`);
      }),
    );
    first.on("beforeExecute", ({ sql: text }) => {
      heard.push(`first ${text}`);
    });
    await using a = await first.connect();
    await using b = await second.connect();
    a.on("beforeExecute", ({ sql: text }) => {
      heard.push(`a ${text}`);
    });
    await a.execute(sql`A`);
    await b.execute(sql`B`);
    await using later = await fakeEngine().engine.connect();
    await later.execute(sql`C`);
    expect(heard).toEqual(["all A", "first A", "a A", "all B", "all C"]);
  });

  test("[EVT1] a listener is added, found and taken away by itself, or by what `on` returned", async () => {
    const { engine } = fakeEngine();
    const heard: number[] = [];
    const listener = (): void => {
      heard.push(1);
    };
    expect(engine.listens("beforeExecute", listener)).toBe(false);
    engine.on("beforeExecute", listener);
    expect([engine.listens("beforeExecute", listener), engine.listens("afterExecute", listener)]).toEqual([
      true,
      false,
    ]);
    await using conn = await engine.connect();
    await conn.execute(sql`A`);
    expect([engine.off("beforeExecute", listener), engine.off("beforeExecute", listener)]).toEqual([true, false]);
    await conn.execute(sql`A`);
    expect(heard).toEqual([1]);
    stops.push(Engine.on("commit", listener));
    expect(Engine.listens("commit", listener)).toBe(true);
    expect(Engine.off("commit", listener)).toBe(true);
    conn.on("commit", listener);
    expect([conn.listens("commit", listener), conn.off("commit", listener)]).toEqual([true, true]);
  });

  test("[EVT2] once hears one event, also when it causes it again itself", async () => {
    const { engine, driver } = fakeEngine();
    const inner: PromiseLike<unknown>[] = [];
    engine.on(
      "afterExecute",
      ({ execution }) => {
        inner.push(execution.connection.execute(sql`again`));
      },
      { once: true },
    );
    await using conn = await engine.connect();
    await conn.execute(sql`A`);
    await Promise.all(inner);
    await conn.execute(sql`B`);
    expect(driver.log.slice(1)).toEqual(["execute A", "execute again", "execute B"]);
  });

  test("[EVT2] first comes before those that are there; what listeners answer is used, in order", async () => {
    const { engine, driver } = fakeEngine();
    engine.on("beforeExecute", ({ sql: text }) => ({ sql: `${text} second` }));
    engine.on("beforeExecute", ({ sql: text }) => ({ sql: `${text} first` }), { first: true });
    await using conn = await engine.connect();
    await conn.execute(sql`A`);
    expect(driver.log[1]).toBe("execute A first second");
  });

  test("a connection's listeners end with it: the next one that gets the same connection has none", async () => {
    const { engine } = fakeEngine();
    const heard: string[] = [];
    const conn = await engine.connect();
    conn.on("beforeExecute", ({ sql: text }) => {
      heard.push(text);
    });
    await conn.execute(sql`A`);
    await conn.close();
    await using next = await engine.connect();
    await next.execute(sql`B`);
    expect(heard).toEqual(["A"]);
  });
});

describe("engineConnect and engineDisposed", () => {
  test("[EVT7] come with each connection that is got, and with the engine's end", async () => {
    const { engine, driver } = fakeEngine();
    const heard: unknown[] = [];
    engine.on("engineConnect", async ({ connection }) => {
      await connection.execute(sql`SET x`);
    });
    engine.on("engineDisposed", (event) => heard.push(event.engine));
    await (await engine.connect()).close();
    await engine.begin((conn) => conn.execute(sql`A`));
    expect(driver.log).toEqual(["connect", "execute SET x", "execute SET x", "begin", "execute A", "commit"]);
    await engine.dispose();
    await engine.dispose();
    expect(heard).toEqual([engine]);
  });

  test("[EVT14] one that throws sends the connection back to the pool", async () => {
    const { engine } = fakeEngine();
    engine.on("engineConnect", () => {
      throw new RangeError("not now");
    });
    await expect(engine.connect()).rejects.toThrow("not now");
    expect(engine.poolStatus()).toMatchObject({ used: 0, idle: 1 });
  });
});

describe("a listener that throws", () => {
  const names = ["begin", "commit", "rollback", "savepoint", "releaseSavepoint", "rollbackSavepoint"] as const;
  test.each(names)("[EVT14] in %s leaves no transaction open, and the connection usable", async (name) => {
    const { engine, driver } = fakeEngine();
    engine.on(name, () => {
      throw new RangeError("hook");
    });
    const work = engine.begin(async (conn) => {
      await conn.transaction(async () => {
        if (name === "rollbackSavepoint") throw new TypeError("work");
      });
      if (name === "rollback") throw new TypeError("work");
    });
    await expect(work).rejects.toThrow(/hook|work/);
    const word = (line: string): string => line.split(" ")[0] as string;
    const begun = driver.log.filter((line) => word(line) === "begin").length;
    const ended = driver.log.filter((line) => ["commit", "rollback"].includes(line) || word(line) === "close").length;
    expect(ended).toBeGreaterThanOrEqual(begun);
    expect(engine.poolStatus().used).toBe(0);
    engine.off(name, () => undefined);
    await using conn = await engine.connect();
    await conn.execute(sql`A`);
    expect(conn.inTransaction).toBe(false);
  });

  test("[EVT14] before or after an execution fails it, and the connection works on", async () => {
    for (const name of ["beforeExecute", "afterExecute"] as const) {
      const { engine } = fakeEngine({ script: () => ({ columns: ["a"], rows: [[1]] }) });
      const stop = engine.on(name, () => {
        throw new RangeError("hook");
      });
      await using conn = await engine.connect();
      await expect(conn.execute(sql`A`)).rejects.toThrow(RangeError);
      await expect(
        (async () => {
          for await (const _row of conn.stream(sql`B`));
        })(),
      ).rejects.toThrow(RangeError);
      stop();
      expect(await conn.execute(sql`A`).scalar()).toBe(1);
      for await (const row of conn.stream(sql`B`)) expect(row).toEqual({ a: 1 });
    }
  });
});

describe("events of the pool", () => {
  const names = ["checkout", "checkin", "reset", "close", "detach", "closeDetached"] as const;

  test("[EVT15] tell the life of a connection in order", async () => {
    const { engine, driver } = fakeEngine();
    const heard: string[] = [];
    engine.on("connect", () => heard.push("connect"));
    for (const name of names)
      engine.on(name, ({ connection }) => {
        heard.push(`${name} ${driver.connections.indexOf(connection as never)}`);
      });
    for (const name of ["invalidate", "softInvalidate"] as const)
      engine.on(name, ({ connection, error }) => {
        heard.push(`${name} ${driver.connections.indexOf(connection as never)} ${(error as Error).message}`);
      });
    await (await engine.connect()).close();
    const broken = await engine.connect();
    broken.invalidate(new Error("broken"));
    await broken.close();
    const soft = await engine.connect();
    soft.invalidate(new Error("old"), { soft: true });
    await soft.execute(sql`A`);
    await soft.close();
    const mine = await engine.connect();
    mine.detach();
    mine.detach();
    expect(engine.poolStatus()).toMatchObject({ size: 0, used: 0 });
    await mine.execute(sql`A`);
    await mine.close();
    expect(driver.connections.map((each) => each.closed)).toEqual([true, true, true]);
    expect(heard).toEqual([
      ...["connect", "checkout 0", "reset 0", "checkin 0"],
      ...["checkout 0", "invalidate 0 broken", "close 0"],
      ...["connect", "checkout 1", "softInvalidate 1 old", "invalidate 1 old", "close 1"],
      ...["connect", "checkout 2", "detach 2", "closeDetached 2"],
    ]);
  });

  test("[EVT15] a listener of reset cleans what the driver does not; one that throws drops the connection", async () => {
    const { engine, driver } = fakeEngine();
    engine.on("reset", async ({ connection }) => {
      await connection.execute("DISCARD ALL", [], {});
      if (driver.connections.length === 1) throw new RangeError("no");
    });
    await (await engine.connect()).close();
    expect(engine.poolStatus()).toMatchObject({ size: 0 });
    await (await engine.connect()).close();
    expect(engine.poolStatus()).toMatchObject({ size: 1, idle: 1 });
    expect(driver.log).toEqual(["connect", "execute DISCARD ALL", "close", "connect", "execute DISCARD ALL"]);
  });

  test("[ENG55] a detached connection that breaks is closed once", async () => {
    const { engine, driver } = fakeEngine();
    const mine = await engine.connect();
    mine.detach();
    mine.invalidate();
    await mine.close();
    expect(driver.log).toEqual(["connect", "close"]);
    expect(() => mine.detach()).not.toThrow();
  });
});

test("[EVT15] firstConnect comes once an engine, connect with each connection", async () => {
  const { engine } = fakeEngine();
  const heard: string[] = [];
  const listen = (name: "connect" | "firstConnect") =>
    engine.on(name, ({ connection }: { connection: DriverConnection }) => heard.push(`${name} ${connection.broken}`));
  listen("firstConnect");
  listen("connect");
  const [a, b] = [await engine.connect(), await engine.connect()];
  await Promise.all([a.close(), b.close()]);
  expect(heard).toEqual(["connect false", "firstConnect false", "connect false"]);
});

test("[EVT14] a listener of rollback that throws is told by rollback(), once all is undone, and keeps the connection", async () => {
  const { engine, driver } = fakeEngine();
  engine.on("rollback", () => {
    throw new RangeError("hook");
  });
  await using conn = await engine.connect();
  const transaction = await conn.begin();
  await expect(transaction.rollback()).rejects.toThrow("hook");
  expect(driver.log).toEqual(["connect", "begin", "rollback"]);
  await expect(conn.transaction(() => Promise.reject(new TypeError("work")))).rejects.toThrow("work");
  expect([conn.invalidated, conn.inTransaction]).toEqual([false, false]);
  await conn.execute(sql`A`);
});
