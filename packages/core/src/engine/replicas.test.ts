import { describe, expect, test } from "vitest";
import {
  boolean,
  type FunctionCall,
  func,
  insert,
  integer,
  MetaData,
  type ReplicaOptions,
  ReplicatedEngine,
  select,
  sql,
  Table,
} from "../index.js";
import { FakeError, fakeEngine } from "./test-driver.js";

const { nextval } = func as unknown as Record<"nextval", (name: string) => FunctionCall<number>>;
const users = new Table("users", new MetaData(), { id: integer().primaryKey(), n: integer() });
const read = select(users.c.id);
const write = insert(users).values({ n: 1 });

function open(options: Partial<ReplicaOptions> = {}) {
  const made = ["primary", "one", "two"].map((name) => ({ name, ...fakeEngine({ synchronous: true }) }));
  const [primary, one, two] = made.map(({ engine }) => engine);
  const heard: string[] = [];
  for (const { name, engine } of made) {
    engine.on("beforeExecute", ({ sql: text }) => {
      heard.push(`${name}: ${text.split(" ")[0]}`);
    });
    engine.on("begin", () => {
      heard.push(`${name}: BEGIN`);
    });
  }
  if (primary === undefined || one === undefined || two === undefined) throw new TypeError("three engines");
  const engine = new ReplicatedEngine({ primary, replicas: [one, two], choose: ([first]) => first ?? one, ...options });
  return { engine, heard, drivers: made.map(({ driver }) => driver), engines: { primary, one, two } };
}

describe("an engine with replicas", () => {
  test("sends queries to a replica, and everything else to the primary", async () => {
    const { engine, heard } = open({ stickyAfterWrite: false });
    await using conn = await engine.connect();
    await conn.execute(read);
    await conn.execute(read.union(read));
    await conn.execute(write);
    await conn.execute(read);
    await conn.execute(read.forUpdate());
    await conn.execute(select(nextval("seq")));
    await conn.execute(sql`SELECT 1`);
    await conn.execute(select(users.c.id).where(sql`set_config('a', 'b', false) = 'b'`.as(boolean())));
    for await (const _row of conn.stream(read)) break;
    await conn.execute(read);
    expect(heard).toEqual([
      "one: SELECT",
      "one: SELECT",
      "primary: INSERT",
      "one: SELECT",
      "primary: SELECT",
      "primary: SELECT",
      "primary: SELECT",
      "primary: SELECT",
      "one: SELECT",
      "one: SELECT",
    ]);
  });

  test("stays with the primary after a write on the same connection", async () => {
    const { engine, heard } = open();
    {
      await using conn = await engine.connect();
      await Promise.all([conn.execute(read), conn.execute(write), conn.execute(read)]);
    }
    await using other = await engine.connect();
    await other.execute(read);
    expect([...heard].sort()).toEqual(["one: SELECT", "one: SELECT", "primary: INSERT", "primary: SELECT"]);
  });

  test("stays with the primary everywhere for some time after a write", async () => {
    const { engine, heard } = open({ stickyAfterWrite: 3_600_000 });
    await using before = await engine.connect();
    await before.execute(read);
    await engine.begin((conn) => conn.execute(write));
    await before.execute(read);
    expect(heard).toEqual(["one: SELECT", "primary: BEGIN", "primary: INSERT", "primary: SELECT"]);
  });

  test("sends read-only transactions to a replica as a whole, all others to the primary as a whole", async () => {
    const { engine, heard } = open({ stickyAfterWrite: false });
    await engine.begin((conn) => conn.execute(read), { readOnly: true });
    await engine.begin((conn) => conn.execute(read));
    await using conn = await engine.connect();
    await conn.transaction((inner) => inner.execute(read), { readOnly: true });
    const transaction = await conn.begin();
    await conn.execute(read);
    await conn.transaction((inner) => inner.execute(read));
    await transaction.commit();
    await conn.execute(read);
    expect(heard).toEqual([
      "one: BEGIN",
      "one: SELECT",
      "primary: BEGIN",
      "primary: SELECT",
      "one: BEGIN",
      "one: SELECT",
      "primary: BEGIN",
      "primary: SELECT",
      "primary: SELECT",
      "one: SELECT",
    ]);
  });

  test("takes the primary for a replica that cannot be reached", async () => {
    const { engine, heard, drivers } = open();
    const [, one] = drivers;
    if (one !== undefined)
      one.script = (word) => {
        if (word === "connect") throw new FakeError("connect");
        return undefined;
      };
    await using conn = await engine.connect();
    await conn.execute(read);
    expect(heard).toEqual(["primary: SELECT"]);
  });

  test("gives its connections back, takes no more than it needs, and disposes all engines", async () => {
    const { engine, engines } = open();
    const conn = await engine.connect();
    expect(engines.primary.poolStatus().used).toBe(0);
    await conn.execute(read);
    expect([engines.primary.poolStatus().used, engines.one.poolStatus().used]).toEqual([0, 1]);
    await conn.execute(write);
    await conn.close();
    expect([engines.primary.poolStatus().used, engines.one.poolStatus().used]).toEqual([0, 0]);
    await expect(conn.execute(read)).rejects.toThrow("closed");
    await engine.dispose();
    await expect(engines.two.connect()).rejects.toThrow("disposed");
  });

  test("goes round robin, and needs a replica", () => {
    const { engines } = open();
    const engine = new ReplicatedEngine({ primary: engines.primary, replicas: [engines.one, engines.two] });
    const first = engine.replica();
    const second = engine.replica();
    expect(new Set([first, second])).toEqual(new Set([engines.one, engines.two]));
    expect(engine.replica()).toBe(first);
    expect(() => new ReplicatedEngine({ primary: engines.primary, replicas: [] })).toThrow("needs a replica");
  });
});
