import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect/dialect.js";
import {
  ArgumentError,
  and,
  boolean,
  case_,
  false_,
  func,
  integer,
  literal,
  not,
  null_,
  numeric,
  or,
  param,
  select,
  sql,
  string,
  type Typed,
  true_,
  tuple,
} from "../index.js";
import { posts, users } from "./test-schema.js";

const say = (expression: Typed<unknown>): string => String(expression);
const { id, name, nick, age } = users.c;

describe("comparison", () => {
  test("[EXP1] operators bind their values; null becomes IS NULL", () => {
    expect([age.eq(1), age.ne(1), age.lt(1), age.le(1), age.gt(1), age.ge(1)].map(say)).toEqual([
      "users.age = :age_1",
      "users.age != :age_1",
      "users.age < :age_1",
      "users.age <= :age_1",
      "users.age > :age_1",
      "users.age >= :age_1",
    ]);
    expect([nick.eq(null), nick.ne(null), nick.isNull(), nick.isNotNull()].map(say)).toEqual([
      "users.nick IS NULL",
      "users.nick IS NOT NULL",
      "users.nick IS NULL",
      "users.nick IS NOT NULL",
    ]);
    expect(() => age.lt(null)).toThrow(ArgumentError);
    expect(() => age.lt(null)).toThrow("Use eq(null) or isNull() to look for NULL.");
  });

  test("[EXP2] NULL-safe comparison", () => {
    expect(say(nick.isDistinctFrom("x"))).toBe("users.nick IS DISTINCT FROM :nick_1");
    expect(say(nick.isNotDistinctFrom(null))).toBe("users.nick IS NULL");
  });

  test("[EXP3] IN takes a list of any length, a query, or row values", () => {
    expect(say(id.in([1, 2, 3]))).toBe("users.id IN (:id_1_1)");
    expect(say(id.notIn(select(posts.c.authorId)))).toBe("users.id NOT IN (SELECT posts.author_id FROM posts)");
    expect(
      say(
        tuple(id, name).in([
          [1, "a"],
          [2, "b"],
        ]),
      ),
    ).toBe("(users.id, users.name) IN ((:id_1, :name_1), (:id_2, :name_2))");
    expect(() => id.in(5 as never)).toThrow("in() takes an array of values or a query.");
  });

  test("[EXP4] BETWEEN", () => {
    expect(say(age.between(1, 5))).toBe("users.age BETWEEN :age_1 AND :age_2");
    expect(say(not(age.between(1, 5)))).toBe("users.age NOT BETWEEN :age_1 AND :age_2");
  });

  test("[EXP5][EXP6] LIKE and its kin; startsWith and contains take their text literally", () => {
    expect(say(name.like("a%", { escape: "!" }))).toBe("users.name LIKE :name_1 ESCAPE '!'");
    expect(say(name.notIlike("a%"))).toBe("users.name NOT ILIKE :name_1");
    const contains = name.contains("50%_/");
    expect(say(contains)).toBe("users.name LIKE :name_1 ESCAPE '/'");
    expect(select(id).where(contains).binds).toMatchObject({ value: "%50/%/_//%" });
    expect(name.startsWith("a").binds).toMatchObject({ value: "a%" });
    expect(name.iendsWith("a").binds).toMatchObject({ value: "%a" });
    expect(() => compileWithEscape("ab")).toThrow(/one character/);
  });
});

function compileWithEscape(escape: string): string {
  return new Dialect().compile(select(id).where(name.like("x", { escape }))).sql;
}

describe("logic", () => {
  test("[EXP12] AND and OR flatten, neutral constants vanish, NOT turns operators around", () => {
    expect(say(and(age.gt(1), and(age.lt(9), name.eq("x")), true_()))).toBe(
      "users.age > :age_1 AND users.age < :age_2 AND users.name = :name_1",
    );
    expect(say(or(age.gt(1), and(age.lt(9), name.eq("x"))))).toBe(
      "users.age > :age_1 OR users.age < :age_2 AND users.name = :name_1",
    );
    expect(say(and(or(age.gt(1), age.lt(9)), name.eq("x")))).toBe(
      "(users.age > :age_1 OR users.age < :age_2) AND users.name = :name_1",
    );
    expect(say(and())).toBe("true");
    expect(say(or())).toBe("false");
    expect(say(not(age.gt(1)))).toBe("users.age <= :age_1");
    expect(say(not(and(age.gt(1), age.lt(9))))).toBe("NOT (users.age > :age_1 AND users.age < :age_2)");
    expect(say(not(users.c.active))).toBe("NOT users.active");
    expect(say(not(not(users.c.active)))).toBe("users.active");
    expect(say(not(name.like("a%")))).toBe("users.name NOT LIKE :name_1");
  });

  test("[EXP25] constants", () => {
    expect([null_(), true_(), false_()].map(say)).toEqual(["NULL", "true", "false"]);
  });
});

