import type { FunctionRule } from "@acme/core/dialect";

/** SYSUTCDATETIME() is DATETIME2 in UTC: right for columns with and without time zone, whatever the server's own zone. */
const NOW: FunctionRule = () => "SYSUTCDATETIME()";
/** LEN leaves trailing blanks out; a text whose blanks are replaced has none. */
const LENGTH: FunctionRule = ([text = ""]) => `LEN(REPLACE(${text}, N' ', N'_'))`;
/** The length of a substring is obligatory; more than there is means the rest. */
const SUBSTRING: FunctionRule = ([text, start, length = "2147483647"]) => `SUBSTRING(${text}, ${start}, ${length})`;

/** GREATEST came with SQL Server 2022, and leaves NULLs out; as with all functions, NULL beside a value gives NULL. */
function extreme(aggregate: "max" | "min", args: readonly string[]): string {
  const known = args.map((arg) => `${arg} IS NOT NULL`).join(" AND ");
  const rows = args.map((arg) => `(${arg})`).join(", ");
  return `CASE WHEN ${known} THEN (SELECT ${aggregate}(v) FROM (VALUES ${rows}) AS given(v)) END`;
}

/** Functions that Transact-SQL writes differently. */
export const MSSQL_FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  now: NOW,
  current_timestamp: NOW,
  localtimestamp: () => "SYSDATETIME()",
  current_date: () => "CAST(SYSUTCDATETIME() AS DATE)",
  char_length: LENGTH,
  character_length: LENGTH,
  length: LENGTH,
  substring: SUBSTRING,
  substr: SUBSTRING,
  round: ([number, digits = "0"]) => `round(${number}, ${digits})`,
  ceil: "CEILING",
  ln: "LOG",
  pow: "POWER",
  // RAND() is one number for the whole statement.
  random: () => "(CAST(CHECKSUM(NEWID()) & 2147483647 AS FLOAT) / 2147483648)",
  greatest: (args) => extreme("max", args),
  least: (args) => extreme("min", args),
  current_time: () => "CAST(SYSUTCDATETIME() AS TIME)",
  localtime: () => "CAST(SYSDATETIME() AS TIME)",
  current_user: () => "CURRENT_USER",
  session_user: () => "SESSION_USER",
  current_role: false,
  nth_value: false,
  array_agg: false,
  mode: false,
  mod: ([left, right]) => `(${left}) % (${right})`,
};
