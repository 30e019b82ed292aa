import {
  type Alias,
  BindParameter,
  type CompoundSelect,
  Constant,
  type Cte,
  type ExpressionNode,
  type FromClause,
  type Join,
  type Node,
  Order,
  type RowLock,
  type SelectNode,
  type SQLCompiler,
  Subquery,
  select,
  type TableFunction,
  type TableSample,
  type Values,
} from "@acme/core/dialect";
import { MssqlExpressionCompiler } from "./expression-compiler.js";

type AnyCompound = CompoundSelect<readonly unknown[], string, unknown>;
type AnyQuery = SelectNode | AnyCompound;
type Context = Parameters<SQLCompiler["select"]>[1];

/** Table hints for row locks. READPAST leaves locked rows out. */
const LOCKS: Readonly<Record<string, readonly string[]>> = {
  update: ["UPDLOCK", "ROWLOCK"],
  share: ["REPEATABLEREAD", "ROWLOCK"],
};
const LOCK_WAITS = { nowait: "NOWAIT", skipLocked: "READPAST" } as const;

/** FROM and queries of Microsoft SQL Server. */
export abstract class MssqlQueryCompiler extends MssqlExpressionCompiler {
  /** The row lock of the query being written: hints behind its tables. */
  private lock: RowLock | undefined = undefined;
  private locked = 0;
  /** The query whose ORDER BY stays although it is not the outermost one: that of INSERT ... SELECT. */
  protected inserted: Node | undefined = undefined;

  // ---- FROM -------------------------------------------------------------------------------------------------------

  protected override table(node: FromClause): string {
    return super.table(node) + this.hints(node);
  }

  protected override alias(node: Alias): string {
    const { lock } = this;
    this.lock = undefined;
    const text = super.alias(node);
    this.lock = lock;
    return node.element.kind === "table" ? text + this.hints(node) : text;
  }

  /** ` WITH (UPDLOCK, ROWLOCK)`: locks and hints in one list. */
  private hints(node: FromClause): string {
    const { lock } = this;
    const locks = lock !== undefined && (lock.of.length === 0 || lock.of.some((from) => from.shape === node.shape));
    if (locks) this.locked += 1;
    const texts = [...(locks ? lockHints(lock) : []), ...this.hintTexts(node)];
    return texts.length === 0 ? "" : ` WITH (${texts.join(", ")})`;
  }

  /** Written with the locks, in one list. */
  protected override hintsOn(_node: FromClause): string {
    return "";
  }

  /** `(VALUES (..)) AS v (a)` stands in FROM only. */
  protected override valuesQuery(node: Values): string {
    return node.cells.length === 0 ? super.valuesQuery(node) : `SELECT * FROM ${this.values(node)}`;
  }

  /** In VALUES each column has one type. */
  protected override valueRows(node: Values): string {
    const outside = this.inValues;
    this.inValues = true;
    const text = super.valueRows(node);
    this.inValues = outside;
    return text;
  }

  /** `OPENJSON(x) WITH (a INT) AS t` */
  protected override tableCall(node: TableFunction): string {
    const text = super.tableCall(node);
    return node.withTypes ? `${text} WITH (${this.typedColumns(node)})` : text;
  }

  protected override functionColumns(node: TableFunction): string {
    return node.withTypes ? "" : super.functionColumns(node);
  }

  /** `TABLESAMPLE (10 PERCENT)`; only blocks of rows. */
  protected override tableSample(node: TableSample): string {
    if (node.method !== "system") throw this.unsupported("TABLESAMPLE BERNOULLI", 'Use { method: "system" }.');
    const seed = node.seed === undefined ? "" : ` REPEATABLE (${node.seed})`;
    return `${this.from(node.element)} AS ${this.itemName(node)} TABLESAMPLE (${node.percent} PERCENT)${seed}`;
  }

  /** A lateral subquery is applied to what stands on its left, by APPLY. */
  protected override fromClause(froms: readonly FromClause[]): string {
    if (!froms.some(isLateral)) return super.fromClause(froms);
    const plain = froms.filter((from) => !isLateral(from)).map((from) => this.from(from));
    const applied = froms.filter(isLateral).map((from) => this.applied(from));
    if (plain.length === 0) {
      if (froms[0] instanceof Subquery) throw this.unsupported("LATERAL subquery without something on its left");
      return `FROM ${applied.join(" CROSS APPLY ")}`;
    }
    return `FROM ${[plain.join(" CROSS JOIN "), ...applied].join(" CROSS APPLY ")}`;
  }

  protected override join(node: Join): string {
    const { right, on, joinKind } = node;
    if (!isLateral(right)) return super.join(node);
    if (joinKind === "full") throw this.unsupported("FULL OUTER JOIN to a LATERAL subquery");
    const word = joinKind === "left" ? "OUTER APPLY" : "CROSS APPLY";
    const text = this.applied(right);
    const always = on === undefined || (on instanceof Constant && on.value === true);
    const body = always
      ? text
      : `(SELECT * FROM ${text} WHERE ${this.predicate(on)}) AS ${this.dialect.quote(right.name)}`;
    return `${this.from(node.left)} ${word} ${body}`;
  }

  private applied(from: FromClause): string {
    return this.from(from).replace(/^LATERAL /, "");
  }

  protected override cte(node: Cte): string {
    if (node.step !== undefined && !node.stepAll) {
      throw this.unsupported("UNION in a recursive CTE", "Use unionAll(), and a condition that ends the recursion.");
    }
    return super.cte(node);
  }

