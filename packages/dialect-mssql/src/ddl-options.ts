import { type AnyTable, CompileError, type Constraint, type DialectOption, type Index } from "@acme/core/dialect";

/**
 * Table options: `dialectOptions: { mssql: { triggers: true, clustered: ["email"] } }`.
 *
 * - `triggers`: the table has triggers, so that OUTPUT without INTO is refused by the server.
 * - `clustered`: the columns of the unique constraint by which the rows are kept in place of the primary key; `false` keeps them in
 *   no order (a heap).
 */
export const TABLE_OPTIONS = ["triggers", "clustered"] as const;

/**
 * Index options: `dialectOptions: { mssql: { include: ["total"], clustered: true, columnstore: true } }`.
 *
 * - `include`: columns that are kept in the index beside its keys.
 * - `clustered`: the rows are kept in the order of the index; the primary key is then NONCLUSTERED by itself.
 * - `columnstore`: the values of each column are kept together. A clustered one holds the whole table and names no columns.
 */
export const INDEX_OPTIONS = ["include", "clustered", "columnstore"] as const;

function bad(name: string, value: DialectOption | undefined, remedy: string): CompileError {
  return new CompileError(`The option "${name}" cannot be ${JSON.stringify(value)}.`, { code: "BAD_OPTION", remedy });
}

/** A list of names: one name, or several. */
export function names(name: string, value: DialectOption | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value as readonly string[];
  throw bad(name, value, "Give the name of a column, or several in an array.");
}

/** An option that is switched on or off. */
export function flag(name: string, value: DialectOption | undefined): boolean {
  if (value === undefined || typeof value === "boolean") return value === true;
  throw bad(name, value, "Give true or false.");
}

const optionsOf = (subject: AnyTable | Index): Readonly<Record<string, DialectOption>> =>
  subject.dialectOptions.mssql ?? {};

/** `CLUSTERED`, `NONCLUSTERED` or nothing in front of the columns of a primary key or unique constraint. */
export function clustering(table: AnyTable, constraint: Constraint): "" | "CLUSTERED " | "NONCLUSTERED " {
  const { clustered } = optionsOf(table);
  const isKey = constraint.conventionKey === "pk";
  if (clustered === undefined) {
    const elsewhere = table.indexes.some((index) => flag("clustered", optionsOf(index).clustered));
    return isKey && elsewhere ? "NONCLUSTERED " : "";
  }
  if (clustered === false) return isKey ? "NONCLUSTERED " : "";
  const wanted = names("clustered", clustered);
  const isChosen =
    wanted.length === constraint.columns.length && constraint.columns.every((column, i) => column.key === wanted[i]);
  return isChosen ? "CLUSTERED " : isKey ? "NONCLUSTERED " : "";
}

/** Whether `clustered` names a constraint that the table has. */
export function checkClustered(table: AnyTable): void {
  const { clustered } = optionsOf(table);
  if (clustered === undefined || clustered === false) return;
  const keys = table.constraints.filter(({ conventionKey }) => conventionKey === "pk" || conventionKey === "uq");
  if (!keys.some((constraint) => clustering(table, constraint) === "CLUSTERED "))
    throw bad("clustered", clustered, "Give the columns of a unique constraint or of the primary key, or false.");
}
