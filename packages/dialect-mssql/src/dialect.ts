import {
  ArgumentError,
  CompileError,
  type DDLCompiler,
  Dialect,
  type DialectFlags,
  type Driver,
  type FunctionRule,
  type IsolationLevel,
  type JsonRules,
  type PlaceholderStyle,
  type Reflector,
  type ServerVersion,
  type SQLCompiler,
  STANDARD_FLAGS,
  type TypeRules,
} from "@acme/core/dialect";
import { MssqlCompiler } from "./compiler.js";
import { MssqlDdlCompiler } from "./ddl-compiler.js";
import { MssqlDriver } from "./driver/driver.js";
import { MSSQL_FUNCTIONS } from "./functions.js";
import { MssqlJson } from "./json.js";
import { MssqlReflector } from "./reflect.js";
import { MSSQL_RESERVED_WORDS } from "./reserved-words.js";
import { schemaParts } from "./schema-path.js";
import { MSSQL_TYPES } from "./types.js";

/** SQL Server 2017: the first release with TRIM and STRING_AGG. */
const FIRST_VERSION = 14;
/** SQL Server 2022: IS DISTINCT FROM, ISJSON(x, VALUE). */
const VERSION_2022 = 16;
const VERSION_2025 = 17;

/** Options of {@link mssql}. */
export interface MssqlOptions {
  /** The major version of the server, 14 (SQL Server 2017) or later: 15 is 2019, 16 is 2022. An engine finds it out by itself. Default 14. */
  readonly version?: number;
}

/**
 * Microsoft SQL Server 2017 and later and Azure SQL, on the driver tedious.
 *
 * - RETURNING is `OUTPUT`, which the server refuses on tables with triggers: say so with the table option
 *   `dialectOptions: { mssql: { triggers: true } }`, and generated keys are read by SCOPE_IDENTITY().
 * - A value for an IDENTITY column is inserted under `SET IDENTITY_INSERT ... ON`. A primary key of one integer column counts as
 *   IDENTITY; write `primaryKey({ autoincrement: false })` for one that is not.
 * - ORDER BY in a subquery that is not cut off is left out.
 * - A row limit with an offset, or on a set operation, that is a parameter must not be 0: FETCH takes one row at least. `limit(0)`
 *   is written as `TOP (0)`.
 * - UNIQUE allows one NULL only.
 * - A schema with a dot in its name is that of another database: `schema: "crm.dbo"`; brackets keep a dot in a name.
 */
export class MssqlDialect extends Dialect {
  override readonly name: string = "mssql";
  /** The major version that SQL is written for. */
  readonly version: number;
  override readonly flags: DialectFlags;
  override readonly json: JsonRules;
  override readonly isolationLevels: readonly IsolationLevel[] = [
    "READ UNCOMMITTED",
    "READ COMMITTED",
    "REPEATABLE READ",
    "SERIALIZABLE",
    "SNAPSHOT",
  ];
  override readonly typeRules: TypeRules = MSSQL_TYPES;
  override readonly functions: Readonly<Record<string, FunctionRule>> = MSSQL_FUNCTIONS;
  override readonly reservedWords: ReadonlySet<string> = MSSQL_RESERVED_WORDS;
  override readonly drivers: Readonly<Record<string, Driver>> = { tedious: new MssqlDriver() };
  override readonly reflector: Reflector = new MssqlReflector();
  override readonly placeholder: PlaceholderStyle = (index) => `@p${index}`;

  constructor(options: MssqlOptions = {}) {
    super();
    const version = options.version ?? FIRST_VERSION;
    if (!(version >= FIRST_VERSION)) {
      throw new ArgumentError(`SQL Server version ${version} is not supported.`, {
        code: "OLD_SERVER",
        remedy: "Use SQL Server 2017 (version 14) or later.",
      });
    }
    this.version = version;
    this.flags = mssqlFlags(version);
    this.json = new MssqlJson(version);
  }

  override createCompiler(): SQLCompiler {
    return new MssqlCompiler(this);
  }

  override createDdlCompiler(): DDLCompiler {
    return new MssqlDdlCompiler(this, this.version >= VERSION_2022);
  }

  /** Azure SQL Database, whose version is always 12, has what the newest release has; an instance may be held at 2022. */
  override forServer({ product, version }: ServerVersion): Dialect {
    const major = product === "azure" ? VERSION_2025 : product === "azureManagedInstance" ? VERSION_2022 : version[0];
    return major === undefined || major === this.version ? this : new MssqlDialect({ version: major });
  }

  override quoteAlways(name: string): string {
    return `[${name.replaceAll("]", "]]")}]`;
  }

  /** `crm.dbo` names a schema of another database: see {@link schemaParts}. */
  override schemaName(schema: string): string {
    const parts = schemaParts(schema);
    if (parts.length <= 2) return parts.map((part) => this.quote(part)).join(".");
    // A column's name has four parts at most: column, table, schema, database.
    throw new CompileError(`The schema "${schema}" has more parts than a database and a schema.`, {
      code: "BAD_SCHEMA",
      remedy: "Make a synonym for a table of a linked server; put brackets around a name that has a dot in it.",
    });
  }

  /** SQL Server takes no quoted name of a collation. */
  override collationName(parts: readonly string[]): string {
    const name = parts.join(".");
    if (/^\w+$/.test(name)) return name;
    throw new CompileError(`"${name}" is no name of a collation on ${this.name}.`, { code: "BAD_COLLATION" });
  }

  /** `N'...'`: without the N, characters outside of the database's code page are lost. */
  override quoteString(text: string): string {
    return `N${super.quoteString(text)}`;
  }
}

function mssqlFlags(version: number): DialectFlags {
  return {
    ...STANDARD_FLAGS,
    booleanKeywords: false,
    booleanExpressions: false,
    implicitReturning: true,
    insertReturningOrder: "keys",
    upsert: "merge",
    mergeDoNothing: false,
    // Error 10738: https://learn.microsoft.com/sql/t-sql/queries/table-value-constructor-transact-sql
    maxInsertRows: 1000,
    // 2100, of which sp_executesql takes two for the statement and the list of parameters.
    maxParameters: 2098,
    maxIdentifierLength: 128,
    nullsOrdering: false,
    nullsSortHigh: false,
    keyLocks: false,
    distinctOn: false,
    setOperationsAll: false,
    nestedCtes: false,
    dmlInCtes: false,
    materializedCtes: false,
    searchAndCycle: false,
    columnAliases: false,
    ordinality: false,
    compositeFields: false,
    statementHints: "option",
    aggregateFilter: false,
    aggregateOrder: false,
    // PERCENTILE_CONT and PERCENTILE_DISC are window functions.
    withinGroup: "window",
    windowClause: version >= VERSION_2022,
    frames: { groups: false, exclude: false, rangeOffset: "none" },
    parenthesizedQueries: false,
    recursiveKeyword: false,
    tupleComparison: false,
    ilike: false,
    betweenSymmetric: false,
    arrays: false,
    distinctFrom: version >= VERSION_2022,
    regexp: version >= VERSION_2025,
    comments: "statement",
  };
}

/**
 * SQL Server, for compiling without a connection. Importing the package registers it for engine URLs:
 * `mssql://sa:secret@localhost:1433/shop?trustServerCertificate=true`.
 *
 * @example
 * ```ts
 * select(users.c.id).limit(5).compile({ dialect: mssql() }).sql;   // SELECT TOP (@p1) users.id FROM users
 * ```
 */
export function mssql(options: MssqlOptions = {}): MssqlDialect {
  return new MssqlDialect(options);
}
