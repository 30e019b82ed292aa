import {
  CompileError,
  CreateIndex,
  CreateTable,
  createEngine,
  createStatements,
  DataError,
  DropIndex,
  dateTime,
  type Engine,
  enumeration,
  index,
  insert,
  integer,
  json,
  MetaData,
  type Node,
  select,
  sql,
  string,
  Table,
  update,
} from "@acme/core";
import { Dialect, type ExpressionNode } from "@acme/core/dialect";
import { afterAll, beforeAll, describe, expect, expectTypeOf, inject, test } from "vitest";
import "../index.js";
import { postgres } from "../dialect.js";
import { ownDatabase } from "../test-support.js";
import {
  cidr,
  citext,
  createType,
  dropType,
  hstore,
  inet,
  int4range,
  jsonb,
  money,
  multirange,
  pgDomain,
  pgEnum,
  plainToTsquery,
  Range,
  range,
  toTsvector,
  tsHeadline,
  tsMatch,
  tsRank,
  tstzrange,
  tsvector,
  vector,
  websearchToTsquery,
} from "./index.js";
import { provisionExtensions } from "./test-extensions.js";

const { postgresql } = inject("databases");
const sqlOf = (node: Node): string => node.compile({ dialect: postgres() }).sql;

const metadata = new MetaData();
const mood = pgEnum("mood", ["sad", "it's"]);
const positive = pgDomain("positive", integer(), { check: sql`VALUE > 0`, notNull: false });
const things = new Table("things", metadata, {
  id: integer().primaryKey({ autoincrement: false }),
  during: tstzrange().nullable(),
  numbers: int4range().nullable(),
  parts: multirange(int4range()).nullable(),
  pairs: hstore().nullable(),
  doc: json<{ a?: number; tags?: string[] }>().nullable(),
  body: string(200).nullable(),
  search: tsvector().nullable(),
  address: inet().nullable(),
  mood: mood.nullable(),
  amount: positive.nullable(),
  price: money().nullable(),
});
const { id, during, numbers, parts, pairs, doc, body, search } = things.c;

