import type { ResultColumn } from "../compile/compiled.js";
import {
  ArgumentError,
  InvalidRequestError,
  MultipleResultsFound,
  NoResultFound,
  ResourceClosedError,
} from "../errors/index.js";
import type { Node } from "../visit/node.js";
import { FrozenResult, finishedReader } from "./frozen-result.js";
import { type ColumnPick, type PickedRow, type PickedTuple, pickColumns } from "./result-picks.js";
import { rowKey } from "./row-key.js";
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
  /** The same for each row of an INSERT of many. */
  readonly insertedPrimaryKeyRows?: (() => readonly (PrimaryKeyValues | undefined)[]) | undefined;
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
export class Result<out R, out P extends readonly unknown[] = readonly unknown[]> implements Iterable<R>, Disposable {
  /** Rows changed by INSERT, UPDATE or DELETE; for queries the number of rows; -1 where the driver does not know. */
  readonly rowCount: number;
  /** The key that the database generated for the (last) inserted row, as the driver reports it. */
  readonly lastInsertId: number | bigint | undefined;
  private readonly findKey: (() => PrimaryKeyValues | undefined) | undefined;
  private readonly findKeys: (() => readonly (PrimaryKeyValues | undefined)[]) | undefined;
  private reader: RowReader<R, P> | undefined;
  private rows: readonly (readonly unknown[])[];
  private ended = false;

  constructor(parts: ResultParts<R, P>) {
    this.reader = parts.reader;
    this.rows = parts.rows;
    this.rowCount = parts.rowCount;
    this.lastInsertId = parts.lastInsertId;
    this.findKey = parts.insertedPrimaryKey;
    this.findKeys = parts.insertedPrimaryKeyRows;
  }

  /** The driver's own arrays of values, before conversion. */
  get rawRows(): readonly (readonly unknown[])[] {
    return this.rows;
  }

  /**
   * The primary key of the row that an INSERT of one row made, by column key, generated or given:
   * `result.insertedPrimaryKey?.id`. Undefined for other statements, and where the database does not tell a key that it
   * made; RETURNING tells it.
   */
  get insertedPrimaryKey(): PrimaryKeyValues | undefined {
    return this.findKey?.();
  }

  /**
   * The same for each row of an INSERT, in the order of the input: one element a row, undefined where the key is not known. Empty
   * for other statements.
   */
  get insertedPrimaryKeyRows(): readonly (PrimaryKeyValues | undefined)[] {
    if (this.findKeys !== undefined) return this.findKeys();
    return this.findKey === undefined ? [] : [this.findKey()];
  }

  /** Whether the statement returns rows, be there any or not. */
  get returnsRows(): boolean {
    return this.reader !== undefined;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.ended;
  }

  /** The names of the result columns in order; undefined for an expression without a name. Empty without rows. */
  get keys(): readonly (string | undefined)[] {
    return this.reader === undefined ? [] : this.reader.keys;
  }

  /** What is known of the result columns, in order; undefined for a statement that returns no rows. */
  get resultColumns(): readonly ResultColumn[] | undefined {
    return this.reader?.columns;
  }

  /** All rows as objects. Throws InvalidRequestError (`DUPLICATE_COLUMN`, `UNNAMED_COLUMN`) where names cannot hold the row. */
  all(): R[] {
    return this.map(this.readers().object);
  }

  /** The first row; undefined when there is none. */
  first(): R | undefined {
    const row = this.rows[0];
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
    const row = this.rows[0];
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
    return this.rows.map((row) => new RowMapping(reader, row));
  }

  /** The rows in lists of `size`; the last one may be shorter. */
  *partitions(size: number): Generator<R[], void> {
    checkSize(size);
    const { object } = this.readers();
    for (let at = 0; at < this.rows.length; at += size) yield this.rows.slice(at, at + size).map(object);
  }

  /**
   * Some columns, in the order given: by name, by place, or by column object.
   *
   * @example
   * ```ts
   * const result = await conn.execute(select(users.c.id, users.c.name, posts.c.id).join(posts));
   * result.columns("name", users.c.id).all();        // { name: string; id: number }[]
   * result.columns(2, 0).tuples();                   // [number, number][]
   * ```
   * Throws NoSuchColumnError.
   */
  columns<R1, P1 extends readonly unknown[], const K extends readonly ColumnPick<R1>[]>(
    // The row types come from `this`: named directly, they would make results of narrower rows incompatible.
    this: Result<R1, P1>,
    ...picks: K
  ): Result<PickedRow<R1, P1, K>, PickedTuple<R1, P1, K>> {
    const { reader, pick } = pickColumns(this.readers(), picks as readonly (string | number | Node)[]);
    return this.derived(
      reader as unknown as RowReader<PickedRow<R1, P1, K>, PickedTuple<R1, P1, K>>,
      this.rows.map((row) => pick(row)),
    );
  }

