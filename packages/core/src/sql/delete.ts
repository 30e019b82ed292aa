import { declareNode, type Node } from "../visit/node.js";
import { toFrom, toItem } from "./coerce.js";
import { conditionsOf, Dml, equalities, NONE, sourcesOf, type ValueRow } from "./dml.js";
import type { ExpressionNode } from "./expression.js";
import type { FromClause } from "./from-clause.js";
import type { Modifiers } from "./modifiers.js";
import type { Bool, Item, Operand, row, Source, Typed } from "./protocols.js";
import type { Items, Named, Tup } from "./rows.js";

/** DELETE. `T` is the row of the table. */
export class Delete<out R = never, out P = readonly unknown[], in T = unknown> extends Dml<R, P> {
  readonly table: FromClause;
  readonly criteria: readonly ExpressionNode[];
  readonly returningItems: readonly Node[];
  /** FROM items named by `using()`; those that conditions speak of are found when the statement is compiled. */
  readonly sources: readonly FromClause[];
  readonly modifiers: Modifiers | undefined;

  constructor(
    table: FromClause,
    criteria: readonly ExpressionNode[] = [],
    returningItems: readonly Node[] = [],
    sources: readonly FromClause[] = NONE,
    modifiers?: Modifiers,
  ) {
    super();
    this.modifiers = modifiers;
    this.table = table;
    this.criteria = criteria;
    this.returningItems = returningItems;
    this.sources = sources;
  }

  static {
    declareNode(Delete, "delete", {
      table: "node",
      criteria: "nodes",
      returningItems: "nodes",
      sources: "nodes",
      modifiers: "node",
    });
  }

  /**
   * Other FROM items that the conditions speak of. They are also found by themselves.
   *
   * @example
   * ```ts
   * delete_(posts).using(users).where(posts.c.authorId.eq(users.c.id), users.c.banned)
   * ```
   * SQL: `DELETE FROM posts USING users WHERE posts.author_id = users.id AND users.banned`; `DELETE FROM posts USING posts, users`
   * on MySQL and MariaDB, `DELETE FROM posts FROM posts, users` on SQL Server; `WHERE EXISTS (SELECT 1 FROM users WHERE ...)` on
   * SQLite and on Oracle before 23ai.
   */
  using(...sources: Source<string>[]): Delete<R, P, T> {
    return this.copyWith({ sources: [...this.sources, ...sourcesOf(sources)] });
  }

  /** Which rows; without it all of them. */
  where(...conditions: Typed<Bool>[]): Delete<R, P, T> {
    return this.copyWith({ criteria: [...this.criteria, ...conditionsOf(conditions)] });
  }

  /** The same as {@link where}. */
  filter(...conditions: Typed<Bool>[]): Delete<R, P, T> {
    return this.where(...conditions);
  }

  /** Conditions by column: each equals its value; null is `IS NULL`. `delete_(users).filterBy({ id: 1 })` */
  filterBy(values: { readonly [K in keyof T]?: Operand<T[K]> }): Delete<R, P, T> {
    return this.copyWith({ criteria: [...this.criteria, ...equalities(this.table, values as ValueRow)] });
  }

  /** The deleted rows back. */
  returning<const C extends readonly Item[]>(
    ...items: C
  ): Delete<Named<Items<C>, never, unknown>, Tup<Items<C>, never, unknown>, T> {
    return this.copyWith({ returningItems: items.map(toItem) }) as unknown as Delete<
      Named<Items<C>, never, unknown>,
      Tup<Items<C>, never, unknown>,
      T
    >;
  }
}

/** Begins a DELETE: `delete_(users).where(users.c.id.eq(1))`. */
export function delete_<T = unknown>(
  table: Source<string> & { readonly [row]?: T },
): Delete<never, readonly unknown[], T> {
  return new Delete<never, readonly unknown[], T>(toFrom(table));
}
