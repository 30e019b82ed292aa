import {
  type AnyDelete,
  type AnyInsert,
  type AnyMerge,
  type AnyType,
  type AnyUpdate,
  type Between,
  Binary,
  BindParameter,
  baseType,
  type Cast,
  Column,
  type CompoundSelect,
  type Cte,
  columnOf,
  type DateTime,
  type DeleteParts,
  type Dialect,
  DmlColumns,
  type ExpressionNode,
  type Extract,
  type FromClause,
  type FunctionCall,
  GroupingElement,
  ItemGroup,
  iterate,
  Label,
  type Match,
  type Membership,
  type MergeWhen,
  type NextValue,
  type Node,
  OPERATORS,
  type Operator,
  Order,
  type Reading,
  ResultName,
  type RowLock,
  RowVersion,
  type SelectNode,
  type SourceText,
  SQLCompiler,
  type TableFunction,
  type TableSample,
  type Text,
  Tuple,
  type Unary,
  type UpdateParts,
  type Upsert,
  type Values,
  ValueType,
  Written,
} from "@acme/core/dialect";
import { OutBind } from "./driver-values.js";
import { extractText } from "./extract.js";
import { oracleTypeOf } from "./native/oracle-type.js";
import type { RowidColumn } from "./native/rowid.js";
import { National } from "./native/texts.js";
import { DATE_FORMAT, isClob, isRaw, ORACLE, TIMESTAMP_FORMAT } from "./types.js";

type AnyQuery = SelectNode | CompoundSelect<readonly unknown[], string, unknown>;

/** Value types that are text to Oracle. */
const TEXTS = new Set(["string", "text", "enumeration", "uuid", "time"]);
/** Since this release LISTAGG needs no order. */
const OPTIONAL_ORDER = 19;
/** The longest RAW with extended string sizes. */
const MAX_RAW_BIND = 32_767;
const COMPARISONS = new Set(["eq", "ne", "lt", "le", "gt", "ge"]);

/** What a query groups by that has parameters. */
interface GroupedBy {
  /** The name of each expression. */
  readonly names: ReadonlyMap<Node, string>;
  /** The inline view in FROM that they stand in. */
  readonly view: string;
}

/** The value type of an OUT bind: the value goes to the driver as it is. */
class OutType extends ValueType<unknown> {
  readonly name = "oracleOut";
}
const OUT_TYPE = new OutType();

/** Writes statements for Oracle Database. */
export class OracleCompiler extends SQLCompiler {
  private readonly version: number;
  /** Oracle 23ai: truth values, SELECT without FROM, `VALUES (..), (..)`. */
  private readonly modern: boolean;
  /** WITH cannot stand in front of the statement: it goes into the outermost subqueries. */
  private withInside = false;
  private depth = 0;
  /** What the query being written groups by that has parameters, and by which name it speaks of each. */
  private groupedBy: GroupedBy | undefined = undefined;

  constructor(dialect: Dialect, version: number) {
    super(dialect);
    this.version = version;
    this.modern = version >= 23;
  }

  // ---- values on their way in and out -------------------------------------------------------------------------------

  /** Dates, times and decimals are bound as text with the format said, whatever the session's NLS settings. */
  protected override renderBind(placeholder: string, type: AnyType): string {
    const base = baseType(type, this.dialect);
    switch (base.name) {
      case "date":
        return `TO_DATE(${placeholder}, '${DATE_FORMAT}')`;
      case "dateTime": {
        const wall = `TO_TIMESTAMP(${placeholder}, '${TIMESTAMP_FORMAT}')`;
        return (base as DateTime<unknown>).timezone ? `FROM_TZ(${wall}, '+00:00')` : wall;
      }
      case "interval":
        return `TO_DSINTERVAL(${placeholder})`;
      case "numeric":
        return `TO_NUMBER(${placeholder})`;
      default:
        return placeholder;
    }
  }

  /**
   * The driver makes `Date`s in the time zone of the Node process, without microseconds and with gaps at the change to summer
   * time: dates and times are fetched as text.
   */
  protected override driverReading(type: AnyType): Reading | undefined {
    const base = baseType(type, this.dialect);
    if (base.name === "date") return (text) => `TO_CHAR(${text}, '${DATE_FORMAT}')`;
    if (base.name === "interval") return (text) => `TO_CHAR(${text})`;
    if (base.name !== "dateTime") return undefined;
    const { precision, timezone } = base as DateTime<unknown>;
    const format = precision === 0 ? "YYYY-MM-DD HH24:MI:SS" : `YYYY-MM-DD HH24:MI:SS.FF${precision}`;
    return (text) => `TO_CHAR(${timezone ? `SYS_EXTRACT_UTC(${text})` : text}, '${format}')`;
  }

