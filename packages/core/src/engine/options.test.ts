import { describe, expect, test } from "vitest";
import { insert, integer, MetaData, select, sql, Table, update } from "../index.js";
import { fakeEngine } from "./test-driver.js";

const metadata = new MetaData();
const orders = new Table("orders", metadata, { id: integer().primaryKey(), n: integer() }, { schema: "tenant" });
const plain = new Table("plain", metadata, { id: integer().primaryKey(), n: integer() });

describe("schemas chosen at execution", () => {
  const open = async () => {
    const { engine, driver } = fakeEngine({ synchronous: true });
    driver.script = () => ({ rows: [] });
    return { engine, driver, last: () => driver.log.filter((line) => line.startsWith("execute")).at(-1) };
  };

  test("[ENG59] stand wherever the table's name stands, quoted as they must be", async () => {
    const { engine, last } = await open();
    await using conn = await engine.connect({ schemaTranslateMap: { tenant: 'a "b"', "": "Plain" } });
    await conn.execute(select(orders.c.id).where(orders.c.n.eq(plain.c.n)));
    expect(last()).toBe(
      'execute SELECT "a ""b""".orders.id FROM "a ""b""".orders, "Plain".plain WHERE "a ""b""".orders.n = "Plain".plain.n',
    );
    await conn.execute(insert(orders).values({ n: 1 }, { n: 2 }));
    expect(last()).toBe('execute INSERT INTO "a ""b""".orders (n) VALUES (?), (?) [1,2]');
    await conn.execute(update(orders).set({ n: 3 }));
    expect(last()).toBe('execute UPDATE "a ""b""".orders SET n = ? [3]');
    await conn.execute(select(orders.alias("o").c.id));
    expect(last()).toBe('execute SELECT o.id FROM "a ""b""".orders AS o');
  });

  test("[ENG59] cost one compilation for all of them", async () => {
    const { engine } = await open();
    const cached: boolean[] = [];
    engine.on("beforeExecute", (execution) => {
      cached.push(execution.cached);
    });
    for (const tenant of ["one", "two", "three"]) {
      await using conn = await engine.withOptions({ schemaTranslateMap: { tenant } }).connect();
      await conn.execute(select(orders.c.id));
    }
    expect(cached).toEqual([false, true, true]);
  });

  test("are no part of text, whose author says what it means", async () => {
    const { engine, last } = await open();
    await using conn = await engine.connect({ schemaTranslateMap: { tenant: "t" } });
    await conn.execute(sql`SELECT * FROM tenant.orders`);
    expect(last()).toBe("execute SELECT * FROM tenant.orders");
  });

  test("may change with each execution; a map that is changed afterwards changes nothing that was", async () => {
    const { engine, last } = await open();
    await using conn = await engine.connect();
    const map: Record<string, string> = { tenant: "one" };
    const statement = select(orders.c.id);
    await conn.execute(statement, undefined, { schemaTranslateMap: map });
    expect(last()).toBe("execute SELECT one.orders.id FROM one.orders");
    map.tenant = "two";
    await conn.execute(statement, undefined, { schemaTranslateMap: map });
    expect(last()).toBe("execute SELECT two.orders.id FROM two.orders");
    await conn.execute(statement);
    expect(last()).toBe("execute SELECT tenant.orders.id FROM tenant.orders");
  });
});

describe("engines made of engines", () => {
  test("[ENG24] share the pool; listeners of the part hear the part, those of the whole hear both", async () => {
    const { engine } = fakeEngine({ synchronous: true });
    const part = engine.withOptions({ logToken: "part", timeout: 100 });
    const nested = part.withOptions({ timeout: 200 });
    const heard: string[] = [];
    engine.on("beforeExecute", () => {
      heard.push("whole");
    });
    part.on("beforeExecute", () => {
      heard.push("part");
    });
    for (const each of [engine, part, nested]) {
      await using conn = await each.connect();
      await conn.execute(select(plain.c.id));
    }
    expect(heard).toEqual(["whole", "whole", "part", "whole", "part"]);
    expect(engine.poolStatus().size).toBe(1);
    expect(nested.executionOptions).toMatchObject({ timeout: 200, logToken: "part" });
    await nested.dispose();
    await expect(engine.connect()).rejects.toThrow("disposed");
  });

  test("[ENG25] tell their options", () => {
    const { engine } = fakeEngine({ timeout: 50, isolationLevel: "SERIALIZABLE" });
    expect(engine.executionOptions).toMatchObject({ timeout: 50, isolationLevel: "SERIALIZABLE" });
    expect(engine.withOptions({ pageRows: 10 }).executionOptions).toMatchObject({ timeout: 50, pageRows: 10 });
  });
});
