import type { Lease } from "@acme/pool";
import type { Dialect } from "../dialect/dialect.js";
import type { BeginOptions, DriverConnection, IsolationLevel } from "../dialect/driver.js";
import { InvalidRequestError, NotSupportedError } from "../errors/index.js";
import { type SchemaConnection, type SchemaHost, schemaAccess } from "../schema/host.js";
import { Channel, closedError } from "./channel.js";
import { type ConnectionCharacteristic, layerCharacteristics } from "./characteristics.js";
import { ExecutingConnection } from "./executing.js";
import { Executor, type ExecutorHost } from "./executor.js";
import { drive, promised, type Steps, wait } from "./maybe.js";
import { layerOptions, sharedOptions } from "./option-layers.js";
import type { ConnectionIsolation, ConnectionOptions, ExecutionOptions, TransactionOptions } from "./options.js";
import { type Attempt, withRetry } from "./retry.js";
import { schemaConnection } from "./schema-connection.js";
import { translateSchema } from "./schema-translation.js";
import { Transaction, TransactionStack } from "./transaction.js";
import { TwoPhase, TwoPhaseTransaction } from "./two-phase.js";

/** What a connection needs of its engine. */
export interface ConnectionHost extends ExecutorHost {
  readonly isolationLevel: ConnectionIsolation | undefined;
  /** The options of all executions. */
  readonly defaults: ExecutionOptions | undefined;
  readonly logToken: string | undefined;
  readonly characteristics: readonly ConnectionCharacteristic[] | undefined;
}

/**
 * A connection lent by an engine's pool. Outside of a transaction each statement commits by itself; `begin`, `transaction`
 * and `engine.begin` open one.
 *
 * Statements that are executed without awaiting the one before are sent one after another, in order.
 *
 * @example
 * ```ts
 * await using conn = await engine.connect();
 * const rows = await conn.execute(select(users.c.id, users.c.name)).all();
 * await conn.transaction(async () => {
 *   await conn.execute(insert(users).values({ name: "alice" }));
 * });
 * ```
 */
export class Connection extends ExecutingConnection implements AsyncDisposable, SchemaHost {
  /** Stands in front of the log's lines about this connection; given to `engine.connect`. */
  readonly logToken: string | undefined;
  private readonly host: ConnectionHost;
  protected readonly channel: Channel;
  protected readonly executor: Executor;
  private readonly transactions: TransactionStack;
  private readonly isolationLevel: ConnectionIsolation | undefined;
  private readonly defaults: ExecutionOptions | undefined;
  private readonly autoBegin: boolean;
  private readonly characteristics: readonly ConnectionCharacteristic[] | undefined;
  /** Those that were set, and have to be taken back. */
  private applied: readonly ConnectionCharacteristic[] = [];
  /** The BEGIN that a statement waits for. */
  private beginning: Promise<void> | undefined = undefined;
  private closing: Promise<void> | undefined = undefined;

  /** See {@link Engine.connect}. */
  constructor(host: ConnectionHost, lease: Lease<DriverConnection>, options: ConnectionOptions | undefined) {
    super();
    this.host = host;
    this.logToken = options?.logToken ?? host.logToken;
    this.isolationLevel = options?.isolationLevel ?? host.isolationLevel;
    this.autoBegin = options?.autoBegin === true && this.isolationLevel !== "AUTOCOMMIT";
    this.defaults = layerOptions(host.defaults, options && sharedOptions(options));
    this.characteristics = layerCharacteristics(host.characteristics, options?.characteristics);
    this.channel = new Channel(host, this, lease);
    this.transactions = new TransactionStack(this.channel);
    this.executor = new Executor(host, this.channel, this.transactions, this.isolationLevel, this.defaults);
  }

  /** The dialect of the database, as its server's version has it. */
  get dialect(): Dialect {
    return this.host.dialect;
  }

  /** The driver's connection, for what the toolkit does not cover. Throws ResourceClosedError when closed. */
  get driverConnection(): DriverConnection {
    return this.channel.driver;
  }

