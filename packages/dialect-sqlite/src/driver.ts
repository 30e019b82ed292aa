import {
  type BeginOptions,
  type ConnectOptions,
  type Driver,
  type DriverConnection,
  DriverMissingError,
  type DriverResult,
  type DriverStream,
  type ExecuteOptions,
  type IsolationLevel,
  LruCache,
  NotSupportedError,
  type ServerVersion,
  StatementTimeoutError,
} from "@acme/core/dialect";
import { classify } from "./classify.js";
import { readOptions, type SqliteSettings, type TransactionMode } from "./driver-options.js";
import type { SqliteDatabase, SqliteModule, SqliteStatement } from "./native.js";

type Row = readonly unknown[];

const NO_COLUMNS: readonly string[] = [];
const NO_ROWS: readonly Row[] = [];

/** Fills the gap to {@link DriverResult} for queries: the names of the columns cost more than a row, so they wait to be asked. */
class Rows implements DriverResult {
  readonly rows: readonly Row[];
  readonly rowCount: number;
  private readonly statement: SqliteStatement;

  constructor(statement: SqliteStatement, rows: readonly Row[]) {
    this.statement = statement;
    this.rows = rows;
    this.rowCount = rows.length;
  }

  get columns(): readonly string[] {
    return this.statement.columns().map((column) => column.name);
  }
}

/** A prepared statement, and how it reads integers at the moment. */
class Prepared {
  readonly statement: SqliteStatement;
  readonly reader: boolean;
  private exact = false;

  constructor(statement: SqliteStatement) {
    this.statement = statement;
    this.reader = statement.reader;
    if (this.reader) statement.raw(true);
  }

  /** The rows of one execution, every integer exact when asked for. */
  all(parameters: Row, exact: boolean): Row[] {
    this.read(exact);
    const rows = this.statement.all(parameters) as Row[];
    if (exact) for (const row of rows) narrow(row as unknown[]);
    return rows;
  }

  /** Sets how integers are read. */
  read(exact: boolean): void {
    if (this.exact === exact) return;
    this.statement.safeIntegers(exact);
    this.exact = exact;
  }
}

/** Integers that a `number` holds exactly become numbers; the others stay `bigint`. */
function narrow(row: unknown[]): void {
  for (let i = 0; i < row.length; i++) {
    const value = row[i];
    if (typeof value !== "bigint") continue;
    const number = Number(value);
    if (Number.isSafeInteger(number)) row[i] = number;
  }
}

/**
 * A connection to SQLite through better-sqlite3. Everything is answered at once: SQLite runs in the process, and a
 * statement that runs blocks the event loop. Therefore a running statement cannot be cancelled: an AbortSignal is looked at
 * before each execution and before each batch of a stream, a time limit between the rows of a stream.
 */
export class SqliteConnection implements DriverConnection {
  readonly native: SqliteDatabase;
  private readonly mode: TransactionMode;
  private readonly prepared: LruCache<string, Prepared>;
  /** What the present transaction has set and its end sets back. */
  private restoring: readonly string[] = [];

  constructor(database: SqliteDatabase, settings: Pick<SqliteSettings, "transaction" | "statementCache">) {
    this.native = database;
    this.mode = settings.transaction;
    this.prepared = new LruCache(settings.statementCache);
  }

  execute(sql: string, parameters: Row, options: ExecuteOptions): DriverResult {
    const prepared = this.prepare(sql, options.prepare);
    if (prepared.reader) return new Rows(prepared.statement, prepared.all(parameters, options.bigintRows !== false));
    const { changes, lastInsertRowid } = prepared.statement.run(parameters);
    return {
      columns: NO_COLUMNS,
      rows: NO_ROWS,
      rowCount: changes,
      lastInsertId: changes > 0 ? this.exactId(lastInsertRowid) : undefined,
    };
  }

