/** The tables of a run, as text. */

import type { TimingAnswer } from "../harness/jobs.js";
import type { Comparison } from "../harness/measure.js";
import type { Results } from "../harness/run.js";
import { median } from "../harness/statistics.js";
import type { Options } from "../options.js";
import type { PeerName } from "../peers/registry.js";
import { startMark, workloadById } from "../workloads/registry.js";
import { duration, megabytes, ratio, table } from "./table.js";
import { markText, verdict } from "./verdict.js";

type Cell = (value: Comparison) => string;

function cellOf(answer: TimingAnswer | undefined, cell: Cell): string {
  if (answer === undefined || answer.status === "absent") return "-";
  return answer.status === "failed" ? "FAILED" : cell(answer.value);
}

function measured(answer: TimingAnswer | undefined): Comparison | undefined {
  return answer?.status === "measured" ? answer.value : undefined;
}

/** One row per workload, one column per peer. `rest` adds what belongs to the row. */
function perPeer(
  { timings }: Results,
  ids: readonly string[],
  peers: readonly PeerName[],
  cell: Cell,
  more: readonly string[] = [],
  rest: (id: string) => readonly string[] = () => [],
): string {
  return table(
    ["workload", ...peers, ...more],
    ids.map((id) => [
      `${id.toUpperCase()} ${workloadById(id).title}`,
      ...peers.map((peer) => cellOf(timings[id]?.[peer], cell)),
      ...rest(id),
    ]),
  );
}

function timingSections(results: Results, { peers, database }: Options): string[] {
  const ids = Object.keys(results.timings);
  const building = ids.filter((id) => workloadById(id).marks[database]?.kind === "microseconds");
  const running = ids.filter((id) => !building.includes(id));
  const markAndVerdict =
    (figures: (value: Comparison) => readonly [number, number]) =>
    (id: string): readonly string[] => {
      const mark = workloadById(id).marks[database];
      const ours = measured(results.timings[id]?.ours);
      return [markText(mark), ours === undefined ? "" : verdict(mark, ...figures(ours))];
    };
  const rawTime = (id: string): string =>
    duration(median(Object.values(results.timings[id] ?? {}).flatMap((a) => measured(a)?.raw.wallNs ?? [])));

  const sections: string[] = [];
  if (running.length > 0) {
    sections.push(
      `## Wall time to the raw driver (1.0; smaller is better)\n\n${perPeer(
        results,
        running,
        peers,
        (v) => ratio(v.wallRatio),
        ["mark", "verdict", "raw takes"],
        // On a server's database the process's CPU time is the client's alone: there the mark is about waiting.
        (id) => [
          ...markAndVerdict((v) => [v.wallRatio, database === "sqlite" ? v.cpuRatio : v.wallRatio])(id),
          rawTime(id),
        ],
      )}`,
      `## CPU time of the process to the raw driver\n\n${perPeer(results, running, peers, (v) => ratio(v.cpuRatio))}`,
      `## Spread of the wall ratios: first and third quartile over the rounds\n\n${perPeer(
        results,
        running,
        peers,
        (v) => `${ratio(v.spread[0])}..${ratio(v.spread[1])}`,
      )}`,
      `## Wall time of one operation (orientation only)\n\n${perPeer(results, running, peers, (v) => duration(v.peer.wallNs))}`,
    );
  }
  if (building.length > 0) {
    sections.push(
      `## Building and compiling a statement, CPU time each (the raw driver's text is a constant)\n\n${perPeer(
        results,
        building,
        peers,
        (v) => duration(v.peer.cpuNs),
        ["mark", "verdict"],
        markAndVerdict((v) => [v.peer.wallNs / 1e3, v.peer.cpuNs / 1e3]),
      )}`,
    );
  }
  return sections;
}

/** The slowest hundredth of single answers, where a workload times them. */
function tailSections({ timings }: Results, { peers }: Options): string[] {
  return Object.entries(timings).flatMap(([id, answers]) => {
    const { title, tailMark } = workloadById(id);
    const rows = peers.flatMap((peer) => {
      const tail = measured(answers[peer])?.tail;
      if (tail === undefined) return [];
      const mine = tail.peer / tail.raw;
      const judged = peer === "ours" ? [markText(tailMark), verdict(tailMark, mine, mine)] : [];
      return [[peer, `${ratio(tail.peer)} ms`, `${ratio(tail.raw)} ms`, ratio(mine), ...judged]];
    });
    if (rows.length === 0) return [];
    const head = ["peer", "p99", "p99 of raw", "ratio", "mark", "verdict"];
    return [`## Slowest hundredth of single answers: ${id.toUpperCase()} ${title}\n\n${table(head, rows)}`];
  });
}

function memorySections({ memory }: Results): string[] {
  const ids = Object.keys(memory);
  if (ids.length === 0) return [];
  const peers = Object.keys(memory[ids[0] ?? ""] ?? {}) as PeerName[];
  const rows = (key: "peakRss" | "peakHeap" | "heldHeap"): string =>
    table(
      ["workload", ...peers],
      ids.map((id) => [
        `${id.toUpperCase()} ${workloadById(id).title}`,
        ...peers.map((peer) => {
          const answer = memory[id]?.[peer];
          if (answer === undefined || answer.status === "absent") return "-";
          return answer.status === "failed" ? "FAILED" : megabytes(answer.value[key]);
        }),
      ]),
    );
  return [
    `## Memory: peak RSS of a process that does one cold operation, MB\n\n${rows("peakRss")}`,
    `## Memory: peak of the JavaScript heap during the operation, MB more than before it\n\n${rows("peakHeap")}`,
    `## Memory: what the result still holds after a garbage collection, MB\n\n${rows("heldHeap")}`,
  ];
}

function startSections({ start }: Results): string[] {
  if (start.length === 0) return [];
  return [
    `## Start: from spawning the process to the first row\n\n${table(
      ["peer", "wall", "ms more than raw", "CPU ms more", "peak RSS MB", "mark", "verdict"],
      start.map((one) =>
        one.status !== "measured"
          ? [one.label, one.status === "failed" ? "FAILED" : "-"]
          : [
              one.label,
              `${one.wallMs.toFixed(0)} ms`,
              one.moreMs.toFixed(0),
              one.moreCpuMs.toFixed(0),
              megabytes(one.rss),
              ...(one.label === "ours (core)"
                ? [markText(startMark), verdict(startMark, one.moreMs, one.moreCpuMs)]
                : []),
            ],
      ),
    )}`,
  ];
}

/** What failed or was left out, each reason once. */
export function failures({ timings, memory, start }: Results): string[] {
  const found = new Set<string>();
  for (const answers of [...Object.entries(timings), ...Object.entries(memory)]) {
    for (const [peer, answer] of Object.entries(answers[1])) {
      if (answer.status === "failed") found.add(`${answers[0].toUpperCase()} ${peer}: ${answer.reason}`);
    }
  }
  for (const one of start) if (one.status === "failed") found.add(`start ${one.label}: ${one.reason}`);
  return [...found];
}

export function report(results: Results, options: Options, environment: readonly string[]): string {
  const failed = failures(results);
  return [
    `# Ratios to the raw driver, ${options.database}${options.quick ? " (quick: noisy)" : ""}`,
    environment.map((line) => `- ${line}`).join("\n"),
    ...timingSections(results, options),
    ...tailSections(results, options),
    ...memorySections(results),
    ...startSections(results),
    ...(results.growth === undefined ? [] : [results.growth]),
    ...(failed.length > 0 ? [`## Failed\n\n${failed.map((line) => `- ${line}`).join("\n")}`] : []),
  ].join("\n\n");
}
