import { describe, expect, test } from "vitest";
import { parseIndex } from "./index-definition.js";
import { parseTable } from "./table-definition.js";

describe("the text of CREATE TABLE", () => {
  test("[LT23] names of constraints, of columns and of the table", () => {
    const found = parseTable(`CREATE TABLE t (
      id INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT,
      a INT CONSTRAINT one UNIQUE ON CONFLICT IGNORE CONSTRAINT up REFERENCES other (x) ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED,
      b INT UNIQUE REFERENCES third,
      CONSTRAINT two UNIQUE (a COLLATE NOCASE, b DESC),
      CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES far (x, y) ON UPDATE CASCADE
    )`);
    expect(found.primaryKey).toEqual({ name: "pk", columns: ["id"] });
    expect(found.uniques).toEqual([
      { name: "one", columns: ["a"] },
      { name: undefined, columns: ["b"] },
      { name: "two", columns: ["a", "b"] },
    ]);
    expect(found.foreignKeys).toEqual([
      { name: "up", columns: ["a"], targetTable: "other" },
      { name: undefined, columns: ["b"], targetTable: "third" },
      { name: "fk", columns: ["a", "b"], targetTable: "far" },
    ]);
  });

  test("[LT23] checks with anything in them: parentheses, commas, quotes, comments", () => {
    const found = parseTable(
      `CREATE TABLE "t" (a INT CHECK (a IN (1, 2, (3))) CONSTRAINT "not empty" CHECK(b <> ') , CHECK (x'), b TEXT DEFAULT ('),(') -- CHECK (no)
       , /* , CHECK (neither) */ CONSTRAINT c1 CHECK ("a""b" > 0 AND [c)d] = \`e\`\`)\`))`,
    );
    expect(found.checks).toEqual([
      { name: undefined, sqltext: "a IN (1, 2, (3))" },
      { name: "not empty", sqltext: "b <> ') , CHECK (x'" },
      { name: "c1", sqltext: '"a""b" > 0 AND [c)d] = `e``)`' },
    ]);
  });

  test("names in every kind of quotes", () => {
    const found = parseTable(
      `CREATE TABLE main.[my table] ("a ""b" INT UNIQUE, [c d] INT UNIQUE, \`e\`\`f\` INT UNIQUE, 'g''h' INT UNIQUE, ü_1$ INT UNIQUE)`,
    );
    expect(found.uniques.map((key) => key.columns[0])).toEqual(['a "b', "c d", "e`f", "g'h", "ü_1$"]);
  });

  test("the name of a NOT NULL is not the name of what follows", () => {
    const found = parseTable(
      "CREATE TABLE t (a INT CONSTRAINT nn NOT NULL CHECK (a > 0), b INT CONSTRAINT d DEFAULT 1 UNIQUE, c TEXT CONSTRAINT k COLLATE NOCASE UNIQUE)",
    );
    expect(found.checks).toEqual([{ name: undefined, sqltext: "a > 0" }]);
    expect(found.uniques.map((key) => key.name)).toEqual([undefined, undefined]);
  });

  test("[LT23] expressions of computed columns", () => {
    const found = parseTable(
      "CREATE TABLE t (a INT, b INT GENERATED ALWAYS AS (a * (2 + 1)) STORED CHECK (b > 0), c AS (lower('),')), d VARCHAR(5) AS (a))",
    );
    expect([...found.computed]).toEqual([
      ["b", "a * (2 + 1)"],
      ["c", "lower('),')"],
      ["d", "a"],
    ]);
    expect(found.checks).toEqual([{ name: undefined, sqltext: "b > 0" }]);
  });

  test("columns that ALTER TABLE put behind the constraints", () => {
    const found = parseTable("CREATE TABLE t (a INT, CHECK (a > 0), b INT CONSTRAINT late CHECK (b > 0))");
    expect(found.checks.map((check) => check.name)).toEqual([undefined, "late"]);
  });

  test("words that are constraints only in their place are names elsewhere", () => {
    const found = parseTable(
      'CREATE TABLE t ("check" INT, key INT, "unique" VARCHAR(10, 2) DEFAULT -1.5e3, "primary" NOT NULL)',
    );
    expect(found).toMatchObject({ primaryKey: undefined, uniques: [], foreignKeys: [], checks: [] });
  });

  test("a virtual table, a view and a broken text have no constraints", () => {
    for (const text of [
      "CREATE VIRTUAL TABLE t USING fts5(a, CHECK (b))",
      "",
      "CREATE TABLE t AS SELECT 1",
      "CREATE TABLE t (a CHECK ((",
    ]) {
      expect(parseTable(text).uniques).toEqual([]);
      expect(parseTable(text).primaryKey).toBeUndefined();
    }
  });
});

describe("the text of CREATE INDEX", () => {
  test("[LT23] elements without their direction, and the condition", () => {
    expect(
      parseIndex(
        `CREATE UNIQUE INDEX "on" ON "t (x)" (lower("a,b") DESC, c COLLATE NOCASE ASC, (d + 1)) WHERE e IS NOT NULL AND f = ')' `,
      ),
    ).toEqual({
      elements: ['lower("a,b")', "c COLLATE NOCASE", "(d + 1)"],
      where: "e IS NOT NULL AND f = ')'",
    });
    expect(parseIndex("CREATE INDEX i ON t(a)")).toEqual({ elements: ["a"], where: undefined });
  });
});
