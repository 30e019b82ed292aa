import type { ResultColumn } from "../compile/compiled.js";
import { ArgumentError, InvalidRequestError, MultipleResultsFound, NoResultFound } from "../errors/index.js";
import { RowMapping } from "./row-mapping.js";
import type { RowReader } from "./row-reader.js";

/** The values of a primary key by column key. */
export type PrimaryKeyValues = Readonly<Record<string, unknown>>;

/** What a {@link Result} is made of. */
export interface ResultParts<R, P extends readonly unknown[]> {
  /** Reads the rows; undefined for a statement that returns none. */
  readonly reader: RowReader<R, P> | undefined;
  /** The driver's rows. */
  readonly rows: readonly (readonly unknown[])[];
  readonly rowCount: number;
  readonly lastInsertId?: number | bigint | undefined;
  /** Finds the key of the inserted row, when somebody asks for it. */
  readonly insertedPrimaryKey?: (() => PrimaryKeyValues | undefined) | undefined;
}

/**
 * The outcome of an execution: rows in memory, and figures. Reading does not use it up.
 *
 * `R` is the row by name, `P` the row as a tuple.
 *
 * @example
 * ```ts
 * const result = await conn.execute(select(users.c.id, users.c.name));
 * for (const row of result) console.log(row.id, row.name);
 * for (const [id, name] of result.tuples()) console.log(id, name);
 * ```
 */
export class Result<out R, out P extends readonly unknown[] = readonly unknown[]> implements Iterable<R> {
  /** The driver's own arrays of values, before conversion. */
  readonly rawRows: readonly (readonly unknown[])[];
  /** Rows changed by INSERT, UPDATE or DELETE; for queries the number of rows; -1 where the driver does not know. */
  readonly rowCount: number;
  /** The key that the database generated for the (last) inserted row, as the driver reports it. */
  readonly lastInsertId: number | bigint | undefined;
  private readonly reader: RowReader<R, P> | undefined;
  private readonly findKey: (() => PrimaryKeyValues | undefined) | undefined;

  constructor(parts: ResultParts<R, P>) {
    this.reader = parts.reader;
    this.rawRows = parts.rows;
    this.rowCount = parts.rowCount;
    this.lastInsertId = parts.lastInsertId;
    this.findKey = parts.insertedPrimaryKey;
  }

  /**
   * The primary key of the row that an INSERT of one row made, by column key, generated or given:
   * `result.insertedPrimaryKey?.id`. Undefined for other statements, and where the database does not tell a key that it
   * made; RETURNING tells it.
   */
  get insertedPrimaryKey(): PrimaryKeyValues | undefined {
    return this.findKey?.();
  }

  /** Whether the statement returns rows, be there any or not. */
  get returnsRows(): boolean {
    return this.reader !== undefined;
  }

  /** The names of the result columns in order; undefined for an expression without a name. Empty without rows. */
  get keys(): readonly (string | undefined)[] {
    return this.reader === undefined ? [] : this.reader.keys;
  }

  /** What is known of the result columns, in order; undefined for a statement that returns no rows. */
  get columns(): readonly ResultColumn[] | undefined {
    return this.reader?.columns;
  }

  /** All rows as objects. Throws InvalidRequestError (`DUPLICATE_COLUMN`, `UNNAMED_COLUMN`) where names cannot hold the row. */
  all(): R[] {
    return this.map(this.readers().object);
  }

  /** The first row; undefined when there is none. */
  first(): R | undefined {
    const row = this.rawRows[0];
    const reader = this.readers();
    return row === undefined ? undefined : reader.object(row);
  }

  /** The only row. Throws NoResultFound (`NO_RESULT`) or MultipleResultsFound (`MULTIPLE_RESULTS`). */
  one(): R {
    return this.readers().object(this.onlyRow() ?? noRow());
  }

  /** The only row; undefined when there is none. Throws MultipleResultsFound (`MULTIPLE_RESULTS`). */
  oneOrNone(): R | undefined {
    const reader = this.readers();
    const row = this.onlyRow();
    return row === undefined ? undefined : reader.object(row);
  }

  /** All rows as tuples, in the order of the select list. */
  tuples(): P[] {
    return this.map(this.readers().tuple);
  }

  /** The values of one column of all rows: of the first, or of the one at `index`. */
  scalars<const I extends keyof P & number = 0>(index?: I): P[I][] {
    return this.map(this.readers().scalar(index ?? 0)) as P[I][];
  }

  /** The first column of the first row; undefined when there is no row, null when its value is NULL. */
  scalar(): P[0] | undefined {
    const read = this.readers().scalar(0);
    const row = this.rawRows[0];
    return row === undefined ? undefined : read(row);
  }

  /** The first column of the only row. Throws NoResultFound or MultipleResultsFound. */
  scalarOne(): P[0] {
    return this.readers().scalar(0)(this.onlyRow() ?? noRow());
  }

  /** The first column of the only row; undefined when there is none. Throws MultipleResultsFound. */
  scalarOneOrNone(): P[0] | undefined {
    const read = this.readers().scalar(0);
    const row = this.onlyRow();
    return row === undefined ? undefined : read(row);
  }

  /** All rows for reading by column object: `row.get(users.c.id)`. */
  mappings(): RowMapping[] {
    const reader = this.readers();
    return this.rawRows.map((row) => new RowMapping(reader, row));
  }

  /** The rows in lists of `size`; the last one may be shorter. */
  *partitions(size: number): Generator<R[], void> {
    checkSize(size);
    const { object } = this.readers();
    for (let at = 0; at < this.rawRows.length; at += size) yield this.rawRows.slice(at, at + size).map(object);
  }

  *[Symbol.iterator](): Generator<R, void> {
    const { object } = this.readers();
    for (const row of this.rawRows) yield object(row);
  }

  private map<T>(read: (row: readonly unknown[]) => T): T[] {
    const { rawRows } = this;
    const made = new Array<T>(rawRows.length);
    for (let i = 0; i < rawRows.length; i++) made[i] = read(rawRows[i] as readonly unknown[]);
    return made;
  }

  private readers(): RowReader<R, P> {
    if (this.reader !== undefined) return this.reader;
    throw new InvalidRequestError("The statement returns no rows.", {
      code: "NO_ROWS_RETURNED",
      remedy: "Read rowCount, or add returning(...) to an INSERT, UPDATE or DELETE.",
    });
  }

  private onlyRow(): readonly unknown[] | undefined {
    if (this.rawRows.length > 1) {
      throw new MultipleResultsFound(`One row was expected, the result has ${this.rawRows.length}.`, {
        remedy: "Narrow the WHERE clause, or use first().",
      });
    }
    return this.rawRows[0];
  }
}

/** Refuses a number of rows that cannot be one. */
export function checkSize(size: number): void {
  if (Number.isInteger(size) && size > 0) return;
  throw new ArgumentError(`partitions() takes a whole number from 1, not ${size}.`, { code: "BAD_SIZE" });
}

function noRow(): never {
  throw new NoResultFound("One row was expected, the result has none.", {
    remedy: "Use oneOrNone() or first() where a row may be missing.",
  });
}
