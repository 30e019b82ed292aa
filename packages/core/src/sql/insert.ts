import { ArgumentError } from "../errors/index.js";
import { internPair } from "../visit/intern.js";
import { declareNode, type Node } from "../visit/node.js";
import { toExpression, toFrom, toItem } from "./coerce.js";
import type { Column } from "./column.js";
import {
  type ConflictClause,
  type ConflictTarget,
  type ConflictUpdate,
  ignoreClause,
  type OfBothRows,
  onConflictClause,
  onDuplicateKeyClause,
  type UpsertOptions,
  upsertClause,
} from "./conflict.js";
import type { QueryColumns } from "./derived.js";
import { checkKeys, Dml, NONE, unknownKey, type ValueRow } from "./dml.js";
import { Expression, type ExpressionNode } from "./expression.js";
import type { FromClause } from "./from-clause.js";
import type { Modifiers } from "./modifiers.js";
import type { Item, Writable } from "./protocols.js";
import type { Items, Named, Tup } from "./rows.js";

/**
 * The keys that any of the rows gives, in the order of the table's columns, and whether all values are plain. One pass: with
 * many rows, looking at them costs as much as converting them.
 */
function survey(
  table: FromClause,
  rows: readonly ValueRow[],
): { readonly keys: readonly string[]; readonly plain: boolean } {
  const given = new Set<string>();
  let plain = true;
  for (const item of rows) {
    for (const key in item) {
      const value = item[key];
      if (!given.has(key)) {
        if (!Object.hasOwn(table.c, key)) throw unknownKey(table, key);
        if (value !== undefined) given.add(key);
      }
      if (typeof value === "object" && value instanceof Expression) plain = false;
    }
  }
  return { keys: given.size === 0 ? [] : Object.keys(table.c).filter((key) => given.has(key)), plain };
}

/** Rows written out: one expression for each key of each row. */
function cellsOf(table: FromClause, keys: readonly string[], rows: readonly ValueRow[]): readonly ExpressionNode[] {
  const columns = table.c as Readonly<Record<string, Column>>;
  return rows.flatMap((item) =>
    keys.map((key) => toExpression(item[key] ?? null, (columns[key] as Column).type, (columns[key] as Column).name)),
  );
}

/**
 * INSERT. Rows of plain values stay what they are: they are no part of the statement's structure, and the engine sends
 * them in batches. Rows with SQL expressions in them become `VALUES` written out.
 */
export class Insert<in out I, out R = never, out P = readonly unknown[]> extends Dml<R, P> {
  readonly table: FromClause;
  /** The column keys that values are given for, in table order. */
  readonly keys: readonly string[];
  /** Rows of plain values; empty when `cells` or `query` is used. */
  readonly rows: readonly ValueRow[];
  /** Row after row, one expression for each of `keys`: used when any value is an expression. */
  readonly cells: readonly ExpressionNode[];
  readonly query: Node | undefined;
  readonly returningItems: readonly Node[];
  /** What happens to rows that are there already: one clause, or several on SQLite. */
  readonly conflicts: readonly ConflictClause[];
  /** The toolkit's defaults are not added to the columns of a query. */
  readonly withoutDefaults: boolean;
  readonly modifiers: Modifiers | undefined;

  constructor(
    table: FromClause,
    keys: readonly string[] = [],
    rows: readonly ValueRow[] = [],
    cells: readonly ExpressionNode[] = [],
    query: Node | undefined = undefined,
    returningItems: readonly Node[] = [],
    conflicts: readonly ConflictClause[] = NONE,
    withoutDefaults = false,
    modifiers?: Modifiers,
  ) {
    super();
    this.modifiers = modifiers;
    this.table = table;
    this.keys = keys;
    this.rows = rows;
    this.cells = cells;
    this.query = query;
    this.returningItems = returningItems;
    this.conflicts = conflicts;
    this.withoutDefaults = withoutDefaults;
  }

  static {
    declareNode(Insert, "insert", {
      table: "node",
      keys: "atoms",
      rows: "value",
      cells: "nodes",
      query: "node",
      returningItems: "nodes",
      conflicts: "nodes",
      withoutDefaults: "atom",
      modifiers: "node",
    });
  }

  /** Whether there is one row or many decides how generated keys come back, so it is part of the structure. */
  protected override computeShape(): number {
    return internPair(super.computeShape(), Math.min(this.rows.length, 2));
  }

