import type { Lease } from "@acme/pool";
import type { ParameterValues } from "../compile/compiled.js";
import type { Dialect } from "../dialect/dialect.js";
import type { BeginOptions, DriverConnection, IsolationLevel, MaybePromise } from "../dialect/driver.js";
import { InvalidRequestError } from "../errors/index.js";
import type { ListenOptions } from "../events/listeners.js";
import { type SchemaConnection, type SchemaHost, schemaAccess } from "../schema/host.js";
import { withStatementOptions } from "../sql/modifiers.js";
import type { Executable } from "../sql/protocols.js";
import type { Node } from "../visit/node.js";
import { Channel, closedError } from "./channel.js";
import type { ConnectionEventName, EngineListener } from "./events.js";
import { Execution } from "./execution.js";
import { Executor, type ExecutorHost, type Parameters } from "./executor.js";
import { drive, promised, type Steps, wait } from "./maybe.js";
import type { ConnectionOptions, ExecutionOptions, StreamOptions } from "./options.js";
import type { ProcedureOptions, ProcedureResult } from "./procedure.js";
import type { Result } from "./result.js";
import { schemaConnection } from "./schema-connection.js";
import { RowStream } from "./stream.js";
import { type RowSource, StreamSource } from "./stream-source.js";
import { Transaction, TransactionStack } from "./transaction.js";

/** The one way for the engine to a connection's streams; not for others. */
export const rowSource: unique symbol = Symbol("rowSource");

/** What a connection needs of its engine. */
export interface ConnectionHost extends ExecutorHost {
  readonly isolationLevel: IsolationLevel | undefined;
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
export class Connection implements AsyncDisposable, SchemaHost {
  /** Stands in front of the log's lines about this connection; given to `engine.connect`. */
  readonly logToken: string | undefined;
  private readonly host: ConnectionHost;
  private readonly channel: Channel;
  private readonly transactions: TransactionStack;
  private readonly executor: Executor;
  private readonly isolationLevel: IsolationLevel | undefined;
  private closing: Promise<void> | undefined = undefined;

