import {
  type DDLCompiler,
  Dialect,
  type DialectFlags,
  type Driver,
  type OperatorRules,
  type Reflector,
  type ServerVersion,
  type SQLCompiler,
  STANDARD_FLAGS,
  type TypeRules,
} from "@acme/core/dialect";
import { PostgresCompiler } from "./compiler.js";
import { PostgresDdlCompiler } from "./ddl-compiler.js";
import { pgDriver, pgliteDriver } from "./driver.js";
import { postgresReflector } from "./reflect.js";
import { POSTGRES_RESERVED_WORDS } from "./reserved-words.js";
import { POSTGRES_TYPES } from "./types.js";

/** What an older server does not have. Without a server the newest is assumed. */
export interface PostgresFeatures {
  /** Computed columns that are not stored: version 18. */
  readonly virtualColumns?: boolean;
}

/** PostgreSQL, version 12 or newer. */
export class PostgresDialect extends Dialect {
  override readonly name: string = "postgresql";
  override readonly flags: DialectFlags = {
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
  };
  override readonly operators: OperatorRules = { bitXor: "#" };
  override readonly typeRules: TypeRules = POSTGRES_TYPES;
  override readonly reservedWords: ReadonlySet<string> = POSTGRES_RESERVED_WORDS;
  override readonly drivers: Readonly<Record<string, Driver>> = { pg: pgDriver, pglite: pgliteDriver };
  override readonly reflector: Reflector = postgresReflector;
  readonly virtualColumns: boolean;
  override readonly placeholder = (index: number): string => `$${index}`;

  constructor(features: PostgresFeatures = {}) {
    super();
    this.virtualColumns = features.virtualColumns ?? true;
  }

  override createCompiler(): SQLCompiler {
    return new PostgresCompiler(this);
  }

  override createDdlCompiler(): DDLCompiler {
    return new PostgresDdlCompiler(this);
  }

  override forServer({ version }: ServerVersion): Dialect {
    return (version[0] ?? 0) < 18 ? new PostgresDialect({ virtualColumns: false }) : this;
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

/**
 * The dialect for PostgreSQL, for compiling without a connection.
 *
 * @example
 * ```ts
 * stmt.compile({ dialect: postgres() }).sql;
 * ```
 * SQL: `SELECT users.name FROM users WHERE users.id = $1`
 */
export function postgres(): PostgresDialect {
  return new PostgresDialect();
}
