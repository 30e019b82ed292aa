import type { Compiled } from "../compile/compiled.js";
import type { Dialect } from "../dialect/dialect.js";
import type { DriverResult } from "../dialect/driver.js";
import type { AnyType } from "../dialect/type-rules.js";
import type { Column } from "../sql/column.js";
import type { AnyInsert } from "./inserted-key.js";
import { generatedKey } from "./ordered-rows.js";
import type { PrimaryKeyValues } from "./result.js";

type Row = readonly unknown[];

/** How the keys of an INSERT of many rows are learnt where the database has no RETURNING. */
export interface KeyReading {
  /** Each page must be a call of its own, because the driver tells one generated key for each. */
  readonly pageByPage: boolean;
  /** The keys of the rows of one page. `step` is by how much generated keys grow. */
  read(set: Row, answer: DriverResult, step: number): readonly (PrimaryKeyValues | undefined)[];
}

/** The keys of rows that end with the columns of the primary key. */
export function returnedKeys(
  rows: readonly Row[],
  width: number,
  columns: readonly Column[],
  dialect: Dialect,
): readonly PrimaryKeyValues[] {
  const read = columns.map(
    (column) => dialect.conversions(column.type as AnyType).result ?? ((value: unknown) => value),
  );
  return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column.key, read[i]?.(row[width + i])])));
}

/** The columns of the primary key of the table of an INSERT. */
export function keyColumns(statement: AnyInsert): readonly Column[] {
  return statement.table.columns.filter((column) => column.primaryKey);
}

/**
 * How keys are read without RETURNING: from the values that were sent, and, where the database promises that one INSERT of
 * several rows counts its keys up without gaps (`Dialect.generatedKeyStep`), from the first of them. Undefined where neither
 * tells the whole key.
 */
export function keyReading(dialect: Dialect, statement: AnyInsert, compiled: Compiled): KeyReading | undefined {
  const columns = keyColumns(statement);
  if (columns.length === 0 || compiled.rowTemplate === undefined) return undefined;
  const { row: width, keys, outsideBefore, outside } = compiled.multiRowWidths;
  const generated = dialect.generatedKeyStep === undefined ? undefined : generatedKey(statement);
  const places = columns.map((column) => (column === generated ? -1 : keys.indexOf(column.key)));
  if (columns.some((column, i) => column !== generated && places[i] === -1)) return undefined;
  const read = columns.map(
    (column) => dialect.conversions(column.type as AnyType).result ?? ((value: unknown) => value),
  );
  return {
    pageByPage: generated !== undefined,
    read: (set, { lastInsertId }, step) => {
      const count = width === 0 ? 1 : (set.length - outside) / width;
      return Array.from({ length: count }, (_, r) => {
        const start = outsideBefore + r * width;
        const raw = places.map((place) => (place === -1 ? counted(lastInsertId, r * step) : set[start + place]));
        // A row without the key that others give: the database made one, and does not say which.
        if (raw.some((value) => value === null)) return undefined;
        return Object.fromEntries(columns.map((column, i) => [column.key, read[i]?.(raw[i])]));
      });
    },
  };
}

/** A key some steps behind the first one, in the form that the driver gives integers in. */
function counted(first: number | bigint | undefined, steps: number): number | bigint {
  const key = BigInt(first ?? 0) + BigInt(steps);
  return key <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(key) : key;
}
