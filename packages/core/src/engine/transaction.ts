import type { BeginOptions, MaybePromise } from "../dialect/driver.js";
import { InvalidRequestError } from "../errors/index.js";
import type { Channel } from "./channel.js";
import { drive, promised, type Steps, wait } from "./maybe.js";

/** The open transactions of a connection: the outer one and the savepoints in it. */
export class TransactionStack {
  readonly channel: Channel;
  /** The one that was begun last and has not ended. */
  innermost: Transaction | undefined = undefined;
  private savepoints = 0;

  constructor(channel: Channel) {
    this.channel = channel;
  }

  /** A name that no savepoint of this connection has had. */
  nextSavepoint(): string {
    this.savepoints += 1;
    return `acme_${this.savepoints}`;
  }
}

/**
 * A transaction, or a savepoint inside one. Made by `conn.begin()` and `conn.beginNested()`. It ends once: by `commit`, by
 * `rollback`, or with the transaction around it.
 */
export class Transaction implements AsyncDisposable {
  /** The name of the savepoint; undefined for the outer transaction. */
  readonly savepoint: string | undefined;
  /** The transaction around this savepoint. */
  readonly parent: Transaction | undefined;
  protected readonly stack: TransactionStack;
  private over = false;

  /** See {@link Connection.begin}. */
  constructor(stack: TransactionStack, savepoint: string | undefined) {
    this.stack = stack;
    this.savepoint = savepoint;
    this.parent = savepoint === undefined ? undefined : stack.innermost;
  }

  /** Whether it was committed or rolled back, or ended with the one around it. */
  get ended(): boolean {
    return this.over;
  }

  /** Whether it can still be committed: it has not ended, and its connection was not lost. */
  get isActive(): boolean {
    return !this.over && !this.stack.channel.lost;
  }

  /**
   * Makes the changes permanent; of a savepoint: part of the transaction around it. Throws InvalidRequestError when it has
   * ended (`TRANSACTION_ENDED`) or a savepoint inside it is open (`NESTED_TRANSACTION_OPEN`). When the database refuses, the
   * transaction is rolled back.
   *
   * SQL: `COMMIT`, or `RELEASE SAVEPOINT`
   */
  commit(): Promise<void> {
    return promised(() => {
      this.checkOpen();
      this.leave();
      return drive(this.commitSteps());
    });
  }

  /** Throws unless this is the innermost open transaction. */
  protected checkOpen(): void {
    if (this.over) {
      throw new InvalidRequestError("The transaction has ended.", {
        code: "TRANSACTION_ENDED",
        remedy: "Begin a new one.",
      });
    }
    if (this.stack.innermost !== this) {
      throw new InvalidRequestError("A savepoint inside this transaction is open.", {
        code: "NESTED_TRANSACTION_OPEN",
        remedy: "Commit the savepoint, or roll it back, first.",
      });
    }
  }

  /** Undoes the changes, those of savepoints inside it too. Does nothing when it has ended. SQL: `ROLLBACK`, `ROLLBACK TO SAVEPOINT` */
  rollback(): Promise<void> {
    return promised(() => this.undo(true));
  }

  /** `tells`: what a listener throws is thrown once all is undone; otherwise something else has failed that is told. */
  private undo(tells: boolean): MaybePromise<void> {
    if (this.over) return undefined;
    this.leave();
    // With its connection the transaction is gone: there is nothing left to undo.
    return this.stack.channel.lost ? undefined : drive(this.rollbackSteps(tells));
  }

  /** `await using tx = await conn.begin()`: rolls back at the end of the block unless it was committed. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.rollback();
  }

  /** Counts as open from the call on, so that what is executed without awaiting it belongs to it. */
  start(options: BeginOptions): Promise<this> {
    this.stack.innermost = this;
    return promised(() => this.stack.channel.turns.run(() => this.beginNow(options))).then(
      () => this,
      (error: unknown) => {
        if (!this.over) this.leave();
        throw error;
      },
    );
  }

