import {
  type AnyTable,
  createEngine,
  createStatements,
  type Engine,
  insert,
  inspect,
  integer,
  MetaData,
  NoSuchTableError,
  type ReflectedTable,
  select,
  sql,
  string,
  Table,
} from "@acme/core/dialect";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sqlite } from "../index.js";

let engine: Engine;

beforeEach(() => {
  engine = createEngine("sqlite://");
});
afterEach(() => engine.dispose());

/** Executes statements as they are written. */
async function run(...statements: readonly string[]): Promise<void> {
  await engine.begin(async (conn) => {
    for (const statement of statements) await conn.executeDriverSql(statement);
  });
}

describe("[sqlite] reflection", () => {
  test("[REFL2][REFL5] tables, views and schemas; not SQLite's own", async () => {
    await run(
      "CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT)",
      "CREATE TABLE A (x)",
      "CREATE VIEW v AS SELECT x FROM A",
      "CREATE VIRTUAL TABLE search USING fts5(body)",
      "INSERT INTO b DEFAULT VALUES",
    );
    const inspector = await inspect(engine);
    expect(await inspector.getTableNames()).toEqual(["A", "b", "search"]);
    expect(await inspector.getViewNames()).toEqual(["v"]);
    expect(await inspector.getSchemaNames()).toContain("main");
    expect(inspector.defaultSchemaName).toBe("main");
    expect([
      await inspector.hasTable("A"),
      await inspector.hasTable("v"),
      await inspector.hasTable("sqlite_sequence"),
    ]).toEqual([true, true, false]);
  });

  test("[REFL6] columns: type, null, default, key, computed", async () => {
    await run(`CREATE TABLE t (
      id INTEGER PRIMARY KEY,
      "a b" VARCHAR(5) NOT NULL DEFAULT 'it''s',
      n NUMERIC(10, 2) DEFAULT 1.5,
      at DATETIME DEFAULT (datetime('now')),
      twice AS (n * 2),
      thrice INT NOT NULL GENERATED ALWAYS AS (n * 3) STORED,
      any
    )`);
    const columns = await (await inspect(engine)).getColumns("t");
    expect(
      columns.map((column) => [
        column.name,
        String(column.type),
        column.typeText,
        column.nullable,
        column.default,
        column.autoincrement,
      ]),
    ).toEqual([
      ["id", "integer", "INTEGER", false, undefined, true],
      ["a b", "string(5)", "VARCHAR(5)", false, "'it''s'", false],
      ["n", "numeric(10, 2)", "NUMERIC(10, 2)", true, "1.5", false],
      ["at", "dateTime", "DATETIME", true, "datetime('now')", false],
      ["twice", "null", "", true, undefined, false],
      ["thrice", "integer", "INT", false, undefined, false],
      ["any", "null", "", true, undefined, false],
    ]);
    expect(columns.map((column) => column.computed).filter((computed) => computed)).toEqual([
      { sqltext: "n * 2", persisted: false },
      { sqltext: "n * 3", persisted: true },
    ]);
  });

  test("a primary key holds NULL where nobody forbade it, but not the rowid", async () => {
    await run(
      "CREATE TABLE texts (k TEXT PRIMARY KEY)",
      "CREATE TABLE pairs (a INTEGER, b INTEGER, PRIMARY KEY (b, a))",
      "CREATE TABLE clustered (k INTEGER PRIMARY KEY) WITHOUT ROWID",
      "CREATE TABLE big (k BIGINT PRIMARY KEY)",
    );
    const inspector = await inspect(engine);
    const facts = async (table: string): Promise<unknown> =>
      (await inspector.getColumns(table)).map((column) => [column.nullable, column.autoincrement]);
    expect(await facts("texts")).toEqual([[true, false]]);
    expect(await facts("pairs")).toEqual([
      [true, false],
      [true, false],
    ]);
    expect(await facts("clustered")).toEqual([[false, false]]);
    expect(await facts("big")).toEqual([[true, false]]);
    expect(await inspector.getPrimaryKey("pairs")).toEqual({ name: undefined, columns: ["b", "a"] });
  });

  test("[REFL7] foreign keys: composite, named, implied, to itself, with actions, in the order of the text", async () => {
    await run(
      "CREATE TABLE parent (a INTEGER, b INTEGER, c TEXT UNIQUE, PRIMARY KEY (b, a))",
      `CREATE TABLE child (
        x INTEGER, y INTEGER, z TEXT REFERENCES Parent (c) ON DELETE SET NULL ON UPDATE CASCADE, me INTEGER CONSTRAINT self REFERENCES child,
        id INTEGER PRIMARY KEY, gone INTEGER REFERENCES nowhere (id),
        CONSTRAINT "to parent" FOREIGN KEY (X, y) REFERENCES parent, FOREIGN KEY (y, x) REFERENCES parent (b, a)
      )`,
    );
    const key = { targetSchema: undefined, onDelete: undefined, onUpdate: undefined };
    expect(await (await inspect(engine)).getForeignKeys("child")).toEqual([
      {
        ...key,
        name: undefined,
        columns: ["z"],
        targetTable: "parent",
        targetColumns: ["c"],
        onDelete: "set null",
        onUpdate: "cascade",
      },
      { ...key, name: "self", columns: ["me"], targetTable: "child", targetColumns: ["id"] },
      { ...key, name: undefined, columns: ["gone"], targetTable: "nowhere", targetColumns: ["id"] },
      { ...key, name: "to parent", columns: ["x", "y"], targetTable: "parent", targetColumns: ["b", "a"] },
      { ...key, name: undefined, columns: ["y", "x"], targetTable: "parent", targetColumns: ["b", "a"] },
    ]);
  });

  test("[REFL8][LT23] unique constraints, indexes and checks", async () => {
    await run(
      `CREATE TABLE t (a INTEGER UNIQUE, b TEXT CHECK (length(b) < 5), CONSTRAINT pair UNIQUE (b, a), CONSTRAINT "po(s" CHECK (a > 0))`,
      "CREATE INDEX plain ON t (b)",
      `CREATE UNIQUE INDEX "odd one" ON t (a DESC, lower(b), b COLLATE NOCASE) WHERE a IS NOT NULL`,
    );
    const found = await (await inspect(engine)).getTable("t");
    expect(found.uniqueConstraints).toEqual([
      { name: undefined, columns: ["a"] },
      { name: "pair", columns: ["b", "a"] },
    ]);
    expect(found.checks).toEqual([
      { name: undefined, sqltext: "length(b) < 5" },
      { name: "po(s", sqltext: "a > 0" },
    ]);
    expect(found.indexes).toEqual([
      { name: "plain", unique: false, columns: ["b"], expressions: ["b"], where: undefined },
      {
        name: "odd one",
        unique: true,
        columns: ["a", undefined, "b"],
        expressions: ["a DESC", "lower(b)", "b COLLATE NOCASE"],
        where: "a IS NOT NULL",
      },
    ]);
  });

  test("views have columns", async () => {
    await run(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(9))",
      "CREATE VIEW v AS SELECT name, id * 2 AS twice FROM t",
    );
    const found = await (await inspect(engine)).getTable("v");
    expect([found.kind, found.primaryKey, found.columns.map((column) => [column.name, String(column.type)])]).toEqual([
      "view",
      undefined,
      [
        ["name", "string(9)"],
        ["twice", "null"],
      ],
    ]);
  });

  test("[LT18] attached databases are schemas", async () => {
    await using conn = await engine.connect();
    await conn.executeDriverSql("ATTACH ':memory:' AS \"my side\"");
    await conn.executeDriverSql('CREATE TABLE "my side".p (id INTEGER PRIMARY KEY)');
    await conn.executeDriverSql('CREATE TABLE "my side".c (p INTEGER REFERENCES p, UNIQUE (p))');
    await conn.executeDriverSql("CREATE TEMP TABLE scratch (x)");
    const inspector = await inspect(conn);
    expect(await inspector.getSchemaNames()).toEqual(["main", "temp", "my side"]);
    expect(await inspector.getTableNames({ schema: "my side" })).toEqual(["c", "p"]);
    expect(await inspector.getTableNames({ schema: "temp" })).toEqual(["scratch"]);
    expect(await inspector.getTableNames()).toEqual([]);
    expect((await inspector.getForeignKeys("c", { schema: "my side" }))[0]).toMatchObject({
      targetSchema: "my side",
      targetTable: "p",
      targetColumns: ["id"],
    });
    const metadata = new MetaData();
    await metadata.reflect(conn, { schema: "my side", only: ["c"] });
    expect([...metadata.tables.keys()]).toEqual(["my side.c", "my side.p"]);
    const c = metadata.table("my side.c");
    expect(await conn.execute(select(c.column("p"))).all()).toEqual([]);
  });

  test("[SCH12][REFL23] an unknown table names its like; nothing is half loaded", async () => {
    await run("CREATE TABLE invoices (id INTEGER PRIMARY KEY)");
    const metadata = new MetaData();
    await expect(Table.reflect("invoice", metadata, engine)).rejects.toThrow(NoSuchTableError);
    await expect(metadata.reflect(engine, { only: ["invoices", "zebra"] })).rejects.toThrow(
      "The tables and views are: invoices.",
    );
    expect(metadata.tables.size).toBe(0);
  });

  test("[REFL17][REFL18] reflected tables read and write rows, with declared columns in between", async () => {
    await run(
      "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
      "CREATE TABLE book (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES author, title TEXT DEFAULT 'untitled')",
    );
    const metadata = new MetaData();
    const book = await Table.reflect("book", metadata, engine, { columns: { title: string(50) } });
    const author = metadata.table("author");
    await engine.begin(async (conn) => {
      await conn.execute(insert(author).values({ name: "Ann" } as never));
      const added = await conn.execute(insert(book).values({ author_id: 1 }));
      expect(added.insertedPrimaryKey).toEqual({ id: 1 });
      const title: string = await conn.execute(select(book.c.title)).scalarOne();
      expect(title).toBe("untitled");
      expect(await conn.execute(select(author.column("name"), book.c.title).join(book)).tuples()).toEqual([
        ["Ann", "untitled"],
      ]);
    });
  });

  test("what is reflected can be created again, and reflects the same", async () => {
    await run(
      "CREATE TABLE p (a INTEGER NOT NULL, b TEXT NOT NULL, PRIMARY KEY (b, a))",
      `CREATE TABLE "q r" (id INTEGER CONSTRAINT pk PRIMARY KEY, "p a" INTEGER, pb VARCHAR(9) DEFAULT 'x', s INTEGER AS (id + 1) STORED, at TIMESTAMP,
        CONSTRAINT fk FOREIGN KEY ("p a", pb) REFERENCES p (a, b) ON DELETE CASCADE, CONSTRAINT u UNIQUE (pb, at), CONSTRAINT c CHECK (id > 0 AND pb <> 'a:b'))`,
      'CREATE UNIQUE INDEX "i 1" ON "q r" (pb DESC, lower(pb)) WHERE id > 5',
    );
    const first = new MetaData();
    await first.reflect(engine);
    const before = await (await inspect(engine)).getTables();
    await first.dropAll(engine);
    await first.createAll(engine);
    const after = await (await inspect(engine)).getTables();
    expect(after.map(comparable)).toEqual(before.map(comparable));
    const script = createStatements(first.sortedTables, sqlite()).map((statement) => sqlite().compile(statement).sql);
    expect(script.at(-1)).toBe('CREATE UNIQUE INDEX "i 1" ON "q r" (pb DESC, (lower(pb))) WHERE id > 5');
  });

  test("names with quotes, spaces and letters of any script are found again", async () => {
    const names = ['a "b"', "x'y", "semi;colon", "ünï", "日本", "per%cent", "back`tick", "[br]", "a.b", "--", "UPPER"];
    const metadata = new MetaData();
    for (const name of names) {
      const table: AnyTable = new Table(name, metadata, {
        [name]: integer().primaryKey(),
        ref: integer()
          .nullable()
          .references(() => table.column(name))
          .unique(`u ${name}`),
      });
    }
    const quoted = new Table("plain", metadata, { id: integer().primaryKey(), x: integer().index("in dex") });
    await metadata.createAll(engine);
    const found = new MetaData();
    await found.reflect(engine);
    expect([...found.tables.keys()].sort()).toEqual([...names, quoted.name].sort());
    for (const name of names) {
      const table = found.table(name);
      expect(table.columns.map((column) => column.name)).toEqual([name, "ref"]);
      expect(table.foreignKeys[0]?.targetTable).toBe(table);
      expect(table.constraints.find((constraint) => constraint.conventionKey === "uq")?.name).toBe(`u ${name}`);
    }
    await found.dropAll(engine);
  });

  test("all tables of a database are read with a handful of questions", async () => {
    await run(
      ...Array.from(
        { length: 50 },
        (_, i) =>
          `CREATE TABLE t${i} (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t${Math.max(0, i - 1)} (id), u TEXT UNIQUE)`,
      ),
    );
    const asked: string[] = [];
    engine.on("beforeExecute", (event) => {
      asked.push(event.sql);
    });
    await new MetaData().reflect(engine);
    expect(asked.length).toBeLessThan(10);
    expect(asked.length).toBeGreaterThan(2);
    expect(
      await engine.begin((conn) => conn.execute(sql`SELECT count(*) AS n FROM t0`.columns({ n: integer() })).scalar()),
    ).toBe(0);
  });
});

/** A reflected table with types as text, and without the parentheses that are written around expressions. */
function comparable(table: ReflectedTable): unknown {
  return {
    ...table,
    columns: table.columns.map((column) => ({ ...column, type: String(column.type) })),
    indexes: table.indexes.map((index) => ({
      ...index,
      expressions: index.expressions.map((text) => text.replace(/^\((.*)\)$/, "$1")),
    })),
  };
}
