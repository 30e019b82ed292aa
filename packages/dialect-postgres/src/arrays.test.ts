import {
  array,
  createEngine,
  decorate,
  type Expression,
  enumeration,
  func,
  insert,
  integer,
  interval,
  literal,
  MetaData,
  numeric,
  select,
  sql,
  string,
  Table,
  text,
  uuid,
} from "@acme/core";
import { describe, expect, inject, it } from "vitest";
import { postgres } from "./dialect.js";
import { money } from "./native/index.js";
import "./index.js";
import { ownDatabase } from "./test-support.js";

const { postgresql } = inject("databases");
const t = new Table("t", new MetaData(), {
  id: integer().primaryKey(),
  tags: array(string(50)),
  notes: array(text()),
  kinds: array(enumeration(["a", "b"])),
  numbers: array(numeric(10, 2)),
  keys: array(uuid()),
  grid: array(array(integer())),
});
const UUID = "6f9619ff-8b86-4d11-b42d-00cf4fc964ff";

describe("arrays", () => {
  it("[TYP13] parameters are cast to the array's type where nothing beside them has it", () => {
    const write = (statement: Parameters<ReturnType<typeof postgres>["compile"]>[0]) =>
      postgres().compile(statement).sql;
    expect(write(select(t.c.id).where(array.contains(t.c.tags, ["a"])))).toBe("SELECT t.id FROM t WHERE t.tags @> $1");
    expect(write(select(literal<readonly (string | null)[]>(["a"], array(string(5))).label("x")))).toBe(
      "SELECT $1::VARCHAR[] AS x",
    );
    expect(
      write(select(literal<readonly (readonly (number | null)[] | null)[]>([[1]], array(array(integer()))).label("x"))),
    ).toBe("SELECT $1::INTEGER[][] AS x");
  });
});

describe("arrays of types with SQL around their values", () => {
  it("are refused: it would have to stand around each element", () => {
    const shouted = decorate(string(50), {
      name: "shouted",
      toDatabase: (value: string) => value,
      fromDatabase: (value) => value as string,
      columnExpression: (value) => func.upper(value as Expression<string>),
    });
    const list = array(shouted);
    const u = new Table("u", new MetaData(), { id: integer().primaryKey(), words: list });
    const refused = "postgresql has no arrays of shouted, whose values stand inside of SQL of its own";
    expect(() => postgres().compile(select(u.c.words))).toThrow(refused);
    expect(() => postgres().compile(insert(u).values({ id: 1, words: ["a"] }))).toThrow(refused);
    expect(() => postgres().compile(select(array.agg(literal("x", shouted))))).toThrow(refused);
    expect(() => postgres().compile(select(array.agg(literal(1, money() as never))))).toThrow("arrays of money");
  });
});

describe.skipIf(!postgresql.available)("[postgresql] arrays", () => {
  const database = ownDatabase();

  it("[TYP13] contains, containedBy, overlaps, concat, any, all, elements and slices", async () => {
    await using engine = createEngine(database.url);
    await using conn = await engine.connect();
    await t.metadata.createAll(conn);
    const row = {
      id: 1,
      tags: ["a", "it's", null],
      notes: ["x", "y"],
      kinds: ["a" as const],
      numbers: ["1.50" as const, "2.00" as const],
      keys: [UUID],
      grid: [
        [1, 2],
        [3, 4],
      ],
    };
    await conn.execute(insert(t).values(row));
    expect(await conn.execute(select(t.c.tags, t.c.grid, t.c.keys)).first()).toEqual({
      tags: row.tags,
      grid: row.grid,
      keys: row.keys,
    });
    const holds = async (condition: Parameters<ReturnType<typeof select>["where"]>[0]) =>
      (await conn.execute(select(t.c.id).where(condition)).all()).length === 1;
    expect(await holds(array.contains(t.c.tags, ["it's"]))).toBe(true);
    expect(await holds(array.contains(t.c.tags, ["b"]))).toBe(false);
    expect(await holds(array.contains(t.c.tags, t.c.tags))).toBe(false); // NULL is in no array.
    expect(await holds(array.containedBy(t.c.notes, ["x", "y", "z"]))).toBe(true);
    expect(await holds(array.overlaps(t.c.numbers, ["2.00", "9.00"]))).toBe(true);
    expect(await holds(array.overlaps(array.concat(t.c.kinds, ["b"]), ["b"]))).toBe(true);
    expect(await holds(array.any(t.c.tags, "a"))).toBe(true);
    expect(await holds(array.any(t.c.kinds, "b"))).toBe(false);
    expect(await holds(array.any(t.c.keys, UUID.toUpperCase()))).toBe(true);
    expect(await holds(array.all(t.c.numbers, "1.00", "gt"))).toBe(true);
    expect(await holds(array.all(t.c.numbers, "1.50", "gt"))).toBe(false);
    expect(await holds(t.c.tags.getItem(2).eq("it's"))).toBe(true);
    expect(await conn.execute(select(t.c.numbers.slice(2, 2))).scalar()).toEqual(["2.00"]);
    expect(await conn.execute(select(t.c.numbers.getItem(1))).scalar()).toBe("1.50");
    expect(await conn.execute(select(array.agg(t.c.id))).scalar()).toEqual([1]);
    await t.metadata.dropAll(conn);
  });

  it("[TYP8] intervals are read in every style that the session may have, and refused where they have months", async () => {
    await using engine = createEngine(database.url);
    await using conn = await engine.connect();
    const lengths = ["P1DT2H3M4.5S", "-P1DT2H3M4.5S", "PT0S", "-PT0.000001S", "PT23H", "P2D", "-P2D"];
    const mixed = sql`SELECT INTERVAL '-1 day +02:00:00' AS x`.columns({ x: interval() });
    const months = sql`SELECT INTERVAL '1 month' AS x`.columns({ x: interval() });
    for (const style of ["postgres", "iso_8601", "sql_standard"]) {
      await conn.execute(sql.text(`SET IntervalStyle = '${style}'`));
      for (const length of lengths) {
        expect(await conn.execute(select(literal(length, interval()))).scalar()).toBe(length);
      }
      expect(await conn.execute(mixed).scalar()).toBe("-PT22H");
      await expect(async () => conn.execute(months).scalar()).rejects.toThrow("has no fixed length");
    }
  });
});
