import { ArgumentError } from "../errors/index.js";
import { JsonArrayType, JsonObjectType } from "../types/json-rows.js";
import { bigInteger, double, integer, type NumericForms, numeric } from "../types/numbers.js";
import { boolean, json } from "../types/others.js";
import { text } from "../types/texts.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode, type Node } from "../visit/node.js";
import { toExpression } from "./coerce.js";
import { BOOLEAN } from "./elements.js";
import { Expression, type ExpressionNode, type Predicate } from "./expression.js";
import { toOrderElement } from "./order.js";
import type { Bool, NN, OpS, OpT, row, Typed } from "./protocols.js";
import { subscriptRule } from "./subscript.js";

/** A step into a document: a key of an object, or the position in an array, from 0. */
export type JsonStep = string | number;

/** What a leaf is read as. */
export type JsonForm = "json" | "string" | "integer" | "bigInteger" | "numeric" | "double" | "boolean";

/** The part of a JSON document under a path. Missing parts are NULL. */
export class JsonPath<out T = unknown, out S extends string = never> extends Expression<T | null, S> {
  readonly document: ExpressionNode;
  readonly steps: readonly JsonStep[];
  /** The part as JSON, or as a value of SQL. */
  readonly form: JsonForm;
  readonly type: ValueType<unknown, unknown>;

  constructor(
    document: ExpressionNode,
    steps: readonly JsonStep[],
    form: JsonForm = "json",
    type: ValueType<unknown, unknown> = json(),
  ) {
    super();
    this.document = document;
    this.steps = steps;
    this.form = form;
    this.type = type;
  }

  static {
    declareNode(JsonPath, "jsonPath", { document: "node", steps: "atoms", form: "atom", type: "type" });
  }

  private as<U>(form: JsonForm, type: ValueType<U, unknown>): Expression<U | null, S> {
    return new JsonPath<U, S>(this.document, this.steps, form, type);
  }

  /** A text. Of a number its digits; NULL for the JSON value null. */
  asString(): Expression<string | null, S> {
    return this.as("string", text());
  }

  /** A whole number. */
  asInteger(): Expression<number | null, S> {
    return this.as("integer", integer());
  }

  /** A whole number of 64 bits. */
  asBigInteger(): Expression<bigint | null, S> {
    return this.as("bigInteger", bigInteger());
  }

  /** A floating point number. */
  asNumber(): Expression<number | null, S> {
    return this.as("double", double());
  }

  /** An exact decimal number of given size: digits beyond the scale are rounded by the database. */
  asNumeric(precision: number, scale: number): Expression<NumericForms["string"] | null, S> {
    return this.as("numeric", numeric(precision, scale));
  }

  /** A truth value. */
  asBoolean(): Expression<boolean | null, S> {
    return this.as("boolean", boolean());
  }

  /** Whether the value null stands at the path: not whether nothing stands there, which is `isNull()`. */
  isJsonNull(): Predicate {
    return new JsonNullTest(this.document, this.steps);
  }
}

/** Whether the JSON value null stands at a path. */
export class JsonNullTest extends Expression<Bool> {
  readonly document: ExpressionNode;
  readonly steps: readonly JsonStep[];

  constructor(document: ExpressionNode, steps: readonly JsonStep[]) {
    super();
    this.document = document;
    this.steps = steps;
  }

  static {
    declareNode(JsonNullTest, "jsonNullTest", { document: "node", steps: "atoms" });
  }

  get type(): ValueType<unknown, unknown> {
    return BOOLEAN;
  }
}

/** The type of the part of a document under a path, as far as the document's type says it. */
export type JsonAt<T, P extends readonly JsonStep[]> = P extends readonly [
  infer K,
  ...infer R extends readonly JsonStep[],
]
  ? NN<T> extends readonly (infer X)[]
    ? JsonAt<X, R>
    : K extends keyof NN<T>
      ? JsonAt<NN<T>[K], R>
      : unknown
  : T;

/**
 * The part of a JSON document under a path of keys and positions (from 0). Missing parts are NULL. Read as JSON unless told
 * otherwise.
 *
 * @example
 * ```ts
 * const city = jsonPath(users.c.profile, "addresses", 0, "city");
 * select(city.asString().label("city")).where(jsonPath(users.c.profile, "age").asInteger().gt(17));
 * ```
 * SQL on PostgreSQL: `(users.profile -> 'addresses' -> 0 ->> 'city')`; SQLite `json_extract(users.profile,
 * '$."addresses"[0]."city"')`; MySQL `JSON_EXTRACT`, Oracle `JSON_VALUE`, SQL Server `OPENJSON`.
 */
