import type { ResultColumn } from "@acme/core";
import type { EntityState } from "../instrumentation/state.js";
import { RelatedArray, UnloadedCollection } from "../relationship/collection.js";
import type { Relationship } from "../relationship/relationship.js";
import type { SessionContext } from "../session/context.js";
import { entityColumns, type HydrateOptions, hydrate } from "./hydrate.js";
import type { JoinedItem } from "./joined.js";

type Rows = readonly (readonly unknown[])[];
/** The entities of one item of the select list, row by row. */
export type ItemStates = readonly (EntityState | null)[];

/** Puts what was loaded of a relationship into its owner. Additions and removals that wait for a flush stay. */
export function settle(state: EntityState, relationship: Relationship, related: readonly object[]): void {
  const slots = relationship.slots(state);
  const present = slots[relationship.index];
  if (!relationship.isCollection) {
    if (!state.changes?.has(relationship)) slots[relationship.index] = related[0] ?? null;
  } else if (present instanceof UnloadedCollection) {
    slots[relationship.index] = present.merged(related);
  } else if (!(present instanceof RelatedArray)) {
    slots[relationship.index] = RelatedArray.made(state, relationship, related);
  } else if (!state.changes?.has(relationship)) {
    present.restore(related);
  }
}

/** The place of the first column of an item. */
export function firstColumn(columns: readonly ResultColumn[], item: number): number {
  return columns.findIndex((column) => column.item === item);
}

/** Makes the entities of the joined loads and puts them into their owners. `states` has the entities of the items before. */
export function attachJoined(
  context: SessionContext,
  joined: readonly JoinedItem[],
  states: Map<number, ItemStates>,
  rows: Rows,
  columns: readonly ResultColumn[],
  options: HydrateOptions,
): void {
  for (const { relationship, owner, item } of joined) {
    const plan = entityColumns(relationship.target, firstColumn(columns, item), columns);
    const related = hydrate(context, plan, rows, options).states;
    states.set(item, related);
    const found = new Map<EntityState, Set<object>>();
    const owners = states.get(owner) as ItemStates;
    for (let n = 0; n < owners.length; n++) {
      const state = owners[n];
      if (state === null || state === undefined) continue;
      let list = found.get(state);
      if (list === undefined) {
        if (!options.populateExisting && relationship.isLoadedIn(state)) continue;
        list = new Set();
        found.set(state, list);
      }
      const entity = related[n]?.entity;
      if (entity !== undefined) list.add(entity);
    }
    for (const [state, list] of found) settle(state, relationship, [...list]);
  }
}
