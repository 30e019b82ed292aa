import {
  ArgumentError,
  type BeginOptions,
  type Connection,
  type Executable,
  Execution,
  type LoadOption,
  type Node,
  type Parameters,
  type Queryable,
  Result,
} from "@acme/core/dialect";
import { ObjectDeletedError, ObjectStateError } from "../errors.js";
import { expireColumns } from "../instrumentation/columns.js";
import { findState, mapperOf, stateOf } from "../instrumentation/entity-root.js";
import { type EntityState, EXPIRED, INSERTED } from "../instrumentation/state.js";
import { columnsAt, isValue } from "../loading/conditions.js";
import { ScalarReader } from "../loading/item-reader.js";
import { LazyLoads, type Waiter } from "../loading/lazy.js";
import { type LoadNode, loadNode } from "../loading/option.js";
import { type QueryOptions, query } from "../loading/query.js";
import { loadRelated, pathTo } from "../loading/related.js";
import { selectOf } from "../loading/statement.js";
import type { Mapper } from "../mapping/mapper.js";
import type { EntityLike, Instance } from "../relationship/definition.js";
import type { Relationship } from "../relationship/relationship.js";
import { flush } from "../unit-of-work/flush.js";
import { changedPositions } from "../unit-of-work/updates.js";
import { type Bind, reachableThrough, SessionContext } from "./context.js";
import { Guard } from "./guard.js";
import { merge } from "./merge.js";

/** How a session behaves. */
export interface SessionOptions extends BeginOptions {
  /** Flushes before each query, so that queries see what was changed. Default true. */
  readonly autoflush?: boolean;
  /** Expires all entities at each commit, so that they have to be read again. Default false: values stay readable. */
  readonly expireOnCommit?: boolean;
}

/** How an entity is got by its key. */
export interface GetOptions<M = unknown> {
  /** What else is loaded of it. */
  readonly options?: LoadOption<M> | readonly LoadOption<M>[];
  /** Reads the row although the entity is in the session, and overwrites it. Default false. */
  readonly populateExisting?: boolean;
}

/** What loader options are known to load of an entity. */
type With<E, M> = unknown extends M ? E : E & M[keyof M];

type Row = readonly unknown[];

/**
 * A unit of work: entities, the transaction in which they were read and will be written, and what has to be written.
 *
 * A session opens its transaction at the first use and holds one connection until `commit`, `rollback` or `close`. One row is
 * one object in it. It is used by one task at a time.
 *
 * @example
 * ```ts
 * await using session = new Session(engine);
 * session.add(new User({ name: "alice", posts: [new Post({ title: "hi" })] }));
 * await session.commit();
 * const user = await session.scalars(select(User).where(User.c.name.eq("alice"))).one();
 * user.name = "Alice";
 * await session.commit();
 * ```
 */
export class Session implements AsyncDisposable {
  private readonly context: SessionContext;
  private readonly options: SessionOptions;
  private readonly guard = new Guard();
  private readonly lazyLoads = new LazyLoads((batch) => void this.loadBatch(batch));
  private automatic: boolean;
  private inBlock = false;

  /** A session on an engine, or inside the transaction of a connection. */
  constructor(bind: Bind, options: SessionOptions = {}) {
    const { autoflush = true, expireOnCommit: _expire, ...beginOptions } = options;
    this.options = options;
    this.automatic = autoflush;
    this.context = new SessionContext(this, bind, beginOptions);
    this.context.lazyLoad = (state, relationship) => this.lazyLoads.ask(state, relationship);
  }

  // ---- membership ------------------------------------------------------------------------------------------------------

  /**
   * Makes an entity part of the session: a new one will be inserted, a detached one is persistent again. What it reaches
   * along relationships that cascade `save-update` comes with it.
   *
   * Throws ObjectStateError for one that belongs to another session (`OTHER_SESSION`), was deleted (`WAS_DELETED`), or has
   * the identity of another one here (`IDENTITY_CONFLICT`).
   */
  add(entity: object): void {
    this.context.reach(entity);
  }

  /** Adds several entities. */
  addAll(entities: Iterable<object>): void {
    for (const entity of entities) this.context.reach(entity);
  }

