import {
  type AnyInsert,
  type AnyMerge,
  type AnyType,
  type AnyUpdate,
  BindParameter,
  baseType,
  type Column,
  CustomOperator,
  type Dialect,
  DmlColumns,
  type ExpressionNode,
  type Extract,
  type FromClause,
  FunctionCall,
  type MadeValue,
  type Match,
  type Membership,
  type NextValue,
  type Node,
  type RegexpMatch,
  type RegexpReplace,
  SQLCompiler,
  Tuple,
} from "@acme/core/dialect";
import { inferredBelow, infersFrom } from "./bind-casts.js";
import { extractText } from "./extract.js";
import { castName, POSTGRESQL } from "./types.js";

const NONE: ReadonlySet<Node> = new Set();

/** Writes statements for PostgreSQL: standard SQL, with casts on parameters whose type the server could not see. */
export class PostgresCompiler extends SQLCompiler {
  /** The parameters directly below the node being written that need no cast; see `bind-casts.ts`. */
  private inferred: ReadonlySet<Node> = NONE;
  private casting = false;

  private withInferred(inferred: readonly Node[] | ReadonlySet<Node>, write: () => string): string {
    const outside = this.inferred;
    this.inferred = inferred instanceof Set ? inferred : new Set(inferred as readonly Node[]);
    const text = write();
    this.inferred = outside;
    return text;
  }

  override process(node: Node): string {
    // A row value's elements are compared one by one: what is known of them was said by the comparison.
    if (node.kind === "bind" || node.kind === "tuple") return super.process(node);
    const inferred = inferredBelow(node);
    return this.withInferred(inferred.length === 0 ? NONE : inferred, () => super.process(node));
  }

  protected override bind(node: BindParameter): string {
    const outside = this.casting;
    this.casting = !this.inferred.has(node);
    const text = super.bind(node);
    this.casting = outside;
    return text;
  }

  /** Quoted literals of other types than text say their type where nothing beside them does. */
  protected override renderLiteral(text: string, type: AnyType): string {
    return this.casting && isQuoted(type) ? `${text}::${castName(type, this.dialect)}` : text;
  }

  protected override renderBind(placeholder: string, type: AnyType): string {
    const name = this.casting ? castName(type, this.dialect) : undefined;
    return name === undefined ? placeholder : `${placeholder}::${name}`;
  }

  /** Inside of what a type puts around a value nothing beside the placeholder tells its type. */
  protected override renderWrappedBind(placeholder: string, type: AnyType): string {
    const outside = this.casting;
    this.casting = true;
    const text = this.renderBind(placeholder, type);
    this.casting = outside;
    return text;
  }

  protected override emptySet(type: AnyType | undefined): string {
    return emptyRow([type], this.dialect);
  }

  protected override membership(node: Membership): string {
    const { left, right, negated } = node;
    if (!(left instanceof Tuple && right instanceof Tuple) || right.elements.length > 0) return super.membership(node);
    const types = left.elements.map((element) => element.type as AnyType);
    return `${this.process(left)} ${negated ? "NOT IN" : "IN"} (${emptyRow(types, this.dialect)})`;
  }

  protected override extract(node: Extract): string {
    return extractText(node, this.atom(node.operand), (operand) => this.extractFrom(node, operand));
  }

  /** `~`, `~*`; other flags stand in front of the pattern, as PostgreSQL's regular expressions take them. */
  protected override regexpMatch({ operand, pattern, ignoreCase, flags, negated }: RegexpMatch): string {
    const sign = `${negated ? "!" : ""}~${ignoreCase ? "*" : ""}`;
    const embedded = flags === "" ? "" : `'(?${flags})' || `;
    const right = this.atom(pattern);
    return `${this.atom(operand)} ${sign} ${embedded === "" ? right : `(${embedded}${right})`}`;
  }

  protected override regexpReplace({ operand, pattern, replacement, ignoreCase, flags }: RegexpReplace): string {
    const args = [operand, pattern, replacement].map((arg) => this.value(arg));
    return `regexp_replace(${args.join(", ")}, 'g${ignoreCase ? "i" : ""}${flags}')`;
  }

  protected override nextValue({ schema, sequence }: NextValue): string {
    if (this.translatesSchemas)
      throw this.unsupported("nextval() where schemas are chosen at execution", "Set the search_path instead.");
    const name = [schema, sequence].filter((part) => part !== undefined).map((part) => this.dialect.quote(part));
    return `nextval(${this.dialect.quoteString(name.join("."))})`;
  }

