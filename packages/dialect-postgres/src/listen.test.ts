import { createEngine, type Engine, sql } from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { listen, type Notification, notify, withAdvisoryLock } from "./index.js";
import { ownDatabase } from "./test-support.js";

const { postgresql } = inject("databases");

describe.skipIf(!postgresql.available)("[postgresql] notifications", () => {
  const database = ownDatabase();
  let engine: Engine;
  beforeAll(() => {
    engine = createEngine(database.url);
  });
  afterAll(() => engine.dispose());
  const send = async (channel: string, payload?: unknown) => {
    await using conn = await engine.connect();
    await notify(conn, channel, payload);
  };
  /** The next so many. */
  async function take<T>(source: AsyncIterable<Notification<T>>, count: number): Promise<Notification<T>[]> {
    const found: Notification<T>[] = [];
    for await (const each of source) if (found.push(each) === count) break;
    return found;
  }

  it("come in order from several channels, whatever their names, and nothing that was sent after listen() is missed", async () => {
    await using listener = await listen(engine, ["orders", 'Odd "name"']);
    await send("orders", "one");
    await send('Odd "name"', { id: 2 });
    await send("others", "not heard");
    await send("orders");
    const found = await take(listener, 3);
    expect(found.map(({ channel, payload }) => [channel, payload])).toEqual([
      ["orders", "one"],
      ['Odd "name"', '{"id":2}'],
      ["orders", ""],
    ]);
    expect(found[0]?.processId).toBeGreaterThan(0);
  });

  it("have typed payloads, and what the parser throws is thrown to the reader", async () => {
    await using listener = await listen(engine, "typed", {
      parse: (text) => JSON.parse(text) as { readonly id: number },
    });
    await send("typed", { id: 7 });
    const [first] = await take(listener, 1);
    const id: number | undefined = first?.payload.id;
    expect(id).toBe(7);
    await send("typed", "{");
    await expect(take(listener, 1)).rejects.toThrow(SyntaxError);
  });

  it("are sent with the commit of a transaction, and not by a rollback", async () => {
    await using listener = await listen(engine, "tx");
    await using conn = await engine.connect();
    await conn.transaction(() => notify(conn, "tx", "committed"));
    await conn
      .transaction(async () => {
        await notify(conn, "tx", "rolled back");
        throw new RangeError("no");
      })
      .catch(() => undefined);
    await notify(conn, "tx", "last");
    expect((await take(listener, 2)).map(({ payload }) => payload)).toEqual(["committed", "last"]);
  });

  it("need no connection of the pool", async () => {
    await using small = createEngine(database.url, { pool: { max: 1 } });
    await using listener = await listen(small, "small");
    await using conn = await small.connect();
    await notify(conn, "small", "x");
    expect(await take(listener, 1)).toMatchObject([{ payload: "x" }]);
  });

  const kill = async () => {
    await using conn = await engine.connect();
    const text =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN killed%' AND datname = current_database()";
    expect(await conn.executeDriverSql(text).scalars()).toEqual([true]);
  };

  it("come again after the connection was lost, and the listener is told", async () => {
    let told: () => void = () => undefined;
    const again = new Promise<void>((resolve) => {
      told = resolve;
    });
    await using listener = await listen(engine, "killed", { onReconnect: told });
    await kill();
    await again;
    await send("killed", "after");
    expect(await take(listener, 1)).toMatchObject([{ channel: "killed", payload: "after" }]);
  });

  it("end with an error when the connection is lost and shall not be made again", async () => {
    await using listener = await listen(engine, "killed", { reconnect: false });
    const reading = take(listener, 1);
    const outcome = expect(reading).rejects.toMatchObject({ name: "ConnectionLostError" });
    await kill();
    await outcome;
  });

  it("end when the listener is closed, and by a signal with a CancelledError", async () => {
    const listener = await listen(engine, "closed");
    const reading = take(listener, 1);
    await listener.close();
    expect(await reading).toEqual([]);
    const controller = new AbortController();
    await using second = await listen(engine, "closed", { signal: controller.signal });
    const outcome = expect(take(second, 1)).rejects.toMatchObject({ name: "CancelledError" });
    controller.abort();
    await outcome;
    await expect(listen(engine, [])).rejects.toMatchObject({ code: "NO_CHANNEL" });
  });
});

describe("[pglite] notifications", () => {
  it("are refused, because there is one session", async () => {
    await expect(listen(createEngine("postgresql+pglite://"), "x")).rejects.toThrow(/one session/);
  });
});

describe.skipIf(!postgresql.available)("[postgresql] advisory locks", () => {
  const database = ownDatabase();
  let engine: Engine;
  beforeAll(() => {
    engine = createEngine(database.url);
  });
  afterAll(() => engine.dispose());
  const held = async () => {
    await using conn = await engine.connect();
    return conn
      .execute(
        sql`SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      )
      .scalar();
  };

  it.each(["a name", 42, 2n ** 62n])(
    "on %s is held during the work by one session, and released afterwards",
    async (key) => {
      await using one = await engine.connect();
      await using two = await engine.connect();
      const given = await withAdvisoryLock(one, key, async () => {
        await expect(withAdvisoryLock(two, key, () => 1, { wait: false })).rejects.toMatchObject({
          name: "LockTimeoutError",
        });
        await expect(withAdvisoryLock(two, key, () => 1, { timeout: 50 })).rejects.toMatchObject({
          name: "StatementTimeoutError",
        });
        return "done";
      });
      expect(given).toBe("done");
      expect(await withAdvisoryLock(two, key, () => "mine", { wait: false })).toBe("mine");
      expect(await held()).toBe(0);
    },
  );

  it("is shared by those who share it", async () => {
    await using one = await engine.connect();
    await using two = await engine.connect();
    const both = withAdvisoryLock(one, "s", () => withAdvisoryLock(two, "s", held, { shared: true }), { shared: true });
    expect(await both).toBe(2);
    expect(await held()).toBe(0);
  });

  it("is released when the work fails, also where it has broken the transaction", async () => {
    {
      await using one = await engine.connect();
      await expect(withAdvisoryLock(one, "f", () => Promise.reject(new RangeError("mine")))).rejects.toThrow("mine");
      expect(await held()).toBe(0);
      await using _open = await one.begin();
      await expect(
        withAdvisoryLock(one, "f", () => one.executeDriverSql("SELECT nothing").all()),
      ).rejects.toMatchObject({ name: "ProgrammingError" });
    }
    // The server lets go of it when it has heard that the session has ended.
    await expect.poll(held).toBe(0);
  });
});
