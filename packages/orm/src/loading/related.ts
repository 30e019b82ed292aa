import { and, type Column, type Expression, or, type Predicate, select, tuple } from "@acme/core";
import { readColumn } from "../instrumentation/columns.js";
import type { EntityState } from "../instrumentation/state.js";
import { compositeKey, keyPart } from "../mapping/identity-key.js";
import type { Mapper } from "../mapping/mapper.js";
import { RelatedArray, UnloadedCollection } from "../relationship/collection.js";
import type { Relationship } from "../relationship/relationship.js";
import type { SessionContext } from "../session/context.js";
import { type EntityColumns, entityColumns, hydrate, type HydrateOptions } from "./hydrate.js";
import { withJoinedLoads } from "./joined.js";
import type { LoadNode } from "./option.js";
import { attachJoined } from "./attach.js";

/** How many keys stand in one IN list. */
const CHUNK = 500;

/** A condition that columns have one of these values. */
export function oneOf(columns: readonly Column[], values: readonly (readonly unknown[])[], tuples: boolean): Predicate {
  const [column] = columns;
  if (columns.length === 1 && column !== undefined) return column.in(values.map(([value]) => value) as never);
  if (tuples) return (tuple(...columns) as Expression<unknown>).in(values as never);
  return or(...values.map((each) => and(...columns.map((part, i) => part.eq(each[i] as never)))));
}

function mapKey(values: readonly unknown[]): unknown {
  return values.length === 1 ? keyPart(values[0]) : compositeKey(values);
}

function at(columns: readonly Column[], positions: readonly number[]): readonly Column[] {
  return positions.map((position) => columns[position] as Column);
}

/** Owners by the value by which related rows refer to them. */
class Owners {
  readonly byKey = new Map<unknown, EntityState[]>();
  readonly values: (readonly unknown[])[] = [];

  constructor(states: readonly EntityState[], positions: readonly number[]) {
    for (const state of states) {
      const values = positions.map((position) => readColumn(state, position));
      const key = mapKey(values);
      if (key === undefined) continue;
      const same = this.byKey.get(key);
      if (same !== undefined) {
        same.push(state);
        continue;
      }
      this.byKey.set(key, [state]);
      this.values.push(values);
    }
  }
}

/**
 * Loads a relationship of entities, with what `children` ask for of the related ones. Entities that have it are not asked
 * again, unless `populateExisting`; what is in the identity map is not queried.
 */
export async function loadRelated(
  context: SessionContext,
  states: readonly EntityState[],
  relationship: Relationship,
  children: readonly LoadNode[],
  options: HydrateOptions,
): Promise<void> {
  const missing = [...new Set(states)].filter((state) => state.hasRow && (options.populateExisting || !relationship.isLoadedIn(state)));
  if (missing.length > 0) {
    if (relationship.direction === "manyToOne") await loadReferred(context, missing, relationship, children, options);
    else await loadReferring(context, missing, relationship, children, options);
  }
  if (children.length === 0) return;
  const related = states.flatMap((state) => relatedStates(state, relationship));
  for (const child of children) await loadRelated(context, related, child.relationship, child.children, options);
}

function relatedStates(state: EntityState, relationship: Relationship): readonly EntityState[] {
  return relationship.isLoadedIn(state) ? relationship.relatedStates(state) : [];
}

/** Many-to-one: the owners hold the keys. */
async function loadReferred(
  context: SessionContext,
  states: readonly EntityState[],
  relationship: Relationship,
  children: readonly LoadNode[],
  options: HydrateOptions,
): Promise<void> {
  const { index, target, leadsToKey } = relationship;
  const identities = context.identities.of(target);
  const asked: EntityState[] = [];
  for (const state of states) {
    if (relationship.isKnownNull(state)) {
      relationship.slots(state)[index] = null;
      continue;
    }
    const known = leadsToKey && !options.populateExisting ? identities.get(relationship.targetKey(state)) : undefined;
    if (known === undefined) asked.push(state);
    else relationship.slots(state)[index] = known.entity;
  }
  const owners = new Owners(asked, relationship.local);
  for (let from = 0; from < owners.values.length; from += CHUNK) {
    const remote = at(target.columns, relationship.remote);
    const condition = oneOf(remote, owners.values.slice(from, from + CHUNK), context.dialect.flags.tupleComparison);
    const { entities } = await queryTarget(context, target, children, condition, [], [], options);
    for (const state of entities) {
      if (state === null) continue;
      const key = mapKey(relationship.remote.map((position) => (state.snapshot as unknown[])[position]));
      for (const owner of owners.byKey.get(key) ?? []) relationship.slots(owner)[index] = state.entity;
    }
  }
  // A foreign key that leads nowhere: there is no such row.
  for (const state of asked) if (relationship.slots(state)[index] === undefined) relationship.slots(state)[index] = null;
}

