import type { ConnectOptions, Driver } from "@acme/core/dialect";
import { classify } from "./classify.js";
import { type Settings, settingsOf } from "./connect-options.js";
import { MySQLConnection } from "./connection.js";
import { loadMysql2 } from "./mysql2.js";
import { Session } from "./session.js";

/**
 * The adapter of the npm package `mysql2`, 3.24 or later, for MySQL and MariaDB.
 *
 * A session is set up with one statement: UTF-8, the time zone UTC, and strict mode unless the server has it. Connect options
 * (the URL's query, or `connection.options`) are mysql2's own `ssl`, `socketPath`, `connectTimeout`, `compress` and their
 * like; `sqlMode`: a list of modes, or false to leave the server's; `cancelTimeout`: milliseconds that the server may take to
 * react to being asked to stop a statement before the connection is cut (default 5000); `socketTimeout`: milliseconds without
 * a byte from the server after which an awaited answer is given up and the connection is lost (it must be longer than the
 * longest statement; default 0: wait for ever).
 */
export const mysql2Driver: Driver = {
  name: "mysql2",
  async connect(options: ConnectOptions): Promise<MySQLConnection> {
    const settings = settingsOf(options);
    const session = await open(settings);
    return new MySQLConnection(session, () => open(settings), settings.cancelTimeout);
  },
  classify,
};

async function open({ config, setup, cancelTimeout, socketTimeout }: Settings): Promise<Session> {
  const mysql2 = await loadMysql2();
  const session = new Session(mysql2.createConnection(config), mysql2, { cancelTimeout, socketTimeout });
  try {
    await session.opened();
    await session.send({ sql: setup, values: undefined }, () => undefined);
  } catch (error) {
    session.destroy();
    throw error;
  }
  return session;
}
