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
import { mssql } from "./index.js";
import { TypedValue } from "./typed-value.js";

type AnyType = Parameters<ReturnType<typeof mssql>["conversions"]>[0];
const bind = (type: AnyType, value: unknown): unknown => {
  const { bind: convert } = mssql().conversions(type);
  return convert ? convert(value) : value;
};
const read = (type: AnyType, value: unknown): unknown => {
  const { result } = mssql().conversions(type);
  return result ? result(value) : value;
};

/** A Date as the driver reads it: the part below a millisecond beside it, in seconds. */
function fine(iso: string, seconds: number): Date {
  return Object.defineProperty(new Date(iso), "nanosecondsDelta", { enumerable: false, value: seconds });
}

describe("type names", () => {
  test("[MS19] each value type has a name in DDL and in CAST", () => {
    const types: AnyType[] = [
      integer(),
      smallInteger(),
      bigInteger(),
      numeric(10, 2),
      numeric(5),
      double(),
      boolean(),
      string(50),
      string(5000),
      text(),
      uuid(),
    ];
    expect(types.map((type) => mssql().typeName(type))).toEqual([
      "INT",
      "SMALLINT",
      "BIGINT",
      "NUMERIC(10, 2)",
      "NUMERIC(5)",
      "FLOAT(53)",
      "BIT",
      "NVARCHAR(50)",
      "NVARCHAR(max)",
      "NVARCHAR(max)",
      "UNIQUEIDENTIFIER",
    ]);
    const others: AnyType[] = [
      enumeration(["a", "bcd"]),
      date(),
      time(),
      dateTime(),
      dateTime({ timezone: true, as: "string" }),
      largeBinary(),
      largeBinary(16),
      json(),
    ];
    expect(others.map((type) => mssql().typeName(type))).toEqual([
      "NVARCHAR(3)",
      "DATE",
      "TIME(6)",
      "DATETIME2(3)",
      "DATETIMEOFFSET(6)",
      "VARBINARY(max)",
      "VARBINARY(16)",
      "NVARCHAR(max)",
    ]);
    expect(mssql().typeName(string(), "cast")).toBe("NVARCHAR(max)");
  });
});

describe("values on their way in", () => {
  test("[TYP20] what text does not tell goes with the type that it is sent as", () => {
    expect(bind(numeric(10, 2), "12.50")).toEqual(new TypedValue("decimal", "12.50"));
    expect(bind(double(), 5)).toEqual(new TypedValue("double", 5));
    expect(bind(date(), "2024-02-29")).toEqual(new TypedValue("date", "2024-02-29"));
    expect(bind(time(), "07:00")).toEqual(new TypedValue("time", "07:00:00"));
    expect(bind(dateTime({ timezone: true }), new Date(5))).toEqual(
      new TypedValue("dateTime", "1970-01-01 00:00:00.005"),
    );
    expect([bind(integer(), 5), bind(boolean(), true), bind(string(5), "x")]).toEqual([5, true, "x"]);
    expect(() => bind(double(), Number.NaN)).toThrow(DataError);
  });
});

describe("values on their way out", () => {
  test("numbers lose no digit", () => {
    expect(read(bigInteger(), 9007199254740993n)).toBe(9007199254740993n);
    expect(read(bigInteger(), 5)).toBe(5n);
    expect(() => read(integer(), 9007199254740993n)).toThrow("which a JavaScript number would round");
    expect(read(numeric(38, 10), "1234567890123456789012345678.0123456789")).toBe(
      "1234567890123456789012345678.0123456789",
    );
    expect(read(numeric(10, 2), "1.250000000000000e+001")).toBe("12.50000000000000");
    expect(read(numeric(10, 2, { as: "number" }), "12.50")).toBe(12.5);
    expect(read(double(), 0.1)).toBe(0.1);
  });

  test("[TYP20] times keep what is finer than a millisecond", () => {
    expect(read(dateTime({ as: "string" }), fine("2024-02-29T13:00:00.123Z", 0.0004567))).toBe(
      "2024-02-29T13:00:00.1234567",
    );
    expect(read(dateTime({ as: "string", timezone: true }), fine("2024-02-29T13:00:00.120Z", 0))).toBe(
      "2024-02-29T13:00:00.12Z",
    );
    expect(read(dateTime(), fine("2024-02-29T13:00:00.123Z", 0.0004567))).toEqual(new Date("2024-02-29T13:00:00.123Z"));
    expect(read(time(), fine("1970-01-01T07:00:00.500Z", 0))).toBe("07:00:00.5");
    expect(read(date(), "2024-02-29")).toBe("2024-02-29");
  });

  test("truth values, UUIDs, bytes, documents", () => {
    expect([read(boolean(), true), read(boolean(), 1), read(boolean(), 0)]).toEqual([true, true, false]);
    expect(read(uuid(), "6F9619FF-8B86-4D11-B42D-00CF4FC964FF")).toBe("6f9619ff-8b86-4d11-b42d-00cf4fc964ff");
    expect(read(largeBinary(), Buffer.from([1, 2]))).toEqual(new Uint8Array([1, 2]));
    expect(read(json(), '{"a":[1]}')).toEqual({ a: [1] });
  });
});
