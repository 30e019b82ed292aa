import { describe, expect, test } from "vitest";
import { adaptColumns, and, func, select } from "../index.js";
import { posts, users } from "./test-schema.js";

const { id, name, age } = users.c;
const adult = and(age.ge(18), name.like("a%"));

describe("pointing columns at another FROM item", () => {
  test("[CMP10] an expression over a table speaks of its alias", () => {
    const u = users.alias("u");
    expect(String(adaptColumns(adult, u))).toBe("u.age >= :age_1 AND u.name LIKE :name_1");
    expect(String(adult)).toBe("users.age >= :age_1 AND users.name LIKE :name_1");
  });

  test("[CMP10] an expression over a table speaks of a subquery's columns, under their names there", () => {
    const recent = select(id, name.label("title"), age).limit(10).subquery("recent");
    expect(String(select(recent.c.id).where(adaptColumns(adult, recent)))).toBe(
      "SELECT recent.id FROM (SELECT users.id, users.name AS title, users.age FROM users LIMIT :limit_1) AS recent" +
        " WHERE recent.age >= :age_1 AND recent.title LIKE :name_1",
    );
  });

  test("[CMP10] expressions of a query are found by what they are", () => {
    const totals = select(posts.c.authorId, func.count(posts.c.id).label("n")).groupBy(posts.c.authorId).cte("totals");
    const busy = posts.c.authorId.gt(5);
    expect(String(adaptColumns(busy, totals))).toBe('totals."authorId" > :author_id_1');
  });

  test("[CMP10] a whole statement moves over, and what the target does not offer stays", () => {
    const old = select(id, age).where(age.gt(60)).subquery("old");
    const stmt = select(id, posts.c.title).join(posts, posts.c.authorId.eq(id)).where(age.lt(90));
    expect(String(adaptColumns(stmt, old))).toBe(
      "SELECT old.id, posts.title FROM (SELECT users.id, users.age FROM users WHERE users.age > :age_1) AS old" +
        " JOIN posts ON posts.author_id = old.id WHERE old.age < :age_2",
    );
  });

  test("[CMP10] columns of the target itself, and of other aliases that it does not contain, are told apart", () => {
    const first = users.alias("first");
    const second = users.alias("second");
    const pair = select(first.c.id.label("a"), second.c.id.label("b"))
      .where(first.c.id.lt(second.c.id))
      .subquery("pair");
    expect(String(adaptColumns(first.c.id.eq(second.c.id), pair))).toBe("pair.a = pair.b");
    expect(() => adaptColumns(id.eq(1), pair)).toThrow('"pair" has more than one column for users.id.');
    expect(String(adaptColumns(pair.c.a.eq(1), pair))).toBe("pair.a = :a_1");
  });
});
