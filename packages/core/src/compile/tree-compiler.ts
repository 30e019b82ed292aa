import type { Dialect } from "../dialect/dialect.js";
import { type AnyType, baseType } from "../dialect/type-rules.js";
import { CompileError } from "../errors/index.js";
import type { BindParameter } from "../sql/bind.js";
import type { Column } from "../sql/column.js";
import type { Binary, Constant, Label } from "../sql/elements.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { FromClause } from "../sql/from-clause.js";
import { OPERATORS, type Operator } from "../sql/operators.js";
import { Written } from "../sql/written.js";
import { ArrayType } from "../types/array.js";
import { NULL_TYPE } from "../types/others.js";
import type { Conversion } from "../types/value-type.js";
import { type BindLeaf, flattenBinds, type Node } from "../visit/node.js";
import type { ListWriter, Slot } from "./compiled.js";
import { isPredicate, operatorOf, UNKNOWN_OPERATOR } from "./node-traits.js";
import { isRepeatable } from "./repeatable.js";
import { isSchemaToken, MARK, schemaToken } from "./schema-token.js";

export { MARK };

/** Stands for one element of a list while it is found out what stands around each. */
const ELEMENT = "\u0002";

/**
 * The ground that the compilers of expressions, queries and statements stand on: the slots of bind parameters, and operands
 * with their parentheses.
 */
export abstract class TreeCompiler {
  readonly dialect: Dialect;
  private readonly slots: Slot[] = [];
  private readonly slotOf = new Map<BindParameter, number>();
  private readonly counters = new Map<string, number>();
  private readonly shortLabels = new Map<string, string>();
  private readonly bindIndex = new Map<BindLeaf, number>();
  /** The FROM items of the queries around the one being written, outermost first. */
  protected enclosing: readonly FromClause[] = [];
  /** Columns are written without their table: in DDL and where only one table can be meant. */
  protected unqualified = false;
  /** Bind parameters are written as literals: in DDL, where no parameters can be. */
  protected inlineBinds = false;

  /** Schemas are chosen at execution: tokens stand for them. */
  protected translatesSchemas = false;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  /** A schema's name with the dot behind it, or what stands for it; nothing without a schema. */
  protected schemaPrefix(schema: string | undefined): string {
    if (this.translatesSchemas) return schemaToken(schema);
    return schema === undefined ? "" : `${this.dialect.schemaName(schema)}.`;
  }

  /** Writes any node. */
  abstract process(node: Node): string;

  /** Counts the bind parameters of a statement: a slot takes its value by position. */
  protected indexBinds(statement: Node): void {
    flattenBinds(statement.binds).forEach((bind, i) => {
      if (!this.bindIndex.has(bind)) this.bindIndex.set(bind, i);
    });
  }

  /** Cuts the text at the marks. */
  protected pieces(text: string): (string | Slot)[] {
    return text
      .split(MARK)
      .map((part, i) => {
        if (i % 2 === 0) return part;
        return isSchemaToken(part) ? MARK + part + MARK : (this.slots[Number(part)] as Slot);
      })
      .filter((part) => part !== "");
  }

  /**
   * The identifier for a name that the statement itself gives to a column. One that is longer than the database allows is cut
   * and numbered, alike wherever it stands; the row object has the whole name, because results are read by position.
   */
  protected columnLabel(name: string): string {
    const { dialect } = this;
    if (dialect.identifierLength(name) <= dialect.flags.maxIdentifierLength) return dialect.quote(name);
    let short = this.shortLabels.get(name);
    if (short === undefined) {
      short = this.shortened(name, `_${this.shortLabels.size + 1}`);
      this.shortLabels.set(name, short);
    }
    return dialect.quote(short);
  }

  private shortened(name: string, suffix: string): string {
    const room = this.dialect.flags.maxIdentifierLength - suffix.length;
    const characters = [...name];
    while (this.dialect.identifierLength(characters.join("")) > room) characters.pop();
    return characters.join("") + suffix;
  }

