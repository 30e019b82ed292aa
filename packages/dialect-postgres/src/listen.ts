import {
  ArgumentError,
  CancelledError,
  type Connection,
  ConnectionLostError,
  type Engine,
  NotSupportedError,
} from "@acme/core/dialect";

/** What NOTIFY has sent. */
export interface Notification<T = string> {
  readonly channel: string;
  readonly payload: T;
  /** The server's process of the session that sent it. */
  readonly processId: number;
}

/** How notifications are listened to. */
export interface NotificationOptions<T> {
  /** Makes the payload of its text; default: the text. What it throws is thrown to the reader. */
  readonly parse?: ((text: string, channel: string) => T) | undefined;
  /** Ends it: the reader gets a CancelledError. */
  readonly signal?: AbortSignal | undefined;
  /** Whether a lost connection is made again, for as long as it takes; default true. Without it the reader gets a ConnectionLostError. */
  readonly reconnect?: boolean | undefined;
  /** Called when a lost connection was made again. What was sent in between did not come: look for it in the tables. */
  readonly onReconnect?: (() => void) | undefined;
}

/** The driver's connection, as far as it tells of notifications. */
interface Notifier {
  on(event: "notification", listener: (message: NativeNotification) => void): unknown;
  on(event: "end", listener: () => void): unknown;
}

interface NativeNotification {
  readonly channel: string;
  readonly payload?: string;
  readonly processId: number;
}

/** Milliseconds before the first attempt to connect again; each further one waits twice as long, up to the limit. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;

/**
 * Listens on one or several channels, on a connection of its own that the pool does not count. When the promise fulfils the
 * server listens: nothing that is sent afterwards is missed. A lost connection is made again.
 *
 * Rejects as `engine.connect()`, and with NotSupportedError on PGlite, whose one session cannot be kept for this.
 *
 * @example
 * ```ts
 * await using orders = await listen(engine, "orders", { parse: (text) => JSON.parse(text) as Order });
 * for await (const { payload } of orders) await handle(payload);     // payload: Order
 * ```
 * SQL: `LISTEN orders`
 */
export async function listen<T = string>(
  engine: Engine,
  channels: string | readonly string[],
  options: NotificationOptions<T> = {},
): Promise<NotificationListener<T>> {
  const names = typeof channels === "string" ? [channels] : channels;
  if (names.length === 0) throw new ArgumentError("There is no channel to listen on.", { code: "NO_CHANNEL" });
  if (engine.driver.poolDefaults?.single) {
    throw new NotSupportedError(`${engine.driver.name} has one session, which cannot be kept for listening.`, {
      remedy: "Use its own way: `pglite.listen(channel, callback)`.",
    });
  }
  const listener = new NotificationListener<T>(engine, names, options);
  await listener.open();
  return listener;
}

/** The notifications of some channels, in the order in which they came. Made by {@link listen}. */
export class NotificationListener<T> implements AsyncIterable<Notification<T>>, AsyncDisposable {
  private readonly engine: Engine;
  private readonly channels: readonly string[];
  private readonly options: NotificationOptions<T>;
  private readonly arrived: NativeNotification[] = [];
  private readonly ending = new AbortController();
  private connection: Connection | undefined = undefined;
  /** Why there will be no more; undefined for an ordinary end. */
  private ended: { readonly error: unknown } | undefined = undefined;
  private wake: (() => void) | undefined = undefined;

  constructor(engine: Engine, channels: readonly string[], options: NotificationOptions<T>) {
    this.engine = engine;
    this.channels = channels;
    this.options = options;
  }

  /** Connects and listens; {@link listen} has done it. */
  async open(): Promise<void> {
    const { signal } = this.options;
    await this.connect(signal);
    signal?.addEventListener("abort", this.aborted, { once: true });
    if (signal?.aborted) this.aborted();
  }

  /** Ends it: readers come to the end of their loops. */
  async close(): Promise<void> {
    this.finish(undefined);
    const { connection } = this;
    this.connection = undefined;
    await connection?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Notification<T>, void> {
    for (;;) {
      const next = this.arrived.shift();
      if (next !== undefined) yield this.read(next);
      else if (this.ended === undefined) await this.change();
      else if (this.ended.error === undefined) return;
      else throw this.ended.error;
    }
  }

  private read({ channel, payload = "", processId }: NativeNotification): Notification<T> {
    const { parse } = this.options;
    // Without a parser T is string, as the signature of `listen` says.
    return { channel, payload: parse === undefined ? (payload as T) : parse(payload, channel), processId };
  }

  private readonly aborted = (): void => {
    const { signal } = this.options;
    this.finish(new CancelledError("Listening was cancelled by its AbortSignal.", { cause: signal?.reason }));
    void this.close();
  };

  private async connect(signal: AbortSignal | undefined): Promise<void> {
    const connection = await this.engine.connect({ signal });
    try {
      // It is not the pool's any more: it would be missing there for as long as somebody listens.
      connection.detach();
      const notifier = connection.driverConnection.native as Notifier;
      notifier.on("notification", (message) => {
        if (this.connection !== connection) return;
        this.arrived.push(message);
        this.changed();
      });
      notifier.on("end", () => this.lost(connection));
      this.connection = connection;
      const { dialect } = connection;
      await connection.executeDriverSql(this.channels.map((name) => `LISTEN ${dialect.quote(name)}`).join("; "));
    } catch (error) {
      this.connection = undefined;
      await connection.close();
      throw error;
    }
    if (this.ended !== undefined) await this.close();
  }

  private lost(connection: Connection): void {
    if (this.connection !== connection || this.ended !== undefined) return;
    this.connection = undefined;
    connection.invalidate();
    connection.close().catch(() => undefined);
    if (this.options.reconnect ?? true) void this.reconnect();
    else this.finish(new ConnectionLostError("The connection that listened was lost.", { disconnected: true }));
  }

  private async reconnect(): Promise<void> {
    for (let pause = FIRST_PAUSE; this.ended === undefined; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      await this.sleep(pause);
      if (this.ended !== undefined) return;
      try {
        await this.connect(this.ending.signal);
      } catch {
        // The next attempt comes later.
        continue;
      }
      if (this.ended === undefined) this.options.onReconnect?.();
      return;
    }
  }

  private sleep(pause: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pause);
      this.ending.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private finish(error: unknown): void {
    this.ended ??= { error };
    this.options.signal?.removeEventListener("abort", this.aborted);
    this.ending.abort();
    this.changed();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      const { wake } = this;
      // Several may read the same listener: each notification goes to one of them.
      this.wake = () => {
        wake?.();
        resolve();
      };
    });
  }

  private changed(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }
}

/**
 * Sends a notification; in a transaction with its commit. A payload that is no text is sent as JSON. PostgreSQL takes less than
 * 8,000 bytes: send a key, and let the other side read the row.
 *
 * @example
 * ```ts
 * await notify(conn, "orders", { id: 7 });
 * ```
 * SQL: `SELECT pg_notify($1, $2)`
 */
export async function notify(connection: Connection, channel: string, payload?: unknown): Promise<void> {
  const text = payload === undefined || typeof payload === "string" ? (payload ?? "") : JSON.stringify(payload);
  await connection.executeDriverSql("SELECT pg_notify($1, $2)", [channel, text]);
}
