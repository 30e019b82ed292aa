import type { OperatorRule } from "../dialect/dialect.js";
import type { AnyType } from "../dialect/type-rules.js";
import { CompileError } from "../errors/index.js";
import type { ArrayOperator } from "../sql/array.js";
import { BindParameter } from "../sql/bind.js";
import type { Column } from "../sql/column.js";
import type { CustomOperator } from "../sql/custom-operator.js";
import {
  Between,
  type Binary,
  type Case,
  type Cast,
  type Connective,
  type Constant,
  type Label,
  type Like,
  type Membership,
  NULL,
  Tuple,
  type Unary,
} from "../sql/elements.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { FromClause } from "../sql/from-clause.js";
import type { NextValue } from "../sql/next-value.js";
import { OPERATORS } from "../sql/operators.js";
import type { ScalarSubquery } from "../sql/query.js";
import { Subscript } from "../sql/subscript.js";
import type { Identifier, TextFragment } from "../sql/text.js";
import type { Node } from "../visit/node.js";
import { FunctionCompiler } from "./function-compiler.js";
import { isDerived, isFrom, operatorOf } from "./node-traits.js";
import { MARK } from "./tree-compiler.js";

/** Writes expressions: columns, operators, functions, text. */
export abstract class ExpressionCompiler extends FunctionCompiler {
  /** A FROM item where it is introduced. */
  abstract from(node: FromClause): string;

  protected column(node: Column): string {
    const name = isDerived(node.from) ? this.columnLabel(node.name) : this.dialect.quote(node.name);
    if (this.unqualified || node.from.kind === "text") return name;
    return `${this.fromName(node.from)}.${name}`;
  }

  /** The name by which columns refer to a FROM item. */
  protected fromName(from: FromClause): string {
    const { schema } = from as FromClause & { readonly schema?: string | undefined };
    return (from.kind === "table" ? this.schemaPrefix(schema) : "") + this.dialect.quote(from.name);
  }

  protected constant(node: Constant): string {
    if (node.value === null) return "NULL";
    if (!this.dialect.flags.booleanKeywords) return node.value ? "1" : "0";
    return node.value ? "true" : "false";
  }

  protected binary(node: Binary): string {
    const { operator: op } = node;
    const rule = this.dialect.operators[op];
    if (rule !== undefined) return this.operatorRule(node, rule);
    if (op === "concat") return this.concat(node);
    if (op === "floorDiv") return this.floorDivision(node);
    if (op === "mod") return this.mod(node);
    if (op === "isDistinctFrom" || op === "isNotDistinctFrom")
      return this.distinctFrom(node, op === "isNotDistinctFrom");
    if ((op === "is" || op === "isNot") && node.right === NULL)
      return `${this.operand(node.left, OPERATORS[op], "left")} ${OPERATORS[op].sql} NULL`;
    return this.infix(node, OPERATORS[op].sql);
  }

  private operatorRule(node: Binary, rule: OperatorRule): string {
    if (typeof rule === "string") return this.infix(node, rule);
    if (rule.repeats) for (const side of [node.left, node.right]) this.repeated(side, `${node.operator}()`);
    if (rule.operands === "atoms") return rule.write(this.atom(node.left), this.atom(node.right));
    return rule.write(this.value(node.left), this.value(node.right));
  }

  /** `left op right` */
  protected infix(node: Binary, text: string): string {
    const operator = OPERATORS[node.operator];
    return `${this.operand(node.left, operator, "left")} ${text} ${this.operand(node.right, operator, "right")}`;
  }

  protected concat(node: Binary): string {
    return this.infix(node, OPERATORS.concat.sql);
  }

  protected mod(node: Binary): string {
    return this.infix(node, OPERATORS.mod.sql);
  }

  protected distinctFrom(node: Binary, same: boolean): string {
    if (!this.dialect.flags.distinctFrom) throw this.unsupported("IS DISTINCT FROM");
    return this.infix(node, OPERATORS[same ? "isNotDistinctFrom" : "isDistinctFrom"].sql);
  }

  protected unary(node: Unary): string {
    if (node.operator === "exists") return `EXISTS (${this.subselect(node.operand)})`;
    if (node.operator === "distinct") return `DISTINCT ${this.value(node.operand)}`;
    const { sql } = OPERATORS[node.operator];
    const text = this.operand(node.operand, OPERATORS[node.operator], "right");
    if (node.operator === "not") return `NOT ${text}`;
    // `--` begins a comment, and PostgreSQL reads `-~` as one operator.
    return /^[-~]/.test(text) ? `${sql}(${text})` : `${sql}${text}`;
  }

