import { createEngine, type Engine, insert, integer, json, jsonPath, MetaData, select, Table } from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { mariadb, mysql } from "./index.js";
import { provision, type TestDatabase } from "./test-support.js";

const databases = inject("databases");
const t = new Table("docs", new MetaData(), { id: integer().primaryKey(), doc: json().nullable() });
const part = (key: string) => jsonPath(t.c.doc, key);
const ALL = {
  text: part("text").asString(),
  whole: part("whole").asInteger(),
  big: part("big").asBigInteger(),
  real: part("real").asNumber(),
  exact: part("exact").asNumeric(10, 2),
  truth: part("truth").asBoolean(),
  object: part("object"),
};

// JSON_VALUE of MySQL cuts off, JSON_UNQUOTE makes a text of null: https://dev.mysql.com/doc/refman/8.4/en/json-modification-functions.html
test("[MY29] a part of a document is JSON_EXTRACT, unquoted (by JSON_VALUE on MariaDB) and cast to what is asked for", () => {
  const write = (key: keyof typeof ALL) =>
    [mysql(), mariadb()].map((dialect) => {
      const { sql } = dialect.compile(select(ALL[key].label("x")));
      return sql
        .replaceAll(`JSON_EXTRACT(docs.doc, '$."${key}"')`, "PART")
        .replace(/^SELECT (.*) AS x FROM docs$/, "$1");
    });
  expect(
    Object.fromEntries(Object.keys(ALL).map((key) => [key, write(key as keyof typeof ALL)])),
  ).toMatchInlineSnapshot(`
    {
      "big": [
        "CAST(CASE JSON_TYPE(PART) WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(PART) END AS SIGNED)",
        "CAST(JSON_VALUE(docs.doc, '$."big"') AS SIGNED)",
      ],
      "exact": [
        "CAST(CASE JSON_TYPE(PART) WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(PART) END AS DECIMAL(10, 2))",
        "CAST(JSON_VALUE(docs.doc, '$."exact"') AS DECIMAL(10, 2))",
      ],
      "object": [
        "PART",
        "PART",
      ],
      "real": [
        "CAST(CASE JSON_TYPE(PART) WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(PART) END AS DOUBLE)",
        "CAST(JSON_VALUE(docs.doc, '$."real"') AS DOUBLE)",
      ],
      "text": [
        "CASE JSON_TYPE(PART) WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(PART) END",
        "JSON_VALUE(docs.doc, '$."text"')",
      ],
      "truth": [
        "CASE JSON_UNQUOTE(PART) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
        "CASE JSON_UNQUOTE(PART) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
      ],
      "whole": [
        "CAST(CASE JSON_TYPE(PART) WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(PART) END AS SIGNED)",
        "CAST(JSON_VALUE(docs.doc, '$."whole"') AS SIGNED)",
      ],
    }
  `);
});

for (const name of ["mariadb", "mysql"] as const) {
  const found = databases[name];
  describe.skipIf(!found.available)(`[${name}] parts of documents`, () => {
    let database: TestDatabase;
    let engine: Engine;

    beforeAll(async () => {
      database = await provision(found.available ? found.url : "");
      engine = createEngine(database.url);
      await t.metadata.createAll(engine);
    });

    afterAll(async () => {
      await engine.dispose();
      await database.drop();
    });

    test("[MY29] are values of the type that was asked for, unquoted; null and what is missing are NULL", async () => {
      await using conn = await engine.connect();
      const text = `it's "ü" \\ ${"x".repeat(600)}`;
      const doc = { text, whole: -5, big: 2 ** 52, real: 0.1, exact: 12.5, truth: true, object: { a: ["1", null] } };
      const nothing = Object.fromEntries(Object.keys(ALL).map((key) => [key, null]));
      await conn.execute(insert(t), [
        { id: 1, doc },
        { id: 2, doc: {} },
        { id: 3, doc: nothing },
        { id: 4, doc: null },
      ]);
      const read = select(...Object.entries(ALL).map(([key, item]) => item.label(key))).orderBy(t.c.id);
      expect(await conn.execute(read).all()).toEqual([
        { ...doc, big: 2n ** 52n, exact: "12.50" },
        nothing,
        nothing,
        nothing,
      ]);
      const ids = select(t.c.id).where(ALL.text.eq(text), ALL.whole.lt(0), ALL.truth.eq(true), ALL.exact.eq("12.5"));
      expect(await conn.execute(ids).scalars()).toEqual([1]);
    });
  });
}
