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

/** Errors of better-sqlite3 itself, which have no code. */
const DRIVER_ERRORS: readonly (readonly [RegExp, ErrorKind])[] = [
  [/database connection is not open/, "connectionLost"],
  [/parameter values were provided|parameter names/, "programming"],
  [/contains (more than one statement|no statements)/, "programming"],
  [/can only bind|too big/, "data"],
  [/directory does not exist/, "connect"],
];

/** Says what kind of failure an error of better-sqlite3 is. */
export function classify(error: unknown): ErrorClassification {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const text = String(message);
  if (typeof code === "string" && code.startsWith("SQLITE_"))
    return { kind: kindOf(code, text), nativeCode: code, constraint: constraintOf(code, text) };
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
