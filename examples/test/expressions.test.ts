import {
  all_,
  and,
  any_,
  boolean,
  CompileError,
  caseOf,
  date,
  dateTime,
  defineFunction,
  distinct,
  double,
  type Expression,
  extract,
  false_,
  func,
  integer,
  literal,
  MetaData,
  type Node,
  nextValue,
  not,
  null_,
  numeric,
  or,
  select,
  sql,
  string,
  Table,
  true_,
  tuple,
  window,
} from "@acme/core";
import { mssql } from "@acme/dialect-mssql";
import { mariadb, mysql } from "@acme/dialect-mysql";
import { oracle } from "@acme/dialect-oracle";
import { postgres } from "@acme/dialect-postgres";
import { sqlite } from "@acme/dialect-sqlite";
import { describe, expect, test } from "vitest";

const metadata = new MetaData();
const t = new Table("t", metadata, {
  id: integer().primaryKey(),
  a: integer(),
  b: integer().nullable(),
  n: numeric(10, 2),
  f: double(),
  s: string(50),
  d: date(),
  at: dateTime({ timezone: true }),
  on: boolean(),
});
const { id, a, b, n, f, s, d, at } = t.c;
const DIALECTS = [postgres(), mysql(), mariadb(), sqlite(), oracle(), mssql()];

/** The text of expressions on each dialect, or why it is refused. */
function texts(...expressions: readonly { label(name: string): unknown }[]): string {
  return DIALECTS.map((dialect) => {
    const lines = expressions.map((expression) => {
      try {
        const item = expression.label("x") as never;
        const { sql: text } = select(item).selectFrom(t).compile({ dialect });
        return text.replace(/^SELECT (.*) AS \S+ FROM .?t.?( WINDOW .*)?$/s, "$1$2");
      } catch (error) {
        if (!(error instanceof CompileError)) throw error;
        return `! ${error.message}`;
      }
    });
    return `${dialect.name}: ${lines.join(" | ")}`;
  }).join("\n");
}

/** The conditions of a WHERE on each dialect. */
function wheres(condition: unknown): string {
  return DIALECTS.map((dialect) => {
    const { sql: text } = select(id)
      .where(condition as never)
      .compile({ dialect });
    return `${dialect.name}: ${text.replace(/^.* WHERE /s, "")}`;
  }).join("\n");
}

