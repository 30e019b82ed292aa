import type { ConnectOptions, Driver } from "@acme/core/dialect";
import { classify } from "./classify.js";
import { type Settings, settingsOf } from "./connect-options.js";
import { MySQLConnection } from "./connection.js";
import { loadMysql2, type NativeConnection } from "./mysql2.js";
import { Session } from "./session.js";

/**
 * The adapter of the npm package `mysql2`, 3.24 or later, for MySQL and MariaDB.
 *
 * A session is set up with one statement: UTF-8, the time zone UTC, and strict mode unless the server has it. Connect options
 * (the URL's query, or `connection.options`) are mysql2's own `ssl`, `socketPath`, `connectTimeout`, `compress` and their
 * like; `sqlMode`: a list of modes, or false to leave the server's; `cancelTimeout`: milliseconds that the server may take to
 * react to being asked to stop a statement before the connection is cut (default 5000); `socketTimeout`: milliseconds without
 * a byte from the server after which an awaited answer is given up and the connection is lost (it must be longer than the
 * longest statement; default 0: wait for ever); `localInfile`: whether {@link loadData} may be used (default false).
 *
 * `connect` makes a connection of mysql2 from the configuration that it is given, which it must keep: how values are read is part
 * of it.
 *
 * @example
 * ```ts
 * createEngine("mariadb://app:secret@db/shop?ssl=true");
 * createEngine("mysql://app@db/shop", { connection: { connect: (config) => mysql2.createConnection({ ...config, stream: tunnel }) } });
 * ```
 */
export const mysql2Driver: Driver = {
  name: "mysql2",
  async connect(options: ConnectOptions): Promise<MySQLConnection> {
    const settings = settingsOf(options);
    const session = await open(settings, options.connect);
    return new MySQLConnection(session, () => open(settings, options.connect), settings);
  },
  classify,
};

async function open(
  { config, setup, cancelTimeout, socketTimeout }: Settings,
  connect: ConnectOptions["connect"],
): Promise<Session> {
  const mysql2 = await loadMysql2();
  const native = connect === undefined ? mysql2.createConnection(config) : await connect(config);
  const session = new Session(native as NativeConnection, mysql2, { cancelTimeout, socketTimeout });
  try {
    await session.opened();
    await session.send({ sql: setup, values: undefined }, () => undefined);
  } catch (error) {
    session.destroy();
    throw error;
  }
  return session;
}
