import type { Node } from "./node.js";

/** Decides about one node: another node to put in its place, or undefined to keep it and look at its children. */
export type Replacement = (node: Node) => Node | undefined;

/**
 * Copies a tree with some nodes replaced. Parts without a replacement are shared with the original; a node that occurs
 * twice is replaced once, so that a bind parameter used twice stays one parameter.
 *
 * @example
 * ```ts
 * const forTenant = replace(stmt, (node) => (node === users ? users.alias("u") : undefined));
 * ```
 */
export function replace<N extends Node>(root: N, decide: Replacement): N {
  return transform(root, decide, false);
}

/**
 * Copies every node of a tree. The copy is equal in shape and compiles to the same SQL: tests run with it to prove that
 * every node class declares all that it holds.
 */
export function copyTree<N extends Node>(root: N): N {
  return transform(root, () => undefined, true);
}

function transform<N extends Node>(root: N, decide: Replacement, copyAll: boolean): N {
  const done = new Map<Node, Node>();

  function visit(node: Node): Node {
    const before = done.get(node);
    if (before) return before;
    const made = decide(node) ?? (node.isIdentity ? node : descend(node));
    done.set(node, made);
    return made;
  }

  function descend(node: Node): Node {
    const self = node as unknown as { readonly [field: string]: unknown };
    let changes: Record<string, unknown> | undefined;
    for (const { name, kind } of node.declaration.fields) {
      const value = self[name];
      if (value === undefined) continue;
      let next: unknown = value;
      if (kind === "node" || kind === "ref") {
        next = visit(value as Node);
      } else if (kind === "nodes") {
        const list = (value as readonly Node[]).map(visit);
        if (copyAll || list.some((item, i) => item !== (value as readonly Node[])[i])) next = list;
      }
      if (next !== value) {
        changes ??= {};
        changes[name] = next;
      }
    }
    return changes || copyAll ? node.copyWith(changes ?? {}) : node;
  }

  return visit(root) as N;
}
