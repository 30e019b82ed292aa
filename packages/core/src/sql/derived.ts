import { ArgumentError } from "../errors/index.js";
import { declareNode, type Node } from "../visit/node.js";
import { replace } from "../visit/replace.js";
import { Annotation } from "./annotation.js";
import { toExpression, toFrom } from "./coerce.js";
import { Column } from "./column.js";
import { type CteClause, CteCycle, CteSearch, MARK_TYPE } from "./cte-clauses.js";
import type { ExpressionNode } from "./expression.js";
import { FromClause } from "./from-clause.js";
import type { Bool, Nulls, nul, Source, Typed, tup } from "./protocols.js";
import type { TextFragment } from "./text.js";

/** What a query offers to those that wrap it: its result columns. */
export interface QueryColumns extends Node {
  readonly resultItems: readonly ExpressionNode[];
}

/** The columns that a query has when it stands in FROM under a name. */
function columnsOfQuery(from: FromClause, query: QueryColumns): Column[] {
  return query.resultItems.map((item, i) => {
    const key = item.resultName;
    if (key === undefined) {
      throw new ArgumentError(`Column ${i + 1} of "${from.name}" has no name.`, {
        code: "UNNAMED_COLUMN",
        remedy: 'Give the expression a name with label("...").',
      });
    }
    const source = item instanceof Column ? item : undefined;
    return new Column(
      from,
      key,
      { name: key, type: item.type, nullable: source?.nullable ?? true, primaryKey: source?.primaryKey ?? false },
      source?.origin ?? source,
    );
  });
}

/** A table or another FROM item under another name: `users AS u`. */
export class Alias<out S extends string = string, out R = unknown> extends FromClause<S, R> {
  readonly element: FromClause<string, R>;
  readonly name: S;

  constructor(element: FromClause<string, R>, name: S) {
    super();
    this.element = element;
    this.name = name;
  }

  static {
    declareNode(Alias, "alias", { element: "node", name: "atom" });
  }

  protected override makeColumns(): readonly Column[] {
    return this.element.columns.map((column) => new Column(this, column.key, column.facts, column.origin ?? column));
  }

  /** Another name for the same. */
  alias<const A extends string>(name: A): Alias<A, R> {
    return new Alias<A, R>(this.element, name);
  }
}

/** A query in FROM: `(SELECT ...) AS name`; with `lateral` it may refer to FROM items on its left. */
export class Subquery<out S extends string = string, out R = unknown> extends FromClause<S, R> {
  readonly query: QueryColumns;
  readonly name: S;
  readonly lateral: boolean;

  constructor(query: QueryColumns, name: S, lateral = false) {
    super();
    this.query = query;
    this.name = name;
    this.lateral = lateral;
  }

  static {
    declareNode(Subquery, "subquery", { query: "node", name: "atom", lateral: "atom" });
  }

  protected override makeColumns(): readonly Column[] {
    return columnsOfQuery(this, this.query);
  }

  /** The same query under another name. */
  alias<const A extends string>(name: A): Subquery<A, R> {
    return new Subquery<A, R>(this.query, name, this.lateral);
  }
}

/**
 * A common table expression: `WITH name AS (SELECT ...)`. A recursive one is made of a first query and, by `union` or
 * `unionAll`, a second that refers to the CTE itself.
 */
export class Cte<out S extends string = string, out R = unknown, in out P = readonly unknown[]> extends FromClause<
  S,
  R
