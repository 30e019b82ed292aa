import {
  asc,
  cube,
  delete_,
  desc,
  exists,
  func,
  groupingSets,
  insert,
  integer,
  join,
  keyset,
  MetaData,
  type Node,
  outerJoin,
  rollup,
  select,
  sql,
  string,
  Table,
  tableSample,
  values,
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
});
const posts = new Table("posts", metadata, {
  id: integer().primaryKey(),
  authorId: integer()
    .named("author_id")
    .references(() => users.c.id),
  title: string(200),
});
const tags = new Table("tags", metadata, {
  id: integer().primaryKey(),
  postId: integer()
    .named("post_id")
    .references(() => posts.c.id),
});
const { id, name, nick, age } = users.c;

const DIALECTS = [postgres(), mysql(), mariadb(), sqlite(), oracle(), mssql()];

/** What each dialect makes of a statement, a line each: its SQL, or why it refuses. */
function texts(statement: Node): string {
  return DIALECTS.map((dialect) => {
    try {
      return `${dialect.name}: ${statement.compile({ dialect }).sql}`;
    } catch (error) {
      return `${dialect.name}: ${(error as Error).name}: ${(error as Error).message}`;
    }
  }).join("\n");
}

const base = select(id, age).where(id.eq(1)).cte("t", { recursive: true });
const tree = base.unionAll(select(id, age).join(base, age.eq(base.c.id)));

