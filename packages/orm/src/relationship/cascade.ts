import { ArgumentError } from "@acme/core";

/** What follows an entity along a relationship. */
export interface Cascade {
  /** Related entities become pending with it. */
  readonly saveUpdate: boolean;
  /** They are merged with it. */
  readonly merge: boolean;
  /** They are refreshed and expired with it. */
  readonly refreshExpire: boolean;
  /** They are expunged with it. */
  readonly expunge: boolean;
  /** They are deleted with it. */
  readonly delete: boolean;
  /** They are deleted when they are taken out of it. */
  readonly deleteOrphan: boolean;
}

const WORDS: Readonly<Record<string, readonly (keyof Cascade)[]>> = {
  "save-update": ["saveUpdate"],
  merge: ["merge"],
  "refresh-expire": ["refreshExpire"],
  expunge: ["expunge"],
  delete: ["delete"],
  "delete-orphan": ["deleteOrphan"],
  all: ["saveUpdate", "merge", "refreshExpire", "expunge", "delete"],
  none: [],
};

/** The default: what is reachable is saved and merged, and nothing is deleted. */
export const DEFAULT_CASCADE = "save-update, merge";

/** Reads a cascade option: words separated by commas. Throws ArgumentError (`BAD_CASCADE`) for an unknown word. */
export function parseCascade(text: string, relationship: string): Cascade {
  const set = new Set<keyof Cascade>();
  for (const word of text.split(",").map((part) => part.trim())) {
    if (word === "") continue;
    if (!Object.hasOwn(WORDS, word)) {
      throw new ArgumentError(`"${word}" is no cascade (${relationship}).`, {
        code: "BAD_CASCADE",
        remedy: `The words are: ${Object.keys(WORDS).join(", ")}.`,
      });
    }
    for (const entry of WORDS[word] as readonly (keyof Cascade)[]) set.add(entry);
  }
  if (set.has("deleteOrphan") && !set.has("delete")) {
    throw new ArgumentError(`"delete-orphan" needs "delete" beside it (${relationship}).`, {
      code: "BAD_CASCADE",
      remedy: 'Write cascade: "all, delete-orphan".',
    });
  }
  return {
    saveUpdate: set.has("saveUpdate"),
    merge: set.has("merge"),
    refreshExpire: set.has("refreshExpire"),
    expunge: set.has("expunge"),
    delete: set.has("delete"),
    deleteOrphan: set.has("deleteOrphan"),
  };
}
