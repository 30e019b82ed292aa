/** What a reader has to know about the machine and the versions. */

import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Options } from "../options.js";
import { loadPeer } from "../peers/registry.js";

/** The installed version of a package, read from the package.json above its entry point. */
function versionOf(name: string): string {
  let folder: string;
  try {
    folder = dirname(fileURLToPath(import.meta.resolve(name)));
  } catch {
    return "not installed";
  }
  for (; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
        name?: string;
        version?: string;
      };
      if (found.name === name && found.version !== undefined) return found.version;
    } catch {
      // No package.json at this level: look one level up.
    }
  }
  return "version unknown";
}

export async function environment({ peers, database }: Options): Promise<string[]> {
  const names = new Set<string>([{ sqlite: "better-sqlite3", postgresql: "pg", mariadb: "mysql2" }[database]]);
  for (const peer of peers) {
    if (peer === "raw") continue;
    try {
      for (const name of (await loadPeer(peer)).packages) names.add(name);
    } catch (error) {
      names.add(`${peer} cannot be loaded (${error instanceof Error ? error.message.split("\n")[0] : String(error)})`);
    }
  }
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(", ");
  return [
    `Node ${process.versions.node}, ${[...names].map((name) => (name.includes(" ") ? name : `${name} ${versionOf(name)}`)).join(", ")}`,
    `${availableParallelism()} x ${cpus()[0]?.model ?? "unknown processor"}, load average at the end ${load}`,
    "Every cell ran in a process of its own, in turn with the raw driver; medians of the ratios of each round",
    "Before timing, each peer's result was compared with raw's by checksum",
    "Marks are for ours; those in brackets are judgements that followed from measuring the peers, the others are set",
  ];
}
