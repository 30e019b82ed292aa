import { type DialectFlags, STANDARD_FLAGS } from "@acme/core/dialect";
import { atLeast, type Flavour, type Version } from "./version.js";

/** What the two products and their versions do differently and core has no flag for. */
export interface Traits {
  readonly flavour: Flavour;
  readonly version: Version;
  /** `UUID` is a type. */
  readonly uuidType: boolean;
  /** `JSON` is a type of its own, which CAST knows; on MariaDB it is another name for LONGTEXT. */
  readonly jsonType: boolean;
  /** `FOR UPDATE SKIP LOCKED`: MySQL 8.0.1, MariaDB 10.6. */
  readonly skipLocked: boolean;
  /** `VALUES ROW(..)`, whose columns an alias can name; else `VALUES (..)`, whose columns it cannot. */
  readonly rowValues: boolean;
  /** `FOR SHARE`; else `LOCK IN SHARE MODE`. */
  readonly forShare: boolean;
  /** WITH can stand in front of UPDATE and DELETE; else it stands in the subquery that uses it. */
  readonly withBeforeDml: boolean;
  /** UPDATE and DELETE can read the table that they change in a subquery. */
  readonly readsChangedTable: boolean;
  /** Regular expressions are Perl's (PCRE), with flags in the pattern; else ICU's, with flags in an argument. */
  readonly pcre: boolean;
  /** The proposed row of an INSERT has a name, `AS excluded`: MySQL 8.0.19; else its columns are `VALUES(a)`. */
  readonly rowAlias: boolean;
  /** `IF [NOT] EXISTS` on indexes and constraints. */
  readonly ifExistsClauses: boolean;
}

/** The flags of a product and version. What each line says is from the manual of the vendor; tests hold it against a real MariaDB. */
export function flagsOf(flavour: Flavour, version: Version): DialectFlags {
  const maria = flavour === "mariadb";
  return {
    ...STANDARD_FLAGS,
    // INSERT ... RETURNING: MariaDB 10.5; DELETE ... RETURNING: MariaDB 10.0; UPDATE ... RETURNING: MariaDB 13.0; never on MySQL.
    insertReturning: maria && atLeast(version, 10, 5),
    updateReturning: maria && atLeast(version, 13, 0),
    deleteReturning: maria,
    // The OK packet of an INSERT holds the generated key already: RETURNING would make the server send a result set for it.
    implicitReturning: false,
    // MariaDB's manual says nothing. The server inserts VALUES from first to last and sends each row as it is inserted; the
    // conformance suite checks it.
    insertReturningOrder: "input",
    upsert: "onDuplicateKey",
    merge: false,
    mergeReturning: false,
    // OLD_VALUE(a) in UPDATE ... RETURNING came with it.
    rowVersions: maria && atLeast(version, 13, 0),
    // The number of parameters of a prepared statement is a 16-bit field of the protocol.
    maxParameters: 65_535,
    maxIdentifierLength: 64,
    defaultValues: false,
    fullJoin: false,
    // Lateral derived tables: MySQL 8.0.14; MariaDB documents none.
    lateral: !maria && atLeast(version, 8, 0, 14),
    // Set operations: MariaDB 10.3, MySQL 8.0.31.
    intersect: maria || atLeast(version, 8, 0, 31),
    except: maria || atLeast(version, 8, 0, 31),
    // Members in parentheses that are set operations themselves: MariaDB 10.4, MySQL 8.0.22.
    parenthesizedQueries: maria || atLeast(version, 8, 0, 22),
    nullsOrdering: false,
    nullsSortHigh: false,
    keyLocks: false,
    lockOf: !maria,
    distinctOn: false,
    // WITH TIES: MariaDB 10.6; never on MySQL.
    fetchTies: maria && atLeast(version, 10, 6),
    fetchPercent: false,
    // INTERSECT ALL and EXCEPT ALL: MariaDB 10.5, MySQL 8.0.31.
    setOperationsAll: maria ? atLeast(version, 10, 5) : atLeast(version, 8, 0, 31),
    dmlInCtes: false,
    materializedCtes: false,
    searchAndCycle: false,
    groupings: "withRollup",
    // JSON_TABLE has a syntax of its own.
    tableFunctions: false,
    columnAliases: false,
    ordinality: false,
    compositeFields: false,
    tableSample: false,
    aggregateFilter: false,
    aggregateOrder: false,
    // PERCENTILE_CONT and PERCENTILE_DISC of MariaDB are window functions; MySQL has none.
    withinGroup: maria ? "window" : "none",
    // GROUPS and EXCLUDE are in neither; MariaDB knows no distances in time.
    frames: { groups: false, exclude: false, rangeOffset: maria ? "numbers" : "any" },
    cteAfterInsert: true,
    ilike: false,
    betweenSymmetric: false,
    // CREATE SEQUENCE: MariaDB 10.3.
    sequences: maria,
    arrays: false,
    distinctFrom: false,
    comments: "inline",
  };
}

/** The traits of a product and version. */
export function traitsOf(flavour: Flavour, version: Version): Traits {
  const maria = flavour === "mariadb";
  return {
    flavour,
    version,
    uuidType: maria && atLeast(version, 10, 7),
    jsonType: !maria,
    skipLocked: !maria || atLeast(version, 10, 6),
    rowValues: !maria,
    forShare: !maria,
    withBeforeDml: !maria || atLeast(version, 12, 3),
    readsChangedTable: maria,
    pcre: maria,
    rowAlias: !maria && atLeast(version, 8, 0, 19),
    ifExistsClauses: maria,
  };
}
