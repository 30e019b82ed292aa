import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import { equals, integer, literal, type Node, sameShape, select, statementKey, string } from "../index.js";
import { users } from "../sql/test-schema.js";
import { internAtom, internPair, internValue, isCurrent, limitInterning, uniqueShape } from "./intern.js";

const { id, name } = users.c;

/** Makes as many structures as the tables hold, so that a new generation begins. */
function fillTables(): void {
  const before = internAtom("a generation's mark");
  const left = uniqueShape();
  for (let i = 0; i < 100_000; i++) internPair(left, i);
  limitInterning();
  expect(isCurrent(before)).toBe(false);
}

describe("interning", () => {
  test("[CMP1] equal pairs and values have equal numbers, different ones have not", () => {
    const [a, b] = [uniqueShape(), uniqueShape()];
    expect(internPair(a, b)).toBe(internPair(a, b));
    expect(new Set([internPair(a, b), internPair(b, a), internPair(a, a), a, b]).size).toBe(5);
    expect(internAtom("x")).toBe(internAtom("x"));
    const values = [
      "1",
      1,
      1n,
      true,
      "true",
      null,
      undefined,
      "undefined",
      Number.NaN,
      "NaN",
      [1],
      ["1"],
      [],
      [[]],
      [[], []],
      { a: 1 },
      { a: 1, b: undefined },
      {},
    ];
    const numbers = values.map(internValue);
    expect(new Set(numbers).size).toBe(values.length);
    expect(structuredClone(values).map(internValue)).toEqual(numbers);
  });

  test("[CMP1] in the middle of a statement's way the tables are never emptied", () => {
    const before = internAtom("stays");
    const left = uniqueShape();
    for (let i = 0; i < 200_000; i++) internPair(left, i);
    expect(internAtom("stays")).toBe(before);
    limitInterning();
    expect(internAtom("stays")).not.toBe(before);
  });

  test("[CMP1] long texts count by their length", () => {
    const before = internAtom("mark");
    for (let i = 0; i < 90; i++) internAtom(`${i}${"x".repeat(100_000)}`);
    limitInterning();
    expect(isCurrent(before)).toBe(false);
  });
});

describe("a new generation", () => {
  const make = (value: number): Node => select(id, name.label("x")).where(id.gt(value));

  test("[CMP1] never gives a key that a statement had before: nothing wrong is found in a cache", () => {
    const cache = new Map<number | string, string>();
    const statements: readonly (() => Node)[] = [
      () => make(1),
      () => select(name),
      () => select(id).where(name.eq("x")),
      () => select(id.cast(string(5))),
    ];
    for (let round = 0; round < 3; round++) {
      for (const statement of statements) {
        const made = statement();
        const key = statementKey(made);
        const sql = new Dialect().compile(made).sql;
        expect(cache.get(key) ?? sql).toBe(sql);
        cache.set(key, sql);
      }
      expect(cache.size).toBe((round + 1) * statements.length);
      fillTables();
    }
  });

  test("[CMP1] keeps statements of an old one equal to statements made anew", () => {
    const old = make(1);
    const key = statementKey(old);
    const shape = old.shape;
    fillTables();
    expect(sameShape(old, make(2))).toBe(true);
    expect(equals(old, make(1))).toBe(true);
    expect(statementKey(old)).toBe(statementKey(make(3)));
    expect(statementKey(old)).not.toBe(key);
    expect(old.shape).not.toBe(shape);
    expect(sameShape(select(id.cast(string(5))), select(id.cast(string(5))))).toBe(true);
  });

  test("[CMP1] keeps types that were made before equal to types made after", () => {
    const before = string(5);
    expect(string(5).shape).toBe(before.shape);
    fillTables();
    expect(string(5).shape).toBe(before.shape);
    expect(integer().shape).not.toBe(before.shape);
  });

  test("[CMP1] lets aliases, CTEs and shared parameters made before and after meet in one statement", () => {
    const aliased = users.alias("u");
    const small = (): Node & { readonly c: typeof users.c } =>
      select(id, name).where(id.isNotNull()).cte("small") as never;
    const cte = small();
    const shared = literal(1);
    const before = select(aliased.c.id, cte.c.name).where(aliased.c.id.eq(shared), cte.c.id.eq(shared));
    const sql = String(before);
    fillTables();
    const after = before.where(users.alias("u").c.name.eq("x"), small().c.name.eq("y"));
    expect(String(after)).toBe(`${sql} AND u.name = :name_1 AND small.name = :name_2`);
    expect(sql).toBe(
      "WITH small AS (SELECT users.id, users.name FROM users WHERE users.id IS NOT NULL) " +
        "SELECT u.id, small.name FROM users AS u, small WHERE u.id = :param_1 AND small.id = :param_1",
    );
  });

  test("[CMP1] lets a recursive CTE made before be compiled after", () => {
    const root = select(id).where(id.eq(1)).cte("tree", { recursive: true });
    const tree = root.unionAll(select(id).join(root, id.eq(root.c.id)));
    const stmt = select(tree.c.id);
    const sql = String(stmt);
    fillTables();
    expect(String(stmt)).toBe(sql);
    expect(String(select(tree.c.id))).toBe(sql);
  });
});
