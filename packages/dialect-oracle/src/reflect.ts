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
  COLUMN_COMMENTS,
  COLUMNS,
  CONSTRAINTS,
  type ColumnRow,
  type CommentRow,
  type ConstraintRow,
  DEFAULT_SCHEMA,
  forTables,
  INDEX_EXPRESSIONS,
  INDEXES,
  type IndexExpressionRow,
  type IndexRow,
  SCHEMAS,
  TABLE_NAMES,
  TABLES,
  TARGETS,
  type TableRow,
  type TargetRow,
  VIEW_NAMES,
} from "./catalog.js";
import { fromDictionary, toDictionary } from "./names.js";
import { typeOfColumn, typeText } from "./reflect-types.js";

/** An IN list takes at most 1000 elements. */
const NAMES_PER_QUERY = 500;

const ACTIONS: Readonly<Record<string, ReferentialAction>> = { CASCADE: "cascade", "SET NULL": "set null" };

type Rows = readonly Readonly<Record<string, unknown>>[];

async function names(
  connection: ReflectionConnection,
  sql: string,
  ...parameters: unknown[]
): Promise<readonly string[]> {
  return (await connection.query(sql, parameters)).map((row) => fromDictionary(row.name as string));
}

/** The answers of the data dictionary about some tables. */
interface Dictionary {
  /** The owner that unqualified names mean. */
  readonly defaultOwner: string;
  /** The schema as asked for; undefined is the default one. */
  readonly schema: string | undefined;
  readonly tables: readonly TableRow[];
  readonly columns: readonly ColumnRow[];
  readonly comments: readonly CommentRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly targets: readonly TargetRow[];
  readonly indexes: readonly IndexRow[];
  readonly expressions: readonly IndexExpressionRow[];
}

/** Reads the schema of an Oracle database from the ALL_ views of its data dictionary. */
export class OracleReflector implements Reflector {
  async defaultSchema(connection: ReflectionConnection): Promise<string | undefined> {
    return (await names(connection, DEFAULT_SCHEMA))[0];
  }

  schemaNames(connection: ReflectionConnection): Promise<readonly string[]> {
    return names(connection, SCHEMAS);
  }

  async tableNames(connection: ReflectionConnection, schema: string | undefined): Promise<readonly string[]> {
    return names(connection, TABLE_NAMES, await this.owner(connection, schema));
  }

  async viewNames(connection: ReflectionConnection, schema: string | undefined): Promise<readonly string[]> {
    const owner = await this.owner(connection, schema);
    return names(connection, VIEW_NAMES, owner, owner);
  }

  async tables(
    connection: ReflectionConnection,
    schema: string | undefined,
    wanted: readonly string[] | undefined,
  ): Promise<readonly ReflectedTable[]> {
    const defaultOwner = await this.owner(connection, undefined);
    const owner = schema === undefined ? defaultOwner : toDictionary(schema);
    const found = wanted?.map(toDictionary) ?? (await this.tableNames(connection, schema)).map(toDictionary);
    const reflected: ReflectedTable[] = [];
    for (let at = 0; at < found.length; at += NAMES_PER_QUERY) {
      const some = found.slice(at, at + NAMES_PER_QUERY);
      const ask = async <T>(query: string): Promise<readonly T[]> =>
        (await connection.query(forTables(query, some.length), [owner, ...some])) as Rows as readonly T[];
      const dictionary: Dictionary = {
        defaultOwner,
        schema,
        tables: await ask<TableRow>(TABLES),
        columns: await ask<ColumnRow>(COLUMNS),
        comments: await ask<CommentRow>(COLUMN_COMMENTS),
        constraints: await ask<ConstraintRow>(CONSTRAINTS),
        targets: await ask<TargetRow>(TARGETS),
        indexes: await ask<IndexRow>(INDEXES),
        expressions: await ask<IndexExpressionRow>(INDEX_EXPRESSIONS),
      };
      reflected.push(...dictionary.tables.map((table) => tableOf(table, dictionary)));
    }
    return reflected;
  }

  private async owner(connection: ReflectionConnection, schema: string | undefined): Promise<string> {
    if (schema !== undefined) return toDictionary(schema);
    return toDictionary((await this.defaultSchema(connection)) ?? "");
  }
}

