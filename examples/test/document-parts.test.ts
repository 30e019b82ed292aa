import { integer, json, jsonPath, jsonSet, MetaData, type Node, select, Table, update } from "@acme/core";
import { mssql } from "@acme/dialect-mssql";
import { mariadb, mysql } from "@acme/dialect-mysql";
import { oracle } from "@acme/dialect-oracle";
import { postgres } from "@acme/dialect-postgres";
import { sqlite } from "@acme/dialect-sqlite";
import { expect, test } from "vitest";

const pages = new Table("pages", new MetaData(), { id: integer().primaryKey(), meta: json() });
const { meta } = pages.c;
const DIALECTS = [postgres(), mysql(), mariadb(), sqlite(), oracle({ version: 21 }), mssql()];

/** The statement in each dialect, a line each. */
function texts(statement: Node): string {
  return DIALECTS.map((dialect) => `${dialect.name}: ${statement.compile({ dialect }).sql}`).join("\n");
}

test("[DML17] a key of a document is set to a text", () => {
  expect(texts(update(pages).setPart(jsonPath(meta, "lang").asString(), "en"))).toMatchInlineSnapshot(`
    "postgresql: UPDATE pages SET meta = CASE WHEN jsonb_typeof(pages.meta) = 'object' THEN jsonb_set(pages.meta, ARRAY['lang'], coalesce(to_jsonb($1::TEXT), 'null')) ELSE pages.meta END
    mysql: UPDATE pages SET meta = CASE WHEN JSON_TYPE(pages.meta) = 'OBJECT' THEN JSON_SET(pages.meta, '$."lang"', CAST(? AS CHAR)) ELSE pages.meta END
    mariadb: UPDATE pages SET meta = CASE WHEN JSON_TYPE(pages.meta) = 'OBJECT' THEN JSON_SET(pages.meta, '$."lang"', CAST(? AS CHAR)) ELSE pages.meta END
    sqlite: UPDATE pages SET meta = CASE WHEN json_type(pages.meta, '$') = 'object' THEN json_set(pages.meta, '$."lang"', ?) ELSE pages.meta END
    oracle: UPDATE pages SET meta = CASE WHEN JSON_EXISTS(pages.meta, '$?(@.type() == "object")') THEN JSON_TRANSFORM(pages.meta, SET '$."lang"' = :1 NULL ON NULL RETURNING CLOB) ELSE pages.meta END
    mssql: UPDATE pages SET meta = CASE WHEN NOT (EXISTS (SELECT 1 FROM OPENJSON(CASE WHEN ISJSON(CONCAT(N'[', pages.meta, N']')) = 1 THEN CONCAT(N'[', pages.meta, N']') END) WHERE [key] = N'0' AND [type] = 5)) THEN pages.meta WHEN @p1 IS NULL THEN JSON_MODIFY(JSON_MODIFY(pages.meta, N'$."lang"', 0), N'strict $."lang"', NULL) ELSE JSON_MODIFY(pages.meta, N'$."lang"', CAST(@p1 AS NVARCHAR(max))) END"
  `);
});

test("[DML17] an element of an array in a document is set to JSON", () => {
  expect(texts(update(pages).setPart(jsonPath(meta, "tags", 0), { a: 1 }))).toMatchInlineSnapshot(`
    "postgresql: UPDATE pages SET meta = CASE WHEN jsonb_typeof(pages.meta #> ARRAY['tags']) = 'array' AND pages.meta #> ARRAY['tags', '0'] IS NOT NULL THEN jsonb_set(pages.meta, ARRAY['tags', '0'], coalesce(to_jsonb($1::JSONB), 'null')) ELSE pages.meta END
    mysql: UPDATE pages SET meta = CASE WHEN JSON_TYPE(JSON_EXTRACT(pages.meta, '$."tags"')) = 'ARRAY' AND JSON_CONTAINS_PATH(pages.meta, 'one', '$."tags"[0]') THEN JSON_SET(pages.meta, '$."tags"[0]', JSON_EXTRACT(?, '$')) ELSE pages.meta END
    mariadb: UPDATE pages SET meta = CASE WHEN JSON_TYPE(JSON_EXTRACT(pages.meta, '$."tags"')) = 'ARRAY' AND JSON_CONTAINS_PATH(pages.meta, 'one', '$."tags"[0]') THEN JSON_SET(pages.meta, '$."tags"[0]', JSON_EXTRACT(?, '$')) ELSE pages.meta END
    sqlite: UPDATE pages SET meta = CASE WHEN json_type(pages.meta, '$."tags"') = 'array' AND json_type(pages.meta, '$."tags"[0]') IS NOT NULL THEN json_set(pages.meta, '$."tags"[0]', json(?)) ELSE pages.meta END
    oracle: UPDATE pages SET meta = CASE WHEN JSON_EXISTS(pages.meta, '$."tags"?(@.type() == "array")') AND JSON_EXISTS(pages.meta, '$."tags"[0]') THEN JSON_TRANSFORM(pages.meta, SET '$."tags"[0]' = :1 FORMAT JSON NULL ON NULL RETURNING CLOB) ELSE pages.meta END
    mssql: UPDATE pages SET meta = CASE WHEN NOT (EXISTS (SELECT 1 FROM OPENJSON(CASE WHEN ISJSON(pages.meta) = 1 THEN pages.meta END) WHERE [key] = N'tags' AND [type] = 4) AND EXISTS (SELECT 1 FROM OPENJSON(CASE WHEN ISJSON(pages.meta) = 1 THEN pages.meta END, N'$."tags"') WHERE [key] = N'0')) THEN pages.meta WHEN @p1 IS NULL THEN JSON_MODIFY(JSON_MODIFY(pages.meta, N'$."tags"[0]', 0), N'strict $."tags"[0]', NULL) ELSE JSON_MODIFY(pages.meta, N'$."tags"[0]', JSON_QUERY(@p1, N'strict $')) END"
  `);
});

