import {
  CompileError,
  CreateTable,
  DataError,
  insert,
  integer,
  literal,
  MetaData,
  type Node,
  select,
  string,
  Table,
  update,
} from "@acme/core";
import { Dialect } from "@acme/core/dialect";
import { describe, expect, test } from "vitest";
import { NationalText, OutBind } from "../driver-values.js";
import {
  bfile,
  binaryFloat,
  blobJson,
  char,
  dateWithTime,
  floatNumber,
  intervalDayToSecond,
  intervalYearToMonth,
  long,
  nativeJson,
  nchar,
  nclob,
  number,
  nvarchar2,
  oracle,
  raw,
  rowid,
  rowidOf,
  timestampLocal,
  timestampZoned,
  urowid,
  varchar2,
  vector,
  xmlType,
} from "../index.js";

type AnyType = Parameters<ReturnType<typeof oracle>["conversions"]>[0];
const modern = oracle({ version: 23 });
const bind = (type: AnyType, value: unknown): unknown => modern.conversions(type).bind?.(value) ?? value;
const read = (type: AnyType, value: unknown): unknown => modern.conversions(type).result?.(value) ?? value;
const write = (statement: Node): string => modern.compile(statement).sql;
const values = (statement: Node): readonly unknown[] => modern.compile(statement).render(statement).parameters;

const things = new Table("things", new MetaData(), {
  id: integer().primaryKey(),
  code: char(4).nullable(),
  label: nvarchar2(20).nullable(),
  story: nclob().nullable(),
  amount: number(5, 2).nullable(),
  ratio: binaryFloat().nullable(),
  hash: raw(32).nullable(),
  at: dateWithTime().nullable(),
  local: timestampLocal().nullable(),
  zoned: timestampZoned().nullable(),
  age: intervalYearToMonth().nullable(),
  lasts: intervalDayToSecond().nullable(),
  doc: nativeJson<{ a: number }>().nullable(),
  old: blobJson().nullable(),
  xml: xmlType().nullable(),
  place: vector(3, "float32").nullable(),
  ref: rowid().nullable(),
  attached: bfile().nullable(),
});
const { c } = things;

