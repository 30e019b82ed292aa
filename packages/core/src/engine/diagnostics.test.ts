import { AsyncLocalStorage } from "node:async_hooks";
import { tracingChannel } from "node:diagnostics_channel";
import { afterEach, describe, expect, test } from "vitest";
import {
  type ExecuteTrace,
  insert,
  integer,
  MetaData,
  select,
  sql,
  string,
  Table,
  type TraceMessage,
  type TransactionTrace,
} from "../index.js";
import { FakeError, fakeEngine } from "./test-driver.js";

const users = new Table("users", new MetaData(), { id: integer().primaryKey(), name: string(50) });
const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** Hears a channel: the name of each message, and the message. */
function hear<M extends TraceMessage>(name: string): { readonly steps: string[]; readonly messages: M[] } {
  const steps: string[] = [];
  const messages: M[] = [];
  const take = (step: string) => (message: M) => {
    steps.push(step);
    if (!messages.includes(message)) messages.push(message);
  };
  const handlers = {
    start: take("start"),
    end: take("end"),
    asyncStart: take("asyncStart"),
    asyncEnd: take("asyncEnd"),
    error: take("error"),
  };
  const channel = tracingChannel<unknown, M>(name);
  channel.subscribe(handlers);
  stops.push(() => void channel.unsubscribe(handlers));
  return { steps, messages };
}

const WHOLE = ["start", "end", "asyncStart", "asyncEnd"];

describe.each([true, false])("diagnostics channels, with a driver that answers at once: %s", (synchronous) => {
  test("tell of executions, single ones and batches, all messages of one as one object", async () => {
    const { steps, messages } = hear<ExecuteTrace>("acme:execute");
    const { engine } = fakeEngine({
      synchronous,
      name: "shop",
      connection: { host: "db", port: 7, database: "main", password: "secret" },
      flags: { insertMany: "executeMany" },
      script: () => ({ rows: [[1]] }),
    });
    await using conn = await engine.connect();
    await conn.execute(select(users.c.id).where(users.c.name.eq("a")));
    expect(steps.splice(0)).toEqual(WHOLE);
    expect(messages[0]).toEqual({
      target: { engine: "shop", dialect: "fake", driver: "fake", host: "db", port: 7, database: "main" },
      sql: "SELECT users.id FROM users WHERE users.name = ?",
      parameters: ["a"],
      batch: undefined,
      cached: false,
      kind: "select",
      rowCount: 1,
    });
    await conn.execute(insert(users).values({ name: "a" }, { name: "b" }));
    expect(messages[1]).toMatchObject({ kind: "insert", batch: 2, parameters: [["a"], ["b"]] });
    await conn.executeDriverSql("PING");
    expect(messages[2]).toMatchObject({ sql: "PING", kind: undefined });
  });

  test("tell of failures before their end, and of streams from their opening to their end", async () => {
    const { engine, driver } = fakeEngine({ synchronous });
    await using conn = await engine.connect();
    const { steps, messages } = hear<ExecuteTrace>("acme:execute");
    driver.script = (word) => {
      if (word === "execute") throw new FakeError("unique");
      return { columns: ["a"], rows: [[1], [2]] };
    };
    await conn.execute(sql`A`).catch(() => undefined);
    expect(steps.splice(0)).toEqual(["start", "end", "error", "asyncStart", "asyncEnd"]);
    expect(messages[0]?.error).toMatchObject({ name: "UniqueViolationError" });
    for await (const _row of conn.stream(sql`B`)) expect(steps).toEqual(["start", "end"]);
    expect(steps.splice(0)).toEqual(WHOLE);
    expect(messages[1]).toMatchObject({ sql: "B", rowCount: 2 });
    driver.script = (word) => {
      if (word === "fetch") throw new FakeError("data");
      return { columns: ["a"], rows: [[1]] };
    };
    await conn
      .stream(sql`C`)
      .all()
      .catch(() => undefined);
    expect(steps).toEqual(["start", "end", "error", "asyncStart", "asyncEnd"]);
  });

  test("tell of connecting, waiting for a connection, and transactions", async () => {
    const connect = hear("acme:connect");
    const checkout = hear("acme:checkout");
    const transaction = hear<TransactionTrace>("acme:transaction");
    const { engine, driver } = fakeEngine({ synchronous });
    await engine.begin((conn) => conn.transaction(async () => undefined));
    await engine.begin(() => Promise.reject(new RangeError("no"))).catch(() => undefined);
    expect(connect.steps.splice(0)).toEqual(WHOLE);
    expect(checkout.steps.splice(0)).toEqual([...WHOLE, ...WHOLE]);
    expect(transaction.messages.map(({ operation }) => operation)).toEqual([
      ...["BEGIN", "SAVEPOINT acme_1", "RELEASE SAVEPOINT acme_1", "COMMIT"],
      ...["BEGIN", "ROLLBACK"],
    ]);
    expect(transaction.steps).toEqual(transaction.messages.flatMap(() => WHOLE));
    driver.script = () => {
      throw new FakeError("connect");
    };
    const [first, second] = [await engine.connect(), await engine.connect().catch((error: unknown) => error)];
    expect(second).toBeInstanceOf(Error);
    expect(connect.steps).toContain("error");
    expect(checkout.steps).toContain("error");
    driver.script = () => undefined;
    await first.close();
  });
});

test("values are not published where the engine hides them", async () => {
  const { messages } = hear<ExecuteTrace>("acme:execute");
  const { engine } = fakeEngine({ hideParameters: true });
  await using conn = await engine.connect();
  await conn.execute(sql`A ${"secret"}`);
  expect(messages[0]?.parameters).toBeUndefined();
});

test("without subscribers an execution makes no message, and listeners nothing either", async () => {
  const { engine } = fakeEngine();
  await using conn = await engine.connect();
  const { observesExecution } = (engine as unknown as { events: { observesExecution: boolean } }).events;
  expect(observesExecution).toBe(false);
  const { messages } = hear<ExecuteTrace>("acme:execute");
  expect((engine as unknown as { events: { observesExecution: boolean } }).events.observesExecution).toBe(true);
  for (const stop of stops.splice(0)) stop();
  await conn.execute(sql`A`);
  expect(messages).toEqual([]);
});

test("what is bound to the start of an execution is there while the driver is called", async () => {
  const store = new AsyncLocalStorage<string>();
  const channel = tracingChannel<unknown, ExecuteTrace>("acme:execute");
  channel.start.bindStore(store, (message) => `in ${message.sql}`);
  stops.push(() => void channel.start.unbindStore(store));
  const seen: unknown[] = [];
  const { engine } = fakeEngine({
    script: (word) => {
      if (word === "execute") seen.push(store.getStore());
      return undefined;
    },
  });
  await using conn = await engine.connect();
  await conn.execute(sql`A`);
  expect(seen).toEqual(["in A"]);
  expect(store.getStore()).toBeUndefined();
});
