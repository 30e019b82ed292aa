import type { DriverResult, ExecuteOptions, ProcedureAnswer, ProcedureCall } from "@acme/core/dialect";
import type { Connection } from "tedious";
import type { Tedious } from "./driver.js";
import { runAll } from "./request.js";

/**
 * Calls a stored procedure in a batch of its own: what comes out goes through variables that are selected behind the call, because
 * tedious makes JavaScript numbers of decimals that come out of a remote procedure call.
 */
export async function callProcedure(
  driver: Tedious,
  connection: Connection,
  { name, arguments: list }: ProcedureCall,
  options: ExecuteOptions,
): Promise<ProcedureAnswer> {
  const values: unknown[] = [];
  const bound = (value: unknown): string => `@p${values.push(value)}`;
  const declared: string[] = [];
  const read: string[] = [];
  const parts = list.map(({ mode, value, type }) => {
    if (mode === "in") return bound(value);
    const variable = `@out${read.length + 1}`;
    declared.push(`${variable} ${type}${mode === "inOut" ? ` = ${bound(value)}` : ""}`);
    const isDecimal = options.columnType?.(read.length, "") === "numeric";
    read.push(isDecimal ? `CONVERT(NVARCHAR(50), ${variable}, 2)` : variable);
    return `${variable} OUTPUT`;
  });
  const sql = [
    declared.length === 0 ? "" : `DECLARE ${declared.join(", ")}; `,
    `EXEC ${name}${parts.length === 0 ? "" : ` ${parts.join(", ")}`}`,
    read.length === 0 ? "" : `; SELECT ${read.join(", ")}`,
  ].join("");
  const results: readonly DriverResult[] = await runAll(driver, connection, sql, values, "sql", {
    signal: options.signal,
    timeout: options.timeout,
  });
  if (read.length === 0) return { results, outputs: [] };
  return { results: results.slice(0, -1), outputs: results.at(-1)?.rows[0] ?? [] };
}
