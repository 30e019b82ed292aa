import type { Dialect } from "../dialect/dialect.js";
import { type AnyType, literalText } from "../dialect/type-rules.js";
import { CompileError } from "../errors/index.js";
import { BindParameter } from "../sql/bind.js";
import type { Column } from "../sql/column.js";
import type { Alias, Cte, Join, Subquery } from "../sql/derived.js";
import type { Delete, Insert, Update } from "../sql/dml.js";
import {
  type Between,
  type Binary,
  Case,
  type Cast,
  type Connective,
  type Constant,
  Label,
  type Like,
  type Membership,
  NULL,
  Tuple,
  type Unary,
} from "../sql/elements.js";
import { Expression, type ExpressionNode } from "../sql/expression.js";
import type { FromClause } from "../sql/from-clause.js";
import { FunctionCall, type Over } from "../sql/function.js";
import { OPERATORS, type Operator } from "../sql/operators.js";
import type { FrameBound } from "../sql/options.js";
import { Order } from "../sql/order.js";
import type { CompoundSelect, ScalarSubquery, SetOperator } from "../sql/query.js";
import { Select } from "../sql/select.js";
import type { Identifier, TextFragment } from "../sql/text.js";
import type { Conversion } from "../types/value-type.js";
import { limitInterning } from "../visit/intern.js";
import { type BindLeaf, flattenBinds, type Node } from "../visit/node.js";
import { Compiled, type ResultColumn, type RowTemplate, type Slot, type StatementKind } from "./compiled.js";
import { customCompile } from "./custom.js";
import { DmlColumns } from "./dml-columns.js";
import { checkNames, resolveFroms, type SelectNode, sameParameters } from "./froms.js";

type AnySelect = SelectNode;
type AnyCompound = CompoundSelect<readonly unknown[], string, unknown>;
type AnyInsert = Insert<never, unknown, unknown>;
type AnyUpdate = Update<never, unknown, unknown>;
type AnyDelete = Delete<unknown, unknown>;

/** Marks the place of a slot in the text while it is put together; no SQL contains a NUL. */
const MARK = "\0";
/** Stands for one element of a list while it is found out what stands around each. */
const ELEMENT = "\u0002";

const SET_OPERATORS: Readonly<Record<SetOperator, string>> = {
  union: "UNION",
  unionAll: "UNION ALL",
  intersect: "INTERSECT",
  except: "EXCEPT",
};

/** Where a query stands: at the top, or inside something. */
interface QueryContext {
  /** Result columns are named by key, because somebody refers to them. */
  readonly nested: boolean;
}

/**
 * Writes one statement for one dialect: a walk over the tree with one method for each kind of node, named after it. The
 * base class writes standard SQL; dialects override what they say differently.
 */
export class SQLCompiler {
  readonly dialect: Dialect;
  private readonly slots: Slot[] = [];
  private readonly slotOf = new Map<BindParameter, number>();
  private readonly counters = new Map<string, number>();
  private readonly bindIndex = new Map<BindLeaf, number>();
  private readonly ctes = new Map<string, { readonly cte: Cte; readonly text: string }>();
  private readonly openCtes = new Set<number>();
  /** The FROM items of the queries around the one being written, outermost first. */
  protected enclosing: readonly FromClause[] = [];
  /** Columns are written without their table: in DDL and where only one table can be meant. */
  protected unqualified = false;
  /** Bind parameters are written as literals: in DDL, where no parameters can be. */
  protected inlineBinds = false;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  // ---- the way in ------------------------------------------------------------------------------------------------

  /** Compiles a statement. */
  compile(statement: Node): Compiled {
    limitInterning();
    flattenBinds(statement.binds).forEach((bind, i) => {
      if (!this.bindIndex.has(bind)) this.bindIndex.set(bind, i);
    });
    const text = this.statement(statement);
    const kind = kindOf(statement);
    const resultColumns = this.resultColumnsOf(statement);
    return new Compiled({
      pieces: this.pieces(this.withClause(statement, text)),
      kind,
      placeholder: this.dialect.placeholder,
      reusesPlaceholders: this.dialect.reusesPlaceholders,
      resultColumns,
      returnsRows: kind === "text" ? (resultColumns === undefined ? undefined : true) : resultColumns !== undefined,
      rowTemplate: this.rowTemplate === undefined ? undefined : this.templatePieces(this.rowTemplate),
      emptyList: (slot) => this.emptySet(slot.bind?.type),
    });
  }

  /** Writes an expression outside of a statement, with literals for values: for DDL. `condition`: where a condition stands. */
  inlineExpression(node: Node, options: { readonly qualified?: boolean; readonly condition?: boolean } = {}): string {
    this.inlineBinds = true;
    this.unqualified = !(options.qualified ?? false);
    return options.condition ? this.predicate(node) : this.value(node);
  }

