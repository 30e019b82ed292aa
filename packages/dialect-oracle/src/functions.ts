import type { FunctionRule } from "@acme/core/dialect";

/**
 * Functions that Oracle writes differently. The session's time zone is UTC (see the driver adapter), so CURRENT_TIMESTAMP is an
 * instant that also reads right as a wall-clock time; CURRENT_DATE has a time of day, which is cut off.
 */
export const ORACLE_FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  now: () => "CURRENT_TIMESTAMP",
  current_timestamp: () => "CURRENT_TIMESTAMP",
  localtimestamp: () => "LOCALTIMESTAMP",
  current_date: () => "TRUNC(CURRENT_DATE)",
  char_length: "LENGTH",
  character_length: "LENGTH",
  substring: "SUBSTR",
  ceiling: "CEIL",
  pow: "POWER",
  log10: (args) => `LOG(10, ${args.join(", ")})`,
  random: () => "DBMS_RANDOM.VALUE",
  ceil: "CEIL",
  current_time: false,
  localtime: false,
  current_user: () => "SYS_CONTEXT('USERENV', 'CURRENT_USER')",
  session_user: () => "SYS_CONTEXT('USERENV', 'SESSION_USER')",
  current_role: false,
  array_agg: false,
  string_agg: "LISTAGG",
  group_concat: "LISTAGG",
};
