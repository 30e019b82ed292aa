import { createEngine, sql } from "@acme/core";

/** Makes the extensions of the native types in a database of the tests. */
export async function provisionExtensions(url: string): Promise<void> {
  await using engine = createEngine(url);
  await using connection = await engine.connect();
  await connection.execute(sql`CREATE EXTENSION IF NOT EXISTS hstore`);
  await connection.execute(sql`CREATE EXTENSION IF NOT EXISTS citext`);
}
