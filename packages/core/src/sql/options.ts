import type { Order } from "./order.js";
import type { Item } from "./protocols.js";

/** Options of LIKE and its kin. */
export interface LikeOptions {
  /** The character that takes the meaning from `%` and `_`. SQL: `LIKE :x ESCAPE '/'`. */
  readonly escape?: string | undefined;
}

/** Where a window frame begins or ends: rows before (negative) or after, or `"unbounded"`. */
export type FrameBound = number | "unbounded";

/** OVER's clauses. */
export interface WindowOptions {
  readonly partitionBy?: Item | readonly Item[] | undefined;
  readonly orderBy?: Order | Item | readonly (Order | Item)[] | undefined;
  /** `rows: ["unbounded", 0]` is `ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW`. */
  readonly rows?: readonly [FrameBound, FrameBound] | undefined;
  readonly range?: readonly [FrameBound, FrameBound] | undefined;
}
