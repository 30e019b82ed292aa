import { bigInteger } from "../types/numbers.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode } from "../visit/node.js";
import { Expression } from "./expression.js";

/** The next value of a sequence: `NEXT VALUE FOR orders_seq`. */
export class NextValue<out T = unknown> extends Expression<T> {
  readonly sequence: string;
  readonly schema: string | undefined;
  readonly type: ValueType<unknown, unknown>;

  constructor(sequence: string, schema: string | undefined, type: ValueType<unknown, unknown>) {
    super();
    this.sequence = sequence;
    this.schema = schema;
    this.type = type;
  }

  static {
    declareNode(NextValue, "nextValue", { sequence: "atom", schema: "atom", type: "type" });
  }

  override get resultName(): string {
    return "next_value";
  }
}

/** Options of {@link nextValue}. */
export interface NextValueOptions<T> {
  /** The schema of the sequence. Default: where the database looks by itself. */
  readonly schema?: string | undefined;
  /** The type of its values. Default: `bigInteger()`. */
  readonly type?: ValueType<T, unknown> | undefined;
}

/**
 * Takes the next value of a sequence of the database.
 *
 * @example
 * ```ts
 * insert(orders).values({ id: nextValue("orders_seq") })
 * select(nextValue("ticket", { type: integer() }))
 * ```
 * SQL: `NEXT VALUE FOR orders_seq` (SQL Server, MariaDB), `nextval('orders_seq')` on PostgreSQL, `orders_seq.NEXTVAL` on Oracle.
 *
 * @throws CompileError on SQLite and MySQL, which have no sequences.
 */
export function nextValue<T = bigint>(sequence: string, options: NextValueOptions<T> = {}): Expression<T> {
  return new NextValue<T>(sequence, options.schema, options.type ?? bigInteger());
}
