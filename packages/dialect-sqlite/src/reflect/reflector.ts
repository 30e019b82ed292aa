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
import { parseIndex } from "./index-definition.js";
import { parseTable, type TableDefinition } from "./table-definition.js";
import { typeOfText } from "./type-of-text.js";

const MAIN = "main";

/** A row of `pragma_table_list` with the statement that made the table. */
interface TableRow {
  readonly name: string;
  readonly type: string;
  readonly wr: number;
  readonly sql: string | null;
}

/** A row of `pragma_table_xinfo`. */
interface ColumnRow {
  readonly tableName: string;
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
  readonly hidden: number;
}

/** A row of `pragma_foreign_key_list`. */
interface ForeignKeyRow {
  readonly tableName: string;
  readonly id: number;
  readonly target: string;
  readonly from: string;
  readonly to: string | null;
  readonly on_update: string;
  readonly on_delete: string;
}

/** A row of `pragma_index_list`, once for each column of the index. */
interface IndexRow {
  readonly tableName: string;
  readonly indexName: string;
  readonly unique: number;
  readonly origin: string;
  readonly sql: string | null;
  readonly cid: number;
  readonly columnName: string | null;
  readonly desc: number;
}

/**
 * Reads the schema of a SQLite database: its pragmas, and the statements in `sqlite_schema` for what these do not tell. A
 * schema is a database file: `main`, `temp`, or the name under which it was attached.
 */
export class SqliteReflector implements Reflector {
  async defaultSchema(): Promise<string | undefined> {
    return MAIN;
  }

  async schemaNames(connection: ReflectionConnection): Promise<readonly string[]> {
    const rows = await connection.query("SELECT name FROM pragma_database_list ORDER BY seq");
    return rows.map((row) => row.name as string);
  }

  async tableNames(connection: ReflectionConnection, schema: string | undefined): Promise<readonly string[]> {
    return namesOf(connection, schema, "'table', 'virtual'");
  }

  async viewNames(connection: ReflectionConnection, schema: string | undefined): Promise<readonly string[]> {
    return namesOf(connection, schema, "'view'");
  }

  async tables(
    connection: ReflectionConnection,
    schema: string | undefined,
    names: readonly string[] | undefined,
  ): Promise<readonly ReflectedTable[]> {
    const reading = new Reading(connection, schema);
    const all = await reading.tableRows();
    const wanted = all.filter((row) => (names === undefined ? row.type !== "view" : names.includes(row.name)));
    if (wanted.length === 0) return [];
    await reading.read(
      wanted.map((row) => row.name),
      all,
    );
    return wanted.map((row) => reading.table(row));
  }
}

