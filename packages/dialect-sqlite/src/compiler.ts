import {
  type AnyInsert,
  type AnyType,
  type Binary,
  BindParameter,
  baseType,
  type Cast,
  type Column,
  type DeleteParts,
  type DmlColumns,
  type ExpressionNode,
  type Extract,
  type FunctionCall,
  type JsonSet,
  Membership,
  type Node,
  type Numeric,
  OPERATORS,
  Quantified,
  type RegexpMatch,
  type RegexpReplace,
  SQLCompiler,
  Tuple,
  type Values,
} from "@acme/core/dialect";
import { extractText } from "./extract.js";
import { instantText } from "./functions.js";
import { SqliteJsonb } from "./jsonb.js";
import { readableMoment } from "./stored-moment.js";

/** The longest chain of AND or OR that is written flat: SQLite's parser nests it to the left, and allows a depth of 1,000. */
const FLAT_CHAIN = 100;

/** Types that divide as fractions. */
const FRACTIONAL: ReadonlySet<string> = new Set(["numeric", "float", "double"]);

/** Writes statements for SQLite. */
export class SqliteCompiler extends SQLCompiler {
  private returning = false;

  /** `IS` compares NULL as a value like others. */
  protected override distinctFrom(node: Binary, same: boolean): string {
    return this.infix(node, same ? "IS" : "IS NOT");
  }

  /** A long chain is written as a balanced tree: 100,000 terms are 17 levels deep. */
  protected override chain(terms: readonly string[], word: string): string {
    if (terms.length <= FLAT_CHAIN) return super.chain(terms, word);
    const middle = terms.length >> 1;
    return `(${this.chain(terms.slice(0, middle), word)}) ${word} (${this.chain(terms.slice(middle), word)})`;
  }

  /** The separator of DISTINCT values cannot be said. */
  protected override aggregateStrings(node: FunctionCall): string {
    const [text, separator] = node.args;
    const order = node.order.length > 0 ? ` ORDER BY ${this.orderList(node.order)}` : "";
    if (!node.isDistinct) return `group_concat(${this.argumentList(node)}${order})`;
    if (!(separator instanceof BindParameter) || separator.value !== ",")
      throw this.unsupported('distinct aggregateStrings() with a separator other than ","');
    return `group_concat(DISTINCT ${this.value(text as Node)}${order})`;
  }

  protected override extract(node: Extract): string {
    const moment = readableMoment(node.operand, this.value(node.operand), this.dialect.name);
    if (moment === undefined) throw this.unsupported("EXTRACT from a text of a form of its own");
    return extractText(node, moment);
  }

  /** JSON functions give text, also of a binary document. */
  protected override jsonSet(node: JsonSet): string {
    const text = super.jsonSet(node);
    return node.type.forDialect(this.dialect.name) instanceof SqliteJsonb ? `jsonb(${text})` : text;
  }

  /** The function behind REGEXP is our adapter's: it takes JavaScript's patterns, and `(?i)` in front of them. */
  protected override regexpMatch({ operand, pattern, ignoreCase, flags, negated }: RegexpMatch): string {
    const all = `${ignoreCase ? "i" : ""}${flags}`;
    const text = all === "" ? this.atom(pattern) : `('(?${all})' || ${this.atom(pattern)})`;
    return `${this.atom(operand)} ${negated ? "NOT " : ""}REGEXP ${text}`;
  }

  protected override regexpReplace(_node: RegexpReplace): string {
    throw this.unsupported("regexp_replace", "Replace in JavaScript, or define a function on the connection.");
  }

  /** There is neither ANY nor ALL; two of their uses are IN and NOT IN. */
  protected override binary(node: Binary): string {
    const { left, operator, right } = node;
    if (!(right instanceof Quantified) || !/^(select|compound)$/.test(right.operand.kind)) return super.binary(node);
    if (operator === "eq" && right.quantifier === "any")
      return this.membership(new Membership(left, right.operand, false));
    if (operator === "ne" && right.quantifier === "all")
      return this.membership(new Membership(left, right.operand, true));
    throw this.unsupported("ANY and ALL", "Compare with min() or max() of the query, or use EXISTS.");
  }

  /** Integers divide as integers: a fractional division must not, even where both values happen to be stored as integers. */
  protected override infix(node: Binary, text: string): string {
    if (node.operator !== "div" || !this.isFractional(node) || this.isReal(node.right)) return super.infix(node, text);
    const left = this.operand(node.left, OPERATORS.div, "left");
    return `${left} / (${this.operand(node.right, OPERATORS.add, "left")} + 0.0)`;
  }

