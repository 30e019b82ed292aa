import { afterEach, describe, expect, test } from "vitest";
import {
  integer,
  type LogFields,
  type Logger,
  logTo,
  logWriter,
  MetaData,
  select,
  setLogLevel,
  sql,
  Table,
} from "../index.js";
import { FakeError, fakeEngine } from "./test-driver.js";

const users = new Table("users", new MetaData(), { id: integer().primaryKey() });
const NAMES = ["acme.engine", "acme.pool", "acme.dialect", "acme.orm"] as const;

afterEach(() => {
  for (const name of NAMES) setLogLevel(name, "off");
  logTo(undefined);
});

function recorder(): { readonly lines: string[]; readonly fields: LogFields[]; readonly logger: Logger } {
  const lines: string[] = [];
  const fields: LogFields[] = [];
  const take = (level: string) => (line: string, each: LogFields) => {
    lines.push(`${level}: ${line.replace(/\d+\.\d (ms|s)/g, "N $1")}`);
    fields.push(each);
  };
  return { lines, fields, logger: { debug: take("debug"), info: take("info"), warn: take("warn") } };
}

describe("the levels of the loggers", () => {
  test("[EVT22] acme.engine writes statements of all engines with info, rows with debug, nothing when off", async () => {
    const { lines, fields, logger } = recorder();
    logTo(logger);
    const script = () => ({ columns: ["a"], rows: [[1]] });
    const { engine } = fakeEngine({ script });
    await using conn = await engine.connect();
    await conn.execute(sql`A`);
    expect(lines).toEqual([]);
    setLogLevel("acme.engine", "info");
    await conn.execute(sql`A`);
    expect(lines.splice(0)).toEqual(["info: [acme.engine] A", "info: [acme.engine]   1 row, N ms, cached for N s"]);
    expect(fields[1]).toMatchObject({ logger: "acme.engine", sql: "A", rowCount: 1, durationMs: expect.any(Number) });
    setLogLevel("acme.engine", "debug");
    await using later = await fakeEngine({ script, hideParameters: true }).engine.connect();
    await later.execute(sql`B ${1}`);
    expect(lines.splice(0)).toEqual([
      "info: [acme.engine] B ?",
      "info: [acme.engine]   [parameters hidden] 1 row, N ms, compiled in N ms",
    ]);
    await conn.execute(sql`B`);
    expect(lines.splice(0).at(-1)).toBe("debug: [acme.engine]   -> 1");
    setLogLevel("acme.engine", "warn");
    await conn.execute(sql`A`);
    setLogLevel("acme.engine", "off");
    await conn.execute(sql`A`);
    expect(lines).toEqual([]);
  });

  test("[EVT22] acme.pool and acme.dialect tell of connections and of the server", async () => {
    const { lines, logger } = recorder();
    logTo(logger);
    setLogLevel("acme.pool", "info");
    setLogLevel("acme.dialect", "info");
    const { engine } = fakeEngine();
    const conn = await engine.connect();
    conn.invalidate(new Error("broken"));
    await conn.close();
    expect(lines.splice(0)).toEqual([
      "info: [acme.pool] connection 1 opened",
      "info: [acme.dialect] met Fake 1.0",
      "info: [acme.pool] connection 1 invalidated: broken",
      "info: [acme.pool] connection 1 closed",
    ]);
    setLogLevel("acme.dialect", "off");
    setLogLevel("acme.pool", "debug");
    await (await engine.connect()).close();
    expect(lines).toEqual([
      "info: [acme.pool] connection 1 opened",
      "debug: [acme.pool] connection 1 lent",
      "debug: [acme.pool] connection 1 reset",
      "debug: [acme.pool] connection 1 returned",
    ]);
  });

  test("[EVT22] acme.orm is there for packages above", () => {
    const { lines, logger } = recorder();
    logTo(logger);
    const writer = logWriter("acme.orm");
    writer.write("info", "unheard");
    setLogLevel("acme.orm", "info");
    expect([writer.isOn("debug"), writer.isOn("info"), writer.isOn("warn")]).toEqual([false, true, true]);
    writer.write("debug", "unheard");
    writer.write("info", "flushed");
    expect(lines).toEqual(["info: [acme.orm] flushed"]);
  });
});

