/**
 * `@acme/dialect-oracle`: Oracle Database on the driver oracledb. Importing it registers the dialect for engine URLs that begin with
 * `oracle:`.
 */
import { registerDialect } from "@acme/core/dialect";
import { OracleDialect } from "./dialect.js";

export { OracleDialect, type OracleOptions, oracle } from "./dialect.js";
export { NativeType, nativeType } from "./native-type.js";

registerDialect("oracle", () => new OracleDialect());
