/** `npm run bench:stream`: streams many rows from PostgreSQL and fails when that takes more memory than it may. */

import { parseArgs } from "node:util";
import { createEngine, integer, sql, string } from "@acme/core";
import "@acme/dialect-postgres";

const LIMIT_MB = 150;
const { values } = parseArgs({
  options: { rows: { type: "string", default: "10000000" }, batch: { type: "string", default: "500" } },
});
const count = Number(values.rows);
const batchSize = Number(values.batch);
const url = process.env.BENCH_POSTGRESQL_URL ?? "postgresql://postgres@127.0.0.1:5432/postgres";

await using engine = createEngine(url);
const rows = sql`SELECT n AS id, 'row number ' || n AS body FROM generate_series(1, ${count}::integer) AS n`.columns({
  id: integer(),
  body: string(),
});

const began = performance.now();
let seen = 0;
let sum = 0n;
let characters = 0;
for await (const part of engine.stream(rows).yieldPer(batchSize).partitions(batchSize)) {
  seen += part.length;
  for (const row of part) {
    sum += BigInt(row.id);
    characters += row.body.length;
  }
}
const seconds = (performance.now() - began) / 1000;
const peak = process.resourceUsage().maxRSS / 1024;
const right = seen === count && sum === (BigInt(count) * BigInt(count + 1)) / 2n && characters > 0;

process.stdout.write(
  [
    `${seen.toLocaleString("en")} rows in batches of ${batchSize}: ${seconds.toFixed(1)} s, ${Math.round(seen / seconds).toLocaleString("en")} rows a second`,
    `resident memory at its peak: ${peak.toFixed(0)} MB (limit ${LIMIT_MB} MB)`,
    right ? "" : "THE ROWS ARE NOT THOSE THAT WERE ASKED FOR\n",
  ].join("\n"),
);
process.exitCode = right && peak < LIMIT_MB ? 0 : 1;
