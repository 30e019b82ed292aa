import { type Column, logWriter } from "@acme/core";
import { readColumn } from "../instrumentation/columns.js";
import { findState, stateOf } from "../instrumentation/entity-root.js";
import { DELETED, type EntityState, HELD, INSERTED, NEW } from "../instrumentation/state.js";
import { mapKey } from "../loading/conditions.js";
import { loadRelated, pathTo } from "../loading/related.js";
import type { Mapper } from "../mapping/mapper.js";
import { RelatedArray, UnloadedCollection } from "../relationship/collection.js";
import type { Relationship } from "../relationship/relationship.js";
import { reachableThrough, type SessionContext } from "../session/context.js";
import { Associations } from "./associations.js";
import { deleteRows } from "./deletes.js";
import { fetchRows } from "./fetch.js";
import { ForeignKeys, isUnsaved, type Link } from "./foreign-keys.js";
import { byMapper } from "./group.js";
import { insertRows } from "./inserts.js";
import { type Dependency, sortMappers, sortRows } from "./order.js";
import { updateRows } from "./updates.js";

const log = logWriter("acme.orm");

/**
 * Writes what has changed in a session: INSERTs in the order of dependencies, UPDATEs of changed columns, association rows,
 * DELETEs in reverse order. `reach` says whether new entities that are only reachable through the other side of a
 * relationship are saved too: not by an automatic flush in the middle of their making.
 */
export async function flush(context: SessionContext, reach: boolean): Promise<void> {
  const work = collect(context, reach);
  if (work.empty) return;
  try {
    await cascadeDeletes(context);
    await new Flush(context, work.dirty, !reach).run();
  } catch (error) {
    await context.failed(error);
    throw error;
  }
}

interface Work {
  readonly dirty: Set<EntityState>;
  readonly empty: boolean;
}

/** Finds out what has changed. */
function collect(context: SessionContext, reach: boolean): Work {
  const { added, deleted, touched } = context;
  if (reach) {
    for (const state of touched) reachChanged(context, state);
    for (const state of added) reachChanged(context, state);
  }
  for (const state of [...touched, ...added])
    if (state.orphanOf !== undefined && state.orphanOf.size > 0) disown(context, state);
  const dirty = new Set<EntityState>();
  context.identities.scan((state) => dirty.add(state));
  for (const state of touched) if (!state.has(NEW) && state.liveScope !== undefined) dirty.add(state);
  return { dirty, empty: added.size + deleted.size + dirty.size === 0 };
}

/** Brings in what was put in reach of an entity from the other side of a relationship. */
function reachChanged(context: SessionContext, state: EntityState): void {
  for (const relationship of state.changes?.keys() ?? []) {
    if (!relationship.cascade.saveUpdate) continue;
    for (const entity of reachableThrough(state, relationship))
      if (findState(entity)?.liveScope === undefined) context.reach(entity);
  }
}

/** An orphan is deleted; one that was never saved is let go. */
function disown(context: SessionContext, state: EntityState): void {
  if (state.has(NEW)) context.detach(state);
  else if (state.hasRow) context.deleted.add(state);
}

/** Adds to the deleted entities what they take with them. Collections that are not loaded are loaded for it. */
async function cascadeDeletes(context: SessionContext): Promise<void> {
  const { deleted } = context;
  let wave = [...deleted];
  while (wave.length > 0) {
    const next: EntityState[] = [];
    for (const [mapper, states] of byMapper(wave)) {
      for (const relationship of mapper.relationships) {
        if (!relationship.cascade.delete) continue;
        if (!relationship.options.passiveDeletes)
          await loadRelated(context, states, pathTo(relationship), { populateExisting: false });
        for (const state of states) {
          for (const entity of reachableThrough(state, relationship)) {
            const related = stateOf(entity);
            if (related.has(NEW)) context.detach(related);
            else if (related.hasRow && !deleted.has(related)) {
              deleted.add(related);
              next.push(related);
            }
          }
        }
      }
    }
    wave = next;
  }
}

