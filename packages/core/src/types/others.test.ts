import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import { boolean, DataError, json, largeBinary } from "../index.js";

const host = new Dialect();

describe("boolean", () => {
  test("[TYP6] takes true and false; 1, 0 and texts are something else", () => {
    expect([true, false].map(boolean().toDatabase())).toEqual([true, false]);
    for (const value of [1, 0, 1n, "true", "", {}])
      expect(() => boolean().toDatabase()(value)).toThrow(/^boolean cannot take .*: it is neither true nor false\.$/);
  });
});

describe("largeBinary", () => {
  test("[TYP9] takes bytes, a Buffer's too, and no text", () => {
    const bytes = new Uint8Array([0, 255]);
    expect(largeBinary().toDatabase()(bytes)).toBe(bytes);
    expect(largeBinary(10).toDatabase()(Buffer.from([1]))).toEqual(Buffer.from([1]));
    for (const value of ["ab", [1, 2], new ArrayBuffer(2), new Uint16Array(2)]) {
      expect(() => largeBinary().toDatabase()(value)).toThrow(/it is not a Uint8Array/);
    }
  });
});

describe("json", () => {
  test("[TYP12] sends documents as text, and reads them back", () => {
    const type = json();
    const documents = [{ a: [1, null, "x"] }, [], "text", 0, false, "", { "": { __proto__: null } }];
    for (const document of documents) expect(type.fromDatabase()(type.toDatabase()(document))).toEqual(document);
    expect(type.toDatabase()({ day: new Date(0), gone: undefined })).toBe('{"day":"1970-01-01T00:00:00.000Z"}');
    expect(type.fromDatabase()("null")).toBeNull();
    expect(type.fromDatabase()('"5"')).toBe("5");
  });

  test("[TYP12] takes what a driver has parsed already", () => {
    const parsed = { a: 1 };
    expect(json().fromDatabase()(parsed)).toBe(parsed);
  });

  test("[TYP12] refuses what has no JSON form", () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const wrong = [circle, { n: 5n }, undefined, () => 5, Symbol("x")];
    for (const value of wrong) {
      expect(() => json().toDatabase()(value)).toThrow(DataError);
      expect(() => json().toDatabase()(value)).toThrow(/^json cannot take .*: it has no JSON form/);
    }
  });

  test("[TYP12] text in the database that is no JSON is an error of ours that says what it holds", () => {
    const read = (): unknown => json().fromDatabase()("{broken");
    expect(read).toThrow(DataError);
    expect(read).toThrow('json cannot read "{broken", which the database holds.');
  });

  test("types without arguments are one type", () => {
    expect(json().shape).toBe(json().shape);
    expect(new Set([json(), boolean(), largeBinary(), largeBinary(5)].map((type) => type.shape)).size).toBe(4);
    expect(boolean().ddl(host, "ddl")).toBeUndefined();
  });
});
