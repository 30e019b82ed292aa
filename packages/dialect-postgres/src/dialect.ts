import {
  type DDLCompiler,
  Dialect,
  type DialectFlags,
  type Driver,
  type IsolationLevel,
  type JsonRules,
  type OperatorRules,
  type Reflector,
  type ServerVersion,
  type SQLCompiler,
  STANDARD_FLAGS,
  type TypeRules,
} from "@acme/core/dialect";
import { PostgresCompiler } from "./compiler.js";
import { PostgresDdlCompiler } from "./ddl-compiler.js";
import { ISOLATION_LEVELS } from "./driver/unsent.js";
import { pgDriver, pgliteDriver } from "./driver.js";
import { PostgresJson } from "./json.js";
import { postgresReflector } from "./reflect.js";
import { POSTGRES_RESERVED_WORDS } from "./reserved-words.js";
import { POSTGRES_TYPES } from "./types.js";

/** The version that statements are written for where no server was asked. */
const NEWEST = 18;

/** Options of {@link postgres}. */
export interface PostgresOptions {
  /** The server's major version, for compiling without a connection. An engine asks the server. Default: 18. */
  readonly version?: number;
}

/** PostgreSQL, version 12 or newer. */
export class PostgresDialect extends Dialect {
  override readonly name: string = "postgresql";
  /** The major version that SQL is written for. */
  readonly version: number;
  override readonly flags: DialectFlags;
  override readonly isolationLevels: readonly IsolationLevel[] = ISOLATION_LEVELS;
  override readonly operators: OperatorRules = { bitXor: "#" };
  override readonly json: JsonRules = new PostgresJson();
  override readonly typeRules: TypeRules = POSTGRES_TYPES;
  override readonly reservedWords: ReadonlySet<string> = POSTGRES_RESERVED_WORDS;
  override readonly drivers: Readonly<Record<string, Driver>> = { pg: pgDriver, pglite: pgliteDriver };
  override readonly reflector: Reflector = postgresReflector;
  /** Computed columns that are not stored: version 18. */
  readonly virtualColumns: boolean;
  override readonly placeholder = (index: number): string => `$${index}`;

  constructor(options: PostgresOptions = {}) {
    super();
    this.version = options.version ?? NEWEST;
    this.virtualColumns = this.version >= 18;
    this.flags = flagsOf(this.version);
  }

  override createCompiler(): SQLCompiler {
    return new PostgresCompiler(this);
  }

  override createDdlCompiler(): DDLCompiler {
    return new PostgresDdlCompiler(this);
  }

  override forServer({ version }: ServerVersion): Dialect {
    const [major] = version;
    return major === undefined || major === this.version ? this : new PostgresDialect({ version: major });
  }

  /**
   * A text as a string literal. One with a backslash is written in the `E` form, which reads the same whether
   * `standard_conforming_strings` is on or off.
   */
  override quoteString(text: string): string {
    return text.includes("\\") ? `E${super.quoteString(text.replaceAll("\\", "\\\\"))}` : super.quoteString(text);
  }

  override identifierLength(name: string): number {
    return new TextEncoder().encode(name).length;
  }
}

function flagsOf(version: number): DialectFlags {
  return {
    ...STANDARD_FLAGS,
    implicitReturning: true,
    fetchPercent: false,
    statementHints: "none",
    tableHints: "none",
    // The manual says nothing. The executor takes VALUES from first to last and gives each row back as it is inserted, never in
    // parallel; row by row would cost twenty times as much. The conformance suite checks it.
    insertReturningOrder: "input",
    // A Bind message counts its values in 16 bits.
    maxParameters: 65_535,
    // Bytes; a longer name would silently be cut off.
    maxIdentifierLength: 63,
    conflictClauses: "one",
    // MERGE: 15. RETURNING and WHEN NOT MATCHED BY SOURCE: 17. https://www.postgresql.org/docs/current/sql-merge.html
    merge: version >= 15,
    mergeReturning: version >= 17,
    mergeBySource: version >= 17,
    // old and new in RETURNING: 18. https://www.postgresql.org/docs/current/dml-returning.html
    rowVersions: version >= 18,
  };
}

/**
 * The dialect for PostgreSQL, for compiling without a connection.
 *
 * @example
 * ```ts
 * stmt.compile({ dialect: postgres() }).sql;
 * ```
 * SQL: `SELECT users.name FROM users WHERE users.id = $1`
 */
export function postgres(options: PostgresOptions = {}): PostgresDialect {
  return new PostgresDialect(options);
}
