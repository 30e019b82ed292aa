import {
  AcmeError,
  type BeginOptions,
  type Connection,
  type Dialect,
  type Engine,
  type Transaction,
} from "@acme/core/dialect";
import { ObjectStateError, PendingRollbackError } from "../errors.js";
import { stateOf } from "../instrumentation/entity-root.js";
import { DELETED, type EntityState, HELD, NEW } from "../instrumentation/state.js";
import type { Mapper } from "../mapping/mapper.js";
import { UnloadedCollection } from "../relationship/collection.js";
import type { Relationship } from "../relationship/relationship.js";
import { IdentityMap } from "./identity-map.js";
import { discardChanges, TransactionMemory } from "./memory.js";
import { type SessionAccess, SessionScope } from "./scope.js";

/** What a session works on. */
export type Bind = Engine | Connection;

/**
 * The inside of a session: its entities, its transaction, and what is to be written. The unit of work and the loaders
 * work on it; `Session` is what users see of it.
 */
export class SessionContext implements SessionAccess {
  readonly session: object;
  readonly identities = new IdentityMap();
  /** New entities, in the order of their adding. */
  readonly added = new Set<EntityState>();
  /** Entities to be deleted. */
  readonly deleted = new Set<EntityState>();
  /** Entities that have told of a change. */
  readonly touched = new Set<EntityState>();
  scope: SessionScope = new SessionScope(this);
  /** What entities were before the open transaction. */
  memory: TransactionMemory = new TransactionMemory(undefined);
  /** Set by the session: loads a relationship lazily. */
  lazyLoad: (state: EntityState, relationship: Relationship) => Promise<unknown> = () => Promise.resolve();
  private readonly bind: Bind;
  private readonly beginOptions: BeginOptions;
  private open: Connection | undefined = undefined;
  private transaction: Transaction | undefined = undefined;
  private failure: unknown = undefined;
  private reused = false;

  constructor(session: object, bind: Bind, beginOptions: BeginOptions) {
    this.session = session;
    this.bind = bind;
    this.beginOptions = beginOptions;
  }

  // ---- what entities ask for ---------------------------------------------------------------------------------------------

  changed(state: EntityState): void {
    state.flags |= HELD;
    this.touched.add(state);
  }

  lookup(mapper: Mapper, key: unknown): object | undefined {
    return key === undefined ? undefined : this.identities.get(mapper, key)?.entity;
  }

  loadRelated(state: EntityState, relationship: Relationship): Promise<unknown> {
    return this.lazyLoad(state, relationship);
  }

  /** Makes an entity, and what it reaches by save-update cascades, part of the session. */
  reach(entity: object): void {
    const reached = new Set([stateOf(entity)]);
    for (const state of reached) {
      this.attach(state);
      for (const related of this.cascaded(state)) reached.add(related);
    }
  }

  /** The related entities that follow an entity into the session. */
  private *cascaded(state: EntityState): Generator<EntityState, void> {
    if (state.related === undefined) return;
    for (const relationship of state.mapper.relationships) {
      if (!relationship.cascade.saveUpdate) continue;
      for (const entity of reachableThrough(state, relationship)) yield stateOf(entity);
    }
  }

  private attach(state: EntityState): void {
    const scope = state.liveScope;
    if (scope === this.scope) {
      this.deleted.delete(state);
      if (!state.has(DELETED)) return;
    }
    const name = state.mapper.name;
    if (scope !== undefined && scope !== this.scope) {
      throw new ObjectStateError(`The ${name} belongs to another session.`, {
        code: "OTHER_SESSION",
        remedy: "Take it out of the other one with expunge(), or copy it in with merge().",
      });
    }
    if (state.has(DELETED)) {
      throw new ObjectStateError(`The ${name} was deleted.`, { code: "WAS_DELETED", remedy: "Make a new entity." });
    }
    if (state.key === undefined) {
      state.flags |= NEW;
      state.scope = this.scope;
      this.added.add(state);
      return;
    }
    const present = this.identities.get(state.mapper, state.key);
    if (present !== undefined && present !== state) {
      throw new ObjectStateError(`The session has another ${name} with the key ${String(state.key)}.`, {
        code: "IDENTITY_CONFLICT",
        remedy: "Use that one, or copy this one into it with merge().",
      });
    }
    state.scope = this.scope;
    this.identities.add(state);
    if (state.changes !== undefined) this.changed(state);
  }

  /** Takes an entity out of the session; it becomes detached, or transient again when it was never saved. */
  detach(state: EntityState): void {
    this.added.delete(state);
    this.deleted.delete(state);
    this.touched.delete(state);
    if (state.key !== undefined) this.identities.remove(state);
    state.flags &= ~(NEW | HELD);
    state.scope = undefined;
  }

  /** Takes all entities out at once. */
  detachAll(): void {
    for (const state of this.added) state.flags &= ~NEW;
    this.added.clear();
    this.deleted.clear();
    this.touched.clear();
    this.identities.clear();
    this.scope.end();
    this.scope = new SessionScope(this);
  }

