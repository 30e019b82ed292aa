import {
  type BindParameter,
  bigInteger,
  CompileError,
  CreateTable,
  DataError,
  exact,
  insert,
  integer,
  json,
  literal,
  MetaData,
  type Node,
  select,
  string,
  Table,
  type ValueType,
} from "@acme/core";
import { Dialect } from "@acme/core/dialect";
import { describe, expect, test } from "vitest";
import { mssql } from "../index.js";
import { TypedValue } from "../typed-value.js";
import {
  binary,
  char,
  dateTimeOffset,
  datetime,
  hierarchyid,
  image,
  legacyText,
  money,
  nativeJson,
  nchar,
  ntext,
  nvarchar,
  rowversion,
  smallDatetime,
  smallMoney,
  sqlVariant,
  tinyint,
  varbinary,
  varchar,
  vector,
  vectorDistance,
  xml,
} from "./index.js";

type AnyType = ValueType<unknown, unknown>;

const dialect = mssql({ version: 17 });

function tableOf(type: AnyType) {
  return new Table("t", new MetaData(), { v: type });
}

/** How a value of the type is written and read. */
function texts(type: AnyType, value: unknown) {
  const t = tableOf(type);
  const put = insert(t).values({ v: value } as never);
  const given = dialect.compile(put).render(put, {}, { v: value } as never);
  const inlined = (literal(value, type as never) as unknown as BindParameter<unknown>).inlined();
  const query = select(inlined.label("x")) as Node;
  return {
    ddl: /^ {2}v (.*) NOT NULL$/m.exec(dialect.compile(new CreateTable(t)).sql)?.[1],
    insert: /VALUES \((.*)\)$/.exec(given.sql)?.[1],
    select: /^SELECT (.*) FROM t$/.exec(dialect.compile(select(t.c.v)).sql)?.[1],
    parameter: given.parameters[0],
    literal: /^SELECT (.*) AS x$/.exec(dialect.compile(query).sql)?.[1],
  };
}

const read = (type: AnyType, value: unknown): unknown => dialect.conversions(type).result?.(value) ?? value;
const bind = (type: AnyType, value: unknown): unknown => dialect.conversions(type).bind?.(value) ?? value;

