import { bit } from "./bit.js";
import { bigint, int, mediumint, smallint, tinyint, year } from "./integers.js";
import {
  binary,
  blob,
  char,
  inet4,
  inet6,
  longblob,
  longtext,
  mediumblob,
  mediumtext,
  plainText,
  set,
  tinyblob,
  tinytext,
  varbinary,
  varchar,
} from "./texts.js";

export { BitType } from "./bit.js";
export type { IntegerOptions } from "./integers.js";
export { MySQLType, type NativeDefinition, type Products } from "./mysql-type.js";
export { type CharsetOptions, SetType } from "./texts.js";

/**
 * The types that MySQL and MariaDB alone have, or write in their own way. They stand in one object because their names are
 * short and common.
 *
 * @example
 * ```ts
 * import { mysqlTypes as my } from "@acme/dialect-mysql";
 *
 * new Table("hits", metadata, {
 *   id: my.bigint({ unsigned: true }).primaryKey(),
 *   days: my.set(["sat", "sun"]),
 *   code: my.char(2, { charset: "ascii" }),
 * });
 * ```
 * DDL: `id BIGINT UNSIGNED`, `days SET('sat', 'sun')`, `code CHAR(2) CHARACTER SET ascii`
 */
export const mysqlTypes = {
  tinyint,
  smallint,
  mediumint,
  int,
  bigint,
  year,
  bit,
  set,
  char,
  varchar,
  tinytext,
  text: plainText,
  mediumtext,
  longtext,
  binary,
  varbinary,
  tinyblob,
  blob,
  mediumblob,
  longblob,
  inet4,
  inet6,
} as const;
