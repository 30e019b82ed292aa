/** How much a cache may outgrow its capacity before it is trimmed: trimming sorts, so it should be seldom. */
const SLACK = 1.5;

/** What a cache of compiled statements was good for since the engine was made. */
export interface CompiledCacheStatus {
  /** How often a statement was found compiled. */
  readonly hits: number;
  /** How often one had to be compiled. Many beside few hits: the cache is too small, or texts hold values that should be bound. */
  readonly misses: number;
  /** How many are kept now. */
  readonly size: number;
  /** How many are kept at least before the oldest go; up to half as many more. */
  readonly capacity: number;
}

interface Entry<K, V> {
  readonly key: K;
  readonly value: V;
  used: number;
}

/**
 * Keeps the values that were used last. It holds at least `capacity` of them and at most half as many again: instead of
 * moving an entry at every hit it notes the time of use, and sorts when it overflows.
 *
 * @example
 * ```ts
 * const prepared = new LruCache<string, Statement>(500, (statement) => statement.close());
 * ```
 */
export class LruCache<K, V> {
  /** How many values are kept at least; 0 keeps none. */
  readonly capacity: number;
  private readonly entries = new Map<K, Entry<K, V>>();
  private readonly dropped: ((value: V) => void) | undefined;
  private clock = 0;

  /** `dropped` is called with each value that has to go. */
  constructor(capacity: number, dropped?: (value: V) => void) {
    this.capacity = capacity;
    this.dropped = dropped;
  }

  /** How many values there are. */
  get size(): number {
    return this.entries.size;
  }

  /** The value of a key; undefined when it is not (or no longer) there. */
  get(key: K): V | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.clock += 1;
    entry.used = this.clock;
    return entry.value;
  }

  /** Puts a value in. */
  set(key: K, value: V): void {
    if (this.capacity === 0) return;
    this.clock += 1;
    const before = this.entries.get(key);
    this.entries.set(key, { key, value, used: this.clock });
    if (before !== undefined && before.value !== value) this.dropped?.(before.value);
    if (this.entries.size > this.capacity * SLACK) this.trim();
  }

  /** Takes a value out. */
  delete(key: K): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.dropped?.(entry.value);
  }

  /** Takes everything out. */
  clear(): void {
    const all = [...this.entries.values()];
    this.entries.clear();
    for (const entry of all) this.dropped?.(entry.value);
  }

  private trim(): void {
    const oldestFirst = [...this.entries.values()].sort((a, b) => a.used - b.used);
    for (const entry of oldestFirst.slice(0, oldestFirst.length - this.capacity)) this.delete(entry.key);
  }
}
