import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort, untilReady } from "./embedded-postgres.js";

/** A MariaDB server that belongs to whoever started it. */
export interface OwnMariadb {
  readonly url: string;
  /** Ends it as a crash would, and starts it again on the same port; fulfils when it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A program on the search path, or where Debian keeps servers. */
function find(name: string): string {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is not installed`);
  return found;
}

/**
 * Starts a MariaDB server from the binaries of this machine in a temporary folder, on a free port of the loopback interface.
 * `further` are options of mariadbd. Throws an Error that says why where that cannot be.
 */
export async function startOwnMariadb(further: readonly string[] = []): Promise<OwnMariadb> {
  const [program, install] = [find("mariadbd"), find("mariadb-install-db")];
  const folder = mkdtempSync(join(tmpdir(), "acme-mariadb-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    // mariadbd refuses to run as root unless it is told to.
    const user = process.getuid?.() === 0 ? ["--user=root"] : [];
    chmodSync(folder, 0o755);
    const data = join(folder, "data");
    execFileSync(install, ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal", ...user], {
      stdio: "pipe",
    });
    const port = await freePort();
    const settings = [
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      `--socket=${join(folder, "socket")}`,
      "--skip-log-bin",
      ...further,
    ];
    const start = (): ChildProcess =>
      spawn(program, ["--no-defaults", `--datadir=${data}`, ...settings, ...user], {
        stdio: ["ignore", "ignore", "pipe"],
      });
    let server = start();
    const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill(signal);
      await ended;
    };
    // A run that dies must not leave a server behind.
    const kill = (): boolean => server.kill("SIGKILL");
    process.once("exit", kill);
    const url = `mariadb://root@127.0.0.1:${port}/test`;
    await untilReady(server, url);
    return {
      url,
      restart: async () => {
        await end("SIGKILL");
        server = start();
        await untilReady(server, url);
      },
      stop: async () => {
        process.off("exit", kill);
        await end("SIGTERM");
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