describe("row limits on all dialects", () => {
  test("[SEL10] WITH TIES is ranked in a subquery where there is none", () => {
    // MariaDB: https://mariadb.com/kb/en/select-offset-fetch/ ; SQL Server: https://learn.microsoft.com/sql/t-sql/queries/top-transact-sql
    expect(texts(select(id, age).orderBy(age.desc()).fetch(3, { withTies: true }))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id, users.age FROM users ORDER BY users.age DESC FETCH FIRST $1 ROWS WITH TIES
      mysql: SELECT anon_1.c1 AS id, anon_1.c2 AS age FROM (SELECT users.id AS c1, users.age AS c2, row_number() OVER (ORDER BY users.age DESC) AS x1, rank() OVER (ORDER BY users.age DESC) AS x2 FROM users) AS anon_1 WHERE anon_1.x2 <= ? ORDER BY anon_1.x1
      mariadb: SELECT users.id, users.age FROM users ORDER BY users.age DESC FETCH FIRST ? ROWS WITH TIES
      sqlite: SELECT anon_1.c1 AS id, anon_1.c2 AS age FROM (SELECT users.id AS c1, users.age AS c2, row_number() OVER (ORDER BY users.age DESC) AS x1, rank() OVER (ORDER BY users.age DESC) AS x2 FROM users) AS anon_1 WHERE anon_1.x2 <= ? ORDER BY anon_1.x1
      oracle: SELECT users.id, users.age FROM users ORDER BY users.age DESC FETCH FIRST :1 ROWS WITH TIES
      mssql: SELECT TOP (@p1) WITH TIES users.id, users.age FROM users ORDER BY users.age DESC"
    `);
    expect(texts(select(id, age).orderBy(age).offset(2).fetch(3, { withTies: true }))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id, users.age FROM users ORDER BY users.age OFFSET $1 ROWS FETCH NEXT $2 ROWS WITH TIES
      mysql: SELECT anon_1.c1 AS id, anon_1.c2 AS age FROM (SELECT users.id AS c1, users.age AS c2, row_number() OVER (ORDER BY users.age) AS x1, rank() OVER (ORDER BY users.age) AS x2 FROM users) AS anon_1 WHERE anon_1.x2 - ? <= ? AND anon_1.x1 > ? AND ? > ? ORDER BY anon_1.x1
      mariadb: SELECT users.id, users.age FROM users ORDER BY users.age OFFSET ? ROWS FETCH NEXT ? ROWS WITH TIES
      sqlite: SELECT anon_1.c1 AS id, anon_1.c2 AS age FROM (SELECT users.id AS c1, users.age AS c2, row_number() OVER (ORDER BY users.age) AS x1, rank() OVER (ORDER BY users.age) AS x2 FROM users) AS anon_1 WHERE anon_1.x2 - ? <= ? AND anon_1.x1 > ? AND ? > ? ORDER BY anon_1.x1
      oracle: SELECT users.id, users.age FROM users ORDER BY users.age OFFSET :1 ROWS FETCH NEXT :2 ROWS WITH TIES
      mssql: SELECT anon_1.c1 AS id, anon_1.c2 AS age FROM (SELECT users.id AS c1, users.age AS c2, row_number() OVER (ORDER BY users.age) AS x1, rank() OVER (ORDER BY users.age) AS x2 FROM users) AS anon_1 WHERE anon_1.x2 - @p1 <= @p2 AND anon_1.x1 > @p1 AND @p2 > @p3 ORDER BY anon_1.x1"
    `);
  });

  test("[SEL10] percent of the rows", () => {
    expect(texts(select(id).orderBy(id).fetch(10, { percent: true }))).toMatchInlineSnapshot(`
      "postgresql: SELECT anon_1.c1 AS id FROM (SELECT users.id AS c1, row_number() OVER (ORDER BY users.id) AS x1, count(*) OVER () AS x2 FROM users) AS anon_1 WHERE (anon_1.x1 - $1) * $2 < anon_1.x2 * $3 ORDER BY anon_1.x1
      mysql: SELECT anon_1.c1 AS id FROM (SELECT users.id AS c1, row_number() OVER (ORDER BY users.id) AS x1, count(*) OVER () AS x2 FROM users) AS anon_1 WHERE (anon_1.x1 - ?) * ? < anon_1.x2 * ? ORDER BY anon_1.x1
      mariadb: SELECT anon_1.c1 AS id FROM (SELECT users.id AS c1, row_number() OVER (ORDER BY users.id) AS x1, count(*) OVER () AS x2 FROM users) AS anon_1 WHERE (anon_1.x1 - ?) * ? < anon_1.x2 * ? ORDER BY anon_1.x1
      sqlite: SELECT anon_1.c1 AS id FROM (SELECT users.id AS c1, row_number() OVER (ORDER BY users.id) AS x1, count(*) OVER () AS x2 FROM users) AS anon_1 WHERE (anon_1.x1 - ?) * ? < anon_1.x2 * ? ORDER BY anon_1.x1
      oracle: SELECT users.id FROM users ORDER BY users.id FETCH FIRST :1 PERCENT ROWS ONLY
      mssql: SELECT TOP (@p1) PERCENT users.id FROM users ORDER BY users.id"
    `);
    expect(
      texts(select(id).orderBy(age).offset(1).fetch(10, { percent: true, withTies: true })),
    ).toMatchInlineSnapshot(`
      "postgresql: SELECT anon_1.c1 AS id FROM (SELECT users.id AS c1, row_number() OVER (ORDER BY users.age) AS x1, rank() OVER (ORDER BY users.age) AS x2, count(*) OVER () AS x3 FROM users) AS anon_1 WHERE (anon_1.x2 - $1 - $2) * $3 < anon_1.x3 * $4 AND anon_1.x1 > $1 AND $4::INTEGER > $5::INTEGER ORDER BY anon_1.x1
      mysql: SELECT anon_1.c1 AS id FROM (SELECT users.id AS c1, row_number() OVER (ORDER BY users.age) AS x1, rank() OVER (ORDER BY users.age) AS x2, count(*) OVER () AS x3 FROM users) AS anon_1 WHERE (anon_1.x2 - ? - ?) * ? < anon_1.x3 * ? AND anon_1.x1 > ? AND ? > ? ORDER BY anon_1.x1
      mariadb: SELECT anon_1.c1 AS id FROM (SELECT users.id AS c1, row_number() OVER (ORDER BY users.age) AS x1, rank() OVER (ORDER BY users.age) AS x2, count(*) OVER () AS x3 FROM users) AS anon_1 WHERE (anon_1.x2 - ? - ?) * ? < anon_1.x3 * ? AND anon_1.x1 > ? AND ? > ? ORDER BY anon_1.x1
      sqlite: SELECT anon_1.c1 AS id FROM (SELECT users.id AS c1, row_number() OVER (ORDER BY users.age) AS x1, rank() OVER (ORDER BY users.age) AS x2, count(*) OVER () AS x3 FROM users) AS anon_1 WHERE (anon_1.x2 - ? - ?) * ? < anon_1.x3 * ? AND anon_1.x1 > ? AND ? > ? ORDER BY anon_1.x1
      oracle: SELECT users.id FROM users ORDER BY users.age OFFSET :1 ROWS FETCH NEXT :2 PERCENT ROWS WITH TIES
      mssql: SELECT anon_1.c1 AS id FROM (SELECT users.id AS c1, row_number() OVER (ORDER BY users.age) AS x1, rank() OVER (ORDER BY users.age) AS x2, count(*) OVER () AS x3 FROM users) AS anon_1 WHERE (anon_1.x2 - @p1 - @p2) * @p3 < anon_1.x3 * @p4 AND anon_1.x1 > @p1 AND @p4 > @p5 ORDER BY anon_1.x1"
    `);
  });

  test("[SEL10] a plain fetch is a limit; ties without an order are refused", () => {
    expect(texts(select(id).fetch(3))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users LIMIT $1
      mysql: SELECT users.id FROM users LIMIT ?
      mariadb: SELECT users.id FROM users LIMIT ?
      sqlite: SELECT users.id FROM users LIMIT ?
      oracle: SELECT users.id FROM users FETCH FIRST :1 ROWS ONLY
      mssql: SELECT TOP (@p1) users.id FROM users"
    `);
    expect(texts(select(id).fetch(3, { withTies: true }))).toMatchInlineSnapshot(`
      "postgresql: CompileError: WITH TIES needs ORDER BY: without an order nothing ties.
      mysql: CompileError: WITH TIES needs ORDER BY: without an order nothing ties.
      mariadb: CompileError: WITH TIES needs ORDER BY: without an order nothing ties.
      sqlite: CompileError: WITH TIES needs ORDER BY: without an order nothing ties.
      oracle: CompileError: WITH TIES needs ORDER BY: without an order nothing ties.
      mssql: CompileError: WITH TIES needs ORDER BY: without an order nothing ties."
    `);
  });

  test("[SEL9] no rows at all, with an offset, which FETCH of SQL Server refuses", () => {
    // https://learn.microsoft.com/sql/t-sql/queries/select-order-by-clause-transact-sql: FETCH takes one row at least.
    expect(texts(select(id).orderBy(id).limit(0).offset(5))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users ORDER BY users.id LIMIT 0 OFFSET $1
      mysql: SELECT users.id FROM users ORDER BY users.id LIMIT 0 OFFSET ?
      mariadb: SELECT users.id FROM users ORDER BY users.id LIMIT 0 OFFSET ?
      sqlite: SELECT users.id FROM users ORDER BY users.id LIMIT 0 OFFSET ?
      oracle: SELECT users.id FROM users ORDER BY users.id OFFSET :1 ROWS FETCH NEXT 0 ROWS ONLY
      mssql: SELECT TOP (0) users.id FROM users ORDER BY users.id"
    `);
    expect(texts(select(id).union(select(posts.c.id)).limit(0))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users UNION SELECT posts.id FROM posts LIMIT 0
      mysql: SELECT users.id FROM users UNION SELECT posts.id FROM posts LIMIT 0
      mariadb: SELECT users.id FROM users UNION SELECT posts.id FROM posts LIMIT 0
      sqlite: SELECT users.id FROM users UNION SELECT posts.id FROM posts LIMIT 0
      oracle: SELECT users.id FROM users UNION SELECT posts.id FROM posts FETCH FIRST 0 ROWS ONLY
      mssql: SELECT TOP (0) none.id FROM (SELECT users.id FROM users UNION SELECT posts.id FROM posts) AS none"
    `);
  });

  test("DISTINCT ON is numbered in a subquery where there is none", () => {
    const stmt = select(posts.c.authorId, posts.c.title)
      .distinctOn(posts.c.authorId)
      .orderBy(posts.c.authorId, posts.c.id.desc())
      .limit(5);
    expect(texts(stmt)).toMatchInlineSnapshot(`
      "postgresql: SELECT DISTINCT ON (posts.author_id) posts.author_id, posts.title FROM posts ORDER BY posts.author_id, posts.id DESC LIMIT $1
      mysql: SELECT anon_1.c1 AS \`authorId\`, anon_1.c2 AS title FROM (SELECT posts.author_id AS c1, posts.title AS c2, row_number() OVER (PARTITION BY posts.author_id ORDER BY posts.author_id, posts.id DESC) AS x1, row_number() OVER (ORDER BY posts.author_id, posts.id DESC) AS x2 FROM posts) AS anon_1 WHERE anon_1.x1 = ? ORDER BY anon_1.x2 LIMIT ?
      mariadb: SELECT anon_1.c1 AS \`authorId\`, anon_1.c2 AS title FROM (SELECT posts.author_id AS c1, posts.title AS c2, row_number() OVER (PARTITION BY posts.author_id ORDER BY posts.author_id, posts.id DESC) AS x1, row_number() OVER (ORDER BY posts.author_id, posts.id DESC) AS x2 FROM posts) AS anon_1 WHERE anon_1.x1 = ? ORDER BY anon_1.x2 LIMIT ?
      sqlite: SELECT anon_1.c1 AS "authorId", anon_1.c2 AS title FROM (SELECT posts.author_id AS c1, posts.title AS c2, row_number() OVER (PARTITION BY posts.author_id ORDER BY posts.author_id, posts.id DESC) AS x1, row_number() OVER (ORDER BY posts.author_id, posts.id DESC) AS x2 FROM posts) AS anon_1 WHERE anon_1.x1 = ? ORDER BY anon_1.x2 LIMIT ?
      oracle: SELECT anon_1.c1 AS "authorId", anon_1.c2 AS title FROM (SELECT posts.author_id AS c1, posts.title AS c2, row_number() OVER (PARTITION BY posts.author_id ORDER BY posts.author_id, posts.id DESC) AS x1, row_number() OVER (ORDER BY posts.author_id, posts.id DESC) AS x2 FROM posts) anon_1 WHERE anon_1.x1 = :1 ORDER BY anon_1.x2 FETCH FIRST :2 ROWS ONLY
      mssql: SELECT TOP (@p1) anon_1.c1 AS [authorId], anon_1.c2 AS title FROM (SELECT posts.author_id AS c1, posts.title AS c2, row_number() OVER (PARTITION BY posts.author_id ORDER BY posts.author_id, posts.id DESC) AS x1, row_number() OVER (ORDER BY posts.author_id, posts.id DESC) AS x2 FROM posts) AS anon_1 WHERE anon_1.x1 = @p2 ORDER BY anon_1.x2"
    `);
  });

  test("pages behind a position", () => {
    const pages = keyset(select(id, nick, age), nick.desc(), age.asc().nullsFirst(), id);
    expect(texts(pages.after({ id: 5, nick: "x", age: 30 }, 20))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id, users.nick, users.age FROM users WHERE users.nick < $1 OR users.nick = $1 AND (users.age > $2 OR users.age = $2 AND users.id > $3) ORDER BY users.nick DESC, users.age ASC NULLS FIRST, users.id ASC LIMIT $4
      mysql: SELECT users.id, users.nick, users.age FROM users WHERE users.nick < ? OR users.nick IS NULL OR users.nick = ? AND (users.age > ? OR users.age = ? AND users.id > ?) ORDER BY users.nick DESC, users.age ASC, users.id ASC LIMIT ?
      mariadb: SELECT users.id, users.nick, users.age FROM users WHERE users.nick < ? OR users.nick IS NULL OR users.nick = ? AND (users.age > ? OR users.age = ? AND users.id > ?) ORDER BY users.nick DESC, users.age ASC, users.id ASC LIMIT ?
      sqlite: SELECT users.id, users.nick, users.age FROM users WHERE users.nick < ? OR users.nick IS NULL OR users.nick = ? AND (users.age > ? OR users.age = ? AND users.id > ?) ORDER BY users.nick DESC, users.age ASC NULLS FIRST, users.id ASC LIMIT ?
      oracle: SELECT users.id, users.nick, users.age FROM users WHERE users.nick < :1 OR users.nick = :2 AND (users.age > :3 OR users.age = :4 AND users.id > :5) ORDER BY users.nick DESC, users.age ASC NULLS FIRST, users.id ASC FETCH FIRST :6 ROWS ONLY
      mssql: SELECT TOP (@p1) users.id, users.nick, users.age FROM users WHERE users.nick < @p2 OR users.nick IS NULL OR users.nick = @p2 AND (users.age > @p3 OR users.age = @p3 AND users.id > @p4) ORDER BY users.nick DESC, CASE WHEN users.age IS NULL THEN 0 ELSE 1 END, users.age ASC, users.id ASC"
    `);
    expect(texts(pages.before({ id: 5, nick: null, age: 30 }, 20))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id, users.nick, users.age FROM users WHERE users.nick IS NULL AND (users.age < $1 OR users.age = $1 AND users.id < $2) ORDER BY users.nick ASC, users.age DESC NULLS LAST, users.id DESC LIMIT $3
      mysql: SELECT users.id, users.nick, users.age FROM users WHERE users.nick IS NOT NULL OR users.nick IS NULL AND (users.age < ? OR users.age = ? AND users.id < ?) ORDER BY users.nick ASC, users.age DESC, users.id DESC LIMIT ?
      mariadb: SELECT users.id, users.nick, users.age FROM users WHERE users.nick IS NOT NULL OR users.nick IS NULL AND (users.age < ? OR users.age = ? AND users.id < ?) ORDER BY users.nick ASC, users.age DESC, users.id DESC LIMIT ?
      sqlite: SELECT users.id, users.nick, users.age FROM users WHERE users.nick IS NOT NULL OR users.nick IS NULL AND (users.age < ? OR users.age = ? AND users.id < ?) ORDER BY users.nick ASC, users.age DESC NULLS LAST, users.id DESC LIMIT ?
      oracle: SELECT users.id, users.nick, users.age FROM users WHERE users.nick IS NULL AND (users.age < :1 OR users.age = :2 AND users.id < :3) ORDER BY users.nick ASC, users.age DESC NULLS LAST, users.id DESC FETCH FIRST :4 ROWS ONLY
      mssql: SELECT TOP (@p1) users.id, users.nick, users.age FROM users WHERE users.nick IS NOT NULL OR users.nick IS NULL AND (users.age < @p2 OR users.age = @p2 AND users.id < @p3) ORDER BY users.nick ASC, CASE WHEN users.age IS NULL THEN 1 ELSE 0 END, users.age DESC, users.id DESC"
    `);
  });
});