describe("operators of PostgreSQL's own types", () => {
  test("[PG34] of ranges: text, and plain values take the type of the range or of its bounds", () => {
    const other = new Range(1, 5);
    expect(sqlOf(range.contains(numbers, 3))).toBe("things.numbers @> CAST($1 AS INTEGER)");
    expect(sqlOf(range.contains(numbers, other))).toBe("things.numbers @> $1::int4range");
    expect(sqlOf(range.containedBy(id, numbers))).toBe("things.id <@ things.numbers");
    expect(sqlOf(range.overlaps(parts, other))).toBe("things.parts && $1::int4range");
    expect(sqlOf(range.strictlyLeftOf(numbers, other))).toBe("things.numbers << $1::int4range");
    expect(sqlOf(range.strictlyRightOf(numbers, other))).toBe("things.numbers >> $1::int4range");
    expect(sqlOf(range.notExtendRightOf(numbers, other))).toBe("things.numbers &< $1::int4range");
    expect(sqlOf(range.notExtendLeftOf(numbers, other))).toBe("things.numbers &> $1::int4range");
    expect(sqlOf(range.adjacentTo(numbers, other))).toBe("things.numbers -|- $1::int4range");
    expect(sqlOf(select(range.union(numbers, other).label("u")))).toBe(
      "SELECT things.numbers + $1::int4range AS u FROM things",
    );
    expect(sqlOf(range.lower(numbers).gt(1))).toBe("lower(things.numbers) > $1");
  });

  test("[PG34] of ranges: operands of another kind do not compile", () => {
    // @ts-expect-error: a range of numbers has no dates
    range.contains(numbers, new Date());
    // @ts-expect-error: a text is no range
    range.overlaps(body, new Range(1, 2));
    expectTypeOf(range.lower(during)).toExtend<{ label: unknown }>();
  });

  test("[PG28] of jsonb", () => {
    expect(sqlOf(jsonb.hasKey(doc, "a"))).toBe("things.doc ? $1");
    expect(sqlOf(jsonb.hasAny(doc, ["a"]))).toBe("things.doc ?| $1::text[]");
    expect(sqlOf(jsonb.hasAll(doc, ["a"]))).toBe("things.doc ?& $1::text[]");
    expect(sqlOf(jsonb.contains(doc, { a: 1 }))).toBe("things.doc @> $1");
    expect(sqlOf(jsonb.containedBy(doc, { a: 1 }))).toBe("things.doc <@ $1");
    expect(sqlOf(jsonb.pathExists(doc, "$.a"))).toBe("things.doc @? $1::jsonpath");
    expect(sqlOf(jsonb.pathMatch(doc, "$.a > 0"))).toBe("things.doc @@ $1::jsonpath");
    expect(sqlOf(select(jsonb.deletePath(doc, ["tags", 0]).label("d")))).toBe(
      "SELECT things.doc #- $1::text[] AS d FROM things",
    );
  });

  test("[PG25] of text search", () => {
    expect(
      sqlOf(select(id).where(tsMatch(toTsvector(body, "english"), websearchToTsquery("fat -cat", "english")))),
    ).toBe(
      "SELECT things.id FROM things WHERE to_tsvector($1::regconfig, things.body) @@ websearch_to_tsquery($2::regconfig, $3::TEXT)",
    );
    expect(sqlOf(tsMatch(search, plainToTsquery("cats")))).toBe("things.search @@ plainto_tsquery($1::TEXT)");
  });

  test("of hstore", () => {
    expect(sqlOf(hstore.hasKey(pairs, "a"))).toBe("things.pairs ? $1");
    expect(sqlOf(hstore.get(pairs, "a").eq("x"))).toBe("(things.pairs -> $1) = $2");
    const set = update(things).setPart(hstore.get(pairs, "a"), "x").compile({ dialect: postgres() }).sql;
    expect(set).toBe("UPDATE things SET pairs[$1::TEXT] = $2");
    expect(sqlOf(hstore.contains(pairs, { a: "1" }))).toBe("things.pairs @> $1::hstore");
  });
});

