/*
 * The queries of reflection. Three read all that there is to know of any number of tables. Every one takes the schema as $1
 * (NULL: the default schema); those below the first take the tables' object ids.
 */

/** A row of {@link COLUMNS}: a column with its table; a table without columns has one row without a column. */
export interface ColumnRow {
  readonly table_id: number;
  readonly schema_name: string;
  readonly table_name: string;
  readonly table_kind: string;
  readonly table_comment: string | null;
  readonly name: string | null;
  readonly type: string;
  readonly base_type: string | null;
  readonly labels: readonly string[] | null;
  readonly not_null: boolean;
  readonly default_text: string | null;
  readonly identity: string;
  readonly generated: string;
  readonly comment: string | null;
}

/** Ordinary, partitioned and foreign tables; views and materialized views. Partitions count as part of their table. */
const TABLE_KINDS = "('r', 'p', 'f')";
const VIEW_KINDS = "('v', 'm')";
const IN_SCHEMA = "n.nspname = coalesce($1::text, current_schema())";

/** $2: names as text[], or NULL for all tables. */
export const COLUMNS = `
  SELECT c.oid AS table_id, n.nspname AS schema_name, c.relname AS table_name, c.relkind::text AS table_kind,
    obj_description(c.oid, 'pg_class') AS table_comment, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS base_type,
    CASE t.typtype WHEN 'e' THEN (
      SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid
    ) END AS labels,
    a.attnotnull OR t.typnotnull AS not_null, pg_get_expr(d.adbin, d.adrelid, true) AS default_text,
    a.attidentity::text AS identity, a.attgenerated::text AS generated, col_description(c.oid, a.attnum) AS comment
  FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE ${IN_SCHEMA}
    AND CASE WHEN $2::text[] IS NULL THEN c.relkind IN ${TABLE_KINDS} AND NOT c.relispartition
      ELSE c.relname = ANY ($2::text[]) AND (c.relkind IN ${TABLE_KINDS} OR c.relkind IN ${VIEW_KINDS}) END
  ORDER BY c.relname, a.attnum`;

/** A row of {@link CONSTRAINTS}. */
export interface ConstraintRow {
  readonly table_id: number;
  readonly name: string;
  readonly kind: "p" | "u" | "f" | "c";
  readonly columns: readonly string[] | null;
  readonly target_schema: string | null;
  readonly target_table: string | null;
  readonly target_columns: readonly string[] | null;
  readonly on_delete: string;
  readonly on_update: string;
  readonly condition: string | null;
}

const namesOf = (numbers: string, table: string): string => `(
      SELECT array_agg(a.attname::text ORDER BY k.position)
      FROM unnest(${numbers}) WITH ORDINALITY AS k(number, position)
        JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = k.number
    )`;

/** $1: object ids as oid[]. The target's schema is NULL where it is the default schema. */
export const CONSTRAINTS = `
  SELECT con.conrelid AS table_id, con.conname AS name, con.contype::text AS kind, ${namesOf("con.conkey", "con.conrelid")} AS columns,
    nullif(tn.nspname, current_schema()) AS target_schema, tc.relname AS target_table, ${namesOf("con.confkey", "con.confrelid")} AS target_columns,
    con.confdeltype::text AS on_delete, con.confupdtype::text AS on_update,
    CASE con.contype WHEN 'c' THEN pg_get_expr(con.conbin, con.conrelid, true) END AS condition
  FROM pg_constraint con
    LEFT JOIN pg_class tc ON tc.oid = con.confrelid
    LEFT JOIN pg_namespace tn ON tn.oid = tc.relnamespace
  WHERE con.conrelid = ANY ($1::oid[]) AND con.contype IN ('p', 'u', 'f', 'c')
  ORDER BY con.oid`;

/** A row of {@link INDEXES}. */
export interface IndexRow {
  readonly table_id: number;
  readonly name: string;
  readonly is_unique: boolean;
  readonly columns: readonly (string | null)[];
  readonly expressions: readonly string[];
  readonly condition: string | null;
}

/** $1: object ids as oid[]. Indexes that belong to constraints are left out; so are columns that are only INCLUDEd. */
export const INDEXES = `
  SELECT i.indrelid AS table_id, ic.relname AS name, i.indisunique AS is_unique, keys.columns, keys.expressions,
    pg_get_expr(i.indpred, i.indrelid, true) AS condition
  FROM pg_index i
    JOIN pg_class ic ON ic.oid = i.indexrelid
    CROSS JOIN LATERAL (
      SELECT array_agg(a.attname::text ORDER BY k.n) AS columns,
        array_agg(pg_get_indexdef(i.indexrelid, k.n, true) || CASE i.indoption[k.n - 1]
          WHEN 1 THEN ' DESC NULLS LAST' WHEN 2 THEN ' NULLS FIRST' WHEN 3 THEN ' DESC' ELSE '' END ORDER BY k.n) AS expressions
      FROM generate_series(1, i.indnkeyatts::int) AS k(n)
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n - 1]
    ) AS keys
  WHERE i.indrelid = ANY ($1::oid[])
    AND NOT EXISTS (SELECT FROM pg_constraint con WHERE con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x'))
  ORDER BY ic.relname`;

export const DEFAULT_SCHEMA = "SELECT current_schema() AS name";

export const SCHEMAS = `
  SELECT nspname AS name FROM pg_namespace
  WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY nspname`;

const relations = (kinds: string): string => `
  SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${IN_SCHEMA} AND c.relkind IN ${kinds} AND NOT c.relispartition ORDER BY c.relname`;

export const TABLE_NAMES: string = relations(TABLE_KINDS);
export const VIEW_NAMES: string = relations(VIEW_KINDS);
