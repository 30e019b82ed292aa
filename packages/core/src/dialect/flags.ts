/**
 * What a database can do, as data. The big base compiler reads these, so that a dialect is mostly a table of flags; where a
 * flag says no, compiling refuses with a CompileError that names the construct and the dialect.
 */
export interface DialectFlags {
  /** TRUE and FALSE are keywords and predicates are values (`SELECT a > b`). */
  readonly booleanKeywords: boolean;
  /** A predicate can stand where a value is expected, and a boolean value where a predicate is. */
  readonly booleanExpressions: boolean;
  /** `RETURNING` on each statement: true, or false where it is refused. */
  readonly insertReturning: boolean;
  readonly updateReturning: boolean;
  readonly deleteReturning: boolean;
  /** The generated key of a single inserted row is fetched by an added RETURNING instead of the driver's last id. */
  readonly implicitReturning: boolean;
  /** How many rows one INSERT takes: several `VALUES (..), (..)`, or one row executed many times. */
  readonly insertMany: "multiRow" | "executeMany";
  /**
   * In which order the rows of `INSERT ... VALUES (..), (..) RETURNING` come back. Results are in the order of the input always:
   *
   * - `"input"`: in that of VALUES.
   * - `"keys"`: in one that nobody promises, but generated keys grow from row to row, so that rows are sorted by them.
   * - `"arbitrary"`: nothing is promised; right for a database of which nothing is known.
   *
   * Where the order is not the input's, rows whose key is given are matched by it; all others are executed row by row.
   */
  readonly insertReturningOrder: "input" | "keys" | "arbitrary";
  /** How an INSERT deals with rows that are there already; dialects of another way override `conflictText`. */
  readonly upsert: "onConflict" | "onDuplicateKey" | "merge" | "none";
  /** Whether an INSERT can have several ON CONFLICT clauses, for several targets. */
  readonly conflictClauses: "one" | "several";
  readonly merge: boolean;
  /** `RETURNING` or `OUTPUT` on MERGE. */
  readonly mergeReturning: boolean;
  /** `WHEN NOT MATCHED BY SOURCE` in MERGE. */
  readonly mergeBySource: boolean;
  /** `THEN DO NOTHING` in MERGE. */
  readonly mergeDoNothing: boolean;
  /** Columns of the other tables of an UPDATE or DELETE in its RETURNING. */
  readonly returningSources: boolean;
  /** `old.a` and `new.a` in RETURNING. */
  readonly rowVersions: boolean;
  /** The most rows in the VALUES of one INSERT. */
  readonly maxInsertRows: number;
  /** The most parameters of one statement. */
  readonly maxParameters: number;
  /** The most elements of a list on the right of IN; longer ones are written as several lists. */
  readonly maxListLength: number;
  /** The longest identifier, in characters. */
  readonly maxIdentifierLength: number;
  /** `INSERT INTO t DEFAULT VALUES`; else the dialect's compiler says it otherwise. */
  readonly defaultValues: boolean;
  /** The keyword DEFAULT can stand in VALUES. */
  readonly defaultKeyword: boolean;
  readonly fullJoin: boolean;
  readonly lateral: boolean;
  readonly intersect: boolean;
  readonly except: boolean;
  /** `NULLS FIRST` and `NULLS LAST`; else a CASE stands in front. */
  readonly nullsOrdering: boolean;
  /** `FILTER (WHERE ...)` on aggregates; else a CASE stands inside. */
  readonly aggregateFilter: boolean;
  readonly windowFunctions: boolean;
  /** `WINDOW name AS (...)`; else named windows are written out in each OVER. */
  readonly windowClause: boolean;
  /** What window frames can do: GROUPS, EXCLUDE, and distances in RANGE (none, of numbers, or of numbers and times). */
  readonly frames: {
    readonly groups: boolean;
    readonly exclude: boolean;
    readonly rangeOffset: "none" | "numbers" | "any";
  };
  /** ORDER BY inside aggregates. */
  readonly aggregateOrder: boolean;
  /** `WITHIN GROUP (ORDER BY ...)`: on aggregates, on window functions only, or not at all. */
  readonly withinGroup: "aggregate" | "window" | "none";
  /** Members of a set operation can be put in parentheses; else they are wrapped in `SELECT * FROM (...)`. */
  readonly parenthesizedQueries: boolean;
  /** `WITH RECURSIVE`; some write `WITH` for both. */
  readonly recursiveKeyword: boolean;
  /** WITH stands behind `INSERT INTO t` instead of in front. */
  readonly cteAfterInsert: boolean;
  /** `FOR UPDATE`, `FOR SHARE`. */
  readonly rowLocks: boolean;
  /** `FOR NO KEY UPDATE`, `FOR KEY SHARE`. */
  readonly keyLocks: boolean;
  /** `FOR UPDATE OF t` */
  readonly lockOf: boolean;
  /** `DISTINCT ON (a)`; else rows are numbered in a subquery. */
  readonly distinctOn: boolean;
  /** `FETCH FIRST n ROWS WITH TIES`; else rows are ranked in a subquery. */
  readonly fetchTies: boolean;
  /** `FETCH FIRST n PERCENT ROWS`; else rows are counted in a subquery. */
  readonly fetchPercent: boolean;
  /** `INTERSECT ALL`, `EXCEPT ALL`; else equal rows are numbered in subqueries. */
  readonly setOperationsAll: boolean;
  /** `WITH` in front of a subquery. */
  readonly nestedCtes: boolean;
  /** INSERT, UPDATE and DELETE in WITH. */
  readonly dmlInCtes: boolean;
  /** `AS MATERIALIZED (...)`, `AS NOT MATERIALIZED (...)`. */
  readonly materializedCtes: boolean;
  /** `SEARCH` and `CYCLE` behind a recursive CTE; CYCLE names a path column where `cyclePath` says so. */
  readonly searchAndCycle: boolean;
  readonly cyclePath: boolean;
  /** `ROLLUP`, `CUBE` and `GROUPING SETS`; only `GROUP BY a WITH ROLLUP`; or none of them. */
  readonly groupings: "all" | "withRollup" | "none";
  /** Functions in FROM. */
  readonly tableFunctions: boolean;
  /** Names of columns behind the alias of a function in FROM: `AS t (a, b)`. */
  readonly columnAliases: boolean;
  readonly ordinality: boolean;
  /** `(f(x)).a` */
  readonly compositeFields: boolean;
  readonly tableSample: boolean;
  /** Where hints on the statement stand: in a comment behind SELECT, in OPTION at the end, or nowhere. */
  readonly statementHints: "comment" | "option" | "none";
  /** Where hints on a table stand: behind it, in the comment behind SELECT, or nowhere. */
  readonly tableHints: "behind" | "comment" | "none";
  /** NULLs sort behind all values where nothing is said of them; else in front of them. */
  readonly nullsSortHigh: boolean;
  /** `(a, b) IN ((1, 2), (3, 4))` */
  readonly tupleComparison: boolean;
  /** `ILIKE`; else both sides are lowered. */
  readonly ilike: boolean;
  /** `IS [NOT] DISTINCT FROM` as text; else the dialect's compiler says it otherwise. */
  readonly distinctFrom: boolean;
  /** Regular expressions. */
  readonly regexp: boolean;
  /** `BETWEEN SYMMETRIC`; else both orders are written. */
  readonly betweenSymmetric: boolean;
  /** Sequences: `NEXT VALUE FOR s`. */
  readonly sequences: boolean;
  /** Array values: `a[1]`, `ARRAY[...]`. */
  readonly arrays: boolean;
  /** Tables can be qualified by a schema. */
  readonly schemas: boolean;
  /** `ALTER TABLE ... ADD CONSTRAINT` and `DROP CONSTRAINT`; else circles of foreign keys are written inline. */
  readonly alterConstraints: boolean;
  /** Comments on tables and columns: inside CREATE TABLE, as statements of their own, or not kept at all. */
  readonly comments: "inline" | "statement" | "none";
}

