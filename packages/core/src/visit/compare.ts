import { flattenBinds } from "./binds.js";
import { isRecord, limitInterning } from "./intern.js";
import type { Node } from "./node.js";
import { iterate } from "./walk.js";

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
  if (!sameShape(a, b)) return false;
  const left = flattenBinds(a.binds);
  const right = flattenBinds(b.binds);
  return left.every((bind, i) => sameValue(bind.value, right[i]?.value)) && sameValue(valuesOf(a), valuesOf(b));
}

/** Whether two trees differ in nothing but values, so that one compiled form serves both. */
export function sameShape(a: Node, b: Node): boolean {
  limitInterning();
  return a.statementKey === b.statementKey;
}

/** The key under which a statement's compiled form is kept: equal keys compile to equal SQL. */
export function statementKey(node: Node): number {
  limitInterning();
  return node.statementKey;
}

/** The values that nodes hold beside their structure, in walking order. */
function valuesOf(root: Node): readonly unknown[] {
  const found: unknown[] = [];
  for (const node of iterate(root)) {
    for (const { name, kind } of node.declaration.fields) {
      if (kind === "value") found.push((node as unknown as { readonly [field: string]: unknown })[name]);
    }
  }
  return found;
}

function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime();
  if (a instanceof Uint8Array) return b instanceof Uint8Array && sameItems(a, b);
  if (Array.isArray(a)) return Array.isArray(b) && sameItems(a, b);
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}

function sameItems(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameValue(a[i], b[i])) return false;
  return true;
}
