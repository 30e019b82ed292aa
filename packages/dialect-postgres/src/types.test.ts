import {
  bigInteger,
  boolean,
  createEngine,
  DataError,
  date,
  dateTime,
  double,
  enumeration,
  func,
  insert,
  integer,
  json,
  largeBinary,
  literal,
  MetaData,
  numeric,
  select,
  smallInteger,
  sql,
  string,
  Table,
  text,
  time,
  uuid,
} from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import "./index.js";
import { ownDatabase } from "./test-support.js";

const { postgresql } = inject("databases");

const metadata = new MetaData();
const values = new Table("exact_values", metadata, {
  id: integer().primaryKey(),
  small: smallInteger().nullable(),
  big: bigInteger().nullable(),
  exact: numeric(60, 20).nullable(),
  approx: double().nullable(),
  flag: boolean().nullable(),
  short: string(40).nullable(),
  long: text().nullable(),
  day: date().nullable(),
  clock: time().nullable(),
  instant: dateTime({ timezone: true }).nullable(),
  wall: dateTime().nullable(),
  micros: dateTime({ timezone: true, as: "string" }).nullable(),
  wallMicros: dateTime({ as: "string" }).nullable(),
  bytes: largeBinary().nullable(),
  doc: json().nullable(),
  key: uuid().nullable(),
  role: enumeration(["admin", "it's"]).nullable(),
});

/** Values that something on the way could harm, by column. */
const CASES: Readonly<Record<string, readonly unknown[]>> = {
  small: [-32_768, 32_767],
  big: [2n ** 63n - 1n, -(2n ** 63n), 9_007_199_254_740_993n, 0n],
  exact: [
    "1234567890123456789012345678901234567890.12345678901234567890",
    "-0.00000000000000000001",
    "0.00000000000000000000",
  ],
  approx: [0.1, Number.MAX_VALUE, Number.MIN_VALUE, 5e-324, -0, 1 / 3, Number.POSITIVE_INFINITY, Number.NaN],
  flag: [true, false],
  short: ["", " ", 'it\'s "quoted" \\ %s $1 :x ?', "ü€𝄞👩‍👩‍👧"],
  long: ["x".repeat(100_000), "line\r\nline\ttab", "\u0001\u007f\ufeff"],
  day: ["0001-01-01", "9999-12-31", "2024-02-29", "2024-03-10"],
  clock: ["00:00:00", "23:59:59.999999", "02:30:00"],
  // Clocks are changed at these times: in New York, in Berlin, on Lord Howe Island by half an hour.
  instant: [
    "2024-03-10T07:00:00Z",
    "2024-11-03T05:30:00Z",
    "2024-11-03T06:30:00Z",
    "2024-03-31T01:00:00Z",
    "2024-10-27T00:30:00Z",
    "2024-10-27T01:30:00Z",
    "2024-04-06T15:15:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z",
    "1850-06-01T12:34:56.789Z",
  ].map((iso) => new Date(iso)),
  wall: [
    "2024-03-10T02:30:00Z",
    "2024-03-31T02:30:00Z",
    "2024-10-27T02:30:00.001Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z",
  ].map((iso) => new Date(iso)),
  micros: [
    "2024-02-29T13:00:00.123456Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "1850-06-01T12:34:56.000001Z",
  ],
  wallMicros: ["2024-03-10T02:30:00.123456", "0001-01-01T00:00:00", "9999-12-31T23:59:59.999999"],
  bytes: [
    new Uint8Array(0),
    Uint8Array.from({ length: 256 }, (_, i) => i),
    new Uint8Array([1, 2, 3, 4]).subarray(1, 3),
  ],
  doc: ["5", 5, true, [], {}, { a: [1, null, { b: "ü'\"\\" }], z: 1e100, "": 0.1 }, "2024-01-01"],
  key: ["00000000-0000-0000-0000-000000000000", "6f9619ff-8b86-4d11-b42d-00cf4fc964ff"],
  role: ["admin", "it's"],
};

const SESSION_ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata"];

