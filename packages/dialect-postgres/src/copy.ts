import {
  ArgumentError,
  BindParameter,
  type Connection,
  type Executable,
  Node,
  NotSupportedError,
  replace,
  Table,
  TextFragment,
} from "@acme/core/dialect";
import { type CopyColumn, copyLines } from "./copy-text.js";
import { PostgresConnection } from "./driver/connection.js";

/** A table, whatever its columns. */
type AnyTable<I> = Table<string, unknown, I>;
type Pieces<T> = Iterable<T> | AsyncIterable<T>;

/** How COPY goes. */
export interface CopyOptions {
  /** Keys of the table's columns, in the order in which the data have them. Default: all, or those of the first row. */
  readonly columns?: readonly string[] | undefined;
  /** Ends it with a CancelledError; nothing is stored then. */
  readonly signal?: AbortSignal | undefined;
}

/** The form of the data; see PostgreSQL's documentation of COPY. */
export interface CopyFormat {
  /** Default `"text"`: tabs between values, `\\N` for NULL. */
  readonly format?: "text" | "csv" | "binary" | undefined;
  /** Whether a line with the names of the columns comes first; not in the binary format. */
  readonly header?: boolean | undefined;
  /** The character between values; not in the binary format. */
  readonly delimiter?: string | undefined;
  /** What stands for NULL; not in the binary format. */
  readonly null?: string | undefined;
}

/**
 * Stores rows by `COPY FROM STDIN`, the fastest way into a table: nothing is parsed, and nothing but what is on its way is held in
 * memory. All rows have the keys of the first; values are converted as an INSERT would, client-side defaults are not applied,
 * and generated keys are not told. All or nothing: an error, also one of the source, stores no row.
 *
 * @returns how many rows were stored
 *
 * @example
 * ```ts
 * const stored = await copyFrom(conn, users, readRows(file));       // readRows yields { name: "alice", age: 30 }
 * ```
 * SQL: `COPY users (name, age) FROM STDIN`
 */
export async function copyFrom<I>(
  connection: Connection,
  table: AnyTable<I>,
  rows: Pieces<I>,
  options: CopyOptions = {},
): Promise<number> {
  const iterator = startOf(rows);
  try {
    return await copyRows(connection, table, iterator, options);
  } catch (error) {
    // Not awaited: a source that is busy with its next row would keep the error back.
    Promise.resolve(iterator.return?.()).catch(() => undefined);
    throw error;
  }
}

async function copyRows<I>(
  connection: Connection,
  table: AnyTable<I>,
  iterator: AsyncIterator<I> | Iterator<I>,
  options: CopyOptions,
): Promise<number> {
  const first = await iterator.next();
  if (first.done) return 0;
  const keys = options.columns ?? Object.keys(first.value as object);
  const columns = keys.map((key): CopyColumn => {
    const { type, name } = columnOf(table, key);
    return { key, name, bind: connection.dialect.conversions(type).bind };
  });
  const text = `COPY ${target(connection, table, keys)} FROM STDIN`;
  return send(connection, text, copyLines(first.value, iterator, columns), options);
}

/**
 * Stores data that are in one of COPY's formats already: a file, the output of another COPY.
 *
 * @returns how many rows were stored
 *
 * @example
 * ```ts
 * await copyFromBytes(conn, users, createReadStream("users.csv"), { format: "csv", header: true });
 * ```
 * SQL: `COPY users FROM STDIN WITH (FORMAT csv, HEADER true)`
 */
export async function copyFromBytes(
  connection: Connection,
  table: AnyTable<unknown>,
  data: Pieces<Uint8Array | string>,
  options: CopyOptions & CopyFormat = {},
): Promise<number> {
  const text = `COPY ${target(connection, table, options.columns)} FROM STDIN${withClause(connection, options)}`;
  return send(connection, text, bytesOf(data), options);
}

/**
 * Reads a table, or what a query gives, as bytes in one of COPY's formats. Leaving the loop early cancels the COPY. For rows
 * there is `conn.stream()`.
 *
 * Values in a query become part of the text, for COPY takes no parameters.
 *
 * @example
 * ```ts
 * await pipeline(copyToBytes(conn, select(users.c.name).where(users.c.age.gt(30)), { format: "csv" }), createWriteStream("users.csv"));
 * ```
 * SQL: `COPY (SELECT users.name FROM users WHERE users.age > 30) TO STDOUT WITH (FORMAT csv)`
 */
