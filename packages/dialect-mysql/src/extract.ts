import type { Extract, ExtractField } from "@acme/core/dialect";

const FIELDS: Readonly<Record<ExtractField, (operand: string) => string>> = {
  year: (x) => `EXTRACT(YEAR FROM ${x})`,
  isoYear: (x) => `(YEARWEEK(${x}, 3) DIV 100)`,
  quarter: (x) => `EXTRACT(QUARTER FROM ${x})`,
  month: (x) => `EXTRACT(MONTH FROM ${x})`,
  week: (x) => `WEEK(${x}, 3)`,
  day: (x) => `EXTRACT(DAY FROM ${x})`,
  dayOfWeek: (x) => `(DAYOFWEEK(${x}) - 1)`,
  isoDayOfWeek: (x) => `(WEEKDAY(${x}) + 1)`,
  dayOfYear: (x) => `DAYOFYEAR(${x})`,
  hour: (x) => `EXTRACT(HOUR FROM ${x})`,
  minute: (x) => `EXTRACT(MINUTE FROM ${x})`,
  second: (x) => `(EXTRACT(SECOND_MICROSECOND FROM ${x}) / 1000000e0)`,
  // UNIX_TIMESTAMP would take the value in the time zone of the session.
  epoch: (x) => `(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ${x}) / 1000000e0)`,
};

/** Mode 3 of WEEK is that of ISO 8601. */
export function extractText(node: Extract, operand: string): string {
  return FIELDS[node.field](operand);
}
