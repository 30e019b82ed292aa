import {
  array,
  bigInteger,
  CreateTable,
  date,
  dateTime,
  enumeration,
  exact,
  integer,
  interval,
  json,
  jsonAgg,
  jsonArrayOf,
  jsonObject,
  jsonPath,
  largeBinary,
  literal,
  MetaData,
  type Node,
  numeric,
  select,
  string,
  Table,
  type ValueType,
} from "@acme/core";
import { mssql } from "@acme/dialect-mssql";
import { mariadb, mysql } from "@acme/dialect-mysql";
import { oracle } from "@acme/dialect-oracle";
import { postgres } from "@acme/dialect-postgres";
import { sqlite } from "@acme/dialect-sqlite";
import { describe, expect, test } from "vitest";

const t = new Table("t", new MetaData(), {
  id: bigInteger().primaryKey(),
  price: numeric(10, 2),
  at: dateTime({ timezone: true }),
  bytes: largeBinary(10),
  doc: json<{ a: { b: number }[]; 'q"': string }>(),
});
const DIALECTS = [postgres(), mysql(), mariadb(), sqlite(), oracle({ version: 23 }), mssql()];

/** What each dialect makes of a statement, a line each: its SQL, or why it refuses. */
function texts(statement: Node): string {
  return DIALECTS.map((dialect) => {
    try {
      return `${dialect.name}: ${statement.compile({ dialect }).sql.replace(/\s*\n\s*/g, " ")}`;
    } catch (error) {
      return `${dialect.name}: ${(error as Error).name}: ${(error as Error).message}`;
    }
  }).join("\n");
}

/** The literal of a value on each dialect. */
function literals<T>(value: T, type: ValueType<T, unknown>): string {
  return DIALECTS.map((dialect) => {
    try {
      return `${dialect.name}: ${dialect.literal(value, type)}`;
    } catch (error) {
      return `${dialect.name}: ${(error as Error).name}: ${(error as Error).message}`;
    }
  }).join("\n");
}

