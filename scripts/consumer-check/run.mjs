// The consumer check: every package, as packed, is installed into an empty project in a temporary folder outside the
// workspace; the project (project/src) is type-checked with TypeScript 5.9, 6 and 7, compiled, and run. A statement is also
// compiled by a script that was bundled for the browser and runs without anything of Node.js.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import { rolldown } from "rolldown";
import { ensurePacked, published } from "../published.mjs";
import { stage } from "../stages.mjs";

const here = import.meta.dirname;
const project = mkdtempSync(join(tmpdir(), "acme-consumer-"));

/** The versions of drivers and tools are those of the workspace, so that pnpm finds them in its store. */
function writeManifests() {
  const workspace = JSON.parse(readFileSync(join(here, "../../package.json"), "utf8"));
  const files = Object.fromEntries(published.map((one) => [one.manifest.name, `file:${one.tarball}`]));
  // A second driver that the workspace itself only has in a package is left out: the declarations must do without it.
  const isOptional = ({ manifest }, name) => manifest.peerDependenciesMeta?.[name]?.optional === true;
  const peers = published.flatMap((one) =>
    Object.keys(one.manifest.peerDependencies ?? {}).filter(
      (name) => !isOptional(one, name) || workspace.devDependencies[name],
    ),
  );
  const types = ["@types/node", "@types/better-sqlite3", "@types/pg", "@types/oracledb"];
  const others = [...new Set([...peers, ...types])].map((name) => [name, workspace.devDependencies[name]]);
  const missing = others.filter(([, version]) => !version).map(([name]) => name);
  if (missing.length > 0) throw new Error(`not among the devDependencies of the workspace: ${missing.join(", ")}`);
  const manifest = {
    name: "consumer",
    private: true,
    type: "module",
    dependencies: { ...files, ...Object.fromEntries(others) },
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest, null, 2));
  // The packages' dependencies upon one another are unpublished versions: they too come from the tarballs. (JSON is YAML.)
  writeFileSync(join(project, "pnpm-workspace.yaml"), JSON.stringify({ packages: ["."], overrides: files }));
}

const compilerOptions = {
  target: "es2023",
  lib: ["es2023", "esnext.disposable"],
  module: "nodenext",
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  // Our declarations are checked too, in a project that has nothing of this repository: they may not lean on it.
  skipLibCheck: false,
  rootDir: "src",
  outDir: "out",
};

async function typeCheck(version, ...args) {
  const manifest = createRequire(import.meta.url).resolve(`typescript-${version}/package.json`);
  return stage(`consumer: TypeScript ${version}`, [process.execPath, join(dirname(manifest), "bin/tsc"), ...args], {
    cwd: project,
  });
}

/** Bundles as an application would for a browser, and runs the result where neither `process` nor `Buffer` exists. */
async function runOutsideNode() {
  const name = "consumer: a statement compiles outside Node.js";
  console.log(`▶ ${name}`);
  // Node.js's own modules may be imported by what tree shaking drops (the engine, the pool), not by what is left.
  const bundle = await rolldown({
    input: join(project, "out/compile-only.js"),
    platform: "browser",
    external: [/^node:/, ...builtinModules],
  });
  const { output } = await bundle.generate({ format: "iife", name: "result" });
  await bundle.close();
  const [{ code, imports }] = output;
  if (imports.length > 0) throw new Error(`${name}: the bundle needs ${imports.join(", ")}`);
  const { compiled } = runInNewContext(`${code}\nresult`, {});
  if (!/^SELECT /.test(compiled)) throw new Error(`${name}: unexpected result ${compiled}`);
  console.log(`✓ ${name} (${(code.length / 1000).toFixed(0)} kB, not minified)`);
  return true;
}

async function check() {
  if (!(await ensurePacked())) return false;
  writeManifests();
  cpSync(join(here, "project"), project, { recursive: true });
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["src"] }, null, 2));
  const install = ["pnpm", "install", "--prefer-offline", "--ignore-scripts", "--no-frozen-lockfile"];
  if (!(await stage("consumer: install", install, { cwd: project }))) return false;
  for (const version of ["5.9", "6"]) if (!(await typeCheck(version, "--noEmit"))) return false;
  if (!(await typeCheck("7"))) return false;
  if (!(await stage("consumer: run", [process.execPath, "out/main.js"], { cwd: project }))) return false;
  return runOutsideNode();
}

try {
  process.exitCode = (await check()) ? 0 : 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}
