import { DdlStatement } from "../ddl/statements.js";
import type { EngineEventHub, ExecutionEvent } from "./events.js";

/** The pairs of a comment; those without a value are left out. */
export type SqlTags = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The tags of an engine's statements: the same for all, or asked for at each execution. */
export type SqlCommentOption = SqlTags | ((execution: ExecutionEvent) => SqlTags | undefined);

/**
 * A comment of key-value pairs as the sqlcommenter specification writes it: sorted by key, keys and values URL-encoded, values in
 * single quotes. Empty without pairs.
 *
 * @example
 * ```ts
 * sqlComment({ route: "/users/:id", traceparent: "00-5bd6...-01" });
 * ```
 * SQL: `route='%2Fusers%2F%3Aid',traceparent='00-5bd6...-01'` between the marks of a comment
 */
export function sqlComment(tags: SqlTags): string {
  const pairs = Object.entries(tags)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => `${encoded(key)}='${encoded(String(value))}'`)
    .sort();
  return pairs.length === 0 ? "" : `/*${pairs.join(",")}*/`;
}

/**
 * Encoding leaves no slash, so that nothing in a value can end the comment, and no character that a driver takes for a
 * placeholder. What is left is the quote, which the specification wants escaped. A lone surrogate has no encoding.
 */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).replaceAll("'", "\\'");
}

/** Adds the comment of an engine to the end of its statements. */
export function installSqlComments(events: EngineEventHub, option: SqlCommentOption): void {
  if (typeof option !== "function") {
    const comment = sqlComment(option);
    // The text is the same each time: it is prepared once, as it is without a comment.
    if (comment !== "") events.on("beforeExecute", (event) => commented(event, comment, true));
    return;
  }
  events.on("beforeExecute", (event) => commented(event, sqlComment(option(event) ?? {}), false));
}

/** Text that has a comment is left alone, as the specification demands, and so are DDL statements, which databases keep. */
function commented(
  event: ExecutionEvent,
  comment: string,
  constant: boolean,
): { sql: string; prepare?: boolean } | undefined {
  const { sql, statement } = event;
  if (comment === "" || statement instanceof DdlStatement || sql.includes("/*") || sql.includes("--")) return undefined;
  const end = /;?\s*$/.exec(sql) as RegExpExecArray;
  const text = `${sql.slice(0, end.index)} ${comment}${end[0].trimEnd()}`;
  return constant ? { sql: text } : { sql: text, prepare: false };
}
