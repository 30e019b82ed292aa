import type { MaybePromise } from "../dialect/driver.js";
import type { FrozenResult } from "./frozen-result.js";
import { isPromise } from "./maybe.js";
import type { Result } from "./result.js";
import type { ColumnPick, PickedRow, PickedTuple } from "./result-picks.js";
import type { RowMapping } from "./row-mapping.js";

/**
 * An execution under way: await it for the whole {@link Result}, or call one of its readers, which give promises of what the
 * Result's reader of the same name gives.
 *
 * It has been started when you get it. One that fails and is never awaited is an unhandled rejection, as with any promise.
 *
 * @example
 * ```ts
 * const rows = await conn.execute(stmt).all();
 * const name = await conn.execute(select(users.c.name).where(users.c.id.eq(1))).scalar();
 * const result = await conn.execute(update(users).set({ nick: null }));
 * result.rowCount;
 * ```
 */
export class Execution<out R, out P extends readonly unknown[] = readonly unknown[]>
  implements PromiseLike<Result<R, P>>
{
  /** The outcome, when the driver answered at once. */
  private readonly settled: Result<R, P> | undefined;
  private readonly pending: Promise<Result<R, P>> | undefined;

  /** From an outcome that is there, or that will be. A promise that rejects makes an execution that failed. */
  constructor(outcome: MaybePromise<Result<R, P>>) {
    if (isPromise(outcome)) {
      this.settled = undefined;
      this.pending = outcome;
    } else {
      this.settled = outcome;
      this.pending = undefined;
    }
  }

  /**
   * An execution whose result is made from this one's: how the ORM turns rows into entities. What `change` throws is the
   * new execution's failure. No turn of the event loop is added.
   */
  transform<R2, P2 extends readonly unknown[]>(change: (result: Result<R, P>) => Result<R2, P2>): Execution<R2, P2> {
    const { settled } = this;
    if (settled === undefined) return new Execution((this.pending as Promise<Result<R, P>>).then(change));
    try {
      return new Execution(change(settled));
    } catch (error) {
      return new Execution<R2, P2>(Promise.reject(error));
    }
  }

  /** See {@link Result.all}. */
  all(): Promise<R[]> {
    return this.read((result) => result.all());
  }

  /** See {@link Result.first}. */
  first(): Promise<R | undefined> {
    return this.read((result) => result.first());
  }

  /** See {@link Result.one}. */
  one(): Promise<R> {
    return this.read((result) => result.one());
  }

  /** See {@link Result.oneOrNone}. */
  oneOrNone(): Promise<R | undefined> {
    return this.read((result) => result.oneOrNone());
  }

  /** See {@link Result.tuples}. */
  tuples(): Promise<P[]> {
    return this.read((result) => result.tuples());
  }

  /** See {@link Result.scalars}. */
  scalars<const I extends keyof P & number = 0>(index?: I): Promise<P[I][]> {
    return this.read((result) => result.scalars(index));
  }

  /** See {@link Result.scalar}. */
  scalar(): Promise<P[0] | undefined> {
    return this.read((result) => result.scalar());
  }

  /** See {@link Result.scalarOne}. */
  scalarOne(): Promise<P[0]> {
    return this.read((result) => result.scalarOne());
  }

  /** See {@link Result.scalarOneOrNone}. */
  scalarOneOrNone(): Promise<P[0] | undefined> {
    return this.read((result) => result.scalarOneOrNone());
  }

  /** See {@link Result.mappings}. */
  mappings(): Promise<RowMapping[]> {
    return this.read((result) => result.mappings());
  }

  /** See {@link Result.columns}: `conn.execute(stmt).columns("name").all()`. */
  columns<R1, P1 extends readonly unknown[], const K extends readonly ColumnPick<R1>[]>(
    this: Execution<R1, P1>,
    ...picks: K
  ): Execution<PickedRow<R1, P1, K>, PickedTuple<R1, P1, K>> {
    return this.transform((result) => result.columns(...picks));
  }

  /** See {@link Result.unique}: `conn.execute(stmt).unique().scalars()`. */
  unique(by?: (row: R) => unknown): Execution<R, P> {
    return this.transform((result) => result.unique(by));
  }

  /** See {@link Result.freeze}. */
  freeze(): Promise<FrozenResult<R, P>> {
    return this.read((result) => result.freeze());
  }

  then<A = Result<R, P>, B = never>(
    fulfilled?: ((result: Result<R, P>) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.promise().then(fulfilled, rejected);
  }

  /** As a promise's. */
  catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<Result<R, P> | B> {
    return this.promise().catch(rejected);
  }

  /** As a promise's. */
  finally(done?: (() => void) | null): Promise<Result<R, P>> {
    return this.promise().finally(done);
  }

  private promise(): Promise<Result<R, P>> {
    return this.pending ?? Promise.resolve(this.settled as Result<R, P>);
  }

  /** One promise, whether the outcome is there or not. */
  private read<T>(reader: (result: Result<R, P>) => T): Promise<T> {
    const { settled } = this;
    if (settled === undefined) return (this.pending as Promise<Result<R, P>>).then(reader);
    try {
      return Promise.resolve(reader(settled));
    } catch (error) {
      return Promise.reject(error);
    }
  }
}
