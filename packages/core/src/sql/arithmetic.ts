import { ArgumentError } from "../errors/index.js";
import { bigInteger, double, integer, Numeric, smallInteger } from "../types/numbers.js";
import { string } from "../types/texts.js";
import type { ValueType } from "../types/value-type.js";
import { BindParameter } from "./bind.js";
import { toExpression } from "./coerce.js";
import { Binary, Cast } from "./elements.js";
import type { ExpressionNode } from "./expression.js";
import { FunctionCall } from "./function.js";
import { OPERATORS, type OperatorName } from "./operators.js";

type AnyType = ValueType<unknown, unknown>;

const STRING = string();
const DOUBLE = double();
const INTEGERS: readonly AnyType[] = [smallInteger(), integer(), bigInteger()];
const INTEGER_NAMES = INTEGERS.map((type) => type.name);

const isInteger = (type: AnyType): boolean => INTEGER_NAMES.includes(type.name);
const isDouble = (type: AnyType): boolean => type.name === "double" || type.name === "float";
/** Also of decorated types, which say neither scale nor form. */
const isNumeric = (type: AnyType): type is AnyType & Partial<Pick<Numeric<unknown>, "scale" | "form">> =>
  type.name === "numeric";

/** Whether a type is that of numbers. */
export function isNumber(type: AnyType): boolean {
  return isInteger(type) || isDouble(type) || isNumeric(type);
}

/**
 * The type of a result of arithmetic: the wider of two integers, exact decimals as soon as one side is, floating point
 * otherwise. Where one side is unknown, or no number, it is the other's or the left one's.
 */
function arithmeticType(op: OperatorName, left: AnyType, right: AnyType): AnyType {
  const own = left.resultType(op, right);
  if (own !== undefined) return own;
  if (OPERATORS[op].gives === "string") return STRING;
  if (left.name === "null") return right;
  if (MOMENTS.includes(left.name) && MOMENTS.includes(right.name)) throw noMoments(left, right);
  if (!isNumber(left) || !isNumber(right)) return left;
  if (isInteger(left) && isInteger(right))
    return INTEGER_NAMES.indexOf(right.name) > INTEGER_NAMES.indexOf(left.name) ? right : left;
  if (isNumeric(left) || isNumeric(right)) return decimalType(op, left, right);
  refuseMixture(left, right);
  return isDouble(left) ? left : right;
}

/** Decimals of a sum and a product are known; a quotient has as many as the database gives it. */
function decimalType(op: OperatorName, left: AnyType, right: AnyType): AnyType {
  const forms = [left, right].filter(isNumeric).map((type) => type.form);
  const [a, b] = [scaleOf(left), scaleOf(right)];
  const known = a !== undefined && b !== undefined;
  const scale = !known ? undefined : op === "mul" ? a + b : op === "div" ? undefined : Math.max(a, b);
  return new Numeric(undefined, scale, forms.every((form) => form === "number") ? "number" : "string");
}

/** Between two moments databases give days, intervals, numbers of digits or nonsense, and never a moment. */
const MOMENTS: readonly string[] = ["date", "time", "dateTime"];

function noMoments(left: AnyType, right: AnyType): ArgumentError {
  return new ArgumentError(`There is no arithmetic between ${left} and ${right} that all databases have.`, {
    code: "MOMENT_ARITHMETIC",
    remedy: 'Write the database\'s own in sql`...` with .as(type), or subtract what extract("epoch", ...) gives.',
  });
}

function scaleOf(type: AnyType): number | undefined {
  return isNumeric(type) ? type.scale : isInteger(type) ? 0 : undefined;
}

/** A bigint and a fraction have no common JavaScript type. */
function refuseMixture(left: AnyType, right: AnyType): void {
  if (left.name !== "bigInteger" && right.name !== "bigInteger") return;
  throw new ArgumentError("Big integers and floating point numbers are not computed with one another.", {
    code: "MIXED_ARITHMETIC",
    remedy: "Cast one side: cast(double()) is read as number, cast(numeric()) is exact.",
  });
}

/** A plain value beside a number takes its type; a fraction beside an integer is not an integer. */
function numberFor(op: OperatorName, left: ExpressionNode, right: unknown, hint: string): ExpressionNode {
  const own = left.type.operandType(op, right);
  const wider =
    typeof right === "number" && !Number.isInteger(right) && isInteger(own) && own.name !== "bigInteger" ? DOUBLE : own;
  return toExpression(right, wider, hint);
}

function asDouble(operand: ExpressionNode): ExpressionNode {
  if (isDouble(operand.type)) return operand;
  const plain = operand instanceof BindParameter && !operand.required && !operand.expanding;
  if (plain && (typeof operand.value === "number" || typeof operand.value === "bigint"))
    return new BindParameter(Number(operand.value), DOUBLE, operand.hint);
  return new Cast(operand, DOUBLE);
}

/** `left op right` for the operators of arithmetic and concatenation. */
export function arithmetic(op: OperatorName, left: ExpressionNode, right: unknown, hint: string): ExpressionNode {
  const own = left.type.operate(op, [left, right]);
  if (own !== undefined) return own;
  if (op === "concat") return new Binary(left, op, toExpression(right, STRING, hint), STRING);
  const other = numberFor(op, left, right, hint);
  const type = arithmeticType(op, left.type, other.type);
  if (op === "div" && isInteger(left.type) && isInteger(other.type)) return new Binary(left, "intDiv", other, type);
  return new Binary(left, op, other, type);
}

/** A quotient that has its fraction on every database. */
export function trueDivision(left: ExpressionNode, right: unknown, hint: string): ExpressionNode {
  const other = numberFor("div", left, right, hint);
  if (isNumeric(left.type) || isNumeric(other.type))
    return new Binary(left, "div", other, arithmeticType("div", left.type, other.type));
  return new Binary(asDouble(left), "div", other, DOUBLE);
}

/** A quotient rounded down, also below zero. */
export function floorDivision(left: ExpressionNode, right: unknown, hint: string): ExpressionNode {
  const other = numberFor("div", left, right, hint);
  const type = arithmeticType("div", left.type, other.type);
  if (isInteger(left.type) && isInteger(other.type)) return new Binary(left, "floorDiv", other, type);
  return new FunctionCall("floor", [new Binary(left, "div", other, type)], type);
}

/** `power(a, b)`, computed in floating point on every database. */
export function power(left: ExpressionNode, right: unknown, hint: string): ExpressionNode {
  return new FunctionCall("power", [asDouble(left), asDouble(toExpression(right, DOUBLE, hint))], DOUBLE);
}
