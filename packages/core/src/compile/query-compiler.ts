import { CompileError } from "../errors/index.js";
import type { Column } from "../sql/column.js";
import { Label } from "../sql/elements.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { FromClause } from "../sql/from-clause.js";
import { GroupingElement } from "../sql/grouping-element.js";
import type { BeyondPosition } from "../sql/keyset.js";
import type { Modifiers } from "../sql/modifiers.js";
import { OPERATORS } from "../sql/operators.js";
import { Order } from "../sql/order.js";
import type { SetOperator } from "../sql/query.js";
import { ResultName } from "../sql/result-name.js";
import type { RowLock } from "../sql/row-lock.js";
import { Select } from "../sql/select.js";
import type { ExtensionPoint } from "../sql/syntax-extension.js";
import type { Values } from "../sql/values.js";
import type { Node } from "../visit/node.js";
import { CteCompiler } from "./cte-compiler.js";
import { customCompile } from "./custom.js";
import { type AnyCompound, allByNumbers, distinctOnByNumber, fetchByRank, itemNamed } from "./emulate.js";
import type { QueryContext } from "./from-compiler.js";
import { checkNames, resolveFroms, type SelectNode } from "./froms.js";
import { cartesianProducts } from "./lint.js";
import { expressionsOf } from "./node-traits.js";
import { positionCondition } from "./position.js";

export type { AnyCompound } from "./emulate.js";
export type { QueryContext } from "./from-compiler.js";

type AnySelect = SelectNode;
type AnyQuery = AnySelect | AnyCompound;

/** What a row limit is written from. */
export interface Limits {
  readonly limitTo: ExpressionNode | undefined;
  readonly offsetBy: ExpressionNode | undefined;
  readonly order: readonly Node[];
  readonly modifiers?: Modifiers | undefined;
}

const SET_OPERATORS: Readonly<Record<SetOperator, string>> = {
  union: "UNION",
  unionAll: "UNION ALL",
  intersect: "INTERSECT",
  intersectAll: "INTERSECT ALL",
  except: "EXCEPT",
  exceptAll: "EXCEPT ALL",
};

const LOCKS: Readonly<Record<RowLock["strength"], string>> = {
  update: "FOR UPDATE",
  noKeyUpdate: "FOR NO KEY UPDATE",
  share: "FOR SHARE",
  keyShare: "FOR KEY SHARE",
};

/** Writes queries: SELECT and set operations. */
export abstract class QueryCompiler extends CteCompiler {
  /** The query that is the statement itself; undefined in any other statement. */
  protected outermost: Node | undefined = undefined;
  /** Told about FROM items that nothing connects. */
  protected onCartesian: ((message: string) => void) | undefined = undefined;
  /** Where the query being written stands; {@link writeDefault} goes on from it. */
  private context: QueryContext = { nested: false };
  /** The query about to be written is a member of a set operation: WITH belongs to that. */
  private member = false;

  /** Whether a query is the statement itself. */
  protected isOutermost(query: Node): boolean {
    return query === this.outermost;
  }

  /** A query of any kind. */
  query(node: Node, context: QueryContext): string {
    if (node.kind !== "select" && node.kind !== "compound")
      return node.kind === "values" ? this.valuesQuery(node as Values) : this.process(node);
    const custom = customCompile(node, this.dialect.name);
    if (custom === undefined) return this.writeQuery(node, context);
    const outside = this.context;
    this.context = context;
    const text = this.customQuery(node);
    this.context = outside;
    return text;
  }

  /** A query that `compiles()` has a function for. */
  protected abstract customQuery(node: Node): string;

  /**
   * Writes a query as the dialect does, for a function of `compiles(Select, ...)` that adds something to it.
   *
   * @example
   * ```ts
   * compiles(Select, "postgresql", (node, compiler) => `${compiler.writeDefault(node)} -- orders`);
   * ```
   */
  writeDefault(node: Node): string {
    return this.writeQuery(node, this.context);
  }

