import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect/dialect.js";
import type { AnyType } from "../dialect/type-rules.js";
import { type BindParameter, func, insert, literal, type Node, select } from "../index.js";
import { posts, users } from "../sql/test-schema.js";
import { SQLCompiler } from "./compiler.js";
import type { Reading } from "./reading-compiler.js";

/** Reads texts in capitals, and binds them in parentheses. */
class ShoutingCompiler extends SQLCompiler {
  protected override driverReading(type: AnyType): Reading | undefined {
    return type.name === "string" ? (text) => `upper(${text})` : undefined;
  }

  protected override renderBind(placeholder: string, type: AnyType): string {
    return type.name === "string" ? `low(${placeholder})` : placeholder;
  }

  protected override bind(node: BindParameter): string {
    return node.hint === "converted" ? this.bindConverted(node, (value) => `<${value}>`) : super.bind(node);
  }
}

class Shouting extends Dialect {
  override createCompiler(): SQLCompiler {
    return new ShoutingCompiler(this);
  }
}

const dialect = new Shouting();
const write = (statement: Node): string => dialect.compile(statement).sql;
const { id, name, nick } = users.c;

describe("result expressions that are written within a conversion", () => {
  test("in the select list of the outermost query, not in inner ones and not where they are compared", () => {
    const inner = select(id, name).where(name.eq("x")).subquery("s");
    expect(write(select(inner.c.name, inner.c.id).where(inner.c.name.ne("y")).orderBy(inner.c.name))).toBe(
      "SELECT upper(s.name), s.id FROM (SELECT users.id, users.name FROM users WHERE users.name = low(:name_1)) AS s WHERE s.name != low(:name_2) ORDER BY s.name",
    );
    expect(write(select(id).where(name.in(select(posts.c.title))))).toBe(
      "SELECT users.id FROM users WHERE users.name IN (SELECT posts.title FROM posts)",
    );
    expect(write(select(select(posts.c.title).limit(1).scalar().label("t")))).toBe(
      "SELECT upper((SELECT posts.title FROM posts LIMIT :limit_1)) AS t",
    );
  });

  test("a label in ORDER BY is the value, not what is read of it", () => {
    const label = name.concat(nick).label("n");
    expect(write(select(label, id.label("i")).orderBy(label, id.label("i")))).toBe(
      "SELECT upper(users.name || users.nick) AS n, users.id AS i FROM users ORDER BY users.name || users.nick, i",
    );
  });

  test("set operations, and DISTINCT with an order, are made of values; reading stands outside of them", () => {
    expect(write(select(name).union(select(posts.c.title)).orderBy(name.desc()).limit(2))).toBe(
      "SELECT upper(anon_1.name) FROM (SELECT users.name FROM users UNION SELECT posts.title FROM posts) AS anon_1 ORDER BY anon_1.name DESC LIMIT :limit_1",
    );
    expect(write(select(name, id).distinct().orderBy(id))).toBe(
      "SELECT upper(anon_1.name), anon_1.id FROM (SELECT DISTINCT users.name, users.id FROM users) AS anon_1 ORDER BY anon_1.id",
    );
    expect(write(select(name).distinct())).toBe("SELECT DISTINCT upper(users.name) FROM users");
    expect(write(select(id).union(select(posts.c.id)))).toBe(
      "SELECT users.id FROM users UNION SELECT posts.id FROM posts",
    );
  });

  test("the values of a wrapped statement are found in their places", () => {
    const statement = select(name)
      .where(id.eq(1))
      .union(select(posts.c.title).where(posts.c.id.eq(2)))
      .limit(3);
    expect(dialect.compile(statement).render(statement).parameters).toEqual([1, 2, 3]);
    const other = select(name)
      .where(id.eq(7))
      .union(select(posts.c.title).where(posts.c.id.eq(8)))
      .limit(9);
    expect(dialect.compile(statement).render(other).parameters).toEqual([7, 8, 9]);
  });

  test("RETURNING is read as well", () => {
    expect(write(insert(posts).values({ authorId: 1, title: "t" }).returning(posts.c.title, posts.c.id))).toContain(
      "RETURNING upper(posts.title), posts.id",
    );
  });

  test("names that do not differ, and an order by something else, are refused with a remedy", () => {
    expect(() => write(select(name, posts.c.title.label("name")).union(select(posts.c.title, posts.c.title)))).toThrow(
      /need names that differ\. Give them names with label/,
    );
    expect(() => write(select(name).distinct().orderBy(func.lower(nick)))).toThrow(
      "Add the expression to the select list.",
    );
  });
});

describe("parameters", () => {
  test("[EXP3] what stands around a parameter stands around each element of a list", () => {
    const statement = select(id).where(name.in(["a", "b"]), id.in([1, 2]));
    expect(dialect.compile(statement).render(statement)).toEqual({
      sql: "SELECT users.id FROM users WHERE users.name IN (low(:name_1_1), low(:name_1_2)) AND users.id IN (:id_1_1, :id_1_2)",
      parameters: ["a", "b", 1, 2],
    });
    const none = select(id).where(name.in([]));
    expect(dialect.compile(none).render(none).sql).toBe(
      "SELECT users.id FROM users WHERE users.name IN (SELECT NULL WHERE 1 = 0)",
    );
  });

  test("a parameter may be converted in one place and not in another", () => {
    const value = literal("x") as unknown as BindParameter<string>;
    const converted = value.copyWith({ hint: "converted" });
    const statement = select(id).where(name.eq(converted), nick.eq(value));
    expect(dialect.compile(statement).render(statement).parameters).toEqual(["<x>", "x"]);
    expect(write(select(id).where(name.eq(converted.inlined())))).toBe(
      "SELECT users.id FROM users WHERE users.name = '<x>'",
    );
  });
});
