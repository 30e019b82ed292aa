import { ArgumentError } from "../errors/index.js";
import { NULL_TYPE } from "../types/others.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode, Node } from "../visit/node.js";
import { BindParameter } from "./bind.js";
import { asFrom, toExpression, toFrom } from "./coerce.js";
import { Cte, Subquery } from "./derived.js";
import { Label, NULL } from "./elements.js";
import { Expression, type ExpressionNode } from "./expression.js";
import { operations } from "./late.js";
import type { row, Typed, tup } from "./protocols.js";
import { ScalarSubquery } from "./query.js";
import { Written } from "./written.js";

/** A name that is quoted as an identifier where needed: `sql.identifier("my table")`. */
export class Identifier extends Node {
  readonly parts: readonly string[];

  constructor(parts: readonly string[]) {
    super();
    this.parts = parts;
  }

  static {
    declareNode(Identifier, "identifier", { parts: "atoms" });
  }
}

/** The result types of a text statement: `{ id: integer(), name: string() }`. */
export type ResultTypes = { readonly [key: string]: ValueType<unknown, unknown> };
type RowOf<D> = { -readonly [K in keyof D]: D[K] extends Typed<infer T> ? T : never };

/**
 * SQL text with expressions and values in it. It can stand wherever an expression can, and it can be executed; values are
 * always bound, never written into the text.
 */
export class TextFragment<out T = unknown, out R = Record<string, unknown>> extends Expression<T> {
  declare readonly [row]: R;
  declare readonly [tup]: readonly unknown[];
  /** The text between the nodes; one more than there are nodes. */
  readonly strings: readonly string[];
  readonly nodes: readonly Node[];
  readonly type: ValueType<unknown, unknown>;
  /** Names of the result columns, when declared. */
  readonly keys: readonly string[];
  readonly columnTypes: readonly ValueType<unknown, unknown>[];

  constructor(
    strings: readonly string[],
    nodes: readonly Node[],
    type: ValueType<unknown, unknown> = NULL_TYPE,
    keys: readonly string[] = [],
    columnTypes: readonly ValueType<unknown, unknown>[] = [],
  ) {
    super();
    this.strings = strings;
    this.nodes = nodes;
    this.type = type;
    this.keys = keys;
    this.columnTypes = columnTypes;
  }

  static {
    declareNode(TextFragment, "text", {
      strings: "atoms",
      nodes: "nodes",
      type: "type",
      keys: "atoms",
      columnTypes: "types",
    });
  }

  /** Says the value type of the fragment as an expression: `sql`...`.as(integer())`. */
  as<U>(type: ValueType<U, unknown>): TextFragment<U, R> {
    return new TextFragment<U, R>(this.strings, this.nodes, type, this.keys, this.columnTypes);
  }

  /**
   * Says the columns of the rows, by the names that the database gives them: rows are typed and converted.
   *
   * @example
   * ```ts
   * sql`SELECT id, price FROM item WHERE price > ${10}`.columns({ id: integer(), price: numeric(10, 2) })
   * ```
   */
  columns<const D extends ResultTypes>(types: D): TextFragment<T, RowOf<D>> {
    return new TextFragment<T, RowOf<D>>(this.strings, this.nodes, this.type, Object.keys(types), Object.values(types));
  }

  /** The declared columns, for those that wrap the statement. */
  get resultItems(): readonly ExpressionNode[] {
    return this.keys.map(
      (key, i) => new Label(new Written("", this.columnTypes[i] as ValueType<unknown, unknown>), key),
    );
  }

  private declared(what: string): this {
    if (this.keys.length > 0) return this;
    throw new ArgumentError(`A text of which no columns are known cannot be ${what}.`, {
      code: "UNKNOWN_COLUMNS",
      remedy: "Say them first: sql`...`.columns({ id: integer() }).",
    });
  }

  /**
   * The text as a FROM item, typed and converted by its declared columns.
   *
   * @example
   * ```ts
   * const cheap = sql`SELECT id, price FROM item WHERE price < ${10}`.columns({ id: integer(), price: numeric(10, 2) })
   *   .subquery("cheap");
   * select(users.c.name, cheap.c.price).join(cheap, cheap.c.id.eq(users.c.itemId));
   * ```
   * SQL: `... JOIN (SELECT id, price FROM item WHERE price < ?) AS cheap ON ...`
   */
  subquery<const A extends string>(name: A): Subquery<A, R> {
    return new Subquery<A, R>(this.declared("a subquery"), name);
  }

  /** The text as a common table expression: `WITH name AS (...)`. */
  cte<const A extends string>(name: A): Cte<A, R> {
    return new Cte<A, R>(this.declared("a common table expression"), name, false);
  }

  /** The text, a query of one column and one row, as a value: `(SELECT ...)`. */
  scalar<U>(this: TextFragment<T, Readonly<Record<string, U>>>): ScalarSubquery<U | null> {
    if (this.keys.length > 1) {
      throw new ArgumentError(`A scalar subquery has one column, not ${this.keys.length}.`, { code: "COLUMN_COUNT" });
    }
    return new ScalarSubquery<U | null>(this.declared("a scalar subquery"));
  }

