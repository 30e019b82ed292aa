import { delete_, func, insert, type Node, param, select, string, update } from "@acme/core";
import { describe, expect, test } from "vitest";
import { oracle } from "./index.js";
import { counters, grades, posts, tags, users } from "./test-schema.js";

const { id, name, age, balance, score, active, bio, seen, token, visits } = users.c;
const rich = select(id).where(balance.gt("1000.50")).cte("rich");

/** The text that a statement is sent as; of several rows, that of a page. */
function write(statement: Node): string {
  const compiled = oracle().compile(statement);
  const rows = (statement as { readonly rows?: readonly Record<string, unknown>[] }).rows ?? [];
  if (rows.length > 1 && compiled.rowTemplate) return compiled.multiRowSql(rows.length);
  return compiled.render(statement, { given: "x" }, rows[0]).sql;
}

describe("INSERT, UPDATE, DELETE as text", () => {
  test("[DML9] the generated key of one row comes back", () => {
    expect(write(insert(tags).values({ label: "a", weight: "1.5", added: "2020-01-01" }))).toBe(
      "INSERT INTO tags (label, weight, added) VALUES (:1, TO_NUMBER(:2), TO_DATE(:3, 'YYYY-MM-DD')) RETURNING tags.id INTO :4",
    );
  });

  test("[DML2] many rows", () => {
    expect(write(insert(tags).values({ label: "a" }, { label: "b", weight: 2 }))).toBe(
      "INSERT INTO tags (label, weight) VALUES (:1, TO_NUMBER(:2))",
    );
  });

  test("[DML1] a key that is given", () => {
    expect(write(insert(tags).values({ id: 1, label: "a" }))).toBe("INSERT INTO tags (id, label) VALUES (:1, :2)");
  });

  test("[DML1] keys of many rows that are given", () => {
    expect(write(insert(tags).values({ id: 1, label: "a" }, { id: 2, label: "b" }))).toBe(
      "INSERT INTO tags (id, label) VALUES (:1, :2)",
    );
  });

  test("[DML1] a table without a generated key", () => {
    expect(write(insert(grades).values({ course: "a", student: "b", mark: 1.5 }))).toBe(
      "INSERT INTO grades (course, student, mark) VALUES (:1, :2, :3)",
    );
  });

  test("[DML7] RETURNING", () => {
    expect(
      write(insert(tags).values({ label: "a" }).returning(tags.c.id, tags.c.added, tags.c.weight.label("w"))),
    ).toBe(
      "INSERT INTO tags (label) VALUES (:1) RETURNING tags.id, TO_CHAR(tags.added, 'YYYY-MM-DD'), TO_CHAR(tags.weight, 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,''') INTO :2, :3, :4",
    );
  });

  test("[DML4] INSERT without values", () => {
    expect(write(insert(counters).values({}))).toBe(
      "INSERT INTO counters (id) VALUES (DEFAULT) RETURNING counters.id INTO :1",
    );
  });

  test("[DML6] expressions as values", () => {
    expect(write(insert(tags).values({ label: func.coalesce(param("given", string()), "none") }))).toBe(
      "INSERT INTO tags (label) VALUES (coalesce(:1, :2)) RETURNING tags.id INTO :3",
    );
  });

  test("[DML3] INSERT from SELECT", () => {
    expect(write(insert(tags).fromSelect(["label"], select(name).where(active)))).toBe(
      "INSERT INTO tags (label) SELECT users.name FROM users WHERE users.active = 1",
    );
  });

  test("[DML3] INSERT from SELECT with a common table expression", () => {
    expect(write(insert(tags).fromSelect(["label"], select(name).where(id.in(select(rich.c.id)))))).toBe(
      "INSERT INTO tags (label) WITH rich AS (SELECT users.id FROM users WHERE users.balance > TO_NUMBER(:1)) SELECT users.name FROM users WHERE users.id IN (SELECT rich.id FROM rich)",
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
      "INSERT INTO tags (id, label) WITH rich AS (SELECT users.id FROM users WHERE users.balance > TO_NUMBER(:1)) SELECT users.id, users.name FROM users WHERE users.id IN (SELECT rich.id FROM rich) ORDER BY users.id",
    );
  });

  test("[DML13] UPDATE", () => {
    expect(
      write(
        update(users)
          .set({ name: "x", age: age.add(1), active: false })
          .where(id.eq(1)),
      ),
    ).toBe("UPDATE users SET name = :1, age = users.age + :2, active = :3 WHERE users.id = :4");
  });

  test("[DML21] UPDATE with RETURNING", () => {
    expect(write(update(users).set({ name: "x" }).where(id.eq(1)).returning(id, seen, balance))).toBe(
      "UPDATE users SET name = :1 WHERE users.id = :2 RETURNING users.id, TO_CHAR(users.seen, 'YYYY-MM-DD HH24:MI:SS.FF3'), TO_CHAR(users.balance, 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,''') INTO :3, :4, :5",
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
      "UPDATE users SET name = :1 WHERE users.id IN (WITH rich AS (SELECT users.id FROM users WHERE users.balance > TO_NUMBER(:2)) SELECT rich.id FROM rich)",
    );
  });

  test("[DML16] a correlated subquery in SET", () => {
    expect(
      write(update(users).set({ managerId: select(func.max(posts.c.rating)).where(posts.c.authorId.eq(id)).scalar() })),
    ).toBe('UPDATE users SET "managerId" = (SELECT max(posts.rating) FROM posts WHERE posts."authorId" = users.id)');
  });

  test("[DML18] DELETE", () => {
    expect(write(delete_(users).where(id.in([1, 2])))).toBe("DELETE FROM users WHERE users.id IN (:1, :2)");
  });

  test("[DML21] DELETE with RETURNING of every kind of value", () => {
    expect(
      write(delete_(users).where(id.eq(1)).returning(id, name, active, token, users.c.photo, bio, score, visits)),
    ).toBe(
      "DELETE FROM users WHERE users.id = :1 RETURNING users.id, users.name, users.active, users.token, users.photo, users.bio, users.score, TO_CHAR(users.visits) INTO :2, :3, :4, :5, :6, :7, :8, :9",
    );
  });
});
