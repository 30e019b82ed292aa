import type { Lease } from "@acme/pool";
import type { ParameterValues } from "../compile/compiled.js";
import type { Dialect } from "../dialect/dialect.js";
import type { BeginOptions, DriverConnection, DriverResult, ExecuteOptions, IsolationLevel, MaybePromise } from "../dialect/driver.js";
import { ArgumentError, InvalidRequestError } from "../errors/index.js";
import type { Executable } from "../sql/protocols.js";
import { Node } from "../visit/node.js";
import { type Batch, insertBatch, parameterBatch } from "./batch.js";
import { Channel, type ChannelHost, closedError } from "./channel.js";
import { Execution } from "./execution.js";
import { type AnyInsert, insertedKey } from "./inserted-key.js";
import { drive, promised, type Steps, wait } from "./maybe.js";
import type { ExecutionOptions, StreamOptions } from "./options.js";
import type { Plan } from "./plan.js";
import { Result } from "./result.js";
import { ColumnReader } from "./row-reader.js";
import { RowStream } from "./stream.js";
import { StreamSource } from "./stream-source.js";
import { Transaction } from "./transaction.js";

/** Values for the named parameters of a statement, or a list of them: the statement is executed once for each. */
export type Parameters = ParameterValues | readonly ParameterValues[];

/** What a connection needs of its engine. */
export interface ConnectionHost extends ChannelHost {
  readonly dialect: Dialect;
  readonly isolationLevel: IsolationLevel | undefined;
  readonly transform: ((statement: Node) => Node) | undefined;
  planFor(statement: Node): Plan;
}

type AnyResult = Result<Record<string, unknown>, readonly unknown[]>;

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
export class Connection implements AsyncDisposable {
  private readonly host: ConnectionHost;
  private readonly channel: Channel;
  private readonly isolationLevel: IsolationLevel | undefined;
  private innermost: Transaction | undefined = undefined;
  private streaming: StreamSource | undefined = undefined;
  private closing: Promise<void> | undefined = undefined;
  private savepoints = 0;

  /** Made by {@link Engine.connect}. */
  constructor(host: ConnectionHost, lease: Lease<DriverConnection>, isolationLevel: IsolationLevel | undefined) {
    this.host = host;
    this.channel = new Channel(host, this, lease);
    this.isolationLevel = isolationLevel ?? host.isolationLevel;
  }

  /** The dialect of the database, as its server's version has it. */
  get dialect(): Dialect {
    return this.host.dialect;
  }

  /** The driver's connection, for what the toolkit does not cover. Throws ResourceClosedError when closed. */
  get driverConnection(): DriverConnection {
    return this.channel.driver;
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
    return this.innermost !== undefined;
  }

  /** Whether a savepoint is open. */
  get inNestedTransaction(): boolean {
    return this.innermost?.savepoint !== undefined;
  }

  /** The innermost open transaction. */
  get currentTransaction(): Transaction | undefined {
    return this.innermost;
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
  execute<R, P extends readonly unknown[]>(statement: Executable<R, P>, parameters?: Parameters, options?: ExecutionOptions): Execution<R, P> {
    try {
      // The phantom side of a statement says what its rows are; this is where the rows get that type.
      return new Execution(this.start(statement as unknown as Node, parameters, options) as unknown as MaybePromise<Result<R, P>>);
    } catch (error) {
      return new Execution<R, P>(Promise.reject(error));
    }
  }

  /** The first column of the first row: `execute(...).scalar()`. */
  scalar<R, P extends readonly unknown[]>(statement: Executable<R, P>, parameters?: Parameters, options?: ExecutionOptions): Promise<P[0] | undefined> {
    return this.execute(statement, parameters, options).scalar();
  }

  /** The first column of all rows: `execute(...).scalars()`. */
  scalars<R, P extends readonly unknown[]>(statement: Executable<R, P>, parameters?: Parameters, options?: ExecutionOptions): Promise<P[0][]> {
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
  executeDriverSql(sql: string, parameters: readonly unknown[] = [], options?: ExecutionOptions): Execution<Record<string, unknown>> {
    const request = { statement: undefined, sql, parameters, batch: undefined, cached: true };
    try {
      this.ready();
      return new Execution(
        drive(
          this.turn(function* (channel) {
            const answer = yield* wait(channel.ask(request, options, (driver) => driver.execute(sql, parameters, callOptions(TEXT_OPTIONS, options))));
            return textResult(answer);
          }),
        ),
      );
    } catch (error) {
      return new Execution<Record<string, unknown>>(Promise.reject(error));
    }
  }

  /**
   * Reads rows while they come, a batch at a time. Leaving the loop early releases the cursor; until then the connection can
   * execute nothing else.
   *
   * @example
   * ```ts
   * for await (const row of conn.stream(select(events.c.id, events.c.body))) await send(row);
   * for await (const rows of conn.stream(stmt).partitions(1000)) await sendAll(rows);
   * ```
   */
  stream<R, P extends readonly unknown[]>(statement: Executable<R, P>, parameters?: ParameterValues, options: StreamOptions = {}): RowStream<R, P> {
    const source = new StreamSource(this.channel, options, {
      prepare: () => {
        this.ready();
        this.streaming = source;
        const { node, plan } = this.plan(statement as unknown as Node);
        return { statement: node, plan, ...plan.compiled.render(node, parameters) };
      },
      ended: () => {
        this.streaming = undefined;
      },
    });
    return new RowStream<R, P>(source);
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
      if (this.innermost !== undefined) {
        throw new InvalidRequestError("A transaction is open on this connection.", {
          code: "TRANSACTION_OPEN",
          remedy: "Use beginNested() or transaction() for a savepoint, or end the open one first.",
        });
      }
      return this.enter(new Transaction(this.control, undefined, undefined), { ...options, isolationLevel: options.isolationLevel ?? this.isolationLevel });
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
      if (this.innermost === undefined) {
        throw new InvalidRequestError("There is no transaction to set a savepoint in.", { code: "NO_TRANSACTION", remedy: "Call begin() first." });
      }
      this.savepoints += 1;
      return this.enter(new Transaction(this.control, this.innermost, `acme_${this.savepoints}`), {});
    });
  }

