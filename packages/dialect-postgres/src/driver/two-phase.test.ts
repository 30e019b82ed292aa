import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../../../scripts/test-databases/embedded-postgres.js";
import { pgDriver } from "../driver.js";
import type { PostgresConnection } from "./connection.js";

// The tests' server refuses PREPARE TRANSACTION, as PostgreSQL does unless it is told otherwise.
let server: EmbeddedPostgres;
const open: PostgresConnection[] = [];
const connect = async () => {
  const connection = (await pgDriver.connect({
    host: "127.0.0.1",
    port: Number(new URL(server.url).port),
    username: "postgres",
    database: "postgres",
  })) as PostgresConnection;
  open.push(connection);
  return connection;
};

beforeAll(async () => {
  server = await startEmbeddedPostgres({ settings: { max_prepared_transactions: "5" } });
});
afterAll(async () => {
  await Promise.all(open.map((connection) => connection.close()));
  await server.stop();
});

describe("[postgresql] two-phase commit by the adapter", () => {
  let conn: PostgresConnection;
  const ids = async () => (await conn.execute("SELECT id FROM t ORDER BY id", [], {})).rows.map(([id]) => id);
  const store = (on: PostgresConnection, id: number) =>
    on.execute("INSERT INTO t VALUES ($1)", [id], { prepare: true });
  beforeAll(async () => {
    conn = await connect();
    await conn.execute("CREATE TABLE t (id INT PRIMARY KEY)", [], {});
  });

  it("commits what was prepared from another connection, after the first is gone", async () => {
    const first = await connect();
    await first.twoPhase.begin("it's \\ 1", { isolationLevel: "SERIALIZABLE" });
    await store(first, 1);
    await first.twoPhase.prepare("it's \\ 1");
    await first.close();
    expect(await ids()).toEqual([]);
    expect(await conn.twoPhase.recover()).toEqual(["it's \\ 1"]);
    await conn.twoPhase.commit("it's \\ 1", true);
    expect(await ids()).toEqual([1]);
    expect(await conn.twoPhase.recover()).toEqual([]);
  });

  it("rolls back what was prepared, and what was not", async () => {
    await conn.twoPhase.begin("b", {});
    await store(conn, 2);
    await conn.twoPhase.prepare("b");
    await conn.twoPhase.rollback("b", true);
    await conn.twoPhase.begin("c", {});
    await store(conn, 3);
    await conn.twoPhase.rollback("c", false);
    expect(await ids()).toEqual([1]);
  });

  it("commits in one phase what was not prepared", async () => {
    await conn.twoPhase.begin("d", {});
    await store(conn, 4);
    await conn.twoPhase.commit("d", false);
    expect(await ids()).toEqual([1, 4]);
  });

  it("does not call a transaction prepared that a failed statement has ended", async () => {
    await conn.twoPhase.begin("e", {});
    await expect(store(conn, 4)).rejects.toMatchObject({ code: "23505" });
    await expect(conn.twoPhase.prepare("e")).rejects.toMatchObject({ code: "TRANSACTION_ABORTED" });
    expect(await conn.twoPhase.recover()).toEqual([]);
    expect(await ids()).toEqual([1, 4]);
  });
});
