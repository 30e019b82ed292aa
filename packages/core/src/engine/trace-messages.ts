/** Which database an engine speaks to, as messages on diagnostics channels name it. */
export interface TraceTarget {
  /** The engine's name, where it was given one. */
  readonly engine: string | undefined;
  /** `"postgresql"`, `"sqlite"` ... */
  readonly dialect: string;
  /** The driver's npm package. */
  readonly driver: string;
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** The database's name; for SQLite the file. */
  readonly database: string | undefined;
}

/** What all messages carry. */
export interface TraceMessage {
  readonly target: TraceTarget;
  /** There from `error` on: what went wrong. */
  error?: unknown;
}

/** `tracing:acme:connect:*`: a connection is opened, prepared by listeners included. */
export type ConnectTrace = TraceMessage;

/** `tracing:acme:checkout:*`: somebody wants a connection of the pool, from the asking to the having. */
export type CheckoutTrace = TraceMessage;

/** `tracing:acme:execute:*`: one call of the driver. A stream's begins with its first batch and ends with its cursor. */
export interface ExecuteTrace extends TraceMessage {
  /** The SQL text as sent. */
  readonly sql: string;
  /** The driver's values, for a batch a list for each parameter set; undefined where the engine hides parameters. */
  readonly parameters: readonly unknown[] | undefined;
  /** How many parameter sets a batch has. */
  readonly batch: number | undefined;
  /** Whether the compiled form came from the cache. */
  readonly cached: boolean;
  /** `"select"`, `"insert"`, `"update"`, `"delete"`, `"ddl"` ...: the kind of the statement's node; undefined for bare text. */
  readonly kind: string | undefined;
  /** There from `asyncEnd` on: rows changed or read; -1 where the driver does not know. */
  rowCount?: number;
}

/** `tracing:acme:transaction:*`: one BEGIN, COMMIT, ROLLBACK, or its like for a savepoint. */
export interface TransactionTrace extends TraceMessage {
  /** `"BEGIN"`, `"COMMIT"`, `"ROLLBACK"`, `"SAVEPOINT acme_1"` ... */
  readonly operation: string;
}
