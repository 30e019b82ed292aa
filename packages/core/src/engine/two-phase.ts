import type { BeginOptions, DriverConnection, MaybePromise, TwoPhaseDriver } from "../dialect/driver.js";
import { InvalidRequestError, NotSupportedError } from "../errors/index.js";
import { drive, promised, type Steps, wait } from "./maybe.js";
import { Transaction, type TransactionStack } from "./transaction.js";

/**
 * A transaction that ends in two phases: `prepare` stores what was done, so that nothing can make `commit` fail any more, not even
 * a crash. Several databases change together by preparing all of them before committing any.
 *
 * Once prepared it belongs to the server. Whoever loses sight of it (a crash, a lost connection) finds it again with
 * `conn.twoPhase.recover()` and ends it by its identifier.
 */
export class TwoPhaseTransaction extends Transaction {
  /** What the whole server knows the transaction by. */
  readonly xid: string;
  private isPrepared = false;

  constructor(stack: TransactionStack, xid: string) {
    super(stack, undefined);
    this.xid = xid;
  }

  /** Whether the first phase is over. */
  get prepared(): boolean {
    return this.isPrepared;
  }

  /**
   * The first phase. Afterwards the connection executes nothing until the transaction has been ended. When the database refuses,
   * the transaction is rolled back.
   *
   * SQL: `PREPARE TRANSACTION 'xid'`; `XA END`, `XA PREPARE`
   */
  prepare(): Promise<void> {
    return promised(() => {
      this.checkOpen();
      if (this.isPrepared) throw alreadyPrepared();
      return drive(this.prepareSteps());
    });
  }

  /**
   * Leaves a prepared transaction to somebody else, who ends it by its identifier: `conn.twoPhase.commit(xid)`. Throws
   * InvalidRequestError (`NOT_PREPARED`) before it is prepared.
   */
  async handOver(): Promise<void> {
    this.checkOpen();
    if (!this.isPrepared) {
      throw new InvalidRequestError("The transaction is not prepared.", {
        code: "NOT_PREPARED",
        remedy: "Call prepare() first: what is not prepared ends with the connection.",
      });
    }
    this.leave();
  }

  override beginNow(options: BeginOptions): MaybePromise<void> {
    const { channel } = this.stack;
    channel.announceTwoPhase("beginTwoPhase", { xid: this.xid });
    return channel.control("BEGIN", (driver) => phases(driver).begin(this.xid, options));
  }

  override commitNow(): MaybePromise<void> {
    const { channel } = this.stack;
    const { xid, prepared } = this;
    channel.announceTwoPhase("commitTwoPhase", { xid, prepared });
    return channel.control("COMMIT", (driver) => phases(driver).commit(xid, prepared));
  }

  protected override announceRollback(): void {
    this.stack.channel.announceTwoPhase("rollbackTwoPhase", { xid: this.xid, prepared: this.isPrepared });
  }

  protected override *undoNow(): Steps<void> {
    const { xid, prepared } = this;
    yield* wait(this.stack.channel.control("ROLLBACK", (driver) => phases(driver).rollback(xid, prepared)));
  }

  /** A prepared transaction whose COMMIT failed stays prepared: others may have committed their part already. */
  protected override *commitOrAbandon(): Steps<void> {
    if (this.isPrepared) yield* wait(this.commitNow());
    else yield* super.commitOrAbandon();
  }

  private *prepareSteps(): Steps<void> {
    const { channel } = this.stack;
    if (channel.streaming !== undefined) yield* wait(channel.streaming.close());
    yield* wait(channel.turns.run(() => drive(this.prepareOrAbandon())));
  }

  private *prepareOrAbandon(): Steps<void> {
    const { channel } = this.stack;
    try {
      channel.announceTwoPhase("prepareTwoPhase", { xid: this.xid });
      yield* wait(channel.control("PREPARE", (driver) => phases(driver).prepare(this.xid)));
      this.isPrepared = true;
    } catch (error) {
      this.leave();
      yield* this.abandonNow();
      throw error;
    }
  }
}

/** Two-phase transactions on a connection; see {@link Connection.twoPhase}. */
export class TwoPhase {
  private readonly stack: TransactionStack;
  private readonly ready: (options: BeginOptions) => BeginOptions;

  /** `ready` throws where no transaction can be begun, and says how one is. */
  constructor(stack: TransactionStack, ready: (options: BeginOptions) => BeginOptions) {
    this.stack = stack;
    this.ready = ready;
  }

  /**
   * Begins a transaction that will end in two phases. Without an identifier it gets a random one. Rejects with NotSupportedError
   * where the database has none (SQLite).
   */
  begin(xid: string = `acme-${crypto.randomUUID()}`, options: BeginOptions = {}): Promise<TwoPhaseTransaction> {
    return promised(() => {
      const how = this.ready(options);
      phases(this.stack.channel.driver);
      return new TwoPhaseTransaction(this.stack, xid).start(how);
    });
  }

  /** The identifiers of the transactions that are prepared and not ended, on the whole server or database. */
  recover(): Promise<readonly string[]> {
    return this.ask("RECOVER", (driver) => driver.recover());
  }

  /** Commits a prepared transaction, whoever prepared it. */
  commit(xid: string): Promise<void> {
    this.stack.channel.announceTwoPhase("commitTwoPhase", { xid, prepared: true });
    return this.ask("COMMIT PREPARED", (driver) => driver.commit(xid, true));
  }

  /** Rolls a prepared transaction back, whoever prepared it. */
  rollback(xid: string): Promise<void> {
    this.stack.channel.announceTwoPhase("rollbackTwoPhase", { xid, prepared: true });
    return this.ask("ROLLBACK PREPARED", (driver) => driver.rollback(xid, true));
  }

  private ask<T>(word: string, call: (driver: TwoPhaseDriver) => MaybePromise<T>): Promise<T> {
    const { channel } = this.stack;
    return promised(() => {
      this.ready({});
      return channel.turns.run(() => channel.control(word, (driver) => call(phases(driver))));
    });
  }
}

function phases(driver: DriverConnection): TwoPhaseDriver {
  if (driver.twoPhase !== undefined) return driver.twoPhase;
  throw new NotSupportedError("The database, or its driver, has no two-phase commit.", {
    code: "NO_TWO_PHASE",
    remedy: "PostgreSQL, MySQL and MariaDB have it.",
  });
}

function alreadyPrepared(): InvalidRequestError {
  return new InvalidRequestError("The transaction is prepared already.", {
    code: "TRANSACTION_PREPARED",
    remedy: "Commit it, or roll it back.",
  });
}
