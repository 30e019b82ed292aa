import { describe, expect, test } from "vitest";
import { LruCache } from "./cache.js";

describe("LruCache", () => {
  test("keeps what was used last, and tells what has to go", () => {
    const dropped: number[] = [];
    const cache = new LruCache<string, number>(2, (value) => dropped.push(value));
    cache.set("a", 1);
    cache.set("b", 2);
    cache.set("c", 3);
    expect(cache.get("a")).toBe(1);
    cache.set("d", 4);
    expect([cache.get("a"), cache.get("b"), cache.get("c"), cache.get("d")]).toEqual([1, undefined, undefined, 4]);
    expect(dropped).toEqual([2, 3]);
  });

  test("never holds more than half as much again as its capacity", () => {
    const cache = new LruCache<number, number>(100);
    for (let i = 0; i < 10_000; i++) {
      cache.set(i, i);
      expect(cache.size).toBeLessThanOrEqual(150);
    }
    for (let i = 9_900; i < 10_000; i++) expect(cache.get(i)).toBe(i);
  });

  test("drops the value that a new one replaces", () => {
    const dropped: string[] = [];
    const cache = new LruCache<string, string>(5, (value) => dropped.push(value));
    cache.set("a", "old");
    cache.set("a", "new");
    cache.set("a", "new");
    expect(cache.get("a")).toBe("new");
    expect(dropped).toEqual(["old"]);
  });

  test("gives everything up when it is cleared", () => {
    const dropped: number[] = [];
    const cache = new LruCache<string, number>(5, (value) => dropped.push(value));
    cache.set("a", 1);
    cache.set("b", 2);
    cache.delete("a");
    cache.delete("a");
    cache.clear();
    expect(dropped).toEqual([1, 2]);
    expect(cache.size).toBe(0);
  });

  test("keeps nothing with capacity 0", () => {
    const cache = new LruCache<string, number>(0);
    cache.set("a", 1);
    expect(cache.get("a")).toBeUndefined();
  });
});
