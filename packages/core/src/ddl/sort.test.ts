import { describe, expect, test } from "vitest";
import { integer, MetaData, sortTables, Table } from "../index.js";

/** Tables from a text: `"a>b c>a b"` are a table a that refers to b, c to a, and b to nothing; `a>b!` does so with useAlter. */
function tables(text: string) {
  const metadata = new MetaData();
  for (const word of text.split(" ")) {
    const [name = "", targets] = word.split(">");
    const columns = Object.fromEntries(
      (targets?.split(",") ?? []).map((target) => [
        `to_${target}`,
        integer().references(`${target.replace("!", "")}.id`, target.endsWith("!") ? { useAlter: true } : {}),
      ]),
    );
    new Table(name, metadata, { id: integer().primaryKey(), ...columns });
  }
  return [...metadata.tables.values()];
}

function sorted(text: string): string {
  const { tables: order, late } = sortTables(tables(text));
  const keys = late.map((key) => `${key.table.name}>${key.targetTable.name}`);
  return [order.map((table) => table.name).join(" "), ...(keys.length > 0 ? [keys.join(" ")] : [])].join(" | ");
}

describe("the order of tables", () => {
  test("[DDL15] each table stands after those that it refers to", () => {
    expect(sorted("c>b b>a a")).toBe("a b c");
    expect(sorted("d>b,c c>a b>a a")).toBe("a b c d");
  });

  test("[DDL18] tables that do not depend on each other keep their order", () => {
    expect(sorted("z y x")).toBe("z y x");
    expect(sorted("z y>a x a")).toBe("z a y x");
  });

  test("a table that refers to itself is no circle", () => {
    expect(sorted("a>a b>b,a")).toBe("a b");
  });

  test("[DDL16] a circle is cut at one key, which comes late", () => {
    expect(sorted("a>b b>a")).toBe("a b | a>b");
    expect(sorted("a>b b>c c>a")).toBe("a c b | a>b");
  });

  test("[DDL16] a circle is cut where few keys have to wait", () => {
    expect(sorted("a>b,c b>c,a c>a")).toBe("c a b | c>a a>b");
    expect(sorted("hub>a,b,c a>hub b>hub c>a")).toBe("a c hub b | a>hub hub>b");
    expect(sorted("a>b b>c c>d d>a")).toBe("a d c b | a>b");
  });

  test("[DDL16] tables around a circle stand before or after it, and no other key is cut", () => {
    expect(sorted("top>a a>b,base b>a base")).toBe("base a b top | a>b");
    expect(sorted("p>q q>p a>p,b b>a")).toBe("p q a b | p>q a>b");
  });

  test("[DDL16] a key with useAlter is no dependency and always comes late", () => {
    expect(sorted("a>b! b")).toBe("a b | a>b");
    expect(sorted("a>b! b>a")).toBe("a b | a>b");
  });

  test("keys to tables outside of the list are no dependencies", () => {
    const [a, b] = tables("a>b b>c c>a");
    expect(sortTables([a as never, b as never])).toMatchObject({ tables: [b, a], late: [] });
  });

  test("a long chain of tables is sorted", () => {
    const names = Array.from({ length: 1000 }, (_, i) => (i === 999 ? `t${i}` : `t${i}>t${i + 1}`));
    expect(sortTables(tables(names.join(" "))).tables[0]?.name).toBe("t999");
  });
});