  /** `RETURNING a, b INTO :1, :2`: each item goes into a parameter that the database fills. */
  protected override returningClause(items: readonly Node[]): string {
    const expressions = items.flatMap((item) =>
      item instanceof ItemGroup ? item.expressions : [item as ExpressionNode],
    );
    const texts = expressions.map((item) => this.returnedItem(item));
    const binds = expressions.map((item) =>
      this.bind(new BindParameter(outBind(item.type as AnyType, this.modern), OUT_TYPE, "ret")),
    );
    return ` RETURNING ${texts.join(", ")} INTO ${binds.join(", ")}`;
  }

  private returnedItem(item: ExpressionNode): string {
    const operand = item instanceof Label ? item.operand : item;
    if (operand instanceof Column && operand.from instanceof RowVersion && this.modern) {
      const { element, version } = operand.from;
      return `${version.toUpperCase()} ${this.returnedItem(columnOf(element, operand.key))}`;
    }
    const text = this.reading(item)?.() ?? this.value(item);
    const { name } = baseType(item.type as AnyType, this.dialect);
    if (name === "bigInteger") return `TO_CHAR(${text})`;
    if (name === "numeric") return `TO_CHAR(${text}, 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,''')`;
    return text;
  }

  // ---- expressions ------------------------------------------------------------------------------------------------

  protected override mod(node: Binary): string {
    return `MOD(${this.value(node.left)}, ${this.value(node.right)})`;
  }

  /** MOD is a function here. */
  protected override needsParentheses(node: Node, parent: Operator, side: "left" | "right"): boolean {
    return node instanceof Binary && node.operator === "mod" ? false : super.needsParentheses(node, parent, side);
  }

  /** DECODE takes two NULLs for equal. */
  protected override distinctFrom(node: Binary, same: boolean): string {
    this.checkComparable([node.left, node.right]);
    return `DECODE(${this.value(node.left)}, ${this.value(node.right)}, 0, 1) = ${same ? 0 : 1}`;
  }

  /** LOBs have no comparison operators. */
  protected override infix(node: Binary, text: string): string {
    if (COMPARISONS.has(node.operator)) this.checkComparable([node.left, node.right]);
    if (node.operator === "shiftLeft" || node.operator === "shiftRight")
      throw this.unsupported("bit shifts", "Multiply or divide by a power of two.");
    if (node.left instanceof Tuple && node.right instanceof Tuple)
      return `(${this.rowComparison(node.operator as "lt", node.left, node.right)})`;
    const lob = COMPARISONS.has(node.operator)
      ? [node.left, node.right].find((side) => !(side instanceof BindParameter) && isLob(side))
      : undefined;
    if (lob === undefined) return super.infix(node, text);
    const clob = oracleTypeOf(lob.type as AnyType)?.sqlName === "NCLOB" ? "TO_NCLOB" : "TO_CLOB";
    const make = isClob(lob.type as AnyType) ? clob : "TO_BLOB";
    const side = (operand: ExpressionNode): string =>
      operand instanceof Column && isLob(operand) ? this.value(operand) : `${make}(${this.value(operand)})`;
    return `DBMS_LOB.COMPARE(${side(node.left)}, ${side(node.right)}) ${OPERATORS[node.operator].sql} 0`;
  }

  private checkComparable(sides: readonly Node[]): void {
    const type = sides
      .map((side) => oracleTypeOf((side as ExpressionNode).type as AnyType))
      .find((own) => own?.facts.comparable === false);
    if (type !== undefined)
      throw this.unsupported(
        `comparison of ${type}`,
        "Compare what is in it: a path of the document, a distance, a part.",
      );
  }

  protected override membership(node: Membership): string {
    this.checkComparable([node.left]);
    return super.membership(node);
  }

  protected override between(node: Between): string {
    this.checkComparable([node.operand]);
    return super.between(node);
  }

  /** The pseudocolumn of a FROM item. */
  rowid(node: RowidColumn): string {
    return this.unqualified ? "ROWID" : `${this.fromName(node.from)}.ROWID`;
  }

