import { and, func, literal, type Node, select, sql, true_ } from "@acme/core";
import { describe, expect, test } from "vitest";
import { mssql } from "./index.js";
import { posts, tags, users } from "./test-schema.js";

const { id, name, nick, age, balance, active } = users.c;
const boss = users.alias("boss");
const rich = select(id).where(balance.gt("1000.50")).cte("rich");
const tree = select(id, users.c.managerId, literal(0).label("depth"))
  .where(users.c.managerId.isNull())
  .cte("tree", { recursive: true });
const all = tree.unionAll(
  select(id, users.c.managerId, tree.c.depth.add(1)).join(tree, users.c.managerId.eq(tree.c.id)),
);
const counted = select(id, func.count().label("n")).groupBy(id).subquery("counted");
const sorted = select(id, name).orderBy(name).subquery("sorted");
const top = select(id, name).orderBy(name).limit(3).subquery("top_users");
const latest = select(posts.c.title)
  .where(posts.c.authorId.eq(id))
  .orderBy(posts.c.rating.desc())
  .limit(1)
  .lateral("latest");

/** The text that a statement is sent as. */
function write(statement: Node): string {
  return mssql().compile(statement).render(statement).sql;
}

describe("queries as text", () => {
  test("[SEL1] a select without FROM", () => {
    expect(write(select(literal(1).label("one")))).toBe("SELECT @p1 AS one");
  });

  test("[SEL4] join infers ON from the foreign key", () => {
    expect(write(select(name, posts.c.title).join(posts).where(posts.c.rating.gt(3)))).toBe(
      "SELECT users.name, posts.title FROM users JOIN posts ON users.id = posts.[authorId] WHERE posts.rating > @p1",
    );
  });

  test("[SEL3] left join with a condition of its own", () => {
    expect(write(select(name, posts.c.title).outerJoin(posts, and(posts.c.authorId.eq(id), active)))).toBe(
      "SELECT users.name, posts.title FROM users LEFT OUTER JOIN posts ON posts.[authorId] = users.id AND users.active = 1",
    );
  });

  test("[SEL3] full and cross join", () => {
    expect(write(select(name, posts.c.title, tags.c.label).fullJoin(posts).crossJoin(tags))).toBe(
      "SELECT users.name, posts.title, tags.label FROM users FULL OUTER JOIN posts ON users.id = posts.[authorId] CROSS JOIN tags",
    );
  });

  test("[SEL28] a table joined to itself under an alias", () => {
    expect(write(select(name, boss.c.name.label("boss")).outerJoin(boss, boss.c.id.eq(users.c.managerId)))).toBe(
      "SELECT users.name, boss.name AS boss FROM users LEFT OUTER JOIN users AS boss ON boss.id = users.[managerId]",
    );
  });

  test("[SEL6] GROUP BY, HAVING, ORDER BY", () => {
    expect(
      write(
        select(users.c.role, func.count().label("n"))
          .groupBy(users.c.role)
          .having(func.count().gt(1))
          .orderBy(users.c.role.desc()),
      ),
    ).toBe(
      "SELECT users.role, count(*) AS n FROM users GROUP BY users.role HAVING count(*) > @p1 ORDER BY users.role DESC",
    );
  });

  test("[EXP13] NULLS FIRST and NULLS LAST", () => {
    expect(write(select(id).orderBy(nick.desc().nullsLast(), age.nullsFirst()))).toBe(
      "SELECT users.id FROM users ORDER BY CASE WHEN users.nick IS NULL THEN 1 ELSE 0 END, users.nick DESC, CASE WHEN users.age IS NULL THEN 0 ELSE 1 END, users.age",
    );
  });

  test("[SEL9][MS10] limit", () => {
    expect(write(select(id).orderBy(name).limit(5))).toBe("SELECT TOP (@p1) users.id FROM users ORDER BY users.name");
  });

  test("[SEL9][MS10] limit and offset", () => {
    expect(write(select(id).orderBy(name).limit(5).offset(10))).toBe(
      "SELECT users.id FROM users ORDER BY users.name OFFSET @p1 ROWS FETCH NEXT @p2 ROWS ONLY",
    );
  });

  test("[SEL9] offset without an order", () => {
    expect(write(select(id).offset(10))).toBe("SELECT users.id FROM users ORDER BY (SELECT NULL) OFFSET @p1 ROWS");
  });

  test("[SEL8] DISTINCT", () => {
    expect(write(select(name).distinct())).toBe("SELECT DISTINCT users.name FROM users");
  });

  test("[SEL9] DISTINCT with limit and offset", () => {
    expect(write(select(name).distinct().limit(3).offset(4))).toBe(
      "SELECT DISTINCT users.name FROM users ORDER BY 1 OFFSET @p1 ROWS FETCH NEXT @p2 ROWS ONLY",
    );
  });

  test("[SEL8] DISTINCT rows sorted by a column that is read as text", () => {
    expect(write(select(balance, name).distinct().orderBy(balance.desc()).limit(4))).toBe(
      "SELECT TOP (@p1) CONVERT(NVARCHAR(50), anon_1.balance, 2), anon_1.name FROM (SELECT DISTINCT users.balance, users.name FROM users) AS anon_1 ORDER BY anon_1.balance DESC",
    );
  });

  test("[SEL8] DISTINCT rows with NULLs last", () => {
    expect(write(select(nick).distinct().orderBy(nick.nullsLast()))).toBe(
      "SELECT anon_1.nick FROM (SELECT DISTINCT users.nick FROM users) AS anon_1 ORDER BY CASE WHEN anon_1.nick IS NULL THEN 1 ELSE 0 END, anon_1.nick",
    );
  });

  test("[SEL15] a derived table", () => {
    expect(write(select(counted.c.id, counted.c.n).where(counted.c.n.gt(1)))).toBe(
      "SELECT counted.id, counted.n FROM (SELECT users.id, count(*) AS n FROM users GROUP BY users.id) AS counted WHERE counted.n > @p1",
    );
  });

  test("[SEL15] the order of a derived table without a limit", () => {
    expect(write(select(sorted.c.id))).toBe("SELECT sorted.id FROM (SELECT users.id, users.name FROM users) AS sorted");
  });

  test("[SEL15] the order of a derived table with a limit", () => {
    expect(write(select(top.c.id))).toBe(
      "SELECT top_users.id FROM (SELECT TOP (@p1) users.id, users.name FROM users ORDER BY users.name) AS top_users",
    );
  });

  test("[SEL18] LATERAL, joined always", () => {
    expect(write(select(name, latest.c.title).join(latest, true_()))).toBe(
      "SELECT users.name, latest.title FROM users CROSS APPLY (SELECT TOP (@p1) posts.title FROM posts WHERE posts.[authorId] = users.id ORDER BY posts.rating DESC) AS latest",
    );
  });

  test("[SEL18] LATERAL, left joined with a condition", () => {
    expect(write(select(name, latest.c.title).outerJoin(latest, latest.c.title.ne("x")))).toBe(
      "SELECT users.name, latest.title FROM users OUTER APPLY (SELECT * FROM (SELECT TOP (@p1) posts.title FROM posts WHERE posts.[authorId] = users.id ORDER BY posts.rating DESC) AS latest WHERE latest.title != @p2) AS latest",
    );
  });

  test("[SEL18] LATERAL beside other FROM items", () => {
    expect(write(select(name, latest.c.title))).toBe(
      "SELECT users.name, latest.title FROM users CROSS APPLY (SELECT TOP (@p1) posts.title FROM posts WHERE posts.[authorId] = users.id ORDER BY posts.rating DESC) AS latest",
    );
  });

  test("[SEL19] a common table expression", () => {
    expect(write(select(rich.c.id).where(rich.c.id.gt(3)))).toBe(
      "WITH rich AS (SELECT users.id FROM users WHERE users.balance > @p1) SELECT rich.id FROM rich WHERE rich.id > @p2",
    );
  });

  test("[SEL20] a recursive common table expression", () => {
    expect(write(select(all.c.id, all.c.depth))).toBe(
      "WITH tree(id, [managerId], depth) AS (SELECT users.id, users.[managerId], @p1 AS depth FROM users WHERE users.[managerId] IS NULL UNION ALL SELECT users.id, users.[managerId], tree.depth + @p2 FROM users JOIN tree ON users.[managerId] = tree.id) SELECT tree.id, tree.depth FROM tree",
    );
  });

  test("[SEL24] UNION", () => {
    expect(write(select(id).union(select(posts.c.id)))).toBe(
      "SELECT users.id FROM users UNION SELECT posts.id FROM posts",
    );
  });

  test("[SEL24] EXCEPT", () => {
    expect(write(select(id).except(select(posts.c.id)))).toBe(
      "SELECT users.id FROM users EXCEPT SELECT posts.id FROM posts",
    );
  });

  test("[SEL24] set operations within a set operation, one of them cut off", () => {
    expect(
      write(
        select(id)
          .orderBy(name)
          .limit(1)
          .unionAll(select(posts.c.id).intersect(select(tags.c.id))),
      ),
    ).toBe(
      "SELECT * FROM (SELECT TOP (@p1) users.id FROM users ORDER BY users.name) AS anon_1 UNION ALL (SELECT posts.id FROM posts INTERSECT SELECT tags.id FROM tags)",
    );
  });

  test("[SEL25] a set operation sorted and cut off", () => {
    expect(write(select(id, name).unionAll(select(posts.c.id, posts.c.title)).orderBy(id.desc()).limit(3))).toBe(
      "SELECT users.id, users.name FROM users UNION ALL SELECT posts.id, posts.title FROM posts ORDER BY id DESC OFFSET 0 ROWS FETCH NEXT @p1 ROWS ONLY",
    );
  });

  test("[SEL25] a set operation cut off without an order", () => {
    expect(write(select(id).unionAll(select(posts.c.id)).limit(3).offset(2))).toBe(
      "SELECT users.id FROM users UNION ALL SELECT posts.id FROM posts ORDER BY 1 OFFSET @p1 ROWS FETCH NEXT @p2 ROWS ONLY",
    );
  });

  test("[SEL25] a set operation with a column that is read as text", () => {
    expect(write(select(tags.c.weight, tags.c.id).union(select(balance, id)).orderBy(tags.c.weight))).toBe(
      "SELECT CONVERT(NVARCHAR(50), anon_1.weight, 2), anon_1.id FROM (SELECT tags.weight, tags.id FROM tags UNION SELECT users.balance, users.id FROM users) AS anon_1 ORDER BY anon_1.weight",
    );
  });

  test("[SEL25] a set operation with NULLs first", () => {
    expect(write(select(nick).union(select(name)).orderBy(nick.nullsFirst()))).toBe(
      "SELECT anon_1.nick FROM (SELECT users.nick FROM users UNION SELECT users.name FROM users) AS anon_1 ORDER BY CASE WHEN anon_1.nick IS NULL THEN 0 ELSE 1 END, anon_1.nick",
    );
  });

  test("[SEL11] FOR UPDATE", () => {
    expect(write(select(id).where(id.eq(1)).forUpdate())).toBe(
      "SELECT users.id FROM users WITH (UPDLOCK, ROWLOCK) WHERE users.id = @p1",
    );
  });

  test("[SEL11] FOR UPDATE NOWAIT", () => {
    expect(write(select(id).forUpdate({ nowait: true }))).toBe(
      "SELECT users.id FROM users WITH (UPDLOCK, ROWLOCK, NOWAIT)",
    );
  });

  test("[SEL11] FOR UPDATE SKIP LOCKED of joined tables", () => {
    expect(write(select(id).join(posts).forUpdate({ skipLocked: true }))).toBe(
      "SELECT users.id FROM users WITH (UPDLOCK, ROWLOCK, READPAST) JOIN posts WITH (UPDLOCK, ROWLOCK, READPAST) ON users.id = posts.[authorId]",
    );
  });

  // https://learn.microsoft.com/sql/t-sql/queries/hints-transact-sql-table and hints-transact-sql-query
  test("[MS12] hints on tables, beside row locks, and on the statement", () => {
    const hinted = select(id)
      .join(posts)
      .withHint(users, sql`NOLOCK`, "mssql")
      .withHint(users, sql`USE INDEX (x)`, "mysql")
      .withHint(posts, sql`INDEX(ix)`)
      .withStatementHint(sql`MAXDOP 2`, "mssql")
      .withStatementHint(sql`RECOMPILE`);
    expect(write(hinted)).toBe(
      "SELECT users.id FROM users WITH (NOLOCK) JOIN posts WITH (INDEX(ix)) ON users.id = posts.[authorId] OPTION (MAXDOP 2, RECOMPILE)",
    );
    expect(write(select(boss.c.id).withHint(boss, sql`FORCESEEK`).forUpdate())).toBe(
      "SELECT boss.id FROM users AS boss WITH (UPDLOCK, ROWLOCK, FORCESEEK)",
    );
    expect(write(select(id).union(select(posts.c.id)).orderBy(id).withStatementHint(sql`MERGE UNION`))).toBe(
      "SELECT users.id FROM users UNION SELECT posts.id FROM posts ORDER BY id OPTION (MERGE UNION)",
    );
  });

  // FETCH takes one row at least: https://learn.microsoft.com/sql/t-sql/queries/select-order-by-clause-transact-sql
  test("[MS10] no rows at all, also behind an offset", () => {
    expect(write(select(id).limit(0))).toBe("SELECT TOP (0) users.id FROM users");
    expect(write(select(id).orderBy(id).limit(0).offset(3))).toBe(
      "SELECT TOP (0) users.id FROM users ORDER BY users.id",
    );
  });

  test("a list that is longer than the parameters of a statement is refused with the way out", () => {
    const long = (count: number) => select(id).where(id.in(Array.from({ length: count }, (_, i) => i)));
    expect(write(long(2098))).toContain("@p2098)");
    expect(() => write(long(2099))).toThrow("The statement has 2099 parameters; mssql takes 2098. Split the list");
  });
});
