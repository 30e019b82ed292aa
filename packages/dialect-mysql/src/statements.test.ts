import {
  bigInteger,
  type Connection,
  createEngine,
  delete_,
  type Engine,
  func,
  insert,
  integer,
  MetaData,
  type Order,
  select,
  sql,
  string,
  Table,
  type tup,
  update,
} from "@acme/core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { MYSQL_RESERVED_WORDS } from "./reserved-words.js";
import "./index.js";
import { provision, type TestDatabase } from "./test-support.js";

const { mariadb } = inject("databases");

const metadata = new MetaData();
const people = new Table("people", metadata, {
  id: integer().primaryKey(),
  name: string(20),
  nick: string(20).nullable(),
  age: integer(),
  visits: bigInteger().default(0n),
});

describe.skipIf(!mariadb.available)("[mariadb] what this database says differently means the same", () => {
  let database: TestDatabase;
  let engine: Engine;
  let conn: Connection;

  beforeAll(async () => {
    database = await provision(mariadb.available ? mariadb.url : "");
    engine = createEngine(database.url);
    await metadata.createAll(engine);
    conn = await engine.connect();
  });

  beforeEach(async () => {
    await conn.execute(sql`TRUNCATE TABLE people`);
    await conn.execute(
      insert(people).values(
        { name: "Ann", nick: null, age: 20 },
        { name: "bob", nick: "B", age: 30 },
        { name: "Cy", nick: "C", age: 40 },
      ),
    );
  });

  afterAll(async () => {
    await conn?.close();
    await engine?.dispose();
    await database?.drop();
  });

  /** The first column. */
  const values = (query: { readonly [tup]: readonly unknown[] }): Promise<unknown[]> =>
    conn.execute(query as never).scalars();

  test("[MY2] a mysql:// URL that leads to a MariaDB speaks MariaDB", async () => {
    const misled = createEngine(database.url.replace(/^\w+:/, "mysql:"));
    const other = await misled.connect();
    expect(other.dialect.name).toBe("mariadb");
    expect(await other.execute(insert(people).values({ name: "x", age: 1 }).returning(people.c.name)).scalar()).toBe(
      "x",
    );
    await other.close();
    await misled.dispose();
  });

  test("[MY1] the driver is chosen in the URL, and one that is not there is refused with what there is", async () => {
    await using chosen = createEngine(database.url.replace(/^\w+:/, "mariadb+mysql2:"));
    expect(chosen.driver.name).toBe("mysql2");
    await using other = await chosen.connect();
    expect(await other.executeDriverSql("SELECT 1").scalar()).toBe(1);
    expect(() => createEngine("mysql+mariadb://localhost/x")).toThrow(/no driver "mariadb".*has: mysql2/);
  });

  test("[MY12] keys come from the answer to INSERT, and rows of INSERT and DELETE by RETURNING", async () => {
    const stored = await conn.execute(insert(people).values({ name: "key", age: 1 }));
    const id = stored.insertedPrimaryKey?.id;
    expect(id).toBeGreaterThan(0);
    const gone = delete_(people).where(people.c.name.eq("key")).returning(people.c.id);
    expect(gone.compile({ dialect: conn.dialect }).sql).toMatch(/RETURNING people\.id$/);
    expect(await conn.execute(gone).scalars()).toEqual([id]);
    const again = insert(people).values({ name: "key", age: 2 }).returning(people.c.age);
    expect(await conn.execute(again).scalar()).toBe(2);
    await conn.execute(delete_(people).where(people.c.name.eq("key")));
  });

  test("assignments that read each other store what standard SQL stores", async () => {
    await conn.execute(
      update(people)
        .set({ age: people.c.age.add(1), visits: people.c.age.cast(bigInteger()) })
        .where(people.c.id.eq(1)),
    );
    expect(await conn.execute(select(people.c.age, people.c.visits).where(people.c.id.eq(1))).one()).toEqual({
      age: 21,
      visits: 20n,
    });
  });

  test("IN a limited query", async () => {
    const oldest = select(people.c.id).orderBy(people.c.age.desc()).limit(2);
    expect(await values(select(people.c.name).where(people.c.id.in(oldest)).orderBy(people.c.name))).toEqual([
      "bob",
      "Cy",
    ]);
  });

  test("[SEL9] OFFSET without LIMIT", async () => {
    expect(await values(select(people.c.name).orderBy(people.c.id).offset(1))).toEqual(["bob", "Cy"]);
  });

  test("[EXP2] null-safe comparison", async () => {
    expect(
      await values(select(people.c.name).where(people.c.nick.isNotDistinctFrom(people.c.nick)).orderBy(people.c.id)),
    ).toEqual(["Ann", "bob", "Cy"]);
    expect(await values(select(people.c.name).where(people.c.nick.isDistinctFrom("B")).orderBy(people.c.id))).toEqual([
      "Ann",
      "Cy",
    ]);
  });

  test("[EXP13] NULLs where they are wanted, in a set operation too", async () => {
    const order = async (element: Order): Promise<unknown[]> => values(select(people.c.nick).orderBy(element));
    expect(await order(people.c.nick.asc().nullsFirst())).toEqual([null, "B", "C"]);
    expect(await order(people.c.nick.asc().nullsLast())).toEqual(["B", "C", null]);
    expect(await order(people.c.nick.desc().nullsFirst())).toEqual([null, "C", "B"]);
    expect(await order(people.c.nick.desc().nullsLast())).toEqual(["C", "B", null]);
    const both = select(people.c.nick).union(select(people.c.nick));
    expect(await conn.execute(both.orderBy(people.c.nick.asc().nullsLast())).scalars()).toEqual(["B", "C", null]);
  });

  test("[SEL21] a CTE in an UPDATE and a DELETE", async () => {
    const young = select(people.c.id).where(people.c.age.lt(35)).cte("young");
    await conn.execute(
      update(people)
        .set({ nick: "y" })
        .where(people.c.id.in(select(young.c.id)), people.c.name.ne("bob")),
    );
    expect(await conn.execute(select(people.c.nick).orderBy(people.c.id)).scalars()).toEqual(["y", "B", "C"]);
    const gone = await conn
      .execute(
        delete_(people)
          .where(people.c.id.in(select(young.c.id)))
          .returning(people.c.name),
      )
      .scalars();
    expect(gone).toEqual(["Ann", "bob"]);
  });

  test("a subquery on the changed table", async () => {
    const other = people.alias("other");
    await conn.execute(
      delete_(people).where(people.c.age.lt(func.coalesce(select(func.max(other.c.age)).scalar(), 0))),
    );
    expect(await values(select(people.c.name))).toEqual(["Cy"]);
  });

  test("[MY19] a shared lock", async () => {
    expect(
      await values(select(people.c.name).where(people.c.id.eq(1)).forUpdate({ share: true, skipLocked: true })),
    ).toEqual(["Ann"]);
  });

  test("[EXP39] window functions take parameters", async () => {
    const before = func.lag(people.c.name, 1).over({ orderBy: people.c.id }).label("before");
    expect(await conn.execute(select(before).orderBy(people.c.id)).scalars()).toEqual([null, "Ann", "bob"]);
  });

  test("[MY34] every word that the server reserves is in the list, and quoted it serves as any name", async () => {
    const words = (await conn.execute(sql`SELECT word FROM information_schema.keywords`).scalars()) as string[];
    const candidates = words.map((word) => word.toLowerCase()).filter((word) => /^[a-z_][a-z0-9_]*$/.test(word));
    expect(candidates.length).toBeGreaterThan(600);
    const missing: string[] = [];
    for (const word of candidates.filter((each) => !MYSQL_RESERVED_WORDS.has(each))) {
      const uses = `SELECT ${word}.${word} AS ${word} FROM (SELECT 1 AS ${word}) AS ${word} WHERE ${word} = 1 ORDER BY ${word}`;
      await conn.executeDriverSql(uses).catch(() => missing.push(word));
    }
    expect(missing).toEqual([]);
    const quote = (word: string): string => conn.dialect.quote(word);
    const all = [...MYSQL_RESERVED_WORDS].map((word) => `1 AS ${quote(word)}`).join(", ");
    const { columns = [] } = { columns: Object.keys((await conn.executeDriverSql(`SELECT ${all}`).one()) as object) };
    expect(columns).toEqual([...MYSQL_RESERVED_WORDS]);
  });
});
