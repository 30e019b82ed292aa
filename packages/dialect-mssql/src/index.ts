/**
 * `@acme/dialect-mssql`: Microsoft SQL Server on the driver tedious. Importing it registers the dialect for engine URLs that begin
 * with `mssql:`.
 */
import { registerDialect } from "@acme/core/dialect";
import { MssqlDialect } from "./dialect.js";

export { MssqlDialect, type MssqlOptions, mssql } from "./dialect.js";
export { freeText } from "./full-text.js";
export * from "./native/index.js";
export { NativeType, nativeType } from "./native-type.js";

registerDialect("mssql", () => new MssqlDialect(), { aliases: ["sqlserver"] });
