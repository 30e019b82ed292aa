import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEngine, sql } from "@acme/core";
import "@acme/dialect-mysql";
import "@acme/dialect-postgres";
import "@acme/dialect-sqlite";
import { type ProvisionedDatabase, provisionDatabase } from "@acme/testkit";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

const { postgresql, mariadb } = inject("databases");
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** A program under way, and what it has printed. */
class Program {
  readonly lines: string[] = [];
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;
  private errors = "";
  private heard: () => void = () => undefined;

  constructor(...args: readonly string[]) {
    const sources = new URL("../../scripts/sources.mjs", import.meta.url).href;
    const program = ["--import", sources, path("../src/graceful-shutdown.ts"), ...args];
    this.child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "pipe"] });
    let rest = "";
    this.child.stdout?.on("data", (chunk: Buffer) => {
      const parts = (rest + String(chunk)).split("\n");
      rest = parts.pop() ?? "";
      this.lines.push(...parts);
      this.heard();
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.errors += String(chunk);
    });
    this.ended = new Promise((resolve) => this.child.once("close", resolve));
  }

  /** Waits until it has printed so many lines that begin with a word. */
  async says(word: string, count: number): Promise<void> {
    const early = this.ended.then((code) => {
      throw new TypeError(`it ended with ${code}: ${this.errors}`);
    });
    while (this.count(word) < count) {
      await Promise.race([new Promise<void>((resolve) => (this.heard = resolve)), early]);
    }
    early.catch(() => undefined);
  }

  count(word: string): number {
    return this.lines.filter((line) => line.startsWith(word)).length;
  }

  /** Sends SIGTERM; the exit code. */
  async end(): Promise<number | null> {
    this.child.kill("SIGTERM");
    return this.ended;
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}

const SESSIONS: Readonly<Record<string, string>> = {
  postgresql:
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
  mariadb: "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()",
};

describe.each([
  ["sqlite", true, ""],
  ["postgresql", postgresql.available, postgresql.available ? postgresql.url : ""],
  ["mariadb", mariadb.available, mariadb.available ? mariadb.url : ""],
] as const)("[%s] a service that is told to end", (name, available, server) => {
  let database: ProvisionedDatabase;

  beforeAll(async () => {
    if (!available) return;
    if (name !== "sqlite") {
      database = await provisionDatabase(server);
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), "acme-shutdown-"));
    const url = `sqlite:///${join(folder, "shop.db")}`;
    database = { url, drop: async () => rmSync(folder, { recursive: true, force: true }) };
  });

  afterAll(async () => {
    if (available) await database.drop();
  });

  /** The jobs in the database, and whether each has both its steps. */
  async function jobs(): Promise<{ readonly whole: number; readonly half: number }> {
    await using engine = createEngine(database.url, { pool: { max: 1 } });
    await using connection = await engine.connect();
    const counts = await connection.executeDriverSql("SELECT count(*) AS n FROM shutdown_steps GROUP BY job").scalars();
    const question = SESSIONS[name];
    if (question !== undefined) {
      while (Number(await connection.executeDriverSql(question).scalar()) > 0);
    }
    await connection.execute(sql`DELETE FROM shutdown_steps`);
    const numbers = counts.map(Number);
    return { whole: numbers.filter((n) => n === 2).length, half: numbers.filter((n) => n !== 2).length };
  }

  test.skipIf(!available)("finishes what is under way, begins nothing new, and leaves no session behind", async () => {
    const program = new Program(database.url);
    try {
      await program.says("committed", 8);
      expect(await program.end()).toBe(0);
      expect(program.count("stopped")).toBe(1);
      // More workers than connections: some waited.
      expect(program.count("refused")).toBeGreaterThan(0);
      expect(await jobs()).toEqual({ whole: program.count("committed"), half: 0 });
    } finally {
      program.kill();
    }
  });

  test.skipIf(!available)("takes the connection from what does not finish, which is rolled back", async () => {
    const program = new Program(database.url, "stuck");
    try {
      await program.says("working", 1);
      expect(await program.end()).toBe(0);
      expect(program.count("committed")).toBe(0);
      expect(await jobs()).toEqual({ whole: 0, half: 0 });
    } finally {
      program.kill();
    }
  });
});
