import {
  type AnyTable,
  and,
  boolean,
  case_,
  createEngine,
  Dialect,
  date,
  dateTime,
  delete_,
  double,
  type Engine,
  func,
  insert,
  integer,
  json,
  literal,
  MetaData,
  numeric,
  select,
  sql,
  string,
  Table,
  text,
  time,
  true_,
  tuple,
  update,
  uuid,
} from "@acme/core/dialect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sqlite } from "./index.js";

const metadata = new MetaData();
const items = new Table("items", metadata, {
  id: integer().primaryKey(),
  name: string(50),
  note: string(50).nullable(),
  price: numeric(10, 2),
  weight: double(),
  stock: integer(),
  active: boolean(),
  made: dateTime().nullable(),
});
const tokens = new Table("tokens", metadata, {
  id: uuid().primaryKey().serverDefault(sql`'00000000-0000-4000-8000-000000000000'`.as(uuid())),
  label: string(10),
});

const dialect = sqlite();
const standard = new Dialect();
type Statement = Parameters<Dialect["compile"]>[0];
const lite = (statement: unknown): string => dialect.compile(statement as Statement).sql;
const plain = (statement: unknown): string => standard.compile(statement as Statement).sql;

let engine: Engine;

beforeAll(async () => {
  engine = createEngine("sqlite://");
  await metadata.createAll(engine);
  await engine.begin((conn) =>
    conn.execute(
      insert(items).values(
        {
          name: "ax",
          note: "n",
          price: "10",
          weight: 3,
          stock: 7,
          active: true,
          made: new Date("2024-02-29T13:00:00.5Z"),
        },
        { name: "Bow", price: "4.50", weight: 1.5, stock: 2, active: false },
        { name: "cap", note: "", price: "0.99", weight: 2, stock: 3, active: true },
      ),
    ),
  );
});
afterAll(() => engine.dispose());

/** The first value of a statement's only row. */
async function value(statement: Parameters<Awaited<ReturnType<Engine["connect"]>>["execute"]>[0]): Promise<unknown> {
  await using conn = await engine.connect();
  return conn.execute(statement).scalarOne();
}

async function tuples(
  statement: Parameters<Awaited<ReturnType<Engine["connect"]>>["execute"]>[0],
): Promise<readonly unknown[]> {
  await using conn = await engine.connect();
  return conn.execute(statement).tuples();
}

