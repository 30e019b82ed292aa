import {
  type AnyType,
  type Binary,
  BindParameter,
  baseType,
  Cast,
  type Column,
  type DateTime,
  type ExpressionNode,
  type Extract,
  type FromClause,
  type FunctionCall,
  type Like,
  type Match,
  type Membership,
  type Node,
  type Numeric,
  OPERATORS,
  type Reading,
  type RegexpMatch,
  type RegexpReplace,
  SQLCompiler,
  Tuple,
  text,
} from "@acme/core/dialect";
import { extractText } from "./extract.js";

/** Value types that `+` takes as text. */
const TEXTS = new Set(["string", "text", "enumeration", "json"]);
const LONG_TEXT = text();
const INTEGERS = new Set(["integer", "smallInteger", "bigInteger"]);

const REGEXP_REMEDY = "Use like(), or SQL Server 2025: mssql({ version: 17 }).";

/** Expressions of Microsoft SQL Server. */
export abstract class MssqlExpressionCompiler extends SQLCompiler {
  /** Parameters stand in VALUES, where each column has one type. */
  protected inValues = false;
  /** In OUTPUT, columns of the table are those of a pseudo-table. */
  protected output: { readonly table: FromClause; readonly row: "inserted" | "deleted" | "either" } | undefined =
    undefined;

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

  /**
   * The result has the type of the texts, which would end at 4,000 characters:
   * https://learn.microsoft.com/sql/t-sql/functions/string-agg-transact-sql
   */
  protected override aggregateStrings(node: FunctionCall): string {
    if (node.isDistinct)
      throw this.unsupported("distinct aggregateStrings()", "Select the distinct values in a subquery.");
    const [first, ...others] = node.args as readonly [ExpressionNode, ...ExpressionNode[]];
    const long = new Cast(first, LONG_TEXT) as unknown as ExpressionNode;
    return this.aggregateWithinGroup("STRING_AGG", node.copyWith({ args: [long, ...others] }) as FunctionCall);
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
    if (output === undefined || node.from !== output.table) return super.column(node);
    const name = this.dialect.quote(node.name);
    return output.row === "either"
      ? `CASE WHEN $action = N'DELETE' THEN deleted.${name} ELSE inserted.${name} END`
      : `${output.row}.${name}`;
  }
}
