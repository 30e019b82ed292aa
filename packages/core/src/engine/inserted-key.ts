import type { Compiled } from "../compile/compiled.js";
import type { Dialect } from "../dialect/dialect.js";
import type { DriverResult } from "../dialect/driver.js";
import type { AnyType } from "../dialect/type-rules.js";
import { BindParameter } from "../sql/bind.js";
import type { Column } from "../sql/column.js";
import type { ValueRow } from "../sql/dml.js";
import type { Insert } from "../sql/insert.js";
import type { PrimaryKeyValues } from "./result.js";

/** Any INSERT. */
export type AnyInsert = Insert<never, unknown, unknown>;

/**
 * The primary key of the one row that an INSERT made: as it came back (RETURNING), was given, was made by a default of the
 * toolkit's, or was generated. Undefined when a part of it is not known.
 */
export function insertedKey(
  dialect: Dialect,
  compiled: Compiled,
  statement: AnyInsert,
  parameters: readonly unknown[],
  answer: DriverResult,
): PrimaryKeyValues | undefined {
  const columns = statement.table.columns.filter((column) => column.primaryKey);
  if (columns.length === 0) return undefined;
  const key: Record<string, unknown> = {};
  for (const column of columns) {
    const known = returned(compiled, column, answer.rows[0]);
    // An upsert may have met a row that keeps its own key.
    const value =
      statement.conflicts.length > 0
        ? known
        : (known ??
          given(statement, column) ??
          made(dialect, compiled, column, parameters) ??
          generated(dialect, statement, column, answer));
    if (value === undefined) return undefined;
    key[column.key] = value;
  }
  return key;
}

/**
 * The same for each row of an INSERT of many: as they came back with RETURNING, or were given. `rows` are those of RETURNING, in
 * the order of the input.
 */
export function insertedKeys(
  compiled: Compiled,
  statement: AnyInsert,
  rows: readonly (readonly unknown[])[],
): readonly (PrimaryKeyValues | undefined)[] {
  const columns = statement.table.columns.filter((column) => column.primaryKey);
  const inOrder = rows.length === statement.rows.length;
  return statement.rows.map((row, i) => {
    // An upsert may have met a row that keeps its own key.
    const known = statement.conflicts.length > 0 ? NOTHING : row;
    const key: Record<string, unknown> = {};
    for (const column of columns) {
      const value = (inOrder ? returned(compiled, column, rows[i]) : undefined) ?? known[column.key] ?? undefined;
      if (value === undefined) return undefined;
      key[column.key] = value;
    }
    return columns.length === 0 ? undefined : key;
  });
}

const NOTHING: ValueRow = {};

function returned(compiled: Compiled, column: Column, row: readonly unknown[] | undefined): unknown {
  const index = compiled.resultColumns?.findIndex(({ expression }) => expression?.shape === column.shape) ?? -1;
  const value = row?.[index];
  if (value === undefined || value === null) return undefined;
  const convert = compiled.resultColumns?.[index]?.convert;
  return convert === undefined ? value : convert(value);
}

function given(statement: AnyInsert, column: Column): unknown {
  const row: ValueRow | undefined = statement.rows[0];
  if (row !== undefined) return row[column.key] ?? undefined;
  const cell = statement.cells[statement.keys.indexOf(column.key)];
  return cell instanceof BindParameter ? (cell.value ?? undefined) : undefined;
}

/** A default is made while the row is turned into driver values, so it is read back from there. */
function made(dialect: Dialect, compiled: Compiled, column: Column, parameters: readonly unknown[]): unknown {
  const index = compiled.slots.findIndex((slot) => slot.key === column.key);
  return fromDriver(dialect, column, parameters[index]);
}

function generated(dialect: Dialect, statement: AnyInsert, column: Column, answer: DriverResult): unknown {
  const { autoincrementColumn } = statement.table as { readonly autoincrementColumn?: Column | undefined };
  return autoincrementColumn?.key === column.key ? fromDriver(dialect, column, answer.lastInsertId) : undefined;
}

function fromDriver(dialect: Dialect, column: Column, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  const convert = dialect.conversions(column.type as AnyType).result;
  return convert === undefined ? value : convert(value);
}
