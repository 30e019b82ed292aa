import {
  and,
  type BindParameter,
  bigInteger,
  boolean,
  CreateIndex,
  CreateTable,
  case_,
  check,
  date,
  dateTime,
  delete_,
  double,
  enumeration,
  func,
  type Index,
  index,
  insert,
  integer,
  join,
  json,
  largeBinary,
  literal,
  MetaData,
  type Node,
  not,
  numeric,
  or,
  select,
  selectAll,
  sql,
  string,
  Table,
  text,
  time,
  tuple,
  update,
  uuid,
} from "@acme/core";
import { mssql } from "@acme/dialect-mssql";
import { mariadb, mysql } from "@acme/dialect-mysql";
import { oracle } from "@acme/dialect-oracle";
import { postgres } from "@acme/dialect-postgres";
import { sqlite } from "@acme/dialect-sqlite";
import { describe, expect, test } from "vitest";

const metadata = new MetaData();
const users = new Table("users", metadata, {
  id: integer().primaryKey(),
  name: string(50),
  nick: string(50).nullable(),
  age: integer(),
  active: boolean(),
  createdAt: dateTime({ timezone: true }).serverDefault(func.now()),
});
const posts = new Table("posts", metadata, {
  id: integer().primaryKey(),
  authorId: integer()
    .named("author_id")
    .references(() => users.c.id, { onDelete: "cascade" }),
  title: string(200),
});
const every = new Table(
  "every",
  metadata,
  {
    id: bigInteger().primaryKey(),
    a: text(),
    b: numeric(10, 2),
    c: boolean().default(true),
    d: date(),
    e: time(),
    f: dateTime(),
    g: dateTime({ timezone: true }),
    h: largeBinary(),
    i: json(),
    j: uuid(),
    k: enumeration(["x", "it's"]),
    l: double(),
    order: string(5).serverDefault("o'k"),
    m: boolean().serverDefault(true),
  },
  { constraints: (c) => [check(c.b.gt("0"), { name: "ck_b" }), index([c.d, c.e.desc()])] },
);
const { id, name, nick, age, active } = users.c;

const inline = (value: string | number | boolean | Date | Uint8Array): ReturnType<BindParameter["inlined"]> =>
  (literal(value) as BindParameter).inlined();

const DIALECTS = [postgres(), mysql(), mariadb(), sqlite(), oracle(), mssql()];

/** What each dialect makes of a statement, a line each: its SQL, or why it refuses. */
function texts(statement: Node): string {
  return DIALECTS.map((dialect) => {
    try {
      return `${dialect.name}: ${statement.compile({ dialect }).sql.replace(/\s*\n\s*/g, " ")}`;
    } catch (error) {
      return `${dialect.name}: ${(error as Error).name}: ${(error as Error).message}`;
    }
  }).join("\n");
}

const lateral = select(posts.c.title).where(posts.c.authorId.eq(id)).limit(1).lateral("l");
const base = select(id, age).where(id.eq(1)).cte("t", { recursive: true });
const tree = base.unionAll(select(id, age).join(base, age.eq(base.c.id)));
const defaulted = new Table("defaulted", new MetaData(), { id: integer().primaryKey() });
const old = select(posts.c.authorId, posts.c.title).cte("old");

