// `npm test`: every gate and every test that this machine can run, then which databases took part. Stops at the first gate
// that fails; tests of all packages run even if some fail. The last line is "N passed, N failed[, N skipped]".
import { rmSync } from "node:fs";
import { join } from "node:path";
import { databaseTable, idleRequirements, readDatabases } from "./report-databases.mjs";
import { readTestReport, totals } from "./report-tests.mjs";
import { reports, stage } from "./stages.mjs";

const since = performance.now();
const node = process.execPath;
process.env.TURBO_TELEMETRY_DISABLED = "1";
process.env.TURBO_NO_UPDATE_NOTIFIER = "1";
rmSync(reports, { recursive: true, force: true });

const gates = [
  ["build", ["turbo", "run", "build", "--output-logs=errors-only"]],
  ["type-check", ["tsc", "--noEmit"]],
  ["lint", ["biome", "check", "--error-on-warnings", "."]],
  ["arrows", ["depcruise", "--config", ".dependency-cruiser.mjs", "packages", "examples", "benchmarks", "scripts"]],
  ["packages (pack, publint, attw)", [node, "scripts/check-packages.mjs"]],
  ["unused code and dependencies (knip)", ["knip"]],
];

const checks = [
  ["type budget", [node, "scripts/type-budget.mjs"]],
  ["consumer check", [node, "scripts/consumer-check/run.mjs"]],
  ["scorecard", [node, "scripts/scorecard.mjs"], { show: true }],
];

/** Runs stages until one fails; returns the name of that one. */
async function firstFailure(stages) {
  for (const [name, command, options] of stages) {
    if (!(await stage(name, command, options))) return name;
  }
  return undefined;
}

const failures = [];
const failedGate = await firstFailure(gates);
if (failedGate) {
  console.error(`\nStopped: "${failedGate}" failed, see above. No test ran.`);
  process.exit(1);
}

const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${join(reports, "vitest.json")}`];
if (!(await stage("tests", ["vitest", "run", ...reporters], { show: true }))) failures.push("tests");
const report = readTestReport();
if (!report) {
  console.error("\nStopped: vitest wrote no report, see above.");
  process.exit(1);
}

const failedCheck = await firstFailure(failures.length > 0 ? checks.slice(-1) : checks);
if (failedCheck) failures.push(failedCheck);

const databases = readDatabases();
console.log(`\n${databaseTable(databases, report)}`);
failures.push(...idleRequirements(databases, report));
const total = totals(report);
console.log(`\n${((performance.now() - since) / 1000).toFixed(0)} s after the installation.`);
if (failures.length > 0) console.log(`Failed: ${failures.join("; ")}`);
if (failures.includes("tests")) console.log("Not run, because tests failed: type budget, consumer check");
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
process.exitCode = failures.length > 0 ? 1 : 0;
