import {
  bigInteger,
  boolean,
  createEngine,
  DataError,
  date,
  dateTime,
  double,
  type Engine,
  enumeration,
  float,
  insert,
  integer,
  json,
  largeBinary,
  literal,
  MetaData,
  numeric,
  select,
  smallInteger,
  sql,
  string,
  Table,
  text,
  time,
  uuid,
  type ValueType,
} from "@acme/core/dialect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sqlite } from "./index.js";

type AnyType = ValueType<unknown, unknown>;

let engine: Engine;

beforeAll(() => {
  engine = createEngine("sqlite://");
});
afterAll(() => engine.dispose());

let count = 0;

/** What comes back of a value that was stored in a column of the type, and what SQLite calls it. */
async function stored(type: AnyType, value: unknown): Promise<{ readonly back: unknown; readonly as: unknown }> {
  count += 1;
  const t = new Table(`t${count}`, new MetaData(), { v: type.nullable() });
  await using conn = await engine.connect();
  await t.create(conn);
  await conn.execute(insert(t).values({ v: value } as never));
  const row = await conn.execute(select(t.c.v.label("back"), sql`typeof(${t.c.v})`.as(text()).label("as"))).one();
  const found = await conn.execute(select(t.c.v).where(t.c.v.eq(value as never))).tuples();
  expect(found, "a stored value is found by itself").toHaveLength(1);
  return row;
}

/** What is read of a value that another program stored. */
async function read(type: AnyType, literalText: string): Promise<unknown> {
  await using conn = await engine.connect();
  return conn.execute(sql`SELECT ${sql.text(literalText)} AS v`.columns({ v: type })).scalarOne();
}

describe("[sqlite] values there and back", () => {
  test.each<[string, AnyType, unknown, string]>([
    ["integer", integer(), 42, "integer"],
    ["integer", integer(), -Number.MAX_SAFE_INTEGER, "integer"],
    ["smallInteger", smallInteger(), -7, "integer"],
    ["bigInteger", bigInteger(), 9223372036854775807n, "integer"],
    ["bigInteger", bigInteger(), -9223372036854775808n, "integer"],
    ["double", double(), 0.1, "real"],
    ["double", double(), 3, "real"],
    ["double", double(), Number.POSITIVE_INFINITY, "real"],
    ["float", float(), -1.5e-300, "real"],
    ["boolean", boolean(), true, "integer"],
    ["boolean", boolean(), false, "integer"],
    ["string", string(5), "it's ü 日本 😀", "text"],
    ["text", text(), "", "text"],
    ["text", text(), "12", "text"],
    ["uuid", uuid(), "6f9619ff-8b86-4d11-b42d-00cf4fc964ff", "text"],
    ["enumeration", enumeration(["a", "it's"]), "it's", "text"],
    ["date", date(), "2024-02-29", "text"],
    ["time", time(), "23:59:59.123456", "text"],
    ["dateTime", dateTime(), new Date("2024-02-29T13:00:00.123Z"), "text"],
    ["dateTime", dateTime({ as: "string" }), "2024-02-29T13:00:00.123456", "text"],
    ["dateTime with time zone", dateTime({ timezone: true, as: "string" }), "0001-01-01T00:00:00Z", "text"],
    ["largeBinary", largeBinary(), new Uint8Array([0, 255, 1]), "blob"],
    ["largeBinary", largeBinary(), new Uint8Array(0), "blob"],
    ["json", json(), { a: [1, "ü", null, true] }, "text"],
    ["json text", json(), "5", "text"],
    ["json number", json(), 5, "integer"],
    ["json number", json(), 0.12345678901234568, "real"],
    ["json", json(), false, "text"],
  ])("%s %#", async (_name, type, value, as) => {
    expect(await stored(type, value)).toEqual({ back: value, as });
  });

  test("[TYP7] equal instants are equal texts, and the order of the texts is the order of time", async () => {
    const times = [
      "2024-02-29T13:00:00Z",
      "2024-02-29T13:00:00.000001Z",
      "2024-02-29T13:00:00.1Z",
      "2024-02-29T13:00:00.12Z",
      "2024-02-29T13:00:00.123456Z",
      "2024-02-29T13:00:01Z",
    ];
    const { bind } = sqlite().conversions(dateTime({ timezone: true, as: "string" }) as AnyType);
    const texts = times.map((value) => bind?.(value) as string);
    expect(texts).toEqual([...texts].sort());
    expect(texts.slice(0, 3)).toEqual(["2024-02-29 13:00:00", "2024-02-29 13:00:00.000001", "2024-02-29 13:00:00.1"]);
    expect(bind?.("2024-02-29T13:00:00.100000Z")).toBe("2024-02-29 13:00:00.1");
    expect(bind?.("2024-02-29T15:00:00.1+02:00")).toBe("2024-02-29 13:00:00.1");
  });

  test("[TYP9] bytes come back as a plain Uint8Array", async () => {
    const { back } = await stored(largeBinary() as AnyType, new Uint8Array([1, 2]).subarray(1));
    expect(Object.getPrototypeOf(back)).toBe(Uint8Array.prototype);
    expect(back).toEqual(new Uint8Array([2]));
  });
});

