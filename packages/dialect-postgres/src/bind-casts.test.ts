import {
  and,
  bigInteger,
  boolean,
  case_,
  createEngine,
  date,
  dateTime,
  delete_,
  double,
  type Executable,
  func,
  insert,
  integer,
  json,
  largeBinary,
  literal,
  MetaData,
  numeric,
  param,
  select,
  smallInteger,
  sql,
  string,
  Table,
  text,
  tuple,
  update,
  uuid,
} from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { postgres } from "./dialect.js";
import "./index.js";
import { nativeType } from "./native-type.js";
import { ownDatabase } from "./test-support.js";

const { postgresql } = inject("databases");

const metadata = new MetaData();
const items = new Table("items", metadata, {
  id: integer().primaryKey(),
  name: string(50),
  note: text().nullable(),
  active: boolean(),
  score: double(),
  big: bigInteger(),
  small: smallInteger(),
  price: numeric(10, 2),
  created: dateTime({ timezone: true }),
  local: dateTime(),
  day: date(),
  doc: json(),
  code: uuid(),
  bytes: largeBinary(),
  address: nativeType<string>("inet"),
});
const { c } = items;
const CODE = "6f9619ff-8b86-4d11-b42d-00cf4fc964ff";
const INSTANT = new Date("2024-02-29T13:00:00Z");
const ROW = {
  name: "apple",
  active: true,
  score: 2.5,
  big: 5n,
  small: 2,
  price: "9.99" as const,
  created: INSTANT,
  local: INSTANT,
  day: "2024-02-29",
  doc: { a: 1 },
  code: CODE,
  bytes: new Uint8Array([1]),
  address: "10.0.0.1",
};

type Statement = Executable<unknown> & { compile?: unknown };

/** A statement, its text for PostgreSQL, and the tuples that it gives on a table with one row. */
type Case = readonly [name: string, statement: unknown, text: string, tuples: readonly (readonly unknown[])[]];

const counter = select(literal(1).label("x")).cte("counter", { recursive: true });
const all = counter.unionAll(select(counter.c.x.add(1)).where(counter.c.x.lt(3)));

const INFERRED: readonly Case[] = [
  [
    "compared with a column",
    select(c.id).where(c.name.eq("apple"), c.created.ge(INSTANT), c.local.le(INSTANT), literal(0).lt(c.id)),
    "SELECT items.id FROM items WHERE items.name = $1 AND items.created >= $2 AND items.local <= $3 AND $4 < items.id",
    [[1]],
  ],
  [
    "in a list beside a column",
    select(c.id).where(c.id.in([1, 2]), c.code.in([CODE]), c.small.notIn([])),
    "SELECT items.id FROM items WHERE items.id IN ($1, $2) AND items.code IN ($3) AND items.small NOT IN (SELECT CAST(NULL AS SMALLINT) WHERE 1 = 0)",
    [[1]],
  ],
  [
    "in row values beside columns",
    select(c.id).where(
      tuple(c.id, c.name).in([
        [1, "apple"],
        [2, "x"],
      ]),
    ),
    "SELECT items.id FROM items WHERE (items.id, items.name) IN (($1, $2), ($3, $4))",
    [[1]],
  ],
  [
    "between, like and ilike",
    select(c.id).where(
      c.price.between("1", "10"),
      c.name.like("a%"),
      c.name.ilike("A%"),
      c.name.icontains("PP"),
      c.day.notBetween("2000-01-01", "2000-12-31"),
    ),
    "SELECT items.id FROM items WHERE items.price BETWEEN $1 AND $2 AND items.name LIKE $3 AND items.name ILIKE $4 AND items.name ILIKE $5 ESCAPE '/' AND items.day NOT BETWEEN $6 AND $7",
    [[1]],
  ],
  [
    "distinct from a column",
    select(c.id).where(c.note.isDistinctFrom("x"), c.score.isNotDistinctFrom(2.5)),
    "SELECT items.id FROM items WHERE items.note IS DISTINCT FROM $1 AND items.score IS NOT DISTINCT FROM $2",
    [[1]],
  ],
  [
    "in arithmetic with a column of the same type",
    select(c.id.add(1), c.score.mul(2), c.big.sub(1n), c.price.div("2"), c.small.mod(2)),
    "SELECT items.id + $1, items.score * $2, items.big - $3, items.price / $4, items.small % $5 FROM items",
    [[2, 5, 4n, "4.9950000000000000", 0]],
  ],
  [
    "concatenated with text",
    select(c.name.concat("!"), literal("an ").concat(c.name)),
    "SELECT items.name || $1, $2 || items.name FROM items",
    [["apple!", "an apple"]],
  ],
  [
    "unified with a column",
    select(func.coalesce(c.note, "none"), func.nullif(c.name, "apple"), case_([[c.id.gt(5), c.name]], "few")),
    "SELECT coalesce(items.note, $1), nullif(items.name, $2), CASE WHEN items.id > $3 THEN items.name ELSE $4 END FROM items",
    [["none", null, "few"]],
  ],
  [
    "compared with a function, aggregate or subquery",
    select(func.max(c.price))
      .groupBy(c.name)
      .having(
        func.count().ge(1),
        func.lower(c.name).eq("apple"),
        select(func.count()).selectFrom(items).scalar().lt(5),
      ),
    "SELECT max(items.price) FROM items GROUP BY items.name HAVING count(*) >= $1 AND lower(items.name) = $2 AND (SELECT count(*) FROM items) < $3",
    [["9.99"]],
  ],
  ["limits", select(c.id).limit(5).offset(0), "SELECT items.id FROM items LIMIT $1 OFFSET $2", [[1]]],
  [
    "compared with documents, bytes and native types",
    select(c.id).where(
      c.doc.eq({ a: 1 }),
      c.bytes.eq(new Uint8Array([1])),
      c.address.eq("10.0.0.1"),
      c.address.in(["10.0.0.1"]),
    ),
    "SELECT items.id FROM items WHERE items.doc = $1 AND items.bytes = $2 AND items.address = $3 AND items.address IN ($4)",
    [[1]],
  ],
  [
    "cast as they are meant",
    select(literal("5").cast(integer()), literal(5).cast(integer()), literal("apples").cast(string(5))),
    "SELECT CAST($1 AS INTEGER), CAST($2 AS INTEGER), CAST($3 AS VARCHAR(5))",
    [[5, 5, "apple"]],
  ],
];

