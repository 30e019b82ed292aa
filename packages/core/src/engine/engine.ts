import type { CloseOptions, PoolStatus } from "@acme/pool";
import type { ParameterValues } from "../compile/compiled.js";
import type { Dialect } from "../dialect/dialect.js";
import type { Driver } from "../dialect/driver.js";
import type { ListenOptions } from "../events/listeners.js";
import { type SchemaConnection, type SchemaHost, schemaAccess } from "../schema/host.js";
import type { Executable } from "../sql/protocols.js";
import type { Node } from "../visit/node.js";
import type { CompiledCacheStatus } from "./cache.js";
import { layerCharacteristics } from "./characteristics.js";
import { Connection, type ConnectionHost } from "./connection.js";
import { isTraced, traced, traces } from "./diagnostics.js";
import { EngineCore } from "./engine-core.js";
import { allEngines, EngineEventHub, type EngineEventName, type EngineListener } from "./events.js";
import { rowSource } from "./executing.js";
import { LentSource } from "./lent-source.js";
import { promised } from "./maybe.js";
import { layerOptions, sharedOptions } from "./option-layers.js";
import type { ConnectionOptions, EngineBeginOptions, EngineOptions, EngineScope, StreamOptions } from "./options.js";
import { type Attempt, withRetry } from "./retry.js";
import { schemaConnection } from "./schema-connection.js";
import { RowStream } from "./stream.js";
import type { RowSource } from "./stream-source.js";
import type { Transaction } from "./transaction.js";
import type { DatabaseUrl } from "./url.js";

/**
 * A database: its dialect, a pool of connections, a cache of compiled statements. Made by {@link createEngine}; nothing is
 * opened until the first use.
 *
 * @example
 * ```ts
 * const engine = createEngine("sqlite:///app.db");
 * await engine.begin(async (conn) => {                  // commit on return, rollback on throw
 *   await conn.execute(insert(users).values({ name: "alice" }));
 * });
 * await engine.dispose();
 * ```
 */
export class Engine implements AsyncDisposable, SchemaHost {
  private readonly core: EngineCore;
  private readonly scope: EngineScope;
  private readonly events: EngineEventHub;
  private readonly host: ConnectionHost;

  /** See {@link createEngine}; `shared` is the way of {@link Engine.withOptions}. */
  constructor(
    options: EngineOptions & EngineScope,
    shared?: { readonly core: EngineCore; readonly events: EngineEventHub },
  ) {
    this.core = shared?.core ?? new EngineCore(options);
    this.events = shared === undefined ? this.core.events : new EngineEventHub(shared.events);
    this.scope = options;
    this.host = this.connectionHost();
  }

  /** Where the database is, where a URL said it; printing it hides the password. */
  get url(): DatabaseUrl | undefined {
    return this.core.url;
  }

  /** The name given in the options. */
  get name(): string | undefined {
    return this.core.options.name;
  }

  /** The driver adapter. */
  get driver(): Driver {
    return this.core.driver;
  }

  /** The dialect; once a connection was made, as the server's product and version have it. */
  get dialect(): Dialect {
    return this.core.dialect;
  }

  /** What all executions of this engine are told, unless a connection, a statement or the execution says something else. */
  get executionOptions(): Readonly<EngineScope> {
    const { isolationLevel, logToken, characteristics } = this.scope;
    return { ...sharedOptions(this.scope), isolationLevel, logToken, characteristics };
  }

  /**
   * An engine with other options and the same pool, compiled statements and listeners. It costs next to nothing: make one for each
   * tenant, or for each request. Listeners that are added to it hear its connections only; events of the pool (`connect`,
   * `checkout`, `close` ...) are those of the engine that it was made of. Disposing either disposes both.
   *
   * @example
   * ```ts
   * const autocommit = engine.withOptions({ isolationLevel: "AUTOCOMMIT" });
   * await using conn = await autocommit.connect();
   * await conn.execute(sql`VACUUM`);
   * const tenant = engine.withOptions({ schemaTranslateMap: { tenant: "tenant_42" }, logToken: "tenant 42" });
   * ```
   */
  withOptions(options: EngineScope): Engine {
    const { isolationLevel = this.scope.isolationLevel, logToken = this.scope.logToken } = options;
    const shared = layerOptions(sharedOptions(this.scope), sharedOptions(options));
    const characteristics = layerCharacteristics(this.scope.characteristics, options.characteristics);
    return new Engine(
      { ...shared, isolationLevel, logToken, characteristics },
      { core: this.core, events: this.events },
    );
  }

