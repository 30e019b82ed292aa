import { and, type Column, type Node, type Predicate } from "@acme/core";
import { readColumn } from "../instrumentation/columns.js";
import { stateOf } from "../instrumentation/entity-root.js";
import type { EntityState } from "../instrumentation/state.js";
import type { Relationship } from "../relationship/relationship.js";
import { reachableThrough, type SessionContext } from "../session/context.js";
import { attachJoined, settle } from "./attach.js";
import { columnsAt, mapKey, oneOf } from "./conditions.js";
import { entityColumns, type HydrateOptions, hydrate } from "./hydrate.js";
import { withJoinedLoads } from "./joined.js";
import type { LoadNode } from "./option.js";
import { run, selectOf } from "./statement.js";

/** How many keys stand in one IN list. */
const CHUNK = 500;

/** What is to be loaded: a relationship, and what of the related entities. */
export type LoadPath = Pick<LoadNode, "relationship" | "children" | "strategy">;

/** A path that ends with a relationship. */
export function pathTo(relationship: Relationship): LoadPath {
  return { relationship, children: [], strategy: "selectin" };
}

/** Owners by the values by which related rows refer to them. */
class Owners {
  readonly values: (readonly unknown[])[] = [];
  private readonly byKey = new Map<unknown, EntityState[]>();

  constructor(states: readonly EntityState[], positions: readonly number[]) {
    for (const state of states) {
      const values = positions.map((position) => readColumn(state, position));
      const key = mapKey(values);
      if (key === undefined) continue;
      const same = this.byKey.get(key);
      if (same === undefined) {
        this.byKey.set(key, [state]);
        this.values.push(values);
      } else {
        same.push(state);
      }
    }
  }

  of(values: readonly unknown[]): readonly EntityState[] {
    return this.byKey.get(mapKey(values)) ?? [];
  }

  /** Lists of values that fit into one IN list each. */
  *chunks(): Generator<readonly (readonly unknown[])[], void> {
    for (let from = 0; from < this.values.length; from += CHUNK) yield this.values.slice(from, from + CHUNK);
  }
}

/**
 * Loads a relationship of entities, with what the path asks for of the related ones. Entities that have it are not asked
 * again, unless `populateExisting`; what is in the identity map is not queried.
 */
export async function loadRelated(
  context: SessionContext,
  states: readonly EntityState[],
  path: LoadPath,
  options: HydrateOptions,
): Promise<void> {
  const { relationship, children } = path;
  const again = options.populateExisting && path.strategy === "selectin";
  const missing = states.filter((state) => state.hasRow && (again || !relationship.isLoadedIn(state)));
  if (missing.length > 0) {
    const load = relationship.direction === "manyToOne" ? loadReferred : loadReferring;
    await load(context, [...new Set(missing)], path, options);
  }
  if (children.length === 0) return;
  const related = new Set<EntityState>();
  for (const state of states) for (const entity of reachableThrough(state, relationship)) related.add(stateOf(entity));
  for (const child of children) await loadRelated(context, [...related], child, options);
}

/** Many-to-one: the owners hold the keys of the related entities. */
async function loadReferred(
  context: SessionContext,
  states: readonly EntityState[],
  path: LoadPath,
  options: HydrateOptions,
): Promise<void> {
  const { relationship } = path;
  const { target, leadsToKey } = relationship;
  const asked: EntityState[] = [];
  for (const state of states) {
    const known =
      leadsToKey && !options.populateExisting ? context.lookup(target, relationship.targetKey(state)) : undefined;
    if (known !== undefined) settle(state, relationship, [known]);
    else if (relationship.isKnownNull(state)) settle(state, relationship, []);
    else asked.push(state);
  }
  const owners = new Owners(asked, relationship.local);
  const found = new Set<EntityState>();
  for (const chunk of owners.chunks()) {
    const remote = columnsAt(target.columns, relationship.remote);
    const { states: related, values } = await queryTarget(
      context,
      path,
      oneOf(remote, chunk, context.dialect.flags.tupleComparison),
      options,
    );
    related.forEach((each, n) => {
      const row = values[n] as readonly unknown[];
      for (const owner of owners.of(relationship.remote.map((position) => row[position]))) {
        found.add(owner);
        settle(owner, relationship, each === null ? [] : [each.entity]);
      }
    });
  }
  // A foreign key that leads nowhere: there is no such row.
  for (const state of asked) if (!found.has(state)) settle(state, relationship, []);
}

