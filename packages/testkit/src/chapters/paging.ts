import {
  ArgumentError,
  type Connection,
  desc,
  insert,
  integer,
  keyset,
  MetaData,
  select,
  string,
  Table,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { items, people } from "../store.js";

const { id, name, nick, age } = people.c;

/** Rows for paging: few values, many of them NULL, so that every element of an order has ties. */
const metadata = new MetaData();
const marks = new Table("marks", metadata, {
  id: integer().primaryKey({ autoincrement: false }),
  a: integer().nullable(),
  b: string(5).nullable(),
  c: integer(),
});

/** A generator of numbers that gives the same ones in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state % below;
  };
}

const next = numbers(7);
const MARKS = Array.from({ length: 60 }, (_, i) => ({
  id: i + 1,
  a: [null, 1, 2, 3][next(4)] ?? null,
  b: [null, "x", "y"][next(3)] ?? null,
  c: next(3),
}));

const rows = select(marks.c.id, marks.c.a, marks.c.b, marks.c.c);
type Row = { readonly id: number; readonly a: number | null; readonly b: string | null; readonly c: number };

/** Every mixture of directions and places of NULL of one column. */
const ways = <C extends typeof marks.c.a | typeof marks.c.b>(column: C) =>
  [column.asc(), column.desc()].flatMap((order) => [order, order.nullsFirst(), order.nullsLast()]);

/** Row limits and pages. */
export const pagingChapter: Chapter = {
  title: "paging",
  declare({ test }) {
    test("[SEL9] a slice, and no rows at all", {}, async (conn) => {
      const all = select(id).orderBy(id);
      expect(await conn.execute(all.slice(1, 3)).scalars()).toEqual([2, 3]);
      expect(await conn.execute(all.slice(0, 1)).scalars()).toEqual([1]);
      expect(await conn.execute(all.slice(2)).scalars()).toEqual([3, 4]);
      expect(await conn.execute(all.limit(0).offset(1)).scalars()).toEqual([]);
      expect(await conn.execute(select(id).union(select(items.c.id)).orderBy(id).limit(0)).scalars()).toEqual([]);
    });

    test("[SEL10] the first rows with those that tie with the last", {}, async (conn) => {
      const byAge = select(name, age.label("years")).orderBy(age);
      const names = async (stmt: typeof byAge): Promise<unknown[]> => [...(await conn.execute(stmt).scalars())].sort();
      expect(await names(byAge.fetch(1, { withTies: true }))).toEqual(["bob", "carol"]);
      expect(await names(byAge.fetch(3, { withTies: true }))).toEqual(["bob", "carol", "dave"]);
      expect(await names(byAge.offset(2).fetch(1, { withTies: true }))).toEqual(["dave"]);
      expect(await names(byAge.fetch(2).offset(2))).toEqual(["alice", "dave"]);
      expect(await conn.execute(byAge.orderBy(null, desc("years")).fetch(1, { withTies: true })).all()).toEqual([
        { name: "alice", years: 50 },
      ]);
      const distinct = select(age).distinct().orderBy(age).fetch(2, { withTies: true });
      expect(await conn.execute(distinct).scalars()).toEqual([30, 41]);
    });

    test("[SEL10] a percentage of the rows, rounded up", {}, async (conn) => {
      const byId = select(id).orderBy(id);
      expect(await conn.execute(byId.fetch(50, { percent: true })).scalars()).toEqual([1, 2]);
      expect(await conn.execute(byId.fetch(51, { percent: true })).scalars()).toEqual([1, 2, 3]);
      expect(await conn.execute(byId.fetch(1, { percent: true })).scalars()).toEqual([1]);
      const ages = select(age).orderBy(age).fetch(25, { percent: true, withTies: true });
      expect(await conn.execute(ages).scalars()).toEqual([30, 30]);
      const both = select(age).union(select(items.c.price)).orderBy(age).fetch(50, { percent: true });
      expect(await conn.execute(both).scalars()).toEqual([1, 5, 7, 30]);
    });

    test("the first row of each group by DISTINCT ON", {}, async (conn) => {
      const dearest = select(items.c.ownerId, items.c.title)
        .distinctOn(items.c.ownerId)
        .where(items.c.ownerId.isNotNull())
        .orderBy(items.c.ownerId, items.c.price.desc());
      expect(await conn.execute(dearest).tuples()).toEqual([
        [1, "desk"],
        [2, "pen"],
      ]);
      expect(await conn.execute(dearest.limit(1).offset(1)).tuples()).toEqual([[2, "pen"]]);
    });

    test("pages by position are the whole list, in every mixture of directions and NULLs", {}, async (conn) => {
      await metadata.createAll(conn);
      try {
        await conn.execute(insert(marks).values(...MARKS));
        for (const [i, a] of ways(marks.c.a).entries()) {
          for (const [j, b] of ways(marks.c.b).entries()) {
            const order = (i + j) % 2 === 0 ? [a, b, marks.c.id.desc()] : [b, marks.c.c.desc(), a, marks.c.id];
            await pageThrough(conn, order, 7 + ((i * 6 + j) % 5));
          }
        }
      } finally {
        await metadata.dropAll(conn);
      }
    });

    test("a position is a row or its cursor, and any other is refused", {}, async (conn) => {
      const pages = keyset(select(id, name, nick), nick, id);
      const [first] = await conn.execute(pages.first(1)).all();
      const cursor = pages.cursor(first as { id: number; name: string; nick: string | null });
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(await conn.execute(pages.after(cursor, 9)).all()).toHaveLength(3);
      expect(() => pages.after(keyset(select(id, name), name, id).cursor({ id: 1, name: "x" }), 1)).toThrow(
        ArgumentError,
      );
      expect(() => pages.after("nonsense", 1)).toThrow("This is no cursor of these pages.");
      expect(() => keyset(select(id), name)).toThrow(/which the query does not select under a name/);
      expect(() => keyset(select(id))).toThrow("Pages need an order.");
    });
  },
};

type Order = Parameters<typeof keyset<readonly never[], never, unknown>>[1];

/** Compares pages, forwards by rows and backwards by cursors, with the list that the same order gives at once. */
async function pageThrough(conn: Connection, order: readonly Order[], size: number): Promise<void> {
  const whole: readonly Row[] = await conn.execute(rows.orderBy(...(order as readonly never[]))).all();
  const pages = keyset(rows, ...(order as readonly never[]));
  const forwards: Row[] = await conn.execute(pages.first(size)).all();
  for (let more: Row[] = forwards; more.length > 0; forwards.push(...more))
    more = await conn.execute(pages.after(forwards.at(-1) as Row, size)).all();
  expect(forwards).toEqual(whole);
  const backwards: Row[] = await conn.execute(pages.last(size)).all();
  for (let more: Row[] = backwards; more.length > 0; backwards.push(...more))
    more = await conn.execute(pages.before(pages.cursor(backwards.at(-1) as Row), size)).all();
  expect(backwards.reverse()).toEqual(whole);
}
