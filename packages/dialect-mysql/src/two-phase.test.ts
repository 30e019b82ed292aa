import { parseUrl } from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { MySQLConnection } from "./connection.js";
import { mysql2Driver } from "./index.js";
import { provision, type TestDatabase } from "./test-support.js";

const { mariadb } = inject("databases");

describe.skipIf(!mariadb.available)("[mariadb] two-phase commit by the adapter", () => {
  let database: TestDatabase;
  let conn: MySQLConnection;
  const open: MySQLConnection[] = [];
  const connect = async () => {
    const connection = (await mysql2Driver.connect(parseUrl(database.url).connectOptions)) as MySQLConnection;
    open.push(connection);
    return connection;
  };
  const ids = async () => (await conn.execute("SELECT id FROM t ORDER BY id", [], {})).rows.map(([id]) => id);
  const store = (on: MySQLConnection, id: number) => on.execute("INSERT INTO t VALUES (?)", [id], {});
  // Names are the whole server's.
  const name = (text: string) => `${text} it's \\ ${database.url.slice(-12)}`;

  beforeAll(async () => {
    database = await provision(mariadb.available ? mariadb.url : "");
    conn = await connect();
    await conn.execute("CREATE TABLE t (id INT PRIMARY KEY)", [], {});
  });
  afterAll(async () => {
    await Promise.all(open.map((connection) => connection.close()));
    // What a failed test has left prepared would keep the database from being dropped, for ever.
    const last = await connect();
    for (const id of await last.twoPhase.recover()) {
      if (id.endsWith(database.url.slice(-12))) await last.twoPhase.rollback(id, true);
    }
    await last.close();
    await database.drop();
  });

  test("commits what was prepared from another connection, after the first is gone", async () => {
    const first = await connect();
    await first.twoPhase.begin(name("a"), { isolationLevel: "READ COMMITTED" });
    await store(first, 1);
    await first.twoPhase.prepare(name("a"));
    await first.close();
    expect(await ids()).toEqual([]);
    expect(await conn.twoPhase.recover()).toContain(name("a"));
    // The server gives the transaction free when it has heard that the connection has ended.
    await expect
      .poll(() =>
        Promise.resolve(conn.twoPhase.commit(name("a"), true)).then(
          () => "done",
          () => "not yet",
        ),
      )
      .toBe("done");
    expect(await ids()).toEqual([1]);
    expect(await conn.twoPhase.recover()).not.toContain(name("a"));
  });

  test("rolls back what was prepared, and what was not; commits in one phase", async () => {
    await conn.twoPhase.begin(name("b"), {});
    await store(conn, 2);
    await conn.twoPhase.prepare(name("b"));
    await conn.twoPhase.rollback(name("b"), true);
    await conn.twoPhase.begin(name("c"), {});
    await store(conn, 3);
    await conn.twoPhase.rollback(name("c"), false);
    expect(await ids()).toEqual([1]);
    await conn.twoPhase.begin(name("d"), {});
    await store(conn, 4);
    await conn.twoPhase.commit(name("d"), false);
    expect(await ids()).toEqual([1, 4]);
  });

  test("a connection that goes back to the pool rolls back what is open, and keeps what is prepared by ending itself", async () => {
    const one = await connect();
    await one.twoPhase.begin(name("e"), {});
    await store(one, 5);
    await one.reset();
    expect(await ids()).toEqual([1, 4]);
    expect(await one.ping()).toBe(true);
    await one.twoPhase.begin(name("f"), {});
    await store(one, 6);
    await one.twoPhase.prepare(name("f"));
    await one.reset();
    expect(one.broken).toBe(true);
    expect(await conn.twoPhase.recover()).toContain(name("f"));
    await expect
      .poll(() =>
        Promise.resolve(conn.twoPhase.rollback(name("f"), true)).then(
          () => "done",
          () => "not yet",
        ),
      )
      .toBe("done");
    expect(await ids()).toEqual([1, 4]);
  });

  test("a read-only transaction of XA is refused", async () => {
    await expect(Promise.resolve(conn.twoPhase.begin(name("g"), { readOnly: true }))).rejects.toThrow(/read only/);
  });
});
