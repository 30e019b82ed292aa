/** All timed workloads, in the order of the tables. */

import { BenchmarkError } from "../harness/errors.js";
import { compile, compileUncached } from "./compile.js";
import { concurrent, pointEntity, pointSelect, pointSelectPrepared } from "./point.js";
import { entities, graph, rows } from "./read.js";
import type { Mark, Workload } from "./workload.js";
import { bulkInsert, flushDelete, flushInsert, flushUpdate } from "./write.js";

export const workloads: readonly Workload[] = [
  compile,
  compileUncached,
  pointSelect,
  pointSelectPrepared,
  pointEntity,
  rows,
  entities,
  graph,
  bulkInsert,
  flushInsert,
  flushUpdate,
  flushDelete,
  concurrent,
];

/** W11: from process start to the first row. */
export const startMark: Mark = { kind: "more-ms", atMost: 30, source: "issue" };

/** The two measurements that are no timed workload: `memory` runs these again, each in a process of its own. */
export const memoryWorkloads: readonly string[] = ["w3", "w4", "w5", "w6", "w7", "w8", "w9"];
export const memoryId = "memory";
export const startId = "start";
/** Compile time by the size of the statement. */
export const growthId = "growth";

export function workloadById(id: string): Workload {
  const found = workloads.find((workload) => workload.id === id);
  if (found === undefined) throw new BenchmarkError(`There is no workload '${id}'.`);
  return found;
}
