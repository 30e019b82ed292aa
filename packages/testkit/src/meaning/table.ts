import { integer, MetaData, string, Table } from "@acme/core";
import type { MeaningRow } from "./evaluate.js";

export const meaningMetadata = new MetaData();

/** What the trees read. */
export const meanings = new Table("meanings", meaningMetadata, {
  id: integer().primaryKey({ autoincrement: false }),
  a: integer().nullable(),
  b: integer().nullable(),
  s: string(10).nullable(),
});

/** The rows of the table, with NULL in each place. */
export const MEANING_ROWS: readonly (MeaningRow & { readonly id: number })[] = [
  { id: 1, a: 5, b: 3, s: "ab" },
  { id: 2, a: -7, b: 2, s: "a%" },
  { id: 3, a: null, b: -1, s: "" },
  { id: 4, a: 0, b: null, s: null },
];
