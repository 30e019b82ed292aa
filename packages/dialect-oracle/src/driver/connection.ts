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
import type { Connection, Metadata, ExecuteOptions as NativeOptions, Result, ResultSet } from "oracledb";
import { OutBind } from "../driver-values.js";
import { toBinds, toManyBinds } from "./binds.js";
import type { Oracledb } from "./driver.js";
import { blockOf } from "./procedure.js";
import { columnNames, content, fetchTypeHandler, readRows, rowsOfOutBinds } from "./rows.js";
import { OracleStream } from "./stream.js";

/** Rows fetched in one round trip. */
const FETCH_ROWS = 500;

/** One connection of the driver `oracledb`. Outside of a transaction every statement commits itself. */
export class OracleConnection implements DriverConnection {
  readonly native: Connection;
  private readonly driver: Oracledb;
  private isolationLevel: IsolationLevel | undefined = undefined;
  private inTransaction = false;

  constructor(driver: Oracledb, native: Connection) {
    this.driver = driver;
    this.native = native;
  }

  /** True once the driver has heard that the socket is gone. */
  get broken(): boolean {
    return !this.native.isHealthy();
  }

  async execute(sql: string, parameters: readonly unknown[], options: ExecuteOptions): Promise<DriverResult> {
    const binds = toBinds(this.driver, parameters);
    const result = await this.interruptible(options, () =>
      this.native.execute<readonly unknown[]>(sql, binds, this.nativeOptions(options, FETCH_ROWS)),
    );
    return this.resultOf(result, options);
  }

  private async resultOf(result: Result<readonly unknown[]>, { columnType }: ExecuteOptions): Promise<DriverResult> {
    if (result.rows !== undefined) {
      const metadata = (result.metaData ?? []) as readonly Metadata<unknown>[];
      const rows = readRows(this.driver, metadata, result.rows, columnType);
      return { columns: columnNames(metadata), rows, rowCount: rows.length };
    }
    const rows =
      result.outBinds === undefined ? [] : await rowsOfOutBinds(result.outBinds as unknown as readonly unknown[]);
    return { columns: [], rows, rowCount: result.rowsAffected ?? -1 };
  }

  async executeMany(
    sql: string,
    sets: readonly (readonly unknown[])[],
    options: ExecuteOptions,
  ): Promise<DriverResult> {
    if (sets.length === 0) return { columns: [], rows: [], rowCount: 0 };
    const { rows: values, definitions } = toManyBinds(this.driver, sets);
    const native = { autoCommit: !this.inTransaction, bindDefs: definitions, keepInStmtCache: options.prepare ?? true };
    try {
      const result = await this.interruptible(options, () =>
        // Without parameters the driver takes the number of executions instead of their values.
        definitions.length === 0
          ? this.native.executeMany(sql, sets.length, native)
          : this.native.executeMany(sql, values, native),
      );
      const filled = (result.outBinds ?? []) as readonly (readonly unknown[])[];
      const rows = (await Promise.all(filled.map((columns) => rowsOfOutBinds(columns)))).flat();
      return { columns: [], rows, rowCount: result.rowsAffected ?? -1 };
    } catch (error) {
      // The rows before the failing one are there, uncommitted: nobody has asked for half of them.
      if (!this.inTransaction) await this.native.rollback().catch(() => undefined);
      throw error;
    }
  }

  /**
   * A PL/SQL block around the call. Cursors that come out, and those that the procedure returns by DBMS_SQL.RETURN_RESULT, are
   * result sets, in this order; the output of a cursor is its position among them.
   */
  async callProcedure(call: ProcedureCall, options: ExecuteOptions): Promise<ProcedureAnswer> {
    const { sql, binds, outputs } = blockOf(this.driver, call, (position) => options.columnType?.(position, ""));
    const native = { ...this.nativeOptions(options, FETCH_ROWS), resultSet: true };
    return this.interruptible(options, async () => {
      const result = await this.native.execute<readonly unknown[]>(sql, [...binds], native);
      const outs = (result.outBinds ?? []) as unknown as readonly unknown[];
      const results: DriverResult[] = [];
      const values: unknown[] = [];
      for (const position of outputs) {
        const value = outs[position] ?? null;
        if (!isResultSet(value)) values.push(await content(value));
        else {
          values.push(results.length);
          results.push(await this.drained(value));
        }
      }
      for (const cursor of (result.implicitResults ?? []) as unknown as readonly Cursor[])
        results.push(await this.drained(cursor));
      return { results, outputs: values };
    });
  }

