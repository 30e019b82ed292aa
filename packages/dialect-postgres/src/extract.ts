import { type AnyType, baseType, type DateTime, type Extract } from "@acme/core/dialect";
import { POSTGRESQL } from "./types.js";

/** Parts that have a fraction. */
const FRACTIONAL: ReadonlySet<string> = new Set(["second", "epoch"]);

/** EXTRACT gives NUMERIC, and takes instants in the time zone of the session: both are said. */
export function extractText(node: Extract, operand: string, extract: (operand: string) => string): string {
  const type = baseType(node.operand.type as AnyType, POSTGRESQL);
  const isInstant = type.name === "dateTime" && (type as DateTime<unknown>).timezone && node.field !== "epoch";
  const text = extract(isInstant ? `${operand} AT TIME ZONE 'UTC'` : operand);
  return `CAST(${text} AS ${FRACTIONAL.has(node.field) ? "DOUBLE PRECISION" : "INTEGER"})`;
}
