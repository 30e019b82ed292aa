import { declareNode } from "../visit/node.js";
import { toFrom } from "./coerce.js";
import { Column } from "./column.js";
import { FromClause } from "./from-clause.js";
import type { row, Source } from "./protocols.js";

/** Which row: the one that an INSERT proposes, or the changed one before and after the change. */
export type RowVersionKind = "proposed" | "old" | "new";

const NAMES: Readonly<Record<RowVersionKind, string>> = { proposed: "excluded", old: "old", new: "new" };

/**
 * A row of a table that a statement changes, in one of its states. It stands in no FROM clause: only its columns are used, in
 * the SET of an upsert (proposed) and in RETURNING (old, new).
 */
export class RowVersion<out S extends string = string, out R = unknown> extends FromClause<S, R> {
  readonly element: FromClause;
  readonly version: RowVersionKind;

  constructor(element: FromClause, version: RowVersionKind) {
    super();
    this.element = element;
    this.version = version;
  }

  static {
    declareNode(RowVersion, "rowVersion", { element: "ref", version: "atom" });
  }

  override get name(): S {
    return NAMES[this.version] as S;
  }

  protected override makeColumns(): readonly Column[] {
    return this.element.columns.map((column) => new Column(this, column.key, column.facts, column.origin ?? column));
  }
}

/** A row that may not be there: there is no old row of an INSERT, and no new one of a DELETE. */
type Perhaps<R> = { readonly [K in keyof R]: R[K] | null };

/**
 * The changed row as it was, for RETURNING. Its columns are NULL where the row is new.
 *
 * @example
 * ```ts
 * update(items).set({ price: items.c.price.mul(2) }).returning(items.c.id, oldRow(items).c.price.label("before"))
 * ```
 * SQL: `RETURNING items.id, old.price AS before` on PostgreSQL 18 and later; `OUTPUT inserted.id, deleted.price AS before` on SQL
 * Server; `OLD items.price` on Oracle 23ai; `OLD_VALUE(price)` on MariaDB 13. The others refuse it.
 */
export function oldRow<R>(table: Source<string> & { readonly [row]: R }): RowVersion<"old", Perhaps<R>> {
  return new RowVersion<"old", Perhaps<R>>(toFrom(table), "old");
}

/**
 * The changed row as it is now, for RETURNING. A plain column means the same, but in a DELETE, where the new row's are NULL.
 *
 * SQL: `new.price` on PostgreSQL 18, `inserted.price` on SQL Server, `NEW items.price` on Oracle 23ai. The others refuse it.
 */
export function newRow<R>(table: Source<string> & { readonly [row]: R }): RowVersion<"new", Perhaps<R>> {
  return new RowVersion<"new", Perhaps<R>>(toFrom(table), "new");
}

/** The row that an INSERT proposes, which met an existing one. */
export function proposedRow(table: FromClause): RowVersion {
  return new RowVersion(table, "proposed");
}
