/** The part of a bind parameter that keys need to know. */
export interface BindLeaf {
  readonly value: unknown;
}

/** The bind parameters below a node, in walking order: none, one, or a tree of shared lists. */
export type BindRope = BindLeaf | readonly BindRope[] | undefined;

const NO_BINDS: readonly BindLeaf[] = [];

/** The bind parameters of a rope as a flat array; one that occurs twice stands there twice. */
export function flattenBinds(rope: BindRope): readonly BindLeaf[] {
  if (rope === undefined) return NO_BINDS;
  if (!Array.isArray(rope)) return [rope as BindLeaf];
  const flat: BindLeaf[] = [];
  const stack: BindRope[] = [rope];
  while (stack.length > 0) {
    const item = stack.pop();
    if (Array.isArray(item)) for (let i = item.length - 1; i >= 0; i--) stack.push(item[i] as BindRope);
    else if (item !== undefined) flat.push(item as BindLeaf);
  }
  return flat;
}

/**
 * Which bind parameters of a list are one and the same object: "" when all are different, which is the usual case. Part
 * of a statement's key, because a parameter that is used twice is sent once.
 */
export function sharingPattern(binds: readonly BindLeaf[]): string {
  if (binds.length < 2 || !hasShared(binds)) return "";
  const first = new Map<BindLeaf, number>();
  return binds
    .map((bind, i) => {
      const at = first.get(bind);
      if (at === undefined) first.set(bind, i);
      return at ?? i;
    })
    .join(",");
}

function hasShared(binds: readonly BindLeaf[]): boolean {
  if (binds.length > 16) return new Set(binds).size !== binds.length;
  for (let i = 1; i < binds.length; i++) {
    for (let j = 0; j < i; j++) if (binds[i] === binds[j]) return true;
  }
  return false;
}