  /**
   * Marks an entity for deletion by the next flush. What it owns (`cascade: "all, delete-orphan"`) goes with it; rows that
   * merely refer to it lose the reference where their foreign key can be NULL.
   *
   * Throws ObjectStateError (`NOT_PERSISTENT`) for an entity that has no row in this session.
   */
  delete(entity: object): void {
    const state = stateOf(entity);
    if (state.lifecycle === "detached") this.context.reach(entity);
    if (state.liveScope !== this.context.scope || state.lifecycle !== "persistent") {
      throw new ObjectStateError(
        `The ${state.mapper.name} is ${state.lifecycle}: only what has a row in this session can be deleted.`,
        {
          code: "NOT_PERSISTENT",
          remedy: state.lifecycle === "pending" ? "Take it out with expunge()." : "",
        },
      );
    }
    this.context.deleted.add(state);
  }

  /** Takes an entity out of the session, with what cascades `expunge`. What was not flushed of it stays on it. */
  expunge(entity: object): void {
    for (const state of this.along(stateOf(entity), "expunge")) {
      if (state.liveScope === this.context.scope) this.context.detach(state);
    }
  }

  /** Takes all entities out of the session. */
  expungeAll(): void {
    this.context.detachAll();
  }

  /** Whether an entity belongs to the session. */
  has(entity: object): boolean {
    return findState(entity)?.liveScope === this.context.scope;
  }

  /** The new entities, in the order of their adding. */
  get new(): readonly object[] {
    return [...this.context.added].map((state) => state.entity);
  }

  /** The persistent entities that have changes to flush. */
  get dirty(): readonly object[] {
    const { context } = this;
    const found = new Set(
      [...context.touched].filter(
        (state) => state.hasRow && (state.changes !== undefined || changedPositions(state).length > 0),
      ),
    );
    context.identities.scan((state) => {
      if (changedPositions(state).length > 0) found.add(state);
    });
    return [...found].filter((state) => !context.deleted.has(state)).map((state) => state.entity);
  }

  /** The entities that are marked for deletion. */
  get deleted(): readonly object[] {
    return [...this.context.deleted].map((state) => state.entity);
  }

  /** The persistent entities in memory. Unchanged ones that nobody else holds may go at any time. */
  get entities(): Iterable<object> {
    const { identities } = this.context;
    return [...identities].map((state) => state.entity);
  }

  /**
   * Holds unchanged entities weakly from now on, so that those that nobody uses can be collected. A session does it by
   * itself for entities of an earlier transaction, and when it has loaded very many.
   */
  releaseUnchanged(): void {
    this.context.identities.release();
  }

  // ---- queries -----------------------------------------------------------------------------------------------------------

  /**
   * Executes a statement. Entities in its rows are those of the session. Changes are flushed first.
   *
   * @example
   * ```ts
   * const rows = await session.execute(select(User, func.count(Post.c.id).label("posts")).join(User.c.posts).groupBy(User.c.id)).all();
   * rows[0].User.name; rows[0].posts;
   * ```
   */
  execute<R, P extends readonly unknown[]>(
    statement: Executable<R, P>,
    parameters?: Parameters,
    options?: QueryOptions,
  ): Execution<R, P> {
    // What the rows are is the statement's phantom side; here the rows that come get that type.
    return new Execution(
      this.query("execute", statement as unknown as Node, parameters, options) as unknown as Promise<Result<R, P>>,
    );
  }

  /**
   * Executes a statement and gives the first item of each row: `select(User)` gives users.
   *
   * @example
   * ```ts
   * const users = await session.scalars(select(User).orderBy(User.c.name)).all();
   * const alice = await session.scalars(select(User).where(User.c.name.eq("alice"))).oneOrNone();
   * ```
   */
  scalars<P extends readonly unknown[]>(
    statement: Queryable<P>,
    parameters?: Parameters,
    options?: QueryOptions,
  ): Execution<P[0], readonly [P[0]]> {
    const result = this.query("scalars", statement as unknown as Node, parameters, options).then(firstItems);
    return new Execution(result as Promise<Result<P[0], readonly [P[0]]>>);
  }

  /** The first item of the first row; undefined when there is no row. */
  scalar<P extends readonly unknown[]>(
    statement: Queryable<P>,
    parameters?: Parameters,
    options?: QueryOptions,
  ): Promise<P[0] | undefined> {
    return this.scalars(statement, parameters, options).first();
  }

