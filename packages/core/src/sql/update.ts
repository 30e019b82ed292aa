import { ArgumentError } from "../errors/index.js";
import { declareNode, type Node } from "../visit/node.js";
import { toExpression, toFrom, toItem } from "./coerce.js";
import { Column } from "./column.js";
import { assignmentsOf, columnOf, conditionsOf, Dml, equalities, NONE, sourcesOf, type ValueRow } from "./dml.js";
import type { ExpressionNode } from "./expression.js";
import type { FromClause } from "./from-clause.js";
import { JsonPath, JsonSet } from "./json.js";
import type { Modifiers } from "./modifiers.js";
import type { Bool, Item, Source, Typed, Writable } from "./protocols.js";
import type { Items, Named, Tup } from "./rows.js";

/** UPDATE. */
export class Update<in out I, out R = never, out P = readonly unknown[]> extends Dml<R, P> {
  readonly table: FromClause;
  readonly keys: readonly string[];
  /** One expression for each of `keys`. */
  readonly cells: readonly ExpressionNode[];
  readonly criteria: readonly ExpressionNode[];
  readonly returningItems: readonly Node[];
  /** FROM items named by `from()`; those that expressions speak of are found when the statement is compiled. */
  readonly sources: readonly FromClause[];
  /** The assignments stand in the given order, whatever they read. */
  readonly ordered: boolean;
  /** Parts of columns to set: array elements, values in documents. */
  readonly parts: readonly ExpressionNode[];
  /** One expression for each of `parts`. */
  readonly partValues: readonly ExpressionNode[];
  readonly modifiers: Modifiers | undefined;

  constructor(
    table: FromClause,
    keys: readonly string[] = [],
    cells: readonly ExpressionNode[] = [],
    criteria: readonly ExpressionNode[] = [],
    returningItems: readonly Node[] = [],
    sources: readonly FromClause[] = NONE,
    ordered = false,
    parts: readonly ExpressionNode[] = NONE,
    partValues: readonly ExpressionNode[] = NONE,
    modifiers?: Modifiers,
  ) {
    super();
    this.modifiers = modifiers;
    this.table = table;
    this.keys = keys;
    this.cells = cells;
    this.criteria = criteria;
    this.returningItems = returningItems;
    this.sources = sources;
    this.ordered = ordered;
    this.parts = parts;
    this.partValues = partValues;
  }

  static {
    declareNode(Update, "update", {
      table: "node",
      keys: "atoms",
      cells: "nodes",
      criteria: "nodes",
      returningItems: "nodes",
      sources: "nodes",
      ordered: "atom",
      parts: "nodes",
      partValues: "nodes",
      modifiers: "node",
    });
  }

  /**
   * The values to set: literals, null, or expressions.
   *
   * @example
   * ```ts
   * update(users).set({ name: "Alice", visits: users.c.visits.add(1) }).where(users.c.id.eq(1))
   * ```
   * SQL: `UPDATE users SET name=:name, visits=users.visits + :visits_1 WHERE users.id = :id_1`
   */
  set(values: Partial<I>): Update<I, R, P> {
    const merged = new Map(this.keys.map((key, i) => [key, this.cells[i] as ExpressionNode]));
    const { keys, cells } = assignmentsOf(this.table, values as ValueRow);
    keys.forEach((key, i) => {
      merged.set(key, cells[i] as ExpressionNode);
    });
    return this.copyWith({ keys: [...merged.keys()], cells: [...merged.values()] });
  }

  /**
   * The values to set, in this order. Databases compute all of them from the row as it was, but MySQL and MariaDB assign from left
   * to right: there each expression sees what stands in front of it already changed, which {@link set} avoids.
   *
   * @example
   * ```ts
   * update(t).setOrdered(["a", t.c.a.add(1)], ["b", t.c.a])
   * ```
   * SQL: `UPDATE t SET a = t.a + ?, b = t.a`
   */
  setOrdered<const K extends keyof I & string>(
    ...values: readonly { readonly [X in K]: readonly [X, Exclude<I[X], undefined>] }[K][]
  ): Update<I, R, P> {
    const keys = new Set(values.map(([key]) => key));
    if (this.keys.length > 0 || keys.size < values.length) {
      throw new ArgumentError("setOrdered() takes all values at once, each column once.", { code: "ORDERED_VALUES" });
    }
    return this.copyWith({ ...assignmentsOf(this.table, Object.fromEntries(values)), ordered: true });
  }

