import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Dialect, declareNode, Expression } from "../dialect.js";
import { CreateTable, delete_, func, insert, integer, select, sql, update } from "../index.js";
import { posts, users } from "../sql/test-schema.js";

const { id, name, age } = users.c;

describe("printing", () => {
  test("[CMP18] statements, expressions and DDL print as SQL of the default dialect, without an engine", () => {
    expect(String(select(id).where(name.eq("x")))).toBe("SELECT users.id FROM users WHERE users.name = :name_1");
    expect(String(insert(posts).values({ authorId: 1, title: "t" }))).toBe(
      "INSERT INTO posts (author_id, title) VALUES (:authorId, :title)",
    );
    expect(
      String(
        update(users)
          .set({ age: age.add(1) })
          .where(id.eq(1)),
      ),
    ).toBe("UPDATE users SET age = users.age + :age_1 WHERE users.id = :id_1");
    expect(String(delete_(posts))).toBe("DELETE FROM posts");
    expect(String(age.add(1).gt(func.abs(age)))).toBe("users.age + :age_1 > abs(users.age)");
    expect(String(sql`SELECT ${1}`)).toBe("SELECT :param_1");
    expect(String(new CreateTable(posts))).toMatch(/^CREATE TABLE posts \(\n {2}id INTEGER/);
  });

  test("[CMP18] inspecting a statement, as console.log does, shows its SQL", () => {
    expect(inspect(select(id))).toBe("Select { SELECT users.id FROM users }");
    expect(inspect(age.gt(1))).toBe("Binary { users.age > :age_1 }");
  });

  test("[CMP18] what cannot be compiled prints its error instead of throwing, so that a log line never fails", () => {
    class Odd extends Expression<number> {
      readonly type = integer();
      static {
        declareNode(Odd, "odd", {});
      }
    }
    expect(String(new Odd())).toMatch(/^<odd: default does not know how to compile a node of kind "odd"\./);
    expect(String(select(id).join(posts).join(posts.alias("q").alias("q")).join(users.alias("users")))).toMatch(
      /^<select: /,
    );
  });

  test("[CMP23] a compiled statement runs outside of an engine: its text, its values by position and by name", () => {
    const stmt = select(id).where(name.eq("x"), id.in([1, 2]), age.gt(3));
    const compiled = stmt.compile({ dialect: new Dialect() });
    const { sql: text, parameters } = compiled.render(stmt);
    expect(text).toBe(
      "SELECT users.id FROM users WHERE users.name = :name_1 AND users.id IN (:id_1_1, :id_1_2) AND users.age > :age_1",
    );
    expect(parameters).toEqual(["x", 1, 2, 3]);
    expect(compiled.namedParameters(stmt)).toEqual({ name_1: "x", id_1_1: 1, id_1_2: 2, age_1: 3 });
    const again = select(id).where(name.eq("y"), id.in([7]), age.gt(0));
    expect(compiled.namedParameters(again)).toEqual({ name_1: "y", id_1_1: 7, age_1: 0 });
  });
});
