import { READ_BY_RULE } from "../types.js";
import { type Decoder, decoderOf } from "../values/decode.js";
import type { WireField } from "./pg.js";

/** Says the value type of a column that the statement declares; see `ExecuteOptions.columnType`. */
export type ColumnType = ((index: number, name: string) => string | undefined) | undefined;

/** How the rows of one result are read. */
export interface RowPlan {
  readonly columns: readonly string[];
  /** The positions that need reading; all others are right as text. */
  readonly positions: readonly number[];
  readonly decoders: readonly Decoder[];
}

/** A result without columns. */
export const NO_COLUMNS: RowPlan = { columns: [], positions: [], decoders: [] };

/** Decides for each column whether its type rule reads it, the driver does, or it is text. */
export function planRows(fields: readonly WireField[], columnType: ColumnType): RowPlan {
  const positions: number[] = [];
  const decoders: Decoder[] = [];
  fields.forEach(({ name, dataTypeID }, i) => {
    const declared = columnType?.(i, name);
    if (declared !== undefined && READ_BY_RULE.has(declared)) return;
    const decode = decoderOf(dataTypeID);
    if (decode === undefined) return;
    positions.push(i);
    decoders.push(decode);
  });
  return { columns: fields.map((field) => field.name), positions, decoders };
}

/** Reads a row in place: the array that pg made of the message is the row. */
export function readRow({ positions, decoders }: RowPlan, row: (string | null)[]): readonly unknown[] {
  const values: unknown[] = row;
  for (let k = 0; k < positions.length; k++) {
    const i = positions[k] as number;
    const text = row[i] as string | null;
    if (text !== null) values[i] = (decoders[k] as Decoder)(text);
  }
  return values;
}
