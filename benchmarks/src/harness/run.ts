/** A whole run: every asked measurement, one process after another. */

import type { Options } from "../options.js";
import type { Target } from "../peers/peer.js";
import { loadPeer, type PeerName } from "../peers/registry.js";
import { growthId, memoryId, memoryWorkloads, startId, workloads } from "../workloads/registry.js";
import { entityDatabases } from "../workloads/workload.js";
import type { Databases } from "./database.js";
import type { MemoryAnswer, Start, StartJob, TimingAnswer } from "./jobs.js";
import { efforts } from "./measure.js";
import { runMemory, runStart, runTiming } from "./processes.js";
import { median } from "./statistics.js";

/** Start of one peer, as medians over the rounds. */
export interface StartResult {
  readonly label: string;
  readonly peer: PeerName;
  readonly status: "measured" | "absent" | "failed";
  readonly reason?: string;
  readonly wallMs: number;
  /** Median of the differences to raw in the same round. */
  readonly moreMs: number;
  readonly moreCpuMs: number;
  readonly rss: number;
}

export interface Results {
  /** By workload id, then peer. */
  readonly timings: Record<string, Partial<Record<PeerName, TimingAnswer>>>;
  readonly memory: Record<string, Partial<Record<PeerName, MemoryAnswer>>>;
  readonly start: readonly StartResult[];
  /** The table of compile times by size. */
  readonly growth: string | undefined;
}

export type Progress = (line: string) => void;

export async function run(options: Options, databases: Databases, progress: Progress): Promise<Results> {
  const effort = options.quick ? efforts.quick : efforts.full;
  const timings: Results["timings"] = {};
  for (const workload of workloads.filter(({ id }) => options.only.includes(id))) {
    const row: Partial<Record<PeerName, TimingAnswer>> = {};
    timings[workload.id] = row;
    for (const peer of options.peers) {
      const { databases: its = entityDatabases } = await loadPeer(peer);
      if (!its.includes(options.database)) continue;
      const answer = await databases.withTarget((target) => runTiming({ workload: workload.id, peer, target, effort }));
      row[peer] = answer;
      progress(`${workload.id.padEnd(4)} ${peer.padEnd(9)} ${said(answer)}`);
    }
  }
  return {
    timings,
    memory: options.only.includes(memoryId) ? await measureMemory(options, databases, progress) : {},
    start: options.only.includes(startId)
      ? await databases.withTarget((target) => measureStart(options, target, progress))
      : [],
    growth: options.only.includes(growthId) ? (await import("../growth.js")).growthReport(options.quick) : undefined,
  };
}

function said(answer: TimingAnswer): string {
  if (answer.status === "absent") return "does not do it";
  if (answer.status === "failed") return `FAILED: ${answer.reason}`;
  const { wallRatio, cpuRatio, rounds } = answer.value;
  return `${wallRatio.toFixed(2)} x raw, CPU ${cpuRatio.toFixed(2)} x (${rounds} rounds)`;
}

async function measureMemory(options: Options, databases: Databases, progress: Progress): Promise<Results["memory"]> {
  const memory: Results["memory"] = {};
  // A quick run looks at one workload of each kind: entities, a graph, a flush.
  for (const workload of options.quick ? ["w4", "w5", "w7"] : memoryWorkloads) {
    const row: Partial<Record<PeerName, MemoryAnswer>> = {};
    memory[workload] = row;
    for (const peer of new Set<PeerName>(["raw", ...options.peers])) {
      const answer = await databases.withTarget((target) => runMemory({ workload, peer, target }));
      row[peer] = answer;
      if (answer.status === "failed") progress(`memory ${workload} ${peer} FAILED: ${answer.reason}`);
    }
    progress(`memory ${workload}`);
  }
  return memory;
}

interface Starter {
  readonly label: string;
  readonly job: StartJob;
  readonly starts: Start[];
  absent?: true;
  failed?: string;
}

async function measureStart(
  { peers, quick }: Options,
  target: Target,
  progress: Progress,
): Promise<readonly StartResult[]> {
  const starter = (label: string, peer: PeerName, first: StartJob["first"]): Starter => ({
    label,
    job: { peer, target, first },
    starts: [],
  });
  const raw = starter("raw", "raw", "row");
  const others = peers
    .filter((peer) => peer !== "raw")
    // Ours is two packages: what a user of Core waits for, and what a user of the ORM waits for.
    .flatMap((peer) =>
      peer === "ours"
        ? [starter("ours (core)", peer, "row"), starter("ours (core + orm)", peer, "entity")]
        : [starter(peer, peer, "row")],
    );
  const all = [raw, ...others];
  const rounds = quick ? 5 : 11;
  // The first round fills the page cache and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const one of round % 2 === 0 ? all : [...all].reverse()) {
      if (one.failed !== undefined || one.absent) continue;
      try {
        const start = await runStart(one.job);
        if (start === undefined) one.absent = true;
        else if (round >= 0) one.starts.push(start);
      } catch (error) {
        one.failed = error instanceof Error ? error.message : String(error);
        progress(`start ${one.label} FAILED: ${one.failed}`);
      }
    }
  }
  progress(`start (${rounds} rounds)`);
  return all.map((one): StartResult => {
    const more = (key: "wallMs" | "cpuMs"): number =>
      median(one.starts.map((start, i) => start[key] - (raw.starts[i]?.[key] ?? Number.NaN)));
    return {
      label: one.label,
      peer: one.job.peer,
      status: one.absent ? "absent" : one.failed === undefined ? "measured" : "failed",
      ...(one.failed === undefined ? {} : { reason: one.failed }),
      wallMs: median(one.starts.map((start) => start.wallMs)),
      moreMs: more("wallMs"),
      moreCpuMs: more("cpuMs"),
      rss: median(one.starts.map((start) => start.rss)),
    };
  });
}
