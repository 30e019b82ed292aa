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
  const flat: BindLeaf[] = [];
  walk(
    rope,
    (leaf) => flat.push(leaf),
    () => {},
  );
  return flat;
}

/**
 * The key of a structure with these bind parameters: the structure's own number when all parameters are different, which is
 * the usual case. A parameter that is used twice is sent once, so which ones are the same is part of the key.
 */
export function sharingKey(shape: number, rope: BindRope): number {
  if (!Array.isArray(rope)) return shape;
  const met: (BindLeaf | FromBinds)[] = [];
  const note = (item: BindLeaf | FromBinds): void => {
    met.push(item);
  };
  walk(rope, note, note);
  if (!hasRepetition(met)) return shape;
  const first = new Map<BindLeaf | FromBinds, number>();
  return met.reduce<number>(
    (key, item, i) => {
      const at = first.get(item);
      if (at === undefined) first.set(item, i);
      return internPair(key, at ?? i);
    },
    internPair(SHARING, shape),
  );
}

const SHARING = uniqueShape();

/** Meets parameters in order, and FROM items each time they occur; what is below a FROM item is walked the first time. */
function walk(rope: BindRope, meet: (leaf: BindLeaf) => void, meetFrom: (from: FromBinds) => void): void {
  let walked: Set<FromBinds> | undefined;
  const stack: BindRope[] = [rope];
  while (stack.length > 0) {
    const item = stack.pop();
    if (item === undefined) continue;
    if (Array.isArray(item)) {
      for (let i = item.length - 1; i >= 0; i--) stack.push(item[i] as BindRope);
    } else if (item instanceof FromBinds) {
      meetFrom(item);
      walked ??= new Set();
      if (!walked.has(item)) stack.push(item.below);
      walked.add(item);
    } else {
      meet(item as BindLeaf);
    }
  }
}

function hasRepetition(met: readonly object[]): boolean {
  if (met.length > 16) return new Set(met).size !== met.length;
  for (let i = 1; i < met.length; i++) {
    for (let j = 0; j < i; j++) if (met[i] === met[j]) return true;
  }
  return false;
}