describe("FROM on all dialects", () => {
  test("[SEL29] right-nested joins", () => {
    expect(texts(select(id, tags.c.id.label("tag")).outerJoin(join(posts, tags)))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id, tags.id AS tag FROM users LEFT OUTER JOIN (posts JOIN tags ON posts.id = tags.post_id) ON users.id = posts.author_id
      mysql: SELECT users.id, tags.id AS tag FROM users LEFT OUTER JOIN (posts JOIN tags ON posts.id = tags.post_id) ON users.id = posts.author_id
      mariadb: SELECT users.id, tags.id AS tag FROM users LEFT OUTER JOIN (posts JOIN tags ON posts.id = tags.post_id) ON users.id = posts.author_id
      sqlite: SELECT users.id, tags.id AS tag FROM users LEFT OUTER JOIN (posts JOIN tags ON posts.id = tags.post_id) ON users.id = posts.author_id
      oracle: SELECT users.id, tags.id AS tag FROM users LEFT OUTER JOIN (posts JOIN tags ON posts.id = tags.post_id) ON users.id = posts.author_id
      mssql: SELECT users.id, tags.id AS tag FROM users LEFT OUTER JOIN (posts JOIN tags ON posts.id = tags.post_id) ON users.id = posts.author_id"
    `);
  });

  test("[SEL3] a join as a FROM item, and joins with their left side named", () => {
    expect(
      texts(select(id, tags.c.id.label("tag")).selectFrom(outerJoin(users, posts)).joinFrom(posts, tags)),
    ).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id, tags.id AS tag FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id JOIN tags ON posts.id = tags.post_id
      mysql: SELECT users.id, tags.id AS tag FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id JOIN tags ON posts.id = tags.post_id
      mariadb: SELECT users.id, tags.id AS tag FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id JOIN tags ON posts.id = tags.post_id
      sqlite: SELECT users.id, tags.id AS tag FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id JOIN tags ON posts.id = tags.post_id
      oracle: SELECT users.id, tags.id AS tag FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id JOIN tags ON posts.id = tags.post_id
      mssql: SELECT users.id, tags.id AS tag FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id JOIN tags ON posts.id = tags.post_id"
    `);
    expect(texts(select(id).outerJoinFrom(users, posts).fullJoinFrom(posts, tags))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id FULL OUTER JOIN tags ON posts.id = tags.post_id
      mysql: CompileError: mysql has no FULL OUTER JOIN.
      mariadb: CompileError: mariadb has no FULL OUTER JOIN.
      sqlite: SELECT users.id FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id FULL OUTER JOIN tags ON posts.id = tags.post_id
      oracle: SELECT users.id FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id FULL OUTER JOIN tags ON posts.id = tags.post_id
      mssql: SELECT users.id FROM users LEFT OUTER JOIN posts ON users.id = posts.author_id FULL OUTER JOIN tags ON posts.id = tags.post_id"
    `);
  });

  test("[SEL26] VALUES as a FROM item", () => {
    // MySQL: https://dev.mysql.com/doc/refman/8.4/en/values.html ; MariaDB names the columns of VALUES after its first row.
    const v = values(
      { id: integer(), name: string(20) },
      [
        { id: 1, name: "a" },
        { id: 2, name: "b" },
      ],
      "v",
    );
    expect(texts(select(age, v.c.name).join(v, v.c.id.eq(id)))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.age, v.name FROM users JOIN (VALUES ($1::INTEGER, $2::TEXT), ($3::INTEGER, $4::TEXT)) AS v (id, name) ON v.id = users.id
      mysql: SELECT users.age, v.name FROM users JOIN (VALUES ROW(?, ?), ROW(?, ?)) AS v (id, name) ON v.id = users.id
      mariadb: SELECT users.age, v.name FROM users JOIN (SELECT ? AS id, ? AS name FROM DUAL UNION ALL SELECT ?, ? FROM DUAL) AS v ON v.id = users.id
      sqlite: SELECT users.age, v.name FROM users JOIN (SELECT NULL AS id, NULL AS name WHERE 1 = 0 UNION ALL VALUES (?, ?), (?, ?)) AS v ON v.id = users.id
      oracle: SELECT users.age, v.name FROM users JOIN (SELECT :1 AS id, :2 AS name FROM DUAL UNION ALL SELECT :3, :4 FROM DUAL) v ON v.id = users.id
      mssql: SELECT users.age, v.name FROM users JOIN (VALUES (@p1, @p2), (@p3, @p4)) AS v (id, name) ON v.id = users.id"
    `);
    const written = v.literal();
    expect(texts(select(written.c.name))).toMatchInlineSnapshot(`
      "postgresql: SELECT v.name FROM (VALUES (1, 'a'), (2, 'b')) AS v (id, name)
      mysql: SELECT v.name FROM (VALUES ROW(1, 'a'), ROW(2, 'b')) AS v (id, name)
      mariadb: SELECT v.name FROM (SELECT 1 AS id, 'a' AS name FROM DUAL UNION ALL SELECT 2, 'b' FROM DUAL) AS v
      sqlite: SELECT v.name FROM (SELECT NULL AS id, NULL AS name WHERE 1 = 0 UNION ALL VALUES (1, 'a'), (2, 'b')) AS v
      oracle: SELECT v.name FROM (SELECT 1 AS id, 'a' AS name FROM DUAL UNION ALL SELECT 2, 'b' FROM DUAL) v
      mssql: SELECT v.name FROM (VALUES (1, N'a'), (2, N'b')) AS v (id, name)"
    `);
    const none = values({ id: integer() }, [], "none");
    expect(texts(select(none.c.id))).toMatchInlineSnapshot(`
      "postgresql: SELECT none.id FROM (SELECT CAST(NULL AS INTEGER) AS id WHERE 1 = 0) AS none
      mysql: SELECT none.id FROM (SELECT CAST(NULL AS SIGNED) AS id FROM DUAL WHERE 1 = 0) AS none
      mariadb: SELECT none.id FROM (SELECT CAST(NULL AS SIGNED) AS id FROM DUAL WHERE 1 = 0) AS none
      sqlite: SELECT none.id FROM (SELECT CAST(NULL AS INTEGER) AS id WHERE 1 = 0) AS none
      oracle: SELECT none.id FROM (SELECT CAST(NULL AS NUMBER(10)) AS id FROM DUAL WHERE 1 = 0) none
      mssql: SELECT none.id FROM (SELECT CAST(NULL AS INT) AS id WHERE 1 = 0) AS none"
    `);
  });

  test("[SEL26] VALUES in WITH and behind IN", () => {
    const v = values({ id: integer() }, [{ id: 1 }, { id: 2 }]);
    const c = v.cte("c");
    expect(texts(select(c.c.id))).toMatchInlineSnapshot(`
      "postgresql: WITH c(id) AS (VALUES ($1::INTEGER), ($2::INTEGER)) SELECT c.id FROM c
      mysql: WITH c(id) AS (VALUES ROW(?), ROW(?)) SELECT c.id FROM c
      mariadb: WITH c(id) AS (SELECT ? AS id FROM DUAL UNION ALL SELECT ? FROM DUAL) SELECT c.id FROM c
      sqlite: WITH c(id) AS (VALUES (?), (?)) SELECT c.id FROM c
      oracle: WITH c(id) AS (SELECT :1 AS id FROM DUAL UNION ALL SELECT :2 FROM DUAL) SELECT c.id FROM c
      mssql: WITH c(id) AS (SELECT * FROM (VALUES (@p1), (@p2)) AS anon_1 (id)) SELECT c.id FROM c"
    `);
    expect(texts(select(age).where(id.in(v)))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.age FROM users WHERE users.id IN (VALUES ($1::INTEGER), ($2::INTEGER))
      mysql: SELECT users.age FROM users WHERE users.id IN (VALUES ROW(?), ROW(?))
      mariadb: SELECT users.age FROM users WHERE users.id IN (SELECT ? AS id FROM DUAL UNION ALL SELECT ? FROM DUAL)
      sqlite: SELECT users.age FROM users WHERE users.id IN (VALUES (?), (?))
      oracle: SELECT users.age FROM users WHERE users.id IN (SELECT :1 AS id FROM DUAL UNION ALL SELECT :2 FROM DUAL)
      mssql: SELECT users.age FROM users WHERE users.id IN (SELECT * FROM (VALUES (@p1), (@p2)) AS anon_1 (id))"
    `);
  });

  test("[SEL26] VALUES that speak of what stands on their left", () => {
    const v = values({ n: integer() }, [{ n: id }, { n: age }, { n: 5 }], "v").lateral("l");
    expect(texts(select(name, v.c.n).join(v, v.c.n.gt(1)))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.name, l.n FROM users JOIN LATERAL (SELECT v.n FROM (VALUES (users.id), (users.age), ($1::INTEGER)) AS v (n)) AS l ON l.n > $2
      mysql: SELECT users.name, l.n FROM users JOIN LATERAL (SELECT v.n FROM (VALUES ROW(users.id), ROW(users.age), ROW(?)) AS v (n)) AS l ON l.n > ?
      mariadb: CompileError: mariadb has no LATERAL subqueries.
      sqlite: CompileError: sqlite has no LATERAL subqueries.
      oracle: SELECT users.name, l.n FROM users JOIN LATERAL (SELECT v.n FROM (SELECT users.id AS n FROM DUAL UNION ALL SELECT users.age FROM DUAL UNION ALL SELECT :1 FROM DUAL) v) l ON l.n > :2
      mssql: SELECT users.name, l.n FROM users CROSS APPLY (SELECT * FROM (SELECT v.n FROM (VALUES (users.id), (users.age), (@p1)) AS v (n)) AS l WHERE l.n > @p2) AS l"
    `);
  });

  test("[SEL28] FROM items without a name get one each", () => {
    const counts = select(posts.c.authorId, func.count().label("n")).groupBy(posts.c.authorId).subquery();
    const old = select(id).where(age.gt(60)).subquery();
    expect(
      texts(select(name, counts.c.n).join(counts, counts.c.authorId.eq(id)).join(old, old.c.id.eq(id))),
    ).toMatchInlineSnapshot(`
      "postgresql: SELECT users.name, anon_1.n FROM users JOIN (SELECT posts.author_id AS "authorId", count(*) AS n FROM posts GROUP BY posts.author_id) AS anon_1 ON anon_1."authorId" = users.id JOIN (SELECT users.id FROM users WHERE users.age > $1) AS anon_2 ON anon_2.id = users.id
      mysql: SELECT users.name, anon_1.n FROM users JOIN (SELECT posts.author_id AS \`authorId\`, count(*) AS n FROM posts GROUP BY posts.author_id) AS anon_1 ON anon_1.\`authorId\` = users.id JOIN (SELECT users.id FROM users WHERE users.age > ?) AS anon_2 ON anon_2.id = users.id
      mariadb: SELECT users.name, anon_1.n FROM users JOIN (SELECT posts.author_id AS \`authorId\`, count(*) AS n FROM posts GROUP BY posts.author_id) AS anon_1 ON anon_1.\`authorId\` = users.id JOIN (SELECT users.id FROM users WHERE users.age > ?) AS anon_2 ON anon_2.id = users.id
      sqlite: SELECT users.name, anon_1.n FROM users JOIN (SELECT posts.author_id AS "authorId", count(*) AS n FROM posts GROUP BY posts.author_id) AS anon_1 ON anon_1."authorId" = users.id JOIN (SELECT users.id FROM users WHERE users.age > ?) AS anon_2 ON anon_2.id = users.id
      oracle: SELECT users.name, anon_1.n FROM users JOIN (SELECT posts.author_id AS "authorId", count(*) AS n FROM posts GROUP BY posts.author_id) anon_1 ON anon_1."authorId" = users.id JOIN (SELECT users.id FROM users WHERE users.age > :1) anon_2 ON anon_2.id = users.id
      mssql: SELECT users.name, anon_1.n FROM users JOIN (SELECT posts.author_id AS [authorId], count(*) AS n FROM posts GROUP BY posts.author_id) AS anon_1 ON anon_1.[authorId] = users.id JOIN (SELECT users.id FROM users WHERE users.age > @p1) AS anon_2 ON anon_2.id = users.id"
    `);
    const [one, two] = [users.alias(), users.alias()];
    expect(one.name).not.toBe(two.name);
    const pair = select(one.c.id, two.c.id.label("other")).join(two, two.c.age.eq(one.c.age));
    expect(String(pair)).toBe(
      `SELECT ${one.name}.id, ${two.name}.id AS other FROM users AS ${one.name} JOIN users AS ${two.name} ON ${two.name}.age = ${one.name}.age`,
    );
  });

  test("[SEL30] functions in FROM, behind what they read", () => {
    const e = func("json_each", name).tableValued("e", { key: string(), value: string() });
    expect(texts(select(e.c.key, id))).toMatchInlineSnapshot(`
      "postgresql: SELECT e."key", users.id FROM users, json_each(users.name) AS e ("key", value)
      mysql: CompileError: mysql has no functions in FROM.
      mariadb: CompileError: mariadb has no functions in FROM.
      sqlite: SELECT e."key", users.id FROM users, json_each(users.name) AS e
      oracle: SELECT e.key, users.id FROM users, TABLE(json_each(users.name)) e
      mssql: SELECT e.[key], users.id FROM users CROSS APPLY json_each(users.name) AS e"
    `);
    const n = func("generate_series", 1, 3).tableValued("n", { value: integer() }, { ordinality: "at" });
    expect(texts(select(n.c.value, n.c.at))).toMatchInlineSnapshot(`
      "postgresql: SELECT n.value, n.at FROM generate_series($1::INTEGER, $2::INTEGER) WITH ORDINALITY AS n (value, at)
      mysql: CompileError: mysql has no functions in FROM.
      mariadb: CompileError: mariadb has no functions in FROM.
      sqlite: CompileError: sqlite has no WITH ORDINALITY.
      oracle: CompileError: oracle has no WITH ORDINALITY.
      mssql: CompileError: mssql has no WITH ORDINALITY."
    `);
  });

  test("[SEL31] functions in FROM with the types of their columns", () => {
    // SQL Server: https://learn.microsoft.com/sql/t-sql/functions/openjson-transact-sql
    const r = func("json_to_recordset", name).tableValued("r", { a: integer(), b: string(20) }, { withTypes: true });
    expect(texts(select(r.c.a, r.c.b))).toMatchInlineSnapshot(`
      "postgresql: SELECT r.a, r.b FROM users, json_to_recordset(users.name) AS r (a INTEGER, b VARCHAR(20))
      mysql: CompileError: mysql has no functions in FROM.
      mariadb: CompileError: mariadb has no functions in FROM.
      sqlite: CompileError: sqlite has no columns with types behind a function in FROM.
      oracle: CompileError: oracle has no columns with types behind a function in FROM.
      mssql: SELECT r.a, r.b FROM users CROSS APPLY json_to_recordset(users.name) WITH (a INT, b NVARCHAR(20)) AS r"
    `);
  });

  test("[SEL32] functions as columns, and fields of composite values", () => {
    expect(texts(select(func("string_to_table", "a,b", ",").columnValued("part", string())))).toMatchInlineSnapshot(`
      "postgresql: SELECT part FROM string_to_table($1::TEXT, $2::TEXT) AS part
      mysql: CompileError: mysql has no column-valued functions. Name the function's own columns: tableValued(name, columns).
      mariadb: CompileError: mariadb has no column-valued functions. Name the function's own columns: tableValued(name, columns).
      sqlite: CompileError: sqlite has no column-valued functions. Name the function's own columns: tableValued(name, columns).
      oracle: CompileError: oracle has no column-valued functions. Name the function's own columns: tableValued(name, columns).
      mssql: CompileError: mssql has no column-valued functions. Name the function's own columns: tableValued(name, columns)."
    `);
    expect(texts(select(func("pg_lsn_parts", name).field("low", integer())))).toMatchInlineSnapshot(`
      "postgresql: SELECT (pg_lsn_parts(users.name)).low FROM users
      mysql: CompileError: mysql has no fields of composite values.
      mariadb: CompileError: mariadb has no fields of composite values.
      sqlite: CompileError: sqlite has no fields of composite values.
      oracle: CompileError: oracle has no fields of composite values.
      mssql: CompileError: mssql has no fields of composite values."
    `);
  });

  test("[SEL27] samples of a table", () => {
    // Oracle: SAMPLE stands between the table and its alias.
    const some = tableSample(users, "some", 10, { method: "system", seed: 5 });
    expect(texts(select(some.c.id))).toMatchInlineSnapshot(`
      "postgresql: SELECT "some".id FROM users AS "some" TABLESAMPLE SYSTEM (10) REPEATABLE (5)
      mysql: CompileError: mysql has no TABLESAMPLE.
      mariadb: CompileError: mariadb has no TABLESAMPLE.
      sqlite: CompileError: sqlite has no TABLESAMPLE.
      oracle: SELECT some.id FROM users SAMPLE BLOCK (10) SEED (5) some
      mssql: SELECT [some].id FROM users AS [some] TABLESAMPLE (10 PERCENT) REPEATABLE (5)"
    `);
  });
});

