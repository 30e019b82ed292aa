import { CompileError } from "../errors/index.js";
import type { Column } from "../sql/column.js";
import type { Alias, Cte, Join, Subquery } from "../sql/derived.js";
import { Label } from "../sql/elements.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { FromClause } from "../sql/from-clause.js";
import { OPERATORS } from "../sql/operators.js";
import { Order } from "../sql/order.js";
import type { CompoundSelect, SetOperator } from "../sql/query.js";
import { Select } from "../sql/select.js";
import type { Node } from "../visit/node.js";
import { ExpressionCompiler } from "./expression-compiler.js";
import { checkNames, resolveFroms, type SelectNode, sameParameters } from "./froms.js";
import { expressionsOf } from "./node-traits.js";

type AnySelect = SelectNode;
/** Any set operation. */
export type AnyCompound = CompoundSelect<readonly unknown[], string, unknown>;

const SET_OPERATORS: Readonly<Record<SetOperator, string>> = {
  union: "UNION",
  unionAll: "UNION ALL",
  intersect: "INTERSECT",
  except: "EXCEPT",
};

/** Where a query stands: at the top, or inside something. */
export interface QueryContext {
  /** Result columns are named by key, because somebody refers to them. */
  readonly nested: boolean;
}

/** Writes queries: FROM items, common table expressions, SELECT and set operations. */
export abstract class QueryCompiler extends ExpressionCompiler {
  private readonly ctes = new Map<string, { readonly cte: Cte; readonly text: string }>();
  private readonly openCtes = new Set<number>();

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
    const columns = node.columns.map((column) => this.columnLabel(column.name)).join(", ");
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

  /** ORDER BY: a label of the select list is referred to by its name. */
  protected orderList(elements: readonly Node[], select?: AnySelect): string {
    return elements.map((element) => this.orderElement(element, select)).join(", ");
  }

  protected orderElement(element: Node, select: AnySelect | undefined): string {
    const order = element instanceof Order ? element : undefined;
    const operand = order?.operand ?? element;
    const text =
      operand instanceof Label && select && hasLabel(select, operand)
        ? this.columnLabel(operand.name)
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
    const text = this.columnLabel(name);
    return order ? this.orderText(order, text, text) : text;
  }

  /** A query inside an expression: it may refer to the FROM items around it. */
  protected subselect(query: Node): string {
    return this.query(query, { nested: false });
  }
}

function hasLabel(select: AnySelect, label: Label): boolean {
  return select.items.some((item) => item instanceof Label && item.name === label.name && item.shape === label.shape);
}
