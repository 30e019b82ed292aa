import type { Typed } from "../sql/protocols.js";
import type { Node } from "../visit/node.js";
import { rowKey } from "./row-key.js";
import type { RowReader } from "./row-reader.js";

/**
 * A row that is read by column object (or by name): two columns of one name do not get into each other's way.
 *
 * @example
 * ```ts
 * for (const row of await conn.execute(select(users.c.id, posts.c.id).join(posts)).mappings()) {
 *   row.get(users.c.id); // number
 *   row.get(posts.c.id); // number
 * }
 * ```
 */
export class RowMapping {
  private readonly reader: RowReader<unknown, readonly unknown[]>;
  private readonly values: readonly unknown[];

  constructor(reader: RowReader<unknown, readonly unknown[]>, values: readonly unknown[]) {
    this.reader = reader;
    this.values = values;
    Object.freeze(this);
  }

  /**
   * The value of a column. Throws NoSuchColumnError for one that is not in the result, InvalidRequestError
   * (`DUPLICATE_COLUMN`) for a name that two columns have. The columns of an outer-joined table can be null here although
   * their type does not say so: it is the column's own.
   */
  get<T = unknown>(column: Typed<T> | string): T {
    // A typed expression is a node; `Typed` is its phantom side.
    const index = this.reader.locate(column as unknown as Node | string);
    return this.reader.scalar(index)(this.values) as T;
  }

  /** Whether the result has the column. */
  has(column: Typed<unknown> | string): boolean {
    try {
      this.reader.locate(column as unknown as Node | string);
      return true;
    } catch {
      return false;
    }
  }

  /** The row as a tuple. */
  toTuple(): readonly unknown[] {
    return this.reader.tuple(this.values);
  }

  /** The row as a plain object. Throws InvalidRequestError where names cannot hold it. */
  toObject(): Record<string, unknown> {
    return this.reader.object(this.values) as Record<string, unknown>;
  }

  /** The number of columns. */
  get size(): number {
    return this.reader.keys.length;
  }

  /** A text that is the same for rows of the same values: for sets and maps ({@link rowKey}). */
  get key(): string {
    return rowKey(this.toTuple());
  }

  /** Whether another row has the same values in the same order. */
  equals(other: RowMapping): boolean {
    return this.key === other.key;
  }

  /** Names and values, in order. */
  *[Symbol.iterator](): Generator<[key: string | undefined, value: unknown], void> {
    const tuple = this.toTuple();
    for (const [i, key] of this.keys.entries()) yield [key, tuple[i]];
  }

  /** As {@link toObject}: how JSON.stringify shows the row. */
  toJSON(): Record<string, unknown> {
    return this.toObject();
  }

  /** The names of the columns in order. */
  get keys(): readonly (string | undefined)[] {
    return this.reader.keys;
  }
}
