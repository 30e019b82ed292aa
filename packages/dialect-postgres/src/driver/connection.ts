import {
  type BeginOptions,
  CancelledError,
  type DriverConnection,
  type DriverResult,
  type DriverStream,
  type ExecuteOptions,
  InterfaceError,
  InvalidRequestError,
  type IsolationLevel,
  type MaybePromise,
  OperationalError,
  type ProcedureAnswer,
  type ProcedureCall,
  ProgrammingError,
  type ServerVersion,
  type TwoPhaseDriver,
} from "@acme/core/dialect";
import { encode } from "../values/encode.js";
import { cancelRequest } from "./cancel.js";
import { isStalePlan, isUnknownStatement } from "./classify.js";
import { CopyInExchange, CopyOutExchange, isCopyOut } from "./copy-exchange.js";
import { type BaseExchange, type ExchangeHost, Ping } from "./exchange.js";
import { interruptible } from "./interrupt.js";
import type { Settings } from "./options.js";
import type { PgClient, PgModule, TransactionStatus } from "./pg.js";
import { type BatchSource, PortalExchange } from "./portal-exchange.js";
import { noteSchemaChange, PreparedStatements } from "./prepared.js";
import { Silence } from "./silence.js";
import {
  ScriptExchange,
  type Settle,
  StatementExchange,
  type StatementRequest,
  type WireValues,
} from "./statement-exchange.js";
import { beginsTransaction, checkLevel, savepointText, Unsent } from "./unsent.js";

/**
 * A session of PostgreSQL on a `pg` client. BEGIN, SAVEPOINT and RELEASE travel with the statement that follows them, so that
 * a transaction costs one round trip (its COMMIT) and a savepoint none.
 */
export class PostgresConnection implements DriverConnection, ExchangeHost {
  readonly native: PgClient;
  readonly cancelTimeout: number;
  private readonly pg: PgModule | undefined;
  private readonly socketTimeout: number;
  /** Watches over answers that do not come, where that was asked for. */
  private silence: Silence | undefined = undefined;
  private readonly prepared: PreparedStatements;
  private readonly parameters = new Map<string, string>();
  /** What the server says at each ReadyForQuery. */
  private status: TransactionStatus = "I";
  private readonly unsent = new Unsent();
  private isolationLevel: IsolationLevel | undefined = undefined;
  /** An exchange that failed and whose ReadyForQuery has not come. */
  private failing: BaseExchange | undefined = undefined;
  private stream_: BatchSource | undefined = undefined;
  private lostBy: Error | undefined = undefined;
  private closing = false;

  /** Without the package, for a server in this process, which could not hear a request to cancel while it works. */
  constructor(
    pg: PgModule | undefined,
    client: PgClient,
    settings: Pick<Settings, "preparedStatements" | "cancelTimeout" | "socketTimeout">,
  ) {
    this.pg = pg;
    this.native = client;
    this.cancelTimeout = settings.cancelTimeout;
    this.socketTimeout = settings.socketTimeout;
    this.prepared = new PreparedStatements(settings.preparedStatements);
    // Before connect(), so that these come before pg's own listeners: the state is known when an exchange ends.
    client.connection.on("readyForQuery", ({ status }) => this.ready(status as TransactionStatus));
    client.connection.on("parameterStatus", ({ parameterName, parameterValue }) => {
      this.parameters.set(parameterName as string, parameterValue as string);
    });
    // A session that is killed while idle reports here; without a listener it would end the process.
    client.on("error", (error) => this.lost(error));
    client.on("end", () =>
      this.lost(new InterfaceError("The connection has ended.", { code: "CONNECTION_ENDED", disconnected: true })),
    );
  }

  private ready(status: TransactionStatus): void {
    this.status = status;
    const { failing } = this;
    this.failing = undefined;
    failing?.end();
  }

  /** True once the end of the session has been heard of, also while it was idle. */
  get broken(): boolean {
    return this.lostBy !== undefined;
  }

  private lost(error: Error): void {
    this.lostBy ??= error;
    // Its ReadyForQuery will not come any more.
    const { failing } = this;
    this.failing = undefined;
    failing?.end();
  }

  /** See {@link ExchangeHost}. */
  awaitReady(exchange: BaseExchange): void {
    this.failing = exchange;
  }

  /** See {@link ExchangeHost}. */
  executed(tag: string): void {
    if (tag === "DISCARD ALL" || tag === "DEALLOCATE ALL") this.prepared.forgetAll();
    else noteSchemaChange(tag);
  }