  /** The error for a construct that the dialect does not have. */
  unsupported(construct: string, remedy?: string): CompileError {
    const details = { code: "UNSUPPORTED" };
    return new CompileError(
      `${this.dialect.name} has no ${construct}.`,
      remedy === undefined ? details : { ...details, remedy },
    );
  }

  /**
   * Says that an operand is about to be written more than once, though it was said once: what gives another value each time
   * (random numbers, sequences) cannot be.
   */
  protected repeated(operand: Node, construct: string): void {
    if (isRepeatable(operand)) return;
    throw this.unsupported(
      `${construct} of a value that differs each time it is asked for`,
      "It would be written twice. Compute it in a CTE of its own (materialized), and use its column.",
    );
  }

  /** Writes nodes with commas between them. */
  list(nodes: readonly Node[]): string {
    return nodes.map((node) => this.value(node)).join(", ");
  }

  /** Writes an expression where a value is expected. Predicates become CASE where the database has no boolean values. */
  value(node: Node): string {
    if (!this.dialect.flags.booleanExpressions && isPredicate(node))
      return this.predicateAsValue(node as ExpressionNode);
    return this.process(node);
  }

  /** Writes an expression where a condition is expected. Boolean values become comparisons where needed. */
  predicate(node: Node): string {
    if (this.dialect.flags.booleanExpressions || isPredicate(node) || node.kind === "text") return this.process(node);
    if (node.kind === "constant")
      return (node as Constant).value === true ? "1 = 1" : (node as Constant).value === false ? "1 = 0" : "NULL = 1";
    return `${this.operand(node, OPERATORS.eq, "left")} = 1`;
  }

  /** A predicate as 1, 0 or NULL. */
  protected predicateAsValue(node: ExpressionNode): string {
    this.repeated(node, "truth value");
    const text = this.process(node);
    return `CASE WHEN ${text} THEN 1 WHEN NOT (${text}) THEN 0 END`;
  }

  /** Writes an operand of an operator, in parentheses where precedence asks for them. */
  operand(node: Node, parent: Operator, side: "left" | "right"): string {
    const text = parent.precedence <= OPERATORS.not.precedence ? this.predicate(node) : this.value(node);
    return this.needsParentheses(node, parent, side) ? `(${text})` : text;
  }

  /** Whether an operand stands in parentheses. */
  protected needsParentheses(node: Node, parent: Operator, side: "left" | "right"): boolean {
    const own = operatorOf(node);
    if (own === undefined || this.isSelfContained(node)) return false;
    if (own === UNKNOWN_OPERATOR) return true;
    if (own === parent && parent.associative) return false;
    if (own.apart || parent.apart)
      return own.precedence < OPERATORS.neg.precedence && parent.precedence > OPERATORS.not.precedence
        ? true
        : own.precedence <= parent.precedence;
    if (own.precedence !== parent.precedence) return own.precedence < parent.precedence;
    return side === "right" || parent.precedence === OPERATORS.eq.precedence || parent.gives === "boolean";
  }

  /** Whether the dialect writes an operator as a function, or in parentheses of its own. */
  protected isSelfContained(node: Node): boolean {
    if (node.kind === "label" || node.kind === "typeCoerce") return this.isSelfContained((node as Label).operand);
    if (node.kind !== "binary") return false;
    const { operator } = node as Binary;
    const rule = this.dialect.operators[operator];
    return rule === undefined ? operator === "floorDiv" : typeof rule !== "string";
  }

  protected bind(node: BindParameter): string {
    if (this.isWrittenNow(node)) return this.literalBind(node, undefined);
    let index = this.slotOf.get(node);
    if (index === undefined) {
      index = this.addBindSlot(node, undefined);
      this.slotOf.set(node, index);
    }
    return this.bindText(node, index);
  }

