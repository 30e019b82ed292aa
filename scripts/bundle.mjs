// Bundles the package in the current folder: one JavaScript file per entry point of its exports map, with a source map.
// What two entry points share goes into one chunk, so that a class is the same class through either of them. Everything
// that is not a file of the package stays an import. Programs without an exports map name their entries as arguments.
import { readFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { rolldown } from "rolldown";

/** The source of an entry point: ./dist/x.js is built from src/x.ts. */
const sourceOf = (target) => target.replace(/^\.\/dist\/(.*)\.js$/, "src/$1.ts");

function entriesOf(manifest) {
  const targets = Object.values(manifest.exports ?? {}).flatMap((entry) => entry.default ?? []);
  return targets.map(sourceOf);
}

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const named = process.argv.slice(2);
const entries = named.length > 0 ? named : entriesOf(manifest);
if (entries.length === 0) throw new Error(`${manifest.name}: no entry point to bundle`);

const bundle = await rolldown({
  input: Object.fromEntries(entries.map((entry) => [basename(entry, ".ts"), entry])),
  platform: "neutral",
  external: /^[^./]/,
  treeshake: { moduleSideEffects: true },
  onLog(level, log, handle) {
    // A warning here (a cycle that breaks evaluation order, an import that does not exist) is a defect of the package.
    if (level === "warn") throw new Error(`${manifest.name}: ${log.message}`);
    handle(level, log);
  },
});
rmSync("dist/chunks", { recursive: true, force: true });
const { output } = await bundle.write({
  dir: "dist",
  format: "esm",
  sourcemap: true,
  // Docstrings are in the declarations and in src/; left in the code, they are a third of what a program parses when it starts.
  comments: false,
  entryFileNames: "[name].js",
  chunkFileNames: "chunks/[name].js",
});
await bundle.close();
for (const chunk of output) {
  if (chunk.type === "chunk")
    console.log(`${manifest.name} dist/${chunk.fileName} ${(chunk.code.length / 1000).toFixed(1)} kB`);
}