  protected override match(node: Match): string {
    return this.matchText(node, (left, right) => `${left} @@ plainto_tsquery(${right})`);
  }

  protected override collationSchema(schema: string): string {
    return `${this.dialect.quote(schema)}.`;
  }

  /** Names of collations have capital letters and hyphens: `"de-x-icu"`. */
  protected override collationName(name: string): string {
    return this.dialect.quoteAlways(name);
  }

  /** Known functions that PostgreSQL does not have for all types of arguments. */
  protected override functionText(node: FunctionCall): string {
    const [value, digits] = node.args;
    if (value === undefined) return super.functionText(node);
    const type = baseType(value.type as AnyType, this.dialect).name;
    if (node.name === "greatest" || node.name === "least") return this.extreme(node);
    if (node.name === "round" && digits !== undefined && (type === "float" || type === "double")) {
      return `round(CAST(${this.value(value)} AS NUMERIC), ${this.value(digits)})`;
    }
    if (type === "boolean" && (node.name === "max" || node.name === "min")) {
      return super.functionText(
        new FunctionCall(node.name === "max" ? "bool_or" : "bool_and", node.args, node.type, node.isDistinct),
      );
    }
    return super.functionText(node);
  }

  /** GREATEST leaves NULLs out; as with all functions, NULL beside a value gives NULL. */
  private extreme(node: FunctionCall): string {
    const open = node.args.filter((arg) => !(arg instanceof BindParameter) || arg.required || arg.value === null);
    const call = `${node.name}(${this.list(node.args)})`;
    if (open.length === 0) return call;
    for (const arg of open) this.repeated(arg, node.name);
    return `CASE WHEN ${open.map((arg) => `${this.atom(arg)} IS NOT NULL`).join(" AND ")} THEN ${call} END`;
  }

  protected override limitClause(node: Parameters<SQLCompiler["limitClause"]>[0]): string {
    const bounds = [node.limitTo, node.offsetBy].filter((bound) => bound !== undefined);
    return this.withInferred(bounds, () => super.limitClause(node));
  }

  protected override insert(node: AnyInsert): string {
    const inferred = [node, ...node.conflicts].flatMap(({ keys, cells }) => inferredCells(node.table, keys, cells));
    return this.withInferred(inferred, () => super.insert(node));
  }

  protected override update(node: AnyUpdate): string {
    const parts = node.partValues.filter((value, i) => infersFrom(value, (node.parts[i] as Typed).type));
    return this.withInferred([...inferredCells(node.table, node.keys, node.cells), ...parts], () => super.update(node));
  }

  /** `attributes['a']`: hstore takes a key as a subscript, as an array its index. */
  protected override partTarget(part: ExpressionNode): string {
    if (!(part instanceof CustomOperator) || part.symbol !== "->" || part.left?.kind !== "column" || !part.right)
      return super.partTarget(part);
    return `${this.dialect.quote((part.left as Column).name)}[${this.value(part.right)}]`;
  }

  protected override merge(node: AnyMerge): string {
    const inferred = node.whens.flatMap(({ keys, cells }) => inferredCells(node.table, keys, cells));
    return this.withInferred(inferred, () => super.merge(node));
  }

  /** Among the columns of a query nothing gives a parameter its type. */
  protected override madeValue(node: MadeValue): string {
    const outside = this.casting;
    this.casting = true;
    const text = super.madeValue(node);
    this.casting = outside;
    return text;
  }
}

type Typed = Node & { readonly type: AnyType };

/** The parameters among values of columns, row after row, that get their types from the columns. */
function inferredCells(table: FromClause, keys: readonly string[], cells: readonly Node[]): readonly Node[] {
  const columns = new DmlColumns(table).named(keys);
  return cells.filter((cell, i) => infersFrom(cell, (columns[i % columns.length] as Typed).type));
}

/** A query without rows whose columns have types: an untyped NULL there would be text, which is not comparable with a number. */
function emptyRow(types: readonly (AnyType | undefined)[], dialect: Dialect): string {
  const columns = types.map((type) => {
    const name = type && castName(type, dialect);
    return name === undefined ? "NULL" : `CAST(NULL AS ${name})`;
  });
  return `SELECT ${columns.join(", ")} WHERE 1 = 0`;
}

/** Types of other things than text whose literals are quoted. */
function isQuoted(type: AnyType): boolean {
  return /^(uuid|date|time|dateTime|json|array)$/.test(baseType(type, POSTGRESQL).name);
}
