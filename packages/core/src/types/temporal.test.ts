import { Temporal } from "temporal-polyfill";
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import { Dialect } from "../dialect.js";
import {
  date,
  dateTime,
  InvalidRequestError,
  insert,
  integer,
  interval,
  literal,
  MetaData,
  select,
  Table,
  type TemporalObject,
  time,
  type ValueType,
} from "../index.js";

const dialect = new Dialect();
const bind = (type: ValueType<unknown, unknown>, value: unknown): unknown => dialect.conversions(type).bind?.(value);
const read = (type: ValueType<unknown, unknown>, value: unknown): unknown => dialect.conversions(type).result?.(value);
const space = globalThis as { Temporal?: unknown };
const before = space.Temporal;

describe("Temporal objects", () => {
  test("[TYP7] are taken by date, time, dateTime and interval, to the microsecond", () => {
    expect(bind(date(), Temporal.PlainDate.from("2024-02-29"))).toBe("2024-02-29");
    expect(bind(date(), Temporal.PlainDate.from("2024-02-29[u-ca=gregory]"))).toBe("2024-02-29");
    expect(bind(time(), Temporal.PlainTime.from("23:59:59.123456"))).toBe("23:59:59.123456");
    expect(bind(dateTime({ as: "string" }), Temporal.PlainDateTime.from("2024-02-29T01:02:03.000001"))).toBe(
      "2024-02-29 01:02:03.000001",
    );
    const instant = Temporal.Instant.from("2024-03-31T02:30:00.123456+02:00");
    expect(bind(dateTime({ as: "string", timezone: true }), instant)).toBe("2024-03-31 00:30:00.123456");
    const zoned = instant.toZonedDateTimeISO("Asia/Kathmandu");
    expect(bind(dateTime({ as: "string", timezone: true }), zoned)).toBe("2024-03-31 00:30:00.123456");
    expect(bind(interval(), Temporal.Duration.from({ hours: 25, microseconds: 1 }))).toBe(90_000_000_001n);
  });

  test("[TYP7] that are no value of the column are refused", () => {
    const refused: readonly (readonly [ValueType<unknown, unknown>, unknown])[] = [
      [date(), Temporal.PlainDateTime.from("2024-02-29T00:00")],
      [date(), Temporal.PlainDate.from("+010000-01-01")],
      [time(), Temporal.PlainTime.from("00:00:00.123456789")],
      [dateTime({ timezone: true }), Temporal.PlainDateTime.from("2024-02-29T00:00")],
      [dateTime(), Temporal.PlainDateTime.from("2024-02-29T00:00:00.0001")],
      [dateTime({ as: "string" }), Temporal.PlainDate.from("2024-02-29")],
      [interval(), Temporal.Duration.from({ months: 1 })],
    ];
    for (const [type, value] of refused) expect(() => bind(type, value)).toThrow(/cannot take/);
  });

  test("[TYP25] as literals have the type that fits them", () => {
    const types = [
      Temporal.PlainDate.from("2024-02-29"),
      Temporal.PlainTime.from("01:00"),
      Temporal.PlainDateTime.from("2024-02-29T00:00"),
      Temporal.Instant.from("2024-02-29T00:00Z"),
      Temporal.ZonedDateTime.from("2024-02-29T00:00[Europe/Vienna]"),
      Temporal.Duration.from("PT1H"),
    ].map((value) => String(literal(value as unknown).type));
    expect(types).toEqual([
      "date",
      "time(6)",
      "dateTime",
      "dateTime with time zone",
      "dateTime with time zone",
      "interval",
    ]);
    expect(() => literal(Temporal.PlainYearMonth.from("2024-02") as unknown)).toThrow(
      "A Temporal.PlainYearMonth has no type in SQL.",
    );
  });
});

describe("values read as Temporal objects", () => {
  beforeEach(() => {
    space.Temporal = Temporal;
  });
  afterEach(() => {
    if (before === undefined) delete space.Temporal;
    else space.Temporal = before;
  });

  test("[TYP7] keep all that the database holds", () => {
    const cases: readonly (readonly [ValueType<unknown, unknown>, unknown, unknown])[] = [
      [date({ as: "temporal" }), "2024-02-29", Temporal.PlainDate.from("2024-02-29")],
      [time({ as: "temporal" }), "01:02:03.500000", Temporal.PlainTime.from("01:02:03.5")],
      [
        dateTime({ as: "temporal" }),
        "0001-01-01 01:02:03.000001",
        Temporal.PlainDateTime.from("0001-01-01T01:02:03.000001"),
      ],
      [
        dateTime({ as: "temporal", timezone: true }),
        "2024-02-29 01:02:03.123456+00",
        Temporal.Instant.from("2024-02-29T01:02:03.123456Z"),
      ],
      [interval({ as: "temporal" }), -90_000_000_001n, Temporal.Duration.from("-P1DT1H0.000001S")],
    ];
    for (const [type, stored, value] of cases) {
      const made = read(type, stored);
      expect(made).toBeInstanceOf((value as object).constructor);
      expect(String(made)).toBe(String(value));
    }
    expect(cases.map(([type]) => type.jsType)).toEqual([
      "Temporal.PlainDate",
      "Temporal.PlainTime",
      "Temporal.PlainDateTime",
      "Temporal.Instant",
      "Temporal.Duration",
    ]);
  });

  test("[TYP7] have the type of the runtime's Temporal, or what is known of it", () => {
    const t = new Table("t", new MetaData(), {
      id: integer().primaryKey(),
      day: date({ as: "temporal" }),
      at: dateTime({ as: "temporal", timezone: true }),
      wall: dateTime({ as: "temporal" }).nullable(),
    });
    expectTypeOf(t.c.day.type.jsType).toBeString();
    insert(t).values({ day: Temporal.PlainDate.from("2024-02-29"), at: Temporal.Instant.from("2024-02-29T00:00Z") });
    insert(t).values({ day: "2024-02-29", at: new Date(), wall: null });
    // @ts-expect-error a time of day is no date
    insert(t).values({ day: Temporal.PlainTime.from("00:00"), at: new Date() });
    select(t.c.id).where(t.c.at.lt(Temporal.Instant.from("2024-02-29T00:00Z")));
    // @ts-expect-error a wall-clock time is no instant
    select(t.c.id).where(t.c.at.lt(Temporal.PlainDateTime.from("2024-02-29T00:00")));
    const query = select(t.c.day, t.c.at);
    type Row = typeof query extends { all(): Promise<readonly (infer R)[]> } ? R : unknown;
    expectTypeOf<Row>().toBeUnknown();
    expectTypeOf(t.c.day).toExtend<{ readonly type: object }>();
    expectTypeOf<TemporalObject<"PlainDate">>().not.toExtend<TemporalObject<"Instant">>();
  });

  test("are refused where the runtime has no Temporal", () => {
    delete space.Temporal;
    expect(() => new Dialect().conversions(date({ as: "temporal" }))).toThrow(InvalidRequestError);
    expect(() => new Dialect().conversions(date({ as: "temporal" }))).toThrow(
      "date is to be read as Temporal.PlainDate, which this runtime does not have.",
    );
  });
});
