import { ArgumentError } from "../errors/index.js";
import { declareNode, Node } from "../visit/node.js";
import { Annotation } from "./annotation.js";
import { toExpression, toFrom, toItem, toJoinTarget } from "./coerce.js";
import type { JoinKind } from "./derived.js";
import { BOOLEAN } from "./elements.js";
import type { ExpressionNode, Predicate } from "./expression.js";
import type { Columns, FromClause } from "./from-clause.js";
import { GroupingElement } from "./grouping-element.js";
import { ItemGroup } from "./item-group.js";
import { operations } from "./late.js";
import type { Modifiers } from "./modifiers.js";
import type { Bool, Item, LoadOption, Operand, row, Source, Typed } from "./protocols.js";
import { Query } from "./query.js";
import { toElement } from "./result-name.js";
import { type LockOptions, rowLock } from "./row-lock.js";
import type { Items, NameOf } from "./rows.js";
import type { TextFragment } from "./text.js";

/** One `JOIN target ON ...` of a select; without ON the foreign keys say it when the statement is compiled. */
export class JoinClause extends Node {
  readonly target: FromClause;
  readonly on: ExpressionNode | undefined;
  readonly joinKind: JoinKind;
  /** What it is joined to, where that is said; else it is seen from the condition or the foreign keys. */
  readonly left: FromClause | undefined;

  constructor(target: FromClause, on: ExpressionNode | undefined, joinKind: JoinKind, left?: FromClause) {
    super();
    this.target = target;
    this.on = on;
    this.joinKind = joinKind;
    this.left = left;
  }

  static {
    declareNode(JoinClause, "joinClause", { target: "node", on: "node", joinKind: "atom", left: "node" });
  }
}

/** The clauses of a select. */
export interface SelectClauses {
  readonly items: readonly Node[];
  readonly froms: readonly FromClause[];
  readonly joins: readonly JoinClause[];
  readonly criteria: readonly ExpressionNode[];
  readonly groups: readonly Node[];
  readonly havings: readonly ExpressionNode[];
  readonly order: readonly Node[];
  readonly limitTo: ExpressionNode | undefined;
  readonly offsetBy: ExpressionNode | undefined;
  readonly isDistinct: boolean;
  readonly loadOptions: readonly unknown[];
  readonly modifiers: Modifiers | undefined;
}

const NONE: readonly never[] = [];

/**
 * A SELECT statement: a value. Each method returns a new one; nothing is executed.
 *
 * `C` is the select list, `N` the names of the FROM items that an outer join can make NULL, `L` what loader options are
 * known to load.
 */
