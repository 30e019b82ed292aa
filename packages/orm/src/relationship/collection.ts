import { NotLoadedError } from "../errors.js";
import type { EntityState } from "../instrumentation/state.js";
import type { Relationship } from "./relationship.js";

/** What was added to and removed from a collection since the last flush. */
export interface CollectionDelta {
  readonly added: readonly object[];
  readonly removed: readonly object[];
}

const NOBODY: ReadonlySet<object> = new Set();
const NOTHING: CollectionDelta = { added: [], removed: [] };

/**
 * A loaded collection. It is a real array for all reading. Methods that change an array's members do what `add` and `remove`
 * do; results of `map`, `filter` and the like are plain arrays.
 */
export class RelatedArray extends Array<object> {
  #state!: EntityState;
  #relationship!: Relationship;
  /** The content at the last flush; undefined while it is the present one. */
  #original: readonly object[] | undefined;
  /** The members, once there is a reason to look for one quickly. */
  #members: Set<object> | undefined;

  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** The collection of an entity, with this content. */
  static made(state: EntityState, relationship: Relationship, content: readonly object[]): RelatedArray {
    const made = new RelatedArray();
    made.#state = state;
    made.#relationship = relationship;
    for (let i = 0; i < content.length; i++) made[i] = content[i] as object;
    return made;
  }

  add(...items: object[]): void {
    for (const item of items) this.#relationship.add(this.#state, item);
  }

  remove(...items: object[]): void {
    for (const item of items) this.#relationship.remove(this.#state, item);
  }

  replace(items: readonly object[]): void {
    const wanted = new Set(items);
    for (const item of [...this]) if (!wanted.has(item)) this.remove(item);
    this.add(...wanted);
  }

  load(): Promise<this> {
    return Promise.resolve(this);
  }

  /** What happened since the last flush. */
  get delta(): CollectionDelta {
    const original = this.#original;
    if (original === undefined) return NOTHING;
    const before = new Set(original);
    return {
      added: this.filter((item) => !before.has(item)),
      removed: original.filter((item) => !this.includesItem(item)),
    };
  }

  /** The content at the last flush. */
  get original(): readonly object[] {
    return this.#original ?? [...this];
  }

  /** The present content becomes what the database has, except for entities that are not saved yet. */
  settle(unsaved: ReadonlySet<object> = NOBODY): void {
    this.#original = unsaved.size === 0 ? undefined : this.filter((item) => !unsaved.has(item));
  }

  /** Puts the content of the last flush back, or another one that is known to be the database's. */
  restore(content: readonly object[] = this.original): void {
    this.#original = undefined;
    this.#members = undefined;
    this.length = 0;
    for (const item of content) super.push(item);
  }

  /** Says what the database has, for a collection that was changed before that was known. */
  startFrom(original: readonly object[]): void {
    this.#original = original;
  }

  /** Puts an item in and tells nobody; false when it was there. */
  insertItem(item: object): boolean {
    if (this.includesItem(item)) return false;
    this.#original ??= [...this];
    super.push(item);
    this.#members?.add(item);
    return true;
  }

  /** Takes an item out and tells nobody; false when it was not there. */
  takeItem(item: object): boolean {
    if (!this.includesItem(item)) return false;
    this.#original ??= [...this];
    super.splice(this.indexOf(item), 1);
    this.#members?.delete(item);
    return true;
  }

  private includesItem(item: object): boolean {
    if (this.#members === undefined && this.length > 16) this.#members = new Set(this);
    return this.#members === undefined ? this.includes(item) : this.#members.has(item);
  }

  override push(...items: object[]): number {
    this.add(...items);
    return this.length;
  }

  override unshift(...items: object[]): number {
    return this.push(...items);
  }

  override pop(): object | undefined {
    const last = this.at(-1);
    if (last !== undefined) this.remove(last);
    return last;
  }

  override shift(): object | undefined {
    const [first] = this;
    if (first !== undefined) this.remove(first);
    return first;
  }

  override splice(start: number, count: number = this.length, ...items: object[]): object[] {
    const from = start < 0 ? Math.max(0, this.length + start) : start;
    const taken = this.slice(from, from + count);
    this.remove(...taken);
    this.add(...items);
    return taken;
  }
}

/**
 * A collection that is not loaded. It notes additions and removals, which a flush writes without loading the rest; reading
 * it as an array throws.
 */
export class UnloadedCollection {
  /** Noted additions and removals since the last flush. */
  readonly added = new Set<object>();
  readonly removed = new Set<object>();
  readonly #state: EntityState;
  readonly #relationship: Relationship;

  constructor(state: EntityState, relationship: Relationship) {
    this.#state = state;
    this.#relationship = relationship;
  }

  add(...items: object[]): void {
    for (const item of items) this.#relationship.add(this.#state, item);
  }

  remove(...items: object[]): void {
    for (const item of items) this.#relationship.remove(this.#state, item);
  }

  load(): Promise<unknown> {
    return this.#relationship.load(this.#state);
  }

  replace(): never {
    throw notLoaded(this.#state, this.#relationship);
  }

  get delta(): CollectionDelta {
    return { added: [...this.added], removed: [...this.removed] };
  }

  /** Notes an addition and tells nobody; false when it was noted already. */
  insertItem(item: object): boolean {
    if (this.removed.delete(item)) return true;
    if (this.added.has(item)) return false;
    this.added.add(item);
    return true;
  }

  /** Notes a removal and tells nobody; false when it was noted already. */
  takeItem(item: object): boolean {
    if (this.added.delete(item)) return true;
    if (this.removed.has(item)) return false;
    this.removed.add(item);
    return true;
  }

  /** Forgets what was noted: it is written, except for entities that are not saved yet. */
  settle(unsaved: ReadonlySet<object> = NOBODY): void {
    for (const item of this.added) if (!unsaved.has(item)) this.added.delete(item);
    this.removed.clear();
  }

  /** The content that a load found, with what was noted since. */
  merged(loaded: readonly object[]): RelatedArray {
    const made = RelatedArray.made(this.#state, this.#relationship, loaded);
    for (const item of this.added) made.insertItem(item);
    for (const item of this.removed) made.takeItem(item);
    if (this.added.size + this.removed.size > 0) made.startFrom(loaded);
    return made;
  }

  /** The error of whoever reads it. */
  refuse(): NotLoadedError {
    return notLoaded(this.#state, this.#relationship);
  }
}

/** The error of whoever reads a relationship that is not loaded. */
export function notLoaded(state: EntityState, relationship: Relationship): NotLoadedError {
  const name = `${state.mapper.name}.${relationship.key}`;
  return new NotLoadedError(`${name} is not loaded.`, {
    remedy:
      `Load it with the query: .options(selectinload(${state.mapper.name}.c.${relationship.key})), ` +
      `or now: await load(entity).${relationship.key}.`,
  });
}

/**
 * Whatever an unloaded collection does not have itself (length, map, an index, an iterator) is looked for on its prototype's
 * prototype, which refuses. What promises and inspectors ask for is simply not there.
 */
const QUIET = new Set<PropertyKey>([
  "then",
  "toJSON",
  "constructor",
  "asymmetricMatch",
  "nodeType",
  "tagName",
  "$$typeof",
]);
Object.setPrototypeOf(
  UnloadedCollection.prototype,
  new Proxy(Object.create(null) as object, {
    get(_target, key, receiver) {
      const quiet = QUIET.has(key) || (typeof key === "symbol" && key !== Symbol.iterator);
      if (quiet || !(receiver instanceof UnloadedCollection)) return undefined;
      throw receiver.refuse();
    },
    has: () => false,
  }),
);
