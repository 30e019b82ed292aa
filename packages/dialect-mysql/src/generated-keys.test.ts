import { createEngine, insert, integer, MetaData, select, sql, string, Table } from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { MySQLDialect } from "./dialect.js";
import { provision, type TestDatabase } from "./test-support.js";

const { mariadb } = inject("databases");

/** MySQL has no RETURNING: MariaDB, whose InnoDB counts keys in the same way, is treated as if it had none. */
class WithoutReturning extends MySQLDialect {
  override forServer(): this {
    return this;
  }
}

describe.skipIf(!mariadb.available)("[mariadb] keys of many rows without RETURNING", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await provision(mariadb.available ? mariadb.url : "");
  });
  afterAll(() => database.drop());

  test.each([1, 3])("[RES22] follow the first one, in steps of auto_increment_increment = %i", async (step) => {
    await using engine = createEngine(database.url, { dialect: new WithoutReturning("mysql", [8, 0, 36]) });
    expect(engine.dialect.flags.insertReturning).toBe(false);
    const things = new Table("things", new MetaData(), { id: integer().primaryKey(), name: string(20) });
    await things.create(engine);
    try {
      await using conn = await engine.connect();
      await conn.execute(sql`SET SESSION auto_increment_increment = ${sql.text(String(step))}`);
      const rows = Array.from({ length: 250 }, (_, i) => ({ name: `n${(i * 77) % 250}` }));
      const result = await conn.execute(insert(things).valuesList(rows), undefined, { insertedKeys: true });
      const stored = new Map(await conn.execute(select(things.c.id, things.c.name)).tuples());
      const keys = result.insertedPrimaryKeyRows.map((key) => key?.id as number);
      expect(keys.map((key) => stored.get(key))).toEqual(rows.map(({ name }) => name));
      expect((keys[1] as number) - (keys[0] as number)).toBe(step);
    } finally {
      await things.drop(engine);
    }
  });
});
