import type { Node } from "./node.js";

/** The child nodes of a node, in declared order. */
export function childrenOf(node: Node): readonly Node[] {
  const self = node as unknown as { readonly [field: string]: unknown };
  const found: Node[] = [];
  for (const { name, kind } of node.declaration.fields) {
    const value = self[name];
    // One by one: a list may be longer than a call has room for arguments.
    if (kind === "nodes") for (const child of value as readonly Node[]) found.push(child);
    else if (kind === "node" && value !== undefined) found.push(value as Node);
  }
  return found;
}

/** The nodes that a node points to without containing them, tables apart. */
function targetsOf(node: Node): readonly Node[] {
  const self = node as unknown as { readonly [field: string]: unknown };
  const refs = node.declaration.fields.filter(({ kind }) => kind === "ref").map(({ name }) => self[name] as Node);
  return refs.filter((target) => target !== undefined && !target.isIdentity);
}

/**
 * Walks a tree, parents before children. A subquery, alias or CTE that only columns point to is walked too, once, at the first
 * of these columns: it will stand in FROM. Tables are met where they stand in FROM by name.
 *
 * @example
 * ```ts
 * for (const node of iterate(stmt)) if (node instanceof Column) seen.add(node);
 * ```
 */
export function* iterate(root: Node): Generator<Node, void> {
  const seen = new Set<Node>();
  const pointedTo = new Set<Node>();
  const stack: Node[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (pointedTo.has(node) && seen.has(node)) continue;
    seen.add(node);
    yield node;
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as Node);
    for (const target of targetsOf(node)) {
      pointedTo.add(target);
      if (!seen.has(target)) stack.push(target);
    }
  }
}
