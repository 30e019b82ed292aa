import type { Lob, Metadata } from "oracledb";
import { fromDictionary } from "../names.js";
import type { Oracledb } from "./driver.js";

type Row = readonly unknown[];
type Read = (value: unknown) => unknown;
type ColumnType = ((index: number, name: string) => string | undefined) | undefined;

/** Value types whose rule takes the text of a number. */
const NUMBER_TYPES = new Set(["integer", "smallInteger", "bigInteger", "numeric", "float", "double", "boolean"]);

/** How the driver is to fetch a column: numbers as text, so that no digit is lost, and LOBs as what is in them. */
export function fetchTypeHandler(
  driver: Oracledb,
): (metadata: Metadata<unknown>) => { type: oracledbType } | undefined {
  return ({ dbType }) => {
    switch (dbType) {
      case driver.DB_TYPE_NUMBER:
      case driver.DB_TYPE_CLOB:
      case driver.DB_TYPE_NCLOB:
        return { type: driver.DB_TYPE_VARCHAR };
      case driver.DB_TYPE_BLOB:
        return { type: driver.DB_TYPE_RAW };
      default:
        return undefined;
    }
  };
}
type oracledbType = NonNullable<Metadata<unknown>["dbType"]>;

/** The names of result columns as the toolkit writes them. */
export function columnNames(metadata: readonly Metadata<unknown>[]): string[] {
  return metadata.map(({ name }) => fromDictionary(name));
}

/** Makes exact values of what the driver fetched. */
export function readRows(
  driver: Oracledb,
  metadata: readonly Metadata<unknown>[],
  rows: readonly Row[],
  columnType: ColumnType,
): readonly Row[] {
  const names = columnNames(metadata);
  const reads = metadata.map((column, i) => readerOf(driver, column, columnType?.(i, names[i] as string)));
  if (reads.every((read) => read === undefined)) return rows;
  return rows.map((row) => row.map((value, i) => (value === null ? null : (reads[i]?.(value) ?? value))));
}

function readerOf(driver: Oracledb, { dbType }: Metadata<unknown>, type: string | undefined): Read | undefined {
  switch (dbType) {
    case driver.DB_TYPE_NUMBER:
      return type !== undefined && NUMBER_TYPES.has(type) ? undefined : exactNumber;
    case driver.DB_TYPE_DATE:
    case driver.DB_TYPE_TIMESTAMP:
      return wallClockAsUtc;
    case driver.DB_TYPE_JSON:
      return type === "json" ? JSON.stringify : undefined;
    case driver.DB_TYPE_BLOB:
    case driver.DB_TYPE_RAW:
    case driver.DB_TYPE_LONG_RAW:
      return (value) => new Uint8Array(value as Uint8Array);
    default:
      return undefined;
  }
}

/** A number where JavaScript has it, a bigint for a whole one beyond, else the text with all digits. */
function exactNumber(value: unknown): number | bigint | string {
  const text = String(value).replace(/^(-?)\./, "$10.");
  if (/^-?\d+$/.test(text)) {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : BigInt(text);
  }
  const digits = text.replace(/^-?0*\.?0*|\./g, "");
  return digits.length <= 15 && !/e/i.test(text) ? Number(text) : text;
}

/** The driver puts a time without a zone into the time zone of the process; here it reads as UTC. */
function wallClockAsUtc(value: unknown): unknown {
  if (!(value instanceof Date)) return value;
  const date = new Date(0);
  date.setUTCFullYear(value.getFullYear(), value.getMonth(), value.getDate());
  date.setUTCHours(value.getHours(), value.getMinutes(), value.getSeconds(), value.getMilliseconds());
  return date;
}

/** Rows from what RETURNING ... INTO filled: one list of values for each column. */
export async function rowsOfOutBinds(columns: readonly unknown[]): Promise<readonly Row[]> {
  const lists = await Promise.all(
    columns.map((list) => Promise.all(((list ?? []) as readonly unknown[]).map(content))),
  );
  return Array.from({ length: lists[0]?.length ?? 0 }, (_, row) => lists.map((list) => list[row] ?? null));
}

/** What is in a LOB; any other value as it is. */
export async function content(value: unknown): Promise<unknown> {
  const lob = value as Lob | null | undefined;
  return typeof lob?.getData === "function" ? await lob.getData() : value;
}
