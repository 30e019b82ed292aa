/** Starts worker processes, one at a time, and waits for their answers. */

import { fork, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { BenchmarkError } from "./errors.js";
import type { Answer, Memory, MemoryJob, Start, StartJob, TimingJob } from "./jobs.js";
import type { Comparison } from "./measure.js";

const timeoutMs = 180_000;

const scripts = {
  timing: fileURLToPath(new URL("./timing-worker.js", import.meta.url)),
  memory: fileURLToPath(new URL("./memory-worker.js", import.meta.url)),
  start: fileURLToPath(new URL("./first-row.js", import.meta.url)),
};

function ask<T>(script: string, job: TimingJob | MemoryJob, execArgv: string[]): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const child = fork(script, [JSON.stringify(job)], { execArgv, stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let complaint = "";
    let answered: Answer<T> | undefined;
    const timer = setTimeout(() => {
      answered = { status: "failed", reason: `no answer within ${timeoutMs / 1000} s` };
      child.kill("SIGKILL");
    }, timeoutMs);
    child.stderr?.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.on("message", (message) => {
      answered ??= message as Answer<T>;
    });
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      resolve(
        answered ?? {
          status: "failed",
          reason: `ended with ${signal ?? code}: ${complaint.trim().split("\n").at(-1)}`,
        },
      );
    });
  });
}

export function runTiming(job: TimingJob): Promise<Answer<Comparison>> {
  return ask(scripts.timing, job, []);
}

export function runMemory(job: MemoryJob): Promise<Answer<Memory>> {
  return ask(scripts.memory, job, ["--expose-gc"]);
}

interface FirstLine {
  readonly absent: boolean;
  readonly id?: number;
  readonly cpuMs: number;
  readonly rss: number;
}

/** Spawns the program and waits for its first line; undefined when the peer has no such first row. */
export function runStart(job: StartJob): Promise<Start | undefined> {
  return new Promise((resolve, reject) => {
    const begin = process.hrtime.bigint();
    const child = spawn(process.execPath, [scripts.start, JSON.stringify(job)], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
    });
    let wallMs = 0;
    let line = "";
    let complaint = "";
    child.stdout.on("data", (chunk: Buffer) => {
      if (wallMs === 0) wallMs = Number(process.hrtime.bigint() - begin) / 1e6;
      line += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.on("close", () => {
      const said = line === "" ? undefined : (JSON.parse(line) as FirstLine);
      if (said?.absent) resolve(undefined);
      else if (said?.id === 1) resolve({ wallMs, cpuMs: said.cpuMs, rss: said.rss });
      else reject(new BenchmarkError(lastError(complaint) ?? "it read no first row"));
    });
  });
}

/** The line of a stack trace that names the error. */
function lastError(complaint: string): string | undefined {
  return complaint.split("\n").find((line) => /^\w*Error\b/.test(line));
}