describe("the names of native types", () => {
  // https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/Data-Types.html
  test("[ORA24] columns have the type as Oracle writes it", () => {
    const types: AnyType[] = [
      varchar2(50),
      varchar2(50, { unit: "byte" }),
      nvarchar2(50),
      char(2),
      char(2, { unit: "byte" }),
      nchar(2),
      nclob(),
      raw(16),
      raw(32_767),
      long(),
      bfile(),
    ];
    expect(types.map((type) => modern.typeName(type))).toEqual([
      "VARCHAR2(50 CHAR)",
      "VARCHAR2(50 BYTE)",
      "NVARCHAR2(50)",
      "CHAR(2 CHAR)",
      "CHAR(2 BYTE)",
      "NCHAR(2)",
      "NCLOB",
      "RAW(16)",
      "RAW(32767)",
      "LONG",
      "BFILE",
    ]);
    const others: AnyType[] = [
      number(),
      number(5),
      number(7, 2),
      number(3, -2),
      floatNumber(63),
      binaryFloat(),
      dateWithTime(),
      timestampLocal({ precision: 6 }),
      timestampZoned(9),
      intervalYearToMonth(4),
      intervalDayToSecond({ days: 9, decimals: 0 }),
      rowid(),
      urowid(),
      nativeJson(),
      blobJson(),
      xmlType(),
      vector(),
      vector(3),
      vector(3, "int8"),
      vector(undefined, "float64"),
    ];
    expect(others.map((type) => modern.typeName(type))).toEqual([
      "NUMBER",
      "NUMBER(5)",
      "NUMBER(7, 2)",
      "NUMBER(3, -2)",
      "FLOAT(63)",
      "BINARY_FLOAT",
      "DATE",
      "TIMESTAMP(6) WITH LOCAL TIME ZONE",
      "TIMESTAMP(9) WITH TIME ZONE",
      "INTERVAL YEAR(4) TO MONTH",
      "INTERVAL DAY(9) TO SECOND(0)",
      "ROWID",
      "UROWID(4000)",
      "JSON",
      "BLOB",
      "XMLTYPE",
      "VECTOR",
      "VECTOR(3, *)",
      "VECTOR(3, INT8)",
      "VECTOR(*, FLOAT64)",
    ]);
  });

  test("another database refuses them, unless the column has a variant for it", () => {
    const table = new Table("t", new MetaData(), { a: varchar2(5) });
    expect(() => new Dialect().compile(new CreateTable(table))).toThrow(
      "The type VARCHAR2(5 CHAR) has no name on default.",
    );
    const both = new Table("t", new MetaData(), { a: string(5).variant("oracle", varchar2(5, { unit: "byte" })) });
    expect(write(new CreateTable(both))).toContain("a VARCHAR2(5 BYTE) NOT NULL");
    expect(new Dialect().compile(new CreateTable(both)).sql).toContain("a VARCHAR(5) NOT NULL");
  });

  test("[ORA22] an older release refuses what came later; JSON that is not of type JSON has a check", () => {
    const table = (type: ReturnType<typeof nativeJson>): CreateTable =>
      new CreateTable(new Table("t", new MetaData(), { doc: type }));
    expect(() => oracle({ version: 19 }).compile(table(nativeJson()))).toThrow(
      "oracle 19 has no type JSON; it came with 21.",
    );
    expect(oracle({ version: 21 }).compile(table(nativeJson())).sql).toBe("CREATE TABLE t (\n  doc JSON NOT NULL\n)");
    expect(oracle({ version: 19 }).compile(table(blobJson())).sql).toBe(
      "CREATE TABLE t (\n  doc BLOB NOT NULL,\n  CHECK (doc IS JSON)\n)",
    );
    expect(() =>
      oracle({ version: 21 }).compile(new CreateTable(new Table("t", new MetaData(), { v: vector(3) }))),
    ).toThrow(CompileError);
  });
});

describe("numbers", () => {
  // The rules of precision and scale: https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/Data-Types.html#GUID-75209AF6-476D-4C44-A5DC-5FA70D701B78
  test("[ORA24] NUMBER takes what fits into its precision and scale", () => {
    expect([bind(number(5, 2), "123.4"), bind(number(5, 2), 999.99), bind(number(5), 99_999n)]).toEqual([
      "123.4",
      "999.99",
      "99999",
    ]);
    expect(() => bind(number(5, 2), "1.005")).toThrow("the column keeps 2 decimals");
    expect(() => bind(number(5, 2), 1000)).toThrow("it has more than 5 digits of that scale");
    expect(() => bind(number(5), "1.5")).toThrow(DataError);
    expect(bind(number(3, -2), 12_300)).toBe("12300");
    expect(() => bind(number(3, -2), 12_345)).toThrow("the column keeps -2 decimals");
    expect(bind(number(), "12345678901234567890.123456789")).toBe("12345678901234567890.123456789");
    expect(() => number(39)).toThrow("NUMBER takes a precision from 1 to 38 and a scale from -84 to 127.");
    expect(() => number(5, 128)).toThrow("NUMBER takes a precision");
  });

  test("[ORA24] NUMBER of a scale above its precision has only decimals", () => {
    expect(bind(number(4, 5), "0.01234")).toBe("0.01234");
    expect(() => bind(number(4, 5), "0.12345")).toThrow(DataError);
  });

  test("results have the scale's zeros; beside an operator any number will do", () => {
    expect([read(number(5, 2), "12.5"), read(number(5), "7"), read(number(5, 2, { as: "number" }), "12.5")]).toEqual([
      "12.50",
      "7",
      12.5,
    ]);
    expect(write(select(c.id).where(c.amount.gt("1.005")))).toBe(
      "SELECT things.id FROM things WHERE things.amount > TO_NUMBER(:1)",
    );
  });

  test("[ORA24] BINARY_FLOAT is bound as what it stores", () => {
    expect(bind(binaryFloat(), 0.1)).toMatchObject({ value: Math.fround(0.1) });
    expect(write(select(c.id).where(c.ratio.eq(0.1)))).toBe("SELECT things.id FROM things WHERE things.ratio = :1");
    expect(values(select(c.id).where(c.ratio.eq(0.1)))).toMatchObject([{ value: 0.10000000149011612 }]);
    expect(modern.literal(0.5, binaryFloat())).toBe("0.5d");
  });
});

