import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import { type Conversion, DataError, date, dateTime, time, type ValueType } from "../index.js";

const host = new Dialect();
const to = (type: ValueType<unknown, unknown>): Conversion => type.toDatabase(host) as Conversion;
const from = (type: ValueType<unknown, unknown>): Conversion => type.fromDatabase(host) as Conversion;

describe("date", () => {
  test("[TYP7] takes the days of the calendar as text, and never a Date", () => {
    for (const day of ["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"]) expect(to(date())(day)).toBe(day);
    const wrong = [
      "2023-02-29",
      "1900-02-29",
      "2024-04-31",
      "2024-13-01",
      "2024-00-10",
      "2024-01-00",
      "0000-01-01",
      "24-01-01",
    ];
    for (const value of [
      ...wrong,
      "2024-1-1",
      "2024-01-01T00:00",
      " 2024-01-01",
      "2024-01-01\n",
      "",
      20240101,
      new Date(0),
    ]) {
      expect(() => to(date())(value)).toThrow(DataError);
      expect(() => to(date())(value)).toThrow(/^date cannot take .*: it is not a date such as "2024-02-29"\.$/);
    }
  });
});

describe("time", () => {
  test("[TYP7] takes times of day with up to six decimals; seconds may be left out", () => {
    expect(["00:00", "23:59:59", "12:30:00.5", "12:30:00.123456"].map(to(time()))).toEqual([
      "00:00:00",
      "23:59:59",
      "12:30:00.5",
      "12:30:00.123456",
    ]);
    for (const value of [
      "24:00",
      "12:60",
      "12:00:60",
      "1:00",
      "12",
      "12:00:00.",
      "12:00:00.1234567",
      "12:00:00Z",
      "-01:00",
      5,
      new Date(0),
    ]) {
      expect(() => to(time())(value)).toThrow(/^time.* cannot take .*: it is not a time such as/);
    }
  });

  test("[TYP7] refuses decimals that the column would round away", () => {
    expect(to(time({ precision: 3 }))("12:00:00.123")).toBe("12:00:00.123");
    expect(to(time({ precision: 3 }))("12:00:00.123000")).toBe("12:00:00.123000");
    expect(() => to(time({ precision: 3 }))("12:00:00.1234")).toThrow(/the column keeps 3 decimals of a second/);
    expect(() => to(time({ precision: 0 }))("12:00:00.1")).toThrow(/the column keeps 0 decimals of a second/);
  });

  test("[TYP7] reads without zeros at the end, however the database pads", () => {
    const read = ["12:00:00.500000", "12:00:00.000000", "12:00:00", "12:30:10", "00:00:00.120"].map(from(time()));
    expect(read).toEqual(["12:00:00.5", "12:00:00", "12:00:00", "12:30:10", "00:00:00.12"]);
  });
});

describe("dateTime of Dates", () => {
  test("[TYP7] is written and read as UTC", () => {
    const moment = new Date("2024-02-29T13:00:00.123Z");
    for (const type of [dateTime(), dateTime({ timezone: true })]) {
      expect(to(type)(moment)).toBe("2024-02-29 13:00:00.123");
      for (const stored of [
        "2024-02-29 13:00:00.123",
        "2024-02-29T13:00:00.123Z",
        "2024-02-29 13:00:00.123+00",
        "2024-02-29 13:00:00.123000+00:00",
        moment,
      ]) {
        expect(from(type)(stored)).toEqual(moment);
      }
      expect(from(type)("2024-02-29")).toEqual(new Date("2024-02-29T00:00:00Z"));
    }
  });

  test("[TYP7] every Date of years 1 to 9999 comes back as it was", () => {
    const type = dateTime({ timezone: true });
    const moments = fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, (moment) => {
        expect(from(type)(to(type)(moment))).toEqual(moment);
      }),
    );
  });

  test("[TYP7] milliseconds that the column does not keep are cut off, not rounded", () => {
    const moment = new Date("2024-02-29T13:00:00.987Z");
    const cut = [0, 1, 2, 3, 6].map((precision) => to(dateTime({ precision }))(moment));
    expect(cut).toEqual([
      "2024-02-29 13:00:00",
      "2024-02-29 13:00:00.9",
      "2024-02-29 13:00:00.98",
      "2024-02-29 13:00:00.987",
      "2024-02-29 13:00:00.987",
    ]);
  });

  test("[TYP7] invalid Dates and years that no database has are refused", () => {
    expect(() => to(dateTime())(new Date(Number.NaN))).toThrow(
      "dateTime cannot take an invalid Date: it is not a valid Date or date-time text.",
    );
    expect(() => to(dateTime())(new Date("+010000-01-01T00:00:00Z"))).toThrow(/its year lies outside 1 to 9999/);
    expect(() => to(dateTime())(new Date("-000001-01-01T00:00:00Z"))).toThrow(/its year lies outside 1 to 9999/);
    for (const value of [0, 1709211600000, true, {}, []])
      expect(() => to(dateTime())(value)).toThrow(/it is not a valid Date or date-time text/);
  });

  test("[TYP7] text in the database that is no point in time is an error, not an invalid Date", () => {
    for (const stored of ["yesterday", "2024-02-29 13:00:00+02:00", ""]) {
      expect(() => from(dateTime())(stored)).toThrow(DataError);
      expect(() => from(dateTime())(stored)).toThrow(/^dateTime cannot read ".*", which the database holds\./);
    }
  });
});

