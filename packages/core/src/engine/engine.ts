import type { CloseOptions, PoolStatus } from "@acme/pool";
import type { ParameterValues } from "../compile/compiled.js";
import type { CompileOptions } from "../compile/compiler.js";
import { Dialect } from "../dialect/dialect.js";
import type { ConnectOptions, Driver, DriverConnection, IsolationLevel, MaybePromise } from "../dialect/driver.js";
import { ArgumentError, DriverMissingError } from "../errors/index.js";
import type { ListenOptions } from "../events/listeners.js";
import { type SchemaConnection, type SchemaHost, schemaAccess } from "../schema/host.js";
import type { Executable } from "../sql/protocols.js";
import { statementKey } from "../visit/compare.js";
import type { Node } from "../visit/node.js";
import { LruCache } from "./cache.js";
import { Connection, type ConnectionHost, rowSource } from "./connection.js";
import { isTraced, traced, traces } from "./diagnostics.js";
import { installLogging } from "./engine-logging.js";
import { allEngines, askHowToConnect, EngineEventHub, type EngineEventName, type EngineListener } from "./events.js";
import { judge } from "./failures.js";
import { LentSource } from "./lent-source.js";
import { lintOptions } from "./lint.js";
import { promised } from "./maybe.js";
import type { ConnectionOptions, EngineBeginOptions, EngineOptions, StreamOptions } from "./options.js";
import { Plan } from "./plan.js";
import { poolListeners } from "./pool-listeners.js";
import { Pooling } from "./pooling.js";
import { dialectByName } from "./registry.js";
import { schemaConnection } from "./schema-connection.js";
import { installSqlComments } from "./sql-comments.js";
import { RowStream } from "./stream.js";
import type { RowSource } from "./stream-source.js";
import type { TraceTarget } from "./trace-messages.js";
import type { Transaction } from "./transaction.js";
import { type DatabaseUrl, parseUrl } from "./url.js";
import { connectError, wrapError } from "./wrap-error.js";