describe("texts and bytes", () => {
  // A parameter is a VARCHAR2, compared without padding: https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/Data-Type-Comparison-Rules.html
  test("[ORA24] CHAR is compared filled up, and read without the filling", () => {
    const found = select(c.id).where(c.code.eq("ab"));
    expect(values(found)).toEqual(["ab  "]);
    expect(values(select(c.id).where(c.code.in(["ab", "ä"])))).toEqual(["ab  ", "ä   "]);
    expect(values(select(c.id).where(c.code.like("a%")))).toEqual(["a%"]);
    expect([read(char(4), "ab  "), read(char(4), "    "), bind(char(4, { unit: "byte" }), "ä")]).toEqual([
      "ab",
      "",
      "ä  ",
    ]);
    expect(() => bind(char(4), "abcde")).toThrow("it is longer than 4");
    expect(modern.literal("ab", char(4))).toBe("'ab  '");
  });

  test("[ORA24] national texts are sent in the national character set; a literal is written in it", () => {
    expect(bind(nvarchar2(5), "né")).toEqual(new NationalText("né"));
    expect(bind(nchar(3), "é")).toEqual(new NationalText("é  "));
    expect(modern.literal("it's", nvarchar2(5))).toBe("N'it''s'");
    expect(modern.literal("né\\😀'", nclob())).toBe("UNISTR('n\\00e9\\005c\\d83d\\de00''')");
    expect(write(select(c.id).where(c.story.eq("x")))).toBe(
      "SELECT things.id FROM things WHERE DBMS_LOB.COMPARE(things.story, TO_NCLOB(:1)) = 0",
    );
    const returning = insert(things).values({ label: "x" }).returning(c.label, c.story, c.hash);
    expect(values(returning).slice(1)).toEqual([
      new OutBind("ntext", 8000),
      new OutBind("nclob", 0),
      new OutBind("raw", 32_767),
    ]);
  });

  test("[ORA20] an empty text is NULL to Oracle: a CHAR of spaces reads as empty, a VARCHAR2 without text as null", () => {
    expect(bind(varchar2(5), "")).toBe("");
    expect(read(char(2), "  ")).toBe("");
    expect(modern.literal("", varchar2(5))).toBe("''");
  });
});

