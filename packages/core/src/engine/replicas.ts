import type { Dialect } from "../dialect/dialect.js";
import { ArgumentError, ConnectError } from "../errors/index.js";
import { type SchemaConnection, type SchemaHost, schemaAccess } from "../schema/host.js";
import type { Connection } from "./connection.js";
import type { Engine } from "./engine.js";
import type { ConnectionOptions, EngineBeginOptions } from "./options.js";
import { RoutedConnection } from "./routed-connection.js";
import type { Transaction } from "./transaction.js";

/** What a {@link ReplicatedEngine} is made of. */
export interface ReplicaOptions {
  /** Where everything is written. */
  readonly primary: Engine;
  /** Copies that follow it, a moment behind. */
  readonly replicas: readonly Engine[];
  /** Picks a replica. Default: one after another. */
  readonly choose?: (replicas: readonly Engine[]) => Engine;
  /**
   * Where reads go after a write, because replicas do not have it yet. True: of the same connection, to the primary until it is
   * closed. A number: of the whole engine, to the primary for so many milliseconds, too. False: to a replica. Default true.
   */
  readonly stickyAfterWrite?: boolean | number;
}

/**
 * One primary and its replicas, behind one face: queries outside of a transaction and read-only transactions go to a replica,
 * everything else to the primary (changes, row locks, text, and all that happens in a transaction that may write). Where a
 * replica cannot be reached, the primary serves.
 *
 * `engine.primary` and `engine.replica()` are there for who knows better.
 *
 * @example
 * ```ts
 * const engine = new ReplicatedEngine({ primary: createEngine(urlA), replicas: [createEngine(urlB), createEngine(urlC)] });
 * await using conn = await engine.connect();
 * await conn.execute(select(users.c.id));                                // a replica
 * await conn.execute(insert(users).values({ name: "alice" }));           // the primary
 * await conn.execute(select(users.c.id));                                // the primary: it must see alice
 * await engine.begin(report, { readOnly: true });                        // a replica
 * ```
 */
export class ReplicatedEngine implements AsyncDisposable, SchemaHost {
  readonly primary: Engine;
  private readonly options: ReplicaOptions;
  private turn = 0;
  private wroteAt = Number.NEGATIVE_INFINITY;

  /** Throws ArgumentError (`NO_REPLICAS`) without any replica. */
  constructor(options: ReplicaOptions) {
    if (options.replicas.length === 0)
      throw new ArgumentError("A replicated engine needs a replica.", { code: "NO_REPLICAS" });
    this.primary = options.primary;
    this.options = options;
  }

  /** The primary's dialect. */
  get dialect(): Dialect {
    return this.primary.dialect;
  }

  /** The replica whose turn it is. */
  replica(): Engine {
    const { replicas, choose } = this.options;
    if (choose !== undefined) return choose(replicas);
    this.turn += 1;
    return replicas[this.turn % replicas.length] as Engine;
  }

  /** Whether reads go to the primary, because something was written a moment ago. */
  get wroteRecently(): boolean {
    const { stickyAfterWrite } = this.options;
    return typeof stickyAfterWrite === "number" && performance.now() - this.wroteAt < stickyAfterWrite;
  }

  /** Notes a write; says whether the connection that made it stays with the primary. */
  noteWrite(): boolean {
    this.wroteAt = performance.now();
    return this.options.stickyAfterWrite !== false;
  }

  /** A connection that routes what it executes. It takes connections of the engines when it first needs them. */
  async connect(options?: ConnectionOptions): Promise<RoutedConnection> {
    return new RoutedConnection(this, options);
  }

  /** A connection to a replica, or to the primary where the replica cannot be reached. */
  async connectReader(options?: ConnectionOptions): Promise<Connection> {
    const engine = this.wroteRecently ? this.primary : this.replica();
    try {
      return await engine.connect(options);
    } catch (error) {
      if (engine === this.primary || !(error instanceof ConnectError)) throw error;
      return this.primary.connect(options);
    }
  }

  /** As {@link Engine.begin}: on a replica with `readOnly: true`, else on the primary. */
  async begin<T>(
    work: (connection: Connection, transaction: Transaction) => T | PromiseLike<T>,
    options: EngineBeginOptions = {},
  ): Promise<T> {
    if (!options.readOnly) {
      this.noteWrite();
      return this.primary.begin(work, options).finally(() => this.noteWrite());
    }
    await using connection = await this.connectReader(options);
    return await connection.transaction(work, options);
  }

  /** Disposes the primary and all replicas. */
  async dispose(options: Parameters<Engine["dispose"]>[0] = {}): Promise<void> {
    await Promise.all([this.primary, ...this.options.replicas].map((engine) => engine.dispose(options)));
  }

  /** `await using engine = new ReplicatedEngine(...)`: disposes at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /** Tables are created on the primary. */
  [schemaAccess]<T>(
    work: (connection: SchemaConnection) => Promise<T>,
    options: { readonly transaction: boolean },
  ): Promise<T> {
    return this.primary[schemaAccess](work, options);
  }
}