  /** Rolls back because something failed. That failure is what people must hear of: if this fails as well, the connection is given up. */
  async abandon(): Promise<void> {
    try {
      await this.undo(false);
    } catch (error) {
      this.stack.channel.invalidate(error);
    }
  }

  /** The BEGIN itself, for who has the connection's turn already. */
  beginNow(options: BeginOptions): MaybePromise<void> {
    const { channel } = this.stack;
    const { savepoint } = this;
    channel.announce(savepoint === undefined ? "begin" : "savepoint", { savepoint, options });
    if (savepoint === undefined) return channel.control("BEGIN", (driver) => driver.begin(options));
    return channel.control(`SAVEPOINT ${savepoint}`, (driver) => driver.savepoint(savepoint));
  }

  /** The COMMIT itself. */
  commitNow(): MaybePromise<void> {
    const { channel } = this.stack;
    const { savepoint } = this;
    channel.announce(savepoint === undefined ? "commit" : "releaseSavepoint", { savepoint });
    if (savepoint === undefined) return channel.control("COMMIT", (driver) => driver.commit());
    return channel.control(`RELEASE SAVEPOINT ${savepoint}`, (driver) => driver.releaseSavepoint(savepoint));
  }

  /**
   * The ROLLBACK itself. A savepoint is released after it, or savepoints of a loop would pile up inside one another. Returns what a
   * listener threw.
   */
  *rollbackNow(): Steps<{ readonly thrown: unknown } | undefined> {
    let failure: { readonly thrown: unknown } | undefined;
    try {
      this.announceRollback();
    } catch (thrown) {
      // Nothing that a listener does keeps a transaction from being rolled back: it counts as ended.
      failure = { thrown };
    }
    yield* this.undoNow();
    return failure;
  }

  /** Tells listeners that the transaction, or the savepoint, is rolled back. */
  protected announceRollback(): void {
    const { savepoint } = this;
    this.stack.channel.announce(savepoint === undefined ? "rollback" : "rollbackSavepoint", { savepoint });
  }

  protected *undoNow(): Steps<void> {
    const { channel } = this.stack;
    const { savepoint } = this;
    if (savepoint === undefined) {
      yield* wait(channel.rollback());
      return;
    }
    yield* wait(
      channel.control(`ROLLBACK TO SAVEPOINT ${savepoint}`, (driver) => driver.rollbackToSavepoint(savepoint)),
    );
    yield* wait(channel.control(`RELEASE SAVEPOINT ${savepoint}`, (driver) => driver.releaseSavepoint(savepoint)));
  }

  /** As {@link abandon}, for who has the connection's turn already. */
  *abandonNow(): Steps<void> {
    const { channel } = this.stack;
    if (channel.lost) return;
    try {
      yield* this.rollbackNow();
    } catch (error) {
      channel.invalidate(error);
    }
  }

  private *commitSteps(): Steps<void> {
    const { channel } = this.stack;
    if (channel.streaming !== undefined) yield* wait(channel.streaming.close());
    yield* wait(channel.turns.run(() => drive(this.commitOrAbandon())));
  }

  /** A failed COMMIT leaves the transaction open on some databases (SQLite, with deferred foreign keys): nobody could end it. */
  protected *commitOrAbandon(): Steps<void> {
    try {
      yield* wait(this.commitNow());
    } catch (error) {
      yield* this.abandonNow();
      throw error;
    }
  }

  private *rollbackSteps(tells: boolean): Steps<void> {
    const { channel } = this.stack;
    if (channel.streaming !== undefined) yield* wait(channel.streaming.close());
    const failure = yield* wait(channel.turns.run(() => drive(this.rollbackNow())));
    if (tells && failure !== undefined) throw failure.thrown;
  }

  /** Ends this transaction and those inside it. */
  protected leave(): void {
    const { stack } = this;
    for (let each = stack.innermost; each !== undefined; each = each.parent) {
      each.over = true;
      stack.innermost = each.parent;
      if (each === this) return;
    }
    this.over = true;
  }
}
