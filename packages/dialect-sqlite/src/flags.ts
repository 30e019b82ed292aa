import { type DialectFlags, STANDARD_FLAGS } from "@acme/core/dialect";

/** What SQLite 3.45 and later can do. */
export const SQLITE_FLAGS: DialectFlags = {
  ...STANDARD_FLAGS,
  // TRUE and FALSE are other names of 1 and 0.
  booleanKeywords: false,
  insertMany: "multiRow",
  // The manual: the order in which RETURNING gives rows is arbitrary and need not be that of their processing.
  insertReturningOrder: "keys",
  merge: false,
  // The manual: RETURNING of an UPDATE ... FROM knows the columns of the changed table only.
  returningSources: false,
  rowVersions: false,
  maxParameters: 32_766,
  maxIdentifierLength: Number.POSITIVE_INFINITY,
  defaultKeyword: false,
  lateral: false,
  frames: { groups: true, exclude: true, rangeOffset: "numbers" },
  withinGroup: "none",
  parenthesizedQueries: false,
  rowLocks: false,
  betweenSymmetric: false,
  sequences: false,
  arrays: false,
  distinctOn: false,
  fetchTies: false,
  fetchPercent: false,
  setOperationsAll: false,
  dmlInCtes: false,
  searchAndCycle: false,
  groupings: "none",
  columnAliases: false,
  ordinality: false,
  compositeFields: false,
  tableSample: false,
  statementHints: "none",
  // INDEXED BY
  tableHints: "behind",
  nullsSortHigh: false,
  ilike: false,
  distinctFrom: false,
  alterConstraints: false,
  comments: "none",
};
