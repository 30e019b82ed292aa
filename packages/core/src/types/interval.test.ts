import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import { DataError, interval } from "../index.js";
import { isoDuration } from "./interval.js";

const bind = (value: unknown): unknown => interval().toDatabase()(value);
const DAY = 86_400_000_000n;

describe("interval", () => {
  test("[TYP8] takes ISO 8601, parts, and microseconds", () => {
    const cases: readonly (readonly [unknown, bigint])[] = [
      ["PT0S", 0n],
      ["P1DT2H3M4.000005S", DAY + 7_384_000_005n],
      ["-P1D", -DAY],
      ["+P1D", DAY],
      ["P2W", 14n * DAY],
      ["PT-1H30M", -3_600_000_000n + 1_800_000_000n],
      ["-PT0.5S", -500_000n],
      ["PT-0.5S", -500_000n],
      ["PT0.123456000S", 123_456n],
      [{ hours: 1, minutes: 30 }, 5_400_000_000n],
      [{ weeks: 1, days: -1, milliseconds: 2, microseconds: 3 }, 6n * DAY + 2003n],
      [{}, 0n],
      [5n, 5n],
      [2n ** 63n - 1n, 2n ** 63n - 1n],
    ];
    for (const [given, length] of cases) expect(bind(given)).toBe(length);
  });

  test("[TYP8] refuses what has no fixed length or no form", () => {
    const wrong = [
      "P1M",
      "P1Y",
      "P1Y2M",
      "P",
      "PT",
      "",
      "1 day",
      "P1D2H",
      "PT1.1234567S",
      "P1.5D",
      5,
      1.5,
      null,
      undefined,
    ];
    for (const value of [...wrong, { months: 1 }, { hours: 1.5 }, [1], new Date(), 2n ** 63n, "P200000000D"]) {
      expect(() => bind(value)).toThrow(DataError);
    }
    expect(() => bind("P1M")).toThrow("years and months have no fixed length");
    expect(() => bind("PT1.1234567S")).toThrow("databases keep 6 decimals");
  });

  test("[TYP8] reads as text in days and less, or as microseconds", () => {
    const cases: readonly (readonly [bigint, string])[] = [
      [0n, "PT0S"],
      [-1n, "-PT0.000001S"],
      [DAY, "P1D"],
      [-DAY - 3_600_000_000n, "-P1DT1H"],
      [59_999_999n, "PT59.999999S"],
      [2n ** 63n - 1n, "P106751991DT4H54.775807S"],
    ];
    for (const [length, text] of cases) {
      expect(isoDuration(length)).toBe(text);
      expect(bind(text)).toBe(length);
    }
    expect(new Dialect().conversions(interval({ as: "microseconds" })).result).toBeUndefined();
  });

  test("[TYP8] is INTERVAL DAY TO SECOND in the standard's words", () => {
    const dialect = new Dialect();
    expect(dialect.typeName(interval())).toBe("INTERVAL DAY TO SECOND(6)");
    expect(dialect.literal("-P1DT2H3.5S", interval())).toBe("INTERVAL '-1 02:00:03.5' DAY TO SECOND(6)");
  });
});