  /**
   * Each row once, at its first place. Rows are the same when their values are: by value for numbers, texts, dates, bytes and
   * JSON, by identity for entities ({@link rowKey}); or when `by` answers the same.
   *
   * @example
   * ```ts
   * result.unique().all();
   * result.unique((row) => row.email.toLowerCase()).all();
   * ```
   */
  unique(by?: (row: R) => unknown): Result<R, P> {
    const reader = this.readers();
    const keyOf = by === undefined ? reader.tuple : (row: readonly unknown[]) => by(reader.object(row));
    const seen = new Set<string>();
    const rows = this.rows.filter((row) => {
      const { size } = seen;
      return seen.add(rowKey(keyOf(row))).size > size;
    });
    return this.derived(reader, rows);
  }

  /** The result, to be kept and read again and again: a {@link FrozenResult}. */
  freeze(): FrozenResult<R, P> {
    return new FrozenResult(this.readers(), this.rows, (parts) => new Result(parts));
  }

  /**
   * The rows of this result and then those of others, which have columns of the same names: of several shards. `rowCount` is the
   * sum. Throws ArgumentError (`RESULTS_DIFFER`).
   *
   * @example
   * ```ts
   * const [first, ...others] = await Promise.all(shards.map((engine) => engine.begin((conn) => conn.execute(stmt))));
   * first.merge(...others).all();
   * ```
   */
  merge(...others: readonly Result<R, P>[]): Result<R, P> {
    const readers = [this, ...others].map((result) => result.readers());
    const [first] = readers as [RowReader<R, P>];
    const names = JSON.stringify(first.keys);
    if (readers.some(({ keys }) => JSON.stringify(keys) !== names)) {
      throw new ArgumentError("The results do not have the same columns.", {
        code: "RESULTS_DIFFER",
        remedy: `The first has: ${first.keys.join(", ")}.`,
      });
    }
    const alike = readers.every((reader) => reader === first || (reader.finished && first.finished));
    const rows = [this, ...others].flatMap((result) => (alike ? result.rows : result.tuples()));
    const counts = [this, ...others].map(({ rowCount }) => rowCount);
    const rowCount = counts.some((count) => count < 0) ? -1 : counts.reduce((sum, count) => sum + count, 0);
    return new Result({ reader: alike ? first : finishedReader(first), rows, rowCount });
  }

  /** Lets the rows go. Reading afterwards throws ResourceClosedError; figures and keys of inserted rows stay. */
  close(): void {
    this.ended = true;
    this.reader = undefined;
    this.rows = [];
  }

  /** `using result = await conn.execute(...)`: closes at the end of the block. */
  [Symbol.dispose](): void {
    this.close();
  }

  *[Symbol.iterator](): Generator<R, void> {
    const { object } = this.readers();
    for (const row of this.rows) yield object(row);
  }

  private map<T>(read: (row: readonly unknown[]) => T): T[] {
    const { rows } = this;
    const made = new Array<T>(rows.length);
    for (let i = 0; i < rows.length; i++) made[i] = read(rows[i] as readonly unknown[]);
    return made;
  }

  private readers(): RowReader<R, P> {
    if (this.reader !== undefined) return this.reader;
    if (this.ended) throw new ResourceClosedError("The result is closed.", { code: "RESULT_CLOSED" });
    throw new InvalidRequestError("The statement returns no rows.", {
      code: "NO_ROWS_RETURNED",
      remedy: "Read rowCount, or add returning(...) to an INSERT, UPDATE or DELETE.",
    });
  }

  private derived<R2, P2 extends readonly unknown[]>(
    reader: RowReader<R2, P2>,
    rows: readonly (readonly unknown[])[],
  ): Result<R2, P2> {
    return new Result({ reader, rows, rowCount: this.rowCount, lastInsertId: this.lastInsertId });
  }

  private onlyRow(): readonly unknown[] | undefined {
    if (this.rows.length > 1) {
      throw new MultipleResultsFound(`One row was expected, the result has ${this.rows.length}.`, {
        remedy: "Narrow the WHERE clause, or use first().",
      });
    }
    return this.rows[0];
  }
}

/** Refuses a number of rows that cannot be one. */
export function checkSize(size: number, method = "partitions"): void {
  if (Number.isInteger(size) && size > 0) return;
  throw new ArgumentError(`${method}() takes a whole number from 1, not ${size}.`, { code: "BAD_SIZE" });
}

function noRow(): never {
  throw new NoResultFound("One row was expected, the result has none.", {
    remedy: "Use oneOrNone() or first() where a row may be missing.",
  });
}
