import { ArgumentError } from "../errors/index.js";
import { double, integer } from "../types/numbers.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode } from "../visit/node.js";
import { toExpression } from "./coerce.js";
import { Expression, type ExpressionNode } from "./expression.js";
import type { OpS, OpT, Typed } from "./protocols.js";

/**
 * The parts of dates and times. They mean the same on every database: weeks and `isoYear` follow ISO 8601, `dayOfWeek` counts from
 * Sunday as 0, `isoDayOfWeek` from Monday as 1, `second` has its fraction, `epoch` counts seconds from 1970-01-01 UTC.
 */
export type ExtractField =
  | "year"
  | "isoYear"
  | "quarter"
  | "month"
  | "week"
  | "day"
  | "dayOfWeek"
  | "isoDayOfWeek"
  | "dayOfYear"
  | "hour"
  | "minute"
  | "second"
  | "epoch";

const DATE_FIELDS: ReadonlySet<string> = new Set(
  "year isoYear quarter month week day dayOfWeek isoDayOfWeek dayOfYear epoch".split(" "),
);
const TIME_FIELDS: ReadonlySet<string> = new Set(["hour", "minute", "second"]);
const INTEGER = integer();
const DOUBLE = double();

/** `EXTRACT(field FROM x)` */
export class Extract extends Expression<number | null> {
  readonly field: ExtractField;
  readonly operand: ExpressionNode;

  constructor(field: ExtractField, operand: ExpressionNode) {
    super();
    this.field = field;
    this.operand = operand;
  }

  static {
    declareNode(Extract, "extract", { field: "atom", operand: "node" });
  }

  get type(): ValueType<unknown, unknown> {
    return this.field === "second" || this.field === "epoch" ? DOUBLE : INTEGER;
  }
}

/**
 * A part of a date or time, as a number. Instants are taken in UTC.
 *
 * @example
 * ```ts
 * extract("year", users.c.createdAt)
 * ```
 * SQL: `EXTRACT(YEAR FROM users.created_at)`; `strftime` on SQLite, `DATEPART` on SQL Server
 *
 * @throws ArgumentError for a part that a value of the type has not: the hour of a date, the year of a time of day.
 */
export function extract<E extends Typed<unknown>>(
  field: ExtractField,
  from: E,
): Expression<number | (null & OpT<E>), OpS<E>> {
  const operand = toExpression(from);
  if (!DATE_FIELDS.has(field) && !TIME_FIELDS.has(field))
    throw new ArgumentError(`"${field}" is no part of a date or time.`, {
      code: "BAD_FIELD",
      remedy: `Use one of ${[...DATE_FIELDS, ...TIME_FIELDS].join(", ")}.`,
    });
  const { name } = operand.type;
  if ((name === "date" && TIME_FIELDS.has(field)) || (name === "time" && DATE_FIELDS.has(field)))
    throw new ArgumentError(`A ${name} has no ${field}.`, { code: "BAD_FIELD" });
  return new Extract(field, operand) as ExpressionNode as Expression<number | (null & OpT<E>), OpS<E>>;
}
