import { readColumn } from "../instrumentation/columns.js";
import { stateOf } from "../instrumentation/entity-root.js";
import { type EntityState, EXPIRED } from "../instrumentation/state.js";
import { loadRelated, pathTo } from "../loading/related.js";
import type { Mapper } from "../mapping/mapper.js";
import { assign } from "../relationship/sync.js";
import type { SessionContext } from "./context.js";

/** Copies an entity into a session, and what it leads to by relationships that cascade merge. */
export async function merge(
  context: SessionContext,
  source: EntityState,
  find: (mapper: Mapper, key: unknown) => Promise<EntityState | null>,
): Promise<EntityState> {
  const done = new Map<EntityState, EntityState>();
  const copy = async (from: EntityState): Promise<EntityState> => {
    const before = done.get(from);
    if (before !== undefined) return before;
    if (from.liveScope === context.scope) return from;
    const { mapper } = from;
    const key = mapper.keyPositions.map((position) => readColumn(from, position));
    const present = key.some((value) => value === undefined || value === null) ? null : await find(mapper, key);
    const to = present ?? newState(context, mapper);
    done.set(from, to);
    copyColumns(from, to);
    for (const relationship of mapper.relationships) {
      if (!relationship.cascade.merge || !relationship.isLoadedIn(from)) continue;
      const value = from.related?.[relationship.index] as object | object[] | null;
      if (Array.isArray(value)) {
        const copies: object[] = [];
        for (const item of value) copies.push((await copy(stateOf(item))).entity);
        if (to.hasRow) await loadRelated(context, [to], pathTo(relationship), { populateExisting: false });
        assign(to, relationship, copies);
      } else {
        assign(to, relationship, value === null ? null : (await copy(stateOf(value))).entity);
      }
    }
    return to;
  };
  return copy(source);
}

function newState(context: SessionContext, mapper: Mapper): EntityState {
  const entityClass = mapper.fixedClass;
  const made = new entityClass({});
  context.reach(made);
  return stateOf(made);
}

function copyColumns(from: EntityState, to: EntityState): void {
  const { mapper } = from;
  for (let i = 0; i < mapper.keys.length; i++) {
    const key = mapper.keys[i] as string;
    if (from.flags & EXPIRED && !Object.hasOwn(from.entity, key)) continue;
    const value = readColumn(from, i);
    if (value !== undefined) (to.entity as Record<string, unknown>)[key] = value;
  }
}
