import { describe, expect, test } from "vitest";
import { DropTable, insert, integer, MetaData, select, sql, string, Table, UniqueViolationError } from "../index.js";
import type { Connection } from "./connection.js";
import { FakeError, fakeEngine } from "./test-driver.js";

const users = new Table("users", new MetaData(), { id: integer().primaryKey(), name: string(50) });

describe("events of an engine", () => {
  test("tell what the driver is asked and what it answers", async () => {
    const { engine } = fakeEngine({ script: (word) => (word === "execute" ? { rows: [[1]] } : undefined) });
    const heard: unknown[] = [];
    engine.on("beforeExecute", (event) => {
      heard.push(event);
    });
    engine.on("afterExecute", (event) => heard.push(event));
    await using conn = await engine.connect();
    const statement = select(users.c.id).where(users.c.name.eq("a"));
    await conn.execute(statement);
    const [before, after] = heard as [object, { execution: object; durationMs: number }];
    expect(before).toEqual({
      connection: conn,
      statement,
      sql: "SELECT users.id FROM users WHERE users.name = ?",
      parameters: ["a"],
      batch: undefined,
      cached: false,
      compilation: { durationMs: expect.any(Number), at: expect.any(Number), kept: "yes" },
    });
    expect(after).toMatchObject({ rowCount: 1, rows: [[1]] });
    expect(after.execution).toBe(before);
    expect(after.durationMs).toBeGreaterThanOrEqual(0);
    await conn.execute(statement);
    expect(heard[2]).toMatchObject({ cached: true });
  });

  test("of a batch tell how many sets of parameters there are", async () => {
    const { engine } = fakeEngine({ flags: { insertMany: "executeMany" } });
    const batches: unknown[] = [];
    engine.on("beforeExecute", ({ batch, parameters }) => {
      batches.push([batch, parameters]);
    });
    await using conn = await engine.connect();
    await conn.execute(insert(users).values({ name: "a" }, { name: "b" }));
    expect(batches).toEqual([[2, [["a"], ["b"]]]]);
  });

  test("of a failure carry the toolkit's error", async () => {
    const { engine, driver } = fakeEngine();
    const errors: unknown[] = [];
    engine.on("error", ({ error, execution }) => errors.push(error, execution.sql));
    await using conn = await engine.connect();
    driver.script = () => {
      throw new FakeError("unique");
    };
    await expect(conn.execute(sql`A`)).rejects.toThrow(UniqueViolationError);
    expect(errors).toEqual([expect.any(UniqueViolationError), "A"]);
  });

  test("of a stream come at its beginning and its end", async () => {
    const { engine, driver } = fakeEngine();
    const heard: string[] = [];
    engine.on("beforeExecute", ({ sql: text }) => {
      heard.push(`before ${text}`);
    });
    engine.on("afterExecute", ({ rowCount }) => heard.push(`after ${rowCount}`));
    engine.on("error", ({ error }) => heard.push(`error ${(error as Error).name}`));
    await using conn = await engine.connect();
    driver.script = () => ({ columns: ["a"], rows: [[1], [2]] });
    for await (const _row of conn.stream(sql`A`));
    driver.script = (word) => {
      if (word === "fetch") throw new FakeError("data");
      return { columns: ["a"], rows: [[1]] };
    };
    await expect(conn.stream(sql`B`).scalars().next()).rejects.toThrow();
    expect(heard).toEqual(["before A", "after 2", "before B", "error DataError"]);
  });

  test("[EVT8] tell of transactions and savepoints", async () => {
    const { engine } = fakeEngine();
    const heard: string[] = [];
    const names = ["begin", "commit", "rollback", "savepoint", "releaseSavepoint", "rollbackSavepoint"] as const;
    for (const name of names)
      engine.on(name, ({ savepoint }) => heard.push(savepoint === undefined ? name : `${name} ${savepoint}`));
    await engine.begin(async (conn) => {
      await conn.transaction(async () => undefined);
      await conn.transaction(() => Promise.reject(new RangeError("no"))).catch(() => undefined);
    });
    expect(heard).toEqual([
      "begin",
      "savepoint acme_1",
      "releaseSavepoint acme_1",
      "savepoint acme_2",
      "rollbackSavepoint acme_2",
      "commit",
    ]);
  });

  test("[EVT1] stop coming to a listener that was taken away", async () => {
    const { engine } = fakeEngine();
    const heard: number[] = [];
    const stopFirst = engine.on("beforeExecute", () => {
      heard.push(1);
    });
    engine.on("beforeExecute", () => {
      heard.push(2);
    });
    await using conn = await engine.connect();
    await conn.execute(sql`A`);
    stopFirst();
    stopFirst();
    await conn.execute(sql`A`);
    expect(heard).toEqual([1, 2, 2]);
  });

  test("let a listener of beforeExecute forbid an execution", async () => {
    const { engine, driver } = fakeEngine();
    engine.on("beforeExecute", ({ sql: text }) => {
      if (text.startsWith("DROP")) throw new RangeError("not here");
    });
    await using conn = await engine.connect();
    await expect(conn.execute(sql`DROP TABLE t`)).rejects.toThrow("not here");
    await conn.execute(sql`A`);
    expect(driver.log).toEqual(["connect", "execute A"]);
  });
});

