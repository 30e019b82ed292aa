import type { DriverResult, ExecuteOptions } from "@acme/core/dialect";
import type { Connection, Request } from "tedious";
import type { Tedious } from "./driver.js";
import { addParameters } from "./parameters.js";
import { type ColumnMetadata, type Read, readersOf, readRow } from "./rows.js";

/** How a request is sent: as a batch of statements, or by sp_executesql, which takes parameters and keeps the plan. */
export type Way = "batch" | "sql";

/** A request that is under way. */
export interface Running {
  readonly request: Request;
  /** Settles when the server has answered to the end; an error in reading a row counts too. */
  readonly done: Promise<number>;
}

/** What is told of each result row and of the columns before it. */
export interface RowListener {
  columns(names: readonly string[]): void;
  row(values: unknown[]): void;
}

/** Sends a request and tells of its rows. */
export function send(
  driver: Tedious,
  connection: Connection,
  sql: string,
  parameters: readonly unknown[],
  way: Way,
  options: ExecuteOptions,
  listener: RowListener,
): Running {
  let failure: unknown;
  let readers: readonly (Read | undefined)[] = [];
  let settle: (error: unknown, rowCount: number) => void;
  const done = new Promise<number>((resolve, reject) => {
    settle = (error, rowCount) => (error === undefined ? resolve(rowCount) : reject(error));
  });
  const abort = (): void => void connection.cancel();
  const request = new driver.Request(sql, (error, rowCount) => {
    options.signal?.removeEventListener("abort", abort);
    settle(failure ?? error ?? undefined, rowCount ?? 0);
  });
  if (options.timeout !== undefined) request.setTimeout(Math.max(1, Math.ceil(options.timeout)));
  request.on("columnMetadata", (columns) => {
    const list = columns as unknown as readonly ColumnMetadata[];
    readers = readersOf(list);
    listener.columns(list.map(({ colName }) => colName));
  });
  request.on("row", (columns: readonly { readonly value: unknown }[]) => {
    if (failure !== undefined) return;
    try {
      listener.row(readRow(columns, readers));
    } catch (error) {
      failure = error;
    }
  });
  options.signal?.addEventListener("abort", abort, { once: true });
  addParameters(driver, request, parameters);
  if (way === "batch") connection.execSqlBatch(request);
  else connection.execSql(request);
  return { request, done };
}

/** Sends a request and gathers its rows; of several results the last one's. */
export async function run(
  driver: Tedious,
  connection: Connection,
  sql: string,
  parameters: readonly unknown[],
  way: Way,
  options: ExecuteOptions,
): Promise<DriverResult> {
  const results: Gathered[] = [];
  const rowCount = await send(driver, connection, sql, parameters, way, options, gathering(results)).done;
  return { columns: [], rows: [], ...results.at(-1), rowCount };
}

/** Sends a request and gathers the rows of each of its results. */
export async function runAll(
  driver: Tedious,
  connection: Connection,
  sql: string,
  parameters: readonly unknown[],
  way: Way,
  options: ExecuteOptions,
): Promise<readonly DriverResult[]> {
  const results: Gathered[] = [];
  await send(driver, connection, sql, parameters, way, options, gathering(results)).done;
  return results.map((result) => ({ ...result, rowCount: result.rows.length }));
}

interface Gathered {
  readonly columns: readonly string[];
  readonly rows: unknown[][];
}

function gathering(results: Gathered[]): RowListener {
  return {
    columns: (names) => void results.push({ columns: names, rows: [] }),
    row: (values) => void results.at(-1)?.rows.push(values),
  };
}
