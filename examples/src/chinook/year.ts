import { compiles, declareNode, Expression, type ExpressionNode, type Integer, integer, type Typed } from "@acme/core";

const YEAR = integer();

/** The year of a point in time: a node of our own, written differently for each database. */
export class YearOf extends Expression<number> {
  readonly instant: ExpressionNode;

  constructor(instant: ExpressionNode) {
    super();
    this.instant = instant;
  }

  static {
    declareNode(YearOf, "yearOf", { instant: "node" });
  }

  get type(): Integer {
    return YEAR;
  }
}

compiles(YearOf, "sqlite", (node, compiler) => `CAST(strftime('%Y', ${compiler.process(node.instant)}) AS INTEGER)`);
compiles(
  YearOf,
  "postgresql",
  (node, compiler) => `CAST(extract(year FROM ${compiler.process(node.instant)}) AS INTEGER)`,
);
compiles(YearOf, "default", (node, compiler) => `year(${compiler.process(node.instant)})`);

/** The year of a point in time. */
export function yearOf(instant: Typed<Date>): YearOf {
  return new YearOf(instant as ExpressionNode);
}
