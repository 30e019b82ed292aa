import type { Order } from "./order.js";
import type { Item } from "./protocols.js";

/** Options of LIKE and its kin. */
export interface LikeOptions {
  /** The character that takes the meaning from `%` and `_`. SQL: `LIKE :x ESCAPE '/'`. */
  readonly escape?: string | undefined;
}

/** Options of `startsWith`, `endsWith` and `contains`. */
export interface AffixOptions extends LikeOptions {
  /** Takes `%` and `_` in the text literally. Default: true; false lets them stand for any text. */
  readonly autoescape?: boolean | undefined;
}

/** Options of `between`. */
export interface BetweenOptions {
  /** The two ends may come in either order: `BETWEEN SYMMETRIC`. Default: false. */
  readonly symmetric?: boolean | undefined;
}

/** Options of `regexpMatch` and `regexpReplace`. */
export interface RegexpOptions {
  /** Upper and lower case are the same. Default: false, on every database. */
  readonly ignoreCase?: boolean | undefined;
  /** Further flags, letters that the database at hand knows: `"n"` on PostgreSQL. */
  readonly flags?: string | undefined;
}

/** What the bounds of a window frame count: rows, values of the order, or groups of equal values. */
export type FrameKind = "rows" | "range" | "groups";

/**
 * Where a window frame begins or ends: so many before (negative) or after the current row, or `"unbounded"`; or a distance that is no
 * whole number, such as an interval: `{ preceding: sql`INTERVAL '7 days'` }`.
 */
export type FrameBound = number | "unbounded" | { readonly preceding: unknown } | { readonly following: unknown };

/** OVER's clauses. */
export interface WindowOptions {
  readonly partitionBy?: Item | readonly Item[] | undefined;
  readonly orderBy?: Order | Item | readonly (Order | Item)[] | undefined;
  /** `rows: ["unbounded", 0]` is `ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW`. */
  readonly rows?: readonly [FrameBound, FrameBound] | undefined;
  /** Bounds are distances of values: `range: [-5, 5]` takes rows whose value of the order differs by 5 at most. */
  readonly range?: readonly [FrameBound, FrameBound] | undefined;
  /** Bounds count groups of rows whose value of the order is the same. */
  readonly groups?: readonly [FrameBound, FrameBound] | undefined;
  /** Rows that are left out of the frame: `EXCLUDE CURRENT ROW`, `GROUP`, `TIES`, `NO OTHERS`. */
  readonly exclude?: "currentRow" | "group" | "ties" | "noOthers" | undefined;
}
