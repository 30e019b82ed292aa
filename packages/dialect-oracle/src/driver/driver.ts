import {
  type ConnectOptions,
  type Driver,
  type DriverConnection,
  DriverMissingError,
  type ErrorClassification,
} from "@acme/core/dialect";
import type oracledb from "oracledb";
import { classify } from "./classify.js";
import { OracleConnection } from "./connection.js";

/** The driver's module. */
export type Oracledb = typeof oracledb;

const DEFAULT_PORT = 1521;

/**
 * Every conversion between text and value that a session does by itself follows one form, whatever the server's settings;
 * CURRENT_TIMESTAMP is in UTC.
 */
export const SESSION_SETTINGS: string =
  "ALTER SESSION SET TIME_ZONE = '+00:00' NLS_DATE_FORMAT = 'YYYY-MM-DD HH24:MI:SS' " +
  "NLS_TIMESTAMP_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF6' NLS_TIMESTAMP_TZ_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF6 TZH:TZM' " +
  "NLS_NUMERIC_CHARACTERS = '.,'";

/**
 * The adapter of the npm package `oracledb`, in its thin mode unless the program has called `initOracleClient()`.
 *
 * Options beyond host, port, user, password and database (the service name) go to the driver as they are; `sid` names an
 * instance instead of a service, `connectString` replaces host, port and service.
 */
export class OracleDriver implements Driver {
  readonly name = "oracledb";

  async connect(options: ConnectOptions): Promise<DriverConnection> {
    const driver = await load();
    const { sid, connectString, ...rest } = options.options ?? {};
    const connection = await driver.getConnection({
      ...rest,
      ...(options.username === undefined ? {} : { user: options.username }),
      ...(options.password === undefined ? {} : { password: options.password }),
      connectString: typeof connectString === "string" ? connectString : describe(options, sid),
    });
    try {
      await connection.execute(SESSION_SETTINGS);
    } catch (error) {
      await connection.close().catch(() => undefined);
      throw error;
    }
    return new OracleConnection(driver, connection);
  }

  classify(error: unknown): ErrorClassification {
    return classify(error);
  }
}

async function load(): Promise<Oracledb> {
  try {
    return (await import("oracledb")).default;
  } catch (cause) {
    throw new DriverMissingError('The npm package "oracledb" is not installed.', {
      remedy: "Run `npm install oracledb`.",
      cause,
    });
  }
}

/** `host:port/service`; the database alone where no host is given: an alias of tnsnames.ora. */
function describe({ host, port, database }: ConnectOptions, sid: unknown): string {
  if (typeof sid === "string") {
    const address = `(ADDRESS=(PROTOCOL=TCP)(HOST=${host ?? "localhost"})(PORT=${port ?? DEFAULT_PORT}))`;
    return `(DESCRIPTION=${address}(CONNECT_DATA=(SID=${sid})))`;
  }
  if (host === undefined && port === undefined && database !== undefined) return database;
  return `${host ?? "localhost"}:${port ?? DEFAULT_PORT}${database === undefined ? "" : `/${database}`}`;
}