async function namesOf(
  connection: ReflectionConnection,
  schema: string | undefined,
  types: string,
): Promise<readonly string[]> {
  const rows = await connection.query(
    `SELECT name FROM pragma_table_list WHERE schema = ? AND type IN (${types}) AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
    [schema ?? MAIN],
  );
  return rows.map((row) => row.name as string);
}

/** What is read of some tables of one database. */
class Reading {
  private readonly connection: ReflectionConnection;
  private readonly schema: string;
  /** The schema as keys name it: not at all where it is the default. */
  private readonly named: string | undefined;
  private columns: ReadonlyMap<string, readonly ColumnRow[]> = new Map();
  private foreignKeys: ReadonlyMap<string, readonly ForeignKeyRow[]> = new Map();
  private indexes: ReadonlyMap<string, readonly IndexRow[]> = new Map();
  private targetKeys: ReadonlyMap<string, readonly ColumnRow[]> = new Map();
  /** The names of all tables as they are written, by their names in lower case. */
  private spellings: ReadonlyMap<string, string> = new Map();

  constructor(connection: ReflectionConnection, schema: string | undefined) {
    this.connection = connection;
    this.schema = schema ?? MAIN;
    this.named = this.schema === MAIN ? undefined : this.schema;
  }

  async tableRows(): Promise<readonly TableRow[]> {
    const rows = await this.connection.query(
      `SELECT l.name, l.type, l.wr, m.sql FROM pragma_table_list AS l
       LEFT JOIN ${this.master()} AS m ON m.name = l.name AND m.type IN ('table', 'view')
       WHERE l.schema = ? AND l.type <> 'shadow' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name`,
      [this.schema],
    );
    return rows as unknown as readonly TableRow[];
  }

  /** Reads columns, keys and indexes of some tables, each kind with one query. */
  async read(names: readonly string[], all: readonly TableRow[]): Promise<void> {
    this.spellings = new Map(all.map((row) => [row.name.toLowerCase(), row.name]));
    this.columns = await this.columnsOf(names);
    this.foreignKeys = await this.grouped<ForeignKeyRow>(
      `SELECT t.value AS tableName, f.id, f."table" AS target, f."from", f."to", f.on_update, f.on_delete
       FROM json_each(?) AS t, pragma_foreign_key_list(t.value, ?) AS f ORDER BY t.key, f.id DESC, f.seq`,
      names,
    );
    this.indexes = await this.grouped<IndexRow>(
      `SELECT t.value AS tableName, l.name AS indexName, l."unique", l.origin, m.sql, x.cid, x.name AS columnName, x.desc
       FROM json_each(?) AS t, (SELECT ? AS name) AS s, pragma_index_list(t.value, s.name) AS l, pragma_index_xinfo(l.name, s.name) AS x
       LEFT JOIN ${this.master()} AS m ON m.type = 'index' AND m.name = l.name
       WHERE x.key ORDER BY t.key, l.seq DESC, x.seqno`,
      names,
    );
    const implied = [...this.foreignKeys.values()].flat().filter((row) => row.to === null);
    this.targetKeys = await this.columnsOf([...new Set(implied.map((row) => this.spelling(row.target)))]);
  }

  private master(): string {
    return `"${this.schema.replaceAll('"', '""')}".sqlite_master`;
  }

  private spelling(name: string): string {
    return this.spellings.get(name.toLowerCase()) ?? name;
  }

  private columnsOf(names: readonly string[]): Promise<ReadonlyMap<string, readonly ColumnRow[]>> {
    return this.grouped<ColumnRow>(
      `SELECT t.value AS tableName, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden
       FROM json_each(?) AS t, pragma_table_xinfo(t.value, ?) AS x WHERE x.hidden <> 1 ORDER BY t.key, x.cid`,
      names,
    );
  }

  /** Rows by the table that they belong to. */
  private async grouped<R extends { readonly tableName: string }>(
    sql: string,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, readonly R[]>> {
    if (names.length === 0) return new Map();
    const rows = (await this.connection.query(sql, [JSON.stringify(names), this.schema])) as unknown as readonly R[];
    return groupBy(rows, (row) => row.tableName);
  }

  table(row: TableRow): ReflectedTable {
    const columns = this.columns.get(row.name) ?? [];
    const isView = row.type === "view";
    const definition = parseTable(isView ? "" : (row.sql ?? ""));
    const keyColumns = columns.filter((column) => column.pk > 0).sort((a, b) => a.pk - b.pk);
    const [only, second] = keyColumns;
    const rowid =
      only !== undefined && second === undefined && row.wr === 0 && only.type.toUpperCase() === "INTEGER"
        ? only
        : undefined;
    return {
      name: row.name,
      schema: this.named,
      kind: isView ? "view" : "table",
      comment: undefined,
      columns: columns.map((column) => reflectedColumn(column, column === rowid, row.wr === 1, definition)),
      primaryKey: only && { name: definition.primaryKey?.name, columns: keyColumns.map((column) => column.name) },
      foreignKeys: this.foreignKeysOf(row.name, definition),
      uniqueConstraints: this.uniquesOf(row.name, definition),
      indexes: this.indexesOf(row.name),
      checks: definition.checks,
    };
  }

  private foreignKeysOf(table: string, definition: TableDefinition): readonly ReflectedForeignKey[] {
    const named = [...definition.foreignKeys];
    return [...groupBy(this.foreignKeys.get(table) ?? [], (row) => row.id).values()].flatMap((rows) => {
      const [first] = rows;
      if (first === undefined) return [];
      const columns = rows.map((row) => row.from);
      const at = named.findIndex((key) => same([...key.columns, key.targetTable], [...columns, first.target]));
      const [definedKey] = at === -1 ? [] : named.splice(at, 1);
      const targetTable = this.spelling(first.target);
      return {
        name: definedKey?.name,
        columns,
        targetSchema: this.named,
        targetTable,
        targetColumns: first.to === null ? this.keyOf(targetTable) : rows.map((row) => row.to ?? ""),
        onDelete: actionOf(first.on_delete),
        onUpdate: actionOf(first.on_update),
      };
    });
  }

  /** The primary key of a table: what a foreign key without columns refers to. */
  private keyOf(table: string): readonly string[] {
    const columns = (this.targetKeys.get(table) ?? []).filter((column) => column.pk > 0);
    return columns.sort((a, b) => a.pk - b.pk).map((column) => column.name);
  }

  private uniquesOf(table: string, definition: TableDefinition): readonly ReflectedKey[] {
    const named = [...definition.uniques];
    return this.indexGroups(table, "u").map((rows) => {
      const columns = rows.map((row) => row.columnName ?? "");
      const at = named.findIndex((key) => same(key.columns, columns));
      const [definedKey] = at === -1 ? [] : named.splice(at, 1);
      return { name: definedKey?.name, columns };
    });
  }

  private indexesOf(table: string): readonly ReflectedIndex[] {
    return this.indexGroups(table, "c").map((rows) => {
      const [first] = rows as readonly [IndexRow, ...IndexRow[]];
      const definition = parseIndex(first.sql ?? "");
      return {
        name: first.indexName,
        unique: first.unique === 1,
        columns: rows.map((row) => (row.cid >= 0 ? (row.columnName ?? undefined) : undefined)),
        expressions: rows.map(
          (row, i) => `${definition.elements[i] ?? row.columnName ?? ""}${row.desc === 1 ? " DESC" : ""}`,
        ),
        where: definition.where,
      };
    });
  }

  private indexGroups(table: string, origin: string): readonly (readonly IndexRow[])[] {
    const rows = (this.indexes.get(table) ?? []).filter((row) => row.origin === origin);
    return [...groupBy(rows, (row) => row.indexName).values()];
  }
}

function reflectedColumn(
  row: ColumnRow,
  isRowid: boolean,
  withoutRowid: boolean,
  definition: TableDefinition,
): ReflectedColumn {
  const computed = row.hidden === 2 || row.hidden === 3;
  return {
    name: row.name,
    type: typeOfText(row.type),
    typeText: row.type,
    // Primary keys hold NULL where nobody forbade it, for the sake of old programs: not so rowids and tables without them.
    nullable: row.notnull === 0 && !isRowid && !(withoutRowid && row.pk > 0),
    default: computed ? undefined : (row.dflt_value ?? undefined),
    autoincrement: isRowid,
    computed: computed ? { sqltext: expressionOf(definition, row.name), persisted: row.hidden === 3 } : undefined,
    comment: undefined,
  };
}

function expressionOf(definition: TableDefinition, column: string): string {
  for (const [name, sqltext] of definition.computed) if (name.toLowerCase() === column.toLowerCase()) return sqltext;
  return "";
}

function actionOf(text: string): ReferentialAction | undefined {
  const action = text.toLowerCase();
  return action === "no action" ? undefined : (action as ReferentialAction);
}

/** `Map.groupBy`, which not every runtime has yet. */
function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Whether two lists of names are the same to SQLite, which does not distinguish upper and lower case. */
function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name.toLowerCase() === b[i]?.toLowerCase());
}