  /** Dates and times become text in the form in which they are read, whatever the session's NLS settings. */
  protected override concat(node: Binary): string {
    const side = (operand: ExpressionNode, which: "left" | "right"): string =>
      this.driverReading(operand.type as AnyType)?.(this.value(operand)) ??
      this.operand(operand, OPERATORS.concat, which);
    return `${side(node.left, "left")} || ${side(node.right, "right")}`;
  }

  protected override aggregateStrings(node: FunctionCall): string {
    const text = this.aggregateWithinGroup("LISTAGG", node);
    return node.order.length > 0 || this.version >= OPTIONAL_ORDER ? text : `${text} WITHIN GROUP (ORDER BY NULL)`;
  }

  /** The most frequent value is an aggregate of its own. */
  protected override withinGroup(node: FunctionCall): string {
    if (node.name !== "mode") return super.withinGroup(node);
    const [element] = node.within;
    return `STATS_MODE(${this.value(element instanceof Order ? element.operand : (element as Node))})`;
  }

  protected override extract(node: Extract): string {
    return extractText(node, this.value(node.operand));
  }

  protected override unary(node: Unary): string {
    return node.operator === "bitNot" ? `(-1 - ${this.atom(node.operand)})` : super.unary(node);
  }

  protected override nextValue(node: NextValue): string {
    return `${this.sequenceName(node)}.NEXTVAL`;
  }

  protected override match(node: Match): string {
    return `CONTAINS(${this.value(node.operand)}, ${this.value(node.query)}) ${node.negated ? "= 0" : "> 0"}`;
  }

  protected override cast(node: Cast): string {
    if (node.safe) return this.safeCast(node);
    const target = baseType(node.type as AnyType, this.dialect).name;
    const source = baseType(node.operand.type as AnyType, this.dialect).name;
    const text = this.value(node.operand);
    const own = oracleTypeOf(node.type as AnyType);
    if (own?.facts.comparable === false)
      return this.value(own.bindExpression(new Written(text, own), this.dialect) ?? new Written(text, own));
    if (own?.sqlName === "NCLOB") return `TO_NCLOB(${text})`;
    if (isClob(node.type as AnyType)) return `TO_CLOB(${text})`;
    if (target === "largeBinary" && !isRaw(node.type as AnyType)) {
      return `TO_BLOB(${TEXTS.has(source) ? `UTL_RAW.CAST_TO_RAW(${text})` : text})`;
    }
    if (target === "date") {
      if (TEXTS.has(source)) return `TO_DATE(${text}, '${DATE_FORMAT}')`;
      return `TRUNC(CAST(${isInstant(node.operand) ? `SYS_EXTRACT_UTC(${text})` : text} AS DATE))`;
    }
    return super.cast(node);
  }

  /** Oracle Database 12.2; not for LOBs. */
  private safeCast(node: Cast): string {
    if (isLob(node)) throw this.unsupported("safe cast to a LOB");
    const type = this.dialect.typeName(node.type as AnyType, "cast");
    return `CAST(${this.value(node.operand)} AS ${type} DEFAULT NULL ON CONVERSION ERROR)`;
  }

  protected override emptySet(_type: AnyType | undefined, width = 1): string {
    return `SELECT ${new Array<string>(width).fill("NULL").join(", ")} FROM DUAL WHERE 1 = 0`;
  }

  // ---- queries ----------------------------------------------------------------------------------------------------

  /** There is no AS in front of a table's alias. */
  protected override aliasKeyword(): string {
    return " ";
  }

  protected override fromClause(froms: readonly FromClause[]): string {
    const text = froms.length === 0 && !this.modern ? "FROM DUAL" : super.fromClause(froms);
    if (this.groupedBy === undefined) return text;
    return text === "" ? `FROM ${this.groupedBy.view}` : `${text}, ${this.groupedBy.view}`;
  }

