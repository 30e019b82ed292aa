import { describe, expect, test } from "vitest";
import { Dialect } from "../dialect.js";
import {
  ArgumentError,
  CompileError,
  DataError,
  dateTime,
  func,
  insert,
  integer,
  literal,
  MetaData,
  numeric,
  param,
  select,
  sql,
  string,
  Table,
  update,
} from "../index.js";

const metadata = new MetaData();
const items = new Table("items", metadata, {
  id: integer().primaryKey(),
  name: string(20),
  price: numeric(8, 2).nullable(),
  stock: integer().default(0),
  token: string(10).default(() => "made"),
  changed: dateTime().nullable(),
});
const { id, name, price } = items.c;

/** Numbered placeholders, each used as often as its parameter occurs: PostgreSQL's way. */
class Numbered extends Dialect {
  override readonly placeholder = (index: number): string => `$${index}`;
}
/** Question marks: a parameter that occurs twice is sent twice. */
class Marks extends Dialect {
  override readonly placeholder = (): string => "?";
  override readonly reusesPlaceholders = false;
}

describe("parameters", () => {
  const shared = literal(7, integer());
  const stmt = select(id).where(id.gt(shared), name.eq("x"), id.lt(shared)).limit(5);

  test("one that occurs twice is one placeholder where the dialect can say so, and two where it cannot", () => {
    const numbered = new Numbered().compile(stmt);
    expect(numbered.render(stmt)).toEqual({
      sql: "SELECT items.id FROM items WHERE items.id > $1 AND items.name = $2 AND items.id < $1 LIMIT $3",
      parameters: [7, "x", 5],
    });
    const marks = new Marks().compile(stmt);
    expect(marks.render(stmt)).toEqual({
      sql: "SELECT items.id FROM items WHERE items.id > ? AND items.name = ? AND items.id < ? LIMIT ?",
      parameters: [7, "x", 7, 5],
    });
  });

  test("[CMP1] a compiled form takes the values of every statement of its structure", () => {
    const make = (least: number, text: string) => select(id).where(id.gt(least), name.eq(text));
    const compiled = new Marks().compile(make(1, "a"));
    expect(compiled.render(make(2, "b")).parameters).toEqual([2, "b"]);
    expect(compiled.render(make(1, "a")).parameters).toEqual([1, "a"]);
  });

  test("[EXP28] those that are given at execution are asked for by name, and null is a value", () => {
    const byName = select(id).where(name.eq(param("who", string())), price.gt(param("toString", numeric())));
    const compiled = new Marks().compile(byName);
    expect(compiled.render(byName, { who: "x", toString: "1.50" } as never).parameters).toEqual(["x", "1.50"]);
    expect(compiled.render(byName, { who: null, toString: undefined } as never).parameters).toEqual([null, null]);
    expect(() => compiled.render(byName)).toThrow(ArgumentError);
    expect(() => compiled.render(byName)).toThrow(
      'The statement needs a value for parameter "who". Give it at execution: execute(stmt, { who: ... }).',
    );
    // What every object inherits has not been given.
    expect(() => compiled.render(byName, { who: "x" })).toThrow(
      'The statement needs a value for parameter "toString".',
    );
  });

  test("a refused value is refused by the name of its parameter, with the type's own error as cause", () => {
    const wrong = select(id).where(price.gt("much" as never));
    const attempt = (): unknown => new Marks().compile(wrong).render(wrong);
    expect(attempt).toThrow(DataError);
    expect(attempt).toThrow(
      'Parameter "price_1": numeric(8, 2) cannot take "much": it is not a decimal number such as "12.50".',
    );
    const given = select(id).where(name.eq(param("who", string())));
    expect(() => new Marks().compile(given).render(given, { who: 5 })).toThrow('Parameter "who": string cannot take 5');
    const inList = select(id).where(id.in([1, "2" as never]));
    expect(() => new Marks().compile(inList).render(inList)).toThrow('Parameter "id_1": integer cannot take "2"');
  });
});