  private writeQuery(node: Node, context: QueryContext): string {
    return node instanceof Select
      ? this.select(node as AnySelect, context)
      : this.compound(node as AnyCompound, context);
  }

  select(node: AnySelect, context: QueryContext): string {
    const emulated = this.emulated(node);
    if (emulated !== undefined) return this.insteadOf(node, emulated, context);
    return this.inWith(node, () => {
      const froms = resolveFroms(node, this.enclosing, this.dialect.name);
      checkNames(froms, this.dialect.name);
      if (this.onCartesian !== undefined) cartesianProducts(node, froms, this.onCartesian);
      const outside = this.enclosing;
      this.enclosing = [...outside, ...froms.flatMap((from) => from.parts)];
      const write = (): string => this.withWindows(() => this.selectText(node, froms, context));
      const text = node.modifiers === undefined ? write() : this.whileHinting(node.modifiers.annotations, write);
      this.enclosing = outside;
      return text;
    });
  }

  /** Writes a query with the CTEs that belong into its own WITH: those of the outermost query are the statement's. */
  private inWith(node: AnyQuery, write: () => string): string {
    const member = this.member;
    this.member = false;
    const all = (): string => {
      for (const cte of node.modifiers?.ctes ?? []) this.registerCte(cte as Parameters<typeof this.registerCte>[0]);
      return write();
    };
    return member || this.isOutermost(node) ? all() : this.withNestedCtes(all);
  }

  /** Writes what a query is emulated by. */
  protected insteadOf(node: AnyQuery, emulated: AnyQuery, context: QueryContext): string {
    if (this.isOutermost(node)) this.outermost = emulated;
    return this.writeQuery(emulated, context);
  }

  /** Another query that means the same, for one with a clause that the dialect does not have; undefined for any other. */
  protected emulated(node: AnyQuery): AnyQuery | undefined {
    const { modifiers } = node;
    if (node.kind === "compound") {
      const { op } = node as AnyCompound;
      if ((op === "intersectAll" || op === "exceptAll") && !this.dialect.flags.setOperationsAll)
        return allByNumbers(node as AnyCompound);
    }
    if (modifiers === undefined) return undefined;
    const { distinctOn, fetchMode, lock } = modifiers;
    const asFetch = fetchMode !== undefined && node.limitTo !== undefined && !this.fetches(node);
    if (fetchMode !== undefined && fetchMode !== "percent" && node.order.length === 0) {
      throw new CompileError("WITH TIES needs ORDER BY: without an order nothing ties.", {
        code: "TIES_WITHOUT_ORDER",
      });
    }
    const byNumber = distinctOn.length > 0 && !this.dialect.flags.distinctOn;
    if ((asFetch || byNumber) && lock !== undefined)
      throw this.unsupported(
        byNumber ? "DISTINCT ON together with row locks" : "row locks together with such a row limit",
      );
    if (asFetch) return fetchByRank(node);
    return byNumber ? distinctOnByNumber(node as AnySelect) : undefined;
  }

  /** Whether the dialect can write a row limit with ties or in percent. */
  protected fetches(node: AnyQuery): boolean {
    const mode = node.modifiers?.fetchMode;
    const { fetchTies, fetchPercent } = this.dialect.flags;
    return (mode === "percent" || fetchTies) && (mode === "ties" || fetchPercent);
  }