  /**
   * An expression with parameters has other placeholders each time it is written, so that the database does not see that the one
   * in SELECT is the one in GROUP BY (ORA-00979). It is written once, in a LATERAL inline view, and spoken of by name.
   * The same node is meant, not one that looks alike: values are not known here.
   */
  private groupedByOf({ groups, resultItems }: SelectNode): GroupedBy | undefined {
    const names = new Map<Node, string>();
    const items: string[] = [];
    let view = "";
    for (const group of groups.flatMap((each): readonly Node[] =>
      each instanceof GroupingElement ? each.elements : [each],
    )) {
      const element: Node | undefined =
        group instanceof ResultName ? resultItems.find((item) => item.resultName === group.name) : group;
      const operand = element instanceof Label ? element.operand : element;
      if (operand === undefined || names.has(operand)) continue;
      const text = this.value(operand);
      if (!this.hasParameters(text)) continue;
      if (view === "") view = this.uniqueName("grouping");
      names.set(operand, `${view}.item_${names.size + 1}`);
      items.push(`${text} AS item_${names.size}`);
    }
    return view === "" ? undefined : { names, view: `LATERAL (SELECT ${items.join(", ")} FROM DUAL) ${view}` };
  }

  override value(node: Node): string {
    return this.groupedBy?.names.get(node) ?? super.value(node);
  }

  override predicate(node: Node): string {
    const name = this.groupedBy?.names.get(node);
    if (name === undefined) return super.predicate(node);
    return this.modern ? name : `${name} = 1`;
  }

  protected override setOperator(op: Parameters<SQLCompiler["setOperator"]>[0]): string {
    if (op === "exceptAll") return "MINUS ALL";
    return op === "except" ? "MINUS" : super.setOperator(op);
  }

  /** A set operation within a set operation stands in parentheses; one with an order or a limit is wrapped. */
  protected override compoundMember(query: Node, position: number): string {
    const inner = query as AnyQuery;
    const plain = inner.kind === "compound" && inner.order.length === 0 && !inner.limitTo && !inner.offsetBy;
    return plain ? `(${this.query(inner, { nested: true })})` : super.compoundMember(query, position);
  }

  protected override cte(node: Cte): string {
    if (node.step !== undefined && !node.stepAll) {
      throw this.unsupported("UNION in a recursive CTE", "Use unionAll(), and a condition that ends the recursion.");
    }
    return super.cte(node);
  }

  protected override limitClause(node: Parameters<SQLCompiler["limitClause"]>[0]): string {
    return this.fetchClause(node);
  }

  protected override selectText(
    node: SelectNode,
    froms: readonly FromClause[],
    context: { readonly nested: boolean },
  ): string {
    if (node.modifiers?.lock !== undefined) {
      if (node.limitTo || node.offsetBy)
        throw this.unsupported("row limit together with FOR UPDATE", "Select the keys first, then lock these rows.");
      if (node.isDistinct || node.groups.length > 0)
        throw this.unsupported("DISTINCT or GROUP BY together with FOR UPDATE");
    }
    const outside = this.groupedBy;
    this.groupedBy = undefined;
    this.groupedBy = this.groupedByOf(node);
    const text = super.selectText(node, froms, context);
    this.groupedBy = outside;
    return text;
  }

  protected override lockClause(lock: RowLock): string {
    if (lock.strength === "share")
      throw this.unsupported("shared row locks (FOR SHARE)", "Use forUpdate() without { share: true }.");
    return super.lockClause(lock);
  }

  /** OF names a column, whose table's rows are locked. */
  protected override lockTarget(from: FromClause): string {
    const column = from.columns.find(({ primaryKey }) => primaryKey) ?? from.columns[0];
    return column === undefined ? super.lockTarget(from) : this.process(column);
  }

  /** Before 23ai there is no VALUES in FROM; nor is there one that stands alone. */
  protected override values(node: Values): string {
    if (this.modern && node.cells.length > 0) return super.values(node);
    return `(${this.valuesQuery(node)}) ${this.itemName(node)}`;
  }

  protected override valuesQuery(node: Values): string {
    return node.cells.length === 0 ? this.noValues(node) : this.valuesAsSelects(node);
  }

  protected override dualClause(): string {
    return " FROM DUAL";
  }

  /** `TABLE(f(x)) t` */
  protected override tableCall(node: TableFunction): string {
    return `TABLE(${super.tableCall(node)})`;
  }

  /** `t SAMPLE BLOCK (10) SEED (5) s` */
  protected override tableSample(node: TableSample): string {
    const method = node.method === "system" ? "SAMPLE BLOCK" : "SAMPLE";
    const seed = node.seed === undefined ? "" : ` SEED (${node.seed})`;
    return `${this.from(node.element)} ${method} (${node.percent})${seed} ${this.itemName(node)}`;
  }

