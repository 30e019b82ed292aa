import { RESERVED_WORDS } from "@acme/core/dialect";

/** SQLite's keywords that cannot name a table or column without quotes, beside those that are reserved everywhere. */
export const SQLITE_RESERVED_WORDS: ReadonlySet<string> = new Set([
  ...RESERVED_WORDS,
  ..."add autoincrement commit escape generated glob if indexed match natural nothing raise regexp transaction without".split(
    " ",
  ),
]);
