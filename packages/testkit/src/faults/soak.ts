import {
  AcmeError,
  CancelledError,
  ConnectError,
  type Connection,
  ConnectionLostError,
  DeadlockError,
  type Engine,
  LockTimeoutError,
  PoolTimeoutError,
  SerializationError,
  StatementTimeoutError,
} from "@acme/core";
import { audit, manyRows, openLedger, tokensOf, totalOf, transfer } from "./ledger.js";
import { Proxy } from "./proxy.js";
import { SabotageError, Saboteur } from "./saboteur.js";
import type { FaultTarget } from "./target.js";

const ACCOUNTS = 40;

/** How long and how hard. */
export interface SoakOptions {
  readonly seconds: number;
  /** Programs that move money at the same time. Default 16. */
  readonly workers?: number;
  /** Hears of the state about every ten seconds. */
  readonly log?: (line: string) => void;
  /** Restarts the server, where it belongs to the soak. */
  readonly restart?: () => Promise<void>;
}

/** What a soak found. */
export interface SoakReport {
  /** Transfers whose commit was told. */
  readonly committed: number;
  /** Transfers that failed, by the error's class and code. */
  readonly failed: Readonly<Record<string, number>>;
  /** Transfers whose connection was lost during COMMIT. */
  readonly unknown: number;
  /** How many of those had been committed. */
  readonly unknownCommitted: number;
  /** What was done to the program, and how often. */
  readonly faults: Readonly<Record<string, number>>;
  /** How often the books were checked while money was moved. */
  readonly checks: number;
  /** How many connections were opened. */
  readonly connections: number;
  /** What is wrong; empty when all is well. */
  readonly problems: readonly string[];
}

/** Errors that a program under such faults must expect; everything else is a problem. */
const EXPECTED = [
  CancelledError,
  ConnectError,
  ConnectionLostError,
  DeadlockError,
  LockTimeoutError,
  PoolTimeoutError,
  SerializationError,
  StatementTimeoutError,
];

/**
 * Moves money between accounts for a while, under random faults: killed sessions, a cut, stalled or slow network, listeners that
 * throw, signals, time limits, connections given up in the middle, deadlocks. At the end every transfer that was told to be
 * committed must be there, none that was told to have failed, and each balance must be what the transfers make it.
 */
export async function runSoak(target: FaultTarget, url: string, options: SoakOptions): Promise<SoakReport> {
  const soak = new Soak(target, url, options);
  try {
    return await soak.run();
  } finally {
    await soak.close();
  }
}

class Soak {
  private readonly target: FaultTarget;
  private readonly options: SoakOptions;
  private readonly admin: Engine;
  private readonly url: string;
  private engine: Engine | undefined = undefined;
  private proxy: Proxy | undefined = undefined;
  private readonly committed = new Set<number>();
  private readonly unknown = new Set<number>();
  private readonly failed: Record<string, number> = {};
  private readonly problems: string[] = [];
  private readonly sessions = new Set<number>();
  private connections = 0;
  private checks = 0;
  private tokens = 0;
  private over = false;

  constructor(target: FaultTarget, url: string, options: SoakOptions) {
    this.target = target;
    this.url = url;
    this.options = options;
    this.admin = target.createEngine(url, { pool: { max: 2 } });
  }

  async run(): Promise<SoakReport> {
    const { seconds, workers = 16 } = this.options;
    await openLedger(this.admin, ACCOUNTS);
    const engine = await this.open();
    const saboteur = new Saboteur({
      admin: this.admin,
      engine,
      server: this.target.server,
      proxy: this.proxy,
      sessions: this.sessions,
      restart: this.options.restart,
    });
    const end = performance.now() + seconds * 1000;
    const stopped = (): boolean => this.over || performance.now() >= end;
    try {
      await Promise.all([
        ...Array.from({ length: workers }, () => this.work(engine, saboteur, stopped)),
        saboteur.work(stopped),
        this.check(stopped, () => saboteur.faults),
      ]);
    } finally {
      this.over = true;
    }
    this.proxy?.resume();
    return this.report(engine, saboteur);
  }

  async close(): Promise<void> {
    this.over = true;
    await this.engine?.dispose({ timeout: 1000, force: true });
    await this.proxy?.[Symbol.asyncDispose]();
    await this.admin.dispose({ timeout: 1000, force: true });
  }

  private async open(): Promise<Engine> {
    let { url } = this;
    if (this.target.server !== undefined) {
      const place = new URL(this.url);
      this.proxy = await Proxy.to(place.hostname, Number(place.port));
      place.hostname = "127.0.0.1";
      place.port = String(this.proxy.port);
      url = place.href;
    }
    this.engine = this.target.createEngine(url, {
      pool: { max: 8, prePingIdleMs: 50, validateTimeout: 1000, acquireTimeout: 5000, createTimeout: 3000 },
      connection: { options: this.target.impatient ?? {} },
    });
    this.engine.on("connect", async ({ connection }) => {
      this.connections += 1;
      if (this.target.server === undefined) return;
      const { rows } = await connection.execute(this.target.server.sessionId, [], {});
      this.sessions.add(Number(rows[0]?.[0]));
      if (this.sessions.size > 50) this.sessions.delete(this.sessions.values().next().value as number);
    });
    return this.engine;
  }