  /** Whether it inserts one row. */
  get isSingle(): boolean {
    return (
      this.rows.length === 1 ||
      (this.rows.length === 0 && this.query === undefined && this.cells.length <= this.keys.length)
    );
  }

  /**
   * The rows to insert: one or many. Columns left out get their defaults. Many rows are sent in batches.
   *
   * @example
   * ```ts
   * insert(users).values({ name: "alice" })
   * insert(users).values({ name: "alice" }, { name: "bob" })
   * ```
   * SQL: `INSERT INTO users (name) VALUES (:name)`
   */
  values(...rows: I[]): Insert<I, R, P> {
    return this.valuesOf(rows as readonly ValueRow[]) as Insert<I, R, P>;
  }

  /** As {@link values}, for an array that is too long to spread. */
  valuesList(rows: readonly I[]): Insert<I, R, P> {
    return this.valuesOf(rows as readonly ValueRow[]) as Insert<I, R, P>;
  }

  private valuesOf(added: readonly ValueRow[]): Insert<I, R, P> {
    if (this.query) throw new ArgumentError("An INSERT takes rows or a query, not both.", { code: "VALUES_AND_QUERY" });
    if (added.length === 0) {
      throw new ArgumentError(`An INSERT into "${this.table.name}" was given no rows.`, {
        code: "NO_ROWS",
        remedy: "Leave it out when there is nothing to insert; values({}) inserts a row of defaults.",
      });
    }
    const rows = this.rows.length === 0 ? added : [...this.rows, ...added];
    const { keys, plain } = survey(this.table, rows);
    if (this.cells.length === 0 && plain) return this.copyWith({ keys, rows });
    if (this.cells.length > 0)
      throw new ArgumentError("Give all rows of an INSERT with expressions in one call of values().");
    return this.copyWith({ keys, rows: [], cells: cellsOf(this.table, keys, rows) });
  }

  protected override standalone(): this {
    if (this.rows.length === 0) return this;
    return this.copyWith({ rows: [], cells: cellsOf(this.table, this.keys, this.rows) });
  }

  /**
   * `INSERT INTO t (a, b) SELECT ...`: columns by key, then a query with as many. Columns that are not named get the defaults
   * of the toolkit, a function's value once for the whole statement, unless `defaults: false` leaves them out.
   *
   * @example
   * ```ts
   * insert(archive).fromSelect(["id", "title"], select(posts.c.id, posts.c.title).where(posts.c.old))
   * ```
   * SQL: `INSERT INTO archive (id, title) SELECT posts.id, posts.title FROM posts WHERE posts.old`
   */
  fromSelect(
    keys: readonly (keyof I & string)[],
    query: QueryColumns,
    options: { readonly defaults?: boolean } = {},
  ): Insert<I, R, P> {
    if (this.rows.length > 0 || this.cells.length > 0) {
      throw new ArgumentError("An INSERT takes rows or a query, not both.", { code: "VALUES_AND_QUERY" });
    }
    for (const key of keys) checkKeys(this.table, { [key]: null });
    if (keys.length !== query.resultItems.length) {
      throw new ArgumentError(`INSERT names ${keys.length} columns, the query has ${query.resultItems.length}.`, {
        code: "COLUMN_COUNT",
      });
    }
    return this.copyWith({ keys, rows: [], cells: [], query, withoutDefaults: options.defaults === false });
  }

  private withConflict(clause: ConflictClause): Insert<I, R, P> {
    return this.copyWith({ conflicts: [...this.conflicts, clause] });
  }

  /**
   * Inserts each row, or changes the row that is there with the same key: on all databases, with what each of them has.
   *
   * `key` names the columns of the primary key or of a unique constraint or index of the table. `update` gets the columns of the
   * row that was to be inserted and of the row that is there; left out, every column that is given is taken from the new row.
   * With `where`, rows for which it does not hold stay as they are. The columns' `onUpdate` values are set as in UPDATE.
   *
   * @example
   * ```ts
   * insert(pages).values({ path: "/", title: "Home", hits: 1 }).upsert({
   *   key: ["path"],
   *   update: (incoming, existing) => ({ title: incoming.title, hits: existing.hits.add(incoming.hits) }),
   * })
   * ```
   * SQL: `INSERT ... ON CONFLICT (path) DO UPDATE SET title = excluded.title, hits = pages.hits + excluded.hits` on PostgreSQL and
   * SQLite, `ON DUPLICATE KEY UPDATE` on MySQL and MariaDB, `MERGE` on Oracle and SQL Server.
   *
   * What differs: two rows of one batch with the same key are an error on PostgreSQL, Oracle and SQL Server, and change the row
   * twice on SQLite, MySQL and MariaDB. A key with NULL in it meets no row. `rowCount` counts a changed row twice on MySQL
   * and MariaDB. RETURNING gives the rows inserted and changed, where the database can.
   *
   * @throws CompileError where the table does not declare the key as unique; on MySQL and MariaDB also where another unique
   * key of the table could be met by the row, because the database would not tell which one it was.
   */
  upsert(options: UpsertOptions<I>): Insert<I, R, P> {
    return this.withConflict(upsertClause(this.table, options as unknown as UpsertOptions<never>));
  }

