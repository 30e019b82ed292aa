/** The catalog's queries. `@p1` is the schema; `$NAMES` becomes a condition on `o.name`, the table's name. */

export const DEFAULT_SCHEMA = "SELECT SCHEMA_NAME() AS name";

/** Without the schemas of fixed roles and of the system. */
export const SCHEMAS = `SELECT s.name FROM sys.schemas s JOIN sys.database_principals p ON p.principal_id = s.principal_id
WHERE p.is_fixed_role = 0 AND s.name NOT IN (N'sys', N'INFORMATION_SCHEMA', N'guest') ORDER BY s.name`;

export const TABLE_NAMES = `SELECT o.name FROM sys.tables o JOIN sys.schemas s ON s.schema_id = o.schema_id
WHERE s.name = @p1 AND o.is_ms_shipped = 0 ORDER BY o.name`;

export const VIEW_NAMES = `SELECT o.name FROM sys.views o JOIN sys.schemas s ON s.schema_id = o.schema_id
WHERE s.name = @p1 AND o.is_ms_shipped = 0 ORDER BY o.name`;

/** Tables and views; what the other queries join. */
const OBJECTS = "sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id";
const CHOSEN = "s.name = @p1 AND o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND $NAMES";

export interface TableRow {
  readonly table_name: string;
  /** `U ` or `V `, padded. */
  readonly type: string;
  readonly comment: string | null;
}

export const TABLES = `SELECT o.name AS table_name, o.type, CAST(e.value AS NVARCHAR(4000)) AS comment FROM ${OBJECTS}
LEFT JOIN sys.extended_properties e ON e.class = 1 AND e.major_id = o.object_id AND e.minor_id = 0 AND e.name = N'MS_Description'
WHERE ${CHOSEN} ORDER BY o.name`;

export interface ColumnRow {
  readonly table_name: string;
  readonly column_name: string;
  readonly type: string;
  /** In bytes; -1 is `max`. */
  readonly max_length: number;
  readonly precision: number;
  readonly scale: number;
  readonly is_nullable: boolean;
  readonly is_identity: boolean;
  readonly default_text: string | null;
  readonly computed_text: string | null;
  readonly is_persisted: boolean | null;
  readonly comment: string | null;
}

/** Alias types are read as the system type that they stand on. */
export const COLUMNS = `SELECT o.name AS table_name, c.name AS column_name, COALESCE(b.name, t.name) AS type, c.max_length, c.precision, c.scale,
c.is_nullable, c.is_identity, d.definition AS default_text, k.definition AS computed_text, k.is_persisted,
CAST(e.value AS NVARCHAR(4000)) AS comment FROM ${OBJECTS}
JOIN sys.columns c ON c.object_id = o.object_id
JOIN sys.types t ON t.user_type_id = c.user_type_id
LEFT JOIN sys.types b ON b.user_type_id = t.system_type_id AND t.is_user_defined = 1
LEFT JOIN sys.default_constraints d ON d.object_id = c.default_object_id
LEFT JOIN sys.computed_columns k ON k.object_id = c.object_id AND k.column_id = c.column_id
LEFT JOIN sys.extended_properties e ON e.class = 1 AND e.major_id = c.object_id AND e.minor_id = c.column_id AND e.name = N'MS_Description'
WHERE ${CHOSEN} ORDER BY o.name, c.column_id`;

export interface IndexRow {
  readonly table_name: string;
  readonly index_name: string;
  readonly is_unique: boolean;
  readonly is_primary_key: boolean;
  readonly is_unique_constraint: boolean;
  readonly filter_definition: string | null;
  readonly column_name: string;
  readonly is_descending_key: boolean;
}

/** Keys, unique constraints and indexes are all indexes here. Included columns are no key columns. */
export const INDEXES = `SELECT o.name AS table_name, i.name AS index_name, i.is_unique, i.is_primary_key, i.is_unique_constraint,
i.filter_definition, c.name AS column_name, x.is_descending_key FROM ${OBJECTS}
JOIN sys.indexes i ON i.object_id = o.object_id
JOIN sys.index_columns x ON x.object_id = i.object_id AND x.index_id = i.index_id
JOIN sys.columns c ON c.object_id = x.object_id AND c.column_id = x.column_id
WHERE ${CHOSEN} AND i.type IN (1, 2) AND i.is_hypothetical = 0 AND x.is_included_column = 0
ORDER BY o.name, i.index_id, x.key_ordinal`;

export interface ForeignKeyRow {
  readonly table_name: string;
  readonly key_name: string;
  readonly column_name: string;
  readonly target_schema: string;
  readonly target_table: string;
  readonly target_column: string;
  readonly on_delete: string;
  readonly on_update: string;
}

export const FOREIGN_KEYS = `SELECT o.name AS table_name, f.name AS key_name, c.name AS column_name, rs.name AS target_schema, r.name AS target_table,
rc.name AS target_column, f.delete_referential_action_desc AS on_delete, f.update_referential_action_desc AS on_update FROM ${OBJECTS}
JOIN sys.foreign_keys f ON f.parent_object_id = o.object_id
JOIN sys.foreign_key_columns x ON x.constraint_object_id = f.object_id
JOIN sys.columns c ON c.object_id = x.parent_object_id AND c.column_id = x.parent_column_id
JOIN sys.objects r ON r.object_id = f.referenced_object_id
JOIN sys.schemas rs ON rs.schema_id = r.schema_id
JOIN sys.columns rc ON rc.object_id = x.referenced_object_id AND rc.column_id = x.referenced_column_id
WHERE ${CHOSEN} ORDER BY o.name, f.name, x.constraint_column_id`;

export interface CheckRow {
  readonly table_name: string;
  readonly check_name: string;
  readonly definition: string;
  readonly column_name: string | null;
}

export const CHECKS = `SELECT o.name AS table_name, k.name AS check_name, k.definition, c.name AS column_name FROM ${OBJECTS}
JOIN sys.check_constraints k ON k.parent_object_id = o.object_id
LEFT JOIN sys.columns c ON c.object_id = k.parent_object_id AND c.column_id = k.parent_column_id
WHERE ${CHOSEN} ORDER BY o.name, k.name`;

/** A query restricted to some tables: the names follow the schema as parameters. */
export function forTables(query: string, count: number): string {
  const list = Array.from({ length: count }, (_, i) => `@p${i + 2}`).join(", ");
  return query.replace("$NAMES", count === 0 ? "1 = 1" : `o.name IN (${list})`);
}