  private async work(engine: Engine, saboteur: Saboteur, stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      this.tokens += 1;
      const token = this.tokens;
      try {
        await this.moveMoney(engine, saboteur, token);
        this.committed.add(token);
      } catch (error) {
        this.note(error, token);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      }
    }
  }

  private async moveMoney(engine: Engine, saboteur: Saboteur, token: number): Promise<void> {
    const mood = Math.random();
    const signal = mood < 0.03 ? AbortSignal.timeout(Math.ceil(Math.random() * 20)) : undefined;
    await engine.begin(
      async (connection) => {
        await transfer(connection, anAccount(), anAccount(), BigInt(Math.ceil(Math.random() * 10)), token);
        if (mood < 0.06) await this.dawdle(connection, signal);
        else if (mood < 0.16) await this.changeOfMind(connection, token);
        else if (mood < 0.18) saboteur.giveUp(connection);
        else if (mood < 0.2) throw new SabotageError();
        else if (mood < 0.23) for await (const _row of connection.stream(manyRows)) break;
      },
      { signal },
    );
  }

  /** Something slow, with a limit. */
  private async dawdle(connection: Connection, signal: AbortSignal | undefined): Promise<void> {
    const limit = signal === undefined ? { timeout: 20 } : { signal };
    if (this.target.server === undefined) return;
    await connection.executeDriverSql(this.target.server.sleep(1), [], limit);
  }

  /** A transfer in a savepoint that is taken back. */
  private async changeOfMind(connection: Connection, token: number): Promise<void> {
    const nested = await connection.beginNested();
    await transfer(connection, anAccount(), anAccount(), 1n, -token);
    await nested.rollback();
  }

  private note(error: unknown, token: number): void {
    const expected =
      error instanceof SabotageError || EXPECTED.some((one) => error instanceof one) || isInvalidated(error);
    const name = error instanceof AcmeError ? `${error.name} ${error.code}` : String((error as Error).name);
    this.failed[name] = (this.failed[name] ?? 0) + 1;
    if (error instanceof AcmeError && error.code === "COMMIT_OUTCOME_UNKNOWN") this.unknown.add(token);
    if (!expected && this.problems.length < 20) this.problems.push(`unexpected: ${String((error as Error).stack)}`);
  }

  /** Checks the books while money is moved, by a way that no fault reaches. */
  private async check(stopped: () => boolean, faults: () => Readonly<Record<string, number>>): Promise<void> {
    const wanted = BigInt(ACCOUNTS) * 1000n;
    let told = performance.now();
    while (!stopped()) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      try {
        const total = await this.admin.begin(totalOf);
        this.checks += 1;
        if (total !== wanted) this.problems.push(`all accounts together have ${total} instead of ${wanted}`);
      } catch (error) {
        // A restart reaches everybody.
        if (!EXPECTED.some((one) => error instanceof one)) this.problems.push(`the check failed: ${error}`);
      }
      if (performance.now() - told < 10_000) continue;
      told = performance.now();
      this.options.log?.(
        `${this.committed.size} committed, ${JSON.stringify(this.failed)}, faults ${JSON.stringify(faults())}, ` +
          `pool ${JSON.stringify(this.engine?.poolStatus())}, ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
      );
    }
  }

  private async report(engine: Engine, saboteur: Saboteur): Promise<SoakReport> {
    const { problems } = this;
    await settle("the pool has all its connections back", problems, () => {
      const { used, pending, creating } = engine.poolStatus();
      return used + pending + creating === 0;
    });
    const { server } = this.target;
    if (server !== undefined) {
      // The administrator's second connection counts as well.
      await settle("the server has no session that no pool knows", problems, async () => {
        const sessions = await this.admin.begin((connection) => connection.executeDriverSql(server.sessions).scalar());
        return Number(sessions) === engine.poolStatus().size + this.admin.poolStatus().size - 1;
      });
    }
    problems.push(...(await this.admin.begin(audit)).faults);
    const present = new Map<number, number>();
    for (const token of await this.admin.begin(tokensOf)) present.set(token, (present.get(token) ?? 0) + 1);
    for (const token of this.committed) if (!present.has(token)) problems.push(`transfer ${token} has vanished`);
    for (const [token, count] of present) {
      if (count > 1) problems.push(`transfer ${token} is there ${count} times`);
      if (!this.committed.has(token) && !this.unknown.has(token))
        problems.push(`transfer ${token} failed, and is there`);
    }
    return {
      committed: this.committed.size,
      failed: this.failed,
      unknown: this.unknown.size,
      unknownCommitted: [...this.unknown].filter((token) => present.has(token)).length,
      faults: saboteur.faults,
      checks: this.checks,
      connections: this.connections,
      problems,
    };
  }
}

function anAccount(): number {
  return 1 + Math.floor(Math.random() * ACCOUNTS);
}

/** The connection was lost or given up earlier in the transaction. */
function isInvalidated(error: unknown): boolean {
  return error instanceof AcmeError && (error.code === "CONNECTION_INVALIDATED" || error.code === "INVALIDATED");
}

async function settle(what: string, problems: string[], condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > deadline) return void problems.push(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
