import {
  type Alias,
  type AnyDml,
  type AnyInsert,
  type AnyMerge,
  type AnyType,
  type Binary,
  BindParameter,
  baseType,
  Cast,
  type Column,
  type CompoundSelect,
  Constant,
  type Cte,
  type DateTime,
  type DeleteParts,
  DmlColumns,
  type ExpressionNode,
  type Extract,
  type FromClause,
  type FunctionCall,
  factsOf,
  ItemGroup,
  type Join,
  type Like,
  type Match,
  type Membership,
  type Node,
  type Numeric,
  OPERATORS,
  Order,
  type Reading,
  type RegexpMatch,
  type RegexpReplace,
  type RowLock,
  type RowTexts,
  type RowVersion,
  type SelectNode,
  SQLCompiler,
  Subquery,
  select,
  type TableFunction,
  type TableSample,
  Tuple,
  type UpdateParts,
  type Values,
} from "@acme/core/dialect";
import { extractText } from "./extract.js";

type AnyCompound = CompoundSelect<readonly unknown[], string, unknown>;
type AnyQuery = SelectNode | AnyCompound;
type Context = Parameters<SQLCompiler["select"]>[1];
/** What is asked of the table of an INSERT. */
type TargetTable = FromClause & {
  readonly autoincrementColumn?: Column | undefined;
  readonly dialectOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** Value types that `+` takes as text. */
const TEXTS = new Set(["string", "text", "enumeration", "json"]);
const INTEGERS = new Set(["integer", "smallInteger", "bigInteger"]);

const REGEXP_REMEDY = "Use like(), or SQL Server 2025: mssql({ version: 17 }).";

/** Table hints for row locks. READPAST leaves locked rows out. */
const LOCKS: Readonly<Record<string, readonly string[]>> = {
  update: ["UPDLOCK", "ROWLOCK"],
  share: ["REPEATABLEREAD", "ROWLOCK"],
};
const LOCK_WAITS = { nowait: "NOWAIT", skipLocked: "READPAST" } as const;

/** Writes statements for Microsoft SQL Server. */
export class MssqlCompiler extends SQLCompiler {
  /** The row lock of the query being written: hints behind its tables. */
  private lock: RowLock | undefined = undefined;
  private locked = 0;
  /** The query whose ORDER BY stays although it is not the outermost one: that of INSERT ... SELECT. */
  private inserted: Node | undefined = undefined;
  /** Parameters stand in VALUES, where each column has one type. */
  private inValues = false;
  /** In OUTPUT, columns of the table are those of a pseudo-table. */
  private output: { readonly table: FromClause; readonly prefix: string } | undefined = undefined;
  /** Text around the whole statement. */
  private before = "";
  private after = "";

  // ---- values on their way in and out -------------------------------------------------------------------------------

  /**
   * NULL is sent as NVARCHAR, which is converted to everything but bytes. In VALUES all rows of a column have one type: decimals
   * would be rounded to the scale of another row.
   */
  protected override renderBind(placeholder: string, type: AnyType): string {
    const base = baseType(type, this.dialect);
    if (base.name === "largeBinary") return `CAST(${placeholder} AS VARBINARY(max))`;
    const sizedNumber = base.name === "numeric" && (base as Numeric<unknown>).precision !== undefined;
    return sizedNumber && this.inValues
      ? `CAST(${placeholder} AS ${this.dialect.typeName(type, "cast")})`
      : placeholder;
  }

  /** The driver reads decimals as JavaScript numbers. Style 2 gives money its four decimals; decimals have all of theirs. */
  protected override driverReading(type: AnyType): Reading | undefined {
    return baseType(type, this.dialect).name === "numeric" ? (text) => `CONVERT(NVARCHAR(50), ${text}, 2)` : undefined;
  }

  // ---- expressions ------------------------------------------------------------------------------------------------

  /** `+` adds when one side is a number: everything but text is made text. NULL beside a text gives NULL. */
  protected override concat(node: Binary): string {
    const side = (operand: ExpressionNode, which: "left" | "right"): string => {
      const { name } = baseType(operand.type as AnyType, this.dialect);
      if (TEXTS.has(name) || name === "null") return this.operand(operand, OPERATORS.concat, which);
      return `CAST(${this.value(operand)} AS NVARCHAR(max))`;
    };
    return `${side(node.left, "left")} + ${side(node.right, "right")}`;
  }

  /** Before SQL Server 2022. INTERSECT takes two NULLs for equal. */
  protected override distinctFrom(node: Binary, same: boolean): string {
    if (this.dialect.flags.distinctFrom) return super.distinctFrom(node, same);
    return `${same ? "" : "NOT "}EXISTS (SELECT ${this.value(node.left)} INTERSECT SELECT ${this.value(node.right)})`;
  }

  protected override aggregateStrings(node: FunctionCall): string {
    if (node.isDistinct)
      throw this.unsupported("distinct aggregateStrings()", "Select the distinct values in a subquery.");
    return this.aggregateWithinGroup("STRING_AGG", node);
  }

  protected override extract(node: Extract): string {
    return extractText(node, this.value(node.operand));
  }

  /** SQL Server 2025. */
  protected override regexpMatch(node: RegexpMatch): string {
    if (!this.dialect.flags.regexp) throw this.unsupported("regular expressions", REGEXP_REMEDY);
    return super.regexpMatch(node);
  }

  protected override regexpReplace(node: RegexpReplace): string {
    if (!this.dialect.flags.regexp) throw this.unsupported("regular expressions", REGEXP_REMEDY);
    return super.regexpReplace(node);
  }

  protected override match(node: Match): string {
    const text = `CONTAINS(${this.value(node.operand)}, ${this.value(node.query)})`;
    return node.negated ? `NOT ${text}` : text;
  }

  /** There are no row values: `(a, b) = (1, 2)` is `(a = 1 AND b = 2)`. */
  protected override infix(node: Binary, text: string): string {
    if (node.operator === "shiftLeft" || node.operator === "shiftRight")
      throw this.unsupported("bit shifts", "Multiply or divide by a power of two.");
    if (!(node.left instanceof Tuple) || !(node.right instanceof Tuple)) return super.infix(node, text);
    if (node.operator === "ne") return `NOT ${this.rowEquals(node.left, node.right)}`;
    if (node.operator === "eq") return this.rowEquals(node.left, node.right);
    return `(${this.rowComparison(node.operator as "lt", node.left, node.right)})`;
  }

  private rowEquals(left: Tuple, right: Tuple): string {
    const pairs = left.elements.map(
      (element, i) =>
        `${this.operand(element, OPERATORS.eq, "left")} = ${this.operand(right.elements[i] as Node, OPERATORS.eq, "right")}`,
    );
    return `(${pairs.join(" AND ")})`;
  }

  protected override membership(node: Membership): string {
    if (!(node.left instanceof Tuple)) return super.membership(node);
    const { left, right } = node;
    if (!(right instanceof Tuple))
      throw this.unsupported("row values IN a query", "Use EXISTS with one condition for each column.");
    if (right.elements.length === 0) return node.negated ? "1 = 1" : "1 = 0";
    const rows = right.elements.map((row) => this.rowEquals(left, row as Tuple)).join(" OR ");
    return `${node.negated ? "NOT " : ""}(${rows})`;
  }

  /** `[` begins a class of characters here and nowhere else: it is taken literally. */
  protected override like(node: Like): string {
    if (node.escape === "[") return super.like(node);
    const side = (text: string): string => (node.ignoreCase ? `lower(${text})` : text);
    const left = node.ignoreCase ? this.value(node.left) : this.operand(node.left, OPERATORS.like, "left");
    return `${side(left)} ${node.negated ? "NOT LIKE" : "LIKE"} ${side(this.pattern(node.pattern))}${this.escapeClause(node.escape)}`;
  }

  private pattern(pattern: ExpressionNode): string {
    if (pattern instanceof BindParameter)
      return this.bindConverted(pattern, (value) => (typeof value === "string" ? value.replaceAll("[", "[[]") : value));
    return `REPLACE(${this.value(pattern)}, N'[', N'[[]')`;
  }

  protected override escapeClause(escape: string | undefined): string {
    return super.escapeClause(escape).replace("ESCAPE N'", "ESCAPE '");
  }

  /** The mean of integers would be an integer; BIT takes part in no aggregate but count. */
  protected override functionText(node: FunctionCall): string {
    const [argument] = node.args;
    const type = argument && baseType(argument.type as AnyType, this.dialect).name;
    const target =
      node.name === "avg" && INTEGERS.has(type ?? "")
        ? "FLOAT"
        : /^(sum|avg|min|max)$/.test(node.name) && type === "boolean"
          ? "INT"
          : undefined;
    if (argument === undefined || target === undefined) return super.functionText(node);
    return `${node.name}(${node.isDistinct ? "DISTINCT " : ""}CAST(${this.value(argument)} AS ${target}))`;
  }

  /** An instant's date and time of day are those in UTC, whatever the offset that it was stored with. */
  protected override cast(node: Cast): string {
    const source = baseType(node.operand.type as AnyType, this.dialect) as DateTime<unknown>;
    const target = baseType(node.type as AnyType, this.dialect) as DateTime<unknown>;
    const loses = /^(date|time)$/.test(target.name) || (target.name === "dateTime" && !target.timezone);
    if (source.name !== "dateTime" || !source.timezone || !loses)
      return node.safe ? `TRY_${super.cast(new Cast(node.operand, node.type))}` : super.cast(node);
    return `${node.safe ? "TRY_" : ""}CAST(SWITCHOFFSET(${this.value(node.operand)}, 0) AS ${this.dialect.typeName(node.type as AnyType, "cast")})`;
  }

  /** NULL of no type would be an INT, which is not compared with dates or UUIDs. */
  protected override emptySet(type: AnyType | undefined, _width = 1): string {
    const name =
      type === undefined || type.name === "null"
        ? "NVARCHAR(1)"
        : type.name === "numeric"
          ? "INT"
          : this.dialect.typeName(type, "cast");
    return `SELECT CAST(NULL AS ${name}) WHERE 1 = 0`;
  }

  protected override column(node: Column): string {
    const { output } = this;
    return output !== undefined && node.from === output.table
      ? `${output.prefix}.${this.dialect.quote(node.name)}`
      : super.column(node);
  }

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

  // ---- INSERT, UPDATE, DELETE ----------------------------------------------------------------------------------------

  /**
   * A value for an IDENTITY column is taken only while IDENTITY_INSERT is on. The statement is executed by sp_executesql, after
   * which the server itself takes such settings back, also when the INSERT fails.
   */
  protected override insert(node: AnyInsert): string {
    this.inserted = node.query;
    this.inValues = node.query === undefined;
    const text = super.insert(node);
    this.inValues = false;
    const returns = node.returningItems.length > 0;
    if (this.merges(node)) this.after = `;${this.after}`;
    if (givesIdentity(node.table, node.keys)) this.takeIdentity(node.table);
    if (this.rowTemplate !== undefined) this.rowTemplate = this.rowTexts(node, this.rowTemplate, returns);
    return text;
  }

  /**
   * OUTPUT gives rows in no particular order, and VALUES does not say in which order identities are given out. INSERT ...
   * SELECT ... ORDER BY does (https://support.microsoft.com/kb/273586): rows are numbered, selected in the order of their
   * numbers, and the engine sorts what comes back by the generated key.
   */
  private rowTexts(node: AnyInsert, { before, row, after }: RowTexts, returns: boolean): RowTexts | undefined {
    const around = { before: this.before + before, row, after: after + this.after };
    if (!returns) return around;
    if (this.merges(node)) return undefined;
    const columns = new DmlColumns(node.table);
    const defaults = columns.insertDefaults(node.keys);
    // NEXT VALUE FOR cannot stand in a derived table, and what else a default may hold is not known.
    if (defaults.some((entry) => entry.expression !== undefined)) return undefined;
    const names = [...columns.named(node.keys), ...defaults.map((entry) => entry.column)]
      .map((column) => this.dialect.quote(column.name))
      .join(", ");
    return {
      before: `${around.before.slice(0, -"VALUES ".length)}SELECT ${names} FROM (VALUES `,
      row: row.slice(0, -1),
      after: `) AS acme_rows (${names}, acme_row) ORDER BY acme_row${around.after}`,
      numbered: true,
    };
  }

  private takeIdentity(table: FromClause): void {
    const name = this.fromName(table);
    this.before = `SET IDENTITY_INSERT ${name} ON; `;
    this.after = `${this.after === "" ? ";" : this.after} SET IDENTITY_INSERT ${name} OFF`;
  }

  private merges(node: AnyInsert): boolean {
    return node.conflicts.length > 0;
  }

  /**
   * Without HOLDLOCK two sessions could both find no row and insert: https://learn.microsoft.com/sql/t-sql/statements/merge-transact-sql
   */
  protected override upsertTarget(table: FromClause): string {
    return `${this.from(table)} WITH (HOLDLOCK)`;
  }

  /** MERGE ends with a semicolon, or is error 10713. */
  protected override merge(node: AnyMerge): string {
    const text = super.merge(node);
    this.after = ";";
    const inserted = node.whens.flatMap((when) => (when.action === "insert" ? when.keys : []));
    if (givesIdentity(node.table, inserted)) this.takeIdentity(node.table);
    return text;
  }

  /** One branch for new rows; for others two, of which the first has a condition and one deletes while the other updates. */
  protected override checkMerge(node: AnyMerge): void {
    super.checkMerge(node);
    for (const match of ["matched", "notMatched", "notMatchedBySource"] as const) {
      const [first, second, third] = node.whens.filter((when) => when.match === match);
      if (second === undefined) continue;
      if (match === "notMatched") throw this.unsupported("second WHEN NOT MATCHED in MERGE");
      if (third !== undefined || first?.criteria.length === 0 || first?.action === second.action)
        throw this.unsupported(
          "such branches in MERGE: two at most, the first with a condition, one UPDATE and one DELETE",
        );
    }
  }

  protected override versionColumn(node: Column, row: RowVersion): string {
    if (row.version === "proposed") return super.versionColumn(node, row);
    return `${row.version === "old" ? "deleted" : "inserted"}.${this.dialect.quote(node.name)}`;
  }

  /** The table stands in FROM, too: https://learn.microsoft.com/sql/t-sql/queries/update-transact-sql */
  protected override updateText(parts: UpdateParts): string {
    const { node, sources } = parts;
    if (sources.length === 0 && node.table.kind !== "alias") return super.updateText(parts);
    return super.updateText({ ...parts, table: this.fromName(node.table), sources: [node.table, ...sources] });
  }

  /** `DELETE FROM t FROM t, a WHERE b` */
  protected override deleteText(parts: DeleteParts): string {
    const { node, sources, output, where } = parts;
    if (sources.length === 0 && node.table.kind !== "alias") return super.deleteText(parts);
    const from = this.fromClause([node.table, ...sources]);
    return `DELETE FROM ${this.fromName(node.table)}${output} ${from}${where === "" ? "" : ` WHERE ${where}`}`;
  }

  protected override withClause(statement: Node, text: string): string {
    return this.before + super.withClause(statement, text) + this.after;
  }

  protected override insertReturning(_node: AnyInsert, _columns: DmlColumns): string {
    return "";
  }

  protected override insertDefaults(node: AnyInsert, into: string, _returning: string): string {
    return `${into}${this.outputClause(node, new DmlColumns(node.table))} DEFAULT VALUES`;
  }

  protected override returningClause(_items: readonly Node[]): string {
    return "";
  }

  /** ` OUTPUT inserted.id`: what RETURNING is elsewhere. */
  protected override outputClause(node: AnyDml, columns: DmlColumns): string {
    const items = node.kind === "insert" ? this.insertReturningItems(node as AnyInsert, columns) : node.returningItems;
    if (items.length === 0) return "";
    if (hasTriggers(node.table)) return this.withoutOutput(node);
    const inValues = this.inValues;
    this.inValues = false;
    this.output = { table: node.table, prefix: node.kind === "delete" ? "deleted" : "inserted" };
    const expressions = items.flatMap((item) =>
      item instanceof ItemGroup ? item.expressions : [item as ExpressionNode],
    );
    const text = this.whileReading(true, () =>
      expressions.map((item) => this.selectItem(item, { nested: false })).join(", "),
    );
    this.output = undefined;
    this.inValues = inValues;
    return ` OUTPUT ${text}`;
  }

  /** OUTPUT without INTO is refused on tables with triggers: a generated key is asked for in a second statement. */
  private withoutOutput(node: AnyDml): string {
    if (node.returningItems.length > 0) {
      throw this.unsupported("OUTPUT (RETURNING) on tables with triggers", "Select the rows in a second statement.");
    }
    const [key, second] = node.kind === "insert" && this.merges(node as AnyInsert) ? [] : (this.implicitItems ?? []);
    if (key !== undefined && second === undefined && key === (node.table as TargetTable).autoincrementColumn)
      this.after = "; SET NOCOUNT ON; SELECT CAST(SCOPE_IDENTITY() AS BIGINT)";
    else this.implicitItems = undefined;
    return "";
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

/** Whether a statement gives a value for a column that the database numbers. */
function givesIdentity(table: FromClause, keys: readonly string[]): boolean {
  const { autoincrementColumn } = table as TargetTable;
  return table.columns.some(
    (column) =>
      keys.includes(column.key) && (column === autoincrementColumn || factsOf(column).options?.identity !== undefined),
  );
}

function hasTriggers(table: FromClause): boolean {
  return (table as TargetTable).dialectOptions?.mssql?.triggers === true;
}
