import { randomUUID } from "node:crypto";
import { type Connection, type Engine, type EngineOptions, parseUrl } from "@acme/core";
import { expect, test as vitestTest } from "vitest";
import { Tally } from "../tally.js";
import { audit, openLedger } from "./ledger.js";
import { Proxy } from "./proxy.js";
import { FAULT_REQUIREMENTS, type FaultOptOuts, type FaultRequirement } from "./requirements.js";
import type { FaultTarget, OwnServer, ServerTexts } from "./target.js";

/** What a test may use. */
export interface FaultContext {
  readonly target: FaultTarget;
  /** What the dialect's author says to the server. Only for tests that need `sessions`. */
  readonly server: ServerTexts;
  /** The URL of the database. */
  readonly url: () => string;
  /** An engine of the test's own, which is checked and disposed of when the test is over. */
  engine(options?: EngineOptions): Engine;
  /** A breakable network to the server, and an engine behind it. */
  network(options?: EngineOptions): Promise<{ readonly proxy: Proxy; readonly engine: Engine }>;
  /** A connection that no fault reaches. */
  readonly admin: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;
  /** The number of the session behind a connection. */
  sessionOf(connection: Connection): Promise<number>;
  /** Ends a session on the server, and waits until it is gone. */
  kill(session: number): Promise<void>;
  /** Waits until the server executes a statement of the session, or no longer does. */
  executing(session: number, wanted: boolean): Promise<void>;
  /** How many sessions the server has on the database, besides the administrator's. */
  sessions(): Promise<number>;
  /** The server that may be restarted; started once, with the first call. A text says why there is none. */
  ownServer(): Promise<OwnServer | string>;
  /** Whether the dialect meets a requirement. */
  has(requirement: FaultRequirement): boolean;
  /** Declares a test. What it is given leaves the test out, where only trying can tell that it does not apply. */
  readonly test: (
    title: string,
    needs: readonly FaultRequirement[],
    run: (leaveOut: (reason: string) => void) => Promise<void>,
  ) => void;
}

/** A chapter of the suite. */
export interface FaultChapter {
  /** The beginning of the titles of its tests. */
  readonly title: string;
  readonly declare: (context: FaultContext) => void;
}

/** Accounts of the ledger. */
const ACCOUNTS = 20;

/** Milliseconds that one test may take on a machine that does much else. */
const TIME_LIMIT = 90_000;

/** Waits for a condition: nothing in the suite sleeps and hopes. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (let pause = 1; !(await condition()); pause = Math.min(pause * 2, 50)) {
    if (performance.now() > deadline) throw new TypeError(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** The error with which something fails; undefined when it does not. */