describe("precedence", () => {
  test("[EXP19] parentheses stand where the tree needs them and nowhere else", () => {
    expect(say(age.add(1).mul(2))).toBe("(users.age + :age_1) * :param_1");
    expect(say(age.mul(2).add(1))).toBe("users.age * :age_1 + :param_1");
    expect(say(age.sub(age.sub(1)))).toBe("users.age - (users.age - :age_1)");
    expect(say(age.sub(1).sub(2))).toBe("users.age - :age_1 - :param_1");
    expect(say(age.div(age.mul(2)))).toBe("users.age / (users.age * :age_1)");
    expect(say(age.add(age.add(1)))).toBe("users.age + (users.age + :age_1)");
    expect(say(name.concat("a").concat(name.concat("b")))).toBe("users.name || :name_1 || users.name || :name_2");
    expect(say(age.gt(1).eq(age.lt(3)))).toBe("(users.age > :age_1) = (users.age < :age_2)");
    expect(say(age.neg().neg())).toBe("-(-users.age)");
    expect(say(age.add(1).neg())).toBe("-(users.age + :age_1)");
    expect(say(literal(-5).neg())).toBe("-:param_1");
    expect(say(age.add(1).in([1]))).toBe("users.age + :age_1 IN (:param_1_1)");
    expect(say(age.gt(1).label("x").eq(true))).toBe("(users.age > :age_1) = :x_1");
    expect(say(and(sql`a OR b`.as(boolean()), age.gt(1)))).toBe("(a OR b) AND users.age > :age_1");
  });

  test("[EXP19] a negated negative literal is never a comment", () => {
    const inlined = (literal(-5) as unknown as { inlined(): typeof age }).inlined();
    expect(say(inlined.neg())).toBe("-(-5)");
    expect(say(age.sub(inlined))).toBe("users.age - -5");
  });

  test("[EXP19] concatenation never stands next to another operator without parentheses, because databases disagree", () => {
    expect(say(name.concat(age.add(1).cast(string())))).toBe("users.name || CAST(users.age + :age_1 AS VARCHAR)");
    expect(say(name.concat("x").eq("yx"))).toBe("(users.name || :name_1) = :param_1");
  });
});

describe("other expressions", () => {
  test("[EXP9][EXP10] arithmetic and concatenation give the wider type", () => {
    expect(users.c.balance.add(5).type.name).toBe("numeric");
    expect(age.add(1.5).type.name).toBe("double");
    expect(age.mul(2).type.name).toBe("integer");
    expect(name.concat("x").type.name).toBe("string");
    expect(say(age.mod(2))).toBe("users.age % :age_1");
  });

  test("[EXP13] ordering with direction and place of NULLs", () => {
    expect(String(age.desc().nullsLast())).toBe("users.age DESC NULLS LAST");
    expect(String(age.nullsFirst())).toBe("users.age NULLS FIRST");
    expect(String(age.asc())).toBe("users.age ASC");
  });

  test("[EXP21] CASE", () => {
    expect(
      say(
        case_(
          [
            [age.lt(18), "minor"],
            [age.lt(65), "adult"],
          ],
          "senior",
        ),
      ),
    ).toBe("CASE WHEN users.age < :age_1 THEN :param_1 WHEN users.age < :age_2 THEN :param_2 ELSE :param_3 END");
    expect(say(case_([[age.lt(18), 1]]))).toBe("CASE WHEN users.age < :age_1 THEN :param_1 END");
    expect(() => case_([])).toThrow("CASE needs at least one WHEN.");
  });

  test("[EXP22] CAST", () => {
    expect(say(name.cast(numeric(10, 2)))).toBe("CAST(users.name AS NUMERIC(10, 2))");
  });

  test("[EXP26] row values", () => {
    expect(say(tuple(id, age).eq(tuple(literal(1), literal(2))))).toBe("(users.id, users.age) = (:param_1, :param_2)");
  });

  test("[EXP28] a parameter is given at execution", () => {
    const compiled = new Dialect().compile(select(id).where(name.eq(param("who", string()))));
    expect(compiled.sql).toBe("SELECT users.id FROM users WHERE users.name = :who");
    const stmt = select(id).where(name.eq(param("who", string())));
    expect(compiled.render(stmt, { who: "x" }).parameters).toEqual(["x"]);
    expect(() => compiled.render(stmt)).toThrow('The statement needs a value for parameter "who".');
  });

  test("[EXP30][EXP31][EXP33] functions: known ones typed, any other by name, some without parentheses", () => {
    expect(say(func.count())).toBe("count(*)");
    expect(say(func.count(id).distinct())).toBe("count(DISTINCT users.id)");
    expect(say(func.coalesce(nick, "x"))).toBe("coalesce(users.nick, :coalesce_1)");
    expect(say(func("app.distance", id, 5).returns(integer()))).toBe("app.distance(users.id, :param_1)");
    expect(say(func("my fn", id))).toBe('"my fn"(users.id)');
    expect(say(func.now())).toBe("CURRENT_TIMESTAMP");
    expect(func.max(users.c.balance).type.name).toBe("numeric");
    expect(func.count().type.name).toBe("integer");
  });

  test("[EXP37] FILTER on aggregates", () => {
    expect(say(func.count().filter(age.gt(1)))).toBe("count(*) FILTER (WHERE users.age > :age_1)");
  });

  test("[EXP39] window functions with frames", () => {
    expect(say(func.rowNumber().over({ partitionBy: age, orderBy: [name.desc(), id] }))).toBe(
      "row_number() OVER (PARTITION BY users.age ORDER BY users.name DESC, users.id)",
    );
    expect(say(func.sum(age).over({ orderBy: id, rows: ["unbounded", 0] }))).toBe(
      "sum(users.age) OVER (ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
    );
    expect(say(func.sum(age).over({ orderBy: id, range: [-1, 2] }))).toBe(
      "sum(users.age) OVER (ORDER BY users.id RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING)",
    );
  });

  test("[EXP46] what cannot be an expression is refused with a reason", () => {
    expect(() => age.eq(undefined as never)).toThrow("undefined cannot be a value in SQL. Write null for SQL NULL.");
    expect(() => age.eq((() => 1) as never)).toThrow("A function cannot be a value in SQL.");
    expect(() => age.eq(select(id) as never)).toThrow("Make a scalar subquery of it with scalar().");
  });
});
