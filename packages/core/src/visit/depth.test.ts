import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import {
  and,
  case_,
  copyTree,
  type Expression,
  equals,
  func,
  insert,
  iterate,
  literal,
  type Node,
  not,
  or,
  type Predicate,
  replace,
  sameShape,
  select,
  statementKey,
  tuple,
} from "../index.js";
import { posts, users } from "../sql/test-schema.js";

const { id, name, age } = users.c;
const LEVELS = 300;

/** Applies a step 300 times. */
function nested<T>(start: T, step: (inner: T, level: number) => T): T {
  let made = start;
  for (let level = 0; level < LEVELS; level++) made = step(made, level);
  return made;
}

/** Whatever is done with a tree, done with this one. Gives the SQL. */
function exercise(make: () => Node): string {
  const tree = make();
  expect(statementKey(tree)).toBe(statementKey(make()));
  expect(equals(tree, make())).toBe(true);
  const compiled = new Dialect().compile(tree);
  const copy = copyTree(tree);
  expect(sameShape(copy, tree)).toBe(true);
  expect(new Dialect().compile(copy).sql).toBe(compiled.sql);
  expect(replace(tree, () => undefined)).toBe(tree);
  expect([...iterate(tree)].length).toBeGreaterThan(LEVELS);
  expect(compiled.render(tree).parameters.length).toBe(new Set(tree.binds === undefined ? [] : compiled.slots).size);
  return compiled.sql;
}

const count = (text: string, part: string): number => text.split(part).length - 1;

describe("deep statements", () => {
  test("300 levels of arithmetic", () => {
    const sql = exercise(() =>
      select(nested<Expression<number, string, string>>(age, (inner) => age.sub(inner)).label("x")),
    );
    expect(count(sql, " - ")).toBe(LEVELS);
    expect(count(sql, "(")).toBe(LEVELS - 1);
  });

  test("300 levels of AND in OR in AND", () => {
    const sql = exercise(() =>
      select(id).where(
        nested<Predicate>(id.gt(0), (inner, level) =>
          level % 2 === 0 ? or(inner, id.eq(level)) : and(inner, name.ne("x")),
        ),
      ),
    );
    expect(count(sql, " OR ")).toBe(LEVELS / 2);
    expect(count(sql, " AND ")).toBe(LEVELS / 2);
  });

  test("300 levels of EXISTS, each in the other", () => {
    const sql = exercise(() =>
      select(id).where(
        nested<Predicate>(id.gt(0), (inner, level) => {
          const own = posts.alias(`p${level}`);
          return select(own.c.id).where(own.c.authorId.eq(id), inner).exists();
        }),
      ),
    );
    expect(count(sql, "EXISTS")).toBe(LEVELS);
  });

  test("300 levels of subqueries in FROM", () => {
    const sql = exercise(() =>
      nested(select(id, name), (inner, level) => {
        const from = inner.subquery(`s${level}`);
        return select(from.c.id, from.c.name).where(from.c.id.gt(level)) as never;
      }),
    );
    expect(count(sql, "FROM (SELECT")).toBe(LEVELS);
  });

  test("300 CTEs, each of the one before", () => {
    const sql = exercise(() =>
      nested(select(id, name), (inner, level) => {
        const from = inner.cte(`c${level}`);
        return select(from.c.id, from.c.name).where(from.c.id.gt(level)) as never;
      }),
    );
    expect(sql.startsWith("WITH c0 AS (SELECT users.id")).toBe(true);
    expect(count(sql, " AS (SELECT")).toBe(LEVELS);
  });

  test("300 levels of CASE and function calls", () => {
    const sql = exercise(() =>
      select(
        nested<Expression<number, string, string>>(age, (inner, level) =>
          func.abs(case_([[not(id.in([level])), inner]], 0)),
        ).label("x"),
      ),
    );
    expect(count(sql, "abs(CASE WHEN users.id NOT IN")).toBe(LEVELS);
  });

  test("300 scalar subqueries, each in the other", () => {
    const sql = exercise(() =>
      select(
        nested<Expression<number | null, string, string>>(age, (inner, level) => {
          const own = posts.alias(`p${level}`);
          return select(own.c.id.add(inner)).where(own.c.authorId.eq(level)).scalar();
        }).label("x"),
      ),
    );
    expect(count(sql, "(SELECT")).toBe(LEVELS);
  });
});

describe("wide statements", () => {
  test("an OR of 1,000 terms, made at once or term by term, is one list", () => {
    const terms = Array.from({ length: 1_000 }, (_, i) => id.eq(i));
    const sql = exercise(() => select(name).where(or(...terms)));
    expect(count(sql, " OR ")).toBe(999);
    const grown = terms.slice(1).reduce<Predicate>((all, term) => all.or(term), terms[0] as Predicate);
    expect(String(select(name).where(grown))).toBe(sql);
  });

  test("[CMP3] an IN of 5,000 values is one parameter of the key and 5,000 of the text", () => {
    const values = Array.from({ length: 5_000 }, (_, i) => i);
    const stmt = select(name).where(id.in(values));
    expect(statementKey(stmt)).toBe(statementKey(select(name).where(id.in([1]))));
    const { sql, parameters } = new Dialect().compile(stmt).render(stmt);
    expect(parameters).toEqual(values);
    expect(count(sql, ":id_1_")).toBe(5_000);
  });

  test("an IN of 5,000 row values", () => {
    const pairs = Array.from({ length: 5_000 }, (_, i) => [i, `n${i}`] as const);
    const stmt = select(age).where(tuple(id, name).in(pairs));
    const { sql, parameters } = new Dialect().compile(stmt).render(stmt);
    expect(parameters).toEqual(pairs.flat());
    expect(count(sql, "(:id_")).toBe(5_000);
  });

  test("an INSERT of 140,000 cells with expressions, longer than a call has room for arguments", () => {
    const rows = Array.from({ length: 70_000 }, (_, i) => ({ authorId: literal(i), title: `t${i}` }));
    const stmt = insert(posts).valuesList(rows);
    expect([...iterate(stmt)].length).toBe(1 + 1 + 140_000);
    const { parameters } = new Dialect().compile(stmt).render(stmt);
    expect(parameters).toHaveLength(140_000);
  });
});
