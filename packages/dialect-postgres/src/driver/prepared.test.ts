import { describe, expect, inject, it } from "vitest";
import { ownDatabase } from "../test-support.js";
import type { PostgresConnection } from "./connection.js";
import { noteSchemaChange, PreparedStatements } from "./prepared.js";

const { postgresql } = inject("databases");

describe("prepared statements of a session", () => {
  it("keep their names by text, and drop the one used longest ago", () => {
    const statements = new PreparedStatements(2);
    const a = statements.of("a");
    const b = statements.of("b");
    expect(statements.of("a")).toBe(a);
    const c = statements.of("c");
    expect(statements.takeDropped()).toEqual([b?.name]);
    expect(statements.takeDropped()).toEqual([]);
    expect(statements.of("c")).toBe(c);
    expect(statements.of("a")).toBe(a);
    expect(statements.of("b")).not.toBe(b);
  });

  it("are not made for a limit of 0, nor for huge texts", () => {
    expect(new PreparedStatements(0).of("a")).toBeUndefined();
    expect(new PreparedStatements(5).of("x".repeat(40_000))).toBeUndefined();
  });

  it("are made anew when the schema has changed", () => {
    const statements = new PreparedStatements(5);
    const before = statements.of("a");
    noteSchemaChange("INSERT 0 1");
    expect(statements.of("a")).toBe(before);
    noteSchemaChange("ALTER TABLE");
    expect(statements.of("a")).not.toBe(before);
    expect(statements.takeDropped()).toEqual([before?.name]);
  });
});

describe.skipIf(!postgresql.available)("[postgresql] prepared statements", () => {
  const database = ownDatabase();
  const prepare = { prepare: true };

  const known = async (connection: PostgresConnection): Promise<readonly unknown[]> => {
    const { rows } = await connection.execute(
      "SELECT statement FROM pg_prepared_statements WHERE statement NOT LIKE '%pg_prepared%' ORDER BY 1",
      [],
      {},
    );
    return rows.map(([text]) => text);
  };

  it("[PG9] are kept by text on the connection, and closed when there are too many", async () => {
    const connection = await database.connect({ preparedStatements: 2 });
    for (const n of [1, 2, 1, 3, 1])
      expect((await connection.execute(`SELECT $1::int + ${n}`, [10], prepare)).rows).toEqual([[10 + n]]);
    expect(await known(connection)).toEqual(["SELECT $1::int + 1", "SELECT $1::int + 3"]);
  });

  it("[PG9] are not used with prepare=false, nor for statements that ask for none", async () => {
    const pooled = await database.connect({ prepare: "false" });
    await pooled.execute("SELECT $1::int", [1], prepare);
    expect(await known(pooled)).toEqual([]);
    const connection = await database.connect();
    await connection.execute("SELECT $1::int", [1], { prepare: false });
    expect(await known(connection)).toEqual([]);
  });

  it("[PG54] are parsed again when the session has forgotten them", async () => {
    const connection = await database.connect();
    for (const forget of ["DEALLOCATE ALL", "DISCARD ALL", "DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$"]) {
      expect((await connection.execute("SELECT $1::int", [1], prepare)).rows).toEqual([[1]]);
      await connection.execute(forget, [], {});
      expect((await connection.execute("SELECT $1::int", [2], prepare)).rows).toEqual([[2]]);
    }
  });

  it("[PG54] are parsed again when another session altered the table, also as the first statement of a transaction", async () => {
    const connection = await database.connect();
    // What pg itself executes passes the adapter by, as what other processes execute does.
    const other = (await database.connect()).native as unknown as { query(sql: string): Promise<unknown> };
    await other.query("CREATE TABLE altered (a int); INSERT INTO altered VALUES (1)");
    const read = () => connection.execute("SELECT * FROM altered", [], prepare);
    expect((await read()).rows).toEqual([[1]]);
    await other.query("ALTER TABLE altered ADD b text DEFAULT 'x'");
    expect(await read()).toMatchObject({ columns: ["a", "b"], rows: [[1, "x"]] });
    await other.query("ALTER TABLE altered ADD c bool DEFAULT true");
    connection.begin({ isolationLevel: "REPEATABLE READ" });
    expect(await read()).toMatchObject({ columns: ["a", "b", "c"], rows: [[1, "x", true]] });
    expect((await connection.execute("SHOW transaction_isolation", [], {})).rows).toEqual([["repeatable read"]]);
    await connection.commit();
    connection.begin({});
    await connection.execute("SELECT 1", [], {});
    await other.query("ALTER TABLE altered DROP c");
    await expect(read()).rejects.toMatchObject({ code: "0A000" });
    await connection.rollback();
    expect((await read()).rows).toEqual([[1, "x"]]);
  });

  it("take the types of a table that was made anew under the same name", async () => {
    const connection = await database.connect();
    for (const [type, value] of [
      ["int", 1],
      ["text", "one"],
      ["real", 0.1],
      ["double precision", 1 / 3],
      ["bool", true],
    ] as const) {
      await connection.execute(`CREATE TABLE anew (v ${type})`, [], {});
      await connection.execute("INSERT INTO anew VALUES ($1)", [value], prepare);
      expect((await connection.execute("SELECT v FROM anew", [], prepare)).rows).toEqual([[value]]);
      await connection.execute("DROP TABLE anew", [], {});
    }
  });

  it("are forgotten when their first execution failed", async () => {
    const connection = await database.connect();
    await expect(connection.execute("SELECT 1 / $1::int", [0], prepare)).rejects.toMatchObject({ code: "22012" });
    await expect(connection.execute("SELECT no_such_column", [], prepare)).rejects.toMatchObject({ code: "42703" });
    expect((await connection.execute("SELECT 1 / $1::int", [1], prepare)).rows).toEqual([[1]]);
    expect(await known(connection)).toEqual(["SELECT 1 / $1::int"]);
  });
});
