import {
  type ConnectOptions,
  type Driver,
  type DriverConnection,
  DriverMissingError,
  type ErrorClassification,
} from "@acme/core/dialect";
import type oracledb from "oracledb";
import type { Connection } from "oracledb";
import { classify } from "./classify.js";
import { configurationOf } from "./connect-options.js";
import { OracleConnection } from "./connection.js";

/** The driver's module. */
export type Oracledb = typeof oracledb;

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
 * - `oracle://scott:tiger@db:1521/sales` connects to a service, `oracle://scott:tiger@db?sid=ORCL` to an instance.
 * - `oracle://scott:tiger@/sales` is an alias of tnsnames.ora, which is looked for in `configDir`.
 * - `{ connectString }` takes any other form: a long Easy Connect string, a description.
 * - `?protocol=tcps` speaks TLS; `walletLocation`, `walletPassword`, `sslServerDNMatch` and `sslServerCertDN` say how, as those of an
 *   Autonomous Database.
 *
 * Other options are oracledb's own: `stmtCacheSize` (30 statements are kept on each connection by default), `connectTimeout`,
 * `retryCount`, `expireTime`, `sdu`, `edition`, `privilege` ... An option that is unknown is refused.
 *
 * `connect` makes the driver's connection itself from the configuration that it is given: to take it from a pool of oracledb's own
 * (DRCP), or through a tunnel.
 *
 * @example
 * ```ts
 * createEngine("oracle://app@db/sales?stmtCacheSize=100", { connection: { password: secret } });
 * createEngine("oracle://app@db/sales", { connection: { connect: () => oraclePool.getConnection() } });
 * ```
 */
export class OracleDriver implements Driver {
  readonly name = "oracledb";

  async connect(options: ConnectOptions): Promise<DriverConnection> {
    const driver = await load();
    const configuration = configurationOf(options);
    const connection =
      options.connect === undefined
        ? await driver.getConnection(configuration)
        : ((await options.connect(configuration)) as Connection);
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