  /** Whether a value is written into the text now, not sent beside it and not written at execution. */
  private isWrittenNow(node: BindParameter): boolean {
    return this.inlineBinds || (node.literal && !node.required);
  }

  /**
   * As {@link bind}, with one more conversion of the value in this place only, before the type's own: for a database that
   * reads a text in this place in its own way (SQL Server takes `[` in a LIKE pattern for a class of characters).
   */
  protected bindConverted(node: BindParameter, first: Conversion): string {
    if (this.isWrittenNow(node)) return this.literalBind(node, first);
    return this.bindText(node, this.addBindSlot(node, first));
  }

  /** Whether text that was written has bind parameters in it. */
  protected hasParameters(text: string): boolean {
    return text.includes(MARK);
  }

  /** The list of values beside IN; `write` makes SQL of the texts of its elements, however many there are when it is executed. */
  protected bindList(node: BindParameter, write: ListWriter): string {
    if (this.isWrittenNow(node))
      return write(this.literalElements(knownValue(node) as readonly unknown[], node.type as AnyType));
    return `${MARK}${this.addBindSlot(node, undefined, write)}${MARK}`;
  }

  private addBindSlot(node: BindParameter, first: Conversion | undefined, writeList?: ListWriter): number {
    const type = node.type as AnyType;
    const written = node.literal
      ? (value: unknown) =>
          writeList === undefined
            ? this.literalText(node, value, first)
            : writeList(this.literalElements(value as readonly unknown[], type))
      : undefined;
    const own = this.dialect.conversions(type).bind;
    const [before = "", after = ""] = node.expanding && !node.literal ? this.aroundElement(type) : [];
    this.slots.push({
      name: this.slotName(node),
      index: this.bindIndex.get(node) ?? -1,
      bind: node,
      key: undefined,
      fallback: undefined,
      convert: first === undefined ? own : own === undefined ? first : (value) => own(first(value)),
      expanding: node.expanding,
      required: node.required,
      before,
      after,
      writeList,
      written,
    });
    return this.slots.length - 1;
  }

  private bindText(node: BindParameter, index: number): string {
    const mark = `${MARK}${index}${MARK}`;
    return node.expanding || node.literal ? mark : this.placeholder(mark, node.type as AnyType);
  }

  /** What stands before and after each placeholder of an expanded list. */
  private aroundElement(type: AnyType): readonly string[] {
    const parts = this.placeholder(ELEMENT, type).split(ELEMENT);
    if (parts.length !== 2 || parts.some((part) => part.includes(MARK))) {
      throw this.unsupported(
        `list of values of type ${type}, whose SQL has parameters of its own`,
        "Write them into the text (sql.literal), or compare with or() instead.",
      );
    }
    return parts;
  }

  /** A placeholder, with what its type puts around values. */
  private placeholder(mark: string, type: AnyType): string {
    const base = baseType(type, this.dialect);
    // What a type of the database puts around a value makes that type of something else: the placeholder has another type.
    const sent = base.bindExpression(new Written(mark, base), this.dialect) === undefined ? type : NULL_TYPE;
    const wrap = this.bindWrap(type);
    if (wrap === undefined) return this.renderBind(mark, type);
    return wrap(this.renderWrappedBind(mark, sent));
  }

  /** Writes what a type puts around the text of a value; undefined where it puts nothing. */
  private bindWrap(type: AnyType): ((text: string) => string) | undefined {
    const own = type.forDialect(this.dialect.name);
    if (own instanceof ArrayType) this.refuseWrappedElements(own);
    if (own.bindExpression(new Written("", NULL_TYPE), this.dialect) === undefined) return undefined;
    return (text) => {
      const value = new Written(text, NULL_TYPE);
      return this.primary(own.bindExpression(value, this.dialect) ?? value);
    };
  }

