/** The benchmark command: measures, prints the tables, and fails if a peer's result was wrong. */

import { writeFileSync } from "node:fs";
import { createDatabases } from "./harness/database.js";
import { BenchmarkError } from "./harness/errors.js";
import { run } from "./harness/run.js";
import { readOptions, usage } from "./options.js";
import { environment } from "./report/environment.js";
import { failures, report } from "./report/report.js";

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const began = performance.now();
  const databases = await createDatabases(options);
  // Ctrl-C must not leave a database behind.
  process.once("SIGINT", () => {
    void databases.dispose().finally(() => process.exit(130));
  });
  try {
    const results = await run(options, databases, (line) => process.stderr.write(`${line}\n`));
    const lines = await environment(options);
    lines.push(`The run took ${((performance.now() - began) / 1000).toFixed(0)} s`);
    process.stdout.write(`\n${report(results, options, lines)}\n`);
    if (options.json !== undefined) {
      writeFileSync(options.json, `${JSON.stringify({ options, environment: lines, results }, undefined, 2)}\n`);
    }
    return failures(results).length === 0 ? 0 : 1;
  } finally {
    await databases.dispose();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof BenchmarkError || (error instanceof TypeError && "code" in error))) throw error;
  process.stderr.write(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