describe("set operations on all dialects", () => {
  test("[SEL24] INTERSECT ALL and EXCEPT ALL are numbered where there is none", () => {
    expect(texts(select(age).exceptAll(select(posts.c.authorId)))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.age FROM users EXCEPT ALL SELECT posts.author_id AS "authorId" FROM posts
      mysql: SELECT users.age FROM users EXCEPT ALL SELECT posts.author_id AS \`authorId\` FROM posts
      mariadb: SELECT users.age FROM users EXCEPT ALL SELECT posts.author_id AS \`authorId\` FROM posts
      sqlite: SELECT anon_1.c1 AS age FROM (SELECT anon_2.c1 AS c1, row_number() OVER (PARTITION BY anon_2.c1 ORDER BY (SELECT NULL)) AS n FROM (SELECT users.age AS c1 FROM users) AS anon_2 EXCEPT SELECT anon_3.c1 AS c1, row_number() OVER (PARTITION BY anon_3.c1 ORDER BY (SELECT NULL)) AS n FROM (SELECT posts.author_id AS c1 FROM posts) AS anon_3) AS anon_1
      oracle: SELECT anon_1.c1 AS age FROM (SELECT anon_2.c1 AS c1, row_number() OVER (PARTITION BY anon_2.c1 ORDER BY (SELECT NULL FROM DUAL)) AS n FROM (SELECT users.age AS c1 FROM users) anon_2 MINUS SELECT anon_3.c1 AS c1, row_number() OVER (PARTITION BY anon_3.c1 ORDER BY (SELECT NULL FROM DUAL)) AS n FROM (SELECT posts.author_id AS c1 FROM posts) anon_3) anon_1
      mssql: SELECT anon_1.c1 AS age FROM (SELECT anon_2.c1 AS c1, row_number() OVER (PARTITION BY anon_2.c1 ORDER BY (SELECT NULL)) AS n FROM (SELECT users.age AS c1 FROM users) AS anon_2 EXCEPT SELECT anon_3.c1 AS c1, row_number() OVER (PARTITION BY anon_3.c1 ORDER BY (SELECT NULL)) AS n FROM (SELECT posts.author_id AS c1 FROM posts) AS anon_3) AS anon_1"
    `);
    expect(texts(select(age).intersectAll(select(posts.c.authorId)).orderBy(age).limit(2))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.age FROM users INTERSECT ALL SELECT posts.author_id AS "authorId" FROM posts ORDER BY age LIMIT $1
      mysql: SELECT users.age FROM users INTERSECT ALL SELECT posts.author_id AS \`authorId\` FROM posts ORDER BY age LIMIT ?
      mariadb: SELECT users.age FROM users INTERSECT ALL SELECT posts.author_id AS \`authorId\` FROM posts ORDER BY age LIMIT ?
      sqlite: SELECT anon_1.c1 AS age FROM (SELECT anon_2.c1 AS c1, row_number() OVER (PARTITION BY anon_2.c1 ORDER BY (SELECT NULL)) AS n FROM (SELECT users.age AS c1 FROM users) AS anon_2 INTERSECT SELECT anon_3.c1 AS c1, row_number() OVER (PARTITION BY anon_3.c1 ORDER BY (SELECT NULL)) AS n FROM (SELECT posts.author_id AS c1 FROM posts) AS anon_3) AS anon_1 ORDER BY age LIMIT ?
      oracle: SELECT anon_1.c1 AS age FROM (SELECT anon_2.c1 AS c1, row_number() OVER (PARTITION BY anon_2.c1 ORDER BY (SELECT NULL FROM DUAL)) AS n FROM (SELECT users.age AS c1 FROM users) anon_2 INTERSECT SELECT anon_3.c1 AS c1, row_number() OVER (PARTITION BY anon_3.c1 ORDER BY (SELECT NULL FROM DUAL)) AS n FROM (SELECT posts.author_id AS c1 FROM posts) anon_3) anon_1 ORDER BY age FETCH FIRST :1 ROWS ONLY
      mssql: SELECT TOP (@p1) anon_1.c1 AS age FROM (SELECT anon_2.c1 AS c1, row_number() OVER (PARTITION BY anon_2.c1 ORDER BY (SELECT NULL)) AS n FROM (SELECT users.age AS c1 FROM users) AS anon_2 INTERSECT SELECT anon_3.c1 AS c1, row_number() OVER (PARTITION BY anon_3.c1 ORDER BY (SELECT NULL)) AS n FROM (SELECT posts.author_id AS c1 FROM posts) AS anon_3) AS anon_1 ORDER BY age"
    `);
  });

  test("[SEL24] members in parentheses, or wrapped where there are none", () => {
    const first = select(id).orderBy(age).limit(1);
    expect(texts(first.unionAll(select(posts.c.id).except(select(tags.c.id))))).toMatchInlineSnapshot(`
      "postgresql: (SELECT users.id FROM users ORDER BY users.age LIMIT $1) UNION ALL (SELECT posts.id FROM posts EXCEPT SELECT tags.id FROM tags)
      mysql: (SELECT users.id FROM users ORDER BY users.age LIMIT ?) UNION ALL (SELECT posts.id FROM posts EXCEPT SELECT tags.id FROM tags)
      mariadb: (SELECT users.id FROM users ORDER BY users.age LIMIT ?) UNION ALL (SELECT posts.id FROM posts EXCEPT SELECT tags.id FROM tags)
      sqlite: SELECT * FROM (SELECT users.id FROM users ORDER BY users.age LIMIT ?) AS anon_1 UNION ALL SELECT * FROM (SELECT posts.id FROM posts EXCEPT SELECT tags.id FROM tags) AS anon_2
      oracle: SELECT * FROM (SELECT users.id FROM users ORDER BY users.age FETCH FIRST :1 ROWS ONLY) anon_1 UNION ALL (SELECT posts.id FROM posts MINUS SELECT tags.id FROM tags)
      mssql: SELECT * FROM (SELECT TOP (@p1) users.id FROM users ORDER BY users.age) AS anon_1 UNION ALL (SELECT posts.id FROM posts EXCEPT SELECT tags.id FROM tags)"
    `);
  });
});

