import type { DriverResult } from "@acme/core/dialect";
import type { SqliteStatement } from "./native.js";

export type Row = readonly unknown[];

/** The answer to a query. The names of the columns cost more than reading a row, so they wait to be asked for. */
export class Rows implements DriverResult {
  readonly rows: readonly Row[];
  readonly rowCount: number;
  private readonly statement: SqliteStatement;

  constructor(statement: SqliteStatement, rows: readonly Row[]) {
    this.statement = statement;
    this.rows = rows;
    this.rowCount = rows.length;
  }

  get columns(): readonly string[] {
    return this.statement.columns().map((column) => column.name);
  }
}

/** A prepared statement, and how it reads integers at the moment. */
export class Prepared {
  readonly statement: SqliteStatement;
  readonly reader: boolean;
  private exact = false;

  constructor(statement: SqliteStatement) {
    this.statement = statement;
    this.reader = statement.reader;
    if (this.reader) statement.raw(true);
  }

  /** The rows of one execution, every integer exact when asked for. */
  all(parameters: Row, exact: boolean): Row[] {
    this.read(exact);
    const rows = this.statement.all(parameters) as Row[];
    if (exact) for (const row of rows) narrow(row as unknown[]);
    return rows;
  }

  /** Sets how integers are read. */
  read(exact: boolean): void {
    if (this.exact === exact) return;
    this.statement.safeIntegers(exact);
    this.exact = exact;
  }
}

/** Integers that a `number` holds exactly become numbers; the others stay `bigint`. */
export function narrow(row: unknown[]): void {
  for (let i = 0; i < row.length; i++) {
    const value = row[i];
    if (typeof value !== "bigint") continue;
    const number = Number(value);
    if (Number.isSafeInteger(number)) row[i] = number;
  }
}
