/** The databases of a run: a SQLite template that every process copies, or a database on a server, dropped again. */

import { constants, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPostgresqlDatabase, createSqliteFile, dropPostgresqlDatabase, tables } from "../data/admin.js";
import type { Options } from "../options.js";
import type { Target } from "../peers/peer.js";

/** Lends a fresh target for one process. */
export interface Databases {
  withTarget<T>(work: (target: Target) => Promise<T>): Promise<T>;
  dispose(): Promise<void>;
}

export async function createDatabases({ database, postgresqlUrl, mariadbUrl }: Options): Promise<Databases> {
  if (database === "postgresql") {
    const name = `acme_bench_${Math.random().toString(36).slice(2, 10)}`;
    const url = await createPostgresqlDatabase(postgresqlUrl, name).catch(async (error: unknown) => {
      await dropPostgresqlDatabase(postgresqlUrl, name).catch(() => undefined);
      throw error;
    });
    return {
      withTarget: (work) => work({ database, url, poolSize: 10 }),
      dispose: () => dropPostgresqlDatabase(postgresqlUrl, name),
    };
  }
  if (database === "mariadb") {
    const { createMariadbDatabase, dropMariadbDatabase } = await import("../data/admin-mariadb.js");
    const name = `acme_bench_${Math.random().toString(36).slice(2, 10)}`;
    const url = await createMariadbDatabase(mariadbUrl, name, tables).catch(async (error: unknown) => {
      await dropMariadbDatabase(mariadbUrl, name).catch(() => undefined);
      throw error;
    });
    return {
      withTarget: (work) => work({ database, url, poolSize: 10 }),
      dispose: () => dropMariadbDatabase(mariadbUrl, name),
    };
  }
  const folder = mkdtempSync(join(tmpdir(), "acme-bench-"));
  const template = join(folder, "template.db");
  createSqliteFile(template);
  let copies = 0;
  return {
    withTarget: async (work) => {
      const file = join(folder, `copy-${++copies}.db`);
      copyFileSync(template, file, constants.COPYFILE_FICLONE);
      try {
        return await work({ database, file });
      } finally {
        for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
      }
    },
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
