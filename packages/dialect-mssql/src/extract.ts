import { type AnyType, baseType, type DateTime, type Extract, type ExtractField } from "@acme/core/dialect";

const part = (name: string, x: string): string => `DATEPART(${name}, ${x})`;
/** The number that DATEPART gives a weekday depends on the session's DATEFIRST. */
const fromSunday = (x: string): string => `((DATEPART(weekday, ${x}) + @@DATEFIRST - 1) % 7)`;

const FIELDS: Readonly<Record<ExtractField, (operand: string) => string>> = {
  year: (x) => part("year", x),
  // The Thursday of a week is in the year that the week belongs to.
  isoYear: (x) => `DATEPART(year, DATEADD(day, 26 - DATEPART(iso_week, ${x}), ${x}))`,
  quarter: (x) => part("quarter", x),
  month: (x) => part("month", x),
  week: (x) => part("iso_week", x),
  day: (x) => part("day", x),
  dayOfWeek: fromSunday,
  isoDayOfWeek: (x) => `((DATEPART(weekday, ${x}) + @@DATEFIRST + 5) % 7 + 1)`,
  dayOfYear: (x) => part("dayofyear", x),
  hour: (x) => part("hour", x),
  minute: (x) => part("minute", x),
  second: (x) => `(DATEPART(second, ${x}) + DATEPART(nanosecond, ${x}) / 1e9)`,
  epoch: (x) => `(DATEDIFF_BIG(microsecond, '1970-01-01', ${x}) / 1e6)`,
};

/** Instants are brought to UTC first. */
export function extractText(node: Extract, operand: string): string {
  const type = baseType(node.operand.type as AnyType, { name: "mssql" });
  const isInstant = type.name === "dateTime" && (type as DateTime<unknown>).timezone;
  return FIELDS[node.field](isInstant ? `SWITCHOFFSET(${operand}, 0)` : operand);
}