/** One-to-many, one-to-one and many-to-many: the related rows, or those of the association, hold the owners' keys. */
async function loadReferring(
  context: SessionContext,
  states: readonly EntityState[],
  path: LoadPath,
  options: HydrateOptions,
): Promise<void> {
  const { relationship } = path;
  const { target, secondary, remote } = relationship;
  const owners = new Owners(states, relationship.local);
  const found = new Map<EntityState, object[]>();
  const [single] = remote;
  const one: unknown[] = [undefined];
  for (const chunk of owners.chunks()) {
    const referring = secondary?.local ?? columnsAt(target.columns, remote);
    const condition = oneOf(referring, chunk, context.dialect.flags.tupleComparison);
    const { states: related, values, links, repeats } = await queryTarget(context, path, condition, options);
    const seen = repeats ? new Map<EntityState, Set<EntityState>>() : undefined;
    for (let n = 0; n < related.length; n++) {
      const state = related[n];
      if (state === null || state === undefined) continue;
      // Of the row, not of the entity: that may have a new owner which is not flushed yet.
      const row = values[n] as readonly unknown[];
      let key: readonly unknown[];
      if (links !== undefined) {
        key = links(n);
      } else if (remote.length === 1) {
        one[0] = row[single as number];
        key = one;
      } else {
        key = remote.map((position) => row[position]);
      }
      for (const owner of owners.of(key)) {
        if (seen !== undefined && known(seen, owner, state)) continue;
        const list = found.get(owner);
        if (list === undefined) found.set(owner, [state.entity]);
        else list.push(state.entity);
      }
    }
  }
  for (const state of states) settle(state, relationship, found.get(state) ?? []);
}

/** Whether a pair was met before; remembers it. */
function known(seen: Map<EntityState, Set<EntityState>>, owner: EntityState, state: EntityState): boolean {
  const met = seen.get(owner);
  if (met?.has(state)) return true;
  if (met === undefined) seen.set(owner, new Set([state]));
  else met.add(state);
  return false;
}

interface TargetRows {
  readonly states: readonly (EntityState | null)[];
  /** The columns of the related entity, row by row, converted. */
  readonly values: readonly (readonly unknown[])[];
  /** The owner's key in the association, for a row; undefined where the related row has it itself. */
  readonly links: ((n: number) => readonly unknown[]) | undefined;
  /** Whether an entity can stand in several rows of one owner. */
  readonly repeats: boolean;
}

/** Queries related entities, with the joined loads of the path. */
async function queryTarget(
  context: SessionContext,
  path: LoadPath,
  condition: Predicate,
  options: HydrateOptions,
): Promise<TargetRows> {
  const { relationship, children } = path;
  const { target, secondary } = relationship;
  const extra: readonly Column[] = secondary?.local ?? [];
  let query = selectOf([target.source.item, ...extra]).where(condition);
  if (secondary !== undefined) {
    const remote = columnsAt(target.columns, relationship.remote);
    query = query
      .selectFrom(target.table)
      .join(secondary.table, and(...secondary.remote.map((column, i) => column.eq(remote[i] as Column))));
  }
  if (relationship.order.length > 0) query = query.copyWith({ order: relationship.order as readonly Node[] });
  const { statement, joined } = withJoinedLoads(query, children);
  const connection = await context.connection();
  const { rawRows: rows, resultColumns: columns = [] } = await run(connection, statement);
  const { states, values } = hydrate(context, entityColumns(target, 0, columns), rows, options);
  attachJoined(context, joined, new Map([[0, states]]), rows, columns, options);
  return {
    states,
    values,
    links:
      secondary === undefined
        ? undefined
        : (n) => extra.map((_column, i) => converted(columns, rows[n] as readonly unknown[], target.keys.length + i)),
    repeats: joined.some((item) => item.relationship.isCollection),
  };
}

function converted(
  columns: readonly { readonly convert: ((value: unknown) => unknown) | undefined }[],
  row: readonly unknown[],
  at: number,
): unknown {
  const value = row[at];
  const convert = columns[at]?.convert;
  return value === null || convert === undefined ? value : convert(value);
}