  private statement(statement: Node): string {
    if (statement instanceof Select) return this.select(statement as AnySelect, { nested: false });
    if (statement.kind === "compound") return this.compound(statement as AnyCompound, { nested: false });
    return this.process(statement);
  }

  /** Puts the WITH clause in its place. */
  protected withClause(statement: Node, text: string): string {
    const clause = this.takeWith();
    if (statement.kind !== "insert" || (statement as AnyInsert).query === undefined) return clause + text;
    return this.dialect.flags.cteAfterInsert
      ? text.replace(CTE_PLACE, () => clause)
      : clause + text.replace(CTE_PLACE, "");
  }

  /**
   * The WITH clause of the CTEs written so far, which are forgotten; nothing when there are none. A dialect that cannot have
   * WITH in front of a statement calls it where it can have it.
   */
  protected takeWith(): string {
    if (this.ctes.size === 0) return "";
    const list = [...this.ctes.values()];
    this.ctes.clear();
    const keyword =
      this.dialect.flags.recursiveKeyword && list.some(({ cte }) => cte.recursive) ? "WITH RECURSIVE" : "WITH";
    return `${keyword} ${list.map((entry) => entry.text).join(", ")} `;
  }

  /** Cuts the text at the marks. */
  private pieces(text: string): (string | Slot)[] {
    return text
      .split(MARK)
      .map((part, i) => (i % 2 === 0 ? part : (this.slots[Number(part)] as Slot)))
      .filter((part) => part !== "");
  }

  /** The parts of a multi-row INSERT, set by {@link insert}. */
  protected rowTemplate: { readonly before: string; readonly row: string; readonly after: string } | undefined =
    undefined;

  private templatePieces(template: {
    readonly before: string;
    readonly row: string;
    readonly after: string;
  }): RowTemplate {
    return { before: this.pieces(template.before), row: this.pieces(template.row), after: this.pieces(template.after) };
  }

  private resultColumnsOf(statement: Node): ResultColumn[] | undefined {
    if (statement.kind === "text") {
      const { keys, columnTypes } = statement as TextFragment;
      if (keys.length === 0) return undefined;
      return keys.map((key, item) => this.resultColumn(key, columnTypes[item] as AnyType, undefined, item));
    }
    const items = statement as Node & { readonly items?: readonly Node[]; readonly returningItems?: readonly Node[] };
    const list =
      this.implicitItems ??
      (statement.kind === "compound"
        ? this.firstItems(statement as AnyCompound)
        : (items.items ?? items.returningItems));
    if (list === undefined || list.length === 0) return undefined;
    return list.flatMap((entry, item) =>
      expressionsOf(entry).map((expression) =>
        this.resultColumn(expression.resultName, expression.type as AnyType, expression, item),
      ),
    );
  }

  private firstItems(compound: AnyCompound): readonly Node[] {
    const first = compound.queries[0] as Node;
    return first.kind === "compound" ? this.firstItems(first as AnyCompound) : (first as AnySelect).items;
  }

  private resultColumn(
    key: string | undefined,
    type: AnyType,
    expression: Node | undefined,
    item: number,
  ): ResultColumn {
    return { key, type, convert: this.dialect.conversions(type).result, expression, item };
  }

  /** Result columns that the dialect adds to an INSERT to learn generated keys. */
  protected implicitItems: readonly Node[] | undefined = undefined;

  // ---- dispatch and operands --------------------------------------------------------------------------------------

  /** Writes any node. */
  process(node: Node): string {
    const custom = customCompile(node, this.dialect.name);
    if (custom) return custom(node, this);
    const { kind } = node;
    const method = VISITED.has(kind)
      ? (this as unknown as Record<string, ((node: Node) => string) | undefined>)[kind]
      : undefined;
    if (method === undefined) {
      if (kind.startsWith("ddl")) return this.dialect.createDdlCompiler().process(node);
      throw new CompileError(`${this.dialect.name} does not know how to compile a node of kind "${kind}".`, {
        code: "UNKNOWN_NODE",
        remedy: `Register it with compiles(${node.constructor.name}, "${this.dialect.name}", ...).`,
      });
    }
    return method.call(this, node);
  }

