import { ConnectionLostError, createEngine, sql, UniqueViolationError } from "@acme/core";
import { describe, expect, inject, it } from "vitest";
import "./index.js";
import { ownDatabase } from "./test-support.js";

const { postgresql } = inject("databases");

describe.skipIf(!postgresql.available)("[postgresql] a COMMIT", () => {
  const database = ownDatabase();

  it("during which the server kills the session leaves the outcome unknown, and the pool whole", async () => {
    await using engine = createEngine(database.url, { pool: { max: 2 } });
    await using admin = await engine.connect();
    // A deferred trigger runs inside the COMMIT, which takes as long as it does.
    await admin.execute(sql`CREATE TABLE slow (id integer PRIMARY KEY)`);
    await admin.execute(sql`CREATE FUNCTION sleep_on_commit() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'`);
    await admin.execute(sql`CREATE CONSTRAINT TRIGGER slowly AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION sleep_on_commit()`);
    let session: unknown;
    const failed = engine
      .begin(async (conn) => {
        session = await conn.execute(sql`SELECT pg_backend_pid() AS pid`).scalar();
        await conn.execute(sql`INSERT INTO slow VALUES (1)`);
      })
      .catch((error: unknown) => error);
    const committing = sql`SELECT count(*) AS n FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'
      AND datname = current_database()`;
    while (Number(await admin.execute(committing).scalar()) === 0);
    await admin.execute(sql`SELECT pg_terminate_backend(${session}, 10000)`);
    const error = await failed;
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({ code: "COMMIT_OUTCOME_UNKNOWN", nativeCode: "57P01", statement: "COMMIT" });
    expect(await admin.execute(sql`SELECT count(*) AS n FROM slow`).scalar()).toSatisfy((n) => Number(n) === 0);
    expect(engine.poolStatus()).toMatchObject({ used: 1, pending: 0 });
    expect(await engine.begin((conn) => conn.execute(sql`SELECT 1 AS n`).scalar())).toBe(1);
  });

  it("that the server refuses is known to have failed", async () => {
    await using engine = createEngine(database.url);
    await using admin = await engine.connect();
    await admin.execute(sql`CREATE TABLE later (id integer UNIQUE DEFERRABLE INITIALLY DEFERRED)`);
    const error = await engine
      .begin(async (conn) => {
        await conn.execute(sql`INSERT INTO later VALUES (1), (1)`);
      })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UniqueViolationError);
    expect(error).toMatchObject({ code: "UNIQUE_VIOLATION", disconnected: false });
    expect(Number(await admin.execute(sql`SELECT count(*) AS n FROM later`).scalar())).toBe(0);
  });
});
