import {
  type DDLCompiler,
  Dialect,
  type DialectFlags,
  type Driver,
  type FunctionRule,
  type IsolationLevel,
  type JsonRules,
  type OperatorRules,
  type PlaceholderStyle,
  type PoolDefaults,
  type Reflector,
  type SQLCompiler,
  type TypeRules,
} from "@acme/core/dialect";
import { SqliteCompiler } from "./compiler.js";
import { SqliteDdlCompiler } from "./ddl-compiler.js";
import { betterSqlite3, nodeSqlite } from "./driver.js";
import { SQLITE_FLAGS } from "./flags.js";
import { SQLITE_FUNCTIONS } from "./functions.js";
import { SqliteJson } from "./json.js";
import { SqliteReflector } from "./reflect/reflector.js";
import { SQLITE_RESERVED_WORDS } from "./reserved-words.js";
import { SQLITE_TYPES } from "./types.js";

/** SQLite 3.45 and later. */
export class SqliteDialect extends Dialect {
  override readonly name: string = "sqlite";
  override readonly flags: DialectFlags = SQLITE_FLAGS;
  override readonly isolationLevels: readonly IsolationLevel[] = ["READ UNCOMMITTED", "SERIALIZABLE"];
  override readonly json: JsonRules = new SqliteJson();
  override readonly typeRules: TypeRules = SQLITE_TYPES;
  override readonly functions: Readonly<Record<string, FunctionRule>> = SQLITE_FUNCTIONS;
  override readonly operators: OperatorRules = {
    bitXor: {
      operands: "atoms",
      repeats: true,
      write: (left, right) => `((${left} | ${right}) - (${left} & ${right}))`,
    },
  };
  override readonly reservedWords: ReadonlySet<string> = SQLITE_RESERVED_WORDS;
  override readonly drivers: Readonly<Record<string, Driver>> = {
    "better-sqlite3": betterSqlite3(),
    node: nodeSqlite(),
  };
  override readonly reflector: Reflector = new SqliteReflector();
  override readonly reusesPlaceholders: boolean = false;
  override readonly placeholder: PlaceholderStyle = () => "?";

  override createCompiler(): SQLCompiler {
    return new SqliteCompiler(this);
  }

  override createDdlCompiler(): DDLCompiler {
    return new SqliteDdlCompiler(this);
  }

  /** A database in memory belongs to its connection, so that there is one for all. */
  override poolDefaults(database: string | undefined): PoolDefaults {
    return inMemory(database) ? { max: 1, single: true } : { max: 5 };
  }
}

function inMemory(database: string | undefined): boolean {
  return database === undefined || database === "" || database === ":memory:";
}

/**
 * The SQLite dialect, for compiling without an engine.
 *
 * @example
 * ```ts
 * stmt.compile({ dialect: sqlite() }).sql;
 * ```
 */
export function sqlite(): SqliteDialect {
  return new SqliteDialect();
}
