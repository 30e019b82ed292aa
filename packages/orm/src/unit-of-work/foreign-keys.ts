import { FlushError } from "../errors.js";
import { readColumn, writeColumn } from "../instrumentation/columns.js";
import { stateOf } from "../instrumentation/entity-root.js";
import type { EntityState } from "../instrumentation/state.js";
import { RelatedArray, UnloadedCollection } from "../relationship/collection.js";
import type { Relationship } from "../relationship/relationship.js";

/** Columns of one entity that take their values from another, or become NULL. */
export interface Link {
  readonly child: EntityState;
  /** Positions of the child's foreign key. */
  readonly positions: readonly number[];
  /** The entity that the key comes from; null clears the foreign key. */
  readonly owner: EntityState | null;
  readonly ownerPositions: readonly number[];
  /** The relationship whose change it comes from, for messages. */
  readonly relationship: Relationship;
}

/** What was added to and removed from the collections and references of entities: what foreign keys have to become. */
export class ForeignKeys {
  private readonly links = new Map<EntityState, Map<string, Link>>();

  /** The entities of which a foreign key is set by a relationship. */
  get children(): Iterable<EntityState> {
    return this.links.keys();
  }

  /** The links of an entity. */
  of(child: EntityState): Iterable<Link> {
    return this.links.get(child)?.values() ?? [];
  }

  private set(link: Link): void {
    let own = this.links.get(link.child);
    if (own === undefined) {
      own = new Map();
      this.links.set(link.child, own);
    }
    own.set(link.positions.join(), link);
  }

  /**
   * Reads the changes of entities. Removals come first, then additions, then references, so that an entity that moves from
   * one collection to another ends with its new owner. `patient` leaves out owners that are not in the session yet.
   */
  collect(states: Iterable<EntityState>, isDeleted: (state: EntityState) => boolean, patient: boolean): void {
    const changed = [...states].flatMap((state) =>
      [...(state.changes?.keys() ?? [])].map((relationship) => [state, relationship] as const),
    );
    for (const [owner, relationship] of changed) {
      if (relationship.direction !== "oneToMany") continue;
      for (const child of removedFrom(owner, relationship))
        if (!isDeleted(child) && refersTo(child, owner, relationship)) this.set(link(child, null, relationship));
    }
    for (const [owner, relationship] of changed) {
      if (relationship.direction !== "oneToMany" || isDeleted(owner)) continue;
      for (const child of addedTo(owner, relationship))
        if (!isDeleted(child) && child.liveScope !== undefined) this.set(link(child, owner, relationship));
    }
    for (const [child, relationship] of changed) {
      if (relationship.direction !== "manyToOne" || isDeleted(child)) continue;
      const value = child.related?.[relationship.index] as object | null | undefined;
      if (value === undefined) continue;
      const owner = value === null ? null : stateOf(value);
      // An automatic flush in the middle of things: the owner is not in the session yet.
      if (patient && owner !== null && isUnsaved(owner)) continue;
      this.set({ child, positions: relationship.local, owner, ownerPositions: relationship.remote, relationship });
    }
  }

  /** Writes the foreign keys of an entity; those in `later` wait. */
  apply(child: EntityState, later?: ReadonlySet<Link>): void {
    for (const each of this.of(child)) if (!later?.has(each)) applyLink(each);
  }
}

/** Whether an entity has no row and is not going to get one. */
export function isUnsaved(state: EntityState): boolean {
  return state.liveScope === undefined && state.key === undefined;
}

function link(child: EntityState, owner: EntityState | null, relationship: Relationship): Link {
  return { child, positions: relationship.remote, owner, ownerPositions: relationship.local, relationship };
}

function* removedFrom(owner: EntityState, relationship: Relationship): Generator<EntityState, void> {
  const value = owner.related?.[relationship.index];
  if (relationship.isCollection) {
    if (value instanceof RelatedArray || value instanceof UnloadedCollection) yield* value.delta.removed.map(stateOf);
    return;
  }
  const before = owner.changes?.get(relationship);
  if (before !== undefined && before !== null && before !== value) yield stateOf(before);
}

function* addedTo(owner: EntityState, relationship: Relationship): Generator<EntityState, void> {
  const value = owner.related?.[relationship.index];
  if (relationship.isCollection) {
    if (value instanceof RelatedArray || value instanceof UnloadedCollection) yield* value.delta.added.map(stateOf);
  } else if (value !== undefined && value !== null) {
    yield stateOf(value);
  }
}

/** Whether the foreign key of a child is still that of its former owner; who has set it to something else has the last word. */
function refersTo(child: EntityState, owner: EntityState, relationship: Relationship): boolean {
  const { local, remote } = relationship;
  return remote.every((position, i) => readColumn(child, position) === readColumn(owner, local[i] as number));
}

function applyLink({ child, owner, positions, ownerPositions, relationship }: Link): void {
  positions.forEach((position, i) => {
    if (owner === null) {
      clear(child, position, relationship);
      return;
    }
    const value = readColumn(owner, ownerPositions[i] as number);
    if (value === undefined || value === null) {
      throw new FlushError(`${relationship} leads to a ${owner.mapper.name} that is not saved.`, {
        code: "UNSAVED_RELATED",
        remedy: "Add it to the session, or let the relationship cascade save-update.",
      });
    }
    writeColumn(child, position, value);
  });
}

function clear(child: EntityState, position: number, relationship: Relationship): void {
  const { mapper } = child;
  if (mapper.columns[position]?.nullable !== true) {
    throw new FlushError(
      `${mapper.name}.${mapper.keys[position]} cannot be NULL, but the ${mapper.name} has lost its owner (${relationship}).`,
      {
        code: "OWNER_REQUIRED",
        remedy: `Give it another owner, delete it, or let the collection cascade "all, delete-orphan".`,
      },
    );
  }
  writeColumn(child, position, null);
}
