import {
  type BindParameter,
  bigInteger,
  CompileError,
  date,
  dateTime,
  dialectByName,
  func,
  insert,
  integer,
  literal,
  MetaData,
  type Node,
  numeric,
  select,
  string,
  Table,
  time,
  tuple,
  update,
} from "@acme/core";
import { describe, expect, test } from "vitest";
import { MssqlDialect, mssql } from "./index.js";
import { posts, tags, users } from "./test-schema.js";

const { id, name, nick, age } = users.c;
const write = (statement: Node, version = 14): string => mssql({ version }).compile(statement).sql;

describe("the dialect", () => {
  test("[MS1] importing the package registers it", () => {
    expect(dialectByName("mssql")).toBeInstanceOf(MssqlDialect);
    expect(dialectByName("sqlserver")).toBeInstanceOf(MssqlDialect);
    expect(Object.keys(mssql().drivers)).toEqual(["tedious"]);
  });

  test("[EXP2] SQL Server 2022 has IS DISTINCT FROM", () => {
    expect(write(select(id).where(nick.isDistinctFrom(name)), 16)).toBe(
      "SELECT users.id FROM users WHERE users.nick IS DISTINCT FROM users.name",
    );
    const server = mssql().forServer({ product: "mssql", version: [16, 0, 1000] });
    expect(server).toMatchObject({ version: 16, flags: { distinctFrom: true } });
    expect(() => mssql({ version: 11 })).toThrow("SQL Server version 11 is not supported.");
  });

  test("names in brackets where they must be, in a schema", () => {
    const odd = new Table(
      "my]table",
      new MetaData(),
      { order: integer().primaryKey(), lastName: string(4), _x: integer() },
      { schema: "app" },
    );
    expect(write(select(odd.c.order, odd.c.lastName, odd.c._x))).toBe(
      "SELECT app.[my]]table].[order], app.[my]]table].[lastName], app.[my]]table]._x FROM app.[my]]table]",
    );
  });
});

describe("keys and rows that come back", () => {
  const plain = new Table("plain", new MetaData(), {
    id: integer().primaryKey({ autoincrement: false }),
    n: integer(),
  });
  const watched = new Table(
    "watched",
    new MetaData(),
    { id: bigInteger().primaryKey(), n: integer() },
    { dialectOptions: { mssql: { triggers: true } } },
  );

  test("[MS6] IDENTITY_INSERT stands around an INSERT that gives a generated key, and only there", () => {
    expect(write(insert(plain).values({ id: 1, n: 2 }))).toBe("INSERT INTO plain (id, n) VALUES (@p1, @p2)");
    const identity = new Table("b", new MetaData(), {
      id: integer().primaryKey({ autoincrement: false }),
      n: integer().identity(),
    });
    expect(write(insert(identity).values({ id: 1, n: 2 }))).toBe(
      "SET IDENTITY_INSERT b ON; INSERT INTO b (id, n) VALUES (@p1, @p2); SET IDENTITY_INSERT b OFF",
    );
  });

  // OUTPUT without INTO is refused on tables with triggers, and its rows come in no particular order:
  // https://learn.microsoft.com/sql/t-sql/queries/output-clause-transact-sql
  test("[MS7] on a table with triggers the key is read by SCOPE_IDENTITY()", () => {
    expect(write(insert(watched).values({ n: 1 }))).toBe(
      "INSERT INTO watched (n) VALUES (@p1); SET NOCOUNT ON; SELECT CAST(SCOPE_IDENTITY() AS BIGINT)",
    );
    expect(
      mssql()
        .compile(insert(watched).values({ n: 1 }))
        .resultColumns?.map(({ key }) => key),
    ).toEqual(["id"]);
    expect(() => write(insert(watched).values({ n: 1 }).returning(watched.c.n))).toThrow(
      "mssql has no OUTPUT (RETURNING) on tables with triggers.",
    );
    expect(() => write(update(watched).set({ n: 1 }).returning(watched.c.n))).toThrow(CompileError);
  });

  test("many rows with OUTPUT are numbered and selected in the order of their numbers, which identities follow", () => {
    const rows = [{ label: "a" }, { label: "b" }];
    expect(mssql().compile(insert(tags).valuesList(rows)).multiRowSql(2)).toBe(
      "INSERT INTO tags (label) VALUES (@p1), (@p2)",
    );
    const returning = mssql().compile(insert(tags).valuesList(rows).returning(tags.c.id));
    expect(returning.multiRowSql(2)).toBe(
      "INSERT INTO tags (label) OUTPUT inserted.id SELECT label FROM (VALUES (@p1, 0), (@p2, 1)) AS acme_rows (label, acme_row) ORDER BY acme_row",
    );
    expect(returning.sql).toBe("INSERT INTO tags (label) OUTPUT inserted.id VALUES (@p1)");
    expect(mssql().flags.maxParameters).toBe(2098);
  });

  test("[DML21] OUTPUT speaks of the new values of an UPDATE, and takes no subqueries", () => {
    expect(write(update(users).set({ age: 3 }).returning(age.add(1).label("next")))).toBe(
      "UPDATE users SET age = @p1 OUTPUT inserted.age + @p2 AS next",
    );
    const subquery = select(func.count()).selectFrom(posts).scalar();
    expect(() => write(update(users).set({ age: 3 }).returning(subquery.label("n")))).toThrow(
      "mssql has no subqueries in OUTPUT (RETURNING).",
    );
  });
});