  /** Whether the engine leaves values out of its log and of errors. */
  get hidesParameters(): boolean {
    return this.host.hideParameters;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.closing !== undefined;
  }

  /** Whether the connection broke or was invalidated: nothing can be executed any more. */
  get invalidated(): boolean {
    return this.channel.lost;
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.transactions.innermost !== undefined;
  }

  /** Whether a savepoint is open. */
  get inNestedTransaction(): boolean {
    return this.transactions.innermost?.savepoint !== undefined;
  }

  /** The innermost open transaction. */
  get currentTransaction(): Transaction | undefined {
    return this.transactions.innermost;
  }

  /**
   * The isolation level of the open transaction, as the server tells; outside of one that of the transactions that this connection
   * begins: what the connection or the engine was told, else the server's. `"AUTOCOMMIT"` where there are none.
   *
   * Rejects with NotSupportedError where the database does not tell (Oracle).
   *
   * @example
   * ```ts
   * await conn.currentIsolationLevel();      // "READ COMMITTED"
   * ```
   * SQL: `SHOW transaction_isolation`; MySQL `SELECT @@transaction_isolation`
   */
  async currentIsolationLevel(): Promise<ConnectionIsolation> {
    if (this.isolationLevel !== undefined && (!this.inTransaction || this.isolationLevel === "AUTOCOMMIT"))
      return this.isolationLevel;
    return this.readIsolationLevel("current");
  }

  /** The isolation level that the server gives to a session that names none; see {@link currentIsolationLevel}. */
  async defaultIsolationLevel(): Promise<IsolationLevel> {
    return this.readIsolationLevel("default");
  }

  private readIsolationLevel(which: "current" | "default"): Promise<IsolationLevel> {
    this.ready();
    const read = async (driver: DriverConnection): Promise<IsolationLevel> => {
      const level = await driver.readIsolationLevel?.(which);
      if (level !== undefined) return level;
      throw new NotSupportedError(`${this.dialect.name} does not tell its isolation level.`, {
        code: "NO_ISOLATION_LEVEL",
      });
    };
    return this.executor.withDriver("isolation level", read, undefined);
  }

  /**
   * Begins a transaction. It ends with `commit` or `rollback`; leaving the scope of `await using` without either rolls back.
   * Throws InvalidRequestError (`TRANSACTION_OPEN`) inside an open transaction: `beginNested` makes a savepoint.
   *
   * @example
   * ```ts
   * await using tx = await conn.begin({ isolationLevel: "SERIALIZABLE" });
   * await conn.execute(...);
   * await tx.commit();
   * ```
   * SQL: `BEGIN`
   */
  begin(options: BeginOptions = {}): Promise<Transaction> {
    return promised(() => new Transaction(this.transactions, undefined).start(this.readyToBegin(options)));
  }

  /**
   * Sets a savepoint in the open transaction. Throws InvalidRequestError (`NO_TRANSACTION`) when none is open.
   *
   * @example
   * ```ts
   * const nested = await conn.beginNested();
   * try { await conn.execute(...); await nested.commit(); } catch { await nested.rollback(); }
   * ```
   * SQL: `SAVEPOINT acme_1`, then `RELEASE SAVEPOINT` or `ROLLBACK TO SAVEPOINT`
   */
  beginNested(): Promise<Transaction> {
    return promised(() => {
      this.ready();
      if (!this.inTransaction) {
        throw new InvalidRequestError("There is no transaction to set a savepoint in.", {
          code: "NO_TRANSACTION",
          remedy: "Call begin() first.",
        });
      }
      return new Transaction(this.transactions, this.transactions.nextSavepoint()).start({});
    });
  }

