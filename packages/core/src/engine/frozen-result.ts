import { ArgumentError } from "../errors/index.js";
import type { Result, ResultParts } from "./result.js";
import type { RowReader } from "./row-reader.js";
import { TupleReader } from "./tuple-reader.js";

/** Makes a result; given, because a result in its turn makes what is here. */
type MakeResult = <R, P extends readonly unknown[]>(parts: ResultParts<R, P>) => Result<R, P>;

/**
 * A result that is kept: each `result()` reads it from the beginning, however often, and nobody can change it. Made by
 * {@link Result.freeze}.
 *
 * @example
 * ```ts
 * const cached = (await conn.execute(stmt)).freeze();
 * cached.result().all();
 * cached.withNewRows([[1, "alice"]]).result().all();
 * ```
 */
export class FrozenResult<out R, out P extends readonly unknown[] = readonly unknown[]> {
  private readonly reader: RowReader<R, P>;
  private readonly kept: readonly (readonly unknown[])[];
  private readonly make: MakeResult;

  /** See {@link Result.freeze}. `rows` are what the reader reads. */
  constructor(reader: RowReader<R, P>, rows: readonly (readonly unknown[])[], make: MakeResult) {
    this.reader = reader;
    this.make = make;
    this.kept = Object.freeze(rows.map((row) => (Object.isFrozen(row) ? row : Object.freeze([...row]))));
    Object.freeze(this);
  }

  /** The names of the columns. */
  get keys(): readonly (string | undefined)[] {
    return this.reader.keys;
  }

  /** A result of the kept rows. */
  result(): Result<R, P> {
    return this.make({ reader: this.reader, rows: this.kept, rowCount: this.kept.length });
  }

  /**
   * The same columns with other rows, given as tuples of finished values: what a cache loaded from elsewhere. Throws
   * ArgumentError (`ROW_WIDTH`) for a row of another length.
   */
  withNewRows(rows: readonly P[]): FrozenResult<R, P> {
    const { reader } = this;
    for (const row of rows) {
      if (row.length === reader.keys.length) continue;
      throw new ArgumentError(`A row of ${reader.keys.length} values was expected, not of ${row.length}.`, {
        code: "ROW_WIDTH",
      });
    }
    return new FrozenResult<R, P>(finishedReader(reader), rows, this.make);
  }
}

/** Reads finished tuples the way that a reader reads the driver's rows. */
export function finishedReader<R, P extends readonly unknown[]>(reader: RowReader<R, P>): RowReader<R, P> {
  if (reader.finished) return reader;
  // Rows by name are made of the same names and values, whichever reader makes them.
  return new TupleReader(reader.columns, reader.keys, (column) => reader.locate(column)) as unknown as RowReader<R, P>;
}
