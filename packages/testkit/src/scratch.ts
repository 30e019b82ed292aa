import { type Engine, MetaData } from "@acme/core";

/**
 * A MetaData for one test, whose tables are created before and dropped after it, whatever happens in between.
 *
 * @example
 * ```ts
 * await withTables(engine(), (metadata) => new Table("t", metadata, { id: integer().primaryKey() }), async (t) => { ... });
 * ```
 */
export async function withTables<T>(engine: Engine, declare: (metadata: MetaData) => T, run: (tables: T) => Promise<void>): Promise<void> {
  const metadata = new MetaData();
  const tables = declare(metadata);
  await metadata.createAll(engine);
  try {
    await run(tables);
  } finally {
    await metadata.dropAll(engine);
  }
}
