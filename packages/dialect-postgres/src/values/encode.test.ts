import { DataError } from "@acme/core";
import { describe, expect, it } from "vitest";
import { parseArray } from "./arrays.js";
import { toBytes } from "./bytes.js";
import { encode } from "./encode.js";

describe("values on the wire", () => {
  it("writes numbers, bigints and booleans as text, minus zero too", () => {
    expect([1.5, -0, Number.NaN, 2n ** 63n, true].map(encode)).toEqual([
      "1.5",
      "-0",
      "NaN",
      "9223372036854775808",
      "true",
    ]);
    expect(encode(undefined)).toBeNull();
    expect(encode(null)).toBeNull();
  });

  it("hands over the window of a Uint8Array, not the buffer below it", () => {
    const window = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
    expect(encode(window)).toEqual(Buffer.from([2, 3]));
  });

  it("writes arrays as array literals, whatever is in them", () => {
    expect(encode([1, null, 'a "b" \\', [true]])).toBe('{"1",NULL,"a \\"b\\" \\\\",{"true"}}');
    expect(encode([new Uint8Array([255])])).toBe('{"\\\\xff"}');
  });

  it("reads array literals as they were written", () => {
    const items = ["", "NULL", 'a "b" \\ {c}', ",", "ü"];
    expect(parseArray(encode(items) as string, (text) => text)).toEqual(items);
    expect(parseArray("{1,NULL,3}", Number)).toEqual([1, null, 3]);
    expect(parseArray("{{1,2},{3,4}}", Number)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(parseArray("[0:1]={5,6}", Number)).toEqual([5, 6]);
    expect(parseArray("{}", Number)).toEqual([]);
  });

  it("writes other objects as JSON", () => {
    expect(encode({ a: [1] })).toBe('{"a":[1]}');
  });

  it("refuses NUL, half surrogate pairs, functions and symbols", () => {
    expect(() => encode("a\0b")).toThrow(/NUL character/);
    expect(() => encode("a\ud83d")).toThrow(/surrogate/);
    expect(() => encode(() => 1)).toThrow(DataError);
    expect(() => encode(Symbol("x"))).toThrow(DataError);
  });

  it("reads both forms of bytea into arrays of their own", () => {
    const bytes = toBytes("\\x00ff10");
    expect(bytes).toEqual(new Uint8Array([0, 255, 16]));
    expect(bytes.buffer.byteLength).toBe(3);
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    expect(toBytes("a\\000\\\\\\377")).toEqual(new Uint8Array([97, 0, 92, 255]));
  });
});
