import { ArgumentError } from "../errors/index.js";
import { NULL_TYPE } from "../types/others.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode, Node } from "../visit/node.js";
import { BindParameter } from "./bind.js";
import { toExpression } from "./coerce.js";
import { Expression } from "./expression.js";
import { operations } from "./late.js";
import type { row, Typed, tup } from "./protocols.js";

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

function fromTemplate(strings: TemplateStringsArray, ...values: unknown[]): TextFragment {
  return new TextFragment(
    [...strings],
    values.map((value) => (value instanceof Node ? value : toNode(value))),
  );
}

/** A value in a template: arrays expand to a list of placeholders, tables and entities stand by name. */
function toNode(value: unknown): Node {
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
  /** A name, quoted as the dialect needs: `sql.identifier("app", "my table")` is `app."my table"`. */
  identifier(...parts: string[]): Identifier;
}

/** See {@link Sql}. */
export const sql: Sql = Object.assign(fromTemplate, {
  text: fromText,
  identifier: (...parts: string[]): Identifier => new Identifier(parts),
});