test("[DML17] a truth value", () => {
  expect(texts(update(pages).setPart(jsonPath(meta, "a").asBoolean(), true))).toMatchInlineSnapshot(`
    "postgresql: UPDATE pages SET meta = CASE WHEN jsonb_typeof(pages.meta) = 'object' THEN jsonb_set(pages.meta, ARRAY['a'], coalesce(to_jsonb($1::BOOLEAN), 'null')) ELSE pages.meta END
    mysql: UPDATE pages SET meta = CASE WHEN JSON_TYPE(pages.meta) = 'OBJECT' THEN JSON_SET(pages.meta, '$."a"', JSON_EXTRACT(CASE ? WHEN 1 THEN 'true' WHEN 0 THEN 'false' END, '$')) ELSE pages.meta END
    mariadb: UPDATE pages SET meta = CASE WHEN JSON_TYPE(pages.meta) = 'OBJECT' THEN JSON_SET(pages.meta, '$."a"', JSON_EXTRACT(CASE ? WHEN 1 THEN 'true' WHEN 0 THEN 'false' END, '$')) ELSE pages.meta END
    sqlite: UPDATE pages SET meta = CASE WHEN json_type(pages.meta, '$') = 'object' THEN json_set(pages.meta, '$."a"', json(CASE ? WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)) ELSE pages.meta END
    oracle: UPDATE pages SET meta = CASE WHEN JSON_EXISTS(pages.meta, '$?(@.type() == "object")') THEN JSON_TRANSFORM(pages.meta, SET '$."a"' = CASE :1 WHEN 1 THEN 'true' WHEN 0 THEN 'false' END FORMAT JSON NULL ON NULL RETURNING CLOB) ELSE pages.meta END
    mssql: UPDATE pages SET meta = CASE WHEN NOT (EXISTS (SELECT 1 FROM OPENJSON(CASE WHEN ISJSON(CONCAT(N'[', pages.meta, N']')) = 1 THEN CONCAT(N'[', pages.meta, N']') END) WHERE [key] = N'0' AND [type] = 5)) THEN pages.meta WHEN @p1 IS NULL THEN JSON_MODIFY(JSON_MODIFY(pages.meta, N'$."a"', 0), N'strict $."a"', NULL) ELSE JSON_MODIFY(pages.meta, N'$."a"', CAST(@p1 AS BIT)) END"
  `);
});

test("[DML17] a document with a part set is an expression", () => {
  const made = jsonSet(jsonPath(meta, "size").asInteger(), 5);
  expect(select(made).compile({ dialect: sqlite() }).sql).toMatchInlineSnapshot(
    `"SELECT CASE WHEN json_type(pages.meta, '$') = 'object' THEN json_set(pages.meta, '$."size"', ?) ELSE pages.meta END FROM pages"`,
  );
});

test("[DML17] what has no way to set a part refuses it", () => {
  const stmt = update(pages).setPart(jsonPath(meta, "lang").asString(), "en");
  expect(() => stmt.compile({ dialect: oracle() })).toThrow(/oracle has no way to set a part of a JSON document/);
  expect(() => jsonSet(meta, {})).toThrow("jsonSet() takes a part of a document");
  expect(() => update(pages).setPart(jsonPath(pages.alias("p").c.meta, "a"), 1)).toThrow(
    'setPart() takes parts of columns of "pages".',
  );
  const odd = update(pages).setPart(jsonPath(meta, 'a"b').asString(), "en");
  expect(() => odd.compile({ dialect: mssql() })).toThrow("no way to write the key");
});
