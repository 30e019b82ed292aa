import { and, type Column, type Operand, or, type Predicate, tuple } from "@acme/core";
import { compositeKey, keyPart } from "../mapping/identity-key.js";

/** A column equals a value that has its type at run time. */
export function isValue(column: Column, value: unknown): Predicate {
  return column.eq(value as Operand<unknown>);
}

/** Columns have one of these lists of values. `tuples` says that the database compares row values. */
export function oneOf(columns: readonly Column[], values: readonly (readonly unknown[])[], tuples: boolean): Predicate {
  const [column] = columns;
  if (columns.length === 1 && column !== undefined) return column.in(values.map(([value]) => value));
  if (tuples) return tuple(...columns).in(values);
  return or(...values.map((each) => and(...columns.map((part, i) => isValue(part, each[i])))));
}

/** What a list of values is known by in a Map; undefined when one is missing. */
export function mapKey(values: readonly unknown[]): unknown {
  return values.length === 1 ? keyPart(values[0]) : compositeKey(values);
}

/** The columns at some positions. */
export function columnsAt(columns: readonly Column[], positions: readonly number[]): readonly Column[] {
  return positions.map((position) => columns[position] as Column);
}