  executeMany(sql: string, parameterSets: readonly Row[], options: ExecuteOptions): DriverResult {
    const prepared = this.prepare(sql, options.prepare);
    if (prepared.reader) {
      const exact = options.bigintRows !== false;
      const rows: Row[] = [];
      for (const parameters of parameterSets) for (const row of prepared.all(parameters, exact)) rows.push(row);
      return new Rows(prepared.statement, rows);
    }
    const { statement } = prepared;
    let rowCount = 0;
    let last: number | bigint | undefined;
    for (const parameters of parameterSets) {
      const { changes, lastInsertRowid } = statement.run(parameters);
      rowCount += changes;
      if (changes > 0) last = lastInsertRowid;
    }
    return {
      columns: NO_COLUMNS,
      rows: NO_ROWS,
      rowCount,
      lastInsertId: last === undefined ? undefined : this.exactId(last),
    };
  }

  stream(sql: string, parameters: Row, options: ExecuteOptions & { readonly batchSize: number }): DriverStream {
    return new RowBatches(this.prepare(sql, options.prepare), parameters, options);
  }

  /**
   * Begins with the write lock (`BEGIN IMMEDIATE`) unless the options say otherwise. A deferred transaction takes it with its first
   * write, and when another connection has written since its first read that fails at once: the busy timeout does not
   * count, and nothing but repeating the transaction helps. Taken at the beginning, the lock is waited for. A transaction that only
   * reads (`readOnly`) takes none.
   */
  begin({ isolationLevel, readOnly, deferrable }: BeginOptions): void {
    if (deferrable)
      throw new NotSupportedError("SQLite has no deferrable transactions.", { remedy: "Leave `deferrable` out." });
    if (isolationLevel !== undefined) checkLevel(isolationLevel);
    const restoring: string[] = [];
    if (isolationLevel === "READ UNCOMMITTED") this.switchOn("read_uncommitted", restoring);
    if (readOnly) this.switchOn("query_only", restoring);
    this.control(readOnly ? "BEGIN DEFERRED" : `BEGIN ${this.mode.toUpperCase()}`);
    this.restoring = restoring;
  }

  commit(): void {
    this.control("COMMIT");
    this.restore();
  }

  rollback(): void {
    // Some errors (a full disk) make SQLite end the transaction itself.
    if (this.native.inTransaction) this.control("ROLLBACK");
    this.restore();
  }

  savepoint(name: string): void {
    this.control(`SAVEPOINT ${quoted(name)}`, false);
  }

  releaseSavepoint(name: string): void {
    this.control(`RELEASE SAVEPOINT ${quoted(name)}`, false);
  }

  rollbackToSavepoint(name: string): void {
    this.control(`ROLLBACK TO SAVEPOINT ${quoted(name)}`, false);
  }

  setIsolationLevel(level: IsolationLevel): void {
    checkLevel(level);
    this.native.pragma(`read_uncommitted = ${level === "READ UNCOMMITTED" ? 1 : 0}`);
  }

  ping(): boolean {
    return this.native.open && this.execute("SELECT 1", [], { returnsRows: true, bigintRows: false }).rows.length === 1;
  }

  reset(): void {
    this.rollback();
  }

  close(): void {
    this.prepared.clear();
    this.native.close();
  }

  serverVersion(): ServerVersion {
    const [row] = this.execute("SELECT sqlite_version()", [], {
      returnsRows: true,
      prepare: false,
      bigintRows: false,
    }).rows;
    return { product: "SQLite", version: String(row?.[0]).split(".").map(Number) };
  }

  private prepare(sql: string, keep: boolean | undefined): Prepared {
    let prepared = this.prepared.get(sql);
    if (prepared === undefined) {
      prepared = new Prepared(this.native.prepare(sql));
      if (keep !== false) this.prepared.set(sql, prepared);
    }
    return prepared;
  }

  private control(sql: string, keep = true): void {
    this.prepare(sql, keep).statement.run([]);
  }

  private switchOn(pragma: string, restoring: string[]): void {
    this.native.pragma(`${pragma} = 1`);
    restoring.push(`${pragma} = 0`);
  }

  private restore(): void {
    for (const pragma of this.restoring) this.native.pragma(pragma);
    this.restoring = [];
  }

