import {
  AcmeError,
  and,
  CompileError,
  type Connection,
  case_,
  type Expression,
  func,
  insert,
  integer,
  literal,
  or,
  type Predicate,
  select,
  string,
  Table,
  update,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";
import { people } from "../store.js";

const { id, age, name } = people.c;
const range = (length: number): readonly number[] => Array.from({ length }, (_, i) => i);

/** Applies a step so many times. */
function nested<T>(times: number, start: T, step: (inner: T, level: number) => T): T {
  let made = start;
  for (let level = 0; level < times; level++) made = step(made, level);
  return made;
}

const ids = (conn: Connection, condition: Predicate): Promise<readonly number[]> =>
  conn.execute(select(id).where(condition).orderBy(id)).scalars();

/** What is too large for a database is refused with an error of the toolkit, and the connection goes on working. */
async function rightOrRefused<T>(conn: Connection, work: () => Promise<T>, expected: T): Promise<void> {
  const outcome = await work().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome) expect(outcome.error).toBeInstanceOf(AcmeError);
  else expect(outcome.value).toEqual(expected);
  expect(await conn.execute(select(func.count()).selectFrom(people)).scalarOne()).toBe(4);
}

/** Statements and tables of unusual size: right, or refused with a clear error. */
export const sizeChapter: Chapter = {
  title: "sizes",
  declare({ engine, test }) {
    test("[EXP3] IN a list of 5,000 values", {}, async (conn) => {
      expect(await ids(conn, id.in(range(5_000).slice(2)))).toEqual([2, 3, 4]);
      expect(await ids(conn, id.notIn(range(5_000).slice(2)))).toEqual([1]);
      expect(await ids(conn, id.in([...range(5_000), 4]))).toEqual([1, 2, 3, 4]);
    });

    test("more parameters than the database takes are refused before anything is sent", {}, async (conn) => {
      const { maxParameters } = engine().dialect.flags;
      const work = ids(conn, id.in(range(maxParameters + 1)));
      await expect(work).rejects.toThrow(CompileError);
      await expect(work).rejects.toMatchObject({ code: "TOO_MANY_PARAMETERS" });
      expect(await ids(conn, id.in([1]))).toEqual([1]);
    });

    test("[EXP12] an OR and an AND of 1,000 terms", {}, async (conn) => {
      expect(await ids(conn, or(...range(1_000).map((n) => id.eq(n + 3))))).toEqual([3, 4]);
      expect(await ids(conn, and(...range(1_000).map((n) => id.ne(n + 3))))).toEqual([1, 2]);
      const mixed = or(...range(500).map((n) => and(id.eq(n), name.ne("carol"))));
      expect(await ids(conn, mixed)).toEqual([1, 2, 4]);
    });

    test("[EXP19] 300 levels of arithmetic, of conditions, of CASE", {}, async (conn) => {
      const value = (item: Expression<number, string, string>) => () =>
        conn.execute(select(item.label("v")).selectFrom(people).where(id.eq(2))).scalarOne();
      await rightOrRefused(conn, value(nested<Expression<number, string, string>>(300, age, (x) => age.sub(x))), 30);
      await rightOrRefused(
        conn,
        value(nested<Expression<number, string, string>>(300, age, (x) => case_([[id.gt(0), x]], 0))),
        30,
      );
      const condition = nested<Predicate>(300, id.gt(2), (inner, level) =>
        level % 2 === 0 ? or(inner, id.eq(-level)) : and(inner, name.ne("x")),
      );
      await rightOrRefused(conn, () => ids(conn, condition), [3, 4]);
    });

    test("[SEL15] 50 and 300 subqueries, each in the FROM of the other", {}, async (conn) => {
      for (const levels of [50, 300]) {
        const query = nested(levels, select(id, age), (inner, level) => {
          const from = inner.subquery(`s${level}`);
          return select(from.c.id, from.c.age).where(from.c.id.gt(1)) as never;
        });
        await rightOrRefused(conn, async () => (await conn.execute(query).all()).length, 3);
      }
    });

    test("[SEL24] a UNION ALL of 300 queries", {}, async (conn) => {
      const one = select(literal(1).label("n"));
      const all = one.unionAll(...range(299).map((n) => select(literal(n + 2).label("n"))));
      const sub = all.subquery("u");
      await rightOrRefused(
        conn,
        async () => Number(await conn.execute(select(func.sum(sub.c.n))).scalarOne()),
        (300 * 301) / 2,
      );
    });

    test("tables of 200 and of 2,000 columns", {}, async (conn) => {
      for (const width of [200, 2_000]) {
        const columns = Object.fromEntries(range(width).map((n) => [`c${n}`, integer().nullable()]));
        const row = Object.fromEntries(range(width).map((n) => [`c${n}`, n]));
        await rightOrRefused(
          conn,
          async () => {
            let read: unknown;
            await withTables(
              conn,
              (metadata) => new Table(`wide_${width}`, metadata, columns),
              async (wide) => {
                await conn.execute(insert(wide).values(row));
                await conn.execute(update(wide).set({ [`c${width - 1}`]: width - 1 }));
                read = await conn.execute(select(...wide.columns)).one();
              },
            );
            return read;
          },
          row,
        );
      }
    });

    test("[DML2] 100,000 rows in one INSERT are split by the parameters that the database takes", {}, async (conn) => {
      await withTables(
        conn,
        (metadata) =>
          new Table("many", metadata, { id: integer().primaryKey({ autoincrement: false }), v: string(20) }),
        async (many) => {
          const inserted = await conn.transaction(() =>
            conn.execute(insert(many).valuesList(range(100_000).map((n) => ({ id: n, v: `v${n}` })))),
          );
          expect(inserted.rowCount).toBe(100_000);
          expect(await conn.execute(select(func.count()).selectFrom(many)).scalarOne()).toBe(100_000);
          expect(
            await conn
              .execute(
                select(many.c.v)
                  .where(many.c.id.in([0, 65_535, 99_999]))
                  .orderBy(many.c.id),
              )
              .scalars(),
          ).toEqual(["v0", "v65535", "v99999"]);
        },
      );
    });
  },
};
