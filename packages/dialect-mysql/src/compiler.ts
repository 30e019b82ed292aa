import {
  type AnyDelete,
  type AnyInsert,
  type AnyType,
  type AnyUpdate,
  Binary,
  BindParameter,
  baseType,
  type Column,
  type CompoundSelect,
  type Cte,
  childrenOf,
  type DeleteParts,
  type Dialect,
  type DmlColumns,
  type ExpressionNode,
  type Extract,
  type FromClause,
  type FunctionCall,
  GroupingElement,
  Label,
  type Match,
  type Membership,
  type Node,
  OnConflict,
  type OnDuplicateKey,
  OPERATORS,
  type Operator,
  type Order,
  otherFroms,
  type RegexpMatch,
  type RegexpReplace,
  ResultName,
  type RowLock,
  type RowVersion,
  type Select,
  type SelectNode,
  SQLCompiler,
  type Subquery,
  type Unary,
  type UpdateParts,
  Upsert,
  type Values,
  Written,
} from "@acme/core/dialect";
import { inEvaluationOrder, updateInOrder } from "./assignments.js";
import { extractText } from "./extract.js";
import type { Traits } from "./flags.js";
import { forStorage } from "./literals.js";
import { duplicateKeyAssignments, leavesRowsAlone } from "./upsert.js";

type AnyQuery = Select<readonly unknown[], string, unknown> | CompoundSelect<readonly unknown[], string, unknown>;

/** OFFSET needs a LIMIT: this is the largest, as the manuals advise. */
const NO_LIMIT = "18446744073709551615";

/** Writes statements for MySQL and MariaDB. */
export class MySQLCompiler extends SQLCompiler {
  private readonly traits: Traits;
  /** The table that the statement changes, where subqueries must not read it. */
  private changed: FromClause | undefined = undefined;
  /** WITH cannot stand in front of the statement: it goes into the outermost subqueries. */
  private withInside = false;
  /** The statement is an UPDATE: OLD_VALUE() is known in its RETURNING only. */
  private updating = false;
  /** How many subqueries are open. */
  private depth = 0;
  /** How many derived tables and CTEs are open: these are computed first, so they may read the changed table. */
  private derived = 0;

  constructor(dialect: Dialect, traits: Traits) {
    super(dialect);
    this.traits = traits;
  }

  // ---- expressions ----------------------------------------------------------------------------------------------------

  protected override bind(node: BindParameter): string {
    const text = super.bind(node);
    return this.inlineBinds ? forStorage(text) : text;
  }

  protected override escapeClause(escape: string | undefined): string {
    const text = super.escapeClause(escape);
    return this.inlineBinds ? forStorage(text) : text;
  }

  protected override emptySet(_type: AnyType | undefined, width = 1): string {
    return `SELECT ${new Array<string>(width).fill("NULL").join(", ")} FROM DUAL WHERE 1 = 0`;
  }

  /** `concat(a, b, c)`: `||` is OR unless the sql_mode says otherwise. */
  protected override concat(node: Binary): string {
    const parts: string[] = [];
    const add = (operand: ExpressionNode): void => {
      if (operand instanceof Binary && operand.operator === "concat") [operand.left, operand.right].forEach(add);
      else parts.push(this.value(operand));
    };
    add(node);
    return `concat(${parts.join(", ")})`;
  }

  protected override needsParentheses(node: Node, parent: Operator, side: "left" | "right"): boolean {
    if (node instanceof Binary && node.operator === "concat") return false;
    return super.needsParentheses(node, parent, side);
  }

  protected override distinctFrom(node: Binary, same: boolean): string {
    const text = this.infix(node, "<=>");
    return same ? text : `NOT (${text})`;
  }

  /**
   * Numbers of type double are sent as integers where they are whole, and two integers divide to a DECIMAL with four decimals:
   * what the types call floating point is made so.
   */
  protected override infix(node: Binary, text: string): string {
    if (node.operator !== "div" || !isDouble(node, this.dialect)) return super.infix(node, text);
    const settled = [node.left, node.right].some(
      (operand) => !(operand instanceof BindParameter) && isDouble(operand, this.dialect),
    );
    if (settled) return super.infix(node, text);
    const side = (operand: ExpressionNode, which: "left" | "right"): string =>
      operand instanceof BindParameter && isDouble(operand, this.dialect)
        ? `(0e0 + ${this.value(operand)})`
        : this.operand(operand, OPERATORS.div, which);
    return `${side(node.left, "left")} ${text} ${side(node.right, "right")}`;
  }

