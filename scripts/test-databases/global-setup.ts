import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { discoverDatabases, requireDatabases } from "./discover.js";

/** Vitest's global setup: finds the databases once per run, offers them to tests, and keeps the answer for the final table. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { databases, stop } = await discoverDatabases();
  project.provide("databases", databases);
  const reports = join(import.meta.dirname, "../../.reports");
  mkdirSync(reports, { recursive: true });
  writeFileSync(join(reports, "databases.json"), `${JSON.stringify(databases, null, 2)}\n`);
  try {
    requireDatabases(databases);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
