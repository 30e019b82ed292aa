import {
  type Connection,
  delete_,
  type Expression,
  func,
  insert,
  integer,
  literal,
  type MetaData,
  select,
  sql,
  string,
  Table,
  update,
} from "@acme/core";
import fc from "fast-check";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { hostileName, hostileText } from "../hostile.js";
import { withTables } from "../scratch.js";

const declareVictims = (metadata: MetaData) =>
  new Table("victims", metadata, { id: integer().primaryKey({ autoincrement: false }), v: string(4000) });

type Victims = ReturnType<typeof declareVictims>;

/** A value written into the SQL text. */
function inlined(text: string): Expression<string> {
  return literal(text, string(), { inline: true });
}

/** What went in comes back, by every way that a text can go; and the table is what it was. */
async function everyWay(conn: Connection, victims: Victims, text: string): Promise<void> {
  await conn.execute(delete_(victims));
  await conn.execute(insert(victims).values({ id: 1, v: text }, { id: 2, v: "other" }));
  const { id, v } = victims.c;
  const found = (condition: ReturnType<typeof v.eq>): Promise<readonly number[]> =>
    conn.execute(select(id).where(condition).orderBy(id)).scalars();
  expect(await conn.execute(select(v).where(id.eq(1))).scalarOne()).toBe(text);
  expect(await conn.execute(select(literal(text).label("t"))).scalarOne()).toBe(text);
  expect(await conn.execute(select(inlined(text).label("t"))).scalarOne()).toBe(text);
  expect(
    await conn
      .execute(sql`SELECT ${text} AS t FROM ${victims} WHERE ${id} = ${1}`.columns({ t: string() }))
      .scalarOne(),
  ).toBe(text);
  expect(await found(v.eq(text))).toContain(1);
  expect(await found(v.eq(inlined(text)))).toContain(1);
  expect(await found(v.in([text]))).toContain(1);
  expect(await found(v.startsWith(text))).toContain(1);
  expect(await found(v.endsWith(text))).toContain(1);
  expect(await found(v.contains(text))).toContain(1);
  await conn.execute(
    update(victims)
      .set({ v: inlined(text) })
      .where(v.eq("other")),
  );
  expect(await conn.execute(select(v).orderBy(id)).scalars()).toEqual([text, text]);
  expect(await conn.execute(select(func.count()).selectFrom(victims)).scalarOne()).toBe(2);
}

/** Texts and names made to break out of where they stand, on the live database and under its session modes. */
export const injectionChapter: Chapter = {
  title: "injection",
  declare({ test, has, sessionModes }) {
    for (const [mode, statements] of [["as the session comes", []] as const, ...Object.entries(sessionModes)]) {
      test(`[CMP19] no text leaves its literal, parameter or pattern: ${mode}`, {
        session: statements,
      }, async (conn) => {
        await withTables(conn, declareVictims, (victims) =>
          fc.assert(
            fc.asyncProperty(hostileText(), (text) => everyWay(conn, victims, text)),
            { numRuns: 40 },
          ),
        );
      });

      test(`[CMP15] no name leaves its quotes: ${mode}`, { session: statements }, async (conn) => {
        await fc.assert(
          fc.asyncProperty(
            hostileName({ quotes: has("quotesInNames") }),
            hostileName({ quotes: has("quotesInNames") }),
            async (name, label) => {
              await withTables(
                conn,
                (metadata) => new Table(`t${name}`, metadata, { id: integer(), odd: string(20).named(name) }),
                async (table) => {
                  await conn.execute(insert(table).values({ id: 1, odd: "v" }));
                  const alias = table.alias(label);
                  const item = alias.c.odd.label(label);
                  expect(await conn.execute(select(item).orderBy(item)).all()).toEqual([{ [label]: "v" }]);
                  const sub = select(item).subquery(label);
                  expect(await conn.execute(select(func.count()).selectFrom(sub)).scalarOne()).toBe(1);
                  const cte = select(item).cte(label);
                  expect(await conn.execute(select(func.count()).selectFrom(cte)).scalarOne()).toBe(1);
                },
              );
            },
          ),
          { numRuns: 12 },
        );
      });
    }
  },
};