describe("values on all dialects", () => {
  // https://docs.oracle.com/en/database/oracle/oracle-database/19/adjsn/function-JSON_VALUE.html
  // https://learn.microsoft.com/en-us/sql/t-sql/functions/openjson-transact-sql
  test("[TYP12] parts of a JSON document", () => {
    expect(texts(select(jsonPath(t.c.doc, "a", 0, "b").asInteger().label("x")))).toMatchInlineSnapshot(`
      "postgresql: SELECT CAST((t.doc -> 'a' -> 0 ->> 'b') AS INTEGER) AS x FROM t
      mysql: SELECT CAST(CASE JSON_TYPE(JSON_EXTRACT(t.doc, '$."a"[0]."b"')) WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(JSON_EXTRACT(t.doc, '$."a"[0]."b"')) END AS SIGNED) AS x FROM t
      mariadb: SELECT CAST(JSON_VALUE(t.doc, '$."a"[0]."b"') AS SIGNED) AS x FROM t
      sqlite: SELECT CAST(json_extract(t.doc, '$."a"[0]."b"') AS INTEGER) AS x FROM t
      oracle: SELECT CAST(JSON_VALUE(t.doc, '$."a"[0]."b"' RETURNING NUMBER) AS NUMBER(10)) AS x FROM t
      mssql: SELECT (SELECT CAST([value] AS INT) FROM OPENJSON(CASE WHEN ISJSON(t.doc) = 1 THEN t.doc END, N'$."a"[0]') WHERE [key] = N'b') AS x FROM t"
    `);
    expect(texts(select(jsonPath(t.c.doc, "a").label("x")))).toMatchInlineSnapshot(`
      "postgresql: SELECT (t.doc -> 'a') AS x FROM t
      mysql: SELECT JSON_EXTRACT(t.doc, '$."a"') AS x FROM t
      mariadb: SELECT JSON_EXTRACT(t.doc, '$."a"') AS x FROM t
      sqlite: SELECT (t.doc -> '$."a"') AS x FROM t
      oracle: SELECT JSON_QUERY(t.doc, '$."a"' RETURNING CLOB ALLOW SCALARS) AS x FROM t
      mssql: SELECT (SELECT CASE [type] WHEN 0 THEN N'null' WHEN 1 THEN CONCAT(N'"', STRING_ESCAPE([value], 'json'), N'"') ELSE [value] END FROM OPENJSON(CASE WHEN ISJSON(t.doc) = 1 THEN t.doc END) WHERE [key] = N'a') AS x FROM t"
    `);
    expect(texts(select(t.c.id).where(jsonPath(t.c.doc, "it's").asString().eq("x")))).toMatchInlineSnapshot(`
      "postgresql: SELECT t.id FROM t WHERE (t.doc ->> 'it''s') = $1
      mysql: SELECT t.id FROM t WHERE CASE JSON_TYPE(JSON_EXTRACT(t.doc, '$."it''s"')) WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(JSON_EXTRACT(t.doc, '$."it''s"')) END = ?
      mariadb: SELECT t.id FROM t WHERE JSON_VALUE(t.doc, '$."it''s"') = ?
      sqlite: SELECT t.id FROM t WHERE CAST(json_extract(t.doc, '$."it''s"') AS TEXT) = ?
      oracle: SELECT t.id FROM t WHERE DBMS_LOB.COMPARE(TO_CLOB(JSON_VALUE(t.doc, '$."it''s"' RETURNING CLOB)), TO_CLOB(:1)) = 0
      mssql: SELECT t.id FROM t WHERE (SELECT [value] FROM OPENJSON(CASE WHEN ISJSON(t.doc) = 1 THEN t.doc END) WHERE [key] = N'it''s') = @p1"
    `);
    expect(texts(select(t.c.id).where(jsonPath(t.c.doc, "a").isJsonNull()))).toMatchInlineSnapshot(`
      "postgresql: SELECT t.id FROM t WHERE coalesce(CAST((t.doc -> 'a') AS TEXT) = 'null', false)
      mysql: SELECT t.id FROM t WHERE JSON_TYPE(JSON_EXTRACT(t.doc, '$."a"')) <=> 'NULL'
      mariadb: SELECT t.id FROM t WHERE JSON_TYPE(JSON_EXTRACT(t.doc, '$."a"')) <=> 'NULL'
      sqlite: SELECT t.id FROM t WHERE json_type(t.doc, '$."a"') IS 'null'
      oracle: SELECT t.id FROM t WHERE JSON_EXISTS(t.doc, '$."a"?(@ == null)')
      mssql: SELECT t.id FROM t WHERE EXISTS (SELECT 1 FROM OPENJSON(CASE WHEN ISJSON(t.doc) = 1 THEN t.doc END) WHERE [key] = N'a' AND [type] = 0)"
    `);
  });

  test("[TYP12] a double quote in a key is escaped, or refused where paths know no escapes", () => {
    expect(texts(select(jsonPath(t.c.doc, 'q"', "x").asString().label("x")))).toMatchInlineSnapshot(`
      "postgresql: SELECT (t.doc -> 'q"' ->> 'x') AS x FROM t
      mysql: SELECT CASE JSON_TYPE(JSON_EXTRACT(t.doc, _utf8mb4 x'242e22715c22222e227822')) WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(JSON_EXTRACT(t.doc, _utf8mb4 x'242e22715c22222e227822')) END AS x FROM t
      mariadb: SELECT JSON_VALUE(t.doc, _utf8mb4 x'242e22715c22222e227822') AS x FROM t
      sqlite: SELECT CAST(json_extract(t.doc, '$."q\\""."x"') AS TEXT) AS x FROM t
      oracle: CompileError: oracle has no way to write the key "q\\"" in a JSON path. Read the object around it as JSON.
      mssql: CompileError: mssql has no way to write the key "q\\"" in a JSON path. Read the object around it as JSON."
    `);
  });

  // https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/JSON_ARRAYAGG.html
  // https://learn.microsoft.com/en-us/sql/t-sql/functions/json-object-transact-sql
  test("[TYP12] JSON made of rows", () => {
    const object = jsonObject({ id: t.c.id, price: t.c.price, at: t.c.at, bytes: t.c.bytes, doc: t.c.doc });
    expect(texts(select(object.label("x")))).toMatchInlineSnapshot(`
      "postgresql: SELECT json_build_object('id', CAST(t.id AS TEXT), 'price', CAST(t.price AS TEXT), 'at', CAST(t.at AS TEXT), 'bytes', CAST(t.bytes AS TEXT), 'doc', t.doc) AS x FROM t
      mysql: SELECT JSON_OBJECT('id', CAST(t.id AS CHAR), 'price', CAST(t.price AS CHAR), 'at', CAST(t.at AS CHAR), 'bytes', HEX(t.bytes), 'doc', JSON_EXTRACT(t.doc, '$')) AS x FROM t
      mariadb: SELECT JSON_OBJECT('id', CAST(t.id AS CHAR), 'price', CAST(t.price AS CHAR), 'at', CAST(t.at AS CHAR), 'bytes', HEX(t.bytes), 'doc', JSON_EXTRACT(t.doc, '$')) AS x FROM t
      sqlite: SELECT json_object('id', CAST(t.id AS TEXT), 'price', CAST(t.price AS TEXT), 'at', t.at, 'bytes', CASE WHEN t.bytes IS NOT NULL THEN hex(t.bytes) END, 'doc', json(t.doc)) AS x FROM t
      oracle: SELECT JSON_OBJECT(KEY 'id' VALUE TO_CHAR(t.id, 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,'''), KEY 'price' VALUE TO_CHAR(t.price, 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,'''), KEY 'at' VALUE TO_CHAR(SYS_EXTRACT_UTC(t.at), 'YYYY-MM-DD HH24:MI:SS.FF3'), KEY 'bytes' VALUE RAWTOHEX(t.bytes), KEY 'doc' VALUE t.doc FORMAT JSON NULL ON NULL RETURNING CLOB) AS x FROM t
      mssql: CompileError: mssql has no JSON_OBJECT before SQL Server 2022. Select columns and make the object in the application, or write mssql({ version: 16 })."
    `);
    expect(texts(select(jsonAgg(t.c.id, { orderBy: t.c.id.desc() }).label("x")))).toMatchInlineSnapshot(`
      "postgresql: SELECT coalesce(json_agg(CAST(t.id AS TEXT) ORDER BY t.id DESC), '[]'::json) AS x FROM t
      mysql: CompileError: mysql has no ORDER BY inside of JSON_ARRAYAGG. Sort the array when it has been read.
      mariadb: SELECT COALESCE(JSON_ARRAYAGG(CAST(t.id AS CHAR) ORDER BY t.id DESC), JSON_ARRAY()) AS x FROM t
      sqlite: SELECT json_group_array(CAST(t.id AS TEXT) ORDER BY t.id DESC) AS x FROM t
      oracle: SELECT COALESCE(JSON_ARRAYAGG(TO_CHAR(t.id, 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,''') ORDER BY t.id DESC NULL ON NULL RETURNING CLOB), TO_CLOB('[]')) AS x FROM t
      mssql: CompileError: mssql has no JSON_ARRAY before SQL Server 2022. Select columns and make the object in the application, or write mssql({ version: 16 })."
    `);
    const inner = t.alias("i");
    const nested = select(inner.c.price).where(inner.c.id.eq(t.c.id));
    expect(texts(select(jsonArrayOf(nested).label("x"), t.c.id))).toMatchInlineSnapshot(`
      "postgresql: SELECT (SELECT coalesce(json_agg(json_build_object('price', CAST(i.price AS TEXT))), '[]'::json) FROM t AS i WHERE i.id = t.id) AS x, t.id FROM t
      mysql: SELECT (SELECT COALESCE(JSON_ARRAYAGG(JSON_EXTRACT(JSON_OBJECT('price', CAST(i.price AS CHAR)), '$')), JSON_ARRAY()) FROM t AS i WHERE i.id = t.id) AS x, t.id FROM t
      mariadb: SELECT (SELECT COALESCE(JSON_ARRAYAGG(JSON_EXTRACT(JSON_OBJECT('price', CAST(i.price AS CHAR)), '$')), JSON_ARRAY()) FROM t AS i WHERE i.id = t.id) AS x, t.id FROM t
      sqlite: SELECT (SELECT json_group_array(json(json_object('price', CAST(i.price AS TEXT)))) FROM t AS i WHERE i.id = t.id) AS x, t.id FROM t
      oracle: SELECT (SELECT COALESCE(JSON_ARRAYAGG(JSON_OBJECT(KEY 'price' VALUE TO_CHAR(i.price, 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,''') NULL ON NULL RETURNING CLOB) FORMAT JSON NULL ON NULL RETURNING CLOB), TO_CLOB('[]')) FROM t i WHERE i.id = t.id) AS x, t.id FROM t
      mssql: CompileError: mssql has no JSON_OBJECT before SQL Server 2022. Select columns and make the object in the application, or write mssql({ version: 16 })."
    `);
  });

  test("[TYP8, TYP2, TYP10, TYP13] names in CREATE TABLE", () => {
    const make = (type: ValueType<unknown, unknown>) =>
      texts(new CreateTable(new Table("x", new MetaData(), { v: type })));
    expect(make(interval())).toMatchInlineSnapshot(`
      "postgresql: CREATE TABLE x ( v INTERVAL NOT NULL )
      mysql: CREATE TABLE x ( v BIGINT NOT NULL ) DEFAULT CHARSET=utf8mb4
      mariadb: CREATE TABLE x ( v BIGINT NOT NULL ) DEFAULT CHARSET=utf8mb4
      sqlite: CREATE TABLE x ( v BIGINT NOT NULL )
      oracle: CREATE TABLE x ( v INTERVAL DAY(9) TO SECOND(6) NOT NULL )
      mssql: CREATE TABLE x ( v BIGINT NOT NULL )"
    `);
    expect(make(string(5, { collation: "C" }))).toMatchInlineSnapshot(`
      "postgresql: CREATE TABLE x ( v VARCHAR(5) COLLATE "C" NOT NULL )
      mysql: CREATE TABLE x ( v VARCHAR(5) COLLATE \`C\` NOT NULL ) DEFAULT CHARSET=utf8mb4
      mariadb: CREATE TABLE x ( v VARCHAR(5) COLLATE \`C\` NOT NULL ) DEFAULT CHARSET=utf8mb4
      sqlite: CREATE TABLE x ( v VARCHAR(5) COLLATE "C" NOT NULL )
      oracle: CREATE TABLE x ( v VARCHAR2(5 CHAR) COLLATE C NOT NULL )
      mssql: CREATE TABLE x ( v NVARCHAR(5) COLLATE C NOT NULL )"
    `);
    expect(make(enumeration(["a", "b"], { length: 5, name: "kind" }))).toMatchInlineSnapshot(`
      "postgresql: CREATE TABLE x ( v VARCHAR(5) NOT NULL, CONSTRAINT kind CHECK (v IN ('a', 'b')) )
      mysql: CREATE TABLE x ( v ENUM('a', 'b') NOT NULL ) DEFAULT CHARSET=utf8mb4
      mariadb: CREATE TABLE x ( v ENUM('a', 'b') NOT NULL ) DEFAULT CHARSET=utf8mb4
      sqlite: CREATE TABLE x ( v VARCHAR(5) NOT NULL, CONSTRAINT kind CHECK (v IN ('a', 'b')) )
      oracle: CREATE TABLE x ( v VARCHAR2(5 CHAR) NOT NULL, CONSTRAINT kind CHECK (v IN ('a', 'b')) )
      mssql: CREATE TABLE x ( v NVARCHAR(5) NOT NULL, CONSTRAINT kind CHECK (v IN (N'a', N'b')) )"
    `);
    expect(make(array(integer()) as ValueType<unknown, unknown>)).toMatchInlineSnapshot(`
      "postgresql: CREATE TABLE x ( v INTEGER[] NOT NULL )
      mysql: CompileError: The type integer[] has no name on mysql. Use another type, or give a custom type a ddl() method.
      mariadb: CompileError: The type integer[] has no name on mariadb. Use another type, or give a custom type a ddl() method.
      sqlite: CompileError: The type integer[] has no name on sqlite. Use another type, or give a custom type a ddl() method.
      oracle: CompileError: The type integer[] has no name on oracle. Use another type, or give a custom type a ddl() method.
      mssql: CompileError: The type integer[] has no name on mssql. Use another type, or give a custom type a ddl() method."
    `);
    expect(make(string(5).variant("postgresql", exact.char(5)))).toMatchInlineSnapshot(`
      "postgresql: CREATE TABLE x ( v CHAR(5) NOT NULL )
      mysql: CREATE TABLE x ( v VARCHAR(5) NOT NULL ) DEFAULT CHARSET=utf8mb4
      mariadb: CREATE TABLE x ( v VARCHAR(5) NOT NULL ) DEFAULT CHARSET=utf8mb4
      sqlite: CREATE TABLE x ( v VARCHAR(5) NOT NULL )
      oracle: CREATE TABLE x ( v VARCHAR2(5 CHAR) NOT NULL )
      mssql: CREATE TABLE x ( v NVARCHAR(5) NOT NULL )"
    `);
  });

  // A literal with a time zone: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/Literals.html
  test("[TYP20] literals", () => {
    const instant = new Date("2024-02-29T13:00:00.123Z");
    expect(literals(instant, dateTime({ timezone: true }))).toMatchInlineSnapshot(`
      "postgresql: '2024-02-29 13:00:00.123+00'
      mysql: '2024-02-29 13:00:00.123'
      mariadb: '2024-02-29 13:00:00.123'
      sqlite: '2024-02-29 13:00:00.123'
      oracle: TIMESTAMP '2024-02-29 13:00:00.123 +00:00'
      mssql: CAST('2024-02-29T13:00:00.123+00:00' AS DATETIMEOFFSET(3))"
    `);
    expect(literals(instant, dateTime())).toMatchInlineSnapshot(`
      "postgresql: '2024-02-29 13:00:00.123'
      mysql: '2024-02-29 13:00:00.123'
      mariadb: '2024-02-29 13:00:00.123'
      sqlite: '2024-02-29 13:00:00.123'
      oracle: TIMESTAMP '2024-02-29 13:00:00.123'
      mssql: CAST('2024-02-29T13:00:00.123' AS DATETIME2(3))"
    `);
    expect(literals("2024-02-29", date())).toMatchInlineSnapshot(`
      "postgresql: '2024-02-29'
      mysql: '2024-02-29'
      mariadb: '2024-02-29'
      sqlite: '2024-02-29'
      oracle: DATE '2024-02-29'
      mssql: CAST('2024-02-29' AS DATE)"
    `);
    expect(literals("-P1DT2H0.5S", interval())).toMatchInlineSnapshot(`
      "postgresql: INTERVAL '-93600500000 microseconds'
      mysql: -93600500000
      mariadb: -93600500000
      sqlite: -93600500000
      oracle: INTERVAL '-1 02:00:00.5' DAY(9) TO SECOND(6)
      mssql: -93600500000"
    `);
    expect(literals(new Uint8Array([0, 255]), largeBinary())).toMatchInlineSnapshot(`
      "postgresql: E'\\\\x00ff'::bytea
      mysql: X'00ff'
      mariadb: X'00ff'
      sqlite: X'00ff'
      oracle: HEXTORAW('00FF')
      mssql: 0x00FF"
    `);
    expect(literals("it's \\ é", string())).toMatchInlineSnapshot(`
      "postgresql: E'it''s \\\\ é'
      mysql: _utf8mb4 x'69742773205c20c3a9'
      mariadb: _utf8mb4 x'69742773205c20c3a9'
      sqlite: 'it''s \\ é'
      oracle: 'it''s \\ é'
      mssql: N'it''s \\ é'"
    `);
    expect(literals({ a: "it's" }, json<{ a: string }>())).toMatchInlineSnapshot(`
      "postgresql: '{"a":"it''s"}'
      mysql: '{"a":"it''s"}'
      mariadb: '{"a":"it''s"}'
      sqlite: '{"a":"it''s"}'
      oracle: '{"a":"it''s"}'
      mssql: N'{"a":"it''s"}'"
    `);
    expect(texts(select(literal(5n).label("x")))).toMatchInlineSnapshot(`
      "postgresql: SELECT $1::BIGINT AS x
      mysql: SELECT ? AS x
      mariadb: SELECT ? AS x
      sqlite: SELECT ? AS x
      oracle: SELECT :1 AS x
      mssql: SELECT @p1 AS x"
    `);
  });
});
