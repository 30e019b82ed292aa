import type { ReflectedTable, ReflectionConnection, Reflector } from "@acme/core/dialect";
import { checksOf, columnOf, foreignKeysOf, grouped, type InfoRow, indexesOf, textOf } from "./reflect-parts.js";
import { DEFAULT_SCHEMA, type Queries, queriesFor, SCHEMAS, TABLE_NAMES, VIEW_NAMES } from "./reflect-queries.js";
import type { Flavour } from "./version.js";

/** Reads the schema of a MySQL or MariaDB database from information_schema: five questions, however many tables. */
export class MySQLReflector implements Reflector {
  private readonly flavour: Flavour;

  constructor(flavour: Flavour) {
    this.flavour = flavour;
  }

  async defaultSchema(connection: ReflectionConnection): Promise<string | undefined> {
    return (await place(connection)).schema;
  }

  async schemaNames(connection: ReflectionConnection): Promise<readonly string[]> {
    return names(await connection.query(SCHEMAS));
  }

  async tableNames(connection: ReflectionConnection, schema: string | undefined): Promise<readonly string[]> {
    return this.namesOf(connection, TABLE_NAMES, schema);
  }

  async viewNames(connection: ReflectionConnection, schema: string | undefined): Promise<readonly string[]> {
    return this.namesOf(connection, VIEW_NAMES, schema);
  }

  async tables(
    connection: ReflectionConnection,
    schema: string | undefined,
    wanted: readonly string[] | undefined,
  ): Promise<readonly ReflectedTable[]> {
    const here = await place(connection);
    const where = schema ?? here.schema;
    if (where === undefined || wanted?.length === 0) return [];
    const found = await ask(connection, queriesFor(this.flavour, wanted?.length), [where, ...(wanted ?? [])]);
    return found.tables
      .filter((row) => isWanted(row, wanted, here.folds))
      .map((row) => this.table(row, schema, here.schema, found))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private async namesOf(
    connection: ReflectionConnection,
    sql: string,
    schema: string | undefined,
  ): Promise<readonly string[]> {
    const where = schema ?? (await place(connection)).schema;
    return where === undefined ? [] : names(await connection.query(sql, [where]));
  }

  private table(
    row: InfoRow,
    schema: string | undefined,
    defaultSchema: string | undefined,
    found: Found,
  ): ReflectedTable {
    const { flavour } = this;
    const name = textOf(row.table_name) as string;
    const of = (groups: ReadonlyMap<string, readonly InfoRow[]>): readonly InfoRow[] => groups.get(name) ?? [];
    const kind = isView(row) ? "view" : "table";
    const foreignKeys = foreignKeysOf(of(found.foreignKeys), defaultSchema, flavour);
    const checks = of(found.checks);
    return {
      name,
      schema,
      kind,
      // The comment of every view is the word VIEW.
      comment: kind === "view" ? undefined : textOf(row.comment) || undefined,
      columns: of(found.columns).map((column) => columnOf(column, checks, flavour)),
      ...indexesOf(of(found.indexes), foreignKeys),
      foreignKeys,
      checks: checksOf(checks, flavour),
    };
  }
}

/** The answers, by table. */
interface Found {
  readonly tables: readonly InfoRow[];
  readonly columns: ReadonlyMap<string, readonly InfoRow[]>;
  readonly indexes: ReadonlyMap<string, readonly InfoRow[]>;
  readonly foreignKeys: ReadonlyMap<string, readonly InfoRow[]>;
  readonly checks: ReadonlyMap<string, readonly InfoRow[]>;
}

async function ask(connection: ReflectionConnection, queries: Queries, parameters: readonly unknown[]): Promise<Found> {
  const about = async (sql: string): Promise<ReadonlyMap<string, readonly InfoRow[]>> =>
    grouped(await connection.query(sql, parameters), "table_name");
  return {
    tables: await connection.query(queries.tables, parameters),
    columns: await about(queries.columns),
    indexes: await about(queries.indexes),
    foreignKeys: await about(queries.foreignKeys),
    checks: await about(queries.checks),
  };
}

interface Place {
  readonly schema: string | undefined;
  /** Names of tables do not differ by case. */
  readonly folds: boolean;
}

async function place(connection: ReflectionConnection): Promise<Place> {
  const [row] = await connection.query(DEFAULT_SCHEMA);
  return { schema: textOf(row?.name), folds: Number(row?.folding) !== 0 };
}

/** Sorted here: to the collation of information_schema, names that differ by case are equal. */
function names(rows: readonly InfoRow[]): readonly string[] {
  return rows.map((row) => textOf(row.name) as string).sort();
}

function isView(row: InfoRow): boolean {
  return /VIEW$/.test(textOf(row.table_type) ?? "");
}

/**
 * information_schema compares names without regard to case; most servers do regard it. Without names all tables are meant,
 * and no views; sequences are neither.
 */
function isWanted(row: InfoRow, wanted: readonly string[] | undefined, folds: boolean): boolean {
  if (textOf(row.table_type) === "SEQUENCE") return false;
  if (wanted === undefined) return !isView(row);
  const name = textOf(row.table_name) as string;
  return wanted.includes(name) || (folds && wanted.some((each) => each.toLowerCase() === name.toLowerCase()));
}
