/**
 * The part of better-sqlite3 that the adapter uses, from version 11 on; `node-sqlite.ts` gives `node:sqlite` the same face. Declared
 * here, so that neither the adapter nor those who use it depend on a package of types.
 */
export interface SqliteModule {
  readonly default: new (filename: string, options: SqliteOpenOptions) => SqliteDatabase;
}

export interface SqliteOpenOptions {
  readonly readonly?: boolean;
  readonly fileMustExist?: boolean;
  /** Milliseconds for which SQLite itself waits for a lock, blocking the event loop. */
  readonly timeout?: number;
  readonly nativeBinding?: string;
}

/** An open database. */
export interface SqliteDatabase {
  readonly open: boolean;
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  pragma(text: string): unknown;
  /** Registers a function for SQL. */
  function(name: string, options: { readonly deterministic: boolean }, body: (...values: never[]) => unknown): unknown;
  close(): unknown;
}

/** A prepared statement. Values are bound by giving them in one array. */
export interface SqliteStatement {
  /** Whether it returns rows. */
  readonly reader: boolean;
  run(values: readonly unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  all(values: readonly unknown[]): unknown[];
  iterate(values: readonly unknown[]): IterableIterator<unknown>;
  /** Rows as arrays. */
  raw(on: boolean): unknown;
  /** Integers as `bigint`. */
  safeIntegers(on: boolean): unknown;
  columns(): readonly { readonly name: string }[];
}
