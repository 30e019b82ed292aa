import type { Readable } from "node:stream";
import { DriverMissingError } from "@acme/core/dialect";

/** Called with an error or a reply. The rows of a query, or the header of a statement that has none; several of them for CALL. */
export type Callback = (error: Error | null, rows?: unknown, fields?: unknown) => void;

/** What mysql2 knows of a result column. */
export interface Field {
  readonly name: string;
  /** The protocol's number of the type. */
  readonly columnType: number;
  /** The number of the character set; 63 is binary. */
  readonly characterSet: number;
}

/** What mysql2 makes of an OK packet. */
export interface Header {
  readonly affectedRows: number | string;
  readonly insertId: number | string;
  readonly serverStatus: number;
}

/** A command under way, whose rows come as events. */
export interface Command {
  on(event: "fields", listener: (fields: readonly Field[] | undefined) => void): this;
  on(event: "result", listener: (row: unknown) => void): this;
  on(event: "end", listener: () => void): this;
  on(event: "error", listener: (error: Error) => void): this;
}

/** A statement that the server has prepared. */
export interface PreparedStatement {
  execute(values: readonly unknown[], callback?: Callback): Command;
}

/** The part of mysql2's Connection that the adapter uses. */
export interface NativeConnection {
  readonly threadId: number;
  /** The socket. */
  readonly stream?: {
    readonly bytesRead?: number;
    readonly writableNeedDrain?: boolean;
    destroy(): void;
    setTimeout(milliseconds: number, silent?: () => void): unknown;
  };
  connect(callback: (error: Error | null) => void): void;
  query(options: { readonly sql: string; readonly infileStreamFactory?: () => Readable }, callback?: Callback): Command;
  /** `parameterCount` is there once the callback has been called, unless the statement had been prepared before. */
  prepare(
    sql: string,
    callback: (error: Error | null, statement: PreparedStatement) => void,
  ): { readonly parameterCount: number };
  unprepare(sql: string): unknown;
  ping(callback: (error: Error | null) => void): void;
  pause(): void;
  resume(): void;
  end(callback: () => void): void;
  destroy(): void;
  on(event: "error", listener: (error: Error) => void): unknown;
}

type TypedFactory = ((value: unknown) => unknown) & { readonly unsigned: (value: unknown) => unknown };

/** The part of the mysql2 module that the adapter uses. */
export interface Mysql2 {
  createConnection(config: Readonly<Record<string, unknown>>): NativeConnection;
  /** Since 3.24: says the type of a parameter, which otherwise follows from the JavaScript value. */
  readonly TypedParameter: {
    readonly LONG: TypedFactory;
    readonly LONGLONG: TypedFactory;
    readonly NEWDECIMAL: TypedFactory;
  };
}

let loading: Promise<Mysql2> | undefined;

/**
 * Imports mysql2 when the first connection is opened: somebody who only compiles statements need not install it.
 * Throws DriverMissingError.
 */
export function loadMysql2(importer: () => Promise<unknown> = () => import("mysql2")): Promise<Mysql2> {
  loading ??= load(importer).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(importer: () => Promise<unknown>): Promise<Mysql2> {
  let imported: { readonly default?: unknown };
  try {
    imported = (await importer()) as { readonly default?: unknown };
  } catch (cause) {
    throw new DriverMissingError("The driver mysql2 is not installed.", { remedy: "Run `npm install mysql2`.", cause });
  }
  // The one place where mysql2's own types are left for those above, which say no more than what is used.
  const module = (imported.default ?? imported) as Mysql2;
  if (module.TypedParameter === undefined) {
    throw new DriverMissingError("The installed mysql2 is too old: it cannot say the type of a parameter.", {
      code: "DRIVER_TOO_OLD",
      remedy: "Run `npm install mysql2@latest`; 3.24 or later is needed.",
    });
  }
  return module;
}
