import {
  func,
  literal,
  MultipleResultsFound,
  NoResultFound,
  NoSuchColumnError,
  ResourceClosedError,
  rowKey,
  select,
  sql,
} from "@acme/core";
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

    test("[RES7] columns are chosen and reordered by name, place and object", {}, async (conn) => {
      const result = await conn.execute(select(id, name, age).where(id.eq(2)));
      expect(result.columns("age", "id").tuples()).toEqual([[30, 2]]);
      expect(result.columns(1).scalars()).toEqual(["bob"]);
      expect(result.columns(people.c.name, "id").one()).toEqual({ name: "bob", id: 2 });
      expect(() => result.columns(items.c.title)).toThrow(NoSuchColumnError);
    });

    test("[RES10] unique gives each row once, at its first place", {}, async (conn) => {
      const ages = select(age).orderBy(id);
      expect(await conn.execute(ages).unique().scalars()).toEqual([50, 30, 41]);
      const rows = await conn
        .execute(select(id, age).orderBy(id))
        .unique((row) => row.age)
        .all();
      expect(rows.map((row) => row.id)).toEqual([1, 2, 4]);
    });

    test("[RES13] a frozen result is replayed, and takes other rows", {}, async (conn) => {
      const frozen = await conn
        .execute(select(id, people.c.active, people.c.balance).where(id.le(2)).orderBy(id))
        .freeze();
      const expected = [
        { id: 1, active: true, balance: expect.stringMatching(/^10\.50?$/) },
        { id: 2, active: true, balance: expect.stringMatching(/^0(\.00)?$/) },
      ];
      expect(frozen.result().all()).toEqual(expected);
      expect(frozen.result().all()).toEqual(expected);
      const again = frozen.withNewRows(frozen.result().tuples().reverse());
      expect(again.result().all()).toEqual([...expected].reverse());
    });

    test("[RES14] results are merged, each row converted as its own result says", {}, async (conn) => {
      const part = (key: number) => conn.execute(select(id, people.c.active).where(id.eq(key)));
      const [first, second, third] = [await part(1), await part(99), await part(4)];
      const merged = first.merge(second, third);
      expect(merged.all()).toEqual([
        { id: 1, active: true },
        { id: 4, active: false },
      ]);
      expect(merged.rowCount).toBe(2);
    });

    test("[RES15] a closed result refuses to be read", {}, async (conn) => {
      using result = await conn.execute(select(id));
      result.close();
      expect(result.closed).toBe(true);
      expect(() => result.all()).toThrow(ResourceClosedError);
    });

    test("[RES17][RES19] a row is a tuple, an object and a mapping, which compare and serialise", {}, async (conn) => {
      const result = await conn.execute(select(id, name).where(id.le(2)).orderBy(id));
      const [tuple] = result.tuples();
      const [row] = result.all();
      const [mapping, other] = result.mappings();
      expect([tuple?.[0], tuple?.slice(1), row?.name, mapping?.get(name)]).toEqual([1, ["alice"], "alice", "alice"]);
      expect([result.keys, [...(mapping ?? [])]]).toEqual([
        ["id", "name"],
        [
          ["id", 1],
          ["name", "alice"],
        ],
      ]);
      expect(mapping?.toObject()).toEqual(row);
      expect([mapping?.equals(result.mappings()[0] as never), mapping?.equals(other as never)]).toEqual([true, false]);
      const seen = new Set(result.all().map(rowKey));
      expect([seen.has(rowKey({ id: 2, name: "bob" })), seen.has(rowKey({ id: 2, name: "x" }))]).toEqual([true, false]);
      expect(structuredClone(row)).toEqual(row);
      expect(JSON.parse(JSON.stringify(mapping))).toEqual(row);
    });

    test("an AbortSignal that has fired stops the execution before it begins", {}, async (conn) => {
      const signal = AbortSignal.abort(new TypeError("enough"));
      await expect(async () => conn.execute(select(id), {}, { signal })).rejects.toMatchObject({ code: "CANCELLED" });
      expect(await conn.execute(select(literal(1))).scalar()).toBe(1);
    });
  },
};
