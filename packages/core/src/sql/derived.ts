import { ArgumentError } from "../errors/index.js";
import { declareNode, type Node } from "../visit/node.js";
import { Column } from "./column.js";
import type { ExpressionNode } from "./expression.js";
import { FromClause } from "./from-clause.js";
import type { tup } from "./protocols.js";

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

  constructor(query: QueryColumns, name: S, recursive: boolean, step?: Node, stepAll = true) {
    super();
    this.query = query;
    this.name = name;
    this.recursive = recursive;
    this.step = step;
    this.stepAll = stepAll;
  }

  static {
    declareNode(Cte, "cte", { query: "node", name: "atom", recursive: "atom", step: "node", stepAll: "atom" });
  }

  /** The CTE without its recursive part: what that part refers to. */
  get base(): Cte<S, R, P> {
    return this.step === undefined ? this : new Cte(this.query, this.name, this.recursive);
  }

  protected override makeColumns(): readonly Column[] {
    return columnsOfQuery(this, this.query);
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
    return new Cte(this.query, this.name, this.recursive, step as unknown as Node, true);
  }

  /** Adds the recursive part, dropping duplicate rows. */
  union(step: { readonly [tup]: P }): Cte<S, R, P> {
    return new Cte(this.query, this.name, this.recursive, step as unknown as Node, false);
  }

  /** The CTE under another name, for joining it to itself. */
  alias<const A extends string>(name: A): Alias<A, R> {
    return new Alias<A, R>(this, name);
  }
}

/** How two FROM items are joined. */
export type JoinKind = "inner" | "left" | "full" | "cross";

/** Two FROM items joined. Without ON the foreign keys say it. */
export class Join extends FromClause {
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

  override get name(): string {
    return `${this.left.name} JOIN ${this.right.name}`;
  }

  protected override makeColumns(): readonly Column[] {
    return [...this.left.columns, ...this.right.columns];
  }

  override get parts(): readonly FromClause[] {
    return [...this.left.parts, ...this.right.parts];
  }
}
