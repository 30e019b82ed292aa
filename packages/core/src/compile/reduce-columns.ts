import type { ForeignKeyConstraint } from "../schema/constraint.js";
import { Column } from "../sql/column.js";
import { Binary } from "../sql/elements.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { FromClause } from "../sql/from-clause.js";
import { operations } from "../sql/late.js";
import type { Node } from "../visit/node.js";
import { iterate } from "../visit/walk.js";
import { resolveFroms, type SelectNode } from "./froms.js";

/** The pairs of columns that the conditions of a select make equal, both ways. */
function equalPairs(select: SelectNode): ReadonlySet<string> {
  const pairs = new Set<string>();
  const conditions: Node[] = [...select.criteria, ...resolveFroms(select, [], "default")];
  for (const condition of conditions) {
    for (const node of iterate(condition)) {
      if (!(node instanceof Binary) || node.operator !== "eq") continue;
      pairs.add(`${node.left.shape}=${node.right.shape}`);
      pairs.add(`${node.right.shape}=${node.left.shape}`);
    }
  }
  return pairs;
}

/** Whether a column is a foreign key to another. */
function refersTo(column: Column, other: Column): boolean {
  const table = column.from as FromClause & { readonly foreignKeys?: readonly ForeignKeyConstraint[] };
  return (table.foreignKeys ?? []).some((key) =>
    key.columns.some((own, i) => own.shape === column.shape && (key.targets[i] as Column).shape === other.shape),
  );
}

function reduceColumns(node: Node): readonly Node[] {
  const select = node as SelectNode;
  const pairs = equalPairs(select);
  const same = (a: Node, b: Node): boolean =>
    a instanceof Column &&
    b instanceof Column &&
    (a as ExpressionNode).resultName === (b as ExpressionNode).resultName &&
    (a.shape === b.shape || pairs.has(`${a.shape}=${b.shape}`) || refersTo(a, b) || refersTo(b, a));
  return select.items.filter((item, i) => !select.items.slice(0, i).some((before) => same(before, item)));
}

Object.assign(operations, { reduceColumns });