describe("lists", () => {
  const inList = (...values: number[]) => select(name).where(id.in(values), name.ne("x"));

  test("[CMP3] each length has its own text, made from one compiled form", () => {
    const compiled = new Numbered().compile(inList(1));
    expect(compiled.render(inList(1, 2, 3))).toEqual({
      sql: "SELECT items.name FROM items WHERE items.id IN ($1, $2, $3) AND items.name != $4",
      parameters: [1, 2, 3, "x"],
    });
    expect(compiled.render(inList(9))).toEqual({
      sql: "SELECT items.name FROM items WHERE items.id IN ($1) AND items.name != $2",
      parameters: [9, "x"],
    });
    expect(compiled.render(inList(1, 2, 3)).sql).toBe(compiled.render(inList(4, 5, 6)).sql);
    expect(compiled.sql).toBe("SELECT items.name FROM items WHERE items.id IN ($1) AND items.name != $2");
    expect(new Dialect().compile(inList(1)).render(inList(1, 2)).sql).toContain("IN (:id_1_1, :id_1_2)");
  });

  test("[CMP3, EXP3] an empty list is a query without rows", () => {
    const { sql: text, parameters } = new Numbered().compile(inList(1)).render(inList());
    expect(text).toBe("SELECT items.name FROM items WHERE items.id IN (SELECT NULL WHERE 1 = 0) AND items.name != $1");
    expect(parameters).toEqual(["x"]);
  });

  test("[CMP3] several lists, lists used twice, lists given at execution, and null in a list", () => {
    const stmt = select(name).where(id.in([1, 2]), name.notIn(["a"]));
    const compiled = new Marks().compile(stmt);
    expect(compiled.render(stmt)).toEqual({
      sql: "SELECT items.name FROM items WHERE items.id IN (?, ?) AND items.name NOT IN (?)",
      parameters: [1, 2, "a"],
    });
    const other = select(name).where(id.in([1]), name.notIn(["a", "b"]));
    expect(compiled.render(other).sql).toBe(
      "SELECT items.name FROM items WHERE items.id IN (?) AND items.name NOT IN (?, ?)",
    );
    const ids = [4, 5];
    const text = sql`SELECT 1 WHERE 4 IN (${ids}) OR 5 IN (${ids})`;
    expect(new Numbered().compile(text).render(text)).toEqual({
      sql: "SELECT 1 WHERE 4 IN ($1, $2) OR 5 IN ($3, $4)",
      parameters: [4, 5, 4, 5],
    });
    const given = sql`SELECT 1 WHERE 4 IN (${param("ids", integer(), { expanding: true })}) OR 5 = ${1}`;
    const compiledGiven = new Numbered().compile(given);
    expect(compiledGiven.render(given, { ids: [4, null as never] }).parameters).toEqual([4, null, 1]);
    expect(() => compiledGiven.render(given, { ids: 4 })).toThrow('Parameter "ids" needs a list of values.');
    expect(() => compiledGiven.render(given)).toThrow('The statement needs a value for parameter "ids".');
  });

  test("[CMP3] one list that stands twice is one group of placeholders where the dialect can say so", () => {
    const ids = param("ids", integer(), { expanding: true });
    const twice = sql`SELECT 1 WHERE 4 IN (${ids}) OR 5 IN (${ids})`;
    expect(new Numbered().compile(twice).render(twice, { ids: [4, 5] })).toEqual({
      sql: "SELECT 1 WHERE 4 IN ($1, $2) OR 5 IN ($1, $2)",
      parameters: [4, 5],
    });
    expect(new Marks().compile(twice).render(twice, { ids: [4, 5] })).toEqual({
      sql: "SELECT 1 WHERE 4 IN (?, ?) OR 5 IN (?, ?)",
      parameters: [4, 5, 4, 5],
    });
  });

  test("[CMP3] texts are kept for a limited number of lengths, and are right beyond it", () => {
    const compiled = new Marks().compile(inList(1));
    for (let length = 0; length < 250; length++) {
      const stmt = inList(...Array.from({ length }, (_, i) => i));
      const { sql: text, parameters } = compiled.render(stmt);
      expect(text.split("?").length - 1).toBe(length + 1);
      expect(parameters).toHaveLength(length + 1);
    }
  });
});

