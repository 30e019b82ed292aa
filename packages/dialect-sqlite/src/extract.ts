import type { Extract, ExtractField } from "@acme/core/dialect";

const part = (format: string, x: string): string => `CAST(strftime('${format}', ${x}) AS INTEGER)`;
/** The Thursday of a date's week: its year is that of the week. */
const thursday = (x: string): string => `date(${x}, '-3 days', 'weekday 4')`;

const FIELDS: Readonly<Record<ExtractField, (operand: string) => string>> = {
  year: (x) => part("%Y", x),
  isoYear: (x) => part("%Y", thursday(x)),
  quarter: (x) => `((${part("%m", x)} + 2) / 3)`,
  month: (x) => part("%m", x),
  week: (x) => `((strftime('%j', ${thursday(x)}) - 1) / 7 + 1)`,
  day: (x) => part("%d", x),
  dayOfWeek: (x) => part("%w", x),
  isoDayOfWeek: (x) => `((strftime('%w', ${x}) + 6) % 7 + 1)`,
  dayOfYear: (x) => part("%j", x),
  hour: (x) => part("%H", x),
  minute: (x) => part("%M", x),
  second: (x) => `CAST(strftime('%f', ${x}) AS REAL)`,
  epoch: (x) => `unixepoch(${x}, 'subsec')`,
};

/** A part of a date or time by SQLite's date functions, which read the text that is stored. */
export function extractText(node: Extract, operand: string): string {
  return FIELDS[node.field](operand);
}