> {
  readonly query: QueryColumns;
  readonly name: S;
  readonly recursive: boolean;
  readonly step: Node | undefined;
  readonly stepAll: boolean;
  /** It stands in the WITH of the query that refers to it, not in that of the whole statement. */
  readonly nesting: boolean;
  /** Whether the database is told to compute it on its own (true) or within the query (false). */
  readonly materialized: boolean | undefined;
  /** SEARCH, CYCLE, and text in front of and behind the query. */
  readonly clauses: readonly CteClause[];

  constructor(
    query: QueryColumns,
    name: S,
    recursive: boolean,
    step?: Node,
    stepAll = true,
    nesting = false,
    materialized?: boolean,
    clauses: readonly CteClause[] = [],
  ) {
    super();
    this.query = query;
    this.name = name;
    this.recursive = recursive;
    this.step = step;
    this.stepAll = stepAll;
    this.nesting = nesting;
    this.materialized = materialized;
    this.clauses = clauses;
  }

  static {
    declareNode(Cte, "cte", {
      query: "node",
      name: "atom",
      recursive: "atom",
      step: "node",
      stepAll: "atom",
      nesting: "atom",
      materialized: "atom",
      clauses: "nodes",
    });
  }

  /** The CTE without its recursive part: what that part refers to. */
  get base(): Cte<S, R, P> {
    return this.step === undefined ? this : this.copyWith({ step: undefined, stepAll: true });
  }

  protected override makeColumns(): readonly Column[] {
    const own = columnsOfQuery(this, this.query);
    const added = this.clauses.flatMap((clause) => (clause instanceof Annotation ? [] : clause.columns));
    return [
      ...own,
      ...added.map((key) => new Column(this, key, { name: key, type: MARK_TYPE, nullable: false, primaryKey: false })),
    ];
  }

  /** How many columns its query has; SEARCH and CYCLE add others. */
  get width(): number {
    return this.query.resultItems.length;
  }

  /**
   * Adds the recursive part, keeping duplicate rows.
   *
   * @example
   * ```ts
   * const tree = select(emp.c.id, emp.c.managerId).where(emp.c.managerId.isNull()).cte("tree", { recursive: true });
   * const all = tree.unionAll(select(emp.c.id, emp.c.managerId).join(tree, emp.c.managerId.eq(tree.c.id)));
   * select(all.c.id)
   * ```
   * SQL: `WITH RECURSIVE tree(id, "managerId") AS (SELECT ... UNION ALL SELECT ...) SELECT tree.id FROM tree`
   */
  unionAll(step: { readonly [tup]: P }): Cte<S, R, P> {
    return this.copyWith({ step, stepAll: true });
  }

  /** Adds the recursive part, dropping duplicate rows. */
  union(step: { readonly [tup]: P }): Cte<S, R, P> {
    return this.copyWith({ step, stepAll: false });
  }

  /**
   * Numbers the rows of a recursive CTE in the order of a search, in one more column, for ORDER BY.
   *
   * @example
   * ```ts
   * const ordered = tree.unionAll(...).search("depth", ["id"], "position");
   * select(ordered.c.id).orderBy(ordered.c.position)
   * ```
   * SQL: `WITH RECURSIVE tree(id) AS (...) SEARCH DEPTH FIRST BY id SET position`. PostgreSQL 14 and Oracle have it.
   */
  search<const K extends string>(
    order: "depth" | "breadth",
    by: readonly (keyof R & string)[],
    as: K,
  ): Cte<S, R & { readonly [X in K]: unknown }, P> {
    return this.addClause(new CteSearch(order, this.columnNames(by), as)) as unknown as Cte<
      S,
      R & { readonly [X in K]: unknown },
      P
    >;
  }

  /**
   * Stops a recursive CTE at rows that it has met before: rows with equal `by` columns. `as` is `"Y"` for the row that closes a
   * circle, else `"N"`; `path` is a column that PostgreSQL needs for itself. MariaDB leaves such rows out instead of
   * marking them; there write `suffixWith(sql`CYCLE id RESTRICT`)`.
   *
   * SQL: `CYCLE id SET "isCycle" TO 'Y' DEFAULT 'N' USING cycle_path`. PostgreSQL 14 and Oracle have it.
   */
  cycle<const K extends string>(
    by: readonly (keyof R & string)[],
    as: K,
    path = "cycle_path",
  ): Cte<S, R & { readonly [X in K]: "Y" | "N" }, P> {
    return this.addClause(new CteCycle(this.columnNames(by), as, path)) as unknown as Cte<
      S,
      R & { readonly [X in K]: "Y" | "N" },
      P
    >;
  }

  /** Text in front of the query, such as `sql`NOT MATERIALIZED``; only for the dialects that are named, or for all. */
  prefixWith(text: TextFragment, ...dialects: string[]): Cte<S, R, P> {
    return this.addClause(new Annotation("prefix", text as Node, dialects));
  }

  /** Text behind the query's parenthesis; only for the dialects that are named, or for all. */
  suffixWith(text: TextFragment, ...dialects: string[]): Cte<S, R, P> {
    return this.addClause(new Annotation("suffix", text as Node, dialects));
  }

  private addClause(clause: CteClause): this {
    return this.copyWith({ clauses: [...this.clauses, clause] });
  }

  private columnNames(keys: readonly string[]): readonly string[] {
    const columns = this.c as Readonly<Record<string, Column>>;
    return keys.map((key) => (columns[key] as Column).name);
  }

  /** The CTE under another name, for joining it to itself. */
  alias<const A extends string>(name: A): Alias<A, R> {
    return new Alias<A, R>(this, name);
  }
}

/** How two FROM items are joined. */
export type JoinKind = "inner" | "left" | "full" | "cross";

/**
 * Two FROM items joined. Without ON the foreign keys say it. `S` are the names of all FROM items in it, `M` of those that an
 * outer join within can make NULL.
 */