describe("operators on all dialects", () => {
  test("[EXP10] the three divisions", () => {
    expect(texts(a.div(2), a.trueDiv(2), f.div(2), n.div(a))).toMatchInlineSnapshot(`
      "postgresql: t.a / $1 | CAST(t.a AS DOUBLE PRECISION) / $1::INTEGER | t.f / $1 | t.n / t.a
      mysql: t.a DIV ? | CAST(t.a AS DOUBLE) / ? | t.f / ? | t.n / t.a
      mariadb: t.a DIV ? | CAST(t.a AS DOUBLE) / ? | t.f / ? | t.n / t.a
      sqlite: t.a / ? | CAST(t.a AS REAL) / (? + 0.0) | t.f / ? | t.n / (t.a + 0.0)
      oracle: TRUNC(t.a / :1) | CAST(t.a AS BINARY_DOUBLE) / :1 | t.f / :1 | t.n / t.a
      mssql: t.a / @p1 | CAST(t.a AS FLOAT(53)) / @p1 | t.f / @p1 | CONVERT(NVARCHAR(50), t.n / t.a, 2)"
    `);
    expect(texts(a.floorDiv(b))).toMatchInlineSnapshot(`
      "postgresql: (t.a / t.b - CASE WHEN t.a % t.b < 0 AND t.b > 0 OR t.a % t.b > 0 AND t.b < 0 THEN 1 ELSE 0 END)
      mysql: (t.a DIV t.b - CASE WHEN t.a % t.b < 0 AND t.b > 0 OR t.a % t.b > 0 AND t.b < 0 THEN 1 ELSE 0 END)
      mariadb: (t.a DIV t.b - CASE WHEN t.a % t.b < 0 AND t.b > 0 OR t.a % t.b > 0 AND t.b < 0 THEN 1 ELSE 0 END)
      sqlite: (t.a / t.b - CASE WHEN t.a % t.b < 0 AND t.b > 0 OR t.a % t.b > 0 AND t.b < 0 THEN 1 ELSE 0 END)
      oracle: FLOOR(t.a / t.b)
      mssql: (t.a / t.b - CASE WHEN t.a % t.b < 0 AND t.b > 0 OR t.a % t.b > 0 AND t.b < 0 THEN 1 ELSE 0 END)"
    `);
  });

  test("[EXP10] powers", () => {
    expect(texts(a.pow(2), f.pow(b))).toMatchInlineSnapshot(`
      "postgresql: power(CAST(t.a AS DOUBLE PRECISION), $1::DOUBLE PRECISION) | power(t.f, CAST(t.b AS DOUBLE PRECISION))
      mysql: power(CAST(t.a AS DOUBLE), ?) | power(t.f, CAST(t.b AS DOUBLE))
      mariadb: power(CAST(t.a AS DOUBLE), ?) | power(t.f, CAST(t.b AS DOUBLE))
      sqlite: power(CAST(t.a AS REAL), ?) | power(t.f, CAST(t.b AS REAL))
      oracle: power(CAST(t.a AS BINARY_DOUBLE), :1) | power(t.f, CAST(t.b AS BINARY_DOUBLE))
      mssql: power(CAST(t.a AS FLOAT(53)), @p1) | power(t.f, CAST(t.b AS FLOAT(53)))"
    `);
  });

  // Oracle: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/BITAND.html
  // MySQL: https://dev.mysql.com/doc/refman/8.4/en/bit-functions.html (the result of bit operations is unsigned)
  test("[EXP11] bits", () => {
    expect(texts(a.bitAnd(b).bitOr(1), a.bitXor(b), a.bitNot())).toMatchInlineSnapshot(`
      "postgresql: (t.a & t.b) | $1 | t.a # t.b | ~t.a
      mysql: CAST(CAST(t.a & t.b AS SIGNED) | ? AS SIGNED) | CAST(t.a ^ t.b AS SIGNED) | CAST(~t.a AS SIGNED)
      mariadb: CAST(CAST(t.a & t.b AS SIGNED) | ? AS SIGNED) | CAST(t.a ^ t.b AS SIGNED) | CAST(~t.a AS SIGNED)
      sqlite: (t.a & t.b) | ? | ((t.a | t.b) - (t.a & t.b)) | ~t.a
      oracle: (BITAND(t.a, t.b) + :1 - BITAND(BITAND(t.a, t.b), :2)) | (t.a + t.b - 2 * BITAND(t.a, t.b)) | (-1 - t.a)
      mssql: (t.a & t.b) | @p1 | t.a ^ t.b | ~t.a"
    `);
    expect(texts(a.shiftLeft(1), a.shiftRight(1))).toMatchInlineSnapshot(`
      "postgresql: t.a << $1 | t.a >> $1
      mysql: CAST(t.a << ? AS SIGNED) | CAST(IF(t.a < 0, ~(~t.a >> ?), t.a >> ?) AS SIGNED)
      mariadb: CAST(t.a << ? AS SIGNED) | CAST(IF(t.a < 0, ~(~t.a >> ?), t.a >> ?) AS SIGNED)
      sqlite: t.a << ? | t.a >> ?
      oracle: ! oracle has no bit shifts. Multiply or divide by a power of two. | ! oracle has no bit shifts. Multiply or divide by a power of two.
      mssql: ! mssql has no bit shifts. Multiply or divide by a power of two. | ! mssql has no bit shifts. Multiply or divide by a power of two."
    `);
  });

  test("[EXP4] BETWEEN SYMMETRIC", () => {
    expect(wheres(a.between(b, 1, { symmetric: true }))).toMatchInlineSnapshot(`
      "postgresql: t.a BETWEEN SYMMETRIC t.b AND $1
      mysql: (t.a BETWEEN t.b AND ? OR t.a BETWEEN ? AND t.b)
      mariadb: (t.a BETWEEN t.b AND ? OR t.a BETWEEN ? AND t.b)
      sqlite: (t.a BETWEEN t.b AND ? OR t.a BETWEEN ? AND t.b)
      oracle: (t.a BETWEEN t.b AND :1 OR t.a BETWEEN :2 AND t.b)
      mssql: (t.a BETWEEN t.b AND @p1 OR t.a BETWEEN @p1 AND t.b)"
    `);
  });

  test("[EXP6] startsWith of an expression, escaped in SQL", () => {
    expect(wheres(s.startsWith(t.c.s.concat("x")))).toMatchInlineSnapshot(`
      "postgresql: t.s LIKE (replace(replace(replace(t.s || $1, '/', '//'), '%', '/%'), '_', '/_') || '%') ESCAPE '/'
      mysql: t.s LIKE concat(replace(replace(replace(concat(t.s, ?), '/', '//'), '%', '/%'), '_', '/_'), '%') ESCAPE '/'
      mariadb: t.s LIKE concat(replace(replace(replace(concat(t.s, ?), '/', '//'), '%', '/%'), '_', '/_'), '%') ESCAPE '/'
      sqlite: t.s LIKE (replace(replace(replace(t.s || ?, '/', '//'), '%', '/%'), '_', '/_') || '%') ESCAPE '/'
      oracle: t.s LIKE (replace(replace(replace(t.s || :1, '/', '//'), '%', '/%'), '_', '/_') || '%') ESCAPE '/'
      mssql: t.s LIKE REPLACE(replace(replace(replace(t.s + @p1, N'/', N'//'), N'%', N'/%'), N'_', N'/_') + N'%', N'[', N'[[]') ESCAPE '/'"
    `);
  });

  // PostgreSQL: https://www.postgresql.org/docs/current/textsearch-controls.html
  // Oracle: https://docs.oracle.com/en/database/oracle/oracle-database/19/ccref/oracle-text-SQL-statements-and-operators.html
  test("[EXP7] full-text search", () => {
    expect(wheres(s.match("sql"))).toMatchInlineSnapshot(`
      "postgresql: t.s @@ plainto_tsquery($1)
      mysql: MATCH (t.s) AGAINST (? IN BOOLEAN MODE)
      mariadb: MATCH (t.s) AGAINST (? IN BOOLEAN MODE)
      sqlite: t.s MATCH ?
      oracle: CONTAINS(t.s, :1) > 0
      mssql: CONTAINS(t.s, @p1)"
    `);
    expect(wheres(not(s.match("sql")))).toMatchInlineSnapshot(`
      "postgresql: NOT t.s @@ plainto_tsquery($1)
      mysql: NOT MATCH (t.s) AGAINST (? IN BOOLEAN MODE)
      mariadb: NOT MATCH (t.s) AGAINST (? IN BOOLEAN MODE)
      sqlite: NOT t.s MATCH ?
      oracle: CONTAINS(t.s, :1) = 0
      mssql: NOT CONTAINS(t.s, @p1)"
    `);
  });

  // SQL Server 2025: https://learn.microsoft.com/en-us/sql/t-sql/functions/regexp-like-transact-sql
  test("[EXP8] regular expressions", () => {
    expect(
      texts(s.regexpMatch("^a"), s.regexpMatch("^a", { ignoreCase: true }), s.regexpMatch("^a", { flags: "m" }).not()),
    ).toMatchInlineSnapshot(`
      "postgresql: t.s ~ $1 | t.s ~* $1 | t.s !~ ('(?m)' || $1)
      mysql: REGEXP_LIKE(t.s, ?, 'c') | REGEXP_LIKE(t.s, ?, 'i') | NOT REGEXP_LIKE(t.s, ?, 'cm')
      mariadb: t.s REGEXP concat('(?-i)', ?) | t.s REGEXP concat('(?i)', ?) | t.s NOT REGEXP concat('(?m-i)', ?)
      sqlite: t.s REGEXP ? | t.s REGEXP ('(?i)' || ?) | t.s NOT REGEXP ('(?m)' || ?)
      oracle: CASE WHEN REGEXP_LIKE(t.s, :1, 'c') THEN 1 WHEN NOT (REGEXP_LIKE(t.s, :2, 'c')) THEN 0 END | CASE WHEN REGEXP_LIKE(t.s, :1, 'i') THEN 1 WHEN NOT (REGEXP_LIKE(t.s, :2, 'i')) THEN 0 END | CASE WHEN NOT REGEXP_LIKE(t.s, :1, 'cm') THEN 1 WHEN NOT (NOT REGEXP_LIKE(t.s, :2, 'cm')) THEN 0 END
      mssql: ! mssql has no regular expressions. Use like(), or SQL Server 2025: mssql({ version: 17 }). | ! mssql has no regular expressions. Use like(), or SQL Server 2025: mssql({ version: 17 }). | ! mssql has no regular expressions. Use like(), or SQL Server 2025: mssql({ version: 17 })."
    `);
    expect(texts(s.regexpReplace("a", "b", { ignoreCase: true }))).toMatchInlineSnapshot(`
      "postgresql: regexp_replace(t.s, $1::TEXT, $2::TEXT, 'gi')
      mysql: REGEXP_REPLACE(t.s, ?, ?, 1, 0, 'i')
      mariadb: REGEXP_REPLACE(t.s, concat('(?i)', ?), ?)
      sqlite: ! sqlite has no regexp_replace. Replace in JavaScript, or define a function on the connection.
      oracle: REGEXP_REPLACE(t.s, :1, :2, 1, 0, 'i')
      mssql: ! mssql has no regular expressions. Use like(), or SQL Server 2025: mssql({ version: 17 })."
    `);
    expect(select(s.regexpMatch("a").label("x")).compile({ dialect: mssql({ version: 17 }) }).sql).toBe(
      "SELECT CASE WHEN REGEXP_LIKE(t.s, @p1, N'c') THEN 1 WHEN NOT (REGEXP_LIKE(t.s, @p1, N'c')) THEN 0 END AS x FROM t",
    );
  });

  test("[EXP14] ANY and ALL", () => {
    const query = select(t.alias("u").c.a);
    expect(texts(a.eq(any_(query)))).toMatchInlineSnapshot(`
      "postgresql: t.a = ANY (SELECT u.a FROM t AS u)
      mysql: t.a = ANY (SELECT u.a FROM t AS u)
      mariadb: t.a = ANY (SELECT u.a FROM t AS u)
      sqlite: t.a IN (SELECT u.a FROM t AS u)
      oracle: CASE WHEN t.a = ANY (SELECT u.a FROM t u) THEN 1 WHEN NOT (t.a = ANY (SELECT u.a FROM t u)) THEN 0 END
      mssql: CASE WHEN t.a = ANY (SELECT u.a FROM t AS u) THEN 1 WHEN NOT (t.a = ANY (SELECT u.a FROM t AS u)) THEN 0 END"
    `);
    expect(texts(a.gt(all_(query)))).toMatchInlineSnapshot(`
      "postgresql: t.a > ALL (SELECT u.a FROM t AS u)
      mysql: t.a > ALL (SELECT u.a FROM t AS u)
      mariadb: t.a > ALL (SELECT u.a FROM t AS u)
      sqlite: ! sqlite has no ANY and ALL. Compare with min() or max() of the query, or use EXISTS.
      oracle: CASE WHEN t.a > ALL (SELECT u.a FROM t u) THEN 1 WHEN NOT (t.a > ALL (SELECT u.a FROM t u)) THEN 0 END
      mssql: CASE WHEN t.a > ALL (SELECT u.a FROM t AS u) THEN 1 WHEN NOT (t.a > ALL (SELECT u.a FROM t AS u)) THEN 0 END"
    `);
  });

  test("[EXP15] collations", () => {
    expect(texts(s.collate("C"), s.concat("x").collate("de_x", { schema: "app" }))).toMatchInlineSnapshot(`
      "postgresql: t.s COLLATE "C" | (t.s || $1) COLLATE app."de_x"
      mysql: t.s COLLATE C | ! mysql has no collations in schemas.
      mariadb: t.s COLLATE C | ! mariadb has no collations in schemas.
      sqlite: t.s COLLATE C | ! sqlite has no collations in schemas.
      oracle: t.s COLLATE C | ! oracle has no collations in schemas.
      mssql: t.s COLLATE C | ! mssql has no collations in schemas."
    `);
    expect(() => select(s.collate("a; b").label("x")).compile({ dialect: mysql() })).toThrow(CompileError);
  });

  test("[EXP21] CASE with a subject", () => {
    expect(
      texts(
        caseOf(
          a,
          [
            [1, "one"],
            [2, "two"],
          ],
          "many",
        ),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: CASE t.a WHEN $1 THEN $2::TEXT WHEN $3 THEN $4::TEXT ELSE $5::TEXT END
      mysql: CASE t.a WHEN ? THEN ? WHEN ? THEN ? ELSE ? END
      mariadb: CASE t.a WHEN ? THEN ? WHEN ? THEN ? ELSE ? END
      sqlite: CASE t.a WHEN ? THEN ? WHEN ? THEN ? ELSE ? END
      oracle: CASE t.a WHEN :1 THEN :2 WHEN :3 THEN :4 ELSE :5 END
      mssql: CASE t.a WHEN @p1 THEN @p2 WHEN @p3 THEN @p4 ELSE @p5 END"
    `);
  });

  test("[EXP22, EXP23] safe casts and coercions", () => {
    expect(texts(s.tryCast(integer()))).toMatchInlineSnapshot(`
      "postgresql: ! postgresql has no TRY_CAST. Test the value before the cast, with regexpMatch() or case_().
      mysql: ! mysql has no TRY_CAST. Test the value before the cast, with regexpMatch() or case_().
      mariadb: ! mariadb has no TRY_CAST. Test the value before the cast, with regexpMatch() or case_().
      sqlite: ! sqlite has no TRY_CAST. Test the value before the cast, with regexpMatch() or case_().
      oracle: CAST(t.s AS NUMBER(10) DEFAULT NULL ON CONVERSION ERROR)
      mssql: TRY_CAST(t.s AS INT)"
    `);
    expect(texts(s.typeCoerce(integer()).add(1))).toMatchInlineSnapshot(`
      "postgresql: t.s + $1
      mysql: t.s + ?
      mariadb: t.s + ?
      sqlite: t.s + ?
      oracle: t.s + :1
      mssql: t.s + @p1"
    `);
  });

  test("[EXP24] parts of dates", () => {
    expect(texts(extract("year", d), extract("week", d), extract("dayOfWeek", d))).toMatchInlineSnapshot(`
      "postgresql: CAST(EXTRACT(YEAR FROM t.d) AS INTEGER) | CAST(EXTRACT(WEEK FROM t.d) AS INTEGER) | CAST(EXTRACT(DOW FROM t.d) AS INTEGER)
      mysql: EXTRACT(YEAR FROM t.d) | WEEK(t.d, 3) | (DAYOFWEEK(t.d) - 1)
      mariadb: EXTRACT(YEAR FROM t.d) | WEEK(t.d, 3) | (DAYOFWEEK(t.d) - 1)
      sqlite: CAST(strftime('%Y', t.d) AS INTEGER) | ((strftime('%j', date(t.d, '-3 days', 'weekday 4')) - 1) / 7 + 1) | CAST(strftime('%w', t.d) AS INTEGER)
      oracle: EXTRACT(YEAR FROM t.d) | TO_NUMBER(TO_CHAR(t.d, 'IW')) | MOD((TRUNC(t.d) - TRUNC(t.d, 'IW') + 1), 7)
      mssql: DATEPART(year, t.d) | DATEPART(iso_week, t.d) | ((DATEPART(weekday, t.d) + @@DATEFIRST - 1) % 7)"
    `);
    expect(texts(extract("hour", at), extract("second", at), extract("epoch", at))).toMatchInlineSnapshot(`
      "postgresql: CAST(EXTRACT(HOUR FROM t.at AT TIME ZONE 'UTC') AS INTEGER) | CAST(EXTRACT(SECOND FROM t.at AT TIME ZONE 'UTC') AS DOUBLE PRECISION) | CAST(EXTRACT(EPOCH FROM t.at) AS DOUBLE PRECISION)
      mysql: EXTRACT(HOUR FROM t.at) | (EXTRACT(SECOND_MICROSECOND FROM t.at) / 1000000e0) | (TIMESTAMPDIFF(MICROSECOND, '1970-01-01', t.at) / 1000000e0)
      mariadb: EXTRACT(HOUR FROM t.at) | (EXTRACT(SECOND_MICROSECOND FROM t.at) / 1000000e0) | (TIMESTAMPDIFF(MICROSECOND, '1970-01-01', t.at) / 1000000e0)
      sqlite: CAST(strftime('%H', t.at) AS INTEGER) | CAST(strftime('%f', t.at) AS REAL) | unixepoch(t.at, 'subsec')
      oracle: EXTRACT(HOUR FROM SYS_EXTRACT_UTC(t.at)) | EXTRACT(SECOND FROM SYS_EXTRACT_UTC(t.at)) | ((CAST(SYS_EXTRACT_UTC(t.at) AS DATE) - DATE '1970-01-01') * 86400 + MOD(TO_NUMBER(TO_CHAR(CAST(SYS_EXTRACT_UTC(t.at) AS TIMESTAMP), 'FF6')), 1000000) / 1000000)
      mssql: DATEPART(hour, SWITCHOFFSET(t.at, 0)) | (DATEPART(second, SWITCHOFFSET(t.at, 0)) + DATEPART(nanosecond, SWITCHOFFSET(t.at, 0)) / 1e9) | (DATEDIFF_BIG(microsecond, '1970-01-01', SWITCHOFFSET(t.at, 0)) / 1e6)"
    `);
    expect(() => extract("hour", d)).toThrow("A date has no hour.");
    expect(() => extract("century" as never, d)).toThrow('"century" is no part of a date or time.');
  });

  // Oracle: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/Comparison-Conditions.html
  test("[EXP26] row values in their order", () => {
    expect(wheres(tuple(a, b).lt([1, 2]))).toMatchInlineSnapshot(`
      "postgresql: (t.a, t.b) < ($1, $2)
      mysql: (t.a, t.b) < (?, ?)
      mariadb: (t.a, t.b) < (?, ?)
      sqlite: (t.a, t.b) < (?, ?)
      oracle: (t.a < :1 OR t.a = :2 AND t.b < :3)
      mssql: (t.a < @p1 OR t.a = @p1 AND t.b < @p2)"
    `);
    expect(() => tuple(a, b).lt([1] as never)).toThrow("A row value of 2 elements is compared with 1.");
  });

  test("[EXP44] parentheses of one's own", () => {
    expect(texts(a.add(1).grouped().add(2))).toMatchInlineSnapshot(`
      "postgresql: (t.a + $1) + $2
      mysql: (t.a + ?) + ?
      mariadb: (t.a + ?) + ?
      sqlite: (t.a + ?) + ?
      oracle: (t.a + :1) + :2
      mssql: (t.a + @p1) + @p2"
    `);
  });
});

describe("functions on all dialects", () => {
  test("[EXP33] without parentheses", () => {
    expect(texts(func.now(), func.currentDate(), func.currentTime(), func.localTimestamp())).toMatchInlineSnapshot(`
      "postgresql: CURRENT_TIMESTAMP | CURRENT_DATE | CURRENT_TIME | LOCALTIMESTAMP
      mysql: CURRENT_TIMESTAMP(6) | CURRENT_DATE | CURRENT_TIME(6) | LOCALTIMESTAMP(6)
      mariadb: CURRENT_TIMESTAMP(6) | CURRENT_DATE | CURRENT_TIME(6) | LOCALTIMESTAMP(6)
      sqlite: rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', 'now'), '0'), '.') | CURRENT_DATE | rtrim(rtrim(strftime('%H:%M:%f', 'now'), '0'), '.') | rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f', 'now', 'localtime'), '0'), '.')
      oracle: TO_CHAR(SYS_EXTRACT_UTC(CURRENT_TIMESTAMP), 'YYYY-MM-DD HH24:MI:SS.FF3') | TO_CHAR(TRUNC(CURRENT_DATE), 'YYYY-MM-DD') | ! oracle has no function current_time. | TO_CHAR(LOCALTIMESTAMP, 'YYYY-MM-DD HH24:MI:SS.FF3')
      mssql: SYSUTCDATETIME() | CAST(SYSUTCDATETIME() AS DATE) | CAST(SYSUTCDATETIME() AS TIME) | SYSDATETIME()"
    `);
    expect(texts(func.currentUser(), func.sessionUser())).toMatchInlineSnapshot(`
      "postgresql: CURRENT_USER | SESSION_USER
      mysql: CURRENT_USER | SESSION_USER()
      mariadb: CURRENT_USER | SESSION_USER()
      sqlite: ! sqlite has no function current_user. | ! sqlite has no function session_user.
      oracle: SYS_CONTEXT('USERENV', 'CURRENT_USER') | SYS_CONTEXT('USERENV', 'SESSION_USER')
      mssql: CURRENT_USER | SESSION_USER"
    `);
  });

  // MariaDB: https://mariadb.com/kb/en/next-value-for-sequence_name/
  // Oracle: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/Sequence-Pseudocolumns.html
  // SQL Server: https://learn.microsoft.com/en-us/sql/t-sql/functions/next-value-for-transact-sql
  test("[EXP34] the next value of a sequence", () => {
    expect(
      texts(nextValue("ticket"), nextValue("My's Seq", { schema: "app", type: integer() })),
    ).toMatchInlineSnapshot(`
      "postgresql: nextval('ticket') | nextval('app."My''s Seq"')
      mysql: ! mysql has no sequences. Use a generated key, or a table that counts. | ! mysql has no sequences. Use a generated key, or a table that counts.
      mariadb: NEXT VALUE FOR ticket | NEXT VALUE FOR app.\`My's Seq\`
      sqlite: ! sqlite has no sequences. Use a generated key, or a table that counts. | ! sqlite has no sequences. Use a generated key, or a table that counts.
      oracle: ticket.NEXTVAL | app."My's Seq".NEXTVAL
      mssql: NEXT VALUE FOR ticket | NEXT VALUE FOR app.[My's Seq]"
    `);
  });

  test("operands that are written twice must have the same value twice", () => {
    const dice = func.random().mul(6).cast(integer());
    expect(texts(dice.floorDiv(2), dice.bitXor(2), dice.shiftRight(2))).toMatchInlineSnapshot(`
      "postgresql: ! postgresql has no floorDiv() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column. | CAST(random() * $1 AS INTEGER) # $2 | CAST(random() * $1 AS INTEGER) >> $2
      mysql: ! mysql has no floorDiv() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column. | CAST(CAST(rand() * ? AS SIGNED) ^ ? AS SIGNED) | ! mysql has no shiftRight() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column.
      mariadb: ! mariadb has no floorDiv() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column. | CAST(CAST(rand() * ? AS SIGNED) ^ ? AS SIGNED) | ! mariadb has no shiftRight() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column.
      sqlite: ! sqlite has no floorDiv() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column. | ! sqlite has no bitXor() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column. | CAST(((random() & 9007199254740991) / 9007199254740992.0) * ? AS INTEGER) >> ?
      oracle: FLOOR(CAST(DBMS_RANDOM.VALUE * :1 AS NUMBER(10)) / :2) | ! oracle has no bitXor() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column. | ! oracle has no bit shifts. Multiply or divide by a power of two.
      mssql: ! mssql has no floorDiv() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column. | CAST((CAST(CHECKSUM(NEWID()) & 2147483647 AS FLOAT) / 2147483648) * @p1 AS INT) ^ @p2 | ! mssql has no bit shifts. Multiply or divide by a power of two."
    `);
    expect(
      texts(nextValue("s").floorDiv(2n), sql`nextval('s')`.as(integer()).between(1, 2, { symmetric: true })),
    ).toMatchInlineSnapshot(`
      "postgresql: ! postgresql has no floorDiv() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column. | (nextval('s')) BETWEEN SYMMETRIC $1 AND $2
      mysql: ! mysql has no floorDiv() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column. | ! mysql has no BETWEEN SYMMETRIC of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column.
      mariadb: ! mariadb has no floorDiv() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column. | ! mariadb has no BETWEEN SYMMETRIC of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column.
      sqlite: ! sqlite has no floorDiv() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column. | ! sqlite has no BETWEEN SYMMETRIC of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column.
      oracle: FLOOR(s.NEXTVAL / :1) | ! oracle has no truth value of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column.
      mssql: ! mssql has no floorDiv() of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column. | ! mssql has no truth value of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column."
    `);
    expect(texts(dice.gt(3))).toMatchInlineSnapshot(`
      "postgresql: CAST(random() * $1 AS INTEGER) > $2
      mysql: CAST(rand() * ? AS SIGNED) > ?
      mariadb: CAST(rand() * ? AS SIGNED) > ?
      sqlite: CAST(((random() & 9007199254740991) / 9007199254740992.0) * ? AS INTEGER) > ?
      oracle: ! oracle has no truth value of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column.
      mssql: ! mssql has no truth value of a value that differs each time it is asked for. It would be written twice. Compute it in a CTE of its own (materialized), and use its column."
    `);
    // A column of a query is computed once.
    const rolled = select(dice.label("n")).cte("rolled", { materialized: true });
    expect(() => select(rolled.c.n.floorDiv(2).label("x")).compile({ dialect: sqlite() })).not.toThrow();
  });

  test("[EXP34] that differ", () => {
    expect(
      texts(func.charLength(s), func.random(), func.concat(s, "x"), func.ceil(f), func.ln(f)),
    ).toMatchInlineSnapshot(`
      "postgresql: char_length(t.s) | random() | t.s || $1 | ceil(t.f) | ln(t.f)
      mysql: char_length(t.s) | rand() | concat(t.s, ?) | ceil(t.f) | ln(t.f)
      mariadb: char_length(t.s) | rand() | concat(t.s, ?) | ceil(t.f) | ln(t.f)
      sqlite: length(t.s) | ((random() & 9007199254740991) / 9007199254740992.0) | t.s || ? | ceil(t.f) | ln(t.f)
      oracle: LENGTH(t.s) | DBMS_RANDOM.VALUE | t.s || :1 | CEIL(t.f) | ln(t.f)
      mssql: LEN(REPLACE(t.s, N' ', N'_')) | (CAST(CHECKSUM(NEWID()) & 2147483647 AS FLOAT) / 2147483648) | t.s + @p1 | CEILING(t.f) | LOG(t.f)"
    `);
    expect(texts(func.greatest(a, b, 3))).toMatchInlineSnapshot(`
      "postgresql: CASE WHEN t.a IS NOT NULL AND t.b IS NOT NULL THEN greatest(t.a, t.b, $1) END
      mysql: greatest(t.a, t.b, ?)
      mariadb: greatest(t.a, t.b, ?)
      sqlite: max(t.a, t.b, ?)
      oracle: greatest(t.a, t.b, :1)
      mssql: CASE WHEN t.a IS NOT NULL AND t.b IS NOT NULL AND @p1 IS NOT NULL THEN (SELECT max(v) FROM (VALUES (t.a), (t.b), (@p1)) AS given(v)) END"
    `);
    expect(() => func.greatest(a)).toThrow("greatest() takes two arguments at least.");
  });

  // Oracle: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/LISTAGG.html
  // SQL Server: https://learn.microsoft.com/en-us/sql/t-sql/functions/string-agg-transact-sql
  test("[EXP35, EXP36] texts of a group in one", () => {
    expect(
      texts(func.aggregateStrings(s, ", "), func.aggregateStrings(s, ",").orderBy(a.desc(), b.asc().nullsFirst())),
    ).toMatchInlineSnapshot(`
      "postgresql: string_agg(t.s, ', ') | string_agg(t.s, ',' ORDER BY t.a DESC, t.b ASC NULLS FIRST)
      mysql: group_concat(t.s SEPARATOR ', ') | group_concat(t.s ORDER BY t.a DESC, t.b ASC SEPARATOR ',')
      mariadb: group_concat(t.s SEPARATOR ', ') | group_concat(t.s ORDER BY t.a DESC, t.b ASC SEPARATOR ',')
      sqlite: group_concat(t.s, ', ') | group_concat(t.s, ',' ORDER BY t.a DESC, t.b ASC NULLS FIRST)
      oracle: LISTAGG(t.s, ', ') | LISTAGG(t.s, ',') WITHIN GROUP (ORDER BY t.a DESC, t.b ASC NULLS FIRST)
      mssql: STRING_AGG(CAST(t.s AS NVARCHAR(max)), N', ') | STRING_AGG(CAST(t.s AS NVARCHAR(max)), N',') WITHIN GROUP (ORDER BY t.a DESC, CASE WHEN t.b IS NULL THEN 0 ELSE 1 END, t.b ASC)"
    `);
    expect(texts(func.aggregateStrings(s, ", ").distinct())).toMatchInlineSnapshot(`
      "postgresql: string_agg(DISTINCT t.s, ', ')
      mysql: group_concat(DISTINCT t.s SEPARATOR ', ')
      mariadb: group_concat(DISTINCT t.s SEPARATOR ', ')
      sqlite: ! sqlite has no distinct aggregateStrings() with a separator other than ",".
      oracle: LISTAGG(DISTINCT t.s, ', ')
      mssql: ! mssql has no distinct aggregateStrings(). Select the distinct values in a subquery."
    `);
    expect(texts(func.arrayAgg(a).orderBy(b))).toMatchInlineSnapshot(`
      "postgresql: array_agg(t.a ORDER BY t.b)
      mysql: ! mysql has no ORDER BY in the aggregate array_agg. Sort the rows in a subquery.
      mariadb: ! mariadb has no ORDER BY in the aggregate array_agg. Sort the rows in a subquery.
      sqlite: ! sqlite has no function array_agg.
      oracle: ! oracle has no ORDER BY in the aggregate array_agg. Sort the rows in a subquery.
      mssql: ! mssql has no ORDER BY in the aggregate array_agg. Sort the rows in a subquery."
    `);
  });

  test("[EXP16, EXP37] DISTINCT and FILTER", () => {
    expect(texts(func.count(distinct(a)), func.count().filter(a.gt(1), b.isNull()))).toMatchInlineSnapshot(`
      "postgresql: count(DISTINCT t.a) | count(*) FILTER (WHERE t.a > $1 AND t.b IS NULL)
      mysql: count(DISTINCT t.a) | count(CASE WHEN t.a > ? AND t.b IS NULL THEN 1 END)
      mariadb: count(DISTINCT t.a) | count(CASE WHEN t.a > ? AND t.b IS NULL THEN 1 END)
      sqlite: count(DISTINCT t.a) | count(*) FILTER (WHERE t.a > ? AND t.b IS NULL)
      oracle: count(DISTINCT t.a) | count(CASE WHEN t.a > :1 AND t.b IS NULL THEN 1 END)
      mssql: count(DISTINCT t.a) | count(CASE WHEN t.a > @p1 AND t.b IS NULL THEN 1 END)"
    `);
  });

  // MariaDB: https://mariadb.com/kb/en/percentile_cont/ (a window function)
  // SQL Server: https://learn.microsoft.com/en-us/sql/t-sql/functions/percentile-cont-transact-sql (OVER is obligatory)
  test("[EXP38] ordered sets", () => {
    expect(texts(func.percentileCont(0.5).withinGroup(a.desc()), func.mode().withinGroup(a))).toMatchInlineSnapshot(`
      "postgresql: percentile_cont(0.5) WITHIN GROUP (ORDER BY t.a DESC) | mode() WITHIN GROUP (ORDER BY t.a)
      mysql: ! mysql has no ordered-set aggregates (percentile_cont WITHIN GROUP). | ! mysql has no ordered-set aggregates (mode WITHIN GROUP).
      mariadb: ! mariadb has no ordered-set aggregates (percentile_cont WITHIN GROUP). It is a window function here: add over(). | ! mariadb has no ordered-set aggregates (mode WITHIN GROUP). It is a window function here: add over().
      sqlite: ! sqlite has no ordered-set aggregates (percentile_cont WITHIN GROUP). | ! sqlite has no ordered-set aggregates (mode WITHIN GROUP).
      oracle: percentile_cont(0.5d) WITHIN GROUP (ORDER BY t.a DESC) | STATS_MODE(t.a)
      mssql: ! mssql has no ordered-set aggregates (percentile_cont WITHIN GROUP). It is a window function here: add over(). | ! mssql has no ordered-set aggregates (mode WITHIN GROUP). It is a window function here: add over()."
    `);
    expect(texts(func.percentileDisc(0.5).withinGroup(a).over({ partitionBy: b }))).toMatchInlineSnapshot(`
      "postgresql: percentile_disc(0.5) WITHIN GROUP (ORDER BY t.a) OVER (PARTITION BY t.b)
      mysql: ! mysql has no ordered-set aggregates (percentile_disc WITHIN GROUP).
      mariadb: percentile_disc(0.5e0) WITHIN GROUP (ORDER BY t.a) OVER (PARTITION BY t.b)
      sqlite: ! sqlite has no ordered-set aggregates (percentile_disc WITHIN GROUP).
      oracle: percentile_disc(0.5d) WITHIN GROUP (ORDER BY t.a) OVER (PARTITION BY t.b)
      mssql: percentile_disc(5e-1) WITHIN GROUP (ORDER BY t.a) OVER (PARTITION BY t.b)"
    `);
    expect(texts(func.percentileCont(0.5).withinGroup(a).filter(b.gt(1)))).toMatchInlineSnapshot(`
      "postgresql: percentile_cont(0.5) WITHIN GROUP (ORDER BY t.a) FILTER (WHERE t.b > $1)
      mysql: ! mysql has no ordered-set aggregates (percentile_cont WITHIN GROUP).
      mariadb: ! mariadb has no ordered-set aggregates (percentile_cont WITHIN GROUP). It is a window function here: add over().
      sqlite: ! sqlite has no ordered-set aggregates (percentile_cont WITHIN GROUP).
      oracle: percentile_cont(0.5d) WITHIN GROUP (ORDER BY CASE WHEN t.b > :1 THEN t.a END)
      mssql: ! mssql has no ordered-set aggregates (percentile_cont WITHIN GROUP). It is a window function here: add over()."
    `);
  });

  // Oracle 21c: https://docs.oracle.com/en/database/oracle/oracle-database/21/sqlrf/Analytic-Functions.html
  test("[EXP39, EXP40] windows and their frames", () => {
    const w = window("w", { partitionBy: a, orderBy: b.desc() });
    expect(texts(func.sum(n).over(w))).toMatchInlineSnapshot(`
      "postgresql: sum(t.n) OVER w WINDOW w AS (PARTITION BY t.a ORDER BY t.b DESC)
      mysql: sum(t.n) OVER w WINDOW w AS (PARTITION BY t.a ORDER BY t.b DESC)
      mariadb: sum(t.n) OVER w WINDOW w AS (PARTITION BY t.a ORDER BY t.b DESC)
      sqlite: sum(t.n) OVER w WINDOW w AS (PARTITION BY t.a ORDER BY t.b DESC)
      oracle: sum(t.n) OVER (PARTITION BY t.a ORDER BY t.b DESC)
      mssql: CONVERT(NVARCHAR(50), sum(t.n) OVER (PARTITION BY t.a ORDER BY t.b DESC), 2)"
    `);
    expect(texts(func.sum(n).over({ orderBy: a, groups: [-1, 1], exclude: "ties" }))).toMatchInlineSnapshot(`
      "postgresql: sum(t.n) OVER (ORDER BY t.a GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES)
      mysql: ! mysql has no GROUPS frames.
      mariadb: ! mariadb has no GROUPS frames.
      sqlite: sum(t.n) OVER (ORDER BY t.a GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES)
      oracle: ! oracle has no GROUPS frames.
      mssql: ! mssql has no GROUPS frames."
    `);
    expect(texts(func.sum(n).over({ orderBy: a, range: [{ preceding: 1.5 }, 0] }))).toMatchInlineSnapshot(`
      "postgresql: sum(t.n) OVER (ORDER BY t.a RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW)
      mysql: sum(t.n) OVER (ORDER BY t.a RANGE BETWEEN 1.5e0 PRECEDING AND CURRENT ROW)
      mariadb: sum(t.n) OVER (ORDER BY t.a RANGE BETWEEN 1.5e0 PRECEDING AND CURRENT ROW)
      sqlite: sum(t.n) OVER (ORDER BY t.a RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW)
      oracle: sum(t.n) OVER (ORDER BY t.a RANGE BETWEEN 1.5d PRECEDING AND CURRENT ROW)
      mssql: ! mssql has no RANGE frames with a distance."
    `);
    expect(
      texts(func.sum(n).over({ orderBy: at, range: [{ preceding: sql`INTERVAL '1' DAY` }, "unbounded"] })),
    ).toMatchInlineSnapshot(`
      "postgresql: sum(t.n) OVER (ORDER BY t.at RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND UNBOUNDED FOLLOWING)
      mysql: sum(t.n) OVER (ORDER BY t.at RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND UNBOUNDED FOLLOWING)
      mariadb: ! mariadb has no RANGE frames with a distance in time.
      sqlite: ! sqlite has no RANGE frames with a distance in time.
      oracle: sum(t.n) OVER (ORDER BY t.at RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND UNBOUNDED FOLLOWING)
      mssql: ! mssql has no RANGE frames with a distance."
    `);
    expect(select(func.sum(n).over(w).label("x")).compile({ dialect: oracle({ version: 21 }) }).sql).toBe(
      "SELECT sum(t.n) OVER w AS x FROM t WINDOW w AS (PARTITION BY t.a ORDER BY t.b DESC)",
    );
  });

  test("[EXP30, EXP31, EXP32] of one's own, in packages, typed, registered", () => {
    const distance = defineFunction("levenshtein", {
      args: [string(), string()],
      returns: integer(),
      dialects: { oracle: "UTL_MATCH.EDIT_DISTANCE", mssql: (x, y) => `dbo.lev(${x}, ${y})` },
      register: "editDistance",
    });
    const typed: Expression<number | null, "t"> = distance(s, "bob");
    expect(texts(typed, func.app?.geo?.distance?.(a, 1) ?? typed)).toMatchInlineSnapshot(`
      "postgresql: levenshtein(t.s, $1::TEXT) | app.geo.distance(t.a, $1::INTEGER)
      mysql: levenshtein(t.s, ?) | app.geo.distance(t.a, ?)
      mariadb: levenshtein(t.s, ?) | app.geo.distance(t.a, ?)
      sqlite: levenshtein(t.s, ?) | app.geo.distance(t.a, ?)
      oracle: UTL_MATCH.EDIT_DISTANCE(t.s, :1) | app.geo.distance(t.a, :1)
      mssql: dbo.lev(t.s, @p1) | app.geo.distance(t.a, @p1)"
    `);
    expect(texts(func("app.My Fn", a).returns(integer()))).toMatchInlineSnapshot(`
      "postgresql: app."My Fn"(t.a)
      mysql: app.\`My Fn\`(t.a)
      mariadb: app.\`My Fn\`(t.a)
      sqlite: app."My Fn"(t.a)
      oracle: app."My Fn"(t.a)
      mssql: app.[My Fn](t.a)"
    `);
    expect(String(func.editDistance?.(s, "x"))).toBe("levenshtein(t.s, :levenshtein_1)");
    // @ts-expect-error: the arguments are texts
    expect(() => distance(s)).toThrow("levenshtein() takes 2 arguments, not 1.");
    // @ts-expect-error: the arguments are texts
    expect(distance(s, 5)).toBeDefined();
  });
});

