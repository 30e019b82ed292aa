import {
  all_,
  any_,
  array,
  boolean,
  createEngine,
  delete_,
  type Engine,
  func,
  insert,
  integer,
  json,
  literal,
  MetaData,
  nextValue,
  not,
  select,
  sql,
  string,
  Table,
  text,
  update,
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

  it("[EXP20] elements and slices of arrays, from an end, to an end, of several dimensions, by an expression", async () => {
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

  it("[PG20] DISTINCT ON keeps the first row of each group", async () => {
    await using conn = await engine.connect();
    const size = func("cardinality", tags).returns(integer());
    const firsts = select(size.label("n"), id).distinctOn(size).orderBy(size, id.desc());
    expect(firsts.compile({ dialect: engine.dialect }).sql).toMatch(
      /^SELECT DISTINCT ON \(cardinality\(docs\.tags\)\) /,
    );
    expect(await conn.execute(firsts).tuples()).toEqual([
      [0, 2],
      [1, 3],
      [3, 1],
    ]);
  });

  it("[PG22] UPDATE ... FROM and DELETE ... USING", async () => {
    await using conn = await engine.connect();
    const rows = new Table("joined", new MetaData(), { id: integer().primaryKey(), title: string(50) });
    await rows.metadata.createAll(conn);
    await conn.execute(insert(rows).values({ id: 1, title: "x" }, { id: 2, title: "y" }, { id: 9, title: "z" }));
    const updating = update(rows).set({ title }).from(docs).where(rows.c.id.eq(id), id.lt(2));
    expect(updating.compile({ dialect: engine.dialect }).sql).toContain(" FROM docs WHERE ");
    expect((await conn.execute(updating)).rowCount).toBe(1);
    expect(await conn.execute(select(rows.c.title).orderBy(rows.c.id)).scalars()).toEqual(["Running rats", "y", "z"]);
    const deleting = delete_(rows).using(docs).where(rows.c.id.eq(id));
    expect(deleting.compile({ dialect: engine.dialect }).sql).toContain("DELETE FROM joined USING docs WHERE ");
    expect((await conn.execute(deleting)).rowCount).toBe(2);
    expect(await conn.execute(select(rows.c.id)).scalars()).toEqual([9]);
    await rows.metadata.dropAll(conn);
  });

  it("[PG24] ILIKE, regular expressions with flags, SIMILAR TO, ANY and ALL", async () => {
    const text = (condition: Parameters<ReturnType<typeof select>["where"]>[0]) =>
      select(id)
        .where(condition)
        .compile({ dialect: engine.dialect })
        .sql.replace(/^.*? WHERE /, "");
    const conditions: readonly (readonly [Parameters<typeof ids>[0], string, readonly number[]])[] = [
      [title.ilike("R%"), "docs.title ILIKE $1", [1]],
      [title.notIlike("%RAT%"), "docs.title NOT ILIKE $1", [3]],
      [title.regexpMatch("^[RZ]"), "docs.title ~ $1", [1, 3]],
      [title.regexpMatch("^r", { ignoreCase: true }), "docs.title ~* $1", [1]],
      [not(title.regexpMatch("rat")), "docs.title !~ $1", [3]],
      [not(title.regexpMatch("RAT", { ignoreCase: true })), "docs.title !~* $1", [3]],
      [title.regexpMatch("z e b r a", { flags: "ix" }), "docs.title ~ ('(?ix)' || $1)", [3]],
      [title.boolOp("SIMILAR TO", "(Run|Zeb)%"), "docs.title SIMILAR TO $1", [1, 3]],
      [literal("y").eq(any_(tags)), "$1 = ANY (docs.tags)", [1, 3]],
      [literal("y").eq(all_(tags)), "$1 = ALL (docs.tags)", [2, 3]],
      [
        id.gt(all_(select(docs.alias("o").c.id).where(sql`o.id < 3`.as(boolean())))),
        "docs.id > ALL (SELECT o.id FROM docs AS o WHERE o.id < 3)",
        [3],
      ],
    ];
    for (const [condition, sqlText, found] of conditions) {
      expect(text(condition)).toBe(sqlText);
      expect(await ids(condition), sqlText).toEqual(found);
    }
  });
});
