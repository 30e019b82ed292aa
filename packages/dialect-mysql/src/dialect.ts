import {
  ArgumentError,
  Dialect,
  type DialectFlags,
  type Driver,
  type FunctionRule,
  type IsolationLevel,
  type JsonRules,
  type OperatorRules,
  type PlaceholderStyle,
  type ServerVersion,
  STANDARD_FUNCTIONS,
  type TypeRules,
} from "@acme/core/dialect";
import { MySQLCompiler } from "./compiler.js";
import { MySQLDdlCompiler } from "./ddl.js";
import { mysql2Driver } from "./driver.js";
import { flagsOf, type Traits, traitsOf } from "./flags.js";
import { ISOLATION_LEVELS } from "./isolation.js";
import { MySQLJson } from "./json.js";
import { stringLiteral } from "./literals.js";
import { MYSQL_OPERATORS } from "./operators.js";
import { MySQLReflector } from "./reflect.js";
import { MYSQL_RESERVED_WORDS } from "./reserved-words.js";
import { typeRules } from "./types.js";
import { type Flavour, parseVersion, type Version } from "./version.js";

/** Options of {@link mysql} and {@link mariadb}. */
export interface MySQLOptions {
  /**
   * The server's version, for compiling without a connection: `"8.0.13"` has no LATERAL. An engine asks the server.
   * Default: 8.4 for MySQL, 10.11 for MariaDB.
   */
  readonly version?: string;
}

/** The versions that statements are compiled for where no server has been asked: the oldest with long-term support. */
const DEFAULT_VERSIONS: Readonly<Record<Flavour, Version>> = { mysql: [8, 4], mariadb: [10, 11] };

const FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  ...STANDARD_FUNCTIONS,
  // Without a number the fraction of the second is cut off.
  now: () => "CURRENT_TIMESTAMP(6)",
  current_timestamp: () => "CURRENT_TIMESTAMP(6)",
  current_time: () => "CURRENT_TIME(6)",
  localtime: () => "CURRENT_TIME(6)",
  localtimestamp: () => "LOCALTIMESTAMP(6)",
  session_user: () => "SESSION_USER()",
  current_role: () => "CURRENT_ROLE()",
  random: "rand",
  array_agg: false,
  mode: false,
};

/** The dialect of MySQL 8 and MariaDB 10.11, and later. Made by {@link mysql} and {@link mariadb}. */
export class MySQLDialect extends Dialect {
  override readonly name: Flavour;
  override readonly flags: DialectFlags;
  override readonly isolationLevels: readonly IsolationLevel[] = ISOLATION_LEVELS;
  override readonly typeRules: TypeRules;
  override readonly json: JsonRules;
  override readonly functions: Readonly<Record<string, FunctionRule>> = FUNCTIONS;
  override readonly operators: OperatorRules = MYSQL_OPERATORS;
  override readonly reservedWords: ReadonlySet<string> = MYSQL_RESERVED_WORDS;
  override readonly drivers: Readonly<Record<string, Driver>> = { mysql2: mysql2Driver };
  override readonly reflector: MySQLReflector;
  override readonly reusesPlaceholders: boolean = false;
  override readonly placeholder: PlaceholderStyle = () => "?";
  /** What the product and version do differently from each other. */
  readonly traits: Traits;

  constructor(flavour: Flavour, version: Version = DEFAULT_VERSIONS[flavour]) {
    super();
    this.name = flavour;
    this.flags = flagsOf(flavour, version);
    this.traits = traitsOf(flavour, version);
    this.typeRules = typeRules(this.traits);
    this.json = new MySQLJson(this.traits.jsonType);
    this.reflector = new MySQLReflector(flavour);
  }

  override createCompiler(): MySQLCompiler {
    return new MySQLCompiler(this, this.traits);
  }

  override createDdlCompiler(): MySQLDdlCompiler {
    return new MySQLDdlCompiler(this, this.traits);
  }

  /** A `mysql://` URL may lead to a MariaDB, and the other way round: the server says what it is. */
  /**
   * An INSERT of rows whose number is known in advance ("simple insert") gets keys without gaps in every
   * `innodb_autoinc_lock_mode` (https://dev.mysql.com/doc/refman/9.0/en/innodb-auto-increment-handling.html), and
   * LAST_INSERT_ID() is the first of them (https://dev.mysql.com/doc/refman/9.0/en/information-functions.html).
   */
  override readonly generatedKeyStep = "SELECT @@auto_increment_increment";

  override forServer({ product, version }: ServerVersion): MySQLDialect {
    return new MySQLDialect(product === "MariaDB" ? "mariadb" : "mysql", version);
  }

  override quoteAlways(name: string): string {
    return `\`${name.replaceAll("`", "``")}\``;
  }

  override quoteString(text: string): string {
    return stringLiteral(text);
  }
}

/**
 * The dialect of MySQL 8.0 and later.
 *
 * @example
 * ```ts
 * select(users.c.id).where(users.c.name.isNotDistinctFrom("x")).compile({ dialect: mysql() }).sql;
 * ```
 * SQL: `SELECT users.id FROM users WHERE users.name <=> ?`
 */
export function mysql(options: MySQLOptions = {}): MySQLDialect {
  return make("mysql", options);
}

/**
 * The dialect of MariaDB 10.11 and later. Other than MySQL it has `INSERT ... RETURNING`, `DELETE ... RETURNING` and UUID, and
 * no LATERAL.
 *
 * @example
 * ```ts
 * mariadb().compile(insert(users).values({ name: "alice" }).returning(users.c.id)).sql;
 * ```
 * SQL: `INSERT INTO users (name) VALUES (?) RETURNING users.id`
 */
export function mariadb(options: MySQLOptions = {}): MySQLDialect {
  return make("mariadb", options);
}

function make(flavour: Flavour, { version }: MySQLOptions): MySQLDialect {
  if (version === undefined) return new MySQLDialect(flavour);
  const numbers = parseVersion(version);
  if (numbers.length > 0) return new MySQLDialect(flavour, numbers);
  throw new ArgumentError(`"${version}" is no version.`, {
    code: "BAD_VERSION",
    remedy: 'Give numbers such as "8.0.36".',
  });
}
