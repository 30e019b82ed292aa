import {
  ArgumentError,
  CompileError,
  createEngine,
  DataError,
  date,
  dateTime,
  type Engine,
  extract,
  insert,
  integer,
  MetaData,
  select,
  sql,
  Table,
  time,
} from "@acme/core/dialect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sqlite, storedDate, storedDateTime, storedTime, type TextStorage } from "./index.js";

let engine: Engine;

beforeAll(() => {
  engine = createEngine("sqlite://");
});
afterAll(() => engine.dispose());

const compact: TextStorage = {
  write: (iso) => iso.replaceAll("-", ""),
  read: (stored) => (/^\d{8}$/.test(stored) ? stored.replace(/^(....)(..)(..)$/, "$1-$2-$3") : undefined),
};
const slashed: TextStorage = {
  write: (iso) => iso.replaceAll("-", "/").replace(" ", " at "),
  read: (stored) => stored.replaceAll("/", "-").replace(" at ", " "),
};
const short: TextStorage = {
  write: (iso) => iso.slice(0, 5).replace(":", "h"),
  read: (s) => `${s.replace("h", ":")}:00`,
};

const t = new Table("moments", new MetaData(), {
  id: integer().primaryKey(),
  seconds: storedDateTime({ storage: "unixSeconds" }).nullable(),
  millis: dateTime()
    .variant("sqlite", storedDateTime({ storage: "unixMilliseconds" }))
    .nullable(),
  julian: storedDateTime({ storage: "julianDay", as: "string", timezone: true }).nullable(),
  texts: storedDateTime({ storage: slashed, as: "string" }).nullable(),
  day: storedDate({ storage: compact }).nullable(),
  dayNumber: storedDate({ storage: "julianDay" }).nullable(),
  clock: storedTime({ storage: short }).nullable(),
});

const row = {
  id: 1,
  seconds: new Date("2024-02-29T13:00:00.999Z"),
  millis: new Date("1969-12-31T23:59:59.999Z"),
  julian: "2024-02-29T13:00:00.123Z",
  texts: "2024-02-29T13:00:00.123456",
  day: "2024-02-29",
  dayNumber: "0001-01-01",
  clock: "23:05:00",
};

describe("[sqlite] dates and times in other forms", () => {
  beforeAll(async () => {
    await engine.begin(async (conn) => {
      await t.create(conn);
      await conn.execute(insert(t), [row, { id: 2 }]);
    });
  });

  test("[LT7] ISO text unless told otherwise; numbers and texts of other forms where they are asked for", async () => {
    await using conn = await engine.connect();
    const { c } = t;
    const raw = sql`SELECT seconds, millis, typeof(julian), julian = julianday(${"2024-02-29 13:00:00.123"}), texts, day, "dayNumber", clock FROM moments WHERE id = 1`;
    expect(await conn.execute(raw).tuples()).toEqual([
      [1709211600, -1, "real", 1, "2024/02/29 at 13:00:00.123456", "20240229", 1721425.5, "23h05"],
    ]);
    const plain = new Table("plain_moments", new MetaData(), { at: dateTime(), day: date(), clock: time() });
    await plain.create(conn);
    await conn.execute(insert(plain).values({ at: new Date(1), day: "2024-02-29", clock: "23:05:00.5" }));
    expect(await conn.execute(sql`SELECT at, day, clock FROM plain_moments`).tuples()).toEqual([
      ["1970-01-01 00:00:00.001", "2024-02-29", "23:05:00.5"],
    ]);
    expect(
      await conn.execute(select(c.seconds, c.millis, c.julian, c.texts, c.day, c.dayNumber, c.clock)).all(),
    ).toEqual([
      { ...row, id: undefined, seconds: new Date("2024-02-29T13:00:00Z") },
      { seconds: null, millis: null, julian: null, texts: null, day: null, dayNumber: null, clock: null },
    ]);
  });

  test("[LT7] compare with values, and give their parts", async () => {
    await using conn = await engine.connect();
    const { c } = t;
    const found = select(c.id).where(
      c.seconds.gt(new Date("2024-02-29T12:59:59Z")),
      c.millis.eq(row.millis),
      c.julian.eq(row.julian),
      c.texts.eq(row.texts),
      c.day.in(["2024-02-29"]),
      c.clock.lt("23:06"),
    );
    expect(await conn.execute(found).scalars()).toEqual([1]);
    const parts = select(
      extract("hour", c.seconds).label("hour"),
      extract("second", c.millis).label("second"),
      extract("year", c.julian).label("year"),
      extract("year", c.dayNumber).label("first"),
    ).where(c.id.eq(1));
    expect(await conn.execute(parts).one()).toEqual({ hour: 13, second: 59.999, year: 2024, first: 1 });
    expect(() => sqlite().compile(select(extract("year", c.texts)))).toThrow(CompileError);
    expect(sqlite().compile(select(extract("year", c.seconds).label("y"))).sql).toBe(
      "SELECT CAST(strftime('%Y', datetime(moments.seconds, 'unixepoch')) AS INTEGER) AS y FROM moments",
    );
  });

  test("[LT7] what a form does not keep or does not know is refused", async () => {
    await using conn = await engine.connect();
    expect(() => storedDateTime({ storage: "unixSeconds", precision: 3 })).toThrow(ArgumentError);
    expect(() => storedDateTime({ storage: "julianDay", precision: 6 })).toThrow(ArgumentError);
    await expect(conn.execute(insert(t).values({ id: 3, julian: "2024-02-29T13:00:00.1234Z" }))).rejects.toThrow(
      DataError,
    );
    await expect(conn.execute(insert(t).values({ id: 3, day: "2024-02-30" }))).rejects.toThrow(DataError);
    const read = sql`SELECT '2024-02-29' AS day`.columns({ day: storedDate({ storage: compact }) });
    await expect(conn.execute(read).all()).rejects.toThrow(DataError);
    const beyond = sql`SELECT 9e18 AS at`.columns({ at: storedDateTime({ storage: "julianDay" }) });
    await expect(conn.execute(beyond).all()).rejects.toThrow(DataError);
  });

  test("[LT25] the text of an instant has no time zone and is in UTC, whatever zone was given", async () => {
    await using conn = await engine.connect();
    const z = new Table("zones", new MetaData(), {
      id: integer().primaryKey(),
      at: dateTime({ timezone: true, as: "string" }),
      wall: dateTime({ as: "string" }),
    });
    await z.create(conn);
    await conn.execute(insert(z), [
      { id: 1, at: "2024-02-29T15:00:00+02:00", wall: "2024-02-29T15:00:00" },
      { id: 2, at: "2024-02-29T13:00:00Z", wall: new Date("2024-02-29T15:00:00Z") },
    ]);
    expect(await conn.execute(sql`SELECT at, wall FROM zones ORDER BY id`).tuples()).toEqual([
      ["2024-02-29 13:00:00", "2024-02-29 15:00:00"],
      ["2024-02-29 13:00:00", "2024-02-29 15:00:00"],
    ]);
    expect(await conn.execute(select(z.c.at, z.c.wall).where(z.c.at.eq("2024-02-29T08:00:00-05:00"))).tuples()).toEqual(
      [
        ["2024-02-29T13:00:00Z", "2024-02-29T15:00:00"],
        ["2024-02-29T13:00:00Z", "2024-02-29T15:00:00"],
      ],
    );
    // Without a zone an instant is not known.
    await expect(
      conn.execute(insert(z).values({ id: 3, at: "2024-02-29T13:00:00", wall: "2024-02-29T13:00:00" })),
    ).rejects.toThrow("an instant needs a time zone");
  });
});
