import {
  delete_,
  func,
  insert,
  integer,
  literal,
  MetaData,
  numeric,
  param,
  select,
  selectAll,
  string,
  Table,
  update,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";

let made = 0;

const declareThings = (metadata: MetaData) =>
  new Table("things", metadata, {
    id: integer().primaryKey(),
    name: string(50),
    note: string(50).nullable(),
    amount: integer().default(7),
    serial: integer().default(() => ++made),
    price: numeric(10, 2).serverDefault("1.50"),
    changed: integer()
      .nullable()
      .onUpdate(() => 99),
  });

/** For the texts that must be refused: never created. */
const returningTable = new Table("returning_table", new MetaData(), {
  id: integer().primaryKey({ autoincrement: false }),
});

/** INSERT, UPDATE, DELETE. */
export const writeChapter: Chapter = {
  title: "writes",
  declare({ test }) {
    test("[DML1][DML26][SCH30] inserts one row; defaults come from a value, a function and the server", {}, async (conn) => {
      await withTables(conn, declareThings, async (things) => {
        made = 0;
        const result = await conn.execute(insert(things).values({ name: "a" }));
        expect(result.rowCount).toBe(1);
        expect(await conn.execute(selectAll(things)).one()).toEqual({
          id: 1,
          name: "a",
          note: null,
          amount: 7,
          serial: 1,
          price: "1.50",
          changed: null,
        });
      });
    });

    test("[RES22][DML9] tells the generated primary key of an inserted row", {}, async (conn) => {
      await withTables(conn, declareThings, async (things) => {
        const keys = [];
        for (const name of ["a", "b"])
          keys.push((await conn.execute(insert(things).values({ name }))).insertedPrimaryKey);
        expect(keys).toEqual([{ id: 1 }, { id: 2 }]);
        expect((await conn.execute(insert(things).values({ id: 40, name: "c" }))).insertedPrimaryKey).toEqual({
          id: 40,
        });
      });
    });

    test("[DML1][DML2] inserts many rows in one call, in the order given", {}, async (conn) => {
      await withTables(conn, declareThings, async (things) => {
        const result = await conn.execute(
          insert(things).values({ name: "a" }, { name: "b", note: "x" }, { name: "c", amount: 1 }),
        );
        expect(result.rowCount).toBe(3);
        expect(
          await conn.execute(select(things.c.name, things.c.note, things.c.amount).orderBy(things.c.id)).tuples(),
        ).toEqual([
          ["a", null, 7],
          ["b", "x", 7],
          ["c", null, 1],
        ]);
      });
    });

    test("[DML2] inserts more rows than one statement can hold, or none of them when one is wrong", {}, async (conn) => {
      await withTables(conn, declareThings, async (things) => {
        const rows = Array.from({ length: 5_000 }, (_, i) => ({ id: i + 1, name: `n${i}`, amount: i }));
        expect((await conn.execute(insert(things).valuesList(rows))).rowCount).toBe(5_000);
        expect(await conn.execute(select(func.count(), func.sum(things.c.amount).label("s"))).one()).toEqual({
          count: 5_000,
          s: 12_497_500,
        });
        await conn.execute(delete_(things));
        await expect(conn.execute(insert(things).valuesList([...rows, { id: 1, name: "again" }]))).rejects.toThrow();
        expect(await conn.execute(select(func.count()).selectFrom(things)).scalar()).toBe(0);
      });
    });

    test("[DML22][EXP28] executes one statement with many parameter sets", {}, async (conn) => {
      await withTables(conn, declareThings, async (things) => {
        await conn.execute(insert(things).values({ id: 1, name: "a" }, { id: 2, name: "b" }, { id: 3, name: "c" }));
        const stmt = update(things)
          .set({ name: param("newName", string()) as never })
          .where(things.c.id.eq(param("which", integer())));
        const result = await conn.execute(stmt, [
          { which: 1, newName: "x" },
          { which: 3, newName: "z" },
        ]);
        expect(result.rowCount).toBe(2);
        expect(await conn.execute(select(things.c.name).orderBy(things.c.id)).scalars()).toEqual(["x", "b", "z"]);
      });
    });

    test("[DML6] takes expressions and scalar subqueries as values", {}, async (conn) => {
      await withTables(conn, declareThings, async (things) => {
        await conn.execute(insert(things).values({ name: func.upper(literal("abc")), amount: literal(2).add(3) }));
        expect(await conn.execute(select(things.c.name, things.c.amount)).tuples()).toEqual([["ABC", 5]]);
      });
    });

    test("[DML3] inserts from a query", {}, async (conn) => {
      await withTables(
        conn,
        (metadata) =>
          [
            declareThings(metadata),
            new Table("copies", metadata, { id: integer().primaryKey({ autoincrement: false }), name: string(50) }),
          ] as const,
        async ([things, copies]) => {
          await conn.execute(insert(things).values({ id: 1, name: "a" }, { id: 2, name: "b" }));
          const big = select(things.c.id, things.c.name).where(things.c.id.gt(1)).cte("big");
          await conn.execute(insert(copies).fromSelect(["id", "name"], select(big.c.id, big.c.name)));
          expect(await conn.execute(selectAll(copies)).all()).toEqual([{ id: 2, name: "b" }]);
        },
      );
    });

    test("[DML4] inserts a row of defaults only", {}, async (conn) => {
      await withTables(
        conn,
        (metadata) => new Table("defaults", metadata, { id: integer().primaryKey(), n: integer().nullable() }),
        async (table) => {
          await conn.execute(insert(table).values({}));
          expect(await conn.execute(selectAll(table)).all()).toEqual([{ id: 1, n: null }]);
        },
      );
    });

    test("[DML7] INSERT ... RETURNING gives typed rows in the order of the input", {
      needs: "insertReturning",
      refuses: () => insert(returningTable).values({ id: 1 }).returning(returningTable.c.id),
    }, async (conn) => {
      await withTables(conn, declareThings, async (things) => {
        const one = await conn
          .execute(insert(things).values({ name: "a" }).returning(things.c.id, things.c.price))
          .one();
        expect(one).toEqual({ id: 1, price: "1.50" });
        const names = Array.from({ length: 1_500 }, (_, i) => `n${i}`);
        const rows = await conn
          .execute(
            insert(things)
              .valuesList(names.map((name) => ({ name })))
              .returning(things.c.id, things.c.name),
          )
          .all();
        expect(rows.map((row) => row.name)).toEqual(names);
        expect(new Set(rows.map((row) => row.id)).size).toBe(1_500);
      });
    });

    test("[DML13][DML26][SCH32][RES21] updates with values and expressions, counts the rows, fills on-update columns", {}, async (conn) => {
      await withTables(conn, declareThings, async (things) => {
        await conn.execute(
          insert(things).values(
            { id: 1, name: "a", amount: 1 },
            { id: 2, name: "b", amount: 2 },
            { id: 3, name: "c", amount: 3 },
          ),
        );
        const result = await conn.execute(
          update(things)
            .set({ amount: things.c.amount.add(10), note: null })
            .where(things.c.id.gt(1)),
        );
        expect(result.rowCount).toBe(2);
        expect(await conn.execute(select(things.c.amount, things.c.changed).orderBy(things.c.id)).tuples()).toEqual([
          [1, null],
          [12, 99],
          [13, 99],
        ]);
        expect((await conn.execute(update(things).set({ amount: 13 }).where(things.c.id.eq(3)))).rowCount).toBe(1);
        expect((await conn.execute(update(things).set({ amount: 13 }).where(things.c.id.eq(99)))).rowCount).toBe(0);
      });
    });

    test("[DML21] UPDATE ... RETURNING", {
      needs: "updateReturning",
      refuses: () => update(returningTable).set({ id: 2 }).returning(returningTable.c.id),
    }, async (conn) => {
      await withTables(conn, declareThings, async (things) => {
        await conn.execute(insert(things).values({ id: 1, name: "a" }));
        expect(
          await conn.execute(update(things).set({ name: "z" }).returning(things.c.id, things.c.name)).all(),
        ).toEqual([{ id: 1, name: "z" }]);
      });
    });

    test("[DML18][RES21] deletes and counts the rows", {}, async (conn) => {
      await withTables(conn, declareThings, async (things) => {
        await conn.execute(insert(things).values({ id: 1, name: "a" }, { id: 2, name: "b" }));
        expect((await conn.execute(delete_(things).where(things.c.name.in(["b", "q"])))).rowCount).toBe(1);
        expect((await conn.execute(delete_(things))).rowCount).toBe(1);
      });
    });

    test("[DML21] DELETE ... RETURNING", {
      needs: "deleteReturning",
      refuses: () => delete_(returningTable).returning(returningTable.c.id),
    }, async (conn) => {
      await withTables(conn, declareThings, async (things) => {
        await conn.execute(insert(things).values({ id: 1, name: "a" }));
        expect(await conn.execute(delete_(things).returning(things.c.name)).scalars()).toEqual(["a"]);
      });
    });

    test("values for unknown columns are refused before anything is sent", {}, async (conn) => {
      await withTables(conn, declareThings, async (things) => {
        expect(() => insert(things).values({ name: "a", nmae: "b" } as never)).toThrow('"things" has no column "nmae"');
        expect(() => insert(things).valuesList([])).toThrow("was given no rows");
        expect(() => update(things).set({ nmae: "b" } as never)).toThrow('"things" has no column "nmae"');
        await expect(async () => conn.execute(insert(things).values({ name: 5 as never }))).rejects.toMatchObject({
          code: "VALUE_REFUSED",
        });
        expect(await conn.execute(select(func.count()).selectFrom(things)).scalar()).toBe(0);
      });
    });
  },
};
