import type { Node } from "@acme/core";
import { MappingError, type NotLoadedError } from "../errors.js";
import { readColumn } from "../instrumentation/columns.js";
import { mapperOf } from "../instrumentation/entity-root.js";
import { type EntityState, EXPIRED, INSERTED } from "../instrumentation/state.js";
import type { Mapper } from "../mapping/mapper.js";
import { type Cascade, DEFAULT_CASCADE, parseCascade } from "./cascade.js";
import { notLoaded, RelatedArray, UnloadedCollection } from "./collection.js";
import type { DefinitionParts, RelationshipOptions } from "./definition.js";
import { type Direction, type JoinColumns, resolveJoin, type Secondary } from "./resolve.js";
import { addItem, removeItem } from "./sync.js";

/**
 * A relationship of a mapped class, resolved: which entities it leads to, by which columns, and what it does when they
 * change. What depends on the target is found when first asked for, since the target's class may be declared later.
 */
export class Relationship {
  readonly mapper: Mapper;
  readonly key: string;
  /** Its place in `EntityState.related`. */
  readonly index: number;
  readonly isCollection: boolean;
  readonly cascade: Cascade;
  readonly options: RelationshipOptions<object>;
  private readonly parts: DefinitionParts;
  private memoTarget: Mapper | undefined = undefined;
  private memoJoin: JoinColumns | undefined = undefined;
  private memoReverse: Relationship | undefined | null = null;

  constructor(mapper: Mapper, key: string, index: number, parts: DefinitionParts) {
    this.mapper = mapper;
    this.key = key;
    this.index = index;
    this.parts = parts;
    this.options = parts.options;
    this.isCollection = parts.kind === "many";
    this.cascade = parseCascade(parts.options.cascade ?? DEFAULT_CASCADE, this.toString());
  }

  /** The entity on the other side. */
  get target(): Mapper {
    this.memoTarget ??= mapperOf(this.parts.target).mapper;
    return this.memoTarget;
  }

  private get join(): JoinColumns {
    this.memoJoin ??= this.checked(resolveJoin(this.mapper, this.target, this.parts, this.toString()));
    return this.memoJoin;
  }

  private checked(join: JoinColumns): JoinColumns {
    if (this.cascade.deleteOrphan && join.direction !== "oneToMany") {
      throw new MappingError(`delete-orphan does not suit ${this}: a related entity may have other owners.`, {
        code: "BAD_CASCADE",
        remedy: "Put it on the side that owns the others: the one without the foreign key.",
      });
    }
    return join;
  }

  get direction(): Direction {
    return this.join.direction;
  }

  /** Positions of this entity's columns. */
  get local(): readonly number[] {
    return this.join.local;
  }

  /** Positions of the target's columns that `local` is equal to. */
  get remote(): readonly number[] {
    return this.join.remote;
  }

  get secondary(): Secondary | undefined {
    return this.join.secondary;
  }

  /** Whether `remote` is the target's primary key, so that the identity map can answer. */
  get leadsToKey(): boolean {
    const { direction, remote } = this.join;
    const { keyPositions } = this.target;
    return (
      direction === "manyToOne" &&
      remote.length === keyPositions.length &&
      keyPositions.every((at) => remote.includes(at))
    );
  }

  /** The relationship on the other side that is kept in step with this one. */
  get reverse(): Relationship | undefined {
    if (this.memoReverse === null) this.memoReverse = this.findReverse();
    return this.memoReverse;
  }

  private findReverse(): Relationship | undefined {
    const name = this.options.backPopulates;
    if (name === undefined) return undefined;
    const found = this.target.relationship(name);
    if (found === undefined) {
      throw new MappingError(`${this} populates "${name}" of ${this.target.name}, which has no such relationship.`, {
        code: "BAD_BACK_POPULATES",
        remedy: `It has: ${this.target.relationships.map((other) => other.key).join(", ") || "none"}.`,
      });
    }
    if (found.target !== this.mapper || (found.direction === this.direction && this.direction !== "manyToMany")) {
      throw new MappingError(`${this} and ${found} do not say the same in two directions.`, {
        code: "BAD_BACK_POPULATES",
        remedy:
          "One of them has the foreign key; the other is the collection (or the one entity) that it points back to.",
      });
    }
    return found;
  }

  /** The values of an entity's relationships, by position. */
  slots(state: EntityState): unknown[] {
    state.related ??= new Array<unknown>(this.mapper.relationships.length).fill(undefined);
    return state.related;
  }

  /** Whether a slot's value is a loaded one. */
  isLoaded(value: unknown): boolean {
    return value !== undefined && !(value instanceof UnloadedCollection);
  }

  /** Whether the relationship of an entity is loaded. */
  isLoadedIn(state: EntityState): boolean {
    return this.isLoaded(state.related?.[this.index]);
  }

  /** The collection of an entity, loaded or not. A new entity's is empty. */
  collection(state: EntityState): RelatedArray | UnloadedCollection {
    const related = this.slots(state);
    let value = related[this.index] as RelatedArray | UnloadedCollection | undefined;
    if (value === undefined) {
      const empty = !state.hasRow || (state.flags & INSERTED) !== 0;
      value = empty ? RelatedArray.made(state, this, []) : new UnloadedCollection(state, this);
      related[this.index] = value;
    }
    return value;
  }

  /** The related entity as far as it is known without a query: undefined where it is not. */
  knownOne(state: EntityState): object | null | undefined {
    const value = state.related?.[this.index] as object | null | undefined;
    if (value !== undefined) return value;
    if (this.isKnownNull(state)) return null;
    if (!this.leadsToKey || state.scope?.live !== true) return undefined;
    return state.scope.access.lookup(this.target, this.targetKey(state));
  }

  /** Whether it is known without a query that there is no related entity. */
  isKnownNull(state: EntityState): boolean {
    if (this.direction !== "manyToOne") return !state.hasRow || (state.flags & INSERTED) !== 0;
    if (state.flags & EXPIRED) return false;
    return this.local.some((at) => readColumn(state, at) == null);
  }

  /** The identity of the entity that the foreign key of an entity points to. */
  targetKey(state: EntityState): unknown {
    const { target, remote, local } = this;
    const values: unknown[] = [];
    for (let i = 0; i < remote.length; i++) values[remote[i] as number] = readColumn(state, local[i] as number);
    return target.keyOf(values);
  }

  /** Adds an entity to the collection of another; see `sync.ts`. */
  add(state: EntityState, item: unknown): void {
    addItem(state, this, item);
  }

  /** Removes an entity from the collection of another; see `sync.ts`. */
  remove(state: EntityState, item: object): void {
    removeItem(state, this, item);
  }

  /** Loads the relationship of an entity, together with the others of this turn of the event loop. */
  load(state: EntityState): Promise<unknown> {
    const scope = state.liveScope;
    if (scope === undefined) return Promise.reject(this.mapper.detached(state, this.key));
    return scope.access.loadRelated(state, this);
  }

  /** The error of whoever reads it unloaded. */
  notLoaded(state: EntityState): NotLoadedError {
    return notLoaded(state, this);
  }

  /** The elements of ORDER BY of a collection. */
  get order(): readonly Node[] {
    const { orderBy } = this.options;
    if (orderBy === undefined) return [];
    return (Array.isArray(orderBy) ? orderBy : [orderBy]) as readonly Node[];
  }

  /** `User.posts`, for messages. */
  toString(): string {
    return `${this.mapper.name}.${this.key}`;
  }
}
