import {
  bigInteger,
  boolean,
  CompileError,
  case_,
  dateTime,
  delete_,
  double,
  func,
  insert,
  integer,
  literal,
  MetaData,
  type Node,
  not,
  numeric,
  type Order,
  select,
  sql,
  string,
  Table,
  text,
  tuple,
  update,
} from "@acme/core";
import { describe, expect, test } from "vitest";
import { type MySQLDialect, mariadb, mysql } from "./index.js";

const metadata = new MetaData();
const users = new Table("users", metadata, {
  id: integer().primaryKey(),
  name: string(50),
  nick: string(50).nullable(),
  age: integer(),
  height: double(),
  balance: numeric(10, 2),
  visits: bigInteger().default(0n),
  active: boolean(),
});
const posts = new Table("posts", metadata, {
  id: integer().primaryKey(),
  authorId: integer()
    .named("author_id")
    .references(() => users.c.id),
  title: string(200),
});
const odd = new Table(
  "select",
  metadata,
  { Key: integer().primaryKey(), "a`b": text(), group: integer() },
  { schema: "app" },
);

const say = (statement: Node, dialect: MySQLDialect = mysql()): string => dialect.compile(statement).sql;
/** Both flavours write the same. */
const both = (statement: Node): string => {
  const text = say(statement, mysql());
  expect(say(statement, mariadb())).toBe(text);
  return text;
};
const where = (condition: ReturnType<typeof users.c.id.eq>): string =>
  both(select(users.c.id).where(condition)).replace("SELECT users.id FROM users WHERE ", "");