describe("rows of an INSERT", () => {
  const rows = [
    { name: "a", price: "1.00" },
    { name: "b", stock: 5, token: "given" },
  ] as const;
  const many = insert(items).values(...rows);

  test("[DML2] repeat their template; what a row leaves out is made by its default, or NULL", () => {
    const compiled = new Numbered().compile(many);
    expect(compiled.multiRowSql(2)).toBe(
      "INSERT INTO items (name, price, stock, token) VALUES ($1, $2, $3, $4), ($5, $6, $7, $8)",
    );
    expect(compiled.multiRowWidths).toMatchObject({ row: 4, outside: 0 });
    expect(compiled.multiRowValues(many.rows, 0, 2, [])).toEqual(["a", "1.00", 0, "made", "b", null, 5, "given"]);
    expect(compiled.multiRowValues(many.rows, 1, 2, [])).toEqual(["b", null, 5, "given"]);
    expect(compiled.rowValues(many.rows[0] as never, [])).toEqual(["a", "1.00", 0, "made"]);
  });

  test("[DML2] parameters of RETURNING stand after those of all rows", () => {
    const returning = many.returning(id, func.coalesce(price, "0.50").label("p"));
    const compiled = new Numbered().compile(returning);
    expect(compiled.multiRowSql(2)).toMatch(
      /VALUES \(\$1, .*\), \(\$5, .*\) RETURNING items\.id, coalesce\(items\.price, \$9\) AS p$/,
    );
    expect(compiled.multiRowWidths).toMatchObject({ row: 4, outside: 1 });
    const binds = [{ value: "0.50" }];
    expect(compiled.multiRowValues(returning.rows, 0, 2, binds).at(-1)).toBe("0.50");
    expect(compiled.render(returning, undefined, returning.rows[0] as never).parameters).toEqual([
      "a",
      "1.00",
      0,
      "made",
      "0.50",
    ]);
  });

  test("a list in RETURNING works for one row and is refused for many", () => {
    const one = insert(items)
      .values(rows[0])
      .returning(id.in([1, 2]).label("known"));
    const compiled = new Numbered().compile(one);
    expect(compiled.render(one, undefined, rows[0])).toEqual({
      sql: "INSERT INTO items (name, price, stock, token) VALUES ($1, $2, $3, $4) RETURNING items.id IN ($5, $6) AS known",
      parameters: ["a", "1.00", 0, "made", 1, 2],
    });
    expect(() => compiled.multiRowSql(2)).toThrow(CompileError);
    expect(() => compiled.rowValues(rows[0], [])).toThrow("An INSERT of many rows cannot hold a list of values (IN).");
  });

  test("a refused value is refused by the name of its column", () => {
    const wrong = insert(items).values({ name: "x", price: "dear" as never });
    const compiled = new Numbered().compile(wrong);
    expect(() => compiled.rowValues(wrong.rows[0] as never, [])).toThrow(
      'Column "price": numeric(8, 2) cannot take "dear"',
    );
    expect(() => compiled.multiRowValues(wrong.rows, 0, 1, [])).toThrow(DataError);
    const set = update(items).set({ stock: 1.5 });
    expect(() => new Numbered().compile(set).render(set)).toThrow('Parameter "stock_1": integer cannot take 1.5');
  });

  test("columns named like what every object inherits get no inherited values", () => {
    const odd = new Table("odd", new MetaData(), {
      id: integer().primaryKey(),
      constructor: string(10).nullable(),
      toString: string(10).nullable(),
      valueOf: string(10).default("made"),
    } as never) as unknown as typeof items;
    const inserted = insert(odd).values(
      { id: 1, toString: "given" } as never,
      { id: 2, constructor: "given" } as never,
    );
    const compiled = new Numbered().compile(inserted);
    expect(compiled.multiRowSql(1)).toContain('(id, constructor, "toString", "valueOf")');
    expect(compiled.multiRowValues(inserted.rows, 0, 2, [])).toEqual([
      1,
      null,
      "given",
      "made",
      2,
      "given",
      null,
      "made",
    ]);
  });

  test("a statement without rows of values has no template", () => {
    const fromQuery = insert(items).fromSelect(["name"], select(name));
    expect(() => new Numbered().compile(fromQuery).multiRowSql(2)).toThrow(
      "This statement has no row that could be repeated.",
    );
  });
});
