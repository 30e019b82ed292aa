import {
  type AnyType,
  ArrayOperator,
  type ArrayType,
  Between,
  Binary,
  BindParameter,
  baseType,
  Case,
  Cast,
  CustomOperator,
  type DateTime,
  FunctionCall,
  Like,
  Match,
  Membership,
  type Node,
  NULL,
  OPERATORS,
  RegexpMatch,
  TextFragment,
  Tuple,
} from "@acme/core/dialect";
import { POSTGRESQL } from "./types.js";

/*
 * PostgreSQL must know the type of each parameter when it reads a statement, before it sees a value. It takes the type from
 * what stands beside the parameter (`id = $1`, `INSERT INTO t (id) VALUES ($1)`); where nothing does, it refuses the
 * statement, or takes the parameter for text and the value silently changes its type (`SELECT $1`). So every parameter is
 * cast (`$1::INTEGER`) but those whose place gives them the very type that they have. Next to a column no cast stands, which
 * keeps statements readable, and right for columns of types that the toolkit does not know (enums, domains, citext).
 */

/** Types that are the same to PostgreSQL's choice of an operator. */
function family(type: AnyType): string {
  const base = baseType(type, POSTGRESQL);
  switch (base.name) {
    case "string":
    case "text":
    case "enumeration":
      return "text";
    case "float":
      return "double";
    case "array":
      return `array of ${baseType((base as ArrayType<unknown>).leaf, POSTGRESQL).name}`;
    case "dateTime":
      return (base as DateTime<unknown>).timezone ? "instant" : "dateTime";
    default:
      return base.name;
  }
}

/**
 * Types whose parameters are left to the server beside something of unknown type, as a quoted literal would be: a string
 * there may well be meant for a date, an inet, an enum. Numbers and booleans are cast, as their literals have a type.
 */
const LIKE_QUOTED: ReadonlySet<string> = new Set(["text", "instant", "largeBinary", "json", "null"]);

/** Whether a parameter is left to the server where nothing is known of its place. */
function isLikeQuoted(bind: BindParameter): boolean {
  return LIKE_QUOTED.has(family(bind.type));
}

/** Types that have no operators of their own: beside them the server takes a parameter for something else. */
const ALWAYS_CAST: ReadonlySet<string> = new Set(["regclass", "regconfig"]);

/** Whether PostgreSQL itself knows the type of an operand. */
function isTyped(operand: Node): boolean {
  return !(operand instanceof BindParameter) && operand !== NULL;
}

/** Whether a parameter gets its own type from an operand beside it. */
function infers(bind: Node, from: Node & { readonly type?: AnyType }): bind is BindParameter {
  if (!(bind instanceof BindParameter)) return false;
  if (bind.type.name === "null") return true;
  if (!isTyped(from) || from.type === undefined) return false;
  return infersFrom(bind, from.type);
}

/** Whether a parameter gets its own type from a place of some type. */
export function infersFrom(bind: Node, type: AnyType): bind is BindParameter {
  if (!(bind instanceof BindParameter)) return false;
  const place = family(type);
  return place === "null" ? isLikeQuoted(bind) : place === family(bind.type) && !ALWAYS_CAST.has(place);
}

/** The parameters among two operands of a comparison, row values compared element by element. */
function compared(left: Node, right: Node): readonly Node[] {
  if (left instanceof Tuple && right instanceof Tuple) {
    return left.elements.flatMap((element, i) => compared(element, right.elements[i] ?? NULL));
  }
  const found: Node[] = [];
  if (infers(right, left)) found.push(right);
  if (infers(left, right)) found.push(left);
  return found;
}

function binary({ operator: op, left, right }: Binary): readonly Node[] {
  if (op === "concat" && ![left, right].some((side) => isTyped(side) && family(side.type) === "text")) return [];
  return OPERATORS[op].gives === "boolean" || op === "concat" || isNumber(left) || isNumber(right)
    ? compared(left, right)
    : [];
}

/** Arithmetic on numbers takes both operands as the same type; on dates it does not. */
function isNumber(operand: Node & { readonly type: AnyType }): boolean {
  return /^(smallInteger|integer|bigInteger|numeric|double)$/.test(family(operand.type));
}

function membership({ left, right }: Membership): readonly Node[] {
  if (right instanceof Tuple) return right.elements.flatMap((element) => compared(left, element));
  return compared(left, right);
}

/** Values of which PostgreSQL makes one type: those without a type take that of the others. */
function unified(values: readonly (Node & { readonly type: AnyType })[]): readonly Node[] {
  const typed = values.filter(isTyped);
  return values.filter((value) => typed.some((other) => infers(value, other)));
}

const UNIFYING: ReadonlySet<string> = new Set(["coalesce", "nullif", "greatest", "least"]);

function ofCase({ subject, whens, thens, otherwise }: Case): readonly Node[] {
  const results = unified(otherwise === undefined ? thens : [...thens, otherwise]);
  return subject === undefined ? results : [...results, ...whens.filter((when) => infers(when, subject))];
}

/** The parameters directly below a node that need no cast, because what stands beside them gives them their type. */
export function inferredBelow(node: Node): readonly Node[] {
  if (node instanceof Binary) return binary(node);
  if (node instanceof ArrayOperator) return compared(node.left, node.right);
  if (node instanceof Membership) return membership(node);
  if (node instanceof Like) return compared(node.left, node.pattern);
  if (node instanceof RegexpMatch) return compared(node.operand, node.pattern);
  if (node instanceof Match) return [node.query];
  if (node instanceof Between) return [node.low, node.high].filter((bound) => infers(bound, node.operand));
  if (node instanceof Case) return ofCase(node);
  if (node instanceof FunctionCall) return UNIFYING.has(node.name) ? unified(node.args) : [];
  if (node instanceof Cast) return infers(node.operand, node) || isQuotedBind(node.operand) ? [node.operand] : [];
  if (node instanceof TextFragment) return node.nodes.filter(isQuotedBind);
  // The operator says what it takes, as it does for a quoted literal.
  if (node instanceof CustomOperator)
    return [node.left, node.right].filter((side) => side !== undefined).filter(isQuotedBind);
  return [];
}

function isQuotedBind(node: Node): boolean {
  return node instanceof BindParameter && isLikeQuoted(node);
}
