// `npm run soak -- [--minutes 10] [--database postgresql,mariadb,sqlite] [--workers 16] [--restart]`: moves money under random faults
// and tells whether any appeared or vanished. With --restart, PostgreSQL and MariaDB are servers of its own that are crashed once a
// minute; without, the local services are used.
import { parseArgs } from "node:util";
import { type FaultTarget, provisionDatabase, runSoak, type SoakReport } from "@acme/testkit";
import { mariadbFaults } from "../packages/dialect-mysql/src/test-faults.js";
import { postgresFaults } from "../packages/dialect-postgres/src/test-faults.js";
import { sqliteFaults } from "../packages/dialect-sqlite/src/test-faults.js";
import { discoverDatabases } from "./test-databases/discover.js";
import { startEmbeddedPostgres } from "./test-databases/embedded-postgres.js";
import { startOwnMariadb } from "./test-databases/own-mariadb.js";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    database: { type: "string", default: "sqlite,postgresql,mariadb" },
    workers: { type: "string", default: "16" },
    restart: { type: "boolean", default: false },
  },
});
const options = { seconds: Number(values.minutes) * 60, workers: Number(values.workers) };

/** Where a soak runs, and how its server is crashed. */
interface Field {
  readonly target: FaultTarget;
  readonly url: string;
  readonly restart?: () => Promise<void>;
  close(): Promise<void>;
}

/** A server of the soak's own. */
async function crashing(
  target: Omit<FaultTarget, "provision">,
  start: () => Promise<{ readonly url: string; restart(): Promise<void>; stop(): Promise<void> }>,
): Promise<Field> {
  const server = await start();
  const provision = async () => ({ url: server.url, drop: async () => undefined });
  return { target: { ...target, provision }, url: server.url, restart: server.restart, close: server.stop };
}

const discovery = await discoverDatabases();
const { postgresql, mariadb } = discovery.databases;

async function fieldOf(name: string): Promise<Field | string> {
  if (name === "sqlite") return provisioned(sqliteFaults);
  if (name === "postgresql") {
    if (values.restart) return crashing(postgresFaults, startEmbeddedPostgres);
    if (!postgresql.available) return postgresql.reason;
    return provisioned({ ...postgresFaults, provision: () => provisionDatabase(postgresql.url) });
  }
  if (name === "mariadb") {
    if (values.restart) return crashing(mariadbFaults, startOwnMariadb);
    if (!mariadb.available) return mariadb.reason;
    return provisioned({ ...mariadbFaults, provision: () => provisionDatabase(mariadb.url) });
  }
  return "no soak knows it";
}

async function provisioned(target: FaultTarget): Promise<Field> {
  const { url, drop } = await target.provision();
  return { target, url, close: drop };
}

function print(name: string, report: SoakReport): void {
  const { problems, ...figures } = report;
  console.log(`\n${name}: ${problems.length === 0 ? "all is well" : `${problems.length} PROBLEMS`}`);
  for (const [key, value] of Object.entries(figures)) console.log(`  ${key}: ${JSON.stringify(value)}`);
  for (const problem of problems.slice(0, 20)) console.log(`  ! ${problem}`);
}

async function soak(name: string): Promise<boolean> {
  const field = await fieldOf(name);
  if (typeof field === "string") {
    console.log(`${name}: left out: ${field}`);
    return true;
  }
  try {
    const log = (line: string): void => console.log(`${name}: ${line}`);
    const report = await runSoak(field.target, field.url, { ...options, log, restart: field.restart });
    print(name, report);
    return report.problems.length === 0;
  } finally {
    await field.close();
  }
}

try {
  const outcomes = await Promise.all(values.database.split(",").map((name) => soak(name.trim())));
  process.exitCode = outcomes.every(Boolean) ? 0 : 1;
} finally {
  await discovery.stop();
}