  private async drained(cursor: Cursor): Promise<DriverResult> {
    try {
      const metadata = cursor.metaData as readonly Metadata<unknown>[];
      const rows = readRows(this.driver, metadata, await cursor.getRows(), undefined);
      return { columns: columnNames(metadata), rows, rowCount: rows.length };
    } finally {
      await cursor.close();
    }
  }

  stream(
    sql: string,
    parameters: readonly unknown[],
    options: ExecuteOptions & { readonly batchSize: number },
  ): DriverStream {
    if (parameters.some((value) => value instanceof OutBind)) {
      throw new NotSupportedError("The rows of RETURNING cannot be streamed on oracle.", { remedy: "Use execute()." });
    }
    const binds = toBinds(this.driver, parameters);
    const open = (): Promise<Result<readonly unknown[]>> =>
      this.native.execute<readonly unknown[]>(sql, binds, {
        ...this.nativeOptions(options, options.batchSize),
        resultSet: true,
      });
    return new OracleStream(this.driver, options, open, (call) => this.interruptible(options, call));
  }

  private nativeOptions({ prepare }: ExecuteOptions, fetchArraySize: number): NativeOptions {
    return {
      autoCommit: !this.inTransaction,
      outFormat: this.driver.OUT_FORMAT_ARRAY,
      fetchTypeHandler: fetchTypeHandler(this.driver),
      fetchArraySize,
      maxRows: 0,
      keepInStmtCache: prepare ?? true,
    };
  }

  /** Breaks the call off when the caller's signal fires; the driver itself keeps the time limit. */
  private async interruptible<T>({ signal, timeout }: ExecuteOptions, call: () => Promise<T>): Promise<T> {
    const limit = timeout === undefined ? 0 : Math.max(1, Math.ceil(timeout));
    if (this.native.callTimeout !== limit) this.native.callTimeout = limit;
    const abort = (): void => void this.native.break().catch(() => undefined);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      return await call();
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** A transaction begins with its first statement; only what it is to be is said beforehand. */
  async begin(options: BeginOptions): Promise<void> {
    const level = options.isolationLevel ?? this.isolationLevel;
    if (level !== undefined) checkLevel(level);
    if (options.deferrable !== undefined) throw new NotSupportedError("Oracle has no DEFERRABLE transactions.");
    if (options.readOnly) await this.native.execute("SET TRANSACTION READ ONLY");
    else if (level !== undefined) await this.native.execute(`SET TRANSACTION ISOLATION LEVEL ${level}`);
    this.inTransaction = true;
  }

  async commit(): Promise<void> {
    await this.native.commit();
    this.inTransaction = false;
  }

  async rollback(): Promise<void> {
    this.inTransaction = false;
    await this.native.rollback();
  }

  async savepoint(name: string): Promise<void> {
    await this.native.execute(`SAVEPOINT ${name}`);
  }

  releaseSavepoint(_name: string): void {
    // Savepoints end with their transaction.
  }

  async rollbackToSavepoint(name: string): Promise<void> {
    await this.native.execute(`ROLLBACK TO SAVEPOINT ${name}`);
  }

  setIsolationLevel(level: IsolationLevel): void {
    checkLevel(level);
    this.isolationLevel = level;
  }

  async ping(): Promise<boolean> {
    await this.native.ping();
    return true;
  }

  reset(): MaybePromise<void> {
    this.isolationLevel = undefined;
    return this.inTransaction ? this.rollback() : undefined;
  }

  async close(): Promise<void> {
    await this.native.close();
  }

  serverVersion(): ServerVersion {
    return { product: "oracle", version: this.native.oracleServerVersionString.split(".").map(Number) };
  }
}

type Cursor = ResultSet<readonly unknown[]>;

function isResultSet(value: unknown): value is Cursor {
  return typeof (value as Cursor | null)?.getRows === "function";
}

function checkLevel(level: IsolationLevel): void {
  if (level === "READ COMMITTED" || level === "SERIALIZABLE") return;
  throw new NotSupportedError(`Oracle has no isolation level ${level}.`, {
    remedy: "It has: READ COMMITTED, SERIALIZABLE.",
  });
}
