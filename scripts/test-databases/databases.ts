/** The databases that tests may ask for, in the order of the final table. */
export const databaseNames = ["sqlite", "postgresql", "mariadb", "mysql", "oracle", "mssql"] as const;

export type DatabaseName = (typeof databaseNames)[number];

/** Where a database came from. */
export type Provenance = "embedded" | "local service" | "URL" | "container";

/** A database that answered a real login, or the reason why there is none. */
export type TestDatabase =
  | { readonly available: true; readonly url: string; readonly version: string; readonly provenance: Provenance }
  | { readonly available: false; readonly reason: string };

export type TestDatabases = Readonly<Record<DatabaseName, TestDatabase>>;

declare module "vitest" {
  interface ProvidedContext {
    /**
     * What global-setup.ts found on this machine: `inject("databases").postgresql` is
     * `{ available: true, url, version, provenance }` or `{ available: false, reason }`.
     */
    databases: TestDatabases;
  }
}
