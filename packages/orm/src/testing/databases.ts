import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine, type Engine, type MetaData, sql } from "@acme/core";
import { afterAll, beforeAll, beforeEach, describe, inject } from "vitest";

/** The databases on which the ORM's tests of behaviour run. */
const NAMES = ["sqlite", "postgresql", "mariadb"] as const;

/** One of them. */
export type DatabaseName = (typeof NAMES)[number];

/** What a suite is given: an engine on a database of its own, and the SQL that was sent to it. */
export interface TestDatabase {
  readonly name: DatabaseName;
  readonly engine: Engine;
  /** The statements since the last call of `forget`, without BEGIN and COMMIT. */
  readonly statements: readonly string[];
  /** Begins to count statements anew. */
  forget(): void;
}

function urlOf(name: DatabaseName): string | undefined {
  const found = inject("databases")[name];
  return found.available ? found.url : undefined;
}

/** Runs a suite on every database that this machine has, in a schema of its own; the tables are emptied for each test. */
export function onEachDatabase(title: string, metadata: MetaData, suite: (database: TestDatabase) => void): void {
  for (const name of NAMES) {
    const url = urlOf(name);
    describe.skipIf(url === undefined)(`[${name}] ${title}`, () => {
      let engine: Engine | undefined;
      let drop: () => Promise<void> = () => Promise.resolve();
      const statements: string[] = [];
      beforeAll(async () => {
        ({ engine, drop } = await openDatabase(name, url as string));
        await metadata.createAll(engine);
        engine.on("beforeExecute", (event) => {
          if (event.statement !== undefined) statements.push(event.sql);
        });
      });
      afterAll(async () => {
        await engine?.dispose();
        await drop();
      });
      beforeEach(async () => {
        await emptyTables(engine as Engine, metadata);
        statements.length = 0;
      });
      suite({
        name,
        get engine() {
          return engine as Engine;
        },
        statements,
        forget: () => {
          statements.length = 0;
        },
      });
    });
  }
}

interface Opened {
  readonly engine: Engine;
  readonly drop: () => Promise<void>;
}

/** A new database; it is dropped at the end. */
async function openDatabase(name: DatabaseName, url: string): Promise<Opened> {
  if (name === "sqlite") {
    await import("@acme/dialect-sqlite");
    const folder = await mkdtemp(join(tmpdir(), "orm-test-"));
    return {
      engine: createEngine(`sqlite:///${join(folder, "test.db")}`),
      drop: () => rm(folder, { recursive: true }),
    };
  }
  if (name === "postgresql") await import("@acme/dialect-postgres");
  else await import("@acme/dialect-mysql");
  const admin = createEngine(url);
  const database = `orm_test_${crypto.randomUUID().slice(0, 8)}`;
  await using conn = await admin.connect();
  await conn.execute(sql`CREATE DATABASE ${sql.identifier(database)}`);
  const own = new URL(url);
  own.pathname = `/${database}`;
  return {
    engine: createEngine(own.toString()),
    drop: async () => {
      await using closing = await admin.connect();
      await closing.execute(sql`DROP DATABASE ${sql.identifier(database)}`);
      await closing.close();
      await admin.dispose();
    },
  };
}

async function emptyTables(engine: Engine, metadata: MetaData): Promise<void> {
  await engine.begin(async (conn) => {
    for (const table of [...metadata.sortedTables].reverse()) {
      for (const key of table.foreignKeys.filter((each) => (each.targetTable as unknown) === table)) {
        const column = key.columns[0]?.name as string;
        await conn.execute(sql`UPDATE ${sql.identifier(table.name)} SET ${sql.identifier(column)} = NULL`);
      }
      await conn.execute(sql`DELETE FROM ${sql.identifier(table.name)}`);
    }
  });
}