  private query(
    name: string,
    statement: Node,
    parameters: Parameters | undefined,
    options: QueryOptions | undefined,
  ): Promise<Result<unknown, Row>> {
    return this.guard.run(name, async () => {
      await this.autoflush();
      return query(this.context, statement, parameters, options);
    });
  }

  /**
   * The entity with a primary key: from the session if it is there, else from the database; null when there is no such row.
   * The key of several columns is a list in the order of the key, or an object.
   *
   * @example
   * ```ts
   * const user = await session.get(User, 1);
   * const line = await session.get(OrderLine, { orderId: 1, position: 3 });
   * const full = await session.get(User, 1, { options: selectinload(User.c.posts) });
   * ```
   */
  get<C extends EntityLike, M = unknown>(
    entityClass: C,
    key: unknown,
    options: GetOptions<M> = {},
  ): Promise<With<Instance<C>, M> | null> {
    return this.guard.run("get", async () => {
      const found = await this.find(mapperOf(entityClass).mapper, key, options);
      return (found?.entity ?? null) as With<Instance<C>, M> | null;
    });
  }

  /** As {@link get}; throws ObjectDeletedError (`NO_SUCH_ROW`) when there is no such row. */
  async getOne<C extends EntityLike, M = unknown>(
    entityClass: C,
    key: unknown,
    options: GetOptions<M> = {},
  ): Promise<With<Instance<C>, M>> {
    const found = await this.get(entityClass, key, options);
    if (found !== null) return found;
    throw new ObjectDeletedError(`There is no ${mapperOf(entityClass).mapper.name} with the key ${String(key)}.`, {
      code: "NO_SUCH_ROW",
    });
  }

  private async find(mapper: Mapper, key: unknown, options: GetOptions): Promise<EntityState | null> {
    const { context } = this;
    const values = mapper.keyValues(key);
    const loads = loadNodes(options.options);
    const present = context.identities.get(mapper, mapper.keyOf(values));
    if (present !== undefined && !present.has(EXPIRED) && options.populateExisting !== true) {
      await this.loadAll([present], loads);
      return present;
    }
    await this.autoflush();
    const conditions = columnsAt(mapper.columns, mapper.keyPositions).map((column, i) =>
      isValue(column, values[mapper.keyPositions[i] as number]),
    );
    let statement = selectOf([mapper.source.item]).where(...conditions);
    if (loads.length > 0) statement = statement.copyWith({ loadOptions: loads });
    const populateExisting = options.populateExisting ?? false;
    const [row] = (await query(context, statement, undefined, { populateExisting })).rawRows;
    return row === undefined ? null : stateOf(row[0]);
  }

  /**
   * Loads relationships of an entity that is in memory; what is loaded already is not loaded again.
   *
   * @example
   * ```ts
   * const user = await session.load(alice, selectinload(User.c.posts).and(selectinload(Post.c.tags)));
   * user.posts.map((post) => post.tags.length);
   * ```
   */
  load<E extends object, M>(entity: E, ...options: LoadOption<M>[]): Promise<With<E, M>> {
    return this.guard.run("load", async () => {
      const state = this.own(entity, "load");
      await this.autoflush();
      await this.loadAll([state], options.map(loadNode));
      return entity as With<E, M>;
    });
  }

  private async loadAll(states: readonly EntityState[], loads: readonly LoadNode[]): Promise<void> {
    for (const node of loads) {
      for (const { mapper } of states) {
        if (node.source.mapper !== mapper)
          throw new ArgumentError(`${node} speaks of another entity than ${mapper.name}.`, { code: "BAD_LOADER_PATH" });
      }
      await loadRelated(this.context, states, node, { populateExisting: false });
    }
  }

