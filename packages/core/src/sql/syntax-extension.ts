import { Node } from "../visit/node.js";

/** The places of a query's text where a clause of one's own can stand; set operations have the last two. */
export type ExtensionPoint =
  | "afterSelect"
  | "afterFrom"
  | "afterWhere"
  | "afterGroupBy"
  | "afterHaving"
  | "afterOrderBy"
  | "end";

/**
 * A clause that the toolkit does not have. Declare its fields, say where it stands, and how each dialect writes it; `ext()`
 * adds it to a query.
 *
 * @example
 * ```ts
 * class Qualify extends SyntaxExtension {
 *   constructor(readonly condition: Predicate) { super(); }
 *   get point() { return "afterHaving" as const; }
 *   static { declareNode(Qualify, "qualify", { condition: "node" }); }
 * }
 * compiles(Qualify, "duckdb", (node, compiler) => `QUALIFY ${compiler.predicate(node.condition)}`);
 * select(t.c.id).ext(new Qualify(func.rowNumber().over({ orderBy: t.c.id }).eq(1)))
 * ```
 * A dialect for which nothing was registered refuses it with a CompileError.
 */
export abstract class SyntaxExtension extends Node {
  /** Where the clause stands. */
  abstract get point(): ExtensionPoint;
}