const CACHE_SIZE = 500;

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
  /** Where the database is, where a URL said it; printing it hides the password. */
  readonly url: DatabaseUrl | undefined;
  /** The name given in the options. */
  readonly name: string | undefined;
  /** The driver adapter. */
  readonly driver: Driver;
  private readonly events = new EngineEventHub(allEngines);
  private readonly pooling: Pooling;
  private readonly cache: LruCache<number | string, Plan>;
  private readonly connectOptions: ConnectOptions;
  private readonly isolationLevel: IsolationLevel | undefined;
  private readonly compileOptions: CompileOptions;
  private readonly host: ConnectionHost;
  private adapted: Dialect;
  private meeting: Promise<void> | undefined = undefined;
  /** Whether a connection was opened and prepared. */
  private met = false;
  private readonly traceTarget: TraceTarget;

  /** See {@link createEngine}. */
  constructor(options: EngineOptions) {
    this.url = options.url === undefined ? undefined : parseUrl(options.url);
    this.name = options.name;
    this.adapted = dialectOf(options, this.url);
    this.driver = driverOf(options, this.adapted, this.url);
    this.isolationLevel = options.isolationLevel;
    this.connectOptions = mergedOptions(this.url, options.connection);
    this.compileOptions = lintOptions(options.lint ?? "warn");
    this.cache = new LruCache(checkedSize(options.compiledCache ?? CACHE_SIZE));
    const hideParameters = options.hideParameters ?? false;
    if (options.sqlComment !== undefined) installSqlComments(this.events, options.sqlComment);
    installLogging(this.events, options);
    this.traceTarget = Object.freeze({
      engine: options.name,
      dialect: this.adapted.name,
      driver: this.driver.name,
      host: this.connectOptions.host,
      port: this.connectOptions.port,
      database: this.connectOptions.database,
    });
    this.pooling = new Pooling(this.poolPlan(options));
    this.host = this.connectionHost(hideParameters, options.transformStatement);
  }

  /** The dialect; once a connection was made, as the server's product and version have it. */
  get dialect(): Dialect {
    return this.adapted;
  }

  /**
   * A connection of the pool. Close it: `await using conn = await engine.connect()`.
   *
   * Rejects with ConnectError, PoolTimeoutError, CancelledError, or ResourceClosedError after `dispose`.
   */
  connect(options?: ConnectionOptions): Promise<Connection> {
    if (isTraced("checkout"))
      return promised(() => traced(traces.checkout, { target: this.traceTarget }, () => this.checkout(options)));
    return this.checkout(options);
  }

  private checkout(options: ConnectionOptions | undefined): Promise<Connection> {
    const lease = options?.signal?.aborted ? undefined : this.pooling.tryAcquire();
    if (lease !== undefined) return this.introduce(new Connection(this.host, lease, options));
    return this.pooling
      .acquire({ signal: options?.signal, timeout: options?.acquireTimeout })
      .then((late) => this.introduce(new Connection(this.host, late, options)));
  }

  /** Shows a connection to the listeners of `engineConnect`. One that throws sends it back to the pool. */
  private introduce(connection: Connection): Promise<Connection> {
    if (!this.events.hears("engineConnect")) return Promise.resolve(connection);
    return this.events.emitAwaited("engineConnect", { connection }).then(
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
   * await engine.begin(work, { isolationLevel: "SERIALIZABLE" });
   * ```
   */
  async begin<T>(
    work: (connection: Connection, transaction: Transaction) => T | PromiseLike<T>,
    options: EngineBeginOptions = {},
  ): Promise<T> {
    const { signal, acquireTimeout, logToken, ...how } = options;
    const connection = await this.connect({ signal, acquireTimeout, logToken });
    try {
      return await connection.transaction(work, how);
    } finally {
      await connection.close();
    }
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
    return this.pooling.status();
  }

  /** Forgets all compiled statements. */
  clearCompiledCache(): void {
    this.cache.clear();
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
    const first = !this.pooling.closed;
    await this.pooling.close(options);
    if (first) this.events.emit("engineDisposed", { engine: this });
  }

  /** How tables are created and reflected: on a connection of the pool. */
  async [schemaAccess]<T>(
    work: (connection: SchemaConnection) => Promise<T>,
    options: { readonly transaction: boolean },
  ): Promise<T> {
    if (options.transaction) return this.begin((connection) => work(schemaConnection(connection)));
    await using connection = await this.connect();
    return await work(schemaConnection(connection));
  }

  /** `await using engine = createEngine(...)`: disposes at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  toString(): string {
    return `Engine(${this.place})`;
  }

  private get place(): string {
    return this.url?.toString() ?? this.adapted.name;
  }

  private planFor(statement: Node): Plan {
    const key = statementKey(statement);
    let plan = this.cache.get(key);
    if (plan === undefined) {
      const start = performance.now();
      const compiled = this.adapted.compile(statement, this.compileOptions);
      const at = performance.now();
      // A DDL statement is like no other: it would only push others out.
      const kept = this.cache.capacity === 0 ? "off" : compiled.kind === "ddl" ? "no" : "yes";
      plan = new Plan(compiled, statement, { durationMs: at - start, at, kept }, this.host.hideParameters);
      if (kept === "yes") this.cache.set(key, plan);
    }
    return plan;
  }

  private connectionHost(hideParameters: boolean, transform: EngineOptions["transformStatement"]): ConnectionHost {
    const dialect = (): Dialect => this.adapted;
    return {
      events: this.events,
      driver: this.driver,
      hideParameters,
      isolationLevel: this.isolationLevel,
      transform,
      get dialect() {
        return dialect();
      },
      planFor: (statement) => this.planFor(statement),
      traceTarget: this.traceTarget,
      serverLost: (error) => this.pooling.invalidateAll(error),
    };
  }

  private poolPlan(options: EngineOptions): ConstructorParameters<typeof Pooling>[0] {
    const { max, single } = this.driver.poolDefaults ?? this.adapted.poolDefaults(this.connectOptions.database);
    return {
      create: () => this.open(),
      destroy: (connection) => connection.close(),
      validate: (connection) => this.ping(connection),
      reset: (connection) => connection.reset(),
      on: poolListeners(this.events),
      options: typeof options.pool === "object" ? { max, ...options.pool } : (options.pool ?? { max }),
      single: single ?? false,
    };
  }

  private open(): MaybePromise<DriverConnection> {
    return traced(traces.connect, { target: this.traceTarget }, () => this.openNow());
  }

  private async openNow(): Promise<DriverConnection> {
    try {
      const connection = await this.connectDriver();
      try {
        await this.meet(connection);
        if (this.isolationLevel !== undefined) await connection.setIsolationLevel(this.isolationLevel);
        await this.events.emitAwaited("connect", { connection });
        if (!this.met) await this.events.emitAwaited("firstConnect", { connection });
        this.met = true;
      } catch (error) {
        await connection.close();
        throw error;
      }
      return connection;
    } catch (cause) {
      const error = connectError(cause, (given) => this.driver.classify(given), this.place);
      throw this.judged(error, cause, false);
    }
  }

  /** Opens a connection, the way that the listeners of `doConnect` want it. */
  private async connectDriver(): Promise<DriverConnection> {
    const { driver, connectOptions: options } = this;
    if (!this.events.hears("doConnect")) return driver.connect(options);
    const how = await askHowToConnect(this.events, { driver, options });
    return how.connection ?? driver.connect(how.options ?? options);
  }

  private judged(error: Error, originalError: unknown, isPrePing: boolean): Error {
    const failure = { connection: undefined, sql: undefined, parameters: undefined, originalError, isPrePing };
    const verdict = judge(this.events, error, failure);
    if (isPrePing && verdict.disconnected && verdict.invalidatePool) this.pooling.invalidateAll(verdict.error);
    return verdict.error;
  }

  /** Asks a connection whether it lives; the pool drops it when not. */
  private async ping(connection: DriverConnection): Promise<boolean> {
    try {
      return await connection.ping();
    } catch (cause) {
      // Nobody's statement failed: only who listens hears of it.
      const error = wrapError(cause, (given) => this.driver.classify(given), {});
      throw this.judged(error, cause, true);
    }
  }

  /** The first connection tells what the server is, and others that open meanwhile wait for it. */
  private meet(connection: DriverConnection): Promise<void> {
    this.meeting ??= this.adapt(connection).catch((error: unknown) => {
      this.meeting = undefined;
      throw error;
    });
    return this.meeting;
  }

  private async adapt(connection: DriverConnection): Promise<void> {
    const before = this.adapted;
    this.adapted = before.forServer(await connection.serverVersion());
    if (this.adapted !== before) this.cache.clear();
  }
}

/**
 * Makes an engine. Nothing is opened until the first use.
 *
 * Throws ArgumentError (`BAD_URL`) and NoSuchDialectError, which says what to install and import.
 *
 * @example
 * ```ts
 * const engine = createEngine("postgresql://app:secret@localhost/shop", { echo: true, pool: { max: 20 } });
 * const memory = createEngine("sqlite://");
 * const other = createEngine({ dialect: "mysql", connection: { host: "db", username: "app", database: "shop" } });
 * ```
 */
export function createEngine(target: string | DatabaseUrl | EngineOptions, options: EngineOptions = {}): Engine {
  const isUrl = typeof target === "string" || "render" in target;
  return new Engine(isUrl ? { ...options, url: target } : { ...target, ...options });
}

function dialectOf({ dialect }: EngineOptions, url: DatabaseUrl | undefined): Dialect {
  if (dialect instanceof Dialect) return dialect;
  const name = dialect ?? url?.dialect;
  if (name !== undefined) return dialectByName(name);
  throw new ArgumentError("An engine needs a URL or a dialect.", {
    code: "NO_TARGET",
    remedy: 'For example createEngine("sqlite:///app.db").',
  });
}

function driverOf({ driver }: EngineOptions, dialect: Dialect, url: DatabaseUrl | undefined): Driver {
  if (typeof driver === "object") return driver;
  const names = Object.keys(dialect.drivers);
  const name = driver ?? url?.driver ?? names[0];
  const found = name !== undefined && Object.hasOwn(dialect.drivers, name) ? dialect.drivers[name] : undefined;
  if (found !== undefined) return found;
  const known = names.length === 0 ? `${dialect.name} has none.` : `${dialect.name} has: ${names.join(", ")}.`;
  throw new DriverMissingError(name === undefined ? "The engine has no driver." : `There is no driver "${name}".`, {
    code: "NO_SUCH_DRIVER",
    remedy: known,
  });
}

function mergedOptions(url: DatabaseUrl | undefined, given: ConnectOptions = {}): ConnectOptions {
  const base = url?.connectOptions ?? {};
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...base, ...told, options: { ...base.options, ...given.options } };
}

function checkedSize(size: number): number {
  if (Number.isInteger(size) && size >= 0) return size;
  throw new ArgumentError(`compiledCache is a whole number from 0, not ${size}.`, { code: "BAD_CACHE_SIZE" });
}