  // ---- the transaction -----------------------------------------------------------------------------------------------------

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.transaction !== undefined;
  }

  /** The connection of the open transaction; opens one at the first use. */
  async connection(): Promise<Connection> {
    if (this.failure !== undefined) throw this.pendingRollback();
    if (this.open === undefined) await this.begin(this.beginOptions);
    return this.open as Connection;
  }

  /** Begins the transaction. */
  async begin(options: BeginOptions): Promise<void> {
    if (this.reused) this.identities.release();
    const owned = "connect" in this.bind;
    const connection = owned ? await (this.bind as Engine).connect() : (this.bind as Connection);
    try {
      this.transaction = connection.inTransaction ? await connection.beginNested() : await connection.begin(options);
    } catch (error) {
      if (owned) await connection.close();
      throw error;
    }
    this.open = connection;
  }

  /** The dialect of the database, once there is a connection: the one of its server. */
  get dialect(): Dialect {
    return (this.open ?? this.bind).dialect;
  }

  /** Commits what was flushed. */
  async commit(): Promise<void> {
    if (this.failure !== undefined) throw this.pendingRollback();
    const { transaction } = this;
    if (transaction !== undefined) await this.ending(() => transaction.commit());
    for (const state of this.memory.states) if (state.has(DELETED)) state.scope = undefined;
    this.memory = new TransactionMemory(undefined);
  }

  /** Rolls back, and puts the entities back into what they were. */
  async rollback(): Promise<void> {
    const { transaction } = this;
    try {
      if (transaction !== undefined) await this.ending(() => transaction.rollback());
    } finally {
      this.failure = undefined;
      this.discard();
      for (let memory: TransactionMemory | undefined = this.memory; memory !== undefined; memory = memory.parent) {
        memory.restore(this.identities, this.scope);
      }
      this.memory = new TransactionMemory(undefined);
    }
  }

  /** Ends the transaction without looking at the entities, except those whose rows are not there after all. */
  async abandon(): Promise<void> {
    const { transaction } = this;
    try {
      if (transaction !== undefined) await this.ending(() => transaction.rollback());
    } finally {
      this.failure = undefined;
      for (let memory: TransactionMemory | undefined = this.memory; memory !== undefined; memory = memory.parent) {
        memory.restore(this.identities, this.scope);
      }
      this.memory = new TransactionMemory(undefined);
    }
  }

  /** Gives the connection back, however the transaction ends. */
  private async ending(work: () => Promise<void>): Promise<void> {
    const { open } = this;
    this.transaction = undefined;
    this.open = undefined;
    this.reused = true;
    try {
      await work();
    } finally {
      if (open !== this.bind) await open?.close();
    }
  }

  /** Takes back all that was not flushed. */
  discard(): void {
    for (const state of this.added) {
      state.flags &= ~(NEW | HELD);
      state.scope = undefined;
    }
    const dirty = new Set(this.touched);
    this.identities.scan((state) => dirty.add(state));
    for (const state of dirty) {
      state.flags &= ~HELD;
      if (!this.added.has(state)) discardChanges(state);
    }
    this.added.clear();
    this.deleted.clear();
    this.touched.clear();
  }

  /**
   * A flush has failed: its transaction is rolled back at once, so that its locks are free; the session waits for
   * rollback(). In a savepoint the end of the savepoint does both.
   */
  async failed(error: unknown): Promise<void> {
    this.failure = error;
    if (this.memory.parent !== undefined) return;
    const { transaction } = this;
    // The reason for the failure is what people must hear of.
    if (transaction !== undefined) await this.ending(() => transaction.rollback()).catch(() => undefined);
  }

  private pendingRollback(): PendingRollbackError {
    const reason =
      this.failure instanceof AcmeError ? `${this.failure.name}: ${this.failure.message}` : String(this.failure);
    return new PendingRollbackError(`The transaction was rolled back because a flush failed (${reason}).`, {
      remedy: "Call session.rollback() to go on.",
      cause: this.failure,
    });
  }

  // ---- savepoints --------------------------------------------------------------------------------------------------------------

  /** Runs work in a savepoint: released when it returns, rolled back with the entities' state when it throws. */
  async savepoint<T>(flush: () => Promise<void>, work: () => Promise<T>): Promise<T> {
    await flush();
    const connection = await this.connection();
    const nested = await connection.beginNested();
    const memory = new TransactionMemory(this.memory);
    this.memory = memory;
    let value: T;
    try {
      value = await work();
      await flush();
      await nested.commit();
    } catch (error) {
      await nested.rollback();
      this.failure = undefined;
      this.discard();
      memory.restore(this.identities, this.scope);
      this.memory = memory.parent as TransactionMemory;
      throw error;
    }
    memory.mergeIntoParent();
    this.memory = memory.parent as TransactionMemory;
    return value;
  }
}

/** The entities that a relationship of an entity leads to, as far as they are in memory. */
export function reachableThrough(state: EntityState, relationship: Relationship): Iterable<object> {
  const value = state.related?.[relationship.index];
  if (value === undefined || value === null) return [];
  if (value instanceof UnloadedCollection) return value.added;
  return Array.isArray(value) ? (value as object[]) : [value];
}
