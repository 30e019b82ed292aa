import { describe, expect, test } from "vitest";
import {
  CancelledError,
  ConnectionLostError,
  integer,
  MetaData,
  param,
  ResourceClosedError,
  select,
  sql,
  string,
  Table,
} from "../index.js";
import type { Connection } from "./connection.js";
import { type FakeDriver, FakeError, fakeEngine, type Script } from "./test-driver.js";

const metadata = new MetaData();
const users = new Table("users", metadata, { id: integer().primaryKey(), name: string(50) });
const everyone = select(users.c.id, users.c.name);

async function open(count: number, script?: Script): Promise<{ conn: Connection; driver: FakeDriver }> {
  const { engine, driver } = fakeEngine();
  const conn = await engine.connect();
  const rows = Array.from({ length: count }, (_, i) => [i + 1, `user ${i + 1}`]);
  driver.script = (word, text, values) => script?.(word, text, values) ?? { rows, columns: ["id", "name"] };
  driver.log.length = 0;
  return { conn, driver };
}

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

describe("a stream of rows", () => {
  test("[ENG61] gives row objects, fetched in batches", async () => {
    const { conn, driver } = await open(5);
    const rows: { id: number; name: string }[] = [];
    for await (const row of conn.stream(everyone, undefined, { batchSize: 2 })) rows.push(row);
    expect(rows).toEqual([1, 2, 3, 4, 5].map((id) => ({ id, name: `user ${id}` })));
    expect(driver.log).toEqual(["stream SELECT users.id, users.name FROM users by 2", "cursor closed"]);
  });

  test("gives tuples, single values, and lists of rows", async () => {
    const { conn } = await open(5);
    expect(await collect(conn.stream(everyone).tuples())).toEqual([1, 2, 3, 4, 5].map((id) => [id, `user ${id}`]));
    expect(await collect(conn.stream(everyone).scalars())).toEqual([1, 2, 3, 4, 5]);
    expect(await collect(conn.stream(everyone).scalars(1))).toContain("user 3");
    const lists = await collect(conn.stream(everyone, undefined, { batchSize: 3 }).partitions(2));
    expect(lists.map((rows) => rows.map((row) => row.id))).toEqual([[1, 2], [3, 4], [5]]);
  });

  test("takes values by name, and text", async () => {
    const { conn, driver } = await open(1);
    const byId = everyone.where(users.c.id.eq(param("id", integer())));
    await collect(conn.stream(byId, { id: 7 }));
    expect(await collect(conn.stream(sql`SELECT * FROM users`.columns({ id: integer() })))).toEqual([
      { id: 1, name: "user 1" },
    ]);
    expect(driver.log[0]).toContain("WHERE users.id = ?");
  });

  test("starts when the first row is asked for", async () => {
    const { conn, driver } = await open(1);
    const stream = conn.stream(everyone);
    await conn.execute(sql`A`);
    expect(driver.log).toEqual(["execute A"]);
    await collect(stream);
    expect(driver.log).toHaveLength(3);
  });

  test("waits for what was executed before it, and is waited for by nobody after its end", async () => {
    const { conn, driver } = await open(1);
    const before = conn.execute(sql`A`);
    await collect(conn.stream(everyone));
    await before;
    await conn.execute(sql`B`);
    expect(driver.log.map((line) => line.split(" ")[0])).toEqual(["execute", "stream", "cursor", "execute"]);
  });

  test("releases the cursor when its loop is left", async () => {
    const { conn, driver } = await open(100);
    for await (const row of conn.stream(everyone, undefined, { batchSize: 2 })) if (row.id === 3) break;
    expect(driver.log.at(-1)).toBe("cursor closed");
    for await (const rows of conn.stream(everyone).partitions(5)) if (rows.length > 0) break;
    expect(driver.log.at(-1)).toBe("cursor closed");
    await conn.execute(sql`A`);
  });

  test("releases the cursor when its loop throws", async () => {
    const { conn, driver } = await open(100);
    const reading = async () => {
      for await (const row of conn.stream(everyone)) throw new RangeError(row.name);
    };
    await expect(reading()).rejects.toThrow("user 1");
    expect(driver.log.at(-1)).toBe("cursor closed");
  });

  test("releases the cursor at the end of its scope, or when it is closed", async () => {
    const { conn, driver } = await open(100);
    {
      await using stream = conn.stream(everyone);
      await stream.tuples().next();
    }
    expect(driver.log.at(-1)).toBe("cursor closed");
    await conn.execute(sql`A`);
    const unread = conn.stream(everyone);
    await unread.close();
    await expect(unread.tuples().next()).rejects.toThrow(ResourceClosedError);
  });

  test("keeps the connection from executing anything else, with an error instead of a deadlock", async () => {
    const { conn } = await open(10);
    for await (const _row of conn.stream(everyone)) {
      await expect(conn.execute(sql`A`)).rejects.toMatchObject({ code: "STREAM_OPEN" });
      await expect(conn.begin()).rejects.toMatchObject({ code: "STREAM_OPEN" });
      await expect(conn.stream(everyone).tuples().next()).rejects.toMatchObject({ code: "STREAM_OPEN" });
      break;
    }
    await conn.execute(sql`A`);
  });

  test("is ended by the end of its transaction and of its connection", async () => {
    const { conn, driver } = await open(100);
    const tx = await conn.begin();
    await conn.stream(everyone).tuples().next();
    await tx.rollback();
    await conn.stream(everyone).tuples().next();
    await conn.close();
    expect(driver.log.map((line) => line.split(" ")[0])).toEqual([
      "begin",
      "stream",
      "cursor",
      "rollback",
      "stream",
      "cursor",
    ]);
  });

  test("can be read once; a second reader does not disturb the first", async () => {
    const { conn } = await open(3);
    const stream = conn.stream(everyone);
    const first = stream.scalars();
    expect((await first.next()).value).toBe(1);
    await expect(stream.scalars().next()).rejects.toMatchObject({ code: "STREAM_CONSUMED" });
    await stream.scalars().return?.();
    expect((await first.next()).value).toBe(2);
    await first.return?.();
  });

  test("gives rows in order to who asks for several at once", async () => {
    const { conn } = await open(3);
    const ids = conn.stream(everyone, undefined, { batchSize: 1 }).scalars();
    const steps = await Promise.all([ids.next(), ids.next(), ids.next(), ids.next()]);
    expect(steps.map((step) => step.value)).toEqual([1, 2, 3, undefined]);
  });

  test("makes the driver's errors the toolkit's, at the beginning and in the middle", async () => {
    const early = await open(1, (word) => {
      if (word === "stream") throw new FakeError("programming", "no such table");
      return undefined;
    });
    await expect(collect(early.conn.stream(everyone))).rejects.toMatchObject({
      code: "PROGRAMMING_ERROR",
      statement: "SELECT users.id, users.name FROM users",
    });
    await early.conn.execute(sql`A`);
    const late = await open(10, (word, _text, [at]) => {
      if (word === "fetch" && (at as number) > 0) throw new FakeError("connectionLost");
      return undefined;
    });
    const seen: number[] = [];
    const reading = async () => {
      for await (const id of late.conn.stream(everyone, undefined, { batchSize: 2 }).scalars()) seen.push(id);
    };
    await expect(reading()).rejects.toThrow(ConnectionLostError);
    expect(seen).toEqual([1, 2]);
    expect(late.conn.invalidated).toBe(true);
  });

  test("of rows that cannot be read by name fails and releases the cursor", async () => {
    const { conn, driver } = await open(2);
    await expect(collect(conn.stream(select(users.c.id, users.c.id)))).rejects.toMatchObject({
      code: "DUPLICATE_COLUMN",
    });
    await expect(collect(conn.stream(select(users.c.id, users.c.id)).partitions(2))).rejects.toMatchObject({
      code: "DUPLICATE_COLUMN",
    });
    expect(driver.log.filter((line) => line === "cursor closed")).toHaveLength(2);
    await conn.execute(sql`A`);
  });

  test("is cancelled between batches", async () => {
    const { conn, driver } = await open(10);
    const controller = new AbortController();
    const reading = async () => {
      for await (const id of conn.stream(everyone, undefined, { batchSize: 2, signal: controller.signal }).scalars())
        if (id === 2) controller.abort();
    };
    await expect(reading()).rejects.toThrow(CancelledError);
    expect(driver.log.at(-1)).toBe("cursor closed");
  });

  test("of a closed connection is refused", async () => {
    const { conn } = await open(1);
    const stream = conn.stream(everyone);
    await conn.close();
    await expect(collect(stream)).rejects.toThrow(ResourceClosedError);
  });

  test("refuses a batch size that is none", async () => {
    const { conn } = await open(1);
    await expect(collect(conn.stream(everyone, undefined, { batchSize: 0 }))).rejects.toMatchObject({
      code: "BAD_SIZE",
    });
    await expect(collect(conn.stream(everyone).partitions(-1))).rejects.toMatchObject({ code: "BAD_SIZE" });
    await conn.execute(sql`A`);
  });

  test("[RES2] [RES15] reads rows in chosen amounts, and says when it is closed", async () => {
    const { conn, driver } = await open(5);
    await using stream = conn.stream(everyone);
    expect((await stream.fetch(2)).map((row) => row.id)).toEqual([1, 2]);
    expect((await stream.fetch()).map((row) => row.id)).toEqual([3]);
    expect(stream.closed).toBe(false);
    expect((await stream.fetch(9)).map((row) => row.id)).toEqual([4, 5]);
    expect(await stream.fetch(9)).toEqual([]);
    expect(stream.closed).toBe(true);
    const rest = conn.stream(everyone);
    await rest.fetch(4);
    expect((await rest.all()).map((row) => row.id)).toEqual([5]);
    const early = conn.stream(everyone);
    await early.fetch(1);
    await early.close();
    expect([early.closed, driver.log.at(-1)]).toEqual([true, "cursor closed"]);
    await expect(conn.stream(everyone).fetch(0)).rejects.toThrow(/fetch\(\) takes a whole number from 1/);
  });

  test("[RES9] yieldPer says how many rows are fetched at a time", async () => {
    const { conn, driver } = await open(3);
    await collect(conn.stream(everyone).yieldPer(2));
    await collect(conn.stream(everyone).yieldPer(7).scalars());
    await collect(conn.stream(everyone).yieldPer(9).partitions(2));
    expect(driver.log.filter((line) => line.startsWith("stream")).map((line) => line.split(" ").at(-1))).toEqual([
      "2",
      "7",
      "9",
    ]);
    expect(() => conn.stream(everyone).yieldPer(0)).toThrow(/yieldPer/);
  });

  test("[RES30] fetches batches of one size, or of one that grows, where a result is fetched as a whole", async () => {
    const fetched: number[] = [];
    const { conn } = await open(3000, (word, _text, [at]) => {
      if (word === "fetch") fetched.push(at as number);
      return undefined;
    });
    await collect(conn.stream(everyone, undefined, { batchSize: 1000 }));
    expect(fetched.splice(0)).toEqual([0, 1000, 2000]);
    expect(await collect(conn.stream(everyone, undefined, { batchSize: "growing" }))).toHaveLength(3000);
    expect(fetched.splice(0)).toEqual([0, 5, 15, 35, 75, 155, 315, 635, 1275, 2275]);
    expect(await conn.execute(everyone).all()).toHaveLength(3000);
    expect(fetched).toEqual([]);
  });

  test("reads mappings, and the first row only", async () => {
    const { conn, driver } = await open(3);
    const ids: number[] = [];
    for await (const row of conn.stream(everyone).mappings()) ids.push(row.get(users.c.id));
    expect(ids).toEqual([1, 2, 3]);
    expect((await conn.stream(everyone).first())?.id).toBe(1);
    expect(driver.log.at(-1)).toBe("cursor closed");
  });
});

