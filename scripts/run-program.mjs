// `npm run demo`, `bench` and `bench:stream`: builds a private package with what it needs and runs a program of it. Arguments given
// behind `--` are passed on; paths in them mean what they mean in the folder where the command was typed.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, stage } from "./stages.mjs";

const programs = {
  demo: ["examples", "main.js"],
  bench: ["benchmarks", "main.js"],
  "bench:stream": ["benchmarks", "stream-memory.js"],
};
const [command, ...args] = process.argv.slice(2);
if (!(command in programs)) throw new Error(`not one of ${Object.keys(programs).join(", ")}: ${command}`);
const [folder, file] = programs[command];

if (await stage("build", ["turbo", "run", "build", `--filter=@acme/${folder}...`, "--output-logs=errors-only"])) {
  console.log(`▶ ${command}\n`);
  const cwd = process.env.ACME_CALLER_CWD ?? process.cwd();
  const program = spawnSync(process.execPath, [join(root, folder, "dist", file), ...args], { cwd, stdio: "inherit" });
  process.exitCode = program.status ?? 1;
} else {
  process.exitCode = 1;
}