  /**
   * A connection of the pool. Close it: `await using conn = await engine.connect()`.
   *
   * Rejects with ConnectError, PoolTimeoutError, CancelledError, or ResourceClosedError after `dispose`.
   */
  connect(options?: ConnectionOptions): Promise<Connection> {
    if (isTraced("checkout"))
      return promised(() => traced(traces.checkout, { target: this.core.traceTarget }, () => this.checkout(options)));
    return this.checkout(options);
  }

  private checkout(options: ConnectionOptions | undefined): Promise<Connection> {
    const { pooling } = this.core;
    const lease = options?.signal?.aborted ? undefined : pooling.tryAcquire();
    if (lease !== undefined) return this.introduce(new Connection(this.host, lease, options));
    return pooling
      .acquire({ signal: options?.signal, timeout: options?.acquireTimeout })
      .then((late) => this.introduce(new Connection(this.host, late, options)));
  }

  /** Shows a connection to the listeners of `engineConnect`. One that throws sends it back to the pool. */
  private introduce(connection: Connection): Promise<Connection> {
    const characterized = connection.characterize();
    const hears = this.events.hears("engineConnect");
    if (!hears && characterized === undefined) return Promise.resolve(connection);
    const ready = Promise.resolve(characterized);
    return (hears ? ready.then(() => this.events.emitAwaited("engineConnect", { connection })) : ready).then(
      () => connection,
      async (error: unknown) => {
        await connection.close();
        throw error;
      },
    );
  }

  /**
   * Runs a function with a connection in a transaction: commit when it returns, rollback when it throws. The connection is
   * closed afterwards.
   *
   * @example
   * ```ts
   * const count = await engine.begin((conn) => conn.execute(select(func.count()).selectFrom(users)).scalarOne());
   * await engine.begin(work, { isolationLevel: "SERIALIZABLE", retry: true });   // again on deadlock, serialization failure
   * ```
   */
  async begin<T>(
    work: (connection: Connection, transaction: Transaction) => T | PromiseLike<T>,
    options: EngineBeginOptions = {},
  ): Promise<T> {
    const { retry, isolationLevel, readOnly, deferrable, ...how } = options;
    const once = async (attempt?: Attempt): Promise<T> => {
      const connection = await this.connect(how);
      try {
        return await connection.attempt(work, { isolationLevel, readOnly, deferrable }, attempt);
      } finally {
        await connection.close();
      }
    };
    return retry ? withRetry(retry, options.signal, once) : once();
  }

  /**
   * Reads rows while they come, on a connection that is lent for it: from the first row that is asked for to the last, or until
   * the loop is left. See {@link Connection.stream}.
   *
   * @example
   * ```ts
   * for await (const row of engine.stream(select(events.c.id, events.c.body))) await send(row);
   * ```
   */
  stream<R, P extends readonly unknown[]>(
    statement: Executable<R, P>,
    parameters?: ParameterValues,
    options: StreamOptions & ConnectionOptions = {},
  ): RowStream<R, P> {
    const connect = (): Promise<Connection> => this.connect(options);
    const openOn = (connection: Connection): RowSource =>
      connection[rowSource](statement as unknown as Node, parameters, options);
    return new RowStream<R, P>(new LentSource(connect, openOn));
  }

  /**
   * Listens to what happens on the engine's connections; see {@link EngineEvents}. The returned function ends it.
   *
   * @example
   * ```ts
   * const stop = engine.on("afterExecute", ({ execution, durationMs }) => metrics.record(execution.sql, durationMs));
   * engine.on("connect", ({ connection }) => connection.execute("SET search_path TO app", [], {}));
   * ```
   */
  on<K extends EngineEventName>(event: K, listener: EngineListener<K>, options?: ListenOptions): () => void {
    return this.events.on(event, listener, options);
  }

