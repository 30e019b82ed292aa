import { createEngine, type Engine, parseUrl, sql } from "@acme/core";
import type { ProvisionedDatabase } from "./target.js";

/** What must follow DROP DATABASE so that connections left behind do not keep it alive. */
const DROP_SUFFIX: Readonly<Record<string, string>> = { postgresql: " WITH (FORCE)" };

/**
 * Makes a database of its own on the server that a URL names, for one test file; `drop` removes it. The dialect must have
 * been imported.
 *
 * @example
 * ```ts
 * const database = await provisionDatabase("postgresql://postgres@127.0.0.1:5432/postgres");
 * const engine = createEngine(database.url);
 * // ...
 * await engine.dispose();
 * await database.drop();
 * ```
 */
export async function provisionDatabase(serverUrl: string): Promise<ProvisionedDatabase> {
  const name = `acme_test_${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`;
  const url = parseUrl(serverUrl);
  await onServer(serverUrl, (engine) => run(engine, "CREATE DATABASE ", name, ""));
  return {
    url: url.with({ database: name }).render({ hidePassword: false }),
    drop: () =>
      onServer(serverUrl, (engine) => run(engine, "DROP DATABASE ", name, DROP_SUFFIX[engine.dialect.name] ?? "")),
  };
}

async function onServer(url: string, work: (engine: Engine) => Promise<void>): Promise<void> {
  await using engine = createEngine(url, { pool: { max: 1 } });
  await work(engine);
}

async function run(engine: Engine, before: string, name: string, after: string): Promise<void> {
  await using connection = await engine.connect();
  await connection.execute(sql`${sql.text(before)}${sql.identifier(name)}${sql.text(after)}`);
}
