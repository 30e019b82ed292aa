import { ArgumentError } from "../errors/index.js";
import { integer } from "../types/numbers.js";
import { string } from "../types/texts.js";
import type { ValueType } from "../types/value-type.js";
import { Node } from "../visit/node.js";
import { affix, checkedFlags } from "./affix.js";
import { arithmetic, floorDivision, isNumber, power, trueDivision } from "./arithmetic.js";
import { BindParameter } from "./bind.js";
import { toExpression, typeOfValue } from "./coerce.js";
import { Column } from "./column.js";
import { CustomOperator, checkedSymbol, type OperatorOptions, precedenceOf } from "./custom-operator.js";
import {
  Between,
  Binary,
  BOOLEAN,
  Cast,
  Connective,
  Constant,
  FALSE,
  Label,
  Like,
  Membership,
  NULL,
  TRUE,
  Tuple,
  Unary,
} from "./elements.js";
import type { ExpressionNode } from "./expression.js";
import { type Operations, operations } from "./late.js";
import { OPERATORS, type OperatorName } from "./operators.js";
import { Order } from "./order.js";
import { Match, RegexpMatch, RegexpReplace } from "./patterns.js";
import { elementType, itemOf, Subscript, subscriptRule } from "./subscript.js";
import { over } from "./window.js";
import { Collate, Grouping, TypeCoerce } from "./wrappers.js";

const STRING = string();
const INTEGER = integer();

/** The name after which a parameter beside an expression is called. */
function hintOf(expression: ExpressionNode): string {
  return expression instanceof Column ? expression.name : (expression.resultName ?? "param");
}

/** The operand beside `left`: values take the type of the left side, or the one that this type asks for. */
function operandFor(left: ExpressionNode, right: unknown, op: OperatorName): ExpressionNode {
  return toExpression(right, left.type.operandType(op, right), hintOf(left));
}

function connect(op: "and" | "or", terms: readonly unknown[]): ExpressionNode {
  const neutral = op === "and" ? TRUE : FALSE;
  const flat: ExpressionNode[] = [];
  for (const term of terms) {
    const expression = toExpression(term, BOOLEAN);
    if (expression instanceof Connective && expression.operator === op) flat.push(...expression.terms);
    else if (!(expression instanceof Constant) || expression.value === null) flat.push(expression);
    else if (expression.value !== neutral.value) return op === "and" ? FALSE : TRUE;
  }
  if (flat.length === 0) return neutral;
  return flat.length === 1 ? (flat[0] as ExpressionNode) : new Connective(op, flat);
}

function negate(operand: ExpressionNode): ExpressionNode {
  if (operand instanceof Binary) {
    const { negation } = OPERATORS[operand.operator];
    if (negation) return new Binary(operand.left, negation, operand.right, BOOLEAN);
  }
  if (operand instanceof Between)
    return new Between(operand.operand, operand.low, operand.high, !operand.negated, operand.symmetric);
  if (operand instanceof Like) {
    return new Like(operand.left, operand.pattern, operand.escape, operand.ignoreCase, !operand.negated);
  }
  if (operand instanceof RegexpMatch)
    return new RegexpMatch(operand.operand, operand.pattern, operand.ignoreCase, operand.flags, !operand.negated);
  if (operand instanceof Match) return new Match(operand.operand, operand.query, !operand.negated);
  if (operand instanceof Membership) return new Membership(operand.left, operand.right, !operand.negated);
  if (operand instanceof Constant && operand.value !== null) return operand.value ? FALSE : TRUE;
  if (operand instanceof Unary && operand.operator === "not") return operand.operand as ExpressionNode;
  return new Unary("not", operand, BOOLEAN);
}

function compare(op: OperatorName, left: ExpressionNode, given: unknown): ExpressionNode {
  const right = left instanceof Tuple && Array.isArray(given) ? rowValue(left, given) : given;
  const own = left.type.operate(op, [left, right]);
  if (own !== undefined) return own;
  const other = operandFor(left, right, op);
  if (other instanceof Constant && other.value === null) {
    if (op === "eq" || op === "is" || op === "isNotDistinctFrom") return new Binary(left, "is", NULL, BOOLEAN);
    if (op === "ne" || op === "isNot" || op === "isDistinctFrom") return new Binary(left, "isNot", NULL, BOOLEAN);
    throw new ArgumentError(`NULL cannot be compared with "${OPERATORS[op].sql}": the result would never be true.`, {
      code: "COMPARE_WITH_NULL",
      remedy: "Use eq(null) or isNull() to look for NULL.",
    });
  }
  return new Binary(left, op, other, BOOLEAN);
}

/** A list of values beside a row value: each takes the type of the element that it is compared with. */
function rowValue(left: Tuple, values: readonly unknown[]): Tuple {
  if (values.length !== left.elements.length)
    throw new ArgumentError(`A row value of ${left.elements.length} elements is compared with ${values.length}.`, {
      code: "ROW_WIDTH",
    });
  return new Tuple(values.map((value, i) => operandFor(left.elements[i] ?? NULL, value, "eq")));
}

