// Compiles generated projects in a temporary folder as a user's project would be: `@acme/*` resolve through node_modules to
// the packages as built, so their declarations count and not their sources.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../stages.mjs";

const tsc = join(root, "node_modules/typescript/bin/tsc");
const folder = mkdtempSync(join(tmpdir(), "acme-type-budget-"));
let projects = 0;

/** Ends the program: the budget cannot be measured. */
function giveUp(why) {
  console.error(why);
  process.exit(1);
}

for (const name of ["pool", "core", "orm"]) {
  const built = existsSync(join(root, "packages", name, "dist/index.d.ts"));
  if (!built) giveUp(`packages/${name} is not built: run \`npm run build\` first.`);
}
mkdirSync(join(folder, "node_modules/@acme"), { recursive: true });
for (const name of ["core", "orm"]) {
  symlinkSync(join(root, "packages", name), join(folder, "node_modules/@acme", name), "junction");
}
writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));

/** Strict, and with no types of others: what is counted is ours. */
const compilerOptions = {
  target: "es2023",
  lib: ["es2023", "esnext.disposable"],
  module: "nodenext",
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  types: [],
};

/** Runs tsc over files given by name and text. Stops the program when the project does not compile. */
function compile(name, files, options, args) {
  const project = join(folder, `p${projects++}`);
  mkdirSync(project);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(project, file), text);
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...compilerOptions, ...options }, files: Object.keys(files) }),
  );
  const run = spawnSync(process.execPath, [tsc, "-p", project, ...args], { encoding: "utf8", maxBuffer: 1 << 26 });
  if (run.status !== 0) {
    const said = `${run.stdout}${run.stderr}`.split("\n").slice(0, 30).join("\n");
    giveUp(`"${name}" does not compile (kept in ${project}):\n${said}`);
  }
  return { project, output: run.stdout };
}

function figure(output, label) {
  const found = new RegExp(`^${label}:\\s+([\\d,]+)`, "m").exec(output);
  if (!found) giveUp(`tsc --extendedDiagnostics prints no "${label}":\n${output}`);
  return Number(found[1].replaceAll(",", ""));
}

/** What the type checker does for a project: instantiations, types, and the compiler's memory in MB. */
export function measure(name, files) {
  const { output } = compile(name, files, { noEmit: true }, ["--extendedDiagnostics", "--singleThreaded"]);
  return {
    instantiations: figure(output, "Instantiations"),
    types: figure(output, "Types"),
    memory: figure(output, "Memory used") / 1024,
  };
}

/** Compiles a project with its declarations, which must succeed. Gives the bytes of the declarations by file name. */
export function declarationsOf(name, files) {
  const { project } = compile(name, files, { declaration: true, emitDeclarationOnly: true, outDir: "out" }, []);
  const out = join(project, "out");
  return Object.fromEntries(readdirSync(out).map((file) => [file, statSync(join(out, file)).size]));
}

/** Removes the temporary folder. */
export function removeProjects() {
  rmSync(folder, { recursive: true, force: true });
}
