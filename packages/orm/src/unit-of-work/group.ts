import type { EntityState } from "../instrumentation/state.js";
import type { Mapper } from "../mapping/mapper.js";

/** Entities by mapping, in the order of the first of each. */
export function byMapper(states: Iterable<EntityState>): Map<Mapper, EntityState[]> {
  const groups = new Map<Mapper, EntityState[]>();
  for (const state of states) {
    const same = groups.get(state.mapper);
    if (same === undefined) groups.set(state.mapper, [state]);
    else same.push(state);
  }
  return groups;
}

/** Lists of at most `size` elements. */
export function* chunked<T>(list: readonly T[], size: number): Generator<readonly T[], void> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size);
}
