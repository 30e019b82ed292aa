import { watch } from "../instrumentation/columns.js";
import { type EntityState, EXPIRED, HELD } from "../instrumentation/state.js";
import type { Mapper } from "../mapping/mapper.js";

/** How many flushes must find an entity unchanged before it is watched instead of compared. */
const SCANS = 32;
/** How many entities a session holds strongly before it lets go of the oldest unchanged ones. */
const MOST_STRONG = 25_000;
/** How many weak references there are before the dead ones among them are looked for. */
const LEAST_PURGE = 1000;

/**
 * The entities of one mapping in a session, by identity. The young are held strongly and compared with their snapshots by a
 * flush; the old are watched (they tell of changes themselves) and held weakly.
 */
export class Identities {
  readonly mapper: Mapper;
  readonly strong = new Map<unknown, EntityState>();
  private readonly weak = new Map<unknown, WeakRef<EntityState>>();
  private purgeAt = LEAST_PURGE;

  constructor(mapper: Mapper) {
    this.mapper = mapper;
  }

  /** The entity of an identity. */
  get(key: unknown): EntityState | undefined {
    const young = this.strong.get(key);
    if (young !== undefined || this.weak.size === 0) return young;
    return this.weak.get(key)?.deref();
  }

  add(state: EntityState): void {
    this.weak.delete(state.key);
    this.strong.set(state.key, state);
  }

  /** Takes an entity out, if it is the one of its identity. */
  remove(state: EntityState): void {
    if (this.get(state.key) !== state) return;
    this.strong.delete(state.key);
    this.weak.delete(state.key);
  }

  /** All entities that are alive. */
  *[Symbol.iterator](): Generator<EntityState, void> {
    yield* this.strong.values();
    for (const reference of this.weak.values()) {
      const state = reference.deref();
      if (state !== undefined) yield state;
    }
  }

  /** How many identities are known: the dead among the weak ones count until they are purged. */
  get size(): number {
    return this.strong.size + this.weak.size;
  }

  /** The young entities whose columns are changed. What is found unchanged often enough grows old. */
  scan(found: (state: EntityState) => void): void {
    const { mapper } = this;
    for (const state of this.strong.values()) {
      if (changedColumns(mapper, state)) {
        state.scans = 0;
        found(state);
      } else if (++state.scans >= SCANS) {
        this.release(state);
      }
    }
  }

  /** Holds an entity weakly from now on, if it is unchanged. */
  release(state: EntityState): void {
    if (state.flags & HELD || state.changes !== undefined || changedColumns(this.mapper, state)) return;
    watch(state);
    this.strong.delete(state.key);
    this.weak.set(state.key, new WeakRef(state));
    if (this.weak.size > this.purgeAt) this.purge();
  }

  /** Holds all unchanged entities weakly, or as many of the oldest as must go to keep `most`. */
  releaseAll(most = 0): void {
    for (const state of this.strong.values()) {
      if (this.strong.size <= most) return;
      this.release(state);
    }
  }

  private purge(): void {
    for (const [key, reference] of this.weak) if (reference.deref() === undefined) this.weak.delete(key);
    this.purgeAt = Math.max(LEAST_PURGE, this.weak.size * 2);
  }
}

/** Whether a column of an entity is not what its snapshot says, at first sight. */
function changedColumns(mapper: Mapper, state: EntityState): boolean {
  // What is expired has no values to compare; a value that was set since has been told of.
  if (state.flags & EXPIRED) return false;
  return mapper.differs(state.entity, state.snapshot as unknown[]);
}

/** All persistent entities of a session, by mapping and identity: one row, one object. */
export class IdentityMap {
  private readonly byMapper = new Map<Mapper, Identities>();

  /** The entities of one mapping. */
  of(mapper: Mapper): Identities {
    let found = this.byMapper.get(mapper);
    if (found === undefined) {
      found = new Identities(mapper);
      this.byMapper.set(mapper, found);
    }
    return found;
  }

  /** The entity of an identity. */
  get(mapper: Mapper, key: unknown): EntityState | undefined {
    return this.byMapper.get(mapper)?.get(key);
  }

  add(state: EntityState): void {
    this.of(state.mapper).add(state);
  }

  remove(state: EntityState): void {
    this.byMapper.get(state.mapper)?.remove(state);
  }

  /** Calls back for each entity whose columns are changed. */
  scan(found: (state: EntityState) => void): void {
    for (const identities of this.byMapper.values()) identities.scan(found);
  }

  /** Holds all unchanged entities weakly. */
  release(): void {
    for (const identities of this.byMapper.values()) identities.releaseAll();
  }

  /** After entities of a mapping were loaded: keeps the number of strongly held ones in bounds. */
  bound(mapper: Mapper): void {
    const identities = this.of(mapper);
    if (identities.strong.size > MOST_STRONG) identities.releaseAll(MOST_STRONG / 2);
  }

  /** How many entities are known. */
  get size(): number {
    let sum = 0;
    for (const identities of this.byMapper.values()) sum += identities.size;
    return sum;
  }

  *[Symbol.iterator](): Generator<EntityState, void> {
    for (const identities of this.byMapper.values()) yield* identities;
  }

  /** Forgets all. */
  clear(): void {
    this.byMapper.clear();
  }
}
