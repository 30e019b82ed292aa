import { RESERVED_WORDS } from "@acme/core/dialect";

/** What PostgreSQL reserves beyond the words that most databases do (`pg_get_keywords()`, categories R and T). */
export const POSTGRES_RESERVED_WORDS: ReadonlySet<string> = new Set([
  ...RESERVED_WORDS,
  "collation",
  "concurrently",
  "system_user",
]);