export class Select<C extends readonly unknown[], N extends string = never, L = unknown>
  extends Query<C, N, L>
  implements SelectClauses
{
  readonly items: readonly Node[];
  readonly froms: readonly FromClause[];
  readonly joins: readonly JoinClause[];
  readonly criteria: readonly ExpressionNode[];
  readonly groups: readonly Node[];
  readonly havings: readonly ExpressionNode[];
  readonly order: readonly Node[];
  readonly limitTo: ExpressionNode | undefined;
  readonly offsetBy: ExpressionNode | undefined;
  readonly isDistinct: boolean;
  /** Loader options; the ORM reads them. */
  readonly loadOptions: readonly unknown[];
  readonly modifiers: Modifiers | undefined;
  private memoResultItems: readonly ExpressionNode[] | undefined = undefined;

  constructor(clauses: SelectClauses) {
    super();
    this.items = clauses.items;
    this.froms = clauses.froms;
    this.joins = clauses.joins;
    this.criteria = clauses.criteria;
    this.groups = clauses.groups;
    this.havings = clauses.havings;
    this.order = clauses.order;
    this.limitTo = clauses.limitTo;
    this.offsetBy = clauses.offsetBy;
    this.isDistinct = clauses.isDistinct;
    this.loadOptions = clauses.loadOptions;
    this.modifiers = clauses.modifiers;
  }

  static {
    declareNode(Select, "select", {
      items: "nodes",
      froms: "nodes",
      joins: "nodes",
      criteria: "nodes",
      groups: "nodes",
      havings: "nodes",
      order: "nodes",
      limitTo: "node",
      offsetBy: "node",
      isDistinct: "atom",
      loadOptions: "data",
      modifiers: "node",
    });
  }

  override copyWith(changes: Readonly<Record<string, unknown>>): this {
    return this.with(changes as Partial<SelectClauses>);
  }

  protected override with(changes: Partial<SelectClauses>): this {
    return this.retyped(changes) as unknown as this;
  }

  /** The condition of WHERE; undefined without one. */
  get whereClause(): Predicate | undefined {
    return this.criteria.length === 0 ? undefined : (operations.connect("and", this.criteria) as Predicate);
  }

  /** The FROM items that the select list and the conditions speak of. */
  get columnsClauseFroms(): readonly FromClause[] {
    return operations.froms(this, "columns");
  }

  /** FROM as it will be written: joins hung in, what is implied added. */
  get finalFroms(): readonly FromClause[] {
    return operations.froms(this, "final");
  }

  /** The one place where the phantom parameters of a select change. */
  private retyped<C2 extends readonly unknown[], N2 extends string, L2>(
    changes: Partial<SelectClauses>,
  ): Select<C2, N2, L2> {
    // Faster than spreading both into an object of clauses: building a statement is mostly this.
    return Object.assign(new Select<C2, N2, L2>(this), changes);
  }

  get resultItems(): readonly ExpressionNode[] {
    this.memoResultItems ??= this.items.flatMap((item) =>
      item instanceof ItemGroup ? item.expressions : [item as ExpressionNode],
    );
    return this.memoResultItems;
  }

  /** Adds conditions; all of them must hold. */
  where(...conditions: Typed<Bool>[]): Select<C, N, L> {
    return this.with({
      criteria: [...this.criteria, ...conditions.map((condition) => toExpression(condition, BOOLEAN))],
    });
  }

  /**
   * Conditions by name: each column of the FROM item equals its value; `null` looks for NULL.
   *
   * @example
   * ```ts
   * select(users.c.id).filterBy(users, { name: "alice", nick: null })
   * ```
   * SQL: `SELECT users.id FROM users WHERE users.name = :name_1 AND users.nick IS NULL`
   */
  filterBy<R>(
    source: Source<string> & { readonly [row]: R },
    values: { readonly [K in keyof R]?: Operand<R[K]> },
  ): Select<C, N, L> {
    const columns = toFrom(source).c as Readonly<Record<string, ExpressionNode>>;
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    return this.with({
      criteria: [
        ...this.criteria,
        ...given.map(([key, value]) => operations.compare("eq", columns[key] as ExpressionNode, value)),
      ],
    });
  }

  private joined(
    source: unknown,
    on: Typed<Bool> | undefined,
    joinKind: JoinKind,
    left?: Source<string, string>,
  ): Partial<SelectClauses> {
    const found = toJoinTarget(source);
    const condition = on === undefined ? found.on : toExpression(on, BOOLEAN);
    const from = left === undefined ? undefined : toFrom(left);
    const via = found.via ? [new JoinClause(found.via.target, found.via.on, joinKind, from)] : NONE;
    const behind = found.via ? undefined : from;
    return { joins: [...this.joins, ...via, new JoinClause(found.target, condition, joinKind, behind)] };
  }

  /**
   * Inner join. Without a condition, ON comes from the foreign keys between the target and what is already there.
   *
   * @example
   * ```ts
   * select(users.c.name, posts.c.title).join(posts)
   * ```
   * SQL: `SELECT users.name, posts.title FROM users JOIN posts ON users.id = posts.author_id`
   */
  join<M extends string = never>(target: Source<string, M>, on?: Typed<Bool>): Select<C, N | M, L> {
    return this.retyped(this.joined(target, on, "inner"));
  }

  /** `LEFT OUTER JOIN`: the target's columns become nullable in the row. */
  outerJoin<S extends string>(target: Source<S, string>, on?: Typed<Bool>): Select<C, N | S, L> {
    return this.retyped(this.joined(target, on, "left"));
  }

  /** `FULL OUTER JOIN`: all columns become nullable in the row. MySQL and MariaDB do not have it. */
  fullJoin(target: Source<string, string>, on?: Typed<Bool>): Select<C, string, L> {
    return this.retyped(this.joined(target, on, "full"));
  }

  /** `CROSS JOIN`: every row with every row. */
  crossJoin<M extends string = never>(target: Source<string, M>): Select<C, N | M, L> {
    return this.retyped(this.joined(target, undefined, "cross"));
  }

  /**
   * As {@link join}, and says what stands on the left of it.
   *
   * @example
   * ```ts
   * select(posts.c.title, tags.c.name).joinFrom(users, posts).joinFrom(posts, tags)
   * ```
   * SQL: `FROM users JOIN posts ON users.id = posts.author_id JOIN tags ON posts.id = tags.post_id`
   */
  joinFrom<M extends string = never>(
    left: Source<string, M>,
    target: Source<string, M>,
    on?: Typed<Bool>,
  ): Select<C, N | M, L> {
    return this.retyped(this.joined(target, on, "inner", left));
  }

  /** As {@link outerJoin}, and says what stands on the left of it. */
  outerJoinFrom<S extends string, M extends string = never>(
    left: Source<string, M>,
    target: Source<S, string>,
    on?: Typed<Bool>,
  ): Select<C, N | S | M, L> {
    return this.retyped(this.joined(target, on, "left", left));
  }

  /** As {@link fullJoin}, and says what stands on the left of it. */
  fullJoinFrom(left: Source<string, string>, target: Source<string, string>, on?: Typed<Bool>): Select<C, string, L> {
    return this.retyped(this.joined(target, on, "full", left));
  }

  /** Says what to select from, where it cannot be seen from the columns or the left side of a join is to be set. */
  selectFrom<M extends string = never>(...sources: Source<string, M>[]): Select<C, N | M, L> {
    return this.retyped({ froms: [...this.froms, ...sources.map(toFrom)] });
  }

  /**
   * Adds elements to GROUP BY: expressions, names of result columns, `rollup(...)` and its kin. `null` takes away what was
   * there.
   */
  groupBy<M extends string = never>(
    ...elements: (Item | GroupingElement<M> | NameOf<C[number]> | null)[]
  ): Select<C, N | M, L> {
    let groups = this.groups;
    for (const element of elements as readonly unknown[]) {
      if (element === null) groups = [];
      else groups = [...groups, element instanceof GroupingElement ? element : toElement(element)];
    }
    return this.retyped({ groups });
  }

  /** Adds conditions on groups. */
  having(...conditions: Typed<Bool>[]): Select<C, N, L> {
    return this.with({
      havings: [...this.havings, ...conditions.map((condition) => toExpression(condition, BOOLEAN))],
    });
  }

  /** `SELECT DISTINCT` */
  distinct(): Select<C, N, L> {
    return this.with({ isDistinct: true });
  }

  /**
   * The first row, in the order of the query, of the rows that are equal in these expressions.
   *
   * @example
   * ```ts
   * select(posts.c.authorId, posts.c.title).distinctOn(posts.c.authorId).orderBy(posts.c.authorId, posts.c.id.desc())
   * ```
   * SQL: `SELECT DISTINCT ON (posts.author_id) ... ORDER BY posts.author_id, posts.id DESC` on PostgreSQL, where ORDER BY must begin
   * with the expressions; elsewhere rows are numbered by `row_number()` in a subquery.
   */
  distinctOn(...expressions: Item[]): Select<C, N, L> {
    if (expressions.length === 0)
      throw new ArgumentError("distinctOn() needs an expression.", { remedy: "Use distinct() for whole rows." });
    return this.modify({ distinctOn: expressions.map((expression) => toExpression(expression)) });
  }

  /**
   * The FROM items of the queries around this one that it may refer to; any other is its own, also if the queries around it
   * have it too. Called with none, it refers to nothing outside.
   *
   * Without it a query in an expression shares with those around it what they have in common, over all levels, as long as a
   * FROM item of its own remains.
   */
  correlate(...sources: Source<string>[]): Select<C, N, L> {
    return this.modify({ correlationMode: "only", correlated: sources.map(toFrom) });
  }

  /** The FROM items that are this query's own; all others that the queries around it have are theirs. See {@link correlate}. */
  correlateExcept(...sources: Source<string>[]): Select<C, N, L> {
    return this.modify({ correlationMode: "except", correlated: sources.map(toFrom) });
  }

  /**
   * A hint on a table, for some dialects (by name) or for all.
   *
   * @example
   * ```ts
   * select(users.c.id).withHint(users, sql`USE INDEX (ix_name)`, "mysql", "mariadb").withHint(users, sql`NOLOCK`, "mssql")
   * ```
   * SQL: `FROM users USE INDEX (ix_name)`, `FROM users WITH (NOLOCK)` on SQL Server, `SELECT /*+ hint *\/` on Oracle. PostgreSQL has none
   * and refuses one that is meant for it.
   */
  withHint(source: Source<string>, text: TextFragment, ...dialects: string[]): Select<C, N, L> {
    const hint = new Annotation("tableHint", text as Node, dialects, toFrom(source));
    return this.modify({ annotations: [...(this.modifiers?.annotations ?? []), hint] });
  }

  /**
   * Locks the rows that are read until the transaction ends.
   *
   * @example
   * ```ts
   * select(jobs.c.id).where(jobs.c.state.eq("new")).limit(1).forUpdate({ skipLocked: true })
   * ```
   * SQL: `FOR UPDATE SKIP LOCKED`; table hints on SQL Server: `FROM jobs WITH (UPDLOCK, ROWLOCK, READPAST)`. SQLite has no row
   * locks and refuses it, as each database refuses the options that it has not.
   */
  forUpdate(options: LockOptions = {}): Select<C, N, L> {
    return this.modify({ lock: rowLock(options) });
  }

  /** Adds a loader option; what it loads becomes readable in the entities of the result. */
  options<M>(option: LoadOption<M>): Select<C, N, L & M> {
    return this.retyped({ loadOptions: [...this.loadOptions, option] });
  }

  /** A select of more columns: those that are there, then these. */
  addColumns<const D extends readonly Item[]>(...items: D): Select<readonly [...C, ...Items<D>], N, L> {
    return this.retyped({ items: [...this.items, ...items.map(toItem)] });
  }

  /**
   * Leaves out columns that say the same as an earlier one of the same name: of two that a foreign key or a condition makes
   * equal.
   */
  reduceColumns(): Select<readonly C[number][], N, L> {
    return this.retyped({ items: operations.reduceColumns(this) });
  }

  /** A select of other columns with the same FROM, WHERE and so on: `stmt.withOnlyColumns(func.count())`. */
  withOnlyColumns<const D extends readonly Item[]>(...items: D): Select<Items<D>, N, L> {
    return this.retyped({ items: items.map(toItem) });
  }
}