export function jsonPath<D extends Typed<unknown>, const P extends readonly [JsonStep, ...JsonStep[]]>(
  document: D,
  ...steps: P
): JsonPath<JsonAt<OpT<D>, P>, OpS<D>> {
  for (const step of steps) {
    if (typeof step === "string" ? step.includes("\0") : !Number.isSafeInteger(step) || step < 0) {
      throw new ArgumentError(`${JSON.stringify(step)} is no step into a JSON document.`, {
        code: "BAD_JSON_PATH",
        remedy: "Give keys as strings and positions as whole numbers from 0.",
      });
    }
  }
  const operand = toExpression(document);
  if (operand instanceof JsonPath && operand.form === "json")
    return new JsonPath(operand.document, [...operand.steps, ...steps]);
  return new JsonPath(operand, steps);
}

subscriptRule("json", (operand, key) => jsonPath(operand, key as JsonStep));

/** A JSON document with one of its parts set. */
export class JsonSet extends Expression<unknown> {
  readonly document: ExpressionNode;
  readonly steps: readonly JsonStep[];
  /** What the value is written as. */
  readonly form: JsonForm;
  readonly value: ExpressionNode;

  constructor(document: ExpressionNode, steps: readonly JsonStep[], form: JsonForm, value: ExpressionNode) {
    super();
    this.document = document;
    this.steps = steps;
    this.form = form;
    this.value = value;
  }

  static {
    declareNode(JsonSet, "jsonSet", { document: "node", steps: "atoms", form: "atom", value: "node" });
  }

  get type(): ValueType<unknown, unknown> {
    return this.document.type;
  }
}

/**
 * A document with the part under a path set to a value; null becomes the JSON value null. What is written is what the path
 * reads: JSON, or a text, a number or a truth value. To change a column in place see `update(t).setPart(path, value)`.
 *
 * A key is added to an object or replaced in it, an element of an array is replaced. Where no such object or element is there,
 * the document stays as it is, on all databases.
 *
 * @example
 * ```ts
 * insert(pages).values(page).upsert({
 *   key: ["path"],
 *   update: (_, existing) => ({ meta: jsonSet(jsonPath(pages.c.meta, "lang").asString(), "en") }),
 * })
 * ```
 * SQL: `jsonb_set` on PostgreSQL, `json_set` on SQLite, MySQL and MariaDB, `JSON_MODIFY` on SQL Server, `JSON_TRANSFORM` on Oracle 21c,
 * each in a CASE that looks for the object around the part.
 */
export function jsonSet<T>(path: Typed<T>, value: NoInfer<T> | Typed<NoInfer<T>>): Expression<unknown> {
  const part = toExpression(path);
  if (!(part instanceof JsonPath))
    throw new ArgumentError("jsonSet() takes a part of a document: jsonPath(document, ...keys).", {
      code: "NOT_A_JSON_PATH",
    });
  return new JsonSet(part.document, part.steps, part.form, toExpression(value, part.type, "part"));
}

/** A JSON object made of values, `JSON_OBJECT`. */
export class JsonObject extends Expression<unknown> {
  readonly keys: readonly string[];
  readonly values: readonly ExpressionNode[];
  readonly type: ValueType<unknown, unknown>;

  constructor(keys: readonly string[], values: readonly ExpressionNode[], type: ValueType<unknown, unknown>) {
    super();
    this.keys = keys;
    this.values = values;
    this.type = type;
  }

  static {
    declareNode(JsonObject, "jsonObject", { keys: "atoms", values: "nodes", type: "type" });
  }
}

/** A JSON array made of the rows of a group, `JSON_ARRAYAGG`. No rows make an empty array. */
export class JsonArrayAgg extends Expression<unknown> {
  readonly item: ExpressionNode;
  readonly orders: readonly Node[];
  readonly type: ValueType<unknown, unknown>;

  constructor(item: ExpressionNode, orders: readonly Node[], type: ValueType<unknown, unknown>) {
    super();
    this.item = item;
    this.orders = orders;
    this.type = type;
  }

  static {
    declareNode(JsonArrayAgg, "jsonArrayAgg", { item: "node", orders: "nodes", type: "type" });
  }
}

type ObjectOf<F> = { -readonly [K in keyof F]: OpT<F[K]> };

