// Runs named stages one after the other, with their durations. The output of a stage is kept back unless it fails.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the workspace. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where stages leave their reports and logs (ignored by git). */
export const reports = join(root, ".reports");

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs a program found on PATH. Resolves to whether it succeeded.
 * `show` passes its output on while it runs; otherwise only a failure shows it.
 */
export async function stage(name, [program, ...args], { show = false, env = {}, cwd = root } = {}) {
  const since = performance.now();
  console.log(`▶ ${name}`);
  const output = [];
  const code = await new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
      // On Windows the programs of node_modules/.bin are .cmd files, which only a shell can start.
      shell: process.platform === "win32" && program !== process.execPath,
    });
    child.stdout?.on("data", (chunk) => output.push(chunk));
    child.stderr?.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => {
      output.push(Buffer.from(`${error.message}\n`));
      resolve(1);
    });
    child.on("close", (exitCode) => resolve(exitCode ?? 1));
  });
  if (!show) {
    mkdirSync(reports, { recursive: true });
    writeFileSync(join(reports, `${name.replace(/\W+/g, "-")}.log`), Buffer.concat(output));
    if (code !== 0) process.stdout.write(Buffer.concat(output));
  }
  console.log(code === 0 ? `✓ ${name} ${seconds(since)}` : `✗ ${name} failed after ${seconds(since)}`);
  return code === 0;
}
