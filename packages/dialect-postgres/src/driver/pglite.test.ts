import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine, DriverMissingError, type Engine, PoolTimeoutError } from "@acme/core";
import { afterAll, describe, expect, it } from "vitest";
import "../index.js";
import { readEmbeddedOptions } from "./options.js";
import { loadPGlite } from "./pglite.js";

describe("[pglite] an engine on PGlite", () => {
  const engine: Engine = createEngine("postgresql+pglite://");
  afterAll(() => engine.dispose());
  const scalar = async (text: string) => {
    await using conn = await engine.connect();
    return conn.executeDriverSql(text).scalar();
  };

  it("[PG1] is chosen in the URL, and speaks the dialect of PostgreSQL", async () => {
    expect(engine.driver.name).toBe("pglite");
    expect(await scalar("SELECT version()")).toMatch(/^PostgreSQL \d+/);
    expect(engine.dialect.name).toBe("postgresql");
  });

  it("has one session, which callers share one after another", async () => {
    const first = await engine.connect();
    await expect(engine.connect({ acquireTimeout: 50 })).rejects.toBeInstanceOf(PoolTimeoutError);
    await first.close();
    expect(await scalar("SELECT 1")).toBe(1);
  });

  it("reads in batches, and leaves the session free when the loop is left", async () => {
    await using conn = await engine.connect();
    const driver = conn.driverConnection;
    const sizes: number[] = [];
    for await (const rows of driver.stream("SELECT * FROM generate_series(1, 25)", [], { batchSize: 10 })) {
      sizes.push(rows.length);
    }
    expect(sizes).toEqual([10, 10, 5]);
    for await (const rows of driver.stream("SELECT * FROM generate_series(1, 25)", [], { batchSize: 10 })) {
      expect(rows[0]).toEqual([1]);
      break;
    }
    expect(await conn.executeDriverSql("SELECT 2").scalar()).toBe(2);
  });

  it("survives a failed pipeline: the transaction is rolled back and the session goes on", async () => {
    await using conn = await engine.connect();
    await conn.executeDriverSql("CREATE TABLE p (a INT PRIMARY KEY)");
    const sets = [...Array.from({ length: 3000 }, (_, i) => [i]), [0]];
    await expect(
      conn.driverConnection.executeMany("INSERT INTO p VALUES ($1)", sets, { returnsRows: false, prepare: true }),
    ).rejects.toMatchObject({ code: "23505" });
    expect(await conn.executeDriverSql("SELECT count(*)::int FROM p").scalar()).toBe(0);
  });

  it.each(["COPY c FROM STDIN", "SELECT 1; COPY c FROM STDIN"])(
    "refuses %s without data, and goes on",
    async (text) => {
      await using conn = await engine.connect();
      await conn.executeDriverSql("CREATE TABLE IF NOT EXISTS c (a INT)");
      await expect(conn.executeDriverSql(text)).rejects.toThrow(/COPY.*failed/);
      await expect(conn.driverConnection.execute("COPY c FROM STDIN", [], { prepare: true })).rejects.toThrow(
        /COPY.*failed/,
      );
      expect(await conn.executeDriverSql("SELECT count(*)::int FROM c").scalar()).toBe(0);
    },
  );
});

describe("[pglite] a database in a folder", () => {
  it("is there again for the next engine, and can be opened by the caller", async () => {
    const folder = await mkdtemp(join(tmpdir(), "acme-pglite-"));
    try {
      {
        await using engine = createEngine(`postgresql+pglite:///${folder}`);
        await using conn = await engine.connect();
        await conn.executeDriverSql("CREATE TABLE kept (a INT)");
        await conn.executeDriverSql("INSERT INTO kept VALUES (7)");
      }
      const { PGlite } = await import("@electric-sql/pglite");
      await using engine = createEngine("postgresql+pglite://", {
        connection: { connect: () => PGlite.create(folder) },
      });
      await using conn = await engine.connect();
      expect(await conn.executeDriverSql("SELECT a FROM kept").scalar()).toBe(7);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("PGlite's options", () => {
  it("are a folder and what PGlite takes itself; servers and the options of servers are refused", () => {
    expect(readEmbeddedOptions({ database: "data", options: { client: { relaxedDurability: true } } })).toMatchObject({
      dataDir: "data",
      client: { relaxedDurability: true },
      preparedStatements: 256,
    });
    expect(() => readEmbeddedOptions({ host: "db" })).toThrow(/"db" cannot be its host/);
    expect(() => readEmbeddedOptions({ options: { sslmode: "require" } })).toThrow(/no option "sslmode"/);
  });

  it("[PG1] a missing package is an error with the line that installs it", async () => {
    const missing = Object.assign(new TypeError("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
    const failing = loadPGlite(() => Promise.reject(missing));
    await expect(failing).rejects.toThrow(DriverMissingError);
    await expect(failing).rejects.toThrow(/npm install @electric-sql\/pglite/);
    const broken = new SyntaxError("broken");
    await expect(loadPGlite(() => Promise.reject(broken))).rejects.toBe(broken);
  });
});
