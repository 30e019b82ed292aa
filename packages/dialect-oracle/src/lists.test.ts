import { type BindParameter, func, groupingSets, literal, type Node, not, rollup, select, tuple } from "@acme/core";
import { describe, expect, test } from "vitest";
import { oracle } from "./index.js";
import { posts, users } from "./test-schema.js";

const { id, age, name } = users.c;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const render = (statement: Node, version = 19) => oracle({ version }).compile(statement).render(statement);
const inlined = (value: string): string => (literal(value) as unknown as BindParameter).inlined() as never;
/** The text with each list as the number of its elements. */
const counted = (sql: string): string =>
  sql.replace(/\((:\d+(?:, :\d+)*)\)/g, (_all, list: string) => `(${list.split(", ").length} of them)`);

// A comma-delimited list of expressions takes 1,000: https://docs.oracle.com/en/database/oracle/oracle-database/19/sqlrf/Expression-Lists.html
describe("lists beside IN", () => {
  test("as many elements as Oracle takes are one list", () => {
    const { sql, parameters } = render(select(id).where(id.in(numbers(1000))));
    expect(counted(sql)).toBe("SELECT users.id FROM users WHERE users.id IN (1000 of them)");
    expect(parameters).toEqual(numbers(1000));
    expect(render(select(id).where(id.in([]))).sql).toBe(
      "SELECT users.id FROM users WHERE users.id IN (SELECT NULL FROM DUAL WHERE 1 = 0)",
    );
  });

  test("more are several lists with OR between them, in parentheses; NOT IN has AND", () => {
    const { sql, parameters } = render(select(id).where(id.in(numbers(2001)), age.gt(5)));
    expect(counted(sql)).toBe(
      "SELECT users.id FROM users WHERE (users.id IN (1000 of them) OR users.id IN (1000 of them) OR users.id IN (1 of them)) AND users.age > :2002",
    );
    expect(parameters).toEqual([...numbers(2001), 5]);
    expect(counted(render(select(id).where(id.notIn(numbers(1001)))).sql)).toBe(
      "SELECT users.id FROM users WHERE (users.id NOT IN (1000 of them) AND users.id NOT IN (1 of them))",
    );
    expect(counted(render(select(id).where(not(id.in(numbers(1001))))).sql)).toMatch(/WHERE \(users\.id NOT IN \(1000/);
  });

  test("one statement is compiled once for lists of any length", () => {
    const compiled = oracle().compile(select(id).where(id.in([1])));
    const of = (count: number): string => counted(compiled.render(select(id).where(id.in(numbers(count)))).sql);
    expect([of(2), of(1001)]).toEqual([
      "SELECT users.id FROM users WHERE users.id IN (2 of them)",
      "SELECT users.id FROM users WHERE (users.id IN (1000 of them) OR users.id IN (1 of them))",
    ]);
  });

  test("beside an operand with parameters of its own a long list is a query", () => {
    const { sql, parameters } = render(select(id).where(age.add(7).in(numbers(1001))));
    expect(sql).toMatch(
      /WHERE users\.age \+ :1 IN \(SELECT :2 FROM DUAL UNION ALL SELECT :3 FROM DUAL .* UNION ALL SELECT :1002 FROM DUAL\)$/,
    );
    expect(parameters).toEqual([7, ...numbers(1001)]);
    expect(render(select(id).where(age.add(7).in([1, 2]))).sql).toMatch(/users\.age \+ :1 IN \(:2, :3\)$/);
  });

  test("literals and expressions are cut into lists as well; row values need not be", () => {
    const text = render(select(id).where(name.in(numbers(1001).map((n) => inlined(`n${n}`))))).sql;
    expect(text).toMatch(
      /^SELECT users\.id FROM users WHERE \(users\.name IN \('n1', .*'n1000'\) OR users\.name IN \('n1001'\)\)$/,
    );
    const pairs = numbers(1001).map((n) => [n, "x"] as const);
    expect(render(select(id).where(tuple(id, name).in(pairs))).sql).toMatch(
      /WHERE \(users\.id, users\.name\) IN \(\(:1, :2\), .*, \(:2001, :2002\)\)$/,
    );
  });

  // Since 23ai 65,535: https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/Expression-Lists.html
  test("Oracle 23ai takes long lists; more parameters than a statement can have are refused", () => {
    expect(counted(render(select(id).where(id.in(numbers(5000))), 23).sql)).toBe(
      "SELECT users.id FROM users WHERE users.id IN (5000 of them)",
    );
    expect(() => render(select(id).where(id.in(numbers(65_536))))).toThrow(
      "The statement has 65536 parameters; oracle takes 65535.",
    );
  });
});

describe("GROUP BY of expressions with parameters", () => {
  // Each place of a parameter is a bind variable of its own, so that the expressions differ: ORA-00979.
  test("the expression is written once, in a LATERAL inline view, and spoken of by name", () => {
    const decade = age.add(5).label("decade");
    const statement = select(decade, func.count(posts.c.id).label("n"))
      .join(posts, posts.c.authorId.eq(id))
      .where(age.gt(1))
      .groupBy(decade)
      .having(decade.gt(10))
      .orderBy(decade);
    expect(render(statement)).toEqual({
      sql:
        'SELECT grouping_1.item_1 AS decade, count(posts.id) AS n FROM users JOIN posts ON posts."authorId" = users.id, ' +
        "LATERAL (SELECT users.age + :1 AS item_1 FROM DUAL) grouping_1 WHERE users.age > :2 GROUP BY grouping_1.item_1 " +
        "HAVING grouping_1.item_1 > :3 ORDER BY decade",
      parameters: [5, 1, 10],
    });
  });

  test("what has no parameters stays where it is; names, conditions and grouping sets are followed", () => {
    const plain = age.add(id).label("sum");
    expect(render(select(plain).groupBy(plain)).sql).toBe(
      "SELECT users.age + users.id AS sum FROM users GROUP BY users.age + users.id",
    );
    const half = age.div(2).label("half");
    const grown = age.gt(17);
    expect(
      render(select(half, grown.label("grown"), func.count(id).label("n")).groupBy(rollup(half, grown), id)).sql,
    ).toBe(
      "SELECT grouping_1.item_1 AS half, grouping_1.item_2 AS grown, count(users.id) AS n FROM users, LATERAL (SELECT " +
        "TRUNC(users.age / :1) AS item_1, CASE WHEN users.age > :2 THEN 1 WHEN NOT (users.age > :3) THEN 0 END AS item_2 " +
        "FROM DUAL) grouping_1 GROUP BY ROLLUP (grouping_1.item_1, grouping_1.item_2), users.id",
    );
    expect(render(select(half).groupBy(groupingSets([half], []))).sql).toContain(
      "GROUP BY GROUPING SETS ((grouping_1.item_1), ())",
    );
  });

  test("a query inside groups by itself", () => {
    const decade = age.add(5).label("decade");
    const inner = select(decade).groupBy(decade).subquery("d");
    const shifted = inner.c.decade.add(1).label("shifted");
    expect(render(select(shifted).groupBy(shifted)).sql).toBe(
      "SELECT grouping_1.item_1 AS shifted FROM (SELECT grouping_2.item_1 AS decade FROM users, LATERAL (SELECT users.age + :1 AS item_1 " +
        "FROM DUAL) grouping_2 GROUP BY grouping_2.item_1) d, LATERAL (SELECT d.decade + :2 AS item_1 FROM DUAL) grouping_1 " +
        "GROUP BY grouping_1.item_1",
    );
  });
});
