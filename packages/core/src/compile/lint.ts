import { Column } from "../sql/column.js";
import { Join, Subquery } from "../sql/derived.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { FromClause } from "../sql/from-clause.js";
import { TableFunction } from "../sql/table-function.js";
import type { Node } from "../visit/node.js";
import { iterate } from "../visit/walk.js";
import type { SelectNode } from "./froms.js";

/** FROM items in groups of which each is connected by conditions. */
class Groups {
  private readonly leader = new Map<number, number>();

  constructor(items: readonly FromClause[]) {
    for (const item of items) this.leader.set(item.shape, item.shape);
  }

  find(shape: number): number {
    const up = this.leader.get(shape) as number;
    return up === shape ? shape : this.find(up);
  }

  /** Connects FROM items, leaving out those that are not of this query. */
  connect(shapes: Iterable<number>): void {
    let first: number | undefined;
    for (const shape of shapes) {
      if (!this.leader.has(shape)) continue;
      if (first === undefined) first = this.find(shape);
      else this.leader.set(this.find(shape), first);
    }
  }
}

/** The FROM items whose columns a condition speaks of, in its subqueries too. */
function spokenOf(condition: Node): Set<number> {
  const found = new Set<number>();
  for (const node of iterate(condition)) if (node instanceof Column) found.add(node.from.shape);
  return found;
}

function terms(conditions: readonly ExpressionNode[]): readonly Node[] {
  return conditions.flatMap((condition) =>
    condition.kind === "connective" && (condition as ExpressionNode & { readonly operator: string }).operator === "and"
      ? terms((condition as ExpressionNode & { readonly terms: readonly ExpressionNode[] }).terms)
      : [condition],
  );
}

/** Whether an item brings its connection with it: it reads what stands on its left. */
function joinsImplicitly(item: FromClause): boolean {
  return (item instanceof TableFunction && item.joinsImplicitly) || (item instanceof Subquery && item.lateral);
}

function connectJoins(from: FromClause, groups: Groups): void {
  if (!(from instanceof Join)) return;
  connectJoins(from.left, groups);
  connectJoins(from.right, groups);
  if (from.on === undefined) groups.connect(from.parts.map((part) => part.shape));
  else for (const term of terms([from.on])) groups.connect(spokenOf(term));
}

/**
 * Reports FROM items that no condition connects with the others: each row of one group comes with each row of the other.
 * CROSS JOIN says that this is meant, and is left alone.
 */
export function cartesianProducts(
  select: SelectNode,
  froms: readonly FromClause[],
  report: (message: string) => void,
): void {
  const items = froms.flatMap((from) => from.parts);
  const [first] = items;
  if (first === undefined || items.length === 1) return;
  const groups = new Groups(items);
  for (const from of froms) connectJoins(from, groups);
  for (const term of terms(select.criteria)) groups.connect(spokenOf(term));
  for (const item of items) if (joinsImplicitly(item)) groups.connect([first.shape, item.shape]);
  const start = groups.find(first.shape);
  const apart = items.filter((item) => groups.find(item.shape) !== start);
  if (apart.length === 0) return;
  const names = (list: readonly FromClause[]): string => list.map((item) => `"${item.name}"`).join(", ");
  report(
    `SELECT has a cartesian product between FROM items: no condition connects ${names(apart)} with ${names(
      items.filter((item) => !apart.includes(item)),
    )}. Join them with a condition, or with crossJoin() if every row with every row is meant.`,
  );
}