/** One flush. */
class Flush {
  private readonly context: SessionContext;
  private readonly inserts: readonly EntityState[];
  private readonly dirty: Set<EntityState>;
  private readonly deletes: ReadonlySet<EntityState>;
  /** Relationships to entities that are not in the session yet wait for a later flush. */
  private readonly patient: boolean;
  private readonly foreignKeys = new ForeignKeys();
  private readonly associations = new Associations();
  /** Foreign keys that wait until all rows are there. */
  private readonly deferred = new Set<Link>();
  /** Entities that the database has filled in part: they are read back at the end. */
  private readonly refetch = new Set<EntityState>();

  constructor(context: SessionContext, dirty: Set<EntityState>, patient: boolean) {
    this.context = context;
    this.patient = patient;
    this.inserts = [...context.added];
    this.deletes = new Set(context.deleted);
    this.dirty = dirty;
  }

  async run(): Promise<void> {
    const { context, inserts, dirty, deletes } = this;
    const isDeleted = (state: EntityState): boolean => deletes.has(state);
    const changed = [...inserts, ...dirty];
    this.foreignKeys.collect(changed, isDeleted, this.patient);
    this.associations.collect(changed, isDeleted);
    for (const child of this.foreignKeys.children) if (!child.has(NEW)) dirty.add(child);
    for (const state of [...inserts, ...dirty, ...deletes]) context.memory.record(state);
    await this.associations.deleteRemoved(context);
    await this.insert();
    await this.update();
    await this.associations.insertAdded(context);
    if (deletes.size > 0) await deleteRows(context, deletes);
    if (this.refetch.size > 0) await fetchRows(context, this.refetch);
    this.finish();
    if (log.isOn("info"))
      log.write("info", `flushed: ${inserts.length} new, ${dirty.size} changed, ${deletes.size} deleted`);
  }

  private async insert(): Promise<void> {
    const groups = byMapper(this.inserts);
    for (const { mappers, circular } of sortMappers(groups.keys())) {
      const members = mappers.flatMap((mapper) => groups.get(mapper) ?? []);
      for (const step of circular ? this.steps(members) : [members]) {
        for (const state of step) this.foreignKeys.apply(state, this.deferred);
        for (const [mapper, states] of byMapper(step)) await insertRows(this.context, mapper, states, this.refetch);
      }
    }
  }

  /** New rows that may refer to each other, in order. */
  private steps(members: readonly EntityState[]): readonly (readonly EntityState[])[] {
    const given = new Map<Mapper, Map<unknown, EntityState>>();
    for (const [mapper, states] of byMapper(members)) {
      const keyed = states.map(
        (state) => [mapKey(mapper.keyPositions.map((position) => readColumn(state, position))), state] as const,
      );
      given.set(mapper, new Map(keyed.filter(([key]) => key !== undefined)));
    }
    const { steps, deferred } = sortRows(members, (state) => this.dependencies(state, given));
    for (const link of deferred) {
      this.deferred.add(link);
      this.dirty.add(link.child);
    }
    return steps;
  }

  /** What a new row waits for: rows that its relationships lead to, and rows whose given key its foreign keys name. */
  private dependencies(
    state: EntityState,
    given: ReadonlyMap<Mapper, ReadonlyMap<unknown, EntityState>>,
  ): readonly Dependency<Link>[] {
    const found: Dependency<Link>[] = [];
    for (const link of this.foreignKeys.of(state))
      if (link.owner !== null && link.owner !== state) found.push({ on: link.owner, link });
    for (const key of state.mapper.table.foreignKeys) {
      const target = [...given.keys()].find((mapper) => mapper.table === (key.targetTable as unknown));
      if (target === undefined || !key.targets.every((column) => column.primaryKey)) continue;
      const values: unknown[] = [];
      key.targets.forEach((column, i) => {
        values[target.position(column)] = readColumn(state, state.mapper.position(key.columns[i] as Column));
      });
      const on = given.get(target)?.get(target.keyOf(values));
      if (on !== undefined && on !== state) found.push({ on, link: undefined });
    }
    return found;
  }

