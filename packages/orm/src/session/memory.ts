import { writeColumns } from "../instrumentation/columns.js";
import { DELETED, type EntityState, EXPIRED, INSERTED, NEW } from "../instrumentation/state.js";
import { RelatedArray, UnloadedCollection } from "../relationship/collection.js";
import type { Relationship } from "../relationship/relationship.js";
import type { IdentityMap } from "./identity-map.js";
import type { SessionScope } from "./scope.js";

/** What an entity was before a transaction changed it. */
interface Before {
  readonly flags: number;
  readonly key: unknown;
  readonly snapshot: unknown[] | undefined;
  /** The columns of an entity that had no row. */
  readonly values: readonly unknown[] | undefined;
  /** Relationships as the database had them, as far as they were changed. */
  readonly related: Map<Relationship, unknown>;
}

const LIFE = NEW | DELETED | INSERTED;

/** The content of a relationship that a change of it started from. */
function relatedBefore(state: EntityState, relationship: Relationship, noted: unknown): unknown {
  if (!relationship.isCollection) return noted;
  const value = state.related?.[relationship.index];
  return value instanceof RelatedArray ? value.original : undefined;
}

/** What the entities of a transaction, or of a savepoint in it, were before: enough to put them back. */
export class TransactionMemory {
  readonly parent: TransactionMemory | undefined;
  private readonly records = new Map<EntityState, Before>();

  constructor(parent: TransactionMemory | undefined) {
    this.parent = parent;
  }

  /** Remembers an entity that is about to be written; the first time counts. */
  record(state: EntityState): void {
    let before = this.records.get(state);
    if (before === undefined) {
      const { flags, key, snapshot, mapper, entity } = state;
      const values = flags & NEW ? mapper.keys.map((name) => (entity as Record<string, unknown>)[name]) : undefined;
      before = { flags, key, snapshot, values, related: new Map() };
      this.records.set(state, before);
    }
    for (const [relationship, noted] of state.changes ?? []) {
      if (!before.related.has(relationship))
        before.related.set(relationship, relatedBefore(state, relationship, noted));
    }
  }

  /** Remembers what a relationship was that the unit of work changes by itself. */
  recordRelated(state: EntityState, relationship: Relationship, content: unknown): void {
    this.record(state);
    const related = this.records.get(state)?.related;
    if (related !== undefined && !related.has(relationship)) related.set(relationship, content);
  }

  /** The entities that were written. */
  get states(): Iterable<EntityState> {
    return this.records.keys();
  }

  /** The savepoint is over: what it remembers belongs to the transaction around it. */
  mergeIntoParent(): void {
    const outer = this.parent as TransactionMemory;
    for (const [state, before] of this.records) {
      const known = outer.records.get(state);
      if (known === undefined) outer.records.set(state, before);
      else
        for (const [relationship, content] of before.related)
          if (!known.related.has(relationship)) known.related.set(relationship, content);
    }
  }

  /** Puts all entities back. What was inserted is transient again, what was deleted is back. */
  restore(identities: IdentityMap, scope: SessionScope): void {
    for (const [state, before] of this.records) {
      if (state.key !== undefined) identities.remove(state);
      state.key = before.key;
      state.snapshot = before.snapshot;
      state.flags = (state.flags & ~LIFE) | (before.flags & LIFE);
      if (before.values !== undefined) {
        writeColumns(state, before.values);
        state.flags &= ~NEW;
        state.scope = undefined;
        for (const relationship of before.related.keys()) changeAgain(state, relationship);
      } else {
        state.scope = scope;
        identities.add(state);
        if (!(state.flags & EXPIRED)) writeColumns(state, before.snapshot as unknown[]);
        for (const [relationship, content] of before.related) restoreRelated(state, relationship, content);
      }
    }
    this.records.clear();
  }
}

/** Takes back what was not flushed of an entity: columns, relationships. */
export function discardChanges(state: EntityState): void {
  const { snapshot, changes } = state;
  if (snapshot !== undefined && !(state.flags & EXPIRED)) writeColumns(state, snapshot);
  if (changes !== undefined) {
    for (const [relationship, noted] of changes)
      restoreRelated(state, relationship, relatedBefore(state, relationship, noted));
  }
  state.changes = undefined;
  state.orphanOf = undefined;
}

/** A new entity keeps what its user gave it; the database has none of that any more. */
function changeAgain(state: EntityState, relationship: Relationship): void {
  state.changes ??= new Map();
  state.changes.set(relationship, undefined);
  const value = state.related?.[relationship.index];
  if (value instanceof RelatedArray) value.startFrom([]);
}

function restoreRelated(state: EntityState, relationship: Relationship, content: unknown): void {
  const slots = relationship.slots(state);
  const value = slots[relationship.index];
  if (!relationship.isCollection) slots[relationship.index] = content;
  else if (value instanceof RelatedArray && content !== undefined) value.restore(content as readonly object[]);
  else if (value instanceof UnloadedCollection) value.settle();
  else slots[relationship.index] = undefined;
}
