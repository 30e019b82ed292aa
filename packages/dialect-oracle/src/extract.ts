import { type AnyType, baseType, type DateTime, type Extract, type ExtractField } from "@acme/core/dialect";
import { ORACLE } from "./types.js";

const format = (x: string, model: string): string => `TO_NUMBER(TO_CHAR(${x}, '${model}'))`;
const isoDay = (x: string): string => `(TRUNC(${x}) - TRUNC(${x}, 'IW') + 1)`;

/** What a wall-clock date or time of day is asked for. */
const FIELDS: Readonly<Record<ExtractField, (operand: string) => string>> = {
  year: (x) => `EXTRACT(YEAR FROM ${x})`,
  isoYear: (x) => format(x, "IYYY"),
  quarter: (x) => format(x, "Q"),
  month: (x) => `EXTRACT(MONTH FROM ${x})`,
  week: (x) => format(x, "IW"),
  day: (x) => `EXTRACT(DAY FROM ${x})`,
  // The number of TO_CHAR's format D depends on the session's territory.
  dayOfWeek: (x) => `MOD(${isoDay(x)}, 7)`,
  isoDayOfWeek: isoDay,
  dayOfYear: (x) => format(x, "DDD"),
  hour: (x) => `EXTRACT(HOUR FROM ${x})`,
  minute: (x) => `EXTRACT(MINUTE FROM ${x})`,
  second: (x) => `EXTRACT(SECOND FROM ${x})`,
  epoch: (x) =>
    `((CAST(${x} AS DATE) - DATE '1970-01-01') * 86400 + MOD(TO_NUMBER(TO_CHAR(CAST(${x} AS TIMESTAMP), 'FF6')), 1000000) / 1000000)`,
};

/** Instants are brought to UTC first; EXTRACT would do that by itself, TO_CHAR would not. */
export function extractText(node: Extract, operand: string): string {
  const type = baseType(node.operand.type as AnyType, ORACLE);
  const isInstant = type.name === "dateTime" && (type as DateTime<unknown>).timezone;
  return FIELDS[node.field](isInstant ? `SYS_EXTRACT_UTC(${operand})` : operand);
}
