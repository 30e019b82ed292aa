/** Whether a measurement reaches its mark. */

import type { Mark } from "../workloads/workload.js";

/** "<= 1.5", with the unit if there is one; marks that the issue does not set are in brackets. */
export function markText(mark: Mark | undefined): string {
  if (mark === undefined) return "";
  const unit = mark.kind === "microseconds" ? " us" : mark.kind === "more-ms" ? " ms" : "";
  const text = `<= ${mark.atMost}${unit}`;
  return mark.source === "issue" ? text : `(${text})`;
}

/**
 * `pass` and `miss` when wall and CPU agree. Where they do not, the machine was busy or the time is spent waiting: then
 * the one that reaches the mark is named, and the cell deserves a longer run.
 */
export function verdict(mark: Mark | undefined, wall: number, cpu: number): string {
  if (mark === undefined) return "";
  if (wall <= mark.atMost && cpu <= mark.atMost) return "pass";
  if (wall > mark.atMost && cpu > mark.atMost) return "MISS";
  return cpu <= mark.atMost ? "cpu only" : "wall only";
}
