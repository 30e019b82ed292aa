import {
  func,
  insert,
  integer,
  json,
  jsonAgg,
  jsonObject,
  largeBinary,
  literal,
  type MetaData,
  select,
  string,
  Table,
  text,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";

const declareBounds = (metadata: MetaData) =>
  new Table("bounds", metadata, {
    id: integer().primaryKey({ autoincrement: false }),
    t: text().nullable(),
    b: largeBinary().nullable(),
    j: json().nullable(),
  });

/** What lies at the edge of a type comes back as it went in, or is refused; it never comes back as something else. */
export const boundaryChapter: Chapter = {
  title: "boundaries of values",
  declare({ engine, test, has }) {
    test("half of a character is refused, bound and as a literal, in a list and in LIKE", {}, async (conn) => {
      for (const half of ["\ud83d", "a\ude00b", "\ude00\ud83d"]) {
        const refused = { name: "DataError", code: "VALUE_REFUSED" };
        const asked = (query: Parameters<typeof conn.execute>[0]) =>
          expect(async () => conn.execute(query).all()).rejects.toMatchObject(refused);
        await asked(select(literal(half).label("v")));
        await asked(select(literal(half, string(), { inline: true }).label("v")));
        await asked(select(literal(1).label("v")).where(literal("x").in([half])));
        await asked(select(literal(1).label("v")).where(literal("x").startsWith(half)));
      }
      expect(await conn.execute(select(literal("😀").label("v"))).scalar()).toBe("😀");
    });

    test("a NUL character is kept or refused by the database, in texts and in documents", {}, async () => {
      await withTables(engine(), declareBounds, async (bounds) => {
        for (const [id, row] of [{ t: "a\0b" }, { t: "\0" }, { j: { "k\0": "v" } }, { j: "x\0y" }].entries()) {
          const outcome = await engine()
            .begin(async (conn) => {
              await conn.execute(insert(bounds).values({ id, ...row } as never));
              return conn.execute(select(bounds.c.t, bounds.c.j).where(bounds.c.id.eq(id))).one();
            })
            .catch((error: Error) => error);
          if (outcome instanceof Error) expect(outcome.name).toBe("DataError");
          else expect(outcome).toEqual({ t: null, j: null, ...row });
        }
      });
    });

    test("all values of a byte, no bytes and a megabyte of them", {}, async (conn) => {
      await withTables(conn, declareBounds, async (bounds) => {
        const all: Uint8Array = new Uint8Array(256).map((_, i) => i);
        const many = new Uint8Array(2 ** 20).map((_, i) => (i * 31) % 256);
        await conn.execute(
          insert(bounds).valuesList([
            { id: 1, b: all },
            { id: 2, b: new Uint8Array(0) },
            { id: 3, b: many },
          ]),
        );
        const read = (id: number) => conn.execute(select(bounds.c.b).where(bounds.c.id.eq(id))).scalar();
        expect(await read(1)).toStrictEqual(all);
        if (has("emptyStringIsNotNull")) expect(await read(2)).toStrictEqual(new Uint8Array(0));
        expect(Buffer.compare((await read(3)) as Uint8Array, many)).toBe(0);
        expect(
          await conn.execute(select(literal(all, largeBinary(), { inline: true }).label("v"))).scalar(),
        ).toStrictEqual(all);
      });
    });

    test("a text of a million characters, and all of them in one text and in one document", {}, async (conn) => {
      await withTables(conn, declareBounds, async (bounds) => {
        const long = "é'\\\n😀x".repeat(150_000).slice(0, 1_000_000);
        const rows = Array.from({ length: 300 }, (_, id) => ({ id, t: `${"ab".repeat(3000)}${id}` }));
        await conn.execute(insert(bounds).valuesList(rows));
        await conn.execute(insert(bounds).values({ id: 1000, t: long, j: { long } }));
        const one = await conn.execute(select(bounds.c.t, bounds.c.j).where(bounds.c.id.eq(1000))).one();
        expect(one.t === long).toBe(true);
        expect((one.j as { long: string }).long === long).toBe(true);
        // More than MariaDB's and MySQL's own limit of an aggregated text.
        const joined = select(func.aggregateStrings(bounds.c.t, "|").label("v")).where(bounds.c.id.lt(300));
        expect(((await conn.execute(joined).scalar()) ?? "").split("|")).toHaveLength(300);
        const gathered = select(jsonAgg(jsonObject({ id: bounds.c.id, t: bounds.c.t })).label("v")).where(
          bounds.c.id.lt(300),
        );
        expect(await conn.execute(gathered).scalar()).toHaveLength(300);
      });
    });

    test("the empty string is a string, apart from NULL", { needs: "emptyStringIsNotNull" }, async (conn) => {
      await withTables(conn, declareBounds, async (bounds) => {
        await conn.execute(
          insert(bounds).valuesList([
            { id: 1, t: "" },
            { id: 2, t: null },
            { id: 3, t: " " },
          ]),
        );
        const found = (condition: Parameters<ReturnType<typeof select>["where"]>[0]) =>
          conn.execute(select(bounds.c.id).where(condition).orderBy(bounds.c.id)).scalars();
        expect(await found(bounds.c.t.isNull())).toEqual([2]);
        expect(await found(func.charLength(bounds.c.t).eq(0))).toEqual([1]);
        expect(await found(bounds.c.t.isNotDistinctFrom("").and(bounds.c.id.ne(3)))).toEqual([1]);
        expect(await conn.execute(select(bounds.c.t.concat("").label("v")).where(bounds.c.id.eq(1))).scalar()).toBe("");
        expect(await conn.execute(select(literal("", string(), { inline: true }).label("v"))).scalar()).toBe("");
      });
    });
  },
};