export async function* copyToBytes(
  connection: Connection,
  source: AnyTable<unknown> | Executable<unknown, readonly unknown[]>,
  options: CopyOptions & CopyFormat = {},
): AsyncGenerator<Uint8Array, void> {
  const from =
    source instanceof Table ? target(connection, source, options.columns) : `(${literalQuery(connection, source)})`;
  const text = `COPY ${from} TO STDOUT${withClause(connection, options)}`;
  const stream = connection.stream(new TextFragment<unknown, { copy: Uint8Array }>([text], []), undefined, {
    signal: options.signal,
  });
  for await (const rows of stream.partitions(BATCH)) yield Buffer.concat(rows.map((row) => row.copy));
}

const BATCH = 500;

function send(
  connection: Connection,
  text: string,
  data: AsyncIterable<Uint8Array>,
  { signal }: CopyOptions,
): Promise<number> {
  return connection.withDriver(
    text,
    (driver) => {
      if (driver instanceof PostgresConnection) return driver.copyIn(text, data, { signal });
      throw new NotSupportedError("COPY goes through the driver adapters of @acme/dialect-postgres only.", {
        remedy: "Use an engine on pg or PGlite.",
      });
    },
    { signal },
  );
}

function target({ dialect }: Connection, table: AnyTable<unknown>, keys: readonly string[] | undefined): string {
  const name = [table.schema, table.name]
    .flatMap((part) => (part === undefined ? [] : [dialect.quote(part)]))
    .join(".");
  if (keys === undefined) return name;
  return `${name} (${keys.map((key) => dialect.quote(columnOf(table, key).name)).join(", ")})`;
}

function columnOf(
  table: AnyTable<unknown>,
  key: string,
): { readonly name: string; readonly type: BindParameter["type"] } {
  const columns = table.c as Readonly<Record<string, { readonly name: string; readonly type: BindParameter["type"] }>>;
  const found = Object.hasOwn(columns, key) ? columns[key] : undefined;
  if (found !== undefined) return found;
  throw new ArgumentError(`The table "${table.name}" has no column "${key}".`, {
    code: "NO_SUCH_COLUMN",
    remedy: `It has: ${Object.keys(columns).join(", ")}.`,
  });
}

function withClause({ dialect }: Connection, options: CopyFormat): string {
  const parts = [
    options.format === undefined ? undefined : `FORMAT ${formatOf(options.format)}`,
    options.header === undefined ? undefined : `HEADER ${options.header ? "true" : "false"}`,
    options.delimiter === undefined ? undefined : `DELIMITER ${dialect.quoteString(options.delimiter)}`,
    options.null === undefined ? undefined : `NULL ${dialect.quoteString(options.null)}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : ` WITH (${parts.join(", ")})`;
}

function formatOf(format: string): string {
  if (/^(text|csv|binary)$/.test(format)) return format;
  throw new ArgumentError(`COPY has no format "${format}".`, {
    code: "BAD_FORMAT",
    remedy: "It has: text, csv, binary.",
  });
}

/** A query with its values written as literals, escaped by their types. */
function literalQuery({ dialect }: Connection, query: Executable<unknown, readonly unknown[]>): string {
  if (!(query instanceof Node)) {
    throw new ArgumentError("COPY reads a table or a query.", { code: "NOT_A_STATEMENT" });
  }
  const inlined = replace(query as Node, (node) =>
    node instanceof BindParameter && !node.required ? node.inlined() : undefined,
  );
  const compiled = dialect.compile(inlined);
  if (compiled.slots.length === 0) return compiled.render(inlined).sql;
  throw new ArgumentError("The query has parameters, which COPY does not take.", {
    code: "COPY_PARAMETERS",
    remedy: "Give their values with bindparams() or as literals.",
  });
}

function startOf<T>(pieces: Pieces<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
}

async function* bytesOf(data: Pieces<Uint8Array | string>): AsyncGenerator<Uint8Array, void> {
  for await (const piece of data) yield typeof piece === "string" ? Buffer.from(piece) : piece;
}
