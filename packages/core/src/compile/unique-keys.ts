import { CompileError } from "../errors/index.js";
import { UniqueConstraint } from "../schema/constraint.js";
import type { AnyTable } from "../schema/table.js";
import { Column } from "../sql/column.js";
import type { FromClause } from "../sql/from-clause.js";

type Constrained = FromClause & Partial<Pick<AnyTable, "primaryKey" | "constraints" | "indexes">>;

/** The sets of columns, by key, in which no two rows of a table are alike, as the table declares them. */
export function uniqueKeys(table: FromClause): readonly (readonly string[])[] {
  const { primaryKey, constraints = [], indexes = [] } = table as Constrained;
  const found: (readonly string[])[] = [];
  const add = (columns: readonly Column[]): void => {
    if (columns.length > 0) found.push(columns.map((column) => column.key));
  };
  if (primaryKey) add(primaryKey.columns);
  for (const constraint of constraints) if (constraint instanceof UniqueConstraint) add(constraint.columns);
  for (const index of indexes) {
    const { unique, where, elements } = index;
    if (unique && where === undefined && elements.every((part) => part instanceof Column)) add(index.columns);
  }
  return found;
}

const sameKeys = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((key) => b.includes(key));

/** Refuses a key that the table does not declare as unique; gives its other unique keys. */
export function otherUniqueKeys(table: FromClause, key: readonly string[]): readonly (readonly string[])[] {
  const all = uniqueKeys(table);
  const others = all.filter((columns) => !sameKeys(columns, key));
  if (others.length < all.length) return others;
  throw new CompileError(`"${table.name}" declares no unique key of ${key.map((name) => `"${name}"`).join(", ")}.`, {
    code: "NO_UNIQUE_KEY",
    remedy:
      "Name the columns of its primary key, of a unique constraint or of a unique index, or declare one with unique([...]).",
  });
}
