import {
  bigInteger,
  func,
  insert,
  integer,
  type MetaData,
  numeric,
  select,
  selectAll,
  string,
  Table,
  unique,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";

/** The key is a reserved word on every database, and not the primary key. */
const declareCounters = (metadata: MetaData) =>
  new Table(
    "counters",
    metadata,
    {
      id: integer().primaryKey(),
      order: string(60),
      hits: bigInteger().default(1n),
      note: string(60).nullable(),
      price: numeric(10, 2).nullable(),
      changed: integer()
        .nullable()
        .onUpdate(() => 99),
    },
    { constraints: (c) => [unique([c.order])] },
  );

/** One text for each key, in the order of the keys. */
type Counters = ReturnType<typeof declareCounters>;
const contents = ({ c }: Counters) => select(c.order, c.hits, c.note, c.changed).orderBy(c.order);

/** The portable upsert. */
export const upsertChapter: Chapter = {
  title: "upserts",
  declare({ test, has }) {
    test("[DML12] inserts what is new, changes what is there, and sets on-update values of changed rows", {}, async (conn) => {
      await withTables(conn, declareCounters, async (counters) => {
        await conn.execute(insert(counters).values({ order: "a", hits: 5n, note: "old" }));
        const both = [
          { order: "a", hits: 7n, note: null },
          { order: "b", hits: 9_007_199_254_740_993n, note: "日本 'x' \\" },
        ];
        await conn.execute(
          insert(counters)
            .valuesList(both)
            .upsert({ key: ["order"] }),
        );
        expect(await conn.execute(contents(counters)).tuples()).toEqual([
          ["a", 7n, null, 99],
          ["b", 9_007_199_254_740_993n, "日本 'x' \\", null],
        ]);
        expect(await conn.execute(select(counters.c.id).where(counters.c.order.eq("a"))).scalar()).toBe(1);
      });
    });

    test("[DML12] computes from the new row and from the one that is there, all from the values of before", {}, async (conn) => {
      await withTables(conn, declareCounters, async (counters) => {
        const stmt = (hits: bigint, note: string) =>
          insert(counters)
            .values({ order: "a", hits, note, price: "1.50" })
            .upsert({
              key: ["order"],
              update: (incoming, existing) => ({
                hits: existing.hits.add(incoming.hits),
                note: func.coalesce(incoming.note, existing.note),
                price: existing.price.add(incoming.price).add(existing.hits) as never,
              }),
            });
        await conn.execute(stmt(1n, "first"));
        await conn.execute(stmt(10n, "second"));
        const { order, hits, note, price } = counters.c;
        expect(await conn.execute(select(order, hits, note, price)).tuples()).toEqual([["a", 11n, "second", "4.00"]]);
      });
    });

    test("[DML12] leaves rows as they are for which the condition does not hold", {}, async (conn) => {
      await withTables(conn, declareCounters, async (counters) => {
        await conn.execute(insert(counters).values({ order: "a", hits: 5n }, { order: "b", hits: 50n }));
        await conn.execute(
          insert(counters)
            .values({ order: "a", hits: 7n }, { order: "b", hits: 7n }, { order: "c", hits: 7n })
            .upsert({
              key: ["order"],
              update: (incoming) => ({ hits: incoming.hits, note: "more" }),
              where: (incoming, existing) => existing.hits.lt(incoming.hits),
            }),
        );
        expect(await conn.execute(contents(counters)).tuples()).toEqual([
          ["a", 7n, "more", 99],
          ["b", 50n, null, null],
          ["c", 7n, null, null],
        ]);
      });
    });

    test("[DML12] ignoreExisting leaves out the rows that are there, and nothing else", {}, async (conn) => {
      await withTables(conn, declareCounters, async (counters) => {
        await conn.execute(
          insert(counters)
            .values({ order: "", hits: 5n, note: "old" })
            .upsert({ key: ["order"] }),
        );
        await conn.execute(
          insert(counters)
            .values({ order: "x", hits: 5n, note: "old" })
            .ignoreExisting({ key: ["order"] }),
        );
        await conn.execute(
          insert(counters)
            .values({ order: "x", hits: 7n }, { order: "b", hits: 7n })
            .ignoreExisting({ key: ["order"] }),
        );
        expect(
          await conn.execute(select(counters.c.order, counters.c.hits).orderBy(counters.c.order)).tuples(),
        ).toEqual([
          ["", 5n],
          ["b", 7n],
          ["x", 5n],
        ]);
        const bad = insert(counters)
          .values({ order: null as never, hits: 1n })
          .ignoreExisting({ key: ["order"] });
        await expect(async () => conn.execute(bad)).rejects.toThrow();
      });
    });

    test("[DML12] tells the key of the row that is there, or none, never that of another row", {}, async (conn) => {
      await withTables(conn, declareCounters, async (counters) => {
        const put = (order: string) =>
          insert(counters)
            .values({ order, hits: 3n })
            .upsert({ key: ["order"] });
        for (const order of ["a", "b", "a"]) {
          const { insertedPrimaryKey } = await conn.execute(put(order));
          const id = await conn.execute(select(counters.c.id).where(counters.c.order.eq(order))).scalar();
          expect(insertedPrimaryKey === undefined || insertedPrimaryKey.id === id).toBe(true);
          if (has("insertReturning")) expect(insertedPrimaryKey).toEqual({ id });
        }
        const ignored = insert(counters)
          .values({ order: "a" })
          .ignoreExisting({ key: ["order"] });
        expect((await conn.execute(ignored)).insertedPrimaryKey).toBeUndefined();
      });
    });

    test("[DML12] works on more rows than one statement holds", {}, async (conn) => {
      await withTables(conn, declareCounters, async (counters) => {
        const rows = (hits: bigint) => Array.from({ length: 3_000 }, (_, i) => ({ order: `n${i}`, hits }));
        const put = (hits: bigint) =>
          insert(counters)
            .valuesList(rows(hits))
            .upsert({ key: ["order"], update: (incoming, existing) => ({ hits: existing.hits.add(incoming.hits) }) });
        await conn.execute(put(1n));
        await conn.execute(put(2n));
        expect(await conn.execute(select(func.count(), func.sum(counters.c.hits).label("s"))).one()).toEqual({
          count: 3_000,
          s: 9_000n,
        });
      });
    });

    test("[DML12] gives changed and new rows back in the order of the input", {
      needs: "insertReturning",
    }, async (conn) => {
      await withTables(conn, declareCounters, async (counters) => {
        await conn.execute(insert(counters).values({ order: "n7" }, { order: "n3" }));
        const names = Array.from({ length: 250 }, (_, i) => `n${i}`);
        const stmt = insert(counters)
          .valuesList(names.map((order) => ({ order, hits: 5n })))
          .upsert({ key: ["order"], update: ["hits"] })
          .returning(counters.c.id, counters.c.order, counters.c.hits);
        const rows = await conn.execute(stmt).all();
        expect(rows.map((row) => row.order)).toEqual(names);
        expect(rows[7]).toEqual({ id: 1, order: "n7", hits: 5n });
      });
    });

    test("[DML12][DML3] takes the rows of a query, with the defaults of columns that it does not fill", {}, async (conn) => {
      const declare = (metadata: MetaData) =>
        [
          declareCounters(metadata),
          new Table("names", metadata, { id: integer().primaryKey(), name: string(60) }),
        ] as const;
      await withTables(conn, declare, async ([counters, names]) => {
        await conn.execute(insert(names).values({ name: "a" }, { name: "b" }));
        await conn.execute(insert(counters).values({ order: "a", hits: 40n, note: "old" }));
        const fill = insert(counters)
          .fromSelect(["order", "note"], select(names.c.name, names.c.name.label("note")))
          .upsert({ key: ["order"], update: ["note"] });
        await conn.execute(fill);
        expect(await conn.execute(contents(counters)).tuples()).toEqual([
          ["a", 40n, "a", 99],
          ["b", 1n, "b", null],
        ]);
        expect(await conn.execute(selectAll(names)).all()).toHaveLength(2);
      });
    });

    test("[DML12] of a primary key, of which only the key is given", {}, async (conn) => {
      const declare = (metadata: MetaData) => new Table("tags", metadata, { name: string(20).primaryKey() });
      await withTables(conn, declare, async (tags) => {
        for (const name of ["x", "x", "y"])
          await conn.execute(
            insert(tags)
              .values({ name })
              .upsert({ key: ["name"] }),
          );
        expect(await conn.execute(select(tags.c.name).orderBy(tags.c.name)).scalars()).toEqual(["x", "y"]);
      });
    });
  },
};