  protected customOperator(node: CustomOperator): string {
    const { left, right, binding } = node;
    const parts = [binding.sql];
    if (left) parts.unshift(this.operand(left, binding, "left"));
    if (right) parts.push(this.operand(right, binding, "right"));
    return parts.join(" ");
  }

  /**
   * `a[1]`, `a[1:2]`, `a[1][2]`; anything but a name or an element stands in parentheses. So does a slice: as soon as one of
   * several subscripts is a slice, PostgreSQL takes all of them for slices, and `a[1:2][2]` is no element.
   */
  protected subscript(node: Subscript): string {
    if (!this.dialect.flags.arrays) throw this.unsupported("arrays (subscript)");
    const { operand, from, to, isSlice } = node;
    const text = this.value(operand);
    const bare = operand.kind === "column" || (operand instanceof Subscript && !operand.isSlice && !isSlice);
    const bound = (index: ExpressionNode | undefined): string => (index === undefined ? "" : this.value(index));
    return `${bare ? text : `(${text})`}[${bound(from)}${isSlice ? `:${bound(to)}` : ""}]`;
  }

  protected connective(node: Connective): string {
    const operator = OPERATORS[node.operator];
    return this.chain(
      node.terms.map((term) => this.operand(term, operator, "left")),
      operator.sql,
    );
  }

  /** Conditions with AND or OR between them: `a AND b AND c`. */
  protected chain(terms: readonly string[], word: string): string {
    return terms.join(` ${word} `);
  }

  protected between(node: Between): string {
    if (node.symmetric && !this.dialect.flags.betweenSymmetric) return this.betweenEitherWay(node);
    const operator = OPERATORS.between;
    const not = node.negated ? "NOT " : "";
    return `${this.operand(node.operand, operator, "left")} ${not}BETWEEN ${node.symmetric ? "SYMMETRIC " : ""}${this.operand(node.low, operator, "right")} AND ${this.operand(node.high, operator, "right")}`;
  }

  private betweenEitherWay({ operand, low, high, negated }: Between): string {
    for (const node of [operand, low, high]) this.repeated(node, "BETWEEN SYMMETRIC");
    const way = (from: ExpressionNode, to: ExpressionNode): string =>
      this.between(new Between(operand, from, to, false));
    return `${negated ? "NOT " : ""}(${way(low, high)} OR ${way(high, low)})`;
  }

  protected like(node: Like): string {
    const operator = OPERATORS.like;
    const fold = node.ignoreCase && !this.dialect.flags.ilike;
    const side = (operand: ExpressionNode, which: "left" | "right"): string =>
      fold ? `lower(${this.value(operand)})` : this.operand(operand, operator, which);
    const word = `${node.negated ? "NOT " : ""}${node.ignoreCase && !fold ? "ILIKE" : "LIKE"}`;
    return `${side(node.left, "left")} ${word} ${side(node.pattern, "right")}${this.escapeClause(node.escape)}`;
  }

  protected escapeClause(escape: string | undefined): string {
    if (escape === undefined) return "";
    if ([...escape].length !== 1)
      throw new CompileError("The escape of LIKE is one character.", { code: "BAD_ESCAPE" });
    return ` ESCAPE ${this.dialect.quoteString(escape)}`;
  }

  protected membership(node: Membership): string {
    const operator = OPERATORS.in;
    const word = node.negated ? "NOT IN" : "IN";
    if (node.left instanceof Tuple && !this.dialect.flags.tupleComparison)
      throw this.unsupported("comparison of row values");
    const left = this.operand(node.left, operator, "left");
    if (node.right instanceof BindParameter) return this.inList(left, node.negated, node.right);
    if (node.right instanceof Tuple) {
      const { elements } = node.right;
      // A list of row values may be of any length where that of single values is limited.
      if (!(node.left instanceof Tuple) && elements.length > this.dialect.flags.maxListLength)
        return this.inLists(
          left,
          node.negated,
          elements.map((element) => this.value(element)),
        );
      const width = node.left instanceof Tuple ? node.left.elements.length : 1;
      return `${left} ${word} (${node.right.elements.length === 0 ? this.emptySet(undefined, width) : this.list(node.right.elements)})`;
    }
    if (node.right.kind === "text") return `${left} ${word} ${this.inParentheses(this.process(node.right))}`;
    return `${left} ${word} (${this.subselect(node.right)})`;
  }

