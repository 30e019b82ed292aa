import {
  bigInteger,
  boolean,
  CheckViolationError,
  check,
  createEngine,
  type Decimal,
  date,
  dateTime,
  double,
  type Engine,
  enumeration,
  float,
  func,
  insert,
  integer,
  json,
  largeBinary,
  literal,
  MetaData,
  numeric,
  select,
  selectAll,
  smallInteger,
  sql,
  string,
  Table,
  text,
  time,
  update,
  uuid,
  type ValueType,
} from "@acme/core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from "vitest";
import "./index.js";
import { provision, type TestDatabase } from "./test-support.js";

const { mariadb } = inject("databases");

const TEXTS = [
  "",
  "plain",
  "it's",
  "''",
  '"double"',
  "back\\slash",
  "\\",
  "\\' OR 1=1 -- ",
  "%_?:name",
  "`tick`",
  "line\nfeed\r\ttab",
  "nul\0byte",
  "😀 zwölf Boxkämpfer 日本語 \u{1F468}\u200D\u{1F469}\u200D\u{1F467}",
  "e\u0301 is not \u00e9",
  "trailing space ",
];

/** Values of each type at the edges of what it holds. */
const VALUES: readonly (readonly [string, ValueType<unknown, unknown>, readonly unknown[]])[] = [
  ["integer", integer(), [0, 1, -1, 2147483647, -2147483648]],
  ["smallInteger", smallInteger(), [32767, -32768]],
  [
    "bigInteger",
    bigInteger(),
    [0n, 9007199254740991n, 9007199254740993n, -9007199254740993n, 2n ** 63n - 1n, -(2n ** 63n)],
  ],
  [
    "numeric(65, 30)",
    numeric(65, 30),
    [
      "0.000000000000000000000000000001",
      `${"9".repeat(35)}.${"9".repeat(30)}`,
      `-${"9".repeat(35)}.123456789012345678901234567891`,
    ],
  ],
  ["numeric(10, 2)", numeric(10, 2), ["0.00", "12.50", "-99999999.99"]],
  ["numeric", numeric(), ["12.5", "100", "-0.000000000000000000000000000001"]],
  [
    "double",
    double(),
    [0, 0.1, 1 / 3, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 5e-324, 2 ** 53 + 2, 123456789.12345679],
  ],
  ["float", float(), [0.1, 1 / 3]],
  ["boolean", boolean(), [true, false]],
  ["string", string(100), TEXTS],
  ["text", text(), [...TEXTS, "x".repeat(70_000)]],
  ["uuid", uuid(), ["6f9619ff-8b86-4d11-b42d-00cf4fc964ff", "00000000-0000-0000-0000-000000000000"]],
  ["enumeration", enumeration(["a", "it's", "back\\slash", "ünï"]), ["a", "it's", "back\\slash", "ünï"]],
  ["date", date(), ["0001-01-01", "1000-01-01", "2024-02-29", "9999-12-31"]],
  ["time", time(), ["00:00:00", "23:59:59.999999", "12:30:00.5"]],
  [
    "dateTime",
    dateTime(),
    [new Date("2024-02-29T13:00:00.123Z"), new Date("0001-01-01T00:00:00Z"), new Date("9999-12-31T23:59:59.999Z")],
  ],
  ["dateTime as string", dateTime({ as: "string" }), ["2024-02-29T13:00:00.123456", "1969-12-31T23:59:59"]],
  ["instant", dateTime({ timezone: true, as: "string" }), ["2024-03-10T07:30:00.5Z"]],
  [
    "largeBinary",
    largeBinary(),
    [new Uint8Array(), new Uint8Array([0, 39, 92, 255]), Uint8Array.from({ length: 256 }, (_, i) => i)],
  ],
  ["varbinary", largeBinary(4), [new Uint8Array([0, 0, 0, 0]), new Uint8Array([92])]],
  ["json", json(), [{ a: [1, null, 'it\'s \\ "x" 😀'], b: { c: true } }, [], "text", 5, "5", false, { "": 0 }]],
];

const CODES = VALUES.map(([name, type, values], i) => ({ name, type, values, column: `c${i}` }));

/** A row with one of the columns, which are known only when the test runs. */
function rowOf(id: number, column: string, value: unknown): never {
  return { id, [column]: value } as never;
}

