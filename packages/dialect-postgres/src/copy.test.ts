import {
  ArgumentError,
  bigInteger,
  boolean,
  type Connection,
  createEngine,
  dateTime,
  double,
  type Engine,
  func,
  insert,
  integer,
  json,
  largeBinary,
  MetaData,
  numeric,
  param,
  select,
  selectAll,
  sql,
  string,
  Table,
} from "@acme/core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { copyFrom, copyFromBytes, copyToBytes } from "./index.js";
import { ownDatabase } from "./test-support.js";

const { postgresql } = inject("databases");

const metadata = new MetaData();
const things = new Table("some things", metadata, {
  id: integer().primaryKey(),
  title: string(50).named("Title").nullable(),
  amount: numeric(30, 2).nullable(),
  big: bigInteger().nullable(),
  ratio: double().nullable(),
  yes: boolean().nullable(),
  at: dateTime({ timezone: true }).nullable(),
  doc: json().nullable(),
  bytes: largeBinary().nullable(),
});
const names = new Table("names", metadata, { id: integer().primaryKey(), name: string(20).unique() });

const ODD = [
  "tab\there",
  "line\nand\r\nline",
  "back\\slash \\N \\. \\t",
  "",
  "\\N",
  "\\.",
  "quote ' \" , ;",
  "grün 漢字 🎉",
];

async function textOf(data: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of data) parts.push(part);
  return Buffer.concat(parts).toString();
}

const urls = [
  ["postgresql", postgresql.available],
  ["pglite", true],
] as const;