describe("dateTime of text", () => {
  const wall = dateTime({ as: "string" });
  const instant = dateTime({ as: "string", timezone: true });

  test("[TYP7] keeps microseconds both ways", () => {
    expect(to(wall)("2024-02-29T13:00:00.123456")).toBe("2024-02-29 13:00:00.123456");
    expect(from(wall)("2024-02-29 13:00:00.123456")).toBe("2024-02-29T13:00:00.123456");
    expect(to(instant)("2024-02-29T13:00:00.123456Z")).toBe("2024-02-29 13:00:00.123456");
    expect(from(instant)("2024-02-29 13:00:00.123456+00")).toBe("2024-02-29T13:00:00.123456Z");
    expect(from(instant)("2024-02-29 13:00:00.100000")).toBe("2024-02-29T13:00:00.1Z");
    expect(from(wall)("2024-02-29 13:00:00.000")).toBe("2024-02-29T13:00:00");
    expect(from(instant)(new Date("2024-02-29T13:00:00.120Z"))).toBe("2024-02-29T13:00:00.12Z");
  });

  test("[TYP7] an offset is brought to UTC, across the ends of days and years", () => {
    const shifted = [
      "2024-02-29T13:00:00+02:00",
      "2024-03-01T00:30:00.5+0100",
      "2024-12-31 23:30:00-01",
      "2024-02-29T13:00:00-05:30",
      "2024-02-29T13:00:00-00:00",
    ].map(to(instant));
    expect(shifted).toEqual([
      "2024-02-29 11:00:00",
      "2024-02-29 23:30:00.5",
      "2025-01-01 00:30:00",
      "2024-02-29 18:30:00",
      "2024-02-29 13:00:00",
    ]);
    expect(to(wall)("2024-02-29T13:00:00+02:00")).toBe("2024-02-29 11:00:00");
  });

  test("[TYP7] an instant needs a time zone, a wall-clock time does not", () => {
    expect(() => to(instant)("2024-02-29T13:00:00")).toThrow(/an instant needs a time zone: end the text with Z/);
    expect(to(wall)("2024-02-29 13:00:00")).toBe("2024-02-29 13:00:00");
  });

  test("[TYP7] refuses what is no point in time, and offsets that lead out of the calendar", () => {
    const wrong = [
      "2024-02-30T00:00:00Z",
      "2024-02-29",
      "2024-02-29T13:00Z",
      "2024-02-29T24:00:00Z",
      "2024-02-29T13:00:60Z",
      "2024-02-29T13:00:00.1234567Z",
      "13:00:00Z",
      "now",
      "",
    ];
    for (const value of wrong) expect(() => to(instant)(value)).toThrow(/it is not a date-time such as/);
    expect(() => to(instant)("2024-02-29T13:00:00+99:00")).toThrow(/its time zone does not exist/);
    expect(() => to(instant)("9999-12-31T23:30:00-01:00")).toThrow(/its year lies outside 1 to 9999/);
    expect(() => to(instant)("0001-01-01T00:30:00+01:00")).toThrow(/its year lies outside 1 to 9999/);
  });

  test("[TYP7] refuses decimals that the column would round away", () => {
    expect(() => to(dateTime())("2024-02-29T13:00:00.1234")).toThrow(/the column keeps 3 decimals of a second/);
    expect(to(dateTime())("2024-02-29T13:00:00.123000")).toBe("2024-02-29 13:00:00.123000");
  });
});
