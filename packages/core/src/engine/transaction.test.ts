import { describe, expect, test } from "vitest";
import { ConnectionLostError, ResourceClosedError, SerializationError, sql, UniqueViolationError } from "../index.js";
import { FakeError, fakeEngine, type Script } from "./test-driver.js";

const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe.each([true, false])("transactions, with a driver that answers at once: %s", (synchronous) => {
  const open = async (script?: Script) => {
    const { engine, driver } = fakeEngine({ synchronous });
    const conn = await engine.connect();
    driver.log.length = 0;
    if (script !== undefined) driver.script = script;
    return { engine, driver, conn };
  };
  const failOn =
    (...words: string[]): Script =>
    (word) => {
      if (words.includes(word)) throw new FakeError("serialization", `${word} failed`);
      return undefined;
    };

  test("[ENG49] begin() opens one, commit() ends it", async () => {
    const { conn, driver } = await open();
    const tx = await conn.begin();
    await conn.execute(sql`A`);
    expect([tx.isActive, conn.inTransaction, conn.currentTransaction]).toEqual([true, true, tx]);
    await tx.commit();
    expect([tx.isActive, tx.ended, conn.inTransaction, conn.currentTransaction]).toEqual([
      false,
      true,
      false,
      undefined,
    ]);
    expect(driver.log).toEqual(["begin", "execute A", "commit"]);
  });

  test("[ENG52] a transaction that leaves its scope without commit is rolled back", async () => {
    const { conn, driver } = await open();
    {
      await using _tx = await conn.begin();
      await conn.execute(sql`A`);
    }
    {
      await using tx = await conn.begin();
      await tx.commit();
    }
    expect(driver.log).toEqual(["begin", "execute A", "rollback", "begin", "commit"]);
  });

  test("commit after the end is an error, rollback after the end does nothing", async () => {
    const { conn, driver } = await open();
    const tx = await conn.begin();
    await tx.commit();
    await expect(tx.commit()).rejects.toMatchObject({ code: "TRANSACTION_ENDED" });
    await tx.rollback();
    expect(driver.log).toEqual(["begin", "commit"]);
  });

  test("a second begin() is an error that names beginNested(), and disturbs nothing", async () => {
    const { conn, driver } = await open();
    await conn.begin();
    await expect(conn.begin()).rejects.toThrow(/A transaction is open.*beginNested\(\)/);
    expect(driver.log).toEqual(["begin"]);
    expect(conn.inTransaction).toBe(true);
  });

  test("[ENG50] beginNested() is a savepoint, released by commit and rolled back to by rollback", async () => {
    const { conn, driver } = await open();
    const tx = await conn.begin();
    const first = await conn.beginNested();
    await first.commit();
    const second = await conn.beginNested();
    await conn.execute(sql`A`);
    await second.rollback();
    await tx.commit();
    expect(driver.log).toEqual([
      "begin",
      "savepoint acme_1",
      "release acme_1",
      "savepoint acme_2",
      "execute A",
      "rollback to acme_2",
      "release acme_2",
      "commit",
    ]);
  });

  test("beginNested() without a transaction is an error", async () => {
    const { conn } = await open();
    await expect(conn.beginNested()).rejects.toMatchObject({ code: "NO_TRANSACTION" });
  });

  test("[ENG53] the connection tells in what it is", async () => {
    const { conn } = await open();
    const state = () => [conn.inTransaction, conn.inNestedTransaction, conn.currentTransaction?.savepoint];
    expect(state()).toEqual([false, false, undefined]);
    await conn.begin();
    expect(state()).toEqual([true, false, undefined]);
    const nested = await conn.beginNested();
    expect(state()).toEqual([true, true, "acme_1"]);
    expect(nested.parent).toBeDefined();
    await nested.commit();
    expect(state()).toEqual([true, false, undefined]);
  });

  test("the outer transaction cannot be committed over an open savepoint, but rolled back with it", async () => {
    const { conn, driver } = await open();
    const tx = await conn.begin();
    const nested = await conn.beginNested();
    await expect(tx.commit()).rejects.toMatchObject({ code: "NESTED_TRANSACTION_OPEN" });
    await tx.rollback();
    expect([nested.ended, conn.inTransaction]).toEqual([true, false]);
    await expect(nested.commit()).rejects.toMatchObject({ code: "TRANSACTION_ENDED" });
    expect(driver.log).toEqual(["begin", "savepoint acme_1", "rollback"]);
  });

  test("[ENG39] engine.begin() commits on return, rolls back on throw, and gives the connection back", async () => {
    const { engine, driver } = fakeEngine({ synchronous });
    expect(await engine.begin(async (conn) => (await conn.execute(sql`A`)).rowCount)).toBe(0);
    await expect(
      engine.begin(async (conn) => {
        await conn.execute(sql`B`);
        throw new RangeError("no");
      }),
    ).rejects.toThrow(RangeError);
    expect(driver.log).toEqual(["connect", "begin", "execute A", "commit", "begin", "execute B", "rollback"]);
    expect(engine.poolStatus()).toMatchObject({ idle: 1, used: 0 });
  });

  test("transaction() inside transaction() is a savepoint: its failure leaves the outer one whole", async () => {
    const { conn, driver } = await open();
    await conn.transaction(async () => {
      await conn.execute(sql`A`);
      await expect(
        conn.transaction(async () => {
          await conn.execute(sql`B`);
          throw new RangeError("inner");
        }),
      ).rejects.toThrow("inner");
      await conn.execute(sql`C`);
    });
    expect(driver.log).toEqual([
      "begin",
      "execute A",
      "savepoint acme_1",
      "execute B",
      "rollback to acme_1",
      "release acme_1",
      "execute C",
      "commit",
    ]);
  });

  test("a function that ends its transaction itself is left alone", async () => {
    const { conn, driver } = await open();
    await conn.transaction(async (_conn, tx) => tx.rollback());
    await conn.transaction(async (_conn, tx) => tx.commit());
    expect(driver.log).toEqual(["begin", "rollback", "begin", "commit"]);
  });

  test("what was executed without awaiting is part of the transaction", async () => {
    const { conn, driver } = await open();
    const begun = conn.begin();
    const execution = conn.execute(sql`A`);
    const tx = await begun;
    const committed = tx.commit();
    const outside = conn.execute(sql`B`);
    await Promise.all([execution, committed, outside]);
    expect(driver.log).toEqual(["begin", "execute A", "commit", "execute B"]);
  });

  test("an error of the function is what the caller gets, also when the rollback fails; the connection is not used again", async () => {
    const { engine, driver } = fakeEngine({ synchronous, pool: { max: 1 } });
    driver.script = failOn("rollback");
    await expect(engine.begin(() => Promise.reject(new RangeError("work")))).rejects.toThrow("work");
    expect(engine.poolStatus()).toMatchObject({ size: 0 });
    await engine.begin(async () => undefined);
    expect(driver.connections).toHaveLength(2);
  });

  test("a COMMIT that the database refuses rolls back and is the caller's error", async () => {
    const { conn, driver } = await open(failOn("commit"));
    await expect(conn.transaction(async () => 1)).rejects.toThrow(SerializationError);
    expect(driver.log).toEqual(["begin", "commit", "rollback"]);
    expect(conn.inTransaction).toBe(false);
  });

  test("a BEGIN that the database refuses leaves no transaction behind", async () => {
    const { conn, driver } = await open(failOn("begin"));
    await expect(conn.begin()).rejects.toMatchObject({ code: "SERIALIZATION_FAILURE", statement: "BEGIN" });
    expect(conn.inTransaction).toBe(false);
    driver.script = () => undefined;
    await (await conn.begin()).commit();
  });

  test("closing the connection rolls back what is open", async () => {
    const { conn, engine, driver } = await open();
    await conn.begin();
    await conn.beginNested();
    await conn.close();
    await conn.close();
    expect(driver.log).toEqual(["begin", "savepoint acme_1", "rollback"]);
    expect(engine.poolStatus()).toMatchObject({ idle: 1, used: 0 });
  });

  test("a closed connection refuses everything, and says why", async () => {
    const { conn } = await open();
    await conn.close();
    expect(conn.closed).toBe(true);
    for (const use of [
      () => conn.execute(sql`A`),
      () => conn.begin(),
      () => conn.executeDriverSql("A"),
      () => conn.stream(sql`A`).scalars().next(),
    ]) {
      await expect(use()).rejects.toThrow(ResourceClosedError);
    }
    expect(() => conn.driverConnection).toThrow(ResourceClosedError);
    await expect(conn.execute(sql`A`)).rejects.toThrow(/The connection is closed.*engine\.begin\(\)/);
  });

  test("what is executed after engine.begin() has returned is refused", async () => {
    const { engine } = fakeEngine({ synchronous });
    const kept = await engine.begin(async (conn) => conn);
    await expect(kept.execute(sql`A`)).rejects.toThrow(ResourceClosedError);
  });

  test("close() lets what was executed before it finish", async () => {
    const { conn, driver } = await open();
    const execution = conn.execute(sql`A`);
    await conn.close();
    expect((await execution).rowCount).toBe(0);
    expect(driver.log).toEqual(["execute A"]);
  });

  test("[ENG77] a lost connection is taken out of the pool, with all of its generation", async () => {
    const { engine, driver } = fakeEngine({ synchronous });
    const [lost, idle] = [await engine.connect(), await engine.connect()];
    await idle.close();
    const tx = await lost.begin();
    driver.script = () => {
      throw new FakeError("connectionLost", "server closed the connection");
    };
    const error = await lost.execute(sql`A`).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({
      disconnected: true,
      message: expect.stringContaining("repeat the whole transaction"),
    });
    expect([lost.invalidated, tx.isActive]).toEqual([true, false]);
    await turns();
    expect(driver.connections.map((each) => each.closed)).toEqual([true, true]);
    await expect(lost.execute(sql`B`)).rejects.toMatchObject({ code: "CONNECTION_INVALIDATED", cause: error });
    await expect(tx.commit()).rejects.toMatchObject({ code: "CONNECTION_INVALIDATED" });
    await tx.rollback();
    await lost.close();
    expect(engine.poolStatus()).toMatchObject({ size: 0 });
  });

  test("an error that costs one connection leaves the others", async () => {
    const { engine, driver } = fakeEngine({ synchronous });
    const [broken, other] = [await engine.connect(), await engine.connect()];
    driver.script = () => {
      throw new FakeError("statementTimeout", "killed", true);
    };
    await expect(broken.execute(sql`A`)).rejects.toMatchObject({ code: "STATEMENT_TIMEOUT" });
    expect([broken.invalidated, other.invalidated]).toEqual([true, false]);
    await other.close();
    await turns();
    expect(engine.poolStatus()).toMatchObject({ size: 1, idle: 1 });
  });

  test("a caught loss inside engine.begin() is not taken for success", async () => {
    const { engine, driver } = fakeEngine({ synchronous });
    const outcome = engine.begin(async (conn) => {
      driver.script = () => {
        throw new FakeError("connectionLost");
      };
      await conn.execute(sql`A`).catch(() => undefined);
      return "done";
    });
    await expect(outcome).rejects.toThrow(ResourceClosedError);
  });

  test("[ENG54] invalidate() gives a connection up", async () => {
    const { conn, engine, driver } = await open();
    conn.invalidate(new RangeError("suspicious"));
    expect(conn.invalidated).toBe(true);
    await expect(conn.execute(sql`A`)).rejects.toMatchObject({
      code: "CONNECTION_INVALIDATED",
      cause: { message: "suspicious" },
    });
    await conn.close();
    await engine.begin(async () => undefined);
    expect(driver.connections).toHaveLength(2);
  });

  test("[ENG23] an isolation level is given for a transaction, or for all of a connection", async () => {
    const { engine, driver } = fakeEngine({ synchronous });
    await engine.begin(async () => undefined, { isolationLevel: "SERIALIZABLE", readOnly: true });
    await using conn = await engine.connect({ isolationLevel: "REPEATABLE READ" });
    await conn.transaction(async () => undefined);
    await conn.transaction(async () => undefined, { isolationLevel: "READ COMMITTED" });
    expect(driver.log.filter((line) => line.startsWith("begin"))).toEqual([
      "begin SERIALIZABLE read only",
      "begin REPEATABLE READ",
      "begin READ COMMITTED",
    ]);
  });

  test("an error inside a transaction does not end it", async () => {
    const { conn, driver } = await open((_word, text) => {
      if (text === "A") throw new FakeError("unique");
      return undefined;
    });
    const tx = await conn.begin();
    await expect(conn.execute(sql`A`)).rejects.toThrow(UniqueViolationError);
    await conn.execute(sql`B`);
    await tx.commit();
    expect(driver.log).toEqual(["begin", "execute A", "execute B", "commit"]);
  });

  test("a connection that is lost during COMMIT leaves the outcome unknown, and says so", async () => {
    const script: Script = (word) => {
      if (word === "commit") throw new FakeError("connectionLost", "gone", true);
      return undefined;
    };
    const { engine } = fakeEngine({ script });
    const error = await engine.begin(async () => undefined).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({ code: "COMMIT_OUTCOME_UNKNOWN", statement: "COMMIT", disconnected: true });
    expect(String(error)).toMatch(/not known.*before you repeat/);
  });

  test("one of which the driver knew before that it was gone was not committed", async () => {
    const { engine, driver } = fakeEngine();
    const error = await engine
      .begin(async () => {
        (driver.connections[0] as { broken: boolean }).broken = true;
        driver.script = () => {
          throw new FakeError("connectionLost", "gone", true);
        };
      })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "CONNECTION_LOST" });
  });

  test("a ROLLBACK that is not answered costs the connection, and not the caller", async () => {
    const { engine, driver } = fakeEngine({ pool: { resetTimeout: 10 } });
    const why = new TypeError("the reason");
    const error = await engine
      .begin(async () => {
        (driver.connections[0] as { rollback(): Promise<void> }).rollback = () => new Promise(() => undefined);
        throw why;
      })
      .catch((caught: unknown) => caught);
    expect(error).toBe(why);
    expect(engine.poolStatus()).toMatchObject({ size: 0, used: 0 });
    expect(await engine.begin(async () => "next")).toBe("next");
  });
});
