import type { ServerVersion } from "@acme/core/dialect";

/** The two products that this package speaks to. */
export type Flavour = "mysql" | "mariadb";

/** A version as numbers: `[8, 0, 36]`. */
export type Version = readonly number[];

/** The numbers of a version text: `"8.0.36-log"` is `[8, 0, 36]`; empty for a text that begins with none. */
export function parseVersion(text: string): Version {
  const match = /^\d+(?:\.\d+)*/.exec(text.trim());
  return match === null ? [] : match[0].split(".").map(Number);
}

/** Whether a version is the wanted one or a later one. Numbers that are left out count as 0. */
export function atLeast(version: Version, ...wanted: number[]): boolean {
  for (let i = 0; i < wanted.length; i++) {
    const difference = (version[i] ?? 0) - (wanted[i] as number);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/**
 * Product and version from what `SELECT version()` says: `10.11.19-MariaDB-0+deb12u1`, `8.0.36`. MariaDB behind an old
 * replication set-up puts `5.5.5-` in front, so that clients which know only MySQL take it for a later version than it had.
 */
export function readServerVersion(text: string): ServerVersion {
  const isMariaDB = /mariadb/i.test(text);
  const version = parseVersion(isMariaDB ? text.replace(/^5\.5\.5-/, "") : text);
  return { product: isMariaDB ? "MariaDB" : "MySQL", version };
}