  /** Makes the lazy loads of a turn of the event loop. */
  private async loadBatch(batch: ReadonlyMap<Relationship, ReadonlyMap<EntityState, Waiter>>): Promise<void> {
    await this.guard.load(async () => {
      for (const [relationship, waiters] of batch) {
        try {
          const states = [...waiters.keys()].filter((state) => state.liveScope === this.context.scope);
          if (this.automatic) await flush(this.context, false);
          await loadRelated(this.context, states, pathTo(relationship), { populateExisting: false });
          for (const [state, waiter] of waiters) {
            if (relationship.isLoadedIn(state)) waiter.resolve(state.related?.[relationship.index]);
            else waiter.reject(relationship.mapper.detached(state, relationship.key));
          }
        } catch (error) {
          for (const waiter of waiters.values()) waiter.reject(error);
        }
      }
    });
  }

  // ---- writing --------------------------------------------------------------------------------------------------------------

  /**
   * Writes what has changed: INSERTs in the order of dependencies, UPDATEs of the changed columns, DELETEs. The transaction
   * stays open. When it fails, the transaction is rolled back and the session waits for `rollback()`.
   */
  flush(): Promise<void> {
    return this.guard.run("flush", () => flush(this.context, true));
  }

  private async autoflush(): Promise<void> {
    if (this.automatic) await flush(this.context, false);
  }

  /** Runs a function without automatic flushes: for building entities that are not complete yet. */
  async withoutAutoflush<T>(work: () => T | PromiseLike<T>): Promise<T> {
    const before = this.automatic;
    this.automatic = false;
    try {
      return await work();
    } finally {
      this.automatic = before;
    }
  }

  /** Flushes and commits. Entities keep their values, unless `expireOnCommit` is set. The next use begins a new transaction. */
  commit(): Promise<void> {
    return this.guard.run("commit", () => this.commitNow());
  }

  private async commitNow(): Promise<void> {
    await flush(this.context, true);
    await this.context.commit();
    if (this.options.expireOnCommit) for (const state of this.context.identities) this.expireState(state);
  }

  /**
   * Rolls back, and puts the entities back: changed columns and collections get their old values, what was inserted is
   * transient again, what was deleted is back.
   */
  rollback(): Promise<void> {
    return this.guard.run("rollback", () => this.context.rollback());
  }

  /** Ends an open transaction by a rollback and lets go of all entities. The session can be used again. */
  close(): Promise<void> {
    return this.guard.run("close", async () => {
      try {
        await this.context.abandon();
      } finally {
        this.context.detachAll();
      }
    });
  }

  /** `await using session = new Session(engine)`: closes at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.context.inTransaction;
  }

  /** Begins the transaction now, with options of its own. Throws ObjectStateError (`TRANSACTION_OPEN`) when one is open. */
  begin(options: BeginOptions = {}): Promise<void> {
    return this.guard.run("begin", async () => {
      if (this.context.inTransaction)
        throw new ObjectStateError("The session has an open transaction.", { code: "TRANSACTION_OPEN" });
      await this.context.begin({ ...this.options, ...options });
    });
  }

  /**
   * Runs a function and commits: rolls back when it throws. Inside of another `transaction` use {@link savepoint}.
   *
   * @example
   * ```ts
   * await session.transaction(async () => {
   *   session.add(new User({ name: "alice" }));
   * });
   * ```
   */
  async transaction<T>(work: (session: this) => T | PromiseLike<T>): Promise<T> {
    if (this.inBlock)
      throw new ObjectStateError("session.transaction() is under way.", {
        code: "TRANSACTION_OPEN",
        remedy: "Use session.savepoint() inside of it.",
      });
    this.inBlock = true;
    try {
      const value = await work(this);
      await this.commit();
      return value;
    } catch (error) {
      await this.rollback();
      throw error;
    } finally {
      this.inBlock = false;
    }
  }

  /**
   * Runs a function in a savepoint: when it throws, what was flushed since is undone, in the database and in the entities,
   * and the transaction goes on.
   *
   * SQL: `SAVEPOINT acme_1`, then `RELEASE SAVEPOINT` or `ROLLBACK TO SAVEPOINT`
   */
  savepoint<T>(work: (session: this) => T | PromiseLike<T>): Promise<T> {
    return this.context.savepoint(
      () => this.flush(),
      async () => work(this),
    );
  }

  /** The connection of the open transaction, for Core statements; opens one. It ends with the transaction. */
  connection(): Promise<Connection> {
    return this.guard.run("connection", () => this.context.connection());
  }

  // ---- reading again ----------------------------------------------------------------------------------------------------------

