import {
  AddConstraint,
  type AnyTable,
  bigInteger,
  boolean,
  CreateIndex,
  CreateSchema,
  CreateTable,
  check,
  createEngine,
  Dialect,
  DropTable,
  date,
  dateTime,
  double,
  type Engine,
  enumeration,
  func,
  index,
  insert,
  inspect,
  integer,
  json,
  largeBinary,
  literal,
  MetaData,
  numeric,
  primaryKey,
  select,
  smallInteger,
  sql,
  string,
  Table,
  text,
  time,
  unique,
  uuid,
} from "@acme/core/dialect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sqlite } from "./index.js";

const dialect = sqlite();
let engine: Engine;

beforeAll(() => {
  engine = createEngine("sqlite://");
});
afterAll(() => engine.dispose());

type Given = ConstructorParameters<typeof Table>;

function create(table: unknown, on: Dialect = dialect): string {
  return on.compile(new CreateTable(table as AnyTable)).sql;
}

/** The lines between the parentheses. */
function body(table: unknown): readonly string[] {
  return create(table)
    .split("\n")
    .slice(1, -1)
    .map((line) => line.trim().replace(/,$/, ""));
}

/** A table that SQLite has accepted. */
async function accepted(defs: Given[2], options: Given[3] = {}) {
  const metadata = new MetaData();
  const table = new Table("t", metadata, defs, options);
  await table.create(engine);
  await table.drop(engine);
  return table;
}

