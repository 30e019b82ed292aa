// The tour: `npm run demo`, or `npm run demo -- path/to/any.sqlite` to explore a database of your own.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { AcmeError, createEngine } from "@acme/core";
import "@acme/dialect-sqlite";
import { explore } from "./explore.js";
import { bold, dim, say } from "./show.js";
import { Stage } from "./stage.js";
import { coreTour } from "./tour-core.js";
import { ormTour } from "./tour-orm.js";

async function tour(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "acme-tour-"));
  try {
    const file = join(folder, "tour.sqlite");
    say(bold("A tour of @acme/core and @acme/orm"));
    say(dim(`on SQLite, in a file of its own: ${file}`));
    await using engine = createEngine(`sqlite:///${file}`);
    const stage = new Stage(engine);
    await coreTour(engine, stage);
    await ormTour(engine, stage);
    say(`Explore a database of your own: ${bold("npm run demo -- path/to/any.sqlite")}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function exploreFile(path: string): Promise<void> {
  const file = resolve(path);
  if (!existsSync(file)) {
    say(`There is no file ${file}.`);
    process.exitCode = 1;
    return;
  }
  await using engine = createEngine(`sqlite:///${file}`);
  await explore(engine);
}

try {
  const [path] = process.argv.slice(2);
  await (path === undefined ? tour() : exploreFile(path));
} catch (error) {
  if (!(error instanceof AcmeError)) throw error;
  say(`${error.name} [${error.code}]: ${error.message}`);
  process.exitCode = 1;
}
