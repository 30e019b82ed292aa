import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  CancelledError,
  insert,
  integer,
  MetaData,
  param,
  select,
  sql,
  string,
  Table,
  UniqueViolationError,
  update,
} from "../index.js";
import { FakeError, fakeEngine, type Script } from "./test-driver.js";

const metadata = new MetaData();
const users = new Table("users", metadata, { id: integer().primaryKey(), name: string(50) });
const byId = select(users.c.name).where(users.c.id.eq(param("id", integer())));

const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe.each([true, false])("executing, with a driver that answers at once: %s", (synchronous) => {
  const open = async ({ script }: { readonly script?: Script } = {}) => {
    const { engine, driver } = fakeEngine({ synchronous });
    const conn = await engine.connect();
    driver.log.length = 0;
    if (script !== undefined) driver.script = script;
    return { engine, driver, conn };
  };

  test("[ENG45] runs any statement, with values by name", async () => {
    const { conn, driver } = await open({ script: () => ({ rows: [["alice"]] }) });
    expect(await conn.execute(byId, { id: 5 }).all()).toEqual([{ name: "alice" }]);
    expect(await conn.execute(byId, { id: 6 }).one()).toEqual({ name: "alice" });
    expect(driver.log).toEqual([
      "execute SELECT users.name FROM users WHERE users.id = ? [5]",
      "execute SELECT users.name FROM users WHERE users.id = ? [6]",
    ]);
  });

  test("[ENG46] reads single values from the connection", async () => {
    const { conn } = await open({ script: () => ({ rows: [["a"], ["b"]] }) });
    expect(await conn.scalar(select(users.c.name))).toBe("a");
    expect(await conn.scalars(byId, { id: 1 })).toEqual(["a", "b"]);
  });

  test("[ENG47] hands text to the driver unchanged", async () => {
    const { conn, driver } = await open({ script: () => ({ columns: ["a", "b"], rows: [[1, 2]] }) });
    expect(await conn.executeDriverSql("SELECT $1::int AS a, :x", [1]).all()).toEqual([{ a: 1, b: 2 }]);
    expect(driver.log).toEqual(["execute SELECT $1::int AS a, :x [1]"]);
  });

  test("starts before anybody awaits it", async () => {
    const { conn, driver } = await open();
    const execution = conn.execute(byId, { id: 5 });
    expect(driver.log).toHaveLength(1);
    await execution;
  });

  test("keeps the order of executions that were not awaited, one call at a time", async () => {
    const { conn, driver } = await open();
    const all = [1, 2, 3].map((id) => conn.execute(byId, { id }).all());
    const text = conn.executeDriverSql("x").then((result) => result.rowCount);
    await Promise.all([...all, text]);
    expect(driver.log.map((line) => line.split(" ").at(-1))).toEqual(["[1]", "[2]", "[3]", "x"]);
    expect(driver.mostUnderWay).toBe(synchronous ? 0 : 1);
  });

  test("takes the values of the moment of the call", async () => {
    const { conn, driver } = await open();
    const given = { id: 1 };
    const first = conn.execute(byId, { id: 0 });
    const second = conn.execute(byId, given);
    given.id = 2;
    await Promise.all([first, second]);
    expect(driver.log.at(-1)).toContain("[1]");
  });

  test("can be awaited, caught and finished like a promise", async () => {
    const { conn, driver } = await open({ script: () => ({ rows: [["x"]] }) });
    expect((await conn.execute(byId, { id: 1 })).rowCount).toBe(1);
    let finished = 0;
    await conn.execute(byId, { id: 1 }).finally(() => {
      finished += 1;
    });
    driver.script = () => {
      throw new FakeError("unique");
    };
    expect(await conn.execute(byId, { id: 1 }).catch(() => "caught")).toBe("caught");
    expect(await conn.execute(byId, { id: 1 }).then(undefined, () => "rejected")).toBe("rejected");
    expect(finished).toBe(1);
  });

  test("transform() makes an execution of another result, and of what it throws a failure", async () => {
    const { conn } = await open({ script: () => ({ rows: [["x"]] }) });
    const { Result } = await import("./result.js");
    const counted = conn
      .execute(byId, { id: 1 })
      .transform((result) => new Result({ reader: undefined, rows: [], rowCount: result.rawRows.length + 10 }));
    expect((await counted).rowCount).toBe(11);
    const failing = conn.execute(byId, { id: 1 }).transform(() => {
      throw new RangeError("no");
    });
    await expect(failing.all()).rejects.toThrow(RangeError);
  });

  describe("failures", () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => {
      unhandled.push(error);
    };
    beforeEach(() => {
      unhandled.length = 0;
      process.on("unhandledRejection", note);
    });
    afterEach(() => {
      process.off("unhandledRejection", note);
    });
    const failing = () =>
      open({
        script: (word) => {
          if (word === "execute") throw new FakeError("unique");
          return undefined;
        },
      });

    test("that nobody reads are unhandled rejections, exactly once", async () => {
      const { conn } = await failing();
      conn.execute(byId, { id: 1 });
      await turns();
      expect(unhandled).toHaveLength(1);
      expect(unhandled[0]).toBeInstanceOf(UniqueViolationError);
    });

    test("of a reader that nobody awaits are unhandled rejections, exactly once", async () => {
      const { conn } = await failing();
      void conn.execute(byId, { id: 1 }).all();
      await turns();
      expect(unhandled).toHaveLength(1);
    });

    test("that are read are not unhandled", async () => {
      const { conn } = await failing();
      await expect(conn.execute(byId, { id: 1 }).all()).rejects.toThrow(UniqueViolationError);
      await expect(conn.execute(byId, { id: 1 })).rejects.toThrow(UniqueViolationError);
      await expect(conn.scalar(byId, { id: 1 })).rejects.toThrow(UniqueViolationError);
      await turns();
      expect(unhandled).toEqual([]);
    });

    test("of one execution do not keep the next from running", async () => {
      const { conn, driver } = await failing();
      const first = conn.execute(byId, { id: 1 });
      driver.script = (_word, _sql, [id]) => {
        if (id === 1) throw new FakeError("unique");
        return { rows: [["x"]] };
      };
      const second = conn.execute(byId, { id: 2 }).all();
      await expect(first).rejects.toThrow(UniqueViolationError);
      expect(await second).toEqual([{ name: "x" }]);
    });

    test("before the driver is asked are rejections too, never thrown", async () => {
      const { conn, driver } = await open();
      await expect(conn.execute(byId)).rejects.toMatchObject({ code: "PARAMETER_MISSING" });
      await expect(conn.execute("SELECT 1" as never)).rejects.toThrow(/A string cannot be executed.*sql`/);
      await expect(conn.execute({} as never)).rejects.toMatchObject({ code: "NOT_A_STATEMENT" });
      await expect(conn.execute(byId, { id: "x" as never })).rejects.toMatchObject({ code: "VALUE_REFUSED" });
      await expect(conn.execute(update(users))).rejects.toMatchObject({ code: "EMPTY_UPDATE" });
      await expect(conn.execute(byId, { id: 1 }, { timeout: 0 })).rejects.toMatchObject({ code: "BAD_TIMEOUT" });
      await expect(conn.execute(byId, [{ id: 1 }])).rejects.toMatchObject({ code: "MANY_PARAMETERS" });
      expect(driver.log).toEqual([]);
    });
  });

  describe("cancelling", () => {
    test("an aborted signal prevents the execution; the reason is the cause", async () => {
      const { conn, driver } = await open();
      const reason = new RangeError("enough");
      const error = await conn
        .execute(byId, { id: 1 }, { signal: AbortSignal.abort(reason) })
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(CancelledError);
      expect(error).toMatchObject({ cause: reason, statement: "SELECT users.name FROM users WHERE users.id = ?" });
      expect(driver.log).toEqual([]);
    });

    test("signal and time limit reach the driver", async () => {
      const { conn, driver } = await open();
      const { signal } = new AbortController();
      await conn.execute(byId, { id: 1 }, { signal, timeout: 250 });
      expect(driver.executeOptions[0]).toMatchObject({ signal, timeout: 250, prepare: true, returnsRows: true });
    });

    test("what the database calls cancelled is a timeout when there was a limit, and cancelled when the signal fired", async () => {
      const controller = new AbortController();
      const { conn } = await open({
        script: (_word, _sql, [id]) => {
          if (id === 2) controller.abort(new RangeError("stop"));
          throw new FakeError("cancelled", "canceling statement due to user request");
        },
      });
      await expect(conn.execute(byId, { id: 1 }, { timeout: 10 })).rejects.toMatchObject({ code: "STATEMENT_TIMEOUT" });
      await expect(conn.execute(byId, { id: 2 }, { timeout: 10, signal: controller.signal })).rejects.toMatchObject({
        code: "CANCELLED",
        cause: { message: "stop" },
      });
      await expect(conn.execute(byId, { id: 3 })).rejects.toMatchObject({ code: "CANCELLED" });
    });
  });

  test("tells the driver what it knows of the statement", async () => {
    const { conn, driver } = await open();
    await conn.execute(byId, { id: 1 });
    await conn.execute(sql`SELECT ${1}`);
    await conn.execute(sql`VACUUM`);
    await conn.execute(insert(users).values({ name: "x" }));
    expect(driver.executeOptions.map(({ returnsRows, prepare }) => [returnsRows, prepare])).toEqual([
      [true, true],
      [undefined, true],
      [undefined, undefined],
      [false, true],
    ]);
  });
});

test("an execution that waits for its turn is cancelled before it starts", async () => {
  const { engine, driver } = fakeEngine();
  const conn = await engine.connect();
  const controller = new AbortController();
  const first = conn.execute(byId, { id: 1 });
  const second = conn.execute(byId, { id: 2 }, { signal: controller.signal });
  controller.abort();
  await first;
  await expect(second).rejects.toThrow(CancelledError);
  expect(driver.log.filter((line) => line.startsWith("execute"))).toHaveLength(1);
});