describe("[sqlite] CREATE TABLE", () => {
  test("[DDL1] the types' names", async () => {
    const t = await accepted({
      a: integer(),
      b: smallInteger(),
      c: bigInteger(),
      d: numeric(10, 2),
      e: double(),
      f: boolean(),
      g: string(50),
      h: text(),
      i: uuid(),
      j: date(),
      k: time(),
      l: dateTime(),
      m: dateTime({ timezone: true }),
      n: largeBinary(),
      o: json(),
      p: enumeration(["x", "yy"]),
    });
    expect(body(t)).toEqual([
      "a INTEGER NOT NULL",
      "b SMALLINT NOT NULL",
      "c BIGINT NOT NULL",
      "d NUMERIC(10, 2) NOT NULL",
      "e REAL NOT NULL",
      "f BOOLEAN NOT NULL",
      "g VARCHAR(50) NOT NULL",
      "h TEXT NOT NULL",
      "i CHAR(36) NOT NULL",
      "j DATE NOT NULL",
      "k TIME NOT NULL",
      "l DATETIME NOT NULL",
      "m TIMESTAMP NOT NULL",
      "n BLOB NOT NULL",
      "o JSON NOT NULL",
      "p VARCHAR(2) NOT NULL",
      "CHECK (p IN ('x', 'yy'))",
    ]);
  });

  test("[SCH29] a generated key is INTEGER PRIMARY KEY, whatever the width of the type", async () => {
    const narrow = await accepted({ id: integer().primaryKey(), x: integer().nullable() });
    expect(create(narrow, new Dialect())).toBe(
      "CREATE TABLE t (\n  id INTEGER NOT NULL,\n  x INTEGER,\n  PRIMARY KEY (id)\n)",
    );
    expect(create(narrow)).toBe("CREATE TABLE t (\n  id INTEGER NOT NULL PRIMARY KEY,\n  x INTEGER\n)");
    expect(body(await accepted({ id: bigInteger().primaryKey() }))).toEqual(["id INTEGER NOT NULL PRIMARY KEY"]);
    expect(body(await accepted({ id: integer().primaryKey({ autoincrement: false }) }))).toEqual([
      "id INTEGER NOT NULL",
      "PRIMARY KEY (id)",
    ]);
    const named = await accepted(
      { id: integer().primaryKey() },
      { constraints: (c) => [primaryKey(c.id as never, { name: "t_pk" })] },
    );
    expect(body(named)).toEqual(["id INTEGER NOT NULL CONSTRAINT t_pk PRIMARY KEY"]);
  });

  test("[LT14] table options: AUTOINCREMENT, WITHOUT ROWID, STRICT", async () => {
    const keeping = await accepted(
      { id: integer().primaryKey() },
      { dialectOptions: { sqlite: { autoincrement: true } } },
    );
    expect(create(keeping)).toBe("CREATE TABLE t (\n  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT\n)");
    const clustered = await accepted(
      { id: integer().primaryKey(), a: date(), b: json() },
      { dialectOptions: { sqlite: { withoutRowid: true, strict: true } } },
    );
    expect(create(clustered)).toBe(
      "CREATE TABLE t (\n  id INTEGER NOT NULL,\n  a TEXT NOT NULL,\n  b TEXT NOT NULL,\n  PRIMARY KEY (id)\n) STRICT, WITHOUT ROWID",
    );
    const t = new Table("t", new MetaData(), { id: integer() }, { dialectOptions: { sqlite: { engine: "fast" } } });
    expect(() => create(t)).toThrow(
      'sqlite has no table option "engine" (of "t"). It has: strict, withoutRowid, autoincrement.',
    );
  });

  test("[LT14] a STRICT table takes every type, and nothing of another kind", async () => {
    const t = new Table(
      "strict",
      new MetaData(),
      {
        id: integer().primaryKey(),
        n: numeric(10, 2),
        b: boolean(),
        d: double(),
        s: string(5),
        at: dateTime(),
        j: json(),
        x: largeBinary(),
      },
      { dialectOptions: { sqlite: { strict: true } } },
    );
    await t.create(engine);
    const row = { n: "1.50" as const, b: true, d: 2, s: "x", at: new Date(0), j: { a: 1 }, x: new Uint8Array([1]) };
    await engine.begin(async (conn) => {
      await conn.execute(insert(t).values(row));
      expect(await conn.execute(select(...t.columns)).all()).toEqual([{ id: 1, ...row }]);
    });
    await expect(engine.begin((conn) => conn.execute(sql`UPDATE strict SET d = 'abc'`))).rejects.toThrow();
    await t.drop(engine);
  });

  test("[SCH34] server defaults: literals as they are, anything else in parentheses", async () => {
    const t = new Table("defaults", new MetaData(), {
      id: integer().primaryKey(),
      a: integer().serverDefault(5),
      b: string(9).serverDefault("it's"),
      c: boolean().serverDefault(true),
      d: dateTime({ timezone: true }).serverDefault(func.now()),
      e: integer().serverDefault(literal(2).add(3)),
      f: numeric(10, 2).serverDefault("1.50"),
      g: string(9).serverDefault(sql`lower('ABC')`.as(string())),
    });
    expect(body(t)).toEqual([
      "id INTEGER NOT NULL PRIMARY KEY",
      "a INTEGER DEFAULT 5 NOT NULL",
      "b VARCHAR(9) DEFAULT 'it''s' NOT NULL",
      "c BOOLEAN DEFAULT 1 NOT NULL",
      "d TIMESTAMP DEFAULT (rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', 'now'), '0'), '.')) NOT NULL",
      "e INTEGER DEFAULT (2 + 3) NOT NULL",
      "f NUMERIC(10, 2) DEFAULT 1.50 NOT NULL",
      "g VARCHAR(9) DEFAULT (lower('ABC')) NOT NULL",
    ]);
    await t.create(engine);
    const row = await engine.begin((conn) =>
      conn
        .execute(
          insert(t)
            .values({})
            .returning(...t.columns),
        )
        .one(),
    );
    expect(row).toMatchObject({ id: 1, a: 5, b: "it's", c: true, e: 5, f: "1.50", g: "abc" });
    expect(row.d).toBeInstanceOf(Date);
    await t.drop(engine);
  });

  test("[SCH40] computed columns", async () => {
    const t = await accepted({
      a: integer(),
      b: integer().computed("a * 2", { persisted: true }),
      c: integer().nullable().computed("a * 3", { persisted: false }),
    });
    expect(body(t).slice(1)).toEqual([
      "b INTEGER GENERATED ALWAYS AS (a * 2) STORED NOT NULL",
      "c INTEGER GENERATED ALWAYS AS (a * 3) VIRTUAL",
    ]);
  });

  test("[SCH41] an identity is the rowid or refused", async () => {
    expect(body(await accepted({ id: integer().primaryKey().identity() }))).toEqual([
      "id INTEGER PRIMARY KEY NOT NULL",
    ]);
    for (const id of [
      integer().primaryKey().identity({ start: 10 }),
      integer().primaryKey().identity({ always: true }),
      integer().identity(),
    ]) {
      expect(() => create(new Table("t", new MetaData(), { id }))).toThrow("sqlite has no IDENTITY columns.");
    }
  });

  test("[SCH47][SCH48][SCH44] constraints, with their names", async () => {
    const t = await accepted(
      {
        a: integer().unique("one_a"),
        b: integer()
          .nullable()
          .references("t.a", { onDelete: "cascade", deferrable: true, initially: "deferred", name: "up" }),
        c: string(5),
      },
      { constraints: (c) => [unique([c.a, c.b] as never), check(sql`length(c) < 4`.as(boolean()), { name: "short" })] },
    );
    expect(body(t).slice(3)).toEqual([
      "CONSTRAINT one_a UNIQUE (a)",
      "CONSTRAINT up FOREIGN KEY (b) REFERENCES t (a) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
      "UNIQUE (a, b)",
      "CONSTRAINT short CHECK (length(c) < 4)",
    ]);
  });

  test("[LT16][SCH49][SCH50] indexes: partial, over expressions, descending; NULLS LAST is refused", async () => {
    const metadata = new MetaData();
    const t = new Table(
      "t",
      metadata,
      { a: integer(), name: string(50), dead: boolean() },
      {
        constraints: (c) => [
          index([c.a.desc(), func.lower(c.name)], { name: "one", unique: true, where: c.dead.eq(false) }),
        ],
      },
    );
    expect(dialect.compile(new CreateIndex(t.indexes[0] as never)).sql).toBe(
      "CREATE UNIQUE INDEX one ON t (a DESC, (lower(name))) WHERE dead = 0",
    );
    await metadata.createAll(engine);
    expect(await (await inspect(engine)).getIndexes("t")).toEqual([
      {
        name: "one",
        unique: true,
        columns: ["a", undefined],
        expressions: ["a DESC", "(lower(name))"],
        where: "dead = 0",
      },
    ]);
    await metadata.dropAll(engine);
    expect(() => dialect.compile(new CreateIndex(index(t.c.a.nullsLast(), { name: "x" })))).toThrow(
      "sqlite has no NULLS FIRST or NULLS LAST in an index.",
    );
  });

  test("[LT24] what SQLite cannot do is refused by name", () => {
    const t = new Table("t", new MetaData(), { a: integer().unique() });
    expect(() => dialect.compile(new AddConstraint(t.constraints[0] as never))).toThrow(
      "sqlite has no ALTER TABLE ... ADD CONSTRAINT.",
    );
    expect(() => dialect.compile(new DropTable(t, { cascade: true }))).toThrow("sqlite has no DROP TABLE ... CASCADE.");
    expect(() => dialect.compile(new CreateSchema("app"))).toThrow(
      "sqlite has no CREATE SCHEMA. ATTACH a database under the schema's name.",
    );
    const other = new Table("o", t.metadata, { a: integer().primaryKey() }, { schema: "side" });
    expect(() => create(new Table("r", t.metadata, { a: integer().references(() => other.c.a) }))).toThrow(
      "sqlite has no foreign keys between attached databases.",
    );
  });
});