describe("times", () => {
  // TIMESTAMP beside DATE converts the column: https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/Data-Type-Comparison-Rules.html
  test("[ORA30] a DATE has a time of day, and is compared with a DATE", () => {
    const noon = new Date(Date.UTC(2024, 1, 29, 12, 30, 15));
    const found = select(c.at).where(c.at.le(noon));
    expect(write(found)).toBe(
      "SELECT TO_CHAR(things.at, 'YYYY-MM-DD HH24:MI:SS') FROM things WHERE things.at <= CAST(TO_TIMESTAMP(:1, 'YYYY-MM-DD HH24:MI:SS.FF6') AS DATE)",
    );
    expect(values(found)).toEqual(["2024-02-29 12:30:15.000000"]);
    expect(read(dateWithTime(), "2024-02-29 12:30:15")).toEqual(noon);
    expect(read(dateWithTime({ as: "string" }), "2024-02-29 12:30:15")).toBe("2024-02-29T12:30:15");
    expect(write(select(literal(noon, dateWithTime()).label("x")))).toBe(
      "SELECT TO_CHAR(CAST(TO_TIMESTAMP(:1, 'YYYY-MM-DD HH24:MI:SS.FF6') AS DATE), 'YYYY-MM-DD HH24:MI:SS') AS x",
    );
    expect(() => bind(dateWithTime({ as: "string" }), "2024-02-29T12:30:15.5")).toThrow(DataError);
  });

  test("[ORA24] TIMESTAMP WITH LOCAL TIME ZONE is an instant; WITH TIME ZONE can keep its offset", () => {
    expect(write(insert(things).values({ local: new Date(0), zoned: "2024-02-29T13:00:00.5+02:00" }))).toBe(
      "INSERT INTO things (local, zoned) VALUES (FROM_TZ(TO_TIMESTAMP(:1, 'YYYY-MM-DD HH24:MI:SS.FF6'), '+00:00'), " +
        "TO_TIMESTAMP_TZ(:2, 'YYYY-MM-DD\"T\"HH24:MI:SS.FF9TZH:TZM')) RETURNING things.id INTO :3",
    );
    expect(write(select(c.local, c.zoned))).toBe(
      "SELECT TO_CHAR(SYS_EXTRACT_UTC(things.local), 'YYYY-MM-DD HH24:MI:SS.FF3'), TO_CHAR(things.zoned, 'YYYY-MM-DD\"T\"HH24:MI:SS.FF9TZH:TZM') FROM things",
    );
    const zoned = timestampZoned();
    expect(bind(zoned, "2024-02-29 13:00:00Z")).toBe("2024-02-29T13:00:00.000000000+00:00");
    expect(read(zoned, "2024-02-29T13:00:00.500000000+02:00")).toBe("2024-02-29T13:00:00.5+02:00");
    expect(read(zoned, "2024-02-29T13:00:10.000000000-05:30")).toBe("2024-02-29T13:00:10-05:30");
    expect(() => bind(zoned, "2024-02-29T13:00:00")).toThrow("it is not an instant with an offset");
    expect(() => bind(zoned, "2024-02-29T13:00:00.1234567Z")).toThrow("the column keeps 6 decimals of a second");
  });

  test("[ORA24] intervals: months as a number, days and seconds as a duration", () => {
    expect(write(update(things).set({ age: 14, lasts: "PT90M" }).where(c.id.eq(1)))).toBe(
      "UPDATE things SET age = TO_YMINTERVAL(:1), lasts = TO_DSINTERVAL(:2) WHERE things.id = :3",
    );
    expect(write(select(c.age, c.lasts))).toBe("SELECT TO_CHAR(things.age), TO_CHAR(things.lasts) FROM things");
    expect([14, -1, 0].map((months) => bind(intervalYearToMonth(), months))).toEqual(["+1-2", "-0-1", "+0-0"]);
    expect(["+01-02", "-00-01", "+00-00"].map((text) => read(intervalYearToMonth(), text))).toEqual([14, -1, 0]);
    expect(() => bind(intervalYearToMonth(), 1200)).toThrow("it has more than 2 digits of years");
    expect(() => bind(intervalYearToMonth(), 1.5)).toThrow("it is not a whole number of months");
    expect(read(intervalDayToSecond(), "+00 01:30:00.000000")).toBe("PT1H30M");
  });
});

