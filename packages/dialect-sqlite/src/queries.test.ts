import { createEngine, func, insert, integer, MetaData, select, sql, string, Table, values } from "@acme/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import "./index.js";

const metadata = new MetaData();
const docs = new Table("docs", metadata, { id: integer().primaryKey(), body: string(200).index("by_body") });

describe("[sqlite] queries", () => {
  const engine = createEngine("sqlite://");

  beforeAll(async () => {
    await metadata.createAll(engine);
    await engine.begin(async (conn) => {
      await conn.execute(insert(docs).values({ id: 1, body: '{"a": 1, "b": "x"}' }, { id: 2, body: "[7]" }));
    });
  });

  afterAll(() => engine.dispose());

  test("[SEL30] a function gives rows for each row on its left", async () => {
    await using conn = await engine.connect();
    const e = func("json_each", docs.c.body).tableValued("e", { key: string(), value: string() });
    expect(await conn.execute(select(e.c.key, e.c.value, docs.c.id).orderBy(docs.c.id, e.c.key)).tuples()).toEqual([
      ["a", 1, 1],
      ["b", "x", 1],
      [0, 7, 2],
    ]);
    const alone = func("json_each", "[5, 6]").tableValued("n", { value: integer() });
    expect(await conn.execute(select(alone.c.value)).scalars()).toEqual([5, 6]);
  });

  test("[SEL35] a hint on a table names its index", async () => {
    await using conn = await engine.connect();
    const stmt = select(docs.c.id).where(docs.c.body.eq("[7]"));
    expect(await conn.execute(stmt.withHint(docs, sql`INDEXED BY by_body`)).scalars()).toEqual([2]);
    await expect(async () => conn.execute(stmt.withHint(docs, sql`INDEXED BY missing`)).all()).rejects.toThrow(
      "no such index",
    );
  });

  test("[SEL26] a list of many values, bound and written out", async () => {
    await using conn = await engine.connect();
    const list = Array.from({ length: 10_000 }, (_, id) => ({ id }));
    const v = values({ id: integer() }, list, "v");
    expect(await conn.execute(select(func.count(v.c.id))).scalar()).toBe(10_000);
    const written = v.literal();
    expect(await conn.execute(select(func.max(written.c.id))).scalar()).toBe(9999);
  });
});
