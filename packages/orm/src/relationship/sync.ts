import { ArgumentError } from "@acme/core";
import { describe, findState, stateOf } from "../instrumentation/entity-root.js";
import type { EntityState } from "../instrumentation/state.js";
import { UnloadedCollection } from "./collection.js";
import type { Relationship } from "./relationship.js";

/** The state of a related entity. Throws ArgumentError (`WRONG_ENTITY`) for one of another class. */
function relatedState(relationship: Relationship, value: unknown): EntityState {
  const state = findState(value);
  if (state?.mapper === relationship.target) return state;
  throw new ArgumentError(`${relationship} takes ${relationship.target.name} entities; ${describe(value)} is none.`, {
    code: "WRONG_ENTITY",
  });
}

/** Notes that a relationship is changed, with what it held before. */
function note(state: EntityState, relationship: Relationship, before: unknown): void {
  state.changes ??= new Map();
  if (!state.changes.has(relationship)) state.changes.set(relationship, before);
  if (state.scope?.live) state.scope.access.changed(state);
}

/** Writes the value of a relationship to one entity, and tells nobody but the unit of work. */
function writeOne(state: EntityState, relationship: Relationship, value: object | null): void {
  const related = relationship.slots(state);
  const before = related[relationship.index];
  if (before === value) return;
  note(state, relationship, before);
  related[relationship.index] = value;
}

/** Puts an entity into a collection; false when it was there. */
function insert(state: EntityState, relationship: Relationship, item: object): boolean {
  const collection = relationship.collection(state);
  if (!collection.insertItem(item)) return false;
  note(state, relationship, undefined);
  if (relationship.cascade.deleteOrphan) stateOf(item).orphanOf?.delete(relationship);
  return true;
}

/** Takes an entity out of a collection; false when it was not there. */
function take(state: EntityState, relationship: Relationship, item: object): boolean {
  const collection = relationship.collection(state);
  if (!collection.takeItem(item)) return false;
  note(state, relationship, undefined);
  orphan(relationship, item);
  return true;
}

function orphan(relationship: Relationship, item: object): void {
  if (!relationship.cascade.deleteOrphan) return;
  const state = stateOf(item);
  state.orphanOf ??= new Set();
  state.orphanOf.add(relationship);
  if (state.scope?.live) state.scope.access.changed(state);
}

/** What is put in reach of an entity of a session becomes pending with it. */
function cascade(state: EntityState, relationship: Relationship, value: object): void {
  if (relationship.cascade.saveUpdate && state.scope?.live) state.scope.access.reach(value);
}

/** Sets a relationship to one entity; the other side follows. */
function assignOne(state: EntityState, relationship: Relationship, value: unknown): void {
  if (value !== null && value !== undefined) relatedState(relationship, value);
  const next = (value ?? null) as object | null;
  const before = relationship.knownOne(state);
  if (before === next && relationship.isLoaded(state.related?.[relationship.index])) return;
  writeOne(state, relationship, next);
  if (before != null && before !== next) leave(state, relationship, before);
  if (next !== null) enter(state, relationship, next);
}

/** The entity that a relationship no longer points to learns of it. */
function leave(state: EntityState, relationship: Relationship, before: object): void {
  orphan(relationship, before);
  const { reverse } = relationship;
  if (reverse === undefined) return;
  const other = stateOf(before);
  if (reverse.isCollection) take(other, reverse, state.entity);
  else if (reverse.knownOne(other) === state.entity) writeOne(other, reverse, null);
}

/** The entity that a relationship now points to learns of it. */
function enter(state: EntityState, relationship: Relationship, value: object): void {
  const { reverse } = relationship;
  const other = stateOf(value);
  if (relationship.cascade.deleteOrphan) other.orphanOf?.delete(relationship);
  if (reverse?.isCollection) {
    insert(other, reverse, state.entity);
  } else if (reverse !== undefined) {
    const former = reverse.knownOne(other);
    if (former != null && former !== state.entity) writeOne(stateOf(former), relationship, null);
    writeOne(other, reverse, state.entity);
  }
  cascade(state, relationship, value);
}

/** Adds an entity to a collection; the other side follows. */
export function addItem(state: EntityState, relationship: Relationship, value: unknown): void {
  const item = relatedState(relationship, value);
  if (!insert(state, relationship, item.entity)) return;
  const { reverse } = relationship;
  if (reverse?.isCollection) {
    insert(item, reverse, state.entity);
  } else if (reverse !== undefined) {
    const former = reverse.knownOne(item);
    if (former != null && former !== state.entity) take(stateOf(former), relationship, item.entity);
    // Taking it from its former owner has made it an orphan for a moment.
    item.orphanOf?.delete(relationship);
    writeOne(item, reverse, state.entity);
  }
  cascade(state, relationship, item.entity);
}

/** Removes an entity from a collection; the other side follows. */
export function removeItem(state: EntityState, relationship: Relationship, value: object): void {
  const item = relatedState(relationship, value);
  if (!take(state, relationship, item.entity)) return;
  const { reverse } = relationship;
  if (reverse?.isCollection) {
    take(item, reverse, state.entity);
  } else if (reverse !== undefined) {
    const owner = reverse.knownOne(item);
    if (owner === undefined || owner === state.entity) writeOne(item, reverse, null);
  }
}

/** Sets a relationship to whatever its kind takes: an entity, null, or a list of entities. */
export function assign(state: EntityState, relationship: Relationship, value: unknown): void {
  if (!relationship.isCollection) {
    assignOne(state, relationship, value);
    return;
  }
  const collection = relationship.collection(state);
  if (value === collection) return;
  const list = Array.isArray(value) ? value : undefined;
  if (list === undefined) {
    throw new ArgumentError(
      `${relationship} takes a list of ${relationship.target.name} entities, not ${describe(value)}.`,
      {
        code: "NOT_A_LIST",
        remedy: "Give an array, or call add() and remove().",
      },
    );
  }
  if (collection instanceof UnloadedCollection) throw collection.refuse();
  collection.replace(list as object[]);
}

/** Reads a relationship as its property does: what is loaded, or an error that names the fix. */
export function readRelated(state: EntityState, relationship: Relationship): unknown {
  const value = state.related?.[relationship.index];
  if (value !== undefined) return value;
  if (relationship.isCollection) return relationship.collection(state);
  if (relationship.isKnownNull(state)) return null;
  throw relationship.notLoaded(state);
}
