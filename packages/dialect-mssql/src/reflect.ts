import type {
  ReferentialAction,
  ReflectedCheck,
  ReflectedColumn,
  ReflectedForeignKey,
  ReflectedIndex,
  ReflectedKey,
  ReflectedTable,
  ReflectionConnection,
  Reflector,
} from "@acme/core/dialect";
import {
  CHECKS,
  type CheckRow,
  COLUMNS,
  type ColumnRow,
  DEFAULT_SCHEMA,
  FOREIGN_KEYS,
  type ForeignKeyRow,
  forTables,
  INDEXES,
  type IndexRow,
  SCHEMAS,
  TABLE_NAMES,
  TABLES,
  type TableRow,
  VIEW_NAMES,
} from "./catalog.js";
import { typeOfColumn, typeText } from "./reflect-types.js";

/** Names in one query; a statement takes 2100 parameters. */
const NAMES_PER_QUERY = 1000;

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  CASCADE: "cascade",
  SET_NULL: "set null",
  SET_DEFAULT: "set default",
};

type Rows = readonly Readonly<Record<string, unknown>>[];

async function names(
  connection: ReflectionConnection,
  sql: string,
  ...parameters: unknown[]
): Promise<readonly string[]> {
  return (await connection.query(sql, parameters)).map((row) => row.name as string);
}

/** The answers of the catalog about some tables. */
interface Catalog {
  readonly defaultSchema: string;
  /** The schema as asked for; undefined is the default one. */
  readonly schema: string | undefined;
  readonly tables: readonly TableRow[];
  readonly columns: readonly ColumnRow[];
  readonly indexes: readonly IndexRow[];
  readonly foreignKeys: readonly ForeignKeyRow[];
  readonly checks: readonly CheckRow[];
}

/** Reads the schema of a SQL Server database from the views of `sys`. */
export class MssqlReflector implements Reflector {
  async defaultSchema(connection: ReflectionConnection): Promise<string | undefined> {
    return (await names(connection, DEFAULT_SCHEMA))[0];
  }

  schemaNames(connection: ReflectionConnection): Promise<readonly string[]> {
    return names(connection, SCHEMAS);
  }

  async tableNames(connection: ReflectionConnection, schema: string | undefined): Promise<readonly string[]> {
    return names(connection, TABLE_NAMES, schema ?? (await this.defaultSchema(connection)));
  }

  async viewNames(connection: ReflectionConnection, schema: string | undefined): Promise<readonly string[]> {
    return names(connection, VIEW_NAMES, schema ?? (await this.defaultSchema(connection)));
  }

  async tables(
    connection: ReflectionConnection,
    schema: string | undefined,
    wanted: readonly string[] | undefined,
  ): Promise<readonly ReflectedTable[]> {
    const defaultSchema = (await this.defaultSchema(connection)) ?? "dbo";
    const found = wanted ?? (await this.tableNames(connection, schema ?? defaultSchema));
    const reflected: ReflectedTable[] = [];
    for (let at = 0; at < found.length; at += NAMES_PER_QUERY) {
      const some = found.slice(at, at + NAMES_PER_QUERY);
      const ask = async <T>(query: string): Promise<readonly T[]> =>
        (await connection.query(forTables(query, some.length), [
          schema ?? defaultSchema,
          ...some,
        ])) as Rows as readonly T[];
      const catalog: Catalog = {
        defaultSchema,
        schema,
        tables: await ask<TableRow>(TABLES),
        columns: await ask<ColumnRow>(COLUMNS),
        indexes: await ask<IndexRow>(INDEXES),
        foreignKeys: await ask<ForeignKeyRow>(FOREIGN_KEYS),
        checks: await ask<CheckRow>(CHECKS),
      };
      reflected.push(...catalog.tables.map((table) => tableOf(table, catalog)));
    }
    return reflected;
  }
}