  /** The separator is a literal, in hexadecimal digits where it must be, without the word for its character set. */
  protected override aggregateStrings(node: FunctionCall): string {
    const [text, separator] = node.args as readonly ExpressionNode[] as readonly [ExpressionNode, ExpressionNode];
    const order = node.order.length > 0 ? ` ORDER BY ${this.orderList(node.order)}` : "";
    const distinct = node.isDistinct ? "DISTINCT " : "";
    const between = this.value(separator).replace(/^_utf8mb4 /, "");
    return `group_concat(${distinct}${this.value(text)}${order} SEPARATOR ${between})`;
  }

  protected override extract(node: Extract): string {
    return extractText(node, this.atom(node.operand));
  }

  protected override unary(node: Unary): string {
    const text = super.unary(node);
    return node.operator === "bitNot" ? `CAST(${text} AS SIGNED)` : text;
  }

  /** Whether case matters depends on the collation, unless it is said: on MariaDB in the pattern (PCRE), on MySQL by a flag. */
  protected override regexpMatch(node: RegexpMatch): string {
    if (!this.traits.pcre) return super.regexpMatch(node);
    return `${this.atom(node.operand)} ${node.negated ? "NOT " : ""}REGEXP ${this.pcrePattern(node)}`;
  }

  /** Groups in the replacement are $1 to MySQL and \\1 to all others. */
  protected override regexpReplace(node: RegexpReplace): string {
    const { operand, replacement } = node;
    if (this.traits.pcre)
      return `REGEXP_REPLACE(${this.value(operand)}, ${this.pcrePattern(node)}, ${this.value(replacement)})`;
    if (!(replacement instanceof BindParameter) || typeof replacement.value !== "string")
      throw this.unsupported("replacement of a regular expression that is not a plain text");
    const groups = this.bindConverted(replacement, (value) => icuReplacement(value as string));
    return super.regexpReplace(node.copyWith({ replacement: new Written(groups, replacement.type) }));
  }

  private pcrePattern({ pattern, ignoreCase, flags }: RegexpMatch | RegexpReplace): string {
    const prefix = this.dialect.quoteString(`(?${flags}${ignoreCase ? "i" : "-i"})`);
    return `concat(${prefix}, ${this.value(pattern)})`;
  }

  protected override match(node: Match): string {
    const text = `MATCH (${this.value(node.operand)}) AGAINST (${this.value(node.query)} IN BOOLEAN MODE)`;
    return node.negated ? `NOT ${text}` : text;
  }

  /** `IN (SELECT ... LIMIT n)` is not implemented by either server; one level deeper it is. */
  protected override membership(node: Membership): string {
    if (!isLimited(node.right)) return super.membership(node);
    const left = this.operand(node.left, OPERATORS.in, "left");
    const query = this.inDerived(() => this.subselect(node.right));
    return `${left} ${node.negated ? "NOT IN" : "IN"} (SELECT * FROM (${query})${this.aliasKeyword()}limited)`;
  }

  // ---- queries --------------------------------------------------------------------------------------------------------

  protected override limitClause(node: Parameters<SQLCompiler["limitClause"]>[0]): string {
    const text = super.limitClause(node);
    return node.limitTo === undefined && text !== "" ? `LIMIT ${NO_LIMIT} ${text}` : text;
  }

  /** NULLs are the least values here: where they are wanted in front of them, nothing needs to be said. */
  protected override orderText(order: Order, text: string, full: string): string {
    const natural = order.descending ? "last" : "first";
    if (order.nulls !== natural) return super.orderText(order, text, full);
    return `${text}${order.descending === undefined ? "" : order.descending ? " DESC" : " ASC"}`;
  }

  protected override lockClause(lock: RowLock): string {
    if (lock.wait === "skipLocked" && !this.traits.skipLocked) throw this.unsupported("SKIP LOCKED");
    const text = super.lockClause(lock);
    return this.traits.forShare ? text : text.replace("FOR SHARE", "LOCK IN SHARE MODE");
  }

  protected override fetchClause(node: Parameters<SQLCompiler["fetchClause"]>[0]): string {
    const text = super.fetchClause(node);
    return node.limitTo === undefined && text !== "" ? this.limitClause({ ...node, modifiers: undefined }) : text;
  }

