import { DataError } from "@acme/core";
import { describe, expect, it } from "vitest";
import { fromDate, toCanonical, toDate } from "./timestamps.js";

describe("timestamps of the wire", () => {
  const forms: readonly (readonly [text: string, iso: string])[] = [
    ["2024-02-29 13:00:00+00", "2024-02-29T13:00:00.000Z"],
    ["2024-02-29 13:00:00", "2024-02-29T13:00:00.000Z"],
    ["2024-02-29 13:00:00.1", "2024-02-29T13:00:00.100Z"],
    ["2024-02-29 13:00:00.12+00", "2024-02-29T13:00:00.120Z"],
    ["2024-02-29 13:00:00.123456", "2024-02-29T13:00:00.123Z"],
    ["2024-02-29 13:00:00.123456+00", "2024-02-29T13:00:00.123Z"],
    ["2024-02-29 14:00:00.5+01", "2024-02-29T13:00:00.500Z"],
    ["2024-02-29 18:30:00+05:30", "2024-02-29T13:00:00.000Z"],
    ["2024-02-29 09:30:00.25-03:30", "2024-02-29T13:00:00.250Z"],
    ["0001-01-01 00:53:28+00:53:28", "0001-01-01T00:00:00.000Z"],
    ["0001-01-01 00:00:00", "0001-01-01T00:00:00.000Z"],
    ["0044-03-15 12:00:00+00 BC", "-000043-03-15T12:00:00.000Z"],
    ["9999-12-31 23:59:59.999999+00", "9999-12-31T23:59:59.999Z"],
    ["10000-01-01 00:00:00", "+010000-01-01T00:00:00.000Z"],
  ];

  it.each(forms)("%s is the instant %s", (text, iso) => {
    expect(toDate(text)?.toISOString()).toBe(iso);
  });

  it("has no Date for infinity, and for texts that are no ISO timestamp", () => {
    expect(toDate("infinity")).toBeUndefined();
    expect(toDate("-infinity")).toBeUndefined();
    expect(toDate("29.02.2024 13:00:00 CET")).toBeUndefined();
  });

  it("brings every offset to UTC without losing a microsecond", () => {
    expect(toCanonical("2024-02-29 14:00:00.123456+01")).toBe("2024-02-29 13:00:00.123456");
    expect(toCanonical("2024-02-29 13:00:00.5")).toBe("2024-02-29 13:00:00.5");
    expect(toCanonical("2024-01-01 00:30:00+05:30")).toBe("2023-12-31 19:00:00");
    expect(toCanonical("0001-01-01 00:53:28+00:53:28")).toBe("0001-01-01 00:00:00");
  });

  it("refuses canonical texts for what lies outside the years 1 to 9999", () => {
    for (const text of ["infinity", "0044-03-15 12:00:00 BC", "10000-01-01 00:00:00"]) {
      expect(() => toCanonical(text)).toThrow(DataError);
    }
  });

  it("writes a Date in UTC with its offset", () => {
    expect(fromDate(new Date("2024-02-29T13:00:00.123Z"))).toBe("2024-02-29 13:00:00.123+00");
    expect(fromDate(new Date("0001-01-01T00:00:00Z"))).toBe("0001-01-01 00:00:00.000+00");
    expect(fromDate(new Date("-000043-03-15T12:00:00Z"))).toBe("0044-03-15 12:00:00.000+00 BC");
    expect(fromDate(new Date("+010000-01-01T00:00:00Z"))).toBe("10000-01-01 00:00:00.000+00");
    expect(() => fromDate(new Date(Number.NaN))).toThrow(DataError);
  });
});