  /**
   * Reads the row of an entity again and overwrites its columns; relationships that are loaded are loaded again. Throws
   * ObjectDeletedError when the row is gone.
   */
  refresh<E extends object>(entity: E): Promise<E> {
    return this.guard.run("refresh", async () => {
      const state = this.own(entity, "refresh");
      await this.autoflush();
      for (const each of this.along(state, "refreshExpire"))
        if (each.hasRow && each.liveScope === this.context.scope) await this.refreshState(each);
      return entity;
    });
  }

  private async refreshState(state: EntityState): Promise<void> {
    const { mapper } = state;
    const loaded = mapper.relationships.filter((relationship) => relationship.isLoadedIn(state));
    const key = mapper.keyPositions.map((position) => state.snapshot?.[position]);
    const found = await this.find(mapper, key, { populateExisting: true });
    if (found !== state) {
      throw new ObjectDeletedError(
        `The row of the ${mapper.name} with the key ${key.map(String).join(", ")} is gone.`,
        {
          remedy: "Take the entity out with expunge(), or roll back.",
        },
      );
    }
    state.flags &= ~INSERTED;
    for (const relationship of loaded)
      await loadRelated(this.context, [state], pathTo(relationship), { populateExisting: true });
  }

  /**
   * Takes the values of an entity away, with its loaded relationships and what was not flushed: reading them throws until the
   * next query or `refresh` has read the row.
   */
  expire(entity: object): void {
    for (const state of this.along(this.own(entity, "expire"), "refreshExpire"))
      if (state.hasRow && state.liveScope === this.context.scope) this.expireState(state);
  }

  /** Expires all entities of the session. */
  expireAll(): void {
    for (const state of this.context.identities) this.expireState(state);
  }

  private expireState(state: EntityState): void {
    expireColumns(state);
    state.flags &= ~INSERTED;
    state.related = undefined;
    state.changes = undefined;
    state.orphanOf = undefined;
    this.context.touched.delete(state);
  }

  /**
   * Copies an entity of elsewhere (detached, or of another session) into the session: into the one with its key, which is
   * read if need be, or into a new one. Gives that one; the entity itself stays outside. Relationships that cascade `merge`
   * follow as far as they are loaded.
   */
  merge<E extends object>(entity: E): Promise<E> {
    return this.guard.run("merge", async () => {
      await this.autoflush();
      const find = (mapper: Mapper, key: unknown): Promise<EntityState | null> => this.find(mapper, key, {});
      // Not before the whole graph is copied: what is half copied must not be written.
      return this.withoutAutoflush(async () => (await merge(this.context, stateOf(entity), find)).entity as E);
    });
  }

  /** Whether an entity has changes that a flush would write. */
  isModified(entity: object): boolean {
    const state = stateOf(entity);
    return state.changes !== undefined || changedPositions(state).length > 0;
  }

  /** The state of an entity of this session. */
  private own(entity: object, what: string): EntityState {
    const state = stateOf(entity);
    if (state.liveScope === this.context.scope && state.hasRow) return state;
    throw new ObjectStateError(
      `session.${what}() takes a persistent entity of this session; the ${state.mapper.name} is ${state.lifecycle}.`,
      {
        code: "NOT_PERSISTENT",
        remedy: "Add it, and flush it if it is new.",
      },
    );
  }

  /** An entity and what follows it along relationships with a cascade. */
  private along(first: EntityState, cascade: "expunge" | "refreshExpire"): readonly EntityState[] {
    const found = new Set([first]);
    for (const state of found) {
      for (const relationship of state.related === undefined ? [] : state.mapper.relationships) {
        if (!relationship.cascade[cascade]) continue;
        for (const entity of reachableThrough(state, relationship)) found.add(stateOf(entity));
      }
    }
    return [...found];
  }
}

function firstItems(result: Result<unknown, Row>): Result<unknown, Row> {
  const { resultColumns: columns } = result;
  if (columns === undefined) return result;
  const rows = result.tuples();
  return new Result({ reader: new ScalarReader(result.keys.slice(0, 1), columns), rows, rowCount: result.rowCount });
}

function loadNodes(options: unknown): readonly LoadNode[] {
  if (options === undefined) return [];
  return (Array.isArray(options) ? options : [options]).map(loadNode);
}