  /** SQL that a type puts around its values cannot stand around the elements of an array. */
  protected refuseWrappedElements({ leaf }: ArrayType<unknown>): void {
    const own = (leaf as AnyType).forDialect(this.dialect.name);
    const element = new Written("", NULL_TYPE);
    if (own.bindExpression(element, this.dialect) ?? own.columnExpression(element, this.dialect))
      throw this.unsupported(`arrays of ${own}, whose values stand inside of SQL of its own`, "Store rows instead.");
  }

  /** Writes an expression that stands where a single value stood: in parentheses if it has an operator. */
  private primary(node: Node): string {
    const text = this.value(node);
    return operatorOf(node) === undefined ? text : `(${text})`;
  }

  /** SQL that was written before. */
  protected written(node: Written): string {
    return node.text;
  }

  private literalBind(node: BindParameter, first: Conversion | undefined): string {
    return this.literalText(node, knownValue(node), first);
  }

  private literalText(node: BindParameter, value: unknown, first: Conversion | undefined): string {
    const type = node.type as AnyType;
    if (node.expanding) return this.literalElements(value as readonly unknown[], type).join(", ");
    return this.literalValue(first === undefined || value === null ? value : first(value), type);
  }

  /** What stands in the text for a literal. */
  protected renderLiteral(text: string, _type: AnyType): string {
    return text;
  }

  /** A value written into the text, with what its type puts around values. */
  private literalValue(value: unknown, type: AnyType): string {
    const text = this.dialect.literal(value, type);
    return this.bindWrap(type)?.(text) ?? this.renderLiteral(text, type);
  }

  /** What stands in the text for a bind parameter: its placeholder, with a cast where the database needs one. */
  protected renderBind(placeholder: string, _type: AnyType): string {
    return placeholder;
  }

  /** As {@link renderBind}, for a placeholder inside of what its type puts around values. */
  protected renderWrappedBind(placeholder: string, type: AnyType): string {
    return this.renderBind(placeholder, type);
  }

  private literalElements(values: readonly unknown[], type: AnyType): readonly string[] {
    return values.length === 0 ? [this.emptySet(type)] : values.map((value) => this.literalValue(value, type));
  }

  private slotName(node: BindParameter): string {
    if (node.required) return node.hint;
    return this.uniqueName(node.hint);
  }

  protected uniqueName(hint: string): string {
    const base = /^[A-Za-z_]\w*$/.test(hint) ? hint : "param";
    const count = (this.counters.get(base) ?? 0) + 1;
    this.counters.set(base, count);
    return `${base}_${count}`;
  }

  /** A slot that is filled from a row of values by key; for INSERT of plain rows. */
  protected rowSlot(column: Column, fallback: (() => unknown) | undefined): string {
    return this.columnSlot(column, column.key, fallback);
  }

  /** A slot for a value that is made anew at each execution, whatever a row gives for the column. */
  protected madeSlot(column: Column, make: (() => unknown) | undefined): string {
    return this.columnSlot(column, undefined, make);
  }

  private columnSlot(column: Column, key: string | undefined, fallback: (() => unknown) | undefined): string {
    const type = column.type as AnyType;
    const index = this.slots.length;
    this.slots.push({
      name: key !== undefined && /^[A-Za-z_]\w*$/.test(key) ? key : this.uniqueName("param"),
      index: -1,
      bind: undefined,
      key,
      fallback,
      convert: this.dialect.conversions(type).bind,
      expanding: false,
      required: false,
      before: "",
      after: "",
      written: undefined,
    });
    return this.placeholder(`${MARK}${index}${MARK}`, type);
  }

  /** A query without rows: what `IN` an empty list compares with. It has `width` columns where row values are compared. */
  protected emptySet(_type: AnyType | undefined, width = 1): string {
    return `SELECT ${Array(width).fill("NULL").join(", ")} WHERE 1 = 0`;
  }
}

/** The value of a parameter that is written into the text now. */
function knownValue(node: BindParameter): unknown {
  if (!node.required) return node.value;
  throw new CompileError(`The parameter "${node.hint}" has no value that could be written into the text.`);
}
