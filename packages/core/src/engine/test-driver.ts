// A scripted database for the tests of the engine; not part of what the package exports.

import { Dialect } from "../dialect/dialect.js";
import type {
  BeginOptions,
  ConnectOptions,
  Driver,
  DriverConnection,
  DriverResult,
  DriverStream,
  ErrorClassification,
  ErrorKind,
  ExecuteOptions,
  MaybePromise,
  PoolDefaults,
  ServerVersion,
} from "../dialect/driver.js";
import { type DialectFlags, STANDARD_FLAGS } from "../dialect/flags.js";
import { Engine } from "./engine.js";
import type { EngineOptions } from "./options.js";

/** What the fake database answers: rows with names, a number of changed rows, or an error. */
export interface FakeAnswer {
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly unknown[])[];
  readonly rowCount?: number;
  readonly lastInsertId?: number;
}

/** An error as a driver throws it, with the kind that the adapter finds in it. */
export class FakeError extends Error {
  readonly kind: ErrorKind;
  readonly disconnected: boolean;

  constructor(kind: ErrorKind, message: string = kind, disconnected = false) {
    super(message);
    this.kind = kind;
    this.disconnected = disconnected;
  }
}

/** Answers a call, or throws. `word` is `"execute"`, `"begin"`, `"commit"` ... */
export type Script = (word: string, sql: string, parameters: readonly unknown[]) => FakeAnswer | undefined;

/** A driver that writes down what it is asked, in order, and answers from a script. */
export class FakeDriver implements Driver {
  readonly name = "fake";
  readonly log: string[] = [];
  readonly connections: FakeConnection[] = [];
  readonly connectOptions: ConnectOptions[] = [];
  readonly executeOptions: ExecuteOptions[] = [];
  script: Script = () => undefined;
  version: ServerVersion = { product: "Fake", version: [1, 0] };
  /** False answers every call by a promise that is fulfilled some turns later. */
  readonly synchronous: boolean;
  /** How many calls are under way; more than one on a connection breaks the driver contract. */
  underWay = 0;
  mostUnderWay = 0;

  constructor(synchronous: boolean) {
    this.synchronous = synchronous;
  }

  connect(options: ConnectOptions): MaybePromise<DriverConnection> {
    this.connectOptions.push(options);
    return this.answer("connect", "", [], () => {
      const connection = new FakeConnection(this);
      this.connections.push(connection);
      return connection;
    });
  }

  classify(error: unknown): ErrorClassification {
    if (!(error instanceof FakeError)) return { kind: "interface" };
    return { kind: error.kind, disconnected: error.disconnected, nativeCode: `F-${error.kind}` };
  }

  answer<T>(
    word: string,
    sql: string,
    parameters: readonly unknown[],
    make: (answer: FakeAnswer) => T,
  ): MaybePromise<T> {
    this.log.push(
      [word, sql, parameters.length > 0 ? JSON.stringify(parameters) : ""].filter((part) => part !== "").join(" "),
    );
    if (this.synchronous) return make(this.script(word, sql, parameters) ?? {});
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.underWay -= 1;
      return make(this.script(word, sql, parameters) ?? {});
    });
  }
}

class FakeConnection implements DriverConnection {
  readonly native: unknown = {};
  closed = false;
  broken = false;
  private readonly driver: FakeDriver;
  private inTransaction = false;

  constructor(driver: FakeDriver) {
    this.driver = driver;
  }

  execute(sql: string, parameters: readonly unknown[], options: ExecuteOptions): MaybePromise<DriverResult> {
    this.driver.executeOptions.push(options);
    return this.driver.answer("execute", sql, parameters, toResult);
  }

  executeMany(sql: string, sets: readonly (readonly unknown[])[], options: ExecuteOptions): MaybePromise<DriverResult> {
    this.driver.executeOptions.push(options);
    return this.driver.answer("executeMany", sql, sets, toResult);
  }

  stream(
    sql: string,
    parameters: readonly unknown[],
    options: ExecuteOptions & { readonly batchSize: number },
  ): DriverStream {
    const { driver } = this;
    const answer = driver.script("stream", sql, parameters) ?? {};
    driver.log.push(`stream ${sql} by ${options.batchSize}`);
    async function* batches(): AsyncGenerator<readonly (readonly unknown[])[], void> {
      const rows = answer.rows ?? [];
      try {
        for (let at = 0; at < rows.length; ) {
          driver.script("fetch", sql, [at]);
          const batch = rows.slice(at, at + options.batchSize);
          at += batch.length;
          yield batch;
        }
      } finally {
        driver.log.push("cursor closed");
      }
    }
    return { columns: answer.columns ?? [], [Symbol.asyncIterator]: batches };
  }

  begin(options: BeginOptions): MaybePromise<void> {
    this.inTransaction = true;
    return this.control(
      ["begin", options.isolationLevel, options.readOnly ? "read only" : undefined]
        .filter((part) => part !== undefined)
        .join(" "),
    );
  }

  commit(): MaybePromise<void> {
    this.inTransaction = false;
    return this.control("commit");
  }

  rollback(): MaybePromise<void> {
    this.inTransaction = false;
    return this.control("rollback");
  }

  savepoint(name: string): MaybePromise<void> {
    return this.control("savepoint", name);
  }

  releaseSavepoint(name: string): MaybePromise<void> {
    return this.control("release", name);
  }

  rollbackToSavepoint(name: string): MaybePromise<void> {
    return this.control("rollback to", name);
  }

  setIsolationLevel(level: string): MaybePromise<void> {
    return this.control("isolation level", level);
  }

  ping(): boolean {
    this.driver.log.push("ping");
    return true;
  }

  reset(): MaybePromise<void> {
    return this.inTransaction ? this.rollback() : undefined;
  }

  close(): void {
    this.closed = true;
    this.driver.log.push("close");
  }

  serverVersion(): ServerVersion {
    return this.driver.version;
  }

  private control(word: string, name = ""): MaybePromise<void> {
    return this.driver.answer(word, name, [], () => undefined);
  }
}

function toResult({ columns = [], rows = [], rowCount, lastInsertId }: FakeAnswer): DriverResult {
  return { columns, rows, rowCount: rowCount ?? rows.length, lastInsertId };
}

/** A dialect with `?` placeholders. `flags` override the standard ones. */
export class FakeDialect extends Dialect {
  override readonly name = "fake";
  override readonly flags: DialectFlags;
  override readonly reusesPlaceholders = false;
  override readonly placeholder = (): string => "?";
  readonly max: number;

  constructor(flags: Partial<DialectFlags> = {}, max = 10) {
    super();
    this.flags = { ...STANDARD_FLAGS, ...flags };
    this.max = max;
  }

  override poolDefaults(): PoolDefaults {
    return { max: this.max };
  }
}

/** An engine on a fake driver. */
export function fakeEngine(
  options: EngineOptions & {
    readonly synchronous?: boolean;
    readonly flags?: Partial<DialectFlags>;
    readonly script?: Script;
  } = {},
): { readonly engine: Engine; readonly driver: FakeDriver } {
  const { synchronous = false, flags, script, ...rest } = options;
  const driver = new FakeDriver(synchronous);
  if (script !== undefined) driver.script = script;
  return { engine: new Engine({ dialect: new FakeDialect(flags), driver, ...rest }), driver };
}
