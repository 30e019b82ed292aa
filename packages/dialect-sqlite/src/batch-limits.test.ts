import { createEngine, insert, integer, MetaData, Table } from "@acme/core";
import { describe, expect, test } from "vitest";
import "./index.js";

const metadata = new MetaData();
const points = new Table("points", metadata, { id: integer().primaryKey(), x: integer(), y: integer() });

describe("[sqlite] many rows in one INSERT", () => {
  test("[LT11] come in statements of as many parameters as SQLite takes, with the keys in the order of the rows", async () => {
    await using engine = createEngine("sqlite://");
    await metadata.createAll(engine);
    await using conn = await engine.connect();
    const { maxParameters } = engine.dialect.flags;
    // The flag is SQLite's own limit (SQLITE_MAX_VARIABLE_NUMBER), as of every version with RETURNING.
    const ask = (count: number) => {
      const values = Array.from({ length: count }, () => 1);
      return conn.executeDriverSql(`SELECT 1 IN (${values.map(() => "?").join()})`, values).scalar();
    };
    expect(await ask(maxParameters)).toBe(1);
    await expect(ask(maxParameters + 1)).rejects.toThrow(/too many SQL variables/i);
    const sizes: number[] = [];
    conn.on("beforeExecute", ({ sql, parameters, batch }) => {
      if (sql.startsWith("INSERT")) sizes.push((sql.match(/\?/g) ?? []).length, batch ?? 0, parameters.length);
    });
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ x: i, y: -i }));
    const found = await conn
      .execute(insert(points).valuesList(rows).returning(points.c.id, points.c.x), undefined, { pageRows: 1_000_000 })
      .tuples();
    expect(found).toEqual(rows.map(({ x }) => [x + 1, x]));
    expect(Math.max(...sizes.filter((_, i) => i % 3 === 0))).toBeLessThanOrEqual(maxParameters);
    expect(sizes.length / 3).toBeGreaterThan(1);
  });
});