describe("[sqlite] decimals", () => {
  test.each([
    ["12.5", "12.50", "real"],
    ["12", "12.00", "integer"],
    ["-0.01", "-0.01", "real"],
    ["1234567890123.45", "1234567890123.45", "real"],
    ["0.000000000000001", "0.000000000000001", "real"],
    ["1e3", "1000.00", "integer"],
    ["100000000000000000000", "100000000000000000000.00", "real"],
  ])("[TYP4] %s comes back with the scale of the column", async (given, back, as) => {
    const type = numeric(30, 2) as AnyType;
    expect(await stored(type, given)).toEqual({ back, as });
  });

  test("[LT22] a decimal of more than 15 digits is refused, not rounded", async () => {
    const type = numeric(20, 4) as AnyType;
    expect(await stored(type, "12345678901.2345")).toEqual({ back: "12345678901.2345", as: "real" });
    for (const value of ["123456789012.3456", "1234567890123456", "0.1234567890123456"]) {
      await expect(stored(type, value)).rejects.toThrow(DataError);
      await expect(stored(type, value)).rejects.toThrow("SQLite keeps 15 significant digits");
    }
  });

  test("sums are free of the noise of binary fractions", async () => {
    await using conn = await engine.connect();
    const sum = literal("0.1", numeric()).add("0.2");
    expect(await conn.execute(select(sum, literal("0.1", numeric(10, 2)).add("0.2"))).tuples()).toEqual([
      ["0.3", "0.30"],
    ]);
  });

  test("digits behind the scale are shown: nothing is cut", async () => {
    expect(await read(numeric(10, 2) as AnyType, "1.239")).toBe("1.239");
    expect(await read(numeric(10, 2, { as: "number" }) as AnyType, "1.25")).toBe(1.25);
    expect(await read(numeric(30, 1) as AnyType, "9007199254740993")).toBe("9007199254740993.0");
    expect(await read(numeric(30, 1) as AnyType, "'9007199254740993.25'")).toBe("9007199254740993.25");
  });
});

describe("[sqlite] what other programs stored", () => {
  test.each<[AnyType, string, unknown]>([
    [dateTime(), "'2024-02-29 13:00:00'", new Date("2024-02-29T13:00:00Z")],
    [dateTime(), "'2024-02-29T13:00:00.5Z'", new Date("2024-02-29T13:00:00.500Z")],
    [dateTime(), "'2024-02-29 13:00'", new Date("2024-02-29T13:00:00Z")],
    [dateTime(), "'2024-02-29'", new Date("2024-02-29T00:00:00Z")],
    [dateTime(), "'2024-02-29 13:00:00+02:00'", new Date("2024-02-29T11:00:00Z")],
    [dateTime({ timezone: true, as: "string" }), "'2024-02-29 13:00:00.250'", "2024-02-29T13:00:00.25Z"],
    [date(), "'2024-02-29 00:00:00'", "2024-02-29"],
    [time(), "'13:00'", "13:00"],
    [double(), "3", 3],
    [integer(), "1.5", 1.5],
  ])("%s reads %s", async (type, stored, value) => {
    expect(await read(type, stored)).toEqual(value);
  });

  test.each<[AnyType, string]>([
    [integer(), "9007199254740993"],
    [integer(), "'abc'"],
    [bigInteger(), "1.5"],
    [double(), "'abc'"],
    [boolean(), "2"],
    [boolean(), "'true'"],
    [numeric(), "'abc'"],
    [date(), "'2024-02-29 13:00:00'"],
    [date(), "20240229"],
    [time(), "'noon'"],
    [dateTime(), "1709211600"],
    [dateTime(), "'yesterday'"],
    [largeBinary(), "'abc'"],
  ])("%s refuses %s instead of giving a value of another kind", async (type, stored) => {
    await expect(read(type, stored)).rejects.toMatchObject({ code: "STORED_VALUE_MISFIT" });
  });
});

describe("[sqlite] values that SQLite cannot hold", () => {
  test("NaN would become NULL, so it is refused", async () => {
    await expect(stored(double() as AnyType, Number.NaN)).rejects.toThrow(
      "double cannot take NaN: SQLite would store NULL.",
    );
  });
});

describe("[sqlite] literals", () => {
  test.each<[AnyType, unknown, string]>([
    [integer(), -5, "-5"],
    [bigInteger(), -9223372036854775808n, "-9223372036854775808"],
    [double(), 5, "5.0"],
    [double(), -0.25, "-0.25"],
    [double(), 1e21, "1e+21"],
    [double(), 1.5e300, "1.5e+300"],
    [double(), Number.NEGATIVE_INFINITY, "-9e999"],
    [numeric(10, 2), "12.50", "12.50"],
    [boolean(), true, "1"],
    [string(), "it's", "'it''s'"],
    [largeBinary(), new Uint8Array([10, 255]), "X'0aff'"],
    [dateTime(), new Date("2024-02-29T13:00:00.5Z"), "'2024-02-29 13:00:00.5'"],
    [json(), { a: "it's" }, `'{"a":"it''s"}'`],
  ])("%s %s", async (type, value, text) => {
    const statement = select((literal(value, type as never) as unknown as { inlined(): never }).inlined());
    expect(sqlite().compile(statement).sql).toBe(`SELECT ${text}`);
    await using conn = await engine.connect();
    expect(await conn.execute(statement).scalarOne()).toEqual(value);
  });
});