function tableOf(row: TableRow, dictionary: Dictionary): ReflectedTable {
  const here = <T extends { readonly table_name: string }>(rows: readonly T[]): readonly T[] =>
    rows.filter((each) => each.table_name === row.table_name);
  const constraints = grouped(here(dictionary.constraints), (each) => each.constraint_name);
  const checks = checksOf(constraints);
  const columns = here(dictionary.columns).map((column) => columnOf(column, checks, here(dictionary.comments)));
  const ofKind = (kind: string): readonly (readonly ConstraintRow[])[] =>
    constraints.filter(([first]) => first?.constraint_type === kind);
  const keyIndexes = new Set(constraints.map(([first]) => first?.index_name).filter((name) => name !== null));
  return {
    name: fromDictionary(row.table_name),
    schema: dictionary.schema,
    kind: row.table_type === "VIEW" ? "view" : "table",
    comment: row.comments ?? undefined,
    columns,
    primaryKey: ofKind("P").map(keyOf)[0],
    foreignKeys: ofKind("R").map((rows) => foreignKeyOf(rows, dictionary)),
    uniqueConstraints: ofKind("U").map(keyOf),
    indexes: grouped(here(dictionary.indexes), (each) => each.index_name)
      .filter(([first]) => !keyIndexes.has(first?.index_name as string))
      .map((rows) => indexOf(rows, dictionary.expressions)),
    checks: checks.filter(({ ofType }) => !ofType).map(({ name, sqltext }): ReflectedCheck => ({ name, sqltext })),
  };
}

/** Rows that follow one another with the same key. */
function grouped<T>(rows: readonly T[], key: (row: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return [...groups.values()];
}

interface Check extends ReflectedCheck {
  readonly columns: readonly string[];
  /** It only says what the column's type says: the type writes it again. */
  readonly ofType: boolean;
}

/** Checks without those that NOT NULL is kept as. */
function checksOf(constraints: readonly (readonly ConstraintRow[])[]): readonly Check[] {
  return constraints.flatMap((rows): Check[] => {
    const [first] = rows;
    const sqltext = first?.search_condition_vc ?? undefined;
    if (first?.constraint_type !== "C" || sqltext === undefined || /^"[^"]+" IS NOT NULL$/.test(sqltext)) return [];
    const ofType = /^\s*"?[\w$#]+"?\s+(IS JSON|IN\s*\(\s*0\s*,\s*1\s*\))\s*$/i.test(sqltext);
    return [{ name: fromDictionary(first.constraint_name), sqltext, columns: columnNames(rows), ofType }];
  });
}

function columnNames(rows: readonly ConstraintRow[]): readonly string[] {
  return rows.flatMap(({ column_name }) => (column_name === null ? [] : [fromDictionary(column_name)]));
}

function columnOf(row: ColumnRow, checks: readonly Check[], comments: readonly CommentRow[]): ReflectedColumn {
  const name = fromDictionary(row.column_name);
  const own = checks.filter(({ columns }) => columns.length === 1 && columns[0] === name).map(({ sqltext }) => sqltext);
  const virtual = row.virtual_column === "YES";
  const identity = row.identity_column === "YES";
  const text = row.data_default?.trim();
  return {
    name,
    type: typeOfColumn(row, own),
    typeText: typeText(row),
    nullable: row.nullable === "Y",
    default:
      virtual || identity || text === undefined || text === "" || text.toUpperCase() === "NULL" ? undefined : text,
    autoincrement: identity,
    computed: virtual ? { sqltext: text ?? "", persisted: false } : undefined,
    comment: comments.find((comment) => comment.column_name === row.column_name)?.comments,
  };
}

function keyOf(rows: readonly ConstraintRow[]): ReflectedKey {
  const name = rows[0]?.constraint_name;
  return { name: name === undefined ? undefined : fromDictionary(name), columns: columnNames(rows) };
}

function foreignKeyOf(rows: readonly ConstraintRow[], { defaultOwner, targets }: Dictionary): ReflectedForeignKey {
  const [first] = rows;
  const referred = targets.filter(
    (target) => target.owner === first?.r_owner && target.constraint_name === first.r_constraint_name,
  );
  const targetOwner = first?.r_owner ?? defaultOwner;
  return {
    ...keyOf(rows),
    targetSchema: targetOwner === defaultOwner ? undefined : fromDictionary(targetOwner),
    targetTable: fromDictionary(referred[0]?.table_name ?? ""),
    targetColumns: referred.map((target) => fromDictionary(target.column_name)),
    onDelete: ACTIONS[first?.delete_rule ?? ""],
    onUpdate: undefined,
  };
}

function indexOf(rows: readonly IndexRow[], expressions: readonly IndexExpressionRow[]): ReflectedIndex {
  const elements = rows.map((row) => {
    const text = expressions.find(
      (each) => each.index_name === row.index_name && each.column_position === row.column_position,
    )?.column_expression;
    // A descending column is kept as an expression that consists of its name.
    const plain = text === undefined ? row.column_name : /^"([^"]+)"$/.exec(text.trim())?.[1];
    const column = plain === undefined ? undefined : fromDictionary(plain);
    return { column, text: `${column ?? text?.trim()}${row.descend === "DESC" ? " DESC" : ""}` };
  });
  const [first] = rows as readonly [IndexRow, ...IndexRow[]];
  return {
    name: fromDictionary(first.index_name),
    unique: first.uniqueness === "UNIQUE",
    columns: elements.map(({ column }) => column),
    expressions: elements.map(({ text }) => text),
    where: undefined,
  };
}
