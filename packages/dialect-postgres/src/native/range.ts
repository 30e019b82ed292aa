import { ArgumentError } from "@acme/core/dialect";

/** Which ends belong to a range: `[` and `]` do, `(` and `)` do not. */
export type RangeBounds = "[]" | "[)" | "(]" | "()";

/**
 * A range of values: from a lower to an upper bound. A bound of null is infinite. PostgreSQL brings ranges of whole numbers
 * and days into the form `[)`, so that `[1,3]` comes back as `[1,4)`.
 *
 * @example
 * ```ts
 * new Range(1, 10);                                   // [1,10): from 1 to before 10
 * new Range("2024-01-01", null, "[)");                // from that day on
 * Range.empty<number>();                              // no value at all
 * ```
 */
export class Range<out T> {
  readonly lower: T | null;
  readonly upper: T | null;
  readonly bounds: RangeBounds;
  /** Holds no value. */
  readonly isEmpty: boolean;

  constructor(lower: T | null, upper: T | null, bounds: RangeBounds = "[)") {
    if (!["[]", "[)", "(]", "()"].includes(bounds)) {
      throw new ArgumentError(`The bounds of a range are [], [), (] or (), not ${bounds}.`, { code: "BAD_RANGE" });
    }
    this.lower = lower;
    this.upper = upper;
    // An infinite bound never belongs to the range; so two equal ranges look alike.
    this.bounds = `${lower === null ? "(" : bounds[0]}${upper === null ? ")" : bounds[1]}` as RangeBounds;
    this.isEmpty = false;
  }

  /** The range without values. */
  static empty<T>(): Range<T> {
    const made = new Range<T>(null, null);
    Object.defineProperty(made, "isEmpty", { value: true, enumerable: true });
    return made;
  }

  /** `[1,10)`, `(,5]`, `empty` */
  toString(): string {
    if (this.isEmpty) return "empty";
    return `${this.bounds[0]}${this.lower ?? ""},${this.upper ?? ""}${this.bounds[1]}`;
  }
}