  /**
   * Inserts the rows whose key is not there yet; the others are left out. Other errors stay errors.
   *
   * @example
   * ```ts
   * insert(tags).values({ name: "sql" }, { name: "orm" }).ignoreExisting({ key: ["name"] })
   * ```
   * SQL: `ON CONFLICT (name) DO NOTHING`, `ON DUPLICATE KEY UPDATE name = tags.name`, `MERGE ... WHEN NOT MATCHED THEN INSERT`
   */
  ignoreExisting(options: { readonly key: readonly (keyof I & string)[] }): Insert<I, R, P> {
    return this.withConflict(ignoreClause(this.table, options.key));
  }

  /**
   * `ON CONFLICT ... DO UPDATE`, of PostgreSQL and SQLite; SQLite takes several, for several targets. For all databases see
   * {@link upsert}.
   *
   * @example
   * ```ts
   * insert(users).values({ email: "a@b.c", name: "alice" }).onConflictDoUpdate({
   *   target: ["email"],
   *   targetWhere: users.c.deleted.eq(false),
   *   set: (excluded) => ({ name: excluded.name }),
   *   where: (excluded, existing) => existing.name.ne(excluded.name),
   * })
   * ```
   * SQL: `ON CONFLICT (email) WHERE deleted = false DO UPDATE SET name = excluded.name WHERE users.name != excluded.name`
   */
  onConflictDoUpdate(options: ConflictUpdate<I>): Insert<I, R, P> {
    return this.withConflict(onConflictClause(this.table, options as unknown as ConflictUpdate<never>));
  }

  /** `ON CONFLICT ... DO NOTHING`, of PostgreSQL and SQLite. Without a target: whatever the conflict is. */
  onConflictDoNothing(options: ConflictTarget<I> = {}): Insert<I, R, P> {
    return this.withConflict(onConflictClause(this.table, options as ConflictTarget<never>));
  }

  /**
   * `ON DUPLICATE KEY UPDATE`, of MySQL and MariaDB: whichever unique key the row meets. For all databases see {@link upsert}.
   * Assignments are put in an order in which each reads the values of before; a list of pairs keeps its own order.
   *
   * @example
   * ```ts
   * insert(pages).values({ path: "/", hits: 1 }).onDuplicateKeyUpdate((inserted, existing) => ({
   *   hits: existing.hits.add(inserted.hits),
   * }))
   * ```
   * SQL: `AS excluded ON DUPLICATE KEY UPDATE hits = pages.hits + excluded.hits` on MySQL, `VALUES(hits)` on MariaDB
   */
  onDuplicateKeyUpdate(
    set: Partial<I> | OfBothRows<I, Partial<I>> | readonly (readonly [keyof I & string, unknown])[],
  ): Insert<I, R, P> {
    return this.withConflict(onDuplicateKeyClause(this.table, set as ValueRow));
  }

  /**
   * Rows back from the INSERT. SQL: `RETURNING`, `OUTPUT inserted.` on SQL Server. MySQL has none and refuses it.
   */
  returning<const C extends readonly Item[]>(
    ...items: C
  ): Insert<I, Named<Items<C>, never, unknown>, Tup<Items<C>, never, unknown>> {
    return this.copyWith({ returningItems: items.map(toItem) }) as unknown as Insert<
      I,
      Named<Items<C>, never, unknown>,
      Tup<Items<C>, never, unknown>
    >;
  }
}

/** Begins an INSERT: `insert(users).values({ name: "alice" })`. */
export function insert<I>(table: Writable<I>): Insert<I> {
  return new Insert<I>(toFrom(table));
}
