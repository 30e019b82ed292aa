import { internAtom, internPair, uniqueShape } from "./intern.js";

/**
 * What a declared field of a node class holds, and so how walking, copying, comparing and keying treat it:
 *
 * - `node`, `nodes`: child nodes (one or undefined, or an array): walked, copied, part of the key.
 * - `ref`: a node that this one points to without containing it (a column's table): copied along when the thing it
 *   points to is replaced, part of the key, but not walked.
 * - `atom`, `atoms`: strings, numbers, booleans: part of the key.
 * - `type`: a value type: part of the key.
 * - `data`: carried along but not part of the key: the value of a bind parameter.
 */
export type FieldKind = "node" | "nodes" | "ref" | "atom" | "atoms" | "type" | "data";

/** The declaration of a node class: what it is called and which fields it has, in the order of its constructor. */
export interface NodeDeclaration {
  readonly kind: string;
  readonly fields: readonly (readonly [name: string, kind: FieldKind])[];
  /** The number that stands for the class in structural keys. */
  readonly shape: number;
}

/** Anything that has a structural number without being a node: value types. */
export interface Shaped {
  readonly shape: number;
}

/** The bind parameters below a node, in walking order: none, one, or a tree of shared lists. */
export type BindRope = BindLeaf | readonly BindRope[] | undefined;

/** The part of a bind parameter that keys need to know. */
export interface BindLeaf {
  readonly value: unknown;
}

/** The children of a node by declared name: how generic code reads a node of any class. */
type FieldReader = { readonly [field: string]: unknown };

const declarations = new WeakMap<object, NodeDeclaration>();

/**
 * Declares a node class. `fields` are in the order of the constructor's parameters: this one list drives iteration,
 * replacement, comparison, cache keys and copying.
 *
 * @example
 * ```ts
 * class Collate extends Expression<string> {
 *   constructor(readonly operand: Node, readonly collation: string) { super(); }
 *   static { declareNode(Collate, "collate", { operand: "node", collation: "atom" }); }
 * }
 * compiles(Collate, "default", (node, compiler) => `${compiler.process(node.operand)} COLLATE ${node.collation}`);
 * ```
 */
export function declareNode<C extends { readonly prototype: Node }>(
  nodeClass: C,
  kind: string,
  fields: { readonly [K in Exclude<keyof C["prototype"], "toString">]?: FieldKind },
): void {
  declarations.set(nodeClass.prototype, {
    kind,
    fields: Object.entries(fields) as [string, FieldKind][],
    shape: uniqueShape(),
  });
}

function findDeclaration(node: object): NodeDeclaration {
  for (let proto = Object.getPrototypeOf(node) as object | null; proto; proto = Object.getPrototypeOf(proto) as object) {
    const found = declarations.get(proto);
    if (found) return found;
  }
  throw new TypeError(`${node.constructor.name} is not declared as a node class: call declareNode() in a static block`);
}

/** A frozen piece of a statement. Its methods never change it but return new nodes. */
export abstract class Node {
  /** Structural number; 0 until first asked for. */
  protected memoShape = 0;
  /** Bind parameters below; null until first asked for. */
  protected memoBinds: BindRope | null = null;
  private memoDeclaration: NodeDeclaration | undefined = undefined;

  /** The declaration of this node's class. */
  get declaration(): NodeDeclaration {
    this.memoDeclaration ??= findDeclaration(this);
    return this.memoDeclaration;
  }

  /** What kind of node this is; the compiler dispatches on it. */
  get kind(): string {
    return this.declaration.kind;
  }

  /** A number that two nodes share exactly when they differ in nothing but the values of bind parameters. */
  get shape(): number {
    if (this.memoShape === 0) this.memoShape = this.computeShape();
    return this.memoShape;
  }

  /** The bind parameters below this node in walking order. */
  get binds(): BindRope {
    if (this.memoBinds === null) this.memoBinds = this.computeBinds();
    return this.memoBinds;
  }

  protected computeShape(): number {
    const { fields, shape } = this.declaration;
    const self = this as unknown as FieldReader;
    let id = shape;
    for (const [name, kind] of fields) {
      const value = self[name];
      switch (kind) {
        case "node":
        case "ref":
        case "type":
          id = internPair(id, value === undefined ? 0 : (value as Shaped).shape);
          break;
        case "nodes":
          for (const child of value as readonly Node[]) id = internPair(id, child.shape);
          id = internPair(id, 0);
          break;
        case "atom":
          id = internPair(id, internAtom(value));
          break;
        case "atoms":
          for (const atom of value as readonly unknown[]) id = internPair(id, internAtom(atom));
          id = internPair(id, 0);
          break;
        case "data":
          break;
      }
    }
    return id;
  }

  protected computeBinds(): BindRope {
    const self = this as unknown as FieldReader;
    let first: BindRope;
    let all: BindRope[] | undefined;
    const add = (rope: BindRope): void => {
      if (rope === undefined) return;
      if (first === undefined) first = rope;
      else if (all === undefined) all = [first, rope];
      else all.push(rope);
    };
    for (const [name, kind] of this.declaration.fields) {
      const value = self[name];
      if (kind === "nodes") for (const child of value as readonly Node[]) add(child.binds);
      else if ((kind === "node" || kind === "ref") && value !== undefined) add((value as Node).binds);
    }
    return all ?? first;
  }

  /** A copy with some declared fields changed. */
  copyWith(changes: Readonly<Record<string, unknown>>): this {
    const self = this as unknown as FieldReader;
    const args = this.declaration.fields.map(([name]) => (name in changes ? changes[name] : self[name]));
    return new (this.constructor as new (...fields: unknown[]) => this)(...args);
  }

  /** True for nodes that are what they are by identity (tables): copying keeps them. */
  get isIdentity(): boolean {
    return false;
  }
}

/** The bind parameters of a rope as a flat array; one that occurs twice stands there twice. */
export function flattenBinds(rope: BindRope): readonly BindLeaf[] {
  if (rope === undefined) return [];
  if (!Array.isArray(rope)) return [rope as BindLeaf];
  const flat: BindLeaf[] = [];
  const stack: BindRope[] = [rope];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (Array.isArray(item)) for (let i = item.length - 1; i >= 0; i--) stack.push(item[i] as BindRope);
    else flat.push(item as BindLeaf);
  }
  return flat;
}
