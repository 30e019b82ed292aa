import type {
  ReferentialAction,
  ReflectedCheck,
  ReflectedColumn,
  ReflectedForeignKey,
  ReflectedIndex,
  ReflectedKey,
} from "@acme/core/dialect";
import { stringLiteral } from "./literals.js";
import { typeOfColumn } from "./reflect-types.js";
import type { Flavour } from "./version.js";

/** A row of information_schema. */
export type InfoRow = Readonly<Record<string, unknown>>;

/** A value as text; NULL as undefined. */
export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}

/** Rows that belong together: those with the same text in a column, in the order of their first. */
export function grouped(rows: readonly InfoRow[], column: string): ReadonlyMap<string, readonly InfoRow[]> {
  const groups = new Map<string, InfoRow[]>();
  for (const row of rows) {
    const key = textOf(row[column]) ?? "";
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** The check that MariaDB adds to a column of type JSON. */
function isJsonCheck(clause: string, column: string): boolean {
  return clause === `json_valid(\`${column.replaceAll("`", "``")}\`)`;
}

export function columnOf(row: InfoRow, checks: readonly InfoRow[], flavour: Flavour): ReflectedColumn {
  const name = textOf(row.name) as string;
  const typeText = textOf(row.type) as string;
  const extra = (textOf(row.extra) ?? "").toLowerCase();
  const isJson = checks.some((check) => isJsonCheck(textOf(check.clause) ?? "", name));
  const computed = textOf(row.computed);
  const isComputed = computed !== undefined && computed !== "";
  return {
    name,
    type: typeOfColumn(typeText, isJson),
    typeText,
    nullable: textOf(row.nullable) === "YES",
    default: isComputed ? undefined : defaultOf(row, extra, flavour),
    autoincrement: extra.includes("auto_increment"),
    computed: isComputed ? { sqltext: condition(computed, flavour), persisted: extra.includes("stored") } : undefined,
    comment: textOf(row.comment) || undefined,
  };
}

/** Types whose defaults MySQL gives as they stand in SQL. */
const NUMBERS = new Set([
  "tinyint",
  "smallint",
  "mediumint",
  "int",
  "bigint",
  "decimal",
  "float",
  "double",
  "bit",
  "year",
]);

/**
 * The text behind DEFAULT, with what the server does at an UPDATE: `current_timestamp(3) ON UPDATE current_timestamp(3)`.
 * MariaDB gives SQL, and `NULL` where nothing was said. MySQL gives the bare value of a literal, and marks expressions.
 */
function defaultOf(row: InfoRow, extra: string, flavour: Flavour): string | undefined {
  const given = textOf(row.default_text);
  const onUpdate = /on update (\S+)/.exec(extra)?.[1];
  const suffix = onUpdate === undefined ? "" : ` ON UPDATE ${onUpdate}`;
  if (given === undefined || (flavour === "mariadb" && given === "NULL"))
    return suffix === "" ? undefined : `NULL${suffix}`;
  return (flavour === "mariadb" ? given : mysqlDefault(given, row, extra)) + suffix;
}

function mysqlDefault(given: string, row: InfoRow, extra: string): string {
  if (!extra.includes("default_generated"))
    return NUMBERS.has(textOf(row.data_type) ?? "") ? given : stringLiteral(given);
  return /^current_timestamp/i.test(given) ? given : `(${unescaped(given)})`;
}

/** MySQL gives expressions with a backslash in front of each quote. */
function unescaped(expression: string): string {
  return expression.replaceAll("\\'", "'");
}

/** An expression without the parentheses around it, which MySQL adds. */
function condition(expression: string, flavour: Flavour): string {
  return flavour === "mysql" ? withoutParentheses(unescaped(expression)) : expression;
}

/** `(a > 0)` is `a > 0`; `(a) + (b)` stays. Parentheses in quotes count for nothing. */
export function withoutParentheses(expression: string): string {
  if (!expression.startsWith("(") || !expression.endsWith(")")) return expression;
  let depth = 0;
  for (const { 0: token, index } of expression.matchAll(/'(?:[^'\\]|''|\\.)*'|`(?:[^`]|``)*`|[()]/gs)) {
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    if (depth === 0 && token === ")") return index === expression.length - 1 ? expression.slice(1, -1) : expression;
  }
  return expression;
}

/** Keys and indexes of a table. */
export interface Indexes {
  readonly primaryKey: ReflectedKey | undefined;
  readonly uniqueConstraints: readonly ReflectedKey[];
  readonly indexes: readonly ReflectedIndex[];
}

/**
 * Sorts the indexes of a table. A unique index over plain columns and a unique constraint are the same thing here. An index
 * that carries a foreign key's name over its columns was made by the server for it, and will be again.
 */
export function indexesOf(rows: readonly InfoRow[], foreignKeys: readonly ReflectedForeignKey[]): Indexes {
  let primaryKey: ReflectedKey | undefined;
  const uniqueConstraints: ReflectedKey[] = [];
  const indexes: ReflectedIndex[] = [];
  for (const [name, members] of grouped(rows, "name")) {
    const index = indexOf(name, members);
    const plain =
      index.columns.every((column) => column !== undefined) && members.every((row) => textOf(row.prefix) === undefined);
    const columns = index.columns as readonly string[];
    if (name === "PRIMARY") primaryKey = { name: undefined, columns };
    else if (index.unique && plain) uniqueConstraints.push({ name, columns });
    else if (!foreignKeys.some((key) => key.name === name && key.columns.join() === columns.join()))
      indexes.push(index);
  }
  return { primaryKey, uniqueConstraints, indexes };
}

function indexOf(name: string, members: readonly InfoRow[]): ReflectedIndex {
  return {
    name,
    unique: Number(members[0]?.non_unique) === 0,
    columns: members.map((row) => textOf(row.column_name)),
    expressions: members.map((row) => {
      const expression = textOf(row.expression);
      const prefix = textOf(row.prefix);
      const element =
        expression === undefined
          ? `${textOf(row.column_name)}${prefix === undefined ? "" : `(${prefix})`}`
          : unescaped(expression);
      return textOf(row.direction) === "D" ? `${element} DESC` : element;
    }),
    where: undefined,
  };
}

export function foreignKeysOf(
  rows: readonly InfoRow[],
  defaultSchema: string | undefined,
  flavour: Flavour,
): readonly ReflectedForeignKey[] {
  return [...grouped(rows, "name")].map(([name, members]) => {
    const first = members[0] as InfoRow;
    const targetSchema = textOf(first.target_schema);
    return {
      name,
      columns: members.map((row) => textOf(row.column_name) as string),
      targetSchema: targetSchema === defaultSchema ? undefined : targetSchema,
      targetTable: textOf(first.target_table) as string,
      targetColumns: members.map((row) => textOf(row.target_column) as string),
      onDelete: actionOf(textOf(first.on_delete), flavour),
      onUpdate: actionOf(textOf(first.on_update), flavour),
    };
  });
}

/** Where nothing was said, MySQL answers NO ACTION and MariaDB RESTRICT. Both mean the same to InnoDB. */
function actionOf(rule: string | undefined, flavour: Flavour): ReferentialAction | undefined {
  const unsaid = flavour === "mariadb" ? "RESTRICT" : "NO ACTION";
  return rule === undefined || rule === unsaid ? undefined : (rule.toLowerCase() as ReferentialAction);
}

export function checksOf(rows: readonly InfoRow[], flavour: Flavour): readonly ReflectedCheck[] {
  return rows.flatMap((row) => {
    const name = textOf(row.name) as string;
    const clause = textOf(row.clause) as string;
    return isJsonCheck(clause, name) ? [] : [{ name, sqltext: condition(clause, flavour) }];
  });
}
