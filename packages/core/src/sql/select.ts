import { ArgumentError } from "../errors/index.js";
import { declareNode, Node } from "../visit/node.js";
import { toExpression, toFrom, toItem, toJoinTarget } from "./coerce.js";
import type { JoinKind } from "./derived.js";
import { BOOLEAN } from "./elements.js";
import type { ExpressionNode } from "./expression.js";
import type { Columns, FromClause } from "./from-clause.js";
import { ItemGroup } from "./item-group.js";
import type { Bool, Item, LoadOption, row, Source, Typed } from "./protocols.js";
import { type LockOptions, Query } from "./query.js";
import type { Items, SrcOf } from "./rows.js";

/** One `JOIN target ON ...` of a select; without ON the foreign keys say it when the statement is compiled. */
export class JoinClause extends Node {
  readonly target: FromClause;
  readonly on: ExpressionNode | undefined;
  readonly joinKind: JoinKind;

  constructor(target: FromClause, on: ExpressionNode | undefined, joinKind: JoinKind) {
    super();
    this.target = target;
    this.on = on;
    this.joinKind = joinKind;
  }

  static {
    declareNode(JoinClause, "joinClause", { target: "node", on: "node", joinKind: "atom" });
  }
}

/** The clauses of a select. */
export interface SelectClauses {
  readonly items: readonly Node[];
  readonly froms: readonly FromClause[];
  readonly joins: readonly JoinClause[];
  readonly criteria: readonly ExpressionNode[];
  readonly groups: readonly ExpressionNode[];
  readonly havings: readonly ExpressionNode[];
  readonly order: readonly Node[];
  readonly limitTo: ExpressionNode | undefined;
  readonly offsetBy: ExpressionNode | undefined;
  readonly isDistinct: boolean;
  readonly lock: string | undefined;
  readonly loadOptions: readonly unknown[];
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
  readonly groups: readonly ExpressionNode[];
  readonly havings: readonly ExpressionNode[];
  readonly order: readonly Node[];
  readonly limitTo: ExpressionNode | undefined;
  readonly offsetBy: ExpressionNode | undefined;
  readonly isDistinct: boolean;
  readonly lock: string | undefined;
  /** Loader options; the ORM reads them. */
  readonly loadOptions: readonly unknown[];
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
    this.lock = clauses.lock;
    this.loadOptions = clauses.loadOptions;
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
      lock: "atom",
      loadOptions: "data",
    });
  }

  override copyWith(changes: Readonly<Record<string, unknown>>): this {
    return this.with(changes as Partial<SelectClauses>);
  }

  protected override with(changes: Partial<SelectClauses>): this {
    return this.retyped(changes) as unknown as this;
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

  private joined(source: unknown, on: Typed<Bool> | undefined, joinKind: JoinKind): Partial<SelectClauses> {
    const found = toJoinTarget(source);
    const condition = on === undefined ? found.on : toExpression(on, BOOLEAN);
    const via = found.via ? [new JoinClause(found.via.target, found.via.on, joinKind)] : NONE;
    return { joins: [...this.joins, ...via, new JoinClause(found.target, condition, joinKind)] };
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
  join(target: Source<string>, on?: Typed<Bool>): Select<C, N, L> {
    return this.with(this.joined(target, on, "inner"));
  }

  /** `LEFT OUTER JOIN`: the target's columns become nullable in the row. */
  outerJoin<S extends string>(target: Source<S>, on?: Typed<Bool>): Select<C, N | S, L> {
    return this.retyped(this.joined(target, on, "left"));
  }

  /** `FULL OUTER JOIN`: all columns become nullable in the row. MySQL and MariaDB do not have it. */
  fullJoin<S extends string>(target: Source<S>, on?: Typed<Bool>): Select<C, N | S | SrcOf<C[number]>, L> {
    return this.retyped(this.joined(target, on, "full"));
  }

  /** `CROSS JOIN`: every row with every row. */
  crossJoin(target: Source<string>): Select<C, N, L> {
    return this.with(this.joined(target, undefined, "cross"));
  }

  /** Says what to select from, where it cannot be seen from the columns or the left side of a join is to be set. */
  selectFrom(...sources: Source<string>[]): Select<C, N, L> {
    return this.with({ froms: [...this.froms, ...sources.map(toFrom)] });
  }

  /** Adds elements to GROUP BY. */
  groupBy(...elements: Item[]): Select<C, N, L> {
    return this.with({ groups: [...this.groups, ...elements.map((element) => toExpression(element))] });
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

  /** Locks the rows that are read: `FOR UPDATE`. SQLite has no row locks and refuses it. */
  forUpdate(options: LockOptions = {}): Select<C, N, L> {
    const suffix = options.nowait ? " NOWAIT" : options.skipLocked ? " SKIP LOCKED" : "";
    return this.with({ lock: `FOR ${options.share ? "SHARE" : "UPDATE"}${suffix}` });
  }

  /** Adds a loader option; what it loads becomes readable in the entities of the result. */
  options<M>(option: LoadOption<M>): Select<C, N, L & M> {
    return this.retyped({ loadOptions: [...this.loadOptions, option] });
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
  lock: undefined,
  loadOptions: NONE,
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
