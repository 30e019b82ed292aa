import { type AnyTable, type Connection, DataError, type Engine, func, MetaData, select, selectAll } from "@acme/core";
import { bold, dim, green, say, table } from "./show.js";

/** Reflects any database and shows its tables, their relations (also as a Mermaid diagram), and samples of their rows. */
export async function explore(engine: Engine): Promise<void> {
  const metadata = new MetaData();
  await metadata.reflect(engine);
  const tables = metadata.sortedTables;
  if (tables.length === 0) {
    say("This database has no tables.");
    return;
  }
  await using conn = await engine.connect();
  const counts = new Map<AnyTable, number>();
  for (const found of tables) counts.set(found, await conn.execute(select(func.count()).selectFrom(found)).scalarOne());

  say(bold(green("Tables")));
  table(
    tables.map((found) => ({
      table: found.name,
      rows: counts.get(found),
      columns: found.columns.length,
      "primary key": found.primaryKey.columns.map((column) => column.name).join(", "),
    })),
  );

  say();
  say(bold(green("Relations")));
  table(
    tables.flatMap((found) =>
      found.foreignKeys.map((key) => ({
        from: `${found.name} (${key.columns.map((column) => column.name).join(", ")})`,
        to: `${key.targetTable.name} (${key.targets.map((column) => column.name).join(", ")})`,
      })),
    ),
  );

  say();
  say(bold(green("Diagram (Mermaid)")));
  say(mermaid(tables));

  for (const found of tables) {
    say();
    say(bold(green(found.name)) + dim(`  ${counts.get(found)} rows`));
    table(await sample(found, conn));
  }
}

/** The first rows. A file of somebody else's may hold values that do not fit its declared types: these are shown as they are. */
async function sample(found: AnyTable, conn: Connection): Promise<readonly object[]> {
  try {
    return await conn.execute(selectAll(found).limit(3)).all();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return conn.executeDriverSql(`SELECT * FROM ${conn.dialect.quote(found.name)} LIMIT 3`).all();
  }
}

/** An entity relationship diagram that Mermaid draws. */
function mermaid(tables: readonly AnyTable[]): string {
  const lines = ["erDiagram"];
  const word = (name: string): string => name.replace(/\W/g, "_");
  for (const found of tables) {
    lines.push(`  ${word(found.name)} {`);
    for (const column of found.columns) {
      const keys = [
        ...(column.primaryKey ? ["PK"] : []),
        ...(found.foreignKeys.some((key) => key.columns.some((part) => part.name === column.name)) ? ["FK"] : []),
      ];
      lines.push(`    ${word(column.type.name)} ${word(column.name)}${keys.length === 0 ? "" : ` ${keys.join(", ")}`}`);
    }
    lines.push("  }");
  }
  for (const found of tables) {
    for (const key of found.foreignKeys) {
      const optional = key.columns.some((column) => column.nullable);
      lines.push(
        `  ${word(key.targetTable.name)} ${optional ? "|o" : "||"}--o{ ${word(found.name)} : "${key.columns.map((column) => column.name).join(", ")}"`,
      );
    }
  }
  return lines.join("\n");
}