/**
 * A JSON object made of values. Read back, each value is what it would be as a column of its own: bigints, decimals, dates and
 * bytes included, which travel as text inside of the JSON.
 *
 * @example
 * ```ts
 * select(jsonObject({ id: users.c.id, name: users.c.name }).label("user"))   // { user: { id: bigint; name: string } }
 * ```
 * SQL: `json_build_object('id', CAST(users.id AS TEXT), 'name', users.name)`, `json_object`, `JSON_OBJECT`
 */
export function jsonObject<const F extends Readonly<Record<string, Typed<unknown>>>>(
  fields: F,
): Expression<ObjectOf<F>, OpS<F[keyof F]>> {
  const keys = Object.keys(fields);
  return objectOf(
    keys,
    Object.values(fields).map((field) => toExpression(field)),
  ) as Expression<ObjectOf<F>, OpS<F[keyof F]>>;
}

function objectOf(keys: readonly string[], values: readonly ExpressionNode[]): ExpressionNode {
  const type = new JsonObjectType(
    keys,
    values.map((value) => value.type),
  );
  return new JsonObject(keys, values, type);
}

/**
 * The values of a group's rows as one JSON array, read back as {@link jsonObject} says. No rows give an empty array.
 *
 * @example
 * ```ts
 * select(posts.c.authorId, jsonAgg(jsonObject({ id: posts.c.id, title: posts.c.title }), { orderBy: posts.c.id }).label("posts"))
 *   .groupBy(posts.c.authorId)
 * ```
 * SQL: `coalesce(json_agg(json_build_object(...) ORDER BY posts.id), '[]')`, `json_group_array`, `JSON_ARRAYAGG`
 */
export function jsonAgg<T>(item: Typed<T>, options: { readonly orderBy?: unknown } = {}): Expression<T[], never> {
  const { orderBy } = options;
  const orders = orderBy === undefined ? [] : Array.isArray(orderBy) ? orderBy : [orderBy];
  return arrayOf(toExpression(item), orders.map(toOrderElement)) as Expression<T[], never>;
}

function arrayOf(item: ExpressionNode, orders: readonly Node[]): ExpressionNode {
  return new JsonArrayAgg(item, orders, new JsonArrayType(item.type));
}

/** What is asked of a query whose rows become JSON. */
interface RowsQuery {
  readonly kind: string;
  readonly resultItems: readonly ExpressionNode[];
  readonly order: readonly Node[];
  readonly limitTo: unknown;
  readonly offsetBy: unknown;
  readonly isDistinct?: boolean;
  readonly groups?: readonly Node[];
  copyWith(changes: Readonly<Record<string, unknown>>): RowsQuery;
  scalar(): Expression<unknown>;
}

/**
 * The rows of a query as one JSON array of objects: nested rows in one statement. The query may refer to the rows around
 * it. Read back as {@link jsonObject} says; no rows give an empty array.
 *
 * @example
 * ```ts
 * select(users.c.name, jsonArrayOf(
 *   select(posts.c.id, posts.c.title).where(posts.c.authorId.eq(users.c.id)).orderBy(posts.c.id)
 * ).label("posts"))                      // { name: string; posts: { id: number; title: string }[] }[]
 * ```
 */
export function jsonArrayOf<R>(query: { readonly [row]: R }): Expression<R[], never> {
  const select = query as unknown as RowsQuery;
  const cut = select.limitTo !== undefined || select.offsetBy !== undefined;
  if (select.kind !== "select" || cut || select.isDistinct === true || (select.groups?.length ?? 0) > 0) {
    throw new ArgumentError("The rows of this query cannot become JSON in place.", {
      code: "JSON_ARRAY_OF",
      remedy: "Select from it: jsonArrayOf(select(sub.c.id, ...)) where sub = query.subquery(name).",
    });
  }
  const keys = select.resultItems.map((item) => {
    if (item.resultName !== undefined) return item.resultName;
    throw new ArgumentError("An expression in a query that becomes JSON needs a name.", {
      code: "UNNAMED_COLUMN",
      remedy: 'Give it one with label("...").',
    });
  });
  if (new Set(keys).size < keys.length) {
    throw new ArgumentError("Two columns of a query that becomes JSON have the same name.", {
      code: "DUPLICATE_COLUMN",
      remedy: 'Give one of them another name with label("...").',
    });
  }
  const rows = arrayOf(objectOf(keys, select.resultItems), select.order);
  return select.copyWith({ items: [rows], order: [] }).scalar() as Expression<R[], never>;
}
