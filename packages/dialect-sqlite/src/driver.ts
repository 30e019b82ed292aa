import {
  type BeginOptions,
  type ConnectOptions,
  type Driver,
  type DriverConnection,
  DriverMissingError,
  type DriverResult,
  type DriverStream,
  drive,
  type ExecuteOptions,
  type IsolationLevel,
  LruCache,
  type MaybePromise,
  NotSupportedError,
  type ServerVersion,
  type Steps,
  wait,
} from "@acme/core/dialect";
import { classify } from "./classify.js";
import { BETTER_SQLITE3, NODE_SQLITE, readOptions, type SqliteSettings } from "./driver-options.js";
import { afterLock, patiently } from "./lock-wait.js";
import type { SqliteDatabase, SqliteModule, SqliteStatement } from "./native.js";
import { loadNodeSqlite, Database as NodeDatabase } from "./node-sqlite.js";
import { Prepared, type Row, Rows } from "./prepared.js";
import { RowBatches } from "./row-batches.js";

const NO_COLUMNS: readonly string[] = [];
const NO_ROWS: readonly Row[] = [];

/**
 * A connection to SQLite through better-sqlite3 or node:sqlite. SQLite runs in the process: what it is asked is answered at once, and a
 * statement that runs blocks the event loop. Therefore a running statement cannot be cancelled: an AbortSignal is looked at
 * before each execution and before each batch of a stream, a time limit between the rows of a stream. Only a lock that another
 * connection holds is waited for in turns of the event loop.
 */
class SqliteConnection implements DriverConnection {
  readonly native: SqliteDatabase;
  private readonly settings: Pick<SqliteSettings, "transaction" | "statementCache" | "busyTimeout">;
  private readonly prepared: LruCache<string, Prepared>;
  /** What the present transaction has set and its end sets back. */
  private restoring: readonly string[] = [];

  constructor(
    database: SqliteDatabase,
    settings: Pick<SqliteSettings, "transaction" | "statementCache" | "busyTimeout">,
  ) {
    this.native = database;
    this.settings = settings;
    this.prepared = new LruCache(settings.statementCache);
  }

  execute(sql: string, parameters: Row, options: ExecuteOptions): MaybePromise<DriverResult> {
    try {
      return this.executeNow(sql, parameters, options);
    } catch (error) {
      const again = () => this.executeNow(sql, parameters, options);
      return afterLock(error, again, this.settings.busyTimeout, options);
    }
  }

