// How a service ends when it is told to (SIGTERM, as Kubernetes, systemd and Docker say it): it begins nothing new, lets
// transactions under way finish, and takes the connection away from those that take too long, so that the database rolls them back.
//
//   node graceful-shutdown.js postgresql://app@localhost/shop [stuck]
import process from "node:process";
import { createEngine, insert, integer, MetaData, ResourceClosedError, string, Table } from "@acme/core";

const metadata = new MetaData();
const steps = new Table("shutdown_steps", metadata, {
  id: integer().primaryKey(),
  job: integer(),
  step: string(10),
});

const [url = "", mode] = process.argv.slice(2);
const dialect = url.startsWith("sqlite") ? "sqlite" : url.startsWith("postgresql") ? "postgres" : "mysql";
await import(`@acme/dialect-${dialect}`);
const engine = createEngine(url, { pool: { max: 4 } });
await metadata.createAll(engine);

let stopping = false;

process.once("SIGTERM", async () => {
  console.log("stopping");
  stopping = true;
  // Callers who still wait for a connection are refused; those who have one get a second.
  await engine.dispose({ timeout: 1000, force: true });
  console.log("stopped");
});

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function run(job: number): Promise<void> {
  await engine.begin(async (connection) => {
    await connection.execute(insert(steps).values({ job, step: "first" }));
    // Something slow in between; in the mode "stuck" it takes far too long.
    await pause(mode === "stuck" ? 60_000 : 30);
    await connection.execute(insert(steps).values({ job, step: "second" }));
  });
  console.log(`committed ${job}`);
}

let jobs = 0;
const workers = Array.from({ length: 6 }, async () => {
  while (!stopping) {
    jobs += 1;
    const job = jobs;
    try {
      await run(job);
    } catch (error) {
      if (!(error instanceof ResourceClosedError)) throw error;
      console.log(`refused ${job}`);
    }
  }
});
console.log("working");
if (mode === "stuck") {
  // Nobody waits for a job that will not end: the process ends with the engine.
  while (!stopping) await pause(10);
  await engine.dispose({ timeout: 1500, force: true });
  process.exit(0);
}
await Promise.all(workers);