const CAST: readonly Case[] = [
  [
    "selected alone",
    select(
      literal(1).label("a"),
      literal("x").label("b"),
      literal(true).label("c"),
      literal(2n ** 40n).label("d"),
      literal(0.5).label("e"),
    ),
    "SELECT $1::INTEGER AS a, $2::TEXT AS b, $3::BOOLEAN AS c, $4::BIGINT AS d, $5::DOUBLE PRECISION AS e",
    [[1, "x", true, 2n ** 40n, 0.5]],
  ],
  [
    "selected alone, of types that a value does not tell",
    select(
      literal(INSTANT).label("a"),
      literal("1.50", numeric(10, 2)).label("b"),
      literal(CODE, uuid()).label("c"),
      literal("2024-02-29", date()).label("d"),
      literal({ a: 1 }).label("e"),
      literal(new Uint8Array([7])).label("f"),
    ),
    "SELECT $1::TIMESTAMP WITH TIME ZONE AS a, $2::NUMERIC AS b, $3::UUID AS c, $4::DATE AS d, $5::JSONB AS e, $6::BYTEA AS f",
    [[INSTANT, "1.50", CODE, "2024-02-29", { a: 1 }, new Uint8Array([7])]],
  ],
  ["numbers beyond 32 bits", select(literal(3_000_000_000).label("n")), "SELECT $1::BIGINT AS n", [[3_000_000_000]]],
  [
    "beside one another",
    select(literal(1).add(2), literal("a").concat("b"), literal(1).eq(1)),
    "SELECT $1::INTEGER + $2::INTEGER, $3::TEXT || $4::TEXT, $5::INTEGER = $6::INTEGER",
    [[3, "ab", true]],
  ],
  [
    "of another type than what stands beside",
    select(c.id.add(0.5), c.id.gt(literal(0.5)), c.day.lt(literal(INSTANT, dateTime()) as never)),
    "SELECT items.id + $1::DOUBLE PRECISION, items.id > $2::DOUBLE PRECISION, items.day < $3::TIMESTAMP FROM items",
    [[1.5, true, true]],
  ],
  [
    "arguments of functions",
    select(
      func.substring(c.name, 2, 3),
      func("to_char", c.created, "YYYY"),
      func("repeat", "ab", 2),
      func.lag(c.id, 1).over({ orderBy: c.id }),
      func("json_build_array", "a", 1),
    ),
    "SELECT substring(items.name, $1::INTEGER, $2::INTEGER), to_char(items.created, $3::TEXT), repeat($4::TEXT, $5::INTEGER), lag(items.id, $6::INTEGER) OVER (ORDER BY items.id), json_build_array($7::TEXT, $8::INTEGER) FROM items",
    [["ppl", "2024", "abab", null, ["a", 1]]],
  ],
  [
    "results of CASE that are all parameters",
    select(case_([[c.id.eq(1), "one"]], "many"), case_([[c.id.eq(1), 1]])),
    "SELECT CASE WHEN items.id = $1 THEN $2::TEXT ELSE $3::TEXT END, CASE WHEN items.id = $4 THEN $5::INTEGER END FROM items",
    [["one", 1]],
  ],
  [
    "in queries that are combined",
    select(c.id)
      .union(select(literal(2).label("id")))
      .orderBy(c.id),
    "SELECT items.id FROM items UNION SELECT $1::INTEGER AS id ORDER BY id",
    [[1], [2]],
  ],
  [
    "in a recursive CTE",
    select(all.c.x),
    "WITH RECURSIVE counter(x) AS (SELECT $1::INTEGER AS x UNION ALL SELECT counter.x + $2 FROM counter WHERE counter.x < $3) SELECT counter.x FROM counter",
    [[1], [2], [3]],
  ],
  [
    "as conditions and in what orders and groups",
    select(c.id)
      .where(and(c.active, literal(true)))
      .orderBy(literal("x")),
    "SELECT items.id FROM items WHERE items.active AND $1::BOOLEAN ORDER BY $2::TEXT",
    [[1]],
  ],
  [
    "numbers beside what nobody knows",
    select(c.id).where(
      func("length", c.name).gt(4.5 as never),
      func("date_trunc", "day", c.created).lt(INSTANT as never),
    ),
    "SELECT items.id FROM items WHERE length(items.name) > $1::DOUBLE PRECISION AND date_trunc($2::TEXT, items.created) < $3",
    [[1]],
  ],
  [
    "numbers in text, while strings and instants are left to the server",
    sql`SELECT ${5} + 1, ${c.doc} -> 'a', ${c.address} = ${"10.0.0.1"}, ${c.created} = ${INSTANT} FROM ${items} WHERE ${c.id} IN (${[1, 2]})`,
    "SELECT $1::INTEGER + 1, items.doc -> 'a', items.address = $2, items.created = $3 FROM items WHERE items.id IN ($4::INTEGER, $5::INTEGER)",
    [[6, 1, true, true]],
  ],
  [
    "cast to another type",
    select(literal(5.7).cast(integer()), literal(5).cast(bigInteger())),
    "SELECT CAST($1::DOUBLE PRECISION AS INTEGER), CAST($2::INTEGER AS BIGINT)",
    [[6, 5n]],
  ],
  [
    "rounding of floating point numbers",
    select(func.round(c.score, 1), func.round(c.price, 1), func.round(c.score)),
    "SELECT round(CAST(items.score AS NUMERIC), $1::INTEGER), round(items.price, $2::INTEGER), round(items.score) FROM items",
    [[2.5, "10.0", 2]],
  ],
  [
    "lists that are empty",
    select(c.id).where(tuple(c.id, c.name).notIn([]), c.created.notIn([])),
    "SELECT items.id FROM items WHERE (items.id, items.name) NOT IN (SELECT CAST(NULL AS INTEGER), CAST(NULL AS TEXT) WHERE 1 = 0) AND items.created NOT IN (SELECT CAST(NULL AS TIMESTAMP WITH TIME ZONE) WHERE 1 = 0)",
    [[1]],
  ],
];

