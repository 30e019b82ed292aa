// `npm run demo` and `npm run bench`: builds a private package with what it needs and runs its dist/main.js. Arguments given
// behind `--` are passed on; paths in them mean what they mean in the folder where the command was typed.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, stage } from "./stages.mjs";

const folders = { demo: "examples", bench: "benchmarks" };
const [command, ...args] = process.argv.slice(2);
const folder = folders[command];
if (!folder) throw new Error(`not one of ${Object.keys(folders).join(", ")}: ${command}`);

if (await stage("build", ["turbo", "run", "build", `--filter=@acme/${folder}...`, "--output-logs=errors-only"])) {
  console.log(`▶ ${command}\n`);
  const cwd = process.env.ACME_CALLER_CWD ?? process.cwd();
  const program = spawnSync(process.execPath, [join(root, folder, "dist/main.js"), ...args], { cwd, stdio: "inherit" });
  process.exitCode = program.status ?? 1;
} else {
  process.exitCode = 1;
}