describe("[sqlite] what SQLite says differently", () => {
  test("[EXP2] comparing with NULL as a value is IS and IS NOT", async () => {
    const same = select(items.c.name).where(items.c.note.isNotDistinctFrom("n"));
    const other = select(items.c.name).where(items.c.note.isDistinctFrom("n")).orderBy(items.c.id);
    expect(plain(same)).toBe("SELECT items.name FROM items WHERE items.note IS NOT DISTINCT FROM :note_1");
    expect(lite(same)).toBe("SELECT items.name FROM items WHERE items.note IS ?");
    expect(lite(other)).toBe("SELECT items.name FROM items WHERE items.note IS NOT ? ORDER BY items.id");
    expect(await tuples(same)).toEqual([["ax"]]);
    expect(await tuples(other)).toEqual([["Bow"], ["cap"]]);
  });

  test("[SEL9] OFFSET alone comes with a LIMIT that is none", async () => {
    const rest = select(items.c.name).orderBy(items.c.id).offset(2);
    expect(plain(rest)).toBe("SELECT items.name FROM items ORDER BY items.id OFFSET :offset_1");
    expect(lite(rest)).toBe("SELECT items.name FROM items ORDER BY items.id LIMIT -1 OFFSET ?");
    expect(lite(select(items.c.name).limit(1).offset(2))).toBe("SELECT items.name FROM items LIMIT ? OFFSET ?");
    expect(await tuples(rest)).toEqual([["cap"]]);
  });

  test("[EXP25] true and false are 1 and 0, and booleans come back as booleans", async () => {
    const active = select(items.c.active, items.c.stock.gt(2), true_()).where(
      and(items.c.active.eq(true), items.c.id.eq(1)),
    );
    expect(plain(select(true_()))).toBe("SELECT true");
    expect(lite(active)).toBe(
      "SELECT items.active, items.stock > ?, 1 FROM items WHERE items.active = ? AND items.id = ?",
    );
    expect(await tuples(active)).toEqual([[true, true, true]]);
  });

  test("[EXP3][EXP26] a list of row values is VALUES, an empty one a query without rows", async () => {
    const pair = tuple(items.c.id, items.c.stock);
    const some = select(items.c.name).where(
      pair.in([
        [1, 7],
        [2, 3],
      ]),
    );
    expect(plain(some)).toBe(
      "SELECT items.name FROM items WHERE (items.id, items.stock) IN ((:id_1, :stock_1), (:id_2, :stock_2))",
    );
    expect(lite(some)).toBe("SELECT items.name FROM items WHERE (items.id, items.stock) IN (VALUES (?, ?), (?, ?))");
    expect(await tuples(some)).toEqual([["ax"]]);
    expect(
      await tuples(
        select(items.c.name).where(
          pair.notIn([
            [1, 7],
            [3, 3],
          ]),
        ),
      ),
    ).toEqual([["Bow"]]);
    expect(await tuples(select(items.c.name).where(pair.in([])))).toEqual([]);
  });

  test("[SEL24] members of a set operation are wrapped where they have clauses of their own", async () => {
    const first = select(items.c.name).orderBy(items.c.id).limit(1);
    const last = select(items.c.name).orderBy(items.c.id.desc()).limit(1);
    expect(plain(first.unionAll(last))).toBe(
      "(SELECT items.name FROM items ORDER BY items.id LIMIT :limit_1) UNION ALL (SELECT items.name FROM items ORDER BY items.id DESC LIMIT :limit_2)",
    );
    expect(lite(first.unionAll(last))).toBe(
      "SELECT * FROM (SELECT items.name FROM items ORDER BY items.id LIMIT ?) AS anon_1 UNION ALL SELECT * FROM (SELECT items.name FROM items ORDER BY items.id DESC LIMIT ?) AS anon_2",
    );
    expect(await tuples(first.unionAll(last))).toEqual([["ax"], ["cap"]]);
  });

  test("[EXP5] ilike lowers both sides", async () => {
    const found = select(items.c.name).where(items.c.name.ilike("B%"));
    expect(plain(found)).toBe("SELECT items.name FROM items WHERE items.name ILIKE :name_1");
    expect(lite(found)).toBe("SELECT items.name FROM items WHERE lower(items.name) LIKE lower(?)");
    expect(await tuples(found)).toEqual([["Bow"]]);
  });

  test("[EXP10] integers divide as integers, decimals and floats as fractions", async () => {
    const all = select(
      items.c.stock.div(2),
      items.c.price.div(4),
      items.c.price.div(items.c.stock.cast(numeric())),
      items.c.weight.div(2),
    ).where(items.c.id.eq(1));
    expect(lite(all)).toBe(
      "SELECT items.stock / ?, items.price / ?, items.price / (CAST(items.stock AS NUMERIC) + 0.0), items.weight / ? FROM items WHERE items.id = ?",
    );
    expect(await tuples(all)).toEqual([[3, "2.5", "1.42857142857143", 1.5]]);
    expect(await value(select(literal("10", numeric()).div(literal("4", numeric()))))).toBe("2.5");
  });

  test("[EXP10] the remainder of decimals is not cut to an integer", async () => {
    const mods = select(items.c.stock.mod(4), items.c.price.mod(3), items.c.weight.mod(2)).where(items.c.id.eq(1));
    expect(lite(mods)).toBe(
      "SELECT items.stock % ?, mod(items.price, ?), mod(items.weight, ?) FROM items WHERE items.id = ?",
    );
    expect(await tuples(mods)).toEqual([[3, "1.00", 1]]);
  });

  test("[EXP22] CAST means what it means elsewhere", async () => {
    const at = literal("2024-02-29 13:30:00.250", text());
    const casts = select(
      at.cast(date()),
      at.cast(time()),
      at.cast(dateTime()),
      literal("2.345", text()).cast(numeric(10, 2)),
      literal("7 dwarfs", text()).cast(integer()),
      literal(7).cast(text()),
      literal('{"a": 1}', text()).cast(json()),
      literal(3).cast(double()),
    );
    expect(lite(casts)).toBe(
      "SELECT date(?), rtrim(rtrim(strftime('%H:%M:%f', ?), '0'), '.'), rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', ?), '0'), '.'), " +
        "round(CAST(? AS NUMERIC), 2), CAST(? AS INTEGER), CAST(? AS TEXT), json(?), CAST(? AS REAL)",
    );
    expect(await tuples(casts)).toEqual([
      ["2024-02-29", "13:30:00.25", new Date("2024-02-29T13:30:00.250Z"), "2.35", 7, "7", { a: 1 }, 3],
    ]);
  });

  test("[EXP33] functions have SQLite's names", async () => {
    const all = select(func.charLength(items.c.name), func.substring(items.c.name, 2, 1), func.currentDate()).where(
      items.c.id.eq(1),
    );
    expect(lite(all)).toBe(
      "SELECT length(items.name), substr(items.name, ?, ?), CURRENT_DATE FROM items WHERE items.id = ?",
    );
    const [[length, middle, today] = []] = (await tuples(all)) as unknown[][];
    expect([length, middle]).toEqual([2, "x"]);
    expect(today).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  test("now() is stored and compared in the form of every other instant", async () => {
    expect(lite(select(func.now()))).toBe("SELECT rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', 'now'), '0'), '.')");
    const now = (await value(select(func.now()))) as Date;
    expect(Number.isNaN(now.getTime())).toBe(false);
    expect(await value(select(func.now().ge(new Date("2020-01-01T00:00:00Z"))))).toBe(true);
  });

  test("[SEL11] row locks and LATERAL are refused by name", () => {
    expect(() => lite(select(items.c.id).forUpdate())).toThrow("sqlite has no row locks (FOR UPDATE).");
    const sub = select(items.c.id).lateral("l");
    expect(() => lite(select(sub.c.id))).toThrow("sqlite has no LATERAL subqueries.");
  });

  test("an integer is an integer wherever it goes", async () => {
    expect(await value(select(literal(5).div(2)))).toBe(2);
    expect(await value(select(literal(1).cast(text())))).toBe("1");
    expect(await value(select(func("typeof", 1).returns(text())))).toBe("integer");
    expect(await value(select(func("typeof", 1.5).returns(text())))).toBe("real");
    expect(await value(select(func("typeof", literal(2, double())).returns(text())))).toBe("real");
  });

  test("[EXP37][EXP39][EXP13] FILTER, windows, FULL JOIN and NULLS LAST are written as they are", async () => {
    const u = items.alias("u");
    const all = select(items.c.id, func.count().filter(u.c.active).over({ partitionBy: items.c.id }).label("n"))
      .fullJoin(u, u.c.id.eq(items.c.id))
      .orderBy(items.c.note.desc().nullsLast());
    expect(lite(all)).toBe(
      "SELECT items.id, count(*) FILTER (WHERE u.active) OVER (PARTITION BY items.id) AS n FROM items FULL OUTER JOIN items AS u ON u.id = items.id ORDER BY items.note DESC NULLS LAST",
    );
    expect(await tuples(all)).toEqual([
      [1, 1],
      [3, 1],
      [2, 0],
    ]);
  });
});

describe("[sqlite] writing", () => {
  test("[LT10][DML7][DML21] RETURNING of INSERT, UPDATE and DELETE", async () => {
    await using conn = await engine.connect();
    const added = insert(items)
      .values({ name: "dip", price: "1", weight: 1, stock: 1, active: true })
      .returning(items.c.id, items.c.price);
    expect(lite(added)).toBe(
      "INSERT INTO items (name, price, weight, stock, active) VALUES (?, ?, ?, ?, ?) RETURNING items.id, items.price",
    );
    const { id } = await conn.execute(added).one();
    const changed = update(items)
      .set({ stock: items.c.stock.add(1) })
      .where(items.c.id.eq(id))
      .returning(items.c.stock);
    expect(lite(changed)).toBe("UPDATE items SET stock = items.stock + ? WHERE items.id = ? RETURNING items.stock");
    expect(await conn.execute(changed).scalar()).toBe(2);
    expect(await conn.execute(delete_(items).where(items.c.id.eq(id)).returning(items.c.name)).scalar()).toBe("dip");
  });

  test("[DML9][RES22] the key of an inserted row is known: the rowid, or what the database made otherwise", async () => {
    await using conn = await engine.connect();
    await using transaction = await conn.begin();
    const byRowid = insert(items).values({ name: "egg", price: "1", weight: 1, stock: 1, active: true });
    expect(lite(byRowid)).not.toContain("RETURNING");
    const first = await conn.execute(byRowid);
    expect(first.insertedPrimaryKey).toEqual({ id: 4 });
    const byDefault = insert(tokens).values({ label: "x" });
    expect(lite(byDefault)).toBe("INSERT INTO tokens (label) VALUES (?) RETURNING tokens.id");
    const second = await conn.execute(byDefault);
    expect(second.insertedPrimaryKey).toEqual({ id: "00000000-0000-4000-8000-000000000000" });
    expect(lite(insert(tokens).values({ id: "00000000-0000-4000-8000-000000000001", label: "y" }))).not.toContain(
      "RETURNING",
    );
    await transaction.rollback();
  });

  test("a row of many is one row of placeholders", () => {
    const many = insert(tokens).values({ label: "a" }, { label: "b" });
    expect(lite(many)).toBe("INSERT INTO tokens (label) VALUES (?)");
  });

  test("[DML4] an INSERT that names no column is DEFAULT VALUES", () => {
    const t = new Table("defaults", new MetaData(), { id: integer().primaryKey() });
    expect(lite(insert(t).values({}))).toBe("INSERT INTO defaults DEFAULT VALUES");
  });
});

describe("[sqlite] names", () => {
  test("[CMP15] SQLite's own keywords are quoted, other words are not", () => {
    const t = new Table("index", new MetaData(), {
      transaction: integer(),
      abort: integer(),
      group: integer(),
      rowid: integer(),
    });
    expect(lite(select(...(Object.values(t.c) as [])))).toBe(
      'SELECT "index"."transaction", "index".abort, "index"."group", "index".rowid FROM "index"',
    );
  });

  test("every keyword of SQLite can name a table and a column", async () => {
    await using conn = await engine.connect();
    const failing: string[] = [];
    for (const word of KEYWORDS) {
      const t = new Table(word, new MetaData(), { [word]: integer() });
      const column = t.column(word);
      try {
        await t.create(conn);
        await conn.execute(insert(t as AnyTable).values({ [word]: 1 } as never));
        expect(
          await conn.execute(select(column).where(column.eq(1).and(column.isNotNull())).orderBy(column)).scalarOne(),
        ).toBe(1);
        await conn.execute(update(t as AnyTable).set({ [word]: 2 } as never));
      } catch (error) {
        failing.push(`${word}: ${(error as Error).message}`);
      }
      await t.drop(conn);
    }
    expect(failing).toEqual([]);
  });

  test("[LT18] a table of an attached database has its name in front", async () => {
    const other = createEngine("sqlite://");
    const t = new Table("t", new MetaData({ schema: "side" }), { id: integer().primaryKey(), name: string(5).index() });
    const child = new Table("child", t.metadata, { id: integer().primaryKey(), t: integer().references(() => t.c.id) });
    await using conn = await other.connect();
    await conn.execute(sql`ATTACH DATABASE ':memory:' AS side`);
    await t.metadata.createAll(conn);
    await conn.execute(insert(t).values({ name: "x" }));
    await conn.execute(insert(child).values({ t: 1 }).returning(child.c.id));
    expect(lite(select(t.c.name))).toBe("SELECT side.t.name FROM side.t");
    expect(await conn.execute(select(t.c.name, child.c.id).join(child)).tuples()).toEqual([["x", 1]]);
    await t.metadata.dropAll(conn);
    await conn.close();
    await other.dispose();
  });
});

test("[EXP21] conditional expressions keep their types", async () => {
  expect(await value(select(case_([[items.c.stock.gt(5), items.c.price]], "0")).where(items.c.id.eq(1)))).toBe("10.00");
});

/** https://sqlite.org/lang_keywords.html */
const KEYWORDS =
  `abort action add after all alter always analyze and as asc attach autoincrement before begin between by cascade case cast
  check collate column commit conflict constraint create cross current current_date current_time current_timestamp database default
  deferrable deferred delete desc detach distinct do drop each else end escape except exclude exclusive exists explain fail filter first
  following for foreign from full generated glob group groups having if ignore immediate in index indexed initially inner insert instead
  intersect into is isnull join key last left like limit match materialized natural no not nothing notnull null nulls of offset on or order
  others outer over partition plan pragma preceding primary query raise range recursive references regexp reindex release rename replace
  restrict returning right rollback row rows savepoint select set table temp temporary then ties to transaction trigger unbounded union
  unique update using vacuum values view virtual when where window with within without`.split(/\s+/);
