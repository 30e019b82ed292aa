import {
  CancelledError,
  ConnectError,
  ConnectionLostError,
  createEngine,
  func,
  insert,
  integer,
  MetaData,
  StatementTimeoutError,
  select,
  sql,
  string,
  Table,
  UniqueViolationError,
} from "@acme/core";
import { beforeAll, describe, expect, inject, it } from "vitest";
import "./index.js";
import { ownDatabase } from "./test-support.js";

const { postgresql } = inject("databases");

const metadata = new MetaData();
const logs = new Table("logs", metadata, { id: integer().primaryKey(), line: string(100).unique("one_line") });

describe.skipIf(!postgresql.available)("[postgresql] an engine", () => {
  const database = ownDatabase();

  beforeAll(async () => {
    await using engine = createEngine(database.url);
    await metadata.createAll(engine);
  });

  it("[ENG3][PG1] is made from a URL, by either name of the dialect, with or without the driver's", async () => {
    for (const scheme of ["postgresql", "postgres", "postgresql+pg"]) {
      await using engine = createEngine(database.url.replace(/^[^:]+/, scheme));
      await using conn = await engine.connect();
      expect(await conn.execute(select(func.count()).selectFrom(logs)).scalar()).toBe(0);
      expect(conn.dialect.name).toBe("postgresql");
    }
  });

  it("[DML10] inserts many thousand rows, all or none, with their keys in the order of the rows", async () => {
    await using engine = createEngine(database.url);
    await using conn = await engine.connect();
    const rows = Array.from({ length: 20_003 }, (_, i) => ({ line: `line ${i}` }));
    const returned = await conn.execute(insert(logs).valuesList(rows).returning(logs.c.id, logs.c.line)).all();
    expect(returned.map(({ line }) => line)).toEqual(rows.map(({ line }) => line));
    const ids = returned.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    const more = [...Array.from({ length: 5000 }, (_, i) => ({ line: `more ${i}` })), { line: "line 17" }];
    await expect(conn.execute(insert(logs).valuesList(more))).rejects.toThrow(UniqueViolationError);
    await expect(conn.execute(insert(logs).valuesList(more))).rejects.toMatchObject({
      constraint: "one_line",
      nativeCode: "23505",
    });
    expect(await conn.execute(select(func.count()).selectFrom(logs)).scalar()).toBe(20_003);
  });

  it("[ENG60] streams a large table and stops when it is told to", async () => {
    await using engine = createEngine(database.url);
    await using conn = await engine.connect();
    const numbers = sql`SELECT generate_series(1, 1000000) AS n`.columns({ n: integer() });
    let sum = 0;
    for await (const row of conn.stream(numbers)) {
      sum += row.n;
      if (row.n === 1000) break;
    }
    expect(sum).toBe(500_500);
    expect(await conn.execute(select(func.count()).selectFrom(logs)).scalar()).toBeGreaterThan(0);
  });

  it("tells what ended a statement: the caller's signal or a time limit", async () => {
    await using engine = createEngine(database.url);
    await using conn = await engine.connect();
    const controller = new AbortController();
    const cancelled = Promise.resolve(
      conn.execute(sql`SELECT pg_sleep(60)`, undefined, { signal: controller.signal }).all(),
    ).catch((error: unknown) => error);
    controller.abort("enough");
    expect(await cancelled).toBeInstanceOf(CancelledError);
    await expect(conn.execute(sql`SELECT pg_sleep(60)`, undefined, { timeout: 30 }).all()).rejects.toThrow(
      StatementTimeoutError,
    );
    expect(await conn.execute(sql`SELECT 1 AS n`).scalar()).toBe(1);
  });

  it("[POOL12] replaces a connection that was killed while it idled in the pool", async () => {
    await using engine = createEngine(database.url, { pool: { max: 1, prePing: true } });
    await using other = createEngine(database.url);
    const pid = async () => {
      await using conn = await engine.connect();
      return conn.execute(sql`SELECT pg_backend_pid() AS pid`).scalar();
    };
    const first = await pid();
    expect(await pid()).toBe(first);
    await using killer = await other.connect();
    await killer.execute(sql`SELECT pg_terminate_backend(${first}, 5000)`);
    const second = await pid();
    expect(second).not.toBe(first);
  });

  it("does not lend a connection of whose end it has heard, though nobody asks it to ping", async () => {
    await using engine = createEngine(database.url, { pool: { max: 1, prePing: false } });
    await using other = createEngine(database.url);
    const held = await engine.connect();
    const pid = await held.execute(sql`SELECT pg_backend_pid() AS pid`).scalar();
    const client = held.driverConnection.native as { on(event: "end", listener: () => void): void };
    const ended = new Promise<void>((resolve) => client.on("end", resolve));
    await held.close();
    await using killer = await other.connect();
    await killer.execute(sql`SELECT pg_terminate_backend(${pid}, 5000)`);
    await ended;
    await using conn = await engine.connect();
    expect(await conn.execute(sql`SELECT pg_backend_pid() AS pid`).scalar()).not.toBe(pid);
  });

  it("[ENG77][ENG54] says that the connection was lost in the middle of a transaction", async () => {
    await using engine = createEngine(database.url);
    await using other = createEngine(database.url);
    await using killer = await other.connect();
    const failed = engine.begin(async (conn) => {
      const pid = await conn.execute(sql`SELECT pg_backend_pid() AS pid`).scalar();
      await conn.execute(insert(logs).values({ line: "never" }));
      await killer.execute(sql`SELECT pg_terminate_backend(${pid}, 5000)`);
      await conn.execute(select(logs.c.id));
    });
    await expect(failed).rejects.toThrow(ConnectionLostError);
    await using conn = await engine.connect();
    expect(await conn.execute(select(func.count()).where(logs.c.line.eq("never"))).scalar()).toBe(0);
  });

  it("names the place, not the password, when it cannot connect", async () => {
    const url = new URL(database.url);
    url.port = "1";
    url.password = "secret";
    await using engine = createEngine(url.href);
    const failed = engine.connect();
    await expect(failed).rejects.toThrow(ConnectError);
    await expect(failed).rejects.toThrow(/ECONNREFUSED/);
    await expect(failed).rejects.not.toThrow(/secret/);
  });

  it("[PG9] works behind a pooler that forbids prepared statements", async () => {
    await using engine = createEngine(`${database.url}?prepare=false`);
    await using conn = await engine.connect();
    for (const line of ["p1", "p2"]) await conn.execute(insert(logs).values({ line }));
    expect(await conn.execute(sql`SELECT count(*) FROM pg_prepared_statements`).scalar()).toBe(0);
    expect(
      await conn
        .execute(
          select(logs.c.line)
            .where(logs.c.line.in(["p1", "p2"]))
            .orderBy(logs.c.line),
        )
        .scalars(),
    ).toEqual(["p1", "p2"]);
  });
});
