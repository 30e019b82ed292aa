import { CompileError } from "../errors/index.js";
import { BindParameter } from "../sql/bind.js";
import { Binary, BOOLEAN, Case, Connective, type Tuple } from "../sql/elements.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { Extract, ExtractField } from "../sql/extract.js";
import { OPERATORS } from "../sql/operators.js";
import type { Match, RegexpMatch, RegexpReplace } from "../sql/patterns.js";
import type { Collate, Grouping, Quantified, TypeCoerce } from "../sql/wrappers.js";
import { integer } from "../types/numbers.js";
import { string } from "../types/texts.js";
import type { Node } from "../visit/node.js";
import { TreeCompiler } from "./tree-compiler.js";

const INTEGER = integer();
const STRING = string();

/** A whole number in the text of the SQL. */
export function inlineInteger(value: number): BindParameter {
  return new BindParameter(value, INTEGER, "param", false, false, true);
}

/** A string literal in the text of the SQL. */
export function inlineText(value: string): BindParameter {
  return new BindParameter(value, STRING, "param", false, false, true);
}

/** The words of EXTRACT in PostgreSQL, which knows all parts. */
const FIELD_WORDS: Readonly<Record<ExtractField, string>> = {
  year: "YEAR",
  isoYear: "ISOYEAR",
  quarter: "QUARTER",
  month: "MONTH",
  week: "WEEK",
  day: "DAY",
  dayOfWeek: "DOW",
  isoDayOfWeek: "ISODOW",
  dayOfYear: "DOY",
  hour: "HOUR",
  minute: "MINUTE",
  second: "SECOND",
  epoch: "EPOCH",
};

/** Writes what many databases write differently: bits, patterns, collations, parts of dates, quantified comparisons. */
export abstract class OperatorCompiler extends TreeCompiler {
  /** A query inside an expression: it may refer to the FROM items around it. */
  protected abstract subselect(query: Node): string;

  /** An operand that stands in a text of the dialect's own: in parentheses if it is an operator. */
  protected atom(node: Node): string {
    return this.operand(node, ATOM, "right");
  }

  /** A division of integers rounded down: one less than the one that is cut off, where the remainder's sign is not the divisor's. */
  protected floorDivision({ left, right, type }: Binary): string {
    for (const side of [left, right]) this.repeated(side, "floorDiv()");
    const zero = inlineInteger(0);
    const binary = (a: ExpressionNode, op: "lt" | "gt" | "mod" | "intDiv" | "sub", b: ExpressionNode): Binary =>
      new Binary(a, op, b, op === "lt" || op === "gt" ? BOOLEAN : type);
    const remainder = binary(left, "mod", right);
    const rounds = new Connective("or", [
      new Connective("and", [binary(remainder, "lt", zero), binary(right, "gt", zero)]),
      new Connective("and", [binary(remainder, "gt", zero), binary(right, "lt", zero)]),
    ]);
    const one = new Case(undefined, [rounds], [inlineInteger(1)], zero, type);
    return `(${this.process(binary(binary(left, "intDiv", right), "sub", one))})`;
  }

  /**
   * A comparison of row values element by element, for databases that have none or not all: `(a, b) < (c, d)` is
   * `(a < c OR a = c AND b < d)`, with NULLs as well.
   */
  protected rowComparison(op: RowComparison, left: Tuple, right: Tuple): string {
    if (op !== "eq" && op !== "ne") for (const side of [left, right]) this.repeated(side, "comparison of row values");
    const pair = (sign: RowComparison, i: number): ExpressionNode =>
      new Binary(left.elements[i] as ExpressionNode, sign, right.elements[i] as ExpressionNode, BOOLEAN);
    const width = left.elements.length;
    const all = (sign: RowComparison, count: number): ExpressionNode[] =>
      Array.from({ length: count }, (_, i) => pair(sign, i));
    if (op === "eq") return this.process(joined("and", all("eq", width)));
    if (op === "ne") return this.process(joined("or", all("ne", width)));
    const strict = op === "lt" || op === "le" ? "lt" : "gt";
    const ways = Array.from({ length: width }, (_, i) =>
      joined("and", [...all("eq", i), pair(i === width - 1 ? op : strict, i)]),
    );
    return this.process(joined("or", ways));
  }

  /** `x COLLATE name` */
  protected collate(node: Collate): string {
    const name = this.collationName(node.collation);
    const schema = node.schema === undefined ? "" : this.collationSchema(node.schema);
    return `${this.atom(node.operand)} COLLATE ${schema}${name}`;
  }

  /** What stands in front of the name of a collation that is in a schema. */
  protected collationSchema(_schema: string): string {
    throw this.unsupported("collations in schemas");
  }

  /** The name of a collation; most databases take no quotes around it. */
  protected collationName(name: string): string {
    if (/^[A-Za-z][\w-]*$/.test(name)) return name;
    throw new CompileError(`"${name}" is no name of a collation.`, { code: "BAD_COLLATION" });
  }

  protected grouping(node: Grouping): string {
    return `(${this.value(node.operand)})`;
  }

  /** The type is for the toolkit alone. */
  protected typeCoerce(node: TypeCoerce): string {
    return this.value(node.operand);
  }

  /** `ANY (SELECT ...)`, `ALL (array)` */
  protected quantified(node: Quantified): string {
    const word = node.quantifier.toUpperCase();
    const { operand } = node;
    if (operand.kind === "select" || operand.kind === "compound") return `${word} (${this.subselect(operand)})`;
    if (!this.dialect.flags.arrays) throw this.unsupported(`arrays (${word} of an array)`, "Use in(), or a query.");
    return `${word} (${this.value(operand)})`;
  }

  /** `REGEXP_LIKE(text, pattern, 'c')`; the last says whether case matters. */
  protected regexpMatch(node: RegexpMatch): string {
    const flags = this.dialect.quoteString(`${node.ignoreCase ? "i" : "c"}${node.flags}`);
    const call = `REGEXP_LIKE(${this.value(node.operand)}, ${this.value(node.pattern)}, ${flags})`;
    return node.negated ? `NOT ${call}` : call;
  }

  /** `REGEXP_REPLACE(text, pattern, replacement, 1, 0, 'c')`: from the first character, all matches. */
  protected regexpReplace(node: RegexpReplace): string {
    const flags = this.dialect.quoteString(`${node.ignoreCase ? "i" : "c"}${node.flags}`);
    const args = [node.operand, node.pattern, node.replacement].map((arg) => this.value(arg));
    return `REGEXP_REPLACE(${args.join(", ")}, 1, 0, ${flags})`;
  }

  /** `x MATCH query` */
  protected match(node: Match): string {
    return this.matchText(node, (left, right) => `${left} MATCH ${right}`);
  }

  protected matchText(node: Match, write: (left: string, right: string) => string): string {
    const text = write(this.atom(node.operand), this.atom(node.query));
    return node.negated ? `NOT ${text}` : text;
  }

  /** `EXTRACT(YEAR FROM x)` */
  protected extract(node: Extract): string {
    return this.extractFrom(node, this.value(node.operand));
  }

  protected extractFrom(node: Extract, operand: string): string {
    return `EXTRACT(${FIELD_WORDS[node.field]} FROM ${operand})`;
  }
}

type RowComparison = "eq" | "ne" | "lt" | "le" | "gt" | "ge";

function joined(op: "and" | "or", terms: readonly ExpressionNode[]): ExpressionNode {
  return terms.length === 1 ? (terms[0] as ExpressionNode) : new Connective(op, terms);
}

/** Every operator inside needs parentheses. */
const ATOM = { ...OPERATORS.neg, precedence: 9.5 };
