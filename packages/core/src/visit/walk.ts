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

/**
 * Walks a tree, parents before children.
 *
 * @example
 * ```ts
 * for (const node of iterate(stmt)) if (node instanceof Column) seen.add(node);
 * ```
 */
export function* iterate(root: Node): Generator<Node, void> {
  const stack: Node[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node;
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as Node);
  }
}
