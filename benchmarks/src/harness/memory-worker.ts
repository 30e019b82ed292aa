/** A process of its own for one workload and one peer, without raw beside it: one cold operation, and what it takes. */

import { GCProfiler } from "node:v8";
import { openAdmin } from "../data/admin.js";
import { contacts } from "../data/generate.js";
import { loadPeer } from "../peers/registry.js";
import { workloadById } from "../workloads/registry.js";
import { BenchmarkError } from "./errors.js";
import type { MemoryAnswer, MemoryJob } from "./jobs.js";
import { answer } from "./reply.js";

function heapAfterCollection(): number {
  if (globalThis.gc === undefined) throw new BenchmarkError("the memory worker needs node --expose-gc");
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

async function measure({ workload: id, peer: name, target }: MemoryJob): Promise<MemoryAnswer> {
  const workload = workloadById(id);
  const peer = await (await loadPeer(name)).open(target);
  const admin = await openAdmin(target);
  try {
    const context = { database: target.database, admin, rows: contacts() };
    const operation = workload.operation(peer, context);
    if (operation === undefined) return { status: "absent" };
    await operation.prepare?.();

    const before = heapAfterCollection();
    // V8 tells the heap's size before each collection; the largest of these, or the size at the end, is the peak.
    const profiler = new GCProfiler();
    profiler.start();
    const result = await operation.run(0);
    const atEnd = process.memoryUsage().heapUsed;
    const sizes = profiler.stop().statistics.map((gc) => gc.beforeGC.heapStatistics.usedHeapSize);
    const held = heapAfterCollection() - before;
    const value = {
      peakRss: process.resourceUsage().maxRSS * 1024,
      peakHeap: Math.max(atEnd, ...sizes) - before,
      heldHeap: held,
    };
    // The result has to be reachable until here.
    return result === peer ? { status: "absent" } : { status: "measured", value };
  } finally {
    await admin.close();
    await peer.close();
  }
}

await answer(measure);
