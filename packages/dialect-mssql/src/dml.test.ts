import { delete_, func, insert, merge, type Node, param, select, string, update } from "@acme/core";
import { describe, expect, test } from "vitest";
import { mssql } from "./index.js";
import { counters, grades, posts, tags, users } from "./test-schema.js";

const { id, name, age, balance, score, active, bio, seen, token, visits } = users.c;
const rich = select(id).where(balance.gt("1000.50")).cte("rich");

/** The text that a statement is sent as; of several rows, that of a page. */
function write(statement: Node): string {
  const compiled = mssql().compile(statement);
  const rows = (statement as { readonly rows?: readonly Record<string, unknown>[] }).rows ?? [];
  if (rows.length > 1 && compiled.rowTemplate) return compiled.multiRowSql(rows.length);
  return compiled.render(statement, { given: "x" }, rows[0]).sql;
}

describe("INSERT, UPDATE, DELETE as text", () => {
  test("[DML9] the generated key of one row comes back", () => {
    expect(write(insert(tags).values({ label: "a", weight: "1.5", added: "2020-01-01" }))).toBe(
      "INSERT INTO tags (label, weight, added) OUTPUT inserted.id VALUES (@p1, CAST(@p2 AS NUMERIC(6, 3)), @p3)",
    );
  });

  test("[DML2] many rows", () => {
    expect(write(insert(tags).values({ label: "a" }, { label: "b", weight: 2 }))).toBe(
      "INSERT INTO tags (label, weight) VALUES (@p1, CAST(@p2 AS NUMERIC(6, 3))), (@p3, CAST(@p4 AS NUMERIC(6, 3)))",
    );
  });

  test("[DML1] a key that is given", () => {
    expect(write(insert(tags).values({ id: 1, label: "a" }))).toBe(
      "SET IDENTITY_INSERT tags ON; INSERT INTO tags (id, label) VALUES (@p1, @p2); SET IDENTITY_INSERT tags OFF",
    );
  });

  test("[DML1] keys of many rows that are given", () => {
    expect(write(insert(tags).values({ id: 1, label: "a" }, { id: 2, label: "b" }))).toBe(
      "SET IDENTITY_INSERT tags ON; INSERT INTO tags (id, label) VALUES (@p1, @p2), (@p3, @p4); SET IDENTITY_INSERT tags OFF",
    );
  });

  test("[DML1] a table without a generated key", () => {
    expect(write(insert(grades).values({ course: "a", student: "b", mark: 1.5 }))).toBe(
      "INSERT INTO grades (course, student, mark) VALUES (@p1, @p2, @p3)",
    );
  });

  test("[DML7] RETURNING", () => {
    expect(
      write(insert(tags).values({ label: "a" }).returning(tags.c.id, tags.c.added, tags.c.weight.label("w"))),
    ).toBe(
      "INSERT INTO tags (label) OUTPUT inserted.id, inserted.added, CONVERT(NVARCHAR(50), inserted.weight, 2) AS w VALUES (@p1)",
    );
  });

  test("[DML4] INSERT without values", () => {
    expect(write(insert(counters).values({}))).toBe("INSERT INTO counters OUTPUT inserted.id DEFAULT VALUES");
  });

  test("[DML6] expressions as values", () => {
    expect(write(insert(tags).values({ label: func.coalesce(param("given", string()), "none") }))).toBe(
      "INSERT INTO tags (label) OUTPUT inserted.id VALUES (coalesce(@p1, @p2))",
    );
  });

  test("[DML3] INSERT from SELECT", () => {
    expect(write(insert(tags).fromSelect(["label"], select(name).where(active)))).toBe(
      "INSERT INTO tags (label) SELECT users.name FROM users WHERE users.active = 1",
    );
  });

  test("[DML3] INSERT from SELECT with a common table expression", () => {
    expect(write(insert(tags).fromSelect(["label"], select(name).where(id.in(select(rich.c.id)))))).toBe(
      "WITH rich AS (SELECT users.id FROM users WHERE users.balance > @p1) INSERT INTO tags (label) SELECT users.name FROM users WHERE users.id IN (SELECT rich.id FROM rich)",
    );
  });

  test("[DML3] INSERT from SELECT of keys, in order", () => {
    expect(
      write(
        insert(tags).fromSelect(
          ["id", "label"],
          select(id, name)
            .where(id.in(select(rich.c.id)))
            .orderBy(id),
        ),
      ),
    ).toBe(
      "SET IDENTITY_INSERT tags ON; WITH rich AS (SELECT users.id FROM users WHERE users.balance > @p1) INSERT INTO tags (id, label) SELECT users.id, users.name FROM users WHERE users.id IN (SELECT rich.id FROM rich) ORDER BY users.id; SET IDENTITY_INSERT tags OFF",
    );
  });

  test("[DML13] UPDATE", () => {
    expect(
      write(
        update(users)
          .set({ name: "x", age: age.add(1), active: false })
          .where(id.eq(1)),
      ),
    ).toBe("UPDATE users SET name = @p1, age = users.age + @p2, active = @p3 WHERE users.id = @p4");
  });

  test("[DML21] UPDATE with RETURNING", () => {
    expect(write(update(users).set({ name: "x" }).where(id.eq(1)).returning(id, seen, balance))).toBe(
      "UPDATE users SET name = @p1 OUTPUT inserted.id, inserted.seen, CONVERT(NVARCHAR(50), inserted.balance, 2) WHERE users.id = @p2",
    );
  });

  test("[DML25] UPDATE with a common table expression", () => {
    expect(
      write(
        update(users)
          .set({ name: "x" })
          .where(id.in(select(rich.c.id))),
      ),
    ).toBe(
      "WITH rich AS (SELECT users.id FROM users WHERE users.balance > @p1) UPDATE users SET name = @p2 WHERE users.id IN (SELECT rich.id FROM rich)",
    );
  });

  test("[DML16] a correlated subquery in SET", () => {
    expect(
      write(update(users).set({ managerId: select(func.max(posts.c.rating)).where(posts.c.authorId.eq(id)).scalar() })),
    ).toBe("UPDATE users SET [managerId] = (SELECT max(posts.rating) FROM posts WHERE posts.[authorId] = users.id)");
  });

  test("[DML18] DELETE", () => {
    expect(write(delete_(users).where(id.in([1, 2])))).toBe("DELETE FROM users WHERE users.id IN (@p1, @p2)");
  });

  test("[DML21] DELETE with RETURNING of every kind of value", () => {
    expect(
      write(delete_(users).where(id.eq(1)).returning(id, name, active, token, users.c.photo, bio, score, visits)),
    ).toBe(
      "DELETE FROM users OUTPUT deleted.id, deleted.name, deleted.active, deleted.token, deleted.photo, deleted.bio, deleted.score, deleted.visits WHERE users.id = @p1",
    );
  });

  // https://learn.microsoft.com/en-us/sql/t-sql/queries/output-clause-transact-sql: inserted is NULL for deleted rows.
  test("MERGE gives back the rows that it deletes as they were", () => {
    const base = merge(tags).using(counters, counters.c.id.eq(tags.c.id));
    expect(write(base.whenMatched().thenDelete().returning(tags.c.label))).toMatch(/ OUTPUT deleted.label;$/);
    const both = base.whenMatched(counters.c.id.gt(5)).thenDelete().whenMatched().thenUpdate({ label: "x" });
    expect(write(both.returning(tags.c.label))).toMatch(
      / OUTPUT CASE WHEN \$action = N'DELETE' THEN deleted\.label ELSE inserted\.label END;$/,
    );
  });
});