  /**
   * Runs a function in a transaction, or in a savepoint where one is open: commit when it returns, rollback when it throws.
   *
   * @example
   * ```ts
   * const id = await conn.transaction(async () => {
   *   const result = await conn.execute(insert(users).values({ name: "alice" }));
   *   return result.insertedPrimaryKey?.id;
   * });
   * ```
   */
  async transaction<T>(work: (connection: this, transaction: Transaction) => T | PromiseLike<T>, options?: BeginOptions): Promise<T> {
    const transaction = await (this.innermost === undefined ? this.begin(options) : this.beginNested());
    let value: T;
    try {
      value = await work(this, transaction);
    } catch (error) {
      await transaction.abandon();
      throw error;
    }
    if (transaction.isActive) await transaction.commit();
    return value;
  }

  /** Gives the connection up as broken: the pool closes it, an open transaction is lost. */
  invalidate(error?: unknown): void {
    this.innermost?.end();
    this.innermost = undefined;
    this.channel.invalidate(error ?? new InvalidRequestError("The connection was invalidated.", { code: "INVALIDATED" }));
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

  private *closeSteps(): Steps<void> {
    const { innermost, streaming } = this;
    if (streaming !== undefined) yield* wait(streaming.close());
    if (innermost !== undefined && !this.channel.lost) yield* wait(innermost.abandon());
    yield* wait(this.channel.turns.run(() => this.channel.release()));
  }

  // ---- the way of a statement ---------------------------------------------------------------------------------------

  private ready(): void {
    if (this.closing !== undefined) throw closedError();
    if (this.streaming !== undefined) {
      throw new InvalidRequestError("The connection is reading a stream.", {
        code: "STREAM_OPEN",
        remedy: "Read it to its end or leave its loop first, or use another connection.",
      });
    }
  }

  private plan(given: Node): { readonly node: Node; readonly plan: Plan } {
    if (!(given instanceof Node)) throw notAStatement(given);
    const node = this.host.transform === undefined ? given : this.host.transform(given);
    return { node, plan: this.host.planFor(node) };
  }

  private start(given: Node, parameters: Parameters | undefined, options: ExecutionOptions | undefined): MaybePromise<AnyResult> {
    this.ready();
    if (options !== undefined) checkOptions(options);
    const { node, plan } = this.plan(given);
    if (plan.compiled.kind === "insert") return this.startInsert(node as unknown as AnyInsert, plan, parameters, options);
    if (isList(parameters)) return this.startBatch(parameterBatch(plan, node, parameters), node, plan, options);
    const { sql, parameters: values } = plan.compiled.render(node, parameters);
    return this.single(node, plan, sql, values, options);
  }

  private startInsert(statement: AnyInsert, plan: Plan, parameters: Parameters | undefined, options: ExecutionOptions | undefined): MaybePromise<AnyResult> {
    const { rows, cells, query } = statement;
    if (parameters !== undefined && rows.length === 0 && cells.length === 0 && query === undefined) {
      const list = isList(parameters) ? parameters : [parameters];
      if (list.length === 0) return new Result({ reader: undefined, rows: [], rowCount: 0 });
      return this.start((statement as unknown as { valuesList(rows: readonly ParameterValues[]): Node }).valuesList(list), undefined, options);
    }
    if (isList(parameters)) return this.startBatch(parameterBatch(plan, statement, parameters), statement, plan, options);
    if (rows.length > 1) return this.startBatch(insertBatch(this.host.dialect, plan, statement), statement, plan, options);
    const { sql, parameters: values } = plan.compiled.render(statement, parameters, rows[0]);
    return this.single(statement, plan, sql, values, options);
  }

  private single(statement: Node, plan: Plan, sql: string, parameters: readonly unknown[], options: ExecutionOptions | undefined): MaybePromise<AnyResult> {
    const { channel } = this;
    const request = { statement, sql, parameters, batch: undefined, cached: plan.used };
    return channel.turns.run(() => {
      const answer = channel.ask(request, options, (driver) => driver.execute(sql, parameters, callOptions(plan.driverOptions, options)));
      plan.used = true;
      return answer instanceof Promise
        ? answer.then((later) => this.result(statement, plan, parameters, later))
        : this.result(statement, plan, parameters, answer);
    });
  }

  private result(statement: Node, plan: Plan, parameters: readonly unknown[], answer: DriverResult): AnyResult {
    const reader = plan.readerOf(answer);
    const rows = reader === undefined ? NO_ROWS : answer.rows;
    const { rowCount, lastInsertId } = answer;
    if (plan.compiled.kind !== "insert") return new Result({ reader, rows, rowCount });
    const { dialect } = this.host;
    const insertedPrimaryKey = () => insertedKey(dialect, plan.compiled, statement as unknown as AnyInsert, parameters, answer);
    return new Result({ reader, rows, rowCount, lastInsertId, insertedPrimaryKey });
  }

  private startBatch(batch: Batch, statement: Node, plan: Plan, options: ExecutionOptions | undefined): MaybePromise<AnyResult> {
    const inTransaction = this.innermost !== undefined;
    const guarded = !batch.single && !(inTransaction && options?.atomic === false);
    return this.channel.turns.run(() => drive(guarded ? this.guardedBatch(batch, statement, plan, options, inTransaction) : this.batch(batch, statement, plan, options)));
  }

  /** A batch of several statements, all or nothing: in a transaction of its own, or in a savepoint of the open one. */
  private *guardedBatch(batch: Batch, statement: Node, plan: Plan, options: ExecutionOptions | undefined, nested: boolean): Steps<AnyResult> {
    this.savepoints += nested ? 1 : 0;
    const guard = new Transaction(this.control, undefined, nested ? `acme_${this.savepoints}` : undefined);
    yield* wait(guard.beginNow({ isolationLevel: nested ? undefined : this.isolationLevel }));
    try {
      const result = yield* this.batch(batch, statement, plan, options);
      yield* wait(guard.commitNow());
      return result;
    } catch (error) {
      yield* wait(guard.rollbackNow());
      throw error;
    }
  }

  private *batch(batch: Batch, statement: Node, plan: Plan, options: ExecutionOptions | undefined): Steps<AnyResult> {
    const { channel } = this;
    let rowCount = 0;
    let lastInsertId: number | bigint | undefined;
    let reader: ColumnReader | undefined;
    const rows: (readonly unknown[])[] = [];
    for (const { sql, sets, prepare } of batch.calls) {
      const [only] = sets;
      const one = sets.length === 1 && only !== undefined;
      const request = { statement, sql, parameters: one ? only : sets, batch: one ? undefined : sets.length, cached: plan.used };
      const told = callOptions({ ...plan.driverOptions, prepare }, options);
      const answer = yield* wait(
        channel.ask(request, options, (driver) => (one ? driver.execute(sql, only, told) : driver.executeMany(sql, sets, told))),
      );
      plan.used = true;
      rowCount = rowCount < 0 || answer.rowCount < 0 ? -1 : rowCount + answer.rowCount;
      lastInsertId = answer.lastInsertId ?? lastInsertId;
      reader = plan.readerOf(answer);
      if (reader !== undefined) for (const row of answer.rows) rows.push(row);
    }
    return new Result({ reader, rows, rowCount, lastInsertId });
  }

  // ---- transactions -------------------------------------------------------------------------------------------------

  /** What a transaction may do with its connection. */
  private readonly control = {
    channel: (): Channel => this.channel,
    connection: (): Connection => this,
    events: (): ConnectionHost["events"] => this.host.events,
    /** The transaction counts as open from the call on, so that what is executed without awaiting `begin` belongs to it. */
    entered: (transaction: Transaction): void => {
      this.innermost = transaction;
    },
    left: (transaction: Transaction): void => {
      this.innermost = transaction.parent;
    },
    innermost: (): Transaction | undefined => this.innermost,
    endStream: (): MaybePromise<void> => this.streaming?.close(),
  };

  private enter(transaction: Transaction, options: BeginOptions): MaybePromise<Transaction> {
    return transaction.begin(options);
  }

  private *turnSteps(): Steps<void> {}
}