  /** The clauses in the order of the text. */
  protected selectText(node: AnySelect, froms: readonly FromClause[], context: QueryContext): string {
    const parts = [this.selectHead(node)];
    const add = (text: string): void => {
      if (text !== "") parts.push(text);
    };
    const extend = (point: ExtensionPoint): void => {
      if (node.modifiers !== undefined) add(this.extensionText(node.modifiers, point));
    };
    extend("afterSelect");
    parts.push(
      node.items
        .flatMap(expressionsOf)
        .map((item) => this.selectItem(item, context))
        .join(", "),
    );
    add(this.fromClause(froms));
    extend("afterFrom");
    if (node.criteria.length > 0) parts.push(`WHERE ${this.conjunction(node.criteria)}`);
    extend("afterWhere");
    if (node.groups.length > 0) parts.push(`GROUP BY ${this.groupList(node)}`);
    extend("afterGroupBy");
    if (node.havings.length > 0) parts.push(`HAVING ${this.conjunction(node.havings)}`);
    extend("afterHaving");
    const order = node.order.length > 0 ? `ORDER BY ${this.orderList(node.order, node)}` : "";
    // Written first: it may use windows.
    add(this.windowClause());
    add(order);
    extend("afterOrderBy");
    add(this.limitClause(node));
    const lock = node.modifiers?.lock;
    if (lock !== undefined) add(this.lockClause(lock));
    add(this.endOf(node));
    return parts.join(" ");
  }

  /** What stands at the end of a query: extensions, hints, suffixes. */
  private endOf(node: AnyQuery): string {
    if (node.modifiers === undefined) return "";
    return [this.extensionText(node.modifiers, "end"), this.optionClause(node), ...this.annotationTexts(node, "suffix")]
      .filter((text) => text !== "")
      .join(" ");
  }

  private extensionText(modifiers: Modifiers, point: ExtensionPoint): string {
    return modifiers.extensions
      .filter((extension) => extension.point === point)
      .map((extension) => this.process(extension))
      .join(" ");
  }

  /** SELECT and what stands before the list. */
  protected selectHead(node: AnySelect): string {
    const { modifiers } = node;
    if (modifiers === undefined) return node.isDistinct ? "SELECT DISTINCT" : "SELECT";
    const parts = ["SELECT"];
    const hints = this.commentHints(node);
    if (hints.length > 0) parts.push(`/*+ ${hints.join(" ")} */`);
    parts.push(...this.annotationTexts(node, "prefix"));
    if (modifiers.distinctOn.length > 0) parts.push(`DISTINCT ON (${this.list(modifiers.distinctOn)})`);
    else if (node.isDistinct) parts.push("DISTINCT");
    return parts.join(" ");
  }

  /** The hints that stand in a comment behind SELECT. */
  private commentHints(node: AnyQuery): readonly string[] {
    const { statementHints, tableHints } = this.dialect.flags;
    const statement = this.annotationTexts(node, "statementHint");
    if (statement.length > 0 && statementHints === "none") throw this.unsupported("statement hints");
    const tables = tableHints === "comment" ? this.annotationTexts(node, "tableHint") : [];
    return statementHints === "comment" ? [...statement, ...tables] : tables;
  }

  /** The hints that stand in OPTION at the end. */
  private optionClause(node: AnyQuery): string {
    if (this.dialect.flags.statementHints !== "option") return "";
    const hints = this.annotationTexts(node, "statementHint");
    return hints.length === 0 ? "" : `OPTION (${hints.join(", ")})`;
  }

  protected fromClause(froms: readonly FromClause[]): string {
    return froms.length === 0 ? "" : `FROM ${froms.map((from) => this.from(from)).join(", ")}`;
  }

  protected conjunction(conditions: readonly ExpressionNode[]): string {
    const [only] = conditions;
    if (conditions.length === 1 && only) return this.predicate(only);
    return this.chain(
      conditions.map((condition) => this.operand(condition, OPERATORS.and, "left")),
      "AND",
    );
  }

  /** One element of the select list, named where somebody refers to it by name. */
  protected selectItem(item: ExpressionNode, context: QueryContext): string {
    if (item instanceof Label) return `${this.value(item.operand)} AS ${this.columnLabel(item.name)}`;
    const text = this.value(item);
    const key = item.resultName;
    if (!context.nested || key === undefined) return text;
    return item.kind === "column" && (item as Column).name === key ? text : `${text} AS ${this.columnLabel(key)}`;
  }

  /** GROUP BY: a result column that is named is written out. */
  protected groupList(node: AnySelect): string {
    return node.groups
      .map((element) => {
        if (element instanceof GroupingElement) return this.groupingElement(element);
        return this.value(element instanceof ResultName ? itemNamed(node.resultItems, element.name) : element);
      })
      .join(", ");
  }

