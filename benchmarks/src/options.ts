/** The command line. */

import { parseArgs } from "node:util";
import type { Database } from "./data/schema.js";
import { BenchmarkError } from "./harness/errors.js";
import type { PeerName } from "./peers/registry.js";
import { defaultPeers, peerNames } from "./peers/registry.js";
import { growthId, memoryId, startId, workloads } from "./workloads/registry.js";

export interface Options {
  readonly help: boolean;
  readonly database: Database;
  readonly peers: readonly PeerName[];
  /** Ids of workloads, `memory` and `start`. */
  readonly only: readonly string[];
  readonly quick: boolean;
  /** Where the measurements go as JSON, too. */
  readonly json: string | undefined;
  readonly postgresqlUrl: string;
  readonly mariadbUrl: string;
}

export const usage = `Usage: npm run bench -- [options]

  --only w2,w3,memory      only these workloads (${[...workloads.map((w) => w.id), memoryId, startId, growthId].join(", ")})
  --peers ours,kysely      only these peers (${peerNames.join(", ")}); default: ${defaultPeers.join(",")}
  --quick                  fewer and shorter rounds: a whole run over SQLite in less than three minutes
  --database postgresql    instead of sqlite, or mariadb; the server's URL is BENCH_POSTGRESQL_URL or BENCH_MARIADB_URL
                           (default: 127.0.0.1, postgres or root without a password), its databases are left alone
  --json results.json      write every measurement to a file as well
  --help
`;

function list<T extends string>(text: string | undefined, known: readonly T[], fallback: readonly T[]): readonly T[] {
  if (text === undefined) return fallback;
  const asked = text.split(",").map((part) => part.trim().toLowerCase());
  for (const part of asked) {
    if (!(known as readonly string[]).includes(part)) {
      throw new BenchmarkError(`'${part}' is not known here; there are ${known.join(", ")}.`);
    }
  }
  return known.filter((name) => asked.includes(name));
}

export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: "string" },
      peers: { type: "string" },
      quick: { type: "boolean", default: false },
      database: { type: "string", default: "sqlite" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const [database = "sqlite"] = list<Database>(values.database, ["sqlite", "postgresql", "mariadb"], []);
  const possible = [
    ...workloads.filter((w) => w.databases.includes(database)).map((w) => w.id),
    memoryId,
    startId,
    growthId,
  ];
  return {
    help: values.help,
    database,
    peers: list(values.peers, peerNames, defaultPeers),
    only: list(values.only, possible, possible),
    quick: values.quick,
    json: values.json,
    postgresqlUrl: env.BENCH_POSTGRESQL_URL ?? "postgresql://postgres@127.0.0.1:5432/postgres",
    mariadbUrl: env.BENCH_MARIADB_URL ?? "mariadb://root@127.0.0.1:3306/mysql",
  };
}
