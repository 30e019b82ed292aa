import { CompileError, type DialectOption } from "@acme/core/dialect";

/** Table options: `dialectOptions: { postgresql: { partitionBy: "RANGE (at)", tablespace: "fast" } }`. */
export const TABLE_OPTIONS = ["inherits", "partitionBy", "using", "with", "onCommit", "tablespace"] as const;

/** Index options: `dialectOptions: { postgresql: { using: "gin", ops: { data: "jsonb_path_ops" } } }`. */
export const INDEX_OPTIONS = ["using", "ops", "include", "nullsNotDistinct", "with", "tablespace"] as const;

/** The error for an option whose value is none. */
function bad(name: string, value: DialectOption | undefined): CompileError {
  return new CompileError(`The option "${name}" cannot be ${JSON.stringify(value)}.`, { code: "BAD_OPTION" });
}

/** The name of an access method, an operator class, a storage parameter: a word, or words with points between them. */
export function word(name: string, value: DialectOption | undefined): string {
  if (typeof value === "string" && /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(value)) return value;
  throw bad(name, value);
}

/** A list of names: one name, or several. */
export function names(name: string, value: DialectOption | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value as readonly string[];
  throw bad(name, value);
}

/** Storage parameters: ` WITH (fillfactor = 70)`. */
export function storage(value: DialectOption | undefined): string {
  if (value === undefined) return "";
  if (typeof value !== "object" || Array.isArray(value)) throw bad("with", value);
  const parts = Object.entries(value as Readonly<Record<string, string | number | boolean>>).map(
    ([key, item]) => `${word("with", key)} = ${/^[\w.]+$/.test(String(item)) ? String(item) : fail("with", item)}`,
  );
  return parts.length === 0 ? "" : ` WITH (${parts.join(", ")})`;
}

function fail(name: string, value: DialectOption): never {
  throw bad(name, value);
}

/** ` PARTITION BY RANGE (at, kind)`: the kind, and columns or expressions as SQL text that ends no statement. */
export function partition(value: DialectOption | undefined): string {
  if (value === undefined) return "";
  const text = String(value).trim();
  if (!/^(RANGE|LIST|HASH)\s*\([^;]*\)$/i.test(text) || text.includes("--") || text.includes("/*"))
    throw bad("partitionBy", value);
  return ` PARTITION BY ${text}`;
}

const ON_COMMIT = ["PRESERVE ROWS", "DELETE ROWS", "DROP"];

/** ` ON COMMIT DROP` */
export function onCommit(value: DialectOption | undefined): string {
  if (value === undefined) return "";
  const text = String(value).toUpperCase();
  if (!ON_COMMIT.includes(text)) throw bad("onCommit", value);
  return ` ON COMMIT ${text}`;
}
