import type { Pool, PoolOptions } from "@acme/pool";
import type { Dialect } from "../dialect/dialect.js";
import type { BeginOptions, ConnectOptions, Driver, DriverConnection, IsolationLevel } from "../dialect/driver.js";
import type { Node } from "../visit/node.js";
import type { ConnectionCharacteristic } from "./characteristics.js";
import type { EchoLevel, EchoWriter } from "./echo.js";
import type { LintLevel } from "./lint.js";
import type { Logger } from "./log.js";
import type { EnginePlugin } from "./plugins.js";
import type { RetryOptions } from "./retry.js";
import type { SchemaTranslateMap } from "./schema-translation.js";
import type { SqlCommentOption } from "./sql-comments.js";
import type { DatabaseUrl } from "./url.js";

/** How an engine pools its connections; all times in milliseconds. What is left out is the dialect's or the pool's default. */
export interface EnginePoolOptions extends PoolSizes {
  /**
   * What happens to a connection that comes back: it is rolled back and its isolation level restored (`"rollback"`), or what was
   * left open on it, by statements that the engine knows nothing of, is committed first (`"commit"`), or nothing (`false`: for
   * databases and poolers that clean up by themselves). Default `"rollback"`.
   */
  readonly resetOnReturn?: "rollback" | "commit" | false | undefined;
}

/** How the connections of an engine are made, checked, cleaned and closed, and who listens: what a pool of its own is given. */
export type ConnectionHooks = Pick<PoolOptions<DriverConnection>, "create" | "destroy" | "validate" | "reset" | "on">;

/** What an engine needs of a pool: any of `@acme/pool`, or one of your own. */
export type ConnectionPool = Pick<
  Pool<DriverConnection>,
  "tryAcquire" | "acquire" | "invalidateAll" | "close" | "status"
>;

/**
 * Makes the pool of an engine, with its first connection.
 *
 * @example
 * ```ts
 * import { NullPool } from "@acme/pool";
 * createEngine(url, { pool: (connections) => new NullPool({ ...connections, max: 3 }) });
 * ```
 */
export type PoolFactory = (connections: ConnectionHooks) => ConnectionPool;

type PoolSizes = Pick<
  PoolOptions<unknown>,
  | "min"
  | "max"
  | "overflow"
  | "acquireTimeout"
  | "createTimeout"
  | "validateTimeout"
  | "resetTimeout"
  | "destroyTimeout"
  | "idleTimeout"
  | "recycle"
  | "prePing"
  | "prePingIdleMs"
  | "order"
  | "maxQueue"
  | "trackLeaks"
>;

/** What an engine can be told. Where to connect: `url`, or `dialect` with `connection`. */
export interface EngineOptions extends SharedOptions {
  /** `"postgresql://app:secret@localhost/shop"`; see {@link parseUrl}. */
  readonly url?: string | DatabaseUrl;
  /** A registered name, or a dialect; instead of the URL's. */
  readonly dialect?: string | Dialect;
  /** One of the dialect's drivers by name, or an adapter; instead of the URL's. */
  readonly driver?: string | Driver;
  /** Adds to and overrides what the URL says. `options` go to the driver. */
  readonly connection?: ConnectOptions;
  /** How connections are pooled: sizes and times, a pool of your own, or false, which opens one for each use. */
  readonly pool?: EnginePoolOptions | PoolFactory | false;
  /** Logs statements (`true`), and rows as well (`"debug"`). Default false. */
  readonly echo?: EchoLevel;
  /** Logs what happens to the pool's connections (`true`), lending and returning too (`"debug"`). Default false. */
  readonly echoPool?: EchoLevel;
  /** Where the log goes, line by line. Default `console.log`. */
  readonly echoTo?: EchoWriter;
  /** Where the log goes, with levels and fields; instead of `echoTo`. */
  readonly logger?: Logger;
  /** Executions that take at least so many milliseconds are logged with a warning, with `echo` or without. */
  readonly slowQueryMs?: number;
  /**
   * A comment of tags at the end of each statement, in the form of sqlcommenter ({@link sqlComment}), by which the database's own
   * tools can tell where a statement came from. Tags that are the same for all statements cost nothing. With a function they are
   * asked for at each execution, and the statements are not prepared: no two have the same text.
   *
   * @example
   * ```ts
   * createEngine(url, { sqlComment: { application: "shop" } });
   * createEngine(url, { sqlComment: () => ({ application: "shop", traceparent: currentTraceparent() }) });
   * ```
   */
  readonly sqlComment?: SqlCommentOption;
  /** Stands in front of the log's lines. */
  readonly name?: string;
  /** Leaves values out of the log and of errors. Default false. */
  readonly hideParameters?: boolean;
  /** How many compiled statements are kept; 0 compiles each time. Default 500. */
  readonly compiledCache?: number;
  /** Settings of the session that hold while a connection is lent; see {@link ConnectionCharacteristic}. */
  readonly characteristics?: readonly ConnectionCharacteristic[];
  /** The isolation level of connections and transactions that name none. Default: the database's. */
  readonly isolationLevel?: ConnectionIsolation;
  /**
   * What happens when a SELECT has FROM items that no condition connects with the others, so that each row of one comes with
   * each row of the other: a warning, an error, or nothing. It is looked at when a statement is compiled, not at each
   * execution. Default `"warn"`.
   */
  readonly lint?: LintLevel;
  /** Change the options, and get to know the engine, while it is made. */
  readonly plugins?: readonly EnginePlugin[];
  /** Gets each statement before it is compiled and says what to execute instead. */
  readonly transformStatement?: (statement: Node) => Node;
}

