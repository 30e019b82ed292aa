import { describe, expect, test } from "vitest";
import { integer, MetaData, select, Table } from "../index.js";
import { fakeEngine } from "./test-driver.js";

const users = new Table("users", new MetaData(), { id: integer().primaryKey() });

describe("the cache of compiled statements", () => {
  test("[CMP4] tells how often it had a statement, how often not, and how many it keeps", async () => {
    const { engine } = fakeEngine({ compiledCache: 2 });
    expect(engine.compiledCacheStatus()).toEqual({ hits: 0, misses: 0, size: 0, capacity: 2 });
    await using conn = await engine.connect();
    for (const id of [1, 2, 3]) await conn.execute(select(users.c.id).where(users.c.id.eq(id)));
    expect(engine.compiledCacheStatus()).toEqual({ hits: 2, misses: 1, size: 1, capacity: 2 });
    await conn.execute(select(users.c.id));
    // Engines of one core have one cache.
    expect(engine.withOptions({ timeout: 5 }).compiledCacheStatus()).toMatchObject({ hits: 2, misses: 2, size: 2 });
    engine.clearCompiledCache();
    await conn.execute(select(users.c.id));
    expect(engine.compiledCacheStatus()).toEqual({ hits: 2, misses: 3, size: 1, capacity: 2 });
  });

  test("[CMP4] is told with each statement of the log, and as a whole when the engine is disposed", async () => {
    const lines: string[] = [];
    const { engine } = fakeEngine({ echo: true, name: "shop", echoTo: (line) => lines.push(line) });
    {
      await using conn = await engine.connect();
      await conn.execute(select(users.c.id));
      await conn.execute(select(users.c.id));
    }
    await engine.dispose();
    expect(lines).toEqual([
      "[shop] SELECT users.id FROM users",
      expect.stringMatching(/, compiled in \d+\.\d ms$/),
      "[shop] SELECT users.id FROM users",
      expect.stringMatching(/, cached for \d+\.\d s$/),
      "[shop] disposed; compiled statements: found 1, made 1, kept 1 of 500",
    ]);
  });
});