/** The text with lists as long as they are. */
const textOf = (statement: unknown): string => {
  const compiled = postgres().compile(statement as never);
  return (statement as { readonly rows?: readonly unknown[] }).rows
    ? compiled.sql
    : compiled.render(statement as never).sql;
};

describe("casts of parameters", () => {
  it.each(INFERRED)("[PG53] need none where PostgreSQL sees their type: %s", (_name, statement, text) => {
    expect(textOf(statement)).toBe(text);
  });

  it.each(CAST)("[PG53] say the type where nothing else does: %s", (_name, statement, text) => {
    expect(textOf(statement)).toBe(text);
  });

  it("[PG53] stand nowhere in INSERT, UPDATE and DELETE of plain values", () => {
    expect(textOf(insert(items).values(ROW))).toBe(
      "INSERT INTO items (name, active, score, big, small, price, created, local, day, doc, code, bytes, address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING items.id",
    );
    expect(
      textOf(
        update(items)
          .set({ name: "x", big: 1n, score: c.score.add(1) })
          .where(c.id.eq(1)),
      ),
    ).toBe("UPDATE items SET name = $1, big = $2, score = items.score + $3 WHERE items.id = $4");
    expect(textOf(delete_(items).where(c.created.lt(INSTANT)))).toBe("DELETE FROM items WHERE items.created < $1");
  });

  it("[PG53] stand in INSERT and UPDATE around values of other types and in functions", () => {
    expect(textOf(insert(items).values({ ...ROW, name: func.upper(literal("x")), score: literal(1) }))).toContain(
      "VALUES (upper($1::TEXT), $2, $3::INTEGER, $4,",
    );
    expect(textOf(update(items).set({ score: literal(1), name: literal("x") }))).toBe(
      "UPDATE items SET score = $1::INTEGER, name = $2",
    );
    expect(textOf(insert(items).fromSelect(["name", "score"], select(literal("x").label("name"), c.score)))).toBe(
      "INSERT INTO items (name, score) SELECT $1::TEXT AS name, items.score FROM items",
    );
  });

  it("a parameter that is used twice is one placeholder", () => {
    const id = param("id", integer());
    expect(postgres().compile(select(c.id).where(c.id.eq(id), c.big.gt(id as never))).sql).toBe(
      "SELECT items.id FROM items WHERE items.id = $1 AND items.big > $1::INTEGER",
    );
  });

  it("literals that are written into the text say their type where a quoted text would not", () => {
    const inlined = (value: unknown, type: never) =>
      (literal(value, type) as unknown as { inlined(): never }).inlined();
    expect(
      textOf(
        select(inlined("2024-02-29", date() as never), inlined("x", text() as never), inlined(5, integer() as never)),
      ),
    ).toBe("SELECT '2024-02-29'::DATE, 'x', 5");
  });
});

