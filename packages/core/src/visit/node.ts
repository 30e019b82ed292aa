import { ArgumentError } from "../errors/index.js";
import { type BindRope, sharingKey } from "./binds.js";
import { isCurrent, uniqueShape } from "./intern.js";
import { makeReaders, type NodeReaders } from "./readers.js";

export { type BindLeaf, type BindRope, FromBinds, flattenBinds } from "./binds.js";

/**
 * What a declared field of a node class holds, and so how walking, copying, comparing and keying treat it:
 *
 * - `node`, `nodes`: child nodes (one or undefined, or an array): walked, copied, part of the key.
 * - `ref`: a node that this one points to without containing it (a column's table): copied along when the thing it
 *   points to is replaced, part of the key, but not walked.
 * - `atom`, `atoms`: strings, numbers, booleans: part of the key.
 * - `type`, `types`: value types: part of the key.
 * - `value`: not part of the key, but two nodes that differ in it are not equal: the value of a bind parameter, the rows of
 *   an INSERT.
 * - `data`: carried along and otherwise ignored.
 */
export type FieldKind = "node" | "nodes" | "ref" | "atom" | "atoms" | "type" | "types" | "value" | "data";

/** A field of a node class. */
export interface DeclaredField {
  readonly name: string;
  readonly kind: FieldKind;
}

/** The declaration of a node class: what it is called and which fields it has, in the order of its constructor. */
export interface NodeDeclaration {
  readonly kind: string;
  readonly fields: readonly DeclaredField[];
  /** The number that stands for the class in structural keys. */
  readonly shape: number;
}

/** A declaration whose readers are made when the first node of the class is keyed: most programs use few of the classes. */
class Declaration implements NodeDeclaration {
  readonly kind: string;
  readonly fields: readonly DeclaredField[];
  readonly shape: number = uniqueShape();
  private made: NodeReaders | undefined = undefined;

  constructor(kind: string, fields: readonly DeclaredField[]) {
    this.kind = kind;
    this.fields = fields;
  }

  /** How nodes of the class are read for keys. */
  get readers(): NodeReaders {
    this.made ??= makeReaders(this);
    return this.made;
  }
}

/** Anything that has a structural number without being a node: value types. */
export interface Shaped {
  readonly shape: number;
}

/** What compiles nodes: a dialect. */
export interface NodeDialect<out C> {
  compile(node: Node): C;
}

/** The children of a node by declared name: how generic code reads a node of any class. */
type FieldReader = { readonly [field: string]: unknown };

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
  const declaration = new Declaration(
    kind,
    Object.entries(fields).map(([name, fieldKind]) => ({ name, kind: fieldKind as FieldKind })),
  );
  // On the prototype: a node finds its declaration by one property look-up, and subclasses inherit it.
  Object.defineProperty(nodeClass.prototype, "declaration", { value: declaration, configurable: true });
  Object.defineProperty(nodeClass.prototype, "kind", { value: kind, configurable: true });
}

/** A frozen piece of a statement. Its methods never change it but return new nodes. */
export abstract class Node {
  /** Structural number of some generation; 0 until first asked for. */
  protected memoShape = 0;
  /** Bind parameters below; null until first asked for. */
  protected memoBinds: BindRope | null = null;
  /** Key of some generation; 0 until first asked for. */
  protected memoKey = 0;

  /** The declaration of this node's class; {@link declareNode} puts it on the class. */
  get declaration(): NodeDeclaration {
    throw new ArgumentError(`${this.constructor.name} is not declared as a node class.`, {
      code: "UNDECLARED_NODE",
      remedy: `Call declareNode(${this.constructor.name}, ...) in a static block of the class.`,
    });
  }

  /** What kind of node this is; the compiler dispatches on it. */
  get kind(): string {
    return this.declaration.kind;
  }

  /**
   * The key under which the compiled form of a statement is kept: its shape, and which bind parameters occur more than
   * once.
   */
  get statementKey(): number {
    if (!isCurrent(this.memoKey)) this.memoKey = sharingKey(this.shape, this.binds);
    return this.memoKey;
  }

  /** A number that two nodes share exactly when they differ in nothing but the values of bind parameters. */
  get shape(): number {
    if (!isCurrent(this.memoShape)) this.memoShape = this.computeShape();
    return this.memoShape;
  }

  /** The bind parameters below this node in walking order. */
  get binds(): BindRope {
    if (this.memoBinds === null) this.memoBinds = this.computeBinds();
    return this.memoBinds;
  }

  protected computeShape(): number {
    return (this.declaration as Declaration).readers.shape(this);
  }

  protected computeBinds(): BindRope {
    return (this.declaration as Declaration).readers.binds(this);
  }

  /**
   * Compiles the node for a dialect, without a connection.
   *
   * @example
   * ```ts
   * stmt.compile({ dialect: postgres() }).sql; // SELECT users.id FROM users WHERE users.name = $1
   * ```
   */
  compile<C>(options: { readonly dialect: NodeDialect<C> }): C {
    return options.dialect.compile(this);
  }

  /** A copy with some declared fields changed. */
  copyWith(changes: Readonly<Record<string, unknown>>): this {
    const self = this as unknown as FieldReader;
    const args = this.declaration.fields.map(({ name }) => (name in changes ? changes[name] : self[name]));
    return new (this.constructor as new (...fields: unknown[]) => this)(...args);
  }

  /** True for nodes that are what they are by identity (tables): copying keeps them. */
  get isIdentity(): boolean {
    return false;
  }
}
