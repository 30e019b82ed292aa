import { declareNode, Node } from "../visit/node.js";
import type { FromClause } from "./from-clause.js";

/** Where an annotation stands: behind SELECT, at the end, as a hint on the statement, or as a hint on a table. */
export type AnnotationPlace = "prefix" | "suffix" | "statementHint" | "tableHint";

/** Text of the author's that a query carries for some databases: prefixes, suffixes and hints. */
export class Annotation extends Node {
  readonly place: AnnotationPlace;
  readonly text: Node;
  /** The names of the dialects that write it; all of them when empty. */
  readonly dialects: readonly string[];
  /** The FROM item of a table hint. */
  readonly target: FromClause | undefined;

  constructor(place: AnnotationPlace, text: Node, dialects: readonly string[], target?: FromClause) {
    super();
    this.place = place;
    this.text = text;
    this.dialects = dialects;
    this.target = target;
  }

  static {
    declareNode(Annotation, "annotation", { place: "atom", text: "node", dialects: "atoms", target: "node" });
  }
}
