import { DriverMissingError, ProgrammingError } from "@acme/core/dialect";
import type { SqliteDatabase, SqliteModule, SqliteOpenOptions, SqliteStatement } from "./native.js";

type Value = null | number | bigint | string | Uint8Array;

/** The part of `node:sqlite` that is used here. */
interface NodeDatabase {
  readonly isOpen: boolean;
  readonly isTransaction: boolean;
  prepare(sql: string): NodeStatement;
  function(name: string, options: { readonly deterministic: boolean }, body: (...values: never[]) => unknown): void;
  close(): void;
}

interface NodeStatement {
  /** The text up to the end of the first statement. */
  readonly sourceSQL: string;
  run(...values: Value[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  all(...values: Value[]): unknown[];
  iterate(...values: Value[]): IterableIterator<unknown>;
  columns(): readonly { readonly name: string }[];
  setReturnArrays(on: boolean): void;
  setReadBigInts(on: boolean): void;
}

interface NodeModule {
  readonly DatabaseSync: new (path: string | URL, options: Readonly<Record<string, unknown>>) => NodeDatabase;
}

/**
 * Gives `node:sqlite` the face of better-sqlite3, so that one adapter drives both. Needs Node.js 22.16 or 24: before, rows
 * could not be read as arrays.
 */
export async function loadNodeSqlite(
  load: () => Promise<unknown> = () => import("node:sqlite"),
): Promise<SqliteModule> {
  let found: NodeModule;
  try {
    found = (await load()) as NodeModule;
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code !== "ERR_UNKNOWN_BUILTIN_MODULE") throw cause;
    throw tooOld(cause);
  }
  const { pathToFileURL } = await import("node:url");
  return {
    default: class extends Database {
      constructor(filename: string, options: SqliteOpenOptions) {
        const mustExist = options.fileMustExist && !/^(file:|:memory:$)/.test(filename);
        const place = mustExist ? pathToFileURL(filename) : filename;
        // SQLite's own way to say that a file must not be created.
        if (place instanceof URL) place.searchParams.set("mode", options.readonly ? "ro" : "rw");
        super(new found.DatabaseSync(place, { readOnly: options.readonly ?? false, timeout: options.timeout ?? 0 }));
      }
    },
  };
}

function tooOld(cause?: unknown): DriverMissingError {
  return new DriverMissingError("This Node.js has no node:sqlite, or one that cannot read rows as arrays.", {
    code: "DRIVER_TOO_OLD",
    remedy: "Use Node.js 22.16 or 24 and later, or the driver better-sqlite3.",
    cause,
  });
}

/** A database of `node:sqlite`, as the adapter sees it; made of one that is open, too. */
export class Database implements SqliteDatabase {
  readonly native: NodeDatabase;

  constructor(native: NodeDatabase) {
    this.native = native;
  }

  get open(): boolean {
    return this.native.isOpen;
  }

  get inTransaction(): boolean {
    return this.native.isTransaction;
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.native.prepare(sql);
    if (typeof statement.setReturnArrays !== "function") throw tooOld();
    // It executes the first of several statements and forgets the others, and takes NULL for a value that is missing.
    if (!BLANK.test(sql.slice(statement.sourceSQL.length))) {
      throw new ProgrammingError("The text contains more than one statement.", { statement: sql });
    }
    return new Statement(statement, sql);
  }

  pragma(text: string): unknown {
    return this.prepare(`PRAGMA ${text}`).all([]);
  }

  function(name: string, options: { readonly deterministic: boolean }, body: (...values: never[]) => unknown): void {
    this.native.function(name, options, body);
  }

  close(): void {
    this.native.close();
  }
}

const BLANK = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))*$/;

const CHANGES = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:insert|update|delete|replace|with)\b/i;

class Statement implements SqliteStatement {
  readonly reader: boolean;
  private readonly native: NodeStatement;
  private readonly sql: string;
  private readonly wanted: number | undefined;
  private readonly changes: boolean;

  constructor(native: NodeStatement, sql: string) {
    this.native = native;
    this.sql = sql;
    this.reader = native.columns().length > 0;
    this.wanted = placeholders(sql);
    this.changes = CHANGES.test(sql);
  }

  run(values: readonly unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint } {
    const { changes, lastInsertRowid } = this.native.run(...this.checked(values));
    // Behind DDL the count is that of the last statement which changed rows.
    return { changes: this.changes ? Number(changes) : 0, lastInsertRowid };
  }

  all(values: readonly unknown[]): unknown[] {
    return this.native.all(...this.checked(values));
  }

  iterate(values: readonly unknown[]): IterableIterator<unknown> {
    return this.native.iterate(...this.checked(values));
  }

  raw(on: boolean): void {
    this.native.setReturnArrays(on);
  }

  safeIntegers(on: boolean): void {
    this.native.setReadBigInts(on);
  }

  columns(): readonly { readonly name: string }[] {
    return this.native.columns();
  }

  private checked(values: readonly unknown[]): Value[] {
    if (this.wanted !== undefined && this.wanted !== values.length) {
      throw new ProgrammingError(
        `The statement has ${this.wanted} placeholders but was given ${values.length} values.`,
        { code: "PARAMETER_COUNT", statement: this.sql },
      );
    }
    // An object in front would be taken for named parameters.
    const [first] = values;
    if (typeof first === "object" && first !== null && !ArrayBuffer.isView(first)) {
      throw new TypeError("Provided value cannot be bound to SQLite parameter 1.");
    }
    return values as Value[];
  }
}

const TOKENS = /'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\/|\?\d*|[:@$][A-Za-z_]\w*/g;

/** How many values a text takes; undefined where its parameters have numbers or names, which count otherwise. */
function placeholders(sql: string): number | undefined {
  let count = 0;
  for (const [token] of sql.matchAll(TOKENS)) {
    if (token === "?") count += 1;
    else if (/^[?:@$]/.test(token)) return undefined;
  }
  return count;
}