describe("DDL of PostgreSQL's own types", () => {
  const compile = (table: Parameters<typeof createStatements>[0][number]): readonly string[] =>
    createStatements([table], postgres()).map(sqlOf);

  test("[PG35] an enum type and a domain are made before the table, unless they are there", () => {
    const [first, second, table] = compile(things);
    expect(first).toBe(
      "DO 'BEGIN CREATE TYPE mood AS ENUM (''sad'', ''it''''s''); EXCEPTION WHEN duplicate_object THEN NULL; END'",
    );
    expect(second).toBe(
      "DO 'BEGIN CREATE DOMAIN positive AS INTEGER CHECK (VALUE > 0); EXCEPTION WHEN duplicate_object THEN NULL; END'",
    );
    expect(table).toContain("\n  mood mood,\n  amount positive,\n  price money,\n");
    expect(sqlOf(createType(pgEnum("Mood", ["a"], { schema: "app" })))).toBe(`CREATE TYPE app."Mood" AS ENUM ('a')`);
    expect(sqlOf(dropType(mood))).toBe("DROP TYPE mood");
    expect(sqlOf(dropType(positive, { ifUnused: true }))).toBe(
      "DO 'BEGIN DROP DOMAIN IF EXISTS positive; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END'",
    );
  });

  test("[PG35] a type that somebody else makes is left alone; elsewhere an enum is text with a check", () => {
    const table = new Table("t", new MetaData(), { m: pgEnum("mood", ["a"], { createType: false }) });
    expect(compile(table)).toHaveLength(1);
    const plain = new Table("t", new MetaData(), { m: enumeration(["a"], { name: "mood" }) });
    expect(new Dialect().compile(new CreateTable(table)).sql).toBe(new Dialect().compile(new CreateTable(plain)).sql);
  });

  test("[PG39] types of PostgreSQL alone have no name elsewhere, variants do", () => {
    const table = new Table("t", new MetaData(), { a: inet() });
    expect(() => new Dialect().compile(new CreateTable(table))).toThrow(CompileError);
    const both = new Table("t", new MetaData(), { a: string(43).variant("postgresql", inet()) });
    expect(sqlOf(new CreateTable(both))).toContain("a inet NOT NULL");
    expect(new Dialect().compile(new CreateTable(both)).sql).toContain("a VARCHAR(43) NOT NULL");
    const vectors = new Table("v", new MetaData(), { e: vector(3), free: vector().nullable() });
    expect(sqlOf(new CreateTable(vectors))).toContain("e vector(3) NOT NULL,\n  free vector");
  });

  test("[PG42] options of indexes", () => {
    const table = new Table(
      "docs",
      new MetaData(),
      { id: integer().primaryKey(), data: json(), title: string(20), at: dateTime() },
      {
        constraints: (c) => [
          index(c.data, {
            name: "ix_gin",
            dialectOptions: { postgresql: { using: "gin", ops: { data: "jsonb_path_ops" } } },
          }),
          index([c.title.desc(), c.at], {
            name: "ix_all",
            unique: true,
            where: c.id.gt(5),
            dialectOptions: {
              postgresql: {
                ops: { title: "varchar_pattern_ops" },
                include: ["id", "data"],
                nullsNotDistinct: true,
                with: { fillfactor: 70 },
                tablespace: "fast disk",
              },
            },
          }),
        ],
      },
    );
    const [first, second] = table.indexes.map((each) => sqlOf(new CreateIndex(each)));
    expect(first).toBe("CREATE INDEX ix_gin ON docs USING gin (data jsonb_path_ops)");
    expect(second).toBe(
      `CREATE UNIQUE INDEX ix_all ON docs (title varchar_pattern_ops DESC, at) INCLUDE (id, data) NULLS NOT DISTINCT WITH (fillfactor = 70) TABLESPACE "fast disk" WHERE id > 5`,
    );
    const bad = (options: Readonly<Record<string, string>>): string =>
      sqlOf(
        new CreateIndex(
          new Table(
            "t",
            new MetaData(),
            { a: integer() },
            {
              constraints: (c) => [index(c.a, { name: "i", dialectOptions: { postgresql: options } })],
            },
          ).indexes[0] as never,
        ),
      );
    expect(() => bad({ method: "gin" })).toThrow('postgresql has no index option "method"');
    expect(() => bad({ using: "gin); DROP TABLE x" })).toThrow(CompileError);
    expect(() => new Dialect().compile(new CreateIndex(table.indexes[0] as never))).not.toThrow();
  });

  test("[PG43] indexes are made and dropped concurrently", () => {
    const table = new Table(
      "t",
      new MetaData(),
      { a: integer() },
      { constraints: (c) => [index(c.a, { name: "ix" })] },
    );
    const [ix] = table.indexes as readonly [(typeof table.indexes)[number]];
    expect(sqlOf(new CreateIndex(ix, { concurrently: true, ifNotExists: true }))).toBe(
      "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON t (a)",
    );
    expect(sqlOf(new DropIndex(ix, { concurrently: true, ifExists: true }))).toBe(
      "DROP INDEX CONCURRENTLY IF EXISTS ix",
    );
    expect(() => new Dialect().compile(new CreateIndex(ix, { concurrently: true }))).toThrow(
      "default has no CREATE INDEX CONCURRENTLY",
    );
  });

  test("[PG44] options of tables", () => {
    const make = (
      options: Readonly<Record<string, string | readonly string[] | Readonly<Record<string, number>>>>,
    ): string =>
      sqlOf(
        new CreateTable(
          new Table("t", new MetaData(), { at: dateTime() }, { dialectOptions: { postgresql: options } }),
        ),
      );
    expect(make({ partitionBy: "RANGE (at)", tablespace: "fast" })).toMatch(
      /\) PARTITION BY RANGE \(at\) TABLESPACE fast$/,
    );
    expect(make({ inherits: ["a", "app.b"], with: { fillfactor: 50 } })).toMatch(
      /\) INHERITS \(a, app\.b\) WITH \(fillfactor = 50\)$/,
    );
    expect(make({ using: "heap", onCommit: "delete rows" })).toMatch(/\) USING heap ON COMMIT DELETE ROWS$/);
    expect(() => make({ partitionBy: "RANGE (at); DROP TABLE x" })).toThrow(CompileError);
    expect(() => make({ engine: "x" })).toThrow('postgresql has no table option "engine"');
  });
});