  /**
   * Brings the session to the forms that values are read in. The server has told its settings at login, so that this costs
   * nothing where they are the usual ones.
   */
  async setUp(): Promise<void> {
    if (this.socketTimeout > 0) {
      this.silence = new Silence(this.native, this.socketTimeout, (error) => this.destroy(error));
    }
    const wrong: string[] = [];
    if (!this.parameters.get("DateStyle")?.startsWith("ISO")) wrong.push("SET DateStyle TO ISO");
    const literals = this.parameters.get("standard_conforming_strings");
    if (literals === "off") wrong.push("SET standard_conforming_strings TO on");
    if ((this.serverVersion().version[0] ?? 0) < 12) wrong.push("SET extra_float_digits TO 3");
    if (wrong.length > 0) await this.script(wrong.join("; "), {});
  }

  // ---- executing --------------------------------------------------------------------------------------------------------

  execute(sql: string, parameters: readonly unknown[], options: ExecuteOptions): Promise<DriverResult> {
    if (options.prepare === undefined && parameters.length === 0) return this.script(sql, options);
    return this.executeSets(sql, [parameters], options);
  }

  executeMany(
    sql: string,
    parameterSets: readonly (readonly unknown[])[],
    options: ExecuteOptions,
  ): MaybePromise<DriverResult> {
    if (parameterSets.length === 0) return { columns: [], rows: [], rowCount: 0 };
    return this.executeSets(sql, parameterSets, options);
  }

  private async executeSets(
    sql: string,
    parameterSets: readonly (readonly unknown[])[],
    options: ExecuteOptions,
  ): Promise<DriverResult> {
    const sets = parameterSets.map(encodeSet);
    const request = this.request(sql, sets, options);
    try {
      return await this.send(request, options);
    } catch (error) {
      const again = await this.afterFailure(error, request);
      if (again) return this.send(this.request(sql, sets, options), options);
      throw error;
    }
  }

  /** A statement with all that travels with it. */
  private request(text: string, sets: readonly WireValues[], options: ExecuteOptions): StatementRequest {
    checkText(text);
    this.checkUsable(options);
    const prepared = options.prepare ? this.prepared.of(text) : undefined;
    return {
      text,
      sets,
      prepared,
      dropped: this.prepared.takeDropped(),
      before: this.unsent.take(),
      columnType: options.columnType,
    };
  }

  private send(request: StatementRequest, options: ExecuteOptions): Promise<DriverResult> {
    return this.run((settle) => new StatementExchange(this, request, settle), options);
  }

  private async script(sql: string, options: ExecuteOptions): Promise<DriverResult> {
    checkText(sql);
    this.checkUsable(options);
    // BEGIN cannot travel with it: the two protocols do not mix in one exchange.
    if (!this.unsent.isEmpty) await this.command(undefined);
    return this.run((settle) => new ScriptExchange(this, sql, options.columnType, settle), options);
  }

  /** Hands an exchange to pg. */
  private run<T>(make: (settle: Settle<T>) => BaseExchange, options: ExecuteOptions): Promise<T> {
    const { signal, timeout } = options;
    const answer = this.awaited(
      new Promise<T>((resolve, reject) => {
        this.native.query(make({ resolve, reject }));
      }),
    );
    return signal === undefined && timeout === undefined ? answer : interruptible(answer, options, this);
  }

  private awaited<T>(answer: Promise<T>): Promise<T> {
    return this.silence === undefined ? answer : this.silence.during(answer);
  }

  /**
   * Whether a statement that failed can be executed again: the server no longer has it under its name, or its table was
   * altered. In a transaction the failure has ended the transaction, unless that had only just begun.
   */
  private async afterFailure(error: unknown, { prepared, before }: StatementRequest): Promise<boolean> {
    if (prepared === undefined) return false;
    const stale = isStalePlan(error) || (isUnknownStatement(error) && prepared.parsed);
    if (!prepared.parsed || stale) this.prepared.drop(prepared);
    if (!stale || this.lostBy !== undefined) return false;
    if (isUnknownStatement(error)) this.prepared.forgetAll();
    const begun = beginsTransaction(before);
    if (this.status !== "I" && !begun) return false;
    if (begun) {
      await this.command("ROLLBACK");
      this.unsent.putBack(before);
    }
    return true;
  }

