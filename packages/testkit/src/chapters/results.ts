import { func, literal, MultipleResultsFound, NoResultFound, select, sql } from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { items, people } from "../store.js";

const { id, name, age } = people.c;

/** Reading results. */
export const resultChapter: Chapter = {
  title: "results",
  declare({ test }) {
    test("[RES1][RES2] iterates and reads all rows, none included", {}, async (conn) => {
      const seen: string[] = [];
      for (const row of await conn.execute(select(name).orderBy(id))) seen.push(row.name);
      expect(seen).toEqual(["alice", "bob", "carol", "dave"]);
      expect(await conn.execute(select(name).where(id.gt(99))).all()).toEqual([]);
      expect(await conn.execute(select(name).where(id.gt(99))).tuples()).toEqual([]);
    });

    test("[RES3] first, one and oneOrNone are strict about the number of rows", {}, async (conn) => {
      const none = select(name).where(id.gt(99));
      const one = select(name).where(id.eq(1));
      const many = select(name).orderBy(id);
      expect(await conn.execute(one).one()).toEqual({ name: "alice" });
      expect(await conn.execute(one).oneOrNone()).toEqual({ name: "alice" });
      expect(await conn.execute(none).oneOrNone()).toBeUndefined();
      expect(await conn.execute(none).first()).toBeUndefined();
      expect(await conn.execute(many).first()).toEqual({ name: "alice" });
      await expect(conn.execute(none).one()).rejects.toThrow(NoResultFound);
      await expect(conn.execute(many).one()).rejects.toThrow(MultipleResultsFound);
      await expect(conn.execute(many).oneOrNone()).rejects.toThrow(MultipleResultsFound);
    });

    test("[RES4][RES5] scalars", {}, async (conn) => {
      expect(await conn.execute(select(func.count()).selectFrom(people)).scalar()).toBe(4);
      expect(await conn.execute(select(name, age).orderBy(id)).scalars(1)).toEqual([50, 30, 30, 41]);
      expect(await conn.execute(select(name).where(id.eq(99))).scalar()).toBeUndefined();
      await expect(conn.execute(select(name).where(id.eq(99))).scalarOne()).rejects.toThrow(NoResultFound);
      expect(await conn.execute(select(name).where(id.eq(99))).scalarOneOrNone()).toBeUndefined();
    });

    test("[RES6][RES18] mappings read by column object, also where names clash", {}, async (conn) => {
      const [row] = await conn
        .execute(select(id, items.c.id, items.c.title).join(items).orderBy(items.c.id).limit(1))
        .mappings();
      expect(row?.get(people.c.id)).toBe(1);
      expect(row?.get(items.c.id)).toBe(10);
      expect(row?.get("title")).toBe("lamp");
    });

    test("[RES20] two columns of one name, and columns without a name, are refused by name and read as tuples", {}, async (conn) => {
      const twice = select(id, items.c.id).join(items).orderBy(items.c.id).limit(1);
      await expect(conn.execute(twice).all()).rejects.toMatchObject({ code: "DUPLICATE_COLUMN" });
      await expect(conn.execute(twice).all()).rejects.toThrow(/label/);
      expect(await conn.execute(twice).tuples()).toEqual([[1, 10]]);
      const unnamed = select(id, age.add(1)).where(id.eq(1));
      await expect(conn.execute(unnamed).all()).rejects.toMatchObject({ code: "UNNAMED_COLUMN" });
      expect(await conn.execute(unnamed).tuples()).toEqual([[1, 51]]);
    });

    test("[RES12] knows its column names", {}, async (conn) => {
      expect((await conn.execute(select(id, name.label("who")).limit(1))).keys).toEqual(["id", "who"]);
    });

    test("[RES8] partitions", {}, async (conn) => {
      const sizes = [...(await conn.execute(select(id).orderBy(id))).partitions(3)].map((part) => part.length);
      expect(sizes).toEqual([3, 1]);
    });

    test("[RES28] text without types reads by the database's names", {}, async (conn) => {
      const rows = await conn.execute(sql`SELECT name AS who, age FROM people WHERE id = ${1}`).all();
      expect(rows.map((row) => row.who)).toEqual(["alice"]);
    });

    test("[ENG60] streams rows, tuples and partitions, and stops early without harm", {}, async (conn) => {
      const names: string[] = [];
      for await (const row of conn.stream(select(name).orderBy(id))) names.push(row.name);
      expect(names).toEqual(["alice", "bob", "carol", "dave"]);
      for await (const [first] of conn.stream(select(name).orderBy(id)).tuples()) {
        expect(first).toBe("alice");
        break;
      }
      const parts: number[] = [];
      for await (const part of conn.stream(select(id).orderBy(id)).partitions(3)) parts.push(part.length);
      expect(parts).toEqual([3, 1]);
      expect(await conn.execute(select(literal(1))).scalar()).toBe(1);
    });

    test("an AbortSignal that has fired stops the execution before it begins", {}, async (conn) => {
      const signal = AbortSignal.abort(new TypeError("enough"));
      await expect(async () => conn.execute(select(id), {}, { signal })).rejects.toMatchObject({ code: "CANCELLED" });
      expect(await conn.execute(select(literal(1))).scalar()).toBe(1);
    });
  },
};
