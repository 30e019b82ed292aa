import type {
  ReferentialAction,
  ReflectedColumn,
  ReflectedForeignKey,
  ReflectedIndex,
  ReflectedKey,
  ReflectedTable,
  ReflectionConnection,
  Reflector,
} from "@acme/core/dialect";
import {
  COLUMNS,
  CONSTRAINTS,
  type ColumnRow,
  type ConstraintRow,
  DEFAULT_SCHEMA,
  INDEXES,
  type IndexRow,
  SCHEMAS,
  TABLE_NAMES,
  VIEW_NAMES,
} from "./catalog.js";
import { typeFromCatalog } from "./reflect-types.js";

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  c: "cascade",
  n: "set null",
  d: "set default",
  r: "restrict",
};

/** Runs one of the catalog's queries, whose columns are known. */
async function ask<T>(connection: ReflectionConnection, sql: string, ...parameters: unknown[]): Promise<readonly T[]> {
  return (await connection.query(sql, parameters)) as readonly unknown[] as readonly T[];
}

async function names(
  connection: ReflectionConnection,
  sql: string,
  ...parameters: unknown[]
): Promise<readonly string[]> {
  return (await ask<{ readonly name: string }>(connection, sql, ...parameters)).map((row) => row.name);
}

function columnOf(row: ColumnRow & { readonly name: string }): ReflectedColumn {
  const { default_text, generated } = row;
  const serial = default_text?.startsWith("nextval(") ?? false;
  const plainDefault = generated === "" && !serial ? default_text : null;
  return {
    name: row.name,
    type: typeFromCatalog(row),
    typeText: row.type,
    nullable: !row.not_null,
    default: plainDefault ?? undefined,
    autoincrement: serial || row.identity !== "",
    computed: generated === "" ? undefined : { sqltext: default_text ?? "", persisted: generated === "s" },
    comment: row.comment ?? undefined,
  };
}

function hasName(row: ColumnRow): row is ColumnRow & { readonly name: string } {
  return row.name !== null;
}

function keyOf({ name, columns }: ConstraintRow): ReflectedKey {
  return { name, columns: columns ?? [] };
}

function foreignKeyOf(row: ConstraintRow): ReflectedForeignKey {
  return {
    name: row.name,
    columns: row.columns ?? [],
    targetSchema: row.target_schema ?? undefined,
    targetTable: row.target_table as string,
    targetColumns: row.target_columns ?? [],
    onDelete: ACTIONS[row.on_delete],
    onUpdate: ACTIONS[row.on_update],
  };
}

function indexOf(row: IndexRow): ReflectedIndex {
  return {
    name: row.name,
    unique: row.is_unique,
    columns: row.columns.map((column) => column ?? undefined),
    expressions: row.expressions,
    where: row.condition ?? undefined,
  };
}

function byTable<T extends { readonly table_id: number }>(rows: readonly T[]): (id: number) => readonly T[] {
  const grouped = new Map<number, T[]>();
  for (const row of rows) {
    const group = grouped.get(row.table_id);
    if (group === undefined) grouped.set(row.table_id, [row]);
    else group.push(row);
  }
  return (id) => grouped.get(id) ?? [];
}

/**
 * Reads `pg_catalog`: three queries for any number of tables. Tables are ordinary, partitioned and foreign ones (partitions
 * are part of their table), views are views and materialized views; by name both are found.
 */
export const postgresReflector: Reflector = {
  async defaultSchema(connection) {
    const [row] = await ask<{ readonly name: string | null }>(connection, DEFAULT_SCHEMA);
    return row?.name ?? undefined;
  },
  schemaNames: (connection) => names(connection, SCHEMAS),
  tableNames: (connection, schema) => names(connection, TABLE_NAMES, schema ?? null),
  viewNames: (connection, schema) => names(connection, VIEW_NAMES, schema ?? null),
  async tables(connection, schema, wanted): Promise<readonly ReflectedTable[]> {
    const rows = await ask<ColumnRow>(connection, COLUMNS, schema ?? null, wanted ?? null);
    const ids = [...new Set(rows.map((row) => row.table_id))];
    const constraintsOf = byTable(ids.length === 0 ? [] : await ask<ConstraintRow>(connection, CONSTRAINTS, ids));
    const indexesOf = byTable(ids.length === 0 ? [] : await ask<IndexRow>(connection, INDEXES, ids));
    const columnsOf = byTable(rows);
    return ids.map((id) => {
      const columns = columnsOf(id);
      const table = columns[0] as ColumnRow;
      const constraints = (kind: ConstraintRow["kind"]): readonly ConstraintRow[] =>
        constraintsOf(id).filter((row) => row.kind === kind);
      const [primaryKey] = constraints("p").map(keyOf);
      return {
        name: table.table_name,
        schema,
        kind: table.table_kind === "v" || table.table_kind === "m" ? "view" : "table",
        comment: table.table_comment ?? undefined,
        columns: columns.filter(hasName).map(columnOf),
        primaryKey,
        foreignKeys: constraints("f").map(foreignKeyOf),
        uniqueConstraints: constraints("u").map(keyOf),
        indexes: indexesOf(id).map(indexOf),
        checks: constraints("c").map((row) => ({ name: row.name, sqltext: row.condition ?? "" })),
      };
    });
  },
};