/** The clauses of an empty select. */
const EMPTY_SELECT: SelectClauses = {
  items: NONE,
  froms: NONE,
  joins: NONE,
  criteria: NONE,
  groups: NONE,
  havings: NONE,
  order: NONE,
  limitTo: undefined,
  offsetBy: undefined,
  isDistinct: false,
  loadOptions: NONE,
  modifiers: undefined,
};

/**
 * Begins a SELECT: the columns first, as in SQL. FROM is seen from the columns; joins follow.
 *
 * @example
 * ```ts
 * select(users.c.id, users.c.name).where(users.c.name.eq("alice"))
 * ```
 * SQL: `SELECT users.id, users.name FROM users WHERE users.name = :name_1`; row type `{ id: number; name: string }`.
 */
export function select<const C extends readonly Item[]>(...items: C): Select<Items<C>> {
  if (items.length === 0) throw new ArgumentError("select() needs something to select.", { code: "EMPTY_SELECT" });
  return new Select<Items<C>>({ ...EMPTY_SELECT, items: items.map(toItem) });
}

/**
 * Selects all columns of a table, alias, subquery or CTE.
 *
 * @example
 * ```ts
 * selectAll(users).where(users.c.id.eq(1))
 * ```
 * SQL: `SELECT users.id, users.name, users.nick FROM users WHERE users.id = :id_1`
 */
export function selectAll<S extends string, R>(
  from: Source<S> & { readonly [row]: R },
): Select<readonly Columns<S, R>[keyof R][]> {
  const source = toFrom(from);
  return new Select<readonly Columns<S, R>[keyof R][]>({ ...EMPTY_SELECT, items: source.columns, froms: [source] });
}
