import { type Docker, findDocker, images, startContainer } from "./containers.js";
import { type DatabaseName, databaseNames, type TestDatabase, type TestDatabases } from "./databases.js";
import { startEmbeddedPostgres } from "./embedded-postgres.js";
import { listens, logIn } from "./login.js";

/** What was found, and how to give it back. */
export interface Discovery {
  readonly databases: TestDatabases;
  stop(): Promise<void>;
}

type Stop = () => Promise<void>;

/** Where a service of this kind usually listens, and the login without a password that a test machine offers. */
const localServices: Readonly<Record<Exclude<DatabaseName, "sqlite">, { port: number; url?: string }>> = {
  postgresql: { port: 5432, url: "postgresql://postgres@127.0.0.1:5432/postgres" },
  mariadb: { port: 3306, url: "mariadb://root@127.0.0.1:3306/" },
  mysql: { port: 3306, url: "mysql://root@127.0.0.1:3306/" },
  oracle: { port: 1521 },
  mssql: { port: 1433 },
};

const urlVariable = (name: DatabaseName): string => `ACME_TEST_${name.toUpperCase()}_URL`;

const message = (error: unknown): string => {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return (text.split("\n")[0] ?? text).trim();
};

async function sqlite(): Promise<TestDatabase> {
  try {
    const { default: Database } = await import("better-sqlite3");
    const db = new Database(":memory:");
    const version = String(db.prepare("SELECT sqlite_version()").pluck().get());
    db.close();
    return { available: true, url: "sqlite://", version, provenance: "embedded" };
  } catch (error) {
    return { available: false, reason: `better-sqlite3 does not load: ${message(error)}` };
  }
}

/** A URL from the environment must work: whoever set it wants that database tested. */
async function fromUrl(name: DatabaseName, url: string): Promise<TestDatabase> {
  const login = await logIn(url, 10_000).catch((error: unknown) => {
    throw new Error(`${urlVariable(name)} is set, but the login fails: ${message(error)}`);
  });
  if (login.name !== name) throw new Error(`${urlVariable(name)} is set, but a ${login.name} server answers there`);
  return { available: true, url, version: login.version, provenance: "URL" };
}

/** A service on the default port that lets us in without a password; otherwise why not. */
async function fromLocalService(name: Exclude<DatabaseName, "sqlite">): Promise<TestDatabase> {
  const { port, url } = localServices[name];
  if (!(await listens(port))) return { available: false, reason: `nothing listens on 127.0.0.1:${port}` };
  if (!url) {
    const reason = `a server on 127.0.0.1:${port} needs a login: set ${urlVariable(name)}`;
    return { available: false, reason };
  }
  try {
    const login = await logIn(url);
    if (login.name === name) return { available: true, url, version: login.version, provenance: "local service" };
    return { available: false, reason: `127.0.0.1:${port} is ${login.name}` };
  } catch (error) {
    const reason = `127.0.0.1:${port} refuses the login (${message(error)}): set ${urlVariable(name)}`;
    return { available: false, reason };
  }
}

/** ACME_CONTAINERS names the databases whose images may be pulled ("mysql,oracle", "all"); images at hand always start. */
function mayStart(name: DatabaseName, docker: Docker): boolean {
  const wanted = (process.env.ACME_CONTAINERS ?? "").split(",").map((word) => word.trim());
  const image = images[name]?.image;
  return wanted.includes("all") || wanted.includes(name) || (image !== undefined && docker.localImages.has(image));
}

async function fromContainer(
  name: DatabaseName,
  docker: Docker | { readonly reason: string },
  stops: Stop[],
): Promise<TestDatabase> {
  if ("reason" in docker) return { available: false, reason: docker.reason };
  if (!mayStart(name, docker)) {
    const reason = `the image ${images[name]?.image} is not at hand: ACME_CONTAINERS=${name} pulls it`;
    return { available: false, reason };
  }
  try {
    const { url, stop } = await startContainer(name);
    stops.push(stop);
    const { version } = await logIn(url, 10_000);
    return { available: true, url, version, provenance: "container" };
  } catch (error) {
    return { available: false, reason: `the container does not start: ${message(error)}` };
  }
}

async function embeddedPostgres(stops: Stop[]): Promise<TestDatabase> {
  try {
    const server = await startEmbeddedPostgres();
    stops.push(() => server.stop());
    return { available: true, url: server.url, version: server.version, provenance: "embedded" };
  } catch (error) {
    return { available: false, reason: `embedded: ${message(error)}` };
  }
}

async function find(
  name: DatabaseName,
  docker: () => ReturnType<typeof findDocker>,
  stops: Stop[],
): Promise<TestDatabase> {
  if (name === "sqlite") return sqlite();
  const url = process.env[urlVariable(name)];
  if (url) return fromUrl(name, url);
  const reasons: string[] = [];
  const attempts = [
    // ACME_LOCAL_SERVICES=0 lets a machine with services see what a bare machine sees.
    ...(process.env.ACME_LOCAL_SERVICES === "0" ? [] : [() => fromLocalService(name)]),
    async () => fromContainer(name, await docker(), stops),
    ...(name === "postgresql" ? [() => embeddedPostgres(stops)] : []),
  ];
  for (const attempt of attempts) {
    const found = await attempt();
    if (found.available) return found;
    reasons.push(found.reason);
  }
  return { available: false, reason: reasons.join("; ") };
}

/**
 * Looks for each database: URL in the environment, local service, container, embedded server. Every answer is that of a
 * real login.
 */
export async function discoverDatabases(): Promise<Discovery> {
  const stops: Stop[] = [];
  const stop = async (): Promise<void> => {
    await Promise.allSettled(stops.map((one) => one()));
  };
  let asked: ReturnType<typeof findDocker> | undefined;
  const docker = (): ReturnType<typeof findDocker> => {
    asked ??= findDocker();
    return asked;
  };
  try {
    const found = await Promise.all(
      databaseNames.map(async (name) => [name, await find(name, docker, stops)] as const),
    );
    const databases = Object.fromEntries(found) as TestDatabases;
    return { databases, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Throws when a database named in ACME_REQUIRE is missing, with the reason. */
export function requireDatabases(databases: TestDatabases): void {
  const required = (process.env.ACME_REQUIRE ?? "").split(",").map((word) => word.trim());
  const problems = required.filter(Boolean).flatMap((name) => {
    const database = databases[name as DatabaseName];
    if (!database) return [`${name}: no such database (known: ${databaseNames.join(", ")})`];
    return database.available ? [] : [`${name}: ${database.reason}`];
  });
  if (problems.length > 0) throw new Error(`ACME_REQUIRE is not met\n  ${problems.join("\n  ")}`);
}
