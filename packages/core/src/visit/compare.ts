import { flattenBinds, type BindLeaf, type Node } from "./node.js";

function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Uint8Array && b instanceof Uint8Array) return a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  return false;
}

/**
 * Whether two trees say the same: equal structure and equal values.
 *
 * @example
 * ```ts
 * equals(users.c.id.eq(1), users.c.id.eq(1)); // true
 * equals(users.c.id.eq(1), users.c.id.eq(2)); // false; sameShape() is true
 * ```
 */
export function equals(a: Node, b: Node): boolean {
  if (a === b) return true;
  if (statementKey(a) !== statementKey(b)) return false;
  const left = flattenBinds(a.binds);
  const right = flattenBinds(b.binds);
  return left.every((bind, i) => sameValue(bind.value, right[i]?.value));
}

/** Whether two trees differ in nothing but the values of their bind parameters, so that one compiled form serves both. */
export function sameShape(a: Node, b: Node): boolean {
  return statementKey(a) === statementKey(b);
}

/**
 * Which bind parameters of a list are one and the same object: "" when all are different, which is the usual case. Part
 * of a statement's key, because a parameter that is used twice is sent once.
 */
export function sharingPattern(binds: readonly BindLeaf[]): string {
  if (binds.length < 2) return "";
  if (binds.length <= 8) {
    let shared = false;
    for (let i = 1; i < binds.length && !shared; i++) {
      for (let j = 0; j < i; j++) {
        if (binds[i] === binds[j]) {
          shared = true;
          break;
        }
      }
    }
    if (!shared) return "";
  }
  const first = new Map<BindLeaf, number>();
  const pattern = binds.map((bind, i) => {
    const at = first.get(bind);
    if (at === undefined) first.set(bind, i);
    return at ?? i;
  });
  return first.size === binds.length ? "" : pattern.join(",");
}

const keys = new WeakMap<Node, number | string>();

/** The key under which a statement's compiled form is kept. Computed once a node. */
export function statementKey(node: Node): number | string {
  let key = keys.get(node);
  if (key === undefined) {
    const pattern = sharingPattern(flattenBinds(node.binds));
    key = pattern === "" ? node.shape : `${node.shape}:${pattern}`;
    keys.set(node, key);
  }
  return key;
}
