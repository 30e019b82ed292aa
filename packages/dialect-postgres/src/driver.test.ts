import { describe, expect, inject, it } from "vitest";
import { ownDatabase } from "./test-database.js";

const { postgresql } = inject("databases");

describe.skipIf(!postgresql.available)("[postgresql] the driver", () => {
  const database = ownDatabase();

  it("executes", async () => {
    const c = await database.connect();
    expect(await c.execute("SELECT $1::int AS a, 'x' AS b, null AS c", [5], { prepare: true })).toEqual({ columns: ["a", "b", "c"], rows: [[5, "x", null]], rowCount: 1 });
    expect(await c.execute("SELECT $1::int AS a, 'x' AS b, null AS c", [6], { prepare: true })).toEqual({ columns: ["a", "b", "c"], rows: [[6, "x", null]], rowCount: 1 });
    expect(await c.execute("CREATE TABLE t (id int primary key, v text)", [], {})).toEqual({ columns: [], rows: [], rowCount: -1 });
    expect(await c.executeMany("INSERT INTO t VALUES ($1, $2) RETURNING id", Array.from({ length: 5000 }, (_, i) => [i, `v${i}`]), { prepare: true })).toMatchObject({ rowCount: 5000, columns: ["id"] });
    await expect(c.executeMany("INSERT INTO t VALUES ($1, $2)", [[5001, "a"], [1, "b"], [5002, "c"]], {})).rejects.toMatchObject({ code: "23505" });
    expect((await c.execute("SELECT count(*) FROM t", [], {})).rows).toEqual([[5000]]);
    c.begin({});
    await c.execute("INSERT INTO t VALUES ($1, $2)", [-1, "x"], { prepare: true });
    await c.rollback();
    expect((await c.execute("SELECT count(*) FROM t", [], {})).rows).toEqual([[5000]]);
    const seen: number[] = [];
    for await (const rows of c.stream("SELECT id FROM t ORDER BY id", [], { batchSize: 1000 })) seen.push(rows.length);
    expect(seen).toEqual([1000, 1000, 1000, 1000, 1000]);
    for await (const _rows of c.stream("SELECT id FROM t ORDER BY id", [], { batchSize: 1000, prepare: true })) break;
    for await (const _rows of c.stream("SELECT id FROM t ORDER BY id", [], { batchSize: 1000, prepare: true })) break;
    expect(await c.ping()).toBe(true);
    expect(c.serverVersion().version[0]).toBeGreaterThan(11);
    await expect(c.execute("SELECT pg_sleep(10)", [], { timeout: 50 })).rejects.toMatchObject({ code: "57014" });
    expect(await c.ping()).toBe(true);
  });
});