  /** The error for a construct that the dialect does not have. */
  unsupported(construct: string, remedy?: string): CompileError {
    const details = { code: "UNSUPPORTED" };
    return new CompileError(
      `${this.dialect.name} has no ${construct}.`,
      remedy === undefined ? details : { ...details, remedy },
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
    if (own === undefined) return false;
    if (own === UNKNOWN_OPERATOR) return true;
    if (own === parent && parent.associative) return false;
    if (own.apart || parent.apart)
      return own.precedence < OPERATORS.neg.precedence && parent.precedence > OPERATORS.not.precedence
        ? true
        : own.precedence <= parent.precedence;
    if (own.precedence !== parent.precedence) return own.precedence < parent.precedence;
    return side === "right" || parent.precedence === OPERATORS.eq.precedence || parent.gives === "boolean";
  }

  // ---- expressions --------------------------------------------------------------------------------------------------

  protected column(node: Column): string {
    const name = this.dialect.quote(node.name);
    if (this.unqualified || node.from.kind === "text") return name;
    return `${this.fromName(node.from)}.${name}`;
  }

  /** The name by which columns refer to a FROM item. */
  protected fromName(from: FromClause): string {
    const { schema } = from as FromClause & { readonly schema?: string | undefined };
    const name = this.dialect.quote(from.name);
    return schema === undefined ? name : `${this.dialect.quote(schema)}.${name}`;
  }

  protected bind(node: BindParameter): string {
    if (node.literal || this.inlineBinds) return this.literalBind(node, undefined);
    let index = this.slotOf.get(node);
    if (index === undefined) {
      index = this.addBindSlot(node, undefined);
      this.slotOf.set(node, index);
    }
    return this.bindText(node, index);
  }

  /**
   * As {@link bind}, with one more conversion of the value in this place only, before the type's own: for a database that
   * reads a text in this place in its own way (SQL Server takes `[` in a LIKE pattern for a class of characters).
   */
  protected bindConverted(node: BindParameter, first: Conversion): string {
    if (node.literal || this.inlineBinds) return this.literalBind(node, first);
    return this.bindText(node, this.addBindSlot(node, first));
  }

  private addBindSlot(node: BindParameter, first: Conversion | undefined): number {
    const type = node.type as AnyType;
    const own = this.dialect.conversions(type).bind;
    const [before = "", after = ""] = node.expanding ? this.renderBind(ELEMENT, type).split(ELEMENT) : [];
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
    });
    return this.slots.length - 1;
  }

  private bindText(node: BindParameter, index: number): string {
    const mark = `${MARK}${index}${MARK}`;
    return node.expanding ? mark : this.renderBind(mark, node.type as AnyType);
  }

  private literalBind(node: BindParameter, first: Conversion | undefined): string {
    if (node.required)
      throw new CompileError(`The parameter "${node.hint}" has no value that could be written into the text.`);
    const type = node.type as AnyType;
    if (node.expanding) return this.literalList(node.value as readonly unknown[], type);
    return literalText(this.dialect, first === undefined || node.value === null ? node.value : first(node.value), type);
  }

  /** What stands in the text for a bind parameter: its placeholder, with a cast where the database needs one. */
  protected renderBind(placeholder: string, _type: AnyType): string {
    return placeholder;
  }

  private literalList(values: readonly unknown[], type: AnyType): string {
    return values.length === 0
      ? this.emptySet(type)
      : values.map((value) => literalText(this.dialect, value, type)).join(", ");
  }

  private slotName(node: BindParameter): string {
    if (node.required) return node.hint;
    return this.uniqueName(node.hint);
  }

  private uniqueName(hint: string): string {
    const base = /^[A-Za-z_]\w*$/.test(hint) ? hint : "param";
    const count = (this.counters.get(base) ?? 0) + 1;
    this.counters.set(base, count);
    return `${base}_${count}`;
  }

  /** A slot that is filled from a row of values by key; for INSERT of plain rows. */
  protected rowSlot(column: Column, fallback: (() => unknown) | undefined): string {
    const type = column.type as AnyType;
    const index = this.slots.length;
    this.slots.push({
      name: /^[A-Za-z_]\w*$/.test(column.key) ? column.key : this.uniqueName("param"),
      index: -1,
      bind: undefined,
      key: column.key,
      fallback,
      convert: this.dialect.conversions(type).bind,
      expanding: false,
      required: false,
      before: "",
      after: "",
    });
    return this.renderBind(`${MARK}${index}${MARK}`, type);
  }

  /** A query without rows: what `IN` an empty list compares with. It has `width` columns where row values are compared. */
  protected emptySet(_type: AnyType | undefined, width = 1): string {
    return `SELECT ${Array(width).fill("NULL").join(", ")} WHERE 1 = 0`;
  }

  protected constant(node: Constant): string {
    if (node.value === null) return "NULL";
    if (!this.dialect.flags.booleanKeywords) return node.value ? "1" : "0";
    return node.value ? "true" : "false";
  }

  protected binary(node: Binary): string {
    const { op } = node;
    if (op === "concat") return this.concat(node);
    if (op === "mod") return this.mod(node);
    if (op === "isDistinctFrom" || op === "isNotDistinctFrom")
      return this.distinctFrom(node, op === "isNotDistinctFrom");
    if ((op === "is" || op === "isNot") && node.right === NULL)
      return `${this.operand(node.left, OPERATORS[op], "left")} ${OPERATORS[op].sql} NULL`;
    return this.infix(node, OPERATORS[op].sql);
  }

  /** `left op right` */
  protected infix(node: Binary, text: string): string {
    const operator = OPERATORS[node.op];
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
    if (node.op === "exists") return `EXISTS (${this.subselect(node.operand)})`;
    const text = this.operand(node.operand, OPERATORS[node.op], "right");
    if (node.op === "not") return `NOT ${text}`;
    return text.startsWith("-") ? `-(${text})` : `-${text}`;
  }

  protected connective(node: Connective): string {
    const operator = OPERATORS[node.op];
    return node.terms.map((term) => this.operand(term, operator, "left")).join(` ${operator.sql} `);
  }

  protected between(node: Between): string {
    const operator = OPERATORS.between;
    const not = node.negated ? "NOT " : "";
    return `${this.operand(node.operand, operator, "left")} ${not}BETWEEN ${this.operand(node.low, operator, "right")} AND ${this.operand(node.high, operator, "right")}`;
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
    if (node.right instanceof BindParameter) return `${left} ${word} (${this.process(node.right)})`;
    if (node.right instanceof Tuple) {
      const width = node.left instanceof Tuple ? node.left.elements.length : 1;
      return `${left} ${word} (${node.right.elements.length === 0 ? this.emptySet(undefined, width) : this.list(node.right.elements)})`;
    }
    if (node.right.kind === "text") return `${left} ${word} ${this.inParentheses(this.process(node.right))}`;
    return `${left} ${word} (${this.subselect(node.right)})`;
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

  protected cast(node: Cast): string {
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

  protected function(node: FunctionCall): string {
    if (node.condition && !this.dialect.flags.aggregateFilter) return this.function(filterAsCase(node));
    const filter = node.condition ? ` FILTER (WHERE ${this.predicate(node.condition)})` : "";
    return this.functionText(node) + filter;
  }

  /** A call without FILTER. */
  protected functionText(node: FunctionCall): string {
    const rule = Object.hasOwn(this.dialect.functions, node.name) ? this.dialect.functions[node.name] : undefined;
    if (typeof rule === "function" && !node.isDistinct) return rule(node.args.map((arg) => this.value(arg)));
    const name = typeof rule === "string" ? rule : this.functionName(node.name);
    if (node.name === "count" && node.args.length === 0) return `${name}(*)`;
    return `${name}(${node.isDistinct ? "DISTINCT " : ""}${this.list(node.args)})`;
  }

  /** A function's name: known characters as they are, anything else as quoted identifiers. */
  protected functionName(name: string): string {
    return name
      .split(".")
      .map((part) => (/^[A-Za-z_][A-Za-z0-9_$]*$/.test(part) ? part : this.dialect.quoteAlways(part)))
      .join(".");
  }

  protected over(node: Over): string {
    if (!this.dialect.flags.windowFunctions) throw this.unsupported("window functions");
    const parts: string[] = [];
    if (node.partitionBy.length > 0) parts.push(`PARTITION BY ${this.list(node.partitionBy)}`);
    if (node.orderBy.length > 0) parts.push(`ORDER BY ${this.orderList(node.orderBy)}`);
    if (node.frame)
      parts.push(
        `${node.frame.toUpperCase()} BETWEEN ${frameBound(node.frameStart, "PRECEDING")} AND ${frameBound(node.frameEnd, "FOLLOWING")}`,
      );
    return `${this.process(node.operand)} OVER (${parts.join(" ")})`;
  }

  protected scalarSubquery(node: ScalarSubquery): string {
    return `(${this.subselect(node.query)})`;
  }

  /** A query inside an expression: it may refer to the FROM items around it. */
  protected subselect(query: Node): string {
    return this.query(query, { nested: false });
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

  protected identifier(node: Identifier): string {
    return node.parts.map((part) => this.dialect.quote(part)).join(".");
  }

  // ---- FROM ---------------------------------------------------------------------------------------------------------

  /** A FROM item where it is introduced. */
  from(node: FromClause): string {
    return this.process(node);
  }

  protected table(node: FromClause): string {
    if (!this.dialect.flags.schemas && (node as FromClause & { schema?: string }).schema !== undefined)
      throw this.unsupported("schemas");
    return this.fromName(node);
  }

  protected alias(node: Alias): string {
    return `${this.from(node.element)}${this.aliasKeyword()}${this.dialect.quote(node.name)}`;
  }

  /** Between a FROM item and its alias; Oracle knows no AS there. */
  protected aliasKeyword(): string {
    return " AS ";
  }

  protected subquery(node: Subquery): string {
    if (node.lateral && !this.dialect.flags.lateral) throw this.unsupported("LATERAL subqueries");
    const outside = this.enclosing;
    // A derived table stands on its own; a lateral one sees what is on its left.
    if (!node.lateral) this.enclosing = [];
    const text = this.query(node.query, { nested: true });
    this.enclosing = outside;
    return `${node.lateral ? "LATERAL " : ""}(${text})${this.aliasKeyword()}${this.dialect.quote(node.name)}`;
  }

  protected join(node: Join): string {
    const right = node.right.kind === "join" ? `(${this.from(node.right)})` : this.from(node.right);
    const words = { inner: "JOIN", left: "LEFT OUTER JOIN", full: "FULL OUTER JOIN", cross: "CROSS JOIN" } as const;
    if (node.joinKind === "full" && !this.dialect.flags.fullJoin) throw this.unsupported("FULL OUTER JOIN");
    const on = node.joinKind === "cross" ? "" : ` ON ${this.joinCondition(node)}`;
    return `${this.from(node.left)} ${words[node.joinKind]} ${right}${on}`;
  }

  private joinCondition(node: Join): string {
    if (node.on === undefined) throw new CompileError(`The join to "${node.right.name}" has no condition.`);
    return this.predicate(node.on);
  }

  /** A CTE is written once, in WITH; here stands its name. */
  protected cte(node: Cte): string {
    this.registerCte(node);
    return this.dialect.quote(node.name);
  }

  private registerCte(node: Cte): void {
    // Inside its own recursive part the CTE appears without that part: it is the same one.
    if (this.openCtes.has(node.base.shape)) return;
    const before = this.ctes.get(node.name);
    if (before !== undefined) {
      const whole = before.cte.shape === node.shape;
      const alike = whole || before.cte.base.shape === node.shape;
      if (!alike || !sameParameters(whole ? before.cte : before.cte.base, node)) {
        throw new CompileError(`Two different CTEs are named "${node.name}".`, {
          code: "DUPLICATE_CTE",
          remedy: "Give one of them another name.",
        });
      }
      return;
    }
    this.openCtes.add(node.base.shape);
    const outside = this.enclosing;
    this.enclosing = [];
    const columns = node.columns.map((column) => this.dialect.quote(column.name)).join(", ");
    let body = this.cteQuery(node.query);
    if (node.step) body += ` ${node.stepAll ? "UNION ALL" : "UNION"} ${this.cteQuery(node.step)}`;
    this.enclosing = outside;
    this.openCtes.delete(node.base.shape);
    this.ctes.set(node.name, {
      cte: node,
      text: `${this.dialect.quote(node.name)}${node.recursive ? `(${columns})` : ""} AS (${body})`,
    });
  }

  /** A CTE that consists of data-changing or text statements is written as it is. */
  private cteQuery(query: Node): string {
    return this.query(query, { nested: true });
  }

  // ---- queries --------------------------------------------------------------------------------------------------------

  /** A query of any kind. */
  query(node: Node, context: QueryContext): string {
    if (node instanceof Select) return this.select(node as AnySelect, context);
    if (node.kind === "compound") return this.compound(node as AnyCompound, context);
    return this.process(node);
  }

  select(node: AnySelect, context: QueryContext): string {
    const froms = resolveFroms(node, this.enclosing, this.dialect.name);
    checkNames(froms, this.dialect.name);
    const outside = this.enclosing;
    this.enclosing = [...outside, ...froms.flatMap((from) => from.parts)];
    const text = this.selectText(node, froms, context);
    this.enclosing = outside;
    return text;
  }

  /** The clauses in the order of the text. */
  protected selectText(node: AnySelect, froms: readonly FromClause[], context: QueryContext): string {
    const parts = [
      this.selectHead(node),
      node.items
        .flatMap(expressionsOf)
        .map((item) => this.selectItem(item, context))
        .join(", "),
    ];
    const from = this.fromClause(froms);
    if (from !== "") parts.push(from);
    if (node.criteria.length > 0) parts.push(`WHERE ${this.conjunction(node.criteria)}`);
    if (node.groups.length > 0) parts.push(`GROUP BY ${this.list(node.groups)}`);
    if (node.havings.length > 0) parts.push(`HAVING ${this.conjunction(node.havings)}`);
    if (node.order.length > 0) parts.push(`ORDER BY ${this.orderList(node.order, node)}`);
    const limit = this.limitClause(node);
    if (limit !== "") parts.push(limit);
    const lock = node.lock ? this.lockClause(node.lock) : "";
    if (lock !== "") parts.push(lock);
    return parts.join(" ");
  }

  /** SELECT and what stands before the list. */
  protected selectHead(node: AnySelect): string {
    return node.isDistinct ? "SELECT DISTINCT" : "SELECT";
  }

  protected fromClause(froms: readonly FromClause[]): string {
    return froms.length === 0 ? "" : `FROM ${froms.map((from) => this.from(from)).join(", ")}`;
  }

  protected conjunction(conditions: readonly ExpressionNode[]): string {
    const [only] = conditions;
    if (conditions.length === 1 && only) return this.predicate(only);
    return conditions.map((condition) => this.operand(condition, OPERATORS.and, "left")).join(" AND ");
  }

  /** One element of the select list, named where somebody refers to it by name. */
  protected selectItem(item: ExpressionNode, context: QueryContext): string {
    if (item instanceof Label) return `${this.value(item.operand)} AS ${this.dialect.quote(item.name)}`;
    const text = this.value(item);
    const key = item.resultName;
    if (!context.nested || key === undefined) return text;
    return item.kind === "column" && (item as Column).name === key ? text : `${text} AS ${this.dialect.quote(key)}`;
  }

  /** ORDER BY: a label of the select list is referred to by its name. */
  protected orderList(elements: readonly Node[], select?: AnySelect): string {
    return elements.map((element) => this.orderElement(element, select)).join(", ");
  }

  protected orderElement(element: Node, select: AnySelect | undefined): string {
    const order = element instanceof Order ? element : undefined;
    const operand = order?.operand ?? element;
    const text =
      operand instanceof Label && select && hasLabel(select, operand)
        ? this.dialect.quote(operand.name)
        : this.value(operand);
    if (order === undefined) return text;
    return this.orderText(order, text, this.value(operand));
  }

  protected order(node: Order): string {
    return this.orderElement(node, undefined);
  }

  /** An expression with direction and place of NULLs. `full` is the expression where `text` is only a name. */
  protected orderText(order: Order, text: string, full: string): string {
    const direction = order.descending === undefined ? "" : order.descending ? " DESC" : " ASC";
    if (order.nulls === undefined) return text + direction;
    if (this.dialect.flags.nullsOrdering) return `${text}${direction} NULLS ${order.nulls.toUpperCase()}`;
    return `CASE WHEN ${full} IS NULL THEN ${order.nulls === "first" ? 0 : 1} ELSE ${order.nulls === "first" ? 1 : 0} END, ${text}${direction}`;
  }

  /** LIMIT and OFFSET. */
  protected limitClause(node: {
    readonly limitTo: ExpressionNode | undefined;
    readonly offsetBy: ExpressionNode | undefined;
    readonly order: readonly Node[];
  }): string {
    const parts: string[] = [];
    if (node.limitTo) parts.push(`LIMIT ${this.process(node.limitTo)}`);
    if (node.offsetBy) parts.push(`OFFSET ${this.process(node.offsetBy)}`);
    return parts.join(" ");
  }

  /** `FOR UPDATE`; nothing where locks are said elsewhere. */
  protected lockClause(lock: string): string {
    if (!this.dialect.flags.rowLocks) throw this.unsupported("row locks (FOR UPDATE)");
    return lock;
  }

  compound(node: AnyCompound, _context: QueryContext): string {
    if (node.op === "intersect" && !this.dialect.flags.intersect) throw this.unsupported("INTERSECT");
    if (node.op === "except" && !this.dialect.flags.except) throw this.unsupported("EXCEPT");
    const members = node.queries.map((query, i) => this.compoundMember(query, i));
    const parts = [members.join(` ${this.setOperator(node.op)} `)];
    if (node.order.length > 0)
      parts.push(`ORDER BY ${node.order.map((element) => this.compoundOrder(element)).join(", ")}`);
    const limit = this.limitClause(node);
    if (limit !== "") parts.push(limit);
    return parts.join(" ");
  }

  protected setOperator(op: SetOperator): string {
    return SET_OPERATORS[op];
  }

  /** A member of a set operation: in parentheses where it has clauses or operators of its own. */
  protected compoundMember(query: Node, position: number): string {
    const inner = query as AnySelect | AnyCompound;
    const plain = inner.kind === "select" && inner.order.length === 0 && !inner.limitTo && !inner.offsetBy;
    const text = this.query(inner, { nested: true });
    if (plain) return text;
    return this.dialect.flags.parenthesizedQueries
      ? `(${text})`
      : `SELECT * FROM (${text})${this.aliasKeyword()}${this.dialect.quote(`anon_${position + 1}`)}`;
  }

  /** ORDER BY of a set operation speaks of result columns, by name. */
  protected compoundOrder(element: Node): string {
    const order = element instanceof Order ? element : undefined;
    const operand = (order?.operand ?? element) as ExpressionNode;
    const name = operand.resultName;
    if (name === undefined) {
      throw new CompileError("ORDER BY of a set operation takes columns of its result, not expressions.", {
        code: "COMPOUND_ORDER",
        remedy: "Wrap the set operation: select(...).selectFrom(union.subquery(name)).",
      });
    }
    const text = this.dialect.quote(name);
    return order ? this.orderText(order, text, text) : text;
  }

  // ---- INSERT, UPDATE, DELETE -------------------------------------------------------------------------------------------

  protected insert(node: AnyInsert): string {
    const columns = new DmlColumns(node.table);
    const returning = this.insertReturning(node, columns);
    const into = `INSERT INTO ${this.from(node.table)}`;
    if (node.query) {
      const names = columns.named(node.keys);
      return `${into} (${names.map((column) => this.dialect.quote(column.name)).join(", ")})${this.outputClause(node, columns)} ${CTE_PLACE}${this.query(node.query, { nested: true })}${returning}`;
    }
    const extra = columns.insertDefaults(node.keys);
    const names = [...columns.named(node.keys), ...extra.map((entry) => entry.column)];
    if (names.length === 0) return this.insertDefaults(node, into, returning);
    const defaults = extra.map((entry) =>
      entry.expression ? this.value(entry.expression) : this.rowSlot(entry.column, entry.make),
    );
    const before = `${into} (${names.map((column) => this.dialect.quote(column.name)).join(", ")})${this.outputClause(node, columns)} VALUES `;
    if (node.cells.length > 0) return before + this.cellRows(node, defaults) + returning;
    const cells = columns.named(node.keys).map((column) => this.rowSlot(column, columns.fallback(column)));
    const row = `(${[...cells, ...defaults].join(", ")})`;
    this.rowTemplate = { before, row, after: returning };
    return before + row + returning;
  }

  private cellRows(node: AnyInsert, defaults: readonly string[]): string {
    const width = node.keys.length;
    const rows: string[] = [];
    for (let at = 0; at < node.cells.length; at += width) {
      const cells = node.cells.slice(at, at + width).map((cell) => this.value(cell));
      rows.push(`(${[...cells, ...defaults].join(", ")})`);
    }
    if (rows.length > 1 && this.dialect.flags.insertMany !== "multiRow" && !this.multiRowValues())
      throw this.unsupported("INSERT of several rows with expressions");
    return rows.join(", ");
  }

  /** Whether `VALUES (..), (..)` can be written. */
  protected multiRowValues(): boolean {
    return true;
  }

  /** An INSERT that names no column. */
  protected insertDefaults(_node: AnyInsert, into: string, returning: string): string {
    if (!this.dialect.flags.defaultValues) throw this.unsupported("INSERT without columns");
    return `${into} DEFAULT VALUES${returning}`;
  }

  /** RETURNING of an INSERT, asked for or added to learn the generated key. */
  protected insertReturning(node: AnyInsert, columns: DmlColumns): string {
    const items = this.insertReturningItems(node, columns);
    if (items.length === 0) return "";
    if (!this.dialect.flags.insertReturning) throw this.unsupported("INSERT ... RETURNING");
    return this.returningClause(items);
  }

  /** The items of RETURNING: the statement's own, or the primary key of a single row where the dialect fetches it so. */
  protected insertReturningItems(node: AnyInsert, columns: DmlColumns): readonly Node[] {
    if (node.returningItems.length > 0) return node.returningItems;
    const single =
      node.rows.length === 1 || (node.rows.length === 0 && !node.query && node.cells.length <= node.keys.length);
    if (!this.dialect.flags.implicitReturning || !single) return [];
    const key = columns.primaryKey;
    if (key.length === 0 || key.every((column) => node.keys.includes(column.key))) return [];
    this.implicitItems = key;
    return key;
  }

  /** ` RETURNING a, b`; written where the dialect wants it. */
  protected returningClause(items: readonly Node[]): string {
    const outside = this.enclosing;
    const text = items
      .flatMap(expressionsOf)
      .map((item) => this.selectItem(item, { nested: false }))
      .join(", ");
    this.enclosing = outside;
    return ` RETURNING ${text}`;
  }

  /** What stands between the column list and VALUES: `OUTPUT inserted.id` on SQL Server. */
  protected outputClause(_node: AnyInsert | AnyUpdate | AnyDelete, _columns: DmlColumns): string {
    return "";
  }

  protected update(node: AnyUpdate): string {
    const columns = new DmlColumns(node.table);
    const outside = this.enclosing;
    this.enclosing = [node.table];
    const sets = columns
      .named(node.keys)
      .map((column, i) => this.assignment(column, this.value(node.cells[i] as Node)));
    for (const entry of columns.updateDefaults(node.keys)) {
      sets.push(
        this.assignment(
          entry.column,
          entry.expression ? this.value(entry.expression) : this.rowSlot(entry.column, entry.make),
        ),
      );
    }
    if (sets.length === 0)
      throw new CompileError(`The UPDATE of "${node.table.name}" sets nothing.`, {
        code: "EMPTY_UPDATE",
        remedy: "Give values with set().",
      });
    const where = node.criteria.length > 0 ? ` WHERE ${this.conjunction(node.criteria)}` : "";
    this.enclosing = outside;
    const text = `UPDATE ${this.from(node.table)} SET ${sets.join(", ")}${this.outputClause(node, columns)}${where}`;
    if (node.returningItems.length === 0) return text;
    if (!this.dialect.flags.updateReturning) throw this.unsupported("UPDATE ... RETURNING");
    return text + this.returningClause(node.returningItems);
  }

  private assignment(column: Column, value: string): string {
    return `${this.dialect.quote(column.name)} = ${value}`;
  }

  protected delete(node: AnyDelete): string {
    const outside = this.enclosing;
    this.enclosing = [node.table];
    const where = node.criteria.length > 0 ? ` WHERE ${this.conjunction(node.criteria)}` : "";
    this.enclosing = outside;
    const text = `DELETE FROM ${this.from(node.table)}${this.outputClause(node, new DmlColumns(node.table))}${where}`;
    if (node.returningItems.length === 0) return text;
    if (!this.dialect.flags.deleteReturning) throw this.unsupported("DELETE ... RETURNING");
    return text + this.returningClause(node.returningItems);
  }
}

/** Where WITH goes in an INSERT on databases that want it behind the column list; removed when unused. */
const CTE_PLACE = "\u0001";

/** The kinds that the compiler has a method for: a custom node's kind cannot reach another method of the class by name. */
const VISITED: ReadonlySet<string> = new Set(
  `column bind constant binary unary connective between like membership tuple label cast case function over scalarSubquery
   text identifier order table alias subquery join cte insert update delete`.split(/\s+/),
);

function kindOf(statement: Node): StatementKind {
  switch (statement.kind) {
    case "select":
    case "compound":
      return "select";
    case "insert":
    case "update":
    case "delete":
      return statement.kind;
    default:
      return statement.kind.startsWith("ddl") ? "ddl" : "text";
  }
}

function expressionsOf(item: Node): readonly ExpressionNode[] {
  return item.kind === "itemGroup"
    ? (item as Node & { readonly expressions: readonly ExpressionNode[] }).expressions
    : [item as ExpressionNode];
}

function isFrom(node: Node): boolean {
  return ["table", "alias", "subquery", "cte", "join"].includes(node.kind);
}

/** An operand of which nothing is known: it stands in parentheses. */
const UNKNOWN_OPERATOR: Operator = { sql: "", precedence: 0, gives: "left" };

/** The operator at the top of an expression; undefined for what never needs parentheses. */
function operatorOf(node: Node): Operator | undefined {
  switch (node.kind) {
    case "binary":
      return OPERATORS[(node as Binary).op];
    case "unary":
      return (node as Unary).op === "exists" ? undefined : OPERATORS[(node as Unary).op];
    case "connective":
      return OPERATORS[(node as Connective).op];
    case "between":
    case "like":
    case "membership":
      return OPERATORS.between;
    case "label":
      return operatorOf((node as Label).operand);
    case "text":
      return UNKNOWN_OPERATOR;
    default:
      return VISITED.has(node.kind) || !(node instanceof Expression) ? undefined : UNKNOWN_OPERATOR;
  }
}

/** Whether an expression is a condition: true, false or unknown by its form. */
export function isPredicate(node: Node): boolean {
  switch (node.kind) {
    case "binary":
      return OPERATORS[(node as Binary).op].gives === "boolean";
    case "unary":
      return (node as Unary).op !== "neg";
    case "connective":
    case "between":
    case "like":
    case "membership":
      return true;
    case "label":
      return isPredicate((node as Label).operand);
    default:
      return false;
  }
}

function hasLabel(select: AnySelect, label: Label): boolean {
  return select.items.some((item) => item instanceof Label && item.name === label.name && item.shape === label.shape);
}

function frameBound(bound: FrameBound | undefined, unbounded: string): string {
  if (bound === undefined || bound === "unbounded") return `UNBOUNDED ${unbounded}`;
  if (bound === 0) return "CURRENT ROW";
  if (!Number.isInteger(bound))
    throw new CompileError(`A frame bound is a whole number or "unbounded", not ${bound}.`, { code: "BAD_FRAME" });
  return bound < 0 ? `${-bound} PRECEDING` : `${bound} FOLLOWING`;
}

/** `sum(x) FILTER (WHERE c)` as `sum(CASE WHEN c THEN x END)`; `count(*)` counts a constant. */
function filterAsCase(node: FunctionCall): FunctionCall {
  const condition = node.condition as ExpressionNode;
  const [first, ...rest] = node.args;
  const counted = first ?? new BindParameter(1, node.type, "param", false, false, true);
  const guarded = new Case(undefined, [condition], [counted], undefined, counted.type);
  return new FunctionCall(node.name, [guarded, ...rest], node.type, node.isDistinct);
}