  /** See {@link Engine.connect}. */
  constructor(host: ConnectionHost, lease: Lease<DriverConnection>, options: ConnectionOptions | undefined) {
    this.host = host;
    this.logToken = options?.logToken;
    this.isolationLevel = options?.isolationLevel ?? host.isolationLevel;
    this.channel = new Channel(host, this, lease);
    this.transactions = new TransactionStack(this.channel);
    this.executor = new Executor(host, this.channel, this.transactions, this.isolationLevel);
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
   * Executes a statement; it has been started when this returns. Await the {@link Execution} or call one of its readers.
   *
   * With a list of parameters the statement is executed once for each; an INSERT without values takes the list as its
   * rows. Errors, also of compiling, are the execution's: this method does not throw.
   *
   * @example
   * ```ts
   * await conn.execute(select(users.c.name).where(users.c.id.eq(1))).first();
   * await conn.execute(byId, { id: 1 }).scalar();                      // byId has param("id", integer())
   * await conn.execute(insert(users).valuesList(rows));                // any number of rows
   * await conn.execute(sql`DELETE FROM cache WHERE key = ${key}`, undefined, { timeout: 500 });
   * ```
   */
  execute<R, P extends readonly unknown[]>(
    statement: Executable<R, P>,
    parameters?: Parameters,
    options?: ExecutionOptions,
  ): Execution<R, P> {
    try {
      this.ready();
      // The phantom side of a statement says what its rows are; here the rows that come get that type.
      const outcome = this.executor.execute(
        statement as unknown as Node,
        parameters,
        withStatementOptions(statement as unknown as Node, options),
      );
      return new Execution(outcome as unknown as MaybePromise<Result<R, P>>);
    } catch (error) {
      return new Execution<R, P>(Promise.reject(error));
    }
  }

  /** The first column of the first row: `execute(...).scalar()`. */
  scalar<R, P extends readonly unknown[]>(
    statement: Executable<R, P>,
    parameters?: Parameters,
    options?: ExecutionOptions,
  ): Promise<P[0] | undefined> {
    return this.execute(statement, parameters, options).scalar();
  }

  /** The first column of all rows: `execute(...).scalars()`. */
  scalars<R, P extends readonly unknown[]>(
    statement: Executable<R, P>,
    parameters?: Parameters,
    options?: ExecutionOptions,
  ): Promise<P[0][]> {
    return this.execute(statement, parameters, options).scalars();
  }

  /**
   * Sends text to the driver as it is, with values in the driver's own form and placeholders: no compiling, no conversion.
   * For what the toolkit does not know; `sql.text()` is the portable way.
   *
   * @example
   * ```ts
   * const plan = await conn.executeDriverSql("EXPLAIN QUERY PLAN SELECT * FROM users WHERE id = ?", [1]).all();
   * ```
   */
  executeDriverSql(
    sql: string,
    parameters: readonly unknown[] = [],
    options?: ExecutionOptions,
  ): Execution<Record<string, unknown>> {
    try {
      this.ready();
      return new Execution(this.executor.executeText(sql, parameters, options));
    } catch (error) {
      return new Execution<Record<string, unknown>>(Promise.reject(error));
    }
  }

  /**
   * Calls a stored procedure. Arguments are values ({@link literal} names their type), {@link outParameter} and
   * {@link inOutParameter}; a name with several parts (a package of Oracle) is a list.
   *
   * Rejects with NotSupportedError where the database has no procedures (SQLite).
   *
   * @example
   * ```ts
   * const { results, outputs } = await conn.callProcedure("month_report", [2024, 5, outParameter("total", numeric(10, 2))]);
   * results[0]?.all();      // the rows of the first result set
   * outputs.total;          // string | null
   * ```
   * SQL: `CALL month_report($1, $2, NULL::NUMERIC(10, 2))`
   */
  async callProcedure<const A extends readonly unknown[]>(
    name: string | readonly string[],
    args: A,
    options: ProcedureOptions = {},
  ): Promise<ProcedureResult<A>> {
    this.ready();
    return this.executor.callProcedure(name, args, options);
  }

  /**
   * Lends the driver's connection to a function, for what the toolkit does not cover: what it does comes in turn with the executions
   * of this connection, listeners hear of it, its errors become the toolkit's. Until it is done nothing else can be executed here.
   * `what` stands for the SQL text in errors and in the log.
   *
   * @example
   * ```ts
   * await conn.withDriver("COPY", (driver) => (driver.native as pg.Client).query(copyStream));
   * ```
   */
  async withDriver<T>(
    what: string,
    work: (driver: DriverConnection) => MaybePromise<T>,
    options?: Pick<ExecutionOptions, "signal">,
  ): Promise<T> {
    this.ready();
    return this.executor.withDriver(what, work, options);
  }

  /**
   * Reads rows while they come, a batch at a time. Leaving the loop early releases the cursor; until then the connection
   * executes nothing else. It starts when the first row is asked for, and can be read once.
   *
   * @example
   * ```ts
   * for await (const row of conn.stream(select(events.c.id, events.c.body))) await send(row);
   * for await (const rows of conn.stream(stmt).partitions(1000)) await sendAll(rows);
   * ```
   */
  stream<R, P extends readonly unknown[]>(
    statement: Executable<R, P>,
    parameters?: ParameterValues,
    options: StreamOptions = {},
  ): RowStream<R, P> {
    return new RowStream<R, P>(this[rowSource](statement as unknown as Node, parameters, options));
  }

  /** What the stream of an engine reads on the connection that it is lent. */
  [rowSource](statement: Node, parameters: ParameterValues | undefined, options: StreamOptions): RowSource {
    const prepare = () => {
      this.ready();
      return this.executor.prepare(statement, parameters);
    };
    return new StreamSource(this.channel, prepare, options);
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
    return promised(() => {
      this.ready();
      if (this.inTransaction) {
        throw new InvalidRequestError("A transaction is open on this connection.", {
          code: "TRANSACTION_OPEN",
          remedy: "Use beginNested() or transaction() for a savepoint, or end the open one first.",
        });
      }
      const isolationLevel = options.isolationLevel ?? this.isolationLevel;
      return new Transaction(this.transactions, undefined).start({ ...options, isolationLevel });
    });
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
   * `options` are for the outer transaction; a savepoint has none.
   *
   * @example
   * ```ts
   * const id = await conn.transaction(async () => {
   *   const result = await conn.execute(insert(users).values({ name: "alice" }));
   *   return result.insertedPrimaryKey?.id;
   * });
   * ```
   */
  async transaction<T>(
    work: (connection: Connection, transaction: Transaction) => T | PromiseLike<T>,
    options?: BeginOptions,
  ): Promise<T> {
    const transaction = await (this.inTransaction ? this.beginNested() : this.begin(options));
    let value: T;
    try {
      value = await work(this, transaction);
    } catch (error) {
      await transaction.abandon();
      throw error;
    }
    if (!transaction.ended) await transaction.commit();
    return value;
  }

  /**
   * Listens to what this connection does. It ends with the connection: the next one that the pool lends has no listeners. The
   * returned function ends it before.
   *
   * @example
   * ```ts
   * conn.on("beforeExecute", ({ sql }) => ({ sql: `${sql} -- job 7` }));
   * conn.on("commit", () => console.log("committed"), { once: true });
   * ```
   */
  on<K extends ConnectionEventName>(event: K, listener: EngineListener<K>, options?: ListenOptions): () => void {
    return this.channel.ownEvents().on(event, listener, options);
  }

  /** Takes a listener away that `on` added; says whether it was there. */
  off<K extends ConnectionEventName>(event: K, listener: EngineListener<K>): boolean {
    return this.channel.ownEvents().off(event, listener);
  }

  /** Whether a listener was added to this connection. */
  listens<K extends ConnectionEventName>(event: K, listener: EngineListener<K>): boolean {
    return this.channel.ownEvents().has(event, listener);
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
    if (options.transaction && !this.inTransaction) return this.transaction(() => work(schemaConnection(this)));
    return work(schemaConnection(this));
  }

  private *closeSteps(): Steps<void> {
    const { channel, transactions } = this;
    if (channel.streaming !== undefined) yield* wait(channel.streaming.close());
    let outer = transactions.innermost;
    while (outer?.parent !== undefined) outer = outer.parent;
    if (outer !== undefined) yield* wait(outer.abandon());
    yield* wait(channel.turns.run(() => channel.release()));
  }

  private ready(): void {
    if (this.closing !== undefined) throw closedError();
    if (this.channel.streaming === undefined) return;
    throw new InvalidRequestError("The connection is reading a stream, or lent to a function.", {
      code: "STREAM_OPEN",
      remedy: "Read it to its end or leave its loop first, or use another connection.",
    });
  }
}