/**
 * What can be said for an engine, for a part of its work ({@link Engine.withOptions}), for a connection, for a statement
 * (`executionOptions`) and for one execution. The nearer one counts.
 */
export interface SharedOptions {
  /** Milliseconds after which the database is told to stop: StatementTimeoutError. SQLite cannot be stopped. */
  readonly timeout?: number | undefined;
  /**
   * The most rows in one statement of a batch of rows; fewer where the database's limit of parameters wants it so. Default
   * 100; 1 sends row by row.
   */
  readonly pageRows?: number | undefined;
  /**
   * Puts other schemas in the place of those that tables name: one set of tables for all tenants. Statements are compiled once
   * for all of them. It holds for `createAll` and `dropAll`, too. Text is sent as it is.
   *
   * @example
   * ```ts
   * const tenant = engine.withOptions({ schemaTranslateMap: { tenant: "tenant_42" } });
   * await tenant.begin((conn) => conn.execute(select(orders.c.id)));
   * ```
   * SQL: `SELECT tenant_42.orders.id FROM tenant_42.orders`
   */
  readonly schemaTranslateMap?: SchemaTranslateMap | undefined;
  /** Anything that listeners should know of the execution; see {@link ExecutionEvent.options}. Put together from all places. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** How one execution goes. */
export interface ExecutionOptions extends SharedOptions {
  /** Cancels the execution with a CancelledError: before it starts, or (where the driver can) on the server. */
  readonly signal?: AbortSignal | undefined;
  /**
   * A batch (INSERT of many rows, many parameter sets) that takes several statements is all or nothing: outside of a
   * transaction it gets one of its own, inside a savepoint. False saves the savepoint, for callers who roll the whole
   * transaction back when anything fails. Default true.
   */
  readonly atomic?: boolean | undefined;
  /**
   * Learns the primary keys of all rows that an INSERT makes, in the order of the input: `result.insertedPrimaryKeyRows`. Taken
   * from RETURNING, or where there is none (MySQL) from the first generated key, which the others follow. Default false.
   */
  readonly insertedKeys?: boolean | undefined;
}

/** How a stream of rows goes. */
export interface StreamOptions extends Pick<ExecutionOptions, "signal" | "timeout" | "schemaTranslateMap" | "data"> {
  /**
   * How many rows are fetched at a time. `"growing"` begins with 5 and doubles up to 1,000: the first rows come soon, and those
   * of a long result in few steps. Default 500.
   */
  readonly batchSize?: number | "growing" | undefined;
}

/**
 * The isolation level of a connection. `"AUTOCOMMIT"` means that it has no transactions: each statement commits by itself,
 * batches and `createAll` too, and `begin` is refused. For statements that no transaction can hold (VACUUM, CREATE DATABASE,
 * CREATE INDEX CONCURRENTLY) and for code that must not hold locks.
 */
export type ConnectionIsolation = IsolationLevel | "AUTOCOMMIT";

/** What {@link Engine.withOptions} changes. */
export interface EngineScope extends SharedOptions {
  /** The isolation level of connections and transactions that name none. */
  readonly isolationLevel?: ConnectionIsolation | undefined;
  /** Stands in front of the log's lines about these connections. */
  readonly logToken?: string | undefined;
  /** Settings of the session that hold while a connection is lent; see {@link ConnectionCharacteristic}. */
  readonly characteristics?: readonly ConnectionCharacteristic[] | undefined;
}

/** How a connection is got. */
export interface ConnectionOptions extends EngineScope {
  /** Ends the wait for a free connection with a CancelledError. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait for a free connection. Default: the pool's `acquireTimeout`, 30,000. */
  readonly acquireTimeout?: number | undefined;
  /**
   * The first statement begins a transaction, which `conn.commit()` or `conn.rollback()` ends; the next statement begins another.
   * `close` rolls back what was not committed. Default false: a statement outside of a transaction commits by itself.
   */
  readonly autoBegin?: boolean | undefined;
}

/** How a transaction begins, and whether it is repeated. */
export interface TransactionOptions extends BeginOptions {
  /**
   * Repeats the whole function when the database had to give the transaction up: on a deadlock, on a serialization failure. True
   * takes the defaults of {@link RetryOptions}. The function must be fit for that: what it does outside of the database is done
   * again.
   */
  readonly retry?: boolean | RetryOptions | undefined;
  /** Ends the wait for a free connection and between attempts with a CancelledError. */
  readonly signal?: AbortSignal | undefined;
}

/** How `engine.begin` gets its connection and begins its transaction. */
export interface EngineBeginOptions
  extends Omit<ConnectionOptions, "isolationLevel" | "autoBegin">,
    TransactionOptions {}