function tableOf(row: TableRow, catalog: Catalog): ReflectedTable {
  const here = <T extends { readonly table_name: string }>(rows: readonly T[]): readonly T[] =>
    rows.filter((each) => each.table_name === row.table_name);
  const checks = here(catalog.checks);
  const indexes = grouped(here(catalog.indexes), (each) => each.index_name);
  return {
    name: row.table_name,
    schema: catalog.schema,
    kind: row.type.trim() === "V" ? "view" : "table",
    comment: row.comment ?? undefined,
    columns: here(catalog.columns).map((column) => columnOf(column, checks)),
    primaryKey: indexes.filter(([first]) => first.is_primary_key).map(keyOf)[0],
    foreignKeys: grouped(here(catalog.foreignKeys), (each) => each.key_name).map((rows) => foreignKeyOf(rows, catalog)),
    uniqueConstraints: indexes.filter(([first]) => first.is_unique_constraint).map(keyOf),
    indexes: indexes.filter(([first]) => !first.is_primary_key && !first.is_unique_constraint).map(indexOf),
    checks: checks
      .filter(({ definition }) => !isJsonCheck(definition))
      .map(({ check_name, definition }): ReflectedCheck => ({ name: check_name, sqltext: bare(definition) })),
  };
}

type Group<T> = readonly [T, ...T[]];

/** Rows of one key together, in the order of their coming. */
function grouped<T>(rows: readonly T[], key: (row: T) => string): readonly Group<T>[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return [...groups.values()];
}

/** Whether a check only says that a text is JSON: the column's type says it again. */
function isJsonCheck(definition: string): boolean {
  return /^\(*\s*isjson\s*\([^()]*\)\s*=\s*\(?1\)?\s*\)*$/i.test(definition);
}

/** Definitions are kept in parentheses: `((0))`, `(getdate())`. The outermost ones go, as long as they belong together. */
export function bare(definition: string): string {
  const text = definition.trim();
  if (!text.startsWith("(") || !text.endsWith(")")) return text;
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === "'") inText = !inText;
    if (inText) continue;
    if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    if (depth === 0 && i < text.length - 1) return text;
  }
  return bare(text.slice(1, -1));
}

function columnOf(row: ColumnRow, checks: readonly CheckRow[]): ReflectedColumn {
  const own = checks.filter(({ column_name }) => column_name === row.column_name).map(({ definition }) => definition);
  return {
    name: row.column_name,
    type: typeOfColumn(row, own),
    typeText: typeText(row),
    nullable: row.is_nullable,
    default: row.default_text === null ? undefined : bare(row.default_text),
    autoincrement: row.is_identity,
    computed:
      row.computed_text === null
        ? undefined
        : { sqltext: bare(row.computed_text), persisted: row.is_persisted ?? false },
    comment: row.comment ?? undefined,
  };
}

function keyOf(rows: Group<IndexRow>): ReflectedKey {
  return { name: rows[0].index_name, columns: rows.map(({ column_name }) => column_name) };
}

function foreignKeyOf(rows: Group<ForeignKeyRow>, { defaultSchema }: Catalog): ReflectedForeignKey {
  const [first] = rows;
  return {
    name: first.key_name,
    columns: rows.map(({ column_name }) => column_name),
    targetSchema: first.target_schema === defaultSchema ? undefined : first.target_schema,
    targetTable: first.target_table,
    targetColumns: rows.map(({ target_column }) => target_column),
    onDelete: ACTIONS[first.on_delete],
    onUpdate: ACTIONS[first.on_update],
  };
}

function indexOf(rows: Group<IndexRow>): ReflectedIndex {
  const [first] = rows;
  return {
    name: first.index_name,
    unique: first.is_unique,
    columns: rows.map(({ column_name }) => column_name),
    expressions: rows.map(({ column_name, is_descending_key }) =>
      is_descending_key ? `${column_name} DESC` : column_name,
    ),
    where: first.filter_definition === null ? undefined : bare(first.filter_definition),
  };
}
