import { type Connection, func, literal, ResourceClosedError, type RowStream, select } from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { people } from "../store.js";

const { id, name } = people.c;
const COUNT = 4 ** 6;

/** 4,096 rows: the people, six times crossed. */
function many() {
  const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map((letter) => people.alias(letter));
  if (!a || !b || !c || !d || !e) throw new RangeError("five aliases");
  return select(id, name, e.c.id.label("last"))
    .crossJoin(a)
    .crossJoin(b)
    .crossJoin(c)
    .crossJoin(d)
    .crossJoin(e)
    .orderBy(id, a.c.id, b.c.id, c.c.id, d.c.id, e.c.id);
}

async function stillWorks(conn: Connection): Promise<void> {
  expect(await conn.execute(select(literal(1))).scalar()).toBe(1);
}

/** Reading rows while they come. */
export const streamChapter: Chapter = {
  title: "streams",
  declare({ engine, test }) {
    test("[ENG60] gives all rows in order, in every form", {}, async (conn) => {
      let count = 0;
      for await (const row of conn.stream(many())) {
        expect(row.last).toBe((count % 4) + 1);
        count += 1;
      }
      expect(count).toBe(COUNT);
      let sum = 0;
      for await (const value of conn.stream(many()).scalars(2)) sum += value;
      expect(sum).toBe(COUNT * 2.5);
      let tuples = 0;
      for await (const [, text] of conn.stream(many()).tuples()) tuples += text.length > 0 ? 1 : 0;
      expect(tuples).toBe(COUNT);
      const [first] = await conn
        .stream(select(id, name).orderBy(id))
        .mappings()
        .next()
        .then((step) => [step.value]);
      expect(first?.get(name)).toBe("alice");
      await stillWorks(conn).catch((error: unknown) => expect(error).toMatchObject({ code: "STREAM_OPEN" }));
    });

    test("[RES8][RES9][ENG61] comes in lists and in batches of the size asked for", {}, async (conn) => {
      const sizes: number[] = [];
      for await (const rows of conn.stream(many()).partitions(1000)) sizes.push(rows.length);
      expect(sizes).toEqual([1000, 1000, 1000, 1000, 96]);
      expect(await conn.stream(many()).yieldPer(7).all()).toHaveLength(COUNT);
      expect(await conn.stream(select(id).where(id.gt(99))).all()).toEqual([]);
    });

    test("[RES30] comes in batches that grow: a few rows first", {}, async (conn) => {
      let read = -1;
      conn.on("afterExecute", ({ rowCount }) => {
        read = rowCount;
      });
      const growing = { batchSize: "growing" } as const;
      for await (const row of conn.stream(many(), undefined, growing)) if (row.last === 1) break;
      expect(read).toBeGreaterThanOrEqual(1);
      expect(read).toBeLessThan(500);
      const rows = await conn.stream(many(), undefined, growing).all();
      expect(rows.map((row) => row.last)).toEqual(Array.from({ length: COUNT }, (_, i) => (i % 4) + 1));
      expect(read).toBe(COUNT);
    });

    test("[RES2] is read in chosen amounts, between which nothing else can be executed", {}, async (conn) => {
      await using stream = conn.stream(many());
      expect((await stream.fetch(3)).map((row) => row.last)).toEqual([1, 2, 3]);
      await expect(conn.execute(select(literal(1))).scalar()).rejects.toMatchObject({ code: "STREAM_OPEN" });
      expect((await stream.fetch(2)).map((row) => row.last)).toEqual([4, 1]);
      await stream.close();
      await stillWorks(conn);
      await expect(stream.all()).rejects.toThrow(ResourceClosedError);
    });

    test("[ENG60] reads no more than it is asked for when its loop is left, and the connection works on", {}, async (conn) => {
      const leave = async (stream: RowStream<{ last: number }>): Promise<number> => {
        let read = -1;
        const stop = conn.on("afterExecute", ({ rowCount }) => {
          read = rowCount;
        });
        for await (const row of stream) if (row.last === 2) break;
        stop();
        return read;
      };
      const read = await leave(conn.stream(many(), undefined, { batchSize: 10 }));
      expect(read).toBeGreaterThanOrEqual(2);
      expect(read).toBeLessThan(COUNT / 2);
      await stillWorks(conn);
      const failing = async (): Promise<void> => {
        for await (const row of conn.stream(many())) throw new RangeError(`${row.last}`);
      };
      await expect(failing()).rejects.toThrow("1");
      await stillWorks(conn);
    });

    test("[ENG60] ends with its transaction and with its connection", {}, async (conn) => {
      const transaction = await conn.begin();
      const stream = conn.stream(many());
      await stream.fetch(5);
      await transaction.rollback();
      expect(stream.closed).toBe(true);
      await stillWorks(conn);
      await conn.stream(many()).fetch(1);
      await conn.close();
    });

    test("[ENG60] of an engine borrows a connection and gives it back", {}, async () => {
      const rows: number[] = [];
      for await (const row of engine().stream(many(), undefined, { batchSize: 50 })) {
        rows.push(row.last);
        if (rows.length === 60) break;
      }
      expect(rows).toHaveLength(60);
      expect(engine().poolStatus().used).toBe(0);
      expect(
        await engine()
          .stream(select(func.count().label("n")).selectFrom(people))
          .first(),
      ).toEqual({ n: 4 });
      expect(engine().poolStatus().used).toBe(0);
    });
  },
};
