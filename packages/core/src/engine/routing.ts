import type { FunctionCall } from "../sql/function.js";
import { statementKey } from "../visit/compare.js";
import type { Node } from "../visit/node.js";
import { iterate } from "../visit/walk.js";
import { LruCache } from "./cache.js";

/** Nodes that change data, or lock it, wherever in a statement they stand. */
const WRITING: ReadonlySet<string> = new Set(["insert", "update", "delete", "merge", "rowLock"]);
/** Functions that change something. */
const CHANGING: ReadonlySet<string> = new Set(["nextval", "setval", "next_value"]);

const known = new LruCache<number, boolean>(1000);

/**
 * Whether a statement only reads, so that a replica can execute it: a query without row locks, without data-changing statements
 * inside, without functions that are known to change something. Text may do anything: it counts as writing.
 */
export function onlyReads(statement: Node): boolean {
  if (statement.kind !== "select" && statement.kind !== "compound") return false;
  const key = statementKey(statement);
  let reads = known.get(key);
  if (reads === undefined) {
    reads = !writes(statement);
    known.set(key, reads);
  }
  return reads;
}

function writes(statement: Node): boolean {
  for (const node of iterate(statement)) {
    if (WRITING.has(node.kind) || node.kind === "text") return true;
    if (node.kind === "function" && CHANGING.has((node as unknown as FunctionCall).name.toLowerCase())) return true;
  }
  return false;
}