describe("echo", () => {
  const logged = async (
    options: Parameters<typeof fakeEngine>[0],
    work: (conn: Connection) => PromiseLike<unknown>,
  ) => {
    const lines: string[] = [];
    const { engine, driver } = fakeEngine({
      echoTo: (line) => lines.push(line.replace(/\d+\.\d (ms|s)/g, "N $1")),
      ...options,
    });
    await using conn = await engine.connect();
    driver.script = (word, text) => {
      if (text === "FAIL") throw new FakeError("unique", "duplicate");
      return word === "execute"
        ? {
            columns: ["a"],
            rows: [
              [1, "x"],
              [2n, new Uint8Array(3)],
            ],
          }
        : undefined;
    };
    await work(conn);
    return lines;
  };

  test("[EVT20] [EVT24] writes what was executed, with values, rows, time, and whether it was compiled anew", async () => {
    const lines = await logged({ echo: true }, async (conn) => {
      await conn.transaction(async () => {
        await conn.execute(sql`A ${1}, ${"text"}`);
        await conn.execute(sql`A ${2}, ${"text"}`);
      });
    });
    expect(lines).toEqual([
      "BEGIN",
      "A ?, ?",
      '  [1, "text"] 2 rows, N ms, compiled in N ms',
      "A ?, ?",
      '  [2, "text"] 2 rows, N ms, cached for N s',
      "COMMIT",
    ]);
  });

  test('[EVT20] writes rows too with "debug"', async () => {
    expect(await logged({ echo: "debug" }, (conn) => conn.execute(sql`A`).tuples())).toEqual([
      "A",
      "  2 rows, N ms, compiled in N ms",
      '  -> 1, "x"',
      "  -> 2n, <3 bytes>",
    ]);
  });

  test("writes failures, rollbacks and savepoints", async () => {
    const lines = await logged({ echo: true }, async (conn) => {
      await conn.begin();
      await conn.transaction(() => conn.execute(sql`FAIL`)).catch(() => undefined);
    });
    expect(lines).toEqual([
      "BEGIN",
      "SAVEPOINT acme_1",
      "FAIL",
      "  failed after N ms: UniqueViolationError: duplicate. A row with the same key is already there: choose another value, or update that row.",
      "ROLLBACK TO SAVEPOINT acme_1",
      // The test leaves the outer one open: the end of the connection's scope rolls it back.
      "ROLLBACK",
    ]);
  });

  test("[EVT25] keeps long values and long lists short", async () => {
    const lines = await logged({ echo: true }, (conn) =>
      conn.execute(sql`A ${"x".repeat(500)} ${Array.from({ length: 30 }, (_, i) => i)}`).tuples(),
    );
    expect(lines[1]).toMatch(/^ {2}\["x{57}\.\.\.", 0, 1, 2, 3, 4, 5, 6, 7, 8, \.\.\. 21 more\] /);
  });

  test("[ENG31] hides values when told to", async () => {
    const lines = await logged({ echo: "debug", hideParameters: true }, (conn) =>
      conn.execute(sql`A ${"secret"}`).tuples(),
    );
    expect(lines).toEqual(["A ?", "  [parameters hidden] 2 rows, N ms, compiled in N ms"]);
  });

  test("[EVT25] elides the parameter sets of a batch and the rows of a result", async () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ name: `name ${i}` }));
    const lines = await logged({ echo: true, flags: { insertMany: "executeMany" } }, (conn) =>
      conn.execute(insert(users).values(...many)),
    );
    expect(lines[2]).toMatch(/^ {2}40 parameter sets \[\["name 0"\], .*\["name 9"\], \.\.\. 30 more\] /);
    const rows: string[] = [];
    const { engine } = fakeEngine({
      echo: "debug",
      echoTo: (line) => rows.push(line),
      script: () => ({ columns: ["a"], rows: Array.from({ length: 25 }, (_, i) => [i]) }),
    });
    await using conn = await engine.connect();
    await conn.execute(sql`A`);
    expect(rows.slice(-2)).toEqual(["  -> 19", "  -> ... 5 more"]);
  });

  test("[EVT24] tells text that is not compiled, DDL that is not kept, and a cache that is off", async () => {
    const twice = async (conn: Connection): Promise<void> => {
      for (let i = 0; i < 2; i++) await conn.execute(select(users.c.id));
    };
    expect((await logged({ echo: true, compiledCache: 0 }, twice)).filter((_, i) => i % 2 === 1)).toEqual([
      "  2 rows, N ms, compiled in N ms, cache off",
      "  2 rows, N ms, compiled in N ms, cache off",
    ]);
    expect((await logged({ echo: true }, (conn) => conn.executeDriverSql("VACUUM")))[1]).toBe(
      "  2 rows, N ms, not compiled",
    );
    expect((await logged({ echo: true }, (conn) => conn.execute(new DropTable(users) as never)))[1]).toBe(
      "  2 rows, N ms, compiled in N ms, not kept",
    );
  });

  test("[EVT23] writes the engine's name in front", async () => {
    expect((await logged({ echo: true, name: "reports" }, (conn) => conn.execute(sql`A`)))[0]).toBe("[reports] A");
  });

  test("is silent without being asked", async () => {
    expect(await logged({}, (conn) => conn.execute(sql`A`))).toEqual([]);
  });
});
