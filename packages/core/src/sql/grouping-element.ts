import { ArgumentError } from "../errors/index.js";
import { declareNode, Node } from "../visit/node.js";
import { toExpression } from "./coerce.js";
import type { ExpressionNode } from "./expression.js";
import type { Item, Nulls, nul } from "./protocols.js";
import type { SrcOf } from "./rows.js";

/** How GROUP BY groups in more than one way at once. */
export type GroupingKind = "rollup" | "cube" | "sets";

/**
 * `ROLLUP (...)`, `CUBE (...)` or `GROUPING SETS (...)` in GROUP BY. `M` are the FROM items whose columns are NULL in some of
 * the rows.
 */
export class GroupingElement<out M extends string = string> extends Node {
  declare readonly [nul]: Nulls<M>;
  readonly grouping: GroupingKind;
  readonly elements: readonly ExpressionNode[];
  /** How many of the elements each set has, in order. */
  readonly sizes: readonly number[];

  constructor(grouping: GroupingKind, elements: readonly ExpressionNode[], sizes: readonly number[]) {
    super();
    this.grouping = grouping;
    this.elements = elements;
    this.sizes = sizes;
  }

  static {
    declareNode(GroupingElement, "groupingElement", { grouping: "atom", elements: "nodes", sizes: "atoms" });
  }

  /** The elements by set. */
  get sets(): readonly (readonly ExpressionNode[])[] {
    let end = 0;
    return this.sizes.map((size) => {
      end += size;
      return this.elements.slice(end - size, end);
    });
  }
}

/** One of these elements, or one in the arrays among them. */
type In<E> = E extends readonly (infer I)[] ? I : E;

function each(kind: GroupingKind, sets: readonly (Item | readonly Item[])[]): GroupingElement<never> {
  if (sets.length === 0) throw new ArgumentError("Grouping needs something to group by.", { code: "EMPTY_GROUPING" });
  const made = sets.map((set) => (Array.isArray(set) ? (set as readonly Item[]) : [set as Item]));
  return new GroupingElement(
    kind,
    made.flat().map((item) => toExpression(item)),
    made.map((set) => set.length),
  );
}

/**
 * Subtotals from right to left and a total: groups by all elements, by all but the last, ... by none. Several elements in an
 * array count as one.
 *
 * @example
 * ```ts
 * select(sales.c.region, sales.c.city, func.sum(sales.c.amount)).groupBy(rollup(sales.c.region, sales.c.city))
 * ```
 * SQL: `GROUP BY ROLLUP (sales.region, sales.city)`; `GROUP BY sales.region, sales.city WITH ROLLUP` on MySQL and MariaDB.
 * The columns become nullable in the row, since they are NULL in the subtotals. SQLite has none and refuses it.
 */
export function rollup<const E extends readonly (Item | readonly Item[])[]>(
  ...elements: E
): GroupingElement<SrcOf<In<E[number]>>> {
  return each("rollup", elements);
}

/** Subtotals of every combination of the elements. SQL: `GROUP BY CUBE (a, b)`. Only PostgreSQL, Oracle and SQL Server have it. */
export function cube<const E extends readonly (Item | readonly Item[])[]>(
  ...elements: E
): GroupingElement<SrcOf<In<E[number]>>> {
  return each("cube", elements);
}

/**
 * Groups by each of the sets in turn; an empty one is the total. SQL: `GROUP BY GROUPING SETS ((a, b), (a), ())`. Only
 * PostgreSQL, Oracle and SQL Server have it.
 */
export function groupingSets<const E extends readonly (readonly Item[])[]>(
  ...sets: E
): GroupingElement<SrcOf<In<E[number]>>> {
  return each("sets", sets);
}