/** One-to-many, one-to-one and many-to-many: the related rows, or those of the association, hold the owners' keys. */
async function loadReferring(
  context: SessionContext,
  states: readonly EntityState[],
  relationship: Relationship,
  children: readonly LoadNode[],
  options: HydrateOptions,
): Promise<void> {
  const { target, secondary } = relationship;
  const owners = new Owners(states, relationship.local);
  const found = new Map<EntityState, EntityState[]>();
  for (let from = 0; from < owners.values.length; from += CHUNK) {
    const referring = secondary?.local ?? at(target.columns, relationship.remote);
    const condition = oneOf(referring, owners.values.slice(from, from + CHUNK), context.dialect.flags.tupleComparison);
    const { entities, rows, extra } = await queryTarget(context, target, children, condition, secondary === undefined ? [] : referring, relationship.order, options, relationship);
    const [only] = relationship.remote;
    for (let n = 0; n < entities.length; n++) {
      const state = entities[n];
      if (state === null || state === undefined) continue;
      // Of the row, not of the entity: that may have an owner which is not flushed yet.
      const row = rows[n] as readonly unknown[];
      const key =
        secondary !== undefined
          ? mapKey(referring.map((_column, i) => extra(row, i)))
          : relationship.remote.length === 1
            ? keyPart(row[only as number])
            : mapKey(relationship.remote.map((position) => row[position]));
      for (const owner of owners.byKey.get(key) ?? []) {
        const list = found.get(owner);
        if (list === undefined) found.set(owner, [state]);
        else if (children.length === 0 || !list.includes(state)) list.push(state);
      }
    }
  }
  for (const state of states) settle(state, relationship, found.get(state) ?? []);
}

/** Puts what was loaded into an owner. */
function settle(state: EntityState, relationship: Relationship, related: readonly EntityState[]): void {
  const slots = relationship.slots(state);
  if (!relationship.isCollection) {
    slots[relationship.index] = related[0]?.entity ?? null;
    return;
  }
  const entities = related.map((each) => each.entity);
  const present = slots[relationship.index];
  if (present instanceof UnloadedCollection) slots[relationship.index] = present.merged(entities);
  else if (present instanceof RelatedArray && present.delta.added.length + present.delta.removed.length === 0) present.restore(entities);
  else if (!(present instanceof RelatedArray)) slots[relationship.index] = RelatedArray.made(state, relationship, entities);
}

interface TargetRows {
  readonly entities: readonly (EntityState | null)[];
  readonly rows: readonly (readonly unknown[])[];
  /** The value of an added column of a row. */
  readonly extra: (row: readonly unknown[], index: number) => unknown;
}

/** Queries related entities, with joined loads of their own. */
async function queryTarget(
  context: SessionContext,
  target: Mapper,
  children: readonly LoadNode[],
  condition: Predicate,
  extra: readonly Column[],
  order: Relationship["order"],
  options: HydrateOptions,
  through?: Relationship,
): Promise<TargetRows> {
  const connection = await context.connection();
  let query = select(target.source.item as never, ...(extra as never[])).where(condition);
  const { secondary } = through ?? {};
  if (secondary !== undefined && through !== undefined) {
    const remote = at(target.columns, through.remote);
    const on = and(...secondary.remote.map((column, i) => column.eq(remote[i] as Column)));
    query = query.selectFrom(target.table as never).join(secondary.table as never, on);
  }
  if (order.length > 0) query = query.orderBy(...(order as never[]));
  const prepared = withJoinedLoads(query as never, children);
  const result = await connection.execute(prepared.statement as never);
  const columns = result.columns ?? [];
  const width = target.keys.length;
  const plan: EntityColumns = entityColumns(target, 0, columns);
  // A lone entity's row becomes its snapshot; with more columns in it, the row stays what it is.
  const entities = hydrate(context, plan, result.rawRows, options);
  attachJoined(context, prepared.joined, entities, result.rawRows, columns, options);
  const converters = extra.map((_column, i) => columns[width + i]?.convert);
  return {
    entities,
    rows: columns.length === width ? result.rawRows : result.rawRows.map((row) => row),
    extra: (row, i) => {
      const value = row[width + i];
      const convert = converters[i];
      return value === null || convert === undefined ? value : convert(value);
    },
  };
}
