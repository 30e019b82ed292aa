import {
  bigInteger,
  boolean,
  DataError,
  date,
  dateTime,
  double,
  enumeration,
  integer,
  json,
  largeBinary,
  numeric,
  smallInteger,
  string,
  text,
  time,
  uuid,
} from "@acme/core";
import { describe, expect, test } from "vitest";
import { DoubleBind } from "./driver-values.js";
import { oracle } from "./index.js";

type AnyType = Parameters<ReturnType<typeof oracle>["conversions"]>[0];
const bind = (type: AnyType, value: unknown, version = 19): unknown => {
  const { bind: convert } = oracle({ version }).conversions(type);
  return convert ? convert(value) : value;
};
const read = (type: AnyType, value: unknown, version = 19): unknown => {
  const { result } = oracle({ version }).conversions(type);
  return result ? result(value) : value;
};

describe("type names", () => {
  test("[ORA24] each value type has a name in DDL and in CAST", () => {
    const dialect = oracle();
    const types: AnyType[] = [
      integer(),
      smallInteger(),
      bigInteger(),
      numeric(10, 2),
      numeric(),
      double(),
      boolean(),
      string(50),
      text(),
      uuid(),
    ];
    expect(types.map((type) => dialect.typeName(type))).toEqual([
      "NUMBER(10)",
      "NUMBER(5)",
      "NUMBER(19)",
      "NUMBER(10, 2)",
      "NUMBER",
      "BINARY_DOUBLE",
      "NUMBER(1)",
      "VARCHAR2(50 CHAR)",
      "CLOB",
      "CHAR(36)",
    ]);
    const others: AnyType[] = [
      enumeration(["a", "bcd"]),
      date(),
      time(),
      time({ precision: 0 }),
      dateTime(),
      dateTime({ timezone: true, as: "string" }),
      largeBinary(),
      largeBinary(16),
      json(),
    ];
    expect(others.map((type) => dialect.typeName(type))).toEqual([
      "VARCHAR2(3 CHAR)",
      "DATE",
      "VARCHAR2(15)",
      "VARCHAR2(8)",
      "TIMESTAMP(3)",
      "TIMESTAMP(6) WITH TIME ZONE",
      "BLOB",
      "RAW(16)",
      "CLOB",
    ]);
    expect(dialect.typeName(string(), "cast")).toBe("VARCHAR2(4000)");
    expect(oracle({ version: 23 }).typeName(boolean())).toBe("BOOLEAN");
  });
});

describe("values on their way in", () => {
  test("[TYP20] times have a fixed number of decimals; floating point numbers are bound as such", () => {
    expect(bind(dateTime(), new Date(Date.UTC(2024, 1, 29, 13, 0, 0, 5)))).toBe("2024-02-29 13:00:00.005000");
    expect(bind(dateTime({ as: "string" }), "2024-02-29T13:00:00.123456")).toBe("2024-02-29 13:00:00.123456");
    expect(bind(time(), "7:00".padStart(5, "0"))).toBe("07:00:00.000000");
    expect(bind(time({ precision: 0 }), "07:00:01")).toBe("07:00:01");
    expect(bind(double(), Number.NaN)).toEqual(new DoubleBind(Number.NaN));
    expect(bind(numeric(40, 20), "12345678901234567890.12345678901234567890")).toBe(
      "12345678901234567890.12345678901234567890",
    );
  });

  test("[ORA21] truth values are numbers before 23ai", () => {
    expect([bind(boolean(), true), bind(boolean(), false), bind(boolean(), true, 23)]).toEqual([1, 0, true]);
    expect(() => bind(boolean(), 1)).toThrow(DataError);
  });
});

describe("values on their way out", () => {
  test("[ORA14] numbers come as text and lose no digit", () => {
    expect(read(integer(), "42")).toBe(42);
    expect(() => read(integer(), "9007199254740993")).toThrow("which a JavaScript number would round");
    expect(read(bigInteger(), "9007199254740993")).toBe(9007199254740993n);
    expect(() => read(bigInteger(), "1.5")).toThrow("which is not a whole number");
    expect(read(numeric(), "12345678901234567890.123456789")).toBe("12345678901234567890.123456789");
    expect(read(double(), ".5")).toBe(0.5);
  });

  test("[ORA14] decimals get the zeros back that NUMBER does not keep", () => {
    expect(["12.5", "3", "-.5", "0", ".25", "1.234"].map((value) => read(numeric(10, 2), value))).toEqual([
      "12.50",
      "3.00",
      "-0.50",
      "0.00",
      "0.25",
      "1.234",
    ]);
    expect(read(numeric(10, 2, { as: "number" }), "12.5")).toBe(12.5);
  });

  test("truth values, dates and times, bytes, documents", () => {
    expect([read(boolean(), "1"), read(boolean(), "0"), read(boolean(), true, 23)]).toEqual([true, false, true]);
    expect(read(date(), "2024-02-29")).toBe("2024-02-29");
    expect(read(date(), new Date(Date.UTC(2024, 1, 29)))).toBe("2024-02-29");
    expect(read(dateTime(), "2024-02-29 13:00:00.005")).toEqual(new Date(Date.UTC(2024, 1, 29, 13, 0, 0, 5)));
    expect(read(dateTime({ as: "string", timezone: true }), "2024-02-29 13:00:00.123456")).toBe(
      "2024-02-29T13:00:00.123456Z",
    );
    expect(read(time(), "07:00:00.500000")).toBe("07:00:00.5");
    expect(read(largeBinary(), Buffer.from([1, 2]))).toEqual(new Uint8Array([1, 2]));
    expect(read(json(), '{"a":[1]}')).toEqual({ a: [1] });
  });
});