describe.skipIf(!postgresql.available)("[postgresql] statements with casts of parameters", () => {
  const database = ownDatabase();
  let engine: ReturnType<typeof createEngine>;

  beforeAll(async () => {
    engine = createEngine(database.url);
    await metadata.createAll(engine);
    await using conn = await engine.connect();
    await conn.execute(insert(items).values(ROW));
  });

  afterAll(() => engine.dispose());

  it.each([...INFERRED, ...CAST])("[PG53] give what is expected: %s", async (_name, statement, _text, tuples) => {
    await using conn = await engine.connect();
    expect(await conn.execute(statement as Statement).tuples()).toEqual(tuples);
  });

  it("parameters given at execution take the types of their places", async () => {
    await using conn = await engine.connect();
    const byId = select(c.name).where(c.id.in(param("ids", integer(), { expanding: true }) as never));
    for (const ids of [[1], [1, 2, 3], []])
      expect(await conn.execute(byId, { ids }).scalars()).toEqual(ids.length === 0 ? [] : ["apple"]);
    expect(
      await conn
        .execute(sql.text("SELECT name FROM items WHERE created = :at AND id = :id"), { at: INSTANT, id: 1 })
        .scalars(),
    ).toEqual(["apple"]);
    expect(
      await conn.execute(sql.text("SELECT name FROM items WHERE id = ANY (:ids)"), { ids: [1, 2] }).scalars(),
    ).toEqual(["apple"]);
  });

  it("[PG17] INSERT, UPDATE and DELETE give rows back", async () => {
    await using conn = await engine.connect();
    const tx = await conn.begin();
    expect(
      await conn
        .execute(
          insert(items)
            .values({ ...ROW, name: "b" }, { ...ROW, name: "c" })
            .returning(c.name),
        )
        .scalars(),
    ).toEqual(["b", "c"]);
    expect(
      await conn
        .execute(
          update(items)
            .set({ score: c.score.mul(2) })
            .where(c.name.in(["b", "c"]))
            .returning(c.name, c.score)
            .where(c.id.gt(0)),
        )
        .tuples(),
    ).toEqual([
      ["b", 5],
      ["c", 5],
    ]);
    expect(await conn.execute(delete_(items).where(c.name.eq("b")).returning(c.created)).scalars()).toEqual([INSTANT]);
    await tx.rollback();
  });

  it("[PG21] rows are locked, and locked rows are skipped or refused", async () => {
    await using a = await engine.connect();
    await using b = await engine.connect();
    const tx = await a.begin();
    expect(await a.execute(select(c.id).forUpdate()).scalars()).toEqual([1]);
    expect(await b.execute(select(c.id).forUpdate({ skipLocked: true })).scalars()).toEqual([]);
    await expect(b.execute(select(c.id).forUpdate({ nowait: true })).all()).rejects.toMatchObject({
      code: "LOCK_TIMEOUT",
    });
    await tx.rollback();
  });
});
