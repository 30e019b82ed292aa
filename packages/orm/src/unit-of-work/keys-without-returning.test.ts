import { randomBytes } from "node:crypto";
import { createEngine, integer, select, sql, string } from "@acme/core";
import { MySQLDialect } from "@acme/dialect-mysql";
import { describe, expect, inject, test } from "vitest";
import { declarativeBase } from "../mapping/base.js";
import { Session } from "../session/session.js";

const { mariadb } = inject("databases");

/** MySQL has no RETURNING: MariaDB, whose InnoDB counts keys in the same way, is treated as if it had none. */
class WithoutReturning extends MySQLDialect {
  override forServer(): this {
    return this;
  }
}

const Base = declarativeBase();
class Thing extends Base.define("things", { id: integer().primaryKey(), name: string(20) }) {}

describe.skipIf(!mariadb.available)("[mariadb] new rows without RETURNING", () => {
  test("are inserted in pages, and each entity gets its own key", async () => {
    const name = `acme_orm_${randomBytes(5).toString("hex")}`;
    const server = mariadb.available ? mariadb.url : "";
    await using admin = createEngine(server);
    await using adminConn = await admin.connect();
    await adminConn.execute(sql.text(`CREATE DATABASE ${name}`));
    try {
      const url = new URL(server);
      url.pathname = `/${name}`;
      await using engine = createEngine(url.href, { dialect: new WithoutReturning("mysql", [8, 0, 36]) });
      await Base.metadata.createAll(engine);
      const inserts: string[] = [];
      engine.on("beforeExecute", ({ sql: text, batch }) => {
        if (text.startsWith("INSERT")) inserts.push(String(batch ?? 1));
      });
      await using session = new Session(engine);
      const things = Array.from({ length: 250 }, (_, i) => new Thing({ name: `n${(i * 77) % 250}` }));
      session.addAll(things);
      await session.commit();
      expect(inserts.length).toBeLessThan(5);
      const stored = new Map(await session.execute(select(Thing.c.id, Thing.c.name)).tuples());
      expect(things.map(({ id }) => stored.get(id))).toEqual(things.map((thing) => thing.name));
    } finally {
      await adminConn.execute(sql.text(`DROP DATABASE ${name}`));
    }
  });
});
