import { ArgumentError } from "@acme/core";
import { stateOf } from "../instrumentation/entity-root.js";
import type { EntityState } from "../instrumentation/state.js";
import type { Collection, LoadedCollection, NotLoaded } from "../mapping/types.js";
import type { Relationship } from "../relationship/relationship.js";

/** What a relationship's property holds once it is loaded. */
export type Loaded<V> = V extends Collection<infer E> ? LoadedCollection<E> : Exclude<V, NotLoaded<unknown>>;

/** A promise for each relationship of an entity. */
export type Loads<E> = {
  readonly [K in keyof E]: E[K] extends Collection<unknown>
    ? Promise<Loaded<E[K]>>
    : [Extract<E[K], NotLoaded<unknown>>] extends [never]
      ? never
      : Promise<Loaded<E[K]>>;
};

/**
 * Loads relationships when they are needed. Each property gives a promise; what is loaded or in the session already costs no
 * query, and all loads that are asked for in the same turn of the event loop become one query for each relationship, so
 * that a loop over entities cannot become a query for each of them.
 *
 * @example
 * ```ts
 * const author = await load(post).author;
 * const authors = await Promise.all(posts.map((post) => load(post).author));   // one query
 * ```
 * Rejects with DetachedInstanceError for an entity that belongs to no session.
 */
export function load<E extends object>(entity: E): Loads<E> {
  const state = stateOf(entity);
  const made = new Proxy(state, {
    get(target, key): unknown {
      if (typeof key === "symbol" || key === "then") return undefined;
      return loadOne(target, key);
    },
  });
  return made as unknown as Loads<E>;
}

function loadOne(state: EntityState, key: string): Promise<unknown> {
  const relationship = relationshipOf(state, key);
  if (relationship.isLoadedIn(state)) return Promise.resolve(state.related?.[relationship.index]);
  return relationship.load(state);
}

function relationshipOf(state: EntityState, key: string): Relationship {
  const found = state.mapper.relationship(key);
  if (found !== undefined) return found;
  throw new ArgumentError(`${state.mapper.name} has no relationship "${key}".`, {
    code: "NO_SUCH_RELATIONSHIP",
    remedy: `It has: ${state.mapper.relationships.map((each) => each.key).join(", ") || "none"}.`,
  });
}

/**
 * Whether a relationship of an entity is loaded; narrows the entity's type so that it can be read.
 *
 * @example
 * ```ts
 * if (isLoaded(user, "posts")) console.log(user.posts.length);
 * ```
 */
export function isLoaded<E extends object, const K extends keyof E & string>(
  entity: E,
  key: K,
): entity is E & { readonly [P in K]: Loaded<E[P]> } {
  const state = stateOf(entity);
  return relationshipOf(state, key).isLoadedIn(state);
}

/** Loads of one turn of the event loop, waiting to be made together. */
export class LazyLoads {
  private readonly start: (batch: ReadonlyMap<Relationship, ReadonlyMap<EntityState, Waiter>>) => void;
  private batch: Map<Relationship, Map<EntityState, Waiter>> | undefined = undefined;

  constructor(start: (batch: ReadonlyMap<Relationship, ReadonlyMap<EntityState, Waiter>>) => void) {
    this.start = start;
  }

  /** Asks for a load; it is made with the others of this turn. */
  ask(state: EntityState, relationship: Relationship): Promise<unknown> {
    if (this.batch === undefined) {
      const batch = new Map<Relationship, Map<EntityState, Waiter>>();
      this.batch = batch;
      afterThisTurn(() => {
        this.batch = undefined;
        this.start(batch);
      });
    }
    const states = this.batch.get(relationship) ?? new Map<EntityState, Waiter>();
    this.batch.set(relationship, states);
    let waiter = states.get(state);
    if (waiter === undefined) {
      waiter = new Waiter();
      states.set(state, waiter);
    }
    return waiter.promise;
  }
}

/** Somebody who waits for a load. */
export class Waiter {
  readonly promise: Promise<unknown>;
  resolve!: (value: unknown) => void;
  reject!: (error: unknown) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/**
 * Runs work when all promise callbacks that are due have run, so that functions which wait for different things first meet in
 * one batch. Where there is no `process.nextTick`, a timer does it.
 */
function afterThisTurn(work: () => void): void {
  const { process } = globalThis as { readonly process?: { readonly nextTick?: (work: () => void) => void } };
  const later = process?.nextTick;
  if (later === undefined) setTimeout(work, 0);
  // Asked for in a callback, so that it comes after the callbacks that are queued by now and those that they queue.
  else void Promise.resolve().then(() => later(work));
}
