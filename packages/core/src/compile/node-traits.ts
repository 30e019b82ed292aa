import type { ArrayOperator } from "../sql/array.js";
import type { CustomOperator } from "../sql/custom-operator.js";
import type { Alias } from "../sql/derived.js";
import type { Binary, Connective, Label, Unary } from "../sql/elements.js";
import { Expression, type ExpressionNode } from "../sql/expression.js";
import { OPERATORS, type Operator } from "../sql/operators.js";
import type { TypeCoerce } from "../sql/wrappers.js";
import type { Node } from "../visit/node.js";
import type { StatementKind } from "./compiled.js";

/** The kinds that the compiler has a method for: a custom node's kind cannot reach another method of the class by name. */
export const VISITED: ReadonlySet<string> = new Set(
  `column bind constant binary unary connective customOperator subscript collate grouping typeCoerce quantified
   regexpMatch regexpReplace match extract between like membership tuple label cast case function over scalarSubquery
   text written arrayOperator jsonPath jsonSet jsonNullTest jsonObject jsonArrayAgg identifier order table alias subquery join cte insert update delete merge madeValue values
   tableFunction tableSample
   compositeField nextValue groupingElement beyondPosition`.split(/\s+/),
);

/** What kind of statement a node is. */
export function kindOf(statement: Node): StatementKind {
  switch (statement.kind) {
    case "select":
    case "compound":
      return "select";
    case "insert":
    case "update":
    case "delete":
    case "merge":
      return statement.kind;
    default:
      return statement.kind.startsWith("ddl") ? "ddl" : "text";
  }
}

/** The expressions of an element of a select list. */
export function expressionsOf(item: Node): readonly ExpressionNode[] {
  return item.kind === "itemGroup"
    ? (item as Node & { readonly expressions: readonly ExpressionNode[] }).expressions
    : [item as ExpressionNode];
}

/** Whether the names of a FROM item's columns come from the statement and not from the database. */
export function isDerived(from: Node): boolean {
  if (from.kind === "alias") return isDerived((from as Alias).element);
  return from.kind === "subquery" || from.kind === "cte" || from.kind === "values";
}

/** Whether a node stands in FROM. */
export function isFrom(node: Node): boolean {
  return ["table", "alias", "subquery", "cte", "join", "values", "tableFunction", "tableSample"].includes(node.kind);
}

/** An operand of which nothing is known: it stands in parentheses. */
export const UNKNOWN_OPERATOR: Operator = { sql: "", precedence: 0, gives: "left" };

/** Operators of arrays bind as concatenation does. */
const ARRAY_OPERATOR: Operator = { sql: "", precedence: OPERATORS.concat.precedence, apart: true, gives: "left" };

/** The operator at the top of an expression; undefined for what never needs parentheses. */
export function operatorOf(node: Node): Operator | undefined {
  switch (node.kind) {
    case "binary":
      return OPERATORS[(node as Binary).operator];
    case "unary":
      return (node as Unary).operator === "exists" ? undefined : OPERATORS[(node as Unary).operator];
    case "connective":
      return OPERATORS[(node as Connective).operator];
    case "between":
    case "like":
    case "membership":
    case "regexpMatch":
    case "match":
      return OPERATORS.between;
    case "typeCoerce":
      return operatorOf((node as TypeCoerce).operand);
    case "customOperator":
      return (node as CustomOperator).binding;
    case "arrayOperator":
      return ARRAY_OPERATOR;
    case "label":
      return operatorOf((node as Label).operand);
    case "text":
    case "beyondPosition":
      return UNKNOWN_OPERATOR;
    default:
      return VISITED.has(node.kind) || !(node instanceof Expression) ? undefined : UNKNOWN_OPERATOR;
  }
}

/** Whether an expression is a condition: true, false or unknown by its form. */
export function isPredicate(node: Node): boolean {
  switch (node.kind) {
    case "binary":
      return OPERATORS[(node as Binary).operator].gives === "boolean";
    case "unary":
      return OPERATORS[(node as Unary).operator].gives === "boolean";
    case "connective":
    case "between":
    case "like":
    case "membership":
    case "regexpMatch":
    case "match":
    case "beyondPosition":
      return true;
    case "grouping":
    case "typeCoerce":
      return isPredicate((node as TypeCoerce).operand);
    case "customOperator":
      return (node as CustomOperator).isComparison;
    case "jsonNullTest":
      return true;
    case "arrayOperator":
      return (node as ArrayOperator).type.name === "boolean";
    case "label":
      return isPredicate((node as Label).operand);
    default:
      return false;
  }
}