  /**
   * Sets a part of a column: a value in a JSON document, an element or slice of an array, the value of a key of an hstore.
   *
   * A part of a document is set as {@link jsonSet} says: a key of an object, or an element that is there. What the path reads is
   * what is written: with `asString()` a text, else JSON.
   *
   * @example
   * ```ts
   * update(users).setPart(jsonPath(users.c.profile, "address", "city").asString(), "Wien").where(users.c.id.eq(1))
   * update(posts).setPart(posts.c.tags.getItem(1), "first").where(posts.c.id.eq(1))
   * ```
   * SQL: `jsonb_set`, `json_set`, `JSON_MODIFY`, `JSON_TRANSFORM`; refused on Oracle before 21c. `SET tags[1] = $1` on PostgreSQL; other
   * databases have no arrays and refuse it.
   */
  setPart<T>(part: Typed<T>, value: NoInfer<T> | Typed<NoInfer<T>>): Update<I, R, P> {
    const target = toExpression(part);
    if (target instanceof JsonPath)
      return this.setDocumentPart(target as JsonPath, toExpression(value, target.type, "part"));
    return this.copyWith({
      parts: [...this.parts, target],
      partValues: [...this.partValues, toExpression(value, target.type, "part")],
    });
  }

  /** The document with the part changed is the column's new value; several parts are changed one after the other. */
  private setDocumentPart({ document, steps, form }: JsonPath, value: ExpressionNode): Update<I, R, P> {
    if (!(document instanceof Column) || document.from.shape !== this.table.shape) {
      throw new ArgumentError(`setPart() takes parts of columns of "${this.table.name}".`, { code: "NOT_A_PART" });
    }
    const { key } = document;
    const at = this.keys.indexOf(key);
    const set = new JsonSet(this.cells[at] ?? document, steps, form, value);
    return at === -1
      ? this.copyWith({ keys: [...this.keys, key], cells: [...this.cells, set] })
      : this.copyWith({ cells: this.cells.with(at, set) });
  }

  /**
   * Other FROM items whose columns SET and WHERE use. They are also found by themselves; naming them says their order, and the
   * ones that no column is used of.
   *
   * @example
   * ```ts
   * update(users).set({ name: names.c.name }).from(names).where(users.c.id.eq(names.c.id))
   * ```
   * SQL: `UPDATE users SET name = names.name FROM names WHERE users.id = names.id`; `UPDATE users, names SET ...` on MySQL and
   * MariaDB; subqueries on Oracle before 23ai.
   */
  from(...sources: Source<string>[]): Update<I, R, P> {
    return this.copyWith({ sources: [...this.sources, ...sourcesOf(sources)] });
  }

  /** Which rows; without it all of them. */
  where(...conditions: Typed<Bool>[]): Update<I, R, P> {
    return this.copyWith({ criteria: [...this.criteria, ...conditionsOf(conditions)] });
  }

  /** The same as {@link where}. */
  filter(...conditions: Typed<Bool>[]): Update<I, R, P> {
    return this.where(...conditions);
  }

  /** Conditions by column: each equals its value; null is `IS NULL`. `update(users).set(...).filterBy({ id: 1 })` */
  filterBy(values: Partial<I>): Update<I, R, P> {
    return this.copyWith({ criteria: [...this.criteria, ...equalities(this.table, values as ValueRow)] });
  }

  /** The changed rows back. */
  returning<const C extends readonly Item[]>(
    ...items: C
  ): Update<I, Named<Items<C>, never, unknown>, Tup<Items<C>, never, unknown>> {
    return this.copyWith({ returningItems: items.map(toItem) }) as unknown as Update<
      I,
      Named<Items<C>, never, unknown>,
      Tup<Items<C>, never, unknown>
    >;
  }

  /** The columns that are set. */
  get assigned(): readonly Column[] {
    return this.keys.map((key) => columnOf(this.table, key));
  }
}

/** Begins an UPDATE: `update(users).set({ name: "Alice" }).where(users.c.id.eq(1))`. */
export function update<I>(table: Writable<I>): Update<I> {
  return new Update<I>(toFrom(table));
}