describe.each(urls.filter(([, there]) => there))("[%s] COPY", (name) => {
  const database = name === "postgresql" ? ownDatabase() : { url: "postgresql+pglite://" };
  let engine: Engine;
  let conn: Connection;

  beforeAll(async () => {
    engine = createEngine(database.url);
    await metadata.createAll(engine);
    conn = await engine.connect();
  });
  beforeEach(async () => {
    await conn.executeDriverSql('TRUNCATE "some things", names');
  });
  afterAll(async () => {
    await conn.close();
    await engine.dispose();
  });
  const count = () => conn.execute(select(func.count()).selectFrom(names)).scalar();

  it("from rows stores values of every type exactly, NULLs and awkward texts", async () => {
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
    expect(await copyFrom(conn, things, rows)).toBe(2);
    expect(await conn.execute(selectAll(things).orderBy(things.c.id)).all()).toEqual(rows);
    await copyFrom(
      conn,
      things,
      ODD.map((title, i) => ({ id: 10 + i, title })),
    );
    const read = select(things.c.title).where(things.c.id.ge(10)).orderBy(things.c.id);
    expect(await conn.execute(read).scalars()).toEqual(ODD);
  });

  it("from rows takes any number of them from a generator, and none", async () => {
    async function* many() {
      for (let id = 1; id <= 50_000; id++) yield { id, name: `name ${id}` };
    }
    expect(await copyFrom(conn, names, many())).toBe(50_000);
    expect(await count()).toBe(50_000);
    expect(await copyFrom(conn, names, [])).toBe(0);
  });

  it("stores nothing when a row is refused, and the connection goes on, also in a transaction with a savepoint", async () => {
    const twice = [
      { id: 1, name: "a" },
      { id: 2, name: "a" },
    ];
    await expect(copyFrom(conn, names, twice)).rejects.toMatchObject({
      name: "UniqueViolationError",
      statement: "COPY names (id, name) FROM STDIN",
    });
    expect(await count()).toBe(0);
    await conn.transaction(async () => {
      await copyFrom(conn, names, [{ id: 5, name: "kept" }]);
      await expect(conn.transaction(() => copyFrom(conn, names, twice))).rejects.toThrow();
      await conn.execute(insert(names).values({ id: 6, name: "after" }));
    });
    expect(await count()).toBe(2);
  });

  it("stores nothing when the source of the rows throws, and passes its error on", async () => {
    const failure = new RangeError("the file ended");
    let closed = false;
    function* failing() {
      try {
        yield { id: 1, name: "a" };
        throw failure;
      } finally {
        closed = true;
      }
    }
    const error = await copyFrom(conn, names, failing()).catch((caught: unknown) => caught);
    expect((error as Error).cause ?? error).toBe(failure);
    expect(closed).toBe(true);
    expect(await count()).toBe(0);
  });

  it("refuses rows of another shape, expressions, and columns that are not there", async () => {
    const wrong = (rows: readonly object[]) => copyFrom(conn, names, rows as { id: number; name: string }[]);
    await expect(wrong([{ id: 1, name: "a" }, { id: 2 }])).rejects.toThrow(/Row 2 lacks "name"/);
    await expect(wrong([{ id: 1 }, { id: 2, name: "b" }])).rejects.toThrow(/Row 2 has "name"/);
    await expect(wrong([{ id: 1, name: func.now() }])).rejects.toThrow(/expression for "name"/);
    await expect(wrong([{ id: 1, nam: "a" }])).rejects.toThrow(/no column "nam".*id, name/);
    // @ts-expect-error a column that the table does not have
    await expect(copyFrom(conn, names, [{ id: 1, nam: "a" }])).rejects.toThrow(ArgumentError);
    expect(await count()).toBe(0);
  });

  it("from bytes takes files in the formats of COPY", async () => {
    async function* chunks() {
      yield 'Name,id\n"a, ""quoted""",1';
      yield Buffer.from("\nNULL,2\n");
    }
    const csv = { format: "csv", header: true, columns: ["name", "id"], null: "x" } as const;
    expect(await copyFromBytes(conn, names, chunks(), csv)).toBe(2);
    expect(await conn.execute(select(names.c.name).orderBy(names.c.id)).scalars()).toEqual(['a, "quoted"', "NULL"]);
    await expect(copyFromBytes(conn, names, ["7\n"])).rejects.toMatchObject({ name: "DataError" });
    const bad = copyFromBytes(conn, names, [], { format: "xml" as "csv" });
    await expect(bad).rejects.toThrow(/no format "xml"/);
  });

  it("to bytes gives tables and queries, whose values become literals", async () => {
    await conn.execute(insert(names).values({ id: 1, name: "it's" }, { id: 2, name: "b" }));
    expect(await textOf(copyToBytes(conn, names))).toBe("1\tit's\n2\tb\n");
    expect(await textOf(copyToBytes(conn, names, { format: "csv", columns: ["name"], header: true }))).toBe(
      "name\nit's\nb\n",
    );
    const query = select(names.c.id).where(names.c.name.in(["it's", "z"]), names.c.id.eq(1));
    expect(await textOf(copyToBytes(conn, query))).toBe("1\n");
    expect(await textOf(copyToBytes(conn, query.where(names.c.id.eq(9))))).toBe("");
    const open = select(names.c.id).where(names.c.id.eq(param("id", integer())));
    await expect(textOf(copyToBytes(conn, open))).rejects.toThrow(/parameters, which COPY does not take/);
    expect(await conn.execute(sql`SELECT 1 AS one`).scalar()).toBe(1);
  });

  it("copies a table into another in the binary format", async () => {
    await conn.executeDriverSql("INSERT INTO names SELECT g, 'n' || g FROM generate_series(1, 3000) g");
    await conn.executeDriverSql("CREATE TABLE IF NOT EXISTS copied (LIKE names)");
    const copied = new Table("copied", new MetaData(), { id: integer(), name: string(20) });
    const parts: Uint8Array[] = [];
    for await (const part of copyToBytes(conn, names, { format: "binary" })) parts.push(part);
    expect(await copyFromBytes(conn, copied, parts, { format: "binary" })).toBe(3000);
    expect(await conn.execute(select(func.count()).selectFrom(copied)).scalar()).toBe(3000);
  });

  it("to bytes can be left early, and the connection goes on", async () => {
    const huge = sql`SELECT g, repeat('x', 100) AS x FROM generate_series(1, ${name === "pglite" ? 20_000 : 3_000_000}) AS g`;
    for await (const part of copyToBytes(conn, huge)) {
      expect(part.length).toBeGreaterThan(1000);
      break;
    }
    expect(await conn.execute(sql`SELECT 1 AS one`).scalar()).toBe(1);
  });

  // PGlite cannot hear of it while it works.
  if (name === "postgresql") {
    it("ends by its signal, stores nothing, and the connection goes on", async () => {
      const controller = new AbortController();
      async function* endless() {
        for (let id = 1; ; id++) {
          if (id === 20_000) controller.abort();
          yield { id, name: `n${id}` };
          if (id > 20_000) await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }
      await expect(copyFrom(conn, names, endless(), { signal: controller.signal })).rejects.toMatchObject({
        name: "CancelledError",
      });
      expect(await count()).toBe(0);
    });

    it("[ENG40] lends the driver's connection for what the toolkit does not cover, in turn and with the toolkit's errors", async () => {
      const query = (text: string) => (driver: { readonly native: unknown }) =>
        (driver.native as { query(text: string): Promise<{ readonly rows: readonly object[] }> }).query(text);
      const before = conn.execute(insert(names).values({ id: 1, name: "before" }));
      const lent = conn.withDriver("a look", query("SELECT name FROM names"));
      await before;
      expect((await lent).rows).toEqual([{ name: "before" }]);
      await expect(conn.withDriver("a look", query("SELECT nothing"))).rejects.toMatchObject({
        name: "ProgrammingError",
        statement: "a look",
      });
      expect(await count()).toBe(1);
    });
  }

  it("keeps the connection to itself until it is done", async () => {
    async function* asking() {
      yield { id: 1, name: "a" };
      await conn.execute(sql`SELECT 1`);
    }
    const error = await copyFrom(conn, names, asking()).catch((caught: unknown) => caught);
    expect(String((error as Error).cause ?? error)).toMatch(/lent to a function/);
    expect(await count()).toBe(0);
  });
});
