import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect/dialect.js";
import {
  AmbiguousForeignKeysError,
  and,
  boolean,
  CompileError,
  func,
  InvalidRequestError,
  literal,
  type Node,
  NoForeignKeysError,
  NoSuchColumnError,
  select,
  selectAll,
  sql,
} from "../index.js";
import { lonely, posts, reviews, users } from "./test-schema.js";

const say = (statement: Node): string => String(statement);

describe("select", () => {
  test("[SEL1][SEL42] writes the columns, FROM is seen from them", () => {
    expect(say(select(users.c.id, users.c.name))).toBe("SELECT users.id, users.name FROM users");
    expect(say(select(users.c.id, posts.c.title))).toBe("SELECT users.id, posts.title FROM users, posts");
    expect(say(select(literal(1).label("one")))).toBe("SELECT :param_1 AS one");
  });

  test("[SEL48] each method returns a new statement and leaves the old one alone", () => {
    const base = select(users.c.id);
    const narrowed = base.where(users.c.age.gt(3)).orderBy(users.c.id).limit(1);
    expect(say(base)).toBe("SELECT users.id FROM users");
    expect(say(narrowed)).toBe("SELECT users.id FROM users WHERE users.age > :age_1 ORDER BY users.id LIMIT :limit_1");
  });

  test("[SEL2][SEL6][SEL8][SEL9] clauses stand in SQL's order whatever the order of calls", () => {
    const stmt = select(users.c.age, func.count())
      .limit(5)
      .offset(2)
      .orderBy(users.c.age.desc())
      .having(func.count().gt(1))
      .groupBy(users.c.age)
      .where(users.c.active)
      .where(users.c.nick.isNotNull())
      .distinct();
    expect(say(stmt)).toBe(
      "SELECT DISTINCT users.age, count(*) FROM users WHERE users.active AND users.nick IS NOT NULL GROUP BY users.age HAVING count(*) > :count_1 ORDER BY users.age DESC LIMIT :limit_1 OFFSET :offset_1",
    );
  });

  test("[SEL3] joins: inner, left, full, cross", () => {
    const on = posts.c.authorId.eq(users.c.id);
    expect(say(select(users.c.id).join(posts, on))).toBe(
      "SELECT users.id FROM users JOIN posts ON posts.author_id = users.id",
    );
    expect(say(select(users.c.id).outerJoin(posts, on))).toBe(
      "SELECT users.id FROM users LEFT OUTER JOIN posts ON posts.author_id = users.id",
    );
    expect(say(select(users.c.id).fullJoin(posts, on))).toBe(
      "SELECT users.id FROM users FULL OUTER JOIN posts ON posts.author_id = users.id",
    );
    expect(say(select(users.c.id).crossJoin(lonely))).toBe("SELECT users.id FROM users CROSS JOIN lonely");
  });

  test("[SEL4] join infers ON from the foreign key, in either direction and through aliases and subqueries", () => {
    expect(say(select(users.c.id).join(posts))).toBe(
      "SELECT users.id FROM users JOIN posts ON users.id = posts.author_id",
    );
    expect(say(select(posts.c.id).join(users))).toBe(
      "SELECT posts.id FROM posts JOIN users ON posts.author_id = users.id",
    );
    const p = posts.alias("p");
    expect(say(select(users.c.id).join(p))).toBe(
      "SELECT users.id FROM users JOIN posts AS p ON users.id = p.author_id",
    );
    const sub = select(posts.c.authorId, posts.c.title).subquery("sub");
    expect(say(select(users.c.id).join(sub))).toBe(
      'SELECT users.id FROM users JOIN (SELECT posts.author_id AS "authorId", posts.title FROM posts) AS sub ON users.id = sub."authorId"',
    );
  });

  test("[SEL4] a join without or with several foreign keys is an error that says what to do", () => {
    expect(() => compile(select(users.c.id).join(lonely))).toThrow(NoForeignKeysError);
    expect(() => compile(select(users.c.id).join(lonely))).toThrow(
      'There is no foreign key between "users" and "lonely". Give the join its condition as the second argument.',
    );
    expect(() => compile(select(users.c.id).join(reviews))).toThrow(AmbiguousForeignKeysError);
    expect(() => compile(select(users.c.id).join(reviews))).toThrow(
      /There are 2 foreign keys between "users" and "reviews": users.id = reviews.writer_id; users.id = reviews.reader_id/,
    );
  });

  test("[SEL5] a chain of joins finds the left side of each", () => {
    const boss = users.alias("boss");
    const stmt = select(users.c.name, posts.c.title, boss.c.name.label("bossName"))
      .join(posts)
      .outerJoin(boss, boss.c.id.eq(users.c.age));
    expect(say(stmt)).toBe(
      'SELECT users.name, posts.title, boss.name AS "bossName" FROM users JOIN posts ON users.id = posts.author_id LEFT OUTER JOIN users AS boss ON boss.id = users.age',
    );
    expect(say(select(posts.c.title).selectFrom(users).join(posts))).toBe(
      "SELECT posts.title FROM users JOIN posts ON users.id = posts.author_id",
    );
    expect(() => compile(select(func.count()).join(posts))).toThrow(InvalidRequestError);
  });

  test("[SEL14] a subquery inside an expression leaves the FROM items around it to the query around it, over several levels", () => {
    const inner = select(posts.c.id).where(posts.c.authorId.eq(users.c.id));
    expect(say(select(users.c.name).where(inner.exists()))).toBe(
      "SELECT users.name FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE posts.author_id = users.id)",
    );
    const deep = select(lonely.c.id).where(and(lonely.c.id.eq(posts.c.id), lonely.c.id.eq(users.c.id)));
    const middle = select(posts.c.id).where(deep.exists());
    expect(say(select(users.c.name).where(middle.exists()))).toBe(
      "SELECT users.name FROM users WHERE EXISTS (SELECT posts.id FROM posts WHERE EXISTS (SELECT lonely.id FROM lonely WHERE lonely.id = posts.id AND lonely.id = users.id))",
    );
    expect(say(select(users.c.name).where(users.c.id.in(select(users.c.age))))).toBe(
      "SELECT users.name FROM users WHERE users.id IN (SELECT users.age FROM users)",
    );
  });

  test("[SEL15][SEL16][SEL17] subqueries in FROM, as a value and behind EXISTS", () => {
    const counts = select(posts.c.authorId, func.count().label("n")).groupBy(posts.c.authorId).subquery("counts");
    expect(say(select(users.c.name, counts.c.n).join(counts))).toBe(
      'SELECT users.name, counts.n FROM users JOIN (SELECT posts.author_id AS "authorId", count(*) AS n FROM posts GROUP BY posts.author_id) AS counts ON users.id = counts."authorId"',
    );
    const n = select(func.count()).selectFrom(posts).where(posts.c.authorId.eq(users.c.id)).scalar();
    expect(say(select(users.c.name, n.label("n")).where(n.gt(1)))).toBe(
      "SELECT users.name, (SELECT count(*) FROM posts WHERE posts.author_id = users.id) AS n FROM users WHERE (SELECT count(*) FROM posts WHERE posts.author_id = users.id) > :param_1",
    );
    expect(() => select(users.c.id, users.c.name).scalar()).toThrow("A scalar subquery has one column, not 2.");
    expect(() => select(users.c.age.add(1)).subquery("s").c).toThrow(/has no name/);
  });

  test("[SEL18] LATERAL sees the FROM items on its left", () => {
    const last = select(posts.c.title).where(posts.c.authorId.eq(users.c.id)).limit(1).lateral("last");
    expect(say(select(users.c.name, last.c.title).crossJoin(last))).toBe(
      "SELECT users.name, last.title FROM users CROSS JOIN LATERAL (SELECT posts.title FROM posts WHERE posts.author_id = users.id LIMIT :limit_1) AS last",
    );
  });

  test("[SEL19][SEL20] CTEs are written once, in front, in the order of their need; recursive ones name their columns", () => {
    const a = select(users.c.id).where(users.c.age.gt(1)).cte("a");
    const b = select(a.c.id).where(a.c.id.lt(9)).cte("b");
    expect(say(select(b.c.id).join(a, a.c.id.eq(b.c.id)))).toBe(
      "WITH a AS (SELECT users.id FROM users WHERE users.age > :age_1), b AS (SELECT a.id FROM a WHERE a.id < :id_1) SELECT b.id FROM b JOIN a ON a.id = b.id",
    );
    const tree = select(users.c.id, users.c.age.label("parentId"))
      .where(users.c.age.eq(0))
      .cte("tree", { recursive: true });
    const whole = tree.unionAll(select(users.c.id, users.c.age).join(tree, users.c.age.eq(tree.c.id)));
    expect(say(select(whole.c.id))).toBe(
      'WITH RECURSIVE tree(id, "parentId") AS (SELECT users.id, users.age AS "parentId" FROM users WHERE users.age = :age_1 UNION ALL SELECT users.id, users.age FROM users JOIN tree ON users.age = tree.id) SELECT tree.id FROM tree',
    );
    const other = select(posts.c.id).cte("a");
    expect(() => compile(select(a.c.id, other.c.id.label("x")))).toThrow(CompileError);
  });

  test("[SEL24][SEL25] set operations, nested in parentheses, ordered by result columns", () => {
    const a = select(users.c.id, users.c.name);
    const b = select(posts.c.id, posts.c.title);
    expect(say(a.union(b).orderBy(users.c.name.desc()).limit(3))).toBe(
      "SELECT users.id, users.name FROM users UNION SELECT posts.id, posts.title FROM posts ORDER BY name DESC LIMIT :limit_1",
    );
    expect(say(a.unionAll(b.except(a)))).toBe(
      "SELECT users.id, users.name FROM users UNION ALL (SELECT posts.id, posts.title FROM posts EXCEPT SELECT users.id, users.name FROM users)",
    );
    expect(say(a.orderBy(users.c.id).limit(1).intersect(b))).toBe(
      "(SELECT users.id, users.name FROM users ORDER BY users.id LIMIT :limit_1) INTERSECT SELECT posts.id, posts.title FROM posts",
    );
    expect(() => compile(a.union(b).orderBy(users.c.id.add(1)))).toThrow(/takes columns of its result/);
  });

  test("[SEL28] an alias joins a table to itself; the same name twice is an error", () => {
    const boss = users.alias("boss");
    expect(say(select(users.c.name, boss.c.name.label("b")).join(boss, boss.c.id.eq(users.c.age)))).toBe(
      "SELECT users.name, boss.name AS b FROM users JOIN users AS boss ON boss.id = users.age",
    );
    expect(() => compile(select(users.c.id).join(users, users.c.id.eq(users.c.age)))).toThrow(CompileError);
  });

  test("two FROM items that look alike but have parameters of their own are refused, not merged", () => {
    const since = (age: number) => select(users.c.id).where(users.c.age.gt(age)).subquery("since");
    const one = since(5);
    expect(say(select(one.c.id).where(one.c.id.gt(1)))).toBe(
      "SELECT since.id FROM (SELECT users.id FROM users WHERE users.age > :age_1) AS since WHERE since.id > :id_1",
    );
    const message = /Two FROM items are named "since": they look alike, but each has parameters of its own/;
    expect(() => compile(select(since(5).c.id).where(since(9).c.id.gt(1)))).toThrow(message);
    expect(() => compile(select(since(5).c.id).selectFrom(since(9)))).toThrow(message);
    expect(() => compile(select(users.c.id).join(since(5), since(9).c.id.eq(users.c.id)))).toThrow(message);
    const cte = (age: number) => select(users.c.id).where(users.c.age.gt(age)).cte("since");
    expect(() => compile(select(cte(5).c.id).where(select(cte(9).c.id).exists()))).toThrow(CompileError);
  });

  test("[SEL7] ORDER BY refers to a label by its name, GROUP BY repeats the expression", () => {
    const next = users.c.age.add(1).label("next");
    expect(say(select(next, func.count()).groupBy(next).orderBy(next.desc()))).toBe(
      "SELECT users.age + :age_1 AS next, count(*) FROM users GROUP BY users.age + :age_1 ORDER BY next DESC",
    );
  });

  test("[SEL11] row locks", () => {
    expect(say(select(users.c.id).forUpdate())).toBe("SELECT users.id FROM users FOR UPDATE");
    expect(say(select(users.c.id).forUpdate({ skipLocked: true, share: true }))).toBe(
      "SELECT users.id FROM users FOR SHARE SKIP LOCKED",
    );
  });

  test("[SEL12] withOnlyColumns keeps the rest of the statement", () => {
    expect(say(select(users.c.id).where(users.c.age.gt(1)).withOnlyColumns(func.count()))).toBe(
      "SELECT count(*) FROM users WHERE users.age > :age_1",
    );
  });

  test("[SEL37][SEL38] text takes expressions and values; names in quotes, casts and comments are no parameters", () => {
    expect(say(sql`SELECT ${users.c.id} FROM ${users} WHERE age > ${5} AND id IN (${[1, 2]})`)).toBe(
      "SELECT users.id FROM users WHERE age > :param_1 AND id IN (:param_2_1)",
    );
    const text = sql.text(`SELECT ':no', "x:no", a::int, '\\:' /* :no */ FROM t -- :no\nWHERE a = :yes AND b = \\:no`);
    expect(say(text.bindparams({ yes: 1 }))).toBe(
      `SELECT ':no', "x:no", a::int, ':' /* :no */ FROM t -- :no\nWHERE a = :yes_1 AND b = :no`,
    );
    expect(() => text.bindparams({ nope: 1 })).toThrow("The text has no parameter :nope.");
    expect(say(select(users.c.id).where(sql`a OR b`.as(boolean()), users.c.age.gt(1)))).toBe(
      "SELECT users.id FROM users WHERE (a OR b) AND users.age > :age_1",
    );
  });

  test("unknown columns, wrong row counts and empty select lists are errors", () => {
    expect(() => users.c["nmae" as "name"]).toThrow(NoSuchColumnError);
    expect(() => users.c["nmae" as "name"]).toThrow(
      '"users" has no column "nmae". It has: id, name, nick, age, active, balance, createdAt.',
    );
    expect(() => select(users.c.id).limit(-1)).toThrow("limit() takes a whole number from 0, not -1.");
    expect(() => select(users.c.id).offset(1.5)).toThrow("offset() takes a whole number from 0, not 1.5.");
    expect(() => (select as (...items: unknown[]) => unknown)()).toThrow("select() needs something to select.");
    expect(say(selectAll(posts))).toBe("SELECT posts.id, posts.author_id, posts.title FROM posts");
  });
});

const dialect = new Dialect();

function compile(statement: Node): string {
  return dialect.compile(statement).sql;
}