  private isFractional(node: ExpressionNode): boolean {
    return FRACTIONAL.has(baseType(node.type as AnyType, this.dialect).name);
  }

  /** A parameter of a fractional type is sent as REAL. */
  private isReal(node: Node): boolean {
    return node instanceof BindParameter && this.isFractional(node) && !node.literal && !this.inlineBinds;
  }

  /** `%` cuts its operands to integers. */
  protected override mod(node: Binary): string {
    if (!this.isFractional(node)) return super.mod(node);
    return `mod(${this.value(node.left)}, ${this.value(node.right)})`;
  }

  /** `CAST(x AS DATE)` would read the text as a number: 2024. The date functions do what is meant. */
  protected override cast(node: Cast): string {
    const operand = this.value(node.operand);
    switch (baseType(node.type as AnyType, this.dialect).name) {
      case "date":
        return `date(${operand})`;
      case "time":
        return `rtrim(rtrim(strftime('%H:%M:%f', ${operand}), '0'), '.')`;
      case "dateTime":
        return instantText(operand);
      case "json":
        return `json(${operand})`;
      case "numeric": {
        const { scale } = baseType(node.type as AnyType, this.dialect) as Numeric<unknown>;
        return scale === undefined ? super.cast(node) : `round(CAST(${operand} AS NUMERIC), ${scale})`;
      }
      default:
        return super.cast(node);
    }
  }

  /** A list of row values is written as VALUES. */
  protected override membership(node: Membership): string {
    const rows = node.right instanceof Tuple ? node.right.elements : [];
    if (!(node.left instanceof Tuple) || rows.length === 0 || !rows.every((row) => row instanceof Tuple))
      return super.membership(node);
    return `${this.process(node.left)} ${node.negated ? "NOT IN" : "IN"} (VALUES ${this.list(rows)})`;
  }

  /** RETURNING knows the table by its bare name, also where it stands in an attached database. */
  protected override returningClause(items: readonly Node[]): string {
    this.returning = true;
    const text = super.returningClause(items);
    this.returning = false;
    return text;
  }

  protected override column(node: Column): string {
    if (!this.returning || this.unqualified || node.from.kind !== "table") return super.column(node);
    return `${this.dialect.quote(node.from.name)}.${this.dialect.quote(node.name)}`;
  }

  /** There is no USING: the rows for which there is a match. */
  protected override deleteText(parts: DeleteParts): string {
    return parts.sources.length === 0 ? super.deleteText(parts) : this.deleteWhereExists(parts);
  }

  /** Without a WHERE, ON CONFLICT behind a query is taken for the ON of a join: https://sqlite.org/lang_upsert.html */
  protected override insertedQuery(node: AnyInsert, text: string): string {
    return node.conflicts.length === 0 ? text : `SELECT * FROM (${text}) WHERE true`;
  }

  protected override conflictConstraint(name: string): string {
    throw this.unsupported(`ON CONFLICT ON CONSTRAINT (${name})`, "Name the columns with target.");
  }

  /** OFFSET needs a LIMIT in front; -1 is none. */
  protected override limitClause(node: Parameters<SQLCompiler["limitClause"]>[0]): string {
    const text = super.limitClause(node);
    return node.limitTo === undefined && node.offsetBy !== undefined ? `LIMIT -1 ${text}` : text;
  }

  /** The columns of VALUES have names that no manual promises: a query without rows names them. */
  protected override values(node: Values): string {
    const text = node.cells.length === 0 ? this.noValues(node) : this.valuesBehindNames(node);
    return `(${text}) AS ${this.itemName(node)}`;
  }

  /** The driver tells the rowid; a key that the database makes otherwise is asked for by RETURNING. */
  protected override insertReturningItems(node: AnyInsert, columns: DmlColumns): readonly Node[] {
    const items = super.insertReturningItems(node, columns);
    if (items.length > 0 || !node.isSingle) return items;
    const made = columns.primaryKey.filter((column) => hasServerDefault(column) && !node.keys.includes(column.key));
    if (made.length === 0) return items;
    this.implicitItems = columns.primaryKey;
    return columns.primaryKey;
  }
}

function hasServerDefault(column: DmlColumns["primaryKey"][number]): boolean {
  return (
    (column.facts as { readonly options?: { readonly serverDefault?: unknown } }).options?.serverDefault !== undefined
  );
}
