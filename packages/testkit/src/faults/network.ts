import { ConnectionLostError, PoolTimeoutError, StatementTimeoutError } from "@acme/core";
import { expect } from "vitest";
import { type FaultChapter, failureOf, until } from "./context.js";
import { balanceOf, countTransfers, manyRows, transfer } from "./ledger.js";
import type { Link } from "./proxy.js";

/** The network between the program and the server breaks, or swallows what is sent. */
export const networkChapter: FaultChapter = {
  title: "a network",
  declare(context) {
    const { admin, test } = context;
    const impatient = { connection: { options: context.target.impatient ?? {} } };

    test("that is cut while connections idle: the pool replaces them", ["network"], async () => {
      const { proxy, engine } = await context.network({ pool: { max: 2, prePing: true } });
      const [first, second] = [await engine.connect(), await engine.connect()];
      await Promise.all([first.close(), second.close()]);
      proxy.cut();
      await using connection = await engine.connect();
      expect(await balanceOf(connection, 1)).toBeDefined();
    });

    test("that is cut in a query: the query fails as lost", ["network"], async () => {
      const { proxy, engine } = await context.network();
      await using connection = await engine.connect();
      const session = await context.sessionOf(connection);
      const failed = failureOf(connection.executeDriverSql(context.server.sleep(60)).all());
      await context.executing(session, true);
      proxy.cut();
      expect(await failed).toBeInstanceOf(ConnectionLostError);
      // The server has not noticed: it would sleep on.
      await context.kill(session);
    });

    test("that is cut in a transaction: nothing of it stays", ["network"], async () => {
      const { proxy, engine } = await context.network();
      const before = await admin(countTransfers);
      const error = await failureOf(
        engine.begin(async (connection) => {
          await transfer(connection, 1, 2, 7n);
          proxy.cut();
          await transfer(connection, 2, 3, 7n);
        }),
      );
      expect(error).toBeInstanceOf(ConnectionLostError);
      await until("the server has rolled back", async () => (await context.sessions()) === engine.poolStatus().size);
      expect(await admin(countTransfers)).toBe(before);
    });

    test(
      "that is cut before a COMMIT arrives: the outcome is called unknown, and nothing was committed",
      ["network"],
      async () => {
        const { proxy, engine } = await context.network();
        const before = await admin(countTransfers);
        const error = await failureOf(
          engine.begin(async (connection) => {
            await transfer(connection, 1, 2, 7n);
            proxy.judge = () => "cut";
          }),
        );
        proxy.judge = undefined;
        expect(error).toBeInstanceOf(ConnectionLostError);
        expect(error).toMatchObject({ code: "COMMIT_OUTCOME_UNKNOWN" });
        await until("the server has rolled back", async () => (await context.sessions()) === engine.poolStatus().size);
        expect(await admin(countTransfers)).toBe(before);
      },
    );

    test(
      "that is cut before the answer to a COMMIT arrives: the outcome is called unknown, and it was committed",
      ["network"],
      async () => {
        const { proxy, engine } = await context.network();
        const before = await admin(countTransfers);
        const error = await failureOf(
          engine.begin(async (connection) => {
            await transfer(connection, 1, 2, 7n);
            proxy.judge = (direction) => (direction === "down" ? "cut" : "pass");
          }),
        );
        proxy.judge = undefined;
        expect(error).toBeInstanceOf(ConnectionLostError);
        expect(error).toMatchObject({ code: "COMMIT_OUTCOME_UNKNOWN" });
        expect(await admin(countTransfers)).toBe(before + 1);
      },
    );

    test("whose way down is closed: the connection counts as lost", ["network"], async () => {
      const { proxy, engine } = await context.network();
      await using connection = await engine.connect();
      const session = await context.sessionOf(connection);
      const failed = failureOf(connection.executeDriverSql(context.server.sleep(60)).all());
      await context.executing(session, true);
      for (const link of proxy.links) link.halfClose();
      expect(await failed).toBeInstanceOf(ConnectionLostError);
      await context.kill(session);
    });

    test("that is slow loses and mixes nothing", ["network"], async () => {
      const { proxy, engine } = await context.network({ pool: { max: 4 } });
      proxy.delay = 10;
      await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          engine.begin(async (connection) => {
            const balances = await Promise.all([balanceOf(connection, i + 1), balanceOf(connection, i + 2)]);
            expect(balances.every((balance) => typeof balance === "bigint")).toBe(true);
            let rows = 0;
            for await (const row of connection.stream(manyRows, undefined, { batchSize: 50 })) {
              expect(row.id).toBeGreaterThan(0);
              if (++rows === 120) break;
            }
            await transfer(connection, 1, 2, 1n);
          }),
        ),
      );
      proxy.delay = 0;
    });

    test(
      "that swallows a statement: a time limit ends the wait, though the request to cancel is swallowed too",
      ["network"],
      async () => {
        const { proxy, engine } = await context.network(impatient);
        const connection = await engine.connect();
        await balanceOf(connection, 1);
        proxy.stall();
        const error = await failureOf(connection.executeDriverSql("SELECT 1", [], { timeout: 50 }).all());
        expect(error).toBeInstanceOf(StatementTimeoutError);
        expect(error).toMatchObject({ disconnected: true });
        expect(connection.invalidated).toBe(true);
        await connection.close();
        proxy.resume();
      },
    );

    test(
      "that swallows what has no time limit: socketTimeout gives the connection up, in a COMMIT too",
      ["network"],
      async () => {
        const { proxy, engine } = await context.network(impatient);
        await using connection = await engine.connect();
        await balanceOf(connection, 1);
        const before = await admin(countTransfers);
        let reading: Promise<unknown> | undefined;
        const error = await failureOf(
          engine.begin(async (other) => {
            await transfer(other, 1, 2, 7n);
            proxy.stall({ new: false });
            reading = failureOf(balanceOf(connection, 1));
          }),
        );
        expect(error).toMatchObject({ code: "COMMIT_OUTCOME_UNKNOWN", disconnected: true });
        expect(await reading).toBeInstanceOf(ConnectionLostError);
        proxy.cutStalled();
        await until("the server has rolled back", async () => (await context.sessions()) === engine.poolStatus().size);
        expect(await admin(countTransfers)).toBe(before);
      },
    );

    test(
      "that swallows a ROLLBACK: the caller hears in time why he rolled back, and the connection is given up",
      ["network"],
      async () => {
        const { proxy, engine } = await context.network({ pool: { resetTimeout: 100 } });
        const before = await admin(countTransfers);
        const why = new TypeError("the reason");
        const error = await failureOf(
          engine.begin(async (connection) => {
            await transfer(connection, 1, 2, 7n);
            proxy.stall({ new: false });
            throw why;
          }),
        );
        expect(error).toBe(why);
        expect(engine.poolStatus().size).toBe(0);
        proxy.cutStalled();
        await until("the server has rolled back", async () => (await context.sessions()) === 0);
        expect(await admin(countTransfers)).toBe(before);
      },
    );

    test("that swallows nothing: socketTimeout leaves alone who is idle, or reads slowly", ["network"], async () => {
      const { engine } = await context.network(impatient);
      await using idle = await engine.connect();
      await using reader = await engine.connect();
      const session = await context.sessionOf(idle);
      let rows = 0;
      for await (const _row of reader.stream(manyRows, undefined, { batchSize: 10 })) {
        // Longer than the limit, while the server's rows wait.
        if (rows++ === 5) await new Promise((resolve) => setTimeout(resolve, 2300));
        if (rows === 2000) break;
      }
      expect(rows).toBe(2000);
      expect(await context.sessionOf(idle)).toBe(session);
    });

    test("[POOL12] that swallows the ping: the connection is replaced", ["network"], async () => {
      const { proxy, engine } = await context.network({ pool: { max: 1, prePing: true, validateTimeout: 100 } });
      const first = await engine.connect();
      const session = await context.sessionOf(first);
      await first.close();
      proxy.stall({ new: false });
      await using next = await engine.connect();
      expect(await context.sessionOf(next)).not.toBe(session);
      proxy.cutStalled();
    });

    test("that lets a connection attempt hang: whoever waits is told so in time", ["network"], async () => {
      const { proxy, engine } = await context.network();
      proxy.stall();
      const error = await failureOf(engine.connect({ acquireTimeout: 100 }));
      expect(error).toBeInstanceOf(PoolTimeoutError);
      expect(String(error)).toContain("being opened");
      proxy.resume();
      await until("the attempt has ended", () => engine.poolStatus().creating === 0);
    });

    test(
      "on which a request to cancel overtakes its statement: the statement is cancelled nevertheless",
      ["network", "statementTimeout"],
      async () => {
        const { proxy, engine } = await context.network();
        await using connection = await engine.connect();
        const session = await context.sessionOf(connection);
        const [own] = proxy.links as Iterable<Link> as Set<Link>;
        own?.hold();
        proxy.ended = () => own?.resume();
        const error = await failureOf(connection.executeDriverSql(context.server.sleep(60), [], { timeout: 20 }).all());
        expect(error).toBeInstanceOf(StatementTimeoutError);
        // By the server's own answer: the connection is as good as before.
        expect(error).toMatchObject({ disconnected: false });
        expect(await context.sessionOf(connection)).toBe(session);
      },
    );
  },
};
