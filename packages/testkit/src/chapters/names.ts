import { delete_, func, insert, integer, literal, select, selectAll, sql, string, Table, update } from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";

/** Names that must be quoted, and texts that must never be taken for SQL. */
const NAMES = [
  "select",
  "Order",
  "with space",
  'quo"te',
  "back`tick",
  "apos'trophe",
  "semi;colon",
  "per%cent",
  "br[ack]et",
  "ünï",
  "日本",
  "dash-dash--",
  "a.b",
  ":x",
  "$1",
  "?",
];
const TEXTS = [
  "'",
  "''",
  '"',
  "`",
  "\\",
  "\\'",
  "%",
  "_",
  ";",
  "--",
  "/*",
  "*/",
  "'; DROP TABLE victims; --",
  "\\'; DROP TABLE victims; --",
  "$1",
  ":x",
  "?",
  "@p1",
  "\n",
  "\r\n",
  "\t",
  "😀",
  "e\u0301",
  "x".repeat(200),
];

/** Quoting of identifiers and values. */
export const nameChapter: Chapter = {
  title: "names and texts",
  declare({ test }) {
    for (const name of NAMES) {
      test(
        `[CMP15] a table, column and label named ${JSON.stringify(name)}`,
        name.includes('"') ? { needs: "quotesInNames" } : {},
        async (conn) => {
          await withTables(
            conn,
            (metadata) =>
              new Table(name, metadata, { id: integer().primaryKey({ autoincrement: false }), [name]: string(20) }),
            async (table) => {
              const column = table.c[name] as (typeof table.c)[string];
              await conn.execute(insert(table).values({ id: 1, [name]: "v" } as never));
              await conn.execute(
                update(table)
                  .set({ [name]: "w" } as never)
                  .where(column.eq("v" as never)),
              );
              expect(await conn.execute(selectAll(table)).all()).toEqual([{ id: 1, [name]: "w" }]);
              expect(await conn.execute(select(table.c.id.label(name))).all()).toEqual([{ [name]: 1 }]);
              const sub = select(column.label("v")).subquery(name);
              expect(await conn.execute(select(sub.c.v)).scalars()).toEqual(["w"]);
              expect(
                await conn.execute(sql`SELECT ${column} AS v FROM ${table}`.columns({ v: string() })).scalars(),
              ).toEqual(["w"]);
              expect((await conn.execute(delete_(table).where(column.eq("w" as never)))).rowCount).toBe(1);
            },
          );
        },
      );
    }

    test("[CMP22] labels of 200 characters that begin alike are told apart everywhere", {}, async (conn) => {
      const first = "é".repeat(100) + "x".repeat(99);
      const item = literal(1).label(`${first}1`);
      const other = literal(2).label(`${first}2`);
      expect(await conn.execute(select(item, other).orderBy(other)).all()).toEqual([
        { [`${first}1`]: 1, [`${first}2`]: 2 },
      ]);
      for (const from of [select(item, other).subquery("s"), select(item, other).cte("c")]) {
        const [, second] = from.columns;
        expect(await conn.execute(select(second as NonNullable<typeof second>)).all()).toEqual([{ [`${first}2`]: 2 }]);
      }
    });

    test("[CMP19] texts stay texts: bound, in LIKE, in IN, and written as literals", {}, async (conn) => {
      await withTables(
        conn,
        (metadata) =>
          new Table("victims", metadata, { id: integer().primaryKey({ autoincrement: false }), v: string(300) }),
        async (victims) => {
          await conn.execute(insert(victims).valuesList(TEXTS.map((v, id) => ({ id, v }))));
          expect(await conn.execute(select(victims.c.v).orderBy(victims.c.id)).scalars()).toEqual(TEXTS);
          for (const [id, text] of TEXTS.entries()) {
            const found = (condition: Parameters<ReturnType<typeof select>["where"]>[0]) =>
              conn.execute(select(victims.c.id).where(condition)).scalars();
            expect(await found(victims.c.v.startsWith(text)), text).toContain(id);
            expect(await found(victims.c.v.in([text])), text).toEqual([id]);
            expect(
              await conn.execute(select(literal(text, string(), { inline: true }).label("t"))).scalar(),
              text,
            ).toBe(text);
          }
          expect(await conn.execute(select(func.count()).selectFrom(victims)).scalar()).toBe(TEXTS.length);
        },
      );
    });
  },
};
