/**
 * Measures a peer and the raw driver in one process, block by block in turn.
 *
 * The machine's speed drifts by more than most peers differ, so an absolute time says little. The ratio of two blocks that
 * ran one after the other is much steadier, and the median over the rounds steadier again. CPU time (user and system,
 * all threads of the process) is taken beside wall time: what else runs on the machine changes it least.
 */

import type { Operation } from "../workloads/workload.js";
import { median, quantile } from "./statistics.js";

export interface Effort {
  /** How long a block of repetitions is meant to take, in milliseconds. */
  readonly blockMs: number;
  /** How long each side runs before anything is measured, in milliseconds. */
  readonly warmupMs: number;
  readonly minRounds: number;
  readonly maxRounds: number;
  /** After `minRounds`, no further round begins when this much time has passed, in milliseconds. */
  readonly budgetMs: number;
}

/** The usual effort, and that of `--quick`: a whole run over SQLite in less than three minutes. */
export const efforts: { readonly full: Effort; readonly quick: Effort } = {
  full: { blockMs: 60, warmupMs: 700, minRounds: 3, maxRounds: 13, budgetMs: 6000 },
  quick: { blockMs: 25, warmupMs: 250, minRounds: 3, maxRounds: 7, budgetMs: 900 },
};

export interface Side {
  /** Medians over the rounds of one operation, in nanoseconds. */
  readonly wallNs: number;
  readonly cpuNs: number;
}

export interface Comparison {
  readonly raw: Side;
  readonly peer: Side;
  /** Medians over the rounds of peer / raw of the same round. */
  readonly wallRatio: number;
  readonly cpuRatio: number;
  /** First and third quartile of the wall ratios. */
  readonly spread: readonly [number, number];
  readonly rounds: number;
  /** The slowest hundredth of single answers, in milliseconds, where the workload times them. */
  readonly tail?: { readonly raw: number; readonly peer: number };
}

interface Block {
  readonly wallNs: number;
  readonly cpuNs: number;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** Runs the operation `times` times, counted from `from`; what it took per operation. */
async function block(operation: Operation, from: number, times: number): Promise<Block> {
  if (operation.prepare) await operation.prepare();
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  for (let n = from; n < from + times; n++) {
    const result = operation.run(n);
    // A synchronous answer is not awaited: the raw driver must not pay for a turn of the event loop.
    if (isThenable(result)) await result;
  }
  const wall = Number(process.hrtime.bigint() - start);
  const used = process.cpuUsage(cpu);
  return { wallNs: wall / times, cpuNs: ((used.user + used.system) * 1000) / times };
}

interface Contender {
  readonly operation: Operation;
  done: number;
  times: number;
}

/** Lets the compiler settle, and finds out how many operations fill a block. */
async function warmUp(contender: Contender, effort: Effort): Promise<void> {
  const { operation } = contender;
  // What `prepare` takes warms nothing up, so it counts for little.
  const end = performance.now() + effort.warmupMs * 3;
  let last = await block(operation, contender.done++, 1);
  let times = 1;
  let warm = last.wallNs;
  while (warm < effort.warmupMs * 1e6 && performance.now() < end) {
    // No prepared operation can be repeated within a block: each starts from a state of its own.
    times = operation.prepare ? 1 : Math.min(times * 2, timesFor(last, effort.blockMs));
    last = await block(operation, contender.done, times);
    contender.done += times;
    warm += last.wallNs * times;
  }
  contender.times = operation.prepare ? 1 : timesFor(last, effort.blockMs);
}

function timesFor(measured: Block, blockMs: number): number {
  return Math.max(1, Math.min(5_000_000, Math.round((blockMs * 1e6) / Math.max(1, measured.wallNs))));
}

/** Compares two operations. The order within a round alternates, so that neither side is always the one that waits. */
export async function compare(raw: Operation, peer: Operation, effort: Effort): Promise<Comparison> {
  const sides = {
    raw: { operation: raw, done: 0, times: 1 },
    peer: { operation: peer, done: 0, times: 1 },
  };
  await warmUp(sides.raw, effort);
  await warmUp(sides.peer, effort);

  for (const { operation } of [sides.raw, sides.peer]) operation.latencies?.splice(0);
  const measured: { raw: Block[]; peer: Block[] } = { raw: [], peer: [] };
  const end = performance.now() + effort.budgetMs;
  for (let round = 0; round < effort.maxRounds; round++) {
    if (round >= effort.minRounds && performance.now() > end) break;
    for (const name of round % 2 === 0 ? (["raw", "peer"] as const) : (["peer", "raw"] as const)) {
      const side = sides[name];
      measured[name].push(await block(side.operation, side.done, side.times));
      side.done += side.times;
    }
  }

  const ratios = (key: keyof Block): number[] =>
    measured.peer.map((mine, i) => mine[key] / Math.max(1, measured.raw[i]?.[key] ?? Number.NaN));
  const side = (blocks: readonly Block[]): Side => ({
    wallNs: median(blocks.map((b) => b.wallNs)),
    cpuNs: median(blocks.map((b) => b.cpuNs)),
  });
  const wall = ratios("wallNs");
  const tail = tailOf(raw, peer);
  return {
    raw: side(measured.raw),
    peer: side(measured.peer),
    wallRatio: median(wall),
    cpuRatio: median(ratios("cpuNs")),
    spread: [quantile(wall, 0.25), quantile(wall, 0.75)],
    rounds: wall.length,
    ...(tail === undefined ? {} : { tail }),
  };
}

function tailOf(raw: Operation, peer: Operation): Comparison["tail"] {
  if (raw.latencies === undefined || peer.latencies === undefined) return undefined;
  return { raw: quantile(raw.latencies, 0.99), peer: quantile(peer.latencies, 0.99) };
}
