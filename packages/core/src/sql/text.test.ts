import { describe, expect, expectTypeOf, test } from "vitest";
import { Dialect } from "../dialect.js";
import {
  ArgumentError,
  bigInteger,
  date,
  integer,
  type Node,
  numeric,
  select,
  sql,
  string,
  type Typed,
} from "../index.js";
import { users } from "./test-schema.js";

const dialect = new Dialect();
const write = (statement: Node): string => dialect.compile(statement).sql;
const value = <T>(of: Typed<T>): T => of as never;

describe("text with declared columns", () => {
  const typed = sql`SELECT id, day FROM t WHERE id > ${5}`.columns({ id: bigInteger(), day: date() });

  test("[SEL37, SEL38] is a FROM item whose columns have types", () => {
    const sub = typed.subquery("s");
    expect(write(select(sub.c.id).where(sub.c.day.eq("2024-02-29")))).toBe(
      "SELECT s.id FROM (SELECT id, day FROM t WHERE id > :param_1) AS s WHERE s.day = :day_1",
    );
    expectTypeOf(value(sub.c.id)).toEqualTypeOf<bigint>();
    expectTypeOf(value(sub.c.day)).toEqualTypeOf<string>();
    expect(sub.c.id.type.name).toBe("bigInteger");
  });

  test("[SEL37, SEL38] is a CTE, and a scalar when it has one column", () => {
    const cte = typed.cte("c");
    expect(write(select(cte.c.id, users.c.id.label("u")).join(cte, users.c.id.eq(cte.c.id as never)))).toContain(
      "WITH c(id, day) AS (SELECT id, day FROM t WHERE id > :param_1) SELECT",
    );
    const most = sql`SELECT max(n) FROM t`.columns({ n: numeric(5, 2) }).scalar();
    expect(write(select(most.label("m")))).toBe("SELECT (SELECT max(n) FROM t) AS m");
    expectTypeOf(value(most)).toEqualTypeOf<`${number}` | null>();
    expect(() => typed.scalar()).toThrow("A scalar subquery has one column, not 2.");
    expect(() => sql`SELECT 1`.subquery("s")).toThrow("A text of which no columns are known cannot be a subquery.");
    expect(() => sql`SELECT 1`.cte("s")).toThrow(ArgumentError);
  });
});

describe("the sql template", () => {
  test("[SEL38] joins fragments, values and names", () => {
    const list = sql.join([sql.identifier("a b"), users.c.id, 5]);
    expect(write(sql`SELECT ${list}`)).toBe('SELECT "a b", users.id, :param_1');
    expect(write(sql.join([sql`a = ${1}`, sql`b`], sql` OR `))).toBe("a = :param_1 OR b");
    expect(write(sql.join(["x"]))).toBe(":param_1");
    expect(() => sql.join([])).toThrow("There is nothing to join");
  });

  test("[SEL38] writes literals by their type", () => {
    expect(write(sql`SELECT ${sql.literal("it's")}, ${sql.literal(5)}, ${sql.literal(null)}`)).toBe(
      "SELECT 'it''s', 5, NULL",
    );
    expect(write(sql`SELECT ${sql.literal("1.50", numeric(5, 2))}`)).toBe("SELECT 1.50");
    expect(() => write(sql`SELECT ${sql.literal("x", integer())}`)).toThrow('integer cannot take "x"');
  });

  test("[SEL38] values are bound whatever they hold; two texts with other values are one statement", () => {
    const make = (name: string): Node => sql`SELECT * FROM t WHERE name = ${name}`;
    expect(write(make("'; DROP TABLE t; --"))).toBe("SELECT * FROM t WHERE name = :param_1");
    expect(make("a").statementKey).toBe(make("b").statementKey);
    expect(sql`a ${1}`.statementKey).not.toBe(sql`b ${1}`.statementKey);
    expect(() => sql`SELECT ${undefined}`).toThrow("undefined cannot be a value in SQL.");
  });

  test("[SEL37] text with named parameters takes values, and expressions in their place", () => {
    const text = sql.text("SELECT id FROM t WHERE a = :a AND b = :b").columns({ id: integer(), s: string() });
    const bound = text.bindparams({ a: 1, b: users.c.id });
    expect(write(bound)).toBe("SELECT id FROM t WHERE a = :a_1 AND b = users.id");
    expect(() => text.bindparams({ c: 1 })).toThrow("The text has no parameter :c.");
  });
});
