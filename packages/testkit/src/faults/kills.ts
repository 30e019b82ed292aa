import { ConnectionLostError, type Engine, ResourceClosedError } from "@acme/core";
import { expect } from "vitest";
import { type FaultChapter, type FaultContext, failureOf, until } from "./context.js";
import { addTo, balanceOf, countTransfers, manyRows, transfer } from "./ledger.js";

/** The server ends a session. */
export const killChapter: FaultChapter = {
  title: "a session that the server kills",
  declare(context) {
    const { admin, test } = context;

    test(
      "[POOL12] while it idles: a pool that pings first replaces it, and nobody hears of it",
      ["sessions"],
      async () => {
        const engine = context.engine({ pool: { max: 1, prePing: true } });
        const session = await idleSession(context, engine);
        await context.kill(session);
        await using connection = await engine.connect();
        expect(await balanceOf(connection, 1)).toBe(1000n);
        expect(await context.sessionOf(connection)).not.toBe(session);
      },
    );

    test(
      "while it idles: one that does not ping replaces it when the driver has heard of its end",
      ["sessions"],
      async () => {
        const engine = context.engine({ pool: { max: 1 } });
        const first = await engine.connect();
        const [session, driver] = [await context.sessionOf(first), first.driverConnection];
        await first.close();
        await context.kill(session);
        await until("the driver knows that the session was killed", () => driver.broken === true);
        await using connection = await engine.connect();
        expect(await context.sessionOf(connection)).not.toBe(session);
      },
    );

    test(
      "[ENG77][POOL16] in a query: the query fails as lost, and older connections are not trusted any more",
      ["sessions"],
      async () => {
        const engine = context.engine({ pool: { max: 3 } });
        const [idle, busy] = [await engine.connect(), await engine.connect()];
        const idleId = await context.sessionOf(idle);
        const session = await context.sessionOf(busy);
        await idle.close();
        const failed = failureOf(busy.executeDriverSql(context.server.sleep(60)).all());
        await context.executing(session, true);
        await context.kill(session);
        const error = await failed;
        expect(error).toBeInstanceOf(ConnectionLostError);
        expect(error).toMatchObject({
          code: "CONNECTION_LOST",
          disconnected: true,
          statement: context.server.sleep(60),
        });
        expect(busy.invalidated).toBe(true);
        expect(await failureOf(balanceOf(busy, 1))).toBeInstanceOf(ResourceClosedError);
        await busy.close();
        await using next = await engine.connect();
        expect(await context.sessionOf(next)).not.toBe(idleId);
      },
    );

    test(
      "[ENG54] in a transaction: nothing of it stays, and what failed is what the caller hears",
      ["sessions"],
      async () => {
        const engine = context.engine();
        const before = await admin(countTransfers);
        const error = await failureOf(
          engine.begin(async (connection) => {
            await transfer(connection, 1, 2, 10n);
            await context.kill(await context.sessionOf(connection));
            await transfer(connection, 2, 3, 10n);
          }),
        );
        expect(error).toBeInstanceOf(ConnectionLostError);
        expect(error).toMatchObject({ code: "CONNECTION_LOST" });
        expect(await admin(countTransfers)).toBe(before);
      },
    );

    test("between the work and the commit: the commit fails, and nothing was committed", ["sessions"], async () => {
      const engine = context.engine();
      const before = await admin(countTransfers);
      const error = await failureOf(
        engine.begin(async (connection) => {
          await transfer(connection, 1, 2, 10n);
          const driver = connection.driverConnection;
          await context.kill(await context.sessionOf(connection));
          await until("the driver knows that the session was killed", () => driver.broken === true);
        }),
      );
      // The driver knew: that COMMIT was never sent.
      expect(error).toMatchObject({ code: "CONNECTION_LOST" });
      expect(await admin(countTransfers)).toBe(before);
    });

    test("while it holds a lock: the lock is free, and who waits for it goes on", ["sessions"], async () => {
      const engine = context.engine();
      const holder = await engine.connect();
      await holder.begin();
      await addTo(holder, 4, 5n);
      const waiter = await engine.connect();
      const waiterSession = await context.sessionOf(waiter);
      const waiting = waiter.transaction(() => transfer(waiter, 4, 5, 1n));
      await context.executing(waiterSession, true);
      await context.kill(await context.sessionOf(holder));
      await waiting;
      await waiter.close();
      await holder.close();
    });

    test("in the middle of a stream: reading fails as lost, after rows that came whole", ["sessions"], async () => {
      const engine = context.engine();
      const connection = await engine.connect();
      const session = await context.sessionOf(connection);
      let rows = 0;
      const read = async (): Promise<void> => {
        for await (const row of connection.stream(manyRows, undefined, { batchSize: 5 })) {
          expect(row.id).toBeGreaterThan(0);
          if (rows++ === 0) await context.kill(session);
        }
      };
      expect(await failureOf(read())).toBeInstanceOf(ConnectionLostError);
      expect(rows).toBeGreaterThan(0);
      await connection.close();
    });
  },
};

async function idleSession(context: FaultContext, engine: Engine): Promise<number> {
  await using connection = await engine.connect();
  return await context.sessionOf(connection);
}