describe("[sqlite] creating and dropping", () => {
  test("[SCH5] twice creates and drops nothing more", async () => {
    const metadata = new MetaData();
    new Table("one", metadata, { id: integer().primaryKey(), name: string(5).index() });
    await metadata.createAll(engine);
    await metadata.createAll(engine);
    expect(await (await inspect(engine)).hasTable("one")).toBe(true);
    await metadata.dropAll(engine);
    await metadata.dropAll(engine);
    expect(await (await inspect(engine)).hasTable("one")).toBe(false);
  });

  test("[SCH5] what fails leaves nothing behind, on an engine and on a connection", async () => {
    const metadata = new MetaData();
    new Table("good", metadata, { id: integer().primaryKey() });
    new Table(
      "good_too",
      metadata,
      { id: integer().primaryKey() },
      { constraints: () => [check("no_such_function(1)")] },
    );
    await expect(metadata.createAll(engine)).rejects.toThrow("no such function");
    await using conn = await engine.connect();
    await expect(metadata.createAll(conn)).rejects.toThrow("no such function");
    expect(await (await inspect(conn)).getTableNames()).toEqual([]);
  });

  test("[DDL16][DDL17] tables in a circle with rows that refer to each other are dropped", async () => {
    const metadata = new MetaData();
    const a = new Table("a", metadata, { id: integer().primaryKey(), b: integer().nullable().references("b.id") });
    const b = new Table("b", metadata, {
      id: integer().primaryKey(),
      a: integer().references("a.id", { useAlter: true }),
    });
    const self = new Table("self", metadata, {
      id: integer().primaryKey(),
      up: integer().nullable().references("self.id"),
    });
    await metadata.createAll(engine);
    await engine.begin(async (conn) => {
      await conn.execute(insert(a).values({ id: 1 }));
      await conn.execute(insert(b).values({ id: 1, a: 1 }));
      await conn.execute(sql`UPDATE a SET b = 1`);
      await conn.execute(insert(self).values({ id: 1 }, { id: 2, up: 1 }));
    });
    const foreignKeys = await (await inspect(engine)).getForeignKeys("b");
    expect(foreignKeys.map((key) => key.targetTable)).toEqual(["a"]);
    await metadata.dropAll(engine);
    expect(await (await inspect(engine)).getTableNames()).toEqual([]);
  });

  test("a table to which others refer is not dropped alone while they have rows", async () => {
    const metadata = new MetaData();
    const a = new Table("a", metadata, { id: integer().primaryKey() });
    const b = new Table("b", metadata, { id: integer().primaryKey(), a: integer().references("a.id") });
    await metadata.createAll(engine);
    await engine.begin(async (conn) => {
      await conn.execute(insert(a).values({ id: 1 }));
      await conn.execute(insert(b).values({ a: 1 }));
    });
    await expect(a.drop(engine)).rejects.toMatchObject({ code: "FOREIGN_KEY_VIOLATION" });
    await metadata.dropAll(engine);
    expect(await (await inspect(engine)).getTableNames()).toEqual([]);
  });

  test("the names of a naming convention are the names in the database", async () => {
    const metadata = new MetaData({
      namingConvention: {
        pk: "pk_%(table)s",
        uq: "uq_%(table)s_%(columns)s",
        fk: "fk_%(table)s_%(target)s",
        ck: "ck_%(table)s_%(constraint)s",
        ix: "ix_%(columns)s",
      },
    });
    const p = new Table("p", metadata, { a: integer().primaryKey(), b: integer().primaryKey() });
    const c = new Table("c", metadata, {
      id: integer().primaryKey(),
      kind: enumeration(["x"]),
      up: integer().nullable().references("c.id").unique().index(),
    });
    await metadata.createAll(engine);
    const inspector = await inspect(engine);
    expect((await inspector.getPrimaryKey(p.name))?.name).toBe("pk_p");
    const found = await inspector.getTable(c.name);
    expect([
      found.primaryKey?.name,
      found.foreignKeys[0]?.name,
      found.uniqueConstraints[0]?.name,
      found.checks[0]?.name,
      found.indexes[0]?.name,
    ]).toEqual(["pk_c", "fk_c_c", "uq_c_up", "ck_c_kind", "ix_up"]);
    await metadata.dropAll(engine);
  });
});
