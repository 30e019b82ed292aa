import { AcmeError, Expression, type ExpressionNode, type Node, select, sql } from "@acme/core";
import { Dialect } from "@acme/core/dialect";
import { mssql } from "@acme/dialect-mssql";
import { mariadb, mysql } from "@acme/dialect-mysql";
import { oracle } from "@acme/dialect-oracle";
import { postgres } from "@acme/dialect-postgres";
import { sqlite } from "@acme/dialect-sqlite";
import { layout } from "./layout.js";

/** The dialects with the names that the docs call them by. */
export const DIALECTS: Readonly<Record<string, { readonly title: string; readonly dialect: Dialect }>> = {
  postgresql: { title: "PostgreSQL", dialect: postgres() },
  mysql: { title: "MySQL", dialect: mysql() },
  mariadb: { title: "MariaDB", dialect: mariadb() },
  sqlite: { title: "SQLite", dialect: sqlite() },
  oracle: { title: "Oracle", dialect: oracle() },
  mssql: { title: "SQL Server", dialect: mssql() },
};

const PRINTING = new Dialect();
/** The name of an expression that is shown by itself. */
const LABEL = "guide_value";
/** What stands in front of a condition, and is taken away again. */
const PROBE = sql`1`.label("probe");

/** Something that a guide shows as a statement that a database can execute. */
export function statementOf(node: Node): Node {
  return node instanceof Expression && node.kind !== "text"
    ? select((node as ExpressionNode).label(LABEL) as never)
    : node;
}

/** The SQL of what a guide shows: of a statement, of an expression where it stands in a select list, of a condition in WHERE. */
export function textOf(node: Node, dialect: Dialect): string {
  if (!(node instanceof Expression) || node.kind === "text") return compiled(node, dialect);
  const expression = node as ExpressionNode;
  if (expression.type.name === "boolean") {
    const text = compiled(select(PROBE).where(expression as never), dialect);
    return text.replace(/^.*? WHERE /s, "");
  }
  const text = compiled(select(expression.label(LABEL) as never), dialect);
  return text.slice("SELECT ".length).replace(new RegExp(` AS ${LABEL}( FROM .*)?$`, "s"), "");
}

function compiled(node: Node, dialect: Dialect): string {
  const made = dialect.compile(node);
  // Lists in their length; rows of an INSERT once.
  return node.kind === "insert" ? made.sql : made.render(node).sql;
}

/** The SQL, or why there is none; a message that begins with the dialect's name stands without it. */
export function textOrRefusal(node: Node, dialect: Dialect): string {
  try {
    return layout(textOf(node, dialect));
  } catch (error) {
    if (error instanceof AcmeError) return `-- refused: ${error.message.replace(`${dialect.name} `, "")}`;
    throw error;
  }
}

/** Text in which all placeholders look the same, on one line. */
export function withoutPlaceholders(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\( | \)/g, (found) => found.trim())
    .replaceAll(/\$\d+|(?<!:):\w+|@p\d+|\?/g, "?");
}

/**
 * What a `sql` block of a guide holds. Without further words: the text in the default dialect, then what dialects write differently, apart
 * from their placeholders. With names of dialects: the texts of these.
 */
export function sqlBlock(nodes: readonly Node[], words: readonly string[]): string {
  const standard = nodes.map((node) => textOrRefusal(node, PRINTING));
  if (words[0] === "default") return standard.join("\n");
  const groups = new Map<string, string[]>();
  for (const name of words.length > 0 ? words : Object.keys(DIALECTS)) {
    const found = DIALECTS[name];
    if (!found) throw new Error(`A guide names a dialect that is none: ${name}.`);
    const texts = nodes.map((node) => textOrRefusal(node, found.dialect));
    const isOwn = (text: string, i: number): boolean =>
      words.length > 0 || withoutPlaceholders(text) !== withoutPlaceholders(standard[i] as string);
    const own = separated(texts.filter(isOwn));
    if (own !== "") groups.set(own, [...(groups.get(own) ?? []), found.title]);
  }
  const titled = [...groups].map(([text, titles]) => `-- ${titles.join(", ")}\n${text}`);
  return separated(words.length > 0 ? titled : [separated(standard), ...titled]);
}

/** Texts below each other, with an empty line between them where one of them has more lines than its title and one. */
function separated(texts: readonly string[]): string {
  return texts.join(texts.some((text) => text.replace(/^-- .*\n/, "").includes("\n")) ? "\n\n" : "\n");
}
