/** `@acme/dialect-sqlite`: importing it registers the dialect, so that `createEngine("sqlite:///app.db")` finds it. */
import { registerDialect } from "@acme/core/dialect";
import { sqlite } from "./dialect.js";

export { SqliteCompiler } from "./compiler.js";
export { SqliteDdlCompiler } from "./ddl-compiler.js";
export { SqliteDialect, sqlite } from "./dialect.js";
export { betterSqlite3, nodeSqlite } from "./driver.js";
export type { SqliteDriverOptions, TransactionMode } from "./driver-options.js";
export { jsonb, SqliteJsonb } from "./jsonb.js";
export {
  type NumericStorage,
  StoredMoment,
  storedDate,
  storedDateTime,
  storedTime,
  type TextStorage,
} from "./stored-moment.js";

registerDialect("sqlite", sqlite);
