import { string } from "../types/texts.js";
import { declareNode, Node } from "../visit/node.js";
import type { Annotation } from "./annotation.js";

/** The type of the columns that SEARCH and CYCLE add. */
export const MARK_TYPE: ReturnType<typeof string> = string();

/** `SEARCH DEPTH FIRST BY a SET position` of a recursive CTE. */
export class CteSearch extends Node {
  readonly order: "depth" | "breadth";
  readonly by: readonly string[];
  readonly as: string;

  constructor(order: "depth" | "breadth", by: readonly string[], as: string) {
    super();
    this.order = order;
    this.by = by;
    this.as = as;
  }

  static {
    declareNode(CteSearch, "cteSearch", { order: "atom", by: "atoms", as: "atom" });
  }

  /** The columns that it adds. */
  get columns(): readonly string[] {
    return [this.as];
  }
}

/** `CYCLE a SET mark TO 'Y' DEFAULT 'N' USING path` of a recursive CTE. */
export class CteCycle extends Node {
  readonly by: readonly string[];
  readonly as: string;
  readonly path: string;

  constructor(by: readonly string[], as: string, path: string) {
    super();
    this.by = by;
    this.as = as;
    this.path = path;
  }

  static {
    declareNode(CteCycle, "cteCycle", { by: "atoms", as: "atom", path: "atom" });
  }

  /** The columns that it adds. */
  get columns(): readonly string[] {
    return [this.as];
  }
}

/** What stands around the query of a CTE. */
export type CteClause = Annotation | CteSearch | CteCycle;
