import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { allowCodeGeneration, InvalidRequestError } from "../index.js";
import { rowFactory, scalarFactory, tupleFactory } from "./row-factory.js";

afterEach(() => allowCodeGeneration(true));

type ColumnOf = Parameters<typeof rowFactory>[0][number];

/** The row as both ways make it; they must agree. */
function rowOf(columns: readonly ColumnOf[], values: readonly unknown[]): Record<string, unknown> {
  allowCodeGeneration(true);
  const generated = rowFactory(columns)(values);
  allowCodeGeneration(false);
  const looped = rowFactory(columns)(values);
  expect(Object.getOwnPropertyDescriptors(looped)).toEqual(Object.getOwnPropertyDescriptors(generated));
  expect(Object.keys(looped)).toEqual(Object.keys(generated));
  expect([looped, generated].map(Object.getPrototypeOf)).toEqual([Object.prototype, Object.prototype]);
  return generated;
}

const plain = (key: string | undefined): ColumnOf => ({ key, convert: undefined });
const shout = (value: unknown): unknown => {
  if (value === null) throw new Error("a conversion was asked about null");
  return `${String(value)}!`;
};

describe("rows as objects", () => {
  test("[RES29] generated and looped code give the same rows", () => {
    const column = fc.record({
      key: fc.oneof(
        fc.string(),
        fc.constantFrom("__proto__", "constructor", "toString", "1", "0x1", "a b", '"', "\\", "\u2028", `${"{x}"}`),
      ),
      shouts: fc.boolean(),
    });
    const columns = fc.uniqueArray(column, { selector: ({ key }) => key, minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        columns,
        fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { minLength: 8, maxLength: 8 }),
        (list, values) => {
          const made = rowOf(
            list.map(({ key, shouts }) => ({ key, convert: shouts ? shout : undefined })),
            values,
          );
          list.forEach(({ key, shouts }, i) => {
            expect(Object.getOwnPropertyDescriptor(made, key)).toEqual({
              value: shouts && values[i] !== null ? shout(values[i]) : values[i],
              enumerable: true,
              configurable: true,
              writable: true,
            });
          });
          expect(Object.keys(made)).toHaveLength(list.length);
        },
      ),
    );
  });

  test("a column named __proto__ is a property like others", () => {
    const row = rowOf([plain("__proto__"), plain("polluted")], [{ polluted: "yes" }, "no"]);
    expect(Object.keys(row)).toEqual(["__proto__", "polluted"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(JSON.stringify(row)).toBe('{"__proto__":{"polluted":"yes"},"polluted":"no"}');
  });

  test("conversions are never asked about null, and undefined is theirs", () => {
    expect(rowOf([{ key: "a", convert: shout }], [null])).toEqual({ a: null });
    expect(rowOf([{ key: "a", convert: shout }], ["x"])).toEqual({ a: "x!" });
  });

  test("no name breaks out of the generated code", () => {
    const names = ['a"]: 1, ["b', "a', b: (() => { throw 1 })()", "*/", "`", "\n", "\0"];
    const row = rowOf(names.map(plain), [1, 2, 3, 4, 5, 6]);
    expect(Object.keys(row)).toEqual(names);
    expect(Object.values(row)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("[RES20] two columns of one name, or a column without one, are refused with what to do", () => {
    for (const allowed of [true, false]) {
      allowCodeGeneration(allowed);
      const twice = (): unknown => rowFactory([plain("id"), plain("name"), plain("id")]);
      expect(twice).toThrow(InvalidRequestError);
      expect(twice).toThrow(
        'The result has two columns named "id", so rows cannot be read as objects. Give one of them another name with label("..."), or read tuples().',
      );
      const unnamed = (): unknown => rowFactory([plain("id"), plain(undefined)]);
      expect(unnamed).toThrow(InvalidRequestError);
      expect(unnamed).toThrow(
        'Column 2 of the result has no name, so rows cannot be read as objects. Give the expression a name with label("...")',
      );
    }
  });
});

describe("rows as tuples and single values", () => {
  test("tuples are the driver's own arrays where nothing is converted, and new ones where something is", () => {
    const values = ["a", null, 3];
    expect(tupleFactory([plain("x"), plain("x"), plain(undefined)])(values)).toBe(values);
    const made = tupleFactory([{ convert: shout }, { convert: shout }, { convert: undefined }])(values);
    expect(made).toEqual(["a!", null, 3]);
    expect(values).toEqual(["a", null, 3]);
  });

  test("single values are converted unless they are null", () => {
    expect(["a", null].map(scalarFactory(shout))).toEqual(["a!", null]);
    expect(["a", null].map(scalarFactory(undefined))).toEqual(["a", null]);
  });
});
