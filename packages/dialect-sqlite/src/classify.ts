import type { ErrorClassification, ErrorKind } from "@acme/core/dialect";

/** Extended result codes of SQLite whose kind is not that of the code they extend. */
const EXTENDED: Readonly<Record<string, ErrorKind>> = {
  SQLITE_CONSTRAINT_UNIQUE: "unique",
  SQLITE_CONSTRAINT_PRIMARYKEY: "unique",
  SQLITE_CONSTRAINT_ROWID: "unique",
  SQLITE_CONSTRAINT_FOREIGNKEY: "foreignKey",
  SQLITE_CONSTRAINT_NOTNULL: "notNull",
  SQLITE_CONSTRAINT_CHECK: "check",
  // A value of the wrong type in a STRICT table.
  SQLITE_CONSTRAINT_DATATYPE: "data",
  // What the transaction has read is out of date: waiting for the lock cannot help, only repeating can.
  SQLITE_BUSY_SNAPSHOT: "serialization",
};

/** Primary result codes. */
const PRIMARY: Readonly<Record<string, ErrorKind>> = {
  CONSTRAINT: "integrity",
  BUSY: "lockTimeout",
  LOCKED: "lockTimeout",
  INTERRUPT: "cancelled",
  CANTOPEN: "connect",
  NOTADB: "connect",
  ERROR: "programming",
  RANGE: "programming",
  AUTH: "programming",
  PERM: "programming",
  MISMATCH: "data",
  TOOBIG: "data",
  NOMEM: "internal",
  INTERNAL: "internal",
  CORRUPT: "internal",
  MISUSE: "interface",
};

/** Errors that SQLite raises while a statement runs, under the code of wrong SQL. */
const VALUE_ERRORS =
  /^(integer overflow|malformed JSON|JSON path error|string or blob too big|bad JSON|datatype mismatch)/i;

/** The names of the numbers by which node:sqlite tells result codes: primary ones, and the extended ones that matter here. */
const NAMES: Readonly<Record<number, string>> = {
  1: "SQLITE_ERROR",
  2: "SQLITE_INTERNAL",
  3: "SQLITE_PERM",
  4: "SQLITE_ABORT",
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  7: "SQLITE_NOMEM",
  8: "SQLITE_READONLY",
  9: "SQLITE_INTERRUPT",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  12: "SQLITE_NOTFOUND",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  15: "SQLITE_PROTOCOL",
  17: "SQLITE_SCHEMA",
  18: "SQLITE_TOOBIG",
  19: "SQLITE_CONSTRAINT",
  20: "SQLITE_MISMATCH",
  21: "SQLITE_MISUSE",
  22: "SQLITE_NOLFS",
  23: "SQLITE_AUTH",
  25: "SQLITE_RANGE",
  26: "SQLITE_NOTADB",
  261: "SQLITE_BUSY_RECOVERY",
  275: "SQLITE_CONSTRAINT_CHECK",
  517: "SQLITE_BUSY_SNAPSHOT",
  787: "SQLITE_CONSTRAINT_FOREIGNKEY",
  1299: "SQLITE_CONSTRAINT_NOTNULL",
  1555: "SQLITE_CONSTRAINT_PRIMARYKEY",
  1811: "SQLITE_CONSTRAINT_TRIGGER",
  2067: "SQLITE_CONSTRAINT_UNIQUE",
  2579: "SQLITE_CONSTRAINT_ROWID",
  3091: "SQLITE_CONSTRAINT_DATATYPE",
};

/** The name of SQLite's result code in an error of either driver; undefined for errors that are not SQLite's. */
export function resultCode(error: unknown): string | undefined {
  const { code, errcode } = (error ?? {}) as { readonly code?: unknown; readonly errcode?: unknown };
  if (typeof errcode === "number") return NAMES[errcode] ?? NAMES[errcode & 0xff] ?? `SQLITE_${errcode}`;
  return typeof code === "string" && code.startsWith("SQLITE_") ? code : undefined;
}

/** Errors of the drivers themselves, which have no code of SQLite. */
const DRIVER_ERRORS: readonly (readonly [RegExp, ErrorKind])[] = [
  [/database (connection )?is not open/, "connectionLost"],
  [/parameter values were provided|parameter names/, "programming"],
  [/contains (more than one statement|no statements)/, "programming"],
  [/can only bind|cannot be bound|too (big|large)/, "data"],
  [/directory does not exist/, "connect"],
];

/** Says what kind of failure an error of better-sqlite3 or node:sqlite is. */
export function classify(error: unknown): ErrorClassification {
  const code = resultCode(error);
  const text = String((error as { readonly message?: unknown } | null)?.message);
  if (code !== undefined) return { kind: kindOf(code, text), nativeCode: code, constraint: constraintOf(code, text) };
  const kind = DRIVER_ERRORS.find(([pattern]) => pattern.test(text))?.[1] ?? "interface";
  return { kind, disconnected: kind === "connectionLost" };
}

function kindOf(code: string, message: string): ErrorKind {
  const extended = EXTENDED[code];
  if (extended !== undefined) return extended;
  const kind = PRIMARY[code.split("_")[1] as string] ?? "operational";
  return kind === "programming" && VALUE_ERRORS.test(message) ? "data" : kind;
}

/** SQLite names check constraints and unique indexes on expressions; of other constraints it tells the columns only. */
function constraintOf(code: string, message: string): string | undefined {
  if (code === "SQLITE_CONSTRAINT_CHECK") return /^CHECK constraint failed: (\w+)$/.exec(message)?.[1];
  if (code === "SQLITE_CONSTRAINT_UNIQUE") return /^UNIQUE constraint failed: index '(.+)'$/.exec(message)?.[1];
  return undefined;
}