describe.skipIf(!mariadb.available)("[mariadb] values come back as they went", () => {
  let database: TestDatabase;
  const engines: Engine[] = [];
  const engineFor = (sqlMode: string | undefined): Engine => {
    const engine = createEngine(database.url, { connection: { options: sqlMode === undefined ? {} : { sqlMode } } });
    engines.push(engine);
    return engine;
  };
  const metadata = new MetaData();
  const columns = Object.fromEntries(CODES.map(({ column, type }) => [column, type.nullable()]));
  const values = new Table("round_trips", metadata, { id: integer().primaryKey(), ...columns });

  beforeAll(async () => {
    database = await provision(mariadb.available ? mariadb.url : "");
    await metadata.createAll(engineFor(undefined));
  });

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  afterAll(async () => {
    for (const engine of engines) await engine.dispose();
    await database?.drop();
  });

  const MODES = [
    ["the server's sql_mode", undefined],
    ["NO_BACKSLASH_ESCAPES", "STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES"],
    ["ANSI_QUOTES and PIPES_AS_CONCAT", "STRICT_TRANS_TABLES,ANSI_QUOTES,PIPES_AS_CONCAT,IGNORE_SPACE"],
  ] as const;

  for (const [title, mode] of MODES) {
    test(`[TYP3][TYP4][TYP5][TYP6][TYP7][TYP9][TYP11][TYP12] every type, as parameters, under ${title}`, async () => {
      const engine = engineFor(mode);
      await using conn = await engine.connect();
      for (const { column, name, values: wanted } of CODES) {
        await conn.execute(sql`DELETE FROM round_trips`);
        const row = values.c[column as "id"];
        for (const [i, value] of wanted.entries())
          await conn.execute(insert(values).values(rowOf(i + 1, column, value)));
        expect(await conn.execute(select(row).orderBy(values.c.id)).scalars(), name).toEqual(wanted);
        await conn.execute(sql`DELETE FROM round_trips`);
        // Enough rows to make a page, whose values are sent in another way.
        const page = [
          ...wanted.map((value, i) => rowOf(i + 1, column, value)),
          ...Array.from({ length: 40 }, (_, i) => rowOf(100 + i, column, null)),
        ];
        await conn.execute(insert(values).valuesList(page));
        expect(
          await conn.execute(select(row).where(values.c.id.lt(100)).orderBy(values.c.id)).scalars(),
          `${name} in a batch`,
        ).toEqual(wanted);
      }
    });

    test(`[CMP19] every type, as literals in the text, under ${title}`, async () => {
      const engine = engineFor(mode);
      await using conn = await engine.connect();
      for (const { column, type, name, values: wanted } of CODES) {
        await conn.execute(sql`DELETE FROM round_trips`);
        for (const [i, value] of wanted.entries()) {
          const inlined = (
            literal(value as string, type as ValueType<string, unknown>) as unknown as { inlined(): unknown }
          ).inlined();
          await conn.execute(insert(values).values(rowOf(i + 1, column, inlined)));
        }
        const found = await conn.execute(select(values.c[column as "id"]).orderBy(values.c.id)).scalars();
        expect(found, name).toEqual(wanted);
      }
    });

    test(`literals in DDL (defaults, checks, enumerations, computed columns) mean what they say under ${title}`, async () => {
      const engine = engineFor(mode);
      const own = new MetaData();
      const t = new Table(
        "defaulted",
        own,
        {
          id: integer().primaryKey(),
          s: string(50).serverDefault("it's \\ here"),
          e: enumeration(["a\\b", "c"]).serverDefault("a\\b"),
          l: text().serverDefault("long 'text' \\"),
          n: numeric(10, 2).serverDefault("1.50"),
          b: boolean().serverDefault(true),
          d: double().serverDefault(0.1),
          at: dateTime({ timezone: true }).serverDefault(func.now()),
          c: string(50).computed(literal("a\\b'").concat("c"), { persisted: true }),
          p: string(20).serverDefault(literal("x\\y")),
        },
        { constraints: (c) => [check(c.s.ne("\\x")), check(c.s.notLike("a\\%b", { escape: "\\" }))] },
      );
      await own.createAll(engine);
      await using conn = await engine.connect();
      await conn.execute(insert(t).values({}));
      const row = await conn.execute(selectAll(t)).one();
      expect(row).toMatchObject({
        id: 1,
        s: "it's \\ here",
        e: "a\\b",
        l: "long 'text' \\",
        n: "1.50",
        b: true,
        d: 0.1,
        c: "a\\b'c",
        p: "x\\y",
      });
      await conn.execute(insert(t).values({ s: "x" }));
      await expect(conn.execute(insert(t).values({ s: "\\x" }))).rejects.toBeInstanceOf(CheckViolationError);
      await conn.execute(insert(t).values({ s: "a--b" }));
      await expect(conn.execute(insert(t).values({ s: "a%b" }))).rejects.toBeInstanceOf(CheckViolationError);
      expect(Math.abs(Date.now() - (row.at as Date).getTime())).toBeLessThan(60_000);
      await own.dropAll(conn);
    });
  }

  test("[TYP7] dates do not move, whatever the time zones of process, server and session", async () => {
    vi.stubEnv("TZ", "America/New_York");
    expect(new Date("2024-01-01T00:00:00Z").getTimezoneOffset()).toBe(300);
    await using conn = await engineFor(undefined).connect();
    const own = new MetaData();
    const t = new Table("moments", own, {
      id: integer().primaryKey(),
      instant: dateTime({ timezone: true }),
      wall: dateTime({ as: "string" }),
      day: date(),
    });
    await own.createAll(conn);
    // 2:30 does not exist on this day in New York, and 1:30 exists twice on the other.
    const moments = [
      "2024-03-10T02:30:00.000Z",
      "2024-03-10T07:30:00.000Z",
      "2024-11-03T05:30:00.000Z",
      "2024-11-03T06:30:00.000Z",
    ];
    const rows = moments.map((moment, i) => ({
      id: i + 1,
      instant: new Date(moment),
      wall: moment.slice(0, 19),
      day: moment.slice(0, 10),
    }));
    await conn.execute(insert(t).valuesList(rows));
    const read = (): Promise<unknown> => conn.execute(selectAll(t).orderBy(t.c.id)).all();
    expect(await read()).toEqual(rows);
    expect(await conn.execute(select(t.c.id).where(t.c.instant.eq(new Date(moments[1] as string)))).scalar()).toBe(2);
    // A session in another zone reads DATETIME as it is; CURRENT_TIMESTAMP follows the session, which ours keep at UTC.
    await conn.execute(sql`SET time_zone = '-05:00'`);
    expect(await read()).toEqual(rows);
    await conn.execute(sql`SET time_zone = '+00:00'`);
    await own.dropAll(conn);
  });

  test("TIMESTAMP columns of others are instants in UTC", async () => {
    await using conn = await engineFor(undefined).connect();
    await conn.execute(sql`CREATE TABLE stamps (t TIMESTAMP(3) NULL)`);
    const stamps = new Table("stamps", new MetaData(), { t: dateTime({ timezone: true }) });
    await conn.execute(insert(stamps).values({ t: new Date("2024-07-01T12:00:00.250Z") }));
    await conn.execute(sql`SET time_zone = '+05:00'`);
    expect(await conn.execute(sql`SELECT t FROM stamps`).scalar()).toBe("2024-07-01 17:00:00.250");
    await conn.execute(sql`SET time_zone = '+00:00'`);
    expect(await conn.execute(select(stamps.c.t)).scalar()).toEqual(new Date("2024-07-01T12:00:00.250Z"));
    await conn.execute(sql`DROP TABLE stamps`);
  });

  test("[TYP4] arithmetic with decimals stays exact", async () => {
    await using conn = await engineFor(undefined).connect();
    const own = new MetaData();
    const t = new Table("money", own, { id: integer().primaryKey(), amount: numeric(65, 30), price: numeric(10, 2) });
    await own.createAll(conn);
    const amount = "12345678901234567890123456789012345.123456789012345678901234567891";
    await conn.execute(insert(t).values({ amount, price: "0.10" }));
    const almost = "12345678901234567890123456789012345.123456789012345678901234567892";
    const found = select(t.c.id).where(t.c.amount.add("0").eq(almost));
    expect(await conn.execute(found).all()).toEqual([]);
    expect(await conn.execute(select(t.c.price.add("0.20").label("p"))).scalar()).toBe("0.30");
    expect(await conn.execute(select(t.c.price.mul(3).label("p"))).scalar()).toBe("0.30");
    expect(await conn.execute(select(func.sum(t.c.price).label("p"))).scalar()).toBe("0.10");
    await conn.execute(update(t).set({ amount: t.c.amount.add("0.000000000000000000000000000001") }));
    expect(await conn.execute(select(t.c.amount)).scalar()).toBe(almost);
    await own.dropAll(conn);
  });

  test("[TYP3] arithmetic and comparison beyond 2^53 are exact; a sum that no number holds is refused", async () => {
    await using conn = await engineFor(undefined).connect();
    const own = new MetaData();
    const t = new Table("big", own, { id: integer().primaryKey(), n: bigInteger(), small: integer() });
    await own.createAll(conn);
    await conn.execute(insert(t).values({ n: 9007199254740993n, small: 2147483647 }, { n: 2n ** 63n - 1n, small: 1 }));
    expect(await conn.execute(select(t.c.n.add(1n).label("x")).where(t.c.id.eq(1))).scalar()).toBe(9007199254740994n);
    expect(await conn.execute(select(t.c.id).where(t.c.n.eq(9007199254740992n))).all()).toEqual([]);
    expect(await conn.execute(select(t.c.id).where(t.c.n.in([9007199254740993n]))).scalars()).toEqual([1]);
    expect(await conn.execute(select(func.sum(t.c.n).label("x"))).scalar()).toBe(9007199254740993n + 2n ** 63n - 1n);
    expect(await conn.execute(select(func.sum(t.c.small).label("x"), func.count().label("n"))).one()).toEqual({
      x: 2147483648,
      n: 2,
    });
    await expect(conn.execute(select(func.sum(t.c.n.cast(integer())).label("x"))).scalar()).rejects.toMatchObject({
      code: "INTEGER_TOO_LARGE",
    });
    expect(await conn.execute(sql`SELECT n, small FROM big ORDER BY id`).tuples()).toEqual([
      [9007199254740993n, 2147483647],
      [9223372036854775807n, 1],
    ]);
    await own.dropAll(conn);
  });

  test("[EXP10] integers divide as integers or truly, floating point parameters to floating point", async () => {
    await using conn = await engineFor(undefined).connect();
    const one = literal(1, double());
    expect(await conn.execute(select(one.div(literal(3, double())).label("x"))).scalar()).toBe(1 / 3);
    expect(await conn.execute(select(literal(5).div(2).label("x"))).scalar()).toBe(2);
    expect(await conn.execute(select(literal(5).trueDiv(2).label("x"))).scalar()).toBe(2.5);
    expect(await conn.execute(select(literal(5).mod(3).label("x"))).scalar()).toBe(2);
  });

  test("FLOAT columns of others are read with all their digits, by text statements too", async () => {
    await using conn = await engineFor(undefined).connect();
    await conn.execute(sql`CREATE TABLE floats (f FLOAT)`);
    await conn.execute(sql`INSERT INTO floats VALUES (${0.1}), (${16777217})`);
    expect(await conn.execute(sql`SELECT f FROM floats ORDER BY f`).scalars()).toEqual([Math.fround(0.1), 16777216]);
    await conn.execute(sql`DROP TABLE floats`);
  });

  test("[TYP9] bytes are plain Uint8Arrays of their own memory", async () => {
    await using conn = await engineFor(undefined).connect();
    const [bytes] = (await conn.execute(sql`SELECT x'00ff5c'`).scalars()) as [Uint8Array];
    expect([Object.getPrototypeOf(bytes) === Uint8Array.prototype, bytes.buffer.byteLength]).toEqual([true, 3]);
    const large = new Uint8Array(3_000_000).map((_, i) => i % 251);
    expect(await conn.execute(sql`SELECT ${large}`).scalar()).toEqual(large);
  });

  test("[DML10][MY13] a huge batch arrives whole and in order, with its keys", async () => {
    await using conn = await engineFor(undefined).connect();
    const own = new MetaData();
    const t = new Table("huge", own, {
      id: integer().primaryKey(),
      n: integer(),
      name: string(50),
      price: numeric(10, 2),
      big: bigInteger(),
      ratio: double(),
    });
    await own.createAll(conn);
    const rows = Array.from({ length: 20_000 }, (_, i) => ({
      n: i - 10_000,
      name: `näme ${i}`,
      price: `${i}.25` as Decimal,
      big: 2n ** 53n + BigInt(i),
      ratio: i / 3,
    }));
    const keys = await conn.execute(insert(t).valuesList(rows).returning(t.c.id)).scalars();
    expect(keys).toHaveLength(20_000);
    expect(keys).toEqual([...keys].sort((a, b) => a - b));
    const read = await conn.execute(select(t.c.n, t.c.name, t.c.price, t.c.big, t.c.ratio).orderBy(t.c.id)).all();
    expect(read).toEqual(rows);
    const wanted = Array.from({ length: 5000 }, (_, i) => i * 2);
    expect(await conn.execute(select(func.count()).where(t.c.n.in(wanted))).scalar()).toBe(5000);
    await own.dropAll(conn);
  });
});
