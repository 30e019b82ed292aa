import { ArgumentError, Node } from "@acme/core/dialect";
import { encode } from "./values/encode.js";

/** A column of the data. */
export interface CopyColumn {
  readonly key: string;
  readonly name: string;
  readonly bind: ((value: unknown) => unknown) | undefined;
}

/** Characters collected before they are sent. */
const CHUNK = 65_536;

const SPECIAL = /[\\\n\r\t]/g;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Rows in COPY's text format, in chunks. */
export async function* copyLines(
  first: unknown,
  rest: AsyncIterator<unknown> | Iterator<unknown>,
  columns: readonly CopyColumn[],
): AsyncGenerator<Uint8Array, void> {
  let text = "";
  let row = first;
  for (let count = 1; ; count++) {
    text += line(row, columns, count);
    if (text.length >= CHUNK) {
      yield Buffer.from(text);
      text = "";
    }
    const answer = rest.next();
    // No turn of the event loop for a row of an array.
    const step = answer instanceof Promise ? await answer : (answer as IteratorResult<unknown>);
    if (step.done) break;
    row = step.value;
  }
  yield Buffer.from(text);
}

function line(row: unknown, columns: readonly CopyColumn[], count: number): string {
  const given = row as Readonly<Record<string, unknown>>;
  let keys = 0;
  for (const key in given) if (given[key] !== undefined) keys += 1;
  let text = "";
  for (const column of columns) {
    const value = given[column.key];
    if (value === undefined) throw wrongRow(count, `lacks "${column.key}"`);
    keys -= 1;
    text += `${column === columns[0] ? "" : "\t"}${field(value, column, count)}`;
  }
  if (keys !== 0) {
    const known = columns.map(({ key }) => key);
    const other = Object.keys(given).find((key) => !known.includes(key));
    throw wrongRow(count, `has "${other}", which the first row does not have`);
  }
  return `${text}\n`;
}

function field(value: unknown, { key, bind }: CopyColumn, count: number): string {
  if (value === null) return "\\N";
  if (value instanceof Node) throw wrongRow(count, `has an expression for "${key}", and COPY takes values only`);
  const encoded = encode(bind === undefined ? value : bind(value));
  if (encoded === null) return "\\N";
  // The format's own escape in front of that of bytea.
  if (encoded instanceof Uint8Array) return `\\\\x${Buffer.from(encoded).toString("hex")}`;
  return encoded.replace(SPECIAL, (character) => ESCAPES[character] as string);
}

function wrongRow(count: number, what: string): ArgumentError {
  return new ArgumentError(`Row ${count} ${what}.`, {
    code: "WRONG_ROW",
    remedy: "All rows have the same keys; write null for a value that is missing.",
  });
}