  // ---- INSERT, UPDATE, DELETE ----------------------------------------------------------------------------------------

  protected override insert(node: AnyInsert): string {
    if (node.query && node.returningItems.length > 0) throw this.unsupported("INSERT ... SELECT with RETURNING");
    const text = this.withWithInside(node.query === undefined, () => super.insert(node));
    // Many rows are many executions of the text for one.
    this.rowTemplate = undefined;
    return text;
  }

  protected override update(node: AnyUpdate): string {
    return this.withWithInside(true, () => super.update(node));
  }

  protected override delete(node: AnyDelete): string {
    return this.withWithInside(true, () => super.delete(node));
  }

  /** Direct joins: 23ai. Before it a subquery gives the values, which is an error where it gives several rows. */
  protected override updateText(parts: UpdateParts): string {
    const { table, sets, sources, where } = parts;
    if (this.modern || sources.length === 0) return this.withoutWith(super.updateText(parts));
    const names = this.names(sets.map(({ column }) => column));
    const rest = `${this.fromClause(sources)}${where === "" ? "" : ` WHERE ${where}`}`;
    const values = sets.map(({ value }) => value).join(", ");
    const ctes = this.takeWith();
    return `UPDATE ${table} SET (${names}) = (${ctes}SELECT ${values} ${rest}) WHERE EXISTS (${ctes}SELECT 1 ${rest})`;
  }

  /** `DELETE FROM t FROM a WHERE b`: 23ai. */
  protected override deleteText(parts: DeleteParts): string {
    const { table, sources, where } = parts;
    if (sources.length === 0) return super.deleteText(parts);
    const rest = `${this.fromClause(sources)}${where === "" ? "" : ` WHERE ${where}`}`;
    if (this.modern) return this.withoutWith(`DELETE FROM ${table} ${rest}`);
    return `DELETE FROM ${table} WHERE EXISTS (${this.takeWith()}SELECT 1 ${rest})`;
  }

  protected override merge(node: AnyMerge): string {
    return this.withoutWith(super.merge(node));
  }

  /** WITH stands in queries only. */
  private withoutWith(text: string): string {
    if (this.takeWith() === "") return text;
    throw this.unsupported("WITH in front of UPDATE, DELETE and MERGE", "Use subquery() in place of cte().");
  }

  /** One branch for rows that match, one for others: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/MERGE.html */
  protected override checkMerge(node: AnyMerge): void {
    super.checkMerge(node);
    for (const match of ["matched", "notMatched"] as const) {
      if (node.whens.filter((when) => when.match === match).length > 1)
        throw this.unsupported(`second WHEN ${match === "matched" ? "" : "NOT "}MATCHED in MERGE`);
    }
    for (const { action, keys } of node.whens) {
      if (action === "delete")
        throw this.unsupported(
          "DELETE of matching rows in MERGE that are not updated",
          "Delete them in a statement of its own.",
        );
      if (action === "update") this.checkMergeKeys(node.table, keys, [node.on]);
    }
  }

  /** ORA-38104: columns of ON cannot be updated. */
  private checkMergeKeys(table: FromClause, keys: readonly string[], conditions: readonly Node[]): void {
    for (const condition of conditions) {
      for (const part of iterate(condition)) {
        if (part instanceof Column && part.from.shape === table.shape && keys.includes(part.key))
          throw this.unsupported(`update of "${part.key}" in a MERGE whose rows are matched by it`);
      }
    }
  }

  protected override mergeCondition(conditions: readonly ExpressionNode[]): string {
    return `(${super.mergeCondition(conditions)})`;
  }

  /** The condition of a branch stands behind its action. */
  protected override mergeWhen(when: MergeWhen, columns: DmlColumns): string {
    const where = when.criteria.length > 0 ? ` WHERE ${this.conjunction(when.criteria)}` : "";
    const words = when.match === "matched" ? "WHEN MATCHED" : "WHEN NOT MATCHED";
    return `${words} THEN ${this.mergeAction(when, columns)}${where}`;
  }

  protected override mergeUpsert(node: AnyInsert, columns: DmlColumns): string {
    return this.withoutWith(super.mergeUpsert(node, columns));
  }