  /** Takes a listener away that `on` added; says whether it was there. */
  off<K extends EngineEventName>(event: K, listener: EngineListener<K>): boolean {
    return this.events.off(event, listener);
  }

  /** Whether a listener was added to this engine. */
  listens<K extends EngineEventName>(event: K, listener: EngineListener<K>): boolean {
    return this.events.has(event, listener);
  }

  /**
   * Listens to all engines, those included that are made later.
   *
   * @example
   * ```ts
   * const stop = Engine.on("handleError", ({ error }) => { metrics.count(error.name); });
   * ```
   */
  static on<K extends EngineEventName>(event: K, listener: EngineListener<K>, options?: ListenOptions): () => void {
    return allEngines.on(event, listener, options);
  }

  /** Takes a listener of all engines away; says whether it was there. */
  static off<K extends EngineEventName>(event: K, listener: EngineListener<K>): boolean {
    return allEngines.off(event, listener);
  }

  /** Whether a listener was added to all engines. */
  static listens<K extends EngineEventName>(event: K, listener: EngineListener<K>): boolean {
    return allEngines.has(event, listener);
  }

  /** How many connections there are, are in use, are waited for. */
  poolStatus(): PoolStatus {
    return this.core.pooling.status();
  }

  /**
   * How often statements were found compiled, how often they were not, how many are kept. Echo tells the same when the engine is
   * disposed.
   *
   * @example
   * ```ts
   * const { hits, misses, size } = engine.compiledCacheStatus();
   * metrics.gauge("acme.cache.hit_rate", hits / (hits + misses));
   * ```
   */
  compiledCacheStatus(): CompiledCacheStatus {
    return this.core.cacheStatus();
  }

  /** Forgets all compiled statements. */
  clearCompiledCache(): void {
    this.core.clearCompiledCache();
  }

  /**
   * Closes the pool: idle connections now, others when they come back, for which it waits (with `wait: false` it does
   * not). The engine cannot be used afterwards. Rejects with PoolTimeoutError when connections stay out for longer than
   * `timeout` milliseconds (default: the pool's `acquireTimeout`); with `force: true` those are cut instead, for a process
   * that must end, and what they execute fails with ConnectionLostError.
   *
   * @example
   * ```ts
   * process.once("SIGTERM", async () => {
   *   server.close();                                        // nothing new comes in
   *   await engine.dispose({ timeout: 10_000, force: true }); // what is under way may finish
   * });
   * ```
   */
  async dispose(options: CloseOptions = {}): Promise<void> {
    if (await this.core.dispose(options)) this.events.emit("engineDisposed", { engine: this });
  }

  /** How tables are created and reflected: on a connection of the pool. */
  async [schemaAccess]<T>(
    work: (connection: SchemaConnection) => Promise<T>,
    options: { readonly transaction: boolean },
  ): Promise<T> {
    if (options.transaction && this.scope.isolationLevel !== "AUTOCOMMIT")
      return this.begin((connection) => work(schemaConnection(connection)));
    await using connection = await this.connect();
    return await work(schemaConnection(connection));
  }

  /** `await using engine = createEngine(...)`: disposes at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  toString(): string {
    return `Engine(${this.core.place})`;
  }

  private connectionHost(): ConnectionHost {
    const { core, scope } = this;
    return {
      events: this.events,
      driver: core.driver,
      hideParameters: core.hideParameters,
      isolationLevel: scope.isolationLevel,
      logToken: scope.logToken,
      characteristics: scope.characteristics,
      defaults: sharedOptions(scope),
      transform: core.options.transformStatement,
      get dialect() {
        return core.dialect;
      },
      planFor: (statement, translated = false) => core.planFor(statement, translated),
      translationOf: (map) => core.translationOf(map),
      traceTarget: core.traceTarget,
      rollbackTimeout: rollbackTimeoutOf(core.options.pool),
      serverLost: (error) => core.pooling.invalidateAll(error),
    };
  }
}

/** That of the pool for cleaning a connection that comes back: a ROLLBACK is most of it. */
function rollbackTimeoutOf(pool: EngineOptions["pool"]): number {
  return (typeof pool === "object" ? pool.resetTimeout : undefined) ?? 30_000;
}
