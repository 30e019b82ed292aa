import {
  ArgumentError,
  type Connection,
  DataError,
  type ExecutionOptions,
  Node,
  NotSupportedError,
  type Table,
} from "@acme/core/dialect";
import { MySQLConnection } from "./connection.js";
import { DecimalValue } from "./decimal.js";

/** How LOAD DATA goes. */
export interface LoadDataOptions extends Pick<ExecutionOptions, "signal" | "timeout"> {
  /** Keys of the table's columns. Default: those of the first row. */
  readonly columns?: readonly string[] | undefined;
}

interface LoadColumn {
  readonly key: string;
  readonly name: string;
  /** Bytes travel in hexadecimal: the file has a character set, and bytes have none. */
  readonly binary: boolean;
  readonly bind: ((value: unknown) => unknown) | undefined;
}

/** Characters collected before they are sent. */
const CHUNK = 65_536;

/**
 * Stores rows by LOAD DATA LOCAL, the fastest way into a table of MySQL or MariaDB. It has to be switched on by the connect option
 * `localInfile`, and on the server by `local_infile`; the rows are sent by this function, no file is opened.
 *
 * All rows have the keys of the first; values are converted as an INSERT would, client-side defaults are not applied. The servers make
 * warnings of errors in such data and leave out rows whose keys are there: here any warning is an error, and nothing is stored.
 *
 * Rejects with NotSupportedError (`LOCAL_INFILE_OFF`), DataError (`LOAD_WARNINGS`), ArgumentError (`WRONG_ROW`).
 *
 * @returns how many rows were stored
 *
 * @example
 * ```ts
 * const engine = createEngine("mariadb://app@db/shop?localInfile=true");
 * await using conn = await engine.connect();
 * await loadData(conn, users, readRows(file));                      // readRows yields { name: "alice", age: 30 }
 * ```
 * SQL: `LOAD DATA LOCAL INFILE 'rows' INTO TABLE users CHARACTER SET utf8mb4 ... (name, age)`
 */
export async function loadData<I>(
  connection: Connection,
  table: Table<string, unknown, I>,
  rows: Iterable<I> | AsyncIterable<I>,
  options: LoadDataOptions = {},
): Promise<number> {
  const iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  try {
    return await load(connection, table, iterator, options);
  } catch (error) {
    // Not awaited: a source that is busy with its next row would keep the error back.
    Promise.resolve(iterator.return?.()).catch(() => undefined);
    throw error;
  }
}

async function load<I>(
  connection: Connection,
  table: Table<string, unknown, I>,
  iterator: AsyncIterator<I> | Iterator<I>,
  { columns: given, signal, timeout }: LoadDataOptions,
): Promise<number> {
  const first = await iterator.next();
  if (first.done) return 0;
  const columns = (given ?? Object.keys(first.value as object)).map((key) => columnOf(connection, table, key));
  const sql = statement(connection, table, columns);
  const counter = { rows: 0 };
  const work = async (): Promise<number> => {
    const { rowCount } = await connection.withDriver(
      sql,
      (driver) => {
        if (driver instanceof MySQLConnection)
          return driver.loadData(sql, lines(first.value, iterator, columns, counter), { signal, timeout });
        throw new NotSupportedError("LOAD DATA goes through the driver adapter of @acme/dialect-mysql only.", {
          remedy: "Use an engine on mysql2.",
        });
      },
      { signal },
    );
    const warning = (await connection.executeDriverSql("SHOW WARNINGS LIMIT 1").tuples())[0];
    if (warning === undefined && rowCount === counter.rows) return rowCount;
    throw new DataError(
      warning === undefined
        ? `Of ${counter.rows} rows ${rowCount} could be stored.`
        : `The rows cannot be stored as they are: ${String(warning[2])}.`,
      { code: "LOAD_WARNINGS", remedy: "Mend the rows; nothing was stored.", statement: sql },
    );
  };
  // A source that fails ends the data as if they were complete: only a rollback takes back what had come.
  return connection.transaction(work);
}

