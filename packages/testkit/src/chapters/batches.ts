import { insert, integer, type MetaData, select, string, Table, uuid } from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";

const declareThings = (metadata: MetaData) => ({
  counted: new Table("batch_counted", metadata, {
    id: integer().primaryKey(),
    name: string(40),
    made: string(20).default(() => "default"),
  }),
  given: new Table("batch_given", metadata, {
    id: uuid()
      .default(() => crypto.randomUUID())
      .primaryKey(),
    n: integer(),
  }),
});

const names = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `name ${(i * 7919) % count}` }));

/** INSERT of many rows: what comes back comes in the order of the input. */
export const batchChapter: Chapter = {
  title: "batches",
  declare({ engine, test }) {
    test("[DML10][ENG36] RETURNING gives 1,000 generated keys in the order of the input", {
      needs: "insertReturning",
    }, async () => {
      await withTables(engine(), declareThings, async ({ counted }) => {
        await using conn = await engine().connect();
        const rows = names(1000);
        const back = await conn
          .execute(insert(counted).valuesList(rows).returning(counted.c.name, counted.c.id))
          .tuples();
        expect(back.map(([name]) => name)).toEqual(rows.map(({ name }) => name));
        const stored = new Map(await conn.execute(select(counted.c.id, counted.c.name)).tuples());
        expect(back.every(([name, id]) => stored.get(id) === name)).toBe(true);
      });
    });

    test("[DML10] RETURNING need not name the key to be in order", { needs: "insertReturning" }, async (conn) => {
      await withTables(conn, declareThings, async ({ counted, given }) => {
        const rows = names(250);
        const result = await conn.execute(insert(counted).valuesList(rows).returning(counted.c.name));
        expect(result.all()).toEqual(rows);
        expect(result.rawRows[0]).toHaveLength(1);
        const numbers = rows.map((_, i) => ({ n: 250 - i }));
        expect(await conn.execute(insert(given).valuesList(numbers).returning(given.c.n)).all()).toEqual(numbers);
      });
    });

    test("[DML10][DML11] keys that the client makes are returned in the order of the input", {
      needs: "insertReturning",
    }, async (conn) => {
      await withTables(conn, declareThings, async ({ given }) => {
        const rows = Array.from({ length: 300 }, (_, i) => ({ id: crypto.randomUUID(), n: i }));
        const back = await conn.execute(insert(given).valuesList(rows).returning(given.c.id, given.c.n)).all();
        expect(back).toEqual(rows);
      });
    });

    test("[RES22][DML10] the keys of all rows are learnt without writing RETURNING", {}, async (conn) => {
      await withTables(conn, declareThings, async ({ counted, given }) => {
        const rows = names(450);
        const result = await conn.execute(insert(counted).valuesList(rows), undefined, { insertedKeys: true });
        const keys = result.insertedPrimaryKeyRows;
        expect(keys).toHaveLength(450);
        const stored = new Map(await conn.execute(select(counted.c.id, counted.c.name)).tuples());
        expect(keys.map((key) => stored.get(key?.id as number))).toEqual(rows.map(({ name }) => name));
        expect([result.returnsRows, result.rowCount]).toEqual([false, 450]);

        const own = await conn.execute(insert(given).values({ n: 1 }, { n: 2 }), undefined, { insertedKeys: true });
        const found = new Map(await conn.execute(select(given.c.id, given.c.n)).tuples());
        expect(own.insertedPrimaryKeyRows.map((key) => found.get(key?.id as string))).toEqual([1, 2]);
      });
    });

    test("[RES22] without being asked for, the keys of many rows are not learnt, that of one row is", {}, async (conn) => {
      await withTables(conn, declareThings, async ({ counted }) => {
        expect((await conn.execute(insert(counted).values({ name: "a" }))).insertedPrimaryKeyRows).toEqual([
          { id: expect.any(Number) },
        ]);
        const many = await conn.execute(insert(counted).values({ name: "a" }, { name: "b" }));
        expect(many.insertedPrimaryKeyRows).toEqual([undefined, undefined]);
      });
    });

    test("[ENG36][ENG65] pages of rows are as large as the execution wants them", {
      needs: "insertReturning",
    }, async () => {
      await withTables(engine(), declareThings, async ({ counted }) => {
        await using conn = await engine().connect();
        const sizes: number[] = [];
        const stop = conn.on("beforeExecute", ({ sql, batch }) => {
          if (sql.startsWith("INSERT")) sizes.push(batch ?? 1);
        });
        const rows = names(30);
        const statement = insert(counted).valuesList(rows).returning(counted.c.name);
        expect(await conn.execute(statement, undefined, { pageRows: 1 }).all()).toEqual(rows);
        expect(await conn.execute(statement, undefined, { pageRows: 10 }).all()).toEqual(rows);
        expect(await conn.execute(statement, undefined, { pageRows: 30 }).all()).toEqual(rows);
        stop();
        expect(sizes).toEqual([30, 3, 1]);
      });
    });

    test("[DML10][ENG45] 100,000 rows get their keys in the order of the input", {}, async () => {
      await withTables(engine(), declareThings, async ({ counted }) => {
        await using conn = await engine().connect();
        const rows = names(100_000);
        const result = await conn.execute(insert(counted).valuesList(rows), undefined, { insertedKeys: true });
        const stored = new Map(await conn.execute(select(counted.c.id, counted.c.name)).tuples());
        expect(stored.size).toBe(100_000);
        const keys = result.insertedPrimaryKeyRows;
        const wrong = rows.filter(({ name }, i) => stored.get(keys[i]?.id as number) !== name);
        expect([keys.length, wrong.length]).toEqual([100_000, 0]);
      });
    });
  },
};
