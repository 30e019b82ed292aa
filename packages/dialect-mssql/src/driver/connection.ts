import {
  type BeginOptions,
  type DriverConnection,
  type DriverResult,
  type DriverStream,
  type ExecuteOptions,
  type IsolationLevel,
  type MaybePromise,
  NotSupportedError,
  type ProcedureAnswer,
  type ProcedureCall,
  type ServerVersion,
} from "@acme/core/dialect";
import type { Connection } from "tedious";
import type { Tedious } from "./driver.js";
import { commonParameters, runPrepared } from "./prepared.js";
import { callProcedure } from "./procedure.js";
import { run, send, type Way } from "./request.js";
import { MssqlStream } from "./stream.js";

/** Editions whose version says nothing about their SQL. */
const AZURE: Readonly<Record<number, string>> = { 5: "azure", 8: "azureManagedInstance" };
const DEFAULT_LEVEL: IsolationLevel = "READ COMMITTED";
/** The server has ended the transaction by itself: nothing is left to roll back. */
const NO_TRANSACTION = 3903;

/** One connection of the driver `tedious`. Outside of a transaction every statement commits itself. */
export class MssqlConnection implements DriverConnection {
  readonly native: Connection;
  private readonly driver: Tedious;
  /** True once the socket is gone, which the driver may find out while nothing is under way. */
  broken = false;
  private level: IsolationLevel = DEFAULT_LEVEL;
  /** The level of the last transaction, which the server keeps for what follows it. */
  private sessionLevel: IsolationLevel = DEFAULT_LEVEL;
  private inTransaction = false;

  /** Whether every return to the pool brings the session back by sp_reset_connection. */
  private readonly resetConnection: boolean;

  constructor(driver: Tedious, native: Connection, { resetConnection }: { readonly resetConnection: boolean }) {
    this.driver = driver;
    this.native = native;
    this.resetConnection = resetConnection;
    // Without a listener a broken socket would end the process; the next request fails by itself.
    native.on("error", () => {
      this.broken = true;
    });
    native.on("end", () => {
      this.broken = true;
    });
  }

  execute(sql: string, parameters: readonly unknown[], options: ExecuteOptions): Promise<DriverResult> {
    return run(this.driver, this.native, sql, parameters, wayOf(parameters, options), options);
  }

  /**
   * Several sets are executed by the handle of a statement that is prepared once, unless their values have types that one
   * declaration does not take without loss.
   */
  async executeMany(
    sql: string,
    sets: readonly (readonly unknown[])[],
    options: ExecuteOptions,
  ): Promise<DriverResult> {
    const common = sets.length < 2 || sets[0]?.length === 0 ? undefined : commonParameters(this.driver, sets);
    if (common !== undefined) return runPrepared(this.driver, this.native, sql, common, options);
    let columns: readonly string[] = [];
    const rows: (readonly unknown[])[] = [];
    let rowCount = 0;
    for (const set of sets) {
      const result = await run(this.driver, this.native, sql, set, "sql", options);
      columns = result.columns;
      for (const row of result.rows) rows.push(row);
      rowCount += result.rowCount;
    }
    return { columns, rows, rowCount };
  }

  stream(
    sql: string,
    parameters: readonly unknown[],
    options: ExecuteOptions & { readonly batchSize: number },
  ): DriverStream {
    const { driver, native } = this;
    return new MssqlStream(
      options,
      (listener) => send(driver, native, sql, parameters, wayOf(parameters, options), options, listener),
      () => native.cancel(),
    );
  }

  callProcedure(call: ProcedureCall, options: ExecuteOptions): Promise<ProcedureAnswer> {
    return callProcedure(this.driver, this.native, call, options);
  }

  async begin(options: BeginOptions): Promise<void> {
    if (options.readOnly) throw new NotSupportedError("SQL Server has no read-only transactions.");
    if (options.deferrable !== undefined) throw new NotSupportedError("SQL Server has no DEFERRABLE transactions.");
    const level = options.isolationLevel ?? this.level;
    await this.ask((done) => this.native.beginTransaction(done, "", this.nativeLevel(level)));
    this.inTransaction = true;
    this.sessionLevel = level;
  }

  async commit(): Promise<void> {
    await this.ask((done) => this.native.commitTransaction(done));
    this.inTransaction = false;
  }

  async rollback(): Promise<void> {
    this.inTransaction = false;
    try {
      await this.ask((done) => this.native.rollbackTransaction(done));
    } catch (error) {
      if ((error as { readonly number?: number }).number !== NO_TRANSACTION) throw error;
    }
  }

  savepoint(name: string): Promise<void> {
    return this.ask((done) => this.native.saveTransaction(done, name));
  }

  releaseSavepoint(_name: string): void {
    // Savepoints end with their transaction.
  }

  rollbackToSavepoint(name: string): Promise<void> {
    return this.ask((done) => this.native.rollbackTransaction(done, name));
  }

  setIsolationLevel(level: IsolationLevel): void {
    this.nativeLevel(level);
    this.level = level;
  }

  private nativeLevel(level: IsolationLevel): number {
    const native = this.driver.ISOLATION_LEVEL[level.replaceAll(" ", "_")];
    if (native !== undefined) return native;
    throw new NotSupportedError(`SQL Server has no isolation level ${String(level)}.`, {
      remedy: "It has: READ UNCOMMITTED, READ COMMITTED, REPEATABLE READ, SERIALIZABLE, SNAPSHOT.",
    });
  }

  async ping(): Promise<boolean> {
    if (this.broken) return false;
    await this.batch("SELECT 1");
    return true;
  }

  reset(): MaybePromise<void> {
    this.level = DEFAULT_LEVEL;
    const isClean = !this.inTransaction && this.sessionLevel === DEFAULT_LEVEL;
    return isClean && !this.resetConnection ? undefined : this.cleanUp();
  }

  private async cleanUp(): Promise<void> {
    if (this.inTransaction) await this.rollback();
    if (this.sessionLevel !== DEFAULT_LEVEL) await this.batch(`SET TRANSACTION ISOLATION LEVEL ${DEFAULT_LEVEL}`);
    this.sessionLevel = DEFAULT_LEVEL;
    if (this.resetConnection) await this.ask((done) => this.native.reset(done));
  }

  close(): Promise<void> {
    if (this.broken) return Promise.resolve();
    return new Promise((resolve) => {
      this.native.once("end", () => resolve());
      this.native.close();
    });
  }

  /** Azure has versions of its own: https://learn.microsoft.com/sql/t-sql/functions/serverproperty-transact-sql */
  async serverVersion(): Promise<ServerVersion> {
    const { rows } = await this.batch(
      "SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128)), CAST(SERVERPROPERTY('EngineEdition') AS INT)",
    );
    const [version, edition] = rows[0] ?? [];
    return { product: AZURE[Number(edition)] ?? "mssql", version: String(version).split(".").map(Number) };
  }

  private batch(sql: string): Promise<DriverResult> {
    return run(this.driver, this.native, sql, [], "batch", {});
  }

  private ask(call: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
  }
}

/** DDL and scripts are batches: some statements must be the first one, and what they set is to last. */
function wayOf(parameters: readonly unknown[], { prepare }: ExecuteOptions): Way {
  return parameters.length === 0 && prepare !== true ? "batch" : "sql";
}
