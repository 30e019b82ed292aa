import { describe, expect, test } from "vitest";
import {
  CancelledError,
  type Connection,
  ConnectionLostError,
  DeadlockError,
  InvalidRequestError,
  type RetryOptions,
  SerializationError,
  sql,
} from "../index.js";
import { FakeError, fakeEngine } from "./test-driver.js";

const fast: RetryOptions = { delay: 1, maxDelay: 1 };

/** An engine whose statement "work" fails a number of times, with errors of these kinds. */
function failing(...failures: (FakeError | undefined)[]) {
  const { engine, driver } = fakeEngine({ synchronous: true });
  driver.script = (word, text) => {
    if (word !== "execute" || text !== "work") return undefined;
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return { rowCount: 1 };
  };
  return { engine, driver };
}

const work = async (conn: Connection): Promise<string> => {
  await conn.execute(sql`work`);
  return "done";
};

describe("a transaction that is repeated", () => {
  test("begins anew after a deadlock and a serialization failure, each time on a connection in order", async () => {
    const { engine, driver } = failing(new FakeError("deadlock"), new FakeError("serialization"));
    const events: number[] = [];
    const retry = { ...fast, onRetry: ({ attempt }: { attempt: number }) => events.push(attempt) };
    expect(await engine.begin(work, { retry })).toBe("done");
    expect(driver.log.filter((line) => line !== "connect")).toEqual([
      "begin",
      "execute work",
      "rollback",
      "begin",
      "execute work",
      "rollback",
      "begin",
      "execute work",
      "commit",
    ]);
    expect(events).toEqual([1, 2]);
    expect(engine.poolStatus().used).toBe(0);
  });

  test("is repeated on its connection by conn.transaction", async () => {
    const { engine } = failing(new FakeError("deadlock"));
    await using conn = await engine.connect();
    expect(await conn.transaction(work, { retry: fast })).toBe("done");
  });

  test("is not repeated unless that is asked for, nor for other errors", async () => {
    await expect(failing(new FakeError("deadlock")).engine.begin(work)).rejects.toThrow(DeadlockError);
    const { engine, driver } = failing(new FakeError("unique"));
    await expect(engine.begin(work, { retry: fast })).rejects.toThrow();
    expect(driver.log.filter((line) => line === "begin")).toHaveLength(1);
  });

  test("fails with the last error when it has been attempted often enough", async () => {
    const { engine, driver } = failing(...Array.from({ length: 9 }, () => new FakeError("serialization")));
    await expect(engine.begin(work, { retry: { ...fast, attempts: 3 } })).rejects.toThrow(SerializationError);
    expect(driver.log.filter((line) => line === "begin")).toHaveLength(3);
    await expect(engine.begin(work, { retry: { attempts: 0 } })).rejects.toThrow(InvalidRequestError);
  });

  test("cannot be a savepoint: the database has given up the whole transaction", async () => {
    const { engine } = failing();
    await engine.begin(async (conn) => {
      await expect(conn.transaction(work, { retry: true })).rejects.toMatchObject({ code: "RETRY_NESTED" });
    });
  });

  test("is repeated when COMMIT reports a serialization failure, but not when nobody knows whether it committed", async () => {
    const { engine, driver } = fakeEngine({ synchronous: true });
    let failure: FakeError | undefined = new FakeError("serialization");
    driver.script = (word) => {
      if (word !== "commit" || failure === undefined) return undefined;
      const thrown = failure;
      failure = undefined;
      throw thrown;
    };
    const always = { ...fast, when: () => true };
    expect(await engine.begin(work, { retry: fast })).toBe("done");
    expect(driver.log.filter((line) => line === "begin")).toHaveLength(2);
    failure = new FakeError("connectionLost", "gone", true);
    await expect(engine.begin(work, { retry: always })).rejects.toThrow(ConnectionLostError);
  });

  test("gets a new connection where the old one was lost before COMMIT, if the caller finds that worth it", async () => {
    const { engine, driver } = failing(new FakeError("connectionLost", "gone", true));
    const retry = { ...fast, when: (error: unknown) => error instanceof ConnectionLostError };
    expect(await engine.begin(work, { retry })).toBe("done");
    expect(driver.connections).toHaveLength(2);
    await using conn = await failing(new FakeError("connectionLost", "gone", true)).engine.connect();
    await expect(conn.transaction(work, { retry })).rejects.toThrow(ConnectionLostError);
  });

  test("is not repeated when the function itself has committed", async () => {
    const { engine } = failing(new FakeError("deadlock"));
    const ended = engine.begin(
      async (conn, transaction) => {
        await transaction.commit();
        await work(conn);
      },
      { retry: fast },
    );
    await expect(ended).rejects.toThrow(DeadlockError);
  });

  test("ends its wait when the signal fires", async () => {
    const { engine } = failing(new FakeError("deadlock"));
    const controller = new AbortController();
    const reason = new Error("enough");
    const retry = { delay: 1e9, maxDelay: 1e9, onRetry: () => setTimeout(() => controller.abort(reason), 1) };
    const cancelled = engine.begin(work, { retry, signal: controller.signal });
    await expect(cancelled).rejects.toThrow(CancelledError);
    await expect(cancelled).rejects.toMatchObject({ cause: reason });
  });
});
