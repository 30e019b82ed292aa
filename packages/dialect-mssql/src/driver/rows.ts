import { DataError } from "@acme/core/dialect";
import { timeOf } from "../types.js";

/** What the driver says of a result column. */
export interface ColumnMetadata {
  readonly colName: string;
  readonly type: { readonly name: string };
  readonly dataLength?: number | undefined;
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
}

/** Makes the exact value of what the driver read; undefined where that is it. */
export type Read = (value: unknown) => unknown;

/** How the values of each column are read. */
export function readersOf(columns: readonly ColumnMetadata[]): readonly (Read | undefined)[] {
  return columns.map(readerOf);
}

function readerOf(column: ColumnMetadata): Read | undefined {
  switch (column.type.name) {
    case "BigInt":
      return exactInteger;
    case "IntN":
      return column.dataLength === 8 ? exactInteger : undefined;
    case "NumericN":
    case "DecimalN":
      return (value) => exactDecimal(value as number, column.scale ?? 0, column.colName);
    case "Money":
    case "MoneyN":
    case "SmallMoney":
      return (value) => exactDecimal(value as number, 4, column.colName);
    case "Date":
      return (value) => (value as Date).toISOString().slice(0, 10);
    case "Time":
      return (value) => timeOf(value as Date).replace(/\.?0+$/, "");
    case "VarBinary":
    case "Binary":
    case "Image":
      return (value) => new Uint8Array(value as Uint8Array);
    default:
      return undefined;
  }
}

/** The driver gives 64 bits as text. */
function exactInteger(value: unknown): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value as string);
}

/**
 * The text of a decimal that the driver has made a JavaScript number of: exact while its digits fit into 53 bits. Beyond that
 * they are lost, which is not passed over in silence.
 */
function exactDecimal(value: number, scale: number, name: string): string {
  if (Math.abs(value) * 10 ** scale < Number.MAX_SAFE_INTEGER / 10) return value.toFixed(scale);
  throw new DataError(
    `The driver tedious cannot read the decimal in column "${name}" exactly: it has more than 15 digits.`,
    {
      code: "INEXACT_DECIMAL",
      remedy: "Select it as text, CONVERT(NVARCHAR(50), column, 2); a compiled SELECT does so by itself.",
    },
  );
}

/** A row's values, read. */
export function readRow(
  values: readonly { readonly value: unknown }[],
  readers: readonly (Read | undefined)[],
): unknown[] {
  return values.map(({ value }, i) => {
    const read = readers[i];
    return value === null || value === undefined ? null : read === undefined ? value : read(value);
  });
}