describe.skipIf(!postgresql.available)("[postgresql] types", () => {
  const database = ownDatabase();
  const processZone = process.env.TZ;

  beforeAll(async () => {
    process.env.TZ = "America/New_York";
    const engine = createEngine(database.url);
    await metadata.createAll(engine);
    await engine.dispose();
  });

  afterAll(() => {
    if (processZone === undefined) delete process.env.TZ;
    else process.env.TZ = processZone;
  });

  it("are tested in a process whose time zone is not UTC", () => {
    expect(new Date(2024, 0, 1).getTimezoneOffset()).toBe(300);
  });

  describe.each(SESSION_ZONES)("with a session in %s", (zone) => {
    it.each(Object.keys(CASES))("[TYP20] %s: every value comes back as it was sent", async (key) => {
      await using engine = createEngine(`${database.url}?options=${encodeURIComponent(`-c TimeZone=${zone}`)}`);
      await using conn = await engine.connect();
      expect(await conn.execute(sql`SHOW TimeZone`).scalar()).toBe(zone);
      const column = values.c[key as "day"];
      for (const value of CASES[key] as readonly unknown[]) {
        const row = { [key]: value } as { day: string };
        const { insertedPrimaryKey } = await conn.execute(insert(values).values(row));
        const id = insertedPrimaryKey?.id as number;
        const stored = await conn.execute(select(column).where(values.c.id.eq(id))).scalarOne();
        expect(stored).toEqual(value);
        expect(Object.getPrototypeOf(stored)).toBe(
          value instanceof Uint8Array ? Uint8Array.prototype : Object.getPrototypeOf(value),
        );
        if (key !== "doc")
          expect(
            await conn.execute(select(func.count()).where(column.eq(value as string), values.c.id.eq(id))).scalar(),
          ).toBe(1);
        expect(await conn.execute(select(literal(value as string, column.type as never))).scalarOne()).toEqual(value);
      }
    });

    it("reads what the server itself computes in UTC", async () => {
      await using engine = createEngine(`${database.url}?options=${encodeURIComponent(`-c TimeZone=${zone}`)}`);
      await using conn = await engine.connect();
      const before = Date.now();
      const now = await conn.execute(select(func.now())).scalarOne();
      expect(Math.abs(now.getTime() - before)).toBeLessThan(60_000);
      const epoch = sql`SELECT to_timestamp(0) AS declared, to_timestamp(0) AS undeclared`.columns({
        declared: dateTime({ timezone: true, as: "string" }),
      });
      expect(await conn.execute(epoch).one()).toEqual({ declared: "1970-01-01T00:00:00Z", undeclared: new Date(0) });
    });
  });

  it("[TYP4] sums and means are exact, or refused", async () => {
    await using engine = createEngine(database.url);
    await using conn = await engine.connect();
    const big = select(literal(2n ** 62n).label("n"))
      .unionAll(select(literal(2n ** 62n).label("n")), select(literal(2n ** 62n).label("n")))
      .subquery("big");
    expect(await conn.execute(select(func.sum(big.c.n))).scalar()).toBe(3n * 2n ** 62n);
    const wide = sql`SELECT 9007199254740993 AS n`.columns({ n: integer() });
    await expect(conn.execute(wide).all()).rejects.toThrow(DataError);
    await expect(conn.execute(wide).all()).rejects.toThrow(/9007199254740993.*bigInteger/);
    const fraction = sql`SELECT 1.5 AS n`.columns({ n: bigInteger() });
    await expect(conn.execute(fraction).all()).rejects.toThrow(/1\.5.*not a whole number/);
    expect(await conn.execute(select(literal(3e9).label("n"))).scalar()).toBe(3e9);
  });

  it("refuses timestamps that no Date can hold", async () => {
    await using engine = createEngine(database.url);
    await using conn = await engine.connect();
    const infinity = sql`SELECT 'infinity'::timestamptz AS t`;
    await expect(conn.execute(infinity.columns({ t: dateTime({ timezone: true }) })).all()).rejects.toThrow(/infinity/);
    expect(await conn.execute(infinity).scalar()).toBe("infinity");
  });

  it("refuses what PostgreSQL cannot store, and stores nothing", async () => {
    await using engine = createEngine(database.url);
    await using conn = await engine.connect();
    const count = () => conn.execute(select(func.count()).selectFrom(values)).scalar();
    const before = await count();
    await expect(conn.execute(insert(values).values({ long: "a\0b" }))).rejects.toThrow(/NUL character/);
    await expect(conn.execute(insert(values).values({ long: "a\ud800" }))).rejects.toThrow(/surrogate/);
    await expect(conn.execute(insert(values).values({ doc: { a: "\0" } }))).rejects.toThrow(DataError);
    await expect(conn.execute(insert(values).values({ small: 40_000 }))).rejects.toThrow(DataError);
    await expect(conn.execute(insert(values).values({ short: "x".repeat(41) }))).rejects.toThrow(DataError);
    await expect(conn.execute(insert(values).values({ exact: "1e50" }))).rejects.toThrow(DataError);
    await expect(conn.execute(insert(values).values({ flag: true }, { short: "x".repeat(41) }))).rejects.toThrow(
      DataError,
    );
    expect(await count()).toBe(before);
  });

  it("jsonb can be compared, grouped and made distinct", async () => {
    await using engine = createEngine(database.url);
    await using conn = await engine.connect();
    await conn.execute(insert(values).values({ doc: { b: 1, a: 2 } }, { doc: { a: 2, b: 1 } }));
    const { doc } = values.c;
    expect(await conn.execute(select(func.count()).where(doc.eq({ a: 2, b: 1 }))).scalar()).toBe(2);
    expect(
      await conn
        .execute(
          select(doc)
            .where(doc.eq({ a: 2, b: 1 }))
            .distinct(),
        )
        .scalars(),
    ).toEqual([{ a: 2, b: 1 }]);
  });
});
