import { ArgumentError } from "../errors/index.js";
import { declareNode, Node } from "../visit/node.js";
import { toFrom } from "./coerce.js";
import type { FromClause } from "./from-clause.js";
import type { Source } from "./protocols.js";

/** Which rows of a query to lock, and how. */
export interface LockOptions {
  /** Fail at once when a row is locked. */
  readonly nowait?: boolean;
  /** Leave locked rows out. */
  readonly skipLocked?: boolean;
  /** A shared lock: others may read and share, not change. Oracle has none. */
  readonly share?: boolean;
  /** A weaker lock that lets others refer to the row by its key: `FOR NO KEY UPDATE`, with `share` `FOR KEY SHARE`. PostgreSQL only. */
  readonly keyShare?: boolean;
  /** Lock only the rows of these FROM items. */
  readonly of?: Source<string> | readonly Source<string>[];
}

/** How strong a row lock is. */
export type LockStrength = "update" | "noKeyUpdate" | "share" | "keyShare";

/** `FOR UPDATE OF t NOWAIT` and its kin. */
export class RowLock extends Node {
  readonly strength: LockStrength;
  readonly of: readonly FromClause[];
  readonly wait: "nowait" | "skipLocked" | undefined;

  constructor(strength: LockStrength, of: readonly FromClause[], wait: "nowait" | "skipLocked" | undefined) {
    super();
    this.strength = strength;
    this.of = of;
    this.wait = wait;
  }

  static {
    declareNode(RowLock, "rowLock", { strength: "atom", of: "nodes", wait: "atom" });
  }
}

/** A row lock as options say it. */
export function rowLock(options: LockOptions): RowLock {
  if (options.nowait && options.skipLocked) {
    throw new ArgumentError("A row lock can fail at locked rows or leave them out, not both.", {
      code: "BAD_LOCK",
      remedy: "Give nowait or skipLocked.",
    });
  }
  const of = options.of === undefined ? [] : Array.isArray(options.of) ? options.of : [options.of];
  const strength = options.share
    ? options.keyShare
      ? "keyShare"
      : "share"
    : options.keyShare
      ? "noKeyUpdate"
      : "update";
  return new RowLock(
    strength,
    of.map(toFrom),
    options.nowait ? "nowait" : options.skipLocked ? "skipLocked" : undefined,
  );
}