describe("what SQL Server says in another way or not at all", () => {
  test("[EXP6] an opening bracket in a pattern is taken literally", () => {
    const statement = select(id).where(name.contains("[50%]"), name.like("a[b"), name.like("[!]", { escape: "[" }));
    expect(mssql().compile(statement).render(statement)).toEqual({
      sql: "SELECT users.id FROM users WHERE users.name LIKE @p1 ESCAPE '/' AND users.name LIKE @p2 AND users.name LIKE @p3 ESCAPE '['",
      parameters: ["%[[]50/%]%", "a[[]b", "[!]"],
    });
    const inlined = (literal("x[y") as unknown as BindParameter<string>).inlined();
    expect(write(select(id).where(name.like(inlined)))).toBe(
      "SELECT users.id FROM users WHERE users.name LIKE N'x[[]y'",
    );
  });

  test("[EXP26] row values are compared column by column", () => {
    const row = tuple(id, name);
    expect(write(select(posts.c.id).where(row.eq(tuple(posts.c.id, posts.c.title) as never)))).toBe(
      "SELECT posts.id FROM posts, users WHERE (users.id = posts.id AND users.name = posts.title)",
    );
    expect(write(select(id).where(row.lt([1, "a"] as never)))).toBe(
      "SELECT users.id FROM users WHERE (users.id < @p1 OR users.id = @p1 AND users.name < @p2)",
    );
    expect(() => write(select(id).where(row.in(select(posts.c.id, posts.c.title) as never)))).toThrow(
      "mssql has no row values IN a query.",
    );
  });

  test("[SEL11] shared locks, locks of aliases; a query without tables has none", () => {
    const boss = users.alias("boss");
    expect(write(select(boss.c.id).forUpdate({ share: true }))).toBe(
      "SELECT boss.id FROM users AS boss WITH (REPEATABLEREAD, ROWLOCK)",
    );
    const inner = select(id).subquery("s");
    expect(() => write(select(inner.c.id).forUpdate())).toThrow("mssql has no row locks on a query without tables.");
    expect(
      write(
        select(id)
          .where(id.in(select(posts.c.authorId)))
          .forUpdate(),
      ),
    ).toBe("SELECT users.id FROM users WITH (UPDLOCK, ROWLOCK) WHERE users.id IN (SELECT posts.[authorId] FROM posts)");
  });

  test("[SEL7] a label of a decimal is sorted by its value, not by the text that is fetched", () => {
    const total = users.c.balance.mul("2").label("total");
    expect(write(select(total).orderBy(total.desc()))).toBe(
      "SELECT CONVERT(NVARCHAR(50), users.balance * @p1, 2) AS total FROM users ORDER BY users.balance * @p1 DESC",
    );
  });

  test("refused: UNION in a recursive CTE, a sorted set operation whose columns have one name", () => {
    const tree = select(id, users.c.managerId).cte("tree", { recursive: true });
    const step = select(id, users.c.managerId).join(tree, users.c.managerId.eq(tree.c.id));
    expect(() => write(select(tree.union(step).c.id))).toThrow("mssql has no UNION in a recursive CTE.");
    const twice = select(users.c.balance, tags.c.weight.label("balance"));
    expect(() => write(twice.union(twice))).toThrow(
      "On mssql the result columns of this query need names that differ.",
    );
    expect(() => write(select(users.c.balance).distinct().orderBy(age))).toThrow(
      "ORDER BY of a SELECT DISTINCT or set operation takes columns of its result.",
    );
  });

  test("[EXP3] the query that an empty list becomes has the column's type", () => {
    const rendered = (statement: Node): string => mssql().compile(statement).render(statement).sql;
    expect(rendered(select(id).where(users.c.token.in([])))).toBe(
      "SELECT users.id FROM users WHERE users.token IN (SELECT CAST(NULL AS UNIQUEIDENTIFIER) WHERE 1 = 0)",
    );
    expect(rendered(select(id).where(users.c.balance.in([])))).toBe(
      "SELECT users.id FROM users WHERE users.balance IN (SELECT CAST(NULL AS INT) WHERE 1 = 0)",
    );
  });
});

describe("values in the text", () => {
  const inlined = (value: unknown, type?: Parameters<typeof literal>[1]): string =>
    write(select((literal(value, type as never) as unknown as BindParameter).inlined().label("x"))).replace(
      /^SELECT (.*) AS x$/,
      "$1",
    );

  test("[SEL39] literals are escaped and typed", () => {
    expect(inlined("it's")).toBe("N'it''s'");
    expect(inlined(true)).toBe("1");
    expect(inlined(1.5)).toBe("1.5e+0");
    expect(inlined(new Uint8Array([1, 255]))).toBe("0x01FF");
    expect(inlined("2024-02-29", date())).toBe("CAST('2024-02-29' AS DATE)");
    expect(inlined("07:00:00.5", time())).toBe("CAST('07:00:00.5' AS TIME(6))");
    expect(inlined(new Date(0), dateTime())).toBe("CAST('1970-01-01T00:00:00.000' AS DATETIME2(3))");
    expect(inlined(new Date(0))).toBe("CAST('1970-01-01T00:00:00.000+00:00' AS DATETIMEOFFSET(3))");
    expect(inlined("1.50", numeric(4, 2))).toBe("CONVERT(NVARCHAR(50), 1.50, 2)");
  });
});
