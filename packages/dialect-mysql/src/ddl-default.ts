import {
  type AnyType,
  BindParameter,
  baseType,
  type Column,
  DATABASE_DEFAULT,
  DateTime,
  type Dialect,
  Expression,
  type ExpressionNode,
  FunctionCall,
  factsOf,
  literalText,
  type Node,
  TextFragment,
} from "@acme/core/dialect";
import { forStorage } from "./literals.js";

/** Types whose columns MySQL gives a DEFAULT only as an expression in parentheses. */
const LONG_TYPES: ReadonlySet<string> = new Set(["text", "largeBinary", "json"]);

/** What people write behind DEFAULT that both servers take as it is: literals, the time, what has its parentheses. */
const PLAIN_TEXT =
  /^\s*(?:[-+]?[\d.]|'|[xb]'|_utf8mb4\b|null\b|true\b|false\b|current_timestamp\b|now\(|localtime|\()/i;

/** The functions that give the time of the statement. */
const CLOCKS: ReadonlySet<string> = new Set(["now", "current_timestamp"]);

/**
 * What stands behind a column's DEFAULT; undefined for a column that has none. Expressions stand in parentheses, which MySQL
 * 8.0.13 and MariaDB 10.2 want, and the clock has as many decimals as the column, which MySQL insists on.
 */
export function defaultText(column: Column, dialect: Dialect, write: (node: Node) => string): string | undefined {
  const { serverDefault } = factsOf(column).options;
  if (serverDefault === undefined || serverDefault === DATABASE_DEFAULT) return undefined;
  const type = baseType(column.type as AnyType, dialect);
  const long = LONG_TYPES.has(type.name);
  if (!(serverDefault instanceof Expression)) {
    const text = literalText(dialect, serverDefault, column.type as AnyType);
    return long ? inParentheses(forStorage(text)) : text;
  }
  if (type instanceof DateTime && serverDefault instanceof FunctionCall && CLOCKS.has(serverDefault.name)) {
    return type.precision === 0 ? "CURRENT_TIMESTAMP" : `CURRENT_TIMESTAMP(${type.precision})`;
  }
  const text = write(serverDefault as ExpressionNode);
  return long || !isPlain(serverDefault as ExpressionNode, text) ? inParentheses(text) : text;
}

function isPlain(node: ExpressionNode, text: string): boolean {
  if (node instanceof TextFragment) return PLAIN_TEXT.test(text);
  return (node instanceof BindParameter && !text.startsWith("convert(")) || node.kind === "constant";
}

function inParentheses(text: string): string {
  return text.startsWith("(") ? text : `(${text})`;
}