export class Join<out S extends string = string, out M extends string = string> extends FromClause<S> {
  declare readonly [nul]: Nulls<M>;
  readonly left: FromClause;
  readonly right: FromClause;
  readonly on: ExpressionNode | undefined;
  readonly joinKind: JoinKind;

  constructor(left: FromClause, right: FromClause, on: ExpressionNode | undefined, joinKind: JoinKind) {
    super();
    this.left = left;
    this.right = right;
    this.on = on;
    this.joinKind = joinKind;
  }

  static {
    declareNode(Join, "join", { left: "node", right: "node", on: "node", joinKind: "atom" });
  }

  override get name(): S {
    return `${this.left.name} JOIN ${this.right.name}` as S;
  }

  protected override makeColumns(): readonly Column[] {
    return [...this.left.columns, ...this.right.columns];
  }

  override get parts(): readonly FromClause[] {
    return [...this.left.parts, ...this.right.parts];
  }

  /** Joins one more. */
  join<T extends string, M2 extends string = never>(right: Source<T, M2>, on?: Typed<Bool>): Join<S | T, M | M2> {
    return join(this as Source<S, M>, right, on);
  }

  /** Joins one more, whose columns become nullable. */
  outerJoin<T extends string>(right: Source<T>, on?: Typed<Bool>): Join<S | T, M | T> {
    return outerJoin(this as Source<S, M>, right, on);
  }

  /**
   * The same join of the same FROM items under other names, for joining it to itself: `users` becomes what
   * `users.alias("prefix_users")` is, through which its columns are named. The conditions follow.
   *
   * @example
   * ```ts
   * const written = join(users, posts);
   * const [u, p] = [users.alias("other_users"), posts.alias("other_posts")];
   * select(users.c.name, u.c.name.label("other")).selectFrom(written).join(written.alias("other"), p.c.title.eq(posts.c.title))
   * ```
   * SQL: `... JOIN (users AS other_users JOIN posts AS other_posts ON other_users.id = other_posts.author_id) ON ...`
   *
   * @throws ArgumentError for a join with a FROM item that has one name only, such as a function.
   */
  alias<const A extends string>(prefix: A): Join<`${A}_${S}`, `${A}_${M}`> {
    const renamed = new Map(this.parts.map((part) => [part.shape, aliasOf(part, `${prefix}_${part.name}`)]));
    return replace<Node>(this, (node) => {
      if (!(node instanceof Column)) return renamed.get(node.shape);
      const from = renamed.get(node.from.shape);
      return from && (from.c as Readonly<Record<string, Column>>)[node.key];
    }) as Join<`${A}_${S}`, `${A}_${M}`>;
  }
}

function aliasOf(part: FromClause, name: string): FromClause {
  const { alias } = part as FromClause & { readonly alias?: (name: string) => FromClause };
  if (alias !== undefined) return alias.call(part, name);
  throw new ArgumentError(`"${part.name}" cannot stand in a join under another name.`, {
    code: "NO_ALIAS",
    remedy: "Join it to the alias of the others.",
  });
}

function joined(left: unknown, right: unknown, on: Typed<Bool> | undefined, kind: JoinKind): Join<never, never> {
  return new Join(toFrom(left), toFrom(right), on === undefined ? undefined : toExpression(on), kind);
}

/**
 * Two FROM items joined as one FROM item, for a join on the right side of another. Without a condition, ON comes from the
 * foreign keys.
 *
 * @example
 * ```ts
 * select(users.c.name, posts.c.title).outerJoin(join(posts, comments))
 * ```
 * SQL: `FROM users LEFT OUTER JOIN (posts JOIN comments ON posts.id = comments.post_id) ON users.id = posts.author_id`; the columns
 * of both become nullable in the row.
 */
export function join<S extends string, T extends string, M extends string = never, M2 extends string = never>(
  left: Source<S, M>,
  right: Source<T, M2>,
  on?: Typed<Bool>,
): Join<S | T, M | M2> {
  return joined(left, right, on, "inner");
}

/** As {@link join}, keeping rows of the left side that have none on the right: `posts LEFT OUTER JOIN comments ON ...`. */
export function outerJoin<S extends string, T extends string, M extends string = never>(
  left: Source<S, M>,
  right: Source<T>,
  on?: Typed<Bool>,
): Join<S | T, M | T> {
  return joined(left, right, on, "left");
}

/** As {@link join}, keeping the rows of both sides: `posts FULL OUTER JOIN comments ON ...`. MySQL and MariaDB refuse it. */
export function fullJoin<S extends string, T extends string>(
  left: Source<S, string>,
  right: Source<T, string>,
  on?: Typed<Bool>,
): Join<S | T, S | T> {
  return joined(left, right, on, "full");
}
