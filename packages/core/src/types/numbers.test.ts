import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Dialect, plainDecimal } from "../dialect.js";
import {
  bigInteger,
  type Conversion,
  DataError,
  double,
  float,
  integer,
  numeric,
  smallInteger,
  type ValueType,
} from "../index.js";

const host = new Dialect();
const to = (type: ValueType<unknown, unknown>): Conversion => type.toDatabase(host) as Conversion;

/** What a type says about a value that it cannot take. */
function refusal(type: ValueType<unknown, unknown>, value: unknown): string {
  try {
    to(type)(value);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).code).toBe("VALUE_REFUSED");
    return (error as DataError).message;
  }
  return "accepted";
}

describe("integer and smallInteger", () => {
  test("[TYP3] take whole numbers that a number holds exactly", () => {
    for (const type of [integer(), smallInteger()]) {
      expect([0, -1, 2 ** 53 - 1, -(2 ** 53 - 1), 7n, BigInt(Number.MIN_SAFE_INTEGER)].map(to(type))).toEqual([
        0,
        -1,
        2 ** 53 - 1,
        -(2 ** 53 - 1),
        7,
        Number.MIN_SAFE_INTEGER,
      ]);
    }
  });

  test("[TYP3] refuse everything else and say why", () => {
    expect(refusal(integer(), 1.5)).toBe(
      "integer cannot take 1.5: it is not a whole number between -(2^53 - 1) and 2^53 - 1.",
    );
    expect(refusal(smallInteger(), "1")).toMatch(/^smallInteger cannot take "1": /);
    for (const value of [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 53,
      2n ** 53n,
      true,
      {},
      [],
      new Date(0),
      undefined,
    ]) {
      expect(refusal(integer(), value)).toMatch(/^integer cannot take /);
    }
  });
});

describe("bigInteger", () => {
  test("[TYP3] takes bigints of 64 bits, and numbers that are exact, as bigint", () => {
    expect([5, 5n, 2n ** 63n - 1n, -(2n ** 63n)].map(to(bigInteger()))).toEqual([5n, 5n, 2n ** 63n - 1n, -(2n ** 63n)]);
  });

  test("[TYP3] refuses what does not fit and what is not exact", () => {
    expect(refusal(bigInteger(), 2n ** 63n)).toBe(
      "bigInteger cannot take 9223372036854775808n: it does not fit into 64 bits.",
    );
    expect(refusal(bigInteger(), -(2n ** 63n) - 1n)).toMatch(/64 bits/);
    expect(refusal(bigInteger(), 2 ** 53)).toBe(
      "bigInteger cannot take 9007199254740992: it is neither a bigint nor a safe integer.",
    );
    for (const value of ["5", 1.5, null, {}]) expect(refusal(bigInteger(), value)).toMatch(/^bigInteger cannot take /);
  });
});

describe("numeric", () => {
  test("[TYP4] brings every way of writing a decimal to plain text, losing no digit", () => {
    const accepted = [
      "12.50",
      "-0.10",
      "+1",
      ".5",
      "-.5",
      "5.",
      "007.10",
      "1e3",
      "1.5E-3",
      0.1,
      1e21,
      1e-7,
      -0.5,
      12345678901234567890n,
    ];
    expect(accepted.map(to(numeric(10, 2)))).toEqual([
      "12.50",
      "-0.10",
      "1",
      "0.5",
      "-0.5",
      "5",
      "7.10",
      "1000",
      "0.0015",
      "0.1",
      "1000000000000000000000",
      "0.0000001",
      "-0.5",
      "12345678901234567890",
    ]);
    expect(to(numeric())("123456789012345678901234567890.123456789012345678901234567890")).toBe(
      "123456789012345678901234567890.123456789012345678901234567890",
    );
  });

  test("[TYP4] refuses what is no decimal number", () => {
    expect(refusal(numeric(10, 2), "12,50")).toBe(
      'numeric(10, 2) cannot take "12,50": it is not a decimal number such as "12.50".',
    );
    for (const value of [
      "",
      ".",
      "1e",
      "0x10",
      " 1",
      "1 ",
      "1_000",
      "NaN",
      "Infinity",
      Number.NaN,
      -Infinity,
      true,
      [1],
      null,
    ]) {
      expect(refusal(numeric(), value)).toMatch(/it is not a decimal number/);
    }
  });

  test("[TYP4] refuses an exponent that would be written as millions of zeros", () => {
    expect(refusal(numeric(), "1e999999999")).toBe(
      'numeric cannot take "1e999999999": no database keeps so many digits.',
    );
    expect(refusal(numeric(), "1e-999999999")).toMatch(/so many digits/);
    expect(to(numeric())("1e-400")).toBe(`0.${"0".repeat(399)}1`);
  });

  test("[TYP4] reads text, or a number where asked for", () => {
    expect(numeric(10, 2).fromDatabase()).toBeUndefined();
    expect(numeric(10, 2, { as: "number" }).fromDatabase()?.("12.50")).toBe(12.5);
  });

  test("plainDecimal means the same number, and writing it again changes nothing", () => {
    const decimal = fc
      .tuple(fc.constantFrom("", "-", "+"), fc.nat(), fc.option(fc.nat()), fc.option(fc.integer({ min: -30, max: 30 })))
      .map(
        ([sign, whole, fraction, exponent]) =>
          `${sign}${whole}${fraction === null ? "" : `.${fraction}`}${exponent === null ? "" : `e${exponent}`}`,
      );
    fc.assert(
      fc.property(decimal, (text) => {
        const plain = plainDecimal(text);
        expect(plain).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?$/);
        expect(plainDecimal(plain)).toBe(plain);
        // Exact comparison: both as a whole number of 10^-40.
        expect(scaled(plain)).toBe(scaled(text));
      }),
    );
  });
});

/** A decimal times 10^60 as a whole number. */
function scaled(text: string): bigint {
  const [, sign, whole = "", fraction = "", exponent = "0"] = /^([+-]?)(\d*)\.?(\d*)(?:e(.+))?$/.exec(text) ?? [];
  const power = 60 - fraction.length + Number(exponent);
  return BigInt(`${sign === "-" ? "-" : ""}${whole}${fraction}`) * 10n ** BigInt(power);
}

describe("double and float", () => {
  test("[TYP5] take any number, and bigints that lose nothing", () => {
    expect([1.5, -0, Number.MAX_VALUE, Number.NaN, Number.NEGATIVE_INFINITY, 2n ** 60n].map(to(double()))).toEqual([
      1.5,
      -0,
      Number.MAX_VALUE,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      2 ** 60,
    ]);
    expect(refusal(float(), "1.5")).toBe('float cannot take "1.5": it is not a number.');
    expect(refusal(double(), 2n ** 60n + 1n)).toBe(
      "double cannot take 1152921504606846977n: a floating point number would lose digits of it.",
    );
  });
});