describe("documents, vectors, addresses", () => {
  // https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/json-type-constructor.html
  test("[ORA22] JSON goes in through its constructor and comes out as text", () => {
    const statement = insert(things).values({ doc: { a: 1 }, old: [1] });
    expect(write(statement)).toBe("INSERT INTO things (doc, old) VALUES (JSON(:1), :2) RETURNING things.id INTO :3");
    expect([bind(nativeJson(), { a: 1 }), bind(blobJson(), [1])]).toEqual(['{"a":1}', new TextEncoder().encode("[1]")]);
    expect(write(select(c.doc, c.old))).toBe(
      "SELECT JSON_SERIALIZE(things.doc RETURNING CLOB), JSON_SERIALIZE(things.old RETURNING CLOB) FROM things",
    );
    expect(read(nativeJson(), '{"a":1}')).toEqual({ a: 1 });
    expect(modern.literal({ a: "it's" }, nativeJson())).toBe(`'{"a":"it''s"}'`);
    expect(() => write(select(c.id).where(c.doc.eq({ a: 1 })))).toThrow("oracle has no comparison of JSON.");
    expect(() => write(select(c.id).where(c.old.in([{ a: 1 }])))).toThrow("oracle has no comparison of BLOB.");
  });

  // XMLPARSE of NULL is NULL: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/XMLPARSE.html
  test("XMLTYPE is a text that is parsed and serialized", () => {
    expect(write(update(things).set({ xml: "<a/>" }))).toBe("UPDATE things SET xml = XMLPARSE(DOCUMENT :1)");
    expect(write(select(c.xml))).toBe("SELECT XMLSERIALIZE(DOCUMENT things.xml AS CLOB) FROM things");
  });

  // https://docs.oracle.com/en/database/oracle/oracle-database/23/vecse/to_vector-vecse.html
  test("vectors: text on the way in and out, distances as functions", () => {
    expect(
      write(
        select(c.place)
          .orderBy(vector.cosine(c.place, [1, 0, 0.5]))
          .limit(5),
      ),
    ).toBe(
      "SELECT FROM_VECTOR(things.place RETURNING CLOB) FROM things ORDER BY VECTOR_DISTANCE(things.place, TO_VECTOR(:1), COSINE) FETCH FIRST :2 ROWS ONLY",
    );
    expect(bind(vector(3), [1, -2.5, 1e-7])).toBe("[1,-2.5,1e-7]");
    expect(read(vector(3, "float32"), "[1.0E+000,-2.5E+000,1.10000002E+000]")).toEqual([1, -2.5, Math.fround(1.1)]);
    expect(() => bind(vector(3), [1, 2])).toThrow("it has 2 dimensions, not 3");
    expect(() => bind(vector(1, "int8"), [128])).toThrow("it is not a list of int8 numbers");
    expect(() => bind(vector(), [Number.NaN])).toThrow(DataError);
    expect(() => write(select(c.id).where(c.place.eq([1, 2, 3])))).toThrow(
      "oracle has no comparison of VECTOR(3, FLOAT32).",
    );
    for (const [metric, distance] of [
      ["EUCLIDEAN", vector.l2],
      ["DOT", vector.innerProduct],
      ["MANHATTAN", vector.manhattan],
    ] as const)
      expect(write(select(distance(c.place, c.place).label("d")))).toBe(
        `SELECT VECTOR_DISTANCE(things.place, things.place, ${metric}) AS d FROM things`,
      );
  });

  test("[ORA30] the ROWID of a row is selected and looked up; other databases have none", () => {
    const other = things.alias("o");
    expect(write(select(rowidOf(things), c.ref).where(rowidOf(things).eq("AAAR3sAAEAAAACXAAA")))).toBe(
      "SELECT things.ROWID, things.ref FROM things WHERE things.ROWID = CHARTOROWID(:1)",
    );
    expect(write(select(rowidOf(other)))).toBe("SELECT o.ROWID FROM things o");
    expect(() => new Dialect().compile(select(rowidOf(things)))).toThrow("default has no ROWID.");
  });

  test("a BFILE is named by a function and read as bytes", () => {
    expect(write(select(c.attached))).toBe("SELECT TO_BLOB(things.attached) FROM things");
    expect(() => bind(bfile(), new Uint8Array())).toThrow("a file is named, not sent");
  });
});
