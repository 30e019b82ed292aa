import { createEngine, sql } from "@acme/core";
import { describe, expect, inject, it } from "vitest";
import { deferrableByDefault, readOnlyByDefault, searchPath } from "./index.js";
import { ownDatabase } from "./test-support.js";

const { postgresql } = inject("databases");

describe.skipIf(!postgresql.available)("[postgresql] characteristics of a session", () => {
  const database = ownDatabase();

  it("[ENG30] a tenant's search path holds while the connection is lent, and not for the next", async () => {
    await using engine = createEngine(database.url, { pool: { max: 1 } });
    await engine.begin(async (conn) => {
      for (const schema of ['Tenant "1"', "tenant_2"]) {
        await conn.execute(sql`CREATE SCHEMA ${sql.identifier(schema)}`);
        await conn.execute(
          sql`CREATE TABLE ${sql.identifier(schema)}.names AS SELECT ${sql.text(`'${schema}'`)} AS name`,
        );
      }
    });
    for (const schema of ['Tenant "1"', "tenant_2"]) {
      const tenant = engine.withOptions({ characteristics: [searchPath(schema)] });
      await using conn = await tenant.connect();
      expect(await conn.execute(sql`SELECT name FROM names`).scalar()).toBe(schema);
    }
    await using conn = await engine.connect();
    await expect(conn.execute(sql`SELECT name FROM names`)).rejects.toThrow("does not exist");
  });

  it("[ENG30] read-only and deferrable transactions by default, which a transaction may overrule", async () => {
    await using engine = createEngine(database.url, { pool: { max: 1 } });
    {
      await using conn = await engine.connect({ characteristics: [readOnlyByDefault(), deferrableByDefault()] });
      const show = async (name: string) => conn.execute(sql.text(`SHOW ${name}`)).scalar();
      expect(await show("transaction_read_only")).toBe("on");
      expect(await show("transaction_deferrable")).toBe("on");
      await expect(conn.execute(sql`CREATE TABLE refused (id int)`)).rejects.toThrow("read-only");
      await conn.transaction(() => conn.execute(sql`CREATE TABLE taken (id int)`), { readOnly: false });
    }
    await using conn = await engine.connect();
    expect(await conn.execute(sql`SHOW transaction_read_only`).scalar()).toBe("off");
    expect(await conn.execute(sql`SHOW transaction_deferrable`).scalar()).toBe("off");
  });
});
