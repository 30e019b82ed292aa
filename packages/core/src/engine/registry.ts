import type { Dialect } from "../dialect/dialect.js";
import { NoSuchDialectError } from "../errors/index.js";

/** Makes a dialect. Called once an engine. */
export type DialectFactory = () => Dialect;

const factories = new Map<string, DialectFactory>();

/** What to install for the names that people write in URLs: a hint for messages, nothing is loaded from it. */
const PACKAGES: Readonly<Record<string, readonly [dialect: string, driver: string]>> = {
  sqlite: ["@acme/dialect-sqlite", "better-sqlite3"],
  postgresql: ["@acme/dialect-postgres", "pg"],
  postgres: ["@acme/dialect-postgres", "pg"],
  mysql: ["@acme/dialect-mysql", "mysql2"],
  mariadb: ["@acme/dialect-mysql", "mysql2"],
  oracle: ["@acme/dialect-oracle", "oracledb"],
  mssql: ["@acme/dialect-mssql", "tedious"],
  sqlserver: ["@acme/dialect-mssql", "tedious"],
};

/**
 * Makes a dialect known under the name that URLs begin with. A dialect's package calls it when it is imported;
 * registering a name again replaces it.
 *
 * @example
 * ```ts
 * registerDialect("postgresql", () => new PostgresDialect(), { aliases: ["postgres"] });
 * ```
 */
export function registerDialect(
  name: string,
  factory: DialectFactory,
  options: { readonly aliases?: readonly string[] } = {},
): void {
  for (const each of [name, ...(options.aliases ?? [])]) factories.set(each.toLowerCase(), factory);
}

/** The names under which dialects are registered, in the order of registration. */
export function registeredDialects(): readonly string[] {
  return [...factories.keys()];
}

/**
 * Makes the dialect of a name. Throws NoSuchDialectError (`NO_SUCH_DIALECT`) that says what to install and import.
 *
 * @example
 * ```ts
 * const sql = dialectByName("sqlite").compile(stmt).sql;
 * ```
 */
export function dialectByName(name: string): Dialect {
  const factory = factories.get(name.toLowerCase());
  if (factory !== undefined) return factory();
  const known = registeredDialects();
  const registered = known.length === 0 ? "none is" : `there ${known.length === 1 ? "is" : "are"} ${known.join(", ")}`;
  throw new NoSuchDialectError(`No dialect is registered under the name "${name}" (${registered}).`, {
    remedy: remedyFor(name),
  });
}

function remedyFor(name: string): string {
  const found = Object.hasOwn(PACKAGES, name.toLowerCase()) ? PACKAGES[name.toLowerCase()] : undefined;
  if (found === undefined) return "Check the name, or import the package of the dialect before calling createEngine().";
  const [dialect, driver] = found;
  return `Run \`npm install ${dialect} ${driver}\` and write \`import "${dialect}";\` before calling createEngine().`;
}