describe("common table expressions on all dialects", () => {
  test("[SEL19] nested in the query that refers to them", () => {
    const old = select(id).where(age.gt(60)).cte("old", { nesting: true });
    const sub = select(old.c.id).subquery("sub");
    expect(texts(select(sub.c.id))).toMatchInlineSnapshot(`
      "postgresql: SELECT sub.id FROM (WITH old AS (SELECT users.id FROM users WHERE users.age > $1) SELECT old.id FROM old) AS sub
      mysql: SELECT sub.id FROM (WITH old AS (SELECT users.id FROM users WHERE users.age > ?) SELECT old.id FROM old) AS sub
      mariadb: SELECT sub.id FROM (WITH old AS (SELECT users.id FROM users WHERE users.age > ?) SELECT old.id FROM old) AS sub
      sqlite: SELECT sub.id FROM (WITH old AS (SELECT users.id FROM users WHERE users.age > ?) SELECT old.id FROM old) AS sub
      oracle: SELECT sub.id FROM (WITH old AS (SELECT users.id FROM users WHERE users.age > :1) SELECT old.id FROM old) sub
      mssql: CompileError: mssql has no WITH inside a query. Leave out { nesting: true }."
    `);
  });

  test("[SEL21] data-changing ones, and ones that nothing refers to", () => {
    const gone = delete_(posts).where(posts.c.id.lt(5)).returning(posts.c.id, posts.c.authorId).cte("gone");
    expect(texts(select(gone.c.authorId))).toMatchInlineSnapshot(`
      "postgresql: WITH gone(id, "authorId") AS (DELETE FROM posts WHERE posts.id < $1 RETURNING posts.id, posts.author_id AS "authorId") SELECT gone."authorId" FROM gone
      mysql: CompileError: mysql has no DELETE in WITH.
      mariadb: CompileError: mariadb has no DELETE in WITH.
      sqlite: CompileError: sqlite has no DELETE in WITH.
      oracle: CompileError: oracle has no DELETE in WITH.
      mssql: CompileError: mssql has no DELETE in WITH."
    `);
    const made = insert(posts).values({ authorId: 1, title: "x" }).returning(posts.c.id).cte("made");
    expect(texts(select(id).addCte(made))).toMatchInlineSnapshot(`
      "postgresql: WITH made(id) AS (INSERT INTO posts (author_id, title) VALUES ($1, $2) RETURNING posts.id) SELECT users.id FROM users
      mysql: CompileError: mysql has no INSERT in WITH.
      mariadb: CompileError: mariadb has no INSERT in WITH.
      sqlite: CompileError: sqlite has no INSERT in WITH.
      oracle: CompileError: oracle has no INSERT in WITH.
      mssql: CompileError: mssql has no INSERT in WITH."
    `);
    expect(texts(select(id).addCte(select(posts.c.id).cte("unused")))).toMatchInlineSnapshot(`
      "postgresql: WITH unused AS (SELECT posts.id FROM posts) SELECT users.id FROM users
      mysql: WITH unused AS (SELECT posts.id FROM posts) SELECT users.id FROM users
      mariadb: WITH unused AS (SELECT posts.id FROM posts) SELECT users.id FROM users
      sqlite: WITH unused AS (SELECT posts.id FROM posts) SELECT users.id FROM users
      oracle: WITH unused AS (SELECT posts.id FROM posts) SELECT users.id FROM users
      mssql: WITH unused AS (SELECT posts.id FROM posts) SELECT users.id FROM users"
    `);
  });

  test("[SEL22] MATERIALIZED, and text around the query", () => {
    expect(texts(select(select(id).cte("m", { materialized: false }).c.id))).toMatchInlineSnapshot(`
      "postgresql: WITH m AS NOT MATERIALIZED (SELECT users.id FROM users) SELECT m.id FROM m
      mysql: CompileError: mysql has no MATERIALIZED on common table expressions.
      mariadb: CompileError: mariadb has no MATERIALIZED on common table expressions.
      sqlite: WITH m AS NOT MATERIALIZED (SELECT users.id FROM users) SELECT m.id FROM m
      oracle: CompileError: oracle has no MATERIALIZED on common table expressions.
      mssql: CompileError: mssql has no MATERIALIZED on common table expressions."
    `);
    const c = select(id)
      .cte("c")
      .prefixWith(sql`MATERIALIZED`, "postgresql")
      .suffixWith(sql`CYCLE id RESTRICT`, "mariadb");
    expect(texts(select(c.c.id))).toMatchInlineSnapshot(`
      "postgresql: WITH c AS MATERIALIZED (SELECT users.id FROM users) SELECT c.id FROM c
      mysql: WITH c AS (SELECT users.id FROM users) SELECT c.id FROM c
      mariadb: WITH c AS (SELECT users.id FROM users) CYCLE id RESTRICT SELECT c.id FROM c
      sqlite: WITH c AS (SELECT users.id FROM users) SELECT c.id FROM c
      oracle: WITH c AS (SELECT users.id FROM users) SELECT c.id FROM c
      mssql: WITH c AS (SELECT users.id FROM users) SELECT c.id FROM c"
    `);
  });

  test("[SEL22] SEARCH and CYCLE", () => {
    const searched = tree.search("depth", ["id"], "position").cycle(["id"], "closed");
    expect(texts(select(searched.c.id, searched.c.closed).orderBy(searched.c.position))).toMatchInlineSnapshot(`
      "postgresql: WITH RECURSIVE t(id, age) AS (SELECT users.id, users.age FROM users WHERE users.id = $1 UNION ALL SELECT users.id, users.age FROM users JOIN t ON users.age = t.id) SEARCH DEPTH FIRST BY id SET position CYCLE id SET closed TO 'Y' DEFAULT 'N' USING cycle_path SELECT t.id, t.closed FROM t ORDER BY t.position
      mysql: CompileError: mysql has no SEARCH on common table expressions.
      mariadb: CompileError: mariadb has no SEARCH on common table expressions.
      sqlite: CompileError: sqlite has no SEARCH on common table expressions.
      oracle: WITH t(id, age) AS (SELECT users.id, users.age FROM users WHERE users.id = :1 UNION ALL SELECT users.id, users.age FROM users JOIN t ON users.age = t.id) SEARCH DEPTH FIRST BY id SET position CYCLE id SET closed TO 'Y' DEFAULT 'N' SELECT t.id, t.closed FROM t ORDER BY t.position
      mssql: CompileError: mssql has no SEARCH on common table expressions."
    `);
  });
});

