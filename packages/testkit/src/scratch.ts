import { MetaData, type SchemaHost } from "@acme/core";

/**
 * A MetaData for one test, whose tables are created before and dropped after it, whatever happens in between.
 *
 * @example
 * ```ts
 * await withTables(connection, (metadata) => new Table("t", metadata, { id: integer().primaryKey() }), async (t) => { ... });
 * ```
 */
export async function withTables<T>(
  host: SchemaHost,
  declare: (metadata: MetaData) => T,
  run: (tables: T) => Promise<void>,
): Promise<void> {
  const metadata = new MetaData();
  const tables = declare(metadata);
  await metadata.createAll(host);
  try {
    await run(tables);
  } finally {
    await metadata.dropAll(host);
  }
}
