/** The data dictionary's queries. `:1` is the schema; `$NAMES` (`$NAMES(c)` for an alias) becomes a condition on table names. */

export const DEFAULT_SCHEMA = "SELECT SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA') AS name FROM DUAL";

export const SCHEMAS = "SELECT username AS name FROM all_users WHERE oracle_maintained = 'N' ORDER BY username";

/** Without overflow segments, nested tables and the tables behind materialized views. */
export const TABLE_NAMES = `SELECT t.table_name AS name FROM all_tables t WHERE t.owner = :1 AND t.nested = 'NO' AND t.secondary = 'N'
AND t.dropped = 'NO' AND NVL(t.iot_type, 'IOT') = 'IOT'
AND NOT EXISTS (SELECT 1 FROM all_mviews m WHERE m.owner = t.owner AND m.mview_name = t.table_name) ORDER BY t.table_name`;

export const VIEW_NAMES = `SELECT view_name AS name FROM all_views WHERE owner = :1
UNION ALL SELECT mview_name FROM all_mviews WHERE owner = :2 ORDER BY 1`;

export interface TableRow {
  readonly table_name: string;
  readonly table_type: string;
  readonly comments: string | null;
}

export const TABLES =
  "SELECT table_name, table_type, comments FROM all_tab_comments WHERE owner = :1 AND $NAMES ORDER BY table_name";

export interface ColumnRow {
  readonly table_name: string;
  readonly column_name: string;
  readonly data_type: string;
  readonly data_length: number | null;
  readonly char_length: number | null;
  readonly data_precision: number | null;
  readonly data_scale: number | null;
  readonly nullable: string;
  readonly data_default: string | null;
  readonly virtual_column: string;
  readonly identity_column: string;
}

/** `data_default` is a LONG, which takes no part in joins: comments are asked for apart. */
export const COLUMNS = `SELECT table_name, column_name, data_type, data_length, char_length, data_precision, data_scale, nullable,
data_default, virtual_column, identity_column FROM all_tab_cols
WHERE owner = :1 AND hidden_column = 'NO' AND $NAMES ORDER BY table_name, column_id`;

export interface CommentRow {
  readonly table_name: string;
  readonly column_name: string;
  readonly comments: string;
}

export const COLUMN_COMMENTS = `SELECT table_name, column_name, comments FROM all_col_comments
WHERE owner = :1 AND comments IS NOT NULL AND $NAMES`;

export interface ConstraintRow {
  readonly table_name: string;
  readonly constraint_name: string;
  /** P, U, R (foreign key), C. */
  readonly constraint_type: string;
  readonly search_condition_vc: string | null;
  readonly delete_rule: string | null;
  readonly r_owner: string | null;
  readonly r_constraint_name: string | null;
  readonly index_name: string | null;
  readonly column_name: string | null;
}

export const CONSTRAINTS = `SELECT c.table_name, c.constraint_name, c.constraint_type, c.search_condition_vc, c.delete_rule, c.r_owner,
c.r_constraint_name, c.index_name, k.column_name FROM all_constraints c
LEFT OUTER JOIN all_cons_columns k ON k.owner = c.owner AND k.constraint_name = c.constraint_name AND k.table_name = c.table_name
WHERE c.owner = :1 AND c.constraint_type IN ('P', 'U', 'R', 'C') AND $NAMES(c)
ORDER BY c.table_name, c.constraint_name, k.position`;

export interface TargetRow {
  readonly owner: string;
  readonly constraint_name: string;
  readonly table_name: string;
  readonly column_name: string;
}

/** The columns of the keys that foreign keys refer to. */
export const TARGETS = `SELECT k.owner, k.constraint_name, k.table_name, k.column_name FROM all_cons_columns k
WHERE (k.owner, k.constraint_name) IN (SELECT c.r_owner, c.r_constraint_name FROM all_constraints c
WHERE c.owner = :1 AND c.constraint_type = 'R' AND $NAMES(c)) ORDER BY k.owner, k.constraint_name, k.position`;

export interface IndexRow {
  readonly table_name: string;
  readonly index_name: string;
  readonly uniqueness: string;
  readonly column_name: string;
  readonly column_position: number;
  readonly descend: string;
}

export const INDEXES = `SELECT i.table_name, i.index_name, i.uniqueness, k.column_name, k.column_position, k.descend FROM all_indexes i
JOIN all_ind_columns k ON k.index_owner = i.owner AND k.index_name = i.index_name
WHERE i.table_owner = :1 AND i.index_type NOT IN ('LOB', 'DOMAIN') AND $NAMES(i)
ORDER BY i.table_name, i.index_name, k.column_position`;

export interface IndexExpressionRow {
  readonly index_name: string;
  readonly column_position: number;
  readonly column_expression: string;
}

export const INDEX_EXPRESSIONS = `SELECT index_name, column_position, column_expression FROM all_ind_expressions
WHERE table_owner = :1 AND $NAMES`;

/** A query restricted to some tables: the names follow the schema as parameters. */
export function forTables(query: string, count: number): string {
  const list = Array.from({ length: count }, (_, i) => `:${i + 2}`).join(", ");
  return query.replace(/\$NAMES(?:\((\w+)\))?/, (_text, alias: string | undefined) => {
    const column = alias === undefined ? "table_name" : `${alias}.table_name`;
    return count === 0 ? "1 = 1" : `${column} IN (${list})`;
  });
}