  private executeNow(sql: string, parameters: Row, options: ExecuteOptions): DriverResult {
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

  executeMany(sql: string, parameterSets: readonly Row[], options: ExecuteOptions): MaybePromise<DriverResult> {
    const prepared = this.prepare(sql, options.prepare);
    const run = prepared.reader
      ? this.collect(prepared, parameterSets, options)
      : this.runEach(prepared.statement, parameterSets);
    return patiently(run, this.settings.busyTimeout, options);
  }

  /** Called again after a lock was waited for, the functions below go on with the set that met it. */
  private collect(prepared: Prepared, parameterSets: readonly Row[], options: ExecuteOptions): () => DriverResult {
    const exact = options.bigintRows !== false;
    const rows: Row[] = [];
    let at = 0;
    return () => {
      for (; at < parameterSets.length; at++)
        for (const row of prepared.all(parameterSets[at] as Row, exact)) rows.push(row);
      return new Rows(prepared.statement, rows);
    };
  }

  private runEach(statement: SqliteStatement, parameterSets: readonly Row[]): () => DriverResult {
    let rowCount = 0;
    let last: number | bigint | undefined;
    let at = 0;
    return () => {
      for (; at < parameterSets.length; at++) {
        const { changes, lastInsertRowid } = statement.run(parameterSets[at] as Row);
        rowCount += changes;
        if (changes > 0) last = lastInsertRowid;
      }
      return {
        columns: NO_COLUMNS,
        rows: NO_ROWS,
        rowCount,
        lastInsertId: last === undefined ? undefined : this.exactId(last),
      };
    };
  }

  stream(sql: string, parameters: Row, options: ExecuteOptions & { readonly batchSize: number }): DriverStream {
    return new RowBatches(this.prepare(sql, options.prepare), parameters, options, this.settings.busyTimeout);
  }

  /**
   * Begins with the write lock (`BEGIN IMMEDIATE`) unless the options say otherwise. A deferred transaction takes it with its first
   * write, and when another connection has written since its first read that fails at once: the busy timeout does not
   * count, and nothing but repeating the transaction helps. Taken at the beginning, the lock is waited for. A transaction that only
   * reads (`readOnly`) takes none.
   */
  begin(options: BeginOptions): MaybePromise<void> {
    return drive(this.beginSteps(options));
  }

  private *beginSteps({ isolationLevel, readOnly, deferrable }: BeginOptions): Steps<void> {
    if (deferrable)
      throw new NotSupportedError("SQLite has no deferrable transactions.", { remedy: "Leave `deferrable` out." });
    if (isolationLevel !== undefined) checkLevel(isolationLevel);
    const mode = readOnly ? "DEFERRED" : this.settings.transaction.toUpperCase();
    if (isolationLevel === "READ UNCOMMITTED") this.switchOn("read_uncommitted");
    if (readOnly) this.switchOn("query_only");
    try {
      yield* wait(this.control(`BEGIN ${mode}`));
    } catch (error) {
      this.restore();
      throw error;
    }
  }

  commit(): MaybePromise<void> {
    return drive(this.endSteps("COMMIT"));
  }

  rollback(): MaybePromise<void> {
    // Some errors (a full disk) make SQLite end the transaction itself.
    if (this.native.inTransaction) return drive(this.endSteps("ROLLBACK"));
    this.restore();
    return undefined;
  }

  private *endSteps(sql: string): Steps<void> {
    yield* wait(this.control(sql));
    this.restore();
  }

  savepoint(name: string): MaybePromise<void> {
    return this.control(`SAVEPOINT ${quoted(name)}`, false);
  }

  releaseSavepoint(name: string): MaybePromise<void> {
    return this.control(`RELEASE SAVEPOINT ${quoted(name)}`, false);
  }

  rollbackToSavepoint(name: string): MaybePromise<void> {
    return this.control(`ROLLBACK TO SAVEPOINT ${quoted(name)}`, false);
  }

  setIsolationLevel(level: IsolationLevel): void {
    checkLevel(level);
    this.native.pragma(`read_uncommitted = ${level === "READ UNCOMMITTED" ? 1 : 0}`);
  }

  readIsolationLevel(which: "current" | "default"): IsolationLevel {
    if (which === "default") return "SERIALIZABLE";
    const [row] = this.executeNow("PRAGMA read_uncommitted", [], { bigintRows: false }).rows;
    return Number(row?.[0]) === 1 ? "READ UNCOMMITTED" : "SERIALIZABLE";
  }

  ping(): boolean {
    return this.native.open && this.executeNow("SELECT 1", [], { bigintRows: false }).rows.length === 1;
  }

  reset(): MaybePromise<void> {
    return this.rollback();
  }

  close(): void {
    this.prepared.clear();
    this.native.close();
  }

  serverVersion(): ServerVersion {
    const [row] = this.executeNow("SELECT sqlite_version()", [], { prepare: false, bigintRows: false }).rows;
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

  private control(sql: string, keep = true): MaybePromise<void> {
    const { statement } = this.prepare(sql, keep);
    return patiently(() => void statement.run([]), this.settings.busyTimeout);
  }

  private switchOn(pragma: string): void {
    this.native.pragma(`${pragma} = 1`);
    this.restoring = [...this.restoring, `${pragma} = 0`];
  }

  private restore(): void {
    for (const pragma of this.restoring) this.native.pragma(pragma);
    this.restoring = [];
  }

  /** The generated key; asked for again where a `number` could not hold it. */
  private exactId(id: number | bigint): number | bigint {
    if (Number.isSafeInteger(id)) return id;
    const [row] = this.executeNow("SELECT last_insert_rowid()", [], { bigintRows: true }).rows;
    return row?.[0] as number | bigint;
  }
}

function checkLevel(level: IsolationLevel): void {
  if (level === "SERIALIZABLE" || level === "READ UNCOMMITTED") return;
  throw new NotSupportedError(`SQLite has no isolation level ${level}.`, {
    remedy: "It has: READ UNCOMMITTED, SERIALIZABLE.",
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
 * createEngine("sqlite:///app.db", { connection: { connect: ({ filename }) => new Patched(filename) } });
 * ```
 */
export function betterSqlite3(load: LoadSqlite = loadPackage): Driver {
  return {
    name: "better-sqlite3",
    classify,
    async connect(options: ConnectOptions): Promise<DriverConnection> {
      const settings = readOptions(options, BETTER_SQLITE3);
      if (options.connect !== undefined)
        return setUp(
          (await options.connect({ filename: settings.filename, ...settings.open })) as SqliteDatabase,
          settings,
        );
      const { default: Database } = await load().catch(missing);
      return setUp(new Database(settings.filename, settings.open), settings);
    },
  };
}

/**
 * The adapter of `node:sqlite`, which is part of Node.js (22.16, 24 and later): no package has to be installed, nothing to be
 * built. Unlike better-sqlite3 it takes SQLite's own URIs for files.
 *
 * @example
 * ```ts
 * createEngine("sqlite+node:///app.db");
 * createEngine("sqlite+node:///file:shop?mode=memory&cache=shared");   // one database in memory for all connections
 * ```
 */
export function nodeSqlite(load: LoadSqlite = loadNodeSqlite): Driver {
  return {
    name: "node:sqlite",
    classify,
    async connect(options: ConnectOptions): Promise<DriverConnection> {
      const settings = readOptions(options, NODE_SQLITE);
      if (options.connect !== undefined) {
        const native = (await options.connect({
          filename: settings.filename,
          ...settings.open,
        })) as ConstructorParameters<typeof NodeDatabase>[0];
        return setUp(new NodeDatabase(native), settings);
      }
      const { default: Database } = await load();
      return setUp(new Database(settings.filename, settings.open), settings);
    },
  };
}

async function setUp(database: SqliteDatabase, settings: SqliteSettings): Promise<DriverConnection> {
  try {
    for (const pragma of settings.pragmas) await patiently(() => database.pragma(pragma), settings.busyTimeout);
    database.function("regexp", { deterministic: true }, regexp());
  } catch (error) {
    database.close();
    throw error;
  }
  return new SqliteConnection(database, settings);
}

/**
 * What `value REGEXP pattern` calls, which SQLite knows as an operator but leaves to the application: a regular expression of
 * JavaScript, found anywhere in the value, with flags in front of it if need be (`(?i)`). NULL where one of the two is NULL.
 */
function regexp(): (pattern: unknown, value: unknown) => number | null {
  let text: string | undefined;
  let compiled = /(?:)/u;
  return (pattern, value) => {
    if (pattern === null || value === null) return null;
    // The pattern of a statement is the same for all its rows.
    if (text !== pattern) {
      const [, flags = "", rest = ""] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(String(pattern)) ?? [];
      compiled = new RegExp(rest, `u${flags}`);
      text = String(pattern);
    }
    return compiled.test(String(value)) ? 1 : 0;
  };
}

function missing(cause: unknown): never {
  if ((cause as { readonly code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
  throw new DriverMissingError("The package better-sqlite3 is not installed.", {
    remedy: "Run `npm install better-sqlite3`, or use the driver of Node.js itself: `sqlite+node:///app.db`.",
    cause,
  });
}
