// Which databases took part in the last test run: what scripts/test-databases found, and the tests whose titles carry the
// database's name in brackets ("[postgresql] savepoints").
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { testsOf } from "./report-tests.mjs";
import { reports } from "./stages.mjs";

/** What the run found per database name; empty when vitest ended before that. */
export function readDatabases() {
  const path = join(reports, "databases.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}

/** How many tests of a database passed or failed; skipped ones did not run. */
function testsRun(name, report) {
  const isAbout = (title) => title.startsWith(`[${name}]`);
  const ran = testsOf(report).filter((test) => ["passed", "failed"].includes(test.status) && test.titles.some(isAbout));
  return ran.length;
}

/** The table that closes `npm test`. */
export function databaseTable(databases, report) {
  const rows = Object.entries(databases).map(([name, database]) =>
    database.available
      ? [name, database.version, database.provenance, `${testsRun(name, report)} tests run`]
      : [name, "-", "-", `left out: ${database.reason}`],
  );
  const table = [["database", "version", "from", "tests run, or why left out"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return [
    line(table[0]),
    [...widths, 26].map((width) => "-".repeat(width)).join("  "),
    ...table.slice(1).map(line),
  ].join("\n");
}

/** Databases named in ACME_REQUIRE that answered, but for which no test ran: as bad as a missing one. */
export function idleRequirements(databases, report) {
  const required = (process.env.ACME_REQUIRE ?? "").split(",").map((word) => word.trim());
  return required
    .filter((name) => name && (!databases[name]?.available || testsRun(name, report) === 0))
    .map((name) => `ACME_REQUIRE names ${name}, but no test ran on it`);
}