  /** `CALL`. What comes out is a row; procedures of PostgreSQL give no result sets. */
  async callProcedure(
    { name, arguments: list }: ProcedureCall,
    { columnType, signal, timeout }: ExecuteOptions,
  ): Promise<ProcedureAnswer> {
    const values: unknown[] = [];
    const parts = list.map(({ mode, value, type }) => {
      if (mode !== "out") values.push(value);
      return `${mode === "out" ? "NULL" : `$${values.length}`}${type === undefined ? "" : `::${type}`}`;
    });
    const text = `CALL ${name}(${parts.join(", ")})`;
    const { rows } = await this.execute(text, values, { prepare: true, columnType, signal, timeout });
    const outputs = rows[0] ?? [];
    const wanted = list.filter(({ mode }) => mode !== "in").length;
    if (outputs.length === wanted) return { results: [], outputs };
    throw new ProgrammingError(`The procedure gives ${outputs.length} values, and ${wanted} were asked for.`, {
      code: "OUTPUT_COUNT",
      remedy: "Declare every OUT and INOUT argument with outParameter() or inOutParameter().",
      statement: text,
    });
  }

  stream(
    sql: string,
    parameters: readonly unknown[],
    options: ExecuteOptions & { readonly batchSize: number },
  ): DriverStream {
    let portal: BatchSource | undefined;
    const open = (): BatchSource => this.openPortal(sql, encodeSet(parameters), options);
    const batches = this.batches.bind(this);
    return {
      get columns() {
        return portal?.columns ?? [];
      },
      [Symbol.asyncIterator]() {
        portal = open();
        return batches(portal, options);
      },
    };
  }

  /** Executes `COPY ... FROM STDIN` with data that come while it runs; the number of rows that were stored. */
  async copyIn(sql: string, chunks: AsyncIterable<Uint8Array>, options: ExecuteOptions): Promise<number> {
    checkText(sql);
    this.checkUsable(options);
    // BEGIN cannot travel with it: the two protocols do not mix in one exchange.
    if (!this.unsent.isEmpty) await this.command(undefined);
    const answer = new Promise<number>((resolve, reject) => {
      this.native.query(new CopyInExchange(this, sql, chunks, { resolve, reject }));
    });
    // The server may be silent for as long as the data take.
    return interruptible(answer, options, this);
  }

  private openPortal(
    sql: string,
    values: WireValues,
    options: ExecuteOptions & { readonly batchSize: number },
  ): BatchSource {
    const request = this.request(sql, [values], { ...options, prepare: false });
    const portal = isCopyOut(sql)
      ? new CopyOutExchange(this, request, options.batchSize, () => this.cancel())
      : new PortalExchange(this, request, options);
    this.stream_ = portal;
    this.native.query(portal);
    return portal;
  }

  private async *batches(
    portal: BatchSource,
    options: ExecuteOptions,
  ): AsyncGenerator<readonly (readonly unknown[])[], void> {
    try {
      for (;;) {
        if (options.signal?.aborted) throw aborted(options.signal);
        const rows = await interruptible(this.awaited(portal.next()), options, this);
        if (rows === undefined) return;
        yield rows;
      }
    } finally {
      await this.awaited(portal.close());
      if (this.stream_ === portal) this.stream_ = undefined;
    }
  }

  /** Before anything is taken off `unsent`: what is refused here must not cost a transaction its BEGIN. */
  private checkUsable({ signal }: ExecuteOptions): void {
    if (this.lostBy !== undefined) throw this.lostBy;
    if (signal?.aborted) throw aborted(signal);
    if (this.stream_ === undefined || this.stream_.ended) return;
    throw new InvalidRequestError("The connection is reading a stream.", {
      code: "CONNECTION_BUSY",
      remedy: "Read the stream to its end or leave its loop, or use another connection.",
    });
  }

  // ---- transactions -----------------------------------------------------------------------------------------------------

  begin(options: BeginOptions): void {
    this.unsent.begin(options, options.isolationLevel ?? this.isolationLevel);
  }

  async commit(): Promise<void> {
    if (this.unsent.forget()) return;
    const failed = this.status === "E";
    await this.command("COMMIT");
    if (failed) throw abortedTransaction();
  }

  async rollback(): Promise<void> {
    if (this.unsent.forget() || this.status === "I") return;
    await this.command("ROLLBACK");
  }

  /** Needs `max_prepared_transactions` above 0 on the server. */
  readonly twoPhase: TwoPhaseDriver = {
    begin: (_id, options) => this.begin(options),
    prepare: async (id) => {
      const failed = this.status === "E";
      await this.command(`PREPARE TRANSACTION ${quoteId(id)}`);
      if (failed) throw abortedTransaction();
    },
    commit: (id, prepared) => (prepared ? this.command(`COMMIT PREPARED ${quoteId(id)}`) : this.commit()),
    rollback: (id, prepared) => (prepared ? this.command(`ROLLBACK PREPARED ${quoteId(id)}`) : this.rollback()),
    recover: async () => {
      const sql = "SELECT gid FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared";
      return (await this.execute(sql, [], { returnsRows: true })).rows.map(([id]) => String(id));
    },
  };

