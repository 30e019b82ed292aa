import type { Compiled } from "../compile/compiled.js";
import type { Dialect } from "../dialect/dialect.js";
import { type AnyType, baseType } from "../dialect/type-rules.js";
import { OperationalError } from "../errors/index.js";
import { factsOf } from "../schema/table.js";
import type { Column } from "../sql/column.js";
import type { Item } from "../sql/protocols.js";
import type { AnyInsert } from "./inserted-key.js";

type Row = readonly unknown[];

/** Brings rows that came back into the order of the rows that were sent, of which these are the parameter sets. */
export type Arrange = (rows: readonly Row[], sets: readonly Row[]) => readonly Row[];

/**
 * Columns from which the order of the input is known again: a key that the database generates and that grows from row to row, or
 * a key that the input gives.
 */
export interface Sentinel {
  readonly kind: "ascending" | "given";
  readonly columns: readonly Column[];
}

/** Types whose values come back as they were sent, so that rows can be found by them. */
const FAITHFUL: ReadonlySet<string> = new Set(["integer", "smallInteger", "bigInteger", "uuid"]);

/** The fields of an INSERT of plain rows. Any other clause (a conflict, say) may leave rows out, or give older ones back. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set(["table", "keys", "rows", "cells", "query", "returningItems"]);

/** What tells the order of the rows that an INSERT gives back; undefined when nothing does. */
export function sentinelOf(dialect: Dialect, statement: AnyInsert, compiled: Compiled): Sentinel | undefined {
  if (!isPlain(statement)) return undefined;
  const generated = generatedKey(statement);
  if (generated !== undefined) {
    const tells = dialect.flags.insertReturningOrder === "keys";
    return tells ? { kind: "ascending", columns: [generated] } : undefined;
  }
  const key = statement.table.columns.filter((column) => column.primaryKey);
  const tells = (column: Column): boolean =>
    FAITHFUL.has(baseType(column.type as AnyType, dialect).name) && isSent(statement, compiled, column);
  return key.length > 0 && key.every(tells) ? { kind: "given", columns: key } : undefined;
}

/** Whether every row has a value for a column: its own, or one that the toolkit makes. */
function isSent({ rows }: AnyInsert, compiled: Compiled, column: Column): boolean {
  const slot = compiled.rowTemplate?.row.find((piece) => typeof piece !== "string" && piece.key === column.key);
  if (slot === undefined || typeof slot === "string") return false;
  return slot.fallback !== undefined || rows.every((row) => (row[column.key] ?? null) !== null);
}

/** The column whose value the database counts up for every row of a plain INSERT. */
export function generatedKey(statement: AnyInsert): Column | undefined {
  const { autoincrementColumn } = statement.table as { readonly autoincrementColumn?: Column | undefined };
  if (autoincrementColumn === undefined || !isPlain(statement)) return undefined;
  // An identity can count downwards.
  const grows = (factsOf(autoincrementColumn).options.identity?.increment ?? 1) > 0;
  return grows && !statement.keys.includes(autoincrementColumn.key) ? autoincrementColumn : undefined;
}

function isPlain(statement: AnyInsert): boolean {
  const fields = statement as unknown as Readonly<Record<string, unknown>>;
  return statement.declaration.fields.every(({ name, kind }) => {
    if (PLAIN_FIELDS.has(name) || kind === "data") return true;
    const value = fields[name];
    return value === undefined || value === false || (Array.isArray(value) && value.length === 0);
  });
}

/** The statement, asking for more columns behind its own. */
export function askingFor(statement: AnyInsert, columns: readonly Column[]): AnyInsert {
  return statement.returning(
    ...([...statement.returningItems, ...columns] as unknown as Item[]),
  ) as unknown as AnyInsert;
}

/** How the rows of a statement made by {@link askingFor} are brought into order, and rid of the columns that were added. */
export function arrangement(sentinel: Sentinel, compiled: Compiled): Arrange {
  const width = (compiled.resultColumns?.length ?? 0) - sentinel.columns.length;
  const inOrder =
    sentinel.kind === "ascending"
      ? byAscendingKey(width, compiled.rowTemplate?.numbered)
      : byGivenKey(width, sentinel, compiled);
  return (rows, sets) => inOrder(rows, sets).map((row) => row.slice(0, width));
}

/** Keys of `numbered` rows were given out in the order of their numbers, with gaps where other sessions came between. */
function byAscendingKey(at: number, numbered = false): Arrange {
  const key = (row: Row): number | bigint => row[at] as number | bigint;
  return (rows) => {
    if (ascends(rows, key)) return rows;
    const sorted = [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    if (numbered) return sorted;
    const first = key(sorted[0] as Row);
    const last = key(sorted.at(-1) as Row);
    // Keys without gaps were counted up. SQLite draws keys at random once the largest possible one is taken: these have gaps.
    if (BigInt(last) - BigInt(first) === BigInt(sorted.length - 1)) return sorted;
    throw new OperationalError("The keys that the database generated do not tell the order of the rows.", {
      code: "KEYS_OUT_OF_ORDER",
      remedy: "The rows were inserted. Insert them one by one to get their keys, or give the keys yourself.",
    });
  };
}

function ascends(rows: readonly Row[], key: (row: Row) => number | bigint): boolean {
  for (let i = 1; i < rows.length; i++) if (key(rows[i] as Row) <= key(rows[i - 1] as Row)) return false;
  return true;
}

/** Defaults made by the toolkit are keys that the input gives, too: they are read from the parameters. */
function byGivenKey(at: number, { columns }: Sentinel, compiled: Compiled): Arrange {
  const { row: width, outside, outsideBefore, keys } = compiled.multiRowWidths;
  const places = columns.map((column) => keys.indexOf(column.key));
  const sent = (set: Row, start: number): string => keyText(places.map((place) => set[start + place]));
  return (rows, sets) => {
    const found = new Map(rows.map((row) => [keyText(row.slice(at, at + columns.length)), row]));
    const inOrder: Row[] = [];
    for (const set of sets) {
      const end = set.length - (outside - outsideBefore);
      for (let start = outsideBefore; start < end; start += width) {
        const row = found.get(sent(set, start));
        if (row === undefined) throw unmatched(columns);
        inOrder.push(row);
      }
    }
    return inOrder;
  };
}

function keyText(values: Row): string {
  return values.map((value) => String(value).toLowerCase()).join(" ");
}

function unmatched(columns: readonly Column[]): OperationalError {
  const names = columns.map((column) => column.key).join(", ");
  return new OperationalError(`A row came back with another key (${names}) than the one that was sent.`, {
    code: "ROWS_UNMATCHED",
    remedy: "Something in the database changes keys (a trigger?). Insert such rows one by one.",
  });
}
