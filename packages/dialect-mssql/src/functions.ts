import type { FunctionRule } from "@acme/core/dialect";

/** SYSUTCDATETIME() is DATETIME2 in UTC: right for columns with and without time zone, whatever the server's own zone. */
const NOW: FunctionRule = () => "SYSUTCDATETIME()";
/** LEN leaves trailing blanks out; a text whose blanks are replaced has none. */
const LENGTH: FunctionRule = ([text = ""]) => `LEN(REPLACE(${text}, N' ', N'_'))`;
/** The length of a substring is obligatory; more than there is means the rest. */
const SUBSTRING: FunctionRule = ([text, start, length = "2147483647"]) => `SUBSTRING(${text}, ${start}, ${length})`;

/** Functions that Transact-SQL writes differently. */
export const MSSQL_FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  now: NOW,
  current_timestamp: NOW,
  localtimestamp: NOW,
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
  random: () => "RAND()",
  mod: ([left, right]) => `(${left}) % (${right})`,
};
