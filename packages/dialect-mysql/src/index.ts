/**
 * `@acme/dialect-mysql`: MySQL and MariaDB for `@acme/core`. Importing it makes the URLs `mysql://` and `mariadb://` known.
 */
import { registerDialect } from "@acme/core/dialect";
import { MySQLDialect } from "./dialect.js";

registerDialect("mysql", () => new MySQLDialect("mysql"));
registerDialect("mariadb", () => new MySQLDialect("mariadb"));

export { DecimalValue } from "./decimal.js";
export { MySQLDialect, type MySQLOptions, mariadb, mysql } from "./dialect.js";
export { mysql2Driver } from "./driver.js";
export type { Traits } from "./flags.js";
export { type LoadDataOptions, loadData } from "./load-data.js";
export {
  BitType,
  type CharsetOptions,
  type IntegerOptions,
  MySQLType,
  mysqlTypes,
  type NativeDefinition,
  type Products,
  SetType,
} from "./native/index.js";
export type { Flavour, Version } from "./version.js";
