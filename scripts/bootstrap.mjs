// What `npm test`, `npm run demo`, `bench` and `soak` start: needs Node.js 20 and npm, nothing else. Installs the workspace with
// pnpm (through npx) and hands over to verify.mjs, run-program.mjs or soak.mjs under the Node.js 24 that the installation brought.
// No dependencies, plain Node.js 20: this file runs before anything is installed.
import { spawnSync } from "node:child_process";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const pnpm = "pnpm@12";
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command, ...args] = process.argv.slice(2);

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`Node.js 20 or newer is needed to start; this is ${process.version}.`);
  process.exit(1);
}
const programs = {
  verify: ["verify.mjs"],
  demo: ["run-program.mjs", "demo"],
  bench: ["run-program.mjs", "bench"],
  "bench:stream": ["run-program.mjs", "bench:stream"],
  soak: ["soak.mjs"],
};
const program = programs[command];
if (!program) {
  console.error(`usage: node scripts/bootstrap.mjs ${Object.keys(programs).join("|")} [arguments]`);
  process.exit(1);
}

/** Runs `npx pnpm@12 ...`; through the npm that started us where there is one, which spares a shell on Windows. */
function runPnpm(pnpmArguments) {
  const npm = process.env.npm_execpath ?? "";
  const options = {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ACME_CALLER_CWD: process.env.INIT_CWD ?? process.cwd() },
  };
  const run = /^(npm|npx)-cli\.[cm]?js$/.test(basename(npm))
    ? spawnSync(process.execPath, [npm, "exec", "--yes", `--package=${pnpm}`, "--", "pnpm", ...pnpmArguments], options)
    : spawnSync("npx", ["--yes", pnpm, ...pnpmArguments], { ...options, shell: process.platform === "win32" });
  if (run.error) console.error(`npx could not be started: ${run.error.message}`);
  return run.status ?? 1;
}

const started = Date.now();
console.log("▶ install");
if (runPnpm(["install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn"]) !== 0) {
  console.error("✗ install failed: see above. It needs the npm registry, and about 1 GB of disk space.");
  process.exit(1);
}
console.log(`✓ install ${((Date.now() - started) / 1000).toFixed(1)} s`);
const [script, ...first] = program;
process.exitCode = runPnpm(["exec", "node", resolve(root, "scripts", script), ...first, ...args]);
