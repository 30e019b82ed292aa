import { NoSuchColumnError } from "../errors/index.js";
import type { Item, n, Typed, t } from "../sql/protocols.js";
import type { Node } from "../visit/node.js";
import type { RowReader } from "./row-reader.js";
import { TupleReader } from "./tuple-reader.js";

/** A column of a result: its name, its place in the select list, or the column object. */
export type ColumnPick<R> = (keyof R & string) | number | Typed<unknown>;

/** The value of a picked column. */
export type PickedValue<R, P extends readonly unknown[], X> = X extends keyof R
  ? R[X]
  : X extends number
    ? P[X]
    : X extends { readonly [t]: infer T }
      ? T
      : unknown;

/** The row of some columns, as a tuple. */
export type PickedTuple<R, P extends readonly unknown[], K extends readonly unknown[]> = {
  -readonly [I in keyof K]: PickedValue<R, P, K[I]>;
};

/** The row of some columns, by name. A column that is picked by its place is in it at run time, but its name is not known here. */
export type PickedRow<R, P extends readonly unknown[], K extends readonly unknown[]> = {
  [X in K[number] as X extends string ? X : X extends Item ? X[typeof n] : never]: PickedValue<R, P, X>;
};

/** How the chosen columns of a result are read: a tuple of them is made of a row. */
export interface Picked {
  readonly reader: TupleReader;
  readonly pick: (values: readonly unknown[]) => readonly unknown[];
}

/** Chooses columns of a result, in the order of the picks. Throws NoSuchColumnError. */
export function pickColumns(
  reader: RowReader<unknown, readonly unknown[]>,
  picks: readonly (string | number | Node)[],
): Picked {
  const places = picks.map((pick) =>
    typeof pick === "number" ? placed(pick, reader.keys.length) : reader.locate(pick),
  );
  const reads = places.map((place) => reader.scalar(place));
  const aligned = reader.columns.length === reader.keys.length;
  const columns = aligned
    ? places.flatMap((place) => reader.columns[place] ?? [])
    : reader.columns.filter(({ item }) => places.includes(item));
  const find = (column: Node | string): number => {
    const place = places.indexOf(reader.locate(column));
    if (place !== -1) return place;
    throw new NoSuchColumnError(
      `${typeof column === "string" ? `"${column}"` : String(column)} was left out by columns().`,
    );
  };
  return {
    reader: new TupleReader(
      columns,
      places.map((place) => reader.keys[place]),
      find,
    ),
    pick: (values) => reads.map((read) => read(values)),
  };
}

function placed(index: number, count: number): number {
  if (Number.isInteger(index) && index >= 0 && index < count) return index;
  throw new NoSuchColumnError(`The result has ${count} columns, none at ${index}.`);
}