  /**
   * `GROUP BY a, b WITH ROLLUP` is all there is. A label with parameters is named: written out, its parameters would be others
   * than those in the select list, and MySQL would not see that both are the same.
   */
  protected override groupList(node: SelectNode): string {
    const [only, second] = node.groups;
    if (!(only instanceof GroupingElement) || only.grouping !== "rollup") {
      return super.groupList(node.copyWith({ groups: node.groups.map((element) => this.namedGroup(element, node)) }));
    }
    if (second !== undefined || only.sets.some((set) => set.length !== 1))
      throw this.unsupported("ROLLUP beside other elements, or of several columns at once");
    return `${this.list(only.elements)} WITH ROLLUP`;
  }

  private namedGroup(element: Node, node: SelectNode): Node {
    const items = node.resultItems;
    const item = element instanceof ResultName ? items.find((one) => one.resultName === element.name) : element;
    if (!(item instanceof Label) || !hasParameters(item) || !items.some((one) => one.shape === item.shape))
      return element;
    // A column of the name would be meant before the label.
    const froms = [...node.froms, ...node.joins.map(({ target }) => target), ...node.columnsClauseFroms];
    const columns = froms.flatMap(({ parts }) => parts).flatMap((part) => part.columns);
    return columns.some(({ name }) => name.toLowerCase() === item.name.toLowerCase())
      ? element
      : new Written(this.columnLabel(item.name), item.type);
  }

  /**
   * MySQL's rows are `ROW(..)`. MariaDB 10.11 settles the types of a VALUES when it prepares the statement, before it knows any
   * parameter, and then reads every one as an empty string: there the rows are SELECTs.
   */
  protected override values(node: Values): string {
    if (this.traits.rowValues) return super.values(node);
    return `(${this.valuesQuery(node)}) AS ${this.itemName(node)}`;
  }

  protected override valuesQuery(node: Values): string {
    return this.traits.rowValues || node.cells.length === 0 ? super.valuesQuery(node) : this.valuesAsSelects(node);
  }

  protected override valueRow(cells: readonly Node[]): string {
    return `ROW${super.valueRow(cells)}`;
  }

  protected override dualClause(): string {
    return " FROM DUAL";
  }

  // ---- subqueries of statements that change data ------------------------------------------------------------------------

  protected override subselect(query: Node): string {
    this.depth += 1;
    const text = super.subselect(query);
    this.depth -= 1;
    return this.withInside && this.depth === 0 ? this.takeWith() + text : text;
  }

  protected override subquery(node: Subquery): string {
    return this.inDerived(() => super.subquery(node));
  }

  protected override cte(node: Cte): string {
    return this.inDerived(() => super.cte(node));
  }

  protected override table(node: FromClause): string {
    if (this.changed?.shape === node.shape && this.depth > 0 && this.derived === 0) {
      throw this.unsupported(
        `subqueries on the table "${node.name}" in an UPDATE or DELETE of it`,
        "Select from a subquery or a CTE on the table: the server computes that first.",
      );
    }
    return super.table(node);
  }

  private inDerived(write: () => string): string {
    this.derived += 1;
    const text = write();
    this.derived -= 1;
    return text;
  }

  // ---- INSERT, UPDATE, DELETE -------------------------------------------------------------------------------------------

  protected override insert(node: AnyInsert): string {
    this.withInside = node.query === undefined;
    return super.insert(node);
  }

  protected override insertDefaults(_node: AnyInsert, into: string, after: string): string {
    return `${into} () VALUES ()${after}`;
  }

  /**
   * Columns of a query have no name that ON DUPLICATE KEY UPDATE could use, but those of a derived table do:
   * https://dev.mysql.com/doc/refman/8.4/en/insert-on-duplicate.html
   */
  protected override insertedQuery(node: AnyInsert, text: string, names: readonly Column[]): string {
    if (node.conflicts.length === 0 || !this.traits.rowAlias) return text;
    return `SELECT * FROM (${text}) AS excluded (${this.names(names)})`;
  }

  protected override conflictText(node: AnyInsert, columns: DmlColumns): string {
    const [clause, second] = node.conflicts;
    if (clause === undefined || second !== undefined || clause instanceof OnConflict)
      return super.conflictText(node, columns);
    const { name } = this.dialect;
    const given = clause instanceof Upsert ? duplicateKeyAssignments(node, clause, name) : clause;
    const ordered = !(clause instanceof Upsert) && (clause as OnDuplicateKey).ordered;
    const { keys, cells } = ordered ? given : inEvaluationOrder(node.table, given, name);
    const alias = this.traits.rowAlias && node.query === undefined ? " AS excluded" : "";
    const sets = leftAlone(node) ? this.bareAssignments(columns, keys, cells) : this.assignments(columns, keys, cells);
    return `${alias} ON DUPLICATE KEY UPDATE ${sets.join(", ")}`;
  }