describe("clauses on all dialects", () => {
  test("[SEL46] ROLLUP, CUBE and GROUPING SETS", () => {
    const count = func.count().label("n");
    expect(texts(select(age, nick, count).groupBy(rollup(age, nick)))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.age, users.nick, count(*) AS n FROM users GROUP BY ROLLUP (users.age, users.nick)
      mysql: SELECT users.age, users.nick, count(*) AS n FROM users GROUP BY users.age, users.nick WITH ROLLUP
      mariadb: SELECT users.age, users.nick, count(*) AS n FROM users GROUP BY users.age, users.nick WITH ROLLUP
      sqlite: CompileError: sqlite has no ROLLUP.
      oracle: SELECT users.age, users.nick, count(*) AS n FROM users GROUP BY ROLLUP (users.age, users.nick)
      mssql: SELECT users.age, users.nick, count(*) AS n FROM users GROUP BY ROLLUP (users.age, users.nick)"
    `);
    expect(texts(select(age, nick, count).groupBy(cube(age, [nick, name])))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.age, users.nick, count(*) AS n FROM users GROUP BY CUBE (users.age, (users.nick, users.name))
      mysql: CompileError: mysql has no CUBE.
      mariadb: CompileError: mariadb has no CUBE.
      sqlite: CompileError: sqlite has no CUBE.
      oracle: SELECT users.age, users.nick, count(*) AS n FROM users GROUP BY CUBE (users.age, (users.nick, users.name))
      mssql: SELECT users.age, users.nick, count(*) AS n FROM users GROUP BY CUBE (users.age, (users.nick, users.name))"
    `);
    expect(texts(select(age, nick, count).groupBy(groupingSets([age, nick], [age], [])))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.age, users.nick, count(*) AS n FROM users GROUP BY GROUPING SETS ((users.age, users.nick), (users.age), ())
      mysql: CompileError: mysql has no GROUPING SETS.
      mariadb: CompileError: mariadb has no GROUPING SETS.
      sqlite: CompileError: sqlite has no GROUPING SETS.
      oracle: SELECT users.age, users.nick, count(*) AS n FROM users GROUP BY GROUPING SETS ((users.age, users.nick), (users.age), ())
      mssql: SELECT users.age, users.nick, count(*) AS n FROM users GROUP BY GROUPING SETS ((users.age, users.nick), (users.age), ())"
    `);
  });

  test("[SEL7] ORDER BY and GROUP BY a result column by its name", () => {
    const stmt = select(age.add(1).label("next"), func.count().label("n"))
      .groupBy("next")
      .orderBy(desc("n"), asc("next"));
    expect(texts(stmt)).toMatchInlineSnapshot(`
      "postgresql: SELECT users.age + $1 AS next, count(*) AS n FROM users GROUP BY users.age + $1 ORDER BY n DESC, next ASC
      mysql: SELECT users.age + ? AS next, count(*) AS n FROM users GROUP BY next ORDER BY n DESC, next ASC
      mariadb: SELECT users.age + ? AS next, count(*) AS n FROM users GROUP BY next ORDER BY n DESC, next ASC
      sqlite: SELECT users.age + ? AS next, count(*) AS n FROM users GROUP BY users.age + ? ORDER BY n DESC, next ASC
      oracle: SELECT grouping_1.item_1 AS next, count(*) AS n FROM users, LATERAL (SELECT users.age + :1 AS item_1 FROM DUAL) grouping_1 GROUP BY grouping_1.item_1 ORDER BY n DESC, next ASC
      mssql: SELECT users.age + @p1 AS next, count(*) AS n FROM users GROUP BY users.age + @p1 ORDER BY n DESC, next ASC"
    `);
  });

  test("[SEL11] row locks of some FROM items, weaker ones, and those that do not wait", () => {
    const joined = select(id).join(posts);
    expect(texts(joined.forUpdate({ of: posts, nowait: true }))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users JOIN posts ON users.id = posts.author_id FOR UPDATE OF posts NOWAIT
      mysql: SELECT users.id FROM users JOIN posts ON users.id = posts.author_id FOR UPDATE OF posts NOWAIT
      mariadb: CompileError: mariadb has no OF in row locks.
      sqlite: CompileError: sqlite has no row locks (FOR UPDATE).
      oracle: SELECT users.id FROM users JOIN posts ON users.id = posts.author_id FOR UPDATE OF posts.id NOWAIT
      mssql: SELECT users.id FROM users JOIN posts WITH (UPDLOCK, ROWLOCK, NOWAIT) ON users.id = posts.author_id"
    `);
    expect(texts(joined.forUpdate({ keyShare: true }))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users JOIN posts ON users.id = posts.author_id FOR NO KEY UPDATE
      mysql: CompileError: mysql has no FOR NO KEY UPDATE.
      mariadb: CompileError: mariadb has no FOR NO KEY UPDATE.
      sqlite: CompileError: sqlite has no row locks (FOR UPDATE).
      oracle: CompileError: oracle has no FOR NO KEY UPDATE.
      mssql: CompileError: mssql has no row locks that leave keys free (keyShare)."
    `);
    expect(texts(select(id).forUpdate({ share: true, skipLocked: true }))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.id FROM users FOR SHARE SKIP LOCKED
      mysql: SELECT users.id FROM users FOR SHARE SKIP LOCKED
      mariadb: SELECT users.id FROM users LOCK IN SHARE MODE SKIP LOCKED
      sqlite: CompileError: sqlite has no row locks (FOR UPDATE).
      oracle: CompileError: oracle has no shared row locks (FOR SHARE). Use forUpdate() without { share: true }.
      mssql: SELECT users.id FROM users WITH (REPEATABLEREAD, ROWLOCK, READPAST)"
    `);
  });

  test("[SEL34] prefixes and suffixes", () => {
    const stmt = select(id).distinct().prefixWith(sql`SQL_NO_CACHE`, "mysql", "mariadb").suffixWith(sql`/* end */`);
    expect(texts(stmt)).toMatchInlineSnapshot(`
      "postgresql: SELECT DISTINCT users.id FROM users /* end */
      mysql: SELECT SQL_NO_CACHE DISTINCT users.id FROM users /* end */
      mariadb: SELECT SQL_NO_CACHE DISTINCT users.id FROM users /* end */
      sqlite: SELECT DISTINCT users.id FROM users /* end */
      oracle: SELECT DISTINCT users.id FROM users /* end */
      mssql: SELECT DISTINCT users.id FROM users /* end */"
    `);
  });

  test("[SEL35] hints on tables and statements", () => {
    // SQL Server: https://learn.microsoft.com/sql/t-sql/queries/hints-transact-sql-table
    const u = users.alias("u");
    const stmt = select(u.c.id)
      .withHint(u, sql`USE INDEX (ix)`, "mysql", "mariadb")
      .withHint(u, sql`INDEXED BY ix`, "sqlite")
      .withHint(u, sql`INDEX(u ix)`, "oracle")
      .withHint(u, sql`NOLOCK`, "mssql")
      .withStatementHint(sql`MAXDOP 1`, "mssql")
      .withStatementHint(sql`NO_INDEX_MERGE(u)`, "mysql")
      .withStatementHint(sql`PARALLEL(4)`, "oracle");
    expect(texts(stmt)).toMatchInlineSnapshot(`
      "postgresql: SELECT u.id FROM users AS u
      mysql: SELECT /*+ NO_INDEX_MERGE(u) */ u.id FROM users AS u USE INDEX (ix)
      mariadb: SELECT u.id FROM users AS u USE INDEX (ix)
      sqlite: SELECT u.id FROM users AS u INDEXED BY ix
      oracle: SELECT /*+ PARALLEL(4) INDEX(u ix) */ u.id FROM users u
      mssql: SELECT u.id FROM users AS u WITH (NOLOCK) OPTION (MAXDOP 1)"
    `);
    expect(texts(select(id).withHint(users, sql`x`).withStatementHint(sql`y`))).toMatchInlineSnapshot(`
      "postgresql: CompileError: postgresql has no hints on tables.
      mysql: SELECT /*+ y */ users.id FROM users x
      mariadb: SELECT /*+ y */ users.id FROM users x
      sqlite: CompileError: sqlite has no statement hints.
      oracle: SELECT /*+ y x */ users.id FROM users
      mssql: SELECT users.id FROM users WITH (x) OPTION (y)"
    `);
    expect(texts(select(id).withHint(posts, sql`x`))).toMatchInlineSnapshot(`
      "postgresql: CompileError: postgresql has no hints on tables.
      mysql: CompileError: There is a hint on "posts", which is not in FROM.
      mariadb: CompileError: There is a hint on "posts", which is not in FROM.
      sqlite: CompileError: There is a hint on "posts", which is not in FROM.
      oracle: SELECT /*+ x */ users.id FROM users
      mssql: CompileError: There is a hint on "posts", which is not in FROM."
    `);
  });

  test("[SEL17] EXISTS, with what it correlates to said", () => {
    const inner = select(posts.c.id).where(posts.c.authorId.eq(id)).correlate(users);
    expect(texts(select(name).where(exists(inner)))).toMatchInlineSnapshot(`
      "postgresql: SELECT users.name FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts.author_id = users.id)
      mysql: SELECT users.name FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts.author_id = users.id)
      mariadb: SELECT users.name FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts.author_id = users.id)
      sqlite: SELECT users.name FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts.author_id = users.id)
      oracle: SELECT users.name FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts.author_id = users.id)
      mssql: SELECT users.name FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts.author_id = users.id)"
    `);
  });
});
