import {
  type Bool,
  boolean,
  defineOperator,
  Expression,
  type ExpressionNode,
  FunctionCall,
  json,
  literal,
  type Predicate,
  type Typed,
  text,
  type ValueType,
} from "@acme/core/dialect";
import { nativeType } from "../native-type.js";
import { jsonpath } from "./simple-types.js";

const TEXT = text();
const TEXTS = nativeType<readonly string[]>("text[]");
const PATH = jsonpath();
const comparison = (symbol: string) => defineOperator<Bool>(symbol, { isComparison: true, returns: boolean() });
const operators = {
  key: comparison("?"),
  any: comparison("?|"),
  all: comparison("?&"),
  contains: comparison("@>"),
  containedBy: comparison("<@"),
  pathExists: comparison("@?"),
  pathMatch: comparison("@@"),
};

const node = (value: unknown): ExpressionNode => value as ExpressionNode;
const document = (value: unknown): unknown => (value instanceof Expression ? value : literal<unknown>(value, json()));
const path = (value: string): unknown => literal(value, PATH);
const texts = (value: readonly string[]): unknown => literal<unknown>(value, TEXTS);

function changed<T>(of: Typed<T>, symbol: string, other: unknown): Expression<T> {
  return node(of).op(symbol, other, { returns: node(of).type as ValueType<T, unknown> }) as unknown as Expression<T>;
}

/**
 * PostgreSQL's operators of `jsonb` documents. `json()` is `JSONB` on PostgreSQL; paths into documents are core's and work on
 * every database.
 *
 * @example
 * ```ts
 * select(events.c.id).where(jsonb.contains(events.c.payload, { kind: "click" }), jsonb.hasKey(events.c.payload, "user"))
 * ```
 * SQL: `SELECT events.id FROM events WHERE events.payload @> $1 AND events.payload ? $2`
 */
export const jsonb = {
  /** `a ? key`: the object has the key, or the array the text. */
  hasKey: (of: Typed<unknown>, key: string): Predicate => operators.key(of, literal(key, TEXT)) as Predicate,
  /** `a ?| keys`: one of the keys at least. */
  hasAny: (of: Typed<unknown>, keys: readonly string[]): Predicate => operators.any(of, texts(keys)) as Predicate,
  /** `a ?& keys`: all of the keys. */
  hasAll: (of: Typed<unknown>, keys: readonly string[]): Predicate => operators.all(of, texts(keys)) as Predicate,
  /** `a @> b`: all of b is in a. b is a document: a plain value, or an expression. */
  contains: (a: Typed<unknown>, b: unknown): Predicate => operators.contains(a, document(b)) as Predicate,
  /** `a <@ b`: all of a is in b. */
  containedBy: (a: Typed<unknown>, b: unknown): Predicate => operators.containedBy(a, document(b)) as Predicate,
  /** `a @? path`: the path finds something. Errors in the data count as nothing found. */
  pathExists: (of: Typed<unknown>, jsonPath: string): Predicate =>
    operators.pathExists(of, path(jsonPath)) as Predicate,
  /** `a @@ path`: the predicate of the path holds; NULL where the path gives no truth value. */
  pathMatch: (of: Typed<unknown>, jsonPath: string): Predicate => operators.pathMatch(of, path(jsonPath)) as Predicate,
  /** `jsonb_path_query_array(a, path)`: what the path finds, as an array. */
  pathQueryArray: (of: Typed<unknown>, jsonPath: string): FunctionCall<unknown[] | null> =>
    new FunctionCall<unknown[] | null>("jsonb_path_query_array", [node(of), node(path(jsonPath))], json<unknown[]>()),
  /** `a || b`: objects merged, arrays joined. */
  concat: <T>(a: Typed<T>, b: unknown): Expression<T> => changed(a, "||", document(b)),
  /** `a - key`: without a key; without several; without the element at an index. */
  delete: <T>(of: Typed<T>, key: string | number | readonly string[]): Expression<T> =>
    changed(of, "-", typeof key === "string" ? literal(key, TEXT) : typeof key === "number" ? key : texts(key)),
  /** `a #- path`: without what is at the path of keys and indexes. */
  deletePath: <T>(of: Typed<T>, keys: readonly (string | number)[]): Expression<T> =>
    changed(of, "#-", texts(keys.map(String))),
};
