import type { ParameterValues } from "../compile/compiled.js";
import type { DriverConnection, MaybePromise } from "../dialect/driver.js";
import type { ListenOptions } from "../events/listeners.js";
import type { Executable } from "../sql/protocols.js";
import type { Node } from "../visit/node.js";
import type { Channel } from "./channel.js";
import type { ConnectionEventName, EngineListener } from "./events.js";
import { Execution } from "./execution.js";
import type { Executor, Parameters } from "./executor.js";
import type { ExecutionOptions, StreamOptions } from "./options.js";
import type { ProcedureOptions, ProcedureResult } from "./procedure.js";
import type { Result } from "./result.js";
import { RowStream } from "./stream.js";
import { type RowSource, StreamSource } from "./stream-source.js";

/** The one way for the engine to a connection's streams; not for others. */
export const rowSource: unique symbol = Symbol("rowSource");

/** The half of a {@link Connection} that executes; the other begins and ends transactions. */
export abstract class ExecutingConnection {
  protected abstract readonly channel: Channel;
  protected abstract readonly executor: Executor;

  /** Throws when nothing can be executed. */
  protected abstract ready(): void;

  /** Begins a transaction where the connection does so by itself; undefined where there is nothing to wait for. */
  protected abstract begun(): Promise<void> | undefined;

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
      const node = statement as unknown as Node;
      const begun = this.begun();
      const outcome =
        begun === undefined
          ? this.executor.execute(node, parameters, options)
          : begun.then(() => this.executor.execute(node, parameters, options));
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
      const begun = this.begun();
      const text = (): ReturnType<Executor["executeText"]> => this.executor.executeText(sql, parameters, options);
      return new Execution(begun === undefined ? text() : begun.then(text));
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
    await this.begun();
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
    await this.begun();
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
      return this.executor.prepare(statement, parameters, options);
    };
    const begun = (): Promise<void> | undefined => this.begun();
    return new StreamSource(this.channel, { begun, prepare }, options);
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
}
