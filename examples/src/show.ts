import process from "node:process";

const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint =
  (code: number) =>
  (text: string): string =>
    colour ? `\u001b[${code}m${text}\u001b[0m` : text;

export const bold: (text: string) => string = paint(1);
export const dim: (text: string) => string = paint(2);
export const green: (text: string) => string = paint(32);
export const yellow: (text: string) => string = paint(33);
export const cyan: (text: string) => string = paint(36);

/** Writes one line. */
export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** A value in a cell, short enough for a terminal. */
function cell(value: unknown): string {
  if (value === null) return "NULL";
  if (value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`;
  const text =
    typeof value === "bigint" ? `${value}n` : typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** Writes rows as a table. */
export function table(rows: readonly object[]): void {
  const [first] = rows;
  if (first === undefined) {
    say(dim("  (no rows)"));
    return;
  }
  const keys = Object.keys(first);
  const cells = rows.map((row) => keys.map((key) => cell((row as Readonly<Record<string, unknown>>)[key])));
  const widths = keys.map((key, i) => Math.max(key.length, ...cells.map((line) => (line[i] as string).length)));
  const line = (values: readonly string[]): string =>
    `  ${values
      .map((value, i) => value.padEnd(widths[i] as number))
      .join("  ")
      .trimEnd()}`;
  say(bold(line(keys)));
  say(dim(line(widths.map((width) => "─".repeat(width)))));
  for (const values of cells) say(line(values));
}
