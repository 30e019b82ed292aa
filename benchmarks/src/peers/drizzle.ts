/** Drizzle. No identity map, no unit of work: its W7 to W9 are hand-written with the builder and do less than a flush. */

import type { PeerDefinition } from "./peer.js";

export const peer: PeerDefinition = {
  packages: ["drizzle-orm"],
  async open(target) {
    if (target.database === "sqlite") return (await import("./drizzle-sqlite.js")).openDrizzleSqlite(target.file);
    return (await import("./drizzle-postgresql.js")).openDrizzlePostgresql(target.url, target.poolSize);
  },
};
