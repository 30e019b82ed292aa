import {
  CompileError,
  createEngine,
  type Engine,
  func,
  insert,
  integer,
  json,
  literal,
  MetaData,
  select,
  sql,
  string,
  Table,
  tableSample,
} from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import "./index.js";
import { ownDatabase } from "./test-support.js";

const { postgresql } = inject("databases");

const metadata = new MetaData();
const docs = new Table("docs", metadata, { id: integer().primaryKey(), body: json<unknown>() });

describe.skipIf(!postgresql.available)("[postgresql] functions and samples in FROM", () => {
  const database = ownDatabase();
  let engine: Engine;

  beforeAll(async () => {
    engine = createEngine(database.url);
    await metadata.createAll(engine);
    await engine.begin(async (conn) => {
      await conn.execute(
        insert(docs).values(
          {
            id: 1,
            body: [
              { a: 1, b: "x" },
              { a: 2, b: null },
            ],
          },
          { id: 2, body: [{ a: 3, b: "it's" }] },
        ),
      );
    });
  });

  afterAll(() => engine.dispose());

  it("[SEL30] a function gives rows for each row on its left, wherever it is named", async () => {
    await using conn = await engine.connect();
    const e = func("jsonb_array_elements", docs.c.body).tableValued("e", { value: json<{ a: number }>() });
    const rows = await conn.execute(select(e.c.value, docs.c.id).orderBy(docs.c.id)).tuples();
    expect(rows.map(([value, id]) => [id, value?.a])).toEqual([
      [1, 1],
      [1, 2],
      [2, 3],
    ]);
    const n = func("generate_series", 5, 7).tableValued("n", { value: integer() }, { ordinality: "at" });
    expect(await conn.execute(select(n.c.value, n.c.at).where(n.c.at.gt(1))).all()).toEqual([
      { value: 6, at: 2 },
      { value: 7, at: 3 },
    ]);
    const joined = select(docs.c.id, n.c.value).join(n, n.c.at.eq(docs.c.id)).orderBy(docs.c.id);
    expect(await conn.execute(joined).tuples()).toEqual([
      [1, 5],
      [2, 6],
    ]);
  });

  it("[SEL30] a function that joins implicitly is no cartesian product, one that does not is", async () => {
    const found = (joinsImplicitly: boolean): string[] => {
      const messages: string[] = [];
      const n = func("generate_series", 1, 2).tableValued("n", { value: integer() }, { joinsImplicitly });
      engine.dialect.compile(select(docs.c.id, n.c.value), { onCartesian: (message) => messages.push(message) });
      return messages;
    };
    expect(found(true)).toEqual([]);
    expect(found(false)).toHaveLength(1);
  });

  it("[SEL31] the columns of a record are named with their types", async () => {
    await using conn = await engine.connect();
    const r = func("jsonb_to_recordset", docs.c.body).tableValued(
      "r",
      { a: integer(), b: string(20) },
      { withTypes: true },
    );
    expect(await conn.execute(select(docs.c.id, r.c.a, r.c.b).orderBy(r.c.a)).tuples()).toEqual([
      [1, 1, "x"],
      [1, 2, null],
      [2, 3, "it's"],
    ]);
  });

  it("[SEL32] a function of one column is that column; a composite value has fields", async () => {
    await using conn = await engine.connect();
    const part = func("unnest", func("string_to_array", "a,b,c", ",")).columnValued("part", string());
    expect(await conn.execute(select(part).where(part.ne("b"))).all()).toEqual([{ part: "a" }, { part: "c" }]);
    await conn.execute(sql`CREATE TYPE pair AS (low int, high int)`);
    await conn.execute(sql`CREATE FUNCTION pair_of(n int) RETURNS pair LANGUAGE sql AS 'SELECT n, n + 1'`);
    expect(await conn.execute(select(func("pair_of", literal(4)).field("high", integer()))).all()).toEqual([
      { high: 5 },
    ]);
  });

  it("[SEL27] a sample of all rows is all rows, of none it is none", async () => {
    await using conn = await engine.connect();
    const all = tableSample(docs, "some", 100, { method: "bernoulli", seed: 3 });
    expect(await conn.execute(select(func.count(all.c.id))).scalar()).toBe(2);
    const none = tableSample(docs, "some", 0);
    expect(await conn.execute(select(none.c.id)).all()).toEqual([]);
    expect(() => tableSample(docs, "some", 101)).toThrow("A sample is of 0 to 100 percent, not 101.");
  });

  it("[SEL43] an engine warns of cartesian products, or refuses them", async () => {
    const e = func("generate_series", 1, 2).tableValued("e", { value: integer() }, { joinsImplicitly: false });
    const product = select(docs.c.id, e.c.value);
    const warned: Error[] = [];
    const listen = (warning: Error): void => void (warning.name === "CartesianProductWarning" && warned.push(warning));
    process.on("warning", listen);
    try {
      await using warning = createEngine(database.url);
      await using conn = await warning.connect();
      expect(await conn.execute(product).all()).toHaveLength(4);
      expect(await conn.execute(product).all()).toHaveLength(4);
      await new Promise((resolve) => setImmediate(resolve));
      expect(warned.map(({ message }) => message)).toEqual([expect.stringContaining("cartesian product")]);
      await using silent = createEngine(database.url, { lint: false });
      await using other = await silent.connect();
      expect(await other.execute(product).all()).toHaveLength(4);
      await new Promise((resolve) => setImmediate(resolve));
      expect(warned).toHaveLength(1);
    } finally {
      process.off("warning", listen);
    }
    await using strict = createEngine(database.url, { lint: "error" });
    await using conn = await strict.connect();
    await expect(async () => conn.execute(product).all()).rejects.toThrow(CompileError);
    expect(await conn.execute(select(docs.c.id).crossJoin(e)).all()).toHaveLength(4);
  });
});