  /** Assignments without the on-update values of other columns. */
  private bareAssignments(columns: DmlColumns, keys: readonly string[], cells: readonly ExpressionNode[]): string[] {
    return columns.named(keys).map((column, i) => this.assignment(column, this.value(cells[i] as Node)));
  }

  /** MariaDB gives back rows that were left alone, too: nobody could tell which. */
  protected override insertReturningItems(node: AnyInsert, columns: DmlColumns): readonly Node[] {
    if (!leftAlone(node)) return super.insertReturningItems(node, columns);
    if (node.returningItems.length > 0)
      throw this.unsupported("RETURNING of an upsert that leaves rows as they are", "Select the rows by their keys.");
    return [];
  }

  protected override versionColumn(node: Column, row: RowVersion): string {
    const name = this.dialect.quote(node.name);
    if (row.version === "new")
      throw this.unsupported("new rows in RETURNING", "A plain column is that of the new row.");
    if (row.version === "old" && !this.updating) throw this.unsupported("old rows in RETURNING but of UPDATE");
    if (row.version === "old" && this.dialect.flags.rowVersions) return `OLD_VALUE(${name})`;
    return row.version === "proposed" && !this.traits.rowAlias ? `VALUES(${name})` : super.versionColumn(node, row);
  }

  protected override update(node: AnyUpdate): string {
    this.changing(node.table);
    this.updating = true;
    const joined = otherFroms(node.table, node.sources, [...node.cells, ...node.criteria]).length > 0;
    return super.update(updateInOrder(node, joined, this.dialect.name));
  }

  /** `UPDATE t, a SET t.b = a.b WHERE c` */
  protected override updateText(parts: UpdateParts): string {
    const { node, table, sets, sources, where } = parts;
    if (sources.length === 0) return super.updateText(parts);
    if (node.returningItems.length > 0) throw this.unsupported("RETURNING in an UPDATE of several tables");
    const name = this.fromName(node.table);
    const list = sets.map(({ column, value }) => `${name}.${this.assignment(column, value)}`).join(", ");
    const froms = [table, ...sources.map((from) => this.sourceText(from))].join(", ");
    return `UPDATE ${froms} SET ${list}${where === "" ? "" : ` WHERE ${where}`}`;
  }

  protected override delete(node: AnyDelete): string {
    this.changing(node.table);
    return super.delete(node);
  }

  /** `DELETE FROM t USING t, a WHERE b` */
  protected override deleteText(parts: DeleteParts): string {
    const { node, table, sources, where } = parts;
    if (sources.length === 0) return super.deleteText(parts);
    if (node.returningItems.length > 0) throw this.unsupported("RETURNING in a DELETE of several tables");
    const froms = [table, ...sources.map((from) => this.sourceText(from))].join(", ");
    return `DELETE FROM ${this.fromName(node.table)} USING ${froms}${where === "" ? "" : ` WHERE ${where}`}`;
  }

  /** A common table expression where WITH cannot stand in front becomes a derived table. */
  private sourceText(from: FromClause): string {
    const text = this.from(from);
    const ctes = this.withInside ? this.takeWith() : "";
    return ctes === "" ? text : `(${ctes}SELECT * FROM ${text}) AS ${this.dialect.quote(from.name)}`;
  }

  private changing(table: FromClause): void {
    this.withInside = !this.traits.withBeforeDml;
    if (!this.traits.readsChangedTable) this.changed = table;
  }
}

/** Whether an INSERT has an upsert that can leave rows as they are. */
function leftAlone(node: AnyInsert): boolean {
  return node.conflicts.some((clause) => clause instanceof Upsert && leavesRowsAlone(node, clause));
}

/** `\\1` as `$1`; a dollar sign and a backslash stand for themselves. */
function icuReplacement(text: string): string {
  return text.replace(/\\(\d|\\)|\$/g, (all, group: string | undefined) =>
    all === "$" ? "\\$" : group === "\\" ? "\\\\" : `$${group}`,
  );
}

function isDouble(node: ExpressionNode, dialect: Dialect): boolean {
  const { name } = baseType(node.type as AnyType, dialect);
  return name === "double" || name === "float";
}

/** Whether parameters stand in an expression itself, not in the FROM items that its columns point to. */
function hasParameters(node: Node): boolean {
  return node instanceof BindParameter || childrenOf(node).some(hasParameters);
}

function isLimited(node: Node): boolean {
  const { limitTo, offsetBy } = node as Node & Partial<Pick<AnyQuery, "limitTo" | "offsetBy">>;
  return limitTo !== undefined || offsetBy !== undefined;
}