describe.skipIf(!postgresql.available)("[postgresql] native types on the server", () => {
  const database = ownDatabase();
  let engine: Engine;

  beforeAll(async () => {
    await provisionExtensions(database.url);
    engine = createEngine(database.url);
    await metadata.createAll(engine);
    const at = (day: number): Date => new Date(Date.UTC(2024, 0, day));
    await engine.begin(async (conn) => {
      await conn.execute(
        insert(things).valuesList([
          {
            id: 1,
            during: new Range(at(1), at(5)),
            numbers: new Range(1, 10),
            parts: [new Range(1, 3), new Range(5, 7)],
            pairs: { color: "red", size: null },
            doc: { a: 1, tags: ["x", "y"] },
            body: "The fat cats sat on the mat",
            address: "10.1.2.3",
            mood: "it's",
            amount: 5,
            price: "12.50",
          },
          {
            id: 2,
            during: new Range(at(5), null),
            numbers: new Range(20, 30),
            parts: [],
            pairs: {},
            doc: {},
            body: "A dog",
          },
          { id: 3 },
        ]),
      );
    });
  });

  afterAll(() => engine.dispose());

  const found = async (condition: Parameters<ReturnType<typeof select>["where"]>[0]): Promise<readonly number[]> => {
    await using conn = await engine.connect();
    return await conn.execute(select(id).where(condition).orderBy(id)).scalars();
  };
  const value = async <T>(item: ExpressionNode): Promise<T> => {
    await using conn = await engine.connect();
    return (await conn.execute(select(item).where(id.eq(1))).scalarOne()) as T;
  };

  test("[PG34] range operators find what they say", async () => {
    expect(await found(range.contains(numbers, 9))).toEqual([1]);
    expect(await found(range.contains(during, new Date(Date.UTC(2024, 0, 5))))).toEqual([2]);
    expect(await found(range.containedBy(id, numbers))).toEqual([1]);
    expect(await found(range.overlaps(numbers, new Range(9, 21)))).toEqual([1, 2]);
    expect(await found(range.strictlyLeftOf(numbers, new Range(11, 12)))).toEqual([1]);
    expect(await found(range.strictlyRightOf(numbers, new Range(11, 12)))).toEqual([2]);
    expect(await found(range.notExtendRightOf(numbers, new Range(11, 12)))).toEqual([1]);
    expect(await found(range.notExtendLeftOf(numbers, new Range(11, 12)))).toEqual([2]);
    expect(await found(range.adjacentTo(numbers, new Range(10, 12)))).toEqual([1]);
    expect(await found(range.contains(parts, new Range(5, 6)))).toEqual([1]);
    expect(await found(range.isEmpty(parts))).toEqual([2]);
    expect(await value(range.union(numbers, new Range(5, 15)).label("v"))).toEqual(new Range(1, 15));
    expect(await value(range.intersection(numbers, new Range(5, 15)).label("v"))).toEqual(new Range(5, 10));
    expect(await value(range.difference(parts, [new Range(2, 6)]).label("v"))).toEqual([
      new Range(1, 2),
      new Range(6, 7),
    ]);
    expect(await value(range.upper(during).label("v"))).toEqual(new Date(Date.UTC(2024, 0, 5)));
  });

  test("[PG28] jsonb operators find what they say", async () => {
    expect(await found(jsonb.hasKey(doc, "a"))).toEqual([1]);
    expect(await found(jsonb.hasAny(doc, ["b", "a"]))).toEqual([1]);
    expect(await found(jsonb.hasAll(doc, ["tags", "a"]))).toEqual([1]);
    expect(await found(jsonb.contains(doc, { tags: ["y"] }))).toEqual([1]);
    expect(await found(jsonb.containedBy(doc, { a: 1, tags: ["y", "x"], b: 0 }))).toEqual([1, 2]);
    expect(await found(jsonb.pathExists(doc, '$.tags[*] ? (@ == "y")'))).toEqual([1]);
    expect(await found(jsonb.pathMatch(doc, "$.a > 0"))).toEqual([1]);
    expect(await value(jsonb.pathQueryArray(doc, "$.tags[*]").label("v"))).toEqual(["x", "y"]);
    expect(await value(jsonb.concat(doc, { b: 2 }).label("v"))).toEqual({ a: 1, b: 2, tags: ["x", "y"] });
    expect(await value(jsonb.delete(doc, "a").label("v"))).toEqual({ tags: ["x", "y"] });
    expect(await value(jsonb.delete(doc, ["a", "tags"]).label("v"))).toEqual({});
    expect(await value(jsonb.deletePath(doc, ["tags", 0]).label("v"))).toEqual({ a: 1, tags: ["y"] });
  });

  test("[PG25] text search finds, ranks and marks", async () => {
    const query = websearchToTsquery("fat -dog", "english");
    expect(await found(tsMatch(toTsvector(body, "english"), query))).toEqual([1]);
    expect(await value<number>(tsRank(toTsvector(body, "english"), query).label("v"))).toBeGreaterThan(0);
    expect(await value<string>(tsHeadline(body, query, "english").label("v"))).toContain("<b>fat</b>");
  });

  test("hstore operators find what they say", async () => {
    expect(await found(hstore.hasKey(pairs, "size"))).toEqual([1]);
    expect(await found(hstore.defined(pairs, "size"))).toEqual([]);
    expect(await found(hstore.hasAny(pairs, ["x", "color"]))).toEqual([1]);
    expect(await found(hstore.hasAll(pairs, ["size", "color"]))).toEqual([1]);
    expect(await found(hstore.contains(pairs, { color: "red" }))).toEqual([1]);
    expect(await found(hstore.containedBy(pairs, { color: "red", size: null, x: "" }))).toEqual([1, 2]);
    expect(await value(hstore.get(pairs, "color").label("v"))).toBe("red");
    expect(await value(hstore.concat(pairs, { a: "1" }).label("v"))).toEqual({ a: "1", color: "red", size: null });
    expect(await value(hstore.delete(pairs, ["size", "color"]).label("v"))).toEqual({});
  });

  test("[DML17] UPDATE sets the value of a key of an hstore", async () => {
    await using conn = await engine.connect();
    const transaction = await conn.begin();
    await conn.execute(
      update(things).setPart(hstore.get(pairs, "it's"), "x").setPart(pairs.getItem("color"), "blue").where(id.eq(1)),
    );
    const read = select(pairs).where(id.eq(1));
    expect(await conn.execute(read).scalar()).toEqual({ "it's": "x", color: "blue", size: null });
    await conn.execute(update(things).setPart(hstore.get(pairs, "size"), null).where(id.eq(1)));
    await conn.execute(update(things).setPart(hstore.get(pairs, "size"), hstore.get(pairs, "color")).where(id.eq(1)));
    expect(await conn.execute(read).scalar()).toEqual({ "it's": "x", color: "blue", size: "blue" });
    await transaction.rollback();
  });

  test("[PG35] an enum refuses other values before they are sent, a domain on the server", async () => {
    await using conn = await engine.connect();
    await expect(conn.execute(insert(things).values({ id: 9, mood: "great" as "sad" }))).rejects.toThrow(DataError);
    await expect(conn.execute(insert(things).values({ id: 9, amount: -1 }))).rejects.toMatchObject({
      code: "CHECK_VIOLATION",
    });
    await expect(conn.execute(insert(things).values({ id: 9, price: "1.005" }))).rejects.toThrow("two digits");
    expect(await conn.execute(select(things.c.mood, things.c.amount, things.c.price).where(id.eq(1))).one()).toEqual({
      mood: "it's",
      amount: 5,
      price: "12.50",
    });
  });

  test("[PG35] types are dropped with the last table that uses them", async () => {
    const own = new MetaData();
    const kind = pgEnum("kind", ["a"]);
    const first = new Table("first_of_kind", own, { k: kind });
    const second = new Table("second_of_kind", own, { k: kind });
    await own.createAll(engine);
    const there = async (): Promise<unknown> => {
      await using conn = await engine.connect();
      return conn
        .execute(sql`SELECT count(*) AS n FROM pg_type WHERE typname = 'kind'`.columns({ n: integer() }))
        .scalarOne();
    };
    await own.dropAll(engine, { tables: [first] });
    expect(await there()).toBe(1);
    await own.dropAll(engine, { tables: [second] });
    expect(await there()).toBe(0);
  });

  test("[PG37, PG39] network addresses and case-insensitive text compare as the server has it", async () => {
    expect(await found(things.c.address.op("<<", "10.0.0.0/8", { isComparison: true }))).toEqual([1]);
    const own = new MetaData();
    const names = new Table("names", own, { name: citext(), net: cidr() });
    await own.createAll(engine);
    await using conn = await engine.connect();
    await conn.execute(insert(names).values({ name: "Alice", net: "10.0.0.0/8" }));
    expect(await conn.execute(select(names.c.net).where(names.c.name.eq("ALICE"))).scalars()).toEqual(["10.0.0.0/8"]);
    expect(String(citext())).toBe("citext");
  });

  test("[PG42] indexes with options are made", async () => {
    const own = new MetaData();
    new Table(
      "indexed",
      own,
      { id: integer(), data: json(), title: string(20) },
      {
        constraints: (c) => [
          index(c.data, { dialectOptions: { postgresql: { using: "gin", ops: { data: "jsonb_path_ops" } } } }),
          index(c.title, {
            dialectOptions: { postgresql: { include: ["id"], nullsNotDistinct: true, with: { fillfactor: 70 } } },
          }),
        ],
      },
    );
    await own.createAll(engine);
    await using conn = await engine.connect();
    const definitions = await conn
      .execute(
        sql`SELECT indexdef AS d FROM pg_indexes WHERE tablename = 'indexed' ORDER BY 1`.columns({ d: string() }),
      )
      .tuples();
    expect(definitions.join()).toContain("USING gin (data jsonb_path_ops)");
    expect(definitions.join()).toContain("INCLUDE (id) NULLS NOT DISTINCT WITH (fillfactor='70')");
  });

  test("[PG43] an index is made concurrently outside of a transaction", async () => {
    const own = new MetaData();
    const table = new Table("busy", own, { a: integer() });
    await own.createAll(engine);
    const ix = new Table(
      "busy",
      new MetaData(),
      { a: integer() },
      { constraints: (c) => [index(c.a, { name: "ix_busy" })] },
    ).indexes[0] as NonNullable<(typeof table.indexes)[number]>;
    await using conn = await engine.connect();
    await conn.execute(new CreateIndex(ix, { concurrently: true }));
    await conn.execute(new DropIndex(ix, { concurrently: true, ifExists: true }));
  });

  test("[PG44] a partitioned table is made", async () => {
    const own = new MetaData();
    new Table("events", own, { at: dateTime() }, { dialectOptions: { postgresql: { partitionBy: "RANGE (at)" } } });
    await own.createAll(engine);
    await using conn = await engine.connect();
    expect(
      await conn
        .execute(sql`SELECT relkind::text AS k FROM pg_class WHERE relname = 'events'`.columns({ k: string() }))
        .scalar(),
    ).toBe("p");
  });
});