describe("native types as text", () => {
  // https://learn.microsoft.com/sql/t-sql/data-types/char-and-varchar-transact-sql: beside NVARCHAR the column is converted.
  test("[MS19] VARCHAR, CHAR, TEXT: ASCII is sent as VARCHAR, everything else as NVARCHAR", () => {
    expect(texts(varchar(50), "it's")).toEqual({
      ddl: "VARCHAR(50)",
      insert: "@p1",
      select: "t.v",
      parameter: new TypedValue("varchar", "it's"),
      literal: "'it''s'",
    });
    expect(texts(varchar("max", { collation: "Latin1_General_100_BIN2_UTF8" }), "né")).toEqual({
      ddl: "VARCHAR(max) COLLATE Latin1_General_100_BIN2_UTF8",
      insert: "@p1",
      select: "t.v",
      parameter: "né",
      literal: "N'né'",
    });
    expect([char(2), legacyText()].map((type) => texts(type, "x").ddl)).toEqual(["CHAR(2)", "TEXT"]);
    expect(() => varchar(8001)).toThrow('VARCHAR cannot have the length 8001. Give 1 to 8000, or "max".');
    expect(() => dialect.compile(new CreateTable(tableOf(varchar(5, { collation: "a; DROP" }))))).toThrow(CompileError);
  });

  test("[MS19] NVARCHAR, NCHAR, NTEXT", () => {
    const types = [nvarchar(50), nvarchar("max"), nchar(3), ntext()];
    expect(types.map((type) => texts(type, "né").ddl)).toEqual(["NVARCHAR(50)", "NVARCHAR(max)", "NCHAR(3)", "NTEXT"]);
    expect(texts(nvarchar(50), "it's né")).toMatchObject({ parameter: "it's né", literal: "N'it''s né'" });
    expect(() => nchar(0)).toThrow("NCHAR cannot have the length 0. Give 1 to 4000.");
  });

  test("types of the same length are different in the statement's key", () => {
    const shapes = [varchar(5), char(5), nvarchar(5), nchar(5), string(5), binary(5), varbinary(5)].map(
      (type) => type.shape,
    );
    expect(new Set(shapes).size).toBe(7);
    expect(varchar(5).shape).toBe(varchar(5).shape);
  });

  // https://learn.microsoft.com/sql/t-sql/data-types/money-and-smallmoney-transact-sql
  test("[MS19] MONEY and SMALLMONEY are exact decimals; what would be rounded is refused", () => {
    expect(texts(money(), "922337203685477.5807")).toEqual({
      ddl: "MONEY",
      insert: "CAST(@p1 AS MONEY)",
      select: "CONVERT(NVARCHAR(50), t.v, 2)",
      parameter: new TypedValue("decimal", "922337203685477.5807"),
      literal: "CONVERT(NVARCHAR(50), 922337203685477.5807, 2)",
    });
    expect(texts(smallMoney(), 12.5).ddl).toBe("SMALLMONEY");
    expect(bind(money(), "-922337203685477.5808")).toEqual(new TypedValue("decimal", "-922337203685477.5808"));
    expect(bind(money(), "1.50000")).toEqual(new TypedValue("decimal", "1.50000"));
    expect(() => bind(money(), "1.23456")).toThrow("more than four digits behind the point");
    expect(() => bind(money(), "922337203685477.5808")).toThrow("does not fit into MONEY");
    expect(() => bind(smallMoney(), "-214748.3649")).toThrow(DataError);
    expect(read(money(), "12.5000")).toBe("12.5000");
  });

  test("[MS19] TINYINT has no sign; REAL and FLOAT(n)", () => {
    expect(texts(tinyint(), 255)).toEqual({
      ddl: "TINYINT",
      insert: "@p1",
      select: "t.v",
      parameter: 255,
      literal: "255",
    });
    expect(() => bind(tinyint(), -1)).toThrow("it is not between 0 and 255");
    expect(() => bind(tinyint(), 256)).toThrow(DataError);
    expect(texts(exact.real(), 0.5)).toEqual({
      ddl: "REAL",
      insert: "@p1",
      select: "t.v",
      parameter: new TypedValue("double", 0.5),
      literal: "5e-1",
    });
    expect(texts(exact.float(24), 1).ddl).toBe("FLOAT(24)");
    expect(texts(exact.doublePrecision(), 1).ddl).toBe("DOUBLE PRECISION");
  });

  // https://learn.microsoft.com/sql/t-sql/data-types/datetime-transact-sql: DATETIME is compared with DATETIME2 by digits that it has not.
  test("[MS19] DATETIME and SMALLDATETIME are sent as what they are", () => {
    expect(texts(datetime(), new Date("2024-02-29T13:00:00.123Z"))).toEqual({
      ddl: "DATETIME",
      insert: "@p1",
      select: "t.v",
      parameter: new TypedValue("datetime", "2024-02-29 13:00:00.123"),
      literal: "CAST('2024-02-29T13:00:00.123' AS DATETIME)",
    });
    expect(texts(smallDatetime({ as: "string" }), "2024-02-29T13:01:00")).toMatchObject({
      ddl: "SMALLDATETIME",
      parameter: new TypedValue("smalldatetime", "2024-02-29 13:01:00"),
    });
    expect(() => bind(smallDatetime(), new Date("2024-02-29T13:01:01Z"))).toThrow("SMALLDATETIME keeps whole minutes");
    expect(() => bind(smallDatetime(), new Date("2079-06-07T00:00:00Z"))).toThrow("SMALLDATETIME does not go so far");
    expect(() => bind(datetime(), new Date("1752-12-31T00:00:00Z"))).toThrow("DATETIME does not go so far");
    expect(bind(datetime(), new Date("9999-12-31T23:59:59.997Z"))).toBeInstanceOf(TypedValue);
    expect(read(datetime(), new Date(3))).toEqual(new Date(3));
    expect(read(datetime({ as: "string" }), new Date("2024-02-29T13:00:00.123Z"))).toBe("2024-02-29T13:00:00.123");
  });

  // The form of a DATETIMEOFFSET as text: https://learn.microsoft.com/sql/t-sql/data-types/datetimeoffset-transact-sql
  test("[MS19] DATETIMEOFFSET keeps the offset, as text", () => {
    const type = dateTimeOffset();
    expect(texts(type, "2024-02-29T13:00:00.5+01:00")).toEqual({
      ddl: "DATETIMEOFFSET(7)",
      insert: "CAST(@p1 AS DATETIMEOFFSET(7))",
      select: "CAST(t.v AS NVARCHAR(40))",
      parameter: "2024-02-29T13:00:00.5+01:00",
      literal: "CAST(CAST(N'2024-02-29T13:00:00.5+01:00' AS DATETIMEOFFSET(7)) AS NVARCHAR(40))",
    });
    expect(read(type, "2024-02-29 13:00:00.5000000 +01:00")).toBe("2024-02-29T13:00:00.5+01:00");
    expect(read(dateTimeOffset(0), "2024-02-29 13:00:00 -05:30")).toBe("2024-02-29T13:00:00-05:30");
    expect(bind(type, "2024-02-29T13:00Z")).toBe("2024-02-29T13:00:00+00:00");
    expect(() => bind(type, "2024-02-29T13:00:00")).toThrow("it is not a date-time with an offset");
    expect(() => bind(dateTimeOffset(3), "2024-02-29T13:00:00.1234Z")).toThrow("more than 3 decimals");
    expect(() => read(type, "soon")).toThrow(DataError);
  });

  test("[MS19] BINARY, VARBINARY with FILESTREAM, IMAGE", () => {
    expect(texts(binary(2), new Uint8Array([1, 255]))).toEqual({
      ddl: "BINARY(2)",
      insert: "CAST(@p1 AS VARBINARY(max))",
      select: "t.v",
      parameter: new Uint8Array([1, 255]),
      literal: "0x01FF",
    });
    expect(() => bind(binary(2), new Uint8Array(1))).toThrow("it has 1 bytes and not 2");
    expect(() => bind(varbinary(2), new Uint8Array(3))).toThrow("it has more than 2 bytes");
    const bytes = new Uint8Array([0]);
    expect(texts(varbinary(9), bytes).ddl).toBe("VARBINARY(9)");
    expect(texts(varbinary("max", { filestream: true }), bytes).ddl).toBe("VARBINARY(max) FILESTREAM");
    expect(dialect.typeName(varbinary("max", { filestream: true }), "cast")).toBe("VARBINARY(max)");
    expect(texts(image(), bytes).ddl).toBe("IMAGE");
  });

  // https://learn.microsoft.com/sql/t-sql/data-types/rowversion-transact-sql: eight bytes that grow with every change.
  test("[MS19] ROWVERSION as bytes or as a number", () => {
    expect(texts(rowversion({ as: "bigint" }), 258n)).toEqual({
      ddl: "ROWVERSION",
      insert: "CAST(@p1 AS BINARY(8))",
      select: "t.v",
      parameter: new Uint8Array([0, 0, 0, 0, 0, 0, 1, 2]),
      literal: "CAST(0x0000000000000102 AS BINARY(8))",
    });
    const bytes = new Uint8Array([255, 0, 0, 0, 0, 0, 0, 1]);
    expect(read(rowversion(), Buffer.from(bytes))).toEqual(bytes);
    expect(read(rowversion({ as: "bigint" }), bytes)).toBe(2n ** 64n - 2n ** 56n + 1n);
    expect(() => bind(rowversion(), new Uint8Array(7))).toThrow("it is not a Uint8Array of 8 bytes");
    expect(() => bind(rowversion({ as: "bigint" }), 2n ** 64n)).toThrow(DataError);
  });

  test("[MS19] XML and SQL_VARIANT", () => {
    expect(texts(xml(), "<a b='1'/>")).toEqual({
      ddl: "XML",
      insert: "CAST(@p1 AS XML)",
      select: "CAST(t.v AS NVARCHAR(max))",
      parameter: "<a b='1'/>",
      literal: "CAST(CAST(N'<a b=''1''/>' AS XML) AS NVARCHAR(max))",
    });
    expect(texts(sqlVariant(), "x")).toMatchObject({
      ddl: "SQL_VARIANT",
      insert: "@p1",
      select: "t.v",
      literal: "N'x'",
    });
    const values = [5, 1.5, true, new Date(0), new Uint8Array([1])] as const;
    expect(values.map((value) => bind(sqlVariant(), value))).toEqual(values);
    expect(() => bind(sqlVariant(), "x".repeat(4001))).toThrow("4000 characters at most");
    expect(() => bind(sqlVariant(), { a: 1 })).toThrow(DataError);
    expect(() => dialect.literal(5, sqlVariant())).toThrow("Only a text can be written");
  });

  // https://learn.microsoft.com/sql/t-sql/data-types/hierarchyid-data-type-method-reference
  test("HIERARCHYID travels as text", () => {
    expect(texts(hierarchyid(), "/1/2.5/")).toEqual({
      ddl: "HIERARCHYID",
      insert: "CAST(@p1 AS HIERARCHYID)",
      select: "CAST(t.v AS NVARCHAR(4000))",
      parameter: "/1/2.5/",
      literal: "CAST(CAST(N'/1/2.5/' AS HIERARCHYID) AS NVARCHAR(4000))",
    });
    expect(bind(hierarchyid(), "/")).toBe("/");
    expect(() => bind(hierarchyid(), "1/2")).toThrow('it is not a place in a tree such as "/1/2/"');
  });

  // Text must be cast: https://learn.microsoft.com/sql/t-sql/data-types/json-data-type
  test("[MS19] JSON of SQL Server 2025: without a check, cast on both ways, and refused before", () => {
    expect(texts(nativeJson(), { a: "é" })).toEqual({
      ddl: "JSON",
      insert: "CAST(@p1 AS JSON)",
      select: "CAST(t.v AS NVARCHAR(max))",
      parameter: '{"a":"é"}',
      literal: 'CAST(CAST(N\'{"a":"é"}\' AS JSON) AS NVARCHAR(max))',
    });
    expect(read(nativeJson(), "[1]")).toEqual([1]);
    expect(dialect.compile(new CreateTable(tableOf(nativeJson()))).sql).not.toContain("ISJSON");
    expect(() => mssql({ version: 16 }).compile(new CreateTable(tableOf(nativeJson())))).toThrow(
      "mssql has no type JSON before SQL Server 2025.",
    );
    const portable = tableOf(json().variant("mssql", nativeJson()) as AnyType);
    expect(dialect.compile(new CreateTable(portable)).sql).toContain("v JSON NOT NULL");
  });

  // https://learn.microsoft.com/sql/t-sql/data-types/vector-data-type: JSON arrays to drivers that do not know vectors.
  test("VECTOR of SQL Server 2025 and its distances", () => {
    expect(texts(vector(3), [1, -0.5, 1e-7])).toEqual({
      ddl: "VECTOR(3)",
      insert: "CAST(@p1 AS VECTOR(3))",
      select: "CAST(t.v AS NVARCHAR(max))",
      parameter: "[1,-0.5,1e-7]",
      literal: "CAST(CAST(N'[1,-0.5,1e-7]' AS VECTOR(3)) AS NVARCHAR(max))",
    });
    expect(read(vector(2), "[1.0000000e+000,5.0000000e-001]")).toEqual([1, 0.5]);
    expect(() => bind(vector(3), [1, 2])).toThrow("it has 2 dimensions and not 3");
    expect(() => vector(1999)).toThrow("A vector cannot have 1999 dimensions.");
    expect(() => mssql().compile(new CreateTable(tableOf(vector(3))))).toThrow("mssql has no type VECTOR before");
    const t = tableOf(vector(2));
    const near = vectorDistance("cosine", t.c.v as never, literal([1, 2], vector(2)) as never);
    expect(dialect.compile(select(near.label("d")).orderBy(near).limit(1)).sql).toBe(
      "SELECT TOP (@p1) VECTOR_DISTANCE('cosine', t.v, CAST(@p2 AS VECTOR(2))) AS d FROM t ORDER BY VECTOR_DISTANCE('cosine', t.v, CAST(@p2 AS VECTOR(2)))",
    );
  });

  test("other databases refuse them, unless the column has a variant", () => {
    for (const type of [varchar(5), money(), tinyint(), datetime(), xml(), rowversion(), vector(2), nativeJson()]) {
      expect(() => new Dialect().compile(new CreateTable(tableOf(type)))).toThrow(
        /^The type [A-Z]+.* has no name on default\./,
      );
    }
    const t = tableOf(bigInteger().variant("mssql", rowversion({ as: "bigint" })));
    expect(dialect.compile(new CreateTable(t)).sql).toContain("v ROWVERSION NOT NULL");
    expect(String(new CreateTable(t))).toContain("v BIGINT NOT NULL");
  });

  test("a VARCHAR beside other texts: LIKE, concatenation, comparison", () => {
    const t = new Table("t", new MetaData(), { id: integer().primaryKey(), v: varchar(20) });
    const query = select(t.c.v.concat("é").label("c")).where(t.c.v.startsWith("a["), t.c.v.eq("x"));
    expect(dialect.compile(query).render(query)).toEqual({
      sql: "SELECT t.v + @p1 AS c FROM t WHERE t.v LIKE @p2 ESCAPE '/' AND t.v = @p3",
      parameters: ["é", "a[[]%", new TypedValue("varchar", "x")],
    });
  });
});