  savepoint(name: string): MaybePromise<void> {
    return this.later(savepointText("SAVEPOINT", name));
  }

  releaseSavepoint(name: string): MaybePromise<void> {
    return this.unsent.forgetSavepoint(name) ? undefined : this.later(savepointText("RELEASE SAVEPOINT", name));
  }

  rollbackToSavepoint(name: string): MaybePromise<void> {
    return this.unsent.backTo(name) ? undefined : this.command(savepointText("ROLLBACK TO SAVEPOINT", name));
  }

  /** Sent with the next statement. In a failed transaction at once, for it fails. */
  private later(text: string): MaybePromise<void> {
    if (this.status === "E") return this.command(text);
    this.unsent.add(text);
    return undefined;
  }

  /** Kept here and said by each BEGIN: the session itself is not changed, so that nothing has to be changed back. */
  setIsolationLevel(level: IsolationLevel): void {
    this.isolationLevel = checkLevel(level);
  }

  async readIsolationLevel(which: "current" | "default"): Promise<IsolationLevel> {
    const inside = this.status !== "I" || !this.unsent.isEmpty;
    if (which === "current" && !inside && this.isolationLevel !== undefined) return this.isolationLevel;
    const name = which === "current" ? "transaction_isolation" : "default_transaction_isolation";
    const { rows } = await this.execute(`SHOW ${name}`, [], { returnsRows: true, prepare: false });
    return String(rows[0]?.[0]).toUpperCase() as IsolationLevel;
  }

  /** Executes something without rows, after what is pending; undefined executes only that. */
  private async command(text: string | undefined): Promise<void> {
    this.checkUsable({});
    const before = this.unsent.take();
    const last = text ?? before.at(-1);
    if (last === undefined) return;
    const request = { text: last, sets: [[]], prepared: undefined, dropped: [], columnType: undefined };
    await this.send({ ...request, before: text === undefined ? before.slice(0, -1) : before }, {});
  }

  // ---- the connection itself --------------------------------------------------------------------------------------------

  ping(): MaybePromise<boolean> {
    if (this.lostBy !== undefined) return false;
    return new Promise((resolve) => {
      this.native.query(new Ping(this, resolve));
    });
  }

  reset(): MaybePromise<void> {
    this.isolationLevel = undefined;
    this.unsent.forget();
    if (this.stream_ !== undefined && !this.stream_.ended) return this.resetStream(this.stream_);
    if (this.status === "I") return undefined;
    return this.command("ROLLBACK");
  }

  private async resetStream(stream: BatchSource): Promise<void> {
    await this.awaited(stream.close());
    this.stream_ = undefined;
    await this.rollback();
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    // A server that cannot be reached does not answer the good-bye either, and an open socket keeps the process alive.
    const limit = setTimeout(() => this.native.connection.stream.destroy(), this.cancelTimeout);
    try {
      await this.native.end();
    } finally {
      clearTimeout(limit);
    }
  }

  serverVersion(): ServerVersion {
    const version = /^[\d.]+/.exec(this.parameters.get("server_version") ?? "")?.[0] ?? "";
    return {
      product: "PostgreSQL",
      version: version
        .split(".")
        .filter((part) => part !== "")
        .map(Number),
    };
  }

  /** Asks the server to cancel what it is executing; see `cancel.ts`. */
  cancel(): Promise<void> {
    return this.pg === undefined ? Promise.resolve() : cancelRequest(this.pg, this.native);
  }

  /** Cuts the connection, where the server does not react to a request to cancel. */
  destroy(error: Error): void {
    this.native.connection.stream.destroy(error);
  }
}

/** As a literal that backslashes do not change. */
function quoteId(id: string): string {
  return `'${id.replaceAll("'", "''")}'`;
}

function encodeSet(parameters: readonly unknown[]): WireValues {
  return parameters.map(encode);
}

/** The protocol ends a text at a NUL: what stands behind it would be read as something else. */
function checkText(sql: string): void {
  if (sql.includes("\0"))
    throw new InterfaceError("SQL text cannot contain a NUL character.", { code: "NUL_CHARACTER" });
}

function abortedTransaction(): OperationalError {
  const why = "because a statement in it had failed";
  return new OperationalError(`The transaction was rolled back instead of committed, ${why}.`, {
    code: "TRANSACTION_ABORTED",
    remedy: "Roll back after an error, or guard the statement with a savepoint.",
  });
}

function aborted(signal: AbortSignal): CancelledError {
  return new CancelledError("The execution was cancelled by its AbortSignal.", { cause: signal.reason });
}
