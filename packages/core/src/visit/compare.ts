import { flattenBinds } from "./binds.js";
import type { Node } from "./node.js";

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

/** The key under which a statement's compiled form is kept: equal keys compile to equal SQL. */
export function statementKey(node: Node): number | string {
  return node.statementKey;
}
