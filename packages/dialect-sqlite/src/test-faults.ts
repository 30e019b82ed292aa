import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine } from "@acme/core";
import type { FaultTarget } from "@acme/testkit";
import "./index.js";

const IN_PROCESS = "SQLite runs inside the process";

/** What the fault suite and the soak must know of SQLite. */
export const sqliteFaults = {
  name: "sqlite",
  provision: async () => {
    const folder = mkdtempSync(join(tmpdir(), "acme-sqlite-faults-"));
    return {
      url: `sqlite:///${join(folder, "faults.db")}?pragma=journal_mode=WAL`,
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
  createEngine: (url, options) => createEngine(url, options),
  optOut: {
    sessions: `${IN_PROCESS}: there is no session that somebody else could end`,
    network: `${IN_PROCESS}: there is no network`,
    twoPhase: "SQLite has none",
    restarts: `${IN_PROCESS}: there is no server`,
    connectionLimit: `${IN_PROCESS}: every program may open the file`,
    statementTimeout: "a statement of SQLite blocks the thread that would have to stop it",
    deadlocks: "SQLite has one writer at a time",
  },
} satisfies FaultTarget;
