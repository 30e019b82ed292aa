import {
  type Bool,
  boolean,
  type Conversion,
  defineOperator,
  Expression,
  type ExpressionNode,
  FunctionCall,
  literal,
  type Predicate,
  subscriptRule,
  type Typed,
  text,
} from "@acme/core/dialect";
import { nativeType } from "../native-type.js";
import { PostgresType } from "./postgres-type.js";

/** The keys and values of an hstore: texts, and NULL for a value. */
export type Hstore = Readonly<Record<string, string | null>>;

/** Key-value pairs of texts. Made by {@link hstore}. */
export class HstoreType extends PostgresType<Hstore> {
  readonly name = "hstore";
  readonly sqlName = "hstore";

  override toDatabase(): Conversion {
    return (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        throw this.refuse(value, "it is not an object of texts");
      return Object.entries(value)
        .map(([key, item]) => {
          if (item !== null && typeof item !== "string")
            throw this.refuse(value, `"${key}" is neither a text nor null`);
          return `${quoted(key)}=>${item === null ? "NULL" : quoted(item)}`;
        })
        .join(",");
    };
  }

  override fromDatabase(): Conversion {
    return (value) => parseHstore(String(value));
  }
}

const quoted = (part: string): string => `"${part.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** Reads `"a"=>"1", "b"=>NULL`. Every key is an own property, whatever its name. */
function parseHstore(written: string): Hstore {
  const pair = /"((?:[^"\\]|\\[\s\S])*)"=>(?:NULL|"((?:[^"\\]|\\[\s\S])*)")/g;
  return Object.fromEntries(
    [...written.matchAll(pair)].map(([, key, item]) => [
      unescaped(key as string),
      item === undefined ? null : unescaped(item),
    ]),
  );
}

const unescaped = (part: string): string => part.replaceAll(/\\([\s\S])/g, "$1");

const TEXT = text();
const TEXTS = nativeType<readonly string[]>("text[]");
const HSTORE = new HstoreType();
const comparison = (symbol: string) => defineOperator<Bool>(symbol, { isComparison: true, returns: boolean() });
const operators = {
  key: comparison("?"),
  any: comparison("?|"),
  all: comparison("?&"),
  contains: comparison("@>"),
  containedBy: comparison("<@"),
};

type Pairs = Typed<Hstore | null>;
const side = (value: Hstore | Pairs): unknown =>
  value instanceof Expression ? value : literal<unknown>(value, HSTORE);
const node = (value: Pairs): ExpressionNode => value as unknown as ExpressionNode;

function get(from: Pairs, key: string | Typed<string | null>): Expression<string | null> {
  return node(from).op("->", key instanceof Expression ? key : literal(key as string, TEXT), {
    returns: TEXT,
  }) as unknown as Expression<string | null>;
}

subscriptRule("hstore", (operand, key) => get(operand as Pairs, key as string) as unknown as ExpressionNode);

/**
 * A column of texts by key: `attributes: hstore()`. DDL: `HSTORE`; needs `CREATE EXTENSION hstore`. The value is an object, its
 * operators are functions of `hstore`.
 *
 * @example
 * ```ts
 * select(items.c.id).where(hstore.hasKey(items.c.attributes, "color"), hstore.get(items.c.attributes, "size").eq("L"))
 * ```
 * SQL: `SELECT items.id FROM items WHERE items.attributes ? $1 AND (items.attributes -> $2) = $3`
 */
export const hstore = Object.assign((): HstoreType => new HstoreType(), {
  /** `a -> key`: the value of a key, NULL where there is none. */
  get,
  /** `a ? key` */
  hasKey: (of: Pairs, key: string): Predicate => operators.key(of, literal(key, TEXT)) as Predicate,
  /** `a ?| keys`: one of the keys at least. */
  hasAny: (of: Pairs, keys: readonly string[]): Predicate =>
    operators.any(of, literal<unknown>(keys, TEXTS)) as Predicate,
  /** `a ?& keys`: all of the keys. */
  hasAll: (of: Pairs, keys: readonly string[]): Predicate =>
    operators.all(of, literal<unknown>(keys, TEXTS)) as Predicate,
  /** `a @> b`: all pairs of b are in a. */
  contains: (a: Pairs, b: Hstore | Pairs): Predicate => operators.contains(a, side(b)) as Predicate,
  /** `a <@ b`: all pairs of a are in b. */
  containedBy: (a: Pairs, b: Hstore | Pairs): Predicate => operators.containedBy(a, side(b)) as Predicate,
  /** `defined(a, key)`: the key is there and its value is not NULL. */
  defined: (of: Pairs, key: string): Predicate =>
    new FunctionCall<Bool>(
      "defined",
      [node(of), literal(key, TEXT) as unknown as ExpressionNode],
      boolean(),
    ) as unknown as Predicate,
  /** `a || b`: the pairs of both; those of b win. */
  concat: (a: Pairs, b: Hstore | Pairs): Expression<Hstore | null> =>
    node(a).op("||", side(b), { returns: HSTORE }) as unknown as Expression<Hstore | null>,
  /** `delete(a, key)`: the pairs without one key, or without several. */
  delete: (of: Pairs, key: string | readonly string[]): FunctionCall<Hstore | null> =>
    new FunctionCall<Hstore | null>(
      "delete",
      [
        node(of),
        (typeof key === "string" ? literal(key, TEXT) : literal<unknown>(key, TEXTS)) as unknown as ExpressionNode,
      ],
      HSTORE,
    ),
});
