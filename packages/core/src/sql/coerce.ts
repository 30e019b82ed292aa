import { ArgumentError } from "../errors/index.js";
import { decorate } from "../types/decorator.js";
import { interval } from "../types/interval.js";
import { bigInteger, double, integer } from "../types/numbers.js";
import { json, largeBinary, NULL_TYPE } from "../types/others.js";
import { temporalTag } from "../types/temporal.js";
import { string } from "../types/texts.js";
import { date, dateTime, time } from "../types/times.js";
import type { ValueType } from "../types/value-type.js";
import { Node } from "../visit/node.js";
import { BindParameter } from "./bind.js";
import { BOOLEAN, NULL } from "./elements.js";
import { Expression, type ExpressionNode } from "./expression.js";
import { FromClause } from "./from-clause.js";

/** What an object must have to stand for an expression, a select item, a FROM item or a join target: entities have them. */
export const asItem: unique symbol = Symbol.for("acme.asItem");
export const asFrom: unique symbol = Symbol.for("acme.asFrom");
export const asJoin: unique symbol = Symbol.for("acme.asJoin");

/** A join target with the ON clause that belongs to it: what a relationship attribute gives. */
export interface JoinTarget {
  readonly target: FromClause;
  readonly on: ExpressionNode | undefined;
  /** Joined before the target: the association table of a many-to-many relationship. */
  readonly via?: { readonly target: FromClause; readonly on: ExpressionNode };
}

const INTEGER = integer();
const BIG = bigInteger();
/** A number beyond 32 bits: INTEGER cannot hold it, but it is to be read as the number that it was. */
const WIDE = decorate<number, number, unknown>(bigInteger(), {
  name: "integer",
  toDatabase: (value) => value,
  fromDatabase: Number,
});
const DOUBLE = double();
const STRING = string();
const INSTANT = dateTime({ timezone: true });
const BINARY = largeBinary();
const JSON_TYPE = json();

/** The value type of a plain JavaScript value, where no other operand says it. */
export function typeOfValue(value: unknown): ValueType<unknown, unknown> {
  switch (typeof value) {
    case "number":
      if (!Number.isSafeInteger(value)) return DOUBLE;
      return value >= -(2 ** 31) && value < 2 ** 31 ? INTEGER : WIDE;
    case "bigint":
      return BIG;
    case "string":
      return STRING;
    case "boolean":
      return BOOLEAN;
    case "object":
      if (value instanceof Date) return INSTANT;
      if (value instanceof Uint8Array) return BINARY;
      if (value !== null && temporalTag(value) !== undefined) return typeOfTemporal(temporalTag(value) as string);
      if (value !== null) return JSON_TYPE;
      return NULL_TYPE;
    default:
      throw notAValue(value);
  }
}

/** Read as what they were given as. */
const TEMPORAL_TYPES: Readonly<Record<string, ValueType<unknown, unknown>>> = {
  "Temporal.PlainDate": date({ as: "temporal" }),
  "Temporal.PlainTime": time({ as: "temporal" }),
  "Temporal.PlainDateTime": dateTime({ as: "temporal" }),
  "Temporal.Instant": dateTime({ as: "temporal", timezone: true }),
  "Temporal.ZonedDateTime": dateTime({ as: "temporal", timezone: true }),
  "Temporal.Duration": interval({ as: "temporal" }),
};

function typeOfTemporal(tag: string): ValueType<unknown, unknown> {
  const type = TEMPORAL_TYPES[tag];
  if (type !== undefined) return type;
  throw new ArgumentError(`A ${tag} has no type in SQL.`, {
    code: "NOT_A_VALUE",
    remedy: "Give a PlainDate, PlainTime, PlainDateTime, Instant, ZonedDateTime or Duration.",
  });
}

function notAValue(value: unknown): ArgumentError {
  return value === undefined
    ? new ArgumentError("undefined cannot be a value in SQL.", {
        code: "NOT_A_VALUE",
        remedy: "Write null for SQL NULL.",
      })
    : new ArgumentError(`A ${typeof value} cannot be a value in SQL.`, { code: "NOT_A_VALUE" });
}

/** An expression from an operand: an expression as it is, null as NULL, everything else as a bind parameter. */
export function toExpression(operand: unknown, type?: ValueType<unknown, unknown>, hint = "param"): ExpressionNode {
  if (operand instanceof Expression) return operand as ExpressionNode;
  if (operand === null) return NULL;
  const item = (operand as { [asItem]?: () => unknown } | undefined)?.[asItem];
  if (typeof item === "function") {
    const made = item.call(operand) as unknown;
    if (made instanceof Expression) return made as ExpressionNode;
  }
  if (operand instanceof Node) {
    const isQuery = operand.kind === "select" || operand.kind === "compound";
    throw new ArgumentError(`A ${operand.kind} cannot stand where an expression is expected.`, {
      code: "NOT_AN_EXPRESSION",
      ...(isQuery && { remedy: "Make a scalar subquery of it with scalar()." }),
    });
  }
  if (operand === undefined || typeof operand === "function" || typeof operand === "symbol") throw notAValue(operand);
  return new BindParameter(operand, type === undefined || type === NULL_TYPE ? typeOfValue(operand) : type, hint);
}

/** What a value that was given in the wrong place is, at the beginning of a sentence. */
function named(value: unknown): string {
  if (value instanceof Node) return `A ${value.kind}`;
  if (value === null || value === undefined) return String(value);
  return `A value of type ${typeof value}`;
}

/** A FROM item from a table, alias, subquery, CTE, join or entity class. */
export function toFrom(source: unknown): FromClause {
  if (source instanceof FromClause) return source;
  const make = (source as { [asFrom]?: () => FromClause } | undefined)?.[asFrom];
  if (typeof make === "function") return make.call(source);
  throw new ArgumentError(`${named(source)} cannot stand in FROM.`, {
    code: "NOT_A_FROM",
    remedy: "Give a table, an alias, a subquery (select(...).subquery(name)), a CTE or an entity class.",
  });
}

/** A join target from a FROM item or a relationship. */
export function toJoinTarget(source: unknown): JoinTarget {
  const make = (source as { [asJoin]?: () => JoinTarget } | undefined)?.[asJoin];
  if (typeof make === "function") return make.call(source);
  return { target: toFrom(source), on: undefined };
}

/** An element of a select list: an expression, or a group of columns such as an entity. */
export function toItem(item: unknown): Node {
  if (item instanceof Expression) return item as ExpressionNode;
  const make = (item as { [asItem]?: () => Node } | undefined)?.[asItem];
  if (typeof make === "function") return make.call(item);
  if (item instanceof FromClause) {
    throw new ArgumentError(`"${item.name}" is a FROM item, not a column.`, {
      remedy: "Use selectAll(...) to select all its columns.",
    });
  }
  if (item instanceof Node && item.kind === "itemGroup") return item;
  throw new ArgumentError(`${named(item)} cannot stand in a select list.`, {
    remedy: "Give columns, expressions or entity classes; literal(5) for a value.",
  });
}
