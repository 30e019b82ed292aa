import { ArgumentError, type ConnectOptions } from "@acme/core/dialect";
import type { SqliteOpenOptions } from "./native.js";

/** Which lock a transaction takes when it begins. */
export type TransactionMode = "immediate" | "deferred" | "exclusive";

/** What can stand in the options of a connection, or behind `?` in its URL. */
export interface SqliteDriverOptions {
  /** Opens the file for reading only. Default false. */
  readonly readonly?: boolean;
  /** Refuses to create the file. Default false. */
  readonly fileMustExist?: boolean;
  /** Milliseconds to wait for a lock of another connection. Default 5,000. */
  readonly busyTimeout?: number;
  /** Whether foreign keys are enforced. Default true; SQLite's own default is false. */
  readonly foreignKeys?: boolean;
  /** The lock that a transaction takes when it begins. Default `"immediate"`, in a read-only file `"deferred"`. */
  readonly transaction?: TransactionMode;
  /** Further settings of each connection: `{ journal_mode: "WAL" }`; in a URL `?pragma=journal_mode=WAL`. */
  readonly pragmas?: Readonly<Record<string, string | number>>;
  /** How many prepared statements a connection keeps. Default 500. */
  readonly statementCache?: number;
  /** The path of better-sqlite3's binary, where it is not in its usual place; of that driver only. */
  readonly nativeBinding?: string;
}

/** The options of one connection, complete. */
export interface SqliteSettings {
  readonly filename: string;
  readonly open: SqliteOpenOptions;
  readonly pragmas: readonly string[];
  readonly transaction: TransactionMode;
  readonly statementCache: number;
  readonly busyTimeout: number;
}

/** What the drivers take differently. */
interface DriverTraits {
  readonly name: string;
  /** SQLite's URIs for files: `file:shop?mode=memory&cache=shared`. */
  readonly uris: boolean;
  /** Options that only this driver has. */
  readonly own: readonly string[];
}

export const BETTER_SQLITE3: DriverTraits = { name: "better-sqlite3", uris: false, own: ["nativeBinding"] };
export const NODE_SQLITE: DriverTraits = { name: "node:sqlite", uris: true, own: [] };

/** The parameters of a URI for a file; see https://www.sqlite.org/uri.html. */
const URI_PARAMETERS = ["mode", "cache", "immutable", "nolock", "psow", "vfs"];

const KNOWN = [
  "readonly",
  "fileMustExist",
  "busyTimeout",
  "foreignKeys",
  "transaction",
  "pragma",
  "pragmas",
  "statementCache",
];
const MODES: readonly string[] = ["immediate", "deferred", "exclusive"];

/** Reads the options of a connection. Throws ArgumentError for what it does not know. */
export function readOptions({ host, database, options = {} }: ConnectOptions, driver: DriverTraits): SqliteSettings {
  if (host !== undefined) {
    throw new ArgumentError(`SQLite has no servers, so "${host}" cannot be one.`, {
      code: "BAD_URL",
      remedy:
        "Write sqlite:///file.db (three slashes) for a relative path, sqlite:////var/file.db (four) for an absolute one, sqlite:// for memory.",
    });
  }
  const isUri = database?.startsWith("file:") ?? false;
  if (isUri && !driver.uris) {
    throw badOption(
      `${driver.name} takes no URIs for files, such as "${database}".`,
      "Use sqlite+node:///file:...?mode=ro, or the file's path with the option readonly.",
    );
  }
  const known = [...KNOWN, ...driver.own, ...(isUri ? URI_PARAMETERS : [])];
  for (const key of Object.keys(options))
    if (!known.includes(key)) throw badOption(`SQLite has no option "${key}" here.`, `It has: ${known.join(", ")}.`);
  const readonly = truth(options, "readonly") ?? false;
  const fileMustExist = truth(options, "fileMustExist");
  const { nativeBinding, transaction } = options;
  if (transaction !== undefined && !MODES.includes(transaction as string)) {
    throw badOption(
      `The option "transaction" cannot be "${String(transaction)}".`,
      `It is one of: ${MODES.join(", ")}.`,
    );
  }
  const foreignKeys = truth(options, "foreignKeys") ?? true;
  return {
    filename:
      database === undefined || database === "" ? ":memory:" : isUri ? withParameters(database, options) : database,
    open: {
      readonly,
      // A locked database is waited for by the adapter, which does not block the event loop.
      timeout: 0,
      ...(fileMustExist === undefined ? {} : { fileMustExist }),
      ...(typeof nativeBinding === "string" ? { nativeBinding } : {}),
    },
    pragmas: [`foreign_keys = ${foreignKeys ? "ON" : "OFF"}`, ...pragmas(options)],
    transaction: (transaction as TransactionMode | undefined) ?? (readonly ? "deferred" : "immediate"),
    statementCache: count(options, "statementCache") ?? 500,
    busyTimeout: count(options, "busyTimeout") ?? 5000,
  };
}

/** The part behind `?` came apart when the engine's URL was read. */
function withParameters(uri: string, options: Given): string {
  const parameters = new URLSearchParams();
  for (const name of URI_PARAMETERS) if (options[name] !== undefined) parameters.set(name, String(options[name]));
  const text = parameters.toString();
  return text === "" ? uri : `${uri}${uri.includes("?") ? "&" : "?"}${text}`;
}

type Given = Readonly<Record<string, unknown>>;

function pragmas(options: Given): readonly string[] {
  const named = Object.entries((options.pragmas ?? {}) as Readonly<Record<string, unknown>>).map(
    ([name, value]) => `${name} = ${String(value)}`,
  );
  const listed =
    options.pragma === undefined
      ? []
      : Array.isArray(options.pragma)
        ? options.pragma.map(String)
        : [String(options.pragma)];
  return [...named, ...listed].map((text) => {
    // A pragma takes no bind parameters, so nothing but names and numbers is let through.
    if (/^\s*\w+\s*=\s*-?[\w.]+\s*$/.test(text)) return text.trim();
    throw badOption(`"${text}" is no pragma.`, "Write name=value, both of letters, digits and underscores.");
  });
}

/** A switch, also as it stands in a URL. */
function truth(options: Given, key: string): boolean | undefined {
  const value = options[key];
  if (value === undefined || typeof value === "boolean") return value;
  const text = String(value).toLowerCase();
  if (["1", "true", "on", "yes", ""].includes(text)) return true;
  if (["0", "false", "off", "no"].includes(text)) return false;
  throw badOption(`The option "${key}" is true or false, not "${text}".`);
}

function count(options: Given, key: string): number | undefined {
  const value = options[key];
  if (value === undefined) return undefined;
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number) && number >= 0) return number;
  throw badOption(`The option "${key}" is a whole number from 0, not "${String(value)}".`);
}

function badOption(message: string, remedy?: string): ArgumentError {
  return new ArgumentError(message, remedy === undefined ? { code: "BAD_OPTION" } : { code: "BAD_OPTION", remedy });
}
