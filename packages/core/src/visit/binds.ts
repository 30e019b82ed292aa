import { internPair, uniqueShape } from "./intern.js";

/** The part of a bind parameter that keys need to know. */
export interface BindLeaf {
  readonly value: unknown;
}

/**
 * The bind parameters below a FROM item. They stand once in a list, however many columns point to the item: else a subquery
 * of ten columns in a subquery of ten columns would count a hundred times.
 */
export class FromBinds {
  readonly below: BindRope;

  constructor(below: BindRope) {
    this.below = below;
  }
}

/** The bind parameters below a node, in walking order: none, one, or a tree of shared lists. */
export type BindRope = BindLeaf | FromBinds | readonly BindRope[] | undefined;

const NO_BINDS: readonly BindLeaf[] = [];

/** The bind parameters of a rope as a flat array; one that occurs twice stands there twice. */
export function flattenBinds(rope: BindRope): readonly BindLeaf[] {
  if (rope === undefined) return NO_BINDS;
  return isFlat(rope) ? rope : (met(rope, false) as readonly BindLeaf[]);
}

/** Most statements have their parameters directly in their clauses: then the list is there already. */
function isFlat(rope: BindRope): rope is readonly BindLeaf[] {
  if (!Array.isArray(rope)) return false;
  for (let i = 0; i < rope.length; i++) if (Array.isArray(rope[i]) || rope[i] instanceof FromBinds) return false;
  return true;
}

/**
 * The key of a structure with these bind parameters: the structure's own number when all parameters are different, which is
 * the usual case. A parameter that is used twice is sent once, so which ones are the same is part of the key.
 */
export function sharingKey(shape: number, rope: BindRope): number {
  if (!Array.isArray(rope)) return shape;
  const items = isFlat(rope) ? rope : met(rope, true);
  if (!hasRepetition(items)) return shape;
  const first = new Map<object, number>();
  let key = internPair(SHARING, shape);
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as object;
    const at = first.get(item);
    if (at === undefined) first.set(item, i);
    key = internPair(key, at ?? i);
  }
  return key;
}

const SHARING = uniqueShape();

/**
 * The parameters in walking order and, if asked for, the FROM items each time they occur. What is below a FROM item is walked
 * the first time.
 */
function met(rope: BindRope, withFroms: boolean): readonly (BindLeaf | FromBinds)[] {
  const found: (BindLeaf | FromBinds)[] = [];
  let walked: Set<FromBinds> | undefined;
  const stack: BindRope[] = [rope];
  while (stack.length > 0) {
    const item = stack.pop();
    if (item === undefined) continue;
    if (Array.isArray(item)) {
      for (let i = item.length - 1; i >= 0; i--) stack.push(item[i] as BindRope);
    } else if (item instanceof FromBinds) {
      if (withFroms) found.push(item);
      walked ??= new Set();
      if (!walked.has(item)) stack.push(item.below);
      walked.add(item);
    } else {
      found.push(item as BindLeaf);
    }
  }
  return found;
}

function hasRepetition(items: readonly object[]): boolean {
  if (items.length > 16) return new Set(items).size !== items.length;
  for (let i = 1; i < items.length; i++) {
    for (let j = 0; j < i; j++) if (items[i] === items[j]) return true;
  }
  return false;
}
