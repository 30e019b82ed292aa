import { describe, expect, test } from "vitest";
import { ArgumentError } from "../index.js";
import { readCursor, writeCursor } from "./cursor.js";

const VALUES: readonly (readonly [string, unknown])[] = [
  ["NULL", null],
  ["a text with quotes and characters of every width", `it's "ünï" \\ 日本 🎉\n\u0000`],
  ["an empty text", ""],
  ["numbers", 12.5],
  ["negative zero", -0],
  ["no number", Number.NaN],
  ["infinity", Number.NEGATIVE_INFINITY],
  ["a bigint beyond 64 bits", -(2n ** 70n)],
  ["an instant", new Date("2024-02-29T12:34:56.789Z")],
  ["bytes", Uint8Array.of(0, 255, 128)],
  ["a truth value", false],
];

describe("cursors", () => {
  test.each(VALUES)("keep %s", (_what, value) => {
    const text = writeCursor(["a+"], [value]);
    expect(text).toMatch(/^[\w-]+$/);
    expect(readCursor(["a+"], text)).toStrictEqual([value]);
  });

  test("keep several values in their order", () => {
    const values = VALUES.map(([, value]) => value);
    const order = VALUES.map((_, i) => `c${i}-last`);
    expect(readCursor(order, writeCursor(order, values))).toStrictEqual(values);
  });

  test("refuse what was made for another order, changed, or made by nobody", () => {
    const text = writeCursor(["a+", "b-"], [1, 2]);
    const forged = (json: string): string => btoa(json).replace(/=+$/, "");
    for (const bad of [
      "",
      "%%%",
      text.slice(0, -3),
      forged("null"),
      forged('["a+,b-",1]'),
      forged('["a+,b-",1,{"x":2}]'),
      forged('["a+,b-",1,{"i":"1; DROP TABLE t"}]'),
      forged('["a+,b-",1,{"d":"yesterday"}]'),
      forged('["a+,b-",1,[2]]'),
    ]) {
      expect(() => readCursor(["a+", "b-"], bad), bad).toThrow(ArgumentError);
    }
    expect(() => readCursor(["a-", "b-"], text)).toThrow("This is no cursor of these pages.");
    expect(() => writeCursor(["a+"], [{ some: "object" }])).toThrow("A value of type object cannot stand in a cursor.");
  });
});
