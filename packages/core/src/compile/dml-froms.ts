import { Column } from "../sql/column.js";
import type { FromClause } from "../sql/from-clause.js";
import type { Node } from "../visit/node.js";

/** Adds the FROM items of the columns in an expression; nested queries keep theirs. */
function collect(node: Node, into: Map<number, FromClause>): void {
  if (node instanceof Column) {
    const { kind } = node.from;
    if (kind !== "rowVersion" && kind !== "join" && kind !== "text") into.set(node.from.shape, node.from);
    return;
  }
  if (node.kind === "select" || node.kind === "compound") return;
  const self = node as unknown as { readonly [field: string]: unknown };
  for (const { name, kind } of node.declaration.fields) {
    if (kind === "nodes") for (const child of self[name] as readonly Node[]) collect(child, into);
    else if (kind === "node" && self[name] !== undefined) collect(self[name] as Node, into);
  }
}

/** The FROM items that expressions speak of, nested queries left out. */
export function spokenFroms(nodes: readonly Node[]): readonly FromClause[] {
  const found = new Map<number, FromClause>();
  for (const node of nodes) collect(node, found);
  return [...found.values()];
}

/** The FROM items of an UPDATE or DELETE beside its table: the named ones, then those that its expressions speak of. */
export function otherFroms(
  table: FromClause,
  named: readonly FromClause[],
  nodes: readonly Node[],
): readonly FromClause[] {
  const known = new Set([table, ...named].flatMap((from) => from.parts.map((part) => part.shape)));
  const own = named.filter((from) => from.shape !== table.shape);
  return [...own, ...spokenFroms(nodes).filter((from) => !known.has(from.shape))];
}