  protected override upsertUpdate(upsert: Upsert, columns: DmlColumns): string {
    const key = upsert.keys.find((name) => upsert.by.includes(name));
    if (key !== undefined) throw this.unsupported(`update of "${key}" in a MERGE whose rows are matched by it`);
    const where = upsert.criteria.length > 0 ? ` WHERE ${this.conjunction(upsert.criteria)}` : "";
    return `${super.upsertUpdate(upsert.copyWith({ criteria: [] }), columns)}${where}`;
  }

  /** Rows are queries of DUAL: VALUES in FROM came with 23ai. */
  protected override rowSource(names: readonly Column[]): SourceText {
    const row = (cells: readonly string[]): string =>
      `SELECT ${cells.map((cell, i) => `${cell} AS ${this.dialect.quote(names[i]?.name ?? "")}`).join(", ")} FROM DUAL`;
    return { open: "(", row, between: " UNION ALL ", close: ") excluded" };
  }

  /** Only a common table expression can name its columns. */
  protected override querySource(text: string, names: readonly Column[]): string {
    const list = this.names(names);
    return `(WITH source (${list}) AS (${text}) SELECT ${list} FROM source) excluded`;
  }

  /** `OLD a`, `NEW a`: the word stands in front of a whole expression of RETURNING. */
  protected override versionColumn(node: Column, row: RowVersion): string {
    if (row.version === "proposed") return super.versionColumn(node, row);
    if (!this.modern) throw this.unsupported(`${row.version} rows in RETURNING`);
    throw this.unsupported(`${row.version} rows within other expressions in RETURNING`);
  }

  private withWithInside(inside: boolean, write: () => string): string {
    this.withInside = inside;
    const text = write();
    this.withInside = false;
    return text;
  }

  /**
   * A query in an expression is not sorted unless it is cut off: ORDER BY is a syntax error there. WITH cannot stand in front of
   * INSERT ... VALUES, UPDATE and DELETE: the outermost subqueries take it.
   */
  protected override subselect(query: Node): string {
    const { limitTo, offsetBy, order } = query as Node & Partial<Pick<AnyQuery, "limitTo" | "offsetBy" | "order">>;
    const unsorted = (order?.length ?? 0) > 0 && !limitTo && !offsetBy ? query.copyWith({ order: [] }) : query;
    this.depth += 1;
    const text = super.subselect(unsorted);
    this.depth -= 1;
    return this.withInside && this.depth === 0 ? this.takeWith() + text : text;
  }

  protected override multiRowValues(): boolean {
    return this.modern;
  }

  /** There is no DEFAULT VALUES: one column is given its default by name. */
  protected override insertDefaults(node: AnyInsert, into: string, returning: string): string {
    const [key] = new DmlColumns(node.table).primaryKey;
    const column = key ?? node.table.columns[0];
    if (column === undefined) throw this.unsupported("INSERT into a table without columns");
    return `${into} (${this.dialect.quote(column.name)}) VALUES (DEFAULT)${returning}`;
  }
}

/** Whether values of an expression are LOBs. */
function isLob({ type }: ExpressionNode): boolean {
  return (
    isClob(type as AnyType) || (baseType(type as AnyType, ORACLE).name === "largeBinary" && !isRaw(type as AnyType))
  );
}

function isInstant({ type }: ExpressionNode): boolean {
  const base = baseType(type as AnyType, ORACLE);
  return base.name === "dateTime" && (base as DateTime<unknown>).timezone;
}

/** How a returned value of a type travels. */
function outBind(type: AnyType, booleans: boolean): OutBind {
  const base = baseType(type, ORACLE);
  const own = oracleTypeOf(type);
  if (own instanceof National) return own.sqlName === "NCLOB" ? new OutBind("nclob", 0) : new OutBind("ntext", 8000);
  if (own?.sqlName.startsWith("RAW(")) return new OutBind("raw", MAX_RAW_BIND);
  switch (base.name) {
    case "integer":
    case "smallInteger":
      return new OutBind("number", 22);
    case "float":
    case "double":
      return new OutBind("double", 8);
    case "boolean":
      return new OutBind(booleans ? "boolean" : "number", 22);
    case "text":
    case "json":
      return new OutBind("clob", 0);
    case "largeBinary":
      return isRaw(type) ? new OutBind("raw", 2000) : new OutBind("blob", 0);
    case "string":
      return new OutBind("text", Math.min(32_767, Math.max(4000, ((base as Text).length ?? 0) * 4)));
    default:
      return new OutBind("text", 4000);
  }
}