  /**
   * Runs a function in a transaction, or in a savepoint where one is open: commit when it returns, rollback when it throws.
   * `options` are for the outer transaction; a savepoint has none. With `retry` the function is called again when the database
   * gave the transaction up; inside a transaction that is refused (InvalidRequestError, `RETRY_NESTED`), for the database
   * has given up the whole of it.
   *
   * @example
   * ```ts
   * const id = await conn.transaction(async () => {
   *   const result = await conn.execute(insert(users).values({ name: "alice" }));
   *   return result.insertedPrimaryKey?.id;
   * });
   * await conn.transaction(move, { isolationLevel: "SERIALIZABLE", retry: true });
   * ```
   */
  async transaction<T>(
    work: (connection: Connection, transaction: Transaction) => T | PromiseLike<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const { retry, signal, ...how } = options;
    if (!retry) return this.attempt(work, how, undefined);
    if (this.inTransaction) {
      throw new InvalidRequestError("A savepoint cannot be retried: the database gives up the whole transaction.", {
        code: "RETRY_NESTED",
        remedy: "Give `retry` to the outer transaction.",
      });
    }
    return withRetry(retry, signal, async (attempt) => {
      try {
        return await this.attempt(work, how, attempt);
      } finally {
        // A connection that is gone cannot be asked again.
        attempt.endedInside ||= this.invalidated;
      }
    });
  }

  /** One attempt at a transaction, for the engine. */
  async attempt<T>(
    work: (connection: Connection, transaction: Transaction) => T | PromiseLike<T>,
    options: BeginOptions,
    attempt: Attempt | undefined,
  ): Promise<T> {
    const transaction = await (this.inTransaction ? this.beginNested() : this.begin(options));
    let value: T;
    try {
      value = await work(this, transaction);
    } catch (error) {
      if (attempt !== undefined) attempt.endedInside = transaction.ended;
      await transaction.abandon();
      throw error;
    }
    if (attempt !== undefined) attempt.committing = true;
    if (!transaction.ended) await transaction.commit();
    return value;
  }

  /**
   * Commits the open transaction, for connections that begin them by themselves (`autoBegin`). Does nothing when none is open.
   *
   * @example
   * ```ts
   * await using conn = await engine.connect({ autoBegin: true });
   * await conn.execute(insert(users).values({ name: "alice" }));   // BEGIN; INSERT
   * await conn.commit();
   * ```
   */
  async commit(): Promise<void> {
    await this.beginning;
    await this.outermost?.commit();
  }

  /** Rolls the open transaction back. Does nothing when none is open. */
  async rollback(): Promise<void> {
    await this.beginning;
    await this.outermost?.rollback();
  }

  /** The schema that a table's schema stands for on this connection; see `schemaTranslateMap`. */
  schemaFor(table: { readonly schema?: string | undefined }): string | undefined {
    return translateSchema(this.defaults?.schemaTranslateMap, table.schema);
  }

  /** The options of all executions on this connection: the engine's, and those that `connect` was given. */
  get executionOptions(): Readonly<ExecutionOptions> {
    return this.defaults ?? {};
  }

  /**
   * Two-phase transactions (PostgreSQL; XA of MySQL and MariaDB).
   *
   * @example
   * ```ts
   * const tx = await conn.twoPhase.begin("order-4711");
   * await conn.execute(...);
   * await tx.prepare();                           // from here on it survives a crash
   * await tx.commit();
   * for (const xid of await conn.twoPhase.recover()) await conn.twoPhase.rollback(xid);
   * ```
   */
  get twoPhase(): TwoPhase {
    return new TwoPhase(this.transactions, (how) => this.readyToBegin(how));
  }

  /**
   * Gives the connection up as broken: the pool closes it, an open transaction is lost. With `soft` it can be used until it is
   * closed, and is not lent again.
   */
  invalidate(error?: unknown, options: { readonly soft?: boolean } = {}): void {
    this.channel.invalidate(
      error ?? new InvalidRequestError("The connection was invalidated.", { code: "INVALIDATED" }),
      options.soft,
    );
  }

  /**
   * Takes the connection out of the pool, which may open another in its place: for one that lives as long as the process. `close`
   * ends it then instead of giving it back. Throws ResourceClosedError when it is closed or lost.
   */
  detach(): void {
    this.channel.detach();
  }