describe("SQLAlchemy and we", () => {
  test("[EXP10] a negative number with a minus in front: SQLAlchemy writes `--5`, which is a comment; we write parentheses", () => {
    expect(
      texts(
        literal(-5, integer(), { inline: true }).neg(),
        a.neg().neg(),
        literal(-5, integer(), { inline: true }).bitNot(),
      ),
    ).toMatchInlineSnapshot(`
      "postgresql: -(-5) | -(-t.a) | ~(-5)
      mysql: -(-5) | -(-t.a) | CAST(~(-5) AS SIGNED)
      mariadb: -(-5) | -(-t.a) | CAST(~(-5) AS SIGNED)
      sqlite: -(-5) | -(-t.a) | ~(-5)
      oracle: -(-5) | -(-t.a) | (-1 - -5)
      mssql: -(-5) | -(-t.a) | ~(-5)"
    `);
  });

  test("[EXP11] XOR on SQLite: SQLAlchemy leaves out the parentheses, so that 5 xor 3 is 3; ours has them, and its operands too", () => {
    expect(texts(a.bitXor(b.add(1)).mul(2))).toMatchInlineSnapshot(`
      "postgresql: (t.a # (t.b + $1)) * $2
      mysql: CAST(t.a ^ (t.b + ?) AS SIGNED) * ?
      mariadb: CAST(t.a ^ (t.b + ?) AS SIGNED) * ?
      sqlite: ((t.a | (t.b + ?)) - (t.a & (t.b + ?))) * ?
      oracle: (t.a + (t.b + :1) - 2 * BITAND(t.a, (t.b + :2))) * :3
      mssql: (t.a ^ (t.b + @p1)) * @p2"
    `);
  });

  test("[EXP12] a text with OR inside and(): SQLAlchemy leaves it bare, so that AND takes its last part; ours stands in parentheses", () => {
    expect(wheres(and(sql`a = 1 OR b = 2`.as(boolean()), a.gt(0)))).toMatchInlineSnapshot(`
      "postgresql: (a = 1 OR b = 2) AND t.a > $1
      mysql: (a = 1 OR b = 2) AND t.a > ?
      mariadb: (a = 1 OR b = 2) AND t.a > ?
      sqlite: (a = 1 OR b = 2) AND t.a > ?
      oracle: (a = 1 OR b = 2) AND t.a > :1
      mssql: (a = 1 OR b = 2) AND t.a > @p1"
    `);
    expect(wheres(not(sql`a = 1 OR b = 2`.as(boolean())))).toMatchInlineSnapshot(`
      "postgresql: NOT (a = 1 OR b = 2)
      mysql: NOT (a = 1 OR b = 2)
      mariadb: NOT (a = 1 OR b = 2)
      sqlite: NOT (a = 1 OR b = 2)
      oracle: NOT (a = 1 OR b = 2)
      mssql: NOT (a = 1 OR b = 2)"
    `);
  });

  test("[EXP12, EXP25] constants as conditions: SQLAlchemy writes `WHERE 1` and `ON true` to Oracle; ours are comparisons where a database has no truth values", () => {
    expect(wheres(or(a.gt(1), and(t.c.on, literal(true))))).toMatchInlineSnapshot(`
      "postgresql: t.a > $1 OR t."on" AND $2::BOOLEAN
      mysql: t.a > ? OR t.\`on\` AND ?
      mariadb: t.a > ? OR t.\`on\` AND ?
      sqlite: t.a > ? OR t."on" AND ?
      oracle: t.a > :1 OR t."on" = 1 AND :2 = 1
      mssql: t.a > @p1 OR t.[on] = 1 AND @p2 = 1"
    `);
    expect(wheres(or(false_(), true_()))).toMatchInlineSnapshot(`
      "postgresql: true
      mysql: true
      mariadb: true
      sqlite: 1
      oracle: 1 = 1
      mssql: 1 = 1"
    `);
    expect(wheres(not(null_() as never))).toMatchInlineSnapshot(`
      "postgresql: NOT NULL
      mysql: NOT NULL
      mariadb: NOT NULL
      sqlite: NOT NULL
      oracle: NOT NULL = 1
      mssql: NOT NULL = 1"
    `);
    const u = t.alias("u");
    expect(
      DIALECTS.map(
        (dialect) =>
          select(id)
            .join(u, and() as never)
            .compile({ dialect }).sql,
      ).join("\n"),
    ).toMatchInlineSnapshot(`
      "SELECT t.id FROM t JOIN t AS u ON true
      SELECT t.id FROM t JOIN t AS u ON true
      SELECT t.id FROM t JOIN t AS u ON true
      SELECT t.id FROM t JOIN t AS u ON 1
      SELECT t.id FROM t JOIN t u ON 1 = 1
      SELECT t.id FROM t JOIN t AS u ON 1 = 1"
    `);
  });

  test("[EXP37] FILTER: SQLAlchemy writes it to databases that have none; ours is a CASE inside there", () => {
    expect(texts(func.sum(n).filter(a.gt(1)).over({ orderBy: b }))).toMatchInlineSnapshot(`
      "postgresql: sum(t.n) FILTER (WHERE t.a > $1) OVER (ORDER BY t.b)
      mysql: sum(CASE WHEN t.a > ? THEN t.n END) OVER (ORDER BY t.b)
      mariadb: sum(CASE WHEN t.a > ? THEN t.n END) OVER (ORDER BY t.b)
      sqlite: sum(t.n) FILTER (WHERE t.a > ?) OVER (ORDER BY t.b)
      oracle: sum(CASE WHEN t.a > :1 THEN t.n END) OVER (ORDER BY t.b)
      mssql: CONVERT(NVARCHAR(50), sum(CASE WHEN t.a > @p1 THEN t.n END) OVER (ORDER BY t.b), 2)"
    `);
  });

  test("[EXP13] NULLS FIRST inside aggregates and windows: SQLAlchemy writes it everywhere; ours is a CASE in front where there is none", () => {
    expect(
      texts(func.aggregateStrings(s, ",").orderBy(b.desc().nullsLast()), func.rank().over({ orderBy: b.nullsFirst() })),
    ).toMatchInlineSnapshot(`
      "postgresql: string_agg(t.s, ',' ORDER BY t.b DESC NULLS LAST) | rank() OVER (ORDER BY t.b NULLS FIRST)
      mysql: group_concat(t.s ORDER BY t.b DESC SEPARATOR ',') | rank() OVER (ORDER BY t.b)
      mariadb: group_concat(t.s ORDER BY t.b DESC SEPARATOR ',') | rank() OVER (ORDER BY t.b)
      sqlite: group_concat(t.s, ',' ORDER BY t.b DESC NULLS LAST) | rank() OVER (ORDER BY t.b NULLS FIRST)
      oracle: LISTAGG(t.s, ',') WITHIN GROUP (ORDER BY t.b DESC NULLS LAST) | rank() OVER (ORDER BY t.b NULLS FIRST)
      mssql: STRING_AGG(CAST(t.s AS NVARCHAR(max)), N',') WITHIN GROUP (ORDER BY CASE WHEN t.b IS NULL THEN 1 ELSE 0 END, t.b DESC) | rank() OVER (ORDER BY CASE WHEN t.b IS NULL THEN 0 ELSE 1 END, t.b)"
    `);
  });

  test("[EXP48] an expression in JavaScript's own arithmetic: SQLAlchemy makes SQL of `a > 5` and an error of `if a > 5`; ours throws at once and names the method", () => {
    expect(() => Number(a)).toThrow("Use its methods: gt(5) for > 5");
    expect(() => `${(a as never) > 5}`).toThrow("An expression has no value in JavaScript");
    expect(() => (a as never as number) + 1).toThrow("An expression has no value in JavaScript");
    expect(`${a.gt(5)}`).toBe("t.a > :a_1");
    expect(a === t.c.a).toBe(true);
  });

  test("[EXP46] what cannot stand in a place is refused by name", () => {
    const query = select(id) as unknown as Node;
    expect(() => a.eq(query as never)).toThrow(
      "A select cannot stand where an expression is expected. Make a scalar subquery of it",
    );
    expect(() => select(t as never)).toThrow('"t" is a FROM item, not a column.');
    expect(() => select(id).selectFrom(query as never)).toThrow(
      "A select cannot stand in FROM. Give a table, an alias, a subquery",
    );
    expect(() => a.eq(undefined as never)).toThrow("undefined cannot be a value in SQL.");
    expect(() => a.eq((() => 1) as never)).toThrow("A function cannot be a value in SQL.");
    expect(() => a.in(5 as never)).toThrow("in() takes an array of values or a query.");
    expect(() => select(a.eq(Symbol("x") as never))).toThrow("A symbol cannot be a value in SQL.");
  });

  test("[EXP19] a bigint beside a fraction is refused instead of losing digits or the fraction", () => {
    expect(() => literal(5n).add(f as never)).toThrow(
      "Big integers and floating point numbers are not computed with one another.",
    );
  });
});
