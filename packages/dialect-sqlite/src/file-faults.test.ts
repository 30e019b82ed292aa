import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ConnectError,
  createEngine,
  type Engine,
  type EngineOptions,
  InternalError,
  LockTimeoutError,
  OperationalError,
} from "@acme/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import "./index.js";

/** The driver, for a process that knows nothing of the toolkit. */
const BETTER_SQLITE3 = createRequire(import.meta.url).resolve("better-sqlite3");

const failure = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("[sqlite] a database file", () => {
  let folder: string;
  let file: string;
  const engines: Engine[] = [];
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "acme-sqlite-file-"));
    file = join(folder, "shop.db");
    const engine = engineOf();
    await engine.begin(async (conn) => {
      await conn.executeDriverSql("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
      await conn.executeDriverSql("INSERT INTO t VALUES (1, 'one')");
    });
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    for (const engine of engines.splice(0)) {
      expect(engine.poolStatus()).toMatchObject({ used: 0, pending: 0, creating: 0 });
      await engine.dispose();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  function engineOf(options: EngineOptions["connection"] = {}): Engine {
    const engine = createEngine(`sqlite:///${file}`, { connection: options });
    engines.push(engine);
    return engine;
  }

  const count = (engine: Engine): Promise<unknown> =>
    engine.begin((conn) => conn.executeDriverSql("SELECT count(*) FROM t").scalar());

  const add = (engine: Engine, text: string): Promise<void> =>
    engine.begin(async (conn) => {
      await conn.executeDriverSql("INSERT INTO t (text) VALUES (?)", [text]);
    });

  /** Another process, which has begun a transaction and written a row. It commits when it is told so. */
  async function otherProcess(): Promise<ChildProcess> {
    const program = `
      const db = require(${JSON.stringify(BETTER_SQLITE3)})(${JSON.stringify(file)});
      db.exec("BEGIN IMMEDIATE; INSERT INTO t (text) VALUES ('of another process')");
      console.log("locked");
      process.stdin.once("data", () => { db.exec("COMMIT"); db.close(); process.exit(0); });
    `;
    const child = spawn(process.execPath, ["--eval", program], { stdio: ["pipe", "pipe", "inherit"] });
    children.push(child);
    await once(child.stdout as NonNullable<typeof child.stdout>, "data");
    return child;
  }

  test("that another process has locked: the wait ends in time, and nothing is half-done", async () => {
    const child = await otherProcess();
    const engine = engineOf({ options: { busyTimeout: 30 } });
    const error = await failure(add(engine, "mine"));
    expect(error).toBeInstanceOf(LockTimeoutError);
    expect(error).toMatchObject({ nativeCode: "SQLITE_BUSY", disconnected: false });
    child.stdin?.write("commit");
    await once(child, "exit");
    await add(engine, "mine");
    expect(await count(engine)).toBe(3);
  });

  test("that another process has locked for a while: whoever waits gets it, and the process does not stand still", async () => {
    const child = await otherProcess();
    const engine = engineOf();
    const adding = add(engine, "mine");
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
      if (turns === 5) child.stdin?.write("commit");
    }, 5);
    await adding;
    clearInterval(ticking);
    expect(turns).toBeGreaterThanOrEqual(5);
    expect(await count(engine)).toBe(3);
  });

  test("whose other user is killed in the middle of a transaction: that is rolled back, and the lock is free", async () => {
    const child = await otherProcess();
    child.kill("SIGKILL");
    await once(child, "exit");
    const engine = engineOf({ options: { busyTimeout: 1000 } });
    expect(await count(engine)).toBe(1);
    await add(engine, "mine");
    expect(await count(engine)).toBe(2);
  });

  test("that is opened for reading only refuses to write, and can be read on", async () => {
    const engine = engineOf({ options: { readonly: true } });
    const error = await failure(add(engine, "mine"));
    expect(error).toBeInstanceOf(OperationalError);
    expect(error).toMatchObject({ nativeCode: "SQLITE_READONLY", disconnected: false });
    expect(await count(engine)).toBe(1);
  });

  test("on a full disk: the transaction fails as a whole, and goes on when there is room", async () => {
    const engine = engineOf();
    await using conn = await engine.connect();
    // SQLite has no other way to say how large a disk is.
    const pages = Number(await conn.executeDriverSql("PRAGMA page_count").scalar());
    await conn.executeDriverSql(`PRAGMA max_page_count = ${pages + 2}`).all();
    const error = await failure(
      conn.transaction(async () => {
        await conn.executeDriverSql("INSERT INTO t (text) VALUES ('small')");
        await conn.executeDriverSql("INSERT INTO t (text) VALUES (?)", ["x".repeat(100_000)]);
      }),
    );
    expect(error).toBeInstanceOf(OperationalError);
    expect(error).toMatchObject({ nativeCode: "SQLITE_FULL", disconnected: false });
    expect(conn.inTransaction).toBe(false);
    expect(conn.invalidated).toBe(false);
    expect(await conn.executeDriverSql("SELECT count(*) FROM t").scalar()).toBe(1);
    await conn.executeDriverSql(`PRAGMA max_page_count = ${pages + 1000}`).all();
    await conn.executeDriverSql("INSERT INTO t (text) VALUES (?)", ["x".repeat(100_000)]);
    expect(await conn.executeDriverSql("SELECT count(*) FROM t").scalar()).toBe(2);
  });

  test("that is no database: the connection attempt fails, and works when the file is right again", async () => {
    const good = readFileSync(file);
    writeFileSync(file, "this is no database, and long enough to be looked at".repeat(100));
    const engine = engineOf();
    const error = await failure(count(engine));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ nativeCode: "SQLITE_NOTADB" });
    expect(engine.poolStatus()).toMatchObject({ size: 0 });
    writeFileSync(file, good);
    expect(await count(engine)).toBe(1);
  });

  test("that is damaged in the middle: what meets the damage fails as such, and the transaction is gone", async () => {
    const filling = engineOf();
    for (let i = 0; i < 20; i++) await add(filling, "x".repeat(3000));
    await filling.dispose();
    const handle = openSync(file, "r+");
    // Page 2 is the root of the table.
    writeSync(handle, Buffer.alloc(4096, 0xee), 0, 4096, 4096);
    closeSync(handle);
    const engine = engineOf();
    const error = await failure(add(engine, "mine"));
    expect(error).toBeInstanceOf(InternalError);
    expect(error).toMatchObject({ nativeCode: expect.stringMatching(/^SQLITE_CORRUPT/) });
    expect(await failure(count(engine))).toBeInstanceOf(InternalError);
  });

  test("whose folder is not there: the connection attempt fails", async () => {
    file = join(folder, "gone", "shop.db");
    const error = await failure(count(engineOf()));
    expect(error).toBeInstanceOf(ConnectError);
    expect(String(error)).toContain("shop.db");
  });
});