describe("the log of one engine", () => {
  test("[EVT20] goes to a logger of its own, with levels and fields", async () => {
    const { lines, fields, logger } = recorder();
    const { engine } = fakeEngine({ echo: true, logger, name: "shop" });
    await using conn = await engine.connect();
    await conn.execute(select(users.c.id));
    expect(lines).toEqual(["info: [shop] SELECT users.id FROM users", "info: [shop]   0 rows, N ms, compiled in N ms"]);
    expect(fields[0]).toMatchObject({ logger: "acme.engine", engine: "shop" });
  });

  test("[EVT21] echoPool writes the traffic of the pool, under the engine's name", async () => {
    const lines: string[] = [];
    const { engine } = fakeEngine({ echoPool: "debug", echoTo: (line) => lines.push(line), name: "shop" });
    const [a, b] = [await engine.connect(), await engine.connect()];
    await Promise.all([a.close(), b.close()]);
    await engine.dispose();
    expect(lines).toEqual([
      "[shop] connection 1 opened",
      "[shop] connection 1 lent",
      "[shop] connection 2 opened",
      "[shop] connection 2 lent",
      ...["[shop] connection 1 reset", "[shop] connection 2 reset"],
      ...["[shop] connection 1 returned", "[shop] connection 2 returned"],
      ...["[shop] connection 1 closed", "[shop] connection 2 closed"],
    ]);
  });

  test("[EVT21] with true it leaves lending and returning out", async () => {
    const lines: string[] = [];
    const { engine } = fakeEngine({ echoPool: true, echoTo: (line) => lines.push(line) });
    await (await engine.connect()).close();
    await engine.dispose();
    expect(lines).toEqual(["connection 1 opened", "connection 1 closed"]);
  });

  test("[ENG64] a token tells the lines of one connection from others", async () => {
    const lines: string[] = [];
    const { engine } = fakeEngine({ echo: true, echoTo: (line) => lines.push(line), name: "shop" });
    await engine.begin((conn) => conn.execute(sql`A`), { logToken: "req 7" });
    await using conn = await engine.connect({ logToken: "req 8" });
    expect(conn.logToken).toBe("req 8");
    await conn.execute(sql`B`);
    expect(lines.map((line) => line.slice(0, 16))).toEqual([
      "[shop] [req 7] B",
      "[shop] [req 7] A",
      "[shop] [req 7]  ",
      "[shop] [req 7] C",
      "[shop] [req 8] B",
      "[shop] [req 8]  ",
    ]);
  });
});

describe("slow queries", () => {
  test("are logged with a warning from the threshold on, without echo too, and not below it", async () => {
    const { lines, fields, logger } = recorder();
    const always = fakeEngine({ slowQueryMs: 0, logger, hideParameters: true }).engine;
    await using conn = await always.connect();
    await conn.execute(sql`A ${1}`);
    expect(lines.map((line) => line.replace(/\d+ ms \(/, "N ms ("))).toEqual([
      "warn: slow: N ms (threshold 0 ms): A ?\n  [parameters hidden]",
    ]);
    expect(fields[0]).toMatchObject({ sql: "A ?", durationMs: expect.any(Number) });
    lines.length = 0;
    const never = fakeEngine({ slowQueryMs: 3_600_000, logger }).engine;
    await using quick = await never.connect();
    await quick.execute(sql`A`);
    expect(lines).toEqual([]);
  });
});

test("a failure is logged with the error's class and its first line", async () => {
  const { lines, fields, logger } = recorder();
  const { engine, driver } = fakeEngine({ echo: true, logger });
  await using conn = await engine.connect();
  driver.script = () => {
    throw new FakeError("deadlock", "one of two");
  };
  await conn.execute(sql`A`).catch(() => undefined);
  expect(lines[1]).toMatch(/^info: {3}failed after N ms: DeadlockError: one of two\./);
  expect(fields[1]?.error).toMatchObject({ name: "DeadlockError" });
});
