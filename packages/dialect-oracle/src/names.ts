import { ORACLE_RESERVED_WORDS } from "./reserved-words.js";

/** Whether a name must be quoted: a plain one begins with a letter and is stored in upper case. */
export function needsQuotes(name: string): boolean {
  return !/^[a-z][a-z0-9_]*$/.test(name) || ORACLE_RESERVED_WORDS.has(name);
}

/** The name by which the toolkit knows an identifier of the data dictionary: `USERS` is `users`, `"Users"` is `Users`. */
export function fromDictionary(name: string): string {
  const folded = name.toLowerCase();
  return name === folded.toUpperCase() && !needsQuotes(folded) ? folded : name;
}

/** The name under which the data dictionary has an identifier of the toolkit's. */
export function toDictionary(name: string): string {
  return needsQuotes(name) ? name : name.toUpperCase();
}
