// The published packages and their tarballs, as `pnpm pack` makes them.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { reports, root } from "./stages.mjs";

const tarballs = join(reports, "tarballs");

/** Every package of packages/: its folder, manifest, and the tarball that scripts/pack.mjs makes of it. */
export const published = readdirSync(join(root, "packages")).map((name) => {
  const folder = join(root, "packages", name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { folder, manifest, tarball: join(tarballs, `${name}.tgz`) };
});

function run(program, args, cwd) {
  return new Promise((resolve) => {
    const output = [];
    const child = spawn(program, args, {
      cwd,
      shell: process.platform === "win32",
      env: { ...process.env, FORCE_COLOR: "0" },
    });
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => output.push(Buffer.from(error.message)));
    child.on("close", (code) => resolve({ code: code ?? 1, text: Buffer.concat(output).toString() }));
  });
}

/** Runs a program once per package, as many at a time as there are processors; prints what failed. Resolves to success. */
export async function forEachPackage(program, argumentsFor) {
  const waiting = [...published];
  let failed = 0;
  const worker = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const { code, text } = await run(program, argumentsFor(one), one.folder);
      console.log(`${code === 0 ? "✓" : "✗"} ${one.manifest.name}: ${program}`);
      if (code !== 0) console.log(text);
      if (code !== 0) failed++;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return failed === 0;
}

/** Packs every package anew. */
export async function packAll() {
  rmSync(tarballs, { recursive: true, force: true });
  mkdirSync(tarballs, { recursive: true });
  return forEachPackage("pnpm", (one) => ["pack", "--out", one.tarball]);
}

/** Packs unless the tarballs of this run are there. */
export async function ensurePacked() {
  return published.every((one) => existsSync(one.tarball)) || (await packAll());
}
