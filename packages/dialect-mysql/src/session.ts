import type { Readable } from "node:stream";
import { ConnectionLostError, ProgrammingError } from "@acme/core/dialect";
import type { Callback, Command, Mysql2, NativeConnection, PreparedStatement } from "./mysql2.js";
import { encode } from "./parameters.js";

/** What is sent: text as it is, or a statement that the server prepares. */
export interface Message {
  readonly sql: string;
  /** Undefined sends the text by itself, in the text protocol; a list prepares it, empty or not. */
  readonly values: readonly unknown[] | undefined;
  /** The data that LOAD DATA LOCAL asks for. */
  readonly infile?: () => Readable;
}

/** How long a server may be silent, in milliseconds. */
export interface Patience {
  /** When it is told good-bye. */
  readonly cancelTimeout: number;
  /** While an answer is awaited; 0 waits for ever. */
  readonly socketTimeout: number;
}

/** How many parameters a prepared statement has; mysql2 says it once, when it prepares. */
const parameterCounts = new WeakMap<PreparedStatement, number>();

/**
 * mysql2's connection with the corners rounded off: an error event of a connection that nobody uses at the moment (the server
 * closed it) is noted instead of ending the process, whoever waits for an answer hears of a lost connection in every case,
 * and a wrong number of parameters is refused, for which mysql2 sends garbage.
 */
export class Session {
  readonly native: NativeConnection;
  private readonly mysql2: Mysql2;
  private readonly patience: Patience;
  /** Nobody reads at the moment, so that silence means nothing. */
  private paused = false;
  private lostBy: Error | undefined = undefined;
  /** Who waits for an answer. */
  private waiting: ((error: Error) => void) | undefined = undefined;

  constructor(native: NativeConnection, mysql2: Mysql2, patience: Patience) {
    this.native = native;
    this.patience = patience;
    this.mysql2 = mysql2;
    native.on("error", (error) => {
      this.lostBy ??= error;
      this.waiting?.(error);
    });
    this.watch();
  }

  /**
   * Gives the connection up when nothing comes although an answer is awaited: what the network has swallowed is never
   * answered. Whatever is sent or received sets the socket's clock back.
   */
  private watch(): void {
    const { socketTimeout } = this.patience;
    if (socketTimeout === 0) return;
    this.native.stream?.setTimeout(socketTimeout, () => {
      if (this.waiting !== undefined && !this.paused) this.destroy(silent(socketTimeout));
    });
  }

  /** How many bytes have come from the server; undefined while it is kept from sending. */
  get received(): number | undefined {
    return this.paused ? undefined : (this.native.stream?.bytesRead ?? 0);
  }

  /** Lets the server wait, because whoever reads a stream does not keep up. */
  pause(): void {
    this.paused = true;
    this.native.pause();
  }

  /** Goes on after {@link pause}. */
  resume(): void {
    this.paused = false;
    this.native.resume();
    if (this.patience.socketTimeout > 0) this.native.stream?.setTimeout(this.patience.socketTimeout);
  }

  /** Waits until the connection stands. */
  opened(): Promise<void> {
    return this.answer(
      (settled) => this.native.connect((error) => settled(error)),
      () => undefined,
    );
  }

  /** The error that ended the connection. */
  get lost(): Error | undefined {
    return this.lostBy;
  }

  /** Sends a message and makes something of the answer. */
  send<T>(message: Message, read: (rows: unknown, fields: unknown) => T): Promise<T> {
    return this.answer((settled) => {
      const { sql, values, infile } = message;
      if (infile !== undefined) this.native.query({ sql, infileStreamFactory: infile }, settled);
      else if (values === undefined) this.native.query({ sql }, settled);
      else this.prepare(sql, values, settled, (statement, encoded) => statement.execute(encoded, settled));
    }, read);
  }

