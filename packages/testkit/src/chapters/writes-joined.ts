import { delete_, func, insert, integer, type MetaData, param, select, string, Table, update } from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";

const declareBoth = (metadata: MetaData) =>
  [
    new Table("stock_items", metadata, {
      id: integer().primaryKey({ autoincrement: false }),
      name: string(40),
      amount: integer(),
      changed: integer()
        .nullable()
        .onUpdate(() => 99),
    }),
    new Table("stock_changes", metadata, {
      item: integer().primaryKey({ autoincrement: false }),
      amount: integer().nullable(),
      name: string(40).nullable(),
    }),
  ] as const;

type Both = ReturnType<typeof declareBoth>;
const filled = async (
  conn: Parameters<typeof withTables>[0],
  run: (both: Both) => Promise<void>,
  fill: (both: Both) => Promise<unknown>,
) =>
  withTables(conn, declareBoth, async (both) => {
    await fill(both);
    await run(both);
  });

/** INSERT, UPDATE and DELETE that read other tables. */
export const joinedWriteChapter: Chapter = {
  title: "writes that read other tables",
  declare({ test }) {
    /** A test with three items, of which the second and third have a change. */
    const withRows = (
      title: string,
      run: (conn: Parameters<Parameters<typeof test>[2]>[0], both: Both) => Promise<void>,
    ) =>
      test(title, {}, async (conn) =>
        filled(
          conn,
          (both) => run(conn, both),
          async ([items, changes]) => {
            await conn.execute(
              insert(items).values(
                { id: 1, name: "a", amount: 1 },
                { id: 2, name: "b", amount: 2 },
                { id: 3, name: "c", amount: 3 },
              ),
            );
            await conn.execute(
              insert(changes).values(
                { item: 2, amount: 20, name: "B" },
                { item: 3, amount: 30 },
                { item: 4, amount: 40 },
              ),
            );
          },
        ),
      );
    const contents = ([{ c }]: Both) => select(c.id, c.name, c.amount, c.changed).orderBy(c.id);

    withRows("[DML15] UPDATE from another table that SET and WHERE speak of", async (conn, both) => {
      const [items, changes] = both;
      const { rowCount } = await conn.execute(
        update(items)
          .set({
            amount: items.c.amount.add(func.coalesce(changes.c.amount, 0)),
            name: func.coalesce(changes.c.name, "?"),
          })
          .where(changes.c.item.eq(items.c.id)),
      );
      expect(rowCount).toBe(2);
      expect(await conn.execute(contents(both)).tuples()).toEqual([
        [1, "a", 1, null],
        [2, "B", 22, 99],
        [3, "?", 33, 99],
      ]);
    });

    withRows(
      "[DML15] UPDATE from FROM items that are named: an alias of the table itself, and a subquery",
      async (conn, both) => {
        const [items, changes] = both;
        const next = items.alias("next");
        await conn.execute(
          update(items)
            .set({ name: next.c.name })
            .from(next)
            .where(next.c.id.eq(items.c.id.add(1))),
        );
        expect(await conn.execute(select(items.c.name).orderBy(items.c.id)).scalars()).toEqual(["b", "c", "c"]);
        const total = select(func.max(changes.c.amount).label("most")).subquery("total");
        await conn.execute(
          update(items)
            .set({ amount: func.coalesce(total.c.most, 0) })
            .where(items.c.id.eq(1)),
        );
        expect(await conn.execute(select(items.c.amount).where(items.c.id.eq(1))).scalar()).toBe(40);
      },
    );

    withRows("[DML16] a correlated subquery in SET", async (conn, both) => {
      const [items, changes] = both;
      const most = select(func.max(changes.c.amount)).where(changes.c.item.eq(items.c.id)).scalar();
      await conn.execute(update(items).set({ amount: func.coalesce(most as never, -1) as never }));
      expect(await conn.execute(select(items.c.amount).orderBy(items.c.id)).scalars()).toEqual([-1, 20, 30]);
    });

    withRows("[DML19] DELETE of rows for which another table has a match", async (conn, both) => {
      const [items, changes] = both;
      const stmt = delete_(items).where(changes.c.item.eq(items.c.id), changes.c.amount.gt(20));
      expect((await conn.execute(stmt)).rowCount).toBe(1);
      expect(await conn.execute(select(items.c.id).orderBy(items.c.id)).scalars()).toEqual([1, 2]);
      await conn.execute(delete_(items).using(changes).where(items.c.id.eq(1)));
      expect(await conn.execute(select(items.c.id)).scalars()).toEqual([2]);
    });

    withRows("[DML25] UPDATE and DELETE with a common table expression", async (conn, both) => {
      const [items, changes] = both;
      const big = select(changes.c.item).where(changes.c.amount.gt(20)).cte("big");
      await conn.execute(update(items).set({ name: "big" }).where(big.c.item.eq(items.c.id)));
      await conn.execute(
        update(items)
          .set({ amount: 0 })
          .where(items.c.id.in(select(big.c.item))),
      );
      expect(await conn.execute(select(items.c.name, items.c.amount).where(items.c.id.eq(3))).tuples()).toEqual([
        ["big", 0],
      ]);
      await conn.execute(delete_(items).where(big.c.item.eq(items.c.id)));
      expect(await conn.execute(select(items.c.id).orderBy(items.c.id)).scalars()).toEqual([1, 2]);
    });

    withRows("[DML20] filter and filterBy choose rows as where does", async (conn, both) => {
      const [items] = both;
      await conn.execute(
        update(items).set({ amount: 7 }).filterBy({ name: "b", changed: null }).filter(items.c.id.lt(9)),
      );
      expect(await conn.execute(select(items.c.amount).orderBy(items.c.id)).scalars()).toEqual([1, 7, 3]);
      expect((await conn.execute(delete_(items).filterBy({ changed: null }).filter(items.c.id.gt(1)))).rowCount).toBe(
        1,
      );
    });

    withRows("[DML22] DELETE and UPDATE of many parameter sets, by the names of parameters", async (conn, both) => {
      const [items] = both;
      const raise = update(items)
        .set({ amount: items.c.amount.add(param("by", integer())) })
        .where(items.c.id.eq(param("which", integer())));
      await conn.execute(raise, [
        { which: 1, by: 10 },
        { which: 3, by: 30 },
      ]);
      expect(await conn.execute(select(items.c.amount).orderBy(items.c.id)).scalars()).toEqual([11, 2, 33]);
      const drop = delete_(items).where(items.c.id.eq(param("which", integer())));
      expect((await conn.execute(drop, [{ which: 1 }, { which: 3 }, { which: 5 }])).rowCount).toBe(2);
    });

    withRows("[DML3] INSERT from a query adds the defaults of the toolkit, unless told not to", async (conn, both) => {
      const [items] = both;
      const declare = (metadata: MetaData) =>
        new Table("copies", metadata, {
          id: integer().primaryKey({ autoincrement: false }),
          made: integer()
            .nullable()
            .default(() => 42),
          kind: string(10).nullable().default("copy"),
        });
      await withTables(conn, declare, async (copies) => {
        const ids = select(items.c.id);
        await conn.execute(insert(copies).fromSelect(["id"], ids.where(items.c.id.eq(1))));
        await conn.execute(insert(copies).fromSelect(["id"], ids.where(items.c.id.eq(2)).distinct()));
        await conn.execute(insert(copies).fromSelect(["id"], ids.where(items.c.id.eq(3)), { defaults: false }));
        expect(
          await conn.execute(select(copies.c.id, copies.c.made, copies.c.kind).orderBy(copies.c.id)).tuples(),
        ).toEqual([
          [1, 42, "copy"],
          [2, 42, "copy"],
          [3, null, null],
        ]);
      });
    });
  },
};