  /** `ROLLUP (a, (b, c))` */
  protected groupingElement(node: GroupingElement): string {
    const { groupings } = this.dialect.flags;
    const word = { rollup: "ROLLUP", cube: "CUBE", sets: "GROUPING SETS" }[node.grouping];
    if (groupings !== "all") throw this.unsupported(word);
    const sets = node.sets.map((set) =>
      set.length === 1 && node.grouping !== "sets" ? this.list(set) : `(${this.list(set)})`,
    );
    return `${word} (${sets.join(", ")})`;
  }

  /** ORDER BY: a label of the select list is referred to by its name. */
  protected orderList(elements: readonly Node[], select?: AnySelect): string {
    return elements.map((element) => this.orderElement(element, select)).join(", ");
  }

  protected orderElement(element: Node, select: AnySelect | undefined): string {
    const order = element instanceof Order ? element : undefined;
    const operand = this.orderOperand(element, select);
    const text =
      operand instanceof Label && select && hasLabel(select, operand)
        ? this.columnLabel(operand.name)
        : this.value(operand);
    if (order === undefined) return text;
    return this.orderText(order, text, this.value(operand));
  }

  /** What is sorted by: a result column that is named is looked up. */
  protected orderOperand(element: Node, select: AnySelect | undefined): Node {
    const operand = element instanceof Order ? element.operand : element;
    if (!(operand instanceof ResultName)) return operand;
    return itemNamed(select?.resultItems ?? [], operand.name);
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

  /** LIMIT and OFFSET, or FETCH where ties or percents are asked for. */
  protected limitClause(node: Limits): string {
    if (node.modifiers?.fetchMode !== undefined) return this.fetchClause(node);
    const parts: string[] = [];
    if (node.limitTo) parts.push(`LIMIT ${this.process(node.limitTo)}`);
    if (node.offsetBy) parts.push(`OFFSET ${this.process(node.offsetBy)}`);
    return parts.join(" ");
  }

  /** `OFFSET m ROWS FETCH NEXT n PERCENT ROWS WITH TIES` */
  protected fetchClause(node: Limits): string {
    const mode = node.modifiers?.fetchMode;
    const parts: string[] = [];
    if (node.offsetBy) parts.push(`OFFSET ${this.process(node.offsetBy)} ROWS`);
    if (node.limitTo) {
      const percent = mode === "percent" || mode === "percentTies" ? " PERCENT" : "";
      const last = mode === "ties" || mode === "percentTies" ? "WITH TIES" : "ONLY";
      parts.push(`FETCH ${node.offsetBy ? "NEXT" : "FIRST"} ${this.process(node.limitTo)}${percent} ROWS ${last}`);
    }
    return parts.join(" ");
  }

  /** `FOR UPDATE OF t SKIP LOCKED`; nothing where locks are said elsewhere. */
  protected lockClause(lock: RowLock): string {
    const { rowLocks, keyLocks } = this.dialect.flags;
    const word = LOCKS[lock.strength];
    if (!rowLocks) throw this.unsupported("row locks (FOR UPDATE)");
    if (!keyLocks && (lock.strength === "noKeyUpdate" || lock.strength === "keyShare")) throw this.unsupported(word);
    const of = lock.of.length === 0 ? "" : ` OF ${lock.of.map((from) => this.lockTarget(from)).join(", ")}`;
    return `${word}${of}${lock.wait === undefined ? "" : lock.wait === "nowait" ? " NOWAIT" : " SKIP LOCKED"}`;
  }

  /** A FROM item whose rows are locked, by its bare name. */
  protected lockTarget(from: FromClause): string {
    if (!this.dialect.flags.lockOf) throw this.unsupported("OF in row locks");
    return this.itemName(from);
  }

  compound(node: AnyCompound, context: QueryContext): string {
    const emulated = this.emulated(node);
    if (emulated !== undefined) return this.insteadOf(node, emulated, context);
    if (node.op === "intersect" && !this.dialect.flags.intersect) throw this.unsupported("INTERSECT");
    if (node.op === "except" && !this.dialect.flags.except) throw this.unsupported("EXCEPT");
    return this.inWith(node, () => this.compoundText(node));
  }

  private compoundText(node: AnyCompound): string {
    const members = node.queries.map((query, i) => this.compoundMember(query, i));
    const parts = [members.join(` ${this.setOperator(node.op)} `)];
    if (node.order.length > 0)
      parts.push(`ORDER BY ${node.order.map((element) => this.compoundOrder(element)).join(", ")}`);
    if (node.modifiers !== undefined) {
      checkPlaces(node.modifiers);
      parts.push(this.extensionText(node.modifiers, "afterOrderBy"));
    }
    parts.push(this.limitClause(node), this.endOf(node));
    return parts.filter((part) => part !== "").join(" ");
  }

  protected setOperator(op: SetOperator): string {
    return SET_OPERATORS[op];
  }

  /** A member of a set operation: in parentheses where it has clauses or operators of its own. */
  protected compoundMember(query: Node, position: number): string {
    const inner = query as AnySelect | AnyCompound;
    const plain =
      inner.kind === "values" ||
      (inner.kind === "select" && inner.order.length === 0 && !inner.limitTo && !inner.offsetBy && !hasEnding(inner));
    this.member = inner.kind === "select" && plain;
    const text = this.query(inner, { nested: true });
    this.member = false;
    if (plain) return text;
    return this.dialect.flags.parenthesizedQueries
      ? `(${text})`
      : `SELECT * FROM (${text})${this.aliasKeyword()}${this.dialect.quote(`anon_${position + 1}`)}`;
  }

  /** ORDER BY of a set operation speaks of result columns, by name. */
  protected compoundOrder(element: Node): string {
    const order = element instanceof Order ? element : undefined;
    const operand = (order?.operand ?? element) as ExpressionNode | ResultName;
    const name = operand instanceof ResultName ? operand.name : operand.resultName;
    if (name === undefined) {
      throw new CompileError("ORDER BY of a set operation takes columns of its result, not expressions.", {
        code: "COMPOUND_ORDER",
        remedy: "Wrap the set operation: select(...).selectFrom(union.subquery(name)).",
      });
    }
    const text = this.columnLabel(name);
    return order ? this.orderText(order, text, text) : text;
  }

  /** The rows behind a position, as conditions on the elements of the order. */
  protected beyondPosition(node: BeyondPosition): string {
    return this.predicate(positionCondition(node, this.dialect.flags.nullsSortHigh));
  }

  /** A query inside an expression: it may refer to the FROM items around it. */
  protected subselect(query: Node): string {
    return this.query(query, { nested: false });
  }
}

function hasLabel(select: AnySelect, label: Label): boolean {
  return select.items.some((item) => item instanceof Label && item.name === label.name && item.shape === label.shape);
}

/** Whether a query has something at its end that would belong to the set operation that it is a member of. */
function hasEnding({ modifiers }: AnyQuery): boolean {
  return (
    modifiers !== undefined &&
    (modifiers.extensions.length > 0 ||
      modifiers.lock !== undefined ||
      modifiers.distinctOn.length > 0 ||
      modifiers.fetchMode !== undefined ||
      modifiers.annotations.some(({ place }) => place === "suffix"))
  );
}

/** A set operation has only the last two places for clauses of one's own: any other clause would be left out without a word. */
function checkPlaces({ extensions }: Modifiers): void {
  const misplaced = extensions.find(({ point }) => point !== "afterOrderBy" && point !== "end");
  if (misplaced === undefined) return;
  throw new CompileError(`A set operation has no place "${misplaced.point}" for the clause "${misplaced.kind}".`, {
    code: "NO_SUCH_PLACE",
    remedy: "Give the clause to a query of the set operation, or to a select from its subquery.",
  });
}