  /** Sends a message whose rows come as events: `started` gets the command before its first event. */
  listen(message: Message, started: (command: Command) => void, failed: (error: Error) => void): void {
    const { sql, values } = message;
    this.waiting = failed;
    try {
      if (this.lostBy !== undefined) failed(this.lostBy);
      else if (values === undefined) started(this.native.query({ sql }));
      else this.prepare(sql, values, failed, (statement, encoded) => started(statement.execute(encoded)));
    } catch (error) {
      failed(error as Error);
    }
  }

  /** The listener of {@link listen} has heard everything. */
  heard(): void {
    this.waiting = undefined;
  }

  /** Asks whether the server is there. */
  ping(): Promise<void> {
    return this.answer(
      (settled) => this.native.ping(settled),
      () => undefined,
    );
  }

  /** Forgets a prepared statement, here and on the server. */
  unprepare(sql: string): void {
    if (this.lostBy === undefined) this.native.unprepare(sql);
  }

  /** Says good-bye and closes. A command that is still under way is not waited for. */
  async close(): Promise<void> {
    if (this.waiting !== undefined) return this.destroy();
    if (this.lostBy === undefined) {
      await this.answer(
        (settled) => this.native.end(() => settled(null)),
        () => undefined,
      ).catch(() => undefined);
    }
    this.lostBy ??= closedHere("it was closed");
    this.native.destroy();
    // That closes one half. A server that cannot be reached never closes the other, and an open socket keeps the process
    // alive, while this timer does not.
    setTimeout(() => this.native.stream?.destroy(), this.patience.cancelTimeout).unref();
  }

  /** Closes without a word. */
  destroy(why = closedHere("a statement could not be stopped, or was under way when it was closed")): void {
    this.lostBy ??= why;
    const { waiting } = this;
    this.waiting = undefined;
    this.native.destroy();
    // mysql2 only closes its half; a server that is busy sending, to a socket that nobody reads, would keep the other open.
    this.native.stream?.destroy();
    waiting?.(this.lostBy);
  }

  private answer<T>(ask: (settled: Callback) => void, read: (rows: unknown, fields: unknown) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const fail = (error: Error): void => {
        this.waiting = undefined;
        // mysql2 tells whoever waits, and then nobody else, that the connection is gone.
        if ((error as { readonly fatal?: boolean }).fatal) this.lostBy ??= error;
        reject(error);
      };
      if (this.lostBy !== undefined) return fail(this.lostBy);
      this.waiting = fail;
      try {
        ask((error, rows, fields) => {
          if (error) return fail(error);
          this.waiting = undefined;
          try {
            resolve(read(rows, fields));
          } catch (failure) {
            reject(failure);
          }
        });
      } catch (failure) {
        fail(failure as Error);
      }
    });
  }

  /** Prepares a statement (mysql2 keeps it by its text) and goes on with the values as mysql2 takes them. */
  private prepare(
    sql: string,
    values: readonly unknown[],
    failed: (error: Error) => void,
    goOn: (statement: PreparedStatement, encoded: readonly unknown[]) => void,
  ): void {
    const encoded = encode(values, sql, this.mysql2);
    let preparing: { readonly parameterCount: number } | undefined;
    preparing = this.native.prepare(sql, (error, statement) => {
      if (error) return failed(error);
      // mysql2 calls back at once for a statement that it has, and then says nothing of its parameters.
      const count = parameterCounts.get(statement) ?? preparing?.parameterCount;
      if (count !== undefined) parameterCounts.set(statement, count);
      if (count !== undefined && count !== values.length) return failed(wrongCount(count, values.length, sql));
      goOn(statement, encoded);
    });
  }
}

function wrongCount(wanted: number, given: number, sql: string): ProgrammingError {
  return new ProgrammingError(`The statement has ${wanted} placeholders but was given ${given} values.`, {
    code: "PARAMETER_COUNT",
    statement: sql,
  });
}

function silent(limit: number): ConnectionLostError {
  return new ConnectionLostError(
    `Nothing came from the server for ${limit} ms (socketTimeout), so the connection was cut.`,
    { disconnected: true },
  );
}

function closedHere(why: string): ConnectionLostError {
  return new ConnectionLostError(`The connection is closed: ${why}.`, { disconnected: true });
}
