import {
  case_,
  date,
  false_,
  func,
  integer,
  largeBinary,
  type Node,
  not,
  numeric,
  or,
  select,
  sql,
  string,
  text,
  true_,
  tuple,
} from "@acme/core";
import { describe, expect, test } from "vitest";
import { oracle } from "./index.js";
import { posts, users } from "./test-schema.js";

const { id, name, nick, age, balance, score, active, born, seen, createdAt, visits } = users.c;

/** The text that a statement is sent as. */
function write(statement: Node): string {
  return oracle().compile(statement).render(statement).sql;
}

describe("expressions as text", () => {
  test("[EXP1] comparisons; null becomes IS NULL", () => {
    expect(write(select(id).where(age.ge(18), name.ne("x"), nick.eq(null)))).toBe(
      "SELECT users.id FROM users WHERE users.age >= :1 AND users.name != :2 AND users.nick IS NULL",
    );
  });

  test("[EXP12] NOT of a disjunction", () => {
    expect(write(select(id).where(not(or(age.lt(1), age.gt(9)))))).toBe(
      "SELECT users.id FROM users WHERE NOT (users.age < :1 OR users.age > :2)",
    );
  });

  test("[EXP2] NULL-safe comparison", () => {
    expect(write(select(id).where(nick.isDistinctFrom("x"), nick.isNotDistinctFrom(name)))).toBe(
      "SELECT users.id FROM users WHERE DECODE(users.nick, :1, 0, 1) = 1 AND DECODE(users.nick, users.name, 0, 1) = 0",
    );
  });

  test("[EXP3] IN a list", () => {
    expect(write(select(id).where(id.in([1, 2]), name.notIn(["a"])))).toBe(
      "SELECT users.id FROM users WHERE users.id IN (:1, :2) AND users.name NOT IN (:3)",
    );
  });

  test("[EXP3] IN an empty list is IN a query without rows", () => {
    expect(write(select(id).where(id.in([])))).toBe(
      "SELECT users.id FROM users WHERE users.id IN (SELECT NULL FROM DUAL WHERE 1 = 0)",
    );
  });

  test("[EXP3] IN a query", () => {
    expect(write(select(id).where(id.in(select(posts.c.authorId).orderBy(posts.c.title))))).toBe(
      'SELECT users.id FROM users WHERE users.id IN (SELECT posts."authorId" FROM posts)',
    );
  });

  test("[EXP3] each element of a list is converted", () => {
    expect(write(select(id).where(born.in(["2020-01-01", "2020-01-02"]), balance.in(["1.5"])))).toBe(
      "SELECT users.id FROM users WHERE users.born IN (TO_DATE(:1, 'YYYY-MM-DD'), TO_DATE(:2, 'YYYY-MM-DD')) AND users.balance IN (TO_NUMBER(:3))",
    );
  });

  test("[EXP26] row values IN a list", () => {
    expect(
      write(
        select(id).where(
          tuple(id, name).in([
            [1, "a"],
            [2, "b"],
          ]),
        ),
      ),
    ).toBe("SELECT users.id FROM users WHERE (users.id, users.name) IN ((:1, :2), (:3, :4))");
  });

  test("[EXP26] row values NOT IN a list", () => {
    expect(write(select(id).where(tuple(id, name).notIn([[1, "a"]])))).toBe(
      "SELECT users.id FROM users WHERE (users.id, users.name) NOT IN ((:1, :2))",
    );
  });

  test("[EXP26] row values IN an empty list", () => {
    expect(write(select(id).where(tuple(id, name).in([])))).toBe(
      "SELECT users.id FROM users WHERE (users.id, users.name) IN (SELECT NULL, NULL FROM DUAL WHERE 1 = 0)",
    );
  });

  test("[EXP4] BETWEEN", () => {
    expect(write(select(id).where(age.between(1, 5), age.notBetween(2, 3)))).toBe(
      "SELECT users.id FROM users WHERE users.age BETWEEN :1 AND :2 AND users.age NOT BETWEEN :3 AND :4",
    );
  });

  test("[EXP5] LIKE, ILIKE by lower(), ESCAPE", () => {
    expect(write(select(id).where(name.like("a%"), name.ilike("b%"), name.notLike("z", { escape: "!" })))).toBe(
      "SELECT users.id FROM users WHERE users.name LIKE :1 AND lower(users.name) LIKE lower(:2) AND users.name NOT LIKE :3 ESCAPE '!'",
    );
  });

  test("[EXP6] contains() takes its text literally", () => {
    expect(write(select(id).where(name.contains("50%[x]")))).toBe(
      "SELECT users.id FROM users WHERE users.name LIKE :1 ESCAPE '/'",
    );
  });

  test("[EXP5] a pattern from a column", () => {
    expect(write(select(id).where(name.like(nick)))).toBe(
      "SELECT users.id FROM users WHERE users.name LIKE users.nick",
    );
  });

  test("[EXP10] arithmetic and the remainder", () => {
    expect(
      write(
        select(age.add(1).mul(2).label("a"), age.sub(1).div(2).label("b"), age.mod(3).label("m"), age.neg().label("n")),
      ),
    ).toBe(
      "SELECT (users.age + :1) * :2 AS a, TRUNC((users.age - :3) / :4) AS b, MOD(users.age, :5) AS m, -users.age AS n FROM users",
    );
  });

  test("[EXP19] parentheses where precedence asks for them", () => {
    expect(write(select(age.add(age.mod(3)).mul(age.mod(2)).label("a")))).toBe(
      "SELECT (users.age + MOD(users.age, :1)) * MOD(users.age, :2) AS a FROM users",
    );
  });

  test("[EXP9] concatenation", () => {
    expect(write(select(name.concat("-").concat(nick).label("c")).where(name.concat("x").eq("ax")))).toBe(
      "SELECT users.name || :1 || users.nick AS c FROM users WHERE (users.name || :2) = :3",
    );
  });

  test("[EXP9] concatenation of what is no text", () => {
    expect(write(select(name.concat(born).label("c")))).toBe(
      "SELECT users.name || TO_CHAR(users.born, 'YYYY-MM-DD') AS c FROM users",
    );
  });

  test("[EXP25] truth values as conditions, predicates as values", () => {
    expect(
      write(
        select(active, age.gt(18).label("adult"), true_().label("t")).where(active, not(active)).orderBy(age.gt(1)),
      ),
    ).toBe(
      "SELECT users.active, CASE WHEN users.age > :1 THEN 1 WHEN NOT (users.age > :2) THEN 0 END AS adult, 1 AS t FROM users WHERE users.active = 1 AND NOT users.active = 1 ORDER BY CASE WHEN users.age > :3 THEN 1 WHEN NOT (users.age > :4) THEN 0 END",
    );
  });

  test("[EXP25] truth constants as conditions", () => {
    expect(write(select(id).where(or(false_(), active), false_()))).toBe(
      "SELECT users.id FROM users WHERE users.active = 1 AND 1 = 0",
    );
  });

  test("[EXP21] CASE", () => {
    expect(
      write(select(case_([[active, "on"]], "off").label("s"), case_([[age.gt(1), active]], false_()).label("u"))),
    ).toBe(
      "SELECT CASE WHEN users.active = 1 THEN :1 ELSE :2 END AS s, CASE WHEN users.age > :3 THEN users.active ELSE 0 END AS u FROM users",
    );
  });

  test("[EXP1] a truth value compared with a predicate", () => {
    expect(write(select(id).where(active.eq(true), active.eq(age.gt(3))))).toBe(
      "SELECT users.id FROM users WHERE users.active = :1 AND users.active = (CASE WHEN users.age > :2 THEN 1 WHEN NOT (users.age > :3) THEN 0 END)",
    );
  });

  test("[EXP37] FILTER is a CASE inside the aggregate", () => {
    expect(
      write(
        select(
          func.count().filter(active).label("n"),
          func.sum(age).filter(age.gt(3)).label("s"),
          func.count(id).distinct().label("k"),
        ),
      ),
    ).toBe(
      "SELECT count(CASE WHEN users.active = 1 THEN 1 END) AS n, sum(CASE WHEN users.age > :1 THEN users.age END) AS s, count(DISTINCT users.id) AS k FROM users",
    );
  });

  test("functions that are written differently", () => {
    expect(
      write(
        select(
          func.charLength(name).label("a"),
          func.substring(name, 2, 3).label("b"),
          func.substring(name, 2).label("c"),
          func.currentDate().label("d"),
          func.now().label("e"),
          func.round(score).label("f"),
        ),
      ),
    ).toBe(
      "SELECT LENGTH(users.name) AS a, SUBSTR(users.name, :1, :2) AS b, SUBSTR(users.name, :3) AS c, TO_CHAR(TRUNC(CURRENT_DATE), 'YYYY-MM-DD') AS d, TO_CHAR(SYS_EXTRACT_UTC(CURRENT_TIMESTAMP), 'YYYY-MM-DD HH24:MI:SS.FF3') AS e, round(users.score) AS f FROM users",
    );
  });

  test("[EXP30] any function by its name", () => {
    expect(
      write(select(func("app.my_fn", id).label("f"), func.coalesce(nick, name).label("c"), func.trim(name).label("t"))),
    ).toBe("SELECT app.my_fn(users.id) AS f, coalesce(users.nick, users.name) AS c, trim(users.name) AS t FROM users");
  });

  test("[EXP34] aggregates", () => {
    expect(write(select(func.avg(age), func.sum(balance), func.max(seen), func.min(active), func.sum(visits)))).toBe(
      "SELECT avg(users.age), sum(users.balance), TO_CHAR(max(users.seen), 'YYYY-MM-DD HH24:MI:SS.FF3'), min(users.active), sum(users.visits) FROM users",
    );
  });

  test("[EXP22] CAST", () => {
    expect(
      write(
        select(
          age.cast(string(10)).label("a"),
          name.cast(integer()).label("b"),
          name.cast(date()).label("c"),
          createdAt.cast(date()).label("d"),
          name.cast(text()).label("e"),
          age.cast(numeric(8, 2)).label("f"),
          name.cast(string()).label("g"),
          name.cast(largeBinary()).label("h"),
        ),
      ),
    ).toBe(
      "SELECT CAST(users.age AS VARCHAR2(10 CHAR)) AS a, CAST(users.name AS NUMBER(10)) AS b, TO_CHAR(TO_DATE(users.name, 'YYYY-MM-DD'), 'YYYY-MM-DD') AS c, TO_CHAR(TRUNC(CAST(SYS_EXTRACT_UTC(users.\"createdAt\") AS DATE)), 'YYYY-MM-DD') AS d, TO_CLOB(users.name) AS e, CAST(users.age AS NUMBER(8, 2)) AS f, CAST(users.name AS VARCHAR2(4000)) AS g, TO_BLOB(UTL_RAW.CAST_TO_RAW(users.name)) AS h FROM users",
    );
  });

  test("[EXP39] window functions", () => {
    expect(
      write(
        select(
          id,
          func.rowNumber().over({ partitionBy: users.c.role, orderBy: age.desc() }).label("n"),
          func
            .sum(age)
            .over({ orderBy: id, rows: ["unbounded", 0] })
            .label("run"),
        ),
      ),
    ).toBe(
      "SELECT users.id, row_number() OVER (PARTITION BY users.role ORDER BY users.age DESC) AS n, sum(users.age) OVER (ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run FROM users",
    );
  });

  test("[SEL17] EXISTS, correlated", () => {
    expect(write(select(id).where(select(posts.c.id).where(posts.c.authorId.eq(id)).exists()))).toBe(
      'SELECT users.id FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts."authorId" = users.id)',
    );
  });

  test("[SEL16] a scalar subquery", () => {
    expect(
      write(select(id, select(func.count()).selectFrom(posts).where(posts.c.authorId.eq(id)).scalar().label("n"))),
    ).toBe('SELECT users.id, (SELECT count(*) FROM posts WHERE posts."authorId" = users.id) AS n FROM users');
  });

  test("[SEL38] the sql template binds its values", () => {
    expect(
      write(sql`SELECT ${name} FROM ${users} WHERE ${id} IN (${[1, 2]}) AND x = ${sql.identifier("My table", "file")}`),
    ).toBe('SELECT users.name FROM users WHERE users.id IN (:1, :2) AND x = "My table"."file"');
  });
});
