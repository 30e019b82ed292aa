import {
  type AnyType,
  ArgumentError,
  CompileError,
  type DDLCompiler,
  Dialect,
  type DialectFlags,
  type Driver,
  type FunctionRule,
  type IsolationLevel,
  type JsonRules,
  type OperatorRules,
  type PlaceholderStyle,
  type Reflector,
  type ServerVersion,
  type SQLCompiler,
  STANDARD_FLAGS,
  type TypeNameUse,
  type TypeRules,
} from "@acme/core/dialect";
import { OracleCompiler } from "./compiler.js";
import { OracleDdlCompiler } from "./ddl-compiler.js";
import { OracleDriver } from "./driver/driver.js";
import { ORACLE_FUNCTIONS } from "./functions.js";
import { OracleJson } from "./json.js";
import { needsQuotes } from "./names.js";
import { checkRelease } from "./native/oracle-type.js";
import { ORACLE_OPERATORS } from "./operators.js";
import { OracleReflector } from "./reflect.js";
import { ORACLE_RESERVED_WORDS } from "./reserved-words.js";
import { oracleTypes } from "./types.js";

/** The release whose SQL is written when none is named: the oldest one with long-term support. */
const DEFAULT_VERSION = 19;
const FIRST_VERSION = 12;
/** Oracle Database 23ai has truth values and much of what standard SQL has beside them. */
const MODERN = 23;

/** Options of {@link oracle}. */
export interface OracleOptions {
  /** The major release of the server, 12 (12.2) or later: 19, 21, 23. An engine finds it out by itself. Default 19. */
  readonly version?: number;
  /**
   * The longest name in bytes: 128, the default, or 30 for a database whose parameter COMPATIBLE is below 12.2. Longer labels are cut,
   * longer names of tables and columns are refused.
   */
  readonly maxIdentifierLength?: 30 | 128;
}

/**
 * Oracle Database 12.2 and later, on the driver oracledb in its thin mode.
 *
 * - Names of lower-case letters stay unquoted, so the database knows them in upper case, as its own tools do.
 * - An empty string is NULL to Oracle: `""` reads back as null, and `eq("")` finds nothing.
 * - `'a' || NULL` is `'a'`.
 * - DDL commits the open transaction.
 */
export class OracleDialect extends Dialect {
  override readonly name: string = "oracle";
  /** The major release that SQL is written for. */
  readonly version: number;
  private readonly options: OracleOptions;
  override readonly flags: DialectFlags;
  override readonly isolationLevels: readonly IsolationLevel[] = ["READ COMMITTED", "SERIALIZABLE"];
  override readonly typeRules: TypeRules;
  override readonly json: JsonRules;
  override readonly functions: Readonly<Record<string, FunctionRule>> = ORACLE_FUNCTIONS;
  override readonly operators: OperatorRules = ORACLE_OPERATORS;
  override readonly reservedWords: ReadonlySet<string> = ORACLE_RESERVED_WORDS;
  override readonly drivers: Readonly<Record<string, Driver>> = { oracledb: new OracleDriver() };
  override readonly reflector: Reflector = new OracleReflector();
  override readonly reusesPlaceholders: boolean = false;
  override readonly placeholder: PlaceholderStyle = (index) => `:${index}`;

  constructor(options: OracleOptions = {}) {
    super();
    const version = options.version ?? DEFAULT_VERSION;
    if (!(version >= FIRST_VERSION)) {
      throw new ArgumentError(`Oracle ${version} is not supported.`, {
        code: "OLD_SERVER",
        remedy: "Use Oracle Database 12.2 or later.",
      });
    }
    this.version = version;
    this.options = options;
    this.flags = oracleFlags(version, options.maxIdentifierLength ?? 128);
    this.typeRules = oracleTypes(this.modern);
    this.json = new OracleJson(version);
  }

  private get modern(): boolean {
    return this.version >= MODERN;
  }

  override createCompiler(): SQLCompiler {
    return new OracleCompiler(this, this.version);
  }

  override createDdlCompiler(): DDLCompiler {
    return new OracleDdlCompiler(this, this.modern);
  }

  override forServer({ version }: ServerVersion): Dialect {
    const [major] = version;
    return major === undefined || major === this.version
      ? this
      : new OracleDialect({ ...this.options, version: major });
  }

  override typeName(type: AnyType, use: TypeNameUse = "ddl"): string {
    checkRelease(this, type, this.version);
    return super.typeName(type, use);
  }

  /** Oracle takes no quoted name of a collation. */
  override collationName(parts: readonly string[]): string {
    const name = parts.join(".");
    if (/^\w+$/.test(name)) return name;
    throw new CompileError(`"${name}" is no name of a collation on ${this.name}.`, { code: "BAD_COLLATION" });
  }

  override needsQuotes(name: string): boolean {
    return needsQuotes(name);
  }

  override quoteAlways(name: string): string {
    if (!name.includes('"')) return `"${name}"`;
    throw new CompileError("An identifier cannot contain a double quote on oracle.", { code: "BAD_IDENTIFIER" });
  }

  /** Identifiers are limited in bytes. */
  override identifierLength(name: string): number {
    return new TextEncoder().encode(name).length;
  }
}

function oracleFlags(version: number, maxIdentifierLength: number): DialectFlags {
  const modern = version >= MODERN;
  return {
    ...STANDARD_FLAGS,
    booleanKeywords: modern,
    booleanExpressions: modern,
    implicitReturning: true,
    upsert: "merge",
    // MERGE ... RETURNING, OLD and NEW: 23ai, "SQL UPDATE RETURN Clause Enhancements".
    mergeReturning: modern,
    rowVersions: modern,
    mergeBySource: false,
    mergeDoNothing: false,
    returningSources: false,
    insertMany: "executeMany",
    maxParameters: 65_535,
    // "Expression Lists" in the SQL Language Reference: 1,000 elements; 65,535 since 23ai.
    maxListLength: modern ? 65_535 : 1000,
    maxIdentifierLength,
    defaultValues: false,
    keyLocks: false,
    distinctOn: false,
    // INTERSECT ALL and MINUS ALL: Oracle 21c.
    setOperationsAll: version >= 21,
    dmlInCtes: false,
    materializedCtes: false,
    cyclePath: false,
    columnAliases: false,
    ordinality: false,
    compositeFields: false,
    tableHints: "comment",
    aggregateFilter: false,
    aggregateOrder: false,
    // Oracle Database 21c: WINDOW, GROUPS and EXCLUDE.
    windowClause: version >= 21,
    frames: { groups: version >= 21, exclude: version >= 21, rangeOffset: "any" },
    parenthesizedQueries: false,
    recursiveKeyword: false,
    cteAfterInsert: true,
    ilike: false,
    betweenSymmetric: false,
    arrays: false,
    distinctFrom: false,
    comments: "statement",
  };
}

/**
 * Oracle Database, for compiling without a connection. Importing the package registers it for engine URLs:
 * `oracle://scott:tiger@localhost:1521/FREEPDB1` (the path is the service name).
 *
 * @example
 * ```ts
 * select(users.c.id).limit(5).compile({ dialect: oracle() }).sql;   // SELECT users.id FROM users FETCH FIRST :1 ROWS ONLY
 * ```
 */
export function oracle(options: OracleOptions = {}): OracleDialect {
  return new OracleDialect(options);
}
