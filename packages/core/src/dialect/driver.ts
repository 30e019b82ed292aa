/**
 * The driver contract: what PEP 249 (DBAPI) is in Python. An adapter for a new driver implements {@link Driver} and
 * {@link DriverConnection}; everything else (pool, transactions, results, conversion) is the engine's.
 *
 * A method may answer at once or with a Promise (`MaybePromise`): an embedded database does not have to pay a turn of
 * the event loop, and the engine never adds one.
 */
export type MaybePromise<T> = T | Promise<T>;

/** Where and how to connect. Made from an engine URL by {@link parseUrl}, or given as an object. */
export interface ConnectOptions {
  readonly host?: string;
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  /** The database's name; for SQLite the file path, or `":memory:"`. */
  readonly database?: string;
  /** Everything else: the URL's query string or extra options, handed to the driver. */
  readonly options?: Readonly<Record<string, unknown>>;
  /**
   * Makes the driver's own connection object instead of the adapter (a tunnel, a driver with patches):
   * `(config) => new pg.Client({ ...config, stream })`, `(config) => mysql2.createConnection({ ...config, stream })`. It is given what the
   * adapter would have handed to the driver, and called for each connection of the pool; the adapter connects what it gives where
   * that is still to be done, sets the session up, and closes it.
   */
  readonly connect?: ((config: Readonly<Record<string, unknown>>) => MaybePromise<unknown>) | undefined;
}

/** The rows and figures that one execution gave. */
export interface DriverResult {
  /** Column names in order; empty for a statement that returns no rows. It may be a getter: only text statements need it. */
  readonly columns: readonly string[];
  /** One array of raw driver values a row. */
  readonly rows: readonly (readonly unknown[])[];
  /** Rows changed by INSERT, UPDATE, DELETE; for queries the number of rows; -1 where the driver does not know. */
  readonly rowCount: number;
  /** The key that the database generated for the (last) inserted row, where the driver reports one. */
  readonly lastInsertId?: number | bigint | undefined;
}

/** What the engine knows of a statement and tells the driver, so that it can choose the fast way. */
export interface ExecuteOptions {
  /** True when the statement returns rows (SELECT or RETURNING). Undefined when unknown (text): the driver finds out. */
  readonly returnsRows?: boolean | undefined;
  /**
   * Keep the prepared statement on the connection under its SQL text: true for texts that will come again, false for DDL and
   * texts that will not. Undefined for text without values: the driver decides.
   */
  readonly prepare?: boolean | undefined;
  /**
   * False when no column of the result holds an integer beyond 2^53: the driver may read integers in its fastest way. True
   * or undefined: it gives every integer exactly, as a `number` where that is safe and as a `bigint` beyond.
   */
  readonly bigintRows?: boolean | undefined;
  /**
   * The name of a result column's value type (`"integer"`, `"dateTime"`) by its position and name, where the statement knows
   * it. A driver that reads such a column by itself could lose something (the microseconds of a `Date`, the difference of a
   * JSON text and a text): it hands over the form that its dialect's type rule takes. Columns without a known type are read
   * as well as the driver can. {@link Compiled.columnType} is such a function.
   */
  readonly columnType?: ((index: number, name: string) => string | undefined) | undefined;
  /** Cancels the statement on the server when it fires. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which the statement is cancelled. */
  readonly timeout?: number | undefined;
}

/** SQL's isolation levels. A dialect lists those it has. */
export type IsolationLevel = "READ UNCOMMITTED" | "READ COMMITTED" | "REPEATABLE READ" | "SERIALIZABLE" | "SNAPSHOT";

/** How a transaction begins. */
export interface BeginOptions {
  readonly isolationLevel?: IsolationLevel | undefined;
  readonly readOnly?: boolean | undefined;
  readonly deferrable?: boolean | undefined;
}

/** One argument of a stored procedure. */
export interface ProcedureArgument {
  readonly mode: "in" | "out" | "inOut";
  /** The driver's value; null for an argument that only comes out. */
  readonly value: unknown;
  /** The SQL type as in CAST, where the caller named one: always for what comes out. */
  readonly type: string | undefined;
}

/** A call of a stored procedure. */
export interface ProcedureCall {
  /** The procedure's name as SQL text: quoted, with its schema. */
  readonly name: string;
  readonly arguments: readonly ProcedureArgument[];
}

/** What a stored procedure gives. */
export interface ProcedureAnswer {
  /** The result sets in order; without those of statements that return no rows. */
  readonly results: readonly DriverResult[];
  /** The values of the arguments that come out, in their order. */
  readonly outputs: readonly unknown[];
}

/**
 * Two-phase commit on one connection. `id` names the transaction for the whole server; until it is prepared it belongs to
 * this connection, afterwards to nobody: it outlives the connection and the server.
 */
