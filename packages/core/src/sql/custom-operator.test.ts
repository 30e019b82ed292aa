import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import {
  ArgumentError,
  and,
  type Bool,
  boolean,
  defineOperator,
  double,
  type Expression,
  integer,
  literal,
  type Node,
  not,
  PRECEDENCE,
  postfixOp,
  prefixOp,
  sameShape,
  select,
} from "../index.js";
import { users } from "./test-schema.js";

const { id, name, age } = users.c;

class MyLike extends Dialect {
  override readonly name: string = "my-like";
}
class Bare extends Dialect {
  override readonly name: string = "bare";
  override readonly flags = { ...new Dialect().flags, booleanExpressions: false };
}

const sqlOf = (node: Node, dialect: Dialect = new Dialect()): string => dialect.compile(node).sql;
const valueOf = (node: Expression<unknown, string>): unknown => new Dialect().compile(node).render(node).parameters;

describe("an operator of one's own", () => {
  test("[EXP17] stands apart from every operator whose precedence it may not know", () => {
    expect(sqlOf(age.op("<->", 5))).toBe("users.age <-> :age_1");
    expect(sqlOf(age.op("<->", 5).lt(3))).toBe("(users.age <-> :age_1) < :param_1");
    expect(sqlOf(age.op("<->", id.add(1)))).toBe("users.age <-> (users.id + :id_1)");
    expect(sqlOf(age.op("<->", 5).add(1))).toBe("(users.age <-> :age_1) + :param_1");
    expect(sqlOf(age.op("->", 1).op("->>", 2))).toBe("(users.age -> :age_1) ->> :param_1");
    expect(sqlOf(age.op("->", id.op("->", 1)))).toBe("users.age -> (users.id -> :id_1)");
    expect(sqlOf(age.op("<->", 5).neg())).toBe("-(users.age <-> :age_1)");
  });

  test("[EXP17] binds as strongly as it is said to", () => {
    const masked = id.op("&", 4, { precedence: "multiplication" });
    expect(sqlOf(masked.eq(4))).toBe("users.id & :id_1 = :param_1");
    expect(sqlOf(masked.add(1))).toBe("users.id & :id_1 + :param_1");
    expect(sqlOf(id.add(1).op("&", 4, { precedence: "multiplication" }))).toBe("(users.id + :id_1) & :param_1");
    expect(sqlOf(masked.mul(2))).toBe("users.id & :id_1 * :param_1");
    expect(sqlOf(id.mul(masked))).toBe("users.id * (users.id & :id_1)");
    expect(sqlOf(id.op("||", 4, { precedence: 7.5 }).add(1))).toBe("users.id || :id_1 + :param_1");
    expect(PRECEDENCE.multiplication).toBeGreaterThan(PRECEDENCE.addition);
  });

  test("[EXP17] has the value type of its left operand, or the one that it is given", () => {
    const kept: Expression<number | null, "users"> = age.op("<->", 5);
    const given: Expression<number, "users"> = name.op("<->", "x", { returns: double() });
    const compared: Expression<Bool, "users"> = name.op("~", "x", { isComparison: true, returns: boolean() });
    expect([kept.type.name, given.type.name, compared.type.name]).toEqual(["integer", "double", "boolean"]);
    // @ts-expect-error: the result is a number
    const wrong: Expression<string, "users"> = name.op("<->", "x", { returns: double() });
    expect(wrong).toBeDefined();
  });

  test("[EXP17] a value beside it takes the left operand's type where it can be one, else its own", () => {
    const typeOf = (value: unknown): string =>
      (users.c.createdAt.op("<->", value) as unknown as { right: Expression<unknown> }).right.type.name;
    expect(typeOf("2 days")).toBe("string");
    expect(typeOf(new Date(0))).toBe("dateTime");
    expect(valueOf(age.op("<->", 5))).toEqual([5]);
  });

  test("[EXP17] boolOp gives a condition", () => {
    const condition = name.boolOp("SOUNDS LIKE", "bob");
    expect(sqlOf(select(id).where(and(condition, age.gt(1))))).toBe(
      "SELECT users.id FROM users WHERE users.name SOUNDS LIKE :name_1 AND users.age > :age_1",
    );
    expect(sqlOf(not(condition))).toBe("NOT users.name SOUNDS LIKE :name_1");
    expect(sqlOf(select(condition.label("x")), new Bare())).toBe(
      "SELECT CASE WHEN users.name SOUNDS LIKE :name_1 THEN 1 WHEN NOT (users.name SOUNDS LIKE :name_1) THEN 0 END AS x FROM users",
    );
    expect(sqlOf(select(id).where(name.op("<->", "x") as unknown as Expression<boolean>), new Bare())).toBe(
      "SELECT users.id FROM users WHERE (users.name <-> :name_1) = 1",
    );
  });

  test("[EXP17] stands in front of its operand or behind it", () => {
    expect(sqlOf(prefixOp("|/", age.add(1), { returns: double() }))).toBe("|/ (users.age + :age_1)");
    expect(sqlOf(prefixOp("~", age).add(1))).toBe("(~ users.age) + :param_1");
    expect(sqlOf(postfixOp(name, "IS JSON", { isComparison: true }))).toBe("users.name IS JSON");
    expect(sqlOf(postfixOp(age.add(1), "!", { precedence: "sign" }).mul(2))).toBe("(users.age + :age_1) ! * :param_1");
    const typed: Expression<number, "users"> = prefixOp("|/", age, { returns: double() });
    expect(typed.type.name).toBe("double");
  });

  test("[EXP17] takes signs, words and a sign with its schema, and nothing that could be other SQL", () => {
    expect(sqlOf(age.op("OPERATOR(pg_catalog.+)", 5))).toBe("users.age OPERATOR(pg_catalog.+) :age_1");
    for (const bad of [
      "",
      ";",
      "--",
      "/*",
      "<->--",
      "= 1 OR",
      "'",
      '"x"',
      "a;b",
      "+ 1)",
      "a\0b",
      "OPERATOR(x.+) 1",
      "$1",
    ]) {
      expect(() => age.op(bad, 5), bad).toThrow(ArgumentError);
    }
    expect(() => age.op("", 5)).toThrow('"" cannot be an operator.');
  });

  test("[EXP17] is part of a statement's key: its sign, precedence, kind and type", () => {
    const base = select(age.op("<->", 5).label("x"));
    expect(sameShape(base, select(age.op("<->", 6).label("x")))).toBe(true);
    expect(sameShape(base, select(age.op("<=>", 5).label("x")))).toBe(false);
    expect(sameShape(base, select(age.op("<->", 5, { precedence: "sign" }).label("x")))).toBe(false);
    expect(sameShape(base, select(age.op("<->", 5, { isComparison: true }).label("x")))).toBe(false);
    expect(sameShape(base, select(age.op("<->", 5, { returns: double() }).label("x")))).toBe(false);
  });

  test("[EXP18] is written by each dialect in its own way", () => {
    const distance = defineOperator("<->", {
      returns: integer(),
      dialects: { "my-like": (left, right) => `distance(${left}, ${right})` },
    });
    const stmt = select(distance(age.add(1), 5).label("d")).where(distance(age, id).gt(1));
    expect(sqlOf(stmt)).toBe(
      "SELECT (users.age + :age_1) <-> :param_1 AS d FROM users WHERE (users.age <-> users.id) > :param_2",
    );
    expect(sqlOf(stmt, new MyLike())).toBe(
      "SELECT distance((users.age + :age_1), :param_1) AS d FROM users WHERE (distance(users.age, users.id)) > :param_2",
    );
    expect(distance(age, 1).type.name).toBe("integer");
  });

  test("[EXP18] is another operator than one of the same sign that is written differently", () => {
    const first = defineOperator("<->", { dialects: { "my-like": () => "first" } });
    const second = defineOperator("<->", { dialects: { default: () => "second" } });
    expect(sameShape(first(age, 1), second(age, 1))).toBe(false);
    expect([first(age, 1), second(age, 1)].map((node) => sqlOf(node, new MyLike()))).toEqual(["first", "second"]);
    expect(sqlOf(first(age, literal(1)))).toBe("users.age <-> :param_1");
  });
});

describe("an item of a value", () => {
  test("is refused where the type has no items", () => {
    expect(() => name.getItem(1)).toThrow("Values of the type string(50) have no items.");
  });
});
