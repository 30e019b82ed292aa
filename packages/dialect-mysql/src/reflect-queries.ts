import type { Flavour } from "./version.js";

/** One question for each kind of thing, about all wanted tables at once. */
export interface Queries {
  readonly tables: string;
  readonly columns: string;
  readonly indexes: string;
  readonly foreignKeys: string;
  readonly checks: string;
}

/** `AND table_name IN (?, ?)`, or nothing for all tables. */
function among(column: string, count: number | undefined): string {
  return count === undefined ? "" : ` AND ${column} IN (${new Array<string>(count).fill("?").join(", ")})`;
}

/**
 * The questions for the tables of a schema. Every parameter list is the schema, then the names. Columns have aliases because
 * MySQL gives the names of information_schema in capitals.
 */
export function queriesFor(flavour: Flavour, count: number | undefined): Queries {
  const maria = flavour === "mariadb";
  return {
    tables: `SELECT table_name AS table_name, table_type AS table_type, table_comment AS comment
      FROM information_schema.tables WHERE table_schema = ?${among("table_name", count)}`,
    columns: `SELECT table_name AS table_name, column_name AS name, column_type AS type, data_type AS data_type,
        is_nullable AS nullable, column_default AS default_text, extra AS extra, column_comment AS comment,
        generation_expression AS computed
      FROM information_schema.columns WHERE table_schema = ?${among("table_name", count)} ORDER BY table_name, ordinal_position`,
    indexes: `SELECT table_name AS table_name, index_name AS name, non_unique AS non_unique, column_name AS column_name,
        collation AS direction, sub_part AS prefix, index_type AS kind, ${maria ? "NULL" : "expression"} AS expression
      FROM information_schema.statistics WHERE table_schema = ?${among("table_name", count)}
      ORDER BY table_name, index_name, seq_in_index`,
    foreignKeys: `SELECT k.table_name AS table_name, k.constraint_name AS name, k.column_name AS column_name,
        k.referenced_table_schema AS target_schema, k.referenced_table_name AS target_table,
        k.referenced_column_name AS target_column, r.delete_rule AS on_delete, r.update_rule AS on_update
      FROM information_schema.key_column_usage AS k
      JOIN information_schema.referential_constraints AS r
        ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
      WHERE k.table_schema = ? AND k.referenced_table_name IS NOT NULL${among("k.table_name", count)}
      ORDER BY k.table_name, k.constraint_name, k.ordinal_position`,
    checks: maria
      ? `SELECT table_name AS table_name, constraint_name AS name, check_clause AS clause
          FROM information_schema.check_constraints WHERE constraint_schema = ?${among("table_name", count)}
          ORDER BY table_name, constraint_name`
      : `SELECT t.table_name AS table_name, c.constraint_name AS name, c.check_clause AS clause
          FROM information_schema.check_constraints AS c
          JOIN information_schema.table_constraints AS t
            ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name AND t.constraint_type = 'CHECK'
          WHERE c.constraint_schema = ?${among("t.table_name", count)} ORDER BY t.table_name, c.constraint_name`,
  };
}

/** Where the connection is, and whether names of tables differ by case: 0 where they do. */
export const DEFAULT_SCHEMA = "SELECT DATABASE() AS name, @@lower_case_table_names AS folding";

export const SCHEMAS = `SELECT schema_name AS name FROM information_schema.schemata
  WHERE schema_name NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')`;

export const TABLE_NAMES = `SELECT table_name AS name FROM information_schema.tables
  WHERE table_schema = ? AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')`;

export const VIEW_NAMES = `SELECT table_name AS name FROM information_schema.tables
  WHERE table_schema = ? AND table_type IN ('VIEW', 'SYSTEM VIEW')`;