  private async update(): Promise<void> {
    const { context, dirty, deletes } = this;
    const states = [...dirty].filter((state) => !deletes.has(state));
    for (const state of states) this.foreignKeys.apply(state);
    const groups = byMapper(states);
    for (const { mappers } of sortMappers(groups.keys())) {
      for (const mapper of mappers)
        await updateRows(context, mapper, inKeyOrder(groups.get(mapper) ?? []), this.refetch);
    }
  }

  /** What was written is what the entities start from now. */
  private finish(): void {
    const { context, inserts, dirty, deletes } = this;
    for (const state of inserts) {
      state.flags = (state.flags & ~(NEW | HELD)) | INSERTED;
      context.identities.add(state);
    }
    for (const state of dirty) rekey(context, state);
    for (const state of deletes) this.bury(state);
    const written = [...inserts, ...dirty, ...context.touched];
    context.added.clear();
    context.deleted.clear();
    context.touched.clear();
    for (const state of written) {
      state.flags &= ~HELD;
      settleRelationships(state);
      if (state.changes !== undefined) context.changed(state);
    }
  }

  /** A deleted entity leaves the identity map, and the loaded collections that it was in. */
  private bury(state: EntityState): void {
    const { context } = this;
    state.flags = (state.flags & ~HELD) | DELETED;
    context.identities.remove(state);
    state.changes = undefined;
    state.orphanOf = undefined;
    for (const relationship of state.mapper.relationships) {
      const { reverse } = relationship;
      if (reverse === undefined) continue;
      const owners = relationship.isCollection ? reachableThrough(state, relationship) : [relationship.knownOne(state)];
      for (const owner of owners) if (owner != null) this.forget(stateOf(owner), reverse, state.entity);
    }
  }

  private forget(owner: EntityState, relationship: Relationship, entity: object): void {
    if (this.deletes.has(owner)) return;
    const value = owner.related?.[relationship.index];
    if (value instanceof RelatedArray && value.includes(entity)) {
      this.context.memory.recordRelated(owner, relationship, value.original);
      value.takeItem(entity);
      value.settle();
    } else if (value === entity) {
      this.context.memory.recordRelated(owner, relationship, entity);
      (owner.related as unknown[])[relationship.index] = null;
    }
  }
}

/** An entity whose primary key was changed has another identity. */
function rekey(context: SessionContext, state: EntityState): void {
  if (state.snapshot === undefined) return;
  const key = state.mapper.keyOf(state.snapshot);
  if (key === state.key) return;
  context.identities.remove(state);
  state.key = key;
  context.identities.add(state);
}

/** UPDATEs in the order of keys meet fewer deadlocks. */
function inKeyOrder(states: readonly EntityState[]): readonly EntityState[] {
  if (states.every((state, i) => i === 0 || !((states[i - 1]?.key as number) > (state.key as number)))) return states;
  return [...states].sort((a, b) =>
    (a.key as number) < (b.key as number) ? -1 : (a.key as number) > (b.key as number) ? 1 : 0,
  );
}

/**
 * The relationships of an entity are what the database has, as far as they do not lead to unsaved entities: those remain
 * changes. One whose foreign key was set by hand is not known any more.
 */
function settleRelationships(state: EntityState): void {
  const waiting = new Map<Relationship, unknown>();
  for (const [relationship, before] of state.changes ?? []) {
    const unsaved = new Set([...reachableThrough(state, relationship)].filter((entity) => isUnsaved(stateOf(entity))));
    const value = state.related?.[relationship.index];
    if (value instanceof RelatedArray || value instanceof UnloadedCollection) value.settle(unsaved);
    if (unsaved.size > 0) waiting.set(relationship, before);
  }
  state.changes = waiting.size === 0 ? undefined : waiting;
  state.orphanOf = undefined;
  if (state.related === undefined || !state.hasRow) return;
  for (const relationship of state.mapper.relationships) {
    if (relationship.direction !== "manyToOne") continue;
    const value = state.related[relationship.index];
    if (value === undefined || waiting.has(relationship)) continue;
    const target = value === null ? undefined : stateOf(value);
    const same = relationship.local.every((position, i) => {
      const own = readColumn(state, position);
      return target === undefined ? own == null : own === readColumn(target, relationship.remote[i] as number);
    });
    if (!same) state.related[relationship.index] = undefined;
  }
}