describe("MySQL and MariaDB", () => {
  test("names are quoted with backticks where they have to be", () => {
    expect(both(select(odd.c.Key, odd.c["a`b"], odd.c.group))).toBe(
      "SELECT app.`select`.`Key`, app.`select`.`a``b`, app.`select`.`group` FROM app.`select`",
    );
    expect(both(select(users.c.id.label("count")))).toBe("SELECT users.id AS `count` FROM users");
  });

  test("placeholders are question marks, once for each place", () => {
    const { sql, parameters } = mysql()
      .compile(select(users.c.id).where(users.c.age.between(1, 9)))
      .render(select(users.c.id).where(users.c.age.between(1, 9)));
    expect(sql).toBe("SELECT users.id FROM users WHERE users.age BETWEEN ? AND ?");
    expect(parameters).toEqual([1, 9]);
  });

  test("[EXP9] concatenation is a function, whatever the sql_mode makes of ||", () => {
    expect(both(select(users.c.name.concat("-").concat(users.c.nick).label("x")))).toBe(
      "SELECT concat(users.name, ?, users.nick) AS x FROM users",
    );
    expect(where(users.c.name.concat("!").eq("a!"))).toBe("concat(users.name, ?) = ?");
  });

  test("[EXP2][MY21] IS [NOT] DISTINCT FROM is <=>", () => {
    expect(where(users.c.nick.isNotDistinctFrom("x"))).toBe("users.nick <=> ?");
    expect(where(users.c.nick.isDistinctFrom("x"))).toBe("NOT (users.nick <=> ?)");
    expect(where(not(users.c.nick.isDistinctFrom(users.c.name)))).toBe("users.nick <=> users.name");
    expect(where(users.c.nick.isNotDistinctFrom("x").and(users.c.age.gt(1)))).toBe(
      "users.nick <=> ? AND users.age > ?",
    );
  });

  test("[EXP5] ilike lowers both sides; [EXP6] contains escapes with a slash", () => {
    expect(where(users.c.name.ilike("A%"))).toBe("lower(users.name) LIKE lower(?)");
    expect(where(users.c.name.contains("50%"))).toBe("users.name LIKE ? ESCAPE '/'");
    expect(where(users.c.name.like("a\\%b", { escape: "\\" }))).toBe("users.name LIKE ? ESCAPE _utf8mb4 x'5c'");
  });

  test("[EXP3] an empty list is a query without rows, as wide as the row value", () => {
    const nobody = select(users.c.id).where(users.c.id.in([]));
    expect(mysql().compile(nobody).render(nobody).sql).toBe(
      "SELECT users.id FROM users WHERE users.id IN (SELECT NULL FROM DUAL WHERE 1 = 0)",
    );
    expect(both(select(users.c.id).where(tuple(users.c.id, users.c.age).in([])))).toBe(
      "SELECT users.id FROM users WHERE (users.id, users.age) IN (SELECT NULL, NULL FROM DUAL WHERE 1 = 0)",
    );
  });

  test("IN a limited query goes one level deeper, which neither server implements directly", () => {
    const newest = select(posts.c.authorId).orderBy(posts.c.id.desc()).limit(3);
    expect(where(users.c.id.in(newest))).toBe(
      "users.id IN (SELECT * FROM (SELECT posts.author_id FROM posts ORDER BY posts.id DESC LIMIT ?) AS limited)",
    );
    expect(where(users.c.id.notIn(newest))).toMatch(/^users.id NOT IN \(SELECT \* FROM \(/);
  });

  test("[SEL9] OFFSET without LIMIT has the largest LIMIT there is", () => {
    expect(both(select(users.c.id).limit(3).offset(1))).toBe("SELECT users.id FROM users LIMIT ? OFFSET ?");
    expect(both(select(users.c.id).offset(1))).toBe("SELECT users.id FROM users LIMIT 18446744073709551615 OFFSET ?");
  });

  test("[EXP13] NULLs are the least values: only the other place needs a CASE", () => {
    const order = (element: Order): string =>
      both(select(users.c.id).orderBy(element)).replace("SELECT users.id FROM users ORDER BY ", "");
    expect(order(users.c.nick.asc().nullsFirst())).toBe("users.nick ASC");
    expect(order(users.c.nick.desc().nullsLast())).toBe("users.nick DESC");
    expect(order(users.c.nick.asc().nullsLast())).toBe(
      "CASE WHEN users.nick IS NULL THEN 1 ELSE 0 END, users.nick ASC",
    );
    expect(order(users.c.nick.desc().nullsFirst())).toBe(
      "CASE WHEN users.nick IS NULL THEN 0 ELSE 1 END, users.nick DESC",
    );
  });

  test("[EXP37] FILTER becomes a CASE inside the aggregate", () => {
    expect(both(select(func.sum(users.c.age).filter(users.c.active).label("n")))).toBe(
      "SELECT sum(CASE WHEN users.active THEN users.age END) AS n FROM users",
    );
  });

  test("[EXP33] the clock has microseconds", () => {
    expect(both(select(func.now().label("now"), func.currentDate().label("today")))).toBe(
      "SELECT CURRENT_TIMESTAMP(6) AS `now`, CURRENT_DATE AS today",
    );
  });

  test("[EXP22][MY22] CAST has names of its own for types", () => {
    const cast = (type: Parameters<typeof users.c.id.cast>[0], dialect = mysql()): string =>
      say(select(users.c.name.cast(type)), dialect).replace(/^SELECT CAST\(users.name AS (.*)\) FROM users$/, "$1");
    expect(cast(integer())).toBe("SIGNED");
    expect(cast(bigInteger())).toBe("SIGNED");
    expect(cast(numeric(10, 2))).toBe("DECIMAL(10, 2)");
    expect(cast(numeric())).toBe("DECIMAL(65, 30)");
    expect(cast(double())).toBe("DOUBLE");
    expect(cast(string(5))).toBe("CHAR(5)");
    expect(cast(string())).toBe("CHAR");
    expect(cast(text())).toBe("CHAR");
    expect(cast(dateTime())).toBe("DATETIME(3)");
    expect(cast(boolean())).toBe("SIGNED");
  });

  test("[EXP10] division of floating point parameters stays floating point", () => {
    expect(both(select(literal(1, double()).div(literal(3, double()))))).toBe("SELECT (0e0 + ?) / (0e0 + ?)");
    expect(both(select(users.c.height.div(3)))).toBe("SELECT users.height / ? FROM users");
    expect(both(select(users.c.age.div(2)))).toBe("SELECT users.age DIV ? FROM users");
    expect(both(select(users.c.age.mod(2)))).toBe("SELECT users.age % ? FROM users");
  });

  test("[EXP25] truth values are keywords and conditions are values", () => {
    expect(both(select(users.c.age.gt(3).label("adult")).where(users.c.active))).toBe(
      "SELECT users.age > ? AS adult FROM users WHERE users.active",
    );
    expect(both(select(case_([[users.c.active, true]], false).label("x")))).toBe(
      "SELECT CASE WHEN users.active THEN ? ELSE ? END AS x FROM users",
    );
  });

  test("FULL JOIN is refused by name", () => {
    const stmt = select(users.c.id).fullJoin(posts);
    expect(() => say(stmt, mysql())).toThrow(CompileError);
    expect(() => say(stmt, mysql())).toThrow("mysql has no FULL OUTER JOIN.");
    expect(() => say(stmt, mariadb())).toThrow("mariadb has no FULL OUTER JOIN.");
  });

  test("[SEL11][MY19] row locks: MariaDB says LOCK IN SHARE MODE", () => {
    const tail = (options: Parameters<ReturnType<typeof select>["forUpdate"]>[0], dialect: MySQLDialect): string =>
      say(select(users.c.id).forUpdate(options), dialect).replace("SELECT users.id FROM users ", "");
    expect(tail({}, mysql())).toBe("FOR UPDATE");
    expect(tail({ skipLocked: true }, mariadb())).toBe("FOR UPDATE SKIP LOCKED");
    expect(tail({ nowait: true }, mysql())).toBe("FOR UPDATE NOWAIT");
    expect(tail({ share: true, nowait: true }, mysql())).toBe("FOR SHARE NOWAIT");
    expect(tail({ share: true, nowait: true }, mariadb())).toBe("LOCK IN SHARE MODE NOWAIT");
  });

  test("[SEL18] LATERAL is MySQL's alone, since 8.0.14", () => {
    const latest = select(posts.c.title)
      .where(posts.c.authorId.eq(users.c.id))
      .orderBy(posts.c.id.desc())
      .limit(1)
      .lateral("latest");
    const stmt = select(users.c.name, latest.c.title).outerJoin(latest, literal(true));
    expect(say(stmt, mysql())).toBe(
      "SELECT users.name, latest.title FROM users LEFT OUTER JOIN LATERAL (SELECT posts.title FROM posts WHERE posts.author_id = users.id ORDER BY posts.id DESC LIMIT ?) AS latest ON ?",
    );
    expect(() => say(stmt, mysql({ version: "8.0.13" }))).toThrow("mysql has no LATERAL subqueries.");
    expect(() => say(stmt, mariadb())).toThrow("mariadb has no LATERAL subqueries.");
  });

  test("[SEL24] INTERSECT and EXCEPT came to MySQL with 8.0.31", () => {
    const stmt = select(users.c.id).intersect(select(posts.c.authorId));
    expect(both(stmt)).toBe("SELECT users.id FROM users INTERSECT SELECT posts.author_id AS `authorId` FROM posts");
    expect(() => say(stmt, mysql({ version: "8.0.30" }))).toThrow("mysql has no INTERSECT.");
    expect(() => say(select(users.c.id).except(select(posts.c.authorId)), mysql({ version: "8.0.30" }))).toThrow(
      "mysql has no EXCEPT.",
    );
  });
});

describe("INSERT, UPDATE, DELETE on MySQL and MariaDB", () => {
  test("[DML4] an INSERT without columns has empty parentheses", () => {
    const plain = new Table("plain", new MetaData(), { id: integer().primaryKey() });
    expect(both(insert(plain))).toBe("INSERT INTO plain () VALUES ()");
  });

  test("[DML7][MY12] RETURNING: MariaDB on INSERT and DELETE, from 13.0 on also on UPDATE; MySQL nowhere", () => {
    const added = insert(users)
      .values({ name: "a", age: 1, height: 1, balance: "1", active: true })
      .returning(users.c.id);
    const gone = delete_(users).where(users.c.id.eq(1)).returning(users.c.name);
    const changed = update(users).set({ age: 2 }).returning(users.c.id);
    expect(say(added, mariadb())).toBe(
      "INSERT INTO users (name, age, height, balance, active, visits) VALUES (?, ?, ?, ?, ?, ?) RETURNING users.id",
    );
    expect(say(gone, mariadb())).toBe("DELETE FROM users WHERE users.id = ? RETURNING users.name");
    expect(() => say(changed, mariadb())).toThrow("mariadb has no UPDATE ... RETURNING.");
    expect(say(changed, mariadb({ version: "13.0" }))).toBe("UPDATE users SET age = ? RETURNING users.id");
    for (const [statement, word] of [
      [added, "INSERT"],
      [gone, "DELETE"],
      [changed, "UPDATE"],
    ] as const) {
      expect(() => say(statement, mysql())).toThrow(`mysql has no ${word} ... RETURNING.`);
    }
  });

  test("[DML13] columns in WHERE are qualified, columns in SET are not", () => {
    expect(
      both(
        update(users)
          .set({ age: users.c.age.add(1) })
          .where(users.c.name.eq("x")),
      ),
    ).toBe("UPDATE users SET age = users.age + ? WHERE users.name = ?");
  });

  test("what reads a column is assigned before what changes it, so that SET means what SQL says", () => {
    expect(both(update(users).set({ age: users.c.age.add(1), visits: users.c.age.cast(bigInteger()) }))).toBe(
      "UPDATE users SET visits = CAST(users.age AS SIGNED), age = users.age + ?",
    );
    expect(both(update(users).set({ name: "a", nick: users.c.name, age: 1 }))).toBe(
      "UPDATE users SET nick = users.name, name = ?, age = ?",
    );
    expect(both(update(users).set({ name: "a", age: users.c.age.add(1), nick: "n" }))).toBe(
      "UPDATE users SET name = ?, age = users.age + ?, nick = ?",
    );
  });

  test("values go with their assignments when these change places", () => {
    const stmt = update(users)
      .set({ name: "new", nick: users.c.name.concat("!") })
      .where(users.c.id.eq(7));
    const { sql, parameters } = mariadb().compile(stmt).render(stmt);
    expect(sql).toBe("UPDATE users SET nick = concat(users.name, ?), name = ? WHERE users.id = ?");
    expect(parameters).toEqual(["!", "new", 7]);
  });

  test("columns that take each other's values are refused: the servers would store one of them twice", () => {
    const swap = update(users).set({ name: func.coalesce(users.c.nick, ""), nick: users.c.name });
    expect(() => both(swap)).toThrow(CompileError);
    expect(() => both(swap)).toThrow(
      'mysql assigns from left to right, so columns of "users" cannot take each other\'s values in one statement: "name", "nick". Read the row first, or write in two statements.',
    );
  });

  test("an onUpdate expression takes part in the order of assignments", () => {
    const versioned = new Table("versioned", new MetaData(), {
      id: integer().primaryKey(),
      version: integer().onUpdate(sql`version + 1`.as(integer())),
      n: integer(),
    });
    expect(both(update(versioned).set({ n: versioned.c.version }))).toBe(
      "UPDATE versioned SET n = versioned.version, version = version + 1",
    );
  });

  test("[SEL21][DML25] WITH stands behind INSERT INTO, and inside the subquery of a MariaDB UPDATE before 12.3", () => {
    const young = select(users.c.id, users.c.name).where(users.c.age.lt(18)).cte("young");
    const copied = insert(posts).fromSelect(["authorId", "title"], select(young.c.id, young.c.name));
    expect(both(copied)).toBe(
      "INSERT INTO posts (author_id, title) WITH young AS (SELECT users.id, users.name FROM users WHERE users.age < ?) SELECT young.id, young.name FROM young",
    );
    const changed = update(posts)
      .set({ title: "x" })
      .where(posts.c.authorId.in(select(young.c.id)));
    const withYoung = "WITH young AS (SELECT users.id, users.name FROM users WHERE users.age < ?)";
    expect(say(changed, mysql())).toBe(
      `${withYoung} UPDATE posts SET title = ? WHERE posts.author_id IN (SELECT young.id FROM young)`,
    );
    expect(say(changed, mariadb({ version: "12.3" }))).toBe(say(changed, mysql()));
    expect(say(changed, mariadb())).toBe(
      `UPDATE posts SET title = ? WHERE posts.author_id IN (${withYoung} SELECT young.id FROM young)`,
    );
    expect(say(delete_(posts).where(posts.c.authorId.in(select(young.c.id))), mariadb())).toBe(
      `DELETE FROM posts WHERE posts.author_id IN (${withYoung} SELECT young.id FROM young)`,
    );
  });

  test("parameters of a WITH that moved into a subquery keep their places", () => {
    const young = select(users.c.id).where(users.c.age.lt(18)).cte("young");
    const stmt = update(posts)
      .set({ title: "x" })
      .where(posts.c.authorId.in(select(young.c.id)), posts.c.id.gt(5));
    expect(mariadb().compile(stmt).render(stmt).parameters).toEqual(["x", 18, 5]);
    expect(mysql().compile(stmt).render(stmt).parameters).toEqual([18, "x", 5]);
  });

  test("a CTE in a value of an INSERT goes with its subquery", () => {
    const oldest = select(func.max(users.c.age).label("age")).cte("oldest");
    expect(both(insert(posts).values({ authorId: select(oldest.c.age).scalar() as never, title: "x" }))).toBe(
      "INSERT INTO posts (author_id, title) VALUES ((WITH oldest AS (SELECT max(users.age) AS age FROM users) SELECT oldest.age FROM oldest), ?)",
    );
  });

  test("MySQL cannot read the table that it changes, except by way of a derived table or a CTE", () => {
    const other = users.alias("other");
    const duplicate = delete_(users).where(users.c.id.in(select(other.c.id).where(other.c.age.lt(0))));
    expect(() => say(duplicate, mysql())).toThrow(
      'mysql has no subqueries on the table "users" in an UPDATE or DELETE of it. Select from a subquery or a CTE on the table: the server computes that first.',
    );
    expect(say(duplicate, mariadb())).toBe(
      "DELETE FROM users WHERE users.id IN (SELECT other.id FROM users AS other WHERE other.age < ?)",
    );
    const derived = select(other.c.id).where(other.c.age.lt(0)).subquery("d");
    expect(say(delete_(users).where(users.c.id.in(select(derived.c.id))), mysql())).toBe(
      "DELETE FROM users WHERE users.id IN (SELECT d.id FROM (SELECT other.id FROM users AS other WHERE other.age < ?) AS d)",
    );
    const named = select(other.c.id).cte("named");
    expect(say(delete_(users).where(users.c.id.in(select(named.c.id))), mysql())).toMatch(/^WITH named AS/);
  });
});

describe("versions", () => {
  test("[MY2] the server says which dialect it needs, whatever the URL said", () => {
    const met = mysql().forServer({ product: "MariaDB", version: [10, 11, 19] });
    expect([met.name, met.flags.insertReturning, met.traits.version]).toEqual(["mariadb", true, [10, 11, 19]]);
    expect(mariadb().forServer({ product: "MySQL", version: [8, 0, 11] }).flags.lateral).toBe(false);
  });

  test("a version that is none is refused", () => {
    expect(() => mysql({ version: "latest" })).toThrow('"latest" is no version. Give numbers such as "8.0.36".');
  });
});