  /** The generated key; asked for again where a `number` could not hold it. */
  private exactId(id: number | bigint): number | bigint {
    if (Number.isSafeInteger(id)) return id;
    const [row] = this.execute("SELECT last_insert_rowid()", [], { returnsRows: true, bigintRows: true }).rows;
    return row?.[0] as number | bigint;
  }
}

/** The rows of one execution, read from SQLite while they are asked for. */
class RowBatches implements DriverStream, AsyncIterator<readonly Row[]> {
  private readonly prepared: Prepared;
  private readonly rows: IterableIterator<unknown>;
  private readonly batchSize: number;
  private readonly exact: boolean;
  private readonly deadline: number;

  constructor(prepared: Prepared, parameters: Row, options: ExecuteOptions & { readonly batchSize: number }) {
    this.prepared = prepared;
    this.batchSize = options.batchSize;
    this.exact = options.bigintRows !== false;
    this.deadline = options.timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + options.timeout;
    prepared.read(this.exact);
    // What returns no rows (an INSERT) is executed all the same.
    this.rows = prepared.reader ? prepared.statement.iterate(parameters) : runOnly(prepared, parameters);
  }

  get columns(): readonly string[] {
    return this.prepared.reader ? this.prepared.statement.columns().map((column) => column.name) : NO_COLUMNS;
  }

  next(): Promise<IteratorResult<readonly Row[]>> {
    try {
      return Promise.resolve(this.nextBatch());
    } catch (error) {
      return Promise.reject(error);
    }
  }

  return(): Promise<IteratorResult<readonly Row[]>> {
    this.rows.return?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private nextBatch(): IteratorResult<readonly Row[]> {
    const batch: Row[] = [];
    while (batch.length < this.batchSize) {
      const step = this.rows.next();
      if (step.done) break;
      if (this.deadline < performance.now()) {
        this.rows.return?.();
        throw new StatementTimeoutError("Reading the rows took longer than allowed.", {
          remedy: "Allow more time, or read less.",
        });
      }
      const row = step.value as unknown[];
      if (this.exact) narrow(row);
      batch.push(row);
    }
    return batch.length === 0 ? { done: true, value: undefined } : { done: false, value: batch };
  }
}

function* runOnly(prepared: Prepared, parameters: Row): Generator<unknown, void> {
  prepared.statement.run(parameters);
}

function checkLevel(level: IsolationLevel): void {
  if (level === "SERIALIZABLE" || level === "READ UNCOMMITTED") return;
  throw new NotSupportedError(`SQLite has no isolation level ${level}.`, {
    remedy: "It has: SERIALIZABLE, READ UNCOMMITTED.",
  });
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Loads the driver's package; tests put another function in its place. */
export type LoadSqlite = () => Promise<SqliteModule>;

const loadPackage: LoadSqlite = async () => (await import("better-sqlite3")) as unknown as SqliteModule;

/**
 * The adapter of better-sqlite3. Options of a connection are {@link SqliteDriverOptions}. The package is loaded by the first
 * connection; `load` brings another one.
 *
 * @example
 * ```ts
 * createEngine("sqlite:///app.db?busyTimeout=1000&pragma=journal_mode=WAL");
 * createEngine("sqlite:///app.db", { connection: { options: { readonly: true } } });
 * ```
 */
export function betterSqlite3(load: LoadSqlite = loadPackage): Driver {
  return {
    name: "better-sqlite3",
    classify,
    async connect(options: ConnectOptions): Promise<DriverConnection> {
      const settings = readOptions(options);
      const { default: Database } = await load().catch(missing);
      const database = new Database(settings.filename, settings.open);
      try {
        for (const pragma of settings.pragmas) database.pragma(pragma);
      } catch (error) {
        database.close();
        throw error;
      }
      return new SqliteConnection(database, settings);
    },
  };
}

function missing(cause: unknown): never {
  if ((cause as { readonly code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
  throw new DriverMissingError("The package better-sqlite3 is not installed.", {
    remedy: "Run `npm install better-sqlite3`.",
    cause,
  });
}
