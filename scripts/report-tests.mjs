// Reads the JSON report of vitest that `npm test` leaves in .reports/.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { reports } from "./stages.mjs";

/** The report of the last run, or undefined when vitest ended before it could write one. */
export function readTestReport() {
  const path = join(reports, "vitest.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** Every test of the report: the titles of the blocks around it, its own title, its status. */
export function testsOf(report) {
  return report.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({
      file: file.name,
      titles: [...test.ancestorTitles, test.title],
      status: test.status,
    })),
  );
}

/** Numbers of tests by outcome. A file that fails before its tests are known counts as one failed test. */
export function totals(report) {
  const tests = testsOf(report);
  const count = (...statuses) => tests.filter((test) => statuses.includes(test.status)).length;
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: count("passed"),
    failed: count("failed") + broken.length,
    skipped: count("skipped", "pending", "todo", "disabled"),
  };
}
