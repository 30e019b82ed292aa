import type { IsolationLevel } from "../dialect/driver.js";
import { ArgumentError } from "../errors/index.js";
import { createEngine } from "./create-engine.js";
import type { Engine } from "./engine.js";
import type { EngineOptions, EnginePoolOptions } from "./options.js";

type Read = (text: string, key: string) => unknown;

/** How the options that can be said as text are read, by name without case and separators. */
const OPTIONS: Readonly<Record<string, readonly [name: keyof EngineOptions, read: Read]>> = {
  url: ["url", (text) => text],
  name: ["name", (text) => text],
  driver: ["driver", (text) => text],
  dialect: ["dialect", (text) => text],
  echo: ["echo", level],
  echopool: ["echoPool", level],
  hideparameters: ["hideParameters", flag],
  compiledcache: ["compiledCache", count],
  slowqueryms: ["slowQueryMs", count],
  timeout: ["timeout", count],
  pagerows: ["pageRows", count],
  isolationlevel: ["isolationLevel", (text) => text.toUpperCase().replaceAll("_", " ") as IsolationLevel],
};

const POOL: Readonly<Record<string, readonly [name: keyof EnginePoolOptions, read: Read]>> = Object.fromEntries(
  [
    ...(
      ["min", "max", "overflow", "maxQueue", "acquireTimeout", "createTimeout", "idleTimeout", "recycle"] as const
    ).map((name) => [name, count] as const),
    ["prePing", flag] as const,
    ["trackLeaks", flag] as const,
    ["order", (text: string) => text.toLowerCase()] as const,
  ].map(([name, read]) => [`pool${name.toLowerCase()}`, [name, read] as const]),
);

/**
 * Makes an engine of texts, as they stand in the environment or in a file: the entries that begin with `prefix`, each named after
 * an option of {@link EngineOptions}; case, `_`, `.` and `-` do not count. `options` are those that cannot be said as text, and
 * go first.
 *
 * Throws ArgumentError for an entry that names no option (`UNKNOWN_OPTION`) and for a value that cannot be read (`BAD_OPTION`).
 *
 * @example
 * ```ts
 * // DB_URL=postgresql://app@db/shop DB_POOL_MAX=20 DB_ECHO=true DB_ISOLATION_LEVEL=serializable
 * const engine = engineFromConfig(process.env, { prefix: "DB_" });
 * const other = engineFromConfig({ "db.url": "sqlite://", "db.pool.prePing": "on" }, { prefix: "db." });
 * ```
 */
export function engineFromConfig(
  config: Readonly<Record<string, string | undefined>>,
  { prefix = "", ...options }: EngineOptions & { readonly prefix?: string } = {},
): Engine {
  const found: Record<string, unknown> = {};
  const pool: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(config)) {
    if (!key.startsWith(prefix) || text === undefined || text === "") continue;
    const plain = key.slice(prefix.length).toLowerCase().replace(/[_.-]/g, "");
    const option = Object.hasOwn(OPTIONS, plain) ? OPTIONS[plain] : undefined;
    const poolOption = Object.hasOwn(POOL, plain) ? POOL[plain] : undefined;
    if (option !== undefined) found[option[0]] = option[1](text, key);
    else if (poolOption !== undefined) pool[poolOption[0]] = poolOption[1](text, key);
    else throw unknownOption(key);
  }
  const given = typeof options.pool === "object" ? { ...pool, ...options.pool } : (options.pool ?? pool);
  return createEngine({
    ...found,
    ...options,
    ...(Object.keys(pool).length === 0 && options.pool === undefined ? {} : { pool: given }),
  });
}

function flag(text: string, key: string): boolean {
  if (/^(?:true|yes|on|1)$/i.test(text)) return true;
  if (/^(?:false|no|off|0)$/i.test(text)) return false;
  throw badOption(key, "true or false", text);
}

function level(text: string, key: string): boolean | "debug" {
  return text.toLowerCase() === "debug" ? "debug" : flag(text, key);
}

function count(text: string, key: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw badOption(key, "a whole number", text);
}

function badOption(key: string, wanted: string, text: string): ArgumentError {
  return new ArgumentError(`The setting ${key} is ${wanted}, not "${text}".`, { code: "BAD_OPTION" });
}

function unknownOption(key: string): ArgumentError {
  const known = [
    ...Object.values(OPTIONS).map(([name]) => name),
    ...Object.values(POOL).map(([name]) => `pool.${name}`),
  ];
  return new ArgumentError(`The setting ${key} names no option of an engine.`, {
    code: "UNKNOWN_OPTION",
    remedy: `There are: ${known.join(", ")}. A prefix of its own keeps other settings apart.`,
  });
}
