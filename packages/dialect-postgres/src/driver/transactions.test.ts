import { describe, expect, inject, it } from "vitest";
import { ownDatabase } from "../test-support.js";
import type { PostgresConnection } from "./connection.js";

const { postgresql } = inject("databases");

/** The types of the messages that a connection sends, as pg writes them: P parse, B bind, E execute, S sync, Q query. */
function sentBy(connection: PostgresConnection): { take(): readonly string[] } {
  const { connection: wire } = connection.native as unknown as {
    connection: Record<string, (message: unknown) => unknown>;
  };
  let texts: string[] = [];
  for (const method of ["parse", "query", "sync"]) {
    const original = (wire[method] as (message: unknown) => unknown).bind(wire);
    wire[method] = (message) => {
      texts.push(
        method === "sync" ? "sync" : typeof message === "string" ? message : (message as { text: string }).text,
      );
      return original(message);
    };
  }
  return {
    take: () => {
      const taken = texts;
      texts = [];
      return taken;
    },
  };
}

describe.skipIf(!postgresql.available)("[postgresql] transactions", () => {
  const database = ownDatabase();
  let tables = 0;

  async function fresh() {
    const connection = await database.connect();
    tables += 1;
    const table = `tx_${tables}`;
    await connection.execute(`CREATE TABLE ${table} (id int PRIMARY KEY)`, [], {});
    const sent = sentBy(connection);
    return {
      connection,
      sent,
      insert: (id: number) => connection.execute(`INSERT INTO ${table} VALUES ($1)`, [id], {}),
      ids: async () => (await connection.execute(`SELECT id FROM ${table} ORDER BY id`, [], {})).rows.map(([id]) => id),
    };
  }

  it("send BEGIN together with the first statement, and nothing when there is none", async () => {
    const { connection, sent, insert, ids } = await fresh();
    sent.take();
    connection.begin({});
    await insert(1);
    expect(sent.take().map((text) => text.slice(0, 6))).toEqual(["BEGIN", "INSERT", "sync"]);
    await connection.commit();
    expect(sent.take()).toEqual(["COMMIT", "sync"]);
    connection.begin({});
    await connection.commit();
    connection.begin({});
    await connection.rollback();
    expect(sent.take()).toEqual([]);
    expect(await ids()).toEqual([1]);
  });

  it("[ENG50] savepoints keep what was before them, and cost no round trip of their own", async () => {
    const { connection, sent, insert, ids } = await fresh();
    sent.take();
    connection.begin({});
    await insert(1);
    await connection.savepoint("a");
    await insert(2);
    expect(sent.take().filter((text) => text === "sync")).toHaveLength(2);
    await connection.rollbackToSavepoint("a");
    await connection.releaseSavepoint("a");
    await connection.savepoint("b");
    await insert(3);
    await expect(insert(3)).rejects.toMatchObject({ code: "23505" });
    await connection.rollbackToSavepoint("b");
    await insert(4);
    await connection.savepoint("unused");
    await connection.releaseSavepoint("unused");
    await connection.savepoint('na"me');
    await connection.rollbackToSavepoint('na"me');
    await insert(5);
    await connection.rollbackToSavepoint('na"me');
    await connection.commit();
    expect(await ids()).toEqual([1, 4]);
  });

  it("a savepoint before the first statement survives a rollback to it", async () => {
    const { connection, insert, ids } = await fresh();
    connection.begin({});
    await connection.savepoint("a");
    await connection.savepoint("b");
    await connection.rollbackToSavepoint("a");
    await insert(1);
    await connection.rollbackToSavepoint("a");
    await insert(2);
    await connection.commit();
    expect(await ids()).toEqual([2]);
  });

  it("a commit after a failed statement is refused instead of silently rolling back", async () => {
    const { connection, insert, ids } = await fresh();
    connection.begin({});
    await insert(1);
    await expect(insert(1)).rejects.toMatchObject({ code: "23505" });
    await expect(connection.commit()).rejects.toMatchObject({ code: "TRANSACTION_ABORTED" });
    expect(await ids()).toEqual([]);
  });

  it("[PG2] begin with every isolation level that PostgreSQL has, and refuse the others", async () => {
    const { connection } = await fresh();
    const level = async () => (await connection.execute("SHOW transaction_isolation", [], {})).rows[0]?.[0];
    for (const isolationLevel of ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"] as const) {
      connection.begin({ isolationLevel });
      expect(await level()).toBe(isolationLevel.toLowerCase());
      await connection.rollback();
    }
    expect(() => connection.begin({ isolationLevel: "SNAPSHOT" })).toThrow(/no isolation level SNAPSHOT.*SERIALIZABLE/);
    connection.setIsolationLevel("SERIALIZABLE");
    connection.begin({});
    expect(await level()).toBe("serializable");
    await connection.rollback();
    await connection.reset();
    connection.begin({});
    expect(await level()).toBe("read committed");
    await connection.rollback();
  });

  it("do not lose their BEGIN to a statement that was refused before it was sent", async () => {
    const { connection, insert, ids } = await fresh();
    connection.begin({});
    const signal = AbortSignal.abort();
    await expect(connection.execute("SELECT 1", [], { signal, prepare: true })).rejects.toMatchObject({
      code: "CANCELLED",
    });
    await expect(connection.execute("SELECT $1", ["\0"], {})).rejects.toMatchObject({ code: "NUL_CHARACTER" });
    await insert(1);
    await connection.rollback();
    expect(await ids()).toEqual([]);
  });

  it("[PG3] can be read only and deferrable", async () => {
    const { connection, insert } = await fresh();
    connection.begin({ readOnly: true, deferrable: true, isolationLevel: "SERIALIZABLE" });
    await expect(insert(1)).rejects.toMatchObject({ code: "25006" });
    await connection.rollback();
    connection.begin({ readOnly: false });
    await insert(1);
    await connection.commit();
  });

  it("[POOL17] are rolled back when the connection is reset, which costs nothing when none is open", async () => {
    const { connection, sent, insert, ids } = await fresh();
    sent.take();
    expect(connection.reset()).toBeUndefined();
    connection.begin({});
    expect(connection.reset()).toBeUndefined();
    expect(sent.take()).toEqual([]);
    connection.begin({});
    await insert(1);
    await connection.reset();
    connection.begin({});
    await expect(connection.execute("SELECT no_such_column", [], {})).rejects.toMatchObject({ code: "42703" });
    await connection.reset();
    expect(await ids()).toEqual([]);
  });

  it("[ENG26] statements outside of a transaction commit by themselves, those included that allow no transaction", async () => {
    const { connection, insert, ids } = await fresh();
    await insert(1);
    const other = await database.connect();
    expect(
      (
        await other.execute(
          "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()",
          [],
          {},
        )
      ).rows,
    ).toEqual([[0]]);
    await connection.execute("VACUUM", [], {});
    await connection.execute("VACUUM", [], { prepare: false });
    expect(await ids()).toEqual([1]);
  });

  it("[PG12] notices of the server reach those who listen on the native client", async () => {
    const { connection } = await fresh();
    const heard: string[] = [];
    (connection.native as unknown as { on(event: string, listener: (notice: { message: string }) => void): void }).on(
      "notice",
      ({ message }) => heard.push(message),
    );
    await connection.execute("DO $$ BEGIN RAISE NOTICE 'hello'; END $$", [], {});
    expect(heard).toEqual(["hello"]);
  });
});
