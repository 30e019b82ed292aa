/** The reference: the driver itself, as a careful user would write it. Every ratio is to this. */

import type { PeerDefinition } from "./peer.js";

export const peer: PeerDefinition = {
  packages: ["better-sqlite3", "pg", "mysql2"],
  databases: ["sqlite", "postgresql", "mariadb"],
  async open(target) {
    if (target.database === "sqlite") return (await import("./raw-sqlite.js")).openRawSqlite(target.file);
    if (target.database === "mariadb")
      return (await import("./raw-mariadb.js")).openRawMariadb(target.url, target.poolSize);
    return (await import("./raw-postgresql.js")).openRawPostgresql(target.url, target.poolSize);
  },
};
