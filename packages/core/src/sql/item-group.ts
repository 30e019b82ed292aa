import { declareNode, Node } from "../visit/node.js";
import type { ExpressionNode } from "./expression.js";

/**
 * Several columns that stand for one item of the select list, such as the columns of an entity. The compiler spreads them;
 * whoever made the group reads them back together: each result column knows the number of its item.
 */
export class ItemGroup extends Node {
  readonly name: string;
  readonly expressions: readonly ExpressionNode[];
  /** What the maker of the group wants to find again; not part of the statement's key. */
  readonly owner: unknown;

  constructor(name: string, expressions: readonly ExpressionNode[], owner: unknown) {
    super();
    this.name = name;
    this.expressions = expressions;
    this.owner = owner;
  }

  static {
    declareNode(ItemGroup, "itemGroup", { name: "atom", expressions: "nodes", owner: "data" });
  }
}