export interface TwoPhaseDriver {
  begin(id: string, options: BeginOptions): MaybePromise<void>;
  /** The first phase: what was done is stored, and can still be rolled back. */
  prepare(id: string): MaybePromise<void>;
  /** The second phase of a prepared transaction, on any connection; or both at once of the one that is open here. */
  commit(id: string, prepared: boolean): MaybePromise<void>;
  rollback(id: string, prepared: boolean): MaybePromise<void>;
  /** The names of prepared transactions that nobody has ended. */
  recover(): MaybePromise<readonly string[]>;
}

/** One connection to the database. The engine never has two calls under way on the same connection, except `cancel`. */
export interface DriverConnection {
  /** Executes one statement. `parameters` are driver values in the order of the placeholders. */
  execute(sql: string, parameters: readonly unknown[], options: ExecuteOptions): MaybePromise<DriverResult>;
  /**
   * Executes one statement once per parameter set, in the driver's fastest way. Without RETURNING the result has no rows
   * and the summed rowCount; with it (`options.returnsRows`) the rows of all sets in the order of the input.
   */
  executeMany(
    sql: string,
    parameterSets: readonly (readonly unknown[])[],
    options: ExecuteOptions,
  ): MaybePromise<DriverResult>;
  /**
   * Reads rows in batches of about `batchSize` without holding all of them. Returning early releases the cursor. `batchSize` may
   * grow from batch to batch: an adapter that asks the server for each batch reads it anew each time.
   */
  stream(
    sql: string,
    parameters: readonly unknown[],
    options: ExecuteOptions & { readonly batchSize: number },
  ): DriverStream;
  /**
   * Calls a stored procedure; absent where the database has none. `options.columnType` tells the types of the arguments that come
   * out, by their position among them.
   */
  callProcedure?(call: ProcedureCall, options: ExecuteOptions): MaybePromise<ProcedureAnswer>;
  begin(options: BeginOptions): MaybePromise<void>;
  commit(): MaybePromise<void>;
  rollback(): MaybePromise<void>;
  savepoint(name: string): MaybePromise<void>;
  releaseSavepoint(name: string): MaybePromise<void>;
  rollbackToSavepoint(name: string): MaybePromise<void>;
  /** Two-phase commit; absent where the database or the driver has none. */
  readonly twoPhase?: TwoPhaseDriver;
  /** Sets the isolation level of the following transactions of this connection. */
  setIsolationLevel(level: IsolationLevel): MaybePromise<void>;
  /**
   * Asks the server for the isolation level of the open transaction, or outside of one of the next; `"default"`: for the one that
   * the session began with. Absent where the database does not tell.
   */
  readIsolationLevel?(which: "current" | "default"): MaybePromise<IsolationLevel>;
  /** Asks the server whether the connection lives; false or an error means it does not. */
  ping(): MaybePromise<boolean>;
  /** Brings the connection back to a clean state before it returns to the pool (rolls back what is open). */
  reset(): MaybePromise<void>;
  close(): MaybePromise<void>;
  /** The server's version as numbers, e.g. `[15, 19]`, and its product name where a dialect serves several. */
  serverVersion(): MaybePromise<ServerVersion>;
  /** The driver's own connection object, for what the contract does not cover. */
  readonly native: unknown;
  /** True once the driver has heard that the connection is gone (the server closed it while it idled): it is not lent again. */
  readonly broken?: boolean;
}

/** What {@link DriverConnection.stream} gives: batches of row arrays, and the column names once the first has come. */
export interface DriverStream extends AsyncIterable<readonly (readonly unknown[])[]> {
  readonly columns: readonly string[];
}

/** A database server's product and version. */
export interface ServerVersion {
  readonly product: string;
  readonly version: readonly number[];
}

/** The kinds of failure that mean the same on every database; the engine makes the error class of each. */
export type ErrorKind =
  | "unique"
  | "foreignKey"
  | "notNull"
  | "check"
  | "integrity"
  | "deadlock"
  | "serialization"
  | "lockTimeout"
  | "statementTimeout"
  | "cancelled"
  | "connectionLost"
  | "connect"
  | "data"
  | "programming"
  | "notSupported"
  | "operational"
  | "internal"
  | "interface";

/** What an adapter makes of a driver's error. */
export interface ErrorClassification {
  readonly kind: ErrorKind;
  readonly nativeCode?: string | undefined;
  readonly constraint?: string | undefined;
  /** True when the connection must not be used again. */
  readonly disconnected?: boolean | undefined;
}

/** How an engine pools its connections unless told otherwise. */
export interface PoolDefaults {
  readonly max: number;
  /** Every caller shares one connection, one after another, and it lives as long as the engine: in-memory databases. */
  readonly single?: boolean;
}

/** A driver adapter. */
export interface Driver {
  /** The npm package that it drives, e.g. `"pg"`. */
  readonly name: string;
  /** How an engine pools the connections of this driver unless told otherwise, where its dialect's way is not the right one. */
  readonly poolDefaults?: PoolDefaults;
  /** Opens a connection. The package is imported here, not before, so that an unused driver need not be installed. */
  connect(options: ConnectOptions): MaybePromise<DriverConnection>;
  /** Says what kind of failure a driver's error is. */
  classify(error: unknown): ErrorClassification;
}
