const FIRST_PLACES = 4096;
const FIRST_NUMBERS = 32_768;

/**
 * A hash table from lists of whole numbers to whole numbers. Lists lie one behind the other in one flat array: looking up
 * allocates nothing and touches two places, where a chain of Maps would be probed twice for each number.
 */
export class TupleTable {
  /** Numbers of the list to look up; {@link find} reads them from the beginning. */
  readonly given: number[] = [];
  /** For each place of the hash table: where its list begins in `numbers`; 0 where there is none. */
  private starts = new Int32Array(FIRST_PLACES);
  private hashes = new Int32Array(FIRST_PLACES);
  /** For each list: its value, its length, its numbers. */
  private numbers = new Float64Array(FIRST_NUMBERS);
  private end = 1;
  private count = 0;
  private place = 0;
  private hash = 0;

  /** The value of the list of the first `length` numbers of `given`; 0 when it is not there. */
  find(length: number): number {
    const { given, starts, hashes, numbers } = this;
    let hash = length;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (given[i] as number), 0x9e3779b1) ^ (hash >>> 15);
    hash ^= hash >>> 16;
    const mask = starts.length - 1;
    let place = hash & mask;
    for (let start = starts[place] as number; start !== 0; start = starts[place] as number) {
      if (hashes[place] === hash && numbers[start + 1] === length) {
        let i = 0;
        while (i < length && numbers[start + 2 + i] === given[i]) i++;
        if (i === length) return numbers[start] as number;
      }
      place = (place + 1) & mask;
    }
    this.place = place;
    this.hash = hash;
    return 0;
  }

  /** Gives a value to the list that {@link find} has just not found. */
  add(length: number, value: number): void {
    const { given } = this;
    if (this.end + length + 2 > this.numbers.length) this.lengthen(this.end + length + 2);
    const start = this.end;
    this.numbers[start] = value;
    this.numbers[start + 1] = length;
    for (let i = 0; i < length; i++) this.numbers[start + 2 + i] = given[i] as number;
    this.end = start + length + 2;
    this.starts[this.place] = start;
    this.hashes[this.place] = this.hash;
    this.count += 1;
    if (this.count * 2 > this.starts.length) this.widen();
  }

  /** Forgets all lists, and the memory that a great many took. */
  clear(): void {
    this.starts = new Int32Array(FIRST_PLACES);
    this.hashes = new Int32Array(FIRST_PLACES);
    this.numbers = new Float64Array(FIRST_NUMBERS);
    this.end = 1;
    this.count = 0;
  }

  private lengthen(needed: number): void {
    const longer = new Float64Array(Math.max(needed, this.numbers.length * 2));
    longer.set(this.numbers);
    this.numbers = longer;
  }

  private widen(): void {
    const { starts, hashes } = this;
    const mask = starts.length * 2 - 1;
    this.starts = new Int32Array(mask + 1);
    this.hashes = new Int32Array(mask + 1);
    for (let i = 0; i < starts.length; i++) {
      if (starts[i] === 0) continue;
      let place = (hashes[i] as number) & mask;
      while (this.starts[place] !== 0) place = (place + 1) & mask;
      this.starts[place] = starts[i] as number;
      this.hashes[place] = hashes[i] as number;
    }
  }
}
