import { expect } from "vitest";
import type { FaultChapter } from "./context.js";
import { runSoak } from "./soak.js";

/** All faults at once, for a moment; `runSoak` alone does it for as long as you like. */
export const soakChapter: FaultChapter = {
  title: "a soak",
  declare({ target, test }) {
    test("of three seconds: under random faults no money appears or vanishes", [], async () => {
      const database = await target.provision();
      try {
        const report = await runSoak(target, database.url, { seconds: 3, workers: 8 });
        expect(report.problems).toEqual([]);
        expect(report.committed).toBeGreaterThan(0);
        expect(report.checks).toBeGreaterThan(0);
        expect(Object.keys(report.faults)).not.toEqual([]);
      } finally {
        await database.drop();
      }
    });
  },
};
