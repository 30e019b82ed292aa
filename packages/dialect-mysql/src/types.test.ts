import {
  bigInteger,
  boolean,
  DataError,
  dateTime,
  double,
  enumeration,
  integer,
  json,
  largeBinary,
  literal,
  numeric,
  select,
  string,
  time,
  type ValueType,
} from "@acme/core";
import { describe, expect, test } from "vitest";
import { DecimalValue, mariadb, mysql } from "./index.js";

type AnyType = ValueType<unknown, unknown>;
const read = (type: unknown, value: unknown): unknown =>
  (mysql().conversions(type as AnyType).result ?? ((given: unknown) => given))(value);
const bind = (type: unknown, value: unknown): unknown =>
  (mysql().conversions(type as AnyType).bind ?? ((given: unknown) => given))(value);

describe("values on their way from MySQL and MariaDB", () => {
  test("[TYP3] integers come as numbers, sums as DECIMAL text, and what is too large for a number is refused", () => {
    expect([read(integer(), 5), read(integer(), "42"), read(integer(), 42n)]).toEqual([5, 42, 42]);
    expect(read(integer(), "2.5000")).toBe(2.5);
    expect(() => read(integer(), "9007199254740993")).toThrow(DataError);
    expect(() => read(integer(), 9007199254740993n)).toThrow(
      "does not fit a number exactly. Use bigInteger() for the column, or cast the expression to it.",
    );
  });

  test("[TYP3] bigints come as numbers where these are exact, as bigints or as DECIMAL text", () => {
    expect([read(bigInteger(), 5), read(bigInteger(), 2n ** 63n), read(bigInteger(), "18446744073709551616")]).toEqual([
      5n,
      2n ** 63n,
      2n ** 64n,
    ]);
    expect(read(bigInteger(), "12.0000")).toBe(12n);
    expect(() => read(bigInteger(), "2.5000")).toThrow(
      "The value 2.5000 is not a whole number, so it cannot be read as a bigint.",
    );
  });

  test("[TYP4] decimals are text; zeros that only the widest DECIMAL adds are left out", () => {
    expect(read(numeric(10, 2), "12.50")).toBe("12.50");
    expect(read(numeric(), "37.50")).toBe("37.50");
    expect(read(numeric(), `1.5${"0".repeat(29)}`)).toBe("1.5");
    expect(read(numeric(), `100.${"0".repeat(30)}`)).toBe("100");
    expect(read(numeric(65, 30), `1.5${"0".repeat(29)}`)).toBe(`1.5${"0".repeat(29)}`);
    expect(read(numeric(10, 2, { as: "number" }), "12.50")).toBe(12.5);
  });

  test("[TYP6] truth comes as a number, as bits or as text", () => {
    const bits = (byte: number): Uint8Array => new Uint8Array([byte]);
    expect([1, 0, 5, bits(1), bits(0), "1", true].map((value) => read(boolean(), value))).toEqual([
      true,
      false,
      true,
      true,
      false,
      true,
      true,
    ]);
  });

  test("[TYP7] a zero date is no point in time", () => {
    expect(read(dateTime(), "2024-02-29 13:00:00.123")).toEqual(new Date("2024-02-29T13:00:00.123Z"));
    expect(() => read(dateTime(), "0000-00-00 00:00:00")).toThrow(
      'The date-time "0000-00-00 00:00:00" is no point in time.',
    );
    expect(() => read(dateTime(), "2024-00-10 00:00:00")).toThrow(DataError);
    expect(read(dateTime({ as: "string" }), "0000-00-00 00:00:00")).toBe("0000-00-00T00:00:00");
  });

  test("[TYP9][TYP12] bytes and JSON", () => {
    expect(read(largeBinary(), "é")).toEqual(new Uint8Array([0xc3, 0xa9]));
    expect(read(json(), '{"a":[1,null]}')).toEqual({ a: [1, null] });
  });
});

describe("values on their way to MySQL and MariaDB", () => {
  test("a decimal says that it is one, and prints as its digits", () => {
    const value = bind(numeric(10, 2), "12.50") as DecimalValue;
    expect(value).toBeInstanceOf(DecimalValue);
    expect([value.text, String(value), JSON.stringify([value])]).toEqual(["12.50", "12.50", '["12.50"]']);
  });

  test("NaN and infinity, which a DOUBLE cannot hold here, are refused", () => {
    expect(bind(double(), 1.5)).toBe(1.5);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => bind(double(), value)).toThrow("MySQL and MariaDB have no NaN and no infinity");
    }
  });
});

describe("literals", () => {
  const inline = (value: unknown, type: unknown): string =>
    mysql()
      .compile(
        select(
          (literal(value as string, type as ValueType<string, unknown>) as unknown as { inlined(): never }).inlined(),
        ),
      )
      .sql.replace("SELECT ", "");

  test("[CMP19] text with a backslash is written as bytes, so that every sql_mode reads the same", () => {
    expect(inline("it's", string())).toBe("'it''s'");
    expect(inline('"double"', string())).toBe("'\"double\"'");
    expect(inline("a\\b", string())).toBe("_utf8mb4 x'615c62'");
    expect(inline("\\' OR 1=1 -- ", string())).toBe("_utf8mb4 x'5c27204f5220313d31202d2d20'");
    expect(inline("😀\0", string())).toBe("_utf8mb4 x'f09f988000'");
    expect(() => inline("half \ud83d", string())).toThrow(DataError);
  });

  test("[CMP19] the other types", () => {
    expect(inline("12.50", numeric(10, 2))).toBe("12.50");
    expect([inline(0.1, double()), inline(5, double()), inline(1e21, double())]).toEqual(["0.1e0", "5e0", "1e+21"]);
    expect(inline(9007199254740993n, bigInteger())).toBe("9007199254740993");
    expect(inline(true, boolean())).toBe("true");
    expect(inline(new Uint8Array([0, 255]), largeBinary())).toBe("X'00ff'");
    expect(inline("23:59", time())).toBe("'23:59:00'");
    expect(inline("a", enumeration(["a"]))).toBe("'a'");
    expect(inline({ a: "\\" }, json())).toBe("_utf8mb4 x'7b2261223a225c5c227d'");
  });
});

test("CAST AS JSON is MySQL's; MariaDB's JSON is text", () => {
  const stmt = select(literal("{}").cast(json()));
  expect(mysql().compile(stmt).sql).toBe("SELECT CAST(? AS JSON)");
  expect(mariadb().compile(stmt).sql).toBe("SELECT CAST(? AS CHAR)");
});