/** The flags of the default dialect: standard SQL, everything there. Dialects start from these. */
export const STANDARD_FLAGS: DialectFlags = {
  booleanKeywords: true,
  booleanExpressions: true,
  insertReturning: true,
  updateReturning: true,
  deleteReturning: true,
  implicitReturning: false,
  insertMany: "multiRow",
  insertReturningOrder: "arbitrary",
  upsert: "onConflict",
  conflictClauses: "several",
  merge: true,
  mergeReturning: true,
  mergeBySource: true,
  mergeDoNothing: true,
  returningSources: true,
  rowVersions: true,
  maxInsertRows: Number.MAX_SAFE_INTEGER,
  maxParameters: 32_000,
  maxListLength: Number.POSITIVE_INFINITY,
  maxIdentifierLength: 128,
  defaultValues: true,
  defaultKeyword: true,
  fullJoin: true,
  lateral: true,
  intersect: true,
  except: true,
  nullsOrdering: true,
  aggregateFilter: true,
  windowFunctions: true,
  windowClause: true,
  frames: { groups: true, exclude: true, rangeOffset: "any" },
  aggregateOrder: true,
  withinGroup: "aggregate",
  parenthesizedQueries: true,
  recursiveKeyword: true,
  cteAfterInsert: false,
  rowLocks: true,
  keyLocks: true,
  lockOf: true,
  distinctOn: true,
  fetchTies: true,
  fetchPercent: true,
  setOperationsAll: true,
  nestedCtes: true,
  dmlInCtes: true,
  materializedCtes: true,
  searchAndCycle: true,
  cyclePath: true,
  groupings: "all",
  tableFunctions: true,
  columnAliases: true,
  ordinality: true,
  compositeFields: true,
  tableSample: true,
  statementHints: "comment",
  tableHints: "behind",
  nullsSortHigh: true,
  tupleComparison: true,
  ilike: true,
  distinctFrom: true,
  regexp: true,
  betweenSymmetric: true,
  sequences: true,
  arrays: true,
  schemas: true,
  alterConstraints: true,
  comments: "statement",
};
