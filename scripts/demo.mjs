// `npm run demo`: builds what the tour needs and runs it on embedded SQLite. A path given behind `--` is passed on.
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { root, stage } from "./stages.mjs";

const callerFolder = process.env.ACME_CALLER_CWD ?? process.cwd();
/** Paths mean what they mean where the command was typed, which need not be the root of the workspace. */
const args = process.argv.slice(2).map((word) => (word.startsWith("-") ? word : resolve(callerFolder, word)));

if (await stage("build", ["turbo", "run", "build", "--filter=@acme/examples...", "--output-logs=errors-only"])) {
  console.log("▶ tour\n");
  const tour = spawnSync(process.execPath, [join(root, "examples/dist/main.js"), ...args], { stdio: "inherit" });
  process.exitCode = tour.status ?? 1;
} else {
  process.exitCode = 1;
}
