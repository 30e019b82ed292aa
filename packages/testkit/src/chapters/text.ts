import {
  bigInteger,
  boolean,
  date,
  insert,
  integer,
  literal,
  type MetaData,
  numeric,
  select,
  sql,
  string,
  Table,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";

const items = (metadata: MetaData) =>
  new Table("text_items", metadata, {
    id: bigInteger().primaryKey({ autoincrement: false }),
    name: string(50),
    price: numeric(10, 2),
    day: date(),
  });

const ROWS = [
  { id: 1n, name: "it's", price: "1.50", day: "2024-02-29" },
  { id: 9_007_199_254_740_993n, name: 'b"', price: "20.00", day: "1970-01-01" },
  { id: 3n, name: "c", price: "-3.25", day: "9999-12-31" },
] as const;

/** SQL text: wherever a statement, an expression or a FROM item is expected. */
export const textChapter: Chapter = {
  title: "text",
  declare({ test }) {
    test("[SEL37, SEL38] text with declared columns is a subquery, a CTE and a scalar", {}, async (conn) => {
      await withTables(conn, items, async (t) => {
        await conn.execute(insert(t).valuesList([...ROWS]));
        const text = sql`SELECT ${t.c.id}, ${t.c.price}, ${t.c.day} FROM ${t} WHERE ${t.c.price} > ${"0"}`;
        const typed = text.columns({ id: bigInteger(), price: numeric(10, 2), day: date() });
        const expected = [ROWS[0], ROWS[1]].map(({ id, price, day }) => ({ id, price, day }));
        const sub = typed.subquery("sub");
        expect(await conn.execute(select(sub.c.id, sub.c.price, sub.c.day).orderBy(sub.c.id)).all()).toEqual(expected);
        const cte = typed.cte("found");
        const joined = select(t.c.name, cte.c.price).join(cte, cte.c.id.eq(t.c.id)).orderBy(cte.c.price.desc());
        expect(await conn.execute(joined).tuples()).toEqual([
          ['b"', "20.00"],
          ["it's", "1.50"],
        ]);
        const most = sql`SELECT max(${t.c.id}) FROM ${t}`.columns({ id: bigInteger() }).scalar();
        expect(await conn.execute(select(t.c.name).where(t.c.id.eq(most))).scalars()).toEqual(['b"']);
        const ids = sql`SELECT ${t.c.id} FROM ${t} WHERE ${t.c.price} < ${0}`.columns({ id: bigInteger() });
        expect(await conn.execute(select(t.c.name).where(t.c.id.in(ids as never))).scalars()).toEqual(["c"]);
      });
    });

    test("[SEL38] text stands in the select list, in conditions, in GROUP BY and in ORDER BY", {}, async (conn) => {
      await withTables(conn, items, async (t) => {
        await conn.execute(insert(t).valuesList([...ROWS]));
        const doubled = sql`${t.c.price} * ${2}`.as(numeric(12, 2));
        expect(await conn.execute(select(doubled.label("x")).where(t.c.id.eq(1))).all()).toEqual([{ x: "3.00" }]);
        const first = sql`upper(${t.c.name})`.as(string());
        expect(
          await conn.execute(select(first.label("u"), t.c.id).where(first.ne("C")).orderBy(first)).tuples(),
        ).toEqual([
          ['B"', ROWS[1].id],
          ["IT'S", 1n],
        ]);
        expect(await conn.execute(select(first.label("u")).groupBy(first).orderBy(first.desc())).scalars()).toEqual([
          "IT'S",
          "C",
          'B"',
        ]);
        expect(
          await conn
            .execute(
              select(t.c.id).where(
                sql`${t.c.name} = ${"c"} OR 1 = 0`.as(boolean()),
                sql`${t.c.id} > ${2}`.as(boolean()),
              ),
            )
            .scalars(),
        ).toEqual([3n]);
      });
    });

    test("[SEL38] fragments, names, literals and lists are put together", {}, async (conn) => {
      await withTables(conn, items, async (t) => {
        await conn.execute(insert(t).valuesList([...ROWS]));
        const conditions = [sql`${t.c.id} < ${5}`, sql`${t.c.name} IN (${["it's", "x"]})`];
        const columns = ["id", "name"].map((name) => sql.identifier(name));
        const text = sql`SELECT ${sql.join(columns)}, ${sql.literal("it's -- '")} AS lit FROM ${sql.identifier("text_items")} WHERE ${sql.join(conditions, sql` AND `)}`;
        const rows = await conn.execute(text.columns({ id: bigInteger(), name: string(), lit: string() })).all();
        expect(rows).toEqual([{ id: 1n, name: "it's", lit: "it's -- '" }]);
        const values = sql.join([1, 2, 3], " + ");
        const sum = sql`(${values})`.as(integer());
        expect(await conn.execute(select(sum.label("s")).where(t.c.id.eq(1)).selectFrom(t)).scalar()).toBe(6);
        expect(await conn.execute(select(literal(1))).scalar()).toBe(1);
      });
    });
  },
};