describe("the text of each construct on all dialects", () => {
  test("[SEL9] limit and offset", () => {
    expect(texts(select(id).orderBy(id).limit(5).offset(10))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users ORDER BY users.id LIMIT $1 OFFSET $2
      mysql: SELECT users.id FROM users ORDER BY users.id LIMIT ? OFFSET ?
      mariadb: SELECT users.id FROM users ORDER BY users.id LIMIT ? OFFSET ?
      sqlite: SELECT users.id FROM users ORDER BY users.id LIMIT ? OFFSET ?
      oracle: SELECT users.id FROM users ORDER BY users.id OFFSET :1 ROWS FETCH NEXT :2 ROWS ONLY
      mssql: SELECT users.id FROM users ORDER BY users.id OFFSET @p1 ROWS FETCH NEXT @p2 ROWS ONLY"
    `);
  });

  test("[SEL9] limit alone", () => {
    expect(texts(select(id).limit(5))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users LIMIT $1
      mysql: SELECT users.id FROM users LIMIT ?
      mariadb: SELECT users.id FROM users LIMIT ?
      sqlite: SELECT users.id FROM users LIMIT ?
      oracle: SELECT users.id FROM users FETCH FIRST :1 ROWS ONLY
      mssql: SELECT TOP (@p1) users.id FROM users"
    `);
  });

  test("[SEL9] offset alone", () => {
    expect(texts(select(id).orderBy(id).offset(5))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users ORDER BY users.id OFFSET $1
      mysql: SELECT users.id FROM users ORDER BY users.id LIMIT 18446744073709551615 OFFSET ?
      mariadb: SELECT users.id FROM users ORDER BY users.id LIMIT 18446744073709551615 OFFSET ?
      sqlite: SELECT users.id FROM users ORDER BY users.id LIMIT -1 OFFSET ?
      oracle: SELECT users.id FROM users ORDER BY users.id OFFSET :1 ROWS
      mssql: SELECT users.id FROM users ORDER BY users.id OFFSET @p1 ROWS"
    `);
  });

  test("[SEL1] without FROM", () => {
    expect(texts(select(literal(1).label("one")))).toMatchInlineSnapshot(`
      "postgresql: SELECT $1::INTEGER AS one
      mysql: SELECT ? AS one
      mariadb: SELECT ? AS one
      sqlite: SELECT ? AS one
      oracle: SELECT :1 AS one FROM DUAL
      mssql: SELECT @p1 AS one"
    `);
  });

  test("[SEL3][SEL4] outer join", () => {
    expect(texts(select(name, posts.c.title).outerJoin(posts))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.name, posts.title FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id
      mysql: SELECT users.name, posts.title FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id
      mariadb: SELECT users.name, posts.title FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id
      sqlite: SELECT users.name, posts.title FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id
      oracle: SELECT users.name, posts.title FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id
      mssql: SELECT users.name, posts.title FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id"
    `);
  });

  test("[SEL3] full join", () => {
    expect(texts(select(name, posts.c.title).fullJoin(posts))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.name, posts.title FROM users FULL OUTER JOIN posts ON users.id = posts.author_id
      mysql: CompileError: mysql has no FULL OUTER JOIN.
      mariadb: CompileError: mariadb has no FULL OUTER JOIN.
      sqlite: SELECT users.name, posts.title FROM users FULL OUTER JOIN posts ON users.id = posts.author_id
      oracle: SELECT users.name, posts.title FROM users FULL OUTER JOIN posts ON users.id = posts.author_id
      mssql: SELECT users.name, posts.title FROM users FULL OUTER JOIN posts ON users.id = posts.author_id"
    `);
  });

  test("[SEL2][EXP12] boolean columns as conditions", () => {
    expect(texts(select(id).where(and(active, not(active), age.gt(3))))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users WHERE users.active AND NOT users.active AND users.age > $1
      mysql: SELECT users.id FROM users WHERE users.active AND NOT users.active AND users.age > ?
      mariadb: SELECT users.id FROM users WHERE users.active AND NOT users.active AND users.age > ?
      sqlite: SELECT users.id FROM users WHERE users.active AND NOT users.active AND users.age > ?
      oracle: SELECT users.id FROM users WHERE users.active = 1 AND NOT users.active = 1 AND users.age > :1
      mssql: SELECT users.id FROM users WHERE users.active = 1 AND NOT users.active = 1 AND users.age > @p1"
    `);
  });

  test("[EXP12] conditions as values", () => {
    expect(texts(select(age.gt(3).label("old"), active))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.age > $1 AS old, users.active FROM users
      mysql: SELECT users.age > ? AS old, users.active FROM users
      mariadb: SELECT users.age > ? AS old, users.active FROM users
      sqlite: SELECT users.age > ? AS old, users.active FROM users
      oracle: SELECT CASE WHEN users.age > :1 THEN 1 WHEN NOT (users.age > :2) THEN 0 END AS old, users.active FROM users
      mssql: SELECT CASE WHEN users.age > @p1 THEN 1 WHEN NOT (users.age > @p1) THEN 0 END AS old, users.active FROM users"
    `);
  });

  test("[EXP12] a boolean compared with a condition", () => {
    expect(texts(select(id).where(active.eq(age.gt(3))))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users WHERE users.active = (users.age > $1)
      mysql: SELECT users.id FROM users WHERE users.active = (users.age > ?)
      mariadb: SELECT users.id FROM users WHERE users.active = (users.age > ?)
      sqlite: SELECT users.id FROM users WHERE users.active = (users.age > ?)
      oracle: SELECT users.id FROM users WHERE users.active = (CASE WHEN users.age > :1 THEN 1 WHEN NOT (users.age > :2) THEN 0 END)
      mssql: SELECT users.id FROM users WHERE users.active = (CASE WHEN users.age > @p1 THEN 1 WHEN NOT (users.age > @p1) THEN 0 END)"
    `);
  });

  test("[EXP12] NOT around OR", () => {
    expect(texts(select(id).where(not(or(age.gt(1), name.eq("x")))))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users WHERE NOT (users.age > $1 OR users.name = $2)
      mysql: SELECT users.id FROM users WHERE NOT (users.age > ? OR users.name = ?)
      mariadb: SELECT users.id FROM users WHERE NOT (users.age > ? OR users.name = ?)
      sqlite: SELECT users.id FROM users WHERE NOT (users.age > ? OR users.name = ?)
      oracle: SELECT users.id FROM users WHERE NOT (users.age > :1 OR users.name = :2)
      mssql: SELECT users.id FROM users WHERE NOT (users.age > @p1 OR users.name = @p2)"
    `);
  });

  test("[EXP25] no condition at all", () => {
    expect(texts(select(id).where(and(), or()))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users WHERE true AND false
      mysql: SELECT users.id FROM users WHERE true AND false
      mariadb: SELECT users.id FROM users WHERE true AND false
      sqlite: SELECT users.id FROM users WHERE 1 AND 0
      oracle: SELECT users.id FROM users WHERE 1 = 1 AND 1 = 0
      mssql: SELECT users.id FROM users WHERE 1 = 1 AND 1 = 0"
    `);
  });

  test("[EXP9] concatenation", () => {
    expect(texts(select(name.concat("!").concat(nick)))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.name || $1 || users.nick FROM users
      mysql: SELECT concat(users.name, ?, users.nick) FROM users
      mariadb: SELECT concat(users.name, ?, users.nick) FROM users
      sqlite: SELECT users.name || ? || users.nick FROM users
      oracle: SELECT users.name || :1 || users.nick FROM users
      mssql: SELECT users.name + @p1 + users.nick FROM users"
    `);
  });

  test("[EXP10] remainder and nested arithmetic", () => {
    expect(
      texts(select(age.mod(3), age.add(1).mul(2), age.sub(age.sub(1)), age.neg().neg(), inline(-5).neg())),
    ).toMatchInlineSnapshot(`
      "postgresql: SELECT users.age % $1, (users.age + $2) * $3, users.age - (users.age - $4), -(-users.age), -(-5) FROM users
      mysql: SELECT users.age % ?, (users.age + ?) * ?, users.age - (users.age - ?), -(-users.age), -(-5) FROM users
      mariadb: SELECT users.age % ?, (users.age + ?) * ?, users.age - (users.age - ?), -(-users.age), -(-5) FROM users
      sqlite: SELECT users.age % ?, (users.age + ?) * ?, users.age - (users.age - ?), -(-users.age), -(-5) FROM users
      oracle: SELECT MOD(users.age, :1), (users.age + :2) * :3, users.age - (users.age - :4), -(-users.age), -(-5) FROM users
      mssql: SELECT users.age % @p1, (users.age + @p2) * @p3, users.age - (users.age - @p4), -(-users.age), -(-5) FROM users"
    `);
  });

  test("[EXP5] LIKE with escape", () => {
    expect(texts(select(id).where(name.like("a!%", { escape: "!" })))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users WHERE users.name LIKE $1 ESCAPE '!'
      mysql: SELECT users.id FROM users WHERE users.name LIKE ? ESCAPE '!'
      mariadb: SELECT users.id FROM users WHERE users.name LIKE ? ESCAPE '!'
      sqlite: SELECT users.id FROM users WHERE users.name LIKE ? ESCAPE '!'
      oracle: SELECT users.id FROM users WHERE users.name LIKE :1 ESCAPE '!'
      mssql: SELECT users.id FROM users WHERE users.name LIKE @p1 ESCAPE '!'"
    `);
  });

  test("[EXP5] ILIKE", () => {
    expect(texts(select(id).where(name.ilike("a%"), name.notIlike("b%")))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users WHERE users.name ILIKE $1 AND users.name NOT ILIKE $2
      mysql: SELECT users.id FROM users WHERE lower(users.name) LIKE lower(?) AND lower(users.name) NOT LIKE lower(?)
      mariadb: SELECT users.id FROM users WHERE lower(users.name) LIKE lower(?) AND lower(users.name) NOT LIKE lower(?)
      sqlite: SELECT users.id FROM users WHERE lower(users.name) LIKE lower(?) AND lower(users.name) NOT LIKE lower(?)
      oracle: SELECT users.id FROM users WHERE lower(users.name) LIKE lower(:1) AND lower(users.name) NOT LIKE lower(:2)
      mssql: SELECT users.id FROM users WHERE lower(users.name) LIKE lower(@p1) AND lower(users.name) NOT LIKE lower(@p2)"
    `);
  });

  test("[EXP6] contains", () => {
    expect(texts(select(id).where(name.contains("50%")))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users WHERE users.name LIKE $1 ESCAPE '/'
      mysql: SELECT users.id FROM users WHERE users.name LIKE ? ESCAPE '/'
      mariadb: SELECT users.id FROM users WHERE users.name LIKE ? ESCAPE '/'
      sqlite: SELECT users.id FROM users WHERE users.name LIKE ? ESCAPE '/'
      oracle: SELECT users.id FROM users WHERE users.name LIKE :1 ESCAPE '/'
      mssql: SELECT users.id FROM users WHERE users.name LIKE @p1 ESCAPE '/'"
    `);
  });

  test("[EXP2] NULL-safe comparison", () => {
    expect(texts(select(id).where(nick.isDistinctFrom("x"), nick.isNotDistinctFrom(name)))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users WHERE users.nick IS DISTINCT FROM $1 AND users.nick IS NOT DISTINCT FROM users.name
      mysql: SELECT users.id FROM users WHERE NOT (users.nick <=> ?) AND users.nick <=> users.name
      mariadb: SELECT users.id FROM users WHERE NOT (users.nick <=> ?) AND users.nick <=> users.name
      sqlite: SELECT users.id FROM users WHERE users.nick IS NOT ? AND users.nick IS users.name
      oracle: SELECT users.id FROM users WHERE DECODE(users.nick, :1, 0, 1) = 1 AND DECODE(users.nick, users.name, 0, 1) = 0
      mssql: SELECT users.id FROM users WHERE NOT EXISTS (SELECT users.nick INTERSECT SELECT @p1) AND EXISTS (SELECT users.nick INTERSECT SELECT users.name)"
    `);
  });

  test("[EXP4] BETWEEN", () => {
    expect(texts(select(id).where(age.between(1, 5), age.notBetween(7, 9)))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users WHERE users.age BETWEEN $1 AND $2 AND users.age NOT BETWEEN $3 AND $4
      mysql: SELECT users.id FROM users WHERE users.age BETWEEN ? AND ? AND users.age NOT BETWEEN ? AND ?
      mariadb: SELECT users.id FROM users WHERE users.age BETWEEN ? AND ? AND users.age NOT BETWEEN ? AND ?
      sqlite: SELECT users.id FROM users WHERE users.age BETWEEN ? AND ? AND users.age NOT BETWEEN ? AND ?
      oracle: SELECT users.id FROM users WHERE users.age BETWEEN :1 AND :2 AND users.age NOT BETWEEN :3 AND :4
      mssql: SELECT users.id FROM users WHERE users.age BETWEEN @p1 AND @p2 AND users.age NOT BETWEEN @p3 AND @p4"
    `);
  });

  test("[EXP3] IN a list and a query", () => {
    expect(texts(select(id).where(id.in([1]), id.notIn(select(posts.c.authorId))))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users WHERE users.id IN ($1) AND users.id NOT IN (SELECT posts.author_id FROM posts)
      mysql: SELECT users.id FROM users WHERE users.id IN (?) AND users.id NOT IN (SELECT posts.author_id FROM posts)
      mariadb: SELECT users.id FROM users WHERE users.id IN (?) AND users.id NOT IN (SELECT posts.author_id FROM posts)
      sqlite: SELECT users.id FROM users WHERE users.id IN (?) AND users.id NOT IN (SELECT posts.author_id FROM posts)
      oracle: SELECT users.id FROM users WHERE users.id IN (:1) AND users.id NOT IN (SELECT posts.author_id FROM posts)
      mssql: SELECT users.id FROM users WHERE users.id IN (@p1) AND users.id NOT IN (SELECT posts.author_id FROM posts)"
    `);
  });

  test("[EXP26] IN row values", () => {
    expect(texts(select(id).where(tuple(id, age).in([[1, 2]])))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users WHERE (users.id, users.age) IN (($1, $2))
      mysql: SELECT users.id FROM users WHERE (users.id, users.age) IN ((?, ?))
      mariadb: SELECT users.id FROM users WHERE (users.id, users.age) IN ((?, ?))
      sqlite: SELECT users.id FROM users WHERE (users.id, users.age) IN (VALUES (?, ?))
      oracle: SELECT users.id FROM users WHERE (users.id, users.age) IN ((:1, :2))
      mssql: SELECT users.id FROM users WHERE ((users.id = @p1 AND users.age = @p2))"
    `);
  });

  test("[EXP13] place of NULLs", () => {
    expect(texts(select(id).orderBy(nick.desc().nullsLast(), name.nullsFirst()))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users ORDER BY users.nick DESC NULLS LAST, users.name NULLS FIRST
      mysql: SELECT users.id FROM users ORDER BY users.nick DESC, users.name
      mariadb: SELECT users.id FROM users ORDER BY users.nick DESC, users.name
      sqlite: SELECT users.id FROM users ORDER BY users.nick DESC NULLS LAST, users.name NULLS FIRST
      oracle: SELECT users.id FROM users ORDER BY users.nick DESC NULLS LAST, users.name NULLS FIRST
      mssql: SELECT users.id FROM users ORDER BY CASE WHEN users.nick IS NULL THEN 1 ELSE 0 END, users.nick DESC, CASE WHEN users.name IS NULL THEN 0 ELSE 1 END, users.name"
    `);
  });

  test("[EXP37] FILTER", () => {
    expect(texts(select(func.count().filter(active), func.sum(age).filter(age.gt(3))))).toMatchInlineSnapshot(`
      "postgresql: SELECT count(*) FILTER (WHERE users.active), sum(users.age) FILTER (WHERE users.age > $1) FROM users
      mysql: SELECT count(CASE WHEN users.active THEN 1 END), sum(CASE WHEN users.age > ? THEN users.age END) FROM users
      mariadb: SELECT count(CASE WHEN users.active THEN 1 END), sum(CASE WHEN users.age > ? THEN users.age END) FROM users
      sqlite: SELECT count(*) FILTER (WHERE users.active), sum(users.age) FILTER (WHERE users.age > ?) FROM users
      oracle: SELECT count(CASE WHEN users.active = 1 THEN 1 END), sum(CASE WHEN users.age > :1 THEN users.age END) FROM users
      mssql: SELECT count(CASE WHEN users.active = 1 THEN 1 END), sum(CASE WHEN users.age > @p1 THEN users.age END) FROM users"
    `);
  });

  test("[EXP39] window with frame", () => {
    expect(
      texts(select(func.sum(age).over({ partitionBy: name, orderBy: id, rows: ["unbounded", 0] }))),
    ).toMatchInlineSnapshot(`
      "postgresql: SELECT sum(users.age) OVER (PARTITION BY users.name ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM users
      mysql: SELECT sum(users.age) OVER (PARTITION BY users.name ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM users
      mariadb: SELECT sum(users.age) OVER (PARTITION BY users.name ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM users
      sqlite: SELECT sum(users.age) OVER (PARTITION BY users.name ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM users
      oracle: SELECT sum(users.age) OVER (PARTITION BY users.name ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM users
      mssql: SELECT sum(users.age) OVER (PARTITION BY users.name ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM users"
    `);
  });

  test("[EXP21] CASE", () => {
    expect(texts(select(case_([[age.lt(18), "minor"]], "adult").label("k")))).toMatchInlineSnapshot(`
      "postgresql: SELECT CASE WHEN users.age < $1 THEN $2::TEXT ELSE $3::TEXT END AS k FROM users
      mysql: SELECT CASE WHEN users.age < ? THEN ? ELSE ? END AS k FROM users
      mariadb: SELECT CASE WHEN users.age < ? THEN ? ELSE ? END AS k FROM users
      sqlite: SELECT CASE WHEN users.age < ? THEN ? ELSE ? END AS k FROM users
      oracle: SELECT CASE WHEN users.age < :1 THEN :2 ELSE :3 END AS k FROM users
      mssql: SELECT CASE WHEN users.age < @p1 THEN @p2 ELSE @p3 END AS k FROM users"
    `);
  });

  test("[EXP22] CAST", () => {
    expect(
      texts(select(age.cast(string(10)), name.cast(integer()), name.cast(numeric(10, 2)), name.cast(boolean()))),
    ).toMatchInlineSnapshot(`
      "postgresql: SELECT CAST(users.age AS VARCHAR(10)), CAST(users.name AS INTEGER), CAST(users.name AS NUMERIC(10, 2)), CAST(users.name AS BOOLEAN) FROM users
      mysql: SELECT CAST(users.age AS CHAR(10)), CAST(users.name AS SIGNED), CAST(users.name AS DECIMAL(10, 2)), CAST(users.name AS SIGNED) FROM users
      mariadb: SELECT CAST(users.age AS CHAR(10)), CAST(users.name AS SIGNED), CAST(users.name AS DECIMAL(10, 2)), CAST(users.name AS SIGNED) FROM users
      sqlite: SELECT CAST(users.age AS TEXT), CAST(users.name AS INTEGER), round(CAST(users.name AS NUMERIC), 2), CAST(users.name AS NUMERIC) FROM users
      oracle: SELECT CAST(users.age AS VARCHAR2(10 CHAR)), CAST(users.name AS NUMBER(10)), CAST(users.name AS NUMBER(10, 2)), CAST(users.name AS NUMBER(1)) FROM users
      mssql: SELECT CAST(users.age AS NVARCHAR(10)), CAST(users.name AS INT), CONVERT(NVARCHAR(50), CAST(users.name AS NUMERIC(10, 2)), 2), CAST(users.name AS BIT) FROM users"
    `);
  });

  test("[EXP34] functions", () => {
    expect(
      texts(
        select(
          func.now(),
          func.currentDate(),
          func.charLength(name),
          func.substring(name, 1, 2),
          func.coalesce(nick, "x"),
          func.round(age, 1),
        ),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: SELECT CURRENT_TIMESTAMP, CURRENT_DATE, char_length(users.name), substring(users.name, $1::INTEGER, $2::INTEGER), coalesce(users.nick, $3), round(users.age, $4::INTEGER) FROM users
      mysql: SELECT CURRENT_TIMESTAMP(6), CURRENT_DATE, char_length(users.name), substring(users.name, ?, ?), coalesce(users.nick, ?), round(users.age, ?) FROM users
      mariadb: SELECT CURRENT_TIMESTAMP(6), CURRENT_DATE, char_length(users.name), substring(users.name, ?, ?), coalesce(users.nick, ?), round(users.age, ?) FROM users
      sqlite: SELECT rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', 'now'), '0'), '.'), CURRENT_DATE, length(users.name), substr(users.name, ?, ?), coalesce(users.nick, ?), round(users.age, ?) FROM users
      oracle: SELECT TO_CHAR(SYS_EXTRACT_UTC(CURRENT_TIMESTAMP), 'YYYY-MM-DD HH24:MI:SS.FF3'), TO_CHAR(TRUNC(CURRENT_DATE), 'YYYY-MM-DD'), LENGTH(users.name), SUBSTR(users.name, :1, :2), coalesce(users.nick, :3), round(users.age, :4) FROM users
      mssql: SELECT SYSUTCDATETIME(), CAST(SYSUTCDATETIME() AS DATE), LEN(REPLACE(users.name, N' ', N'_')), SUBSTRING(users.name, @p1, @p2), coalesce(users.nick, @p3), round(users.age, @p4) FROM users"
    `);
  });

  test("[CMP19] literals", () => {
    expect(
      texts(
        select(inline("it's \\ x"), inline(-5), inline(new Date(0)), inline(true), inline(new Uint8Array([1, 255]))),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: SELECT E'it''s \\\\ x', -5, '1970-01-01 00:00:00.000+00'::TIMESTAMP WITH TIME ZONE, true, E'\\\\x01ff'::bytea
      mysql: SELECT _utf8mb4 x'69742773205c2078', -5, '1970-01-01 00:00:00.000', true, X'01ff'
      mariadb: SELECT _utf8mb4 x'69742773205c2078', -5, '1970-01-01 00:00:00.000', true, X'01ff'
      sqlite: SELECT 'it''s \\ x', -5, '1970-01-01 00:00:00', 1, X'01ff'
      oracle: SELECT 'it''s \\ x', -5, TO_CHAR(SYS_EXTRACT_UTC(TIMESTAMP '1970-01-01 00:00:00.000 +00:00'), 'YYYY-MM-DD HH24:MI:SS.FF3'), 1, HEXTORAW('01FF') FROM DUAL
      mssql: SELECT N'it''s \\ x', -5, CAST('1970-01-01T00:00:00.000+00:00' AS DATETIMEOFFSET(3)), 1, 0x01FF"
    `);
  });

  test("[SEL6] groups", () => {
    expect(
      texts(select(age, func.count().label("n")).groupBy(age).having(func.count().gt(1)).orderBy(func.count().desc())),
    ).toMatchInlineSnapshot(`
      "postgresql: SELECT users.age, count(*) AS n FROM users GROUP BY users.age HAVING count(*) > $1 ORDER BY count(*) DESC
      mysql: SELECT users.age, count(*) AS n FROM users GROUP BY users.age HAVING count(*) > ? ORDER BY count(*) DESC
      mariadb: SELECT users.age, count(*) AS n FROM users GROUP BY users.age HAVING count(*) > ? ORDER BY count(*) DESC
      sqlite: SELECT users.age, count(*) AS n FROM users GROUP BY users.age HAVING count(*) > ? ORDER BY count(*) DESC
      oracle: SELECT users.age, count(*) AS n FROM users GROUP BY users.age HAVING count(*) > :1 ORDER BY count(*) DESC
      mssql: SELECT users.age, count(*) AS n FROM users GROUP BY users.age HAVING count(*) > @p1 ORDER BY count(*) DESC"
    `);
  });

  test("[SEL8] distinct", () => {
    expect(texts(select(age).distinct().orderBy(age))).toMatchInlineSnapshot(`
      "postgresql: SELECT DISTINCT users.age FROM users ORDER BY users.age
      mysql: SELECT DISTINCT users.age FROM users ORDER BY users.age
      mariadb: SELECT DISTINCT users.age FROM users ORDER BY users.age
      sqlite: SELECT DISTINCT users.age FROM users ORDER BY users.age
      oracle: SELECT DISTINCT users.age FROM users ORDER BY users.age
      mssql: SELECT DISTINCT users.age FROM users ORDER BY users.age"
    `);
  });

  test("[SEL15] subquery in FROM", () => {
    expect(texts(select(name).join(select(posts.c.authorId).subquery("sub")))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.name FROM users JOIN (SELECT posts.author_id AS "authorId" FROM posts) AS sub ON users.id = sub."authorId"
      mysql: SELECT users.name FROM users JOIN (SELECT posts.author_id AS \`authorId\` FROM posts) AS sub ON users.id = sub.\`authorId\`
      mariadb: SELECT users.name FROM users JOIN (SELECT posts.author_id AS \`authorId\` FROM posts) AS sub ON users.id = sub.\`authorId\`
      sqlite: SELECT users.name FROM users JOIN (SELECT posts.author_id AS "authorId" FROM posts) AS sub ON users.id = sub."authorId"
      oracle: SELECT users.name FROM users JOIN (SELECT posts.author_id AS "authorId" FROM posts) sub ON users.id = sub."authorId"
      mssql: SELECT users.name FROM users JOIN (SELECT posts.author_id AS [authorId] FROM posts) AS sub ON users.id = sub.[authorId]"
    `);
  });

  test("[SEL16] scalar subquery", () => {
    expect(texts(select(name, select(func.count()).selectFrom(posts).scalar().label("n")))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.name, (SELECT count(*) FROM posts) AS n FROM users
      mysql: SELECT users.name, (SELECT count(*) FROM posts) AS n FROM users
      mariadb: SELECT users.name, (SELECT count(*) FROM posts) AS n FROM users
      sqlite: SELECT users.name, (SELECT count(*) FROM posts) AS n FROM users
      oracle: SELECT users.name, (SELECT count(*) FROM posts) AS n FROM users
      mssql: SELECT users.name, (SELECT count(*) FROM posts) AS n FROM users"
    `);
  });

  test("[SEL17] EXISTS", () => {
    expect(texts(select(id).where(select(posts.c.id).where(posts.c.authorId.eq(id)).exists()))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts.author_id = users.id)
      mysql: SELECT users.id FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts.author_id = users.id)
      mariadb: SELECT users.id FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts.author_id = users.id)
      sqlite: SELECT users.id FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts.author_id = users.id)
      oracle: SELECT users.id FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts.author_id = users.id)
      mssql: SELECT users.id FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts.author_id = users.id)"
    `);
  });

  test("[SEL18] LATERAL", () => {
    expect(texts(select(name, lateral.c.title).crossJoin(lateral))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.name, l.title FROM users CROSS JOIN LATERAL (SELECT posts.title FROM posts WHERE posts.author_id = users.id LIMIT $1) AS l
      mysql: SELECT users.name, l.title FROM users CROSS JOIN LATERAL (SELECT posts.title FROM posts WHERE posts.author_id = users.id LIMIT ?) AS l
      mariadb: CompileError: mariadb has no LATERAL subqueries.
      sqlite: CompileError: sqlite has no LATERAL subqueries.
      oracle: SELECT users.name, l.title FROM users CROSS JOIN LATERAL (SELECT posts.title FROM posts WHERE posts.author_id = users.id FETCH FIRST :1 ROWS ONLY) l
      mssql: SELECT users.name, l.title FROM users CROSS APPLY (SELECT TOP (@p1) posts.title FROM posts WHERE posts.author_id = users.id) AS l"
    `);
  });

  test("[SEL19] CTE", () => {
    expect(texts(select(old.c.title))).toMatchInlineSnapshot(`
      "postgresql: WITH old AS (SELECT posts.author_id AS "authorId", posts.title FROM posts) SELECT old.title FROM old
      mysql: WITH old AS (SELECT posts.author_id AS \`authorId\`, posts.title FROM posts) SELECT old.title FROM old
      mariadb: WITH old AS (SELECT posts.author_id AS \`authorId\`, posts.title FROM posts) SELECT old.title FROM old
      sqlite: WITH old AS (SELECT posts.author_id AS "authorId", posts.title FROM posts) SELECT old.title FROM old
      oracle: WITH old AS (SELECT posts.author_id AS "authorId", posts.title FROM posts) SELECT old.title FROM old
      mssql: WITH old AS (SELECT posts.author_id AS [authorId], posts.title FROM posts) SELECT old.title FROM old"
    `);
  });

  test("[SEL20] recursive CTE", () => {
    expect(texts(select(tree.c.id))).toMatchInlineSnapshot(`
      "postgresql: WITH RECURSIVE t(id, age) AS (SELECT users.id, users.age FROM users WHERE users.id = $1 UNION ALL SELECT users.id, users.age FROM users JOIN t ON users.age = t.id) SELECT t.id FROM t
      mysql: WITH RECURSIVE t(id, age) AS (SELECT users.id, users.age FROM users WHERE users.id = ? UNION ALL SELECT users.id, users.age FROM users JOIN t ON users.age = t.id) SELECT t.id FROM t
      mariadb: WITH RECURSIVE t(id, age) AS (SELECT users.id, users.age FROM users WHERE users.id = ? UNION ALL SELECT users.id, users.age FROM users JOIN t ON users.age = t.id) SELECT t.id FROM t
      sqlite: WITH RECURSIVE t(id, age) AS (SELECT users.id, users.age FROM users WHERE users.id = ? UNION ALL SELECT users.id, users.age FROM users JOIN t ON users.age = t.id) SELECT t.id FROM t
      oracle: WITH t(id, age) AS (SELECT users.id, users.age FROM users WHERE users.id = :1 UNION ALL SELECT users.id, users.age FROM users JOIN t ON users.age = t.id) SELECT t.id FROM t
      mssql: WITH t(id, age) AS (SELECT users.id, users.age FROM users WHERE users.id = @p1 UNION ALL SELECT users.id, users.age FROM users JOIN t ON users.age = t.id) SELECT t.id FROM t"
    `);
  });

  test("[SEL24] union, sorted", () => {
    expect(texts(select(id).union(select(posts.c.id)).orderBy(id).limit(3))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users UNION SELECT posts.id FROM posts ORDER BY id LIMIT $1
      mysql: SELECT users.id FROM users UNION SELECT posts.id FROM posts ORDER BY id LIMIT ?
      mariadb: SELECT users.id FROM users UNION SELECT posts.id FROM posts ORDER BY id LIMIT ?
      sqlite: SELECT users.id FROM users UNION SELECT posts.id FROM posts ORDER BY id LIMIT ?
      oracle: SELECT users.id FROM users UNION SELECT posts.id FROM posts ORDER BY id FETCH FIRST :1 ROWS ONLY
      mssql: SELECT users.id FROM users UNION SELECT posts.id FROM posts ORDER BY id OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY"
    `);
  });

  test("[SEL24] a limited member of a union", () => {
    expect(texts(select(id).orderBy(id).limit(1).unionAll(select(posts.c.id)))).toMatchInlineSnapshot(`
      "postgresql: (SELECT users.id FROM users ORDER BY users.id LIMIT $1) UNION ALL SELECT posts.id FROM posts
      mysql: (SELECT users.id FROM users ORDER BY users.id LIMIT ?) UNION ALL SELECT posts.id FROM posts
      mariadb: (SELECT users.id FROM users ORDER BY users.id LIMIT ?) UNION ALL SELECT posts.id FROM posts
      sqlite: SELECT * FROM (SELECT users.id FROM users ORDER BY users.id LIMIT ?) AS anon_1 UNION ALL SELECT posts.id FROM posts
      oracle: SELECT * FROM (SELECT users.id FROM users ORDER BY users.id FETCH FIRST :1 ROWS ONLY) anon_1 UNION ALL SELECT posts.id FROM posts
      mssql: SELECT * FROM (SELECT TOP (@p1) users.id FROM users ORDER BY users.id) AS anon_1 UNION ALL SELECT posts.id FROM posts"
    `);
  });

  test("[SEL24] except and intersect", () => {
    expect(texts(select(id).except(select(posts.c.id).intersect(select(age))))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users EXCEPT (SELECT posts.id FROM posts INTERSECT SELECT users.age FROM users)
      mysql: SELECT users.id FROM users EXCEPT (SELECT posts.id FROM posts INTERSECT SELECT users.age FROM users)
      mariadb: SELECT users.id FROM users EXCEPT (SELECT posts.id FROM posts INTERSECT SELECT users.age FROM users)
      sqlite: SELECT users.id FROM users EXCEPT SELECT * FROM (SELECT posts.id FROM posts INTERSECT SELECT users.age FROM users) AS anon_2
      oracle: SELECT users.id FROM users MINUS (SELECT posts.id FROM posts INTERSECT SELECT users.age FROM users)
      mssql: SELECT users.id FROM users EXCEPT (SELECT posts.id FROM posts INTERSECT SELECT users.age FROM users)"
    `);
  });

  test("[SEL28] alias", () => {
    expect(texts(select(users.alias("u").c.id))).toMatchInlineSnapshot(`
      "postgresql: SELECT u.id FROM users AS u
      mysql: SELECT u.id FROM users AS u
      mariadb: SELECT u.id FROM users AS u
      sqlite: SELECT u.id FROM users AS u
      oracle: SELECT u.id FROM users u
      mssql: SELECT u.id FROM users AS u"
    `);
  });

  test("[SEL28] a join under another name", () => {
    const written = join(users, posts);
    const [u, p] = [users.alias("o_users"), posts.alias("o_posts")];
    const pairs = select(users.c.id, u.c.id.label("other"))
      .selectFrom(written)
      .join(written.alias("o"), p.c.title.eq(posts.c.title));
    expect(texts(pairs)).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id, o_users.id AS other FROM users JOIN posts ON users.id = posts.author_id JOIN (users AS o_users JOIN posts AS o_posts ON o_users.id = o_posts.author_id) ON o_posts.title = posts.title
      mysql: SELECT users.id, o_users.id AS other FROM users JOIN posts ON users.id = posts.author_id JOIN (users AS o_users JOIN posts AS o_posts ON o_users.id = o_posts.author_id) ON o_posts.title = posts.title
      mariadb: SELECT users.id, o_users.id AS other FROM users JOIN posts ON users.id = posts.author_id JOIN (users AS o_users JOIN posts AS o_posts ON o_users.id = o_posts.author_id) ON o_posts.title = posts.title
      sqlite: SELECT users.id, o_users.id AS other FROM users JOIN posts ON users.id = posts.author_id JOIN (users AS o_users JOIN posts AS o_posts ON o_users.id = o_posts.author_id) ON o_posts.title = posts.title
      oracle: SELECT users.id, o_users.id AS other FROM users JOIN posts ON users.id = posts.author_id JOIN (users o_users JOIN posts o_posts ON o_users.id = o_posts.author_id) ON o_posts.title = posts.title
      mssql: SELECT users.id, o_users.id AS other FROM users JOIN posts ON users.id = posts.author_id JOIN (users AS o_users JOIN posts AS o_posts ON o_users.id = o_posts.author_id) ON o_posts.title = posts.title"
    `);
    expect(() => join(users, func("f").tableValued("f", { x: integer() }), users.c.id.eq(1)).alias("o")).toThrow(
      '"f" cannot stand in a join under another name.',
    );
  });

  test("[SEL11] row locks", () => {
    expect(texts(select(id).forUpdate({ skipLocked: true }))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users FOR UPDATE SKIP LOCKED
      mysql: SELECT users.id FROM users FOR UPDATE SKIP LOCKED
      mariadb: SELECT users.id FROM users FOR UPDATE SKIP LOCKED
      sqlite: CompileError: sqlite has no row locks (FOR UPDATE).
      oracle: SELECT users.id FROM users FOR UPDATE SKIP LOCKED
      mssql: SELECT users.id FROM users WITH (UPDLOCK, ROWLOCK, READPAST)"
    `);
  });

  test("[SEL38] text with values and names", () => {
    expect(texts(sql`select ${id} from ${users} where ${name} = ${"x"} and age in (${[1]})`)).toMatchInlineSnapshot(`
      "postgresql: select users.id from users where users.name = $1 and age in ($2::INTEGER)
      mysql: select users.id from users where users.name = ? and age in (?)
      mariadb: select users.id from users where users.name = ? and age in (?)
      sqlite: select users.id from users where users.name = ? and age in (?)
      oracle: select users.id from users where users.name = :1 and age in (:2)
      mssql: select users.id from users where users.name = @p1 and age in (@p2)"
    `);
  });

  test("[SEL1] all columns", () => {
    expect(texts(selectAll(posts))).toMatchInlineSnapshot(`
      "postgresql: SELECT posts.id, posts.author_id, posts.title FROM posts
      mysql: SELECT posts.id, posts.author_id, posts.title FROM posts
      mariadb: SELECT posts.id, posts.author_id, posts.title FROM posts
      sqlite: SELECT posts.id, posts.author_id, posts.title FROM posts
      oracle: SELECT posts.id, posts.author_id, posts.title FROM posts
      mssql: SELECT posts.id, posts.author_id, posts.title FROM posts"
    `);
  });

  test("[DML1] insert", () => {
    expect(texts(insert(users).values({ name: "a", age: 1, active: true }))).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO users (name, age, active) VALUES ($1, $2, $3) RETURNING users.id
      mysql: INSERT INTO users (name, age, active) VALUES (?, ?, ?)
      mariadb: INSERT INTO users (name, age, active) VALUES (?, ?, ?)
      sqlite: INSERT INTO users (name, age, active) VALUES (?, ?, ?)
      oracle: INSERT INTO users (name, age, active) VALUES (:1, :2, :3) RETURNING users.id INTO :4
      mssql: INSERT INTO users (name, age, active) OUTPUT inserted.id VALUES (@p1, @p2, @p3)"
    `);
  });

  test("[DML7] insert returning", () => {
    expect(texts(insert(users).values({ name: "a", age: 1, active: true }).returning(id))).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO users (name, age, active) VALUES ($1, $2, $3) RETURNING users.id
      mysql: CompileError: mysql has no INSERT ... RETURNING.
      mariadb: INSERT INTO users (name, age, active) VALUES (?, ?, ?) RETURNING users.id
      sqlite: INSERT INTO users (name, age, active) VALUES (?, ?, ?) RETURNING users.id
      oracle: INSERT INTO users (name, age, active) VALUES (:1, :2, :3) RETURNING users.id INTO :4
      mssql: INSERT INTO users (name, age, active) OUTPUT inserted.id VALUES (@p1, @p2, @p3)"
    `);
  });

  test("[DML6] insert of expressions", () => {
    expect(
      texts(insert(users).values({ name: func.lower(literal("A")), age: literal(1).add(2), active: true })),
    ).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO users (name, age, active) VALUES (lower($1::TEXT), $2::INTEGER + $3::INTEGER, $4) RETURNING users.id
      mysql: INSERT INTO users (name, age, active) VALUES (lower(?), ? + ?, ?)
      mariadb: INSERT INTO users (name, age, active) VALUES (lower(?), ? + ?, ?)
      sqlite: INSERT INTO users (name, age, active) VALUES (lower(?), ? + ?, ?)
      oracle: INSERT INTO users (name, age, active) VALUES (lower(:1), :2 + :3, :4) RETURNING users.id INTO :5
      mssql: INSERT INTO users (name, age, active) OUTPUT inserted.id VALUES (lower(@p1), @p2 + @p3, @p4)"
    `);
  });

  test("[DML3] insert from a query with a CTE", () => {
    expect(
      texts(insert(posts).fromSelect(["authorId", "title"], select(old.c.authorId, old.c.title))),
    ).toMatchInlineSnapshot(`
      "postgresql: WITH old AS (SELECT posts.author_id AS "authorId", posts.title FROM posts) INSERT INTO posts (author_id, title) SELECT old."authorId", old.title FROM old
      mysql: INSERT INTO posts (author_id, title) WITH old AS (SELECT posts.author_id AS \`authorId\`, posts.title FROM posts) SELECT old.\`authorId\`, old.title FROM old
      mariadb: INSERT INTO posts (author_id, title) WITH old AS (SELECT posts.author_id AS \`authorId\`, posts.title FROM posts) SELECT old.\`authorId\`, old.title FROM old
      sqlite: WITH old AS (SELECT posts.author_id AS "authorId", posts.title FROM posts) INSERT INTO posts (author_id, title) SELECT old."authorId", old.title FROM old
      oracle: INSERT INTO posts (author_id, title) WITH old AS (SELECT posts.author_id AS "authorId", posts.title FROM posts) SELECT old."authorId", old.title FROM old
      mssql: WITH old AS (SELECT posts.author_id AS [authorId], posts.title FROM posts) INSERT INTO posts (author_id, title) SELECT old.[authorId], old.title FROM old"
    `);
  });

  test("[DML4] insert of defaults", () => {
    expect(texts(insert(defaulted).values({}))).toMatchInlineSnapshot(`
      "postgresql: INSERT INTO defaulted DEFAULT VALUES RETURNING defaulted.id
      mysql: INSERT INTO defaulted () VALUES ()
      mariadb: INSERT INTO defaulted () VALUES ()
      sqlite: INSERT INTO defaulted DEFAULT VALUES
      oracle: INSERT INTO defaulted (id) VALUES (DEFAULT) RETURNING defaulted.id INTO :1
      mssql: INSERT INTO defaulted OUTPUT inserted.id DEFAULT VALUES"
    `);
  });

  test("[DML13] update", () => {
    expect(
      texts(
        update(users)
          .set({ age: age.add(1), active: case_([[age.gt(3), true]], false) })
          .where(id.eq(1)),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: UPDATE users SET age = users.age + $1, active = CASE WHEN users.age > $2 THEN $3::BOOLEAN ELSE $4::BOOLEAN END WHERE users.id = $5
      mysql: UPDATE users SET active = CASE WHEN users.age > ? THEN ? ELSE ? END, age = users.age + ? WHERE users.id = ?
      mariadb: UPDATE users SET active = CASE WHEN users.age > ? THEN ? ELSE ? END, age = users.age + ? WHERE users.id = ?
      sqlite: UPDATE users SET age = users.age + ?, active = CASE WHEN users.age > ? THEN ? ELSE ? END WHERE users.id = ?
      oracle: UPDATE users SET age = users.age + :1, active = CASE WHEN users.age > :2 THEN :3 ELSE :4 END WHERE users.id = :5
      mssql: UPDATE users SET age = users.age + @p1, active = CASE WHEN users.age > @p2 THEN @p3 ELSE @p4 END WHERE users.id = @p5"
    `);
  });

  test("[DML21] update returning", () => {
    expect(texts(update(users).set({ age: 1 }).returning(id))).toMatchInlineSnapshot(`
      "postgresql: UPDATE users SET age = $1 RETURNING users.id
      mysql: CompileError: mysql has no UPDATE ... RETURNING.
      mariadb: CompileError: mariadb has no UPDATE ... RETURNING.
      sqlite: UPDATE users SET age = ? RETURNING users.id
      oracle: UPDATE users SET age = :1 RETURNING users.id INTO :2
      mssql: UPDATE users SET age = @p1 OUTPUT inserted.id"
    `);
  });

  test("[DML18] delete", () => {
    expect(texts(delete_(users).where(id.eq(1)))).toMatchInlineSnapshot(`
      "postgresql: DELETE FROM users WHERE users.id = $1
      mysql: DELETE FROM users WHERE users.id = ?
      mariadb: DELETE FROM users WHERE users.id = ?
      sqlite: DELETE FROM users WHERE users.id = ?
      oracle: DELETE FROM users WHERE users.id = :1
      mssql: DELETE FROM users WHERE users.id = @p1"
    `);
  });

  test("[DML21] delete returning", () => {
    expect(texts(delete_(users).returning(id))).toMatchInlineSnapshot(`
      "postgresql: DELETE FROM users RETURNING users.id
      mysql: CompileError: mysql has no DELETE ... RETURNING.
      mariadb: DELETE FROM users RETURNING users.id
      sqlite: DELETE FROM users RETURNING users.id
      oracle: DELETE FROM users RETURNING users.id INTO :1
      mssql: DELETE FROM users OUTPUT deleted.id"
    `);
  });

  test("[DDL1][TYP1] create table with a generated key", () => {
    expect(texts(new CreateTable(users))).toMatchInlineSnapshot(`
      "postgresql: CREATE TABLE users ( id INTEGER NOT NULL GENERATED BY DEFAULT AS IDENTITY, name VARCHAR(50) NOT NULL, nick VARCHAR(50), age INTEGER NOT NULL, active BOOLEAN NOT NULL, "createdAt" TIMESTAMP(3) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL, PRIMARY KEY (id) )
      mysql: CREATE TABLE users ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(50) NOT NULL, nick VARCHAR(50), age INTEGER NOT NULL, active BOOLEAN NOT NULL, \`createdAt\` DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) NOT NULL, PRIMARY KEY (id) ) DEFAULT CHARSET=utf8mb4
      mariadb: CREATE TABLE users ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(50) NOT NULL, nick VARCHAR(50), age INTEGER NOT NULL, active BOOLEAN NOT NULL, \`createdAt\` DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) NOT NULL, PRIMARY KEY (id) ) DEFAULT CHARSET=utf8mb4
      sqlite: CREATE TABLE users ( id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, nick VARCHAR(50), age INTEGER NOT NULL, active BOOLEAN NOT NULL, "createdAt" TIMESTAMP DEFAULT (rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', 'now'), '0'), '.')) NOT NULL )
      oracle: CREATE TABLE users ( id NUMBER(10) GENERATED BY DEFAULT AS IDENTITY NOT NULL, name VARCHAR2(50 CHAR) NOT NULL, nick VARCHAR2(50 CHAR), age NUMBER(10) NOT NULL, active NUMBER(1) NOT NULL, "createdAt" TIMESTAMP(3) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL, PRIMARY KEY (id), CHECK (active IN (0, 1)) )
      mssql: CREATE TABLE users ( id INT NOT NULL IDENTITY, name NVARCHAR(50) NOT NULL, nick NVARCHAR(50) NULL, age INT NOT NULL, active BIT NOT NULL, [createdAt] DATETIMEOFFSET(3) DEFAULT SYSUTCDATETIME() NOT NULL, PRIMARY KEY (id) )"
    `);
  });

  test("[DDL1][SCH44] create table with a foreign key", () => {
    expect(texts(new CreateTable(posts))).toMatchInlineSnapshot(`
      "postgresql: CREATE TABLE posts ( id INTEGER NOT NULL GENERATED BY DEFAULT AS IDENTITY, author_id INTEGER NOT NULL, title VARCHAR(200) NOT NULL, PRIMARY KEY (id), FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE )
      mysql: CREATE TABLE posts ( id INTEGER NOT NULL AUTO_INCREMENT, author_id INTEGER NOT NULL, title VARCHAR(200) NOT NULL, PRIMARY KEY (id), FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE ) DEFAULT CHARSET=utf8mb4
      mariadb: CREATE TABLE posts ( id INTEGER NOT NULL AUTO_INCREMENT, author_id INTEGER NOT NULL, title VARCHAR(200) NOT NULL, PRIMARY KEY (id), FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE ) DEFAULT CHARSET=utf8mb4
      sqlite: CREATE TABLE posts ( id INTEGER NOT NULL PRIMARY KEY, author_id INTEGER NOT NULL, title VARCHAR(200) NOT NULL, FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE )
      oracle: CREATE TABLE posts ( id NUMBER(10) GENERATED BY DEFAULT AS IDENTITY NOT NULL, author_id NUMBER(10) NOT NULL, title VARCHAR2(200 CHAR) NOT NULL, PRIMARY KEY (id), FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE )
      mssql: CREATE TABLE posts ( id INT NOT NULL IDENTITY, author_id INT NOT NULL, title NVARCHAR(200) NOT NULL, PRIMARY KEY (id), FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE )"
    `);
  });

  test("[DDL1][TYP1] create table with every type", () => {
    expect(texts(new CreateTable(every))).toMatchInlineSnapshot(`
      "postgresql: CREATE TABLE every ( id BIGINT NOT NULL GENERATED BY DEFAULT AS IDENTITY, a TEXT NOT NULL, b NUMERIC(10, 2) NOT NULL, c BOOLEAN NOT NULL, d DATE NOT NULL, e TIME(6) NOT NULL, f TIMESTAMP(3) NOT NULL, g TIMESTAMP(3) WITH TIME ZONE NOT NULL, h BYTEA NOT NULL, i JSONB NOT NULL, j UUID NOT NULL, k VARCHAR(4) NOT NULL, l DOUBLE PRECISION NOT NULL, "order" VARCHAR(5) DEFAULT 'o''k' NOT NULL, m BOOLEAN DEFAULT true NOT NULL, PRIMARY KEY (id), CONSTRAINT ck_b CHECK (b > 0), CHECK (k IN ('x', 'it''s')) )
      mysql: CREATE TABLE every ( id BIGINT NOT NULL AUTO_INCREMENT, a LONGTEXT NOT NULL, b DECIMAL(10, 2) NOT NULL, c BOOLEAN NOT NULL, d DATE NOT NULL, e TIME(6) NOT NULL, f DATETIME(3) NOT NULL, g DATETIME(3) NOT NULL, h LONGBLOB NOT NULL, i JSON NOT NULL, j CHAR(36) NOT NULL, k ENUM('x', 'it''s') NOT NULL, l DOUBLE NOT NULL, \`order\` VARCHAR(5) DEFAULT 'o''k' NOT NULL, m BOOLEAN DEFAULT true NOT NULL, PRIMARY KEY (id), CONSTRAINT ck_b CHECK (b > 0) ) DEFAULT CHARSET=utf8mb4
      mariadb: CREATE TABLE every ( id BIGINT NOT NULL AUTO_INCREMENT, a LONGTEXT NOT NULL, b DECIMAL(10, 2) NOT NULL, c BOOLEAN NOT NULL, d DATE NOT NULL, e TIME(6) NOT NULL, f DATETIME(3) NOT NULL, g DATETIME(3) NOT NULL, h LONGBLOB NOT NULL, i JSON NOT NULL, j UUID NOT NULL, k ENUM('x', 'it''s') NOT NULL, l DOUBLE NOT NULL, \`order\` VARCHAR(5) DEFAULT 'o''k' NOT NULL, m BOOLEAN DEFAULT true NOT NULL, PRIMARY KEY (id), CONSTRAINT ck_b CHECK (b > 0) ) DEFAULT CHARSET=utf8mb4
      sqlite: CREATE TABLE every ( id INTEGER NOT NULL PRIMARY KEY, a TEXT NOT NULL, b NUMERIC(10, 2) NOT NULL, c BOOLEAN NOT NULL, d DATE NOT NULL, e TIME NOT NULL, f DATETIME NOT NULL, g TIMESTAMP NOT NULL, h BLOB NOT NULL, i JSON NOT NULL, j CHAR(36) NOT NULL, k VARCHAR(4) NOT NULL, l REAL NOT NULL, "order" VARCHAR(5) DEFAULT 'o''k' NOT NULL, m BOOLEAN DEFAULT 1 NOT NULL, CONSTRAINT ck_b CHECK (b > 0), CHECK (k IN ('x', 'it''s')) )
      oracle: CREATE TABLE every ( id NUMBER(19) GENERATED BY DEFAULT AS IDENTITY NOT NULL, a CLOB NOT NULL, b NUMBER(10, 2) NOT NULL, c NUMBER(1) NOT NULL, d DATE NOT NULL, e VARCHAR2(15) NOT NULL, f TIMESTAMP(3) NOT NULL, g TIMESTAMP(3) WITH TIME ZONE NOT NULL, h BLOB NOT NULL, i CLOB NOT NULL, j CHAR(36) NOT NULL, k VARCHAR2(4 CHAR) NOT NULL, l BINARY_DOUBLE NOT NULL, "order" VARCHAR2(5 CHAR) DEFAULT 'o''k' NOT NULL, m NUMBER(1) DEFAULT 1 NOT NULL, PRIMARY KEY (id), CONSTRAINT ck_b CHECK (b > 0), CHECK (k IN ('x', 'it''s')), CHECK (c IN (0, 1)), CHECK (i IS JSON), CHECK (m IN (0, 1)) )
      mssql: CREATE TABLE every ( id BIGINT NOT NULL IDENTITY, a NVARCHAR(max) NOT NULL, b NUMERIC(10, 2) NOT NULL, c BIT NOT NULL, d DATE NOT NULL, e TIME(6) NOT NULL, f DATETIME2(3) NOT NULL, g DATETIMEOFFSET(3) NOT NULL, h VARBINARY(max) NOT NULL, i NVARCHAR(max) NOT NULL, j UNIQUEIDENTIFIER NOT NULL, k NVARCHAR(4) NOT NULL, l FLOAT(53) NOT NULL, [order] NVARCHAR(5) DEFAULT N'o''k' NOT NULL, m BIT DEFAULT 1 NOT NULL, PRIMARY KEY (id), CONSTRAINT ck_b CHECK (b > 0), CHECK (k IN (N'x', N'it''s')), CHECK (ISJSON(N'[' + i + N']') = 1) )"
    `);
  });

  test("[DDL3] create index", () => {
    expect(texts(new CreateIndex(every.indexes[0] as Index))).toMatchInlineSnapshot(`
      "postgresql: CREATE INDEX ix_every_d_e ON every (d, e DESC)
      mysql: CREATE INDEX ix_every_d_e ON every (d, e DESC)
      mariadb: CREATE INDEX ix_every_d_e ON every (d, e DESC)
      sqlite: CREATE INDEX ix_every_d_e ON every (d, e DESC)
      oracle: CREATE INDEX ix_every_d_e ON every (d, e DESC)
      mssql: CREATE INDEX ix_every_d_e ON every (d, e DESC)"
    `);
  });
});
