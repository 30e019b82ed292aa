/**
 * A hash table from ordered pairs of whole numbers to whole numbers, in three flat arrays: a look-up allocates nothing and
 * costs a few nanoseconds, where a Map of Maps costs two probes and an object for each left number.
 *
 * Left numbers begin at 1: 0 marks a free place.
 */
export class PairTable {
  private lefts = new Float64Array(4096);
  private rights = new Float64Array(4096);
  private values = new Float64Array(4096);
  private count = 0;

  /** How many pairs there are. */
  get size(): number {
    return this.count;
  }

  /** The value of a pair; 0 when it is not there. */
  get(left: number, right: number): number {
    return this.values[this.place(left, right)] as number;
  }

  /** Puts a pair in that is not there. */
  add(left: number, right: number, value: number): void {
    if (this.count * 2 >= this.lefts.length) this.grow();
    this.put(left, right, value);
    this.count += 1;
  }

  /** Takes all pairs out. */
  clear(): void {
    this.lefts.fill(0);
    this.values.fill(0);
    this.count = 0;
  }

  /** Where a pair is, or would be. */
  private place(left: number, right: number): number {
    const { lefts, rights } = this;
    const mask = lefts.length - 1;
    const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
    let at = (mixed ^ (mixed >>> 15)) & mask;
    while (lefts[at] !== 0 && (lefts[at] !== left || rights[at] !== right)) at = (at + 1) & mask;
    return at;
  }

  private put(left: number, right: number, value: number): void {
    const at = this.place(left, right);
    this.lefts[at] = left;
    this.rights[at] = right;
    this.values[at] = value;
  }

  private grow(): void {
    const { lefts, rights, values } = this;
    this.lefts = new Float64Array(lefts.length * 2);
    this.rights = new Float64Array(lefts.length * 2);
    this.values = new Float64Array(lefts.length * 2);
    for (let i = 0; i < lefts.length; i++) {
      if (lefts[i] !== 0) this.put(lefts[i] as number, rights[i] as number, values[i] as number);
    }
  }
}
