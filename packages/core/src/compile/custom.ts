import type { Node } from "../visit/node.js";
import type { SQLCompiler } from "./compiler.js";

/** Writes a node of a custom class as SQL. */
export type CompileFunction<N extends Node> = (node: N, compiler: SQLCompiler) => string;

const registry = new WeakMap<object, Map<string, CompileFunction<Node>>>();

/**
 * Says how a dialect compiles a node class: a class of one's own, or one of the toolkit's that is to be written
 * differently. `"default"` serves every dialect that has no function of its own.
 *
 * @example
 * ```ts
 * class Age extends Expression<number> {
 *   readonly type = integer();
 *   constructor(readonly birthday: ExpressionNode) { super(); }
 *   static { declareNode(Age, "age", { birthday: "node" }); }
 * }
 * compiles(Age, "postgresql", (node, compiler) => `extract(year from age(${compiler.process(node.birthday)}))`);
 * ```
 * Gives a function that takes it back. What engines have compiled by then stays in their caches.
 */
export function compiles<N extends Node>(
  nodeClass: { readonly prototype: N },
  dialect: string,
  write: CompileFunction<N>,
): () => void {
  let byDialect = registry.get(nodeClass.prototype);
  if (byDialect === undefined) {
    byDialect = new Map();
    registry.set(nodeClass.prototype, byDialect);
  }
  const before = byDialect.get(dialect);
  byDialect.set(dialect, write as CompileFunction<Node>);
  anyCustom = true;
  return () => {
    if (byDialect.get(dialect) !== write) return;
    if (before === undefined) byDialect.delete(dialect);
    else byDialect.set(dialect, before);
  };
}

let anyCustom = false;

/** The function registered for a node's class (or the nearest class above it) and a dialect. */
export function customCompile(node: Node, dialect: string): CompileFunction<Node> | undefined {
  if (!anyCustom) return undefined;
  for (
    let proto = Object.getPrototypeOf(node) as object | null;
    proto;
    proto = Object.getPrototypeOf(proto) as object | null
  ) {
    const byDialect = registry.get(proto);
    const found = byDialect?.get(dialect) ?? byDialect?.get("default");
    if (found) return found;
  }
  return undefined;
}
