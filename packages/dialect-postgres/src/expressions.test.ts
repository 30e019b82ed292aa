import {
  array,
  createEngine,
  delete_,
  type Engine,
  insert,
  integer,
  json,
  MetaData,
  nextValue,
  not,
  select,
  sql,
  string,
  Table,
  text,
} from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import "./index.js";
import { ownDatabase } from "./test-support.js";

const { postgresql } = inject("databases");

const metadata = new MetaData();
const docs = new Table("docs", metadata, {
  id: integer().primaryKey(),
  title: string(50),
  tags: array(text()),
  grid: array(array(integer())).nullable(),
  body: json<{ a?: readonly (number | { b: string })[] }>().nullable(),
});
const { id, title, tags, grid, body } = docs.c;

describe.skipIf(!postgresql.available)("[postgresql] expressions", () => {
  const database = ownDatabase();
  let engine: Engine;

  beforeAll(async () => {
    engine = createEngine(database.url);
    await metadata.createAll(engine);
    await engine.begin(async (conn) => {
      await conn.execute(
        insert(docs).valuesList([
          {
            id: 1,
            title: "Running rats",
            tags: ["x", "y", "z"],
            grid: [
              [1, 2],
              [3, 4],
            ],
            body: { a: [5, { b: "c" }] },
          },
          { id: 2, title: "a rat's life", tags: [], grid: null, body: null },
          { id: 3, title: "Zebra", tags: ["y"], grid: [[9]], body: {} },
        ]),
      );
    });
  });

  afterAll(() => engine.dispose());

  const ids = async (condition: Parameters<ReturnType<typeof select>["where"]>[0]) => {
    await using conn = await engine.connect();
    return conn.execute(select(id).where(condition).orderBy(id)).scalars();
  };

  it("[EXP7] full-text search of a text, by the words of the session's language", async () => {
    await using conn = await engine.connect();
    await conn.execute(
      sql`ALTER DATABASE ${sql.identifier(new URL(database.url).pathname.slice(1))} SET default_text_search_config = 'english'`,
    );
    await using fresh = createEngine(database.url);
    await using other = await fresh.connect();
    const found = (condition: Parameters<ReturnType<typeof select>["where"]>[0]) =>
      other.execute(select(id).where(condition).orderBy(id)).scalars();
    expect(await found(title.match("rat"))).toEqual([1, 2]);
    expect(await found(title.match("run rat"))).toEqual([1]);
    expect(await found(not(title.match("run rat")))).toEqual([2, 3]);
  });

  it("[EXP15] collations compare and sort", async () => {
    await using conn = await engine.connect();
    expect(await conn.execute(select(id).orderBy(title.collate("C"))).scalars()).toEqual([1, 3, 2]);
    expect(await conn.execute(select(id).orderBy(title.collate("und-x-icu"))).scalars()).toEqual([2, 1, 3]);
    expect(await ids(title.collate("C").lt("a"))).toEqual([1, 3]);
    expect(await ids(title.collate("C", { schema: "pg_catalog" }).gt("Z"))).toEqual([2, 3]);
  });

  it("[EXP20][PG26] elements and slices of arrays, from an end, to an end, of several dimensions, by an expression", async () => {
    await using conn = await engine.connect();
    const of = async (expression: { label(name: "v"): unknown }, row = 1) =>
      conn.execute(select(expression.label("v") as ReturnType<typeof id.label<"v">>).where(id.eq(row))).scalar();
    expect(await of(tags.getItem(2))).toBe("y");
    expect(await of(tags.getItem(id.add(2)))).toBe("z");
    expect(await of(tags.getItem(4))).toBeNull();
    expect(await of(tags.slice(2))).toEqual(["y", "z"]);
    expect(await of(tags.slice(undefined, 2))).toEqual(["x", "y"]);
    expect(await of(tags.slice(id.add(1), 3))).toEqual(["y", "z"]);
    expect(await of(tags.slice(1, 2).getItem(2))).toBe("y");
    expect(await of(array.concat(tags, ["w"]).getItem(4))).toBe("w");
    expect(await of(grid.slice(2, 2))).toEqual([[3, 4]]);
    expect(await of(grid.getItem(1), 2)).toBeNull();
    expect(await ids(tags.getItem(1).eq("y"))).toEqual([3]);
  });

  it("[EXP20] what stands under a key of a document", async () => {
    await using conn = await engine.connect();
    const value = body.getItem("a");
    expect(await conn.execute(select(value.label("v")).orderBy(id)).scalars()).toEqual([[5, { b: "c" }], null, null]);
  });

  it("[EXP34] the next value of a sequence, in values, queries and with a name that is quoted twice", async () => {
    await using conn = await engine.connect();
    await conn.execute(sql`CREATE SEQUENCE plain START 41`);
    await conn.execute(sql`CREATE SCHEMA "my's"`);
    await conn.execute(sql`CREATE SEQUENCE "my's"."Se.q" START 9007199254740993`);
    expect(await conn.execute(select(nextValue("plain"))).one()).toEqual({ next_value: 41n });
    const other = nextValue("Se.q", { schema: "my's" });
    expect(await conn.execute(select(other)).scalar()).toBe(9007199254740993n);
    const stored = insert(docs)
      .values({ id: nextValue("plain", { type: integer() }), title: "new", tags: [] })
      .returning(id);
    expect(await conn.execute(stored).scalar()).toBe(42);
    await conn.execute(delete_(docs).where(id.eq(42)));
  });
});
