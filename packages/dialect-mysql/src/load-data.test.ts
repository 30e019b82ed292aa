import {
  bigInteger,
  boolean,
  type Connection,
  createEngine,
  dateTime,
  double,
  type Engine,
  func,
  integer,
  json,
  largeBinary,
  MetaData,
  numeric,
  select,
  selectAll,
  string,
  Table,
} from "@acme/core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { loadData } from "./index.js";
import { provision, type TestDatabase } from "./test-support.js";

const { mariadb } = inject("databases");

const metadata = new MetaData();
const things = new Table("some things", metadata, {
  id: integer().primaryKey(),
  title: string(50).named("Title").nullable(),
  amount: numeric(30, 2).nullable(),
  big: bigInteger().nullable(),
  ratio: double().nullable(),
  yes: boolean().nullable(),
  at: dateTime({ timezone: true, precision: 3 }).nullable(),
  doc: json().nullable(),
  bytes: largeBinary().nullable(),
});
const names = new Table("names", metadata, { id: integer().primaryKey(), name: string(20).unique() });

const ODD = [
  "tab\there",
  "line\nand\r\nline",
  "back\\slash \\N \\t",
  "",
  "\\N",
  "NULL",
  "quote ' \" , ;",
  "nul\0l",
  "漢字 🎉",
];

describe.skipIf(!mariadb.available)("[mariadb] LOAD DATA LOCAL", () => {
  let database: TestDatabase;
  let engine: Engine;
  let conn: Connection;

  beforeAll(async () => {
    database = await provision(mariadb.available ? mariadb.url : "");
    engine = createEngine(`${database.url}?localInfile=true`);
    await metadata.createAll(engine);
    conn = await engine.connect();
    const on = await conn.executeDriverSql("SELECT @@local_infile").scalar();
    if (on !== 1) throw new Error("these tests need local_infile = 1 on the server, which is MariaDB's default");
  });
  beforeEach(async () => {
    for (const table of ["`some things`", "names"]) await conn.executeDriverSql(`DELETE FROM ${table}`);
  });
  afterAll(async () => {
    await conn?.close();
    await engine?.dispose();
    await database?.drop();
  });
  const count = () => conn.execute(select(func.count()).selectFrom(names)).scalar();

  test("stores values of every type exactly, NULLs and awkward texts", async () => {
    const rows = [
      {
        id: 1,
        title: "first",
        amount: "12345678901234567890.50" as const,
        big: 9007199254740993n,
        ratio: 0.1,
        yes: true,
        at: new Date("2024-02-29T12:00:00.123Z"),
        doc: { a: ["\\", "\n", "'"] },
        bytes: new Uint8Array([0, 92, 10, 255]),
      },
      { id: 2, title: null, amount: null, big: null, ratio: null, yes: null, at: null, doc: null, bytes: null },
    ];
    expect(await loadData(conn, things, rows)).toBe(2);
    expect(await conn.execute(selectAll(things).orderBy(things.c.id)).all()).toEqual(rows);
    await loadData(
      conn,
      things,
      ODD.map((title, i) => ({ id: 10 + i, title })),
    );
    const read = select(things.c.title).where(things.c.id.ge(10)).orderBy(things.c.id);
    expect(await conn.execute(read).scalars()).toEqual(ODD);
  });

  test("a session without backslashes in literals stores the same", async () => {
    await using other = createEngine(`${database.url}?localInfile=true&sqlMode=NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES`);
    await using session = await other.connect();
    await loadData(
      session,
      things,
      ODD.map((title, i) => ({ id: i + 1, title })),
    );
    expect(await conn.execute(select(things.c.title).orderBy(things.c.id)).scalars()).toEqual(ODD);
  });

  test("takes any number of rows from a generator, and none", async () => {
    async function* many() {
      for (let id = 1; id <= 50_000; id++) yield { id, name: `name ${id}` };
    }
    expect(await loadData(conn, names, many())).toBe(50_000);
    expect(await count()).toBe(50_000);
    expect(await loadData(conn, names, [])).toBe(0);
  });

  test.each([
    [
      "a key that is there",
      [
        { id: 1, name: "a" },
        { id: 2, name: "a" },
      ],
      /Duplicate entry/,
    ],
    ["a text that is too long", [{ id: 1, name: "x".repeat(21) }], /Data truncated|too long/],
  ])("stores nothing when the server warns of %s", async (_what, rows, message) => {
    await expect(loadData(conn, names, rows)).rejects.toMatchObject({
      name: "DataError",
      code: "LOAD_WARNINGS",
      message: expect.stringMatching(message),
    });
    expect(await count()).toBe(0);
  });

  test("stores nothing when the source throws, and leaves the open transaction usable", async () => {
    function* failing() {
      yield { id: 1, name: "a" };
      throw new RangeError("the file ended");
    }
    const error = await loadData(conn, names, failing()).catch((caught: unknown) => caught);
    expect(String((error as Error).cause ?? error)).toContain("the file ended");
    expect(await count()).toBe(0);
    await conn.transaction(async () => {
      await loadData(conn, names, [{ id: 5, name: "kept" }]);
      await expect(loadData(conn, names, [{ id: 6, name: "kept" }])).rejects.toThrow(/Duplicate/);
    });
    expect(await count()).toBe(1);
  });

  test("refuses rows of another shape", async () => {
    const wrong = (rows: readonly object[]) => loadData(conn, names, rows as { id: number; name: string }[]);
    const cause = async (outcome: Promise<unknown>) => {
      const error = (await outcome.catch((caught: unknown) => caught)) as Error;
      return `${error.message} ${String(error.cause)}`;
    };
    expect(await cause(wrong([{ id: 1, name: "a" }, { id: 2 }]))).toMatch(/Row 2 lacks "name"/);
    expect(await cause(wrong([{ id: 1 }, { id: 2, name: "b" }]))).toMatch(/Row 2 has "name"/);
    expect(await cause(wrong([{ id: 1, name: func.now() }]))).toMatch(/expression for "name"/);
    await expect(wrong([{ id: 1, nam: "a" }])).rejects.toThrow(/no column "nam".*id, name/);
    expect(await count()).toBe(0);
  });

  test("is refused unless it was switched on, and never opens a file", async () => {
    await using plain = createEngine(database.url);
    await using session = await plain.connect();
    await expect(loadData(session, names, [{ id: 1, name: "a" }])).rejects.toMatchObject({ code: "LOCAL_INFILE_OFF" });
    const text = "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE names (name)";
    await expect(session.executeDriverSql(text)).rejects.toThrow();
    await expect(conn.executeDriverSql(text)).rejects.toThrow(/LOCAL INFILE/);
    expect(await count()).toBe(0);
  });
});