export function failureOf(work: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(work).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** A name for something on the server that lives as long as a test. */
export function uniqueName(): string {
  return `acme_${randomUUID().replaceAll("-", "").slice(0, 12)}`;
}

/** One run of the suite. `url` is known when the tests run. */
export class FaultRun implements FaultContext {
  readonly target: FaultTarget;
  readonly url: () => string;
  readonly tally: Tally;
  private readonly optOut: FaultOptOuts;
  private administrator: Engine | undefined = undefined;
  private chapter = "";
  private restartable: Promise<OwnServer | string> | undefined = undefined;
  private engines: Engine[] = [];
  private proxies: Proxy[] = [];

  constructor(target: FaultTarget, url: () => string) {
    this.target = target;
    this.url = url;
    this.optOut = target.optOut ?? {};
    this.tally = new Tally(target.name);
  }

  get server(): ServerTexts {
    if (this.target.server === undefined) throw new TypeError(`${this.target.name} has no server`);
    return this.target.server;
  }

  /** Before the first test. */
  async open(): Promise<void> {
    this.administrator = this.target.createEngine(this.url(), { pool: { max: 1 } });
    await openLedger(this.administrator, ACCOUNTS);
  }

  /** After the last one. */
  async close(): Promise<void> {
    await this.administrator?.dispose();
    const server = await this.restartable;
    if (typeof server === "object") await server.stop();
  }

  engine(options: EngineOptions = {}): Engine {
    const engine = this.target.createEngine(this.url(), options);
    this.engines.push(engine);
    return engine;
  }

  async network(options: EngineOptions = {}): Promise<{ readonly proxy: Proxy; readonly engine: Engine }> {
    const url = parseUrl(this.url());
    if (url.port === undefined) throw new TypeError("the URL of the database must name its port");
    const proxy = await Proxy.to(url.host ?? "127.0.0.1", url.port);
    this.proxies.push(proxy);
    const through = url.with({ host: "127.0.0.1", port: proxy.port }).render({ hidePassword: false });
    const engine = this.target.createEngine(through, options);
    this.engines.push(engine);
    return { proxy, engine };
  }

  readonly admin = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    await using connection = await (this.administrator as Engine).connect();
    return await work(connection);
  };

  async sessionOf(connection: Connection): Promise<number> {
    return numberIn(connection, this.server.sessionId);
  }

  async kill(session: number): Promise<void> {
    await this.admin(async (connection) => {
      await connection.executeDriverSql(this.server.kill(session));
    });
  }

  async executing(session: number, wanted: boolean): Promise<void> {
    const text = this.server.executing(session);
    const what = wanted ? "the server executes a statement" : "the server executes the statement no longer";
    await until(what, async () => (await this.admin((connection) => numberIn(connection, text))) === (wanted ? 1 : 0));
  }

  sessions(): Promise<number> {
    return this.admin((connection) => numberIn(connection, this.server.sessions));
  }

  ownServer(): Promise<OwnServer | string> {
    const { ownServer } = this.target;
    this.restartable ??= (ownServer?.() ?? Promise.reject(new TypeError("nobody knows how to start one"))).catch(
      (error: unknown) => `no server of its own: ${error}`,
    );
    return this.restartable;
  }

  has(requirement: FaultRequirement): boolean {
    return this.optOut[requirement] === undefined;
  }

  /** Declares the tests of a chapter. */
  declare(chapter: FaultChapter): void {
    this.chapter = chapter.title;
    chapter.declare(this);
  }

  readonly test = (
    given: string,
    needs: readonly FaultRequirement[],
    run: (leaveOut: (reason: string) => void) => Promise<void>,
  ): void => {
    const [, ids = "", words = ""] = /^((?:\[\w+\])*)\s*(.*)$/.exec(given) ?? [];
    const title = `${ids} ${this.chapter} ${words}`.trim();
    const missing = needs.find((requirement) => !this.has(requirement));
    if (missing !== undefined) {
      this.tally.leaveOut(title, `needs ${FAULT_REQUIREMENTS[missing]}: ${this.optOut[missing]}`);
      return;
    }
    vitestTest(
      title,
      async ({ skip }) => {
        try {
          await run(skip);
          for (const engine of this.engines) await this.isWhole(engine);
          await this.isClean();
          this.tally.pass();
        } catch (error) {
          this.tally.fail();
          throw error;
        } finally {
          await this.clearAway();
        }
      },
      TIME_LIMIT,
    );
  };

  /** What must be true after every fault: the pool has everything back, and whoever comes next is served. */
  private async isWhole(engine: Engine): Promise<void> {
    await until("the pool has all its connections back", () => engine.poolStatus().used === 0);
    expect(engine.poolStatus()).toMatchObject({ pending: 0, creating: 0 });
    const found = await engine.begin(audit);
    expect(found.faults).toEqual([]);
    expect(engine.poolStatus()).toMatchObject({ used: 0, pending: 0 });
  }

  /** No session is left behind on the server, and no transaction half-done. */
  private async isClean(): Promise<void> {
    const open = this.engines.reduce((sum, engine) => sum + engine.poolStatus().size, 0);
    if (this.has("sessions")) {
      await until("the server has no session that no pool knows", async () => (await this.sessions()) === open);
    }
    expect((await this.admin(audit)).faults).toEqual([]);
  }

  private async clearAway(): Promise<void> {
    const [engines, proxies] = [this.engines, this.proxies];
    this.engines = [];
    this.proxies = [];
    await Promise.all(engines.map((engine) => engine.dispose({ timeout: 2000, force: true })));
    await Promise.all(proxies.map((proxy) => proxy[Symbol.asyncDispose]()));
    if (this.has("sessions"))
      await until("the server has closed all sessions", async () => (await this.sessions()) === 0);
  }
}

async function numberIn(connection: Connection, text: string): Promise<number> {
  return Number(await connection.executeDriverSql(text).scalar());
}