  // ---- queries ----------------------------------------------------------------------------------------------------

  override select(node: SelectNode, context: Context): string {
    return super.select(this.sorted(node), context);
  }

  override compound(node: AnyCompound, context: Context): string {
    return super.compound(this.sorted(node), context);
  }

  /** A query within another one is not sorted unless it is cut off: ORDER BY is an error there, and would mean nothing. */
  private sorted<Q extends AnyQuery>(node: Q): Q {
    const stays =
      node.order.length === 0 ||
      node.limitTo ||
      node.offsetBy ||
      (node.modifiers?.distinctOn.length ?? 0) > 0 ||
      this.isOutermost(node) ||
      node === this.inserted;
    return stays ? node : (node.copyWith({ order: [] }) as Q);
  }

  /** Ties and percents belong to TOP, which leaves nothing out at the beginning and stands in a SELECT. */
  protected override fetches(node: AnyQuery): boolean {
    return node.kind === "select" && node.offsetBy === undefined;
  }

  /** NULLS FIRST is a CASE here, which cannot stand in the ORDER BY of DISTINCT and of set operations. */
  protected override sortsOutside(node: AnyQuery): boolean {
    return (
      super.sortsOutside(node) || node.order.some((element) => element instanceof Order && element.nulls !== undefined)
    );
  }

  protected override selectText(node: SelectNode, froms: readonly FromClause[], context: Context): string {
    const { lock, locked } = this;
    this.lock = node.modifiers?.lock;
    this.locked = 0;
    if (this.lock !== undefined && LOCKS[this.lock.strength] === undefined)
      throw this.unsupported("row locks that leave keys free (keyShare)");
    const text = super.selectText(node, froms, context);
    if (this.lock !== undefined && this.locked === 0) throw this.unsupported("row locks on a query without tables");
    this.lock = lock;
    this.locked = locked;
    return text;
  }

  /** Locks are hints behind the tables. */
  protected override lockClause(_lock: RowLock): string {
    return "";
  }

  /** `TOP (n)` where nothing is left out at the beginning, and for no rows at all, which FETCH refuses. */
  protected override selectHead(node: SelectNode): string {
    const head = super.selectHead(node);
    if (!node.limitTo || (node.offsetBy && !isNone(node.limitTo))) return head;
    const mode = node.modifiers?.fetchMode;
    const percent = mode === "percent" || mode === "percentTies" ? " PERCENT" : "";
    const ties = mode === "ties" || mode === "percentTies" ? " WITH TIES" : "";
    return `${head} TOP (${this.process(node.limitTo)})${percent}${ties}`;
  }

  /** OFFSET belongs to ORDER BY: where the order does not matter, it is by nothing (or by the first column, where it must be a column). */
  protected override limitClause(node: Parameters<SQLCompiler["limitClause"]>[0]): string {
    const query = node as AnyQuery;
    const plain = query.kind === "select" && !(query as SelectNode).isDistinct;
    if (!node.limitTo && !node.offsetBy) return "";
    if (query.kind === "select" && (!node.offsetBy || (node.limitTo && isNone(node.limitTo)))) return "";
    const order = node.order.length > 0 ? "" : plain ? "ORDER BY (SELECT NULL) " : "ORDER BY 1 ";
    const offset = node.offsetBy ? this.process(node.offsetBy) : "0";
    return `${order}OFFSET ${offset} ROWS${node.limitTo ? ` FETCH NEXT ${this.process(node.limitTo)} ROWS ONLY` : ""}`;
  }

  /** A set operation cannot fetch no rows: it is selected from. */
  protected override emulated(node: AnyQuery): AnyQuery | undefined {
    if (node.kind !== "compound" || !node.limitTo || !isNone(node.limitTo)) return super.emulated(node);
    const from = new Subquery(node.copyWith({ order: [], limitTo: undefined, offsetBy: undefined }), "none");
    return (select(...from.columns) as unknown as SelectNode).copyWith({ limitTo: node.limitTo });
  }

  /** A set operation within a set operation stands in parentheses; one with an order or a limit is wrapped. */
  protected override compoundMember(query: Node, position: number): string {
    const inner = this.sorted(query as AnyQuery);
    const plain = inner.kind === "compound" && inner.order.length === 0 && !inner.limitTo && !inner.offsetBy;
    return plain ? `(${this.query(inner, { nested: true })})` : super.compoundMember(inner, position);
  }

  protected override subselect(query: Node): string {
    if (this.output !== undefined) throw this.unsupported("subqueries in OUTPUT (RETURNING)");
    const outside = this.inValues;
    this.inValues = false;
    const text = super.subselect(query);
    this.inValues = outside;
    return text;
  }
}

/** Whether a FROM item reads what stands on its left: a lateral subquery, or a function. */
function isLateral(from: FromClause): boolean {
  return (from instanceof Subquery && from.lateral) || from.kind === "tableFunction";
}

/** `FOR UPDATE SKIP LOCKED` as table hints. */
function lockHints(lock: RowLock): readonly string[] {
  const hints = LOCKS[lock.strength] ?? [];
  return lock.wait === undefined ? hints : [...hints, LOCK_WAITS[lock.wait]];
}

/** Whether a row limit is none at all, as the text says. */
function isNone(limit: ExpressionNode): boolean {
  return limit instanceof BindParameter && limit.literal && limit.value === 0;
}
