import type { Connection, Engine } from "@acme/core";
import { addTo } from "./ledger.js";
import type { Link, Proxy } from "./proxy.js";
import type { ServerTexts } from "./target.js";

/** Whom it works against. */
interface Victims {
  /** By a way that no fault reaches. */
  readonly admin: Engine;
  readonly engine: Engine;
  readonly server: ServerTexts | undefined;
  readonly proxy: Proxy | undefined;
  /** The sessions that the engine has opened, the oldest first; some of them may be gone. */
  readonly sessions: ReadonlySet<number>;
  readonly restart: (() => Promise<void>) | undefined;
}

/** Does one random thing after another to a program. */
export class Saboteur {
  /** What it has done, and how often. */
  readonly faults: Record<string, number> = {};
  private readonly victims: Victims;
  private nextRestart: number;

  constructor(victims: Victims) {
    this.victims = victims;
    this.nextRestart = performance.now() + 20_000;
  }

  /** Works until it is told to stop. */
  async work(stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      await pause(50 + Math.random() * 400);
      if (stopped()) return;
      const tricks = this.tricks();
      const [name, trick] = tricks[Math.floor(Math.random() * tricks.length)] as Trick;
      await trick();
      this.count(name);
    }
  }

  /** The program itself gives a connection up in the middle of a transaction. */
  giveUp(connection: Connection): void {
    connection.invalidate();
    this.count("connection given up");
  }

  private count(name: string): void {
    this.faults[name] = (this.faults[name] ?? 0) + 1;
  }

  private tricks(): readonly Trick[] {
    const { proxy, server, restart } = this.victims;
    const tricks: Trick[] = [
      ["listener throws", () => this.throwing()],
      ["database locked by another", () => this.lock()],
    ];
    if (proxy !== undefined) {
      tricks.push(
        ["one connection cut", async () => this.aLink(proxy)?.cut()],
        ["all connections cut", async () => proxy.cut()],
        ["half-closed", async () => this.aLink(proxy)?.halfClose()],
        ["cut in the next answer", () => this.cutNext(proxy, "down")],
        ["cut in the next message", () => this.cutNext(proxy, "up")],
        ["stalled for a while", () => this.stall(proxy, 50 + Math.random() * 200)],
        ["stalled for too long", () => this.stall(proxy, 2500)],
        ["slow", () => this.slow(proxy)],
      );
    }
    if (server !== undefined)
      tricks.push(["session killed", () => this.kill(server)], ["session killed", () => this.kill(server)]);
    if (restart !== undefined && performance.now() > this.nextRestart) {
      this.nextRestart = performance.now() + 60_000;
      return [["server restarted", restart]];
    }
    return tricks;
  }

  private aLink(proxy: Proxy): Link | undefined {
    const links = [...proxy.links];
    return links[Math.floor(Math.random() * links.length)];
  }

  private async kill(server: ServerTexts): Promise<void> {
    const sessions = [...this.victims.sessions].slice(-10);
    const session = sessions[Math.floor(Math.random() * sessions.length)];
    if (session === undefined) return;
    try {
      await this.victims.admin.begin(async (connection) => {
        await connection.executeDriverSql(server.kill(session));
      });
    } catch {
      // It has ended by itself.
    }
  }

  private async cutNext(proxy: Proxy, direction: "up" | "down"): Promise<void> {
    const cut = new Promise<void>((resolve) => {
      proxy.judge = (where) => {
        if (where !== direction) return "pass";
        proxy.judge = undefined;
        resolve();
        return "cut";
      };
    });
    await Promise.race([cut, pause(200)]);
    proxy.judge = undefined;
  }

  private async stall(proxy: Proxy, milliseconds: number): Promise<void> {
    proxy.stall();
    await pause(milliseconds);
    proxy.resume();
  }

  private async slow(proxy: Proxy): Promise<void> {
    proxy.delay = 10;
    await pause(500);
    proxy.delay = 0;
  }

  private async throwing(): Promise<void> {
    const events = ["beforeExecute", "afterExecute", "begin", "commit", "rollback"] as const;
    const event = events[Math.floor(Math.random() * events.length)] as (typeof events)[number];
    const stop = this.victims.engine.on(event, () => {
      stop();
      throw new SabotageError();
    });
    await pause(50);
    stop();
  }

  /** Somebody else has the write lock for a while, or locks rows. */
  private async lock(): Promise<void> {
    try {
      await this.victims.admin.begin(async (connection) => {
        await addTo(connection, 1, 0n);
        await pause(50 + Math.random() * 100);
      });
    } catch {
      // It met another fault.
    }
  }
}

type Trick = readonly [name: string, trick: () => Promise<void>];

/** What its listeners throw. */
export class SabotageError extends Error {
  override readonly name = "SabotageError";
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