  /** Values for the `:name` parameters of {@link sql.text}. */
  bindparams(values: Readonly<Record<string, unknown>>): TextFragment<T, R> {
    const unused = new Set(Object.keys(values));
    const nodes = this.nodes.map((node) => {
      if (!(node instanceof BindParameter) || !node.required || !(node.hint in values)) return node;
      unused.delete(node.hint);
      const value = values[node.hint];
      return value instanceof Expression
        ? value
        : new BindParameter(value, value === null ? NULL_TYPE : toExpression(value).type, node.hint);
    });
    if (unused.size > 0) {
      throw new ArgumentError(`The text has no parameter ${[...unused].map((name) => `:${name}`).join(", ")}.`, {
        code: "UNKNOWN_PARAMETER",
      });
    }
    return new TextFragment<T, R>(this.strings, nodes, this.type, this.keys, this.columnTypes);
  }

  override toString(): string {
    return operations.print(this);
  }
}

/** Fragments, expressions and values with a text between them. */
function join(items: readonly unknown[], separator: TextFragment | string = ", "): TextFragment {
  const between = typeof separator === "string" ? new TextFragment([separator], []) : separator;
  if (items.length === 0) {
    throw new ArgumentError("There is nothing to join: an empty list has no form in SQL.", {
      code: "EMPTY_LIST",
      remedy: "Leave out the clause when the list is empty.",
    });
  }
  const nodes = items.flatMap((item, i) => (i === 0 ? [toNode(item)] : [between as Node, toNode(item)]));
  return new TextFragment(new Array<string>(nodes.length + 1).fill(""), nodes);
}

/** A value written into the text by its type, escaped for the dialect. */
function literal(value: unknown, type?: ValueType<unknown, unknown>): Expression<unknown> {
  if (value === null) return NULL as Expression<unknown>;
  const bound = toExpression(value, type);
  return (bound instanceof BindParameter ? bound.inlined() : bound) as Expression<unknown>;
}

function fromTemplate(strings: TemplateStringsArray, ...values: unknown[]): TextFragment {
  return new TextFragment([...strings], values.map(toNode));
}

/** A value in a template: arrays expand to a list of placeholders, tables and entities stand by name. */
function toNode(value: unknown): Node {
  if (value instanceof Node) return value;
  if (typeof value === "function" && asFrom in value) return toFrom(value);
  if (Array.isArray(value))
    return new BindParameter(value, value.length > 0 ? toExpression(value[0]).type : NULL_TYPE, "param", true);
  return toExpression(value);
}

/** `:name` outside of quotes and casts; `\:` for a colon. */
const PARAMETER = /(?<![:\w\\]):([A-Za-z_]\w*)(?!:)/g;

function fromText(text: string): TextFragment {
  const strings: string[] = [];
  const nodes: Node[] = [];
  let at = 0;
  const quoted = quotedRanges(text);
  for (const match of text.matchAll(PARAMETER)) {
    if (quoted.some(([from, to]) => match.index >= from && match.index < to)) continue;
    strings.push(text.slice(at, match.index).replaceAll("\\:", ":"));
    nodes.push(new BindParameter(undefined, NULL_TYPE, match[1] as string, false, true));
    at = match.index + match[0].length;
  }
  strings.push(text.slice(at).replaceAll("\\:", ":"));
  return new TextFragment(strings, nodes);
}

/** Where string literals, quoted identifiers and comments stand: colons in them are no parameters. */
function quotedRanges(text: string): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const match of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\//g)) {
    found.push([match.index, match.index + match[0].length]);
  }
  return found;
}

/** The `sql` template tag and its helpers. */
export interface Sql {
  /**
   * SQL text with values and expressions: values are bound, expressions are compiled for the dialect.
   *
   * @example
   * ```ts
   * await conn.execute(sql`SELECT id FROM item WHERE name = ${name}`.columns({ id: integer() })).all();
   * select(users.c.id).where(sql`${users.c.name} % 2 = ${0}`.as(boolean()))
   * ```
   */
  (strings: TemplateStringsArray, ...values: unknown[]): TextFragment;
  /**
   * SQL text with `:name` parameters, given by `bindparams` or at execution. `\:` writes a colon; colons in string literals
   * and `::` casts are left alone.
   */
  text(text: string): TextFragment;
  /**
   * Fragments, expressions and values with something between them: `, ` unless told otherwise.
   *
   * @example
   * ```ts
   * sql`SELECT ${sql.join(columns.map((name) => sql.identifier(name)))} FROM item WHERE ${sql.join(conditions, sql` AND `)}`
   * ```
   */
  join(items: readonly unknown[], separator?: TextFragment | string): TextFragment;
  /** A value written into the text instead of being bound, escaped by its type: `sql.literal("it's")` is `'it''s'`. */
  literal(value: unknown, type?: ValueType<unknown, unknown>): Expression<unknown>;
  /** A name, quoted as the dialect needs: `sql.identifier("app", "my table")` is `app."my table"`. */
  identifier(...parts: string[]): Identifier;
}

/** See {@link Sql}. */
export const sql: Sql = Object.assign(fromTemplate, {
  text: fromText,
  join,
  literal,
  identifier: (...parts: string[]): Identifier => new Identifier(parts),
});
