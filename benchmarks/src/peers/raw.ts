/** The reference: the driver itself, as a careful user would write it. Every ratio is to this. */

import type { PeerDefinition } from "./peer.js";

export const peer: PeerDefinition = {
  packages: ["better-sqlite3", "pg"],
  async open(target) {
    if (target.database === "sqlite") return (await import("./raw-sqlite.js")).openRawSqlite(target.file);
    return (await import("./raw-postgresql.js")).openRawPostgresql(target.url, target.poolSize);
  },
};