function membership(op: "in" | "notIn", left: ExpressionNode, right: unknown): ExpressionNode {
  const own = left.type.operate(op, [left, right]);
  if (own !== undefined) return own;
  if (right instanceof Node) return new Membership(left, right, op === "notIn");
  if (!Array.isArray(right)) {
    throw new ArgumentError("in() takes an array of values or a query.", { code: "NOT_A_LIST" });
  }
  if (left instanceof Tuple || right.some((item) => item instanceof Node)) {
    const elements = right.map((item) =>
      left instanceof Tuple && Array.isArray(item) ? rowValue(left, item) : operandFor(left, item, op),
    );
    return new Membership(left, new Tuple(elements), op === "notIn");
  }
  return new Membership(
    left,
    new BindParameter(right, left.type.operandType(op, right), hintOf(left), true),
    op === "notIn",
  );
}

/** A plain value beside a custom operator: of the left operand's type where the value can be one, else of its own. */
function customOperand(left: ExpressionNode, right: unknown): ExpressionNode {
  const isPlain = typeof right === "string" || typeof right === "number" || typeof right === "boolean";
  const own = isPlain ? typeOfValue(right) : undefined;
  return toExpression(right, own === undefined || classOf(own) === classOf(left.type) ? left.type : own, hintOf(left));
}

function classOf(type: ValueType<unknown, unknown>): string {
  const { name } = type;
  if (isNumber(type)) return "number";
  return name === "string" || name === "text" || name === "enumeration" ? "text" : name;
}

function custom(left: ExpressionNode, symbol: string, right: unknown, options: OperatorOptions): ExpressionNode {
  const { isComparison = false, returns } = options;
  const type = returns ?? (isComparison ? BOOLEAN : left.type);
  return new CustomOperator(
    left,
    checkedSymbol(symbol),
    customOperand(left, right),
    precedenceOf(options.precedence),
    isComparison,
    type,
  );
}

subscriptRule(
  "array",
  (operand, key) => new Subscript(operand, toExpression(key, INTEGER), undefined, false, elementType(operand.type)),
);

const made: Omit<Operations, "froms" | "reduceColumns"> = {
  compare,
  membership,
  connect,
  negate,
  over,
  arithmetic: (op, left, right) => arithmetic(op, left, right, hintOf(left)),
  trueDivision: (left, right) => trueDivision(left, right, hintOf(left)),
  floorDivision: (left, right) => floorDivision(left, right, hintOf(left)),
  power: (left, right) => power(left, right, hintOf(left)),
  between: (op, left, low, high, symmetric) =>
    left.type.operate(op, [left, low, high]) ??
    new Between(left, operandFor(left, low, op), operandFor(left, high, op), op === "notBetween", symmetric),
  like: (op, left, pattern, options) =>
    left.type.operate(op, [left, pattern, options]) ??
    new Like(
      left,
      toExpression(pattern, STRING, hintOf(left)),
      options.escape,
      /ilike$/i.test(op),
      op.startsWith("not"),
    ),
  affix: (left, text, affixes, options) => affix(left, text, affixes, options, hintOf(left)),
  regexpMatch: (operand, pattern, { ignoreCase = false, flags = "" }, negated) =>
    new RegexpMatch(operand, toExpression(pattern, STRING, hintOf(operand)), ignoreCase, checkedFlags(flags), negated),
  regexpReplace: (operand, pattern, replacement, { ignoreCase = false, flags = "" }) =>
    new RegexpReplace(
      operand,
      toExpression(pattern, STRING, hintOf(operand)),
      toExpression(replacement, STRING, hintOf(operand)),
      ignoreCase,
      checkedFlags(flags),
    ),
  match: (operand, query) => new Match(operand, toExpression(query, STRING, hintOf(operand)), false),
  bitNot: (operand) => operand.type.operate("bitNot", [operand]) ?? new Unary("bitNot", operand, operand.type),
  collate: (operand, collation, schema) => new Collate(operand, collation, schema),
  grouped: (operand) => new Grouping(operand),
  typeCoerce: (operand, type) => new TypeCoerce(operand, type),
  minus: (operand) => operand.type.operate("neg", [operand]) ?? new Unary("neg", operand, operand.type),
  label: (operand, name) => new Label(operand instanceof Label ? operand.operand : operand, name),
  cast: (operand, type, safe) => new Cast(operand, type, safe),
  custom,
  item: itemOf,
  slice: (operand, from, to) =>
    new Subscript(
      operand,
      from === undefined ? undefined : toExpression(from, INTEGER),
      to === undefined ? undefined : toExpression(to, INTEGER),
      true,
      operand.type,
    ),
  order: (operand, descending, nulls) => new Order(operand, descending, nulls),
  print: (node) => printer(node as Node),
};

Object.assign(operations, made);

let printer: (node: Node) => string = (node) => `<${node.kind}>`;

/** Called by the compiler room: printing a node means compiling it for the default dialect. */
export function installPrinter(print: (node: Node) => string): void {
  printer = print;
}