  /** Sets what the connection is to be lent with; undefined when there is nothing to set. For the engine. */
  characterize(): Promise<void> | undefined {
    const { characteristics = [] } = this;
    if (characteristics.length === 0) return undefined;
    return promised(() => drive(this.applySteps(characteristics)));
  }

  private *applySteps(characteristics: readonly ConnectionCharacteristic[]): Steps<void> {
    for (const each of characteristics) {
      // One that fails half-way is taken back, too.
      this.applied = [each, ...this.applied];
      yield* wait(this.channel.control(each.name, (driver) => each.apply(driver)));
    }
  }

  private *restoreSteps(): Steps<void> {
    const { applied, channel } = this;
    this.applied = [];
    try {
      for (const each of applied) yield* wait(channel.control(each.name, (driver) => each.restore(driver)));
    } catch (error) {
      // Nobody may be lent a session that is not what it was.
      channel.invalidate(error);
    }
  }

  /** Rolls back what is open and gives the connection back to the pool. Closing again does nothing. */
  close(): Promise<void> {
    this.closing ??= promised(() => drive(this.closeSteps()));
    return this.closing;
  }

  /** `await using conn = await engine.connect()`: closes at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** How tables are created on the connection and reflected from it: in the transaction that is open, or in one of its own. */
  [schemaAccess]<T>(
    work: (connection: SchemaConnection) => Promise<T>,
    options: { readonly transaction: boolean },
  ): Promise<T> {
    if (options.transaction && !this.inTransaction && this.isolationLevel !== "AUTOCOMMIT")
      return this.transaction(() => work(schemaConnection(this)));
    return work(schemaConnection(this));
  }

  private *closeSteps(): Steps<void> {
    const { channel } = this;
    if (channel.streaming !== undefined) yield* wait(channel.streaming.close());
    const outer = this.outermost;
    if (outer !== undefined) yield* wait(outer.abandon());
    if (this.applied.length > 0 && !channel.lost && !channel.isDetached)
      yield* wait(channel.turns.run(() => drive(this.restoreSteps())));
    yield* wait(channel.turns.run(() => channel.release()));
  }

  private get outermost(): Transaction | undefined {
    let outer = this.transactions.innermost;
    while (outer?.parent !== undefined) outer = outer.parent;
    return outer;
  }

  private readyToBegin(options: BeginOptions): BeginOptions {
    this.ready();
    if (this.inTransaction) {
      throw new InvalidRequestError("A transaction is open on this connection.", {
        code: "TRANSACTION_OPEN",
        remedy: "Use beginNested() or transaction() for a savepoint, or end the open one first.",
      });
    }
    return this.howToBegin(options);
  }

  private howToBegin(options: BeginOptions): BeginOptions {
    const { isolationLevel } = this;
    if (isolationLevel === "AUTOCOMMIT") {
      throw new InvalidRequestError("The connection is in autocommit: it has no transactions.", {
        code: "AUTOCOMMIT",
        remedy: "Connect without the isolation level AUTOCOMMIT.",
      });
    }
    return { ...options, isolationLevel: options.isolationLevel ?? isolationLevel };
  }

  protected begun(): Promise<void> | undefined {
    if (!this.autoBegin || this.beginning !== undefined || this.inTransaction) return this.beginning;
    const begun = new Transaction(this.transactions, undefined).start(this.howToBegin({}));
    this.beginning = begun
      .then(() => undefined)
      .finally(() => {
        this.beginning = undefined;
      });
    return this.beginning;
  }

  protected ready(): void {
    if (this.closing !== undefined) throw closedError();
    const { innermost } = this.transactions;
    if (innermost instanceof TwoPhaseTransaction && innermost.prepared) {
      throw new InvalidRequestError("The transaction is prepared: it can only be ended.", {
        code: "TRANSACTION_PREPARED",
        remedy: "Commit it, roll it back, or hand it over.",
      });
    }
    if (this.channel.streaming === undefined) return;
    throw new InvalidRequestError("The connection is reading a stream, or lent to a function.", {
      code: "STREAM_OPEN",
      remedy: "Read it to its end or leave its loop first, or use another connection.",
    });
  }
}
