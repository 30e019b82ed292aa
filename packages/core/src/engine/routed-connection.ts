import type { ParameterValues } from "../compile/compiled.js";
import type { BeginOptions } from "../dialect/driver.js";
import { ResourceClosedError } from "../errors/index.js";
import type { Executable } from "../sql/protocols.js";
import type { Node } from "../visit/node.js";
import type { Connection } from "./connection.js";
import { rowSource } from "./executing.js";
import { Execution } from "./execution.js";
import type { Parameters } from "./executor.js";
import { LentSource } from "./lent-source.js";
import type { ConnectionOptions, ExecutionOptions, StreamOptions, TransactionOptions } from "./options.js";
import type { ReplicatedEngine } from "./replicas.js";
import { onlyReads } from "./routing.js";
import { RowStream } from "./stream.js";
import type { Transaction } from "./transaction.js";

/**
 * A connection of a {@link ReplicatedEngine}: one to the primary and one to a replica, each taken when it is first needed, and
 * given back by `close`. What is executed without awaiting what was executed before is in order only on each of them.
 */
export class RoutedConnection implements AsyncDisposable {
  private readonly engine: ReplicatedEngine;
  private readonly options: ConnectionOptions | undefined;
  private writer: Promise<Connection> | undefined = undefined;
  private reader: Promise<Connection> | undefined = undefined;
  /** Where everything goes while a transaction is open. */
  private bound: Promise<Connection> | undefined = undefined;
  private sticks = false;
  private closed = false;

  /** See {@link ReplicatedEngine.connect}. */
  constructor(engine: ReplicatedEngine, options: ConnectionOptions | undefined) {
    this.engine = engine;
    this.options = options;
  }

  /** As {@link Connection.execute}; a query goes to a replica. */
  execute<R, P extends readonly unknown[]>(
    statement: Executable<R, P>,
    parameters?: Parameters,
    options?: ExecutionOptions,
  ): Execution<R, P> {
    return new Execution(
      this.connectionFor(statement as unknown as Node).then((connection) =>
        connection.execute(statement, parameters, options),
      ),
    );
  }

  /** As {@link Connection.stream}; a query goes to a replica. */
  stream<R, P extends readonly unknown[]>(
    statement: Executable<R, P>,
    parameters?: ParameterValues,
    options: StreamOptions = {},
  ): RowStream<R, P> {
    const node = statement as unknown as Node;
    // The connection goes on to live when the stream has ended.
    const lent = (): Promise<Connection> => this.connectionFor(node);
    return new RowStream<R, P>(
      new LentSource(lent, (connection) => connection[rowSource](node, parameters, options), false),
    );
  }

  /** As {@link Connection.begin}; with `readOnly: true` on a replica. What is executed until it ends belongs to it. */
  async begin(options: BeginOptions = {}): Promise<Transaction> {
    const connection = this.connection(options.readOnly !== true);
    const transaction = await (await connection).begin(options);
    this.bound = connection;
    return transaction;
  }

  /** As {@link Connection.transaction}; with `readOnly: true` on a replica. */
  async transaction<T>(
    work: (connection: Connection, transaction: Transaction) => T | PromiseLike<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const connection = (await this.openTransaction()) ?? (await this.connection(options.readOnly !== true));
    return connection.transaction((inside, transaction) => {
      // What is executed on this connection meanwhile belongs to it, too.
      this.bound = Promise.resolve(connection);
      return work(inside, transaction);
    }, options);
  }

  /** Gives the connections back. */
  async close(): Promise<void> {
    this.closed = true;
    const open = [this.writer, this.reader].filter((connection) => connection !== undefined);
    await Promise.all(open.map((connection) => connection.then((each) => each.close())));
  }

  /** `await using conn = await engine.connect()`: closes at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async connectionFor(statement: Node): Promise<Connection> {
    const bound = await this.openTransaction();
    if (bound !== undefined) return bound;
    return this.connection(!onlyReads(statement));
  }

  /** The connection whose transaction is open; a transaction ends by itself. */
  private async openTransaction(): Promise<Connection | undefined> {
    const bound = await this.bound;
    if (bound?.inTransaction) return bound;
    this.bound = undefined;
    return undefined;
  }

  private connection(writes: boolean): Promise<Connection> {
    if (this.closed) {
      return Promise.reject(
        new ResourceClosedError("The connection is closed.", { remedy: "Await everything that uses it before." }),
      );
    }
    if (writes) this.sticks = this.engine.noteWrite() || this.sticks;
    if (writes || this.sticks || this.engine.wroteRecently) return this.writing();
    return this.reading();
  }

  // A connection that could not be had is asked for again the next time.
  private writing(): Promise<Connection> {
    this.writer ??= this.engine.primary.connect(this.options).catch((error: unknown) => {
      this.writer = undefined;
      throw error;
    });
    return this.writer;
  }

  private reading(): Promise<Connection> {
    this.reader ??= this.engine.connectReader(this.options).catch((error: unknown) => {
      this.reader = undefined;
      throw error;
    });
    return this.reader;
  }
}
