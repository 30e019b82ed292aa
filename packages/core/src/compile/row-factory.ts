import { InvalidRequestError } from "../errors/index.js";
import type { Conversion } from "../types/value-type.js";
import { canGenerateCode } from "../visit/code-generation.js";
import type { ResultColumn } from "./compiled.js";

/** Makes a row object from the driver's array of values. */
export type RowFactory = (values: readonly unknown[]) => Record<string, unknown>;

/** Makes a tuple from the driver's array of values; the same array where nothing needs conversion. */
export type TupleFactory = (values: readonly unknown[]) => readonly unknown[];

/**
 * The factory of row objects for a list of result columns. Reading by name is refused where it would lose a value: two
 * columns of one name, or a column without a name.
 */
export function rowFactory(columns: readonly Pick<ResultColumn, "key" | "convert">[]): RowFactory {
  const seen = new Set<string>();
  columns.forEach(({ key }, i) => {
    if (key === undefined) {
      throw new InvalidRequestError(`Column ${i + 1} of the result has no name, so rows cannot be read as objects.`, {
        code: "UNNAMED_COLUMN",
        remedy: 'Give the expression a name with label("..."), or read tuples().',
      });
    }
    if (seen.has(key)) {
      throw new InvalidRequestError(`The result has two columns named "${key}", so rows cannot be read as objects.`, {
        code: "DUPLICATE_COLUMN",
        remedy: `Give one of them another name with label("..."), or read tuples().`,
      });
    }
    seen.add(key);
  });
  return canGenerateCode() ? generatedRow(columns) : loopedRow(columns);
}

/** The factory of tuples for a list of result columns. */
export function tupleFactory(columns: readonly Pick<ResultColumn, "convert">[]): TupleFactory {
  if (columns.every((column) => column.convert === undefined)) return (values) => values;
  const converters = columns.map((column) => column.convert);
  return (values) => values.map((value, i) => convertOne(value, converters[i]));
}

/** The converter of a single column, null included. */
export function scalarFactory(convert: Conversion | undefined): (value: unknown) => unknown {
  return convert === undefined ? (value) => value : (value) => (value === null ? null : convert(value));
}

function convertOne(value: unknown, convert: Conversion | undefined): unknown {
  return value === null || convert === undefined ? value : convert(value);
}

/** One object literal in the source: V8 gives all rows one hidden class and fuses the conversions. */
function generatedRow(columns: readonly Pick<ResultColumn, "key" | "convert">[]): RowFactory {
  const fields = columns.map(({ key, convert }, i) => {
    // A computed key keeps "__proto__" an ordinary property.
    const name = `[${JSON.stringify(key)}]`;
    const plain = key === "__proto__" ? name : JSON.stringify(key);
    return `${plain}: ${convert === undefined ? `v[${i}]` : `v[${i}] === null ? null : c[${i}](v[${i}])`}`;
  });
  const make = new Function("c", `return (v) => ({ ${fields.join(", ")} });`) as (
    c: readonly (Conversion | undefined)[],
  ) => RowFactory;
  return make(columns.map((column) => column.convert));
}

function loopedRow(columns: readonly Pick<ResultColumn, "key" | "convert">[]): RowFactory {
  const keys = columns.map((column) => column.key as string);
  const converters = columns.map((column) => column.convert);
  return (values) => {
    const made: Record<string, unknown> = {};
    for (let i = 0; i < keys.length; i++) {
      Object.defineProperty(made, keys[i] as string, {
        value: convertOne(values[i], converters[i]),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return made;
  };
}
