import type { ForeignKeyConstraint } from "../schema/constraint.js";
import type { AnyTable } from "../schema/table.js";

/** Tables in the order in which they can be created. */
export interface SortedTables {
  /** Each table after the ones that it refers to. */
  readonly tables: readonly AnyTable[];
  /** Foreign keys that must be added later, because their target comes after them: circles, and keys with `useAlter`. */
  readonly late: readonly ForeignKeyConstraint[];
}

/**
 * Sorts tables by their foreign keys. Tables that do not depend on each other keep the order of the list; a circle is cut
 * where few keys have to wait. Keys to tables outside of the list are no dependencies.
 *
 * @example
 * ```ts
 * sortTables([posts, users]).tables;        // [users, posts]
 * ```
 */
export function sortTables(tables: readonly AnyTable[]): SortedTables {
  const late: ForeignKeyConstraint[] = [];
  const ordered: AnyTable[] = [];
  for (const group of components(tables)) ordered.push(...cutCircle(group, late));
  for (const table of tables) for (const key of table.foreignKeys) if (key.options.useAlter) late.push(key);
  return { tables: ordered, late };
}

/** The keys of a table that make it depend on others. */
function dependencies(table: AnyTable): readonly ForeignKeyConstraint[] {
  return table.foreignKeys.filter((key) => !key.options.useAlter && targetOf(key) !== table);
}

function targetOf(key: ForeignKeyConstraint): AnyTable {
  return key.targetTable as AnyTable;
}

/** Tarjan's strongly connected components: each a circle or a single table, after all that it depends on. */
function components(tables: readonly AnyTable[]): readonly (readonly AnyTable[])[] {
  const known = new Set(tables);
  const position = new Map<AnyTable, number>();
  const low = new Map<AnyTable, number>();
  const open: AnyTable[] = [];
  const isOpen = new Set<AnyTable>();
  const found: AnyTable[][] = [];

  function visit(table: AnyTable): number {
    const at = position.size;
    position.set(table, at);
    low.set(table, at);
    open.push(table);
    isOpen.add(table);
    let lowest = at;
    for (const key of dependencies(table)) {
      const target = targetOf(key);
      if (!known.has(target)) continue;
      if (!position.has(target)) lowest = Math.min(lowest, visit(target));
      else if (isOpen.has(target)) lowest = Math.min(lowest, low.get(target) as number);
      low.set(table, lowest);
    }
    if (lowest === at) {
      const group = open.splice(open.indexOf(table));
      for (const member of group) isOpen.delete(member);
      found.push(group);
    }
    return lowest;
  }

  for (const table of tables) if (!position.has(table)) visit(table);
  return found;
}

/** The tables of a circle in an order that leaves few keys for later. */
function cutCircle(group: readonly AnyTable[], late: ForeignKeyConstraint[]): readonly AnyTable[] {
  if (group.length === 1) return group;
  const waiting = new Set(group);
  const ordered: AnyTable[] = [];
  const missing = (table: AnyTable): readonly ForeignKeyConstraint[] =>
    dependencies(table).filter((key) => waiting.has(targetOf(key)));
  while (waiting.size > 0) {
    const next = bestNext(waiting, missing);
    late.push(...missing(next));
    waiting.delete(next);
    ordered.push(next);
  }
  return ordered;
}

/** The table that can do without others, or else the one that is waited for most and waits least. */
function bestNext(
  waiting: ReadonlySet<AnyTable>,
  missing: (table: AnyTable) => readonly ForeignKeyConstraint[],
): AnyTable {
  const waitedFor = new Map<AnyTable, number>();
  for (const table of waiting) {
    for (const key of missing(table)) waitedFor.set(targetOf(key), (waitedFor.get(targetOf(key)) ?? 0) + 1);
  }
  let best: AnyTable | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (const table of waiting) {
    const waits = missing(table).length;
    const score = waits === 0 ? Number.POSITIVE_INFINITY : (waitedFor.get(table) ?? 0) - waits;
    if (score > highest) {
      best = table;
      highest = score;
    }
  }
  return best as AnyTable;
}