  /** A list that has no length yet: what is written when it has one. */
  private inList(left: string, negated: boolean, list: BindParameter): string {
    const { maxListLength } = this.dialect.flags;
    const word = negated ? "NOT IN" : "IN";
    if (!Number.isFinite(maxListLength)) return `${left} ${word} (${this.process(list)})`;
    if (!this.hasParameters(left)) return this.bindList(list, (elements) => this.inLists(left, negated, elements));
    // An operand with parameters cannot be written several times.
    const rows = (elements: readonly string[]): string =>
      elements.length <= maxListLength
        ? elements.join(", ")
        : elements.map((element) => `SELECT ${element}${this.dualClause()}`).join(" UNION ALL ");
    return `${left} ${word} (${this.bindList(list, rows)})`;
  }

  /** `(x IN (1, 2) OR x IN (3, 4))`, where one list cannot be so long. */
  private inLists(left: string, negated: boolean, elements: readonly string[]): string {
    const { maxListLength } = this.dialect.flags;
    const lists: string[] = [];
    for (let i = 0; i < elements.length; i += maxListLength)
      lists.push(`${left} ${negated ? "NOT IN" : "IN"} (${elements.slice(i, i + maxListLength).join(", ")})`);
    return lists.length === 1 ? (lists[0] as string) : `(${lists.join(negated ? " AND " : " OR ")})`;
  }

  /** What stands behind the list of a SELECT without FROM that has a WHERE. */
  protected dualClause(): string {
    return "";
  }

  private inParentheses(text: string): string {
    return text.trimStart().startsWith("(") ? text : `(${text})`;
  }

  protected tuple(node: Tuple): string {
    return `(${this.list(node.elements)})`;
  }

  /** A label outside of a select list: its name in ORDER BY, what it stands for elsewhere. */
  protected label(node: Label): string {
    return this.value(node.operand);
  }

  protected arrayOperator(node: ArrayOperator): string {
    if (!this.dialect.flags.arrays) throw this.unsupported("arrays (contains, overlaps)");
    const side = (operand: ExpressionNode, which: "left" | "right"): string =>
      this.operand(operand, OPERATORS.concat, which);
    return `${side(node.left, "left")} ${node.symbol} ${side(node.right, "right")}`;
  }

  protected cast(node: Cast): string {
    if (node.safe) throw this.unsupported("TRY_CAST", "Test the value before the cast, with regexpMatch() or case_().");
    return `CAST(${this.value(node.operand)} AS ${this.dialect.typeName(node.type as AnyType, "cast")})`;
  }

  protected case(node: Case): string {
    const parts = ["CASE"];
    if (node.subject) parts.push(this.value(node.subject));
    node.whens.forEach((when, i) => {
      const condition = node.subject ? this.value(when) : this.predicate(when);
      parts.push(`WHEN ${condition} THEN ${this.value(node.thens[i] as Node)}`);
    });
    if (node.otherwise) parts.push(`ELSE ${this.value(node.otherwise)}`);
    parts.push("END");
    return parts.join(" ");
  }

  protected scalarSubquery(node: ScalarSubquery): string {
    return `(${this.subselect(node.query)})`;
  }

  protected text(node: TextFragment): string {
    if (node.strings.some((part) => part.includes(MARK)))
      throw new CompileError("SQL text cannot contain a NUL character.", { code: "NUL_CHARACTER" });
    let text = node.strings[0] ?? "";
    node.nodes.forEach((child, i) => {
      text += this.inText(child) + (node.strings[i + 1] ?? "");
    });
    return text;
  }

  /** A node in a piece of text: a query in parentheses, a FROM item by name. */
  private inText(node: Node): string {
    if (node.kind === "select" || node.kind === "compound") return `(${this.subselect(node)})`;
    if (isFrom(node)) return this.from(node as FromClause);
    // Text in text is one text: who writes it puts the parentheses.
    if (node.kind === "text") return this.process(node);
    return operatorOf(node) === undefined ? this.value(node) : `(${this.value(node)})`;
  }

  /** `NEXT VALUE FOR s` */
  protected nextValue(node: NextValue): string {
    this.refuseWithoutSequences();
    return `NEXT VALUE FOR ${this.sequenceName(node)}`;
  }

  protected refuseWithoutSequences(): void {
    if (!this.dialect.flags.sequences)
      throw this.unsupported("sequences", "Use a generated key, or a table that counts.");
  }

  protected sequenceName({ schema, sequence }: NextValue): string {
    return this.schemaPrefix(schema) + this.dialect.quote(sequence);
  }

  protected identifier(node: Identifier): string {
    return node.parts.map((part) => this.dialect.quote(part)).join(".");
  }
}
