import { Readable } from "node:stream";
import {
  type BeginOptions,
  type DriverConnection,
  type DriverResult,
  type ExecuteOptions,
  type IsolationLevel,
  type MaybePromise,
  NotSupportedError,
  type ProcedureAnswer,
  type ProcedureCall,
  type ServerVersion,
  type TwoPhaseDriver,
} from "@acme/core/dialect";
import { Interruption, isInterrupted, type Limits, type Stoppable } from "./interruption.js";
import { checkedLevel } from "./isolation.js";
import type { NativeConnection } from "./mysql2.js";
import { isDirty, type Reply, repliesOf, replyOf } from "./reply.js";
import type { Message, Session } from "./session.js";
import { RowStream } from "./stream.js";
import { type Flavour, readServerVersion } from "./version.js";

/** Text that gives rows: reading these in the text protocol would print FLOAT with six digits. */
const READS = /^\s*(?:select|with|values|table|\()/i;

/** A connection of mysql2. */
export class MySQLConnection implements DriverConnection, Stoppable {
  private readonly session: Session;
  private readonly localInfile: boolean;
  /** Opens another connection to the same server, for KILL. */
  private readonly another: () => Promise<Session>;
  readonly cancelTimeout: number;
  private knownVersion: ServerVersion | undefined = undefined;
  /** SERVER_STATUS flags of the last answer that had them; at first, autocommit. */
  private serverStatus = 2;
  /** The isolation level that the session had before somebody set another one. */
  private firstLevel: IsolationLevel | undefined = undefined;
  /** The isolation level that the last BEGIN named. */
  private transactionLevel: IsolationLevel | undefined = undefined;
  /** The transaction of XA that this connection is in. */
  private xa: { readonly id: string; readonly state: "active" | "idle" | "prepared" } | undefined = undefined;

  constructor(
    session: Session,
    another: () => Promise<Session>,
    { cancelTimeout, localInfile }: { readonly cancelTimeout: number; readonly localInfile: boolean },
  ) {
    this.session = session;
    this.cancelTimeout = cancelTimeout;
    this.localInfile = localInfile;
    this.another = another;
  }

  get native(): NativeConnection {
    return this.session.native;
  }

  /** Whether the connection is gone. The server may have closed it while nobody looked. */
  get broken(): boolean {
    return this.session.lost !== undefined;
  }

  // ---- statements -----------------------------------------------------------------------------------------------------

  async execute(sql: string, parameters: readonly unknown[], options: ExecuteOptions): Promise<DriverResult> {
    const bigints = options.bigintRows !== false;
    const message = messageOf(sql, parameters, options);
    const send = (): Promise<Reply> =>
      this.session.send(message, (rows, fields) => this.noted(replyOf(rows, fields, { bigints })));
    try {
      return Interruption.needed(options) ? await this.interruptible(options, send) : await send();
    } finally {
      if (options.prepare === false && message.values !== undefined) this.session.unprepare(sql);
    }
  }

  async executeMany(
    sql: string,
    parameterSets: readonly (readonly unknown[])[],
    options: ExecuteOptions,
  ): Promise<DriverResult> {
    const rows: (readonly unknown[])[] = [];
    let rowCount = 0;
    let last: DriverResult | undefined;
    // mysql2 sends a command when the one before has been answered, so nothing would be gained by handing it all at once; and
    // what has been handed over cannot be taken back after an error.
    try {
      for (const parameters of parameterSets) {
        last = await this.execute(sql, parameters, { ...options, prepare: true });
        rowCount += last.rowCount;
        for (const row of last.rows) rows.push(row);
      }
    } finally {
      if (options.prepare === false) this.session.unprepare(sql);
    }
    return { columns: last?.columns ?? [], rows, rowCount, lastInsertId: last?.lastInsertId };
  }

  /**
   * `CALL`. What comes out goes through variables of the session and is read afterwards: in the protocol of prepared statements it
   * would come as one more result set, which mysql2 does not tell from the others.
   */
  async callProcedure({ name, arguments: list }: ProcedureCall, options: ExecuteOptions): Promise<ProcedureAnswer> {
    const variables: string[] = [];
    const values: unknown[] = [];
    const parts: string[] = [];
    for (const { mode, value } of list) {
      if (mode === "in") {
        values.push(value);
        parts.push("?");
        continue;
      }
      const variable = `@acme_out_${variables.length}`;
      variables.push(variable);
      parts.push(variable);
      if (mode === "inOut") await this.execute(`SET ${variable} = ?`, [value], {});
    }
    const message: Message = { sql: `CALL ${name}(${parts.join(", ")})`, values };
    let replies: readonly Reply[] = [];
    const send = (): Promise<Reply> =>
      this.session.send(message, (rows, fields) => {
        replies = repliesOf(rows, fields, { bigints: true });
        for (const reply of replies) this.noted(reply);
        return replies.at(-1) as Reply;
      });
    await (Interruption.needed(options) ? this.interruptible(options, send) : send());
    const read = variables.length === 0 ? undefined : await this.execute(`SELECT ${variables.join(", ")}`, [], {});
    return { results: replies.filter(({ hasRows }) => hasRows), outputs: read?.rows[0] ?? [] };
  }

  /** Executes LOAD DATA LOCAL with data that come while it runs. */
  async loadData(sql: string, data: AsyncIterable<Uint8Array>, options: ExecuteOptions): Promise<DriverResult> {
    if (!this.localInfile) {
      throw new NotSupportedError("LOAD DATA LOCAL is not switched on.", {
        code: "LOCAL_INFILE_OFF",
        remedy: "Connect with the option localInfile=true.",
      });
    }
    const message: Message = { sql, values: undefined, infile: () => this.paced(data) };
    const send = (): Promise<Reply> =>
      this.session.send(message, (rows, fields) => this.noted(replyOf(rows, fields, { bigints: true })));
    return Interruption.needed(options) ? this.interruptible(options, send) : send();
  }

  /** mysql2 sends as fast as the data come; here they come as fast as the server takes them. */
  private paced(data: AsyncIterable<Uint8Array>): Readable {
    const { stream } = this.native;
    async function* pieces(): AsyncGenerator<Uint8Array, void> {
      for await (const piece of data) {
        while (stream?.writableNeedDrain) await new Promise((resolve) => setTimeout(resolve, 1));
        yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      }
    }
    return Readable.from(pieces(), { objectMode: false });
  }

  stream(
    sql: string,
    parameters: readonly unknown[],
    options: ExecuteOptions & { readonly batchSize: number },
  ): RowStream {
    return new RowStream(this.session, this, messageOf(sql, parameters, options), options);
  }

  private noted(reply: Reply): Reply {
    if (reply.serverStatus !== undefined) this.serverStatus = reply.serverStatus;
    return reply;
  }

  private async interruptible(limits: Limits, send: () => Promise<Reply>): Promise<Reply> {
    const interruption = new Interruption(this, limits);
    let reply: Reply;
    try {
      reply = await send();
    } catch (error) {
      await interruption.end(isInterrupted(error));
      throw interruption.cut ? interruption.error() : error;
    }
    await interruption.end(false);
    // A change that was made in spite of the kill has been made: to call it cancelled would be a lie.
    if (interruption.fired !== undefined && reply.hasRows) throw interruption.error();
    return reply;
  }

  /** A statement of the adapter's own. */
  private async say(sql: string): Promise<Reply> {
    return this.session.send({ sql, values: undefined }, (rows, fields) =>
      this.noted(replyOf(rows, fields, { bigints: true })),
    );
  }

  /** See {@link Stoppable}. */
  get received(): number | undefined {
    return this.session.received;
  }

  // ---- stopping a statement -------------------------------------------------------------------------------------------

  async killQuery(): Promise<void> {
    const session = await this.another();
    try {
      await session.send({ sql: `KILL QUERY ${this.native.threadId}`, values: undefined }, () => undefined);
    } finally {
      await session.close();
    }
  }

  async absorbKill(): Promise<void> {
    if (this.broken) return;
    await this.say("DO 0").catch((error: unknown) => {
      if (!isInterrupted(error)) throw error;
    });
  }

  destroy(): void {
    this.session.destroy();
  }

  // ---- transactions ---------------------------------------------------------------------------------------------------

  async begin(options: BeginOptions): Promise<void> {
    if (options.deferrable !== undefined)
      throw new NotSupportedError("MySQL and MariaDB have no DEFERRABLE transactions.");
    if (options.isolationLevel !== undefined)
      await this.say(`SET TRANSACTION ISOLATION LEVEL ${checkedLevel(options.isolationLevel)}`);
    const mode = options.readOnly === undefined ? "" : options.readOnly ? " READ ONLY" : " READ WRITE";
    await this.say(`START TRANSACTION${mode}`);
    this.transactionLevel = options.isolationLevel;
  }

  async commit(): Promise<void> {
    this.transactionLevel = undefined;
    await this.say("COMMIT");
  }

  async rollback(): Promise<void> {
    this.transactionLevel = undefined;
    await this.say("ROLLBACK");
  }

  /** XA. A connection whose transaction is prepared can do nothing but end it. */
  readonly twoPhase: TwoPhaseDriver = {
    begin: async (id, { isolationLevel, readOnly }) => {
      if (readOnly) throw new NotSupportedError("A transaction of XA cannot be read only.");
      if (isolationLevel !== undefined)
        await this.say(`SET TRANSACTION ISOLATION LEVEL ${checkedLevel(isolationLevel)}`);
      await this.say(`XA START ${xid(id)}`);
      this.transactionLevel = isolationLevel;
      this.xa = { id, state: "active" };
    },
    prepare: async (id) => {
      await this.endBranch(id);
      await this.say(`XA PREPARE ${xid(id)}`);
      this.xa = { id, state: "prepared" };
    },
    commit: async (id, prepared) => {
      if (!prepared) await this.endBranch(id);
      await this.say(`XA COMMIT ${xid(id)}${prepared ? "" : " ONE PHASE"}`);
      if (this.xa?.id === id) this.xa = undefined;
    },
    rollback: async (id, prepared) => {
      if (!prepared) await this.endBranch(id);
      await this.say(`XA ROLLBACK ${xid(id)}`);
      if (this.xa?.id === id) this.xa = undefined;
    },
    recover: async () => (await this.say("XA RECOVER")).rows.map(([, , , id]) => textOf(id)),
  };

  /** XA END, which has to come once between the work and the end. */
  private async endBranch(id: string): Promise<void> {
    if (this.xa?.state !== "active") return;
    await this.say(`XA END ${xid(id)}`);
    this.xa = { id, state: "idle" };
  }

  async savepoint(name: string): Promise<void> {
    await this.say(`SAVEPOINT ${quoted(name)}`);
  }

  async releaseSavepoint(name: string): Promise<void> {
    await this.say(`RELEASE SAVEPOINT ${quoted(name)}`);
  }

  async rollbackToSavepoint(name: string): Promise<void> {
    await this.say(`ROLLBACK TO SAVEPOINT ${quoted(name)}`);
  }

  async setIsolationLevel(level: IsolationLevel): Promise<void> {
    const wanted = checkedLevel(level);
    this.firstLevel ??= await this.sessionLevel();
    await this.say(`SET SESSION TRANSACTION ISOLATION LEVEL ${wanted}`);
  }

  /** What BEGIN was told holds for its transaction; no variable of the server tells it. */
  async readIsolationLevel(which: "current" | "default"): Promise<IsolationLevel> {
    if (which === "default" && this.firstLevel !== undefined) return this.firstLevel;
    if (which === "current" && this.transactionLevel !== undefined) return this.transactionLevel;
    return this.sessionLevel();
  }

  private async sessionLevel(): Promise<IsolationLevel> {
    const variable = (await this.flavour()) === "mariadb" ? "@@tx_isolation" : "@@transaction_isolation";
    const { rows } = await this.say(`SELECT ${variable}`);
    return String(rows[0]?.[0]).replaceAll("-", " ") as IsolationLevel;
  }

  // ---- the connection itself ------------------------------------------------------------------------------------------

  async ping(): Promise<boolean> {
    await this.session.ping();
    return true;
  }

  /**
   * Rolls back what is open, as the server's last answers tell, and takes back a changed isolation level. Answers at once
   * when there is nothing to do, which is the usual case.
   */
  reset(): MaybePromise<void> {
    if (this.xa !== undefined) return this.leaveBranch(this.xa);
    if (isDirty(this.serverStatus) || this.firstLevel !== undefined) return this.clean();
  }

  /** A transaction that is prepared stays, and with it the connection is lost: the server lets it do nothing else. */
  private async leaveBranch({ id, state }: { readonly id: string; readonly state: string }): Promise<void> {
    if (state === "prepared") {
      this.session.destroy();
      return;
    }
    await this.twoPhase.rollback(id, false);
    await this.reset();
  }

  private async clean(): Promise<void> {
    this.transactionLevel = undefined;
    if (isDirty(this.serverStatus)) await this.say("ROLLBACK");
    if (isDirty(this.serverStatus)) await this.say("SET autocommit = 1");
    if (this.firstLevel !== undefined) {
      await this.say(`SET SESSION TRANSACTION ISOLATION LEVEL ${this.firstLevel}`);
      this.firstLevel = undefined;
    }
  }

  async close(): Promise<void> {
    await this.session.close();
  }

  async serverVersion(): Promise<ServerVersion> {
    if (this.knownVersion === undefined) {
      const { rows } = await this.say("SELECT version()");
      this.knownVersion = readServerVersion(String(rows[0]?.[0]));
    }
    return this.knownVersion;
  }

  private async flavour(): Promise<Flavour> {
    return (await this.serverVersion()).product === "MariaDB" ? "mariadb" : "mysql";
  }
}

/**
 * How a statement is sent. What has parameters is prepared: values never enter the text (whose escaping depends on the
 * session's sql_mode), numbers arrive as what they are, FLOAT is read with all its digits, and from the second time on the
 * server need not parse. What has none and gives no rows is sent as text: many such statements cannot be prepared.
 */
function messageOf(sql: string, parameters: readonly unknown[], options: ExecuteOptions): Message {
  const prepared =
    parameters.length > 0 || options.prepare === true || (options.prepare === undefined && READS.test(sql));
  return { sql, values: prepared ? parameters : undefined };
}

/** As bytes: no quote and no backslash can change it. */
function xid(id: string): string {
  return `X'${Buffer.from(id).toString("hex")}'`;
}

/** The server gives names of XA as bytes. */
function textOf(id: unknown): string {
  return id instanceof Uint8Array ? Buffer.from(id).toString() : String(id);
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
