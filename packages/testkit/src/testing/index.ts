/**
 * The testkit's private tools: servers that speak the wire protocols of databases that do not run on every machine. Tests of
 * this repository import them as `@acme/testkit/testing`; they are in no published package.
 */
export { type OracleAnswer, OracleServer } from "./oracle/server.js";
export { type TdsRequest, TdsServer } from "./tds/server.js";
export type { ServerResult as TdsResult } from "./tds/tokens.js";
