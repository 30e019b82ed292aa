import { EventEmitter } from "node:events";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { pgDriver } from "../driver.js";
import { ownDatabase } from "../test-support.js";
import { PostgresConnection } from "./connection.js";
import { interruptible } from "./interrupt.js";
import type { Exchange, PgClient, PgModule, Wire } from "./pg.js";

const { postgresql } = inject("databases");

const failure = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a connection that ends between an error and the server's readiness", () => {
  it("fails the statement with the error, instead of leaving it waiting", async () => {
    const client = Object.assign(new EventEmitter(), {
      connection: Object.assign(new EventEmitter(), { stream: {}, query: () => undefined }),
      query: (exchange: Exchange) => {
        exchange.submit(client.connection as unknown as Wire);
        exchange.handleError(Object.assign(new Error("no"), { severity: "ERROR", code: "22012" }));
        setImmediate(() => client.emit("end"));
      },
    });
    const settings = { preparedStatements: 0, cancelTimeout: 5000, socketTimeout: 0 };
    const connection = new PostgresConnection({} as PgModule, client as unknown as PgClient, settings);
    await expect(connection.execute("SELECT 1 / 0", [], {})).rejects.toMatchObject({ code: "22012" });
    expect(connection.broken).toBe(true);
  });
});

describe("a server that does not react to a request to cancel", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("costs the connection after a while", async () => {
    vi.useFakeTimers();
    let fail: (error: Error) => void = () => undefined;
    const answer = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    const calls: string[] = [];
    const connection = {
      cancelTimeout: 5000,
      cancel: async () => void calls.push("cancel"),
      destroy: (error: Error) => {
        calls.push("destroy");
        fail(error);
      },
    };
    const failed = failure(interruptible(answer, { timeout: 100 }, connection));
    await vi.advanceTimersByTimeAsync(4000);
    // One that overtakes its statement is forgotten by the server: it is asked again.
    expect(calls.length).toBeGreaterThan(3);
    expect(new Set(calls)).toEqual(new Set(["cancel"]));
    await vi.advanceTimersByTimeAsync(4000);
    expect(calls.at(-1)).toBe("destroy");
    expect(pgDriver.classify(await failed)).toMatchObject({ kind: "cancelled", disconnected: true });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a request to cancel that overtakes its statement", () => {
  it("is repeated until the statement ends, and not once more", async () => {
    let fail: (error: Error) => void = () => undefined;
    const answer = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    let cancels = 0;
    const connection = {
      cancelTimeout: 5000,
      cancel: async () => {
        cancels += 1;
        if (cancels === 2) fail(Object.assign(new Error("cancelled"), { severity: "ERROR", code: "57014" }));
      },
      destroy: () => undefined,
    };
    const controller = new AbortController();
    const failed = failure(interruptible(answer, { signal: controller.signal }, connection));
    controller.abort();
    expect(await failed).toMatchObject({ code: "57014" });
    expect(cancels).toBe(2);
  });
});

describe.skipIf(!postgresql.available)("[postgresql] interruptions", () => {
  const database = ownDatabase();

  async function running(connection: PostgresConnection, watcher: PostgresConnection): Promise<void> {
    const sql = "SELECT state FROM pg_stat_activity WHERE pid = $1";
    while ((await watcher.execute(sql, [connection.native.processID], {})).rows[0]?.[0] !== "active");
  }

  it("a signal cancels the statement on the server, and the connection stays usable", async () => {
    const connection = await database.connect();
    const watcher = await database.connect();
    const controller = new AbortController();
    const failed = failure(connection.execute("SELECT pg_sleep(60)", [], { signal: controller.signal }));
    await running(connection, watcher);
    controller.abort();
    expect(pgDriver.classify(await failed)).toMatchObject({
      kind: "cancelled",
      nativeCode: "57014",
      disconnected: false,
    });
    expect((await connection.execute("SELECT 1", [], {})).rows).toEqual([[1]]);
  });

  it("a time limit does as well, for single statements, many sets and scripts", async () => {
    const connection = await database.connect();
    const limit = { timeout: 30 };
    const works = [
      () => connection.execute("SELECT pg_sleep($1)", [60], limit),
      () => connection.execute("SELECT 1; SELECT pg_sleep(60)", [], limit),
      () => Promise.resolve(connection.executeMany("SELECT pg_sleep($1)", [[0], [60], [60]], limit)),
    ];
    for (const work of works) {
      expect(await failure(work())).toMatchObject({ code: "57014" });
      expect((await connection.execute("SELECT 1", [], {})).rows).toEqual([[1]]);
    }
  });

  it("a statement that is done in time is not disturbed, nor is the one after it", async () => {
    const connection = await database.connect();
    for (let i = 0; i < 50; i++) {
      const controller = new AbortController();
      const answer = connection.execute("SELECT 1", [], { signal: controller.signal, timeout: 10_000 });
      if (i % 2 === 0) controller.abort();
      const outcome = await answer.then(
        ({ rows }) => rows,
        (error: { code: string }) => error.code,
      );
      expect(["57014", "CANCELLED", [[1]]]).toContainEqual(outcome);
      expect((await connection.execute("SELECT 2", [], {})).rows).toEqual([[2]]);
    }
  });

  it("a signal that has fired keeps the statement from being sent", async () => {
    const connection = await database.connect();
    await connection.execute("CREATE SEQUENCE never", [], {});
    const signal = AbortSignal.abort("because");
    expect(await failure(connection.execute("SELECT nextval('never')", [], { signal }))).toMatchObject({
      code: "CANCELLED",
      cause: "because",
    });
    expect((await connection.execute("SELECT is_called FROM never", [], {})).rows).toEqual([[false]]);
  });

  it("a stream is cancelled while the server works, and between two batches", async () => {
    const connection = await database.connect();
    const slow = connection.stream("SELECT pg_sleep(60)", [], { batchSize: 10, timeout: 30 });
    expect(await failure(slow[Symbol.asyncIterator]().next())).toMatchObject({ code: "57014" });
    const controller = new AbortController();
    const read = async () => {
      for await (const _rows of connection.stream("SELECT generate_series(1, 1000)", [], {
        batchSize: 10,
        signal: controller.signal,
      }))
        controller.abort();
    };
    expect(await failure(read())).toMatchObject({ code: "CANCELLED" });
    expect((await connection.execute("SELECT 1", [], {})).rows).toEqual([[1]]);
  });

  it("the server's own time limit is told apart from a request to cancel", async () => {
    const connection = await database.connect({ statement_timeout: 30 });
    const error = await failure(connection.execute("SELECT pg_sleep(60)", [], {}));
    expect(pgDriver.classify(error)).toMatchObject({
      kind: "statementTimeout",
      nativeCode: "57014",
      disconnected: false,
    });
  });

  it("[ENG77] a connection that is killed in the middle of a statement says so, and is not used again", async () => {
    const connection = await database.connect();
    const killer = await database.connect();
    const failed = failure(connection.execute("SELECT pg_sleep(60)", [], {}));
    await running(connection, killer);
    await killer.execute("SELECT pg_terminate_backend($1)", [connection.native.processID], {});
    expect(pgDriver.classify(await failed)).toMatchObject({
      kind: "connectionLost",
      nativeCode: "57P01",
      disconnected: true,
    });
    expect(await connection.ping()).toBe(false);
    const again = await failure(connection.execute("SELECT 1", [], {}));
    expect(pgDriver.classify(again)).toMatchObject({ kind: "connectionLost", disconnected: true });
  });

  it("[ENG77] a connection that is killed while idle does not end the process, and a ping knows", async () => {
    const connection = await database.connect();
    const killer = await database.connect();
    const ended = new Promise<void>((resolve) => {
      connection.native.on("end", resolve);
    });
    expect(connection.broken).toBe(false);
    await killer.execute("SELECT pg_terminate_backend($1)", [connection.native.processID], {});
    await ended;
    expect(connection.broken).toBe(true);
    expect(await connection.ping()).toBe(false);
    const error = await failure(connection.execute("SELECT 1", [], {}));
    expect(pgDriver.classify(error)).toMatchObject({ kind: "connectionLost", disconnected: true });
    await connection.close();
  });

  it("[ENG77] a socket that breaks in the middle of a statement or a stream is a lost connection", async () => {
    const first = await database.connect();
    const failed = failure(first.execute("SELECT pg_sleep(60)", [], {}));
    first.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
    expect(pgDriver.classify(await failed)).toMatchObject({
      kind: "connectionLost",
      nativeCode: "ECONNRESET",
      disconnected: true,
    });
    const second = await database.connect();
    const iterator = second.stream("SELECT generate_series(1, 1000)", [], { batchSize: 10 })[Symbol.asyncIterator]();
    await iterator.next();
    const next = failure(iterator.next());
    second.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
    expect(await next).toMatchObject({ code: "ECONNRESET" });
    const error = await failure(second.execute("SELECT 1", [], {}));
    expect(pgDriver.classify(error)).toMatchObject({ kind: "connectionLost", disconnected: true });
  });
});
