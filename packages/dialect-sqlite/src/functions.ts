import { type FunctionRule, STANDARD_FUNCTIONS } from "@acme/core/dialect";

/**
 * A point in time as it is stored: `2024-02-29 13:00:00.5` in UTC, without zeros at the end, so that equal instants are equal
 * texts and the order of the texts is the order of time.
 */
export function instantText(modifiedTime: string): string {
  return `rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', ${modifiedTime}), '0'), '.')`;
}

const now: FunctionRule = () => instantText("'now'");

/** The functions whose names differ from those of other databases. */
export const SQLITE_FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  ...STANDARD_FUNCTIONS,
  now,
  current_timestamp: now,
  char_length: "length",
  current_time: () => "rtrim(rtrim(strftime('%H:%M:%f', 'now'), '0'), '.')",
  localtime: () => "rtrim(rtrim(strftime('%H:%M:%f', 'now', 'localtime'), '0'), '.')",
  localtimestamp: () => instantText("'now', 'localtime'"),
  current_user: false,
  session_user: false,
  current_role: false,
  greatest: "max",
  least: "min",
  // random() is an integer of 64 bits: 53 of them make a fraction.
  random: () => "((random() & 9007199254740991) / 9007199254740992.0)",
  array_agg: false,
  stddev: false,
  mode: false,
  substring: "substr",
};
