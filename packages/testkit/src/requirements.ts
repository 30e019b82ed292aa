/**
 * What a database may have or not have, by name. Every requirement is on unless a dialect opts out of it, with its reason;
 * where the dialect must then refuse the construct, the suite checks that it does.
 */
export const REQUIREMENTS = {
  fullJoin: "FULL OUTER JOIN",
  intersect: "INTERSECT",
  except: "EXCEPT",
  recursiveCte: "recursive common table expressions",
  windowFunctions: "window functions",
  windowFrames: "window frames of GROUPS and with EXCLUDE",
  orderedSets: "ordered-set aggregates (WITHIN GROUP)",
  bitShifts: "bit shifts",
  regexp: "regular expressions",
  regexpReplace: "replacement by regular expressions",
  quantified: "ANY and ALL over queries",
  lateral: "LATERAL subqueries",
  rowLocks: "SELECT ... FOR UPDATE",
  sharedLocks: "SELECT ... FOR SHARE",
  keyLocks: "SELECT ... FOR NO KEY UPDATE",
  lockOf: "SELECT ... FOR UPDATE OF",
  nestedCtes: "WITH inside a query",
  dmlInCtes: "INSERT, UPDATE and DELETE in WITH",
  materializedCtes: "MATERIALIZED common table expressions",
  searchAndCycle: "SEARCH and CYCLE on common table expressions",
  rollup: "GROUP BY ROLLUP",
  cube: "GROUP BY CUBE and GROUPING SETS",
  tupleComparison: "comparison of row values",
  readOnlyTransactions: "read-only transactions",
  deferrableTransactions: "deferrable transactions",
  sessions: "several sessions at once",
  twoSchemas: "schemas that CREATE SCHEMA makes",
  insertReturning: "INSERT ... RETURNING",
  updateReturning: "UPDATE ... RETURNING",
  deleteReturning: "DELETE ... RETURNING",
  upsertReturning: "upsert() with RETURNING",
  savepoints: "SAVEPOINT",
  foreignKeys: "foreign keys that are enforced",
  checkConstraints: "CHECK constraints that are enforced",
  exactNumerics: "decimals of more than 15 digits",
  stringLength: "string lengths that are enforced",
  integerRange: "32-bit integers that are enforced",
  emptyStringIsNotNull: "an empty string that is not NULL",
  quotesInNames: "double quotes inside names",
  arrays: "arrays",
  quotedJsonKeys: "quotes and backslashes in the keys of JSON paths",
  jsonAggOrder: "an order inside of JSON aggregates",
  yearOne: "dates from year 1 on",
} as const;

/** The name of a requirement. */
export type Requirement = keyof typeof REQUIREMENTS;

/** The requirements that a dialect does not meet, each with its reason. */
export type OptOuts = Readonly<Partial<Record<Requirement, string>>>;
