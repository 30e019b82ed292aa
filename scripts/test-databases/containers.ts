import { request } from "node:http";
import type { DatabaseName } from "./databases.js";

interface Image {
  readonly image: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** A line of the log after which the server takes logins, and how often it is written until then. */
  readonly ready: { readonly line: RegExp; readonly times: number };
  url(host: string, port: number): string;
}

const password = "Acme_test_1";

/** The images that testcontainers starts when a Docker engine answers. */
export const images: Readonly<Partial<Record<DatabaseName, Image>>> = {
  postgresql: {
    image: "postgres:18",
    port: 5432,
    environment: { POSTGRES_HOST_AUTH_METHOD: "trust" },
    ready: { line: /database system is ready to accept connections/, times: 2 },
    url: (host, port) => `postgresql://postgres@${host}:${port}/postgres`,
  },
  mariadb: {
    image: "mariadb:11",
    port: 3306,
    environment: { MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: "1" },
    ready: { line: /port: 3306/, times: 1 },
    url: (host, port) => `mariadb://root@${host}:${port}/`,
  },
  mysql: {
    image: "mysql:9",
    port: 3306,
    environment: { MYSQL_ALLOW_EMPTY_PASSWORD: "1" },
    ready: { line: /port: 3306/, times: 1 },
    url: (host, port) => `mysql://root@${host}:${port}/`,
  },
  oracle: {
    image: "gvenzl/oracle-free:slim-faststart",
    port: 1521,
    environment: { ORACLE_PASSWORD: password },
    ready: { line: /DATABASE IS READY TO USE/, times: 1 },
    url: (host, port) => `oracle://system:${password}@${host}:${port}/FREEPDB1`,
  },
  mssql: {
    image: "mcr.microsoft.com/mssql/server:2022-latest",
    port: 1433,
    environment: { ACCEPT_EULA: "Y", MSSQL_SA_PASSWORD: password },
    ready: { line: /SQL Server is now ready for client connections/, times: 1 },
    url: (host, port) => `mssql://sa:${password}@${host}:${port}/master`,
  },
};

/** A Docker engine that answered: the images it already holds. */
export interface Docker {
  readonly localImages: ReadonlySet<string>;
}

/** GETs a path of the engine's API as JSON. DOCKER_HOST (unix:// or tcp://) is honoured. */
function engine(path: string): Promise<unknown> {
  const host = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
  const windowsPipe = process.platform === "win32" && !process.env.DOCKER_HOST;
  const target = windowsPipe
    ? { socketPath: "//./pipe/docker_engine" }
    : host.startsWith("unix://")
      ? { socketPath: host.slice("unix://".length) }
      : { host: new URL(host).hostname, port: new URL(host).port || 2375 };
  return new Promise((resolve, reject) => {
    const call = request({ ...target, path, timeout: 1000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => {
        try {
          resolve(JSON.parse(text));
        } catch (error) {
          reject(error);
        }
      });
    });
    call.on("timeout", () => call.destroy(new Error("no answer within 1000 ms")));
    call.on("error", reject);
    call.end();
  });
}

/** Asks once, quickly; the answer decides whether testcontainers is loaded at all. */
export async function findDocker(): Promise<Docker | { readonly reason: string }> {
  try {
    const held = (await engine("/images/json")) as { RepoTags?: string[] | null }[];
    return { localImages: new Set(held.flatMap((image) => image.RepoTags ?? [])) };
  } catch (error) {
    return {
      reason: `no Docker engine answers (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`,
    };
  }
}

/** Starts the image and waits until its log says that it takes logins. */
export async function startContainer(name: DatabaseName): Promise<{ url: string; stop(): Promise<void> }> {
  const image = images[name];
  if (!image) throw new Error(`no image for ${name}`);
  const { GenericContainer, Wait } = await import("testcontainers");
  const container = await new GenericContainer(image.image)
    .withEnvironment(image.environment)
    .withExposedPorts(image.port)
    .withWaitStrategy(Wait.forLogMessage(image.ready.line, image.ready.times))
    .withStartupTimeout(180_000)
    .start();
  return {
    url: image.url(container.getHost(), container.getMappedPort(image.port)),
    stop: async () => {
      await container.stop();
    },
  };
}
