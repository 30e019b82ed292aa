import type { CloseOptions } from "@acme/pool";
import type { CompileOptions } from "../compile/compiler.js";
import type { Dialect } from "../dialect/dialect.js";
import type { ConnectOptions, Driver, DriverConnection, MaybePromise } from "../dialect/driver.js";
import { statementKey } from "../visit/compare.js";
import type { Node } from "../visit/node.js";
import { type CompiledCacheStatus, LruCache } from "./cache.js";
import { traced, traces } from "./diagnostics.js";
import { installLogging } from "./engine-logging.js";
import { checkedSize, dialectOf, driverOf, mergedOptions } from "./engine-target.js";
import { allEngines, askHowToConnect, EngineEventHub } from "./events.js";
import { judge } from "./failures.js";
import { lintOptions } from "./lint.js";
import type { ConnectionIsolation, EngineOptions } from "./options.js";
import { Plan } from "./plan.js";
import { poolListeners } from "./pool-listeners.js";
import { Pooling } from "./pooling.js";
import { type SchemaTranslateMap, type SchemaTranslation, SchemaTranslations } from "./schema-translation.js";
import { installSqlComments } from "./sql-comments.js";
import type { TraceTarget } from "./trace-messages.js";
import { type DatabaseUrl, parseUrl } from "./url.js";
import { connectError, wrapError } from "./wrap-error.js";

const CACHE_SIZE = 500;

/** What an engine and the engines that {@link Engine.withOptions} makes of it share: pool, dialect, compiled statements. */
export class EngineCore {
  readonly url: DatabaseUrl | undefined;
  readonly options: EngineOptions;
  readonly driver: Driver;
  readonly events = new EngineEventHub(allEngines);
  readonly pooling: Pooling;
  readonly traceTarget: TraceTarget;
  readonly hideParameters: boolean;
  private readonly cache: LruCache<number | string, Plan>;
  private readonly translations = new SchemaTranslations();
  private readonly connectOptions: ConnectOptions;
  private readonly isolationLevel: ConnectionIsolation | undefined;
  private readonly compileOptions: CompileOptions;
  private adapted: Dialect;
  private cacheHits = 0;
  private cacheMisses = 0;
  private meeting: Promise<void> | undefined = undefined;
  /** Whether a connection was opened and prepared. */
  private met = false;

  constructor(options: EngineOptions) {
    this.options = options;
    this.url = options.url === undefined ? undefined : parseUrl(options.url);
    this.adapted = dialectOf(options, this.url);
    this.driver = driverOf(options, this.adapted, this.url);
    this.isolationLevel = options.isolationLevel;
    this.connectOptions = mergedOptions(this.url, options.connection);
    this.compileOptions = lintOptions(options.lint ?? "warn");
    this.cache = new LruCache(checkedSize(options.compiledCache ?? CACHE_SIZE));
    this.hideParameters = options.hideParameters ?? false;
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
  }

  /** The dialect; once a connection was made, as the server's product and version have it. */
  get dialect(): Dialect {
    return this.adapted;
  }

  /** Where the database is, for people; the password is hidden. */
  get place(): string {
    return this.url?.toString() ?? this.adapted.name;
  }

  /** The plan of a statement; `translated` compiles it for schemas that are chosen at execution. */
  planFor(statement: Node, translated: boolean): Plan {
    const structure = statementKey(statement);
    const key = translated ? `translated ${structure}` : structure;
    let plan = this.cache.get(key);
    if (plan !== undefined) this.cacheHits += 1;
    else {
      this.cacheMisses += 1;
      const start = performance.now();
      const compiled = this.adapted.compile(statement, { ...this.compileOptions, translatesSchemas: translated });
      const at = performance.now();
      // A DDL statement is like no other: it would only push others out.
      const kept = this.cache.capacity === 0 ? "off" : compiled.kind === "ddl" ? "no" : "yes";
      plan = new Plan(compiled, statement, { durationMs: at - start, at, kept }, this.hideParameters);
      if (kept === "yes") this.cache.set(key, plan);
    }
    return plan;
  }

  /** Fills the schemas of a map into texts. */
  translationOf(map: SchemaTranslateMap): SchemaTranslation {
    return this.translations.of(map, this.adapted);
  }

  /** What the cache of compiled statements was good for. */
  cacheStatus(): CompiledCacheStatus {
    const { size, capacity } = this.cache;
    return { hits: this.cacheHits, misses: this.cacheMisses, size, capacity };
  }

  /** Forgets all compiled statements. */
  clearCompiledCache(): void {
    this.cache.clear();
    this.translations.clear();
  }

  /** Closes the pool; says whether this was the first time. */
  async dispose(options: CloseOptions): Promise<boolean> {
    const first = !this.pooling.closed;
    await this.pooling.close(options);
    return first;
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
        if (this.isolationLevel !== undefined && this.isolationLevel !== "AUTOCOMMIT")
          await connection.setIsolationLevel(this.isolationLevel);
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
    if (this.adapted !== before) this.clearCompiledCache();
  }
}