describe("the stream of an engine", () => {
  const script = () => ({ rows: [1, 2, 3].map((id) => [id, `user ${id}`]) });

  test("[ENG60] has a connection from the first row to the last", async () => {
    const { engine, driver } = fakeEngine({ script });
    const stream = engine.stream(everyone, undefined, { batchSize: 2 });
    expect(driver.log).toEqual([]);
    for await (const row of stream) {
      expect(row.name).toBe(`user ${row.id}`);
      expect(engine.poolStatus().used).toBe(1);
    }
    expect(engine.poolStatus()).toMatchObject({ used: 0, idle: 1 });
    await expect(stream.scalars().next()).rejects.toMatchObject({ code: "STREAM_CONSUMED" });
  });

  test("[ENG60] gives the connection back when its loop is left, throws, or is never begun", async () => {
    const { engine, driver } = fakeEngine({ script });
    for await (const row of engine.stream(everyone)) if (row.id === 1) break;
    expect([engine.poolStatus().used, driver.log.at(-1)]).toEqual([0, "cursor closed"]);
    const failing = async (): Promise<void> => {
      for await (const rows of engine.stream(everyone).partitions(2)) throw new RangeError(`${rows.length}`);
    };
    await expect(failing()).rejects.toThrow("2");
    expect(engine.poolStatus().used).toBe(0);
    {
      await using unread = engine.stream(everyone);
      expect(unread.closed).toBe(false);
    }
    await using left = engine.stream(everyone);
    await left.fetch(1);
    expect(engine.poolStatus().used).toBe(1);
    await left.close();
    expect(engine.poolStatus()).toMatchObject({ used: 0, size: 1 });
  });

  test("that fails gives the connection back", async () => {
    const { engine } = fakeEngine({
      script: (word) => {
        if (word === "stream") throw new FakeError("programming");
        return undefined;
      },
    });
    await expect(engine.stream(everyone).all()).rejects.toMatchObject({ code: "PROGRAMMING_ERROR" });
    expect(engine.poolStatus().used).toBe(0);
  });
});
