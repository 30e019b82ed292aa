import { CircularDependencyError } from "@acme/core";
import type { EntityState } from "../instrumentation/state.js";
import type { Mapper } from "../mapping/mapper.js";

/** A foreign key that makes a row wait for another. */
export interface Waiting {
  readonly child: EntityState;
  readonly positions: readonly number[];
}

/** Mappings whose tables refer to each other in a circle, or one alone. */
export interface MapperGroup {
  readonly mappers: readonly Mapper[];
  /** True when rows of the group can refer to each other: they are put in order one by one. */
  readonly circular: boolean;
}

/** The mappings that a mapping's table refers to. */
function referred(mapper: Mapper, among: ReadonlyMap<unknown, Mapper>): readonly Mapper[] {
  return mapper.table.foreignKeys.flatMap((key) => among.get(key.targetTable) ?? []);
}

/** Mappings in the order in which rows can be inserted: those that are referred to first (Tarjan's strong components). */
export function sortMappers(mappers: Iterable<Mapper>): readonly MapperGroup[] {
  const byTable = new Map<unknown, Mapper>();
  for (const mapper of mappers) byTable.set(mapper.table, mapper);
  const groups: MapperGroup[] = [];
  const index = new Map<Mapper, number>();
  const low = new Map<Mapper, number>();
  const stack: Mapper[] = [];
  const visit = (mapper: Mapper): void => {
    const at = index.size;
    index.set(mapper, at);
    low.set(mapper, at);
    stack.push(mapper);
    for (const other of referred(mapper, byTable)) {
      if (!index.has(other)) visit(other);
      if (stack.includes(other)) low.set(mapper, Math.min(low.get(mapper) as number, low.get(other) as number));
    }
    if (low.get(mapper) !== at) return;
    const members = stack.splice(stack.indexOf(mapper));
    groups.push({ mappers: members, circular: members.length > 1 || referred(mapper, byTable).includes(mapper) });
  };
  for (const mapper of byTable.values()) if (!index.has(mapper)) visit(mapper);
  return groups;
}

/** Rows in steps: each step needs nothing but the steps before. */
export interface Steps<L> {
  readonly steps: readonly (readonly EntityState[])[];
  /** Foreign keys that break a circle: they are left out at first. */
  readonly deferred: readonly L[];
}

/** What a row waits for: another row of the group, and the link that says so (undefined where a plain value says so). */
export interface Dependency<L> {
  readonly on: EntityState;
  readonly link: L | undefined;
}

/** Puts rows that refer to each other in order. A circle is broken at a foreign key that can be NULL for a while. */
export function sortRows<L extends Waiting>(
  states: readonly EntityState[],
  dependenciesOf: (state: EntityState) => readonly Dependency<L>[],
): Steps<L> {
  const waiting = new Map<EntityState, Dependency<L>[]>(states.map((state) => [state, []]));
  for (const [state, list] of waiting)
    for (const each of dependenciesOf(state)) if (waiting.has(each.on)) list.push(each);
  const steps: (readonly EntityState[])[] = [];
  const deferred: L[] = [];
  while (waiting.size > 0) {
    const ready: EntityState[] = [];
    for (const [state, list] of waiting) if (list.every((each) => !waiting.has(each.on))) ready.push(state);
    if (ready.length > 0) {
      for (const state of ready) waiting.delete(state);
      steps.push(ready);
    } else {
      deferred.push(breakCircle(waiting));
    }
  }
  return { steps, deferred };
}

/** Takes one dependency out of a circle. */
function breakCircle<L extends Waiting>(waiting: Map<EntityState, Dependency<L>[]>): L {
  for (const list of waiting.values()) {
    const at = list.findIndex(({ on, link }) => waiting.has(on) && link !== undefined && canWait(link));
    if (at !== -1) return list.splice(at, 1)[0]?.link as L;
  }
  const names = [...new Set([...waiting.keys()].map((state) => state.mapper.name))].join(", ");
  throw new CircularDependencyError(
    `Rows of ${names} refer to each other in a circle, and none of their foreign keys can be NULL.`,
    {
      remedy: "Make one of the foreign keys nullable, or flush without one of the references and set it afterwards.",
    },
  );
}

function canWait(link: Waiting): boolean {
  const { mapper } = link.child;
  return link.positions.every((position) => mapper.columns[position]?.nullable === true);
}
