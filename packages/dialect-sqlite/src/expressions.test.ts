import { createEngine, insert, integer, MetaData, not, select, sql, string, Table } from "@acme/core";
import { describe, expect, test } from "vitest";
import "./index.js";

const metadata = new MetaData();
const words = new Table("words", metadata, { id: integer().primaryKey(), word: string(20) });
const { id, word } = words.c;

describe.each(["sqlite://", "sqlite+node://"])("[sqlite] expressions of %s", (url) => {
  // https://sqlite.org/fts5.html: the left side of MATCH is the table, or one of its columns.
  test("[EXP7] full-text search of an FTS5 table", async () => {
    await using engine = createEngine(url);
    await using conn = await engine.connect();
    await conn.execute(sql`CREATE VIRTUAL TABLE notes USING fts5(title, body)`);
    const notes = new Table("notes", new MetaData(), { title: string(), body: string() });
    await conn.execute(
      insert(notes).values(
        { title: "sql", body: "the language of databases" },
        { title: "tea", body: "no sql here, it's a drink" },
        { title: "nothing", body: "" },
      ),
    );
    const found = (condition: Parameters<ReturnType<typeof select>["where"]>[0]) =>
      conn.execute(select(notes.c.title).where(condition).orderBy(notes.c.title)).scalars();
    expect(await found(notes.c.body.match("sql"))).toEqual(["tea"]);
    expect(await found(notes.c.body.match("data* OR drink"))).toEqual(["sql", "tea"]);
    expect(await found(notes.c.title.match("sql").and(notes.c.body.match("language")))).toEqual(["sql"]);
  });

  test("[EXP15] collations compare and sort", async () => {
    await using engine = createEngine(url);
    await using conn = await engine.connect();
    await metadata.createAll(conn);
    await conn.execute(insert(words).values({ id: 1, word: "b" }, { id: 2, word: "A" }, { id: 3, word: "a " }));
    expect(await conn.execute(select(id).orderBy(word)).scalars()).toEqual([2, 3, 1]);
    expect(await conn.execute(select(id).orderBy(word.collate("NOCASE").desc())).scalars()).toEqual([1, 3, 2]);
    expect(await conn.execute(select(id).where(word.collate("NOCASE").eq("a"))).scalars()).toEqual([2]);
    expect(await conn.execute(select(id).where(word.collate("RTRIM").eq("a"))).scalars()).toEqual([3]);
    expect(
      await conn
        .execute(
          select(id)
            .where(not(word.concat("x").collate("NOCASE").eq("AX")))
            .orderBy(id),
        )
        .scalars(),
    ).toEqual([1, 3]);
  });
});