function columnOf({ dialect }: Connection, table: Table<string, unknown, unknown>, key: string): LoadColumn {
  const columns = table.c as Readonly<Record<string, { readonly name: string; readonly type: LoadType }>>;
  const found = Object.hasOwn(columns, key) ? columns[key] : undefined;
  if (found !== undefined) {
    const { name, type } = found;
    return { key, name, binary: type.name === "largeBinary", bind: dialect.conversions(type).bind };
  }
  throw new ArgumentError(`The table "${table.name}" has no column "${key}".`, {
    code: "NO_SUCH_COLUMN",
    remedy: `It has: ${Object.keys(columns).join(", ")}.`,
  });
}

type LoadType = Parameters<Connection["dialect"]["conversions"]>[0];

function statement(
  { dialect }: Connection,
  { schema, name }: Table<string, unknown, unknown>,
  columns: readonly LoadColumn[],
): string {
  const target = [schema, name].flatMap((part) => (part === undefined ? [] : [dialect.quote(part)])).join(".");
  const places = columns.map((column, i) => (column.binary ? `@bytes_${i}` : dialect.quote(column.name)));
  const sets = columns.flatMap((column, i) =>
    column.binary ? [`${dialect.quote(column.name)} = UNHEX(@bytes_${i})`] : [],
  );
  // The characters as bytes: what a backslash in a literal means depends on the session's sql_mode.
  const format = "FIELDS TERMINATED BY X'09' ESCAPED BY X'5C' LINES TERMINATED BY X'0A'";
  const set = sets.length === 0 ? "" : ` SET ${sets.join(", ")}`;
  return `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${target} CHARACTER SET utf8mb4 ${format} (${places.join(", ")})${set}`;
}

/** Rows with tabs between values and a backslash before what is special, in chunks. */
async function* lines(
  first: unknown,
  rest: AsyncIterator<unknown> | Iterator<unknown>,
  columns: readonly LoadColumn[],
  counter: { rows: number },
): AsyncGenerator<Uint8Array, void> {
  let text = "";
  for (let row = first; ; ) {
    counter.rows += 1;
    text += line(row, columns, counter.rows);
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

function line(row: unknown, columns: readonly LoadColumn[], count: number): string {
  const given = row as Readonly<Record<string, unknown>>;
  const other = Object.keys(given).find(
    (key) => given[key] !== undefined && !columns.some((column) => column.key === key),
  );
  if (other !== undefined) throw wrongRow(count, `has "${other}", which the first row does not have`);
  return `${columns.map((column) => field(given[column.key], column, count)).join("\t")}\n`;
}

const SPECIAL = /[\\\n\r\t\0]/g;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0" };

function field(value: unknown, { key, binary, bind }: LoadColumn, count: number): string {
  if (value === undefined) throw wrongRow(count, `lacks "${key}"`);
  if (value === null) return "\\N";
  if (value instanceof Node) throw wrongRow(count, `has an expression for "${key}", and LOAD DATA takes values only`);
  const driverValue = bind === undefined ? value : bind(value);
  switch (typeof driverValue) {
    case "string":
      return driverValue.replace(SPECIAL, (character) => ESCAPES[character] as string);
    case "number":
    case "bigint":
      return String(driverValue);
    case "boolean":
      return driverValue ? "1" : "0";
    default:
      break;
  }
  if (driverValue === null) return "\\N";
  if (driverValue instanceof DecimalValue) return driverValue.text;
  if (binary && driverValue instanceof Uint8Array) return Buffer.from(driverValue).toString("hex");
  throw wrongRow(count, `has a value for "${key}" that has no form in the data`);
}

function wrongRow(count: number, what: string): ArgumentError {
  return new ArgumentError(`Row ${count} ${what}.`, {
    code: "WRONG_ROW",
    remedy: "All rows have the same keys; write null for a value that is missing.",
  });
}
